"""How often each rule was broken, instead of the findings: `--statistics`."""

from collections import Counter

from kpi.lint.report import Report
from kpi.lint.reporters.text import summary


def statistics(report: Report) -> str:
    """A line a rule with its count, the most frequent first, then the summary."""
    counts = Counter((finding.severity, finding.code, finding.rule) for finding in report.findings)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = len(f"{max(counts.values(), default=0):,}")
    lines = [f"{number:>{width},} {severity:<7} {rule}" for (severity, _, rule), number in ordered]
    return "\n".join([*lines, *report.unchecked, summary(report)]) + "\n"
