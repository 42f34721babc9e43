"""What a table is: a sheet of text cells, and how large it may be."""

from typing import NamedTuple

from kpi.model.errors import UserError

MOST_ROWS = 100_000
MOST_COLUMNS = 500
MOST_CELLS = 2_000_000


class Sheet(NamedTuple):
    """One table.

    Attributes:
        name: the sheet's name; empty for a CSV file.
        rows: the cells, row by row from the top; rows may differ in length.
        formulas: the cells that hold a formula, as (row, column) from 1.
        decimal_comma: whether a comma may stand where English has a point.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    formulas: tuple[tuple[int, int], ...] = ()
    decimal_comma: bool = False


class Tables(NamedTuple):
    """The sheets of a file, and sentences about what was not read or not read as it stands."""

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
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
