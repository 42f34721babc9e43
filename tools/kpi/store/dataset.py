"""The tables of a data export on disk: as CSV, as Parquet through DuckDB, or as a workbook for people.

The workbook keeps the government's guidance for accessible spreadsheets: a cover, a list of the sheets and the meanings of the
columns come first. Each sheet has its title in A1, a line that explains it, and below that one table, marked as one, without
filters and comments: https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/
"""

import csv
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kpi.dataset.columns import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TABLES
from kpi.dataset.rows import DESCRIPTOR, Row, descriptor, rows, text_of
from kpi.judge.judgement import Judgement
from kpi.model.errors import ToolError, UserError
from kpi.pages.export_json import dump
from kpi.pages.figures_csv import csv_line
from kpi.store.output import write_folder

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_OURS = '"name": "judgements"'  # is in the descriptor of every export, and of no other Data Package
_TYPES = {STRING: "VARCHAR", INTEGER: "INTEGER", NUMBER: "DECIMAL(38, 15)", DATE: "DATE", BOOLEAN: "BOOLEAN"}
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
        package = dump(descriptor(judgement.plan))
        (there / DESCRIPTOR).write_text(package, encoding="utf-8", newline="\n")

    write_folder(folder, DESCRIPTOR, _OURS, fill)


def write_parquet(judgement: Judgement, folder: Path) -> None:
    """Write the tables as Parquet: `figures/organisation=…/year=…/`, by the year of a period's last day."""
    try:
        import duckdb
    except ImportError:
        message = "Parquet is written by DuckDB, which is not installed: pip install duckdb."
        raise UserError(message) from None

    def fill(there: Path) -> None:
        parts: dict[str, list[str]] = {}
        with TemporaryDirectory(prefix="kpi-") as texts, duckdb.connect() as database:
            of_tables = rows(judgement)
            for name, _, columns, *_ in TABLES:
                text = Path(texts) / name
                with text.open("w", encoding="utf-8", newline="") as file:
                    # Nothing is guarded, because nobody opens it in a spreadsheet.
                    csv.writer(file).writerows(map(text_of, row) for row in of_tables[name])
                relation = database.read_csv(
                    str(text),
                    columns={column.name: _TYPES[column.type] for column in columns},
                    auto_detect=False,
                    max_line_size=40_000_000,  # bytes; a file under kpis/ is shorter
                )
                by = ["organisation"]
                if any(column.name == "end" for column in columns):
                    relation = relation.project('*, year("end") AS year')
                    by.append("year")
                relation.to_parquet(str(there / name), partition_by=by)
                made = sorted((there / name).rglob("*.parquet"))
                parts[name] = [path.relative_to(there).as_posix() for path in made]
        package = dump(descriptor(judgement.plan, parts))
        (there / DESCRIPTOR).write_text(package, encoding="utf-8", newline="\n")

    try:
        write_folder(folder, DESCRIPTOR, _OURS, fill)
    except duckdb.IOException as error:
        raise ToolError(f"{folder} can't be written. It is as it was. DuckDB says: {error}") from error


def workbook(judgement: Judgement) -> bytes:
    """The workbook. The same figures give the same bytes: it says that it was made on the day that it is judged on."""
    import xlsxwriter

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
        (table.name, column.name, column.type, column.description)
        for table in TABLES
        for column in table.columns
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


def _write_sheet(
    book: "Workbook", styles: Mapping[str | int, "Format"], name: str, title: str, note: str, table: list[Row]
) -> "Worksheet":
    """A sheet with one table, whose first row are its headings: real numbers and days, and texts that are no formulas."""
    sheet, (heads, *rows) = book.add_worksheet(name), table
    sheet.write_string(0, 0, title, styles["title"])
    sheet.write_string(1, 0, f"This sheet holds one table. {note}")
    sheet.write_string(2, 0, "An empty cell means that nothing is known, or that nothing applies.")
    last = _TABLE_HEAD + max(len(rows), 1)  # a table in Excel has a row at least
    columns = [{"header": head, "header_format": styles["head"]} for head in heads]
    look = {"style": "Table Style Light 1", "autofilter": False}
    sheet.add_table(
        _TABLE_HEAD, 0, last, len(heads) - 1, {"name": f"table_{name}", "columns": columns, **look}
    )
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
