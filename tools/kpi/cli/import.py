"""`kpi import`: figures from a table into the files."""  # noqa: N999 -- a command lives in the file of its name

from pathlib import Path

import click

from kpi.cli.clock import today
from kpi.cli.context import Context
from kpi.cli.options import command


@command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", default="", metavar="NAME", help="Read this sheet of a workbook, hidden or not.")
@click.option(
    "--new",
    "what",
    flag_value="new",
    help="Create KPIs: FILE has a row for each, with its target and figures.",
)
@click.option(
    "--targets",
    "what",
    flag_value="targets",
    help="Import targets, not figures: FILE has columns such as KPI and Target 2026/27.",
)
@click.option("--replace", is_flag=True, help="Replace figures in the files that differ.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
def command_line(
    context: Context, file: Path, sheet: str, what: str | None, *, replace: bool, dry_run: bool
) -> int:
    """Write the figures of FILE, a CSV file or an Excel workbook, into the files under kpis/.

    FILE has a row for each figure (columns kpi, measure, period, value, and optionally area, marks, note, assessment,
    numerator, denominator and margin), or a row for each measure with a column for each period. The column kpi has its
    id or its code. All figures are written, or none.
    """
    if what is not None:
        from kpi.cli.beginning import add_targets, begin_kpis

        return (begin_kpis if what == "new" else add_targets)(
            context, context.root, file, sheet=sheet, dry_run=dry_run
        )
    from kpi.lint.import_report import report, trouble
    from kpi.lint.importing import Days, importing
    from kpi.model.text import counted, display, quoted
    from kpi.store.edit import replace_files
    from kpi.store.tables import read_tables

    name = display(file.name, 80)
    days = Days(context.as_of or today(), context.as_of)
    tables = read_tables(file, sheet)
    imported = importing(
        context.root, quoted(file.name), tables, days, replace=replace, progress=context.progress
    )
    if imported.bad:
        context.tell(trouble(imported.bad, name))
        context.say(f"kpi: Nothing was written: {counted(len(imported.bad), 'place')} to fix in {name}.")
        return 1
    if not dry_run:
        replace_files(context.root, imported.files)
    context.tell(report(imported, name))
    if dry_run:
        context.say("kpi: Nothing was written, because of --dry-run.")
    elif imported.files:
        context.say(f"kpi: Written to {counted(len(imported.files), 'file')}.")
    else:
        context.say("kpi: Nothing had to be written.")
    return 0
