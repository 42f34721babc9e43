"""From figures as a table writes them to entries for the files: names, periods and values understood, or told as wrong.

Pure: the repository and the tables are read by then.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from kpi.model.human_period import understood
from kpi.model.kpi import CUMULATIVE, SNAPSHOT, WITHOUT_VALUE, Kpi, Measure, Observation, identity
from kpi.model.period import Period, PeriodError, parse_period
from kpi.model.plan import Plan
from kpi.model.quantity import DURATION, PERCENT, ValueFormError, plain, unit_text
from kpi.model.text import HIDDEN, listed, nearest, quoted
from kpi.pages.words import MARK_WORDS
from kpi.store.cell_value import Value, cell_value
from kpi.store.figures import Entry
from kpi.store.fillable import fillable
from kpi.store.repository import KpiFile
from kpi.store.tables.figures import Given
from kpi.store.tables.heading import Bad

T = TypeVar("T")

_FAR = 10  # times as small as all others


class Wanted(NamedTuple):
    """A figure for a file: what the table says, the file, and the entry. A computed share is only compared."""

    given: Given
    file: KpiFile
    measure: Measure
    period: Period
    entry: Entry

    @property
    def computed(self) -> bool:
        """Whether the file computes the figure itself."""
        return self.measure.derived is not None and not self.entry.area

    @property
    def identity(self) -> object:
        """What two rows about the same figure have in common."""
        kind = self.measure.kind
        return self.file.place.path, self.measure.id, self.entry.area, identity(self.period, kind)

    @property
    def name(self) -> str:
        """The figure in words: "2023/24 of loans/books", with the area where it is a peer's."""
        peer = f", {self.entry.area}" if self.entry.area else ""
        return f"{self.entry.period} of {self.file.place.kpi}/{self.measure.id}{peer}"


class Intake(NamedTuple):
    """What a table comes to.

    Attributes:
        wanted: the figures, in the table's order.
        bad: what is wrong, in the table's order.
        periods: what was not written as files write it, with what it was read as.
        values: likewise.
        empty: how many rows have neither a value nor a mark.
    """

    wanted: tuple[Wanted, ...]
    bad: tuple[Bad, ...]
    periods: dict[str, str]
    values: dict[str, str]
    empty: int


class _BadError(Exception):
    """A row can't be used."""

    def __init__(self, bad: Bad) -> None:
        super().__init__(bad.message)
        self.bad = bad


def intake(figures: Iterable[Given], plan: Plan, files: Iterable[KpiFile]) -> Intake:
    """Understand the figures of a table.

    Args:
        figures: as the table writes them.
        plan: the plan.
        files: all KPI files.
    """
    return _Intake(plan, files).result(figures)


