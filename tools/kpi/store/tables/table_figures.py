"""From the rows of a table to figures as they are written there, in either form: a row a figure, or a column a period."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from kpi.human.period import interpret_period
from kpi.model.text import counted, joined, listed, quoted
from kpi.pages.figures_csv import unguarded
from kpi.store.tables.heading import READ, Bad, Heading, heading_row, read_heading
from kpi.store.tables.marker_legend import legend_of
from kpi.store.tables.sheet import MOST_CELLS, Area, Sheet, column_letters
from kpi.store.tables.year_above import with_years

_TEXTS = ("note", "unit", "commentary")
"""Columns that hold texts, in which a footnote or a length is no trouble."""
_REPEATED = ("kpi", "measure", "area")
"""What a merged cell says of all rows that it covers."""
_LONGEST = 1000  # characters of a cell that names something or holds a figure
_TOTALS = {"total", "totals", "grand total", "subtotal", "sub-total", "sum", "overall total"}


class Given(NamedTuple):
    """One figure as a table gives it; texts are as written, and empty where there are none.

    Attributes:
        sheet: the sheet's name; empty for a CSV file.
        row: the row, from 1.
        texts: by field (`heading.READ`) what the row says.
        columns: by field where it says that, from 1.
        period_row: the row with the period: this one, or that of the headings.
        decimal_comma: whether a comma may stand where English has a point.
        is_typed: whether it is in no table, but was typed as a command.
        legend: what the sheet says of its markers.
    """

    sheet: str
    row: int
    texts: Mapping[str, str]
    columns: Mapping[str, int]
    period_row: int
    decimal_comma: bool = False
    is_typed: bool = False
    legend: Mapping[str, str] = MappingProxyType({})

    def text(self, field: str) -> str:
        """What the row says of a field."""
        return self.texts.get(field, "")

    def bad(self, field: str, message: str, help_: str = "") -> Bad:
        """What is wrong with a field, at its place."""
        row = self.period_row if field == "period" else self.row
        return Bad(self.sheet, row, self.columns.get(field, 0), message, help_)


class Collected(NamedTuple):
    """The figures of a sheet, what is wrong with it as a table, and sentences about what was not read."""

    figures: tuple[Given, ...]
    bad: tuple[Bad, ...] = ()
    notes: tuple[str, ...] = ()


def collected(sheet: Sheet) -> Collected | None:
    """The figures of a sheet; None where no row has the heading "kpi"."""
    row = heading_row(sheet.rows)
    if row is None:
        return None
    sheet, top, first = with_years(sheet, row)
    heading = read_heading(sheet, top)
    if not heading.periods and not _has_a_row_a_figure(heading) and "commentary" not in heading.columns:
        return Collected((), heading.bad, heading.notes)
    return _Table(sheet, heading, first).collected()


def _has_a_row_a_figure(heading: Heading) -> bool:
    return {"period", "value"} <= heading.columns.keys()


class _Table:
    """A sheet whose headings are understood."""

    def __init__(self, sheet: Sheet, heading: Heading, first: int) -> None:
        self._sheet = sheet
        self._heading = heading
        self._first = first
        named = {name: heading.columns[name] for name in READ if name in heading.columns}
        self._is_long = _has_a_row_a_figure(heading)
        periods = [column for column, _ in heading.periods]
        self._values = [heading.columns["value"]] if self._is_long else periods
        self._read = {*named.values(), *self._values}
        self._formulas = _columns_of(sheet.formulas, self._read)
        self._repeated = _repeated(sheet, heading)
        self._rows: list[int] = []
        self._bad: list[Bad] = list(heading.bad)
        self._left_out: list[tuple[int, str]] = []
        self._legend: Mapping[str, str] = {}

    def collected(self) -> Collected:
        """The figures, and what is wrong."""
        sheet, top = self._sheet, self._heading.row
        width = len(sheet.rows[top - 1])
        kept: list[tuple[int, tuple[str, ...]]] = []
        others = list(sheet.rows[: self._first - 1])
        for number, row in enumerate(sheet.rows[top:], start=top + 1):
            beyond = next((place for place in range(width, len(row)) if row[place].strip()), None)
            if beyond is not None:
                self._wrong(
                    number,
                    beyond + 1,
                    "This cell is right of the last heading.",
                    "Is there a comma too many in the row?",
                )
            elif self._has_figures(number, row):
                if self._is_total(number, row) or self._is_remark(row):
                    self._left_out.append((number, next(cell.strip() for cell in row if cell.strip())))
                else:
                    self._rows.append(number)
                    kept.append((number, row))
                    continue
            others.append(row)
        self._legend = legend_of(others)
        unclear = {*self._tell_doubts(), *self._tell_merged(), *self._tell_formulas()}
        figures = [given for number, row in kept for given in self._figures(number, row, unclear)]
        return Collected(tuple(figures), tuple(self._bad), (*self._heading.notes, *self._notes()))

    def _figures(self, number: int, row: tuple[str, ...], unclear: set[tuple[int, int]]) -> Iterator[Given]:
        columns = self._heading.columns
        texts = {name: unguarded(_cell(row, column)) for name, column in columns.items()}
        texts |= {name: text for name, text in self._repeated.get(number, {}).items() if not texts[name]}
        texts_beside = set(map(self._heading.columns.get, _TEXTS))
        long_ = [column for column in sorted(self._read - texts_beside) if len(_cell(row, column)) > _LONGEST]
        for column in long_:
            length = len(_cell(row, column))
            message = f"This cell has {length:,} characters, which is more than a name or a figure has."
            self._wrong(number, column, message, "Shorten it.")
        if long_:
            return
        comma = self._sheet.decimal_comma
        given = Given(self._sheet.name, number, texts, columns, number, comma, legend=self._legend)
        if self._is_long:
            if (number, columns["value"]) not in unclear:
                yield given
            return
        if given.text("commentary"):
            yield given
        for column, period in self._heading.periods:
            value = _cell(row, column)
            if value and (number, column) not in unclear:
                there = {"period": column, "value": column}
                yield given._replace(
                    texts={**texts, "period": period, "value": value},
                    columns={**columns, **there},
                    period_row=self._heading.row,
                )

    def _wrong(self, row: int, column: int, message: str, help_: str) -> None:
        self._bad.append(Bad(self._sheet.name, row, column, message, help_))

    # What is no figure.

    def _has_figures(self, number: int, row: tuple[str, ...]) -> bool:
        """Whether a row has anything to import: with a column for each period, other texts are titles and remarks."""
        if self._is_long:
            return any(cell.strip() for cell in row) or self._has_formula(number)
        if self._has_commentary(number, row):
            return True
        return any(_cell(row, column) or number in self._formulas[column] for column in self._values)

    def _has_commentary(self, number: int, row: tuple[str, ...]) -> bool:
        named = [
            self._text(number, row, name) for name in ("kpi", "commentary") if name in self._heading.columns
        ]
        return len(named) > 1 and all(named)

    def _is_total(self, number: int, row: tuple[str, ...]) -> bool:
        """Whether a row adds up the others: it says so in place of a KPI, or names none and has only formulas for figures."""
        named = [
            self._text(number, row, name) for name in ("kpi", "measure") if name in self._heading.columns
        ]
        words = [text.casefold().rstrip(":") for text in named if text]
        if words:
            return len(words) == 1 and words[0] in _TOTALS
        typed = (column for column in self._values if number not in self._formulas[column])
        return self._has_formula(number) and not any(_cell(row, column) for column in typed)

    def _is_remark(self, row: tuple[str, ...]) -> bool:
        """Whether a row of a table with a row for each figure has nothing but a text in its first column."""
        cells = [cell for cell in row if cell.strip()]
        return self._is_long and len(row) > 1 and len(cells) == 1 and bool(row[0].strip())

    def _has_formula(self, number: int) -> bool:
        return any(number in rows for rows in self._formulas.values())

    def _text(self, number: int, row: tuple[str, ...], name: str) -> str:
        return _cell(row, self._heading.columns[name]) or self._repeated.get(number, {}).get(name, "")

    def _notes(self) -> Iterator[str]:
        rows = [f"{number} ({quoted(text, 40)})" for number, text in self._left_out]
        where = f" of the sheet {quoted(self._sheet.name)}" if self._sheet.name else ""
        if len(rows) == 1:
            yield f"Row {rows[0]}{where} names no KPI and was not read."
        elif rows:
            yield f"Rows {joined(rows) if len(rows) <= 3 else listed(rows, 3)}{where} name no KPI and were not read."

    # What can't be read as it stands.

    def _tell_doubts(self) -> Iterator[tuple[int, int]]:
        texts = set(map(self._heading.columns.get, _TEXTS))
        rows = {*self._rows, *range(self._first, self._heading.row + 1)}
        for doubt in self._sheet.doubts:
            if doubt.row in rows and doubt.column in self._read - texts:
                self._wrong(*doubt)
                yield doubt.row, doubt.column

    def _tell_merged(self) -> Iterator[tuple[int, int]]:
        """A figure that stands over several periods or measures: which of them is it for?"""
        rows = set(self._rows)
        for area in self._sheet.merged:
            over = [column for column in self._values if area.left <= column <= area.right]
            text = self._sheet.rows[area.top - 1][area.left - 1].strip() if area.top in rows else ""
            if not text or area.left not in self._values or (len(over) < 2 and area.top == area.bottom):
                continue
            periods = dict(self._heading.periods)
            if len(over) > 1:
                message = f"{quoted(text, 60)} stands over {counted(len(over), 'period')}: {joined([periods[column] for column in over])}."
                whole = _whole(periods[over[0]], periods[over[-1]])
                help_ = (
                    f"If it is for all of them, write it once, under {whole}."
                    if whole
                    else "Write it under one."
                )
            else:
                message = f"{quoted(text, 60)} stands over {area.bottom - area.top + 1} rows."
                help_ = "Write it in the row that it is for."
            self._wrong(area.top, area.left, message, help_)
            yield area.top, area.left

    def _tell_formulas(self) -> set[tuple[int, int]]:
        rows = {*self._rows, *range(self._first, self._heading.row + 1)}
        cells = {(row, column) for column, formulas in self._formulas.items() for row in rows & formulas}
        if not cells:
            return cells
        (top, bottom), (left, right) = ((min(numbers), max(numbers)) for numbers in zip(*cells, strict=True))
        message = "This cell holds a formula, so its figure may change by itself."
        if len(cells) > 1:
            area = f"{column_letters(left)}{top} to {column_letters(right)}{bottom}"
            is_full = len(cells) == (bottom - top + 1) * (right - left + 1)
            which = f"The cells {area}" if is_full else f"{len(cells):,} of the cells {area}"
            message = f"{which} hold formulas, so their figures may change by themselves."
        self._wrong(
            top, left, message, 'Copy the cells and paste them as values ("Paste Special", "Values").'
        )
        return cells


def _cell(row: tuple[str, ...], column: int) -> str:
    return row[column - 1].strip() if column <= len(row) else ""


def _whole(first: str, last: str) -> str:
    """The period from the first to the last heading, as files write it; empty where there is none."""
    ends = [interpret_period(text) for text in (first, last)]
    texts = [end.text for end in ends if end is not None]
    whole = interpret_period(" to ".join(texts)) if len(texts) == 2 else None
    return whole.text if whole is not None else ""


def _repeated(sheet: Sheet, heading: Heading) -> dict[int, dict[str, str]]:
    """By row what a merged cell above says of it."""
    fields = {heading.columns[name]: name for name in _REPEATED if name in heading.columns}
    repeated: dict[int, dict[str, str]] = {}
    for area in sheet.merged:
        if area.left in fields and area.top > heading.row:
            text = unguarded(sheet.rows[area.top - 1][area.left - 1].strip())
            for row in range(area.top + 1, area.bottom + 1):
                repeated.setdefault(row, {})[fields[area.left]] = text
    return repeated


def _columns_of(formulas: Iterable[Area], columns: Iterable[int]) -> dict[int, set[int]]:
    """By column the rows with formulas; of formulas without end those that are enough to refuse a table."""
    rows: dict[int, set[int]] = {column: set() for column in sorted(columns)}
    left = MOST_CELLS
    order = list(rows)
    for area in formulas:
        for column in order[bisect_left(order, area.left) : bisect_right(order, area.right)]:
            left -= area.bottom - area.top + 1
            if left < 0:
                return rows
            rows[column].update(range(area.top, area.bottom + 1))
    return rows
