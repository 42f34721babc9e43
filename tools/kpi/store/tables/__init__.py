"""Tables that people send: a CSV file or an Excel workbook as sheets of text cells, each with its place.

Nothing is understood here. A cell is what a reader of the sheet sees: `67%`, `Jan 2024`, `0:02:18`.
"""

import stat
from pathlib import Path

from kpi.model.errors import UserError
from kpi.model.text import quoted
from kpi.store.tables.sheet import Sheet, Tables, column_letters

__all__ = ["Sheet", "Tables", "column_letters", "read_tables"]

MOST_BYTES = 20 << 20

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old .xls starts, and a new workbook with a password."""


def read_tables(path: Path, wanted: str = "") -> Tables:
    """Read a CSV file or a workbook.

    Args:
        path: the file, anywhere.
        wanted: the one sheet of a workbook to read; without it, all that are not hidden.

    Raises:
        UserError: if it is no such file, is too large, or is a workbook that may not be opened.
    """
    data = _content(path)
    name = quoted(path.name)
    if data.startswith(_OLE):
        message = f"{name} is an old Excel workbook, or has a password. Save it as an Excel workbook (.xlsx) without one."
        raise UserError(message)
    if data.startswith(_ZIP):
        from kpi.store.tables.workbook import read_workbook

        return read_workbook(data, name, wanted)
    if wanted:
        raise UserError(f"{name} is not a workbook, so it has no sheets. Leave --sheet out.")
    from kpi.store.tables.delimited import read_delimited

    return read_delimited(data, name)


def _content(path: Path) -> bytes:
    name = quoted(str(path))
    try:
        if not path.exists():
            raise UserError(f"There is no file {name}.")
        if not stat.S_ISREG(path.stat().st_mode):
            raise UserError(f"{name} is not a file with a table.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{name} can't be opened: {error.strerror}.") from error
    if len(data) > MOST_BYTES:
        raise UserError(f"{name} is larger than {MOST_BYTES >> 20} MB. Import it in parts.")
    return data
