"""What a report looks like: for people at a terminal and in editors, for programs as JSON; in `github.py`, for GitHub.

To add a format, write a function and a line in `REPORTERS`. The workflow is for the formats of GitHub.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from kpi.model.finding import ERROR, Finding
from kpi.model.text import counted, display

if TYPE_CHECKING:
    from kpi.lint.report import Report


class Workflow(NamedTuple):
    """The workflow that a report is read in: a repository on a server such as GitHub, at one commit, if that is known."""

    server: str = ""  # without it no link leads to a file
    repository: str = ""
    sha: str = ""
    branch: str = ""  # without it nothing can be edited
    home: str = ""  # the fork that holds the branch, if one does
    folder: str = ""  # the one that holds `kpis/`, with a slash at its end; empty for the repository itself
    # the stop-commands token, which nobody can guess: the runner executes no command between its two occurrences
    pause: str = ""
    has_manual: bool = False  # whether the folder holds the pages about the rules, too

    def edit(self, path: str) -> str:
        """The address of the web editor for a file; empty where there is none."""
        where = f"{self.server}/{self.home or self.repository}/edit/{quote(self.branch)}"
        return f"{where}/{in_address(self.folder + path)}" if self.server and self.branch else ""

    def page(self, path: str) -> str:
        """The address of a file; empty where it isn't known."""
        where = f"{self.server}/{self.repository}/blob/{quote(self.sha)}"
        return f"{where}/{in_address(self.folder + path)}" if self.server else ""

    def rule(self, name: str) -> str:
        """The address of the page about a rule: in the repository, or else in the program's own."""
        from kpi.manual.answer import address_of
        from kpi.rules import page_of

        page = page_of(name)
        return (self.page(page) if self.has_manual else "") or address_of(page)


NO_WORKFLOW = Workflow()


def in_address(path: str) -> str:
    """A path as a part of an address; what is not UTF-8 in it is lost."""
    return quote(path.encode(errors="replace"))


_WIDTH = 120


def text(report: "Report", _: Workflow = NO_WORKFLOW) -> str:
    """The findings grouped by file, then a summary line."""
    from kpi.lint.report import kind_of_fix  # with all rules
    from kpi.rules.rule import SAFE, UNSAFE

    first = {finding.rule: finding for finding in reversed(report.findings)}
    blocks = []
    for finding in report.findings:
        words = [display(finding.message, 2000), *advice(finding)]
        if first[finding.rule] is finding:
            words.append(f"More: kpi explain {finding.rule}")
        frame = _frame(finding, report.sources.get(finding.path, []))
        blocks.append("\n".join([_head(finding), *frame, *(f"  {line}" for line in words)]))
    kinds, fixes = Counter(map(kind_of_fix, report.findings)), []
    for number, how in (
        (kinds[SAFE], "available: kpi lint --fix"),
        (kinds[UNSAFE], "available but uncertain: kpi lint --unsafe-fixes (--diff shows {} first)"),
    ):
        are, them = ("1 fix is", "it") if number == 1 else (f"{number} fixes are", "them")
        fixes += [f"{are} {how.format(them)}"] if number else []
    blocks.append("\n".join([*report.unchecked, *fixes, summary(report)]))
    return "\n\n".join(blocks) + "\n"


def summary(report: "Report") -> str:
    """One sentence or two: "3 errors to fix before merging, 2 warnings to look at."."""
    errors = sum(finding.severity == ERROR for finding in report.findings)
    warnings = len(report.findings) - errors
    to_do = [(errors, "error", "to fix before merging"), (warnings, "warning", "to look at")]
    not_shown = [
        (len(report.hidden), "finding", "ignored with a reason"),
        (len(report.older), "older finding", "not shown"),
        (report.left_out, "finding", "of other rules not shown"),
    ]
    first, second = (
        [f"{counted(number, noun)} {what}" for number, noun, what in counts if number]
        for counts in (to_do, not_shown)
    )
    checked = f"{counted(len(report.paths), 'file')} checked"
    return f"{', '.join(first) or 'Nothing to fix'}. {'; '.join([checked, *second])}."


