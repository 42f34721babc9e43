"""The context of a command: the global options, the repository's root, and where its output goes."""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kpi.model.errors import ToolError, UserError
from kpi.model.progress import Thing
from kpi.model.text import quoted
from kpi.store.paths import find_root, holds_kpis


class Context(NamedTuple):
    """The global options, and what every command does with them."""

    root_given: Path | None = None
    as_of: date | None = None
    color: str = "auto"
    quiet: bool = False

    @property
    def root(self) -> Path:
        """The repository's root.

        Raises:
            UserError: if there is no `kpis/` folder.
            ToolError: if the current folder was deleted.
        """
        if self.root_given is None:
            return find_root(_working_folder())
        if not self.root_given.is_dir():
            raise UserError(f"There is no folder {quoted(str(self.root_given))}.")
        if not holds_kpis(self.root_given):
            raise UserError(f"There is no kpis/ folder in {quoted(str(self.root_given))}.")
        return self.root_given

    @property
    def coloured(self) -> bool:
        """Whether to colour the result: `--color`, then NO_COLOR, then FORCE_COLOR, then whether stdout is a terminal."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()

    def tell(self, text: str, output: Path | None = None) -> None:
        """Write the result, which ends with a line end, to stdout, or to the file that `--output` names."""
        if output is None:
            sys.stdout.write(text)
            return
        from kpi.store.output import write_file

        write_file(output, text)

    def can_print(self, characters: str) -> bool:
        """Whether stdout can show these characters: a terminal without Unicode can't, files and pipes always can."""
        try:
            characters.encode(sys.stdout.encoding)
        except UnicodeEncodeError:
            return False
        return True

    def say(self, text: str) -> None:
        """Write a line on stderr, unless quiet."""
        if not self.quiet:
            sys.stderr.write(f"{text}\n")

    def warn(self, text: str) -> None:
        """Write a line on stderr, even with --quiet."""
        sys.stderr.write(f"{text}\n")

    def progress(self, things: Sequence[Thing], doing: str) -> Iterable[Thing]:
        """Iterate over the things; on a terminal, with a line that shows the progress."""
        if self.quiet or not sys.stderr.isatty():
            return things
        from kpi.cli.progress import with_progress

        return with_progress(things, doing)


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        message = "The folder that you are in no longer exists. Go to another one, or give --root."
        raise ToolError(message) from None
