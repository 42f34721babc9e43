"""What the columns of a table are, by its row of headings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kpi.human.period import interpret_period
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.text import joined, listed, nearest, quoted
from kpi.store.tables.sheet import Sheet

_BY_FIGURE = FIGURE_FIELDS[1:]
READ = ("kpi", "measure", "area", "period", "value", "unit", "commentary", *_BY_FIGURE)
"""The columns that mean something to an import."""

PASSED_OVER = ("priority", "objective", "start", "end", "months", "kind", "derived", "dimensions")
"""The other columns of an export: all of them follow from the KPI's own file."""

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
_NOTES = ("notes", "comment", "comments")
"""What people call the column note."""

MOST_ABOVE = 100
"""Rows above the headings: a title, a date, a contact, how to read the table."""


class Bad(NamedTuple):
    """What is wrong in a table, and where.

    Attributes:
        sheet: the sheet's name; empty for a CSV file.
        row: from 1; 0 where no row is meant.
        column: from 1; 0 where no column is meant.
        message: what is wrong, quoting the text, and why.
        help: what to write instead.
    """

    sheet: str
    row: int
    column: int
    message: str
    help: str = ""


class Heading(NamedTuple):
    """The headings of a sheet.

    Attributes:
        row: the row they are in, from 1.
        columns: the column of each field, from 1.
        periods: for a column a period, each with its heading; none for a row a figure.
        bad: what is wrong with them.
        notes: sentences about columns that are not read.
    """

    row: int
    columns: Mapping[str, int]
    periods: tuple[tuple[int, str], ...]
    bad: tuple[Bad, ...]
    notes: tuple[str, ...]


def heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The row with the headings, from 1: the first that has a cell "kpi". None where none of the first rows has."""
    for number, row in enumerate(rows[:MOST_ABOVE], start=1):
        if len(row) > 1 and "kpi" in map(_folded, row):
            return number
    return None


def read_heading(sheet: Sheet, row: int) -> Heading:
    """Take the headings apart."""
    columns, others, bad = _sorted_out(sheet, row)
    noted = next((other for other in others if "note" not in columns and other[1].casefold() in _NOTES), None)
    taken = (f"The column {quoted(noted[1])} was read as note.",) if noted else ()
    if noted:
        others.remove(noted)
        columns["note"] = noted[0]
    long = {"period", "value"} & columns.keys()
    if long:
        missing = {"period", "value"} - columns.keys()
        bad += [_no_column(sheet.name, row, name, others) for name in sorted(missing)]
        bad += [
            slip for slip in (_misspelt(sheet.name, row, *other) for other in others) if slip and not missing
        ]
        bad += _half_a_share(sheet.name, row, columns)
        return Heading(row, columns, (), tuple(bad), (*taken, *_not_read(sheet.name, others)))
    beside = [other for other in others if _is_beside(sheet, row, *other)]
    others = [other for other in others if other not in beside]
    if not others and "commentary" not in columns:
        message = "No column has figures."
        help_ = "Write a column for each period, or the columns period and value."
        bad.append(Bad(sheet.name, row, 0, message, help_))
    if len(others) > 1 and "note" in columns:
        column = columns.pop("note")
        beside.append((column, sheet.rows[row - 1][column - 1].strip()))
    for name in _BY_FIGURE:
        if name in columns and name != "note":
            message = f"{quoted(name)} can't belong to several figures of a row."
            help_ = f"Delete the column, or write a row for each figure, with the columns period, value and {name}."
            bad.append(Bad(sheet.name, row, columns[name], message, help_))
    return Heading(
        row,
        columns,
        tuple(others),
        tuple(bad),
        (*(taken if "note" in columns else ()), *_not_read(sheet.name, sorted(beside))),
    )


def _is_beside(sheet: Sheet, row: int, column: int, text: str) -> bool:
    """Whether a column has no figures: by its name, or because neither that nor any cell has more digits than a code."""
    if interpret_period(text) is not None:
        return False
    if _folded(text) in _BESIDE or _BESIDE_FORM.fullmatch(_folded(text)):
        return True
    cells = [cells[column - 1].strip() for cells in sheet.rows[row:] if column <= len(cells)]
    return any(cells) and not any(map(re.compile(r".*\d").match, (text, *cells)))


def _sorted_out(sheet: Sheet, row: int) -> tuple[dict[str, int], list[tuple[int, str]], list[Bad]]:
    """The columns with a name that an export has, all others with a heading, and what is wrong with the headings."""
    columns: dict[str, int] = {}
    others: list[tuple[int, str]] = []
    bad: list[Bad] = []
    for column, cell in enumerate(sheet.rows[row - 1], start=1):
        name = _folded(cell)
        if name in columns:
            bad.append(Bad(sheet.name, row, column, f"There are two columns {quoted(name)}.", "Delete one."))
        elif name in READ or name in PASSED_OVER:
            columns[name] = column
        elif name:
            others.append((column, cell.strip()))
        elif any(column <= len(cells) and cells[column - 1].strip() for cells in sheet.rows[row:]):
            message = "This column has no heading."
            bad.append(Bad(sheet.name, row, column, message, "Write one, or delete the column."))
    return columns, others, bad


def _folded(cell: str) -> str:
    return cell.strip().casefold()


def _no_column(sheet: str, row: int, name: str, others: list[tuple[int, str]]) -> Bad:
    near = nearest(name, [text for _, text in others])
    question = f" Is it {quoted(near)}?" if near else ""
    return Bad(sheet, row, 0, f"There is no column {quoted(name)}.{question}", f"Name the column {name}.")


def _half_a_share(sheet: str, row: int, columns: Mapping[str, int]) -> Iterator[Bad]:
    """A column of numerators without one of denominators: of the two numbers behind a per cent only the second is enough."""
    if "numerator" in columns and "denominator" not in columns:
        message = 'There is a column "numerator", but none for the denominator.'
        yield Bad(sheet, row, columns["numerator"], message, "Add a column denominator, or delete this one.")


def _misspelt(sheet: str, row: int, column: int, text: str) -> Bad | None:
    """A heading that was probably meant to be one that is read."""
    near = nearest(text, READ, 0.75)
    if near is None:
        return None
    return Bad(
        sheet,
        row,
        column,
        f"There is no field {quoted(text)}.",
        f"Did you mean {near}? If not, delete the column.",
    )


def _not_read(sheet: str, others: list[tuple[int, str]]) -> tuple[str, ...]:
    names = [quoted(text, 40) for _, text in others]
    if not names:
        return ()
    where = f" of the sheet {quoted(sheet)}" if sheet else ""
    text = joined(names) if len(names) <= 3 else listed(names, 3)
    return (
        f"The column{'s' if len(names) > 1 else ''} {text}{where} {'were' if len(names) > 1 else 'was'} not read.",
    )
