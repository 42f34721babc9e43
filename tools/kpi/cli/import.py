"""`kpi import`: figures from a table into the files."""  # noqa: N999 -- a command lives in the file of its name

from pathlib import Path

import click

from kpi.cli.beginning import begin_kpis, bring
from kpi.cli.clock import today
from kpi.cli.context import Context
from kpi.cli.options import command


@command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", default="", metavar="NAME", help="Read this sheet of a workbook, hidden or not.")
@click.option(
    "--new",
    "kind",
    flag_value="new",
    help="Create KPIs: FILE has a row for each, with its target and figures.",
)
@click.option(
    "--targets",
    "kind",
    flag_value="targets",
    help="Import targets, not figures: FILE has columns such as KPI and Target 2026/27.",
)
@click.option("--replace", is_flag=True, help="Replace figures in the files that differ.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
def command_line(
    context: Context, file: Path, sheet: str, kind: str | None, *, replace: bool, dry_run: bool
) -> int:
    """Write the figures of FILE, a CSV file or an Excel workbook, into the files under kpis/.

    FILE has a row for each figure (columns kpi, measure, period, value, and optionally area, marks, note, assessment,
    numerator, denominator and margin), or a row for each measure with a column for each period. The column kpi has its
    id or its code. All figures are written, or none.
    """
    if kind == "new":
        return begin_kpis(context, context.root, file, sheet=sheet, dry_run=dry_run)
    from kpi.lint.import_report import figures_brought
    from kpi.lint.importing import Days, importing
    from kpi.lint.targeting import targeting
    from kpi.model.text import display, quoted
    from kpi.store.tables import read_tables

    root, day, name = context.root, context.as_of or today(), display(file.name, 80)
    tables = read_tables(file, sheet)
    if kind == "targets":
        return bring(context, root, targeting(root, tables, name, day, context.progress), dry_run=dry_run)
    days = Days(day, context.as_of)
    imported = importing(root, quoted(file.name), tables, days, replace=replace, progress=context.progress)
    return bring(context, root, figures_brought(imported, name), dry_run=dry_run)
