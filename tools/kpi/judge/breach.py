"""How figures did against their target before: the life of a breach, and the usual range. It forecasts nothing."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.bound import gap_to
from kpi.judge.control_chart import Chart
from kpi.judge.direction import Direction
from kpi.judge.series import at_a_date, judgeable
from kpi.judge.state import IS_MET, NEAR, UNMET
from kpi.judge.target import Verdict, judge_at
from kpi.model.kpi import Measure, Observation, Tolerance
from kpi.model.period import Period
from kpi.model.vocabulary import FREQUENCIES

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
    known = judgeable(measure)
    past = [  # the figures of the same length before, with their states then, newest first
        (figure, then.state)
        for figure in reversed(known[: known.index(now)])
        if at_a_date(measure) or figure.period.is_as_long_as(now.period)
        if (then := judge_at(measure, figure, tolerance))
    ]
    unmet = UNMET | {NEAR} if verdict.state == NEAR else UNMET
    run: list[Observation] = []
    older = iter(past)  # each search goes on where the one before ended
    before = _period_before(measure, older, now)
    while before is not None and before[1] in unmet:
        run.append(before[0])
        before = _period_before(measure, older, before[0])
    is_dated = not at_a_date(measure) or measure.frequency in FREQUENCIES
    if verdict.state in IS_MET:
        is_sure = is_dated and not verdict.queried and not all(figure.queried for figure in run)
        return Breach(RECOVERED, run[-1], len(run)) if is_sure and run else None
    since = run[-1] if run else now
    met = (figure for figure, state in past if state in IS_MET and figure.period.end < since.period.end)
    last_met = next(met, None)
    if run:
        return Breach(CONTINUING, since, len(run) + 1, last_met)
    if before is not None and before[1] in IS_MET and is_dated:
        return Breach(NEW, since, 1, last_met)
    figure, state = before or (past[0] if past else (None, ""))
    return Breach(ALONE, since, 1, last_met, figure, state)


_Judged = tuple[Observation, str]


def _period_before(measure: Measure, past: Iterator[_Judged], now: Observation) -> _Judged | None:
    """The figure of the period before, a step of the frequency earlier or else adjoining; at a date the previous figure."""
    frequency, later = FREQUENCIES.get(measure.frequency), now.period
    months = later.months
    fills_years = 12 % months == 0 or months % 12 == 0 if months else later.weeks or later.length[1] == 1

    def follows(earlier: Period) -> bool:
        if frequency is not None:
            return frequency.after(earlier.end) == later.end
        if at_a_date(measure):
            return True
        if fills_years:  # months, quarters, years, weeks, days
            return earlier.end + timedelta(days=1) == later.start
        # from January to August, say: the same part of the next year comes next
        return earlier.is_same_part(later) and earlier.end.year + 1 == later.end.year

    return next((each for each in past if each[0].period.end < later.end and follows(each[0].period)), None)


ALWAYS, NEVER, SOMETIMES, MOVING, COUNTED = "always", "never", "sometimes", "moving", "counted"


class AtUsualRange(NamedTuple):
    """How the usual range compares with the target."""

    # ALWAYS, NEVER or SOMETIMES met within the usual range; MOVING without a single one; else COUNTED
    word: str
    usual: Chart
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
    usual, bound = travel.usual, verdict.bound
    newest = [figure.number for figure in usual.figures[-12:] if figure]
    met = sum(gap_to(bound, value) is None for value in newest)
    ends = (usual.limits.lower, usual.limits.upper)
    low, high = (Decimal(end.numerator) / Decimal(end.denominator) for end in ends)
    inside = [gap_to(bound, end) is None for end in (low, high)]
    is_beside = bound.upper is None or high < bound.level or low > bound.upper
    if usual.moving:
        word = MOVING
    elif usual.lag or usual.newest is not None:
        word = COUNTED
    elif not any(inside) and is_beside:
        word = NEVER
    else:
        word = ALWAYS if all(inside) else SOMETIMES
    return AtUsualRange(word, usual, met, len(newest))
