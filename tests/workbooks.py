"""Excel workbooks made by hand, as ZIP files of XML: so small that a test can say what is in each, and hostile ones are easy."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

FORMS = (
    "General",
    "0%",
    "mmm\\-yy",
    "dd/mm/yyyy",
    "yyyy",
    "[h]:mm:ss",
    '"week" 0',
    "0.0%;[Red]-0.0%",
    "h:mm:ss",
)
"""How numbers are shown, each by its number as the style of a cell."""
GENERAL, WHOLE_PERCENT, MONTH, DAY, YEAR, HOURS, WEEK, PERCENT, CLOCK = range(len(FORMS))


class Number(NamedTuple):
    """A number as the XML has it, and how it is shown."""

    text: str
    form: int = GENERAL


class Formula(NamedTuple):
    """A formula with what it came to last."""

    text: str
    value: str = ""


class Raw(NamedTuple):
    """A cell's XML after its reference."""

    xml: str


Cell = str | int | float | Number | Formula | Raw | None


def sheet(rows: Sequence[Sequence[Cell]], merged: Sequence[str] = ()) -> str:
    """A sheet's part."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{chr(ord('A') + place)}{number}", cell)
            for place, cell in enumerate(row)
            if cell is not None
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    ranges = "".join(f'<mergeCell ref="{item}"/>' for item in merged)
    after = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    return f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData>{after}</worksheet>"


def _cell(reference: str, cell: Cell) -> str:
    match cell:
        case Raw(xml):
            return f'<c r="{reference}"{xml}</c>'
        case Formula(text, value):
            return f'<c r="{reference}"><f>{escape(text)}</f><v>{value}</v></c>'
        case Number(text, form):
            return f'<c r="{reference}" s="{form}"><v>{text}</v></c>'
        case str():
            return f'<c r="{reference}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{reference}"><v>{cell}</v></c>'


def parts(sheets: Mapping[str, str], hidden: Sequence[str] = ()) -> dict[str, str]:
    """The parts of a workbook by their names; `sheets` are the parts of its sheets by the sheets' names."""
    listed, links = [], []
    for number, name in enumerate(sheets, start=1):
        state = ' state="hidden"' if name in hidden else ""
        listed.append(f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>')
        links.append(_link(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml"))
    links.append(_link("rId99", "styles", "styles.xml"))
    forms = "".join(
        f'<numFmt numFmtId="{200 + number}" formatCode={quoteattr(form)}/>'
        for number, form in enumerate(FORMS)
    )
    styles = "".join(f'<xf numFmtId="{200 + number}"/>' for number in range(len(FORMS)))
    made = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}"/></Types>',
        "_rels/.rels": _links([_link("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{"".join(listed)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(links),
        "xl/styles.xml": f"<styleSheet {_MAIN}><numFmts>{forms}</numFmts>"
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>',
    }
    return made | {
        f"xl/worksheets/sheet{number}.xml": xml for number, xml in enumerate(sheets.values(), start=1)
    }


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _links(links: Sequence[str]) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(links)}</Relationships>'


def packed(named: Mapping[str, str | bytes]) -> bytes:
    """The parts as a ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in named.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook with the one sheet "Data"."""
    return packed(parts({"Data": sheet(rows)}))
