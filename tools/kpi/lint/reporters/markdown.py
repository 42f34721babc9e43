"""For the summary of a workflow's run: what to fix, with links to the line, to the web editor and to the rule."""

from itertools import groupby

from kpi.lint.report import Report
from kpi.lint.reporters.around import NOWHERE, Around
from kpi.lint.reporters.text import summary
from kpi.model.finding import ERROR, Finding
from kpi.model.text import counted, display
from kpi.pages.markdown import bullets, fenced, heading, inline, link, page

MOST = 900 * 1024
"""Bytes. GitHub refuses a summary of 1 MiB, all of it."""

_ROOM = 1024  # for the sentence that says what was cut


def markdown(report: Report, around: Around = NOWHERE) -> str:
    """The state, then the findings by file, files with errors first and errors first in each; cut where it gets too long."""
    broken = {finding.path for finding in report.findings if finding.severity == ERROR}
    ordered = sorted(
        report.findings,
        key=lambda finding: (finding.path not in broken, finding.path, finding.severity != ERROR),
    )
    blocks = [heading(2, "Lint"), inline(summary(report)), bullets(map(inline, report.unchecked))]
    room = MOST - _ROOM - sum(map(_size, blocks))
    shown = 0
    for path, findings in groupby(ordered, key=lambda finding: finding.path):
        head = [_file(path, around)]
        for finding in findings:
            entry = [*head, _entry(finding, around)]
            room -= sum(map(_size, entry))
            if room < 0:
                break
            blocks += entry
            head = []
            shown += 1
        if room < 0:
            blocks.append(
                f"{counted(len(ordered) - shown, 'more finding')} had no room here: run kpi lint to see all."
            )
            break
    return page(blocks)


def _size(block: str) -> int:
    return len(block.encode()) + 2  # and the blank line after it


def _file(path: str, around: Around) -> str:
    """A heading for each file, with a link to the web editor."""
    edit = around.links.edit(around.folder + path) if around.links else ""
    head = heading(3, display(path, 400))
    return f"{head}\n\n{link('Edit this file', edit)}" if edit else head


def _entry(finding: Finding, around: Around) -> str:
    """A list item: where, what is wrong, what to write; and a block of its own with the text to copy."""
    place, rule = f"line {finding.line}", finding.rule
    if around.links:
        line = link(place, around.links.line(around.folder + finding.path, finding.line))
        about = link(rule, around.rule(rule))
    else:
        line, about = place, inline(rule)
    text = inline(" ".join(filter(None, (display(finding.message, 2000), display(finding.help, 2000)))))
    item = f"- **{finding.severity.capitalize()}** on {line}: {text} ({about})"
    if not finding.replacement:
        return item
    block = f"Write instead:\n\n{fenced(finding.replacement)}"
    return f"{item}\n\n{_indented(block)}"


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in block.split("\n"))
