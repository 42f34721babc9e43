"""Periods: `2022/23`, `2024-01`, `2023-Q2`, `12 months to 2022-12`. Two spellings of the same days have one `interval`."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kpi.model.text import counted

_POINT = (
    r"(?:[12][0-9]{3}/[0-9]{2}(?: Q[1-4])?"
    r"|[12][0-9]{3}(?:-Q[1-4]|-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?)"
)
SHAPE = rf"^(?:[1-9][0-9]{{0,2}} months to [12][0-9]{{3}}-(?:0[1-9]|1[0-2])|{_POINT}(?: to {_POINT})?)$"
"""The schema's pattern for a period. The calendar may still refuse a text of this shape."""

_SHAPE = re.compile(SHAPE)
FEBRUARY, APRIL = 2, 4
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# Why a text is not a period.
WRONG_SHAPE, NO_SUCH_DAY, NOT_CONSECUTIVE, CALENDAR_YEARS = "shape", "day", "consecutive", "january"
MIXED_KINDS, BACKWARDS, SAME_ENDS = "kinds", "backwards", "same"


class Period(NamedTuple):
    """A stretch of whole days."""

    start: date
    end: date  # the last day, which belongs to the period
    months: int  # how many whole months it covers, from any day of the month; 0 if it isn't a whole number
    text: str  # the spelling in the file
    form: str  # day, month, quarter, fy, fy-quarter, year, rolling or range
    name: str = ""  # what is printed instead of the text, if anything: FY24

    @property
    def interval(self) -> tuple[date, date]:
        """The first and last day, however the period is spelt."""
        return self.start, self.end

    @property
    def length(self) -> tuple[str, int]:
        """`("months", 12)`, or `("days", 26)` if it isn't whole months."""
        return ("months", self.months) if self.months else ("days", (self.end - self.start).days + 1)

    @property
    def order(self) -> tuple[date, date]:
        """A key to sort by: the end; of periods that end together the longer comes first."""
        return self.end, self.start

    def overlaps(self, other: "Period") -> bool:
        """Whether the two have a day in common."""
        return self.start <= other.end and other.start <= self.end

    def is_as_long_as(self, other: "Period") -> bool:
        """Whether two periods have the same length, or as many whole weeks though it be a month, or are the same part of two years."""
        return self.length == other.length or 0 < self.weeks == other.weeks or self.is_same_part(other)

    @property
    def lengths(self) -> tuple[tuple[str, object], ...]:
        """Two periods that are as long as each other share one of these; hardly any others do."""
        part = (of_year(self.start), of_year(self.end), self.end.year - self.start.year)
        weeks: tuple[tuple[str, object], ...] = (("weeks", self.weeks),) if self.weeks else ()
        return self.length, *weeks, ("part", part)

    @property
    def weeks(self) -> int:
        """How many whole weeks it covers; 0 if it isn't a whole number, or covers whole calendar months."""
        days = (self.end - self.start).days + 1
        return 0 if days % 7 or (self.months and self.start.day == 1) else days // 7

    def is_same_part(self, other: "Period") -> bool:
        """Whether two periods have the same day and month at both ends; the last day of February is the same in every year."""
        same_years = self.end.year - self.start.year == other.end.year - other.start.year
        return same_years and is_same_day(self.start, other.start) and is_same_day(self.end, other.end)


class PeriodError(ValueError):
    """A text that is not a period, with one of this module's words for why: `WRONG_SHAPE` and those below it."""


@lru_cache(maxsize=8192)
def parse_period(text: str, year_starts: int = APRIL) -> Period:
    """Parse a period, or raise `PeriodError`. Where years start in January (1), `2022/23` could be either of two and is refused."""
    period = read(text, year_starts)
    if isinstance(period, str):
        raise PeriodError(text, period)
    return period


def read(text: str, year_starts: int = APRIL) -> Period | str:
    """The period, or one of this module's words for why the text is none."""
    if not _SHAPE.fullmatch(text):
        return WRONG_SHAPE
    first, _, last = text.partition(" to ")
    if not last:
        return _point(text, year_starts)
    if first.endswith("s"):  # "12 months"
        months, final = int(first[:-7]), _month_number(last)
        return Period(_first_day(final - months + 1), _last_day(final), months, text, "rolling")
    return _range(text, _point(first, year_starts), _point(last, year_starts))


def _point(text: str, year_starts: int) -> Period | str:
    year, mark = int(text[:4]), text[4:5]
    if not mark:
        return Period(date(year, 1, 1), date(year, 12, 31), 12, text, "year")
    if mark == "/":
        return _financial(text, year, year_starts)
    if text[5] == "Q":
        first = year * 12 + int(text[6]) * 3 - 3
        return Period(_first_day(first), _last_day(first + 2), 3, text, "quarter")
    if len(text) == 7:
        number = _month_number(text)
        return Period(_first_day(number), _last_day(number), 1, text, "month")
    try:
        day = date(year, int(text[5:7]), int(text[8:]))
    except ValueError:
        return NO_SUCH_DAY
    return Period(day, day, 0, text, "day")


