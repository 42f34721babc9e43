"""How commands are declared, with the options that all have, and what is said where the command line is used wrongly."""

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from kpi.cli.context import Context
from kpi.model.errors import UserError
from kpi.model.text import HIDDEN, display, docstring, joined, nearest, quoted

_DAY = re.compile("[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
"""As in the files, which know no other years."""

_ADDRESS = re.compile(r"https?://[\w.-]+(?::[0-9]+)?(?:/[\w./~%+@=-]*)?")

_NEGATIVE = re.compile(r"-[0-9.£$€]")


def command(name: str) -> Callable[[Callable[..., int]], click.Command]:
    """Declare a command: a function that takes the context first, and returns the exit code.

    The global options may come before its name or after it.
    """

    def declare(function: Callable[..., int]) -> click.Command:
        declared = click.command(name, cls=Command, help=docstring(function))(click.pass_obj(function))
        declared.params += global_options()
        return declared

    return declare


class PlainSpoken(click.Command):
    """A command or a group that says in plain sentences what click would say in its own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does."""
        try:
            return super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            name = error.option_name
            needs = "needs a value after it" if name in self._taking_values() else "takes no value"
            raise click.UsageError(f"{name} {needs}.", ctx) from None

    def _taking_values(self) -> set[str]:
        options = (option for option in self.params if isinstance(option, click.Option))
        return {name for option in options if not option.is_flag for name in option.opts}


class Command(PlainSpoken):
    """A command. Where its words are figures, -3 is a number, not an option."""

    allow_extra_args = True
    """Click leaves them to `parse_args`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with negative numbers moved to the end, where no options are expected."""
        taking = self._taking_values()
        numbers: list[str] = []
        others: list[str] = []
        for before, word in zip(["", *args], args, strict=False):
            (numbers if _NEGATIVE.match(word) and before not in taking else others).append(word)
        if numbers and "--" not in args:
            args = [*others, "--", *numbers]
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            words = "One word is" if len(left) == 1 else "These words are"
            ctx.fail(f"{words} too many: {quoted(' '.join(left))}.")
        if not ctx.resilient_parsing:
            self._hold_empty(ctx)
        return left

    def _hold_empty(self, ctx: click.Context) -> None:
        """Stop where a word that is needed is empty, as an unset variable of a script makes it."""
        for param in self.params:
            value = ctx.params.get(param.name or "")
            if param.required and isinstance(value, str) and not value.strip():
                raise click.MissingParameter(ctx=ctx, param=param)


class Choice(click.Choice):  # type: ignore[type-arg]  # click 8.1 has no Choice[str]
    """One of several words."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word; where it is another, the sentence has the nearest and all of them."""
        words = list(self.choices)
        if value in words or param is None:
            return str(super().convert(value, param, ctx))
        message = (
            f"{param.opts[0]} can't be {quoted(value)}.{_meant(value, words)} Write {joined(words, 'or')}."
        )
        raise click.UsageError(message, ctx)


class FilePath(click.Path):
    """A file to write, or the name of one; it need not be there."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """The path; where a folder is, a sentence says so."""
        del param, ctx
        path = Path(value)
        if path.is_dir():
            raise UserError(f"{quoted(str(value), 400)} is a folder. Name a file.")
        return path


def usage_sentence(error: click.ClickException) -> str:
    """What was used wrongly, and where to read how it is used."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "kpi"
    text = " ".join(_what(error).split())
    return f"{display(text, 400)} {command} --help says more."


def _what(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return f"There is no option {quoted(error.option_name)}.{_meant(error.option_name, error.possibilities or ())}"
        case click.MissingParameter(param=click.Option() as option):
            return f"{option.opts[0]} is missing."
        case click.MissingParameter(param=click.Parameter() as argument):
            return f"{argument.human_readable_name} is missing."
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"{parameter.opts[0]}: {error.message}"
    return error.message


def _meant(word: str, words: Iterable[str]) -> str:
    """A question with the nearest word, where one is near."""
    near = nearest(word, words)
    return f" Did you mean {near}?" if near else ""


def global_options() -> list[click.Parameter]:
    """The options that every command understands."""
    root = "The repository. Without it, the nearest folder upwards that holds kpis/."
    days = "Judge as of this day, from the figures known by then."
    colours = Choice(["auto", "always", "never"])
    return [
        _option("--root", "root_given", type=click.Path(path_type=Path), metavar="FOLDER", help=root),
        _option("--as-of", type=_parse_day, metavar="DAY", help=days),
        _option("--color", type=colours, default="auto", help="Colour in the terminal."),
        _option("-q", "--quiet", is_flag=True, help="Print only the result."),
    ]


def _option(*names: str, **settings: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_remember, **settings)


def _remember(context: click.Context, option: click.Parameter, value: object) -> None:
    """Store a global option in the context, wherever on the line it was written; the last one counts."""
    context.obj = context.obj or Context()
    name = option.name or ""
    if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        context.obj = context.obj._replace(**{name: value})


def _parse_day(text: str) -> date:
    """The day that a text such as 2024-02-27 names.

    Raises:
        UserError: if the text is none.
    """
    with suppress(ValueError):
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    raise UserError(f"{quoted(text)} is not a day. Write it like 2024-02-27.")


def parse_address(text: str) -> str:
    """An address of the web, without a slash at its end.

    Raises:
        UserError: if the text is none.
    """
    if text and not _ADDRESS.fullmatch(text):
        raise UserError(f"{quoted(text)} is not an address. Write it like https://example.org/scorecard.")
    return text.rstrip("/")


def one_line(text: str, name: str) -> str:
    """A text from the command line as a file may hold it: on one line, with one space between words.

    Raises:
        UserError: if there is a character in it that can't be seen; `name` is the option's.
    """
    line = " ".join(text.split())
    hidden = HIDDEN.search(line)
    if hidden is not None:
        raise UserError(f"{name} has a character in it that can't be seen: {quoted(line)}. Type it again.")
    return line
