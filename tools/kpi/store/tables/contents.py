"""What a workbook lists: its sheets, the texts that cells share, and how cells look."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath
from typing import NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS

from kpi.model.errors import UserError
from kpi.model.text import joined, listed, nearest, quoted
from kpi.store.tables.package import MAIN, Package

_DAYS = (*range(27, 37), *range(50, 59))
"""The number formats of East Asian days, which the library doesn't know."""


class Style(NamedTuple):
    """How a cell looks, as far as that says something about its number.

    Attributes:
        form: the number format as Excel keeps it.
        struck: whether the text is struck out.
    """

    form: str = "General"
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


def contents(package: Package, wanted: str = "") -> Contents:
    """What a workbook lists: the wanted sheet, hidden or not, or all that are not hidden.

    Raises:
        UserError: if it is not a workbook, has definitions, or no such sheet.
        SyntaxError, LookupError or ValueError: if it is damaged.
    """
    book = next(
        (part for kind, part in _links(package, "").values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    heads = list(package.elements(book, heads=("workbook", "workbookPr", "sheet")))
    if not heads or heads[0].tag != f"{MAIN}workbook":
        raise package.no_workbook()
    links = _links(package, book)
    sheets, hidden = _chosen(
        [head for head in heads if head.tag == f"{MAIN}sheet"], links, wanted, package.name
    )
    by_kind, folder = dict(links.values()), dirname(book)
    since_1904 = any(_is_yes(head.get("date1904", "0")) for head in heads)
    styles = tuple(_styles(package, by_kind.get("styles", join(folder, "styles.xml"))))
    texts = by_kind.get("sharedStrings", join(folder, "sharedStrings.xml"))
    return Contents(sheets, hidden, texts, styles or (Style(),), since_1904)


def _links(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Where the links of a part lead: what kind of part it is, and its name. "" stands for the whole."""
    folder, _, last = part.rpartition("/")
    links: dict[str, tuple[str, str]] = {}
    for link in package.elements(join(folder, "_rels", f"{last}.rels"), heads=("Relationship",)):
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
        yield f"The sheet {quoted(hidden[0], 40)} is hidden and was not read. kpi import --sheet reads it."
    elif hidden:
        names = [quoted(name, 40) for name in hidden]
        text = joined(names) if len(names) <= 3 else listed(names, 3)
        yield f"The sheets {text} are hidden and were not read. kpi import --sheet reads one."


def _styles(package: Package, part: str) -> Iterator[Style]:
    lists = {
        element.tag.removeprefix(MAIN): element
        for element in package.elements(part, ("numFmts", "fonts", "cellXfs"))
    }
    own = {form.attrib["numFmtId"]: form.attrib["formatCode"] for form in lists.get("numFmts", ())}
    struck = [
        any(_is_yes(strike.get("val", "1")) for strike in font.iterfind(f"{MAIN}strike"))
        for font in lists.get("fonts", ())
    ]
    for look in lists.get("cellXfs", ()):
        form, font = look.get("numFmtId", "0"), int(look.get("fontId", "0"))
        yield Style(own[form] if form in own else _built_in(int(form)), font < len(struck) and struck[font])


def _built_in(number: int) -> str:
    """A number format that Excel knows by number alone. The sign of a currency in it depends on the machine."""
    return "yyyy-mm-dd" if number in _DAYS else BUILTIN_FORMATS.get(number, "General").replace('"$"', "")


def _is_yes(text: str) -> bool:
    return text not in {"0", "false"}
