"""Direction of travel: a figure against the nearest comparable earlier one, and the class of the change."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from heapq import merge
from itertools import chain
from typing import NamedTuple

from kpi.judge.clear_change import why_unclear
from kpi.judge.control_chart import RUN, TREND
from kpi.judge.series import (
    BREAK,
    OVERLAPPING,
    YEAR_OF_WEEKS,
    Comparison,
    Key,
    Series,
    at_a_date,
    compare,
    compared_with,
    ends_on,
    gap_between,
    newest_of_each_length,
    positions,
    valued,
)
from kpi.judge.state import BETTER, HIGHER, LOWER, NO_CLEAR_CHANGE, SAME, UNJUDGED, WORSE
from kpi.judge.usual import Usual, draw_usual, ends_a_run
from kpi.model.kpi import CUMULATIVE, SEASON, Measure, Observation
from kpi.model.period import length_words
from kpi.model.quantity import per_cent

UP, DOWN, LEVEL = "up", "down", "level"
NEITHER = "neither"
QUERIED = "figure queried"
NOTHING_EARLIER = "no earlier figure"
GAINED = "a gain can only grow"
OVERLAPPED = "a nearer figure overlaps"
USUAL = "within its usual range"

_IN_PER_CENT = frozenset({"count", "currency"})
_BY_RATIO = frozenset({"ratio", "rate"})


class Direction(NamedTuple):
    """The change of a measure between two figures."""

    later: Observation
    earlier: Observation | None = None  # the figure it is compared with; None if none is comparable
    movement: str = ""  # UP, DOWN or LEVEL; empty without an earlier figure
    outcome: str = UNJUDGED  # the class of the change (see `ChangeClass`)
    change: Decimal | None = None  # the difference in the measure's unit (points for percentages)
    per_cent: Decimal | None = None  # the change in per cent, for counts and money only, and never from zero
    reason: str = ""  # why the class can't be told, or why there is no clear change
    overlapping: Observation | None = None  # a nearer figure that was skipped because its period overlaps
    gap: tuple[date, date] | None = None  # the days between the two, if the period before is meant
    usual: Usual | None = None  # the control chart of `later`; if there is one, it alone decides the class

    @property
    def queried(self) -> bool:
        """Whether the class rests on a doubted figure. A chart leaves doubted figures out."""
        pair = (self.later, self.earlier if self.usual is None else None)
        return any(figure is not None and figure.queried for figure in pair)


def judge_directions(measure: Measure) -> tuple[Direction, ...]:
    """The direction of each current length, newest first; for figures at a date, of the latest only."""
    known = valued(measure)
    newest = known[-1:] if at_a_date(measure) else newest_of_each_length(known)
    return tuple(judge_direction(measure, figure) for figure in newest)


def judge_direction(measure: Measure, later: Observation) -> Direction:
    """Judge a figure by its control chart, or against the nearest comparable earlier figure."""
    pair = compare_with_nearest(measure, later)
    chart = draw_usual(measure, later)
    if chart is not None:
        return _by_chart(measure, pair, chart)
    if pair.earlier is None:
        return pair
    if pair.overlapping is not None:
        return pair._replace(outcome=UNJUDGED, reason=OVERLAPPED)
    if pair.outcome == NO_CLEAR_CHANGE and ends_a_run(measure, later):
        outcome = class_of_change(measure, pair.earlier.number, later.number)
        return pair._replace(outcome=outcome, reason="")
    return pair


def _by_chart(measure: Measure, pair: Direction, chart: Usual) -> Direction:
    """The class by the side of the chart's signal, whatever the pair says."""
    signal, later = chart.chart.newest, chart.figures[-1]
    if signal is None or later is None or later.value is None:
        return pair._replace(outcome=NO_CLEAR_CHANGE, reason=USUAL, usual=chart)
    points, now = chart.chart.points, Fraction(later.value)
    newest, before = points[-1], points[-RUN] if signal.rule == TREND else chart.chart.limits.mean
    assert newest is not None
    assert before is not None
    return pair._replace(outcome=class_of_change(measure, now - newest + before, now), reason="", usual=chart)


def compare_with_nearest(measure: Measure, later: Observation) -> Direction:
    """Compare a figure with the nearest comparable earlier one that doesn't overlap. A break ends the search."""
    known = valued(measure)
    days = (later.period.end, later.period.start)
    before, clear = (bisect_left(known, day, key=lambda figure: figure.period.end) for day in days)
    overlapping: Observation | None = None
    alike = _first_alike(measure, _candidates(measure, known, before, later), later)
    if alike is not None and alike[1].reason == OVERLAPPING:
        overlapping = alike[0]
        # Of the others that overlap the oldest will do: a break after any of them comes after it.
        older = _candidates(measure, known, clear, later)
        alike = _first_alike(measure, chain(older, known[clear:before]), later)
    if alike is not None and alike[1].comparable:
        earlier = alike[0]
        gap = None if overlapping else gap_between(measure, earlier.period, later.period)
        return compare_pair(measure, earlier, later)._replace(overlapping=overlapping, gap=gap)
    if alike is not None and alike[1].reason == BREAK:
        return Direction(later, reason=BREAK, overlapping=overlapping)
    reason = nothing_to_compare(later, overlapping, _unlike(measure, known, before, later))
    return Direction(later, reason=reason, overlapping=overlapping)


