"""When the next figure is due, and whether it is overdue."""

from datetime import date, timedelta
from typing import NamedTuple

from kpi.model.kpi import Measure, Observation
from kpi.model.period import Period, add_months
from kpi.model.vocabulary import FREQUENCIES, Frequency


class Freshness(NamedTuple):
    """The next period, the day its figure is due, and how many days late it is (0 if it isn't)."""

    following: Period
    due: date
    days_late: int

    @property
    def next_end(self) -> date:
        """The last day of the next period."""
        return self.following.end

    @property
    def overdue(self) -> Period | None:
        """The next period, if its figure is late."""
        return self.following if self.days_late else None


def judge_freshness(measure: Measure, day: date) -> Freshness | None:
    """When the next figure is due first, by the frequency or a forecast whose period is over; None if neither makes it so."""
    expected = [_due(forecast.period, measure, day) for forecast in _forecasts_over(measure, day)]
    if regular := next_by_frequency(measure, day):
        expected.append(regular)
    return min(expected, key=lambda figure: figure.due, default=None)


def _forecasts_over(measure: Measure, day: date) -> tuple[Observation, ...]:
    return tuple(
        figure
        for figure in measure.observations
        if figure.forecast and add_lag(figure.period.end, measure.lag) < day
    )


def next_by_frequency(measure: Measure, day: date) -> Freshness | None:
    """When the next figure is due by the frequency; None without one, or without a figure.

    A period marked as not available counts as reported; a forecast does not.
    """
    frequency = FREQUENCIES.get(measure.frequency)
    periods = [figure.period for figure in measure.observations if not figure.forecast]
    return _due(_following(periods, frequency), measure, day) if frequency and periods else None


def missing_figures(measure: Measure, day: date) -> tuple[Observation, ...]:
    """The periods whose figure is overdue on a day, as observations without a value."""
    missing = [forecast._replace(value=None, assessment="") for forecast in _forecasts_over(measure, day)]
    regular = next_by_frequency(measure, day)
    overdue = regular.overdue if regular else None
    if overdue and all(forecast.period.interval != overdue.interval for forecast in missing):
        missing.append(Observation(overdue, None))
    return tuple(missing)


def _following(periods: list[Period], frequency: Frequency) -> Period:
    """The period after the newest, as long as the frequency asks, or else as it: rolling years published monthly stay years."""
    newest = max(periods, key=lambda period: period.order)
    end = frequency.after(newest.end)
    if any(period.length == frequency.length for period in periods):
        months, start = frequency.months, end - timedelta(days=frequency.days - 1)
    else:
        months, start = newest.months, end - (newest.end - newest.start)
    if months:
        start = add_months(end, -months) + timedelta(days=1)
    return Period(start, end, months, "", "month")


def _due(period: Period, measure: Measure, day: date) -> Freshness:
    due = add_lag(period.end, measure.lag)
    return Freshness(period, due, max(0, (day - due).days))


def add_lag(day: date, lag: str) -> date:
    """The day plus a lag such as `6 weeks`, `10 days` or `2 months`; an empty lag adds nothing."""
    if not lag:
        return day
    number, unit = lag.split()
    if unit.startswith("month"):
        return add_months(day, int(number))
    return day + timedelta(days=int(number) * (7 if unit.startswith("week") else 1))