def advice(finding: Finding) -> list[str]:
    """What to write instead: in words, and literally if the words don't contain it."""
    sentences = [display(finding.help, 2000)] if finding.help else []
    if finding.replacement and finding.replacement not in finding.help:
        sentences.append(f"Write instead: {display(finding.replacement, 400)}")
    return sentences


def _head(finding: Finding) -> str:
    return f"{display(finding.path, 400)}:{finding.line}:{finding.column}: {finding.severity} {finding.rule}"


def _frame(finding: Finding, lines: list[str]) -> list[str]:
    """The line, and a mark under the place; a long line is cut around it."""
    if not 1 <= finding.line <= len(lines) or not lines[finding.line - 1].strip():
        return []
    source = lines[finding.line - 1]
    start = max(0, finding.column - 1 - _WIDTH // 2) if len(source) > _WIDTH else 0
    before = display(source[start : finding.column - 1], _WIDTH)
    shown = before + display(source[finding.column - 1 : start + _WIDTH], _WIDTH)
    last = finding.end_column if finding.end_line == finding.line else len(source) + 1
    width = max(1, min(last - finding.column, len(shown) - len(before)))
    number = str(finding.line)
    return [f"  {number} | {shown}", f"  {' ' * len(number)} | {' ' * len(before)}{'^' * width}"]


def concise(report: "Report", _: Workflow = NO_WORKFLOW) -> str:
    """A line a finding, then the summary."""
    lines = [
        f"{_head(finding)}: {display(' '.join(filter(None, (finding.message, finding.help))), 2000)}"
        for finding in report.findings
    ]
    return "\n".join([*lines, *report.unchecked, summary(report)]) + "\n"


def statistics(report: "Report") -> str:
    """A line a rule with its count, the most frequent first, then the summary."""
    counts = Counter((finding.severity, finding.code, finding.rule) for finding in report.findings)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = len(f"{max(counts.values(), default=0):,}")
    lines = [f"{number:>{width},} {severity:<7} {rule}" for (severity, _, rule), number in ordered]
    return "\n".join([*lines, *report.unchecked, summary(report)]) + "\n"


def as_json(report: "Report", _: Workflow = NO_WORKFLOW) -> str:
    """The findings and a summary as one JSON object; lines and columns count from 1."""
    errors = sum(finding.severity == ERROR for finding in report.findings)
    document = {
        "version": 1,
        "findings": [
            # A name that isn't UTF-8 can't be in JSON.
            finding._asdict() | {"path": finding.path.encode(errors="replace").decode()}
            for finding in report.findings
        ],
        "summary": {
            "files": len(report.paths),
            "errors": errors,
            "warnings": len(report.findings) - errors,
            "ignored": len(report.hidden),
            "older": len(report.older),
            "left_out": report.left_out,
            "unchecked": list(report.unchecked),
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


_HEAD = re.compile(r"^(.*:\d+:\d+: )(error|warning)( [a-z0-9-]+)", re.MULTILINE)
_MARK = re.compile(r"^( +\| +)(\^+)$", re.MULTILINE)
_BOLD, _OFF = "\x1b[1m", "\x1b[0m"


def coloured(text: str) -> str:
    """A report's text with its severities and marks in colour."""
    colours = {"error": "\x1b[31m", "warning": "\x1b[33m"}
    text = _HEAD.sub(lambda at: f"{at[1]}{colours[at[2]]}{at[2]}{_OFF}{_BOLD}{at[3]}{_OFF}", text)
    return _MARK.sub(rf"\1{_BOLD}\2{_OFF}", text)


def _for_github(form: str, report: "Report", workflow: Workflow = NO_WORKFLOW) -> str:
    written: str = getattr(import_module("kpi.lint.reporters.github"), form)(report, workflow)
    return written


REPORTERS: dict[str, Callable[..., str]] = {
    "text": text,
    "concise": concise,
    "json": as_json,
    **{form: partial(_for_github, form) for form in ("github", "markdown", "sarif")},
}
"""Each takes the report, and perhaps the workflow; its text ends with a line end."""
