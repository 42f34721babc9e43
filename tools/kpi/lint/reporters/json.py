"""For programs. The shape is promised in docs/formats.md; `version` changes when it does."""

import json
from typing import Any

from kpi.lint.report import Report
from kpi.lint.reporters.around import NOWHERE, Around
from kpi.model.finding import ERROR, Finding

VERSION = 1


def as_json(report: Report, around: Around = NOWHERE) -> str:
    """The findings and a summary as one JSON object; lines and columns count from 1."""
    del around
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
