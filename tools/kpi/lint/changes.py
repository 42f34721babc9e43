"""What a change does: what lint newly says since a commit, or of files before a command writes them, and how they are judged."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from kpi.judge.changes import compare_versions
from kpi.judge.judgement import Judgement, judge
from kpi.judge.series import pages_day
from kpi.lint.checker import READING
from kpi.lint.engine import lint
from kpi.lint.report import Report, in_order
from kpi.model.finding import ERROR, Finding
from kpi.model.kpi import Kpi
from kpi.model.progress import Progress, silent
from kpi.model.text import display
from kpi.rules import BY_NAME
from kpi.store import git
from kpi.store.edit import Files
from kpi.store.paths import PLAN
from kpi.store.repository import THE_DISK, KpiFile, Overlay, Repository, lines_in
from kpi.store.versions import check_out, of_files, on_disk, read_versions

_MOST_COMPARED = 20_000  # lines; comparing takes long, and no KPI file has so many


def lint_since(
    root: Path, today: date, ref: str, overlay: Overlay = THE_DISK, progress: Progress = silent, **how: Any
) -> Report:
    """Check everything, and report what comes of the change since this branch left the commit `ref`; the rest is as for `lint`.

    That is compared with what lint says of the files as they were then, so that a finding in an unchanged file is shown where
    the change has caused it. What is not committed yet belongs to the change. A UserError is raised if there is no such commit.
    """
    files = git.read(root, git.branched_off(root, git.resolve(root, ref)))
    report = lint_change(root, today, files, overlay, progress=progress, **how)
    if not report.findings:
        return report
    with check_out(files) as folder:
        return newer(report, lint(folder, today, progress=progress))


def lint_change(root: Path, today: date, before: Overlay, overlay: Overlay = THE_DISK, **how: Any) -> Report:
    """Check everything as `lint` does, and what the change does to what was published; `before` are the files before it."""
    was, now = read_versions(of_files(before, on_disk(root, overlay)), whole=False)
    changes = compare_versions(was, now) if was.plan is not None or now.plan is not None else None
    report = lint(root, today, overlay, changes, **how)
    report = _answered_anew(_with_lost_lines(report, before), before)
    changed = {
        path: list(changed_lines(lines_in(before[path]) if path in before else [], lines))
        for path, lines in report.sources.items()
    }
    touched = (
        finding
        for finding in report.findings
        for lines in changed.get(finding.path, ())
        if finding.line < lines.stop and lines.start <= finding.end_line
    )
    return report._replace(changed=frozenset(touched))


_OLD_COMMENT = "The ignore comment here was written for an earlier change. Give this one a reason of its own."


def _answered_anew(report: Report, before: Mapping[str, bytes]) -> Report:
    """The report with the findings that an ignore comment for an earlier change hides: it can't be about this change."""
    findings, hidden = list(report.findings), []
    for finding, comment in report.hidden:
        old = (line.rstrip() for line in lines_in(before.get(finding.path, b"")))
        if BY_NAME[finding.rule].about_change and any(line.endswith(comment.text) for line in old):
            findings.append(finding._replace(help=f"{finding.help} {_OLD_COMMENT}"))
        else:
            hidden.append((finding, comment))
    return report._replace(findings=tuple(sorted(findings, key=in_order)), hidden=tuple(hidden))


_MOST_PUT_BACK = 60  # lines; what is longer, nobody copies out of a message
_PUT_BACK = "The change took something out here. If that is a slip, put it back."
_REVISED = "revised-without-mark"
_OF_LOSS = frozenset(
    {_REVISED, "target-bound", "unknown-reference", "nothing-to-show", "not-formatted", "missing-field",
     "unknown-field", "period-format"}
)  # fmt: skip
"""Rules whose findings deleted lines may explain, beside those that keep a file from being read."""


def _with_lost_lines(report: Report, before: Mapping[str, bytes]) -> Report:
    """The report, where deleted lines have broken a file with these to write instead: in one finding, for which others wait."""
    findings: list[Finding] = []
    for path, group in groupby(report.findings, key=lambda finding: finding.path):
        in_file = list(group)
        of_loss = [
            finding
            for finding in in_file
            if finding.rule in _OF_LOSS or (finding.code.startswith(READING) and not finding.replacement)
        ]
        was = lines_in(before[path]) if of_loss and path in before else []
        if lost := _lost(was, report.sources.get(path, [])):
            of_loss.sort(key=lambda finding: finding.rule != _REVISED)
            teller, in_file = of_loss[0], [finding for finding in in_file if finding not in of_loss]
            severity = ERROR if teller.code.startswith(READING) else teller.severity
            advice = teller.help if teller.rule == _REVISED else _PUT_BACK
            in_file.append(teller._replace(severity=severity, help=advice, **lost))
        findings += in_file
    return report._replace(findings=tuple(sorted(findings, key=in_order)))


def _lost(before: list[str], now: list[str]) -> dict[str, Any]:
    """The place of deleted lines and their text, as fields of a finding; empty if the change did more than delete."""
    start, lost, added = _differing(before, now)
    is_cut = len(added) == 1 and bool(lost) and lost[0].startswith(added[0])  # in the middle of a line
    if not lost or len(lost) > _MOST_PUT_BACK or (added and not is_cut):
        return {}
    ends = "\n" if not added and (lost[-1] or start < len(now) - 1) else ""
    end_column = len(added[0]) + 1 if added else 1
    place = {"line": start + 1, "column": 1, "end_line": start + 1, "end_column": end_column}
    return {**place, "replacement": "\n".join(lost) + ends}


