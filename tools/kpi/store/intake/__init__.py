"""From figures as a table writes them to entries for the files: names, periods and values understood, or reported as wrong.

`names` finds the place of a figure, `row_period` and `row_cells` what its row says of it. The repository and the tables are read
by then.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from kpi.model.kpi import Measure, Observation, identity
from kpi.model.mark import WITHOUT_VALUE
from kpi.model.period import Period
from kpi.model.quantity import PERCENT
from kpi.model.text import quoted
from kpi.rules.unlike import fraction_words, fractions_among, large_targets
from kpi.store.figure_fields import Entry
from kpi.store.intake.names import Names
from kpi.store.intake.row_cells import (
    ADDED_MARKS,
    REMOVED_MARKS,
    SlipError,
    Value,
    assessment_in,
    in_seconds,
    margin_in,
    marks_in,
    number_in,
    text_in,
    value_in,
)
from kpi.store.intake.row_period import (
    PeriodsBeside,
    group,
    hold_day,
    period_in,
    periods_beside,
    year_or_month,
)
from kpi.store.repository import KpiFile, Repository
from kpi.store.tables import CellProblem
from kpi.store.tables.table_figures import RawFigure

T = TypeVar("T")


class IncomingFigure(NamedTuple):
    """A figure for a file: what the table says, the file, and the entry. A computed share is only compared."""

    raw: RawFigure
    file: KpiFile
    measure: Measure
    period: Period
    entry: Entry

    @property
    def computed(self) -> bool:
        """Whether the file computes the figure itself, so that one in a table is only compared."""
        return self.measure.derived is not None and not self.entry.area and not self.raw.is_typed

    @property
    def identity(self) -> object:
        """What two rows about the same figure have in common."""
        kind = self.measure.kind
        return self.file.place.path, self.measure.id, self.entry.area, identity(self.period, kind)

    @property
    def address(self) -> str:
        """The measure: "loans/books"."""
        return f"{self.file.place.kpi}/{self.measure.id}"

    @property
    def name(self) -> str:
        """The figure in words: "2023/24 of loans/books", with the area where it is a peer's."""
        peer = f", {self.entry.area}" if self.entry.area else ""
        return f"{self.entry.period} of {self.address}{peer}"


class Commentary(NamedTuple):
    """What a row says of a KPI as a whole."""

    raw: RawFigure
    file: KpiFile
    text: str


class Intake(NamedTuple):
    """What a table comes to.

    Attributes:
        figures: those that can be used, in the table's order.
        problems: what is wrong, in the table's order.
        names: what was not written as files write it, with what it was read as.
        periods: the same for periods.
        values: the same for values.
        commentaries: what is said of a KPI, with its row, by the path of its file.
        empty: how many rows have no value, and nothing that replaces it.
    """

    figures: tuple[IncomingFigure, ...]
    problems: tuple[CellProblem, ...]
    names: dict[str, str]
    periods: dict[str, str]
    values: dict[str, str]
    commentaries: dict[str, Commentary]
    empty: int


def take_in(figures: Iterable[RawFigure], repository: Repository) -> Intake:
    """Understand the figures of a table, in which they are as somebody wrote them."""
    return _Intake(repository).result(figures)


