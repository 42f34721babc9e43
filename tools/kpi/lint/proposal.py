"""Files before they are written: what lint would say of them, how what they concern would be judged, and what to print."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kpi.judge.judgement import Judgement, judge
from kpi.judge.series import pages_day
from kpi.lint.engine import lint
from kpi.lint.since import newer
from kpi.model.finding import ERROR, Finding
from kpi.model.kpi import Kpi
from kpi.model.progress import Progress, silent
from kpi.model.text import display
from kpi.store.edit import Files
from kpi.store.paths import PLAN
from kpi.store.repository import KpiFile, Repository

_OVERDUE = "stale"  # about the figure after the newest one


class Trial(NamedTuple):
    """What lint would newly say of some files. That the figure after the newest is overdue by then is no news."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


class Judged(NamedTuple):
    """The KPIs that a change concerns, before and after it, on the same day, so that the calendar alone changes nothing."""

    before: Judgement
    after: Judgement


class Proposal(NamedTuple):
    """Files to write, all or none, and what to print.

    Attributes:
        files: path → what was read (None where there is to be a new file) and what to write.
        lines: the result: what the files bring, or what is wrong.
        remarks: what is worth a second look.
        errors: what lint would call an error; nothing may be written then.
        refusal: the sentence that says that nothing may be written; empty where all is well.
        done: the sentence for when it has been written, if there is one.
    """

    files: Files
    lines: Sequence[str]
    remarks: Sequence[str] = ()
    errors: Sequence[str] = ()
    refusal: str = ""
    done: str = ""


def refuse(errors: Iterable[Finding], advice: str = "") -> Proposal:
    """Write nothing, because lint would call something an error; `advice` says more than the findings do."""
    return Proposal(
        {}, (), errors=[finding_line(error) for error in errors], refusal=f"Nothing was written.{advice}"
    )


def finding_line(finding: Finding) -> str:
    """A finding with its place, on one line."""
    sentences = " ".join(filter(None, (finding.message, finding.help)))
    return display(f"{finding.path}:{finding.line}: {sentences} ({finding.rule})", 2000)


def lint_trial(root: Path, today: date, files: Files, progress: Progress = silent) -> Trial:
    """What lint would say of some files that it doesn't say now.

    Args:
        root: the repository's root.
        today: the real day.
        files: what was read of them, and what they are to hold.
        progress: shows how far the work is.
    """
    report = lint(
        root, today, {path: after for path, (_, after) in files.items()}, cached=True, progress=progress
    )
    if report.findings:
        # The plan is read from the disk, because nothing is cached under one that is given.
        before = {path: was for path, (was, _) in files.items() if was is not None and path != PLAN}
        report = newer(report, lint(root, today, before, cached=True, progress=progress))
    findings = [finding for finding in report.findings if finding.rule != _OVERDUE]
    errors = tuple(finding for finding in findings if finding.severity == ERROR)
    return Trial(errors, tuple(finding for finding in findings if finding.severity != ERROR))


def judge_change(repository: Repository, files: Iterable[KpiFile], day: date | None = None) -> Judged | None:
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
