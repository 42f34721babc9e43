"""Targets for KPIs that are there, from a table with a row for each: which measure is meant, and what its file is to say."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from kpi.model.kpi import Measure
from kpi.model.quantity import PERCENT, ValueFormError
from kpi.model.text import quoted
from kpi.rules.unlike import fraction_words, fractions_among, large_targets
from kpi.store.edit import rewritten
from kpi.store.format.typed import put
from kpi.store.intake.cell_value import cell_value
from kpi.store.intake.names import Names
from kpi.store.intake.row_cells import hold_scale
from kpi.store.intake.slip import SlipError
from kpi.store.register.kpi_files import target_fields
from kpi.store.register.list_cells import Cells
from kpi.store.register.list_columns import columns_of
from kpi.store.register.list_words import is_no_target, target_in
from kpi.store.register.new_kpi import Target
from kpi.store.repository import KpiFile
from kpi.store.tables.sheet import CellProblem, Sheet
from kpi.store.tables.table_figures import RawFigure

_AFTER = ("observations", "derived", "no_figures", "peers")
"""What is below the targets of a measure."""


class WantedTarget(NamedTuple):
    """A target for a file, as its fields, and the row that it comes from."""

    raw: RawFigure
    file: KpiFile
    measure: Measure
    fields: Target
    start: str


def targets_in(
    sheet: Sheet, file: str, names: Names, year_starts: int
) -> Iterator[WantedTarget | CellProblem] | None:
    """The targets of a sheet, and what is wrong; None where it has no headings."""
    headed = columns_of(sheet, file, year_starts)
    return None if headed is None else _targets(Cells(*headed), names)


def _targets(cells: Cells, names: Names) -> Iterator[WantedTarget | CellProblem]:
    columns, sheet = cells.columns, cells.sheet
    headings = [heading.strip().casefold() for heading in sheet.rows[columns.row - 1]]
    measure = headings.index("measure") + 1 if "measure" in headings else 0
    named = [
        column
        for field in ("code", "title")
        if (column := columns.fields.get(field, 0)) and column != measure
    ]
    if not columns.targets:
        help_ = "Name one by its year, such as Target 2026/27."
        yield sheet.problem(columns.row, 0, "No column has targets for a year.", help_)
    for number, (column, year) in product(range(columns.row + 1, len(sheet.rows) + 1), columns.targets):
        text = " ".join(cells.clear(number, column).split())
        if not text or is_no_target(text):
            continue
        texts = {"measure": cells.text(number, measure) if measure else "", "value": text}
        where = {"kpi": named[0] if named else 0, "value": column, "measure": measure}
        raw = RawFigure(sheet.name, number, texts, where, columns.row, sheet.decimal_comma)
        spellings = [cells.text(number, name) for name in named]
        try:
            yield _wanted(raw, spellings, names, year.text if year else "")
        except SlipError as error:
            yield error.problem
    yield from cells.left


def _wanted(raw: RawFigure, spellings: list[str], names: Names, start: str) -> WantedTarget:
    """The target of a cell.

    Raises:
        SlipError: if it can't be used.
    """
    file, measure = _place(raw, spellings, names)
    if not start:
        message = "Nothing says which year this target is for."
        raise SlipError(raw, "value", message, "Name the column by its year, such as Target 2026/27.")
    newest = measure.targets[::-1]
    over = next((f"{target.over} months" for target in newest if target.over), "")
    source = next((target.source for target in newest if target.source), "")
    try:
        target = target_in(
            raw.text("value"), measure.better.way, lambda number: _number(number, raw, measure)
        )
    except ValueFormError as error:
        raise SlipError(raw, "value", error.message, error.help) from None
    values = target.values if target.how == "between" else target.values[0]
    fields = {target.how or "equals": values, "from": start, "over": over, "source": source}
    return WantedTarget(raw, file, measure, {name: said for name, said in fields.items() if said}, start)


def _number(text: str, raw: RawFigure, measure: Measure) -> str:
    """A number of a target as the file has it.

    Raises:
        ValueFormError: if it is none, a fraction where the figures are per cents, or maybe in the scale of print.
    """
    read = cell_value(text, measure.unit, decimal_comma=raw.decimal_comma).text
    hold_scale(text, read, measure)
    if measure.unit.kind == PERCENT and read and "%" not in raw.text("value"):
        number = Decimal(read)
        values = [figure.value for figure in measure.observations if figure.value is not None]
        fractions, usual = fractions_among([*values, number], large_targets(measure))
        if usual is not None and number in fractions:
            message, better = fraction_words(number, usual)
            raise ValueFormError(message, f"Write {better}, or {read}% if it is right.")
    return read


def _place(raw: RawFigure, spellings: list[str], names: Names) -> tuple[KpiFile, Measure]:
    """The measure of a row, by its code or else by its name."""
    first, *others = [text for text in spellings if text] or [""]
    try:
        return names.place(raw._replace(texts={**raw.texts, "kpi": first}))[:2]
    except SlipError:
        if not others:
            raise
        return _place(raw, others, names)


def file_with_targets(data: bytes, wanted: list[WantedTarget]) -> bytes:
    """A file with more targets, each the last of its measure.

    Raises:
        UnplacedError: if it can't be read as it is, or isn't written in a form that can be added to.
    """

    def add(values: Any) -> None:
        for target in wanted:
            measure = values["measures"][target.measure.id]
            if not isinstance(measure.get("targets"), list):
                measure.pop("targets", None)
                put(measure, "targets", [], before=_AFTER)
            measure["targets"].append(target_fields(target.fields))

    return rewritten(data, add)


def same_start(target: WantedTarget, others: Sequence[WantedTarget]) -> str:
    """What to say where the file, or a row before, has a target of the measure from the same period on; nothing where none has."""
    measure = target.measure
    if any(earlier.start is not None and earlier.start.text == target.start for earlier in measure.targets):
        return f"{quoted(measure.id)} has a target from {target.start} already."
    if any(other.measure.id == measure.id and other.start == target.start for other in others):
        return f"There are two targets of {quoted(measure.id)} from {target.start}."
    return ""
