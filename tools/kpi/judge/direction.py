"""Direction of travel: a figure against the nearest comparable earlier one, and whether that is better."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.comparable import BREAK, OVERLAPPING, Comparison, at_a_date, compare, season
from kpi.judge.latest import newest_of_each_length, valued
from kpi.judge.series import Series, of_the_last_series
from kpi.model.kpi import Measure, Observation
from kpi.model.period import length_words
from kpi.model.quantity import per_cent

UP, DOWN, LEVEL = "up", "down", "level"
BETTER, WORSE, NEITHER = "better", "worse", "neither"

_IN_PER_CENT = frozenset({"count", "currency"})
_BY_RATIO = frozenset({"ratio", "rate"})


class Direction(NamedTuple):
    """What became of a measure between two figures.

    `earlier` is None where nothing can be compared; `reason` then says why and `movement` and `meaning` are empty.
    `change` is in the measure's unit (points for percentages); `per_cent` only for counts and money, never from zero.
    `overlapping` is a nearer figure that was passed over because its period overlaps.
    """

    later: Observation
    earlier: Observation | None = None
    movement: str = ""
    meaning: str = ""
    change: Decimal | None = None
    per_cent: Decimal | None = None
    reason: str = ""
    overlapping: Observation | None = None

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
    """The figure against the nearest comparable, non-overlapping earlier one.

    A break ends the search: no older pair is offered instead.
    """
    overlapping: Observation | None = None
    known = valued(measure)
    before = bisect_left(known, later.period.end, key=lambda one: one.period.end)
    for earlier in _candidates(measure, known, before, later):
        found = compare(measure, earlier, later)
        if found.comparable:
            return between(measure, earlier, later)._replace(overlapping=overlapping)
        if found.reason == BREAK:
            return Direction(later, reason=BREAK, overlapping=overlapping)
        if found.reason == OVERLAPPING:
            overlapping = overlapping or earlier
    unlike = compare(measure, known[before - 1], later) if before else None
    return Direction(later, reason=_nothing(later, overlapping, unlike), overlapping=overlapping)


def _candidates(measure: Measure, known: Series, before: int, later: Observation) -> Iterator[Observation]:
    """The earlier figures that decide, nearest first: of `known` the first `before`, of the same season.

    Of those that overlap the nearest and the oldest are enough: the one is named, and a break after any is after the oldest.
    """
    if at_a_date(measure):
        yield from known[before - 1 : before]
        return
    alike = _by_season(known).get(season(later.period), [])
    alike = alike[: bisect_left(alike, before)]
    clear = bisect_left(alike, later.period.start, key=lambda at: known[at].period.end)
    for at in (*alike[clear:][-1:], *alike[clear : clear + 1], *reversed(alike[:clear])):
        yield known[at]


@of_the_last_series
def _by_season(series: Series) -> Mapping[tuple[object, ...], list[int]]:
    found: dict[tuple[object, ...], list[int]] = {}
    for at, one in enumerate(series):
        found.setdefault(season(one.period), []).append(at)
    return found


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
    return Direction(later, earlier, movement, meaning(measure, earlier.value, later.value), change, share)


def meaning(measure: Measure, before: Decimal, after: Decimal) -> str:
    """Whether `after` is better or worse than `before`, or level, or neither where the measure knows no better."""
    better = measure.better
    if better.way == NEITHER:
        return NEITHER
    if better.way == "near":
        before_far, after_far = distance(measure, before), distance(measure, after)
        if before_far == after_far:
            return LEVEL
        return BETTER if after_far < before_far else WORSE
    if before == after:
        return LEVEL
    return BETTER if (after > before) == (better.way == "higher") else WORSE


def distance(measure: Measure, value: Decimal) -> tuple[bool, Fraction]:
    """How far a value is from the middle that is best, to be compared with another's distance.

    For ratios and rates 0.5 is as far from 1 as 2 is, and nothing is as far as zero: the first item is True for it.
    """
    given, centre = Fraction(value), Fraction(measure.better.middle or 0)
    if measure.unit.kind not in _BY_RATIO or centre <= 0:
        return False, abs(given - centre)
    if given <= 0:
        return True, abs(given)
    return False, max(given / centre, centre / given)
