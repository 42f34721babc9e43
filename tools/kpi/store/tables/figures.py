"""From the rows of a table to figures as they are written there, in either form: a row a figure, or a column a period."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kpi.pages.export import unguarded
from kpi.store.tables.heading import Bad, heading_row, read_heading
from kpi.store.tables.sheet import Sheet


class Given(NamedTuple):
    """One figure as a table gives it; texts are as written, and empty where there are none.

    Attributes:
        sheet: the sheet's name; empty for a CSV file.
        row: the row, from 1.
        texts: by field (`heading.READ`) what the row says.
        columns: by field where it says that, from 1.
        period_row: the row with the period: this one, or that of the headings.
        decimal_comma: whether a comma may stand where English has a point.
        is_typed: whether it stands in no table, but was typed as a command.
    """

    sheet: str
    row: int
    texts: Mapping[str, str]
    columns: Mapping[str, int]
    period_row: int
    decimal_comma: bool = False
    is_typed: bool = False

    def text(self, field: str) -> str:
        """What the row says of a field."""
        return self.texts.get(field, "")

    def bad(self, field: str, message: str, help_: str = "") -> Bad:
        """What is wrong with a field, at its place."""
        row = self.period_row if field == "period" else self.row
        return Bad(self.sheet, row, self.columns.get(field, 0), message, help_)


class Collected(NamedTuple):
    """The figures of a sheet, what is wrong with it as a table, and sentences about what was not read."""

    figures: tuple[Given, ...]
    bad: tuple[Bad, ...] = ()
    notes: tuple[str, ...] = ()


def collected(sheet: Sheet) -> Collected | None:
    """The figures of a sheet; None where no row has the heading "kpi"."""
    top = heading_row(sheet.rows)
    if top is None:
        return None
    heading = read_heading(sheet, top)
    bad = [*heading.bad, *_formulas(sheet)]
    if not heading.periods and not {"period", "value"} <= heading.columns.keys():
        return Collected((), tuple(bad), heading.notes)
    width = len(sheet.rows[top - 1])
    figures: list[Given] = []
    for number, row in enumerate(sheet.rows[top:], start=top + 1):
        beyond = next((place for place in range(width, len(row)) if row[place].strip()), None)
        if beyond is not None:
            message = "This cell is right of the last heading."
            bad.append(Bad(sheet.name, number, beyond + 1, message, "Is there a comma too many in the row?"))
        elif any(cell.strip() for cell in row):
            texts = {name: unguarded(_cell(row, column)) for name, column in heading.columns.items()}
            given = Given(sheet.name, number, texts, heading.columns, number, sheet.decimal_comma)
            figures += _across(given, row, heading.periods, top) if heading.periods else [given]
    return Collected(tuple(figures), tuple(bad), heading.notes)


def _across(
    given: Given, row: tuple[str, ...], periods: tuple[tuple[int, str], ...], top: int
) -> Iterator[Given]:
    """A figure for each period that the row has one for."""
    for column, period in periods:
        value = _cell(row, column)
        if value:
            texts = {**given.texts, "period": period, "value": value}
            columns = {**given.columns, "period": column, "value": column}
            yield given._replace(texts=texts, columns=columns, period_row=top)


def _formulas(sheet: Sheet) -> Iterator[Bad]:
    message = "This cell holds a formula, so its figure may change by itself."
    help_ = 'Copy the cells and paste them as values ("Paste Special", "Values").'
    yield from (Bad(sheet.name, row, column, message, help_) for row, column in sheet.formulas)


def _cell(row: tuple[str, ...], column: int) -> str:
    return row[column - 1].strip() if column <= len(row) else ""
