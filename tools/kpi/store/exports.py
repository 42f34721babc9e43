"""What other programs read: the data as CSV, Parquet or a workbook, the paper for Word or LibreOffice."""

import csv
import os
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from io import BytesIO
from math import ceil
from pathlib import Path
from struct import pack, unpack_from
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile
from zlib import crc32

from kpi.dataset.columns import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TABLES
from kpi.dataset.rows import DESCRIPTOR, Row, descriptor, rows, text_of
from kpi.judge.judgement import Judgement
from kpi.model.errors import ToolError, UserError
from kpi.pages.formats import csv_line, dump
from kpi.store.output import write_folder

_OURS = '"name": "judgements"'  # is in the descriptor of every export, and of no other Data Package
_TYPES = {STRING: "VARCHAR", INTEGER: "INTEGER", NUMBER: "DECIMAL(38, 15)", DATE: "DATE", BOOLEAN: "BOOLEAN"}
_LONGEST_LINE = 40_000_000  # bytes; a file under kpis/ is shorter
_TABLE_HEAD = 3  # the row of a table's headings, counted from 0: below the title, the line that explains it, and the key
_MOST_DIGITS = 14  # after the point, of a number in a workbook
_LINE = 15.75  # points of a line
_WIDEST = 60  # characters; longer texts are broken into lines
_STYLES: dict[str | int, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "text_wrap": True, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top"},
    0: {"num_format": "0", "valign": "top"},
    # Numbers, by their digits after the point, as typed.
    **{digits: {"num_format": f"0.{'0' * digits}", "valign": "top"} for digits in range(1, _MOST_DIGITS + 1)},
}


def write_csv(judgement: Judgement, folder: Path) -> None:
    """Write the tables as CSV, with the Data Package that describes them. A `UserError` if something else is there."""

    def fill(there: Path) -> None:
        of_tables = rows(judgement)
        for name, _, columns, *_ in TABLES:
            with (there / f"{name}.csv").open("w", encoding="utf-8", newline="\n") as file:
                file.write(csv_line(column.name for column in columns))
                file.writelines(csv_line(map(text_of, row)) for row in of_tables[name])
        (there / DESCRIPTOR).write_text(dump(descriptor(judgement.plan)), "utf-8", newline="\n")

    write_folder(folder, DESCRIPTOR, _OURS, fill)


def write_parquet(judgement: Judgement, folder: Path) -> None:
    """Write the tables as Parquet: `figures/organisation=…/year=…/`, by the year of a period's last day.

    Tables without periods have no years. A `UserError` if DuckDB is not installed, or something else is there.
    """
    try:
        import duckdb
    except ImportError:
        raise UserError("Parquet is written by DuckDB, which is not installed: pip install duckdb.") from None

    def fill(there: Path) -> None:
        parts: dict[str, list[str]] = {}
        with TemporaryDirectory(prefix="kpi-") as texts, duckdb.connect() as database:
            of_tables = rows(judgement)
            for name, _, columns, *_ in TABLES:
                text = Path(texts) / name
                with text.open("w", encoding="utf-8", newline="") as file:
                    # Nothing is guarded, because nobody opens it in a spreadsheet.
                    csv.writer(file).writerows(map(text_of, row) for row in of_tables[name])
                types = {column.name: _TYPES[column.type] for column in columns}
                relation = database.read_csv(
                    str(text), columns=types, auto_detect=False, max_line_size=_LONGEST_LINE
                )
                by = ["organisation"]
                if any(column.name == "end" for column in columns):
                    relation = relation.project('*, year("end") AS year')
                    by.append("year")
                relation.to_parquet(str(there / name), partition_by=by)
                made = sorted((there / name).rglob("*.parquet"))
                parts[name] = [path.relative_to(there).as_posix() for path in made]
        (there / DESCRIPTOR).write_text(dump(descriptor(judgement.plan, parts)), "utf-8", newline="\n")

    try:
        write_folder(folder, DESCRIPTOR, _OURS, fill)
    except duckdb.IOException as error:
        raise ToolError(f"{folder} can't be written. It is as it was. DuckDB says: {error}") from error


