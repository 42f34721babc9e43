"""Direction of travel: a figure against the nearest comparable earlier one, and whether that is better."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from heapq import merge
from itertools import chain
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
from kpi.judge.comparable import (
    BREAK,
    OVERLAPPING,
    YEAR_OF_WEEKS,
    Comparison,
    at_a_date,
    compare,
    compared_with,
    gap_between,
)
from kpi.judge.control_chart import RUN, TREND
from kpi.judge.latest import newest_of_each_length, valued
from kpi.judge.series import Series, of_the_last
from kpi.judge.usual import Usual, run_of_steps, usual
from kpi.model.kpi import CUMULATIVE, SEASON, Measure, Observation
from kpi.model.period import length_words, of_year
from kpi.model.quantity import per_cent

UP, DOWN, LEVEL = "up", "down", "level"
NEITHER = "neither"
QUERIED = "figure queried"
GAINED = "a gain can only grow"
OVERLAPPED = "a nearer figure overlaps"
USUAL = "within its usual range"

_IN_PER_CENT = frozenset({"count", "currency"})
_BY_RATIO = frozenset({"ratio", "rate"})


_Kind = tuple[str, object]
"""What figures have in common that may be compared."""


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
    known = valued(measure)
    before, clear = (
        bisect_left(known, day, key=lambda one: one.period.end)
        for day in (later.period.end, later.period.start)
    )
    overlapping: Observation | None = None
    found = _first_alike(measure, _candidates(measure, known, before, later), later)
    if found is not None and found[1].reason == OVERLAPPING:
        overlapping = found[0]
        # Of the others that overlap the oldest is enough: a break after any of them is after that one.
        older = _candidates(measure, known, clear, later)
        found = _first_alike(measure, chain(older, known[clear:before]), later)
    if found is not None and found[1].comparable:
        earlier = found[0]
        gap = None if overlapping else gap_between(measure, earlier.period, later.period)
        return between(measure, earlier, later)._replace(overlapping=overlapping, gap=gap)
    if found is not None and found[1].reason == BREAK:
        return Direction(later, reason=BREAK, overlapping=overlapping)
    unlike = _unlike(measure, known, before, later)
    return Direction(later, reason=_nothing(later, overlapping, unlike), overlapping=overlapping)


def _first_alike(
    measure: Measure, candidates: Iterable[Observation], later: Observation
) -> tuple[Observation, Comparison] | None:
    """The first figure as long as a later one and of its season, with what else is to be said of the two."""
    for earlier in candidates:
        found = compare(measure, earlier, later)
        if not found.lengths_differ and not found.seasons_differ:
            return earlier, found
    return None


def _candidates(measure: Measure, known: Series, before: int, later: Observation) -> Iterator[Observation]:
    """Of the first `before` known figures those that may be compared with a later one, nearest first; few others are among them."""
    kinds = _kinds(measure, later)
    if kinds is None:
        yield from reversed(known[max(before - 1, 0) : before])
        return
    groups = [_by_kind(known).get(kind, []) for kind in kinds]
    ends = [bisect_left(group, before) for group in groups]
    starts = [group[end - 1 :: -1] if end else [] for group, end in zip(groups, ends, strict=True)]
    last = before
    for at in merge(*starts, reverse=True):
        if at != last:  # one figure may be of several kinds
            yield known[at]
        last = at


def _kinds(measure: Measure, later: Observation) -> list[_Kind] | None:
    """What a figure has in common with those that it is compared with, one or the other; None where it is any."""
    period = later.period
    by_season = compared_with(measure, period) == SEASON
    if at_a_date(measure):
        return [("end", of_year(period.end))] if by_season else None
    if not by_season:
        return list(period.lengths)
    is_years = period.months > 0 and period.months % 12 == 0
    same_length = [period.length] if is_years else []
    return [*same_length, ("day", period.end - timedelta(days=YEAR_OF_WEEKS)), period.lengths[-1]]


@of_the_last
def _by_kind(series: Series) -> Mapping[_Kind, list[int]]:
    found: dict[_Kind, list[int]] = {}
    for at, one in enumerate(series):
        period = one.period
        for kind in (*period.lengths, ("day", period.end), ("end", of_year(period.end))):
            found.setdefault(kind, []).append(at)
    return found


def _unlike(measure: Measure, known: Series, before: int, later: Observation) -> Comparison | None:
    """Why nothing earlier is comparable: the nearest of the same length is another season, or the nearest of all is unlike."""
    lengths = () if at_a_date(measure) else later.period.lengths[:-1]
    groups = [_by_kind(known).get(length, []) for length in lengths]
    alike = [group[end - 1] for group in groups if (end := bisect_left(group, before))]
    for at in (*sorted(alike, reverse=True), *range(before)[-1:]):
        found = compare(measure, known[at], later)
        if found.seasons_differ or at == before - 1:
            return found
    return None


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
    is_part = measure.unit.kind in _IN_PER_CENT and earlier.value > 0 and later.value >= 0
    share = per_cent(change, earlier.value) if is_part else None  # of a debt, or across zero, it says nothing
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
    if reason:
        return NO_CLEAR_CHANGE, reason
    if is_about_as_far(measure, earlier, later):
        return (HIGHER if later.value > earlier.value else LOWER), ""
    return outcome, ""


def is_about_as_far(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether a figure has passed the value that is best and is neither clearly nearer to it than before, nor clearly further.

    From 4 below to 4 above is a clear change, but not for the better.
    """
    assert earlier.value is not None
    assert later.value is not None
    middle = measure.better.middle
    if measure.better.way != "near" or middle is None:
        return False
    if (earlier.value - middle) * (later.value - middle) >= 0:
        return False
    before, after = (_beyond(measure, one, middle) for one in (earlier.value, later.value))
    pairs = ((Observation(earlier.period, before), later), (earlier, Observation(later.period, after)))
    return before == later.value or any(why_unclear(measure, *pair) for pair in pairs)


def _beyond(measure: Measure, value: Decimal, middle: Decimal) -> Decimal:
    """The value on the other side of the middle that is as far from it."""
    if measure.unit.kind in _BY_RATIO and value > 0 and middle > 0:
        return middle * middle / value + 0 * value  # with as many decimals as the value has, or more
    return 2 * middle - value


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
