"""An Excel workbook as a ZIP file: what may be in it, how large it is, its parts, an element at a time, and what it lists.

Everything that could make the reading long, or stop it, stays behind: borders of empty cells, pictures, filters, names.
What is counted here is what there is, never what a part says of itself.
"""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath
from typing import Any
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS

from kpi.model.errors import UserError
from kpi.model.text import listed, nearest, quoted
from kpi.store.tables import about, damaged

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MOST_PACKED = 5 << 20
MOST_UNPACKED = 50 << 20
MOST_TIMES = 100  # how many times larger than packed the parts may be: more is a bomb
MOST_PARTS = 1000
MOST_TEXT = 20 << 20  # characters of a sheet

_READ = re.compile(r"(?!.*(?:^|/)(?:pivotCache|media|embeddings)/).*\.(?:xml|rels)", re.IGNORECASE)
"""The parts that may hold cells. Pictures, and copies of what other sheets hold, are neither unpacked nor counted."""
_REFUSED = (
    (re.compile(r".*vbaProject\.bin|(?:.*/)?(?:macrosheets|dialogsheets|activeX)/.*", re.IGNORECASE), "has macros", "Save it as .xlsx, without macros."),
    (re.compile(r"(?:.*/)?externalLinks/.*", re.IGNORECASE), "takes figures from other workbooks (external links)", 'Break the links ("Data", "Edit Links"), and save it again.'),
)  # fmt: skip
_SAVE = "Save the table as an Excel workbook (.xlsx), or as CSV."
_COPY = "Copy the table into a workbook, and import that."
_OTHERS = (
    (r"(?:.*/)?workbook\.bin", "is a binary Excel workbook (.xlsb)", _SAVE),
    (r"content\.xml", "is an OpenDocument file (.ods)", _SAVE),
    (r".*\.iwa", "is a file of Numbers", _SAVE),
    (r"word/.*", "is a Word document", _COPY),
    (r"ppt/.*", "is a PowerPoint file", _COPY),
    (r"(?:.*/)?(?:workbook|xl/.*)\.xml", "has the parts of an Excel workbook, but not where Excel puts them", "Open it in Excel and save it again."),
    (r".*\.(?:csv|tsv|xlsx?)", "is a ZIP file with {} in it", "Unpack it, and import that."),
    (r".*", "is not an Excel workbook (.xlsx)", _SAVE),
)  # fmt: skip
"""What else a ZIP file may be, by the name of one of its parts, and what to do."""

LESS = "Delete what isn't needed, read one sheet alone with --sheet, or import it in parts."
"""What to do where a workbook is larger than is read."""
MOST_CONTENTS = 500_000  # how many cells with content, and texts that cells share, are read
_LARGEST = 200_000  # elements in one that is kept whole, such as the list of all looks: Excel has 65,490
_DEEPEST = 20
_BORDER = re.compile(rb'<c r="[^<>]*"(?:/>|></c>)')
"""A cell without content that says where it is. There may be a million, which the parser need not see."""


