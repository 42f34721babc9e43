"""What a rule is, and what it may know: of a KPI its series and texts as they are written, and of all files a little."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypedDict, TypeVar, Unpack

from kpi.model.docstring import docstring
from kpi.model.finding import FieldPath, Problem
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.plan import Plan

if TYPE_CHECKING:
    from kpi.judge.changes import Changes


class Series(NamedTuple):
    """One series with at least one figure.

    Attributes:
        where: its place in the file.
        observations: its figures, oldest first.
        ends: the last days of their periods, in the same order.
        lengths: how many months the periods cover, each number once; 0 where it isn't a whole number of them.
        known: the figures with a value, in the same order.
        values: their values.
        lowest: the smallest of these; 0 where there is none.
        highest: the largest of these; 0 where there is none.
        has_forecast: whether any figure is expected rather than observed.
    """

    where: FieldPath
    observations: tuple[Observation, ...]
    ends: tuple[date, ...]
    lengths: set[int]
    known: tuple[Observation, ...]
    values: list[Decimal]
    lowest: Decimal
    highest: Decimal
    has_forecast: bool

    def place(self, figure: Observation) -> FieldPath:
        """The place of a figure's number."""
        return (*self.where, figure.key, "value")


_NONE = Decimal(0)


def written(measure: Measure) -> Iterator[Series]:
    """Every series written for a measure, the own area's first and then the peers'."""
    stem: FieldPath = ("measures", measure.id)
    if measure.derived is None and measure.observations:
        yield _series((*stem, "observations"), measure.observations)
    for area, observations in measure.peers.items():
        if observations:
            yield _series((*stem, "peers", area), observations)


def _series(where: FieldPath, observations: tuple[Observation, ...]) -> Series:
    # All figures are asked the same: column by column that takes a fraction of the time.
    periods, printed, marks, *_ = zip(*observations, strict=True)
    _, ends, months, *_ = zip(*periods, strict=True)
    values = [value for value in printed if value is not None]
    is_full = len(values) == len(observations)
    return Series(
        where,
        observations,
        ends,
        set(months),
        observations if is_full else tuple(figure for figure in observations if figure.value is not None),
        values,
        min(values, default=_NONE),
        max(values, default=_NONE),
        any("forecast" in names for names in set(marks)),
    )


def levels(measure: Measure) -> Iterator[tuple[FieldPath, Decimal]]:
    """The levels that figures are compared with, with their places: targets, way points and references."""
    stem: FieldPath = ("measures", measure.id)
    for number, target in enumerate(measure.targets):
        where = (*stem, "targets", number)
        for value in (target.bound.value, target.bound.upper) if target.bound else ():
            if value is not None and target.bound is not None:
                yield (*where, target.bound.how), value
        for period, value in target.trajectory:
            yield (*where, "trajectory", period.text), value
    for number, reference in enumerate(measure.references):
        if reference.value is not None:
            yield (*stem, "references", number, "value"), reference.value


def texts(kpi: Kpi) -> Iterator[tuple[FieldPath, str]]:
    """Every text of a KPI that pages show, with its place; some are empty, but no notes of figures are."""
    yield ("title",), kpi.title
    yield ("statement",), kpi.statement
    yield ("definition",), kpi.definition
    yield ("note",), kpi.note
    for day, text in kpi.commentary:
        yield ("commentary", day), text
    if kpi.no_figures is not None:
        yield ("no_figures", "text"), kpi.no_figures.text
    for name, labels in kpi.dimensions.items():
        for position, label in labels.items():
            yield ("dimensions", name, position), label
    for measure in kpi.measures:
        yield from _measure_texts(measure)


def _measure_texts(measure: Measure) -> Iterator[tuple[FieldPath, str]]:
    stem: FieldPath = ("measures", measure.id)
    yield (*stem, "title"), measure.title
    yield (*stem, "short"), measure.short
    yield (*stem, "note"), measure.note
    yield (*stem, "noun"), measure.noun
    for period, why in measure.steps:
        yield (*stem, "step", period.text), why
    for number, target in enumerate(measure.targets):
        yield (*stem, "targets", number, "in_words"), target.in_words
        yield (*stem, "targets", number, "label"), target.label
    for number, reference in enumerate(measure.references):
        yield (*stem, "references", number, "label"), reference.label
    if measure.no_figures is not None:
        yield (*stem, "no_figures", "text"), measure.no_figures.text
    for series, area in (
        (measure.observations, ""),
        *((figures, area) for area, figures in measure.peers.items()),
    ):
        place = (*stem, "peers", area) if area else (*stem, "observations")
        for figure in series:
            if figure.note:
                yield (*place, figure.key, "note"), figure.note


class Context:
    """What the rules about one KPI may know besides it, and share.

    Attributes:
        plan: the plan.
        today: the real day, UTC; only lint's calendar rules use it.
        whole: False if some of the file could not be read: what is missing from the KPI may then be in the file, and no rule
        may complain that it is missing.
    """

    __slots__ = ("_all_written", "_written", "plan", "today", "whole")

    def __init__(self, plan: Plan, today: date, whole: bool = True) -> None:
        self.plan = plan
        self.today = today
        self.whole = whole
        self._written: dict[str, tuple[Series, ...]] = {}
        self._all_written: tuple[tuple[Measure, Series], ...] | None = None

    def series_of(self, measure: Measure) -> tuple[Series, ...]:
        """Every series with figures that is written for a measure of this KPI, the own area's first."""
        series = self._written.get(measure.id)
        if series is None:
            series = self._written[measure.id] = tuple(written(measure))
        return series

    def series_in(self, kpi: Kpi) -> tuple[tuple[Measure, Series], ...]:
        """Every series with figures of this KPI, with its measure."""
        if self._all_written is None:
            self._all_written = tuple(
                (measure, series) for measure in kpi.measures for series in self.series_of(measure)
            )
        return self._all_written


