"""From the rows of a table to figures as they are written there, in either form: a row a figure, or a column a period."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kpi.human.period import interpret_period
from kpi.model.text import counted, joined, listed, quoted
from kpi.pages.figures_csv import unguarded
from kpi.store.tables import CellProblem, Sheet, column_letters, legend_of
from kpi.store.tables.heading import READ, Heading, heading_row, with_years

_TEXTS = ("note", "unit", "commentary")
"""Columns that hold texts, in which a footnote or a length is no trouble."""
_REPEATED = ("kpi", "measure", "area")  # what a merged cell says of all rows that it covers
_LONGEST = 1000  # characters of a cell that names something or holds a figure
TOTALS = {"total", "totals", "grand total", "subtotal", "sub-total", "sum", "overall total"}
"""What a row that adds up the others is called, in small letters."""


class RawFigure(NamedTuple):
    """One figure as a table gives it. Rows and columns are counted from 1."""

    sheet: str  # the sheet's name; empty for a CSV file
    row: int
    texts: Mapping[str, str]  # by field (`heading.READ`) what the row says, as written
    columns: Mapping[str, int]  # by field where it says that
    period_row: int  # the row with the period: this one, or that of the headings
    decimal_comma: bool = False  # whether a comma may stand where English has a point
    is_typed: bool = False  # whether it is in no table, but was typed as a command
    legend: Mapping[str, str] = {}  # what the sheet says of its markers

    def text(self, field: str) -> str:
        """What the row says of a field; empty where it says nothing."""
        return self.texts.get(field, "")

    def problem(self, field: str, message: str, help_: str = "") -> CellProblem:
        """What is wrong with a field, at its place."""
        row = self.period_row if field == "period" else self.row
        return CellProblem(self.sheet, row, self.columns.get(field, 0), message, help_)


class TableFigures(NamedTuple):
    """The figures of a sheet, what is wrong with it as a table, and sentences about what was not read."""

    figures: tuple[RawFigure, ...]
    problems: tuple[CellProblem, ...] = ()
    notes: tuple[str, ...] = ()


def collect_figures(sheet: Sheet) -> TableFigures | None:
    """The figures of a sheet; None where no row has the heading "kpi"."""
    row = heading_row(sheet.rows)
    if row is None:
        return None
    sheet, top, first = with_years(sheet, row)
    heading = Heading(sheet, top)
    if heading.periods or heading.is_long or "commentary" in heading.columns:
        return _Table(sheet, heading, first).collect()
    return TableFigures((), tuple(heading.problems), heading.notes)


class _Table:
    """A sheet whose headings are understood."""

    def __init__(self, sheet: Sheet, heading: Heading, first: int) -> None:
        self._sheet = sheet
        self._heading = heading
        self._headings = range(first, heading.row + 1)
        columns = heading.columns
        self._values = [columns["value"]] if heading.is_long else [column for column, _ in heading.periods]
        read = {*(columns[name] for name in READ if name in columns), *self._values}
        self._exact = read - {columns[name] for name in _TEXTS if name in columns}
        self._formulas = sheet.formula_rows(read)
        named = {columns[name] for name in _REPEATED if name in columns}
        self._repeated = sheet.repeated(named, below=heading.row)
        self._rows: list[int] = []
        self._problems: list[CellProblem] = list(heading.problems)
        self._left_out: list[str] = []

    def collect(self) -> TableFigures:
        """The figures, and what is wrong."""
        others = list(self._sheet.rows[: self._headings[0] - 1])
        for number, row in enumerate(self._sheet.rows[self._heading.row :], start=self._heading.row + 1):
            if self._takes(number, row):
                self._rows.append(number)
            else:
                others.append(row)
        legend = legend_of(others)
        rows = {*self._rows, *self._headings}
        doubts = [doubt for doubt in self._sheet.doubts if doubt.row in rows and doubt.column in self._exact]
        self._problems += doubts
        doubtful = ((doubt.row, doubt.column) for doubt in doubts)
        unclear = {*doubtful, *self._report_merged(), *self._report_formulas(rows)}
        figures = tuple(raw for number in self._rows for raw in self._figures(number, legend, unclear))
        notes, left_out = self._heading.notes, self._left_out
        where = f" of the sheet {quoted(self._sheet.name)}" if self._sheet.name else ""
        if len(left_out) == 1:
            notes += (f"Row {left_out[0]}{where} names no KPI and was not read.",)
        elif left_out:
            shown = joined(left_out) if len(left_out) <= 3 else listed(left_out, 3)
            notes += (f"Rows {shown}{where} name no KPI and were not read.",)
        return TableFigures(figures, tuple(self._problems), notes)

    def _takes(self, number: int, row: tuple[str, ...]) -> bool:
        width = len(self._sheet.rows[self._heading.row - 1])
        beyond = next((column for column, text in enumerate(row[width:], width + 1) if text.strip()), None)
        if beyond is not None:
            message = "This cell is right of the last heading."
            self._wrong(number, beyond, message, "Is there a comma too many in the row?")
            return False
        if not self._has_figures(number, row):
            return False
        cells = [cell.strip() for cell in row if cell.strip()]
        is_remark = self._heading.is_long and len(row) > 1 and len(cells) == 1 and bool(row[0].strip())
        if is_remark or self._is_total(number):
            self._left_out.append(f"{number} ({quoted(cells[0], 40)})" if cells else str(number))
            return False
        return True

    def _figures(
        self, number: int, legend: Mapping[str, str], unclear: set[tuple[int, int]]
    ) -> Iterator[RawFigure]:
        cell, columns = self._sheet.cell, self._heading.columns
        long_ = [column for column in sorted(self._exact) if len(cell(number, column)) > _LONGEST]
        for column in long_:
            length = len(cell(number, column))
            message = f"This cell has {length:,} characters, which is more than a name or a figure has."
            self._wrong(number, column, message, "Shorten it.")
        if long_:
            return
        texts = {name: unguarded(self._text(number, column)) for name, column in columns.items()}
        comma = self._sheet.decimal_comma
        raw = RawFigure(self._sheet.name, number, texts, columns, number, comma, legend=legend)
        if (number, columns["value"]) not in unclear if self._heading.is_long else raw.text("commentary"):
            yield raw
        for column, period in self._heading.periods:
            value = cell(number, column)
            if value and (number, column) not in unclear:
                yield raw._replace(
                    texts={**texts, "period": period, "value": value},
                    columns={**columns, "period": column, "value": column},
                    period_row=self._heading.row,
                )

    def _text(self, row: int, column: int) -> str:
        """The text of a cell, or of the one that is merged over it."""
        return self._sheet.cell(row, column) or self._repeated.get((row, column), "")

    def _wrong(self, row: int, column: int, message: str, help_: str) -> None:
        self._problems.append(self._sheet.problem(row, column, message, help_))

    # What is no figure.

    def _has_figures(self, number: int, row: tuple[str, ...]) -> bool:
        """Whether a row has anything to import: with a column for each period, other texts are titles and remarks."""
        if self._heading.is_long:
            return any(cell.strip() for cell in row) or self._has_formula(number)
        if "commentary" in self._heading.columns and len(self._named(number, "kpi", "commentary")) == 2:
            return True
        cell, formulas = self._sheet.cell, self._formulas
        return any(cell(number, column) or number in formulas[column] for column in self._values)

    def _is_total(self, number: int) -> bool:
        """Whether a row adds up the others: it says so in place of a KPI, or names none and has only formulas for figures."""
        words = [text.casefold().rstrip(":") for text in self._named(number, "kpi", "measure")]
        if words:
            return len(words) == 1 and words[0] in TOTALS
        typed = (column for column in self._values if number not in self._formulas[column])
        return self._has_formula(number) and not any(self._sheet.cell(number, column) for column in typed)

    def _has_formula(self, number: int) -> bool:
        return any(number in rows for rows in self._formulas.values())

    def _named(self, number: int, *names: str) -> list[str]:
        columns = (self._heading.columns[name] for name in names if name in self._heading.columns)
        return [text for column in columns if (text := self._text(number, column))]

    # What can't be read as it stands.

    def _report_merged(self) -> Iterator[tuple[int, int]]:
        """A figure that stands over several periods or measures: which of them is it for?"""
        rows, periods = set(self._rows), dict(self._heading.periods)
        for area in self._sheet.merged:
            over = [periods.get(column, "") for column in self._values if area.left <= column <= area.right]
            text = self._sheet.cell(area.top, area.left) if area.top in rows else ""
            if not text or area.left not in self._values or (len(over) < 2 and area.top == area.bottom):
                continue
            if len(over) > 1:
                message = f"{counted(len(over), 'period')}: {joined(over)}."
                ends = [end.text for end in map(interpret_period, (over[0], over[-1])) if end is not None]
                whole = interpret_period(" to ".join(ends)) if len(ends) == 2 else None
                help_ = "Write it under one."
                if whole:
                    help_ = f"If it is for all of them, write it once, under {whole.text}."
            else:
                message = f"{area.bottom - area.top + 1} rows."
                help_ = "Write it in the row that it is for."
            self._wrong(area.top, area.left, f"{quoted(text, 60)} stands over {message}", help_)
            yield area.top, area.left

    def _report_formulas(self, rows: set[int]) -> set[tuple[int, int]]:
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
        help_ = 'Copy the cells and paste them as values ("Paste Special", "Values").'
        self._wrong(top, left, message, help_)
        return cells
