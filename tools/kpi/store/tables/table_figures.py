"""From the rows of a table to figures as they are written there, in either form: a row a figure, or a column a period."""

import re
from collections.abc import Collection, Iterator, Mapping

from kpi.human.period import interpret_period
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import MONTHS
from kpi.model.text import counted, joined, nearest, quoted
from kpi.pages.formats import CSV_COLUMNS, unguarded
from kpi.store.tables import CellProblem, RawFigure, Sheet, TableFigures, about, column_letters, legend_of

READ = ("kpi", "measure", "area", "period", "value", "unit", "commentary", *FIGURE_FIELDS[1:])
"""The columns that mean something to an import. The others of an export follow from the KPI's own file."""

_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in MONTHS) + "|sept"
_QUARTER = r"q(?:uarter|tr)? ?[1-4]|[1-4](?:st|nd|rd|th)? q(?:uarter|tr)|h(?:alf)? ?[12]"
_PART = re.compile(rf"{_QUARTER}|(?:{_MONTH})(?: ?(?:-|–|to) ?(?:{_MONTH}))?", re.IGNORECASE)
_YEAR = re.compile(r"(?:fy ?)?[12][0-9]{3}(?:[/–-](?:[12][0-9])?[0-9]{2})?", re.IGNORECASE)
_OF_TIME = re.compile(
    rf"[0-9]|\b(?:{_MONTH}|years?|fy|ytd|to date|half|quarter|month|week|spring|summer|autumn|winter"
    r"|actuals?|outturn|latest|current|previous)\b",
    re.IGNORECASE,
)
"""What a heading has that may be a period, or say that a column has figures: it is not passed over by its place."""
_BESIDE = frozenset({
    "#", "baseline", "benchmark", "board", "category", "change", "code", "contact", "data source", "definition", "department",
    "description", "direction", "frequency", "id", "indicator", "kpi name", "kpi title", "last updated", "lead", "measure name",
    "measure title", "name", "no", "no.", "owner", "polarity", "rag", "rag status", "ref", "ref.", "reference", "reporting officer",
    "responsible", "source", "status", "target", "team", "theme", "title", "tolerance", "trend", "updated", "variance",
})  # fmt: skip
"""Columns that people keep beside the figures, and that are none."""
_OF_A_PERIOD = r"(?:target|rag(?: status)?|status|change|trend|variance|direction)"
_BESIDE_FORM = re.compile(
    rf"{_OF_A_PERIOD}\b.*[0-9].*|.*[0-9].*\s\(?{_OF_A_PERIOD}\)?|%? ?change.*|(?:notes?|comment).*"
)
_TEXTS = ("note", "unit", "commentary")  # columns in which a footnote or a length is no trouble
_REPEATED = ("kpi", "measure", "area")  # what a merged cell says of all rows that it covers
_LONGEST = 1000  # characters of a cell that names something or holds a figure
TOTALS = {"total", "totals", "grand total", "subtotal", "sub-total", "sum", "overall total"}
"""What a row that adds up the others is called, in small letters."""
_NOTES = ("notes", "comment", "comments")  # what people call the column note


def with_years(sheet: Sheet, row: int) -> tuple[Sheet, int, int]:
    """Put the year into headings that are only parts of one: `2024/25` above `Q1` is `Q1 2024/25`.

    The sheet with whole headings in one row is returned, that row, and the first row of the headings.
    """
    last = row + 1 if row < len(sheet.rows) and _leads(sheet, row) else row
    above, below = sheet.rows[last - 2] if last > 1 else (), sheet.rows[last - 1]
    years = {
        column: next((text.strip() for text in reversed(above[:column]) if text.strip()), "")
        for column in range(1, len(below) + 1)
        if _PART.fullmatch(sheet.cell(last, column))
    }
    years = {column: year for column, year in years.items() if _YEAR.fullmatch(year)}
    if not years:
        return sheet, row, row
    headings = tuple(
        f"{sheet.cell(last, column)} {years.get(column, '')}".strip() or sheet.cell(row, column)
        for column in range(1, max(len(above), len(below)) + 1)
    )
    rows = (*sheet.rows[: last - 1], headings, *sheet.rows[last:])
    return sheet._replace(rows=rows), last, min(last - 1, row)


