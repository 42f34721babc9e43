"""When the next figure is due, and whether it is overdue."""

from datetime import date, timedelta
from typing import NamedTuple

from kpi.model.kpi import Measure
from kpi.model.period import add_months

MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}
"""How many months pass between two figures of each regular frequency."""


class Freshness(NamedTuple):
    """The next period's end, the day its figure is due, and how many days late it is (0 where it isn't)."""

    next_end: date
    due: date
    days_late: int


def freshness(measure: Measure, day: date) -> Freshness | None:
    """When the next figure is due: the period after the newest, plus the lag.

    None where nothing can be overdue: an irregular or absent frequency, or no figure yet. A period that was written as
    not available counts as reported.

    Args:
        measure: the measure as known on the day.
        day: the day to judge on.
    """
    step = MONTHS.get(measure.frequency)
    if step is None:
        return None
    ends = [one.period.end for one in measure.observations if not one.forecast]
    if not ends:
        return None
    next_end = add_months(max(ends), step)
    due = after(next_end, measure.lag)
    return Freshness(next_end, due, max(0, (day - due).days))


def after(day: date, lag: str) -> date:
    """The day moved on by a lag such as `6 weeks`, `10 days` or `2 months`; unmoved where there is none."""
    if not lag:
        return day
    number, unit = lag.split()
    if unit.startswith("month"):
        return add_months(day, int(number))
    return day + timedelta(days=int(number) * (7 if unit.startswith("week") else 1))
