"""What the columns of a table are, by its row of headings, or by two: a year above its quarters or months."""

import re
from collections.abc import Sequence

from kpi.human.period import interpret_period
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import MONTHS
from kpi.model.text import joined, listed, nearest, quoted
from kpi.pages.figures_csv import CSV_COLUMNS
from kpi.store.tables import MOST_ABOVE, CellProblem, Sheet

_BY_FIGURE = FIGURE_FIELDS[1:]
READ = ("kpi", "measure", "area", "period", "value", "unit", "commentary", *_BY_FIGURE)
"""The columns that mean something to an import. The others of an export follow from the KPI's own file."""

_BESIDE = frozenset({
    "#", "baseline", "benchmark", "board", "category", "change", "code", "contact", "data source", "definition", "department",
    "description", "direction", "frequency", "id", "indicator", "kpi name", "kpi title", "last updated", "lead", "measure name",
    "measure title", "name", "no", "no.", "order", "owner", "polarity", "position", "quartile", "rag", "rag status", "rank", "ranking",
    "ref", "ref.", "reference", "reporting officer", "responsible", "source", "status", "target", "team", "theme", "title", "tolerance",
    "trend", "updated", "variance", "weight", "weighting",
})  # fmt: skip
"""Columns that people keep beside the figures, and that are none."""
_OF_A_PERIOD = r"(?:target|rag(?: status)?|status|change|trend|variance|direction)"
_BESIDE_FORM = re.compile(
    rf"{_OF_A_PERIOD}\b.*[0-9].*|.*[0-9].*\s\(?{_OF_A_PERIOD}\)?|%? ?change.*|(?:notes?|comment).*"
)
_NOTES = ("notes", "comment", "comments")  # what people call the column note


def heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The row with the headings, from 1: the first that has a cell "kpi". None where none of the first rows has."""
    for number, row in enumerate(rows[:MOST_ABOVE], start=1):
        if len(row) > 1 and "kpi" in map(_folded, row):
            return number
    return None


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
        self.notes = tuple(filter(None, (taken, self._left_out())))

    @property
    def is_long(self) -> bool:
        """Whether the table has a row for each figure."""
        return {"period", "value"} <= self.columns.keys()

    def _wrong(self, column: int, message: str, help_: str) -> None:
        self.problems.append(self._sheet.problem(self.row, column, message, help_))

    def _left_out(self) -> str:
        names = [quoted(text, 40) for _, text in sorted(self._others)]
        where = f" of the sheet {quoted(self._sheet.name)}" if self._sheet.name else ""
        shown = joined(names) if len(names) <= 3 else listed(names, 3)
        columns_were = f"columns {shown}{where} were" if len(names) > 1 else f"column {shown}{where} was"
        return f"The {columns_were} not read." if names else ""

    def _check_rows(self) -> None:
        """Find what is wrong with the headings of a table that has a row for each figure."""
        columns = self.columns
        missing = sorted({"period", "value"} - columns.keys())
        for name in missing:
            near = nearest(name, [text for _, text in self._others])
            question = f" Is it {quoted(near)}?" if near else ""
            self._wrong(0, f"There is no column {quoted(name)}.{question}", f"Name the column {name}.")
        for column, text in () if missing else self._others:
            near = nearest(text, READ, 0.75)  # probably meant to be one that is read
            if near is not None:
                help_ = f"Did you mean {near}? If not, delete the column."
                self._wrong(column, f"There is no field {quoted(text)}.", help_)
        if (
            "numerator" in columns and "denominator" not in columns
        ):  # the second alone is enough for a per cent
            message = 'There is a column "numerator", but none for the denominator.'
            self._wrong(columns["numerator"], message, "Add a column denominator, or delete this one.")

    def _take_periods(self) -> None:
        """Find the columns of periods, and what is wrong with the headings of a table that has one for each."""
        self.periods = [other for other in self._others if not self._is_beside(*other)]
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

    def _is_beside(self, column: int, text: str) -> bool:
        """Whether a column has no figures: by its name, or because neither that nor any cell has more digits than a code."""
        if interpret_period(text) is not None:
            return False
        if _folded(text) in _BESIDE or _BESIDE_FORM.fullmatch(_folded(text)):
            return True
        cells = self._sheet.below(self.row, column)
        return bool(cells) and not any(re.match(r".*\d", cell) for cell in (text, *cells))


# Headings in two rows.

_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in MONTHS) + "|sept"
_PART = re.compile(
    rf"q(?:uarter|tr)? ?[1-4]|[1-4](?:st|nd|rd|th)? q(?:uarter|tr)|h(?:alf)? ?[12]|(?:{_MONTH})(?: ?(?:-|–|to) ?(?:{_MONTH}))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:fy ?)?[12][0-9]{3}(?:[/–-](?:[12][0-9])?[0-9]{2})?", re.IGNORECASE)


def with_years(sheet: Sheet, row: int) -> tuple[Sheet, int, int]:
    """Put the year into the headings (in the row with "kpi") that are only parts of one: `2024/25` above `Q1` is `Q1 2024/25`.

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
