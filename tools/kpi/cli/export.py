"""`kpi export`: all figures as CSV, everything as JSON, or as tables for analysis."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import command
from kpi.judge.judgement import Judgement
from kpi.model.errors import UserError


@command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "tables", "parquet"]),
    default="csv",
    show_default=True,
    help="tables and parquet write a folder.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write to a file, or a folder, instead of stdout."
)
def command_line(context: Context, form: str, output: Path | None) -> int:
    """Print one row a figure as CSV, or definitions, figures and judgements as JSON (docs/formats.md).

    With --format tables, write everything as CSV tables with a Data Package into a folder; with parquet, the same tables
    as Parquet, parted by organisation and year (docs/data.md).
    """
    from kpi.cli.judging import load_whole
    from kpi.pages.export import figures_csv
    from kpi.pages.export_json import framework_json

    if form in {"tables", "parquet"} and output is None:
        raise UserError(f"--format {form} writes a folder. Name it with --output FOLDER.")
    found = load_whole(context)
    if found is None:
        return 1
    _, judgement = found
    if output is not None and form in {"tables", "parquet"}:
        _write_tables(judgement, form, output)
    else:
        context.tell(figures_csv(judgement) if form == "csv" else framework_json(judgement), output)
    return 0


def _write_tables(judgement: Judgement, form: str, folder: Path) -> None:
    from kpi.store.dataset_files import write_csv, write_parquet

    write = write_csv if form == "tables" else write_parquet
    write(judgement, folder)