class Package:
    """The parts of a workbook, and what it lists."""

    def __init__(self, data: bytes, name: str, wanted: str = "") -> None:
        """Take a ZIP file and the name of its wanted sheet; without one, all that are not hidden are wanted.

        A UserError is raised if the file has what is refused, is too large, or has no such sheet; anything that parsers raise
        if it is damaged.
        """
        self.name = name  # the name of its file, in quotes
        self._left = MOST_CONTENTS
        self.parts: dict[str, bytes] = {}  # the content of those that may hold cells, by their names
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as file:
                self._names = file.namelist()
                for entry in _read_entries(file.infolist(), name):
                    with file.open(entry) as part:
                        content = self.parts[entry.filename] = part.read(entry.file_size + 1)
                    if len(content) != entry.file_size:
                        raise zipfile.BadZipFile
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            raise damaged(name) from None
        parts = (part for kind, part in _links(self, "").values() if kind == "officeDocument")
        book = next(parts, "xl/workbook.xml")
        heads = list(self.elements(book, heads=("workbook", "workbookPr", "sheet")))
        if not heads or heads[0].tag != f"{MAIN}workbook":
            raise self._no_workbook()
        links = _links(self, book)
        listing = [head for head in heads if head.tag == f"{MAIN}sheet"]
        # The parts of the sheets to read, by the sheets' names; and a sentence about those that are left out.
        self.sheets, hidden = _chosen_sheets(listing, links, wanted, name)
        single = "The sheet {} is hidden and was not read. kpi import --sheet reads it."
        several = "The sheets {} are hidden and were not read. kpi import --sheet reads one."
        self.about_hidden = about([quoted(title, 40) for title in hidden], single, several)
        by_kind, folder = dict(links.values()), dirname(book)
        self.since_1904 = any(head.get("date1904", "0") not in _NO for head in heads)  # how days are counted
        # How cells look, by the number that they name; and the part with the texts that they share, if any.
        self.styles = tuple(_styles(self, by_kind.get("styles", join(folder, "styles.xml"))))
        self.texts = by_kind.get("sharedStrings", join(folder, "sharedStrings.xml"))

    def _no_workbook(self) -> UserError:
        """What to say of a ZIP file that is no workbook: what it is."""
        for pattern, what, help_ in _OTHERS:
            if part := re.search(f"(?im)^(?:{pattern})$", "\n".join(self._names)):
                return UserError(f"{self.name} {what.format(quoted(part[0], 60))}. {help_}")
        return damaged(self.name)  # it has no parts

    def elements(
        self, part: str, whole: Sequence[str] = (), heads: Sequence[str] = ()
    ) -> Iterator[ET.Element]:
        """Whole elements of a part, and the mere heads of others, in the namespace that openpyxl knows.

        There are none where there is no such part. A UserError is raised where there are definitions, or more elements than are
        read; an ExpatError, SyntaxError, LookupError or ValueError where the part is damaged.
        """
        data = self.parts.get(part)
        if data is None:
            return
        parser: Any = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse_definitions
        parser.Parse(data, True)
        if b"<!" not in data:  # without comments and raw texts these bytes are nothing but cells
            data = _BORDER.sub(b"", data)
        opened: list[ET.Element] = []
        space: str | None = None  # the namespace of the part; a name in another one means something else
        inside = size = 0  # how many of the open elements belong to a whole one, and how many that has so far
        for event, element in ET.iterparse(io.BytesIO(data), ("start", "end")):  # noqa: S314 -- without definitions
            if event == "end":
                opened.pop()
                if element.tag == f"{space}rPh":  # how a text is pronounced
                    opened[-1].remove(element)
                if inside == 1:
                    self._count(element)
                    for each in element.iter() if space != MAIN else ():
                        each.tag = MAIN + each.tag.removeprefix(space or "")
                    yield element
                inside -= inside > 0
                if opened and not inside:
                    del opened[-1][:]  # nothing is kept
                continue
            space = element.tag[: element.tag.rfind("}") + 1] if space is None else space
            opened.append(element)
            name = element.tag.removeprefix(space)
            if inside or name in whole:
                size = size + 1 if inside else 0
                inside += 1
                if inside > _DEEPEST or size > _LARGEST:
                    raise ValueError(part)
            elif name in heads:
                yield ET.Element(MAIN + name, element.attrib)

    def _count(self, element: ET.Element) -> None:
        if element.tag != f"{MAIN}c" or len(element):
            self._left -= max(1, len(element.findall(f"{MAIN}r")))
        if self._left < 0:
            many = f"{self.name} has more than {MOST_CONTENTS:,} cells and texts, which is more than is read"
            raise UserError(f"{many}. {LESS}")

    def _refuse_definitions(self, *_: object) -> None:
        """Stop at definitions, from which a part could grow without end."""
        has = f"{self.name} has definitions that Excel never writes"
        raise UserError(f"{has}. Open it in Excel and save it again.")


