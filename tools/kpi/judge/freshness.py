"""When the next figure is due, and whether it is overdue."""

from datetime import date, timedelta
from typing import NamedTuple

from kpi.model.kpi import Measure, Observation
from kpi.model.period import add_months

MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}
"""How many months pass between two figures of each regular frequency."""


class Freshness(NamedTuple):
    """The next period's end, the day its figure is due, and how many days late it is (0 where it isn't)."""

    next_end: date
    due: date
    days_late: int


def freshness(measure: Measure, day: date) -> Freshness | None:
    """When the next figure is due, and whether it is overdue.

    A forecast whose period is over is due as a figure, whatever the frequency; the earliest of all is told.

    Args:
        measure: the measure as known on the day.
        day: the day to judge on.

    Returns:
        Nothing where nothing can be overdue: no such forecast, and an irregular or absent frequency, or no figure yet.
    """
    found = [_due(one.period.end, measure, day) for one in forecasts_over(measure, day)]
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
    step = MONTHS.get(measure.frequency)
    if step is None:
        return None
    ends = [one.period.end for one in measure.observations if not one.forecast]
    if not ends:
        return None
    return _due(add_months(max(ends), step), measure, day)


def _due(end: date, measure: Measure, day: date) -> Freshness:
    due = due_after(end, measure.lag)
    return Freshness(end, due, max(0, (day - due).days))


def due_after(day: date, lag: str) -> date:
    """The day moved on by a lag such as `6 weeks`, `10 days` or `2 months`; unmoved where there is none."""
    if not lag:
        return day
    number, unit = lag.split()
    if unit.startswith("month"):
        return add_months(day, int(number))
    return day + timedelta(days=int(number) * (7 if unit.startswith("week") else 1))
