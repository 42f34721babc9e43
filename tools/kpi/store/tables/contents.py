"""What a workbook lists: its sheets, the texts that cells share, how cells look. And its parts, an element at a time.

Everything that could make the reading long, or stop it, stays behind: borders of empty cells, pictures, filters, names.
What is counted here is what there is, never what a part says of itself.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath
from typing import Any, NamedTuple
from xml.parsers import expat

from kpi.model.errors import UserError
from kpi.model.text import joined, listed, nearest, quoted
from kpi.store.tables.zip_package import Package, no_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MOST_CONTENTS = 500_000
"""How many cells with content, and texts that cells share, are read."""
_CHUNK = 1 << 16
_LARGEST = (
    200_000  # elements in one that is kept whole, such as the list of all looks; Excel knows 65,490 of these
)
_DEEPEST = 20
_BORDER = re.compile(rb'<c r="[^<>]*"(?:/>|></c>)')
"""A cell without content that says where it is. There may be a million, which the parser need not see."""


class Parts:
    """The parts of a workbook, an element at a time."""

    def __init__(self, package: Package) -> None:
        """Take the package."""
        self.package = package
        self._left = MOST_CONTENTS

    def elements(
        self, part: str, whole: Sequence[str] = (), heads: Sequence[str] = ()
    ) -> Iterator[ET.Element]:
        """Some elements of a part, in the namespace that openpyxl knows; none where there is no such part.

        Args:
            part: the name of the part.
            whole: the names of elements that are given with all that is in them.
            heads: the names of those that are given with their attributes only.

        Raises:
            UserError: if the part has definitions, or the workbook has more whole elements than are read.
            ExpatError, SyntaxError, LookupError or ValueError: if it is damaged.
        """
        data = self.package.parts.get(part, b"")
        self._refuse_definitions(data)
        if (
            b"<!" not in data
        ):  # where there are neither comments nor raw texts, these bytes are nothing but cells
            data = _BORDER.sub(b"", data)
        parser: Any = ET.XMLPullParser(("start", "end"))
        opened: list[ET.Element] = []
        space: str | None = None  # the namespace of the part; a name in another one means something else
        inside = size = 0  # how many of the open elements belong to a whole one, and how many that has so far
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            for event, element in parser.read_events():
                if event == "end":
                    opened.pop()
                    if inside == 1:
                        self._count(element)
                        yield _in_main(element, space or "")
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
        """Count a whole element: a cell or a text, and the pieces of one in several looks."""
        if element.tag != f"{MAIN}c" or len(element):
            self._left -= max(1, len(element.findall(f"{MAIN}r")))
        if self._left < 0:
            raise UserError(
                f"{self.package.name} has more than {MOST_CONTENTS:,} cells and texts, which is more than is read. "
                "Delete what isn't needed, or import it in parts."
            )

    def _refuse_definitions(self, data: bytes) -> None:
        """Stop at definitions, from which a part could grow without end."""

        def refuse(*_: object) -> None:
            raise UserError(
                f"{self.package.name} has definitions that Excel never writes. Open it in Excel and save it again."
            )

        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = refuse
        parser.Parse(data, bool(data))


def _in_main(element: ET.Element, space: str) -> ET.Element:
    for part in element.iter() if space != MAIN else ():
        part.tag = MAIN + part.tag.removeprefix(space)
    return element


class Style(NamedTuple):
    """How a cell looks, as far as that says something about its number.

    Attributes:
        form: the number format as Excel keeps it, or the number of one that Excel knows by number alone.
        struck: whether the text is struck out.
    """

    form: str | int = 0
    struck: bool = False


class Contents(NamedTuple):
    """What a workbook lists.

    Attributes:
        sheets: the parts of the sheets to read, by the sheets' names.
        hidden: the names of the hidden sheets that are left out.
        texts: the part with the texts that cells share; there may be none of this name.
        styles: how cells look, by the number that they name.
        since_1904: whether days are counted from 1904.
    """

    sheets: Mapping[str, str]
    hidden: tuple[str, ...]
    texts: str
    styles: tuple[Style, ...]
    since_1904: bool


def contents(parts: Parts, name: str, wanted: str = "") -> Contents:
    """What a workbook lists: the wanted sheet, hidden or not, or all that are not hidden; `name` is in quotes.

    Raises:
        UserError: if it is not a workbook, has definitions, or no such sheet.
        SyntaxError, LookupError or ValueError: if it is damaged.
    """
    book = next(
        (part for kind, part in _links(parts, "").values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    heads = list(parts.elements(book, heads=("workbook", "workbookPr", "sheet")))
    if not heads or heads[0].tag != f"{MAIN}workbook":
        raise no_workbook(parts.package.names, name)
    links = _links(parts, book)
    sheets, hidden = _chosen([head for head in heads if head.tag == f"{MAIN}sheet"], links, wanted, name)
    by_kind, folder = dict(links.values()), dirname(book)
    since_1904 = any(_is_yes(head.get("date1904", "0")) for head in heads)
    styles = tuple(_styles(parts, by_kind.get("styles", join(folder, "styles.xml"))))
    texts = by_kind.get("sharedStrings", join(folder, "sharedStrings.xml"))
    return Contents(sheets, hidden, texts, styles or (Style(),), since_1904)


def _links(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Where the links of a part lead: what kind of part it is, and its name. "" stands for the whole."""
    folder, _, last = part.rpartition("/")
    links: dict[str, tuple[str, str]] = {}
    for link in parts.elements(join(folder, "_rels", f"{last}.rels"), heads=("Relationship",)):
        target = link.attrib["Target"]
        whole = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        links[link.attrib["Id"]] = (link.attrib["Type"].rpartition("/")[2], whole)
    return links


