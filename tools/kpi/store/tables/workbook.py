"""Excel workbooks (.xlsx): sheets of cells as Excel shows them. openpyxl reads the cells, one at a time."""

import datetime as dt
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import WorkSheetParser, parse_richtext_string

from kpi.model.errors import UserError
from kpi.model.text import quoted
from kpi.store.tables import MOST_ABOVE, Area, CellProblem, Sheet, Tables, damaged, hold_size
from kpi.store.tables.number_format import Shown, exact, shown, shown_text, shows_time
from kpi.store.tables.package import LESS, MAIN, MOST_TEXT, Package

_LONGEST = 32_767  # characters that a cell of Excel can have
_RAISED = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_STRUCK_OUT = "This cell has text in it that is struck out."


def read_workbook(data: bytes, name: str, wanted: str, heading: str) -> Tables:
    """The sheets of a workbook, the wanted or all that are not hidden, and notes; `name` is in quotes.

    A UserError is raised if it may not be opened (`Package`), is damaged, has no such sheet, or more than is read.
    """
    try:
        book = Package(data, name, wanted)
        texts = [_shared_text(element) for element in book.elements(book.texts, ("si",))]
        readers = [_SheetReader(book, title, texts, heading) for title in book.sheets]
    except UserError:
        raise
    except Exception:  # noqa: BLE001 -- of a damaged workbook the parsers raise anything
        raise damaged(name) from None
    try:
        sheets = tuple(reader.sheet() for reader in readers)
    except (ArithmeticError, LookupError, ValueError):
        raise damaged(name) from None
    notes = (note for reader in readers for note in reader.notes())
    return Tables(sheets, (*book.about_hidden, *notes))


def _shared_text(element: ET.Element) -> str | CellRichText:
    if len(element) == 1 and element[0].tag == f"{MAIN}t":
        return element[0].text or ""
    return parse_richtext_string(element)  # type: ignore[arg-type]


