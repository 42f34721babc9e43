"""`kpi breaches`: the missed targets, and those that are near."""

import click

from kpi.cli.context import Context
from kpi.cli.options import Choice, command
from kpi.cli.repository import load_whole
from kpi.pages.export_json import breaches_json
from kpi.pages.lists import breaches_page, off_target


@command("breaches")
@click.option("--format", "form", type=Choice(["markdown", "json"]), default="markdown", show_default=True)
@click.option(
    "--fail-on",
    type=Choice(["red", "amber"]),
    help="Exit 1 if a target that is not met has this colour (amber: or red).",
)
def command_line(context: Context, form: str, fail_on: str | None) -> int:
    """Print the targets that are missed, near, part of the way without a date, or met again.

    Missing a target is not a mistake in the data, so the exit code is 0 unless --fail-on is given.
    """
    _, judgement = load_whole(context)
    context.tell(breaches_page(judgement) if form == "markdown" else breaches_json(judgement))
    failing = {"red": {"red"}, "amber": {"red", "amber"}}.get(fail_on or "", set())
    return int(any(measure.measure.rag.colour in failing for measure in off_target(judgement).unmet))
