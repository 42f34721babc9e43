"""`kpi export`: all figures as CSV, everything as JSON, or as tables for analysis."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import Choice, command
from kpi.cli.repository import load_whole
from kpi.judge.judgement import Judgement
from kpi.model.errors import UserError
from kpi.model.text import display, quoted
from kpi.pages.export_json import framework_json
from kpi.pages.figures_csv import figures_csv
from kpi.store.output import write_file

_FOLDERS = {"tables", "parquet"}
_NEEDS_A_NAME = _FOLDERS | {"xlsx"}


@command("export")
@click.option(
    "--format",
    "form",
    type=Choice(["csv", "json", "tables", "parquet", "xlsx"]),
    default="csv",
    show_default=True,
    help="tables and parquet write a folder, xlsx a workbook.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write to a file, or a folder, instead of stdout."
)
def command_line(context: Context, form: str, output: Path | None) -> int:
    """Print a row for each figure as CSV, or definitions, figures and judgements as JSON.

    With --format tables, write everything as CSV tables with a Data Package into a folder; with parquet, the same tables
    as Parquet, partitioned by organisation and year; with xlsx, a workbook with a sheet for each table.
    """
    if output is None and form in _NEEDS_A_NAME:
        place = "a workbook" if form == "xlsx" else "a folder"
        name = "FILE.xlsx" if form == "xlsx" else "FOLDER"
        raise UserError(f"--format {form} writes {place}. Name it with --output {name}.")
    if output is not None and form not in _FOLDERS and output.is_dir():
        raise UserError(f"{quoted(str(output), 400)} is a folder. Name a file.")
    if form == "xlsx" and output is not None and output.suffix.lower() != ".xlsx":
        name = display(str(output.with_suffix(".xlsx")), 400)
        raise UserError(f"A workbook's name ends with .xlsx. Write {name}.")
    _, judgement = load_whole(context)
    if output is None or form not in _NEEDS_A_NAME:
        _tell(context, judgement, form, output)
    else:
        _write(judgement, form, output)
    return 0


def _tell(context: Context, judgement: Judgement, form: str, output: Path | None) -> None:

    context.tell(figures_csv(judgement) if form == "csv" else framework_json(judgement), output)


def _write(judgement: Judgement, form: str, output: Path) -> None:
    from kpi.store.dataset_files import write_csv, write_parquet
    from kpi.store.dataset_workbook import workbook

    if form == "xlsx":
        write_file(output, workbook(judgement))
    else:
        write = write_csv if form == "tables" else write_parquet
        write(judgement, output)
