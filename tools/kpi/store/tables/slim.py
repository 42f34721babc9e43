"""A workbook made small and plain before openpyxl reads it: the sheets that are wanted, and of them the cells with content.

Everything that could make the reading long, or stop it, stays behind: borders of empty cells, fonts, pictures, filters, names.
What is counted here is what there is, never what a part says of itself.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath
from typing import NamedTuple
from xml.sax.saxutils import escape

from kpi.model.errors import UserError
from kpi.model.text import joined, listed, nearest, quoted
from kpi.store.tables.package import Package, damaged, no_workbook

MOST_CONTENTS = 500_000
"""How many cells with content, and texts that cells share, are read."""
_MOST_STYLES = 66_000  # Excel knows 65,490
_LONGEST_LIST = 10 << 20  # bytes of the parts that only list something
_LONGEST_TAG = 10_000

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Style(NamedTuple):
    """How a cell looks, as far as that says something about its number.

    Attributes:
        form: the number format as Excel keeps it, or the number of one that Excel knows by number alone.
        struck: whether the text is struck out.
        raised: whether it is raised or lowered.
    """

    form: str | int = 0
    struck: bool = False
    raised: bool = False


class SlimSheet(NamedTuple):
    """A sheet.

    Attributes:
        name: its name.
        xml: its columns and the cells with content.
        formulas: the cells that formulas fill, in references such as `C2:C9`.
        merged: the cells that are merged, likewise.
    """

    name: str
    xml: bytes
    formulas: tuple[str, ...]
    merged: tuple[str, ...]


class Slim(NamedTuple):
    """A small workbook.

    Attributes:
        sheets: the sheets, in the workbook's order.
        hidden: the names of the hidden sheets that were left out.
        texts: the texts that cells share, as XML; empty where there are none.
        styles: how cells look, by the number that they name.
        since_1904: whether days are counted from 1904.
    """

    sheets: tuple[SlimSheet, ...]
    hidden: tuple[str, ...]
    texts: bytes
    styles: tuple[Style, ...]
    since_1904: bool


class _Listed(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


def slimmed(package: Package, name: str, wanted: str = "") -> Slim:
    """Make a workbook small.

    Args:
        package: its parts.
        name: its name, in quotes.
        wanted: the one sheet to keep, hidden or not; without it, all that are not hidden.

    Raises:
        UserError: if it is none, is damaged, has no such sheet, or has more than is read.
    """
    try:
        return _slimmed(package, name, wanted)
    except (ET.ParseError, LookupError, ValueError):
        raise damaged(name) from None


def _slimmed(package: Package, name: str, wanted: str) -> Slim:
    parts = _Parts(package, name)
    book = next(
        (target for kind, target in parts.links("").values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    root = parts.tree(book) if book in package.parts else ET.Element("none")
    if _local(root) != "workbook":
        raise no_workbook(package.names, name)
    links = parts.links(book)
    sheets, hidden = _chosen(_listed(root, links), wanted, name)
    by_kind, folder = dict(links.values()), dirname(book)
    texts = _in_main(
        _ALOUD.sub(b"", parts.xml(by_kind.get("sharedStrings", join(folder, "sharedStrings.xml")))), b"sst"
    )
    styles = _styles(parts.tree(by_kind.get("styles", join(folder, "styles.xml"))))
    made = tuple(_sheet(sheet.name, parts.xml(sheet.part, required=True)) for sheet in sheets)
    if (
        sum(1 for xml in (texts, *(sheet.xml for sheet in made)) for _ in _COUNTED.finditer(xml))
        > MOST_CONTENTS
    ):
        raise UserError(
            f"{name} has more than {MOST_CONTENTS:,} rows, cells and texts, which is more than is read. "
            "Delete what isn't needed, or import it in parts."
        )
    since_1904 = any(_is_yes(one.get("date1904", "0")) for one in root.iterfind("{*}workbookPr"))
    return Slim(made, hidden, texts, styles, since_1904)


def _chosen(sheets: Sequence[_Listed], wanted: str, name: str) -> tuple[list[_Listed], tuple[str, ...]]:
    """The sheets to read, and the names of those that are hidden and not read."""
    if wanted:
        return [_the_sheet(wanted, sheets, name)], ()
    chosen = [sheet for sheet in sheets if not sheet.hidden]
    if len({sheet.part for sheet in chosen}) < len(chosen):
        raise UserError(f"{name} lists one sheet more than once. Open it in Excel and save it again.")
    return chosen, tuple(sheet.name for sheet in sheets if sheet.hidden)


def about_hidden(hidden: Sequence[str]) -> Iterator[str]:
    """A sentence about the hidden sheets, where there are any."""
    if len(hidden) == 1:
        yield f"The sheet {quoted(hidden[0], 40)} is hidden and was not read. --sheet reads it."
    elif hidden:
        names = [quoted(name, 40) for name in hidden]
        text = joined(names) if len(names) <= 3 else listed(names, 3)
        yield f"The sheets {text} are hidden and were not read. --sheet reads one."


def _the_sheet(wanted: str, sheets: Sequence[_Listed], name: str) -> _Listed:
    for sheet in sheets:
        if sheet.name.strip().casefold() == wanted.strip().casefold():
            return sheet
    names = [sheet.name for sheet in sheets]
    near = nearest(wanted, names)
    help_ = (
        f"Did you mean {quoted(near)}?"
        if near
        else f"There are: {listed([quoted(one, 40) for one in names])}."
    )
    raise UserError(f"{name} has no sheet {quoted(wanted)}. {help_}")


# The parts as XML.

_DECLARED = re.compile(rb"\s*<\?xml\b[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"'][^>]*\?>")
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "utf-16"}
_ASIDE = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_ALOUD = re.compile(rb"<(?:\w+:)?rPh\b(?:[^<]|<(?!(?:\w+:)?rPh\b))*?</(?:\w+:)?rPh>")
"""How a text is pronounced. No pattern here looks at a byte more than a few times, whatever a part holds."""


class _Parts:
    """The parts of a workbook as XML in UTF-8, without comments and definitions."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name

    def xml(self, part: str, *, required: bool = False) -> bytes:
        """A part; empty where there is none.

        Raises:
            LookupError: if it is required and not there.
            UserError: if it has definitions.
        """
        data = self._package.parts[part] if required else self._package.parts.get(part, b"")
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = re.sub(r"^\s*<\?xml.*?\?>", "", data.decode("utf-16"), count=1).encode()
        elif found := _DECLARED.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
            encoding = found[1].decode().lower()
            if encoding not in _ENCODINGS:
                raise LookupError(encoding)
            data = data.decode(encoding).encode()
        data = _ASIDE.sub(lambda aside: escape((aside[1] or b"").decode()).encode(), data)
        if b"<!" in data:
            raise UserError(
                f"{self._name} has definitions that Excel never writes. Open it in Excel and save it again."
            )
        return data

    def tree(self, part: str) -> ET.Element:
        """A part that only lists something; an element without anything where there is none."""
        data = self.xml(part)
        if len(data) > _LONGEST_LIST:
            raise ValueError(part)
        return ET.fromstring(data) if data else ET.Element("none")  # noqa: S314 -- without definitions nothing can grow

    def links(self, part: str) -> dict[str, tuple[str, str]]:
        """Where the links of a part lead: what kind of part it is, and its name. "" stands for the whole."""
        folder, _, last = part.rpartition("/")
        found: dict[str, tuple[str, str]] = {}
        for link in self.tree(join(folder, "_rels", f"{last}.rels")).iterfind("{*}Relationship"):
            target = link.attrib["Target"]
            whole = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            found[link.attrib["Id"]] = (link.attrib["Type"].rpartition("/")[2], whole)
        return found


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _is_yes(text: str) -> bool:
    return text not in {"0", "false", "baseline"}


