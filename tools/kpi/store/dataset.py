"""The tables of a data export on disk: as CSV, as Parquet through DuckDB, or as a workbook for people.

The workbook keeps the government's guidance for accessible spreadsheets: a cover, a list of the sheets and the meanings of the
columns come first. Each sheet has its title in A1, a line that explains it, and below that one table, marked as one, without
filters and comments: https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from kpi.dataset.columns import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TABLES, Table
from kpi.dataset.rows import DESCRIPTOR, Row, Value, csv_files, descriptor, rows, text_of
from kpi.judge.judgement import Judgement
from kpi.model.errors import ToolError, UserError
from kpi.pages.formats import dump
from kpi.store.output import write_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_OURS = '"name": "judgements"'
"""Is in the descriptor of every export: this table is in no other Data Package."""
_TYPES = {STRING: "VARCHAR", INTEGER: "INTEGER", NUMBER: "DECIMAL(38, 15)", DATE: "DATE", BOOLEAN: "BOOLEAN"}
_TABLE_HEAD = 3  # the row of a table's headings, counted from 0: below the title, the line that explains it, and the key
_MOST_DIGITS = 15  # that a number in a workbook keeps
_LINE = 15.75  # points of a line
_WIDEST = 60  # characters; longer texts are broken into lines
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FONT = {"font_name": "Arial", "font_size": 12}


def write_csv(judgement: Judgement, folder: Path) -> None:
    """Write the tables as CSV, with the Data Package that describes them. A `UserError` if something else is there."""

    def fill(there: Path) -> None:
        for name, lines in csv_files(judgement):
            with (there / name).open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(lines)

    write_folder(folder, DESCRIPTOR, _OURS, fill)


def write_parquet(judgement: Judgement, folder: Path) -> None:
    """Write the tables as Parquet, each in a folder of its own: `figures/organisation=…/year=…/`.

    Tables without periods are partitioned by organisation only. The year is that of the period's last day. A `UserError` if
    DuckDB is not installed, or something else is there.
    """
    try:
        import duckdb
    except ImportError:
        message = "Parquet is written by DuckDB, which is not installed: pip install duckdb."
        raise UserError(message) from None

    def fill(there: Path) -> None:
        with TemporaryDirectory(prefix="kpi-") as texts, duckdb.connect() as database:
            of_tables = rows(judgement)
            for table in TABLES:
                with (Path(texts) / table.name).open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows(map(text_of, row) for row in of_tables[table.name])
                _copy(database, table, Path(texts) / table.name, there / table.name)
        parts: dict[str, list[str]] = {table.name: [] for table in TABLES}
        for path in sorted(path.relative_to(there) for path in there.rglob("*.parquet")):
            parts[path.parts[0]].append(path.as_posix())
        text = dump(descriptor(judgement.plan, parts))
        (there / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")

    try:
        write_folder(folder, DESCRIPTOR, _OURS, fill)
    except duckdb.IOException as error:
        raise ToolError(f"{folder} can't be written. It is as it was. DuckDB says: {error}") from error


def _copy(database: "DuckDBPyConnection", table: Table, text: Path, there: Path) -> None:
    """Make a table's Parquet files from its text, in which nothing is guarded, because nobody opens it in a spreadsheet."""
    relation = database.read_csv(
        str(text),
        columns={column.name: _TYPES[column.type] for column in table.columns},
        auto_detect=False,
        max_line_size=40_000_000,  # bytes; a file under kpis/ is shorter
    )
    parts = ["organisation"]
    if any(column.name == "end" for column in table.columns):
        relation = relation.project('*, year("end") AS year')
        parts.append("year")
    relation.to_parquet(str(there), partition_by=parts)


class _Sheet(NamedTuple):
    """A sheet with one table: its title, a note on it, and the table's headings and rows."""

    name: str
    title: str
    note: str
    heads: tuple[str, ...]
    rows: list[Row]


class _Styles(NamedTuple):
    title: "Format"
    head: "Format"
    text: "Format"
    day: "Format"
    numbers: tuple["Format", ...]  # by the digits after the point, as typed


