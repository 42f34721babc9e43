"""From the rows of a table to figures as they are written there, in either form: a row a figure, or a column a period."""

import re
from collections.abc import Iterator, Mapping

from kpi.human.period import interpret_period
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import MONTHS
from kpi.model.text import counted, joined, listed, nearest, quoted
from kpi.pages.formats import CSV_COLUMNS, unguarded
from kpi.store.tables import CellProblem, RawFigure, Sheet, TableFigures, column_letters, legend_of

_BY_FIGURE = FIGURE_FIELDS[1:]
READ = ("kpi", "measure", "area", "period", "value", "unit", "commentary", *_BY_FIGURE)
"""The columns that mean something to an import. The others of an export follow from the KPI's own file."""

_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in MONTHS) + "|sept"
_PART = re.compile(
    rf"q(?:uarter|tr)? ?[1-4]|[1-4](?:st|nd|rd|th)? q(?:uarter|tr)|h(?:alf)? ?[12]|(?:{_MONTH})(?: ?(?:-|–|to) ?(?:{_MONTH}))?",
    re.IGNORECASE,
)
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


def _folded(cell: str) -> str:
    return cell.strip().casefold()


class Heading:
    """The headings of a sheet, taken apart."""

    def __init__(self, sheet: Sheet, row: int) -> None:
        self._sheet, self.row = sheet, row
        self.columns: dict[str, int] = {}  # the column of each field, from 1
        self.periods: list[tuple[int, str]] = []  # for a column a period, each with its heading
        self.problems: list[CellProblem] = []
        self._others: list[tuple[int, str]] = []
        for column, cell in enumerate(sheet.rows[row - 1], start=1):
            name = _folded(cell)
            if name in self.columns:
                self._wrong(column, f"There are two columns {quoted(name)}.", "Delete one.")
            elif name in READ or name in CSV_COLUMNS:
                self.columns[name] = column
            elif name:
                self._others.append((column, cell.strip()))
            elif sheet.below(row, column):
                self._wrong(column, "This column has no heading.", "Write one, or delete the column.")
        noted = next((other for other in self._others if other[1].casefold() in _NOTES), None)
        if noted and "note" not in self.columns:
            self._others.remove(noted)
            self.columns["note"] = noted[0]
        if {"period", "value"} & self.columns.keys():
            self._check_rows()
        else:
            self._take_periods()
        is_note = noted and self.columns.get("note") == noted[0]
        taken = f"The column {quoted(noted[1])} was read as note." if noted and is_note else ""
        self.notes = tuple(filter(None, (taken, self._not_read())))

    @property
    def is_long(self) -> bool:
        """Whether the table has a row for each figure."""
        return {"period", "value"} <= self.columns.keys()

    def _wrong(self, column: int, message: str, help_: str) -> None:
        self.problems.append(self._sheet.problem(self.row, column, message, help_))

    def _not_read(self) -> str:
        """A sentence that names the columns that are not read; empty without any."""
        names = [quoted(text, 40) for _, text in sorted(self._others)]
        where = f" of the sheet {quoted(self._sheet.name)}" if self._sheet.name else ""
        shown = joined(names) if len(names) <= 3 else listed(names, 3)
        columns_were = f"columns {shown}{where} were" if len(names) > 1 else f"column {shown}{where} was"
        return f"The {columns_were} not read." if names else ""

    def _check_rows(self) -> None:
        """Find what is wrong with the headings of a table that has a row for each figure."""
        missing = sorted({"period", "value"} - self.columns.keys())
        for name in missing:
            near = nearest(name, [text for _, text in self._others])
            question = f" Is it {quoted(near)}?" if near else ""
            self._wrong(0, f"There is no column {quoted(name)}.{question}", f"Name the column {name}.")
        for column, text in () if missing else self._others:
            near = nearest(text, READ, 0.75)  # probably meant to be one that is read
            if near is not None:
                help_ = f"Did you mean {near}? If not, delete the column."
                self._wrong(column, f"There is no field {quoted(text)}.", help_)

    def _take_periods(self) -> None:
        """Find the columns of periods, and what is wrong with the headings of a table that has them."""
        sure = [column for column, text in self._others if interpret_period(text) is not None]
        self.periods = [other for other in self._others if not self._is_beside(*other, min(sure, default=0))]
        self._others = [other for other in self._others if other not in self.periods]
        if len(self.periods) > 1 and "note" in self.columns:
            column = self.columns.pop("note")
            self._others.append((column, self._sheet.cell(self.row, column)))
        if not self.periods and "commentary" not in self.columns:
            help_ = "Write a column for each period, or the columns period and value."
            self._wrong(0, "No column has figures.", help_)
        for name in (name for name in _BY_FIGURE if name in self.columns and name != "note"):
            message = f"{quoted(name)} can't belong to several figures of a row."
            instead = f"write a row for each figure, with the columns period, value and {name}"
            self._wrong(self.columns[name], message, f"Delete the column, or {instead}.")

    def _is_beside(self, column: int, text: str, first: int) -> bool:
        """Whether a column has no figures, by its name, its cells, or its place before the first period, at `first`.

        Among the periods a name like "FY" or "Actual" may be one that was lost: its numbers are not passed over.
        """
        if interpret_period(text) is not None:
            return False
        name = _folded(text)
        if name in _BESIDE or _BESIDE_FORM.fullmatch(name) or (column < first and not _OF_TIME.search(text)):
            return True
        cells = self._sheet.below(self.row, column)
        return bool(cells) and not any(re.match(r".*\d", cell) for cell in (text, *cells))


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
        self._problems = heading.problems
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