class FileEntry(NamedTuple):
    """What rules about all KPIs know of one file: enough for references, small enough to keep for every file.

    `readable` is False where the file's content could not be used; nothing is then said about what it contains.
    `series` maps each measure with figures to a fingerprint of its title and figures. `title` is the KPI's.
    """

    path: str
    kpi: str
    priority: str
    readable: bool
    measures: tuple[str, ...] = ()
    also_shows: tuple[str, ...] = ()
    series: Mapping[str, int] = {}
    code: str = ""
    title: str = ""


class Framework(NamedTuple):
    """All files together. `plan_path` is where problems of the plan itself belong.

    `misnamed` are the ids that files would have whose names have to be changed first.
    """

    plan: Plan
    plan_path: str
    entries: tuple[FileEntry, ...]
    misnamed: frozenset[str] = frozenset()


KpiCheck = Callable[[Kpi, Context], Iterator[Problem]]
PlanCheck = Callable[[Plan], Iterator[Problem]]
FrameworkCheck = Callable[[Framework], Iterator[tuple[str, Problem]]]
"""Yields (path of the file, problem)."""
ChangeCheck = Callable[["Changes", date], Iterator[tuple[str, Problem]]]
"""Takes the change and the real day. Yields (the id of the KPI with the problem, or nothing for the plan; problem)."""


problem_at = partial(Problem, "")
"""What a check finds at a field: the place, what is wrong, what to write instead. Whoever asks the rule adds its name."""

SAFE = "safe"
"""A fix that doesn't change the meaning: `kpi lint --fix` makes it."""
UNSAFE = "unsafe"
"""A fix that is probably right: `--unsafe-fixes` makes it, and somebody should check it."""


class Rule(NamedTuple):
    """One rule. `required` rules can't be ignored or switched off.

    `manual` has three paragraphs: what the rule finds, why that matters, what to do. Between backticks stands a piece of
    a file. It is the docstring of the function that declares the rule.

    A rule without any of the four checks is raised while a file is read. One that `needs_whole` looks at the run of a
    series, and says nothing true where a figure could not be read. `fix` is SAFE, UNSAFE, or empty where only a person
    can fix it. The message of one that `names_lines` says on which lines, so it changes with the lines above.
    """

    code: str
    name: str
    severity: str
    manual: str
    required: bool = False
    about_kpi: KpiCheck | None = None
    about_plan: PlanCheck | None = None
    about_all: FrameworkCheck | None = None
    about_change: ChangeCheck | None = None
    needs_whole: bool = False
    fix: str = ""
    names_lines: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The manual's paragraphs, each on one line: what, why, what to do."""
        return tuple(" ".join(part.split()) for part in self.manual.strip().split("\n\n"))


Thing = TypeVar("Thing")


def repeats(things: Iterable[Thing], key: Callable[[Thing], object]) -> Iterator[tuple[Thing, Thing]]:
    """Each thing with the key of an earlier one, after the first that has it; what has an empty key is passed over."""
    firsts: dict[object, Thing] = {}
    for thing in things:
        name = key(thing)
        if name and (first := firsts.setdefault(name, thing)) is not thing:
            yield first, thing


class Options(TypedDict, total=False):
    """What a rule's declaration may add; for a rule that looks at several things, also its further checks."""

    required: bool
    needs_whole: bool
    fix: str
    names_lines: bool
    about_kpi: KpiCheck
    about_plan: PlanCheck
    about_all: FrameworkCheck


def raised(
    code: str, name: str, severity: str, **options: Unpack[Options]
) -> Callable[[Callable[[], None]], Rule]:
    """Declare a rule whose problems are found while a file is read, on the floors below; its function has only a docstring."""
    return lambda manual: Rule(code, name, severity, docstring(manual), **options)


def about_kpi(code: str, name: str, severity: str, **options: Unpack[Options]) -> Callable[[KpiCheck], Rule]:
    """Declare a rule about one KPI; the function's docstring is its manual."""
    return lambda check: Rule(code, name, severity, docstring(check), **options)._replace(about_kpi=check)


def about_plan(
    code: str, name: str, severity: str, **options: Unpack[Options]
) -> Callable[[PlanCheck], Rule]:
    """Declare a rule about the plan alone."""
    return lambda check: Rule(code, name, severity, docstring(check), **options)._replace(about_plan=check)


def about_all(
    code: str, name: str, severity: str, **options: Unpack[Options]
) -> Callable[[FrameworkCheck], Rule]:
    """Declare a rule about all KPIs together."""
    return lambda check: Rule(code, name, severity, docstring(check), **options)._replace(about_all=check)


def about_change(code: str, name: str, severity: str) -> Callable[[ChangeCheck], Rule]:
    """Declare a rule about what a change does; it runs only if lint knows the files from before."""
    return lambda check: Rule(code, name, severity, docstring(check), about_change=check)