def _first_alike(
    measure: Measure, candidates: Iterable[Observation], later: Observation
) -> tuple[Observation, Comparison] | None:
    """The first candidate of the later figure's length and season, with the comparison of the two."""
    for earlier in candidates:
        comparison = compare(measure, earlier, later)
        if not comparison.lengths_differ and not comparison.seasons_differ:
            return earlier, comparison
    return None


def _candidates(measure: Measure, known: Series, before: int, later: Observation) -> Iterator[Observation]:
    """The figures, of the first `before` known ones, that are likely to be comparable with a later one; nearest first."""
    keys = _keys(measure, later)
    if keys is None:
        yield from reversed(known[max(before - 1, 0) : before])
        return
    groups = [positions(known).get(key, []) for key in keys]
    ends = [bisect_left(group, before) for group in groups]
    starts = [group[end - 1 :: -1] if end else [] for group, end in zip(groups, ends, strict=True)]
    last = before
    for at in merge(*starts, reverse=True):
        if at != last:  # one figure may have several keys
            yield known[at]
        last = at


def _keys(measure: Measure, later: Observation) -> list[Key] | None:
    """What a figure may have in common with those it is compared with; None if any figure will do."""
    period = later.period
    by_season = compared_with(measure, period) == SEASON
    if at_a_date(measure):
        return [ends_on(period.end, of_any_year=True)] if by_season else None
    if not by_season:
        return list(period.lengths)
    is_years = period.months > 0 and period.months % 12 == 0
    same_length = [period.length] if is_years else []
    return [*same_length, ends_on(period.end - timedelta(days=YEAR_OF_WEEKS)), period.lengths[-1]]


def _unlike(measure: Measure, known: Series, before: int, later: Observation) -> Comparison | None:
    """Why nothing earlier is comparable, from the nearest figure of the same length or the nearest of all."""
    lengths = () if at_a_date(measure) else later.period.lengths[:-1]
    groups = [positions(known).get(length, []) for length in lengths]
    alike = [group[end - 1] for group in groups if (end := bisect_left(group, before))]
    for at in (*sorted(alike, reverse=True), *range(before)[-1:]):
        comparison = compare(measure, known[at], later)
        if comparison.seasons_differ or at == before - 1:
            return comparison
    return None


def nothing_to_compare(later: Observation, overlapping: Observation | None, unlike: Comparison | None) -> str:
    """Why a figure has nothing to compare with: what was skipped, or the nearest earlier figure is unlike it."""
    if overlapping is not None:
        return "only overlapping periods before it"
    if unlike is not None and unlike.lengths_differ:
        return f"no earlier {length_words(later.period)} to compare with"
    return unlike.reason if unlike else NOTHING_EARLIER


def compare_pair(measure: Measure, earlier: Observation, later: Observation) -> Direction:
    """The change from one figure to another, both comparable and with a value."""
    change = later.number - earlier.number
    movement = UP if change > 0 else DOWN if change < 0 else LEVEL
    is_part = measure.unit.kind in _IN_PER_CENT and earlier.number > 0 and later.number >= 0
    share = per_cent(change, earlier.number) if is_part else None  # across zero it says nothing
    outcome, reason = _class_of_pair(measure, earlier, later)
    return Direction(later, earlier, movement, outcome, change, share, reason)


def _class_of_pair(measure: Measure, earlier: Observation, later: Observation) -> tuple[str, str]:
    if earlier.queried or later.queried:
        return UNJUDGED, QUERIED
    outcome, is_higher = class_of_change(measure, earlier.number, later.number), later.number > earlier.number
    if outcome == SAME:
        return SAME, ""
    if measure.kind == CUMULATIVE:
        return (UNJUDGED, GAINED) if is_higher else (outcome, "")
    if reason := why_unclear(measure, earlier, later):
        return NO_CLEAR_CHANGE, reason
    if is_about_as_far(measure, earlier, later):
        return (HIGHER if is_higher else LOWER), ""
    return outcome, ""


def is_about_as_far(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether a figure passed the best value and is neither clearly nearer nor further: from 4 below to 4 above, say."""
    middle = measure.better.middle
    if measure.better.way != "near" or middle is None:
        return False
    if (earlier.number - middle) * (later.number - middle) >= 0:
        return False
    by_ratio = _goes_by_ratio(measure, middle)
    if by_ratio and min(earlier.number, later.number) <= 0:
        return False  # nothing is as far from it as zero

    def beyond(figure: Observation) -> Observation:
        """A figure as far on the other side of the middle, with as many decimals or more, of as many cases."""
        value = figure.number
        as_far = middle * middle / value + 0 * value if by_ratio else 2 * middle - value
        return figure._replace(value=as_far, numerator=None)

    before = beyond(earlier)
    pairs = ((before, later), (earlier, beyond(later)))
    return before.value == later.value or any(why_unclear(measure, *pair) for pair in pairs)


def _goes_by_ratio(measure: Measure, middle: Decimal) -> bool:
    return measure.unit.kind in _BY_RATIO and middle > 0


def class_of_change(measure: Measure, before: Decimal | Fraction, after: Decimal | Fraction) -> str:
    """Whether `after` is better or worse than `before`, or the same; higher or lower if neither is better."""
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
    """How far a value is from the best, as a key to sort by. For ratios and rates 0.5 is as far from 1 as 2; zero is farthest."""
    middle = measure.better.middle or Decimal(0)
    given, centre = Fraction(value), Fraction(middle)
    if not _goes_by_ratio(measure, middle):
        return False, abs(given - centre)
    if given <= 0:
        return True, abs(given)
    return False, max(given / centre, centre / given)
