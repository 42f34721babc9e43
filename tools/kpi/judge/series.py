"""The figures of a measure: by their length, which may be compared (docs/judgement.md, "Comparable"), which count or are due on a day."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import takewhile
from typing import NamedTuple, TypeVar

from kpi.model.kpi import CUMULATIVE, PREVIOUS, SEASON, SNAPSHOT, Kpi, Measure, Observation, identity
from kpi.model.period import Period, add_months, is_same_day, length_words, of_year, span_words
from kpi.model.plan import Plan
from kpi.model.vocabulary import FREQUENCIES

Series = tuple[Observation, ...]
_Whole = TypeVar("_Whole")
_Result = TypeVar("_Result")


def remember_last(work_out: Callable[[_Whole], _Result]) -> Callable[[_Whole], _Result]:
    """Make a function return its last result for the very same series or measure: judging asks again for each figure."""
    last: list[tuple[_Whole, _Result]] = []

    def remembered(whole: _Whole) -> _Result:
        if not last or last[0][0] is not whole:
            last[:] = [(whole, work_out(whole))]
        return last[0][1]

    return remembered


Key = tuple[str, object]
"""What periods have in common: one of their `lengths`, the "day" they end on, or the same "end" in any year."""


@remember_last
def positions(series: Series) -> Mapping[Key, list[int]]:
    """Where the figures with a key are in a series."""
    by_key: dict[Key, list[int]] = {}
    for at, figure in enumerate(series):
        end = figure.period.end
        for key in (*figure.period.lengths, ("day", end), ("end", of_year(end))):
            by_key.setdefault(key, []).append(at)
    return by_key


def as_long_as(series: Series, period: Period) -> list[Observation]:
    """The figures of the same length as a period, in their order."""
    likely = {at for length in period.lengths for at in positions(series).get(length, ())}
    return [series[at] for at in sorted(likely) if series[at].period.is_as_long_as(period)]


def by_length(figures: Iterable[Observation]) -> list[list[Observation]]:
    """The figures grouped by length, in order of first appearance; the same part of several years is one group."""
    groups: list[list[Observation]] = []
    begun: dict[Key, list[int]] = {}
    for figure in figures:
        lengths = figure.period.lengths
        likely = sorted({at for length in lengths for at in begun.get(length, ())})
        alike = (groups[at] for at in likely if groups[at][0].period.is_as_long_as(figure.period))
        if group := next(alike, None):
            group.append(figure)
            continue
        for length in lengths:
            begun.setdefault(length, []).append(len(groups))
        groups.append([figure])
    return groups


BREAK = "not comparable (break)"
OVERLAPPING = "overlapping periods"
YEAR_OF_WEEKS = 364  # days: the same day of the week, a year before


class Comparison(NamedTuple):
    """Whether two figures may be compared, and if not, why, in words for readers."""

    comparable: bool
    reason: str = ""
    lengths_differ: bool = False
    seasons_differ: bool = False  # they are equally long, but another part of the year


def compare(measure: Measure, earlier: Observation, later: Observation) -> Comparison:
    """Whether `later` may be compared with `earlier`, both of this measure (docs/judgement.md, "Comparable")."""
    if not at_a_date(measure) and (lengths := different_lengths(earlier.period, later.period)):
        return Comparison(False, lengths, lengths_differ=True)
    by_season = compared_with(measure, later.period) == SEASON
    if by_season and not _same_season(measure, earlier.period, later.period):
        end = earlier.period.end
        name = span_words(end if at_a_date(measure) else earlier.period.start, end)
        return Comparison(False, f"{name} is another time of year", seasons_differ=True)
    breaks = _breaks(measure)
    if bisect_right(breaks, earlier.period.order) < bisect_right(breaks, later.period.order):
        return Comparison(False, BREAK)
    if not at_a_date(measure) and earlier.period.overlaps(later.period):
        return Comparison(False, OVERLAPPING)
    return Comparison(True)


def at_a_date(measure: Measure) -> bool:
    """Whether the measure's figures are for a date (their period's end) rather than for the whole period."""
    return measure.kind in {SNAPSHOT, CUMULATIVE}


def compared_with(measure: Measure, period: Period) -> str:
    """SEASON for totals and averages of less than a year, PREVIOUS for all else, unless the measure says which."""
    is_year = period.end >= add_months(period.start, 12) - timedelta(days=1)
    return measure.compare or (PREVIOUS if is_year or at_a_date(measure) else SEASON)


def gap_between(measure: Measure, earlier: Period, later: Period) -> tuple[date, date] | None:
    """The days between two periods where the one before is meant, or None: what comes every second year has no gap."""
    frequency = FREQUENCIES.get(measure.frequency)
    if frequency is not None and frequency.after(earlier.end) == later.end:
        return None
    start, end = earlier.end + timedelta(days=1), later.start - timedelta(days=1)
    is_meant = not at_a_date(measure) and compared_with(measure, later) == PREVIOUS
    return (start, end) if is_meant and start <= end else None


def _same_season(measure: Measure, earlier: Period, later: Period) -> bool:
    """Whether two periods are whole years, the same part of one, or 364 days apart, on one weekday; at a date, end on one day."""
    if at_a_date(measure):
        return is_same_day(earlier.end, later.end)
    whole_years = earlier.length == later.length and later.months > 0 and later.months % 12 == 0
    by_week = later.weeks > 0 or later.length == ("days", 1)
    is_year_of_weeks = by_week and (later.end - earlier.end).days == YEAR_OF_WEEKS
    return whole_years or is_year_of_weeks or earlier.is_same_part(later)


def different_lengths(earlier: Period, later: Period) -> str:
    """That two periods differ in length, in words; empty if they don't."""
    if earlier.is_as_long_as(later):
        return ""
    return f"different lengths ({a_length(later)} and {a_length(earlier)})"


