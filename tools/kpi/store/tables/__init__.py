"""A table that people send: sheets of text cells as a reader sees them, what is wrong with one, its legend."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from kpi.model.errors import UserError
from kpi.model.text import HIDDEN, joined, listed, quoted
from kpi.model.vocabulary import BESIDE_NUMBER, INSTEAD_OF_NUMBER, MARKS

T = TypeVar("T")

_LESS = "Delete what isn't needed, or import it in parts."
MOST_BYTES = 20 << 20
MOST_ROWS = 100_000
MOST_COLUMNS = 500
MOST_CELLS = 2_000_000
MOST_ABOVE = 100  # rows above the headings: a title, a date, a contact, how to read the table


class Area(NamedTuple):
    """Cells from the first to the last row and column, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


class CellProblem(NamedTuple):
    """What is wrong in a table, why, and what to write instead; row or column is 0 where none is meant."""

    sheet: str
    row: int
    column: int
    message: str
    help: str = ""


class Sheet(NamedTuple):
    """One table. Rows and columns are counted from 1."""

    name: str  # the sheet's name; empty for a CSV file
    rows: tuple[tuple[str, ...], ...]  # the cells, row by row from the top; rows may differ in length
    formulas: tuple[Area, ...] = ()  # the cells that hold formulas
    decimal_comma: bool = False  # whether a comma may stand where English has a point
    merged: tuple[Area, ...] = ()  # the cells that are merged into one; its text is in the first of them
    # The cells whose text may not be what is meant. They matter only where a figure is read from them.
    doubts: tuple[CellProblem, ...] = ()

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; empty where its row ends before it."""
        cells = self.rows[row - 1]
        return cells[column - 1].strip() if column <= len(cells) else ""

    def below(self, row: int, column: int) -> list[str]:
        """The texts of a column below a row."""
        return [text for number in range(row + 1, len(self.rows) + 1) if (text := self.cell(number, column))]

    def heading_row(self) -> int | None:
        """The row of headings: the first that has a cell "kpi"; None where none of the first rows has."""
        for number, row in enumerate(self.rows[:MOST_ABOVE], start=1):
            if len(row) > 1 and "kpi" in (cell.strip().casefold() for cell in row):
                return number
        return None

    def repeated(self, columns: Collection[int], below: int = 0) -> dict[tuple[int, int], str]:
        """What merged cells of some columns, below a row, say of the rows that they cover: the text by row and column."""
        return {
            (row, area.left): self.cell(area.top, area.left)
            for area in self.merged
            if area.left in columns and area.top > below
            for row in range(area.top + 1, area.bottom + 1)
        }

    def formula_rows(self, columns: Iterable[int]) -> dict[int, set[int]]:
        """By column the rows with formulas; of formulas without end those that are enough to refuse a table."""
        rows: dict[int, set[int]] = {column: set() for column in sorted(columns)}
        order, left = list(rows), MOST_CELLS
        for area in self.formulas:
            for column in order[bisect_left(order, area.left) : bisect_right(order, area.right)]:
                left -= area.bottom - area.top + 1
                if left < 0:
                    return rows
                rows[column].update(range(area.top, area.bottom + 1))
        return rows

    def problem(self, row: int, column: int, message: str, help_: str = "") -> CellProblem:
        """What is wrong with a cell."""
        return CellProblem(self.name, row, column, message, help_)


class Tables(NamedTuple):
    """The sheets of a file, and sentences about what was not read, or read differently."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


class RawFigure(NamedTuple):
    """One figure as a table gives it. Rows and columns are counted from 1."""

    sheet: str  # the sheet's name; empty for a CSV file
    row: int
    texts: Mapping[str, str]  # by field (`table_figures.READ`) what the row says, as written
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
    """The figures of a sheet or a table, what is wrong with it as one, and sentences about what was not read."""

    figures: tuple[RawFigure, ...]
    problems: tuple[CellProblem, ...] = ()
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()  # the names of a table's sheets, in order


