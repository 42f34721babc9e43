"""What is said of a figure beside its status: references, the baseline, other areas, chance, and the triggers that ask for it.

Counts over equal periods that don't overlap: given their sum, the later one is binomial if nothing has changed
(the exact conditional test, known to police analysts as the test of Poisson means).
Shares with their numerators and denominators: the two-proportion test with a pooled variance.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from kpi.judge import direction
from kpi.judge.bound import gap_to, missed_end, resolve_bound
from kpi.judge.direction import DOWN, NEITHER, OVERLAPPED, SMALL_PART, UP, Direction, whole_cases, why_unclear
from kpi.judge.series import BREAK, compare, figure_for, judgeable, valued
from kpi.judge.state import BETTER, WORSE
from kpi.model import kpi as records
from kpi.model.kpi import Bound, Measure, Observation, Reference, Target, Trigger
from kpi.model.plan import Plan
from kpi.model.quantity import DAYS, DURATION, PERCENT, RATE, RATIO, WEEKS
from kpi.model.vocabulary import EQUALS

# References and the baseline

INSIDE, SAME, ABOUT = "inside", "the same as", "about"
BETTER_THAN, WORSE_THAN, ABOVE, BELOW = "better than", "worse than", "above", "below"
BESIDE = (BETTER_THAN, WORSE_THAN, ABOVE, BELOW, ABOUT, SAME, INSIDE)
"""How a figure can compare with a reference, in the order in which headlines count them."""


class ReferenceResult(NamedTuple):
    """How the newest figure compares with a reference: `word` is one of this module's, printed before the label."""

    reference: Reference
    observation: Observation
    word: str


def compare_with_references(measure: Measure) -> tuple[ReferenceResult, ...]:
    """The newest figure compared with each reference that it can be compared with, in the order written."""
    return tuple(
        ReferenceResult(reference, newest, word)
        for newest in judgeable(measure)[-1:]
        for reference in measure.references
        if newest.value is not None and (word := _word(measure, reference, newest))
    )


def _word(measure: Measure, reference: Reference, newest: Observation) -> str:
    value = newest.number
    bound = reference.bound or Bound(EQUALS, reference.value)
    plain = resolve_bound(measure, Target(bound), newest).bound
    if plain is None:
        return ""
    if gap_to(plain, value) is None:
        return SAME if plain.how == EQUALS else INSIDE
    end = missed_end(plain, value)
    if value == end:
        return SAME
    level = Observation(newest.period, end)
    if why_unclear(measure, level, newest):
        return ABOUT
    outcome = direction.class_of_change(measure, end, value)
    if outcome in {BETTER, WORSE} and not direction.is_about_as_far(measure, level, newest):
        return BETTER_THAN if outcome == BETTER else WORSE_THAN
    return ABOVE if value > end else BELOW  # neither is better, or both are about as far from the middle


def compare_with_baseline(measure: Measure) -> Direction | None:
    """The newest comparable figure against the baseline, or why there is none; None without a baseline or a later figure."""
    known = valued(measure)
    baseline = figure_for(measure, measure.baseline) if measure.baseline else None
    if baseline is None:
        return None
    untold: Direction | None = None
    for later in reversed(known):
        if later.period.end <= baseline.period.end:
            break
        comparison = compare(measure, baseline, later)
        if comparison.comparable:
            return direction.compare_pair(measure, baseline, later)
        untold = untold or Direction(later, reason=comparison.reason)
        if comparison.reason == BREAK:
            return Direction(later, reason=BREAK)
    return untold


# Other areas

_RANKED = frozenset({PERCENT, RATIO, RATE, DURATION, DAYS, WEEKS})
"""The units in which figures don't grow with the size of an area."""

FEWEST = 3  # areas for which a rank says more than the figures


class Rank(NamedTuple):
    """The rank of the own figure."""

    figure: Observation
    position: int  # 1 for the best
    areas: int  # how many areas are ranked, the own one included
    joint: bool  # another area has the same figure
    last: int  # the last position that the margin of error allows; without one, `position`
    way: str  # which way is better for the measure


