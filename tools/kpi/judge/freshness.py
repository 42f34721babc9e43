"""When the next figure is due, and whether it is overdue."""

from datetime import date, timedelta
from typing import NamedTuple

from kpi.model.frequency import FREQUENCIES, Frequency
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.period import Period, add_months


class Freshness(NamedTuple):
    """The next period, the day its figure is due, and how many days late it is (0 where it isn't)."""

    following: Period
    due: date
    days_late: int

    @property
    def next_end(self) -> date:
        """The last day of the next period."""
        return self.following.end

    @property
    def overdue(self) -> Period | None:
        """The next period, where its figure is late."""
        return self.following if self.days_late else None


def freshness(measure: Measure, day: date) -> Freshness | None:
    """When the next figure is due, and whether it is overdue.

    A forecast whose period is over is due as a figure, whatever the frequency; the earliest of all is told.

    Args:
        measure: the measure as known on the day.
        day: the day to judge on.

    Returns:
        Nothing where nothing can be overdue: no such forecast, and an irregular or absent frequency, or no figure yet.
    """
    found = [_due(one.period, measure, day) for one in forecasts_over(measure, day)]
    regular = scheduled(measure, day)
    return min([*found, *([regular] if regular else [])], key=lambda one: one.due, default=None)


def forecasts_over(measure: Measure, day: date) -> tuple[Observation, ...]:
    """The forecasts whose period is over on a day, and whose figure was due by then, oldest first."""
    return tuple(
        one for one in measure.observations if one.forecast and due_after(one.period.end, measure.lag) < day
    )


def scheduled(measure: Measure, day: date) -> Freshness | None:
    """When the next figure is due by the frequency; None where there is none, or no figure yet.

    A period that was written as not available counts as reported, a forecast does not.
    """
    frequency = FREQUENCIES.get(measure.frequency)
    if frequency is None:
        return None
    periods = [one.period for one in measure.observations if not one.forecast]
    if not periods:
        return None
    return _due(_following(periods, frequency), measure, day)


def missing_figures(measure: Measure, day: date) -> tuple[Observation, ...]:
    """The periods that should have a figure by the day and have none, or only a forecast, without a value."""
    forecasts = tuple(one._replace(value=None, assessment="") for one in forecasts_over(measure, day))
    regular = scheduled(measure, day)
    if regular is None or regular.overdue is None:
        return forecasts
    known = {one.period.interval for one in forecasts}
    return (
        forecasts if regular.overdue.interval in known else (*forecasts, Observation(regular.overdue, None))
    )


def _following(periods: list[Period], frequency: Frequency) -> Period:
    """The period after the newest, as long as the frequency says; where no period is, as long as the newest.

    Rolling years that come every month are years, and so is a survey's year every two years.
    """
    newest = max(periods, key=lambda one: one.order)
    end = frequency.after(newest.end)
    if any(one.length == frequency.length for one in periods):
        months, start = frequency.months, end - timedelta(days=frequency.days - 1)
    else:
        months, start = newest.months, end - (newest.end - newest.start)
    if months:
        start = add_months(end, -months) + timedelta(days=1)
    return Period(start, end, months, "", "month")


def _due(period: Period, measure: Measure, day: date) -> Freshness:
    due = due_after(period.end, measure.lag)
    return Freshness(period, due, max(0, (day - due).days))


def due_after(day: date, lag: str) -> date:
    """The day moved on by a lag such as `6 weeks`, `10 days` or `2 months`; unmoved where there is none."""
    if not lag:
        return day
    number, unit = lag.split()
    if unit.startswith("month"):
        return add_months(day, int(number))
    return day + timedelta(days=int(number) * (7 if unit.startswith("week") else 1))


class Behind(NamedTuple):
    """Measures of a KPI without a figure for a period that another has."""

    period: Period
    measures: tuple[Measure, ...]


_TOGETHER = 3
"""So many measures with so many periods in common are filled in together."""


def left_behind(kpi: Kpi) -> Behind | None:
    """The newest period that few of a KPI's measures have, and those without it, where all had the same periods so far."""
    own = [one for one in kpi.measures if one.observations and one.derived is None]
    periods = [tuple(figure.period.interval for figure in one.observations) for one in own]
    shortest = min(periods, key=len, default=())
    behind = tuple(one for one, its in zip(own, periods, strict=True) if its == shortest)
    ahead = {its for its in periods if its != shortest}
    if len(own) < _TOGETHER or len(shortest) < _TOGETHER or len(ahead) != 1 or len(behind) * 2 <= len(own):
        return None
    (longer,) = ahead
    newest = next(one for one, its in zip(own, periods, strict=True) if its == longer).observations[-1]
    return Behind(newest.period, behind) if longer[:-1] == shortest else None
