"""Excel workbooks (.xlsx): sheets of cells as Excel shows them. openpyxl reads the cells, of a workbook that `slim` has made small."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.reader.strings import read_rich_text
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import WorkSheetParser

from kpi.model.errors import UserError
from kpi.model.text import quoted
from kpi.store.tables.heading import MOST_ABOVE
from kpi.store.tables.number_form import exact, shown, shown_text, shows_date
from kpi.store.tables.number_format import Shown
from kpi.store.tables.package import damaged, unpacked
from kpi.store.tables.sheet import MOST_BYTES, MOST_CELLS, Area, Doubt, Sheet, Tables, refuse_large
from kpi.store.tables.slim import Slim, SlimSheet, Style, about_hidden, slimmed

_LONGEST = 32_767  # characters that a cell of Excel can have
_DAYS = (27, 28, 29, 30, 31, 32, 33, 34, 35, 36, *range(50, 59))
"""The number formats of East Asian days, which the library doesn't know."""
_RAISED = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_STRUCK_OUT = "This cell has text in it that is struck out."


def read_workbook(data: bytes, name: str, wanted: str = "") -> Tables:
    """Read the sheets of a workbook.

    Args:
        data: the file.
        name: its name, in quotes.
        wanted: the one sheet to read, hidden or not; without it, all that are not hidden.

    Raises:
        UserError: if it may not be opened (`package.unpacked`), is damaged, has no such sheet, or more than is read.
    """
    slim = slimmed(unpacked(data, name), name, wanted)
    notes = list(about_hidden(slim.hidden))
    sheets: list[Sheet] = []
    for sheet, cells, has_hidden in _parsed(slim, name):
        try:
            reading = _Reading(slim, name)
            sheets.append(reading.sheet(sheet, cells))
        except (ArithmeticError, LookupError, ValueError):
            raise damaged(name) from None
        title = quoted(sheet.name, 40)
        if has_hidden:
            notes.append(f"The sheet {title} has hidden rows or columns; they were read like the others.")
        notes += reading.about_hidden_values(title)
    return Tables(tuple(sheets), tuple(notes))


def _parsed(slim: Slim, name: str) -> list[tuple[SlimSheet, list[Mapping[str, Any]], bool]]:
    """The sheets, each with its cells as the library reads them, and whether any row or column with cells is hidden.

    The library's parser gives numbers as they are kept. Its workbook would make days of some, by its own reading of the formats.
    """
    found = []
    try:
        texts = read_rich_text(io.BytesIO(slim.texts)) if slim.texts else []
        for sheet in slim.sheets:
            parser = WorkSheetParser(io.BytesIO(sheet.xml), texts, data_only=True, rich_text=True)  # type: ignore[arg-type]
            cells = list(_cells(parser))
            found.append((sheet, cells, _has_hidden(parser, cells)))
    except Exception:  # noqa: BLE001 -- of a damaged workbook the library raises anything
        raise damaged(name) from None
    return found


def _cells(parser: WorkSheetParser) -> Iterator[Mapping[str, Any]]:
    """The cells of a sheet. One without the heading "kpi" has no figures, and may be large: the rest of it is left unread."""
    has_heading = False
    for number, row in parser.parse():
        if number > MOST_ABOVE and not has_heading:
            return
        has_heading = has_heading or any(str(cell["value"]).strip().casefold() == "kpi" for cell in row)
        yield from (cell for cell in row if cell["value"] is not None)


def _has_hidden(parser: WorkSheetParser, cells: Sequence[Mapping[str, Any]]) -> bool:
    height, width = (max((cell[key] for cell in cells), default=0) for key in ("row", "column"))
    rows = [line for number, line in parser.row_dimensions.items() if int(number) <= height]
    columns = [line for line in parser.column_dimensions.values() if int(line["min"]) <= width]
    return any(
        line.get("hidden") in {"1", "true"} or float(line.get(size, 1)) == 0
        for lines, size in ((rows, "ht"), (columns, "width"))
        for line in lines
    )