def rank_among_peers(measure: Measure, plan: Plan) -> tuple[Rank, ...]:
    """Rank the own area in every period for which enough others have a figure (docs/judgement.md, "Other areas"), newest first."""
    if not can_rank(measure):
        return ()
    by_period: dict[object, list[Observation]] = {}
    for area, series in measure.peers.items():
        if area not in plan.areas or not plan.areas[area].whole:
            # of two figures for one period, which is a mistake, the last counts: an area has one place
            figures = {records.identity(figure.period, measure.kind): figure for figure in series}
            for at, figure in figures.items():
                if figure.value is not None and not figure.forecast:
                    by_period.setdefault(at, []).append(figure)
    ranks = []
    for figure in reversed(measure.observations):
        others = by_period.get(records.identity(figure.period, measure.kind), [])
        if figure.value is not None and not figure.forecast and len(others) + 1 >= FEWEST:
            ranks.append(_rank(measure, figure, others))
    return tuple(ranks)


def can_rank(measure: Measure) -> bool:
    """Whether areas can be ranked by a measure: one way is better, and size doesn't decide."""
    return (
        measure.better.way != NEITHER
        and measure.kind not in {records.TOTAL, records.CUMULATIVE}
        and (measure.kind == records.AVERAGE or measure.unit.kind in _RANKED)
    )


def _rank(measure: Measure, figure: Observation, others: list[Observation]) -> Rank:
    own = _badness(measure, figure)
    differ = [other for other in others if other.value != figure.value]
    apart = [
        _badness(measure, each) for each in differ if not direction.why_within_margin(measure, figure, each)
    ]
    position, areas = 1 + sum(badness < own for badness in apart), len(others) + 1
    has_margin = any(measure.margin_of(each) is not None for each in (figure, *others))
    joint = any(_badness(measure, other) == own for other in others)
    last = areas - sum(badness > own for badness in apart) if has_margin else position
    return Rank(figure, position, areas, joint, last, measure.better.way)


def _badness(measure: Measure, figure: Observation) -> tuple[bool, Fraction]:
    if measure.better.way == "near":
        return direction.distance(measure, figure.number)
    value = Fraction(figure.number)
    return False, -value if measure.better.way == "higher" else value


# Chance: tests of a change, and intervals

SMALL_COUNT = 400
"""The largest count with an interval: there it is a tenth either way, and larger counts vary by more than chance."""

_Z = NormalDist().inv_cdf(0.975)
_RARE = 0.025  # what lies beyond either end of an interval


class Significance(NamedTuple):
    """How likely a change as large as this is if nothing has changed."""

    p: float | None  # the probability, from 0 to 1; None if it was not tested
    reason: str = ""  # why it was not tested; empty if it was


class Interval(NamedTuple):
    """A confidence interval, in the unit of the value; shares from 0 to 1."""

    low: float
    high: float


def assess_significance(measure: Measure, travel: Direction) -> Significance:
    """How likely the change of a direction is, if nothing has changed."""
    earlier, later = travel.earlier, travel.later
    if earlier is None or earlier.value is None or later.value is None:
        return Significance(None, travel.reason)
    if measure.unit.kind == "count":
        if measure.kind != records.TOTAL:
            return Significance(None, "only counts over a period can be tested, not those at a date")
        before, after = earlier.value, later.value
        if before < 0 or after < 0 or before + after == 0:
            return Significance(None, "there is nothing to count")
        return Significance(counts_test(int(before), int(after)))
    if measure.unit.is_share or measure.unit.kind == "ratio":
        return _of_shares(measure, earlier, later)
    return Significance(None, "only counts, and shares with their numerators, can be tested")


def _of_shares(measure: Measure, earlier: Observation, later: Observation) -> Significance:
    """Only whole cases can be tested: pounds, hours and weighted numbers are not independent."""
    fields = ["denominator"] if measure.unit.is_share else ["denominator", "numerator"]
    if any(getattr(figure, field) is None for figure in (earlier, later) for field in fields):
        return Significance(None, "the numbers behind the shares are not given")
    before, after = whole_cases(measure, earlier), whole_cases(measure, later)
    if before is None or after is None:
        return Significance(None, "the numbers behind the shares are no whole cases")
    return Significance(proportions_test(*map(float, (*before, *after))))


def confidence_interval(measure: Measure, figure: Observation) -> Interval | None:
    """The interval of a small count over a period, or of a share with its denominator, in the measure's unit; else None."""
    if measure.unit.kind == "count" and measure.kind == records.TOTAL and figure.value is not None:
        return count_interval(int(figure.value)) if 0 <= figure.value <= SMALL_COUNT else None
    cases = whole_cases(measure, figure)
    if not measure.unit.is_share or cases is None:
        return None
    share = share_interval(cases.part, cases.whole)
    return Interval(share.low * 100, share.high * 100)


