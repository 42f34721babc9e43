"""The `kpi` group: its commands, each imported only when it is called."""

from importlib import import_module

import click

from kpi import __version__
from kpi.cli.options import PlainSpoken, global_options

COMMANDS = {
    "init": "Create a repository with sample KPIs.",
    "lint": "Check every file under kpis/.",
    "fmt": "Write the files under kpis/ in their standard form.",
    "record": "Record one figure, and show its effect on the status.",
    "import": "Write the figures of a table (CSV or Excel) into the files.",
    "template": "Write a workbook to list KPIs in, for kpi import --new.",
    "new": "Create a KPI: its file, and its line in the plan.",
    "build": "Write the scorecard's pages to docs/scorecard/.",
    "breaches": "Print the missed targets.",
    "list": "List the KPIs with their status.",
    "show": "Show one KPI in the terminal.",
    "diff": "Say what a change means: figures, targets, statuses.",
    "export": "Print all figures as CSV, or everything as JSON.",
    "paper": "Print the whole scorecard as one document.",
    "site": "Write the pages as the source of a website.",
    "notify": "Say which issues a missed target opens or closes.",
    "upgrade": "Upgrade older files to the form of this version.",
    "explain": "Explain a rule or a field.",
}
"""Each command and its one-line help, in the order of `kpi --help`; `build` lives in `cli/build.py`."""


_HELP = """An organisation's performance framework as plain text, kept honest by a linter.

Exit codes: 0 fine, 1 findings, 2 wrong usage (or nothing to check), 3 the tool failed.
"""


class LazyGroup(PlainSpoken, click.Group):
    """A group that imports a command's file only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of `COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None where there is none of this name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"kpi.cli.{cmd_name}").command_line
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command where the name is misspelt."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from kpi.model.text import nearest, quoted

            near = nearest(args[0], COMMANDS)
            advice = f"Did you mean {near}?" if near else f"There are: {', '.join(COMMANDS)}."
            ctx.fail(f"There is no command {quoted(args[0])}. {advice}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help's list of commands, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    params=global_options(),
    help=_HELP,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="kpi", message="%(prog)s %(version)s")
def cli() -> None:
    """Every command is imported when it is called."""
