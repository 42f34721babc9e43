"""The targets of a KPI of a list: those of its row of targets, and those of the columns for a year."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from kpi.model.period import Period
from kpi.model.quantity import COUNT, CURRENCY, ValueFormError, unit_from
from kpi.model.text import quoted
from kpi.store.intake.cell_value import Value
from kpi.store.register.list_cells import Cells
from kpi.store.register.list_words import LOWER, NEITHER, TARGETS, ReadUnit, is_no_target, target_in
from kpi.store.register.numbers import Reader

Fields = Mapping[str, str]
"""A target as the fields of a file."""


def targets_in(
    cells: Cells,
    rows: Mapping[str, int],
    reader: Reader,
    better: str,
    figures: Sequence[tuple[Period, Value]],
) -> Iterator[Fields]:
    """The targets of a KPI."""
    parts = sorted(
        (year.start, column, year) for column, year in cells.columns.targets if year and year.months < 12
    )
    given = [(rows[TARGETS], column, period) for column, period in cells.periods()] if TARGETS in rows else []
    given += [(row, column, period) for row in rows.values() for _, column, period in parts]
    by_period = tuple(_by_period(cells, given, reader, better))
    yield from by_period
    for row, (column, year) in product(rows.values(), cells.columns.targets):
        if year and year.months < 12:
            continue
        text = cells.clear(row, column)
        if by_period and text and year is None:
            message = f"The target {quoted(text)} was not taken, because there are targets for the periods."
            cells.wrong(row, column, message, 'It goes into the KPI\'s file, with "by:" and its period.')
        elif fields := _target(cells, row, column, text, reader, better):
            start = {"from": year.text} if year else {}
            is_annual = _is_annual(cells, row, column, reader.unit, fields, figures)
            yield {**fields, **start, **({"over": "12 months"} if is_annual else {})}


def _by_period(
    cells: Cells, given: Iterable[tuple[int, int, Period]], reader: Reader, better: str
) -> Iterator[Fields]:
    """The targets that are given for each period, by row and column: each holds until the next that differs."""
    before: Fields = {}
    for row, column, period in given:
        text = cells.clear(row, column)
        if before and text and is_no_target(text):
            message = f"{quoted(text)} was read as no new target, so the one before it goes on."
            cells.wrong(row, column, message, 'Write "until:" in its file if it ends.')
            continue
        fields = _target(cells, row, column, text, reader, better)
        if fields and fields != before:
            before = fields
            yield {**fields, "from": period.text}


def _target(cells: Cells, row: int, column: int, text: str, reader: Reader, better: str) -> Fields:
    """The target that a cell is, without its dates; nothing where it is none."""
    text = " ".join(text.split())
    if not text:
        return {}
    if is_no_target(text):
        cells.wrong(row, column, f"{quoted(text)} was read as no target.")
        return {}
    is_bare = "%" not in text
    try:
        target = target_in(text, better, lambda number: reader.value(number, {}, is_bare=is_bare).text)
    except ValueFormError as error:
        cells.wrong(row, column, f"{error.message} It was not taken.", error.help)
        return {}
    why, help_ = target.doubt, "It decides nothing as it is."
    if target.how == "between" and better == NEITHER:
        return {"between": f"[{', '.join(target.values)}]"}
    if target.how == "between":
        low, high = target.values
        end = f"at_most: {high}" if better == LOWER else f"at_least: {low}"
        why = f"a range needs better: neither, and here {better} is better."
        help_ = f"{help_} Write better: neither in its file for the range, or {end} for its end."
    elif not target.how:
        why = "nothing says which way is better."
    if why:
        cells.wrong(row, column, f"The target {quoted(text)} was written in words: {why}", help_)
    return {"in_words": text} if why or target.how == "in_words" else {target.how: target.values[0]}


def _is_annual(
    cells: Cells,
    row: int,
    column: int,
    unit: ReadUnit,
    fields: Fields,
    figures: Sequence[tuple[Period, Value]],
) -> bool:
    """Whether a target is for the year, of figures that add up to one: by its heading, or because it is nearer to a year's sum."""
    if unit_from(unit.raw).kind not in {COUNT, CURRENCY} or {"in_words", "between"} & {*fields}:
        return False
    known = [(period.months, abs(Decimal(value.text))) for period, value in figures if value.text]
    if not known or not all(0 < months < 12 for months, _ in known):
        return False
    a_year = sum((value * 12 / months for months, value in known), Decimal()) / len(known)
    a_part = sum((value for _, value in known), Decimal()) / len(known)
    heading = cells.sheet.cell(cells.columns.row, column)
    (target,) = fields.values()
    if not re.search(r"annual|year", heading, re.IGNORECASE) and Decimal(target) ** 2 < a_year * a_part:
        return False
    message = f"The target {quoted(cells.sheet.cell(row, column))} was read as one for 12 months, and the figures are of less."
    help_ = (
        'It decides nothing until there is a figure of a year. If it is for each figure, take out "over:".'
    )
    cells.wrong(row, column, message, help_)
    return True
