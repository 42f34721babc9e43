"""From the rows of a list of KPIs to KPIs that are to be begun, and what of them was not taken, with the reason."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kpi.model.period import Period
from kpi.model.quantity import COUNT, CURRENCY, PERCENT, ValueFormError, unit_from
from kpi.model.text import HIDDEN, quoted
from kpi.store.intake.cell_value import Value, shown_unit
from kpi.store.register.columns import Columns, columns_of
from kpi.store.register.numbers import Reader
from kpi.store.register.words import (
    FIGURES,
    HIGHER,
    LOWER,
    NEITHER,
    OTHERS,
    TARGETS,
    ReadUnit,
    bound_in,
    frequency_in,
    frequency_of,
    is_no_target,
    row_kind,
    target_in,
    title_and_kind,
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

Fields = Mapping[str, str]
"""A target as the fields of a file."""


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
    left: tuple[Bad, ...]


def kpis_in(sheet: Sheet, file: str, year_starts: int) -> Listed | None:
    """The KPIs of a sheet; None where no row looks like the headings of a list of KPIs.

    Args:
        sheet: the sheet.
        file: the file's name.
        year_starts: the month in which the financial year starts.
    """
    headed = columns_of(sheet, file, year_starts)
    return None if headed is None else _Rows(*headed).listed()


class _Row(NamedTuple):
    """A row: its number, what it says by field, and what it says that it holds (`words.row_kind`)."""

    number: int
    texts: Mapping[str, str]
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
        together: list[_Together] = []
        section = ""
        unsure: list[tuple[int, str]] = []  # rows with one text: headings, if KPIs follow
        for number in range(self.columns.row + 1, len(self.sheet.rows) + 1):
            cells = list(filter(None, map(str.strip, self.sheet.rows[number - 1])))
            row = self._row(number)
            if together and cells and together[-1].takes(row):
                together[-1].add(row)
            elif len(cells) == 1:
                unsure.append((number, cells[0]))
            elif row.texts["title"]:
                if unsure and "priority" not in self.columns.fields:
                    section = unsure.pop()[1]
                self._tell_no_kpi(unsure)
                unsure = []
                section = (
                    row.texts.get("priority") or section
                )  # often written in the first of several rows only
                together.append(_Together({**row.texts, "priority": section}, {row.kind or FIGURES: number}))
            elif cells:
                self._tell_no_kpi([(number, cells[0])])
        self._tell_no_kpi(unsure)
        kpis = tuple(kpi for rows in together if (kpi := self._kpi(rows)) is not None)
        if kpis:
            self._tell_columns()
        return Listed(kpis, tuple(sorted(self.left)))

    def _row(self, number: int) -> _Row:
        texts = {field: self._text(number, column) for field, column in self.columns.fields.items()}
        title, kind = title_and_kind(texts["title"])
        if self.columns.kind:
            title, kind = texts["title"], row_kind(self._cell(number, self.columns.kind))
        return _Row(number, {**texts, "title": title}, kind)

    def _tell_columns(self) -> None:
        """Name the columns that were not taken, where there is anything in them."""
        below = self.sheet.rows[self.columns.row :]
        for column, heading, why in self.columns.others:
            if any(column <= len(row) and row[column - 1].strip() for row in below):
                message = f"The column {quoted(heading.strip(), 60)} was not taken."
                self._wrong(self.columns.row, column, message, why)

    def _tell_no_kpi(self, rows: list[tuple[int, str]]) -> None:
        for number, text in rows:
            self._wrong(number, 0, f"{quoted(text, 60)} names no KPI.")

    def _text(self, row: int, column: int) -> str:
        return HIDDEN.sub(
            "", " ".join((self._cell(row, column) or self.above.get((row, column), "")).split())
        )

    def _cell(self, row: int, column: int) -> str:
        cells = self.sheet.rows[row - 1]
        return cells[column - 1].strip() if column <= len(cells) else ""

    def _wrong(self, row: int, column: int, message: str, help_: str = "") -> None:
        self.left.append(Bad(self.sheet.name, row, column, message, help_))

    def _kpi(self, together: _Together) -> NewKpi | None:
        texts, rows = together.texts, together.rows
        if OTHERS in rows:
            message = f"This row of {quoted(texts['title'], 60)} was not taken."
            self._wrong(rows[OTHERS], 0, message, "It has neither figures nor targets.")
        row = rows.get(FIGURES) or rows.get(TARGETS)
        if row is None:
            return None
        cells = [
            text
            for number in rows.values()
            for column, _ in self.columns.periods
            if (text := self._cell(number, column))
        ]
        levels = [
            text
            for number in rows.values()
            for column, _ in self.columns.targets
            if re.search("[0-9]", text := self._cell(number, column))
        ]
        reader = Reader(self._unit(texts, [*cells, *levels]), self.sheet, self.legend, [*cells, *levels])
        figures = tuple(self._figures(row, reader)) if FIGURES in rows else ()
        better = self._better(row, texts, levels)
        targets = list(self._period_targets(rows[TARGETS], reader, better)) if TARGETS in rows else []
        for number in rows.values():
            targets += self._targets(number, reader, better, figures, has_others=bool(targets))
        unit = reader.unit
        if unit.raw == PERCENT and any(
            not 0 <= Decimal(value.text) <= 100 for _, value in figures if value.text
        ):
            unit = ReadUnit({"percent": "any"})
        return NewKpi(row, texts, unit, better, self._frequency(row, texts, figures), tuple(targets), figures)

    # The unit, which way is better, and how often.

    def _unit(self, texts: Mapping[str, str], cells: Sequence[str]) -> ReadUnit:
        """The unit by its column, by the title, or by how the figures are written."""
        said = texts.get("unit", "")
        in_brackets = unit_in("".join(re.findall(r"\(([^()]+)\)$", texts["title"])))
        if not said and in_brackets and not (isinstance(in_brackets.raw, dict) and "name" in in_brackets.raw):
            return in_brackets  # a word that is no usual unit may be about anything
        if not said:
            patterns = ((pattern.search(texts["title"]), words) for pattern, words in _TITLES)
            said = next((words or match[0] for match, words in patterns if match), "")
        unit = unit_in(said)
        if unit is None:
            symbol = next((cell[0] for cell in cells if cell[0] in "£€$"), "")
            shown = next((shown_unit(cell).kind for cell in cells if shown_unit(cell).kind != "ratio"), COUNT)
            unit = unit_in(symbol) or ReadUnit(shown)
        broken = r"-.*|[0-9.]*,[0-9]*[1-9]" if self.sheet.decimal_comma else r"-.*|[0-9,]*\.[0-9]*[1-9]"
        if unit.raw == COUNT and any(re.fullmatch(broken, cell) for cell in cells):
            return ReadUnit("ratio")
        return unit

    def _better(self, row: int, texts: Mapping[str, str], levels: Sequence[str]) -> str:
        """Which way is better: as the row says, or as its targets imply."""
        said = texts.get("polarity", "")
        if way := way_in(said):
            return way
        way = next(filter(None, (_IMPLIED.get(bound_in(text)[0], "") for text in levels)), NEITHER)
        help_ = 'Write "better:" in its file if that is not so.'
        if said:
            message = f"{quoted(said, 60)} doesn't say which way is better, so {way} was written."
            self._wrong(row, self.columns.fields["polarity"], message, help_)
        elif way == NEITHER:
            self._wrong(row, 0, "Nothing says which way is better, so neither was written.", help_)
        return way

    def _frequency(self, row: int, texts: Mapping[str, str], figures: Sequence[tuple[Period, Value]]) -> str:
        said = texts.get("frequency", "")
        frequency = frequency_in(said)
        if said and not frequency:
            message = f"{quoted(said, 60)} is no frequency that files know."
            self._wrong(row, self.columns.fields["frequency"], message, "See kpi explain frequency.")
        return frequency or frequency_of(min((period.months for period, _ in figures), default=0))

    # Figures and targets.

    def _written(self, row: int) -> Iterator[tuple[int, Period, str]]:
        """What a row has for the periods, oldest first: the column, the period and the text, if it is clear what is meant."""
        formulas = [area for area in self.sheet.formulas if area.top <= row <= area.bottom]
        for column, period in sorted(self.columns.periods, key=lambda at: (at[1].end, at[1].start)):
            text, doubt = self._cell(row, column), self.doubts.get((row, column))
            if doubt is not None:
                self._wrong(row, column, doubt.message, doubt.help)
            elif text:
                yield column, period, text
            elif any(area.left <= column <= area.right for area in formulas):
                message = "This cell holds a formula without a result, so there is no figure."
                self._wrong(row, column, message, "Write the figure.")

    def _figures(self, row: int, reader: Reader) -> Iterator[tuple[Period, Value]]:
        for column, period, text in self._written(row):
            try:
                yield period, reader.value(text)
            except ValueFormError as error:
                self._wrong(row, column, f"{error.message} It was not taken.", error.help)

    def _period_targets(self, row: int, reader: Reader, better: str) -> Iterator[Fields]:
        """The targets of a row that has one for each period: each holds until the next that differs."""
        before: Fields = {}
        for column, period, text in self._written(row):
            if before and is_no_target(text):
                message = f"{quoted(text)} was read as no new target, so the one before it goes on."
                self._wrong(row, column, message, 'Write "until:" in its file if it ends.')
                continue
            fields = self._target(row, column, text, reader, better)
            if fields and fields != before:
                before = fields
                yield {**fields, "from": period.text}

    def _targets(
        self,
        row: int,
        reader: Reader,
        better: str,
        figures: Sequence[tuple[Period, Value]],
        *,
        has_others: bool,
    ) -> Iterator[Fields]:
        for column, year in self.columns.targets:
            text = self._cell(row, column)
            if has_others and text and year is None:
                message = (
                    f"The target {quoted(text)} was not taken, because there are targets for the periods."
                )
                self._wrong(row, column, message, 'It goes into the KPI\'s file, with "by:" and its period.')
                continue
            fields = self._target(row, column, text, reader, better)
            if not fields:
                continue
            start = {"from": year.text} if year else {}
            number = next(iter(fields.values()))
            is_annual = not {"in_words", "between"} & {*fields} and self._is_annual(
                row, column, reader.unit, number, figures
            )
            yield {**fields, **start, **({"over": "12 months"} if is_annual else {})}

    def _target(self, row: int, column: int, text: str, reader: Reader, better: str) -> Fields:
        """The target that a cell is, without its dates; nothing where it is none."""
        text = " ".join(text.split())
        if not text:
            return {}
        if is_no_target(text):
            self._wrong(row, column, f"{quoted(text)} was read as no target.")
            return {}
        is_bare = "%" not in text
        try:
            target = target_in(text, better, lambda number: reader.value(number, {}, is_bare=is_bare).text)
        except ValueFormError as error:
            self._wrong(row, column, f"{error.message} It was not taken.", error.help)
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
            self._wrong(row, column, f"The target {quoted(text)} was written in words: {why}", help_)
        return {"in_words": text} if why or target.how == "in_words" else {target.how: target.values[0]}

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
