"""When two figures of a measure may be compared (docs/judgement.md, "Comparable")."""

from collections.abc import Iterable
from typing import NamedTuple

from kpi.model.kpi import CUMULATIVE, SNAPSHOT, Measure, Observation
from kpi.model.period import Period, length_words, span_words

BREAK = "not comparable (break)"
OVERLAPPING = "overlapping periods"
SEASON, PREVIOUS = "season", "previous"

_YEAR_OF_WEEKS = 364  # days: the same day of the week, a year before


class Comparison(NamedTuple):
    """Whether two figures may be compared, and if not, why, in words for readers.

    `lengths_differ` where that is because one of the two periods is longer, `seasons_differ` where they are as long but
    another part of the year.
    """

    comparable: bool
    reason: str = ""
    lengths_differ: bool = False
    seasons_differ: bool = False


def compare(measure: Measure, earlier: Observation, later: Observation) -> Comparison:
    """Whether `later` may be compared with `earlier`, both of this measure.

    Snapshots and cumulative gains compare at any two dates. Totals and averages need equal lengths, and what is shorter
    than a year the same season; nothing is rescaled. A break in between, or overlapping periods, prevent it.
    """
    if not at_a_date(measure):
        if lengths := different_lengths(earlier.period, later.period):
            return Comparison(False, lengths, lengths_differ=True)
        if compared_with(measure, later.period) == SEASON and not _same_season(earlier.period, later.period):
            reason = f"{span_words(*earlier.period.interval)} is another time of year"
            return Comparison(False, reason, seasons_differ=True)
    reason = BREAK if break_between(measure, earlier, later) else ""
    if not reason and not at_a_date(measure) and earlier.period.overlaps(later.period):
        reason = OVERLAPPING
    return Comparison(not reason, reason)


def compared_with(measure: Measure, period: Period) -> str:
    """What a figure is compared with: the same SEASON of another year, or the PREVIOUS period of equal length."""
    return PREVIOUS if at_a_date(measure) or not is_part_of_year(period) else SEASON


def is_part_of_year(period: Period) -> bool:
    """Whether a period is shorter than a year."""
    unit, number = period.length
    return number < (12 if unit == "months" else _YEAR_OF_WEEKS)


def at_a_date(measure: Measure) -> bool:
    """Whether the measure's figures are for a date, the period's end, rather than for the whole period."""
    return measure.kind in {SNAPSHOT, CUMULATIVE}


def _same_season(earlier: Period, later: Period) -> bool:
    """Whether two periods of one length are the same part of a year; weeks and single days 364 days apart are."""
    by_week = later.weeks > 0 or later.length == ("days", 1)
    return (by_week and (later.end - earlier.end).days == _YEAR_OF_WEEKS) or earlier.is_same_part(later)


def different_lengths(earlier: Period, later: Period) -> str:
    """That two periods aren't as long as each other, in words; empty where they are."""
    return (
        ""
        if earlier.is_as_long_as(later)
        else f"different lengths ({a_length(later)} and {a_length(earlier)})"
    )


def by_length(figures: Iterable[Observation]) -> list[list[Observation]]:
    """Figures apart by their length, in the order of the first of each; the same parts of several years stand together."""
    found: list[list[Observation]] = []
    for one in figures:
        group = next((group for group in found if group[0].period.is_as_long_as(one.period)), None)
        if group is None:
            found.append([one])
        else:
            group.append(one)
    return found


def a_length(period: Period) -> str:
    """How long a period is: "a month", "3 years"."""
    words = length_words(period)
    return words if words[0].isdigit() else f"a {words}"


def break_between(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether the series changed after `earlier`, up to and including `later`, in the order of the series."""
    return any(
        one.broken and earlier.period.order < one.period.order <= later.period.order
        for one in measure.observations
    )
