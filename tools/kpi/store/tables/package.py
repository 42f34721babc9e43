"""The inside of an Excel workbook, before anything opens it: what may be in it, how large it is, and its odd cells.

A workbook is a ZIP file of XML. Each part is unpacked here under a limit and read once, for its sheets, its formulas and
the way that it shows numbers. What reads the values afterwards gets only parts that went through this.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from posixpath import join, normpath
from typing import NamedTuple
from xml.parsers import expat

from kpi.model.errors import UserError
from kpi.store.tables import refuse_large

MOST_PACKED = 5 << 20
MOST_UNPACKED = 50 << 20
MOST_TIMES = 100
"""How many times larger than packed the parts may be: more is a bomb."""
MOST_PARTS = 1000

FORMULA, ERROR, PERCENT, MONTH, YEAR, DAY = "formula", "error", "percent", "month", "year", "day"

_READ = re.compile(r"(?:\[Content_Types\]\.xml|_rels/\.rels|xl/.*\.(?:xml|rels))", re.IGNORECASE)
_IDLE = re.compile(
    r"xl/(?:theme|drawings|media|charts|tables|comments|printerSettings|persons|richData)\b.*", re.IGNORECASE
)
"""Parts that hold no value of a cell; they are left out."""
_REFUSED = (
    (re.compile(r".*vbaProject\.bin|.*/(?:macrosheets|dialogsheets|activeX)/.*", re.IGNORECASE), "has macros", "Save it as .xlsx, without macros."),
    (
        re.compile(r".*/externalLinks/.*", re.IGNORECASE),
        "takes figures from other workbooks (external links)",
        'Break the links ("Data", "Edit Links"), and save it again.',
    ),
)  # fmt: skip
_WORKBOOK, _LINKS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"

_ITS_OWN = {
    9: PERCENT,
    10: PERCENT,
    17: MONTH,
    **dict.fromkeys((14, 15, 16, 22, *range(27, 37), *range(50, 59)), DAY),
}
"""The forms that Excel knows by number alone (ECMA-376, part 1, 18.8.30)."""

Odd = Mapping[tuple[int, int], str]
"""What is special about cells, by (row, column) from 1: a formula, an error, or how the number is shown."""


class Package(NamedTuple):
    """A workbook that may be opened.

    Attributes:
        data: the workbook made anew from the parts that were looked at.
        odd: for each sheet by name its odd cells.
    """

    data: bytes
    odd: Mapping[str, Odd]


def unpacked(data: bytes, name: str) -> Package:
    """Look into a workbook.

    Args:
        data: the file.
        name: its name, in quotes.

    Raises:
        UserError: if it is no workbook, has what is refused, or unpacks to more than the limits.
    """
    try:
        parts = _parts(data, name)
        odd = _sheets(parts, name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        expat.ExpatError,
        KeyError,
        ValueError,
    ):
        raise UserError(f"{name} is damaged and can't be read. Open it in Excel and save it again.") from None
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for part, content in parts.items():
            file.writestr(zipfile.ZipInfo(part), content)
    return Package(made.getvalue(), odd)


def _parts(data: bytes, name: str) -> dict[str, bytes]:
    """The parts that hold values, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        entries = file.infolist()
        names = [entry.filename for entry in entries]
        for pattern, what, help_ in _REFUSED:
            if any(map(pattern.fullmatch, names)):
                raise UserError(f"{name} {what}. {help_}")
        size = sum(entry.file_size for entry in entries)
        odd = len(set(map(str.casefold, names))) != len(names) or any(
            ".." in one.split("/") or one.startswith("/") or "\\" in one for one in names
        )
        bomb = size > MOST_UNPACKED or size > MOST_TIMES * max(len(data), 1024)
        if len(data) > MOST_PACKED or bomb or odd or len(entries) > MOST_PARTS:
            raise UserError(
                f"{name} is too large, or isn't packed as Excel packs a workbook. Save the sheet alone as CSV."
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise UserError(f"{name} has a password. Save it without one.")
        if _WORKBOOK not in names:
            raise UserError(f"{name} is not an Excel workbook (.xlsx). Save it as one, or as CSV.")
        return {
            entry.filename: _content(file, entry)
            for entry in entries
            if _READ.fullmatch(entry.filename) and not _IDLE.fullmatch(entry.filename)
        }


def _content(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A part; no more of it than the file says that there is."""
    with file.open(entry) as part:
        content = part.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile
    return content


def _sheets(parts: Mapping[str, bytes], name: str) -> dict[str, Odd]:
    """The odd cells of each sheet. All parts are read, so that none has what XML must not have here."""
    names: dict[str, str] = {}
    targets: dict[str, str] = {}

    def workbook(tag: str, given: Mapping[str, str]) -> None:
        if tag == "sheet":
            names[given["name"]] = next(value for key, value in given.items() if key.endswith(":id"))

    def links(tag: str, given: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = given["Target"]
            targets[given["Id"]] = (
                target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            )

    styles = _Styles()
    cells = {}
    for part, content in parts.items():
        if part == _STYLES:
            _walk(content, name, styles.start)
    kinds = styles.kinds()
    for part, content in parts.items():
        reader = {_WORKBOOK: workbook, _LINKS: links}.get(part)
        if reader is not None:
            _walk(content, name, reader)
        elif part != _STYLES:
            sheet = cells[part] = _Cells(kinds, name)
            _walk(content, name, sheet.start, sheet.text)
    return {sheet: cells[targets[link]].odd for sheet, link in names.items() if targets[link] in cells}


def _walk(
    content: bytes,
    name: str,
    start: Callable[[str, Mapping[str, str]], None],
    text: Callable[[str], None] | None = None,
) -> None:
    """Read a part; elements are told without their prefix."""

    def refuse(*_: object) -> None:
        raise UserError(
            f"{name} has definitions that Excel never writes. Open it in Excel and save it again."
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, given: start(tag.rpartition(":")[2], given)
    if text is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    parser.Parse(content, True)


class _Cells:
    """The odd cells of a sheet, and how far it reaches."""

    def __init__(self, kinds: list[str], name: str) -> None:
        self.odd: dict[tuple[int, int], str] = {}
        self._kinds = kinds
        self._name = name
        self._row = self._column = self._last = 0
        self._in_error = False

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        self._in_error = tag == "v" and self.odd.get((self._row, self._column)) == ERROR
        if tag == "row":
            self._row = int(given.get("r", self._row + 1))
            self._column = 0
        elif tag == "c":
            self._cell(given)
        elif tag == "f":
            self.odd[self._row, self._column] = FORMULA
        elif tag == "mergeCell":
            refuse_large(self._name, *map(max, zip(*map(_place, given["ref"].split(":")), strict=True)))

    def _cell(self, given: Mapping[str, str]) -> None:
        row, self._column = _place(given["r"]) if "r" in given else (self._row, self._column + 1)
        self._row = row
        self._last = max(self._last, self._column)
        refuse_large(self._name, row, self._last)
        style = int(given.get("s", "0"))
        kind = ERROR if given.get("t") == "e" else self._kinds[style] if style < len(self._kinds) else ""
        if kind:
            self.odd[row, self._column] = kind

    def text(self, text: str) -> None:
        if self._in_error:
            self.odd[self._row, self._column] = f"{ERROR} {text.strip()}"


def _place(reference: str) -> tuple[int, int]:
    """`C7` as row and column: (7, 3)."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


class _Styles:
    """How each style shows a number."""

    def __init__(self) -> None:
        self._forms: dict[int, str] = {}
        self._styles: list[int] = []
        self._in_cells = False

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        if tag in {"cellXfs", "cellStyleXfs", "dxfs", "cellStyles"}:
            self._in_cells = tag == "cellXfs"
        elif tag == "numFmt":
            self._forms[int(given["numFmtId"])] = _shown_as(given["formatCode"])
        elif tag == "xf" and self._in_cells:
            self._styles.append(int(given.get("numFmtId", "0")))

    def kinds(self) -> list[str]:
        return [self._forms.get(one, _ITS_OWN.get(one, "")) for one in self._styles]


def _shown_as(form: str) -> str:
    """What a number's form, such as `mmm-yy`, shows of it."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', "", form.lower()).partition(";")[0]
    if "%" in bare:
        return PERCENT
    if "h" in bare or "s" in bare or "general" in bare:
        return ""
    if "d" in bare:
        return DAY
    if "m" in bare:
        return MONTH
    return YEAR if "y" in bare else ""