class _Intake:
    """Reads one row after the other and remembers what was understood, and what is wrong."""

    def __init__(self, repository: Repository) -> None:
        self.year_starts = repository.year_starts
        self.names = Names(repository.plan.plan, repository.files, self.year_starts)
        self.periods: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.problems: dict[CellProblem, None] = {}  # a wrong heading is reported once
        self.beside: dict[tuple[str, ...], PeriodsBeside] = {}
        self.commentaries: dict[str, Commentary] = {}
        self.empty = 0

    def result(self, figures: Iterable[RawFigure]) -> Intake:
        rows = tuple(figures)
        self.beside = periods_beside(rows, self.year_starts)
        taken: list[IncomingFigure] = []
        seen: dict[object, RawFigure] = {}
        for raw in rows:
            figure = self._figure(raw)
            if figure is None:
                continue
            first = seen.setdefault(figure.identity, raw)
            if first is raw:
                taken.append(figure)
            else:
                other = f"row {first.row}" if first.row != raw.row else "another column of this row"
                if first.sheet != raw.sheet:
                    other = f"row {first.row} of the sheet {quoted(first.sheet)}"
                message = f"{figure.name} stands in {other} too."
                self._remember(raw.problem("period", message, "Keep one of the two."))
        fractions = set(map(id, self._fractions(taken)))
        taken = [figure for figure in taken if id(figure) not in fractions]
        read = (self.names.read, self.periods, self.values)
        return Intake(tuple(taken), tuple(self.problems), *read, self.commentaries, self.empty)

    def _fractions(self, figures: Iterable[IncomingFigure]) -> Iterator[IncomingFigure]:
        """The figures that look like fractions of the per cents beside them: a spreadsheet shows 0.67 as 67%, and keeps 0.67."""
        by_measure: dict[tuple[str, str], list[IncomingFigure]] = {}
        for figure in figures:
            bare = (
                not figure.raw.is_typed
                and not figure.raw.text("unit")
                and "%" not in figure.raw.text("value")
            )
            if figure.measure.unit.kind == PERCENT and figure.entry.value and bare:
                by_measure.setdefault((figure.file.place.path, figure.measure.id), []).append(figure)
        for together in by_measure.values():
            measure = together[0].measure
            series = (measure.observations, *measure.peers.values())
            there = [seen.value for observations in series for seen in observations if seen.value is not None]
            values = [*there, *(Decimal(figure.entry.value) for figure in together)]
            fractions, usual = fractions_among(values, large_targets(measure))
            for figure in together:
                if usual is not None and Decimal(figure.entry.value) in fractions:
                    message, better = fraction_words(Decimal(figure.entry.value), usual)
                    help_ = f"Write {better}, or {figure.entry.value}% if it is right."
                    self._remember(figure.raw.problem("value", message, help_))
                    yield figure

    def _remember(self, problem: CellProblem) -> None:
        self.problems[problem] = None

    def _tried(self, step: Callable[..., T], *arguments: Any) -> T | None:
        """A step's result; None where it found something wrong, which is remembered: a row may have several slips."""
        try:
            return step(*arguments)
        except SlipError as error:
            self._remember(error.problem)
            return None

    def _figure(self, raw: RawFigure) -> IncomingFigure | None:
        """What a row is for; None where something is wrong, or it has neither a value nor what replaces one."""
        place = self._tried(self.names.place, raw)
        if raw.text("commentary"):
            if place:
                self._comment(raw, place[0])
            if not raw.text("value") and not raw.text("period"):
                return None
        period = self._tried(self._period, raw, _series(place) if place else ())
        marks = self._tried(marks_in, raw, "marks")
        note = self._tried(text_in, raw, "note")
        assessment = self._tried(assessment_in, raw)
        if place is None or marks is None or note is None or assessment is None:
            return None
        file, measure, area = place
        added, removed = marks_in(raw, ADDED_MARKS), marks_in(raw, REMOVED_MARKS)
        if not raw.text("value") and not assessment and not WITHOUT_VALUE & {*marks, *added}:
            self._without_value(raw)
            return None
        value = self._tried(self._value, raw, measure)
        share = ("", "") if measure.derived is not None and not area else self._share(raw)
        margin = self._tried(margin_in, raw, measure)
        if period is None or value is None or share is None or margin is None:
            return None
        if self._tried(hold_day, raw, period, measure) is None:
            return None
        entry = Entry(
            measure.id,
            period.text,
            value.text,
            area,
            marks=_said(raw, "marks", marks),
            with_marks=(*value.marks, *added),
            without_marks=removed,
            note=_said(raw, "note", note),
            assessment=_said(raw, "assessment", assessment),
            numerator=_said(raw, "numerator", share[0]),
            denominator=_said(raw, "denominator", share[1]),
            margin=_said(raw, "margin", margin),
        )
        return IncomingFigure(raw, file, measure, period, entry)

    def _comment(self, raw: RawFigure, file: KpiFile) -> None:
        """Remember the commentary of a row on its KPI, of which there is one a day. What concerns one figure is a note."""
        text = self._tried(text_in, raw, "commentary")
        first = self.commentaries.setdefault(file.place.path, Commentary(raw, file, text or ""))
        if text and first.text != text:
            message = f"{quoted(file.place.kpi)} has another commentary in row {first.raw.row}."
            help_ = 'Write one for all of it. If they are about single figures, name the column "note".'
            self._remember(raw.problem("commentary", message, help_))

    def _without_value(self, raw: RawFigure) -> None:
        """Count a row that brings nothing; one that says what its value was made from lacks it."""
        if not raw.text("numerator") and not raw.text("denominator"):
            self.empty += 1
            return
        message = "This row says what a share was made from, but not the share."
        self._remember(raw.problem("value", message, "Write it in the column value."))

    def _period(self, raw: RawFigure, series: Iterable[Observation]) -> Period:
        there = (figure.period for figure in series)
        read = period_in(raw, self.year_starts)
        period = year_or_month(raw, read, self.beside[group(raw)], there, self.year_starts)
        if period.text != raw.text("period"):
            self.periods[raw.text("period")] = period.text
        return period

    def _value(self, raw: RawFigure, measure: Measure) -> Value:
        value = value_in(raw, measure)
        if not in_seconds(raw, measure):
            marks = (f"[{mark}]" for mark in value.marks)
            self._understood(raw.text("value"), " ".join((*([value.text] if value.text else []), *marks)))
        return value

    def _share(self, raw: RawFigure) -> tuple[str, str] | None:
        """The numerator and the denominator of a row: both, the second alone, or none."""
        numbers: list[str] = []
        for field in ("numerator", "denominator"):
            number = self._tried(number_in, raw, field)
            if number is None:
                return None
            self._understood(raw.text(field), number)
            numbers.append(number)
        numerator, denominator = numbers
        if denominator or not numerator:
            return numerator, denominator
        message = "This row has a numerator, but no denominator."
        self._remember(raw.problem("denominator", message, "Write both, or neither."))
        return None

    def _understood(self, text: str, read: str) -> None:
        """Remember how a number was read, where files write it in another way."""
        if text != read:
            self.values[text] = read


def _series(place: tuple[KpiFile, Measure, str]) -> tuple[Observation, ...]:
    """The figures that a place has in its file."""
    _, measure, area = place
    return measure.peers.get(area, ()) if area else measure.observations


def _said(raw: RawFigure, field: str, said: T) -> T | None:
    """What a row says of a field: an empty cell says that there is nothing, a missing column says nothing of it."""
    return said if field in raw.columns else None