class _Intake:
    """Reads one row after the other and remembers what was understood, and what is wrong."""

    def __init__(self, plan: Plan, files: Iterable[KpiFile]) -> None:
        self.plan = plan
        self.files = {file.place.kpi: fillable(file, plan.year_starts) for file in files}
        self.periods: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.bad: dict[Bad, None] = {}  # a wrong heading is told once
        self.empty = 0

    def result(self, figures: Iterable[Given]) -> Intake:
        wanted: list[Wanted] = []
        seen: dict[object, Given] = {}
        for given in figures:
            found = self._wanted(given)
            if found is None:
                continue
            first = seen.setdefault(found.identity, given)
            if first is given:
                wanted.append(found)
            else:
                other = f"row {first.row}" if first.row != given.row else "another column of this row"
                where = f" of the sheet {quoted(first.sheet)}" if first.sheet != given.sheet else ""
                message = f"{found.name} stands in {other}{where} too."
                self.bad[given.bad("period", message, "Keep one of the two.")] = None
        return Intake(tuple(wanted), tuple(self.bad), self.periods, self.values, self.empty)

    def _tried(self, step: Callable[..., T], *given: Any) -> T | None:
        """A step's result; None where it found something wrong, which is remembered: a row may have several slips."""
        try:
            return step(*given)
        except _BadError as error:
            self.bad[error.bad] = None
            return None

    def _wanted(self, given: Given) -> Wanted | None:
        """What a row is for; None where something is wrong, or it has neither a value nor a mark that says why."""
        place = self._tried(self._place, given)
        period = self._tried(self._period, given)
        marks = self._tried(_marks, given)
        note = self._tried(_note, given)
        if place is None or marks is None or note is None:
            return None
        file, measure, area = place
        if not given.text("value") and not WITHOUT_VALUE & set(marks):
            self.empty += 1
            return None
        series = measure.peers.get(area, ()) if area else measure.observations
        value = self._tried(self._value, given, measure, series)
        if period is None or value is None or self._tried(_hold_day, given, period, measure) is None:
            return None
        all_marks = marks if "marks" in given.columns else None
        only_note = note if "note" in given.columns else None
        entry = Entry(measure.id, period.text, value.text, area, all_marks, value.marks, note=only_note)
        return Wanted(given, file, measure, period, entry)

    def _place(self, given: Given) -> tuple[KpiFile, Measure, str]:
        """The file, the measure and the area that a row is for."""
        file, named = self._file(given)
        assert file.kpi is not None
        measure = self._measure(given, file.kpi, named)
        area = self._area(given, measure)
        text, unit = given.text("unit"), unit_text(measure.unit)
        if text and text.split() != unit.split():
            message = f"The unit here is {quoted(text)}, but {quoted(measure.id)} is in {unit}."
            raise _bad(given, "unit", message, "Write the figure in that unit, and the unit too.")
        if measure.no_figures is not None and not area:
            message = f"{quoted(measure.id)} says in its file that it has no figures."
            help_ = 'Delete "no_figures:" there first, and write "observations:" in its place.'
            raise _bad(given, "measure", message, help_)
        return file, measure, area

    # Names.

    def _file(self, given: Given) -> tuple[KpiFile, str]:
        """The KPI's file, and the measure where it is named with it: `kpi/measure`."""
        text = given.text("kpi")
        if not text:
            raise _bad(given, "kpi", "This row names no KPI.", "Write its id in each row.")
        before, _, last = text.removesuffix(".yaml").rpartition("/")
        file, measure = self.files.get(before), last
        if file is None:
            file, measure = self.files.get(last), ""
            if file is None or before not in {"", file.place.priority}:
                titles = {one.kpi.title: name for name, one in self.files.items() if one.kpi is not None}
                raise _unknown(given, "kpi", "There is no KPI", text, self.files, titles)
        if file.kpi is None:
            message = f"{file.place.path} can't be read as it is."
            raise _bad(given, "kpi", message, "Run kpi lint to see what to mend there.")
        return file, measure

    def _measure(self, given: Given, kpi: Kpi, named: str) -> Measure:
        text = given.text("measure") or named
        if not text:
            if len(kpi.measures) == 1:
                return kpi.measures[0]
            if not kpi.measures:
                raise _bad(
                    given,
                    "kpi",
                    f"{quoted(kpi.id)} has no measures, so it takes no figures.",
                    "Delete the row.",
                )
            told = f"Write one of these in the column measure: {listed([one.id for one in kpi.measures])}."
            raise _bad(given, "measure", f"{quoted(kpi.id)} has {len(kpi.measures)} measures.", told)
        found = kpi.measure(text)
        if found is None or named not in {"", text}:
            titles = {one.title: one.id for one in kpi.measures if one.title}
            what = f"{quoted(kpi.id)} has no measure"
            raise _unknown(given, "measure", what, text, [one.id for one in kpi.measures], titles)
        return found

    def _area(self, given: Given, measure: Measure) -> str:
        """The id of a peer, or nothing for the own area."""
        text = given.text("area")
        if text in {"", measure.area or self.plan.area}:
            return ""
        if text not in self.plan.areas:
            names = {
                name: area.id for area in self.plan.areas.values() for name in (area.name, area.short) if name
            }
            raise _unknown(given, "area", "The plan has no area", text, self.plan.areas, names)
        return text

    # Periods and values.

    def _period(self, given: Given) -> Period:
        text = given.text("period")
        if not text:
            raise _bad(given, "period", "This row has no period.", "Write one like 2022/23 or 2024-01.")
        found = understood(text, self.plan.year_starts)
        if found is None:
            try:
                found = parse_period(text, self.plan.year_starts)
            except PeriodError as error:
                other = " Or delete the column." if given.period_row != given.row else ""
                raise _bad(given, "period", error.message, f"{error.help}{other}") from None
        if found.text != text:
            self.periods[text] = found.text
        return found

    def _value(self, given: Given, measure: Measure, series: Iterable[Observation]) -> Value:
        text = given.text("value")
        if not text:
            return Value("")
        in_seconds = measure.unit.kind == DURATION and given.text("unit") != ""
        try:
            found = cell_value(text, measure.unit, decimal_comma=given.decimal_comma, in_seconds=in_seconds)
        except ValueFormError as error:
            raise _bad(given, "value", error.message, error.help) from None
        if measure.unit.kind == PERCENT:
            _hold_fraction(given, found, series)
        told = " ".join((*([found.text] if found.text else []), *(f"[{mark}]" for mark in found.marks)))
        if told != text and not in_seconds:
            self.values[text] = told
        return found


