"""`kpi list`: the KPIs with their status."""

import click

from kpi.cli.frame import Frame, broken_files, command


@command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command_line(frame: Frame, form: str) -> int:
    """List the KPIs in the plan's order, with their status."""
    from kpi.model.text import display
    from kpi.pages.export import list_json
    from kpi.pages.terminal import kpi_list
    from kpi.store.repository import load

    repository = load(frame.root)
    for path in broken_files(repository):
        frame.say(f"kpi: {display(path, 400)} has errors and may be missing here. Run kpi lint.")
    judgement = frame.judged(repository)
    frame.tell(kpi_list(judgement) if form == "text" else list_json(judgement))
    return 0
