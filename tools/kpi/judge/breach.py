"""The life of a breach: new, continuing since when, recovered; and since when a target is not met that is near."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kpi.judge.comparable import at_a_date
from kpi.judge.latest import judgeable
from kpi.judge.state import MET, MISSED, NEAR
from kpi.judge.target import Verdict, verdict_at
from kpi.model.kpi import TOTAL, Measure, Observation, Tolerance

NEW, CONTINUING, RECOVERED = "new", "continuing", "recovered"


class Breach(NamedTuple):
    """A target missed or near now, or met again after being missed.

    `since` is the first figure of the unbroken run of misses and `periods` their number; where the target is near, of the
    unbroken run of figures that were near or missed. `last_met` is the newest figure before the run that met its target,
    where there is one.
    """

    state: str
    since: Observation
    periods: int
    last_met: Observation | None = None


def breach(measure: Measure, verdict: Verdict | None, tolerance: Tolerance | None = None) -> Breach | None:
    """The breach that the deciding verdict makes or ends, None where there is none.

    For totals only figures of the same length belong to the run; for averages, any length. A recovery needs a miss of
    the very length that is now met, and no doubted figure. Figures at a date have no length.
    """
    if verdict is None or verdict.observation is None or verdict.state not in {MET, NEAR, MISSED}:
        return None
    now = verdict.observation
    same_length = not at_a_date(measure) and (verdict.state == MET or measure.kind == TOTAL)
    unmet = {NEAR, MISSED} if verdict.state == NEAR else {MISSED}
    run, last_met = _run(_past(measure, now, same_length=same_length, tolerance=tolerance), unmet)
    since = run[-1][0] if run else now
    if verdict.state != MET:
        return Breach(CONTINUING if run else NEW, since, len(run) + 1, last_met)
    if verdict.queried or all(one.queried for _, one in run):
        return None
    return Breach(RECOVERED, since, len(run), last_met)


_Judged = tuple[Observation, Verdict]


def _past(
    measure: Measure, now: Observation, *, same_length: bool, tolerance: Tolerance | None
) -> Iterator[_Judged]:
    """The figures before `now` with what decided on each at its time, newest first; what can't be judged is left out."""
    known = judgeable(measure)
    for one in reversed(known[: known.index(now)]):
        if same_length and not one.period.is_as_long_as(now.period):
            continue
        verdict = verdict_at(measure, one, tolerance)
        if verdict is not None:
            yield one, verdict


def _run(past: Iterable[_Judged], unmet: set[str]) -> tuple[list[_Judged], Observation | None]:
    """The unbroken run of figures just before now in one of these states, newest first, and the newest that met its target before."""
    run: list[_Judged] = []
    unbroken = True
    for figure, verdict in past:
        if verdict.state == MET:
            return run, figure
        unbroken = unbroken and verdict.state in unmet
        if unbroken:
            run.append((figure, verdict))
    return run, None