def _listed(book: ET.Element, links: Mapping[str, tuple[str, str]]) -> list[_Listed]:
    """The worksheets; a sheet that is a chart has another kind of link."""
    found: list[_Listed] = []
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        kind, part = links.get(link, ("", ""))
        if kind == "worksheet":
            found.append(_Listed(sheet.attrib["name"], part, sheet.get("state", "visible") != "visible"))
    return found


def _styles(root: ET.Element) -> tuple[Style, ...]:
    own = {
        form.attrib["numFmtId"]: form.attrib["formatCode"] for form in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts = [
        [
            any(_is_yes(one.get("val", "1")) for one in font.iterfind(f"{{*}}{look}"))
            for look in ("strike", "vertAlign")
        ]
        for font in root.iterfind("{*}fonts/{*}font")
    ]
    found: list[Style] = []
    for look in root.iterfind("{*}cellXfs/{*}xf"):
        form, font = look.get("numFmtId", "0"), int(look.get("fontId", "0"))
        found.append(Style(own.get(form, int(form)), *(fonts[font] if font < len(fonts) else ())))
    if len(found) > _MOST_STYLES:
        raise ValueError(len(found))
    return tuple(found) or (Style(),)


# A sheet.

_SHEET = re.compile(rb"<(?:\w+:)?worksheet\b[^<>]*>")
_COLUMNS = re.compile(rb"<(?:\w+:)?cols\b.*?(?:</(?:\w+:)?cols>|\Z)", re.DOTALL)
_DATA = re.compile(rb"<(?:\w+:)?sheetData\b[^<>]*>")
_DATA_END = b"sheetData>"
_COUNTED = re.compile(rb"<(?:\w+:)?(?:c|r|row|si)(?=[\s/>])")
_BLANK = re.compile(
    rb"<(?:\w+:)?c\s[^<>]*(?:/>|(?<!/)>\s*(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>)\s*)?</(?:\w+:)?c>)"
)
_BLANK_ROW = re.compile(rb"<(?:\w+:)?row\s[^<>]*(?:/>|(?<!/)>\s*</(?:\w+:)?row>)")
_UNPLACED = re.compile(rb"<(?:\w+:)?(?:c|row)(?=[\s/>])(?![^<>]*\sr\s*=)")
"""A cell or row that doesn't say where it stands: it follows the one before, which then has to stay."""
_FORMULA = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f\b([^<>]*)>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s([^<>]*)>")


def _sheet(name: str, xml: bytes) -> SlimSheet:
    top, data = _SHEET.search(xml), _DATA.search(xml)
    if top is None or data is None:
        raise ValueError(xml[:60])
    end = data.end() if data[0].endswith(b"/>") else xml.rindex(_DATA_END, data.end()) + len(_DATA_END)
    cells = _ALOUD.sub(b"", xml[data.start() : end])
    formulas = [_formula(found[1], found[2]) for found in _FORMULA.finditer(cells)]
    merged = [_attribute(found[1], b"ref") for found in _MERGED.finditer(xml, end)]
    if not _UNPLACED.search(cells):
        cells = _BLANK_ROW.sub(_if_hidden, _BLANK.sub(b"", cells))
    columns = _COLUMNS.search(xml, top.end(), data.start())
    prefix = top[0][1:].partition(b"worksheet")[0]
    slim = b"".join(
        (top[0].rstrip(b"/>"), b">", columns[0] if columns else b"", cells, b"</", prefix, b"worksheet>")
    )
    return SlimSheet(name, _in_main(slim, b"worksheet"), tuple(formulas), tuple(merged))


def _if_hidden(row: re.Match[bytes]) -> bytes:
    return row[0] if b"hidden" in row[0] else b""


def _formula(cell: bytes, formula: bytes) -> str:
    """The cells that a formula fills: its own, or all of an array's, of which only the first holds it."""
    kind = re.search(rb"\st\s*=\s*[\"'](?:array|dataTable)", formula)
    return _attribute(formula, b"ref") if kind and b"ref" in formula else _attribute(cell, b"r")


def _attribute(text: bytes, name: bytes) -> str:
    found = re.search(rb"(?:^|\s)" + name + rb"\s*=\s*[\"']([^\"']*)", text)
    if found is None:
        raise ValueError(text)
    return found[1].decode()


def _in_main(xml: bytes, tag: bytes) -> bytes:
    """A part in the namespace that the library knows; strict workbooks have another."""
    found = re.match(rb"\s*<(?:(\w+):)?" + tag + rb"\b[^<>]*>", xml)
    if found is None or len(found[0]) > _LONGEST_TAG:
        return xml
    mark = b"xmlns:" + found[1] if found[1] else b"xmlns"
    bare = re.sub(rb"\s" + mark + rb"\s*=\s*(\"[^\"]*\"|'[^']*')", b"", found[0])
    start = bare.index(tag) + len(tag)
    return bare[:start] + b" " + mark + b'="' + _MAIN + b'"' + bare[start:] + xml[found.end() :]