def _leads(sheet: Sheet, row: int) -> bool:
    """Whether the headings go on below: there are only parts of a year in the next row, and none in this one."""
    this, below = (list(filter(None, map(str.strip, cells))) for cells in sheet.rows[row - 1 : row + 1])
    return bool(below) and all(map(_PART.fullmatch, below)) and not any(map(_PART.fullmatch, this))


def collect_figures(sheet: Sheet) -> TableFigures | None:
    """The figures of a sheet; None where no row has the heading "kpi"."""
    row = sheet.heading_row()
    return None if row is None else _Table(*with_years(sheet, row)).collect()


class _Table:
    """A sheet with a row of headings and the first row that they are written over; what is wrong with it as a table."""

    def __init__(self, sheet: Sheet, row: int, first: int) -> None:
        self._sheet, self._row, self._cell = sheet, row, sheet.cell
        self._headings = range(first, row + 1)
        self._where = f" of the sheet {quoted(sheet.name)}" if sheet.name else ""
        self._problems: list[CellProblem] = []
        self._columns: dict[str, int] = {}  # the column of each field, from 1
        self._periods: list[tuple[int, str]] = []  # for a column a period, each with its heading
        self._notes = self._read_headings()
        columns = self._columns
        self._is_long = {"period", "value"} <= columns.keys()  # whether there is a row for each figure
        self._values = [columns["value"]] if self._is_long else [column for column, _ in self._periods]
        read = {*(columns[name] for name in READ if name in columns), *self._values}
        self._exact = read - {columns[name] for name in _TEXTS if name in columns}
        self._formulas = sheet.formula_rows(read)
        self._repeated = sheet.repeated({columns[name] for name in _REPEATED if name in columns}, below=row)

    def collect(self) -> TableFigures:
        if not (self._values or "commentary" in self._columns):
            return TableFigures((), tuple(self._problems), self._notes)
        others, taken, left_out = list(self._sheet.rows[: self._headings[0] - 1]), [], []
        for number, row in enumerate(self._sheet.rows[self._row :], start=self._row + 1):
            has_figures = self._stands_below_headings(number, row) and self._has_figures(number, row)
            cells = [cell.strip() for cell in row if cell.strip()]
            is_remark = self._is_long and len(row) > 1 and len(cells) == 1 and bool(row[0].strip())
            if has_figures and (is_remark or self._is_total(number)):
                left_out.append(f"{number} ({quoted(cells[0], 40)})" if cells else str(number))
            elif has_figures:
                taken.append(number)
                continue
            others.append(row)
        rows = {*taken, *self._headings}
        doubts = [doubt for doubt in self._sheet.doubts if doubt.row in rows and doubt.column in self._exact]
        self._problems += doubts
        doubtful = ((doubt.row, doubt.column) for doubt in doubts)
        unclear = {*doubtful, *self._report_merged(taken), *self._report_formulas(rows)}
        legend = legend_of(others)
        figures = tuple(raw for number in taken for raw in self._figures(number, legend, unclear))
        where = f"{{}}{self._where}"
        single, several = f"Row {where} names no KPI and was", f"Rows {where} name no KPI and were"
        unread = about(left_out, f"{single} not read.", f"{several} not read.")
        return TableFigures(figures, tuple(self._problems), (*self._notes, *unread))

    def _wrong(self, row: int, column: int, message: str, help_: str) -> None:
        self._problems.append(self._sheet.problem(row, column, message, help_))

    # The headings.

    def _read_headings(self) -> tuple[str, ...]:
        """Find the columns; sentences about those that are not read, or read as another."""
        columns, others = self._columns, dict[int, str]()
        headings = [cell.strip() for cell in self._sheet.rows[self._row - 1]]
        names = [heading.casefold() for heading in headings]
        noted = next((names.index(name) + 1 for name in names if name in _NOTES and "note" not in names), 0)
        for column, (heading, name) in enumerate(zip(headings, names, strict=True), start=1):
            if column == noted:
                columns["note"] = column
            elif name in columns:
                self._wrong(self._row, column, f"There are two columns {quoted(name)}.", "Delete one.")
            elif name in READ or name in CSV_COLUMNS:
                columns[name] = column
            elif name:
                others[column] = heading
            elif self._sheet.below(self._row, column):
                help_ = "Write one, or delete the column."
                self._wrong(self._row, column, "This column has no heading.", help_)
        if {"period", "value"} & columns.keys():
            self._check_rows(others)
        else:
            self._take_periods(others)
        names = [quoted(text, 40) for _, text in sorted(others.items())]
        where = f"{{}}{self._where}"
        unread = about(names, f"The column {where} was not read.", f"The columns {where} were not read.")
        if noted and "note" in columns:
            unread = (f"The column {quoted(headings[noted - 1])} was read as note.", *unread)
        return unread

    def _check_rows(self, others: Mapping[int, str]) -> None:
        missing = sorted({"period", "value"} - self._columns.keys())
        for name in missing:
            near = nearest(name, others.values())
            question = f" Is it {quoted(near)}?" if near else ""
            message = f"There is no column {quoted(name)}.{question}"
            self._wrong(self._row, 0, message, f"Name the column {name}.")
        for column, text in () if missing else others.items():
            near = nearest(text, READ, 0.75)  # probably meant to be one that is read
            if near is not None:
                help_ = f"Did you mean {near}? If not, delete the column."
                self._wrong(self._row, column, f"There is no field {quoted(text)}.", help_)

    def _take_periods(self, others: dict[int, str]) -> None:
        """Take the columns of periods out of the others, and find what is wrong with the headings of such a table."""
        sure = [column for column, text in others.items() if interpret_period(text) is not None]
        for column, text in list(others.items()):
            if column in sure or not self._is_beside(column, text, min(sure, default=0)):
                self._periods.append((column, others.pop(column)))
        if len(self._periods) > 1 and "note" in self._columns:
            column = self._columns.pop("note")
            others[column] = self._cell(self._row, column)
        if not self._periods and "commentary" not in self._columns:
            help_ = "Write a column for each period, or the columns period and value."
            self._wrong(self._row, 0, "No column has figures.", help_)
        for name in (name for name in FIGURE_FIELDS if name in self._columns and name != "note"):
            message = f"{quoted(name)} can't belong to several figures of a row."
            instead = f"write a row for each figure, with the columns period, value and {name}"
            self._wrong(self._row, self._columns[name], message, f"Delete the column, or {instead}.")

    def _is_beside(self, column: int, text: str, first: int) -> bool:
        """Whether a column has no figures, by its name, its cells, or its place before the first period, at `first`.

        Among the periods a name like "FY" or "Actual" may be one that was lost: its numbers are not passed over.
        """
        name = text.casefold()
        if name in _BESIDE or _BESIDE_FORM.fullmatch(name) or (column < first and not _OF_TIME.search(text)):
            return True
        cells = self._sheet.below(self._row, column)
        return bool(cells) and not any(re.match(r".*\d", cell) for cell in (text, *cells))

    # The rows below them.

    def _stands_below_headings(self, number: int, row: tuple[str, ...]) -> bool:
        width = len(self._sheet.rows[self._row - 1])
        beyond = next((column for column, text in enumerate(row[width:], width + 1) if text.strip()), None)
        if beyond is not None:
            message = "This cell is right of the last heading."
            self._wrong(number, beyond, message, "Is there a comma too many in the row?")
        return beyond is None

    def _has_figures(self, number: int, row: tuple[str, ...]) -> bool:
        """Whether a row has anything to import: with a column for each period, other texts are titles and remarks."""
        if self._is_long:
            return any(cell.strip() for cell in row) or self._has_formula(number)
        if "commentary" in self._columns and len(self._named(number, "kpi", "commentary")) == 2:
            return True
        return any(self._cell(number, column) or number in self._formulas[column] for column in self._values)

    def _is_total(self, number: int) -> bool:
        """Whether a row adds up the others: it says so in place of a KPI, or names none and has only formulas for figures."""
        words = [text.casefold().rstrip(":") for text in self._named(number, "kpi", "measure")]
        if words:
            return len(words) == 1 and words[0] in TOTALS
        typed = (column for column in self._values if number not in self._formulas[column])
        return self._has_formula(number) and not any(self._cell(number, column) for column in typed)

    def _has_formula(self, number: int) -> bool:
        return any(number in rows for rows in self._formulas.values())

    def _named(self, number: int, *names: str) -> list[str]:
        texts = (self._text(number, self._columns[name]) for name in names if name in self._columns)
        return [text for text in texts if text]

    def _text(self, row: int, column: int) -> str:
        return self._cell(row, column) or self._repeated.get((row, column), "")

    def _figures(
        self, number: int, legend: Mapping[str, str], unclear: set[tuple[int, int]]
    ) -> Iterator[RawFigure]:
        cell, columns = self._cell, self._columns
        long_ = [column for column in sorted(self._exact) if len(cell(number, column)) > _LONGEST]
        for column in long_:
            message = f"This cell has {len(cell(number, column)):,} characters, which is more than a name or a figure has."
            self._wrong(number, column, message, "Shorten it.")
        if long_:
            return
        texts = {name: unguarded(self._text(number, column)) for name, column in columns.items()}
        comma = self._sheet.decimal_comma
        raw = RawFigure(self._sheet.name, number, texts, columns, number, comma, legend=legend)
        if (number, columns["value"]) not in unclear if self._is_long else raw.text("commentary"):
            yield raw
        for column, period in self._periods:
            value = cell(number, column)
            if value and (number, column) not in unclear:
                yield raw._replace(
                    texts={**texts, "period": period, "value": value},
                    columns={**columns, "period": column, "value": column},
                    period_row=self._row,
                )

    def _report_merged(self, rows: Collection[int]) -> Iterator[tuple[int, int]]:
        """A figure that stands over several periods or measures: which of them is it for?"""
        taken, periods = set(rows), dict(self._periods)
        for area in self._sheet.merged:
            over = [periods.get(column, "") for column in self._values if area.left <= column <= area.right]
            text = self._cell(area.top, area.left) if area.top in taken else ""
            if not text or area.left not in self._values or (len(over) < 2 and area.top == area.bottom):
                continue
            message, help_ = f"{area.bottom - area.top + 1} rows.", "Write it in the row that it is for."
            if len(over) > 1:
                message, help_ = f"{counted(len(over), 'period')}: {joined(over)}.", "Write it under one."
                ends = [end.text for end in map(interpret_period, (over[0], over[-1])) if end is not None]
                if len(ends) == 2 and (whole := interpret_period(" to ".join(ends))):
                    help_ = f"If it is for all of them, write it once, under {whole.text}."
            self._wrong(area.top, area.left, f"{quoted(text, 60)} stands over {message}", help_)
            yield area.top, area.left

    def _report_formulas(self, rows: set[int]) -> set[tuple[int, int]]:
        cells = {(row, column) for column, rows_there in self._formulas.items() for row in rows_there & rows}
        if not cells:
            return cells
        (top, bottom), (left, right) = ((min(numbers), max(numbers)) for numbers in zip(*cells, strict=True))
        message = "This cell holds a formula, so its figure may change by itself."
        if len(cells) > 1:
            area = f"cells {column_letters(left)}{top} to {column_letters(right)}{bottom}"
            is_full = len(cells) == (bottom - top + 1) * (right - left + 1)
            which = f"The {area}" if is_full else f"{len(cells):,} of the {area}"
            message = f"{which} hold formulas, so their figures may change by themselves."
        help_ = 'Copy the cells and paste them as values ("Paste Special", "Values").'
        self._wrong(top, left, message, help_)
        return cells
