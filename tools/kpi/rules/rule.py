"""What a rule is, and what it may know: of a KPI its series and texts as they are written, and of all files a little."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.model.finding import FieldPath, Problem
from kpi.model.kpi import Kpi, Measure, Observation, Target
from kpi.model.plan import Plan
from kpi.model.progress import Thing
from kpi.model.text import docstring

if TYPE_CHECKING:
    from kpi.judge.changes import Changes


class Series(NamedTuple):
    """One series with at least one figure, oldest first, at `where` in its file."""

    where: FieldPath
    observations: tuple[Observation, ...]
    ends: tuple[date, ...]  # the last days of the periods
    lengths: set[int]  # their months, 0 where not whole
    known: tuple[Observation, ...]  # the figures with `values`
    values: list[Decimal]
    lowest: Decimal  # of these, 0 where there is none; as `highest`
    highest: Decimal
    has_forecast: bool

    def place(self, figure: Observation) -> FieldPath:
        """The place of a figure's number."""
        return (*self.where, figure.key, "value")


def _written(measure: Measure) -> Iterator[Series]:
    stem: FieldPath = ("measures", measure.id)
    own = measure.observations if measure.derived is None else ()
    peers = (((*stem, "peers", area), figures) for area, figures in measure.peers.items())
    for where, observations in (((*stem, "observations"), own), *peers):
        if not observations:
            continue
        # All figures are asked the same: column by column that takes a fraction of the time.
        periods, printed, marks, *_ = zip(*observations, strict=True)
        _, ends, months, *_ = zip(*periods, strict=True)
        values = [value for value in printed if value is not None]
        is_full = len(values) == len(observations)
        known = observations if is_full else tuple(each for each in observations if each.value is not None)
        extremes = min(values, default=Decimal(0)), max(values, default=Decimal(0))
        has_forecast = any("forecast" in names for names in set(marks))
        yield Series(where, observations, ends, set(months), known, values, *extremes, has_forecast)


def bounds(measure: Measure) -> Iterator[tuple[FieldPath, Target, Decimal]]:
    """The targets with a number of their own, with its place and itself; of a range both ends."""
    for number, target in enumerate(measure.targets):
        if target.bound is not None and target.bound.value is not None:
            where = ("measures", measure.id, "targets", number, target.bound.how)
            if target.bound.upper is None:
                yield where, target, target.bound.value
            else:
                yield (*where, 0), target, target.bound.value
                yield (*where, 1), target, target.bound.upper


class Context:
    """What rules about a KPI know besides it, and the real day; if it isn't `whole`, none may call something missing."""

    def __init__(self, plan: Plan, today: date, whole: bool = True) -> None:
        self.plan, self.today, self.whole = plan, today, whole
        self._written: dict[str, tuple[Series, ...]] = {}

    def series_of(self, measure: Measure) -> tuple[Series, ...]:
        """Every series with figures that is written for a measure of this KPI, the own area's first."""
        if measure.id not in self._written:
            self._written[measure.id] = tuple(_written(measure))
        return self._written[measure.id]

    def series_in(self, kpi: Kpi) -> Iterator[tuple[Measure, Series]]:
        """Every series with figures of this KPI, with its measure."""
        return ((measure, series) for measure in kpi.measures for series in self.series_of(measure))


class FileEntry(NamedTuple):
    """What rules about all KPIs know of one file; `series` maps its measures with figures to fingerprints of these."""

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
    """All files together; `misnamed` are the ids that files would have whose names have to be changed first."""

    plan: Plan
    plan_path: str
    entries: tuple[FileEntry, ...]
    misnamed: frozenset[str] = frozenset()


KpiCheck = Callable[[Kpi, Context], Iterator[Problem]]
PlanCheck = Callable[[Plan], Iterator[Problem]]
AllCheck = Callable[[Framework], Iterator[tuple[str, Problem]]]  # yields (path of the file, problem)
ChangeCheck = Callable[["Changes", date], Iterator[tuple[str, Problem]]]
"""Takes the change and the real day. Yields (the id of the KPI with the problem, or nothing for the plan; problem)."""

problem_at = partial(Problem, "")
"""What a check finds at a field: the place, what is wrong, what to write instead. Whoever asks the rule adds its name."""

SAFE = "safe"  # a fix that doesn't change the meaning: `kpi lint --fix` makes it
UNSAFE = "unsafe"  # a fix that is probably right: `--unsafe-fixes` makes it, and somebody should check it


class Rule(NamedTuple):
    """One rule; one without any of the four checks is raised while a file is read.

    The manual, which is the docstring that declares it, says what the rule finds, why that matters and what to do: a line each,
    and what stands further in goes on with it. `required` rules can't be ignored or switched off.
    """

    code: str
    name: str
    severity: str
    manual: str = ""
    required: bool = False
    about_kpi: KpiCheck | None = None
    about_plan: PlanCheck | None = None
    about_all: AllCheck | None = None
    about_change: ChangeCheck | None = None
    # looks at the run of a series, and says nothing true where a figure could not be read
    needs_whole: bool = False
    fix: str = ""  # SAFE, UNSAFE, or empty where only a person can fix it
    names_lines: bool = False  # its message says on which lines, and changes with the lines above

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The manual's paragraphs, each on one line: what, why, what to do."""
        parts = re.split(r"\n\n|\n(?: {4}| {8})(?! )", self.manual.strip())
        return tuple(" ".join(part.split()) for part in parts)


def repeats(things: Iterable[Thing], key: Callable[[Thing], object]) -> Iterator[tuple[Thing, Thing]]:
    """Each thing with the key of an earlier one, after the first that has it; what has an empty key is passed over."""
    firsts: dict[object, Thing] = {}
    for thing in things:
        name = key(thing)
        if name and (first := firsts.setdefault(name, thing)) is not thing:
            yield first, thing


def about_kpi(code: str, name: str, severity: str, **options: Any) -> Callable[[KpiCheck], Rule]:
    """Declare a rule about one KPI; the function's docstring is its manual."""
    return lambda check: Rule(code, name, severity, docstring(check), **options)._replace(about_kpi=check)


def about_plan(code: str, name: str, severity: str, **options: Any) -> Callable[[PlanCheck], Rule]:
    """Declare a rule about the plan alone."""
    return lambda check: Rule(code, name, severity, docstring(check), **options)._replace(about_plan=check)


def about_all(code: str, name: str, severity: str, **options: Any) -> Callable[[AllCheck], Rule]:
    """Declare a rule about all KPIs together."""
    return lambda check: Rule(code, name, severity, docstring(check), **options)._replace(about_all=check)


def about_change(code: str, name: str, severity: str) -> Callable[[ChangeCheck], Rule]:
    """Declare a rule about what a change does; it runs only if lint knows the files from before."""
    return lambda check: Rule(code, name, severity, docstring(check), about_change=check)
