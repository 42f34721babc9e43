"""Tries out files before they are written: what lint would say of them, and how what they concern would be judged."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kpi.judge.judgement import Judgement, judge
from kpi.judge.latest import pages_day
from kpi.lint.engine import lint
from kpi.lint.since import newer
from kpi.model.finding import ERROR, Finding
from kpi.model.kpi import Kpi
from kpi.model.progress import Progress, silent
from kpi.store.repository import THE_DISK, KpiFile, Overlay, Repository

_OVERDUE = "stale"  # about the figure after the newest one


class Trial(NamedTuple):
    """What lint would newly say of some files. That the figure after the newest is overdue by then is no news."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


class Judged(NamedTuple):
    """The KPIs that a change concerns, before and after it, on the same day, so that the calendar alone changes nothing."""

    before: Judgement
    after: Judgement


def lint_trial(
    root: Path, today: date, files: Overlay, progress: Progress = silent, before: Overlay = THE_DISK
) -> Trial:
    """What lint would say of some files that it doesn't say now.

    Args:
        root: the repository's root.
        today: the real day.
        files: their content, by path.
        progress: shows how far the work is.
        before: their content as it is, where it has been read.
    """
    report = lint(root, today, files, cached=True, progress=progress)
    if report.findings:
        report = newer(report, lint(root, today, before, cached=True, progress=progress))
    findings = [finding for finding in report.findings if finding.rule != _OVERDUE]
    errors = tuple(finding for finding in findings if finding.severity == ERROR)
    return Trial(errors, tuple(finding for finding in findings if finding.severity != ERROR))


def judged(repository: Repository, files: Iterable[KpiFile], day: date | None = None) -> Judged | None:
    """How the KPIs in some files are judged, before and after, with those that show their measures; None without a usable plan.

    The files are as they will be; the day is by default the pages' day after the change.
    """
    plan = repository.plan.plan
    if plan is None:
        return None
    before = {file.place.path: file.kpi for file in repository.files}
    new = {file.place.path: file.kpi for file in files}
    after = before | new
    day = day or pages_day(plan, _there(after))
    changed = {file.place.kpi for file in repository.files if file.place.path in new}
    was, will_be = (_concerned(list(_there(kpis)), changed) for kpis in (before, after))
    return Judged(judge(plan, was, day), judge(plan, will_be, day))


def _there(kpis: Mapping[str, Kpi | None]) -> Iterator[Kpi]:
    return (kpi for kpi in kpis.values() if kpi is not None)


def _concerned(kpis: list[Kpi], changed: set[str]) -> list[Kpi]:
    """The changed KPIs, those that show a measure of theirs, and the homes of whatever these show."""
    shown = {kpi.id: {address.partition("/")[0] for address in kpi.also_shows} for kpi in kpis}
    showing = {name for name, homes in shown.items() if name in changed or homes & changed}
    wanted = changed | showing | {home for name in showing for home in shown[name]}
    return [kpi for kpi in kpis if kpi.id in wanted]
