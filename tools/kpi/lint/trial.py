"""Trying files out before they are written: what lint would say of them, and how everything concerned would be judged."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kpi.judge.judgement import Judgement, judge
from kpi.judge.latest import the_day
from kpi.lint.engine import Report, lint
from kpi.lint.since import newer
from kpi.model.kpi import Kpi
from kpi.store.paths import place_of
from kpi.store.repository import Instead, Repository, kpi_from


class Judged(NamedTuple):
    """The KPIs that a change concerns, before and after it, on the same day: the calendar alone changes nothing."""

    before: Judgement
    after: Judgement


def lint_trial(root: Path, today: date, files: Instead) -> Report:
    """What lint would say of some files that it doesn't say now.

    Args:
        root: the repository's root.
        today: the real day.
        files: their content, by path.
    """
    report = lint(root, today, files)
    return newer(report, lint(root, today)) if report.findings else report


def judged(repository: Repository, files: Instead, day: date | None = None) -> Judged | None:
    """How the KPIs in some files are judged, before and after, with those that show their measures.

    Args:
        repository: the repository as it is.
        files: the content of KPI files, by path.
        day: the day to judge on; by default the pages' day after the change.

    Returns:
        Nothing where the plan can't be used.
    """
    plan = repository.plan.plan
    if plan is None:
        return None
    before = {file.place.path: file.kpi for file in repository.files}
    after = before | {
        path: kpi_from(data, place, plan.year_starts).kpi
        for path, data in files.items()
        if (place := place_of(path)) is not None
    }
    day = day or the_day(plan, _there(after))
    changed = {place.kpi for path in files if (place := place_of(path)) is not None}
    old, new = (_concerned(list(_there(kpis)), changed) for kpis in (before, after))
    return Judged(judge(plan, old, day), judge(plan, new, day))


def _there(kpis: Mapping[str, Kpi | None]) -> Iterator[Kpi]:
    return (kpi for kpi in kpis.values() if kpi is not None)


def _concerned(kpis: list[Kpi], changed: set[str]) -> list[Kpi]:
    """The changed KPIs, those that show a measure of theirs, and the homes of whatever these show."""
    shown = {kpi.id: {address.partition("/")[0] for address in kpi.also_shows} for kpi in kpis}
    showing = {name for name, homes in shown.items() if name in changed or homes & changed}
    wanted = changed | showing | {home for name in showing for home in shown[name]}
    return [kpi for kpi in kpis if kpi.id in wanted]