class _SheetReader:
    """Reads a sheet and remembers what has to be said of it.

    The library's parser gives numbers as they are kept. Its workbook would make days of some.
    """

    def __init__(self, book: Package, title: str, texts: Sequence[Any], heading: str) -> None:
        """Parse a sheet, to its end if its first rows have the heading: others have no figures, and may be huge."""
        self._book, self._name, self._title = book, book.name, title
        self._cells: list[Mapping[str, Any]] = []
        self._formulas: list[str] = []
        self._merged: list[str] = []
        self._hidden_row = self._hidden_column = sys.maxsize  # the first of them
        self._doubts: list[CellProblem] = []
        self._hidden: list[tuple[int, int]] = []
        self._size = 0
        if book.sheets[title] not in book.parts:
            raise LookupError(title)
        elements = book.elements(book.sheets[title], ("c", "mergeCell"), ("row", "col"))
        parser = WorkSheetParser(None, texts, data_only=True, rich_text=True)  # type: ignore[arg-type]
        has_heading = not heading
        for element in elements:
            match element.tag.removeprefix(MAIN):
                case "c" if len(element) or "r" not in element.attrib:  # the others are borders
                    formula, cell = element.find(f"{MAIN}f"), parser.parse_cell(element)
                    if formula is not None:
                        area = formula.get("ref") if formula.get("t") in {"array", "dataTable"} else None
                        self._formulas.append(area or f"{get_column_letter(cell['column'])}{cell['row']}")
                    if cell["value"] is not None:
                        self._cells.append(cell)
                        has_heading = has_heading or str(cell["value"]).strip().casefold() == heading
                case "row":
                    if parser.row_counter >= MOST_ABOVE and not has_heading:
                        break
                    number, _ = parser.parse_row(element)  # type: ignore[arg-type]
                    parser.row_dimensions.clear()
                    if _is_hidden(element, "ht"):
                        self._hidden_row = min(number, self._hidden_row)
                case "col" if _is_hidden(element, "width"):
                    self._hidden_column = min(int(element.attrib["min"]), self._hidden_column)
                case "mergeCell":
                    self._merged.append(element.attrib["ref"])
        self._height, self._width = (
            max((cell[way] for cell in self._cells), default=0) for way in ("row", "column")
        )

    def sheet(self) -> Sheet:
        """The sheet; a UserError if it is larger than is read, a ValueError if something in it can't be."""
        height, width = self._height, self._width
        hold_size(self._name, height, width, LESS)
        rows = [[""] * width for _ in range(height)]
        for cell in self._cells:
            rows[cell["row"] - 1][cell["column"] - 1] = self._text(cell)
        merged = _areas(self._merged, height, width)
        left = height * width
        for area in merged:  # of which only the first cell is seen
            first, across = rows[area.top - 1][area.left - 1], area.right - area.left + 1
            left -= (area.bottom - area.top + 1) * across
            if left < 0:
                raise ValueError(area)  # they cover one another
            for row in rows[area.top - 1 : area.bottom]:
                row[area.left - 1 : area.right] = [""] * across
            rows[area.top - 1][area.left - 1] = first
        formulas = _areas(self._formulas, height, width)
        texts, doubts = tuple(map(tuple, rows)), tuple(self._doubts)
        return Sheet(self._title, texts, formulas, merged=merged, doubts=doubts)

    def notes(self) -> Iterator[str]:
        title = quoted(self._title, 40)
        if self._hidden_row <= self._height or self._hidden_column <= self._width:
            yield f"The sheet {title} has hidden rows or columns; they were read like the others."
        if self._hidden:
            row, column = min(self._hidden)
            more = f" and {len(self._hidden) - 1:,} more" if len(self._hidden) > 1 else ""
            place = f"{get_column_letter(column)}{row}{more}"
            yield f"The sheet {title} has values that its number formats hide ({place}); they were not read."

    def _text(self, cell: Mapping[str, Any]) -> str:
        number, styles = cell["style_id"], self._book.styles
        form, is_struck = styles[number] if 0 <= number < len(styles) else ("General", False)
        value: object = cell["value"]
        seen = Shown("")
        match value:
            case bool():
                seen = Shown(str(value).upper())
            case int() | float():
                seen = shown(exact(float(value)), form, since_1904=self._book.since_1904)
            case dt.date() | dt.time() | dt.timedelta():
                seen = self._iso(value, form)
            case CellRichText():
                seen = Shown(self._rich(cell, value))
            case str():
                typed = _typed(value)
                seen = Shown(typed if cell["data_type"] == "e" else shown_text(typed, form))
            case _:
                raise ValueError(value)
        if not seen.text.strip() and str(value).strip():
            self._hidden.append((cell["row"], cell["column"]))
        if seen.doubt:
            self._doubt(cell, seen.doubt, 'Write what is meant, with the number format "General".')
        if is_struck and seen.text:
            self._doubt(cell, _STRUCK_OUT, "Delete the text, or show it as it is meant.")
        self._size += len(seen.text)
        if self._size > MOST_TEXT:
            raise UserError(f"{self._name} has more text than is read. {LESS}")
        return seen.text

    def _iso(self, value: dt.date | dt.time | dt.timedelta, form: str) -> Shown:
        """A day or a time that is kept as a text, as strict workbooks do."""
        if not shows_time(form) and isinstance(value, dt.date):
            return Shown(value.isoformat().removesuffix("T00:00:00"))
        form = form if shows_time(form) else "[h]:mm:ss"
        days = to_excel(value, CALENDAR_MAC_1904 if self._book.since_1904 else CALENDAR_WINDOWS_1900)  # type: ignore[no-untyped-call]
        return shown(exact(float(days)), form, since_1904=self._book.since_1904)

    def _rich(self, cell: Mapping[str, Any], text: CellRichText) -> str:
        """A text in several looks: what is raised is a footnote, and what is struck out is not meant any more."""
        parts: list[str] = []
        for block in text:
            part = str(block)
            if isinstance(block, TextBlock) and block.font.strike and part.strip():
                self._doubt(cell, _STRUCK_OUT, "Delete what is struck out.")
            parts.append(part.translate(_RAISED) if _is_raised(block) else part)
        whole = _typed("".join(parts))
        if any(_is_raised(block) and str(block).strip() for block in text):
            bare = "".join(str(block) for block in text if not _is_raised(block)).strip()
            help_ = f"Write {bare}, and what the footnote says in a note." if bare else "Write the figure."
            self._doubt(cell, f"{quoted(whole, 60)} has a footnote in it.", help_)
        return whole

    def _doubt(self, cell: Mapping[str, Any], message: str, help_: str) -> None:
        self._doubts.append(CellProblem(self._title, cell["row"], cell["column"], message, help_))


def _typed(text: str) -> str:
    if len(text) > _LONGEST:
        raise ValueError(text[:60])
    return unescape(text)


def _is_hidden(line: ET.Element, size: str) -> bool:
    return line.get("hidden") in {"1", "true"} or float(line.get(size, 1)) == 0


def _is_raised(block: str | TextBlock) -> bool:
    return isinstance(block, TextBlock) and block.font.vertAlign in {"superscript", "subscript"}


def _areas(references: Iterable[str], height: int, width: int) -> tuple[Area, ...]:
    """The areas of references such as `C2:C9`, as far as the sheet has cells there."""
    areas: list[Area] = []
    for reference in references:
        left, top, right, bottom = (int(edge or "") for edge in range_boundaries(reference))
        if top <= height and left <= width:
            areas.append(Area(top, left, min(bottom, height), min(right, width)))
    return tuple(areas)