def _financial(text: str, year: int, year_starts: int) -> Period | str:
    if int(text[5:7]) != (year + 1) % 100:
        return NOT_CONSECUTIVE
    if year_starts == 1:
        return CALENDAR_YEARS
    first = year * 12 + year_starts - 1
    if len(text) == 7:
        return Period(_first_day(first), _last_day(first + 11), 12, text, "fy")
    first += int(text[9]) * 3 - 3
    return Period(_first_day(first), _last_day(first + 2), 3, text, "fy-quarter")


def _range(text: str, first: Period | str, last: Period | str) -> Period | str:
    if isinstance(first, str) or isinstance(last, str):
        return first if isinstance(first, str) else last
    if first.form != last.form:
        return MIXED_KINDS
    if first.start >= last.start:
        return SAME_ENDS if first.start == last.start else BACKWARDS
    return Period(first.start, last.end, _whole_months(first.start, last.end), text, "range")


# Months are counted through: January of the year 0 is 0.


def _month_number(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def _first_day(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _last_day(number: int) -> date:
    return date.fromordinal(_first_day(number + 1).toordinal() - 1)


def is_same_day(first: date, second: date) -> bool:
    """Whether two days are the same day of their years. The last day of February is the same day in every year."""
    is_same = (first.month, first.day) == (second.month, second.day)
    return is_same or (_ends_february(first) and _ends_february(second))


def of_year(day: date) -> tuple[int, int]:
    """The month and day; the last two of February are one, which may be the last one both."""
    return day.month, 28 if day.month == FEBRUARY and day.day == 29 else day.day


def _ends_february(day: date) -> bool:
    return day.month == FEBRUARY and date.fromordinal(day.toordinal() + 1).month != FEBRUARY


def _whole_months(start: date, end: date) -> int:
    after = date.fromordinal(end.toordinal() + 1)
    if start.day != after.day and not (_ends_february(start) and _ends_february(after)):
        return 0
    return (after.year - start.year) * 12 + after.month - start.month


def add_months(day: date, months: int) -> date:
    """The day so many months later or earlier. The last day of a month gives the last of another, because periods end there."""
    number = day.year * 12 + day.month - 1
    last = _last_day(number + months)
    if day.day >= last.day or day == _last_day(number):
        return last
    return last.replace(day=day.day)


@lru_cache(maxsize=4096)
def period_words(period: Period) -> str:
    """The period for readers; quarters always name their months: "2022/23 Q1 (April to June 2022)"."""
    name, words = period.name or period.text, span_words(*period.interval)
    if period.form == "rolling":
        return f"{counted(period.months, 'month')} to {_month_words(period.end)}"
    if "/" in period.text and "Q" in period.text:
        return f"{name} ({words})"
    return name if name and "-" not in period.text else words


def span_words(start: date, end: date) -> str:
    """The stretch from one day to another, both included, in months where it is whole months: "April to June 2023"."""
    in_months = start.day == 1 and _whole_months(start, end) > 0
    first = [] if in_months else [str(start.day)]
    if (start.year, start.month) != (end.year, end.month):
        first.append(MONTHS[start.month - 1])
    if start.year != end.year:
        first.append(str(start.year))
    last = _month_words(end) if in_months else f"{end.day} {_month_words(end)}"
    return f"{' '.join(first)} to {last}" if first and start != end else last


def _month_words(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def length_words(period: Period) -> str:
    """How long the period is: "month", "quarter", "year", "3 years", "8 months", "day", "26 days"."""
    unit, number = period.length
    known = {("months", 1): "month", ("months", 3): "quarter", ("months", 12): "year", ("days", 1): "day"}
    in_years = unit == "months" and number % 12 == 0
    return known.get((unit, number)) or (f"{number // 12} years" if in_years else f"{number} {unit}")


def of_right_year(period: Period, before: Period) -> Period | None:
    """The month or quarter in the year that makes it the next after `before`: in January people still type the old year."""
    if period.form not in {"month", "quarter"} or period.form != before.form:
        return None
    for year in (before.end.year, before.end.year + 1):
        meant = _point(f"{year}{period.text[4:]}", APRIL)
        is_near = period.end > before.end or year == period.end.year + 1
        if not is_near or not isinstance(meant, Period) or meant == period:
            continue
        if 0 < (meant.start - before.end).days <= 32:  # one month may be missing
            return meant
    return None
