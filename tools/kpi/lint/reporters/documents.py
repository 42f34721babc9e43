"""For programs: JSON, whose shape is promised in docs/formats.md, and SARIF 2.1.0, which code scanning takes from any linter."""

import json
from collections import Counter
from typing import Any

from kpi import __version__
from kpi.lint.report import Report
from kpi.lint.reporters.text import advice
from kpi.lint.reporters.workflow import NO_WORKFLOW, Workflow, in_address
from kpi.model.finding import ERROR, OFF, Finding
from kpi.model.text import counted, display
from kpi.rules import RULES
from kpi.rules.rule import Rule

VERSION = 1


def as_json(report: Report, _: Workflow = NO_WORKFLOW) -> str:
    """The findings and a summary as one JSON object; lines and columns count from 1."""
    errors = sum(finding.severity == ERROR for finding in report.findings)
    document = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
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


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity,
        "path": finding.path.encode(errors="replace").decode(),  # a name that isn't UTF-8 can't be in JSON
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "message": finding.message,
        "help": finding.help,
        "replacement": finding.replacement,
    }


MOST_RESULTS = 25_000
"""Results. GitHub refuses a file with more, all of it."""

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
    """For each finding a text that is unique and stays the same when lines above it come or go.

    It is made of the rule, the file and the text of the line, and of a number where these are the same.
    """
    from hashlib import sha256

    seen: Counter[tuple[str, str, str]] = Counter()
    marks = []
    for finding in report.findings:
        same = (finding.rule, finding.path, report.line_of(finding))
        seen[same] += 1
        whole = "\0".join((*same, str(seen[same])))
        marks.append(sha256(whole.encode(errors="surrogatepass")).hexdigest())
    return marks


def _rule(rule: Rule, workflow: Workflow) -> dict[str, Any]:
    summary = " ".join(rule.manual.strip().partition("\n\n")[0].split())
    whole = " ".join(rule.manual.split())
    return {
        "id": rule.name,
        "name": rule.code,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": whole},
        "help": {"text": f"{whole} More: kpi explain {rule.name}"},
        "defaultConfiguration": {"enabled": False} if rule.severity == OFF else {"level": rule.severity},
        "helpUri": workflow.rule(rule.name),
    }


def _result(finding: Finding, fingerprint: str, folder: str) -> dict[str, Any]:
    text = " ".join([display(finding.message, 2000), *advice(finding)]).strip() or finding.rule
    return {
        "ruleId": finding.rule,
        "ruleIndex": _NUMBERS[finding.rule],
        "level": finding.severity,
        "message": {"text": text.replace("](", r"\](")},  # else it would be a link
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": in_address(folder + finding.path), "uriBaseId": "%SRCROOT%"},
                "region": _region(finding),
            }
        }],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }  # fmt: skip


def _region(finding: Finding) -> dict[str, int]:
    """One line, whatever the finding spans: a pull request shows only findings within its own lines."""
    place = {"startLine": finding.line, "startColumn": finding.column}
    if finding.end_line == finding.line:
        place["endColumn"] = finding.end_column
    return place
