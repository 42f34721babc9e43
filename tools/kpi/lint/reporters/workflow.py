"""What a reporter may know besides the report: where links lead, and the stop-commands token of a workflow's log."""

from typing import NamedTuple
from urllib.parse import quote


class Links(NamedTuple):
    """A repository on a server such as GitHub, at one commit.

    `home` is the repository that holds the branch: another one for a pull request from a fork. Without a branch nothing
    can be edited.
    """

    server: str
    repository: str
    sha: str
    branch: str = ""
    home: str = ""

    def line(self, path: str, line: int) -> str:
        """The address of a line of a file, shown as text."""
        return f"{self.page(path)}?plain=1#L{line}"

    def edit(self, path: str) -> str:
        """The address of the web editor for a file; empty where there is none."""
        home = self.home or self.repository
        return f"{self.server}/{home}/edit/{quote(self.branch)}/{in_address(path)}" if self.branch else ""

    def page(self, path: str) -> str:
        """The address of a file."""
        return f"{self.server}/{self.repository}/blob/{quote(self.sha)}/{in_address(path)}"


class Workflow(NamedTuple):
    """The workflow that a report is read in.

    Attributes:
        links: where its links to files lead; without it there are none.
        folder: the folder of the repository that holds `kpis/`, with a slash at its end; empty for the repository itself.
        pause: the stop-commands token, which nobody can guess: the runner executes no command between its two occurrences.
        has_manual: whether the folder holds the pages about the rules, too.
    """

    links: Links | None = None
    folder: str = ""
    pause: str = ""
    has_manual: bool = False

    def rule(self, name: str) -> str:
        """The address of the page about a rule: in the repository, or else in the program's own."""
        from kpi.manual.blocks import address_of
        from kpi.rules import page_of

        page = page_of(name)
        return self.links.page(self.folder + page) if self.links and self.has_manual else address_of(page)


NO_WORKFLOW = Workflow()


def in_address(path: str) -> str:
    """A path as a part of an address; what is not UTF-8 in it is lost."""
    return quote(path.encode(errors="replace"))
