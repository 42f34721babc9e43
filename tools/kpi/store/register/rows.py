"""From the rows of a list of KPIs to KPIs that are to be begun, and what of them was not taken, with the reason."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kpi.model.period import Period
from kpi.model.quantity import COUNT, PERCENT, ValueFormError
from kpi.model.text import quoted
from kpi.store.intake.cell_value import Value, shown_unit
from kpi.store.register.aims import Fields, targets_in
from kpi.store.register.list_cells import Cells
from kpi.store.register.list_columns import columns_of
from kpi.store.register.list_words import (
    FIGURES,
    HIGHER,
    LOWER,
    NAMES,
    NEITHER,
    OTHERS,
    TARGETS,
    ReadUnit,
    bound_in,
    frequency_in,
    frequency_of,
    is_nothing,
    row_kind,
    title_and_kind,
    unit_in,
    way_in,
)
from kpi.store.register.numbers import Reader
from kpi.store.tables.sheet import CellProblem, Sheet

_TITLES = (
    (re.compile(r"[£€$] ?['’]?(?:k|000s?|m|million|bn)\b", re.IGNORECASE), None),
    (re.compile(r"%|\b(?:per ?cent(?:age)?|proportion|share of|rate of)\b", re.IGNORECASE), "%"),
    (re.compile(r"\bper [0-9][0-9,]*\b", re.IGNORECASE), None),
    (re.compile(r"^(?:the )?(?:number|no\.?|total number|count) of\b", re.IGNORECASE), "number"),
)
"""What a title says of the unit, where no column does; None for the very words that were found."""
_NAMED = re.compile(
    r"hours|minutes|mins|seconds|months|years|tonnes|kg|[km]wh|tco2e?|fte|wte|miles|km|litres|hectares|points",
    re.IGNORECASE,
)
"""Units by name that a title may have in brackets. Other words there may be about anything."""
_IMPLIED = {"at_least": HIGHER, "more_than": HIGHER, "at_most": LOWER, "less_than": LOWER}


class NewKpi(NamedTuple):
    """A KPI of a list. Texts are on one line, and empty where there are none.

    Attributes:
        row: its row, from 1.
        texts: by field (`columns.FIELDS`) what the row says; `priority` may be that of a heading above.
        unit: its unit.
        better: higher, lower or neither.
        frequency: how often figures come.
        targets: each as the fields of a file.
        figures: by period.
    """

    row: int
    texts: Mapping[str, str]
    unit: ReadUnit
    better: str
    frequency: str
    targets: tuple[Fields, ...]
    figures: tuple[tuple[Period, Value], ...]


class Listed(NamedTuple):
    """The KPIs of a sheet, and each cell that was not taken, with the reason."""

    kpis: tuple[NewKpi, ...]
    left: tuple[CellProblem, ...]


def kpis_in(sheet: Sheet, file: str, year_starts: int) -> Listed | None:
    """The KPIs of a sheet; None where no row looks like the headings of a list of KPIs."""
    headed = columns_of(sheet, file, year_starts)
    if headed is None:
        return None
    cells = Cells(*headed)
    kpis = tuple(kpi for rows in _together(cells) if (kpi := _kpi(cells, rows)) is not None)
    if kpis:
        _tell_columns(cells)
    return Listed(kpis, tuple(sorted(cells.left)))


class _Row(NamedTuple):
    """A row: its number, what it says by field, and what it says that it holds (`words.row_kind`)."""

    number: int
    texts: dict[str, str]
    kind: str


class _Together(NamedTuple):
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


def _together(cells: Cells) -> list[_Together]:
    """The rows of each KPI, with the heading above as its priority where no column has one."""
    kpis: list[_Together] = []
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
        elif row.texts["title"]:
            if unsure and "priority" not in cells.columns.fields:
                section = unsure.pop()[1]
            _tell_no_kpi(cells, unsure)
            unsure = []
            # A priority is often written in the first of several rows only.
            section = row.texts.get("priority") or section
            is_figures = cells.texts([number], (column for column, _ in cells.columns.periods))
            kind = row.kind or (FIGURES if is_figures else NAMES)
            kpis.append(_Together({**row.texts, "priority": section}, {kind: number}))
        elif texts:
            _tell_no_kpi(cells, [(number, texts[0])])
    _tell_no_kpi(cells, unsure)
    return kpis


def _row(cells: Cells, number: int) -> _Row:
    texts = {field: cells.text(number, column) for field, column in cells.columns.fields.items()}
    for field in texts.keys() & {"owner", "source", "priority", "code", "definition", "commentary", "note"}:
        if texts[field] and is_nothing(texts[field]):
            message = f"{quoted(texts[field], 60)} was read as no {field}."
            cells.wrong(number, cells.columns.fields[field], message)
            texts[field] = ""
    title, kind = title_and_kind(texts["title"])
    if cells.columns.kind:
        title, kind = texts["title"], row_kind(cells.sheet.cell(number, cells.columns.kind))
    return _Row(number, {**texts, "title": title}, kind)


def _tell_columns(cells: Cells) -> None:
    """Name the columns that were not taken, where there is anything in them."""
    below = range(cells.columns.row + 1, len(cells.sheet.rows) + 1)
    for column, heading, why in cells.columns.others:
        if cells.texts(below, [column]):
            message = f"The column {quoted(heading.strip(), 60)} was not taken."
            cells.wrong(cells.columns.row, column, message, why)


def _tell_no_kpi(cells: Cells, rows: list[tuple[int, str]]) -> None:
    for number, text in rows:
        cells.wrong(number, 0, f"{quoted(text, 60)} names no KPI.")


def _kpi(cells: Cells, together: _Together) -> NewKpi | None:
    texts, rows = together.texts, together.rows
    if OTHERS in rows:
        message = f"This row of {quoted(texts['title'], 60)} was not taken."
        cells.wrong(rows[OTHERS], 0, message, "It has neither figures nor targets.")
    row = next((rows[kind] for kind in (FIGURES, NAMES, TARGETS) if kind in rows), None)
    if row is None:
        return None
    numbers = cells.texts(rows.values(), (column for column, _ in cells.columns.periods))
    levels = cells.texts(rows.values(), (column for column, _ in cells.columns.targets))
    levels = [text for text in levels if re.search("[0-9]", text)]
    reader = Reader(_unit(cells, texts, [*numbers, *levels]), cells.sheet, cells.legend, [*numbers, *levels])
    figures = tuple(_figures(cells, row, reader)) if FIGURES in rows else ()
    better = _better(cells, row, texts, levels)
    targets = tuple(targets_in(cells, rows, reader, better, figures))
    unit = reader.unit
    if unit.raw == PERCENT and any(not 0 <= Decimal(value.text) <= 100 for _, value in figures if value.text):
        unit = ReadUnit({"percent": "any"})
    return NewKpi(row, texts, unit, better, _frequency(cells, row, texts, figures), targets, figures)


def _unit(cells: Cells, texts: Mapping[str, str], numbers: Sequence[str]) -> ReadUnit:
    """The unit by its column, by the title, or by how the figures are written."""
    said = texts.get("unit", "")
    in_brackets = "".join(re.findall(r"\(([^()]+)\)$", texts["title"]))
    unit = unit_in(in_brackets)
    is_named = unit is not None and isinstance(unit.raw, dict) and "name" in unit.raw
    if not said and unit and (not is_named or _NAMED.fullmatch(in_brackets)):
        return unit
    if not said:
        patterns = ((pattern.search(texts["title"]), words) for pattern, words in _TITLES)
        said = next((words or match[0] for match, words in patterns if match), "")
    unit = unit_in(said)
    if unit is None:
        symbol = next((cell[0] for cell in numbers if cell[0] in "£€$"), "")
        shown = next((shown_unit(cell).kind for cell in numbers if shown_unit(cell).kind != "ratio"), COUNT)
        unit = unit_in(symbol) or ReadUnit(shown)
    broken = r"-.*|[0-9.]*,[0-9]*[1-9]0*" if cells.sheet.decimal_comma else r"-.*|[0-9,]*\.[0-9]*[1-9]0*"
    if unit.raw == COUNT and any(re.fullmatch(broken, cell) for cell in numbers):
        return ReadUnit("ratio")
    return unit


def _better(cells: Cells, row: int, texts: Mapping[str, str], levels: Sequence[str]) -> str:
    """Which way is better: as the row says, or as its targets imply."""
    said = texts.get("polarity", "")
    if way := way_in(said):
        return way
    way = next(filter(None, (_IMPLIED.get(bound_in(text)[0], "") for text in levels)), NEITHER)
    help_ = 'Write "better:" in its file if that is not so.'
    if said:
        message = f"{quoted(said, 60)} doesn't say which way is better, so {way} was written."
        cells.wrong(row, cells.columns.fields["polarity"], message, help_)
    elif way == NEITHER:
        cells.wrong(row, 0, "Nothing says which way is better, so neither was written.", help_)
    return way


def _frequency(
    cells: Cells, row: int, texts: Mapping[str, str], figures: Sequence[tuple[Period, Value]]
) -> str:
    said = texts.get("frequency", "")
    frequency = frequency_in(said)
    if said and not frequency:
        message = f"{quoted(said, 60)} is no frequency that files know."
        cells.wrong(row, cells.columns.fields["frequency"], message, "See kpi explain frequency.")
    return frequency or frequency_of(min((period.months for period, _ in figures), default=0))


def _figures(cells: Cells, row: int, reader: Reader) -> Iterator[tuple[Period, Value]]:
    for column, period in cells.periods():
        text = cells.clear(row, column)
        try:
            if text:
                yield period, reader.value(text)
        except ValueFormError as error:
            cells.wrong(row, column, f"{error.message} It was not taken.", error.help)
