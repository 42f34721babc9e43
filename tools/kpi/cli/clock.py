"""The clock."""

from datetime import UTC, date, datetime


def today() -> date:
    """The real day, in UTC: the one place where the clock is read."""
    return datetime.now(UTC).date()
