"""How a report is told: a name, and a function from the report to text. To add one, write a file and a line here."""

from typing import Protocol

from kpi.lint.engine import Report
from kpi.lint.reporters.around import NOWHERE, Around
from kpi.lint.reporters.concise import concise
from kpi.lint.reporters.github import github
from kpi.lint.reporters.json import as_json
from kpi.lint.reporters.markdown import markdown
from kpi.lint.reporters.sarif import sarif
from kpi.lint.reporters.text import text


class Reporter(Protocol):
    """Tells a report. Only the formats for GitHub use what is around it."""

    def __call__(self, report: Report, around: Around = NOWHERE) -> str:
        """The whole text, with a line end at its end."""


REPORTERS: dict[str, Reporter] = {
    "text": text,
    "concise": concise,
    "json": as_json,
    "github": github,
    "markdown": markdown,
    "sarif": sarif,
}
