"""For a workflow on GitHub: annotations beside the lines of the change, then everything in the log.

GitHub shows ten annotations a level and step and silently drops the others, so nine are written and the rest is counted.
"""

from collections import Counter

from kpi.lint.report import Report
from kpi.lint.reporters.around import NOWHERE, Around
from kpi.lint.reporters.text import advice, text
from kpi.model.finding import ERROR, WARNING, Finding
from kpi.model.text import counted, display

MOST = 9
"""Annotations a level, before the one that counts the others."""


def github(report: Report, around: Around = NOWHERE) -> str:
    """The annotations, those on changed lines first, and then the text in a group of the log.

    What people wrote can't be a command: it is escaped in the annotations, and the text is between stop-commands tokens.
    Without a token there is no text.
    """
    ordered = sorted(
        report.findings, key=lambda finding: (finding not in report.changed, finding.severity != ERROR)
    )
    annotated = Counter[str]()
    lines: list[str] = []
    for finding in ordered:
        annotated[finding.severity] += 1
        if annotated[finding.severity] <= MOST:
            lines.append(_annotation(finding, around))
    for level in (ERROR, WARNING):
        if annotated[level] > MOST:
            more = counted(annotated[level] - MOST, f"more {level}")
            lines.append(command(level, f"And {more}: see the summary.", title="kpi lint"))
    if around.pause:
        pause = around.pause
        lines += ["::group::All findings", f"::stop-commands::{pause}"]
        lines += [text(report).rstrip("\n"), f"::{pause}::", "::endgroup::"]
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding, around: Around) -> str:
    """One finding as a command, with the address of its rule's page. If it spans several lines it has no columns."""
    place = {"file": around.folder + display(finding.path, 4000), "line": str(finding.line)}
    if finding.end_line == finding.line:
        place |= {"endLine": place["line"], "col": str(finding.column), "endColumn": str(finding.end_column)}
    page = [f"More: {around.rule(finding.rule)}"] if around.links else []
    text = "\n".join([display(finding.message, 2000), *advice(finding), *page])
    return command(finding.severity, text, **place, title=finding.rule)


def command(level: str, text: str, **properties: str) -> str:
    """A command to the runner, such as an annotation, with everything in it escaped."""
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {named}::{_data(text)}"


def _data(text: str) -> str:
    """The message of a command, as the runner reads it back."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The value of one of its properties."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
