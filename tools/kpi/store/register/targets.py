"""Targets for KPIs that are there, from a table with a row for each: which measure is meant, and what its file is to say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kpi.model.kpi import Measure
from kpi.model.quantity import ValueFormError
from kpi.model.text import quoted
from kpi.store.format.figures import is_list
from kpi.store.format.typed import BracedFields, BracketedItems, put
from kpi.store.intake.cell_value import cell_value
from kpi.store.intake.names import Names
from kpi.store.intake.slip import SlipError, slip
from kpi.store.register.columns import Columns, columns_of
from kpi.store.register.words import is_no_target, target_in
from kpi.store.repository import KpiFile
from kpi.store.rewrite import rewritten
from kpi.store.tables.figures import Given
from kpi.store.tables.heading import Bad
from kpi.store.tables.sheet import Sheet
from kpi.store.yaml.plain import resolve

_AFTER = ("observations", "derived", "no_figures", "peers")
"""What stands below the targets of a measure."""


class WantedTarget(NamedTuple):
    """A target for a file, as its fields, and the row that it comes from."""

    given: Given
    file: KpiFile
    measure: Measure
    fields: Mapping[str, str | tuple[str, ...]]
    start: str


def targets_in(
    sheet: Sheet, file: str, names: Names, year_starts: int
) -> Iterator[WantedTarget | Bad] | None:
    """The targets of a sheet, and what is wrong; None where it has no headings.

    Args:
        sheet: the sheet.
        file: the name of its file.
        names: knows the KPIs.
        year_starts: the month in which the financial year starts.
    """
    found = columns_of(sheet, file, year_starts)
    return None if found is None else _targets(*found, names)


def _targets(sheet: Sheet, columns: Columns, names: Names) -> Iterator[WantedTarget | Bad]:
    headings = [cell.strip().casefold() for cell in sheet.rows[columns.row - 1]]
    measure = headings.index("measure") + 1 if "measure" in headings else 0
    named = [
        column
        for field in ("code", "title")
        if (column := columns.fields.get(field, 0)) and column != measure
    ]
    if not columns.targets:
        yield Bad(
            sheet.name,
            columns.row,
            0,
            "No column has targets for a year.",
            "Name one by its year, such as Target 2026/27.",
        )
    for number, row in enumerate(sheet.rows[columns.row :], start=columns.row + 1):
        cells = [cell.strip() for cell in row] + [""] * len(headings)
        for column, year in columns.targets:
            text = " ".join(cells[column - 1].split())
            if not text or is_no_target(text):
                continue
            texts = {"measure": cells[measure - 1] if measure else "", "value": text}
            where = {"kpi": named[0] if named else 0, "value": column, "measure": measure}
            given = Given(sheet.name, number, texts, where, columns.row, sheet.decimal_comma)
            try:
                yield _wanted(given, [cells[one - 1] for one in named], names, year.text if year else "")
            except SlipError as error:
                yield error.bad


def _wanted(given: Given, spellings: list[str], names: Names, start: str) -> WantedTarget:
    """The target of a cell.

    Raises:
        SlipError: if it can't be used.
    """
    file, measure = _place(given, spellings, names)
    if not start:
        raise slip(
            given,
            "value",
            "Nothing says which year this target is for.",
            "Name the column by its year, such as Target 2026/27.",
        )
    text = given.text("value")
    source = next((one.source for one in reversed(measure.targets) if one.source), "")
    over = next((one.over for one in reversed(measure.targets) if one.over), None)
    last = (
        {"from": start}
        | ({"over": f"{over} months"} if over else {})
        | ({"source": source} if source else {})
    )
    try:
        target = target_in(
            text,
            measure.better.way,
            lambda number: cell_value(number, measure.unit, decimal_comma=given.decimal_comma).text,
        )
    except ValueFormError as error:
        raise slip(given, "value", error.message, error.help) from None
    values = target.values if target.how == "between" else target.values[0]
    return WantedTarget(given, file, measure, {target.how or "equals": values, **last}, start)


def _place(given: Given, spellings: list[str], names: Names) -> tuple[KpiFile, Measure]:
    """The measure of a row, by its code or else by its name."""
    texts = [text for text in spellings if text] or [""]
    for text in texts[:-1]:
        try:
            return names.place(given._replace(texts={**given.texts, "kpi": text}))[:2]
        except SlipError:
            continue
    return names.place(given._replace(texts={**given.texts, "kpi": texts[-1]}))[:2]


def file_with_targets(data: bytes, wanted: list[WantedTarget]) -> bytes:
    """A file with more targets, each the last of its measure.

    Raises:
        UnplacedError: if it can't be read as it is, or isn't written in a form that can be added to.
    """

    def add(values: Any) -> None:
        for target in wanted:
            measure = values["measures"][target.measure.id]
            if not is_list(measure.get("targets")):
                measure.pop("targets", None)
                put(measure, "targets", [], before=_AFTER)
            measure["targets"].append(
                BracedFields((name, _value(name, said)) for name, said in target.fields.items())
            )

    return rewritten(data, add)


def _value(name: str, said: str | Sequence[str]) -> Any:
    """What a field of a target is to hold."""
    if not isinstance(said, str):
        return BracketedItems(map(resolve, said))
    return said if name in {"in_words", "source"} else resolve(said)


def same_start(target: WantedTarget, others: Sequence[WantedTarget]) -> str:
    """What to say where the file, or a row before, has a target of the measure from the same period on; nothing where none has."""
    measure = target.measure
    if any(one.start is not None and one.start.text == target.start for one in measure.targets):
        return f"{quoted(measure.id)} has a target from {target.start} already."
    if any(other.measure.id == measure.id and other.start == target.start for other in others):
        return f"There are two targets of {quoted(measure.id)} from {target.start}."
    return ""
