"""`kpi import`: figures from a table into the files."""  # noqa: N999 -- a command lives in the file of its name

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.file_changes import write_proposal
from kpi.cli.options import command
from kpi.lint.import_report import propose_figures
from kpi.lint.importing import Days, import_table
from kpi.lint.registering import propose_kpis
from kpi.lint.targeting import propose_targets
from kpi.model.errors import UserError
from kpi.model.text import display, quoted
from kpi.store.tables.table_file import read_tables


@command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", default="", metavar="NAME", help="Read this sheet of a workbook, hidden or not.")
@click.option(
    "--new",
    is_flag=True,
    help="Create KPIs: FILE has a row for each, with its target and figures.",
)
@click.option(
    "--targets",
    is_flag=True,
    help="Import targets, not figures: FILE has columns such as KPI and Target 2026/27.",
)
@click.option("--replace", is_flag=True, help="Replace figures in the files that differ.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
def command_line(
    context: Context, file: Path, sheet: str, *, replace: bool, dry_run: bool, **kinds: bool
) -> int:
    """Write the figures of FILE, a CSV file or an Excel workbook, into the files under kpis/.

    FILE has a row for each figure (columns kpi, measure, period, value, and optionally area, marks, note, assessment,
    numerator, denominator and margin), or a row for each measure with a column for each period. The column kpi has its
    id or its code. All figures are written, or none.
    """
    kind = "".join(name for name, is_given in kinds.items() if is_given)
    if all(kinds.values()):
        raise UserError(
            "--new is for a list of KPIs, --targets for targets of KPIs that are there. Leave one out."
        )
    if kind and replace:
        raise UserError(f"--replace is about figures. Leave it out with --{kind}.")
    root, day, progress = context.root, context.day, context.progress
    tables, name = read_tables(file, sheet, heading="" if kind else "kpi"), display(file.name, 80)
    if kind == "new":
        proposal = propose_kpis(root, tables, name, day, progress)
    elif kind == "targets":
        proposal = propose_targets(root, tables, name, day, progress)
    else:
        days = Days(day, context.as_of)
        imported = import_table(root, quoted(file.name), tables, days, replace=replace, progress=progress)
        proposal = propose_figures(imported, name)
    return write_proposal(context, root, proposal, dry_run=dry_run)
