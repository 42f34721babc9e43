"""For GitHub: annotations beside the lines of the change with everything in the log, the run's summary, and SARIF for code scanning.

GitHub shows ten annotations a level and step and silently drops the others, so nine are written and the rest is counted.
The summary says what to fix, with links to the line, to the web editor and to the rule.
"""

import json
from collections import Counter
from typing import Any

from kpi import __version__
from kpi.lint.report import Report
from kpi.lint.reporters import NO_WORKFLOW, Workflow, advice, in_address, summary, text
from kpi.model.finding import ERROR, OFF, WARNING, Finding
from kpi.model.text import counted, display
from kpi.pages.markdown import bullets, fenced, heading, inline, link, page
from kpi.rules import RULES
from kpi.rules.rule import Rule

MOST_ANNOTATIONS = 9  # annotations a level, before the one that counts the others


def github(report: Report, workflow: Workflow = NO_WORKFLOW) -> str:
    """The annotations, of each level those on changed lines first, and then the text in a group of the log.

    What people wrote can't be a command: it is escaped in the annotations; the text is between tokens, and only where there is one.
    """
    lines: list[str] = []
    for level in (ERROR, WARNING):
        findings = [finding for finding in report.findings if finding.severity == level]
        findings.sort(key=lambda finding: finding not in report.changed)
        for finding in findings[:MOST_ANNOTATIONS]:
            place = {"file": workflow.folder + display(finding.path, 4000), "line": str(finding.line)}
            if finding.end_line == finding.line:  # else it would have no columns
                place |= {"endLine": place["line"], "col": str(finding.column)}
                place["endColumn"] = str(finding.end_column)
            pointer = [f"More: {workflow.rule(finding.rule)}"] if workflow.server else []
            words = "\n".join([display(finding.message, 2000), *advice(finding), *pointer])
            lines.append(command(level, words, **place, title=finding.rule))
        if len(findings) > MOST_ANNOTATIONS:
            more = counted(len(findings) - MOST_ANNOTATIONS, f"more {level}")
            lines.append(command(level, f"And {more}: see the summary.", title="kpi lint"))
    if pause := workflow.pause:
        lines += ["::group::All findings", f"::stop-commands::{pause}"]
        lines += [text(report).rstrip("\n"), f"::{pause}::", "::endgroup::"]
    return "\n".join(lines) + "\n"


def command(level: str, text: str, **properties: str) -> str:
    """A command to the runner, such as an annotation, with everything in it escaped."""
    named = ",".join(
        f"{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in properties.items()
    )
    return f"::{level} {named}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


MOST_BYTES = 900 * 1024  # bytes. GitHub refuses a summary of 1 MiB, all of it
_ROOM = 1024  # for the sentence that says what was cut


def markdown(report: Report, workflow: Workflow = NO_WORKFLOW) -> str:
    """The state, then the findings by file, files with errors first and errors first in each; cut where it gets too long."""
    broken = {finding.path for finding in report.findings if finding.severity == ERROR}
    ordered = sorted(
        report.findings, key=lambda each: (each.path not in broken, each.path, each.severity != ERROR)
    )
    blocks = [heading(2, "Lint"), inline(summary(report)), bullets(map(inline, report.unchecked))]
    room = MOST_BYTES - _ROOM - len("".join(blocks).encode())
    path = None
    for shown, finding in enumerate(ordered):
        entry = [_entry(finding, workflow)]
        if finding.path != path:
            path = finding.path
            entry.insert(0, heading(3, display(path, 400)))
            if edit := workflow.edit(path):
                entry.insert(1, link("Edit this file", edit))
        room -= sum(len(block.encode()) + 2 for block in entry)  # and the blank line after it
        if room < 0:
            more = counted(len(ordered) - shown, "more finding")
            blocks.append(f"{more} had no room here: run kpi lint to see all.")
            break
        blocks += entry
    return page(blocks)


def _entry(finding: Finding, workflow: Workflow) -> str:
    """A list item: where, what is wrong, what to write; and a block of its own with the text to copy."""
    place, rule = f"line {finding.line}", finding.rule
    line, about = place, inline(rule)
    if address := workflow.page(finding.path):
        line = link(place, f"{address}?plain=1#L{finding.line}")  # the file as text
        about = link(rule, workflow.rule(rule))
    words = inline(" ".join(filter(None, (display(finding.message, 2000), display(finding.help, 2000)))))
    item = f"- **{finding.severity.capitalize()}** on {line}: {words} ({about})"
    if not finding.replacement:
        return item
    block = f"Write instead:\n\n{fenced(finding.replacement)}"
    return "\n".join([item, "", *(f"  {line}" if line else "" for line in block.split("\n"))])


MOST_RESULTS = 25_000  # results. GitHub refuses a file with more, all of it
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NUMBERS = {rule.name: number for number, rule in enumerate(RULES)}


def sarif(report: Report, workflow: Workflow = NO_WORKFLOW) -> str:
    """One run with all rules and the findings; where there are too many, errors go before warnings."""
    marked = list(zip(report.findings, fingerprints(report), strict=True))
    notes = list(report.unchecked)
    if len(marked) > MOST_RESULTS:
        notes.append(f"{counted(len(marked) - MOST_RESULTS, 'finding')} had no room here.")
        marked.sort(key=lambda pair: pair[0].severity != ERROR)
    run = {
        "tool": {
            "driver": {"name": "kpi", "version": __version__, "rules": [_rule(rule, workflow) for rule in RULES]}
        },
        "automationDetails": {"id": "kpi-lint/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{
            "executionSuccessful": True,
            "toolExecutionNotifications": [{"level": "note", "message": {"text": note}} for note in notes],
        }],
        "results": [_result(finding, mark, workflow.folder) for finding, mark in marked[:MOST_RESULTS]],
    }  # fmt: skip
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def fingerprints(report: Report) -> list[str]:
    """For each finding a text that is unique, and stays the same when lines above it come or go."""
    from hashlib import sha256

    seen = Counter[tuple[str, str, str]]()
    marks = []
    for finding in report.findings:
        same = (finding.rule, finding.path, report.line_of(finding))
        seen[same] += 1
        whole = "\0".join((*same, str(seen[same])))
        marks.append(sha256(whole.encode(errors="surrogatepass")).hexdigest())
    return marks


def _rule(rule: Rule, workflow: Workflow) -> dict[str, Any]:
    whole = " ".join(rule.paragraphs)
    return {
        "id": rule.name,
        "name": rule.code,
        "shortDescription": {"text": rule.paragraphs[0]},
        "fullDescription": {"text": whole},
        "help": {"text": f"{whole} More: kpi explain {rule.name}"},
        "defaultConfiguration": {"enabled": False} if rule.severity == OFF else {"level": rule.severity},
        "helpUri": workflow.rule(rule.name),
    }


def _result(finding: Finding, fingerprint: str, folder: str) -> dict[str, Any]:
    # One line, whatever the finding spans: a pull request shows only findings within its own lines.
    region = {"startLine": finding.line, "startColumn": finding.column}
    if finding.end_line == finding.line:
        region["endColumn"] = finding.end_column
    text = " ".join([display(finding.message, 2000), *advice(finding)]).strip() or finding.rule
    return {
        "ruleId": finding.rule,
        "ruleIndex": _NUMBERS[finding.rule],
        "level": finding.severity,
        "message": {"text": text.replace("](", r"\](")},  # else it would be a link
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": in_address(folder + finding.path), "uriBaseId": "%SRCROOT%"},
                "region": region,
            }
        }],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }  # fmt: skip
