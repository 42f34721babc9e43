"""Direction of travel: a figure against the nearest comparable earlier one, and whether that is better."""

from bisect import bisect_left
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.change_class import (
    BETTER,
    HIGHER,
    LOWER,
    NO_CLEAR_CHANGE,
    SAME,
    UNTOLD,
    WORSE,
)
from kpi.judge.clear_change import why_unclear
from kpi.judge.comparable import BREAK, OVERLAPPING, Comparison, at_a_date, compare, gap_between
from kpi.judge.control_chart import RUN, TREND
from kpi.judge.latest import newest_of_each_length, valued
from kpi.judge.usual import Usual, run_of_steps, usual
from kpi.model.kpi import CUMULATIVE, Measure, Observation
from kpi.model.period import length_words
from kpi.model.quantity import per_cent

UP, DOWN, LEVEL = "up", "down", "level"
NEITHER = "neither"
QUERIED = "figure queried"
GAINED = "a gain can only grow"
OVERLAPPED = "a nearer figure overlaps"
USUAL = "within its usual range"

_IN_PER_CENT = frozenset({"count", "currency"})
_BY_RATIO = frozenset({"ratio", "rate"})


class Direction(NamedTuple):
    """What became of a measure between two figures.

    `earlier` is None where nothing can be compared; `movement` is then empty. `outcome` is its class (see `change_class`);
    `reason` says why it can't be told, or why there is no clear change. `change` is in the measure's unit (points for
    percentages); `per_cent` only for counts and money, never from zero. `overlapping` is a nearer figure that was passed over
    because its period overlaps. `gap` is the first and the last day of what lies between the two periods, where the one before
    is meant. `usual` is the control chart of `later`, which alone decides the class where there is one.
    """

    later: Observation
    earlier: Observation | None = None
    movement: str = ""
    outcome: str = UNTOLD
    change: Decimal | None = None
    per_cent: Decimal | None = None
    reason: str = ""
    overlapping: Observation | None = None
    gap: tuple[date, date] | None = None
    usual: Usual | None = None

    @property
    def queried(self) -> bool:
        """Whether one of the two figures is doubted."""
        return self.later.queried or (self.earlier is not None and self.earlier.queried)


def directions(measure: Measure) -> tuple[Direction, ...]:
    """One direction for each current length, newest first; for figures at a date, the latest only."""
    known = valued(measure)
    newest = known[-1:] if at_a_date(measure) else newest_of_each_length(known)
    return tuple(direction(measure, one) for one in newest)


def direction(measure: Measure, later: Observation) -> Direction:
    """What became of the measure by this figure: by its control chart, or by the nearest comparable earlier figure."""
    pair = nearest(measure, later)
    chart = usual(measure, later)
    if chart is not None:
        return _by_chart(measure, pair, chart)
    if pair.earlier is None:
        return pair
    if pair.overlapping is not None:
        return pair._replace(outcome=UNTOLD, reason=OVERLAPPED)
    if pair.outcome == NO_CLEAR_CHANGE and run_of_steps(measure, later):
        assert pair.earlier.value is not None
        assert later.value is not None
        return pair._replace(outcome=meaning(measure, pair.earlier.value, later.value), reason="")
    return pair


def _by_chart(measure: Measure, pair: Direction, chart: Usual) -> Direction:
    """The class that a chart gives: that of the signal's side, whatever the pair says."""
    signal, later = chart.chart.newest, chart.figures[-1]
    if signal is None or later is None or later.value is None:
        return pair._replace(outcome=NO_CLEAR_CHANGE, reason=USUAL, usual=chart)
    points, now = chart.chart.points, Fraction(later.value)
    newest, before = points[-1], points[-RUN] if signal.rule == TREND else chart.chart.limits.mean
    assert newest is not None
    assert before is not None
    return pair._replace(outcome=meaning(measure, now - newest + before, now), reason="", usual=chart)


def nearest(measure: Measure, later: Observation) -> Direction:
    """The figure against the nearest comparable, non-overlapping earlier one.

    A break ends the search: no older pair is offered instead.
    """
    overlapping: Observation | None = None
    unlike: Comparison | None = None
    known = valued(measure)
    before = bisect_left(known, later.period.end, key=lambda one: one.period.end)
    for earlier in reversed(known[:before]):
        found = compare(measure, earlier, later)
        if found.comparable:
            gap = None if overlapping else gap_between(measure, earlier.period, later.period)
            return between(measure, earlier, later)._replace(overlapping=overlapping, gap=gap)
        if found.reason == BREAK:
            return Direction(later, reason=BREAK, overlapping=overlapping)
        if found.reason == OVERLAPPING:
            overlapping = overlapping or earlier
        elif unlike is None or (unlike.lengths_differ and found.seasons_differ):
            unlike = found
    return Direction(later, reason=_nothing(later, overlapping, unlike), overlapping=overlapping)


def _nothing(later: Observation, overlapping: Observation | None, unlike: Comparison | None) -> str:
    if overlapping is not None:
        return "only overlapping periods before it"
    if unlike is None:
        return "no earlier figure"
    return (
        f"no earlier {length_words(later.period)} to compare with" if unlike.lengths_differ else unlike.reason
    )


def between(measure: Measure, earlier: Observation, later: Observation) -> Direction:
    """What became of the measure from one figure to the other, both with a value and comparable."""
    assert earlier.value is not None
    assert later.value is not None
    change = later.value - earlier.value
    movement = UP if change > 0 else DOWN if change < 0 else LEVEL
    share = per_cent(change, earlier.value) if measure.unit.kind in _IN_PER_CENT else None
    outcome, reason = _class_of_pair(measure, earlier, later)
    return Direction(later, earlier, movement, outcome, change, share, reason)


def _class_of_pair(measure: Measure, earlier: Observation, later: Observation) -> tuple[str, str]:
    """The class of two figures, and why it can't be told or is no clear change."""
    assert earlier.value is not None
    assert later.value is not None
    if earlier.queried or later.queried:
        return UNTOLD, QUERIED
    outcome = meaning(measure, earlier.value, later.value)
    if outcome == SAME:
        return SAME, ""
    if measure.kind == CUMULATIVE:
        return (UNTOLD, GAINED) if later.value > earlier.value else (outcome, "")
    reason = why_unclear(measure, earlier, later)
    return (NO_CLEAR_CHANGE, reason) if reason else (outcome, "")


def meaning(measure: Measure, before: Decimal | Fraction, after: Decimal | Fraction) -> str:
    """Whether `after` is better or worse than `before`, or the same; higher or lower where neither is better."""
    if before == after:
        return SAME
    better = measure.better
    beside = HIGHER if after > before else LOWER
    if better.way == "near":
        before_far, after_far = distance(measure, before), distance(measure, after)
        if before_far == after_far:
            return beside
        return BETTER if after_far < before_far else WORSE
    if better.way == NEITHER:
        return beside
    return BETTER if (beside == HIGHER) == (better.way == "higher") else WORSE


def distance(measure: Measure, value: Decimal | Fraction) -> tuple[bool, Fraction]:
    """How far a value is from the middle that is best, to be compared with another's distance.

    For ratios and rates 0.5 is as far from 1 as 2 is, and nothing is as far as zero: the first item is True for it.
    """
    given, centre = Fraction(value), Fraction(measure.better.middle or 0)
    if measure.unit.kind not in _BY_RATIO or centre <= 0:
        return False, abs(given - centre)
    if given <= 0:
        return True, abs(given)
    return False, max(given / centre, centre / given)