def newer(report: Report, before: Report) -> Report:
    """The findings on changed lines, and those that the report from before does not have; the others are counted."""
    there = Counter(_same(finding, before) for finding in before.findings)
    kept, older = [], []
    for finding in report.findings:
        same = _same(finding, report)
        if there[same] and finding not in report.changed:
            there[same] -= 1
            older.append(finding)
        else:
            kept.append(finding)
    return report._replace(findings=tuple(kept), older=tuple(older))


def changed_lines(before: list[str], now: list[str]) -> Iterator[range]:
    """The lines that were changed or added, as ranges of numbers from 1."""
    start, old, new = _differing(before, now)
    if max(len(old), len(new)) > _MOST_COMPARED:
        yield range(start + 1, start + len(new) + 1)
        return
    for kind, _, _, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if kind in {"replace", "insert"}:
            yield range(start + first + 1, start + last + 1)


def _differing(before: list[str], now: list[str]) -> tuple[int, list[str], list[str]]:
    """How many lines are the same at the start, and both versions without these and those at the end."""
    shared = min(len(before), len(now))
    start = next((at for at in range(shared) if before[at] != now[at]), shared)
    end = next((at for at in range(shared - start) if before[-1 - at] != now[-1 - at]), shared - start)
    return start, before[start : len(before) - end], now[start : len(now) - end]


def _same(finding: Finding, report: Report) -> tuple[str, ...]:
    """The parts of a finding that stay the same when lines above it come or go."""
    message = "" if BY_NAME[finding.rule].names_lines else finding.message
    return finding.path, finding.rule, finding.severity, message, report.line_of(finding)


class Trial(NamedTuple):
    """What lint would newly say of some files. That the figure after the newest is overdue by then is no news."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


class Judged(NamedTuple):
    """The KPIs that a change concerns, before and after it, on the same day, so that the calendar alone changes nothing."""

    before: Judgement
    after: Judgement


class Proposal(NamedTuple):
    """Files to write, all or none, and what to print."""

    files: Files  # path → what was read (None where there is to be a new file) and what to write
    lines: Sequence[str]  # the result: what the files bring, or what is wrong
    remarks: Sequence[str] = ()  # what is worth a second look
    errors: Sequence[str] = ()  # what lint would call an error; nothing may be written then
    refusal: str = ""  # the sentence that says that nothing may be written; empty where all is well
    done: str = ""  # the sentence for when it has been written, if there is one


def refuse(errors: Iterable[Finding], advice: str = "") -> Proposal:
    """Write nothing, because lint would call something an error; `advice` says more than the findings do."""
    return Proposal({}, (), errors=list(map(finding_line, errors)), refusal=f"Nothing was written.{advice}")


def finding_line(finding: Finding) -> str:
    """A finding with its place, on one line."""
    sentences = " ".join(filter(None, (finding.message, finding.help)))
    return display(f"{finding.path}:{finding.line}: {sentences} ({finding.rule})", 2000)


def lint_trial(root: Path, today: date, files: Files, progress: Progress = silent) -> Trial:
    """What lint would say of some files that it doesn't say now; `files` are what was read of them, and what they are to hold."""
    overlay = {path: after for path, (_, after) in files.items()}
    report = lint(root, today, overlay, cached=True, progress=progress)
    if report.findings:
        # The plan is read from the disk, because nothing is cached under one that is given.
        before = {path: was for path, (was, _) in files.items() if was is not None and path != PLAN}
        report = newer(report, lint(root, today, before, cached=True, progress=progress))
    findings = [finding for finding in report.findings if finding.rule != "stale"]
    errors = tuple(finding for finding in findings if finding.severity == ERROR)
    return Trial(errors, tuple(finding for finding in findings if finding.severity != ERROR))


def judge_change(repository: Repository, files: Iterable[KpiFile], day: date | None = None) -> Judged | None:
    """How the KPIs in some files, as they will be, and those that show their measures are judged; None without a usable plan.

    The day is by default the pages' day after the change.
    """
    plan = repository.plan.plan
    if plan is None:
        return None
    before = {file.location.path: file.kpi for file in repository.files}
    new = {file.location.path: file.kpi for file in files}
    changed = {file.location.kpi for file in repository.files if file.location.path in new}
    was, will_be = ([kpi for kpi in kpis.values() if kpi is not None] for kpis in (before, before | new))
    day = day or pages_day(plan, will_be)
    return Judged(judge(plan, _concerned(was, changed), day), judge(plan, _concerned(will_be, changed), day))


def _concerned(kpis: list[Kpi], changed: set[str]) -> list[Kpi]:
    """The changed KPIs, those that show a measure of theirs, and the homes of whatever these show."""
    shown = {kpi.id: {address.partition("/")[0] for address in kpi.also_shows} for kpi in kpis}
    showing = {name for name, homes in shown.items() if name in changed or homes & changed}
    wanted = changed | showing | {home for name in showing for home in shown[name]}
    return [kpi for kpi in kpis if kpi.id in wanted]
