"""From the rows of a list of KPIs to KPIs that are to be begun, and what of them was not taken, with the reason."""

from typing import NamedTuple

from kpi.model.text import quoted
from kpi.store.register import list_words as words
from kpi.store.register.list_cells import Cells
from kpi.store.register.list_columns import columns_of
from kpi.store.register.new_kpi import NewKpi, read_kpi
from kpi.store.tables.sheet import CellProblem, Sheet
from kpi.store.tables.table_figures import TOTALS


class KpiList(NamedTuple):
    """The KPIs of a sheet, and each cell that was not taken, with the reason."""

    kpis: tuple[NewKpi, ...]
    left: tuple[CellProblem, ...]


def kpis_in(sheet: Sheet, file: str, year_starts: int) -> KpiList | None:
    """The KPIs of a sheet; None where no row looks like the headings of a list of KPIs."""
    headed = columns_of(sheet, file, year_starts)
    if headed is None:
        return None
    cells = Cells(*headed)
    kpis = tuple(kpi for rows in _together(cells) if (kpi := read_kpi(cells, *rows)) is not None)
    if kpis:
        _tell_columns(cells)
    return KpiList(kpis, tuple(sorted(cells.left)))


class _Row(NamedTuple):
    """A row: its number, what it says by field, and what it says that it holds (`list_words.row_kind`)."""

    number: int
    texts: dict[str, str]
    kind: str


class _KpiRows(NamedTuple):
    """What the rows of one KPI say, and the row of each kind: one may hold its figures and another its targets."""

    texts: dict[str, str]
    rows: dict[str, int]

    def takes(self, row: _Row) -> bool:
        """Whether a row is one more about this KPI."""
        title = row.texts["title"].casefold()
        return row.kind not in {"", *self.rows} and title in {"", self.texts["title"].casefold()}

    def add(self, row: _Row) -> None:
        """Take a row, and what no row before it said."""
        self.rows[row.kind] = row.number
        self.texts.update({field: text for field, text in row.texts.items() if not self.texts.get(field)})


def _together(cells: Cells) -> list[_KpiRows]:
    """The rows of each KPI, with the heading above as its priority where no column has one."""
    kpis: list[_KpiRows] = []
    section = ""
    unsure: list[tuple[int, str]] = []  # rows with one text: headings, if KPIs follow
    for number in range(cells.columns.row + 1, len(cells.sheet.rows) + 1):
        texts = list(filter(None, map(str.strip, cells.sheet.rows[number - 1])))
        row = _row(cells, number)
        if row.kind and unsure and not row.texts["title"]:  # the KPI's name has a row for itself
            row.texts["title"] = unsure.pop()[1]
        if kpis and texts and not unsure and kpis[-1].takes(row):
            kpis[-1].add(row)
        elif len(texts) == 1:
            unsure.append((number, texts[0]))
        elif row.texts["title"].casefold().rstrip(":") in TOTALS:
            _tell_no_kpi(cells, [(number, row.texts["title"])])
        elif row.texts["title"]:
            if unsure and "priority" not in cells.columns.fields:
                section = unsure.pop()[1]
            _tell_no_kpi(cells, unsure)
            unsure = []
            # A priority is often written in the first of several rows only.
            section = row.texts.get("priority") or section
            is_figures = cells.texts([number], (column for column, _ in cells.columns.periods))
            kind = row.kind or (words.FIGURES if is_figures else words.NAMES)
            kpis.append(_KpiRows({**row.texts, "priority": section}, {kind: number}))
        elif texts:
            _tell_no_kpi(cells, [(number, texts[0])])
    _tell_no_kpi(cells, unsure)
    return kpis


def _row(cells: Cells, number: int) -> _Row:
    texts = {field: cells.text(number, column) for field, column in cells.columns.fields.items()}
    for field in texts.keys() & {"owner", "source", "priority", "code", "definition", "commentary", "note"}:
        if texts[field] and words.is_nothing(texts[field]):
            message = f"{quoted(texts[field], 60)} was read as no {field}."
            cells.wrong(number, cells.columns.fields[field], message)
            texts[field] = ""
    title, kind = words.title_and_kind(texts["title"])
    if cells.columns.kind:
        title, kind = texts["title"], words.row_kind(cells.sheet.cell(number, cells.columns.kind))
    return _Row(number, {**texts, "title": title}, kind)


def _tell_columns(cells: Cells) -> None:
    """Name the columns that were not taken, where there is anything in them."""
    for column, heading, why in cells.columns.others:
        if cells.sheet.below(cells.columns.row, column):
            message = f"The column {quoted(heading.strip(), 60)} was not taken."
            cells.wrong(cells.columns.row, column, message, why)


def _tell_no_kpi(cells: Cells, rows: list[tuple[int, str]]) -> None:
    for number, text in rows:
        cells.wrong(number, 0, f"{quoted(text, 60)} names no KPI.")
