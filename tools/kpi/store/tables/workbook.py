"""Excel workbooks: sheets of cells as Excel shows them. The values are read by python-calamine, the extra `xlsx`."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from kpi.model.errors import UserError
from kpi.model.period import MONTHS
from kpi.model.quantity import plain
from kpi.model.text import joined, listed, nearest, quoted
from kpi.store.tables import MOST_CELLS, Sheet, Tables
from kpi.store.tables.package import ERROR, FORMULA, MONTH, PERCENT, YEAR, Odd, unpacked

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

_MISSING = "Excel workbooks are read by python-calamine, which is not installed. Run pip install python-calamine, or save the sheet as CSV."
_EXACT_DIGITS = 15  # what Excel keeps of a number, and shows


def read_workbook(data: bytes, name: str, wanted: str = "") -> Tables:
    """Read the sheets of a workbook.

    Args:
        data: the file.
        name: its name, in quotes.
        wanted: the one sheet to read, hidden or not; without it, all that are not hidden.

    Raises:
        UserError: if it may not be opened (`package.unpacked`), if there is no such sheet, or if the extra is not installed.
    """
    try:
        from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook
    except ImportError:
        raise UserError(_MISSING) from None
    package = unpacked(data, name)
    try:
        book = load_workbook(io.BytesIO(package.data))
        there = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        hidden = [one.name for one in there if one.visible != SheetVisibleEnum.Visible]
        chosen = [one.name for one in there if one.name not in hidden]
        if wanted:
            chosen = [_the_sheet(wanted, [one.name for one in there], name)]
        sheets = tuple(_sheet(book, one, package.odd.get(one, {})) for one in chosen)
    except CalamineError:
        raise UserError(f"{name} is damaged and can't be read. Open it in Excel and save it again.") from None
    return Tables(sheets, () if wanted else tuple(_about_hidden(hidden)))


def _about_hidden(hidden: Sequence[str]) -> Iterator[str]:
    if len(hidden) == 1:
        yield f"The sheet {quoted(hidden[0], 40)} is hidden and was not read. --sheet reads it."
    elif hidden:
        names = [quoted(one, 40) for one in hidden]
        told = joined(names) if len(names) <= 3 else listed(names, 3)
        yield f"The sheets {told} are hidden and were not read. --sheet reads one."


def _the_sheet(wanted: str, names: list[str], name: str) -> str:
    for one in names:
        if one.strip().casefold() == wanted.strip().casefold():
            return one
    near = nearest(wanted, names)
    told = (
        f"Did you mean {quoted(near)}?"
        if near
        else f"There are: {listed([quoted(one, 40) for one in names])}."
    )
    raise UserError(f"{name} has no sheet {quoted(wanted)}. {told}")


def _sheet(book: "CalamineWorkbook", name: str, odd: Odd) -> Sheet:
    found = book.get_sheet_by_name(name)
    values = found.to_python(skip_empty_area=False)
    rows = [
        [_shown(value, odd.get((number, column), "")) for column, value in enumerate(row, start=1)]
        for number, row in enumerate(values, start=1)
    ]
    _fill_merged(rows, found)
    formulas = tuple(sorted(place for place, kind in odd.items() if kind == FORMULA))
    return Sheet(name, tuple(map(tuple, rows)), formulas)


def _fill_merged(rows: list[list[str]], sheet: "CalamineSheet") -> None:
    """Write what stands in a merged cell into all that it covers: a reader sees it beside each of them."""
    left = MOST_CELLS
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        left -= (bottom - top + 1) * (last - first + 1)
        if left < 0 or top >= len(rows) or first >= len(rows[top]):
            continue
        for row in rows[top : bottom + 1]:
            for column in range(first, min(last + 1, len(row))):
                row[column] = row[column] or rows[top][first]


def _shown(value: "Value", kind: str) -> str:
    """A cell as a reader sees it, with all the digits that it has."""
    if kind.startswith(ERROR):
        return kind.removeprefix(ERROR).strip() or "#N/A"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, in_percent=kind == PERCENT)
    return _moment(value, kind)


def _number(value: float, *, in_percent: bool) -> str:
    exact = Decimal(f"{value:.{_EXACT_DIGITS}g}")
    return f"{plain(exact.scaleb(2))}%" if in_percent else plain(exact)


def _moment(value: "dt.date | dt.time | dt.timedelta", kind: str) -> str:
    """A date as its form shows it, `Jan 2024` or `31 Jan 2024`; a time as `0:02:18`."""
    if isinstance(value, dt.time):
        value = dt.timedelta(0, value.second, value.microsecond, 0, value.minute, value.hour)
    if isinstance(value, dt.timedelta):
        return _time(value)
    if isinstance(value, dt.datetime) and not value.isoformat().endswith("T00:00:00"):
        return value.isoformat(" ")
    if kind == YEAR:
        return str(value.year)
    month = f"{MONTHS[value.month - 1][:3]} {value.year}"
    return month if kind == MONTH else f"{value.day} {month}"


def _time(time: dt.timedelta) -> str:
    minutes, rest = divmod(Decimal(round(time.total_seconds() * 1000)).scaleb(-3).normalize(), 60)
    hours, minutes = divmod(minutes, 60)
    whole, _, part = f"{rest:f}".partition(".")
    return f"{int(hours)}:{int(minutes):02d}:{int(whole):02d}{'.' + part if part else ''}"
