"""`kpi paper`: the whole scorecard as one document."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import command
from kpi.model.errors import ToolError, UserError


@command("paper")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of stdout."
)
def command_line(context: Context, output: Path | None) -> int:
    """Print the whole scorecard as one document in Markdown, to read, print or turn into a Word file."""
    from kpi.cli.judging import load_whole, since_last_edition
    from kpi.pages.paper import paper

    found = load_whole(context)
    if found is None:
        return 1
    _, judgement = found
    try:
        since = since_last_edition(context.root, judgement)
    except (UserError, ToolError) as error:
        context.warn(f"kpi: {error} What has changed since is left out.")
        since = None
    text = paper(judgement, since)
    context.tell(text, output)
    return 0
