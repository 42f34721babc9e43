"""The package for programs, promised in docs/promise.md: `kpi.load(path)` gives frozen objects, and rows for data frames."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
    from kpi.model.kpi import Observation

__all__ = ["Error", "Figure", "Framework", "Kpi", "Measure", "Target", "load"]


class Error(Exception):
    """A repository can't be used; the text says why, and what to do, in full sentences."""


class Figure(NamedTuple):
    """One dated figure: its `period` as the file writes it, such as 2024/25 Q1, from `start` to `end`; a `note` says more of it.

    `value` is in the measure's unit, in seconds for durations, and None where one of the `marks` says why there is none.
    """

    period: str
    start: date
    end: date
    value: Decimal | None
    marks: tuple[str, ...] = ()
    note: str = ""


class Target(NamedTuple):
    """A level to reach: `how` (at_least, more_than, at_most, less_than, between, equals or in_words) and `words`, as pages print it.

    `value` is the bound, `upper` the second one of between; both are None where it is in words, or taken from another figure. `by`
    is the day that it is due, if it has one.
    """

    how: str
    value: Decimal | None
    upper: Decimal | None
    words: str
    by: date | None = None


class Measure(NamedTuple):
    """A quantity that is followed, and how it is judged: `id` is its own, `kpi` that of its KPI, `title` as readers see it.

    `unit` is such as count, percent, per 1000 or GBP; `better` is higher, lower, neither or near. `figures` are those of the own
    area, oldest first, `peers` those of other areas by the area's id, `targets` in the file's order. `status` is such as met, not
    met, behind, no target or no data; `colour` green, amber, red, or nothing; `change` better, worse, higher, lower, same, no clear
    change or cannot tell: that of the newest figure. `judged` is the figure that the status is about, if there is one.
    """

    kpi: str
    id: str
    title: str
    unit: str
    better: str
    figures: tuple[Figure, ...]
    peers: Mapping[str, tuple[Figure, ...]]
    targets: tuple[Target, ...]
    status: str
    colour: str
    change: str
    judged: Figure | None


class Kpi(NamedTuple):
    """A key performance indicator: one file. Texts are empty where the file has none; `status` is the worst of its measures'."""

    id: str
    code: str
    title: str
    definition: str
    priority: str
    owner: str
    status: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Framework:
    """A whole repository, judged on `day`: the `organisation`, the `title` of its plan, and its `kpis` in printed order."""

    organisation: str
    title: str
    day: date
    kpis: tuple[Kpi, ...]
    _judgement: "Judgement" = field(repr=False)

    def __getitem__(self, name: str) -> Kpi:
        """The KPI with this id, or with this code; raises `KeyError` where there is none."""
        for kpi in self.kpis:
            if name in {kpi.id, kpi.code or kpi.id}:
                return kpi
        raise KeyError(name)

    def rows(self, table: str = "figures") -> Iterator[dict[str, Any]]:
        """The rows of a table of docs/data.md, for data frames: numbers are float, days are dates.

        `table` is organisation, priorities, areas, sources, kpis, measures, targets, figures or judgements; else a `KeyError`.
        """
        from kpi.dataset.columns import TABLES
        from kpi.dataset.rows import rows

        names = {known.name: [column.name for column in known.columns] for known in TABLES}[table]
        for row in rows(self._judgement)[table]:
            values = (float(value) if isinstance(value, Decimal) else value for value in row)
            yield dict(zip(names, values, strict=True))


def load(path: str | PathLike[str], day: date | None = None) -> Framework:
    """Read a repository, from its folder or one below, and judge it on a day, by default that of `kpi build`.

    An `Error` is raised if there is no such folder, or one of its files has errors.
    """
    from kpi.judge.judgement import judge
    from kpi.lint.checker import broken_files
    from kpi.model.errors import ToolError, UserError
    from kpi.store.paths import find_root
    from kpi.store.repository import load as read

    try:
        repository = read(find_root(Path(path).absolute()))
        plan = repository.plan.usable()
    except (UserError, ToolError) as error:
        raise Error(str(error)) from None
    if broken := broken_files(repository):
        raise Error(f"There are errors in {', '.join(broken)}. Run kpi lint to see what to fix.")
    judgement = judge(plan, repository.kpis, day)
    kpis = tuple(_kpi(kpi, plan.owners) for kpi in judgement.kpis)
    return Framework(plan.organisation, plan.title, judgement.day, kpis, judgement)


def _kpi(judged: "KpiJudgement", owners: Mapping[str, str]) -> Kpi:
    kpi, owner = judged.kpi, owners.get(judged.kpi.owner, judged.kpi.owner)
    measures = tuple(_measure(measure, kpi.title) for measure in judged.measures)
    return Kpi(kpi.id, kpi.code, kpi.title, kpi.definition, kpi.priority, owner, judged.status, measures)


def _measure(judged: "MeasureJudgement", title: str) -> Measure:
    from kpi.model.quantity import unit_text
    from kpi.pages.target_words import target_words

    measure = judged.measure
    targets = []
    for target in measure.targets:
        words, by = target_words(target, measure), target.by.end if target.by else None
        how, value, upper = target.bound[:3] if target.bound else ("in_words", None, None)
        targets.append(Target(how, value, upper, words, by))
    figures = tuple(map(_figure, measure.observations))
    peers = MappingProxyType({area: tuple(map(_figure, series)) for area, series in measure.peers.items()})
    decided = judged.deciding.observation if judged.deciding else None
    about = (judged.kpi, measure.id, measure.title or title, unit_text(measure.unit), measure.better.way)
    standing = (judged.state, judged.rag.colour, judged.change, _figure(decided) if decided else None)
    return Measure(*about, figures, peers, tuple(targets), *standing)


def _figure(figure: "Observation") -> Figure:
    return Figure(figure.period.text, *figure.period[:2], figure.value, figure.marks, figure.note)