def a_length(period: Period) -> str:
    """How long a period is: "a month", "3 years"."""
    words = length_words(period)
    return words if words[0].isdigit() else f"a {words}"


def step_at(measure: Measure, observation: Observation) -> str:
    """Why the level changes with this figure; empty if it doesn't."""
    return _steps(measure).get(identity(observation.period, measure.kind), "") if measure.steps else ""


@remember_last
def _steps(measure: Measure) -> dict[object, str]:
    return {identity(period, measure.kind): why for period, why in reversed(measure.steps)}


@remember_last
def _breaks(measure: Measure) -> list[tuple[date, date]]:
    return sorted(figure.period.order for figure in measure.observations if figure.broken)


class Latest(NamedTuple):
    """The newest figure, and the later periods that have no value."""

    observation: Observation | None
    without_value: tuple[Observation, ...]


def pages_day(plan: Plan, kpis: Iterable[Kpi]) -> date:
    """The day of the pages, without a clock: the edition's date, or the end of the newest own figure if later."""
    edition = date.fromisoformat(plan.edition.date) if plan.edition.date else date.min
    return max(edition, *map(newest_end, kpis), date.min)


def newest_end(kpi: Kpi) -> date:
    """The last day of a KPI's newest own figure; `date.min` if it has none."""
    figures = (figure for measure in kpi.measures for figure in measure.observations)
    return max((figure.period.end for figure in figures if not figure.forecast), default=date.min)


def known_by(measure: Measure, day: date) -> Measure:
    """The measure as known on a day: without own or peers' figures whose period ends later. Forecasts stay."""
    own, *others = (
        tuple(figure for figure in series if figure.period.end <= day or figure.forecast)
        for series in (measure.observations, *measure.peers.values())
    )
    return measure._replace(observations=own, peers=dict(zip(measure.peers, others, strict=True)))


def reported(measure: Measure, missing: tuple[Observation, ...] = ()) -> tuple[Observation, ...]:
    """What was reported or is `missing` for each period, by its end; of those that end together first what has no value."""
    known = [*(figure for figure in measure.observations if not figure.forecast), *missing]
    return tuple(sorted(known, key=lambda each: (each.period.end, each.value is not None, each.period.start)))


@remember_last
def judgeable(measure: Measure) -> Series:
    """The figures that may be judged, oldest first: observed, with a value or a written assessment."""
    return tuple(figure for figure in measure.observations if figure.observed)


