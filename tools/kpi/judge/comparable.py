"""When two figures of a measure may be compared (docs/judgement.md, "Comparable")."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from kpi.judge.series import Series, of_the_last_series
from kpi.model.kpi import CUMULATIVE, SNAPSHOT, Measure, Observation
from kpi.model.period import FEBRUARY, Period, length_words

BREAK = "not comparable (break)"
OVERLAPPING = "overlapping periods"
OTHER_SEASON = "different times of the year"


class Comparison(NamedTuple):
    """Whether two figures may be compared, and if not, why, in words for readers.

    `lengths_differ` where that is because one of the two periods is longer.
    """

    comparable: bool
    reason: str = ""
    lengths_differ: bool = False


def compare(measure: Measure, earlier: Observation, later: Observation) -> Comparison:
    """Whether `later` may be compared with `earlier`, both of this measure.

    Snapshots and cumulative gains compare at any two dates. Totals and averages need equal lengths, and parts of a year
    the same days and months; nothing is rescaled. A break in between, or overlapping periods, prevent it.
    """
    if not at_a_date(measure) and (lengths := different_lengths(earlier.period, later.period)):
        return Comparison(False, lengths, lengths_differ=True)
    reason = "" if at_a_date(measure) or _same_season(earlier.period, later.period) else OTHER_SEASON
    if not reason and break_between(measure, earlier, later):
        reason = BREAK
    if not reason and not at_a_date(measure) and earlier.period.overlaps(later.period):
        reason = OVERLAPPING
    return Comparison(not reason, reason)


def at_a_date(measure: Measure) -> bool:
    """Whether the measure's figures are for a date, the period's end, rather than for the whole period."""
    return measure.kind in {SNAPSHOT, CUMULATIVE}


def _same_season(earlier: Period, later: Period) -> bool:
    """Whether two periods of one length are whole years, or the same part of a year."""
    whole_years = earlier.length == later.length and later.months > 0 and later.months % 12 == 0
    return whole_years or earlier.is_same_part(later)


def season(period: Period) -> tuple[object, ...]:
    """What periods share that may be compared; a few that share it may not, such as 28 and 29 February."""
    return period.length if period.months > 0 and period.months % 12 == 0 else _part(period)


def different_lengths(earlier: Period, later: Period) -> str:
    """That two periods aren't as long as each other, in words; empty where they are."""
    return "" if earlier.is_as_long_as(later) else f"different lengths ({_a(later)} and {_a(earlier)})"


def by_length(figures: Iterable[Observation]) -> list[list[Observation]]:
    """Figures apart by their length, in the order of the first of each; the same parts of several years stand together."""
    lengths: dict[tuple[int, ...], tuple[str, int]] = {}
    found: dict[tuple[str, int], list[Observation]] = {}
    for one in figures:
        length = one.period.length
        if not one.period.months:
            length = lengths.setdefault(_part(one.period), length)
        found.setdefault(length, []).append(one)
    return list(found.values())


def _part(period: Period) -> tuple[int, ...]:
    """What the same parts of several years have in common: days and months of both ends, and the years from end to end.

    The 28th of February stands for the 29th too.
    """
    ends = (period.start, period.end)
    days = (
        number
        for day in ends
        for number in (day.month, 28 if day.month == FEBRUARY and day.day == 29 else day.day)
    )
    return *days, period.end.year - period.start.year


def _a(period: Period) -> str:
    """`a month`, `3 years`."""
    words = length_words(period)
    return words if words[0].isdigit() else f"a {words}"


def break_between(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether the series changed after `earlier`, up to and including `later`, in the order of the series."""
    breaks = _breaks(measure.observations)
    after = bisect_right(breaks, earlier.period.order)
    return after < len(breaks) and breaks[after] <= later.period.order


@of_the_last_series
def _breaks(series: Series) -> list[tuple[date, date]]:
    return sorted(one.period.order for one in series if one.broken)
