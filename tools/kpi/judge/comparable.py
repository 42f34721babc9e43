"""When two figures of a measure may be compared (docs/judgement.md, "Comparable")."""

from bisect import bisect_right
from datetime import date, timedelta
from typing import NamedTuple

from kpi.judge.series import Series, remember_last
from kpi.model.frequency import FREQUENCIES
from kpi.model.kpi import CUMULATIVE, PREVIOUS, SEASON, SNAPSHOT, Measure, Observation, identity
from kpi.model.period import Period, add_months, is_same_day, length_words, span_words

BREAK = "not comparable (break)"
OVERLAPPING = "overlapping periods"
YEAR_OF_WEEKS = 364  # days: the same day of the week, a year before


class Comparison(NamedTuple):
    """Whether two figures may be compared, and if not, why, in words for readers.

    `lengths_differ` if one period is longer, `seasons_differ` if they are equally long but another part of the year.
    """

    comparable: bool
    reason: str = ""
    lengths_differ: bool = False
    seasons_differ: bool = False


def compare(measure: Measure, earlier: Observation, later: Observation) -> Comparison:
    """Whether `later` may be compared with `earlier`, both of this measure.

    Snapshots and cumulative gains compare at any two dates. Totals and averages need equal lengths; nothing is rescaled. Figures
    compared by season need the same part of a year. A break in between or overlapping periods prevent a comparison.
    """
    if not at_a_date(measure) and (lengths := different_lengths(earlier.period, later.period)):
        return Comparison(False, lengths, lengths_differ=True)
    by_season = compared_with(measure, later.period) == SEASON
    if by_season and not _same_season(measure, earlier.period, later.period):
        reason = f"{_named(measure, earlier.period)} is another time of year"
        return Comparison(False, reason, seasons_differ=True)
    reason = BREAK if _break_between(measure, earlier, later) else ""
    if not reason and not at_a_date(measure) and earlier.period.overlaps(later.period):
        reason = OVERLAPPING
    return Comparison(not reason, reason)


def at_a_date(measure: Measure) -> bool:
    """Whether the measure's figures are for a date (their period's end) rather than for the whole period."""
    return measure.kind in {SNAPSHOT, CUMULATIVE}


def compared_with(measure: Measure, period: Period) -> str:
    """What a figure for this period is compared with: SEASON or PREVIOUS.

    The measure's own choice comes first. By default totals and averages of less than a year compare by season, all else with the
    period before.
    """
    if measure.compare:
        return measure.compare
    is_year = period.end >= add_months(period.start, 12) - timedelta(days=1)
    return PREVIOUS if is_year or at_a_date(measure) else SEASON


def gap_between(measure: Measure, earlier: Period, later: Period) -> tuple[date, date] | None:
    """The days between two periods that neither covers, where the one before is meant; None where there are none.

    Where figures come less often than their periods are long, as every second year, the days between are no gap.
    """
    frequency = FREQUENCIES.get(measure.frequency)
    if frequency is not None and frequency.after(earlier.end) == later.end:
        return None
    start, end = earlier.end + timedelta(days=1), later.start - timedelta(days=1)
    is_meant = not at_a_date(measure) and compared_with(measure, later) == PREVIOUS
    return (start, end) if is_meant and start <= end else None


def _named(measure: Measure, period: Period) -> str:
    return span_words(period.end if at_a_date(measure) else period.start, period.end)


def _same_season(measure: Measure, earlier: Period, later: Period) -> bool:
    """Whether two periods of one length are whole years or the same part of a year; figures at a date must end on the same day.

    Weeks and single days 364 days apart count as the same part: they begin on the same weekday.
    """
    if at_a_date(measure):
        return is_same_day(earlier.end, later.end)
    whole_years = earlier.length == later.length and later.months > 0 and later.months % 12 == 0
    by_week = later.weeks > 0 or later.length == ("days", 1)
    is_year_of_weeks = by_week and (later.end - earlier.end).days == YEAR_OF_WEEKS
    return whole_years or is_year_of_weeks or earlier.is_same_part(later)


def different_lengths(earlier: Period, later: Period) -> str:
    """That two periods differ in length, in words; empty if they don't."""
    return (
        ""
        if earlier.is_as_long_as(later)
        else f"different lengths ({a_length(later)} and {a_length(earlier)})"
    )


def a_length(period: Period) -> str:
    """How long a period is: "a month", "3 years"."""
    words = length_words(period)
    return words if words[0].isdigit() else f"a {words}"


def _break_between(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether the series has a break after `earlier`, up to and including `later`."""
    breaks = _breaks(measure.observations)
    after = bisect_right(breaks, earlier.period.order)
    return after < len(breaks) and breaks[after] <= later.period.order


def step_at(measure: Measure, observation: Observation) -> str:
    """Why the level changes with this figure; empty if it doesn't."""
    return _steps(measure).get(identity(observation.period, measure.kind), "") if measure.steps else ""


@remember_last
def _steps(measure: Measure) -> dict[object, str]:
    return {identity(period, measure.kind): why for period, why in reversed(measure.steps)}


@remember_last
def _breaks(series: Series) -> list[tuple[date, date]]:
    return sorted(figure.period.order for figure in series if figure.broken)