class _Reading:
    """Reads the cells of a sheet and remembers what has to be said of them."""

    def __init__(self, slim: Slim, name: str) -> None:
        self._slim = slim
        self._name = name
        self._doubts: list[Doubt] = []
        self._hidden: list[tuple[int, int]] = []
        self._texts: dict[str, str] = {}
        self._size = 0

    def sheet(self, slim: SlimSheet, cells: Sequence[Mapping[str, Any]]) -> Sheet:
        """The sheet.

        Raises:
            UserError: if it is larger than is read.
            ValueError: if something in it can't be.
        """
        height, width = (max((cell[key] for cell in cells), default=0) for key in ("row", "column"))
        refuse_large(self._name, height, width)
        rows = [[""] * width for _ in range(height)]
        for cell in cells:
            rows[cell["row"] - 1][cell["column"] - 1] = self._text(cell)
        merged = _areas(slim.merged, height, width)
        _clear_covered(rows, merged)
        formulas = _areas(slim.formulas, height, width)
        return Sheet(slim.name, tuple(map(tuple, rows)), formulas, merged=merged, doubts=tuple(self._doubts))

    def about_hidden_values(self, title: str) -> Iterator[str]:
        """A sentence about the values that are not shown; `title` is the sheet's name, in quotes."""
        if self._hidden:
            row, column = min(self._hidden)
            more = f" and {len(self._hidden) - 1:,} more" if len(self._hidden) > 1 else ""
            place = f"{get_column_letter(column)}{row}{more}"
            yield f"The sheet {title} has values that its number formats hide ({place}); they were not read."

    def _text(self, cell: Mapping[str, Any]) -> str:
        """A cell as a reader of the sheet sees it."""
        number, styles = cell["style_id"], self._slim.styles
        style = styles[number] if 0 <= number < len(styles) else Style()
        form = _form(style)
        value: object = cell["value"]
        text = ""
        match value:
            case bool():
                text = "TRUE" if value else "FALSE"
            case int() | float():
                text = self._shown(cell, shown(exact(float(value)), form, since_1904=self._slim.since_1904))
            case dt.date() | dt.time() | dt.timedelta():
                text = self._shown(cell, self._iso(value, form))
            case CellRichText():
                text = self._rich(cell, value)
            case str():
                text = (
                    self._known(value) if cell["data_type"] == "e" else shown_text(self._known(value), form)
                )
                self._note_hidden(cell, text, value)
            case _:
                raise ValueError(value)
        if style.struck and text:
            self._doubt(cell, _STRUCK_OUT, "Delete the text, or show it as it is meant.")
        self._size += len(text)
        if self._size > MOST_BYTES:
            raise UserError(
                f"{self._name} has more text than is read. Delete what isn't needed, or import it in parts."
            )
        return text

    def _shown(self, cell: Mapping[str, Any], seen: Shown) -> str:
        self._note_hidden(cell, seen.text, "a number")
        if seen.doubt:
            self._doubt(cell, seen.doubt, 'Write what is meant, with the number format "General".')
        return seen.text

    def _iso(self, value: dt.date | dt.time | dt.timedelta, form: str) -> Shown:
        """A day or a time that is kept as a text, as strict workbooks do."""
        if not shows_date(form):
            if isinstance(value, dt.date):
                return Shown(value.isoformat().removesuffix("T00:00:00"))
            form = "[h]:mm:ss"
        days = to_excel(value, CALENDAR_MAC_1904 if self._slim.since_1904 else CALENDAR_WINDOWS_1900)  # type: ignore[no-untyped-call]
        return shown(exact(float(days)), form, since_1904=self._slim.since_1904)

    def _rich(self, cell: Mapping[str, Any], text: CellRichText) -> str:
        """A text in several looks: what is raised is a footnote, and what is struck out is not meant any more."""
        parts: list[str] = []
        raised = ""
        for block in text:
            part = str(block)
            font = block.font if isinstance(block, TextBlock) else None
            if font is not None and font.strike and part.strip():
                self._doubt(cell, _STRUCK_OUT, "Delete what is struck out.")
            if font is not None and font.vertAlign in {"superscript", "subscript"} and part.strip():
                raised += part.strip()
                part = part.translate(_RAISED)
            parts.append(part)
        whole = self._known("".join(parts))
        if raised:
            bare = "".join(str(block) for block in text if not _is_raised(block)).strip()
            self._doubt(
                cell,
                f"{quoted(whole, 60)} has a footnote in it.",
                f"Write {bare}, and what the footnote says in a note." if bare else "Write the figure.",
            )
        return whole

    def _known(self, text: str) -> str:
        """A text as it was typed; the same object for the same text, because thousands of cells may share a long one."""
        if text not in self._texts:
            if len(text) > _LONGEST:
                raise ValueError(text[:60])
            self._texts[text] = unescape(text)
        return self._texts[text]

    def _note_hidden(self, cell: Mapping[str, Any], text: str, value: str) -> None:
        if not text.strip() and value.strip():
            self._hidden.append((cell["row"], cell["column"]))

    def _doubt(self, cell: Mapping[str, Any], message: str, help_: str) -> None:
        self._doubts.append(Doubt(cell["row"], cell["column"], message, help_))


def _form(style: Style) -> str:
    """The number format of a style. The sign of a currency depends on the machine where only the format's number is known."""
    if isinstance(style.form, str):
        return style.form
    return (
        "yyyy-mm-dd" if style.form in _DAYS else BUILTIN_FORMATS.get(style.form, "General").replace('"$"', "")
    )


def _is_raised(block: object) -> bool:
    return isinstance(block, TextBlock) and block.font.vertAlign in {"superscript", "subscript"}


def _areas(references: Iterable[str], height: int, width: int) -> tuple[Area, ...]:
    """The areas of references such as `C2:C9`, as far as the sheet has cells there."""
    found: list[Area] = []
    for reference in references:
        left, top, right, bottom = range_boundaries(reference)
        if left is None or top is None or right is None or bottom is None:
            raise ValueError(reference)
        if top <= height and left <= width:
            found.append(Area(top, left, min(bottom, height), min(right, width)))
    return tuple(found)


def _clear_covered(rows: list[list[str]], merged: Sequence[Area]) -> None:
    """Of a merged area only the first cell is seen.

    Raises:
        ValueError: if areas cover one another, so that they have more cells than a sheet.
    """
    if sum((area.bottom - area.top + 1) * (area.right - area.left + 1) for area in merged) > MOST_CELLS:
        raise ValueError(merged[0])
    for area in merged:
        first = rows[area.top - 1][area.left - 1]
        for row in rows[area.top - 1 : area.bottom]:
            row[area.left - 1 : area.right] = [""] * (area.right - area.left + 1)
        rows[area.top - 1][area.left - 1] = first