@remember_last
def valued(measure: Measure) -> Series:
    """The figures that may be compared, oldest first: observed, with a value."""
    return tuple(figure for figure in measure.observations if figure.observed and figure.value is not None)


def figure_for(measure: Measure, period: Period) -> Observation | None:
    """The figure that may be compared for a period, however that is spelt; None if there is none."""
    at = identity(period, measure.kind)
    return next((figure for figure in valued(measure) if identity(figure.period, measure.kind) == at), None)


def find_latest(measure: Measure) -> Latest:
    """The figure that ends last, at a tie the shortest, and the periods without a value later than the newest as long."""
    known = judgeable(measure)
    newest = known[-1] if known else None
    of_length = () if at_a_date(measure) else newest_of_each_length(known)
    without = []
    for figure in measure.observations:
        if not figure.has_figure and not figure.forecast:
            before = next((each for each in of_length if each.period.is_as_long_as(figure.period)), newest)
            if before is None or figure.period.order > before.period.order:
                without.append(figure)
    return Latest(newest, tuple(without))


def newest_of_each_length(known: Series) -> Series:
    """The latest of each length that ends within 18 months of the newest of these ordered figures; newest first."""
    newest_first = reversed(known)
    current = takewhile(lambda each: add_months(each.period.end, 18) >= known[-1].period.end, newest_first)
    return tuple(group[0] for group in by_length(current))


# When figures are due


class Freshness(NamedTuple):
    """The next period, the day its figure is due, and how many days late it is (0 if it isn't)."""

    following: Period
    due: date
    days_late: int


def judge_freshness(measure: Measure, day: date) -> Freshness | None:
    """When the next figure is due first, by the frequency or a forecast whose period is over; None if neither makes it so."""
    expected = [_due(forecast.period, measure, day) for forecast in _forecasts_over(measure, day)]
    if regular := next_by_frequency(measure, day):
        expected.append(regular)
    return min(expected, key=lambda figure: figure.due, default=None)


def _forecasts_over(measure: Measure, day: date) -> list[Observation]:
    forecasts = (figure for figure in measure.observations if figure.forecast)
    return [figure for figure in forecasts if add_lag(figure.period.end, measure.lag) < day]


def next_by_frequency(measure: Measure, day: date) -> Freshness | None:
    """When the next figure is due by the frequency; None without one, or without a figure. What is not available was reported."""
    frequency = FREQUENCIES.get(measure.frequency)
    periods = [figure.period for figure in measure.observations if not figure.forecast]
    if frequency is None or not periods:
        return None
    # as long as the frequency asks, or else as the newest: rolling years published monthly stay years
    newest = max(periods, key=lambda period: period.order)
    end = frequency.after(newest.end)
    if any(period.length == frequency.length for period in periods):
        months, start = frequency.months, end - timedelta(days=frequency.days - 1)
    else:
        months, start = newest.months, end - (newest.end - newest.start)
    if months:
        start = add_months(end, -months) + timedelta(days=1)
    return _due(Period(start, end, months, "", "month"), measure, day)


def missing_figures(measure: Measure, day: date) -> tuple[Observation, ...]:
    """The periods whose figure is overdue on a day, as observations without a value."""
    missing = [forecast._replace(value=None, assessment="") for forecast in _forecasts_over(measure, day)]
    regular = next_by_frequency(measure, day)
    intervals = [forecast.period.interval for forecast in missing]
    if regular and regular.days_late and regular.following.interval not in intervals:
        missing.append(Observation(regular.following, None))
    return tuple(missing)


def _due(period: Period, measure: Measure, day: date) -> Freshness:
    due = add_lag(period.end, measure.lag)
    return Freshness(period, due, max(0, (day - due).days))


def add_lag(day: date, lag: str) -> date:
    """The day plus a lag such as `6 weeks`, `10 days` or `2 months`; an empty lag adds nothing."""
    number, _, unit = lag.partition(" ")
    if unit.startswith("month"):
        return add_months(day, int(number))
    return day + timedelta(days=int(number or 0) * (7 if unit.startswith("week") else 1))
