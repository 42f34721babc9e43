"""What every command stands on: the global options, the repository's root, the day, the clock, and where words go."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from kpi.model.errors import ToolError, UserError
from kpi.model.finding import ERROR
from kpi.model.text import HIDDEN, counted, display, nearest, quoted
from kpi.model.watch import Thing
from kpi.store.paths import KpiPath, find_root, holds_kpis

if TYPE_CHECKING:
    from kpi.judge.judgement import Judgement
    from kpi.store.repository import Repository

_DAY = re.compile("[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
"""As in the files, which know no other years."""

_NEGATIVE = re.compile(r"-[0-9.£$€]")


class Frame(NamedTuple):
    """The global options."""

    root_given: Path | None = None
    as_of: date | None = None
    color: str = "auto"
    quiet: bool = False

    @property
    def root(self) -> Path:
        """The repository's root.

        Raises:
            UserError: if there is no `kpis/` folder.
            ToolError: if the folder one stands in was deleted.
        """
        if self.root_given is None:
            return find_root(_here())
        if not self.root_given.is_dir():
            raise UserError(f"There is no folder {quoted(str(self.root_given))}.")
        if not holds_kpis(self.root_given):
            raise UserError(f"There is no kpis/ folder in {quoted(str(self.root_given))}.")
        return self.root_given

    @property
    def coloured(self) -> bool:
        """Whether to colour what is told: `--color`, then NO_COLOR, then FORCE_COLOR, then whether stdout is a terminal."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()

    def tell(self, text: str) -> None:
        """The result, on stdout; `text` ends with a line end."""
        sys.stdout.write(text)

    def say(self, text: str) -> None:
        """A line on stderr, unless quiet."""
        if not self.quiet:
            sys.stderr.write(f"{text}\n")

    def warn(self, text: str) -> None:
        """A line on stderr that nobody may miss."""
        sys.stderr.write(f"{text}\n")

    def watched(self, things: Sequence[Thing], doing: str) -> Iterable[Thing]:
        """The things one after the other; on a terminal with a line that says how far the work is."""
        if self.quiet or not sys.stderr.isatty():
            return things
        from kpi.cli.progress import with_progress

        return with_progress(things, doing)

    def whole(self) -> "tuple[Repository, Judgement] | None":
        """The repository and its judgement; None, and why on stderr, where a file can't be used as it is.

        What is told about a whole framework must be complete, so one broken file is enough.
        """
        from kpi.store.repository import load

        repository = load(self.root, self.watched)
        broken = broken_files(repository)
        for path, count in broken.items():
            self.warn(f"kpi: {display(path, 400)} has {counted(count, 'error')}.")
        if broken:
            self.warn("kpi: Nothing was done. Run kpi lint to see what to mend.")
            return None
        return repository, self.judged(repository)

    def judged(self, repository: "Repository") -> "Judgement":
        """The judgement of what could be read.

        Raises:
            UserError: if there is no usable plan, or no KPI.
        """
        from kpi.judge.judgement import judge

        if repository.plan.plan is None:
            raise UserError("kpis/plan.yaml can't be used. Run kpi lint to see why.")
        if not repository.kpis:
            raise UserError("There are no KPIs under kpis/ yet.")
        return judge(repository.plan.plan, repository.kpis, self.as_of)


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        message = "The folder that you are in is not there any more. Go to another one, or give --root."
        raise ToolError(message) from None


def command(
    name: str, cls: type[click.Command] = click.Command
) -> Callable[[Callable[..., int]], click.Command]:
    """Declare a command: a function that takes the frame first, and returns the exit code.

    The global options may stand before its name or after it.
    """

    def declare(function: Callable[..., int]) -> click.Command:
        made = click.command(name, cls=cls)(click.pass_obj(function))
        made.params += global_options()
        return made

    return declare


