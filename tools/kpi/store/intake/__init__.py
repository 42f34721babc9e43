"""From figures as a table writes them to edits for the files: names, periods and values understood."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from kpi.model.kpi import Measure, Observation, identity
from kpi.model.period import Period
from kpi.model.quantity import PERCENT, duration_text
from kpi.model.text import quoted
from kpi.model.vocabulary import WITHOUT_VALUE
from kpi.rules.series import fraction_words, fractions_among, large_targets
from kpi.store.add_figures import FigureEdit
from kpi.store.intake import row_cells
from kpi.store.intake.row_cells import ADDED_MARKS, REMOVED_MARKS, SlipError
from kpi.store.intake.row_place import Names, group, hold_day, periods_beside, row_period
from kpi.store.repository import KpiFile, Repository
from kpi.store.tables import CellProblem, RawFigure, one_line

T = TypeVar("T")


class IncomingFigure(NamedTuple):
    """A figure for a file: what the table says, the file, and the edit. A computed share is only compared."""

    raw: RawFigure
    file: KpiFile
    measure: Measure
    period: Period
    edit: FigureEdit

    @property
    def computed(self) -> bool:
        """Whether the file computes the figure itself, so that one in a table is only compared."""
        return self.measure.derived is not None and not self.edit.area and not self.raw.is_typed

    @property
    def address(self) -> str:
        """The measure: "loans/books"."""
        return f"{self.file.location.kpi}/{self.measure.id}"

    @property
    def name(self) -> str:
        """The figure in words: "2023/24 of loans/books", with the area where it is a peer's."""
        peer = f", {self.edit.area}" if self.edit.area else ""
        return f"{self.edit.period} of {self.address}{peer}"