def workbook(judgement: Judgement) -> bytes:
    """The workbook. The same figures give the same bytes: it says that it was made on the day that it is judged on."""
    import xlsxwriter

    file = BytesIO()
    # A copy: it writes more into it, and the next workbook would have other bytes.
    book = xlsxwriter.Workbook(file, _OPTIONS | {"default_format_properties": _FONT.copy()})
    plan, day = judgement.plan, judgement.day
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001 as Excel has it
    book.set_properties({"title": plan.title, "author": plan.organisation, "created": made})
    styles = _Styles(
        title=book.add_format({"bold": True, "font_size": 16}),
        head=book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        text=book.add_format({"text_wrap": True, "valign": "top"}),
        day=book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        numbers=tuple(
            book.add_format({"num_format": f"0.{'0' * digits}".rstrip("."), "valign": "top"})
            for digits in range(_MOST_DIGITS)
        ),
    )
    content = {name: list(of_table) for name, of_table in rows(judgement).items()}
    _write_cover(book.add_worksheet("cover"), judgement, styles)
    for sheet in _sheets(content):
        _write_sheet(book.add_worksheet(sheet.name), sheet, styles)
    for row, table in enumerate(("columns", *content), _TABLE_HEAD + 1):
        book.get_worksheet_by_name("contents").write_url(row, 0, f"internal:'{table}'!A1", string=table)
    book.close()
    return file.getvalue()


def _write_cover(sheet: "Worksheet", judgement: Judgement, styles: _Styles) -> None:
    plan = judgement.plan
    sheet.write_string(0, 0, f"{plan.organisation}: {plan.title}", styles.title)
    lines = [
        f"All KPIs with their targets, figures and judgements, as of {judgement.day.isoformat()}.",
        "The sheet contents lists the other sheets. Each holds one table. The sheet columns says what their columns mean.",
        "Durations are in seconds.",
        "Days are the last days of their periods where a column is called end.",
    ]
    if plan.publisher:
        lines.append(f"Published by: {plan.publisher}")
    if plan.licence:
        lines.append(f"Licence: {' '.join(plan.licence).strip()}")
    for number, line in enumerate(lines, 1):
        sheet.write_string(number, 0, line, styles.text)
    sheet.set_column(0, 0, 2 * _WIDEST)


def _sheets(content: dict[str, list[Row]]) -> Iterator[_Sheet]:
    """The sheets below the cover: two that explain the others, and one for each table."""
    pairs = [(table.name, column) for table in TABLES for column in table.columns]
    columns: list[Row] = [(name, column.name, column.type, column.description) for name, column in pairs]
    names: list[Row] = [("columns", "What each column of the other sheets means.", len(columns))]
    names += [(table.name, table.description, len(content[table.name])) for table in TABLES]
    note = "The sheets of this workbook."
    yield _Sheet("contents", "Contents", note, ("sheet", "what it holds", "rows"), names)
    heads = ("sheet", "column", "kind", "what it is")
    note = "Every column of every sheet, in their order."
    yield _Sheet("columns", "What the columns mean.", note, heads, columns)
    for table in TABLES:
        key = f"A row is named by: {', '.join(table.key)}."
        columns_of = tuple(column.name for column in table.columns)
        yield _Sheet(table.name, table.description, key, columns_of, content[table.name])


def _write_sheet(sheet: "Worksheet", content: _Sheet, styles: _Styles) -> None:
    sheet.write_string(0, 0, content.title, styles.title)
    sheet.write_string(1, 0, f"This sheet holds one table. {content.note}")
    sheet.write_string(2, 0, "An empty cell means that nothing is known, or that nothing applies.")
    heads, rows = content.heads, content.rows
    last = _TABLE_HEAD + max(len(rows), 1)  # a table in Excel has a row at least
    columns = [{"header": head, "header_format": styles.head} for head in heads]
    settings = {
        "name": f"table_{content.name}",
        "columns": columns,
        "style": "Table Style Light 1",
        "autofilter": False,
    }
    sheet.add_table(_TABLE_HEAD, 0, last, len(heads) - 1, settings)
    widths = [_width(head) for head in heads]
    for row, values in enumerate(rows, _TABLE_HEAD + 1):
        for column, value in enumerate(values):
            _write_value(sheet, row, column, value, styles)
        needed = [_width(str(text_of(value))) for value in values]
        widths = list(map(max, widths, needed))
        sheet.set_row(row, _LINE * ceil(max(needed) / _WIDEST))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, _WIDEST))
    sheet.freeze_panes(_TABLE_HEAD + 1, 0)


def _width(text: str) -> float:
    """The width of a text with the space around it, in characters of Excel's usual font, which is smaller."""
    return 1.2 * len(text) + 3


def _write_value(sheet: "Worksheet", row: int, column: int, value: Value, styles: _Styles) -> None:
    """A real number or day, or a text that is no formula; an empty cell where there is nothing."""
    if isinstance(value, bool) or (isinstance(value, str) and value):
        sheet.write_string(row, column, str(text_of(value)), styles.text)
    elif isinstance(value, int | Decimal):
        digits = max(-int(Decimal(value).as_tuple().exponent), 0)
        sheet.write_number(row, column, value, styles.numbers[min(digits, _MOST_DIGITS - 1)])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, styles.day)
