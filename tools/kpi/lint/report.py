"""What lint found, and parts of it."""

from collections.abc import Collection
from typing import NamedTuple

from kpi.model.finding import Finding, Ignore
from kpi.rules import BY_NAME
from kpi.store.repository import MERE_STYLE

NEW_BYTES = "not-utf8"
"""The rule whose fix writes a file in another encoding. That of `MERE_STYLE` writes it anew too."""


class Report(NamedTuple):
    """What lint found.

    Attributes:
        findings: in order of path, line, column and code.
        hidden: what ignore comments hid, with the comment.
        paths: the files that were looked at, the plan first; none where there is neither a plan nor anything else.
        unchecked: sentences that say what was not checked, and why.
        sources: the lines of every file that has a finding, for showing them.
        changed: the findings on lines that a change touches, where that is known.
        older: what was there before the change, and is not shown.
        left_out: how many findings are not shown because only some rules were asked for.
    """

    findings: tuple[Finding, ...]
    hidden: tuple[tuple[Finding, Ignore], ...]
    paths: tuple[str, ...]
    unchecked: tuple[str, ...]
    sources: dict[str, list[str]]
    changed: frozenset[Finding] = frozenset()
    older: tuple[Finding, ...] = ()
    left_out: int = 0

    def line_of(self, finding: Finding) -> str:
        """The text of the line on which a finding starts, white space folded; empty if it is not known."""
        lines = self.sources.get(finding.path, [])
        return " ".join(lines[finding.line - 1].split()) if 1 <= finding.line <= len(lines) else ""


def in_order(finding: Finding) -> tuple[str, int, int, str, str]:
    """The key by which findings are sorted: path, line, column, code."""
    return finding.path, finding.line, finding.column, finding.code, finding.message


def kind_of_fix(finding: Finding) -> str:
    """`safe`, `unsafe`, or nothing if only a person can fix it."""
    is_known = finding.replacement is not None or finding.rule in {*MERE_STYLE, NEW_BYTES}
    return BY_NAME[finding.rule].fix if is_known else ""


def only(report: Report, paths: Collection[str]) -> Report:
    """The part of a report that is about some files or folders, named from the root."""

    def within(path: str) -> bool:
        return any(covers(part, path) for part in paths)

    looked_at = [path for path in report.paths if within(path)]
    return report._replace(
        findings=tuple(finding for finding in report.findings if within(finding.path)),
        hidden=tuple(pair for pair in report.hidden if within(pair[0].path)),
        older=tuple(finding for finding in report.older if within(finding.path)),
        paths=tuple(looked_at),
    )


def covers(path: str, other: str) -> bool:
    """Whether a path is another one, or a folder around it; `.` is around all."""
    return path in {other, "."} or other.startswith(f"{path}/")
