"""Excel workbooks (.xlsx): sheets of cells as Excel shows them.

The standard library's XML reader walks through each part once. Nothing is taken from what a part says of itself, such as
how many texts it has: a workbook could say that it has thousands of millions, and a reader that believes it runs out of memory.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from posixpath import join, normpath
from typing import NamedTuple, Protocol
from xml.parsers import expat

from kpi.model.errors import UserError
from kpi.model.text import joined, listed, nearest, quoted
from kpi.store.tables.number_form import Forms, shown
from kpi.store.tables.package import WORKBOOK, damaged, unpacked
from kpi.store.tables.sheet import MOST_CELLS, Sheet, Tables, refuse_large

_LINKS, _STYLES, _TEXTS = "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"
_DAY_ZERO, _DAY_ZERO_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)


def read_workbook(data: bytes, name: str, wanted: str = "") -> Tables:
    """Read the sheets of a workbook.

    Args:
        data: the file.
        name: its name, in quotes.
        wanted: the one sheet to read, hidden or not; without it, all that are not hidden.

    Raises:
        UserError: if it may not be opened (`package.unpacked`), is damaged, or has no such sheet.
    """
    parts = unpacked(data, name)
    try:
        book = _book(parts, name)
        hidden = [one.name for one in book.sheets if one.hidden]
        chosen = [one for one in book.sheets if not one.hidden]
        if wanted:
            chosen = [_the_sheet(wanted, book.sheets, name)]
        notes = [] if wanted else list(_about_hidden(hidden))
        sheets = tuple(_sheet(one.name, parts[one.part], book, name, notes) for one in chosen)
    except (expat.ExpatError, LookupError, ValueError):
        raise damaged(name) from None
    return Tables(sheets, tuple(notes))


def _about_hidden(hidden: Sequence[str]) -> Iterator[str]:
    if len(hidden) == 1:
        yield f"The sheet {quoted(hidden[0], 40)} is hidden and was not read. --sheet reads it."
    elif hidden:
        names = [quoted(one, 40) for one in hidden]
        told = joined(names) if len(names) <= 3 else listed(names, 3)
        yield f"The sheets {told} are hidden and were not read. --sheet reads one."


class _Listed(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


class _Book(NamedTuple):
    """What the sheets of a workbook share."""

    sheets: tuple[_Listed, ...]
    texts: list[str]
    forms: Forms
    since: dt.date


def _the_sheet(wanted: str, sheets: Sequence[_Listed], name: str) -> _Listed:
    for one in sheets:
        if one.name.strip().casefold() == wanted.strip().casefold():
            return one
    names = [one.name for one in sheets]
    near = nearest(wanted, names)
    told = (
        f"Did you mean {quoted(near)}?"
        if near
        else f"There are: {listed([quoted(one, 40) for one in names])}."
    )
    raise UserError(f"{name} has no sheet {quoted(wanted)}. {told}")


def _book(parts: Mapping[str, bytes], name: str) -> _Book:
    contents, links, forms, texts = _Contents(), _Links(), Forms(), _Texts()
    for part, reader in ((WORKBOOK, contents), (_LINKS, links), (_STYLES, forms), (_TEXTS, texts)):
        if part in parts:
            _walk(parts[part], name, reader)
    found = [(one, links.targets[link]) for one, link in contents.sheets if link in links.targets]
    sheets = tuple(_Listed(one, target, one in contents.hidden) for one, target in found)
    return _Book(sheets, texts.found, forms, contents.since)


def _sheet(title: str, content: bytes, book: _Book, name: str, notes: list[str]) -> Sheet:
    """A sheet; what has to be said of it is added to the notes."""
    cells = _Cells(book, name)
    _walk(content, name, cells)
    if cells.has_hidden:
        notes.append(
            f"The sheet {quoted(title, 40)} has hidden rows or columns; they were read like the others."
        )
    rows = [[""] * cells.width for _ in range(cells.height)]
    for (row, column), text in cells.found.items():
        rows[row - 1][column - 1] = text
    _fill_merged(rows, cells.merged)
    return Sheet(title, tuple(map(tuple, rows)), tuple(cells.formulas))


def _fill_merged(rows: list[list[str]], merged: Sequence[str]) -> None:
    """Write what stands in a merged cell into all that it covers: a reader sees it beside each of them."""
    left = MOST_CELLS
    for reference in merged:
        (top, first), (bottom, last) = (_place(one) for one in reference.split(":"))
        left -= (bottom - top + 1) * (last - first + 1)
        if left < 0 or top > len(rows) or first > len(rows[top - 1]):
            continue
        for row in rows[top - 1 : bottom]:
            for column in range(first - 1, min(last, len(row))):
                row[column] = row[column] or rows[top - 1][first - 1]


# The parts.


class _Part(Protocol):
    """Takes the elements of a part as they come; the names are without their prefix."""

    def start(self, tag: str, given: Mapping[str, str], /) -> None: ...


def _walk(content: bytes, name: str, reader: _Part) -> None:
    def refuse(*_: object) -> None:
        raise UserError(
            f"{name} has definitions that Excel never writes. Open it in Excel and save it again."
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, given: reader.start(tag.rpartition(":")[2], given)
    if isinstance(reader, _WithText):
        end: Callable[[str], None] = reader.end
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = reader.text
        parser.buffer_text = True
    parser.Parse(content, True)


class _Contents:
    """The workbook itself: its sheets, each with its link, and the day that is 0."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.hidden: set[str] = set()
        self.since = _DAY_ZERO

    def start(self, tag: str, given: Mapping[str, str], /) -> None:
        if tag == "workbookPr" and given.get("date1904") in {"1", "true"}:
            self.since = _DAY_ZERO_1904
        elif tag == "sheet":
            link = next((value for key, value in given.items() if key.endswith(":id")), "")
            self.sheets.append((given["name"], link))
            if given.get("state", "visible") != "visible":
                self.hidden.add(given["name"])


