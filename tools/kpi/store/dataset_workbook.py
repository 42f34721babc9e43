"""The tables of a data export as a workbook for people, by the government's guidance for accessible spreadsheets.

A cover and a list of the sheets come first. Each sheet has its title in A1, a line that explains it, and below that one table,
marked as one: https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/
"""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from kpi.dataset.columns import TABLES, Table
from kpi.dataset.rows import Row, Value, rows
from kpi.judge.judgement import Judgement

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_HEAD = 3  # the row of a table's headings, counted from 0: below the title, the line that explains it, and the key
_MOST_DIGITS = 15  # that a number in a workbook keeps
_WIDEST = 60  # characters; longer texts are broken into lines
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


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
    book = xlsxwriter.Workbook(file, _OPTIONS)
    plan, day = judgement.plan, judgement.day
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001 as Excel has it
    book.set_properties({"title": plan.title, "author": plan.organisation, "created": made})
    styles = _Styles(
        title=book.add_format({"bold": True, "font_size": 14}),
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
    _write_contents(book.add_worksheet("contents"), content, styles)
    for table in TABLES:
        _write_table(book.add_worksheet(table.name), table, content[table.name], styles)
    book.close()
    return file.getvalue()


def _write_cover(sheet: "Worksheet", judgement: Judgement, styles: _Styles) -> None:
    plan = judgement.plan
    sheet.write_string(0, 0, f"{plan.organisation}: {plan.title}", styles.title)
    lines = [
        f"All KPIs with their targets, figures and judgements, as of {judgement.day.isoformat()}.",
        "The sheet contents lists the other sheets. Each holds one table.",
        "An empty cell means that nothing is known, or that nothing applies. Durations are in seconds.",
        "Days are the last days of their periods where a column is called end.",
    ]
    if plan.publisher:
        lines.append(f"Published by: {plan.publisher}")
    if plan.licence:
        lines.append(f"Licence: {' '.join(plan.licence).strip()}")
    for number, line in enumerate(lines, 1):
        sheet.write_string(number, 0, line, styles.text)
    sheet.set_column(0, 0, _WIDEST + 20)


def _write_contents(sheet: "Worksheet", content: dict[str, list[Row]], styles: _Styles) -> None:
    sheet.write_string(0, 0, "Contents", styles.title)
    sheet.write_string(
        1, 0, "The sheets of this workbook, with the number of rows in each table.", styles.text
    )
    listed: list[Row] = [(table.name, table.description, len(content[table.name])) for table in TABLES]
    _mark_as_table(sheet, "contents", ["sheet", "what it holds", "rows"], listed, styles)
    for row, table in enumerate(TABLES, _HEAD + 1):
        sheet.write_url(row, 0, f"internal:'{table.name}'!A1", string=table.name)


def _write_table(sheet: "Worksheet", table: Table, found: list[Row], styles: _Styles) -> None:
    sheet.write_string(0, 0, table.description, styles.title)
    sheet.write_string(
        1, 0, "This sheet holds one table. A comment on each heading says what its column means."
    )
    sheet.write_string(2, 0, f"A row is named by: {', '.join(table.key)}.")
    _mark_as_table(sheet, table.name, [column.name for column in table.columns], found, styles)
    for number, column in enumerate(table.columns):
        sheet.write_comment(_HEAD, number, column.description)


def _mark_as_table(
    sheet: "Worksheet", name: str, headings: list[str], found: list[Row], styles: _Styles
) -> None:
    last = _HEAD + max(len(found), 1)  # a table in Excel has a row at least
    columns = [{"header": heading, "header_format": styles.head} for heading in headings]
    settings = {"name": f"table_{name}", "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(_HEAD, 0, last, len(headings) - 1, settings)
    for row, values in enumerate(found, _HEAD + 1):
        for column, value in enumerate(values):
            _write_value(sheet, row, column, value, styles)
    for column, heading in enumerate(headings):
        widest = max((len(_shown(row[column])) for row in found), default=0)
        sheet.set_column(column, column, min(max(widest, len(heading)) + 3, _WIDEST))
    sheet.freeze_panes(_HEAD + 1, 0)


def _write_value(sheet: "Worksheet", row: int, column: int, value: Value, styles: _Styles) -> None:
    """A real number or day, or a text that is no formula; an empty cell where there is nothing."""
    if isinstance(value, bool) or (isinstance(value, str) and value):
        sheet.write_string(row, column, _shown(value), styles.text)
    elif isinstance(value, int | Decimal):
        digits = max(-int(Decimal(value).as_tuple().exponent), 0)
        sheet.write_number(row, column, value, styles.numbers[min(digits, _MOST_DIGITS - 1)])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, styles.day)


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
