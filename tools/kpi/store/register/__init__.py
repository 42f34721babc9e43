"""A list of KPIs as people keep it in a spreadsheet, a row or more a KPI, as KPIs to begin."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import partial
from itertools import product
from statistics import fmean

from kpi.model.period import Period
from kpi.model.quantity import COUNT, CURRENCY, PERCENT, ValueFormError, duration_text, plain, unit_from
from kpi.model.text import quoted
from kpi.model.vocabulary import FREQUENCIES
from kpi.rules.series import fractions_among
from kpi.store.intake.row_cells import Value, cell_value, shown_unit
from kpi.store.register import list_words as words
from kpi.store.register.list_columns import Columns, columns_of
from kpi.store.tables import CellProblem, Sheet
from kpi.store.tables.table_figures import TOTALS

_TITLES = (
    (re.compile(r"[£€$] ?['’]?(?:k|000s?|m|million|bn)\b", re.IGNORECASE), None),
    (re.compile(r"%|\b(?:per ?cent(?:age)?|proportion|share of)\b", re.IGNORECASE), "%"),
    (re.compile(r"\bper [0-9][0-9,]*\b", re.IGNORECASE), None),
    (re.compile(r"\brate of\b", re.IGNORECASE), "%"),
    (re.compile(r"^(?:the )?(?:number|no\.?|total number|count) of\b", re.IGNORECASE), "number"),
)
"""What a title says of the unit, where no column does; None for the very words that were found."""
_NAMED = re.compile(
    "(?i)hours|minutes|mins|seconds|months|years|tonnes|kg|[km]wh|tco2e?|fte|wte|miles|km|litres|hectares|points"
)
"""Units by name that a title may have in brackets. Other words there may be about anything."""
_IMPLIED = {
    **dict.fromkeys(("at_least", "more_than"), words.HIGHER),
    **dict.fromkeys(("at_most", "less_than"), words.LOWER),
}
_SMALL = re.compile(r"(?<![0-9])0?[.,][0-9]")

Target = Mapping[str, str | tuple[str, ...]]  # A target as the fields of a file


def kpis_in(sheet: Sheet, file: str, year_starts: int) -> tuple[list["NewKpi"], list[CellProblem]] | None:
    """The KPIs of a sheet, and each cell that was not taken, with the reason; None where no row looks like the headings of a list."""
    cells = columns_of(sheet, file, year_starts)
    if cells is None:
        return None
    kpis = []
    for texts, rows in _together(cells):
        if words.OTHERS in rows:
            message = f"This row of {quoted(texts['title'], 60)} was not taken."
            cells.wrong(rows[words.OTHERS], 0, message, "It has neither figures nor targets.")
        if {words.FIGURES, words.NAMES, words.TARGETS} & rows.keys():
            kpis.append(NewKpi(cells, texts, rows))
    for column, heading, why in cells.others if kpis else ():
        if cells.sheet.below(cells.row, column):
            message = f"The column {quoted(heading.strip(), 60)} was not taken."
            cells.wrong(cells.row, column, message, why)
    return kpis, sorted(cells.left)


def _together(cells: Columns) -> list[tuple[dict[str, str], dict[str, int]]]:
    """What the rows of each KPI say, and the row of each kind: one may hold its figures and another its targets.

    The heading above is the priority where no column has one.
    """
    kpis: list[tuple[dict[str, str], dict[str, int]]] = []
    section = ""
    unsure: list[tuple[int, str]] = []  # rows with one text: headings, if KPIs follow
    nameless: list[tuple[int, str]] = []
    for number in range(cells.row + 1, len(cells.sheet.rows) + 1):
        texts = list(filter(None, map(str.strip, cells.sheet.rows[number - 1])))
        said, kind = _row(cells, number)
        if kind and unsure and not said["title"]:  # the KPI's name has a row for itself
            said["title"] = unsure.pop()[1]
        title = said["title"]
        before, rows = kpis[-1] if kpis and texts and not unsure else ({}, {})
        names = {"", before.get("title", "").casefold()}
        if before and kind not in {"", *rows} and title.casefold() in names:
            rows[kind] = number
            before.update({field: text for field, text in said.items() if not before.get(field)})
        elif len(texts) == 1:
            unsure.append((number, texts[0]))
        elif title and title.casefold().rstrip(":") not in TOTALS:
            if unsure and "priority" not in cells.fields:
                section = unsure.pop()[1]
            nameless += unsure
            unsure = []
            # A priority is often written in the first of several rows only.
            section = said.get("priority") or section
            is_figures = cells.texts([number], (column for column, _ in cells.periods))
            kind = kind or (words.FIGURES if is_figures else words.NAMES)
            kpis.append(({**said, "priority": section}, {kind: number}))
        elif texts:
            nameless.append((number, title or texts[0]))
    for number, text in (*nameless, *unsure):
        cells.wrong(number, 0, f"{quoted(text, 60)} names no KPI.")
    return kpis


def _row(cells: Columns, number: int) -> tuple[dict[str, str], str]:
    """What a row says by field, and what it says that it holds (`list_words.row_kind`)."""
    texts = {field: cells.text(number, column) for field, column in cells.fields.items()}
    for field in texts.keys() & {"owner", "source", "priority", "code", "definition", "commentary", "note"}:
        if texts[field] and words.is_nothing(texts[field]):
            message = f"{quoted(texts[field], 60)} was read as no {field}."
            cells.wrong(number, cells.fields[field], message)
            texts[field] = ""
    if cells.kind:
        return texts, words.row_kind(cells.sheet.cell(number, cells.kind))
    texts["title"], kind = words.title_and_kind(texts["title"])
    return texts, kind


class NewKpi:
    """A KPI of a list. Fractions are told from per cents by what is beside them."""

    def __init__(self, cells: Columns, texts: Mapping[str, str], rows: Mapping[str, int]) -> None:
        """Read the rows of a KPI; `cells` remembers what was not taken."""
        self.cells, self.rows = cells, rows
        self.texts = texts  # by field (`list_columns.FIELDS`); `priority` may be that of a heading above
        kinds = (words.FIGURES, words.NAMES, words.TARGETS)
        self.row = next(self.rows[kind] for kind in kinds if kind in self.rows)
        numbers = cells.texts(self.rows.values(), sorted(column for column, _ in cells.periods))
        levels = cells.texts(self.rows.values(), (column for column, _ in cells.targets))
        levels = [text for text in levels if re.search("[0-9]", text)]
        self.unit = self._unit([*numbers, *levels])
        self.kind = unit_from(self.unit.raw)
        self.fractions: frozenset[Decimal] = frozenset()
        self.fractions = self._fractions_in([*numbers, *levels])
        self.figures: tuple[tuple[Period, Value], ...] = tuple(self._figures())  # by period
        self.better = self._better(levels)  # higher, lower or neither
        self.frequency = self._frequency()  # how often figures come; empty where that isn't known
        self.targets = tuple(self._targets())
        shares = (Decimal(value.text) for _, value in self.figures if value.text and self.unit.raw == PERCENT)
        if any(not 0 <= share <= 100 for share in shares):
            self.unit = words.ReadUnit({"percent": "any"})

    def _frequency(self) -> str:
        given = self.texts.get("frequency", "")
        frequency = words.frequency_in(given)
        if given and not frequency:
            message = f"{quoted(given, 60)} is no frequency that files know."
            self.cells.wrong(self.row, self.cells.fields["frequency"], message, "See kpi explain frequency.")
        months = min((period.months for period, _ in self.figures), default=0)
        of_figures = (name for name, each in FREQUENCIES.items() if months and each.months == months)
        return frequency or next(of_figures, "")

    def _unit(self, numbers: list[str]) -> words.ReadUnit:
        given, title = self.texts.get("unit", ""), self.texts["title"]
        if not given:
            in_brackets = "".join(re.findall(r"\(([^()]+)\)$", title))
            unit = words.unit_in(in_brackets)
            is_named = unit is not None and isinstance(unit.raw, dict) and "name" in unit.raw
            if unit and (not is_named or _NAMED.fullmatch(in_brackets)):
                return unit
            matches = ((pattern.search(title), text) for pattern, text in _TITLES)
            given = next((text or match[0] for match, text in matches if match), "")
        unit = words.unit_in(given)
        if unit is None:
            symbol = next((cell[0] for cell in numbers if cell[0] in "£€$"), "")
            kinds = (shown_unit(cell).kind for cell in numbers)
            kind = next((kind for kind in kinds if kind != "ratio"), COUNT)
            unit = words.unit_in(symbol) or words.ReadUnit(kind)
        has_comma = self.cells.sheet.decimal_comma
        broken = r"-.*|[0-9.]*,[0-9]*[1-9]0*" if has_comma else r"-.*|[0-9,]*\.[0-9]*[1-9]0*"
        is_broken = unit.raw == COUNT and any(re.fullmatch(broken, cell) for cell in numbers)
        return words.ReadUnit("ratio") if is_broken else unit

    def _better(self, levels: Iterable[str]) -> str:
        given = self.texts.get("polarity", "")
        if way := words.way_in(given):
            return way
        implied = (_IMPLIED.get(words.bound_in(text)[0], "") for text in levels)
        way = next(filter(None, implied), words.NEITHER)
        if given or way == words.NEITHER:
            what = f"{quoted(given, 60)} doesn't say" if given else "Nothing says"
            column = self.cells.fields["polarity"] if given else 0
            message = f"{what} which way is better, so {way} was written."
            self.cells.wrong(self.row, column, message, 'Write "better:" in its file if that is not so.')
        return way

    def _figures(self) -> Iterator[tuple[Period, Value]]:
        row = self.rows.get(words.FIGURES, 0)
        for column, period in self.cells.periods if row else ():
            text = self.cells.clear(row, column)
            try:
                if text:
                    yield period, self._value(text, self.cells.legend)
            except ValueFormError as error:
                self.cells.wrong(row, column, f"{error.message} It was not taken.", error.help)

    def _value(self, text: str, legend: Mapping[str, str], *, is_bare: bool = True) -> Value:
        """The value in a text, as a file has it; a ValueFormError if it has none, or may be a fraction.

        `legend` is what is known of markers in it; `is_bare`: no sign of per cent is beside it either.
        """
        if self.unit.clock and (parts := re.fullmatch("([0-9]{1,3}):([0-5][0-9])", text)):
            return Value(duration_text(Decimal((int(parts[1]) * 60 + int(parts[2])) * self.unit.clock)))
        read = cell_value(text, self.kind, self.cells.sheet.decimal_comma, legend)
        may_be_fraction = is_bare and "%" not in text and read.text != "" and bool(self.fractions)
        if may_be_fraction and Decimal(read.text) in self.fractions:
            message = "This looks like a fraction, and the unit is per cent."
            help_ = "Write it with its sign: 86% for 0.86, say, or 0.86% if that is right."
            raise ValueFormError(message, help_)
        if not read.text or not self.unit.power or re.search("[a-z]", text, re.IGNORECASE):
            return read
        return read._replace(text=plain(Decimal(read.text).scaleb(self.unit.power)))

    def _fractions_in(self, texts: list[str]) -> frozenset[Decimal]:
        """What looks like a fraction among per cents: a spreadsheet shows 0.67 as 67%, and keeps 0.67."""
        if self.kind.kind != PERCENT or not any("%" not in text and _SMALL.search(text) for text in texts):
            return frozenset()
        values = []
        for number in (number for text in texts for number in words.bound_in(text)[1]):
            with suppress(ValueFormError):
                values.append(Decimal(self._value(number, self.cells.legend).text or 0))
        fractions, usual = fractions_among(values)
        if usual is None and not any("%" in text for text in texts):
            return frozenset(value for value in values if 0 < value < 1)
        return fractions

    # Targets: those of a row of targets, and those of the columns for a year.

    def _targets(self) -> Iterator[Target]:
        columns = self.cells
        parts = [(column, year) for column, year in columns.targets if year and year.months < 12]
        parts.sort(key=lambda part: (part[1].start, part[0]))
        row = self.rows.get(words.TARGETS)
        given = [(row, *at) for at in columns.periods] if row else []
        given += [(row, *part) for row in self.rows.values() for part in parts]
        by_period = tuple(self._by_period(given))
        yield from by_period
        for row, (column, year) in product(self.rows.values(), columns.targets):
            text = self.cells.clear(row, column) if (column, year) not in parts else ""
            if by_period and text and year is None:
                why = "because there are targets for the periods"
                message = f"The target {quoted(text)} was not taken, {why}."
                help_ = 'It goes into the KPI\'s file, with "by:" and its period.'
                self.cells.wrong(row, column, message, help_)
            elif target := self._target(row, column, text):
                start = {"from": year.text} if year else {}
                over = {"over": "12 months"} if self._is_annual(row, column, target) else {}
                yield {**target, **start, **over}

    def _by_period(self, given: Iterable[tuple[int, int, Period]]) -> Iterator[Target]:
        """The targets that are given for each period, by row and column: each holds until the next that differs."""
        before: Target = {}
        for row, column, period in given:
            text = self.cells.clear(row, column)
            if before and text and words.is_no_target(text):
                message = f"{quoted(text)} was read as no new target, so the one before it goes on."
                self.cells.wrong(row, column, message, 'Write "until:" in its file if it ends.')
                continue
            target = self._target(row, column, text)
            if target and target != before:
                before = target
                yield {**target, "from": period.text}

    def _target(self, row: int, column: int, text: str) -> Target:
        text = " ".join(text.split())
        if not text or words.is_no_target(text):
            if text:
                self.cells.wrong(row, column, f"{quoted(text)} was read as no target.")
            return {}
        read = partial(self._value, legend={}, is_bare="%" not in text)
        try:
            how, values, why = words.target_in(text, self.better, lambda number: read(number).text)
        except ValueFormError as error:
            self.cells.wrong(row, column, f"{error.message} It was not taken.", error.help)
            return {}
        help_ = "It decides nothing as it is."
        if how == "between" and self.better == words.NEITHER:
            return {how: values}
        if how == "between":
            end = f"at_most: {values[1]}" if self.better == words.LOWER else f"at_least: {values[0]}"
            why = f"a range needs better: neither, and here {self.better} is better."
            help_ = f"{help_} Write better: neither in its file for the range, or {end} for its end."
        elif not how:
            why = "nothing says which way is better."
        if why:
            self.cells.wrong(row, column, f"The target {quoted(text)} was written in words: {why}", help_)
        return {"in_words": text} if why else {how: values[0]}

    def _is_annual(self, row: int, column: int, target: Target) -> bool:
        """Whether a target is for the year, of figures that add up to one: by its heading, or because it is nearer to a year's sum."""
        if self.kind.kind not in {COUNT, CURRENCY} or {"in_words", "between"} & {*target}:
            return False
        known = [(period.months, abs(Decimal(value.text))) for period, value in self.figures if value.text]
        if not known or not all(0 < months < 12 for months, _ in known):
            return False
        a_year = fmean(value * 12 / months for months, value in known)
        a_part = fmean(value for _, value in known)
        (level,) = map(str, target.values())
        heading = self.cells.sheet.cell(self.cells.row, column)
        if float(level) ** 2 < a_year * a_part and not re.search(r"annual|year", heading, re.IGNORECASE):
            return False
        text = quoted(self.cells.sheet.cell(row, column))
        message = f"The target {text} was read as one for 12 months, and the figures are of less."
        help_ = 'It decides nothing until there is a figure of a year. If it is for each figure, take out "over:".'
        self.cells.wrong(row, column, message, help_)
        return True