class Intake:
    """What a table comes to."""

    def __init__(self, figures: Iterable[RawFigure], repository: Repository) -> None:
        """Take the figures of a table, in which they are as somebody wrote them, and what is there."""
        self.figures: list[IncomingFigure] = []  # those that can be used, in the table's order
        # By the path of a KPI's file what is said of it as a whole: the row, the file and the text.
        self.commentaries: dict[str, tuple[RawFigure, KpiFile, str]] = {}
        self.empty = 0  # how many rows have no value, and nothing that replaces it
        self.problems: list[CellProblem] = []  # in the table's order; a wrong heading is there for each row
        self._year_starts = repository.plan.year_starts
        self._names = Names(repository.plan.plan, repository.files, self._year_starts)
        self._periods: dict[str, str] = {}
        self._values: dict[str, str] = {}
        # Names, periods and values that weren't written as files write them, with what each was read as.
        self.readings = (self._names.read, self._periods, self._values)
        rows = tuple(figures)
        self._beside = periods_beside(rows, self._year_starts)
        self._seen: dict[object, RawFigure] = {}  # the first row with each figure
        for raw in rows:
            if (figure := self._figure(raw)) is not None and self._is_first(figure):
                self.figures.append(figure)
        self._leave_out_fractions()

    def _wrong(self, raw: RawFigure, field: str, message: str, help_: str) -> None:
        self.problems.append(raw.problem(field, message, help_))

    def _is_first(self, figure: IncomingFigure) -> bool:
        raw, days = figure.raw, identity(figure.period, figure.measure.kind)
        what = (figure.file.location.path, figure.measure.id, figure.edit.area, days)
        first = self._seen.setdefault(what, raw)
        if first is not raw:
            other = f"row {first.row}" if first.row != raw.row else "another column of this row"
            if first.sheet != raw.sheet:
                other = f"row {first.row} of the sheet {quoted(first.sheet)}"
            self._wrong(raw, "period", f"{figure.name} stands in {other} too.", "Keep one of the two.")
        return first is raw

    def _leave_out_fractions(self) -> None:
        """Leave out what looks like fractions of the per cents beside it: a spreadsheet shows 0.67 as 67%, and keeps 0.67."""
        by_measure: dict[tuple[str, str], list[IncomingFigure]] = {}
        left_out: set[int] = set()
        for figure in self.figures:
            raw, is_percent = figure.raw, figure.measure.unit.kind == PERCENT
            bare = not raw.is_typed and not raw.text("unit") and "%" not in raw.text("value")
            if is_percent and bare and figure.edit.value:
                by_measure.setdefault((figure.file.location.path, figure.measure.id), []).append(figure)
        for together in by_measure.values():
            measure = together[0].measure
            there = [seen.value for seen in chain(measure.observations, *measure.peers.values())]
            values = [value for value in there if value is not None]
            values += [Decimal(figure.edit.value) for figure in together]
            fractions, usual = fractions_among(values, large_targets(measure))
            for figure in together:
                value = Decimal(figure.edit.value)
                if usual is not None and value in fractions:
                    message, better = fraction_words(value, usual)
                    help_ = f"Write {better}, or {figure.edit.value}% if it is right."
                    self._wrong(figure.raw, "value", message, help_)
                    left_out.add(id(figure))
        self.figures = [figure for figure in self.figures if id(figure) not in left_out]

    def _tried(self, step: Callable[..., T], *arguments: Any) -> T | None:
        """A step's result; None where something is wrong, which is remembered."""
        try:
            return step(*arguments)
        except SlipError as error:
            self.problems.append(error.problem)
            return None

    def _figure(self, raw: RawFigure) -> IncomingFigure | None:
        """What a row is for; None where something is wrong, or it has neither a value nor what replaces one."""
        place = self._tried(self._names.place, raw)
        if raw.text("commentary"):
            if place:
                self._comment(raw, place[0])
            if not raw.text("value") and not raw.text("period"):
                return None
        period = self._tried(self._period, raw, place)
        marks = self._tried(row_cells.marks_in, raw, "marks")
        assessment = self._tried(row_cells.assessment_in, raw)
        if place is None or marks is None or assessment is None:
            return None
        file, measure, area = place
        added, removed = (row_cells.marks_in(raw, field) for field in (ADDED_MARKS, REMOVED_MARKS))
        if not raw.text("value") and not assessment and not WITHOUT_VALUE & {*marks, *added}:
            if raw.text("numerator") or raw.text("denominator"):
                message = "This row says what a share was made from, but not the share."
                self._wrong(raw, "value", message, "Write it in the column value.")
            else:
                self.empty += 1
            return None
        value = self._tried(self._value, raw, measure)
        share = ("", "") if measure.derived is not None and not area else self._tried(self._share, raw)
        margin = self._tried(row_cells.number_in, raw, "margin")
        if period is None or value is None or share is None or margin is None:
            return None
        if self._tried(hold_day, raw, period, measure) is None:
            return None
        if margin and row_cells.in_seconds(raw, measure):
            margin = duration_text(Decimal(margin))
        texts = {
            "marks": marks,
            "note": one_line(raw.text("note")),
            "assessment": assessment,
            "margin": margin,
        }
        texts |= {"numerator": share[0], "denominator": share[1]}
        # An empty cell says that there is nothing, a missing column says nothing.
        said: dict[str, Any] = {field: text for field, text in texts.items() if field in raw.columns}
        said |= {"with_marks": (*value.marks, *added), "without_marks": removed}
        edit = FigureEdit(measure.id, period.text, value.text, area, **said)
        return IncomingFigure(raw, file, measure, period, edit)

    def _comment(self, raw: RawFigure, file: KpiFile) -> None:
        """Remember the commentary of a row on its KPI, of which there is one a day. What concerns one figure is a note."""
        text = one_line(raw.text("commentary"))
        first, _, said = self.commentaries.setdefault(file.location.path, (raw, file, text))
        if said != text:
            message = f"{quoted(file.location.kpi)} has another commentary in row {first.row}."
            help_ = 'Write one for all of it. If they are about single figures, name the column "note".'
            self._wrong(raw, "commentary", message, help_)

    def _period(self, raw: RawFigure, place: tuple[KpiFile, Measure, str] | None) -> Period:
        there: tuple[Observation, ...] = ()
        if place is not None:
            _, measure, area = place
            there = measure.peers.get(area, ()) if area else measure.observations
        periods = (figure.period for figure in there)
        period = row_period(raw, self._beside[group(raw)], periods, self._year_starts)
        self._understood(self._periods, raw.text("period"), period.text)
        return period

    def _value(self, raw: RawFigure, measure: Measure) -> row_cells.Value:
        value = row_cells.value_in(raw, measure)
        if not row_cells.in_seconds(raw, measure):
            words = (*([value.text] if value.text else []), *(f"[{mark}]" for mark in value.marks))
            self._understood(self._values, raw.text("value"), " ".join(words))
        return value

    def _share(self, raw: RawFigure) -> tuple[str, str]:
        numerator, denominator = (row_cells.number_in(raw, field) for field in ("numerator", "denominator"))
        self._understood(self._values, raw.text("numerator"), numerator)
        self._understood(self._values, raw.text("denominator"), denominator)
        if numerator and not denominator:
            message = "This row has a numerator, but no denominator."
            raise SlipError(raw, "denominator", message, "Write both, or neither.")
        return numerator, denominator

    def _understood(self, readings: dict[str, str], text: str, read: str) -> None:
        if text != read:
            readings[text] = read