def workbook(judgement: Judgement) -> bytes:
    """The workbook. The same figures give the same bytes: it says that it was made on the day that it is judged on."""
    import xlsxwriter

    # https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/ asks for all this.
    file, font = BytesIO(), {"font_name": "Arial", "font_size": 12}
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_format_properties": font})
    plan, day = judgement.plan, judgement.day
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001 as Excel has it
    book.set_properties({"title": plan.title, "author": plan.organisation, "created": made})
    styles = {name: book.add_format(fields) for name, fields in _STYLES.items()}
    cover = book.add_worksheet("cover")
    lines = [
        f"All KPIs with their targets, figures and judgements, as of {day.isoformat()}.",
        "The sheet contents lists the other sheets. Each holds one table. The sheet columns says what their columns mean.",
        "Durations are in seconds.",
        "Days are the last days of their periods where a column is called end.",
        *([f"Published by: {plan.publisher}"] if plan.publisher else []),
        *([f"Licence: {' '.join(plan.licence).strip()}"] if plan.licence else []),
    ]
    cover.write_string(0, 0, f"{plan.organisation}: {plan.title}", styles["title"])
    for row, line in enumerate(lines, 1):
        cover.write_string(row, 0, line, styles["text"])
    cover.set_column(0, 0, 2 * _WIDEST)
    content = {name: list(of_table) for name, of_table in rows(judgement).items()}
    columns: list[Row] = [("sheet", "column", "kind", "what it is")]
    columns += [
        (table.name, each.name, each.type, each.description) for table in TABLES for each in table.columns
    ]
    sheets: list[Row] = [("sheet", "what it holds", "rows")]
    sheets.append(("columns", "What each column of the other sheets means.", len(columns) - 1))
    sheets += [(table.name, table.description, len(content[table.name])) for table in TABLES]
    write = partial(_write_sheet, book, styles)
    contents = write("contents", "Contents", "The sheets of this workbook.", sheets)
    write("columns", "What the columns mean.", "Every column of every sheet, in their order.", columns)
    for table in TABLES:
        key = f"A row is named by: {', '.join(table.key)}."
        heads = tuple(column.name for column in table.columns)
        write(table.name, table.description, key, [heads, *content[table.name]])
    for row, (name, *_) in enumerate(sheets[1:], _TABLE_HEAD + 1):
        contents.write_url(row, 0, f"internal:'{name}'!A1", string=str(name))
    book.close()
    return file.getvalue()


def _write_sheet(book: Any, styles: Any, name: str, title: str, note: str, table: list[Row]) -> Any:
    """A sheet with one table, whose first row are its headings: real numbers and days, and texts that are no formulas."""
    sheet, (heads, *rows) = book.add_worksheet(name), table
    sheet.write_string(0, 0, title, styles["title"])
    sheet.write_string(1, 0, f"This sheet holds one table. {note}")
    sheet.write_string(2, 0, "An empty cell means that nothing is known, or that nothing applies.")
    last = _TABLE_HEAD + max(len(rows), 1)  # a table in Excel has a row at least
    columns = [{"header": head, "header_format": styles["head"]} for head in heads]
    look = {"name": f"table_{name}", "columns": columns, "style": "Table Style Light 1", "autofilter": False}
    sheet.add_table(_TABLE_HEAD, 0, last, len(heads) - 1, look)
    widths = [0.0 for _ in heads]
    for row, values in enumerate(table, _TABLE_HEAD):
        # In characters of Excel's usual font, which is smaller, with the space around them.
        needed = [1.2 * len(str(text_of(value))) + 3 for value in values]
        widths = list(map(max, widths, needed))
        if row > _TABLE_HEAD:
            sheet.set_row(row, _LINE * ceil(max(needed) / _WIDEST))
        for column, value in enumerate(values if row > _TABLE_HEAD else ()):
            if isinstance(value, bool) or (isinstance(value, str) and value):
                sheet.write_string(row, column, str(text_of(value)), styles["text"])
            elif isinstance(value, int | Decimal):
                digits = max(-int(Decimal(value).as_tuple().exponent), 0)
                sheet.write_number(row, column, value, styles[min(digits, _MOST_DIGITS)])
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, styles["day"])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, _WIDEST))
    sheet.freeze_panes(_TABLE_HEAD + 1, 0)
    return sheet


