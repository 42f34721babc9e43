"""How often figures come: the table of frequencies.

`schema/kpi.schema.json` lists the same names; `tests/test_schema.py` holds the two together.
"""

from datetime import date, timedelta
from typing import NamedTuple

from kpi.model.period import add_months


class Frequency(NamedTuple):
    """A regular frequency.

    Attributes:
        name: how files write it.
        period: the time between two figures, for readers: "month".
        months: that time in months; 0 if it is in days.
        days: that time in days; 0 if it is in months.
    """

    name: str
    period: str
    months: int = 0
    days: int = 0

    @property
    def length(self) -> tuple[str, int]:
        """The length of its periods, as `Period.length` gives it."""
        return ("months", self.months) if self.months else ("days", self.days)

    def after(self, day: date) -> date:
        """The end of the period after one that ends on a day."""
        return add_months(day, self.months) if self.months else day + timedelta(days=self.days)


_TABLE = (
    Frequency("weekly", "week", days=7),
    Frequency("four-weekly", "four-week period", days=28),
    Frequency("monthly", "month", 1),
    Frequency("quarterly", "quarter", 3),
    Frequency("half-yearly", "half-year", 6),
    Frequency("annual", "year", 12),
    Frequency("biennial", "two years", 24),
)

FREQUENCIES = {frequency.name: frequency for frequency in _TABLE}
"""Every regular frequency by its name in the files."""
