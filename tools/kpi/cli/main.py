"""The `kpi` group, and how its commands are declared: options, completion, and what is said of wrong usage."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from kpi import __version__
from kpi.cli.context import Context
from kpi.model.errors import UserError
from kpi.model.text import HIDDEN, display, docstring, nearest, quoted

_NEGATIVE = re.compile(r"-[0-9.£$€]")


def command(name: str) -> Callable[[Callable[..., int | None]], click.Command]:
    """Declare a command: a function that takes the context first, and returns the exit code, or None where all is well."""

    def declare(function: Callable[..., int | None]) -> click.Command:
        declared = click.command(name, cls=Command, help=docstring(function))(click.pass_obj(function))
        declared.params += global_options()
        return declared

    return declare


class Command(click.Command):
    """A command. Where its words are figures, -3 is a number, not an option."""

    allow_extra_args = True  # click leaves them to `parse_args`

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with negative numbers moved to the end, where no options are expected."""
        options = (option for option in self.params if isinstance(option, click.Option))
        taking_values = {name for option in options if not option.is_flag for name in option.opts}
        numbers: list[str] = []
        others: list[str] = []
        for before, word in zip(["", *args], args, strict=False):
            (numbers if _NEGATIVE.match(word) and before not in taking_values else others).append(word)
        if numbers and "--" not in args:
            args = [*others, "--", *numbers]
        try:
            left = super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = ctx  # which click leaves out
            raise
        if left and not ctx.resilient_parsing:
            words = "One word is" if len(left) == 1 else "These words are"
            ctx.fail(f"{words} too many: {quoted(' '.join(left))}.")
        for param in () if ctx.resilient_parsing else self.params:
            value = ctx.params.get(param.name or "")
            if param.required and isinstance(value, str) and not value.strip():  # a script's unset variable
                raise click.MissingParameter(ctx=ctx, param=param)
        return left


Declaration = Callable[[Callable[..., int | None]], Callable[..., int | None]]
PATH = click.Path(path_type=Path)
FILE = click.Path(dir_okay=False, readable=False, path_type=Path)  # it need not be there


def flag(name: str, text: str) -> Declaration:
    """Declare an option without a value; the text is its help."""
    return click.option(name, is_flag=True, help=text)


def text_option(name: str, metavar: str, text: str, **settings: Any) -> Declaration:
    """Declare an option whose value is a text, empty where it is not given; `text` is its help."""
    return click.option(name, **{"default": "", "metavar": metavar, "help": text, **settings})


def choice_option(name: str, words: Sequence[str], text: str, **settings: Any) -> Declaration:
    """Declare an option that is one of some words; `text` is its help."""
    return click.option(name, type=click.Choice(words), help=text, **settings)


def format_option(*words: str, **settings: Any) -> Declaration:
    """Declare --format with these words, of which the first is the default."""
    settings = {"type": click.Choice(words), "default": words[0], "show_default": True, **settings}
    return click.option("--format", "form", **settings)


def usage_sentence(error: click.ClickException) -> str:
    """What was used wrongly, and where to read how it is used."""
    match error:
        case click.NoSuchOption(option_name=name, possibilities=names):
            near = nearest(name, names or ())
            text = f"There is no option {quoted(name)}.{f' Did you mean {near}?' if near else ''}"
        case click.MissingParameter(param=click.Parameter() as missing):
            is_option = isinstance(missing, click.Option)
            text = f"{missing.opts[0] if is_option else missing.human_readable_name} is missing."
        case click.BadParameter(param=click.Parameter() as parameter):
            text = f"{parameter.opts[0]}: {error.message}"
        case _:
            text = error.message
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "kpi"
    return f"{display(' '.join(text.split()), 400)} {path} --help says more."


def global_options() -> list[click.Parameter]:
    """The options that every command understands."""

    def option(*names: str, **settings: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=_remember, **settings)

    root = "The repository. Without it, the nearest folder upwards that holds kpis/."
    days = "Judge as of this day, from the figures known by then."
    colours = click.Choice(["auto", "always", "never"])
    return [
        option("--root", "root_given", type=PATH, metavar="FOLDER", help=root),
        option("--as-of", type=_parse_day, metavar="DAY", help=days),
        option("--color", type=colours, default="auto", help="Colour in the terminal."),
        option("-q", "--quiet", is_flag=True, help="Print only the result."),
    ]


