"""The formats of a report, by name, and the workflow that some of them are for. To add one, write a function and a line here."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

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


def _report(module: str, function: str, report: "Report", workflow: Workflow = NO_WORKFLOW) -> str:
    """A report's text by a function whose module is imported on first use: a run needs only one of them."""
    text: str = getattr(import_module(f"kpi.lint.reporters.{module}"), function)(report, workflow)
    return text


REPORTERS: dict[str, Callable[..., str]] = {
    "text": partial(_report, "text", "text"),
    "concise": partial(_report, "text", "concise"),
    "json": partial(_report, "text", "as_json"),
    "github": partial(_report, "github", "github"),
    "markdown": partial(_report, "github", "markdown"),
    "sarif": partial(_report, "github", "sarif"),
}
"""Each takes the report, and perhaps the workflow, which only the formats for GitHub use; its text ends with a line end."""
