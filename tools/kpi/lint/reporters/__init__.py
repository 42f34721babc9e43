"""The formats of a report, by name, and the workflow that some of them are for. To add one, write a function and a line here."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from kpi.lint.report import Report


class Links(NamedTuple):
    """A repository on a server such as GitHub, at one commit; `home` is the fork that holds the branch, if one does."""

    server: str
    repository: str
    sha: str
    branch: str = ""  # without it nothing can be edited
    home: str = ""

    def edit(self, path: str) -> str:
        """The address of the web editor for a file; empty where there is none."""
        home = self.home or self.repository
        return f"{self.server}/{home}/edit/{quote(self.branch)}/{in_address(path)}" if self.branch else ""

    def page(self, path: str) -> str:
        """The address of a file."""
        return f"{self.server}/{self.repository}/blob/{quote(self.sha)}/{in_address(path)}"


class Workflow(NamedTuple):
    """The workflow that a report is read in."""

    links: Links | None = None  # where links to files lead; without it there are none
    folder: str = ""  # the one that holds `kpis/`, with a slash at its end; empty for the repository itself
    # the stop-commands token, which nobody can guess: the runner executes no command between its two occurrences
    pause: str = ""
    has_manual: bool = False  # whether the folder holds the pages about the rules, too

    def rule(self, name: str) -> str:
        """The address of the page about a rule: in the repository, or else in the program's own."""
        from kpi.manual.answer import address_of
        from kpi.rules import page_of

        page = page_of(name)
        return self.links.page(self.folder + page) if self.links and self.has_manual else address_of(page)


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