def damaged(name: str) -> UserError:
    """What to say of a workbook that no program could have written like this."""
    return UserError(f"{name} is damaged and can't be read. Open it in Excel and save it again.")


def about(names: Sequence[str], single: str, several: str) -> tuple[str, ...]:
    """A sentence about what has these names, which stand in place of the first `{}`; none where there are no names."""
    shown = joined(names) if len(names) <= 3 else listed(names, 3)
    return ((single if len(names) == 1 else several).replace("{}", shown, 1),) if names else ()


def read_sheets(tables: Tables, read: Callable[[Sheet], T | None], what: str) -> tuple[list[T], list[str]]:
    """What is read of each sheet, and the notes; a sheet that holds something, but not what is looked for, is named there."""
    results = [(sheet, read(sheet)) for sheet in tables.sheets]
    unread = [sheet for sheet, result in results if result is None and any(map(any, sheet.rows))]
    single, several = f"The sheet {{}} has no {what} and was", f"The sheets {{}} have no {what} and were"
    names = [quoted(sheet.name, 40) for sheet in unread]
    notes = [*tables.notes, *about(names, f"{single} not read.", f"{several} not read.")]
    return [result for _, result in results if result is not None], notes


def hold_size(name: str, rows: int, columns: int, help_: str = _LESS) -> None:
    """Raise a UserError if a table has more cells than anyone needs; `help_` says what to do."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        reach = f"{name} reaches to row {rows:,} and column {column_letters(columns)}"
        raise UserError(f"{reach}, which is more than is read. {help_}")


def one_line(text: str) -> str:
    """A text on one line, without characters that can't be seen."""
    return HIDDEN.sub("", " ".join(text.split()))


def column_letters(number: int) -> str:
    """A column's name in a spreadsheet: 1 is A, 27 is AA; empty for 0, which is no column."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(number - 1)) if number else ""


# What a sheet says of its own markers: `* = suppressed`, `[x] not available`, `: means not applicable`.
ZERO = "0"  # in place of a mark: the figure is zero
UNKNOWN = ""  # in place of a mark: the sheet says what the marker means, but in words that no mark has

_MARKER = r"\[[a-z]{1,4}\]|[a-z]|[*~†‡§#:^.!–-]{1,3}"
_SIGN = r"\s*(?:=|:|–|-(?!\S)|means|denotes|indicates|stands for)\s*|(?<=[*~†‡\]:])\s+"
_SAID = re.compile(rf"[\"'“‘]?({_MARKER})[\"'”’]?(?:{_SIGN})(.+)", re.IGNORECASE)
_AFTER = r"(?:$|\s*[(.,:;]|\s(?:to|for|because|due|as|by|until|figures?|data|values?)\b)"
"""What may follow the words of a mark. "Zero-hours contracts" are no zero."""
_WORDS = {
    **{text: mark for text, mark in (INSTEAD_OF_NUMBER | BESIDE_NUMBER).items() if len(text) > 3},
    **{mark.brief: mark.name for mark in MARKS.values()},
    **dict.fromkeys(("zero", "nil", "true zero", "nought"), ZERO),
}


def legend_of(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """The markers that rows without figures explain, in small letters, each with its mark, `ZERO` or `UNKNOWN`."""
    said: dict[str, str] = {}
    for row in rows:
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) == 2 and re.fullmatch(_MARKER, cells[0], re.IGNORECASE):
            entries = [(cells[0], cells[1])]
        else:
            parts = re.split(r"[;,\n]", "\n".join(cells))
            entries = [(entry[1], entry[2]) for part in parts if (entry := _SAID.fullmatch(part.strip()))]
        for marker, words in entries:
            folded = words.casefold().strip(" .\"'")
            fitting = [text for text in _WORDS if re.match(re.escape(text) + _AFTER, folded)]
            said[marker.casefold()] = _WORDS[max(fitting, key=len)] if fitting else UNKNOWN
    return said