@lru_cache(maxsize=1024)  # pages print one change in several places
def counts_test(before: int, after: int) -> float:
    """The exact two-sided p of two counts over equal periods, given their sum: twice the smaller binomial tail."""
    total, fewer = before + after, min(before, after)
    ways = math.lgamma(total + 1) - math.lgamma(fewer + 1) - math.lgamma(total - fewer + 1)
    term = math.exp(ways - total * math.log(2))
    tail, number = 0.0, fewer
    while number >= 0 and term > tail * 1e-17:
        tail += term
        term *= number / (total - number + 1)
        number -= 1
    return min(1.0, 2 * tail)


def proportions_test(part: float, whole: float, later_part: float, later_whole: float) -> float:
    """The two-sided p of two shares, by the normal approximation with a pooled variance."""
    pooled = (part + later_part) / (whole + later_whole)
    variance = pooled * (1 - pooled) * (1 / whole + 1 / later_whole)
    difference = later_part / later_whole - part / whole
    return 1.0 if variance <= 0 else math.erfc(abs(difference) / math.sqrt(2 * variance))


def count_interval(events: int) -> Interval:
    """The interval of a count: Byar's approximation (APHO technical briefing 3), below ten the exact Poisson limits (Garwood)."""
    if events < 10:  # Byar's approximation is too rough
        low = _zero_of(lambda mean: 1 - _poisson_up_to(events - 1, mean) - _RARE, events) if events else 0.0
        return Interval(low, _zero_of(lambda mean: _RARE - _poisson_up_to(events, mean), events))

    def byar(number: int, sign: int) -> float:
        return number * float((1 - 1 / (9 * number) + sign * _Z / (3 * math.sqrt(number))) ** 3)

    return Interval(byar(events, -1), byar(events + 1, 1))


def share_interval(part: int, whole: int) -> Interval:
    """Wilson's score interval of a share, from 0 to 1."""
    share = part / whole
    middle = share + _Z * _Z / (2 * whole)
    spread = _Z * math.sqrt(share * (1 - share) / whole + _Z * _Z / (4 * whole * whole))
    scale = 1 + _Z * _Z / whole
    return Interval((middle - spread) / scale, (middle + spread) / scale)


def _poisson_up_to(events: int, mean: float) -> float:
    return math.exp(-mean) * math.fsum(mean**n / math.factorial(n) for n in range(events + 1))


def _zero_of(rises: Callable[[float], float], events: int) -> float:
    """Where a rising function of the mean crosses zero, by bisection."""
    low, high = 0.0, events + 10 * math.sqrt(events + 1) + 20
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if rises(middle) > 0 else (middle, high)
    return low


# Triggers

FIRED, NOT_FIRED, CANNOT_TELL = "fired", "not fired", "cannot tell"

_WAY = {"increase": {UP}, "decrease": {DOWN}, "change": {UP, DOWN}}


class TriggerResult(NamedTuple):
    """Whether a trigger fired, with the reason if not. `p` is that of its test, if there was one."""

    trigger: Trigger
    state: str
    direction: Direction | None
    reason: str = ""
    p: float | None = None


def check_triggers(measure: Measure, directions: tuple[Direction, ...]) -> tuple[TriggerResult, ...]:
    """Test each trigger on the measure's newest direction."""
    newest = directions[0] if directions else None
    return tuple(_result(measure, trigger, newest) for trigger in measure.triggers)


def _result(measure: Measure, trigger: Trigger, travel: Direction | None) -> TriggerResult:
    if travel is None or travel.earlier is None or travel.change is None:
        return TriggerResult(trigger, CANNOT_TELL, travel, travel.reason if travel else "no figures")
    if travel.overlapping is not None:
        return TriggerResult(trigger, CANNOT_TELL, travel, OVERLAPPED)
    if travel.movement not in _WAY[trigger.when]:
        return TriggerResult(trigger, NOT_FIRED, travel)
    size, whole, least = abs(travel.change), abs(travel.earlier.number), trigger.minimum or 0
    if size * 100 < whole * least if trigger.minimum_in_percent else size < least:
        return TriggerResult(trigger, NOT_FIRED, travel, "smaller than the minimum")
    if trigger.level is None:
        return TriggerResult(trigger, FIRED, travel)
    p, reason = assess_significance(measure, travel)
    state = CANNOT_TELL if p is None else NOT_FIRED
    if p is not None and p < trigger.level:
        state = FIRED
    if state == FIRED and size * 100 < whole * 5:  # with large counts p alone says nothing
        state, reason = NOT_FIRED, SMALL_PART
    return TriggerResult(trigger, state, travel, reason, p)
