"""One line a finding, for editors and for grep: `path:line:column: severity rule: message`."""

from kpi.lint.report import Report
from kpi.lint.reporters.around import NOWHERE, Around
from kpi.lint.reporters.text import summary
from kpi.model.text import display


def concise(report: Report, around: Around = NOWHERE) -> str:
    """A line a finding, then the summary."""
    del around
    lines = [
        f"{display(finding.path, 400)}:{finding.line}:{finding.column}: {finding.severity} {finding.rule}: "
        f"{display(' '.join(filter(None, (finding.message, finding.help))), 2000)}"
        for finding in report.findings
    ]
    return "\n".join([*lines, *report.unchecked, summary(report)]) + "\n"