def _read_entries(entries: Sequence[zipfile.ZipInfo], name: str) -> list[zipfile.ZipInfo]:
    """The parts that may hold cells; a UserError if there is what is refused, or they are too large."""
    names = [entry.filename for entry in entries]
    for pattern, predicate, help_ in _REFUSED:
        if any(map(pattern.fullmatch, names)):
            raise UserError(f"{name} {predicate}. {help_}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UserError(f"{name} has a password. Save it without one.")
    read = [entry for entry in entries if _READ.fullmatch(entry.filename)]
    packed, size = (sum(getattr(entry, which) for entry in read) for which in ("compress_size", "file_size"))
    bomb = size > MOST_UNPACKED or size > MOST_TIMES * max(packed, 1024)
    odd = any(".." in part.split("/") or part.startswith("/") or "\\" in part for part in names)
    odd = odd or len(set(map(str.casefold, names))) != len(names)
    if packed > MOST_PACKED or bomb or odd or len(entries) > MOST_PARTS:
        large = f"{name} is too large, or isn't packed as Excel packs a workbook"
        raise UserError(f"{large}. Save the sheet alone as CSV.")
    return read


# What a workbook lists: its sheets, the texts that cells share, and how cells look.

_NO = {"0", "false"}
_EAST_ASIAN_DAYS = (*range(27, 37), *range(50, 59))  # number formats which the library doesn't know


def _links(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Where the links of a part lead: what kind of part it is, and its name. "" stands for the whole."""
    folder, _, last = part.rpartition("/")
    links: dict[str, tuple[str, str]] = {}
    for link in package.elements(join(folder, "_rels", f"{last}.rels"), heads=("Relationship",)):
        target = normpath(join("/", folder, link.attrib["Target"])).lstrip("/")
        links[link.attrib["Id"]] = (link.attrib["Type"].rpartition("/")[2], target)
    return links


def _chosen_sheets(
    heads: Sequence[ET.Element], links: Mapping[str, tuple[str, str]], wanted: str, name: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The sheets to read, and the names of those that are hidden. A sheet that is a chart has another kind of link."""
    shown: dict[str, str] = {}
    hidden: dict[str, str] = {}
    for head in heads:
        link = next((value for key, value in head.attrib.items() if key.endswith("}id")), "")
        kind, part = links.get(link, ("", ""))
        title = head.attrib["name"]
        if kind == "worksheet" and title in {*shown, *hidden}:
            raise ValueError(title)
        if kind == "worksheet":
            (shown if head.get("state", "visible") == "visible" else hidden)[title] = part
    if wanted:
        for title, part in (shown | hidden).items():
            if title.strip().casefold() == wanted.strip().casefold():
                return {title: part}, ()
        near = nearest(wanted, (*shown, *hidden))
        there = listed([quoted(title, 40) for title in (*shown, *hidden)])
        help_ = f"Did you mean {quoted(near)}?" if near else f"There are: {there}."
        raise UserError(f"{name} has no sheet {quoted(wanted)}. {help_}")
    if len(set(shown.values())) < len(shown):
        raise UserError(f"{name} lists one sheet more than once. Open it in Excel and save it again.")
    return shown, tuple(hidden)


def _styles(package: Package, part: str) -> Iterator[tuple[str, bool]]:
    """How cells look: the number format as Excel keeps it, and whether they are struck out."""
    elements = package.elements(part, ("numFmts", "fonts", "cellXfs"))
    lists = {element.tag.removeprefix(MAIN): element for element in elements}
    # A number format that Excel knows by number alone. The sign of a currency in it depends on the machine.
    forms = {str(number): form.replace('"$"', "") for number, form in BUILTIN_FORMATS.items()}
    forms |= {str(number): "yyyy-mm-dd" for number in _EAST_ASIAN_DAYS}
    forms |= {form.attrib["numFmtId"]: form.attrib["formatCode"] for form in lists.get("numFmts", ())}
    strikes = (font.iterfind(f"{MAIN}strike") for font in lists.get("fonts", ()))
    struck = [any(strike.get("val", "1") not in _NO for strike in font) for font in strikes]
    for look in lists.get("cellXfs", ()):
        font = int(look.get("fontId", "0"))
        yield forms.get(look.get("numFmtId", "0"), "General"), font < len(struck) and struck[font]
