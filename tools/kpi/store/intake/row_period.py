"""The period of a row. `2010-11`: November 2010, or the year 2010/11? What is beside it decides.

From 2000 to 2011 the last two digits of the next year are a month's number too. Excel makes a day of it, and shows `Nov-10`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from kpi.human.period import explain_period, interpret_period
from kpi.human.spelling import financial_year
from kpi.judge.series import at_a_date
from kpi.model.kpi import Measure
from kpi.model.period import Period, PeriodError, add_months, parse_period, span_words
from kpi.model.text import joined, quoted
from kpi.store.intake.row_cells import SlipError
from kpi.store.tables import RawFigure

_DASHED_YEAR = re.compile("[12][0-9]{3}-[0-9]{2}")
_FULL_YEAR = re.compile("[12][0-9]{3}")
_FROM_DAY = re.compile("[A-Z][a-z]{2} [12][0-9]{3}")  # how a day of a workbook is shown as a month


class PeriodsBeside:
    """The periods that stand together: a row of headings, or what a sheet has for one series."""

    def __init__(self, sheet: str, periods: Iterable[tuple[str, Period | None]]) -> None:
        """Take the name of the sheet, and the texts with what each was read as."""
        self.years = False  # whether any covers a year or more
        self.months: dict[date, bool] = {}  # the first days of all, with whether each can be nothing else
        self.unclear = 0  # how many texts can be a financial year too
        dashed = False
        for text, period in periods:
            if period is None:
                continue
            as_years = _as_years(sheet, text, period)
            self.unclear += "/" in as_years
            if period.form == "month":
                self.months[period.start] = not as_years
            elif period.months >= 12 and not as_years:
                self.years = True
                dashed = dashed or bool(_DASHED_YEAR.match(text) and "/" in period.text)
        # Whether years are written as `2012-13` here, and no month is among them.
        self.dashed = dashed and not any(self.months.values())

    def shows_month(self, first: date) -> bool:
        """Whether a month is one, by the others: among years, by a run to one that can be nothing else."""
        run = [self.months[there] for step in (1, -1) for there in self._run(first, step)]
        return any(run) if self.years else bool(run) or any(self.months.values())

    def _run(self, first: date, step: int) -> Iterator[date]:
        while (first := _next_month(first, step)) in self.months:
            yield first


def _next_month(first: date, step: int) -> date:
    return add_months(first, step).replace(day=1)


def group(raw: RawFigure) -> tuple[str, ...]:
    """What the periods that stand together have in common."""
    if raw.period_row != raw.row:
        return (raw.sheet,)
    return (raw.sheet, *(raw.text(field) for field in ("kpi", "measure", "area")))


def periods_beside(figures: Iterable[RawFigure], year_starts: int) -> dict[tuple[str, ...], PeriodsBeside]:
    """The periods of a table, by their group."""
    texts: dict[tuple[str, ...], dict[str, None]] = {}
    for raw in figures:
        texts.setdefault(group(raw), {})[raw.text("period")] = None
    read = {text: interpret_period(text, year_starts) for together in texts.values() for text in together}
    together = {key: [(text, read[text]) for text in beside] for key, beside in texts.items()}
    return {key: PeriodsBeside(key[0], periods) for key, periods in together.items()}


def _as_years(sheet: str, text: str, period: Period) -> str:
    """The years that may be meant by what was read as a month or a range of months; nothing where none can be.

    A month's word with a whole year is clear, unless a workbook (its sheets have names) shows a day so.
    """
    if period.form not in {"month", "range"}:
        return ""
    if text != period.text and _FULL_YEAR.search(text) and not (sheet and _FROM_DAY.fullmatch(text)):
        return ""
    ends = period.text.split(" to ")
    starts = [int(end[:4]) for end in ends]
    spans = [int(end[5:]) - int(end[2:4]) if len(end) == 7 and end[4] == "-" else 0 for end in ends]
    if all(span % 100 == 1 for span in spans):
        return " to ".join(map(financial_year, starts))
    return f"{starts[0]} to {starts[0] + spans[0]}" if period.form == "month" and spans[0] > 1 else ""


def row_period(raw: RawFigure, beside: PeriodsBeside, there: Iterable[Period], year_starts: int) -> Period:
    """The period of a row, by the periods beside it in the table and those there in the file.

    A SlipError is raised if it is none, or could be a month or a year, and nothing shows which of them it is.
    """
    text = raw.text("period")
    if not text:
        raise SlipError(raw, "period", "This row has no period.", "Write one like 2022/23 or 2024-01.")
    period = interpret_period(text, year_starts)
    if period is None:
        raise _no_period(raw, year_starts)
    years = _as_years(raw.sheet, text, period)
    if not years or raw.text("months") == str(period.months):  # an export says how many months a period has
        return period
    # `2009-12` or `Nov 10` is a month, unless there are years beside it.
    alone = not beside.years and beside.unclear == ("/" in years)
    if alone and ("/" not in years or text != period.text):
        return period
    if period.form == "month" and beside.shows_month(period.start):
        return period
    try:
        read_as_years: Period | None = parse_period(years, year_starts)
    except PeriodError:  # where the financial year is the calendar year
        read_as_years = None
    if read_as_years and beside.dashed and text == period.text and "/" in years:
        return read_as_years
    if _in_file(period, there):
        return period
    first = period.start.year
    possible = (years,) if read_as_years else (str(first), str(first + 1))
    message = f"{quoted(text)} can be {joined((span_words(*period.interval), *possible), 'or')}."
    raise SlipError(raw, "period", message, _advice(raw, period, joined(possible, "or")))


def _in_file(period: Period, there: Iterable[Period]) -> bool:
    """Whether the file has these days already, or the month before or after, which can be nothing else."""
    known = {other.interval: other for other in there if other.form == period.form}
    near = {_next_month(period.start, step) for step in (1, -1)} if period.form == "month" else ()
    return period.interval in known or any(
        other.start in near and not _as_years("", other.text, other) for other in known.values()
    )


def _no_period(raw: RawFigure, year_starts: int) -> SlipError:
    """What to say of a text that is no period, with spellings that need nothing beside them to tell."""
    meant = explain_period(raw.text("period"), year_starts)
    help_ = meant.help
    for text in meant.replacements:
        period = parse_period(text, year_starts)
        years = _as_years(raw.sheet, text, period)
        if years in meant.replacements:
            help_ = _advice(raw, period, years)
            break
    other = " Or delete the column." if raw.period_row != raw.row else ""
    return SlipError(raw, "period", meant.message, f"{help_}{other}")


def _advice(raw: RawFigure, period: Period, years: str) -> str:
    year = "years" if " to " in years else "year"
    month = "months" if period.form == "range" else "month"
    words = span_words(*period.interval)
    if raw.sheet and period.form == "month":
        words = f"1 month to {period.text}"  # of anything shorter Excel makes a day again
    return f"For the {year} write {years}. For the {month} write {words}."


def hold_day(raw: RawFigure, period: Period, measure: Measure) -> Period:
    """The period; a SlipError if it is a day that was meant for a month, as spreadsheets make of `Jan 24`."""
    text = raw.text("period")
    if period.form != "day" or period.text == text:
        return period
    if not at_a_date(measure):
        message = f"{quoted(text)} is one day, but {quoted(measure.id)} is not counted by days."
    elif period.start.day == 1:
        message = f"{quoted(text)} is the first day of a month, so the whole month may be meant."
    else:
        return period
    help_ = f"For the month write {period.text[:7]}, for the day {period.text}."
    raise SlipError(raw, "period", message, help_)
