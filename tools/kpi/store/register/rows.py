"""From the rows of a list of KPIs to KPIs that are to be begun, and what of them was not taken, with the reason."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kpi.model.period import Period
from kpi.model.quantity import COUNT, CURRENCY, ValueFormError, plain, unit_from
from kpi.model.text import HIDDEN, quoted
from kpi.store.intake.cell_value import Value, cell_value, shown_unit
from kpi.store.register.columns import Columns, columns_of
from kpi.store.register.words import (
    BOUND_OF,
    HIGHER,
    LOWER,
    NEITHER,
    ReadUnit,
    bound_in,
    frequency_in,
    frequency_of,
    is_no_target,
    unit_in,
    way_in,
)
from kpi.store.tables.heading import Bad
from kpi.store.tables.legend import legend_of
from kpi.store.tables.sheet import Sheet

_TITLES = (
    (re.compile(r"%|\b(?:per ?cent(?:age)?|proportion|share of|rate of)\b", re.IGNORECASE), "%"),
    (re.compile(r"\bper [0-9][0-9,]*\b", re.IGNORECASE), None),
    (re.compile(r"^(?:the )?(?:number|no\.?|total number|count) of\b", re.IGNORECASE), "number"),
)
"""What a title says of the unit, where no column does; None for the very words that were found."""
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
    targets: tuple[Mapping[str, str], ...]
    figures: tuple[tuple[Period, Value], ...]


class Listed(NamedTuple):
    """The KPIs of a sheet, and each cell that was not taken, with the reason."""

    kpis: tuple[NewKpi, ...]
    left: tuple[Bad, ...]


def kpis_in(sheet: Sheet, file: str, year_starts: int) -> Listed | None:
    """The KPIs of a sheet; None where no row looks like the headings of a list of KPIs.

    Args:
        sheet: the sheet.
        file: the file's name.
        year_starts: the month in which the financial year starts.
    """
    found = columns_of(sheet, file, year_starts)
    return None if found is None else _Rows(*found).listed()


class _Rows:
    """Reads one row after the other, and remembers what was not taken."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self.sheet = sheet
        self.columns = columns
        self.left: list[Bad] = []
        self.legend = legend_of(sheet.rows)
        self.doubts = {(doubt.row, doubt.column): doubt for doubt in sheet.doubts}
        self.above: dict[tuple[int, int], str] = {}
        for area in sheet.merged:
            text = sheet.rows[area.top - 1][area.left - 1] if area.left in columns.fields.values() else ""
            self.above |= {(row, area.left): text for row in range(area.top + 1, area.bottom + 1)}

    def listed(self) -> Listed:
        kpis: list[NewKpi] = []
        section = ""
        unsure: list[tuple[int, str]] = []  # rows with one text: headings, if KPIs follow
        for number in range(self.columns.row + 1, len(self.sheet.rows) + 1):
            cells = [cell.strip() for cell in self.sheet.rows[number - 1]]
            texts = {field: self._text(number, column) for field, column in self.columns.fields.items()}
            if sum(map(bool, cells)) == 1:
                unsure.append((number, next(filter(None, cells))))
            elif texts["title"]:
                if unsure and "priority" not in self.columns.fields:
                    section = unsure.pop()[1]
                self._tell_no_kpi(unsure)
                unsure = []
                section = texts.get("priority") or section  # often written in the first of several rows only
                kpis.append(self._kpi(number, {**texts, "priority": section}))
            elif any(cells):
                self._tell_no_kpi([(number, next(filter(None, cells)))])
        self._tell_no_kpi(unsure)
        if kpis:
            self._tell_columns()
        return Listed(tuple(kpis), tuple(sorted(self.left)))

    def _tell_columns(self) -> None:
        """Name the columns that were not taken, where there is anything in them."""
        below = self.sheet.rows[self.columns.row :]
        for column, heading, why in self.columns.others:
            if any(column <= len(row) and row[column - 1].strip() for row in below):
                message = f"The column {quoted(heading.strip(), 60)} was not taken."
                self.left.append(Bad(self.sheet.name, self.columns.row, column, message, why))

    def _tell_no_kpi(self, rows: list[tuple[int, str]]) -> None:
        for number, text in rows:
            self.left.append(Bad(self.sheet.name, number, 0, f"{quoted(text, 60)} names no KPI."))

    def _text(self, row: int, column: int) -> str:
        return HIDDEN.sub(
            "", " ".join((self._cell(row, column) or self.above.get((row, column), "")).split())
        )

    def _cell(self, row: int, column: int) -> str:
        cells = self.sheet.rows[row - 1]
        return cells[column - 1].strip() if column <= len(cells) else ""

    def _wrong(self, row: int, column: int, message: str, help_: str = "") -> None:
        self.left.append(Bad(self.sheet.name, row, column, message, help_))

    def _kpi(self, row: int, texts: dict[str, str]) -> NewKpi:
        unit = self._unit(row, texts)
        figures = tuple(self._figures(row, unit))
        if unit.raw == "percent" and any(
            not 0 <= Decimal(value.text) <= 100 for _, value in figures if value.text
        ):
            unit = ReadUnit({"percent": "any"})
        better = self._better(row, texts)
        targets = tuple(self._targets(row, unit, better, figures))
        lengths = [period.months for period, _ in figures]
        frequency = frequency_in(texts.get("frequency", ""))
        if texts.get("frequency") and not frequency:
            column = self.columns.fields["frequency"]
            self._wrong(
                row,
                column,
                f"{quoted(texts['frequency'], 60)} is no frequency that files know.",
                "See kpi explain frequency.",
            )
        return NewKpi(
            row, texts, unit, better, frequency or frequency_of(min(lengths, default=0)), targets, figures
        )

    # The unit, and which way is better.

    def _unit(self, row: int, texts: Mapping[str, str]) -> ReadUnit:
        """The unit by its column, by the title, or by how the figures are written."""
        cells = [cell for column, _ in self.columns.periods if (cell := self._cell(row, column))]
        cells += [
            cell for column, _ in self.columns.targets if re.search("[0-9]", cell := self._cell(row, column))
        ]
        said = texts.get("unit", "")
        in_brackets = unit_in("".join(re.findall(r"\(([^()]+)\)$", texts["title"])))
        if not said and in_brackets and not (isinstance(in_brackets.raw, dict) and "name" in in_brackets.raw):
            return in_brackets  # a word that is no usual unit may be about anything
        if not said:
            patterns = ((pattern.search(texts["title"]), words) for pattern, words in _TITLES)
            said = next((words or found[0] for found, words in patterns if found), "")
        unit = unit_in(said)
        if unit is None:
            symbol = next((cell[0] for cell in cells if cell[0] in "£€$"), "")
            shown = next((shown_unit(cell).kind for cell in cells if shown_unit(cell).kind != "ratio"), COUNT)
            unit = unit_in(symbol) or ReadUnit(shown)
        if unit.raw == COUNT and any(re.fullmatch(r"-.*|[0-9,]*\.[0-9]*[1-9]", cell) for cell in cells):
            return ReadUnit("ratio")
        return unit

    def _better(self, row: int, texts: Mapping[str, str]) -> str:
        """Which way is better: as the row says, or as its target implies."""
        said = texts.get("polarity", "")
        if way := way_in(said):
            return way
        implied = (
            _IMPLIED.get(bound_in(self._cell(row, column))[0], "") for column, _ in self.columns.targets
        )
        way = next(filter(None, implied), NEITHER)
        help_ = 'Write "better:" in its file if that is not so.'
        if said:
            message = f"{quoted(said, 60)} doesn't say which way is better, so {way} was written."
            self._wrong(row, self.columns.fields["polarity"], message, help_)
        elif way == NEITHER:
            self._wrong(row, 0, "Nothing says which way is better, so neither was written.", help_)
        return way

    # Figures and targets.

    def _figures(self, row: int, unit: ReadUnit) -> Iterator[tuple[Period, Value]]:
        formulas = [area for area in self.sheet.formulas if area.top <= row <= area.bottom]
        for column, period in sorted(self.columns.periods, key=lambda one: (one[1].end, one[1].start)):
            text, doubt = self._cell(row, column), self.doubts.get((row, column))
            if doubt is not None:
                self._wrong(row, column, doubt.message, doubt.help)
            elif text:
                try:
                    value = _read(text, unit, self.sheet, self.legend)
                except ValueFormError as error:
                    self._wrong(row, column, f"{error.message} It was not taken.", error.help)
                else:
                    yield period, value
            elif any(area.left <= column <= area.right for area in formulas):
                self._wrong(
                    row,
                    column,
                    "This cell holds a formula without a result, so there is no figure.",
                    "Write the figure.",
                )

    def _targets(
        self, row: int, unit: ReadUnit, better: str, figures: Sequence[tuple[Period, Value]]
    ) -> Iterator[Mapping[str, str]]:
        for column, year in self.columns.targets:
            text = " ".join(self._cell(row, column).split())
            start = {"from": year.text} if year else {}
            if not text:
                continue
            if is_no_target(text):
                self._wrong(row, column, f"{quoted(text)} was read as no target.")
                continue
            how, numbers = bound_in(text)
            try:
                values = [_read(number, unit, self.sheet, {}).text for number in numbers]
            except ValueFormError:
                values = [""]
            if not all(values):
                yield {"in_words": text, **start}
            elif how == "between" and better == NEITHER:
                yield {"between": f"[{', '.join(values)}]", **start}
            elif how == "between" or (not how and better == NEITHER):
                why = "a range needs better: neither" if how else "nothing says which way is better"
                self._wrong(
                    row,
                    column,
                    f"The target {quoted(text)} was written in words, because {why}.",
                    "It decides nothing as it is.",
                )
                yield {"in_words": text, **start}
            else:
                annual = self._is_annual(row, column, unit, values[0], figures)
                yield {
                    how or BOUND_OF[better]: values[0],
                    **start,
                    **({"over": "12 months"} if annual else {}),
                }

    def _is_annual(
        self, row: int, column: int, unit: ReadUnit, target: str, figures: Sequence[tuple[Period, Value]]
    ) -> bool:
        """Whether a target is for the year, of figures that add up to one: by its heading, or because it is nearer to a year's sum."""
        if unit_from(unit.raw).kind not in {COUNT, CURRENCY}:
            return False
        known = [(period.months, abs(Decimal(value.text))) for period, value in figures if value.text]
        if not known or not all(0 < months < 12 for months, _ in known):
            return False
        a_year = sum((value * 12 / months for months, value in known), Decimal()) / len(known)
        a_part = sum((value for _, value in known), Decimal()) / len(known)
        heading = self.sheet.rows[self.columns.row - 1][column - 1]
        if not re.search(r"annual|year", heading, re.IGNORECASE) and Decimal(target) ** 2 < a_year * a_part:
            return False
        message = f"The target {quoted(self._cell(row, column))} was read as one for 12 months, and the figures are of less."
        self._wrong(
            row,
            column,
            message,
            'It decides nothing until there is a figure of a year. If it is for each figure, take out "over:".',
        )
        return True


def _read(text: str, unit: ReadUnit, sheet: Sheet, legend: Mapping[str, str]) -> Value:
    """The value in a cell, as a file has it.

    Raises:
        ValueFormError: if it has none.
    """
    kind = unit_from(unit.raw)
    read = cell_value(text, kind, decimal_comma=sheet.decimal_comma, legend=legend)
    if not read.text or not unit.power or re.search("[a-z]", text, re.IGNORECASE):
        return read
    return read._replace(text=plain(Decimal(read.text).scaleb(unit.power)))
