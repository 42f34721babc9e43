"""`kpi list`: the KPIs with their status, or the figures that are overdue."""

import click

from kpi.cli.context import Context
from kpi.cli.options import Choice, command
from kpi.cli.repository import judge_readable
from kpi.lint.framework import broken_files
from kpi.model.errors import UserError
from kpi.model.text import display
from kpi.pages import terminal
from kpi.pages.export_json import list_json
from kpi.store.repository import load


@command("list")
@click.option(
    "--format", "form", type=Choice(["text", "json", "markdown"]), default="text", show_default=True
)
@click.option("--overdue", is_flag=True, help="List the figures that are late today instead.")
def command_line(context: Context, form: str, *, overdue: bool) -> int:
    """List the KPIs in the plan's order, with their status."""
    if form == "markdown" and not overdue:
        raise UserError(
            "--format markdown goes with --overdue. The scorecard's pages list the KPIs as Markdown."
        )
    repository = load(context.root, context.progress)
    repository.plan.usable()
    for path in broken_files(repository):
        context.say(f"kpi: {display(path, 400)} has errors and may be missing here. Run kpi lint.")
    # The pages' day is that of the newest figure, on which nothing is late: what is overdue is so on the real day.
    as_of = context.day if overdue else context.as_of
    tellers = {
        (False, "text"): terminal.kpi_list,
        (False, "json"): list_json,
        (True, "text"): terminal.overdue_text,
        (True, "json"): terminal.overdue_json,
        (True, "markdown"): terminal.overdue_page,
    }
    context.tell(tellers[overdue, form](judge_readable(repository, as_of)))
    return 0
