"""`kpi list`: the KPIs with their status, or the figures that are overdue."""

import click

from kpi.cli.frame import Frame, broken_files, command, today
from kpi.model.errors import UserError


@command("list")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
@click.option("--overdue", is_flag=True, help="List the figures that are late today instead.")
def command_line(frame: Frame, form: str, *, overdue: bool) -> int:
    """List the KPIs in the plan's order, with their status."""
    from kpi.model.text import display
    from kpi.pages import export, terminal
    from kpi.pages import overdue as late
    from kpi.store.repository import load

    if form == "markdown" and not overdue:
        raise UserError(
            "--format markdown goes with --overdue. The scorecard's pages list the KPIs as Markdown."
        )
    repository = load(frame.root, frame.watched)
    for path in broken_files(repository):
        frame.say(f"kpi: {display(path, 400)} has errors and may be missing here. Run kpi lint.")
    if overdue:
        # The pages' day is that of the newest figure, on which nothing is late: here the real day is asked for.
        judgement = frame._replace(as_of=frame.as_of or today()).judged(repository)
    else:
        judgement = frame.judged(repository)
    tellers = {
        (False, "text"): terminal.kpi_list,
        (False, "json"): export.list_json,
        (True, "text"): late.overdue_text,
        (True, "json"): late.overdue_json,
        (True, "markdown"): late.overdue_page,
    }
    frame.tell(tellers[overdue, form](judgement))
    return 0
