"""The formats of a report: a name, and a function from the report to text. To add one, write a function and a line here."""

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from kpi.lint.reporters.workflow import NO_WORKFLOW, Workflow

if TYPE_CHECKING:
    from kpi.lint.report import Report


class Reporter(Protocol):
    """Formats a report. Only the formats for GitHub use the workflow."""

    def __call__(self, report: "Report", workflow: Workflow = NO_WORKFLOW, /) -> str:
        """The whole text, with a line end at its end."""


def _later(module: str, function: str) -> Reporter:
    """A reporter whose module is imported on first use: a run needs only one of them."""

    def tell(report: "Report", workflow: Workflow = NO_WORKFLOW) -> str:
        reporter: Reporter = getattr(import_module(f"kpi.lint.reporters.{module}"), function)
        return reporter(report, workflow)

    return tell


REPORTERS: dict[str, Reporter] = {
    "text": _later("text", "text"),
    "concise": _later("text", "concise"),
    "json": _later("documents", "as_json"),
    "github": _later("github", "github"),
    "markdown": _later("github", "markdown"),
    "sarif": _later("documents", "sarif"),
}