def _hold_day(given: Given, period: Period, measure: Measure) -> Period:
    """Stop at a day that was meant for a month: spreadsheets make `Jan 24` a day."""
    text = given.text("period")
    if period.form == "day" and period.text != text and measure.kind not in {SNAPSHOT, CUMULATIVE}:
        message = f"{quoted(text)} is one day, but {quoted(measure.id)} is not counted by days."
        help_ = f"For the month write {period.text[:7]}, for the day {period.text}."
        raise _bad(given, "period", message, help_)
    return period


def _hold_fraction(given: Given, value: Value, there: Iterable[Observation]) -> None:
    """Stop at a fraction among per cents: a spreadsheet shows 0.67 as 67%, and keeps 0.67."""
    known = [one.value for one in there if one.value]
    if "%" in given.text("value") or given.text("unit") or not known or not value.text:
        return
    here = Decimal(value.text)
    if 0 < here < 1 and here * _FAR < min(known):
        better = plain((here * 100).normalize())
        message = f"{value.text} looks like a fraction, because the figures in the file are per cents ({plain(known[-1])})."
        raise _bad(given, "value", message, f"Write {better}, or {value.text}% if it is right.")


def _marks(given: Given) -> tuple[str, ...]:
    """The marks of a row."""
    marks = tuple(
        dict.fromkeys(one.strip() for one in given.text("marks").replace(",", ";").split(";") if one.strip())
    )
    for mark in marks:
        if mark not in MARK_WORDS:
            raise _unknown(given, "marks", "There is no mark", mark, MARK_WORDS, {})
    return marks


def _note(given: Given) -> str:
    """The note of a row, on one line."""
    note = " ".join(given.text("note").split())
    if HIDDEN.search(note):
        raise _bad(
            given, "note", f"{quoted(note)} has a character that can't be seen.", "Type the text anew."
        )
    return note


def _bad(given: Given, field: str, message: str, help_: str) -> _BadError:
    return _BadError(given.bad(field, message, help_))


def _unknown(
    given: Given, field: str, what: str, text: str, ids: Iterable[str], titles: dict[str, str]
) -> _BadError:
    """What to say of a name that there isn't, with the nearest one."""
    names = list(ids)
    title = nearest(text, titles, 0.85)
    near = titles[title] if title else nearest(text.rpartition("/")[2], names)
    told = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(names)}."
    return _bad(given, field, f"{what} called {quoted(text)}.", told)
