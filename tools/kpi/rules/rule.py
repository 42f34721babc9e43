"""What a rule is: a code, a name, a severity, a reason, and the function that checks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypedDict, TypeVar, Unpack

from kpi.model.finding import Problem
from kpi.model.kpi import Kpi, Measure
from kpi.model.plan import Plan
from kpi.model.text import docstring
from kpi.rules.written import Series, written

if TYPE_CHECKING:
    from kpi.judge.changes import Changes


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