def _chosen(
    heads: Sequence[ET.Element], links: Mapping[str, tuple[str, str]], wanted: str, name: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The sheets to read, and the names of those that are hidden. A sheet that is a chart has another kind of link."""
    parts: dict[str, str] = {}
    hidden: list[str] = []
    for head in heads:
        link = next((value for key, value in head.attrib.items() if key.endswith("}id")), "")
        kind, part = links.get(link, ("", ""))
        if kind == "worksheet":
            if head.attrib["name"] in parts:
                raise ValueError(head.attrib["name"])
            parts[head.attrib["name"]] = part
            hidden += [head.attrib["name"]] * (head.get("state", "visible") != "visible")
    if wanted:
        sheet = _the_sheet(wanted, list(parts), name)
        return {sheet: parts[sheet]}, ()
    shown = {sheet: part for sheet, part in parts.items() if sheet not in hidden}
    if len(set(shown.values())) < len(shown):
        raise UserError(f"{name} lists one sheet more than once. Open it in Excel and save it again.")
    return shown, tuple(hidden)


def _the_sheet(wanted: str, names: Sequence[str], name: str) -> str:
    for sheet in names:
        if sheet.strip().casefold() == wanted.strip().casefold():
            return sheet
    near = nearest(wanted, names)
    there = listed([quoted(sheet, 40) for sheet in names])
    raise UserError(
        f"{name} has no sheet {quoted(wanted)}. {f'Did you mean {quoted(near)}?' if near else f'There are: {there}.'}"
    )


def about_hidden(hidden: Sequence[str]) -> Iterator[str]:
    """A sentence about the hidden sheets, where there are any."""
    if len(hidden) == 1:
        yield f"The sheet {quoted(hidden[0], 40)} is hidden and was not read. --sheet reads it."
    elif hidden:
        names = [quoted(name, 40) for name in hidden]
        text = joined(names) if len(names) <= 3 else listed(names, 3)
        yield f"The sheets {text} are hidden and were not read. --sheet reads one."


def _styles(parts: Parts, part: str) -> Iterator[Style]:
    lists = {
        element.tag.removeprefix(MAIN): element
        for element in parts.elements(part, ("numFmts", "fonts", "cellXfs"))
    }
    own = {form.attrib["numFmtId"]: form.attrib["formatCode"] for form in lists.get("numFmts", ())}
    struck = [
        any(_is_yes(strike.get("val", "1")) for strike in font.iterfind(f"{MAIN}strike"))
        for font in lists.get("fonts", ())
    ]
    for look in lists.get("cellXfs", ()):
        form, font = look.get("numFmtId", "0"), int(look.get("fontId", "0"))
        yield Style(own.get(form, int(form)), font < len(struck) and struck[font])


def _is_yes(text: str) -> bool:
    return text not in {"0", "false"}