def _remember(context: click.Context, option: click.Parameter, value: object) -> None:
    """Store a global option in the context, wherever on the line it was written; the last one counts."""
    context.obj, name = context.obj or Context(), option.name or ""
    if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        context.obj = context.obj._replace(**{name: value})


def _parse_day(text: str) -> date:
    with suppress(ValueError):
        if re.fullmatch("[12][0-9]{3}-[0-9]{2}-[0-9]{2}", text):  # as in the files, which know no other years
            return date.fromisoformat(text)
    raise UserError(f"{quoted(text)} is not a day. Write it like 2024-02-27.")


def one_line(text: str, name: str) -> str:
    """A text from the option `name` on one line, as files hold it; a `UserError` if a character in it can't be seen."""
    line = " ".join(text.split())
    if HIDDEN.search(line):
        raise UserError(f"{name} has a character in it that can't be seen: {quoted(line)}. Type it again.")
    return line


def require_workbook(file: Path) -> None:
    """Raise a `UserError` where a file that is to be a workbook is called otherwise, or is a folder."""
    if file.is_dir():
        raise UserError(f"{quoted(str(file), 400)} is a folder. Name a file.")
    if file.suffix.lower() != ".xlsx":
        name = display(str(file.with_suffix(".xlsx")), 400)
        raise UserError(f"A workbook's name ends with .xlsx. Write {name}.")


def kpi_ids(line: click.Context, _: click.Parameter, start: str) -> list[str]:
    """The KPIs whose id starts like this. Only the names of the files are read, so broken files count too."""
    from kpi.store.paths import walk

    context = line.find_object(Context) or Context()
    return [file.kpi for file in walk(context.root).files if file.kpi.startswith(start)]


COMMANDS = {
    "init": ("begin", "Create a repository with sample KPIs."),
    "lint": ("lint", "Check every file under kpis/."),
    "fmt": ("lint", "Write the files under kpis/ in their standard form."),
    "record": ("file_changes", "Record one figure, and show its effect on the status."),
    "import": ("file_changes", "Write the figures of a table (CSV or Excel) into the files."),
    "template": ("begin", "Write a workbook to list KPIs in, for kpi import --new."),
    "new": ("begin", "Create a KPI: its file, and its line in the plan."),
    "build": ("publish", "Write the scorecard's pages to docs/scorecard/."),
    "breaches": ("reports", "Print the missed targets."),
    "list": ("reports", "List the KPIs with their status."),
    "show": ("reports", "Show one KPI in the terminal."),
    "diff": ("reports", "Say what a change means: figures, targets, statuses."),
    "export": ("reports", "Print all figures as CSV, or everything as JSON."),
    "paper": ("reports", "Print the whole scorecard as one document."),
    "site": ("publish", "Write the pages as the source of a website."),
    "notify": ("publish", "Say which issues a missed target opens or closes."),
    "upgrade": ("file_changes", "Upgrade older files to the form of this version."),
    "explain": ("explain", "Explain a rule or a field."),
}
"""Each command with the file of `cli/` that it is in and its one-line help, in the order of `kpi --help`."""

_HELP = """An organisation's performance framework as plain text, kept honest by a linter.

Exit codes: 0 fine, 1 findings, 2 wrong usage (or nothing to check), 3 the tool failed.
"""


class LazyGroup(click.Group):
    """A group that imports a command's file only when the command is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command and the words for it; an option before it is click's business, and what is misspelt a mistake."""
        if args and args[0] in COMMANDS:
            module = import_module(f"kpi.cli.{COMMANDS[args[0]][0]}")
            return args[0], getattr(module, f"{args[0]}_command"), args[1:]
        if args and not args[0].startswith("-"):
            near = nearest(args[0], COMMANDS)
            advice = f"Did you mean {near}?" if near else f"There are: {', '.join(COMMANDS)}."
            ctx.fail(f"There is no command {quoted(args[0])}. {advice}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    commands={name: click.Command(name, short_help=text) for name, (_, text) in COMMANDS.items()},
    params=global_options(),
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="kpi", message="%(prog)s %(version)s")
def cli() -> None:
    """Every command is imported when it is called."""
