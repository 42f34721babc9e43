"""What was wrong with the command line, in plain sentences instead of click's."""

import re
from collections.abc import Iterable

import click

from kpi.model.text import display, joined, nearest, quoted

_CHOICE = re.compile(r"(['\"])(.*)\1 is not (?:one of )?['\"]", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)\.?")


def sentence(error: click.ClickException) -> str:
    """What was used wrongly, and where to read how it is used."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "kpi"
    text = " ".join(_what(error).split())
    return f"{display(text, 400)} {command} --help says more."


def _what(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return f"There is no option {quoted(error.option_name)}.{_meant(error.option_name, error.possibilities or ())}"
        case click.BadOptionUsage():
            needs = "needs a value after it" if "requires" in error.message else "takes no value"
            return f"{error.option_name} {needs}."
        case click.MissingParameter() if error.param is not None:
            option = isinstance(error.param, click.Option)
            return f"{error.param.opts[0] if option else error.param.human_readable_name} is missing."
        case click.BadParameter() if error.param is not None:
            return _bad_value(error.message, error.param)
    extra = _EXTRA.fullmatch(error.message)
    if extra is not None:
        many = len(extra[1].split()) > 1
        return f"{'These words are' if many else 'One word is'} too many: {quoted(extra[1])}."
    return error.message if error.message.endswith((".", "?")) else f"{error.message}."


def _bad_value(message: str, parameter: click.Parameter) -> str:
    """What is wrong with an option's value; of a choice click's message is the only place that holds the value."""
    option, choice = parameter.opts[0], _CHOICE.match(message)
    if choice is None or not isinstance(parameter.type, click.Choice):
        return f"{option}: {message}"
    options = [str(word) for word in parameter.type.choices]
    return (
        f"{option} can't be {quoted(choice[2])}.{_meant(choice[2], options)} Write {joined(options, 'or')}."
    )


def _meant(word: str, options: Iterable[str]) -> str:
    """A question with the nearest option, where one is near."""
    near = nearest(word, options)
    return f" Did you mean {near}?" if near else ""
