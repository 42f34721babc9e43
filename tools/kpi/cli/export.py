"""`kpi export`: all figures as CSV, or everything as JSON."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import command


@command("export")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of stdout."
)
def command_line(context: Context, form: str, output: Path | None) -> int:
    """Print one row a figure as CSV, or definitions, figures and judgements as JSON (docs/formats.md)."""
    from kpi.cli.judging import load_whole
    from kpi.pages.export import figures_csv
    from kpi.pages.export_json import framework_json

    found = load_whole(context)
    if found is None:
        return 1
    _, judgement = found
    text = figures_csv(judgement) if form == "csv" else framework_json(judgement)
    context.tell(text, output)
    return 0
