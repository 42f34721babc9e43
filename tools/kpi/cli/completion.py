"""Tab completion in the shell: click's own, with the repository's KPIs and the rules' names."""

from contextlib import suppress

import click

from kpi.cli.context import Context
from kpi.model.errors import ToolError, UserError

VARIABLE = "_KPI_COMPLETE"
"""Set by the shell's script; docs/cli.md, "Tab completion"."""


def complete(group: click.Group, instruction: str) -> int:
    """Print a shell's script (`bash_source`), or what can follow on the line (`bash_complete`); the same for zsh and fish.

    If the repository can't be used nothing is printed: it would end up in the line that somebody is typing.
    """
    from click.shell_completion import shell_complete

    with suppress(UserError, ToolError, click.ClickException, OSError):
        return shell_complete(group, {}, "kpi", VARIABLE, instruction)
    return 1


def kpi_ids(line: click.Context, _: click.Parameter, start: str) -> list[str]:
    """The KPIs whose id starts like this. Only the names of the files are read, so broken files count too."""
    from kpi.store.paths import walk

    context = line.find_object(Context) or Context()
    return [file.kpi for file in walk(context.root).files if file.kpi.startswith(start)]


def topics(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    """The rules and fields whose name starts like this."""
    from kpi.manual.field import list_places, names
    from kpi.rules import RULES
    from kpi.store.schema import load

    known = [*(rule.name for rule in RULES), *names(list_places({"kpi": load("kpi"), "plan": load("plan")}))]
    return [name for name in known if name.startswith(start) and " " not in name]