class Figures(click.Command):
    """A command in whose line a figure may stand: -3 is a number there, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with the numbers below zero put last, where no option is looked for."""
        taking = {
            name
            for one in self.params
            if isinstance(one, click.Option) and not one.is_flag
            for name in one.opts
        }
        numbers: list[str] = []
        others: list[str] = []
        for before, word in zip(["", *args], args, strict=False):
            (numbers if _NEGATIVE.match(word) and before not in taking else others).append(word)
        if numbers and "--" not in args:
            args = [*others, "--", *numbers]
        return super().parse_args(ctx, args)


def global_options() -> list[click.Parameter]:
    """The options that every command understands."""
    root = "The repository. Without it, the nearest folder upwards that holds kpis/."
    days = "Judge as of this day, from the figures known by then."
    colours = click.Choice(["auto", "always", "never"])
    return [
        _option("--root", "root_given", type=click.Path(path_type=Path), metavar="FOLDER", help=root),
        _option("--as-of", type=a_day, metavar="DAY", help=days),
        _option("--color", type=colours, default="auto", help="Colour in the terminal."),
        _option("-q", "--quiet", is_flag=True, help="Say nothing beside the result."),
    ]


def _option(*names: str, **settings: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_remember, **settings)


def _remember(context: click.Context, option: click.Parameter, value: object) -> None:
    """Keep a global option in the frame, from wherever on the line it was written; the last one counts."""
    context.obj = context.obj or Frame()
    name = option.name or ""
    if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        context.obj = context.obj._replace(**{name: value})


def a_day(text: str) -> date:
    """A day such as 2024-02-27.

    Raises:
        UserError: if the text is none.
    """
    with suppress(ValueError):
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    raise UserError(f"{quoted(text)} is not a day. Write it like 2024-02-27.")


def one_line(text: str, what: str) -> str:
    """A text from the command line as a file may hold it: on one line, with one space between words.

    Raises:
        UserError: if there is a character in it that can't be seen; `what` names the option.
    """
    line = " ".join(text.split())
    hidden = HIDDEN.search(line)
    if hidden is not None:
        raise UserError(f"{what} has a character in it that can't be seen: {quoted(line)}. Type it anew.")
    return line


def today() -> date:
    """The real day, in UTC: the one place where the clock is read."""
    return datetime.now(UTC).date()


def broken_files(repository: "Repository") -> dict[str, int]:
    """The files with errors that keep them from being used as they are, and how many."""
    from kpi.lint.framework import conflicts
    from kpi.rules import BY_NAME

    counts: dict[str, int] = dict.fromkeys((path for path, _ in repository.odd), 1)
    for path, problems in (
        (repository.plan.path, repository.plan.problems),
        *((file.place.path, file.problems) for file in repository.files),
    ):
        errors = sum(BY_NAME[problem.rule].severity == ERROR for problem in problems)
        if errors:
            counts[path] = errors
    if repository.plan.path not in counts:
        for path, _ in conflicts(repository):
            counts[path] = counts.get(path, 0) + 1
    return counts


def known_kpi(repository: "Repository", name: str) -> tuple[str, str]:
    """The KPI file that the user named and a measure of it, if one was named: `kpi`, `priority/kpi` or `kpi/measure`.

    Raises:
        UserError: if there is no such file, with the nearest.
        ToolError: if there is none, and a folder can't be opened.
    """
    try:
        return known_place((file.place for file in repository.files), name)
    except UserError:
        for path, problem in repository.odd:
            if problem.rule == "unreadable-file":  # it may be in there
                raise ToolError(f"{path}: {problem.message}") from None
        raise


def known_place(places: Iterable[KpiPath], name: str) -> tuple[str, str]:
    """The same, where the files need not be read."""
    before, _, last = name.removesuffix(".yaml").rpartition("/")
    folder = before.rpartition("/")[2]
    priorities = {place.kpi: place.priority for place in places}
    if folder in priorities and priorities.get(last) != folder:
        return folder, last
    if last in priorities:
        return last, ""
    near = nearest(last, priorities) or nearest(folder, priorities)
    told = f"Did you mean {quoted(near)}?" if near else "kpi list shows them all."
    raise UserError(f"There is no KPI called {quoted(name)}. {told}")