# The paper as a file, by pandoc, which draws no SVG: pictures are PNG, by resvg

FORMS = (".docx", ".odt")  # how the names of such files end
_CLOCK = "SOURCE_DATE_EPOCH"
_HERE = Path(__file__).parent / "word"
_LINED = 'fo:border-bottom="0.5pt solid #808080" fo:padding-left="1.4mm" fo:padding-right="1.4mm"'
_FRAME = re.compile(r"<draw:frame (.*?)</draw:frame>(<svg:desc>.*?</svg:desc>)", re.DOTALL)
_SHARPNESS = 2  # dots for each of a picture's own, of which 96 are an inch
_HEADER = 33  # bytes of a PNG: its signature, and the part that has its size


def document(text: str, pictures: Mapping[str, str], form: str, day: date, styles: Path) -> bytes:
    """A file in one of `FORMS`, as of this day, of a text in GitHub's Markdown with the SVG of its pictures, by their path.

    It has the styles of the file `styles`, or the program's own where there is none. A `UserError` if a package is missing.
    """
    try:
        import pypandoc
        import resvg_py  # noqa: F401 used below

        pypandoc.get_pandoc_path()
    except (ImportError, OSError):
        why = f"A {form} file is made by two packages that are not installed"
        raise UserError(f"{why}: pip install pypandoc-binary resvg-py.") from None
    with TemporaryDirectory(prefix="kpi-") as folder:
        for path, svg in pictures.items():
            drawn = Path(folder, path).with_suffix(".png")
            drawn.parent.mkdir(parents=True, exist_ok=True)
            drawn.write_bytes(_png(svg))
            text = text.replace(f"]({path})", f"]({drawn.relative_to(folder).as_posix()})")
        file = Path(folder) / f"document{form}"
        options = (
            "--standalone",
            "--shift-heading-level-by=-1",  # the first heading becomes the title, also in the file's properties
            f"--lua-filter={_HERE / 'layout.lua'}",
            f"--reference-doc={styles if styles.is_file() else _HERE / f'styles{form}'}",
            f"--resource-path={folder}",
        )
        before = {name: value for name, value in os.environ.items() if name == _CLOCK}
        os.environ[_CLOCK] = str(timegm(day.timetuple()))  # from which pandoc learns what day it is
        try:
            kind = "gfm-tex_math_dollars"  # two prices in a line are no formula
            pypandoc.convert_text(text, form[1:], kind, options, outputfile=file, verify_format=False)
        except RuntimeError as error:
            raise ToolError(f"pandoc could not make the {form} file: {error}") from error
        finally:
            del os.environ[_CLOCK]
            os.environ.update(before)
        return _corrected(file.read_bytes()) if form == ".odt" else file.read_bytes()


def _corrected(file: bytes) -> bytes:
    """An OpenDocument file whose pictures have words and stand in their line, with lines between rows."""
    made = BytesIO()
    with ZipFile(BytesIO(file)) as old, ZipFile(made, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "content.xml":
                text = _FRAME.sub(r'<draw:frame text:anchor-type="as-char" \1\2</draw:frame>', data.decode())
                data = text.replace('fo:border="none"', _LINED).encode()
            new.writestr(part, data)
    return made.getvalue()


def _png(svg: str) -> bytes:
    drawn = _drawn(svg, _font())
    (height,) = unpack_from(">I", drawn, 20)
    dots = round(max(96 * _SHARPNESS, height / 6.5) * 39.37)  # a metre; a page has 6.5 inches for a picture
    size = b"pHYs" + pack(">IIB", dots, dots, 1)
    return drawn[:_HEADER] + pack(">I", 9) + size + pack(">I", crc32(size)) + drawn[_HEADER:]


def _drawn(svg: str, font: str | None) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_SHARPNESS, sans_serif_family=font))


@cache
def _font() -> str | None:
    """The font for words: resvg leaves out, without a word, what it has no font for."""
    probe = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" font-family="sans-serif">{}</text></svg>'
    for font in (None, "DejaVu Sans", "Noto Sans"):  # the system's own, and what Linux mostly has
        if _drawn(probe.format("M"), font) != _drawn(probe.format(""), font):
            return font
    raise ToolError("Pictures need a font for their words. Install one, such as DejaVu Sans.")
