"""What was wrong with the command line, in plain sentences instead of click's."""

import re

import click

from kpi.model.text import display, quoted

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)\.?")


def sentence(error: click.ClickException) -> str:
    """What was used wrongly, and where to read how it is used."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "kpi"
    told = " ".join(_what(error).split())
    return f"{display(told, 400)} {command} --help says more."


def _what(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = f" Did you mean {error.possibilities[0]}?" if error.possibilities else ""
            return f"There is no option {quoted(error.option_name)}.{near}"
        case click.MissingParameter() if error.param is not None:
            return f"{error.param.human_readable_name} is missing."
        case click.BadParameter() if error.param is not None:
            return f"{error.param.opts[0]}: {error.message}"
    extra = _EXTRA.fullmatch(error.message)
    if extra is not None:
        many = len(extra[1].split()) > 1
        return f"{'These words are' if many else 'One word is'} too many: {quoted(extra[1])}."
    return error.message if error.message.endswith((".", "?")) else f"{error.message}."