class _Links:
    """Where the links lead to that are worksheets; a sheet that is a chart has another kind of link."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, given: Mapping[str, str], /) -> None:
        if tag == "Relationship" and given["Type"].endswith("/worksheet"):
            target = given["Target"]
            self.targets[given["Id"]] = (
                target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            )


class _WithText:
    """A part in which text matters: what stands in the innermost element that is listened to."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._listening = False

    def text(self, text: str) -> None:
        if self._listening:
            self._heard.append(text)

    def end(self, tag: str) -> None:
        raise NotImplementedError

    def _take(self) -> str:
        text = "".join(self._heard)
        self._heard.clear()
        return text


class _Texts(_WithText):
    """The texts that cells share. A text may have parts in several letters; how it is pronounced is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._aloud = False

    def start(self, tag: str, given: Mapping[str, str], /) -> None:
        del given
        self._aloud = self._aloud or tag == "rPh"
        self._listening = tag == "t" and not self._aloud

    def end(self, tag: str) -> None:
        self._listening = False
        if tag == "rPh":
            self._aloud = False
        elif tag == "si":
            self.found.append(self._take())


class _Cells(_WithText):
    """The cells of a sheet by row and column, from 1, and how far it reaches."""

    def __init__(self, book: _Book, name: str) -> None:
        super().__init__()
        self.found: dict[tuple[int, int], str] = {}
        self.formulas: list[tuple[int, int]] = []
        self.merged: list[str] = []
        self.height = self.width = 0
        self.has_hidden = False
        self._book = book
        self._name = name
        self._row = self._column = 0
        self._kind = self._style = ""

    def start(self, tag: str, given: Mapping[str, str], /) -> None:
        self._listening = tag in {"v", "t"}
        if tag in {"row", "col"} and given.get("hidden") in {"1", "true"}:
            self.has_hidden = True
        if tag == "row":
            self._row, self._column = int(given.get("r", self._row + 1)), 0
        elif tag == "c":
            row, column = _place(given["r"]) if "r" in given else (self._row, self._column + 1)
            self._row, self._column = row, column
            self.height, self.width = max(self.height, row), max(self.width, column)
            refuse_large(self._name, self.height, self.width)
            self._kind, self._style = given.get("t", "n"), given.get("s", "0")
            self._take()
        elif tag == "f":
            self.formulas.append((self._row, self._column))
        elif tag == "mergeCell":
            places = [_place(one) for one in given["ref"].split(":")]
            refuse_large(self._name, *map(max, zip(*places, strict=True)))
            self.merged.append(given["ref"] if len(places) == 2 else f"{given['ref']}:{given['ref']}")

    def end(self, tag: str) -> None:
        self._listening = False
        if tag == "c" and (text := self._shown(self._take())):
            self.found[self._row, self._column] = text

    def _shown(self, text: str) -> str:
        """A cell as a reader sees it, by its kind (ECMA-376, part 1, 18.18.11)."""
        if self._kind in {"str", "inlineStr", "e"} or not text.strip():
            return text
        if self._kind == "s":
            return self._book.texts[_number(text)]
        if self._kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if self._kind == "d":
            return text.strip().removesuffix("T00:00:00")
        return shown(text, self._book.forms.of(self._style), self._book.since)


def _number(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _place(reference: str) -> tuple[int, int]:
    """`C7` as row and column: (7, 3)."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})", reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
