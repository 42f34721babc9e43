"""The context of a command: global options, root, day, where its output goes; and what a workflow on GitHub says of itself."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from kpi.model.errors import ToolError, UserError
from kpi.model.progress import Thing
from kpi.model.text import quoted
from kpi.store.paths import find_root, holds_kpis, holds_manual

if TYPE_CHECKING:
    from kpi.lint.reporters import Workflow

SOON, OFTEN = 0.5, 0.1  # seconds until a line first shows the progress, and then between one and the next
_SERVER = re.compile(r"https://[\w.-]+(?::[0-9]+)?\Z")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+\Z")


def today() -> date:
    """The real day, in UTC: the one place where the clock is read."""
    return datetime.now(UTC).date()


class Context(NamedTuple):
    """The global options, and what every command does with them."""

    root_given: Path | None = None
    as_of: date | None = None
    color: str = "auto"
    quiet: bool = False

    @property
    def root(self) -> Path:
        """The repository's root; a `UserError` if there is no `kpis/` folder, a `ToolError` if the current one was deleted."""
        if self.root_given is None:
            try:
                return find_root(Path.cwd())
            except FileNotFoundError:
                message = "The folder that you are in no longer exists. Go to another one, or give --root."
                raise ToolError(message) from None
        if not self.root_given.is_dir():
            raise UserError(f"There is no folder {quoted(str(self.root_given))}.")
        if not holds_kpis(self.root_given):
            raise UserError(f"There is no kpis/ folder in {quoted(str(self.root_given))}.")
        return self.root_given

    @property
    def day(self) -> date:
        """The day that is given, or else the real one."""
        return self.as_of or today()

    @property
    def coloured(self) -> bool:
        """Whether to colour the result: `--color`, then NO_COLOR, then FORCE_COLOR, then whether stdout is a terminal."""
        if self.color != "auto":
            return self.color == "always"
        return not os.environ.get("NO_COLOR") and (bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty())

    def tell(self, text: str, output: Path | None = None) -> None:
        """Write the result, which ends with a line end, to stdout, or to the file that `--output` names."""
        if output is None:
            sys.stdout.write(text)
        else:
            from kpi.store.output import write_file

            write_file(output, text)

    def say(self, text: str) -> None:
        """Write a line on stderr, unless quiet."""
        if not self.quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Write a line on stderr, even with --quiet."""
        sys.stderr.write(f"{text}\n")

    def progress(self, things: Sequence[Thing], doing: str) -> Iterator[Thing]:
        """Iterate over the things; on a terminal, with a line that says how many are done, and that goes away at the end."""
        if self.quiet or not sys.stderr.isatty():
            yield from things
            return
        line, next_time = "", monotonic() + SOON
        try:
            for number, thing in enumerate(things):
                if monotonic() > next_time:
                    line, next_time = f"{doing}: {number:,} of {len(things):,}", monotonic() + OFTEN
                    sys.stderr.write(f"\r{line}")
                    sys.stderr.flush()
                yield thing
        finally:
            sys.stderr.write(f"\r{' ' * len(line)}\r" if line else "")


def in_workflow() -> bool:
    """Whether this is a step of a workflow on GitHub."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def this_workflow(root: Path) -> "Workflow":
    """The context of a report: where links lead, if that is known, and a fresh stop-commands token."""
    import json
    from secrets import token_hex

    from kpi.lint.reporters import Workflow

    folder = ""
    with suppress(ValueError):  # not below the workspace: then paths start at the root
        inside = root.resolve().relative_to(Path(os.environ.get("GITHUB_WORKSPACE") or root).resolve())
        folder = f"{inside.as_posix()}/".removeprefix("./")
    workflow = Workflow(folder=folder, pause=token_hex(16), has_manual=holds_manual(root))
    names = ("SERVER_URL", "REPOSITORY", "SHA", "HEAD_REF", "REF_TYPE", "REF_NAME")
    server, repository, sha, head, kind, name = (os.environ.get(f"GITHUB_{each}", "") for each in names)
    if not (in_workflow() and sha and _SERVER.match(server) and _REPOSITORY.match(repository)):
        return workflow
    fork = ""
    # no pull request, or of a repository that is gone
    with suppress(OSError, ValueError, LookupError, TypeError):
        event = json.loads(Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_bytes())
        fork = str(event["pull_request"]["head"]["repo"]["full_name"])
    home, branch = fork if _REPOSITORY.match(fork) else "", head or (name if kind == "branch" else "")
    return workflow._replace(server=server, repository=repository, sha=sha, branch=branch, home=home)
