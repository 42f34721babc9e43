"""How figures did against their target before: the life of a breach, and the usual range. It forecasts nothing."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.bound import gap_to
from kpi.judge.direction import Direction
from kpi.judge.series import at_a_date, judgeable
from kpi.judge.state import IS_MET, NEAR, UNMET
from kpi.judge.target import Verdict, judge_at
from kpi.judge.usual import Usual
from kpi.model.kpi import Bound, Measure, Observation, Tolerance
from kpi.model.period import Period
from kpi.model.vocabulary import FREQUENCIES, Frequency

NEW, CONTINUING, RECOVERED, ALONE = "new", "continuing", "recovered", "alone"


class Breach(NamedTuple):
    """A target not met or near now, or met again after not being met."""

    state: str  # NEW, CONTINUING or RECOVERED; ALONE if the period before has no figure
    # the first figure of the unbroken run that did not meet the target; near ones count if it is near now
    since: Observation
    periods: int  # how many figures the run has
    last_met: Observation | None = None  # the newest figure before the run that met its target
    before: Observation | None = None  # for ALONE, the last figure of the same length, or None
    before_state: str = ""  # the state of `before`


def find_breach(
    measure: Measure, verdict: Verdict | None, tolerance: Tolerance | None = None
) -> Breach | None:
    """The breach that the deciding verdict makes or ends, or None. Only figures of the same length count."""
    if verdict is None or verdict.observation is None or verdict.state not in IS_MET | UNMET | {NEAR}:
        return None
    now = verdict.observation
    past = _past(measure, now, tolerance)
    run = _run(measure, past, now, UNMET | {NEAR} if verdict.state == NEAR else UNMET)
    is_dated = not at_a_date(measure) or measure.frequency in FREQUENCIES
    if verdict.state in IS_MET:
        is_sure = is_dated and not verdict.queried and not all(figure.queried for figure in run)
        return Breach(RECOVERED, run[-1], len(run)) if is_sure and run else None
    since = run[-1] if run else now
    met = (figure for figure, state in past if state in IS_MET and figure.period.end < since.period.end)
    last_met = next(met, None)
    if run:
        return Breach(CONTINUING, since, len(run) + 1, last_met)
    before = _period_before(measure, past, now)
    if before is not None and before[1] in IS_MET and is_dated:
        return Breach(NEW, since, 1, last_met)
    figure, state = before or (past[0] if past else (None, ""))
    return Breach(ALONE, since, 1, last_met, figure, state)


_Judged = tuple[Observation, str]


def _past(measure: Measure, now: Observation, tolerance: Tolerance | None) -> list[_Judged]:
    """The figures of the same length before `now` that can be judged, with their states then, newest first."""
    known = judgeable(measure)
    return [
        (figure, verdict.state)
        for figure in reversed(known[: known.index(now)])
        if at_a_date(measure) or figure.period.is_as_long_as(now.period)
        if (verdict := judge_at(measure, figure, tolerance))
    ]


def _run(
    measure: Measure, past: Sequence[_Judged], now: Observation, unmet: frozenset[str]
) -> list[Observation]:
    """The unbroken run of figures just before `now` in one of these states, newest first."""
    run: list[Observation] = []
    older = iter(past)  # each search goes on where the one before ended
    before = _period_before(measure, older, now)
    while before is not None and before[1] in unmet:
        run.append(before[0])
        before = _period_before(measure, older, before[0])
    return run


def _period_before(measure: Measure, past: Iterable[_Judged], now: Observation) -> _Judged | None:
    """The figure of the period before, a step of the frequency earlier or else adjoining; at a date the previous figure."""
    older = (judged for judged in past if judged[0].period.end < now.period.end)
    frequency = FREQUENCIES.get(measure.frequency)
    if frequency is None and at_a_date(measure):
        return next(older, None)
    return next((judged for judged in older if _follows(judged[0].period, now.period, frequency)), None)


def _follows(earlier: Period, later: Period, frequency: Frequency | None) -> bool:
    if frequency is not None:
        return frequency.after(earlier.end) == later.end
    months = later.months
    fills_years = 12 % months == 0 or months % 12 == 0 if months else later.weeks or later.length[1] == 1
    if fills_years:  # months, quarters, years, weeks, days
        return earlier.end + timedelta(days=1) == later.start
    # from January to August, say: the same part of the next year comes next
    return earlier.is_same_part(later) and earlier.end.year + 1 == later.end.year


ALWAYS, NEVER, SOMETIMES, MOVING, COUNTED = "always", "never", "sometimes", "moving", "counted"
NEWEST = 12


class AtUsualRange(NamedTuple):
    """How the usual range compares with the target."""

    # ALWAYS, NEVER or SOMETIMES met within the usual range; MOVING without a single one; else COUNTED
    word: str
    usual: Usual
    met: int  # how many of the newest figures, `of` in number, meet the bound
    of: int  # how many figures were looked at


def compare_with_usual_range(
    verdict: Verdict | None, directions: tuple[Direction, ...]
) -> AtUsualRange | None:
    """Compare the judged figure's usual range with its bound; None without a chart, or if the bound is not a fixed number."""
    if verdict is None or verdict.bound is None or verdict.reference is not None or verdict.on_the_way:
        return None
    travel = next((each for each in directions if each.later == verdict.observation), None)
    if travel is None or travel.usual is None:
        return None
    figures = travel.usual.figures[-NEWEST:]
    newest = [figure.value for figure in figures if figure and figure.value is not None]
    met = sum(gap_to(verdict.bound, value) is None for value in newest)
    return AtUsualRange(_word(travel.usual, verdict.bound), travel.usual, met, len(newest))


def _word(usual: Usual, bound: Bound) -> str:
    if usual.chart.moving:
        return MOVING
    if usual.lag or usual.chart.newest is not None:
        return COUNTED
    limits = (usual.chart.limits.lower, usual.chart.limits.upper)
    low, high = (Decimal(end.numerator) / Decimal(end.denominator) for end in limits)
    ends = [gap_to(bound, end) is None for end in (low, high)]
    if all(ends):
        return ALWAYS
    last = bound.level if bound.upper is None else bound.upper
    is_beside = high < bound.level or low > last or (bound.upper is None and not any(ends))
    return NEVER if is_beside and not any(ends) else SOMETIMES
