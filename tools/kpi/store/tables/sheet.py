"""What a table is: a sheet of text cells, and how large it may be."""

from typing import NamedTuple

from kpi.model.errors import UserError

MOST_BYTES = 20 << 20
MOST_ROWS = 100_000
MOST_COLUMNS = 500
MOST_CELLS = 2_000_000


class Area(NamedTuple):
    """Cells from the first to the last row and column, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


class Doubt(NamedTuple):
    """A cell of which it is unclear what it means, and what to do about it."""

    row: int
    column: int
    message: str
    help: str


class Sheet(NamedTuple):
    """One table.

    Attributes:
        name: the sheet's name; empty for a CSV file.
        rows: the cells, row by row from the top; rows may differ in length.
        formulas: the cells that hold formulas.
        decimal_comma: whether a comma may stand where English has a point.
        merged: the cells that are merged into one; its text is in the first of them.
        doubts: the cells whose text is not for certain what is meant. They matter only where a figure is read from them.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    formulas: tuple[Area, ...] = ()
    decimal_comma: bool = False
    merged: tuple[Area, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Tables(NamedTuple):
    """The sheets of a file, and sentences about what was not read, or read differently."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def refuse_large(name: str, rows: int, columns: int) -> None:
    """Stop where a table has more cells than anyone needs.

    Raises:
        UserError: if it has.
    """
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        message = (
            f"{name} reaches to row {rows:,} and column {column_letters(columns)}, which is more than is read. "
            "Delete what isn't needed, or import it in parts."
        )
        raise UserError(message)


def column_letters(number: int) -> str:
    """A column's name in a spreadsheet: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
