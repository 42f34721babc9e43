"""`kpi record`, `import` and `upgrade`, and what all commands that change files share: how a change is shown and written."""

from itertools import chain
from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.lint import lines_changed
from kpi.cli.main import PATH, command, flag, kpi_ids, one_line, text_option
from kpi.cli.reports import make_row, not_found
from kpi.lint.changes import Proposal, finding_line, refuse
from kpi.lint.importing import Days, Imported, import_table, propose_figures
from kpi.lint.registering import propose_kpis
from kpi.lint.targeting import propose_targets
from kpi.model.errors import ToolError, UserError
from kpi.model.text import counted, display, quoted
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages.change_words import effects
from kpi.store.add_figures import SAME
from kpi.store.edit import ChangedMeanwhileError, UnplacedError, replace_files
from kpi.store.intake.row_cells import ADDED_MARKS, REMOVED_MARKS
from kpi.store.repository import load
from kpi.store.starter import upgraded
from kpi.store.tables import TableFigures
from kpi.store.tables.table_file import read_tables

Many = tuple[str, ...]  # the values of an option that may be given several times
_MARKS = click.Choice(list(MARKS))


def write_proposal(context: Context, root: Path, proposal: Proposal, *, dry_run: bool = False) -> int:
    """Write what is proposed, all or nothing, and say it; a `ChangedMeanwhileError` before if a file isn't as it was read."""
    if not proposal.refusal and not dry_run:
        replace_files(root, proposal.files)
    context.tell("".join(f"{line}\n" for line in proposal.lines))
    for error in proposal.errors:
        context.warn(f"kpi: {error}")
    done = "Nothing was written, because of --dry-run." if dry_run and proposal.files else proposal.done
    last = context.warn if proposal.errors else context.say
    for remark in filter(None, (*proposal.remarks, proposal.refusal or done)):
        last(f"kpi: {remark}")
    return 1 if proposal.refusal else 0


@command("record")
@click.argument("kpi", metavar="KPI[/MEASURE]", shell_complete=kpi_ids)
@click.argument("period")
@click.argument("value", default="")
@click.option("--mark", multiple=True, type=_MARKS, metavar="MARK", help="Add a mark, such as provisional.")
@click.option("--unmark", multiple=True, type=_MARKS, metavar="MARK", help="Remove a mark.")
@text_option("--note", "TEXT", "A sentence to print with it; an empty one removes it.", default=None)
@text_option("--area", "AREA", "The figure is another area's: its id in the plan.")
@flag("--replace", "Replace the figure that is there.")
@flag("--dry-run", "Show what would change, and write nothing.")
def record_command(
    context: Context, mark: Many, unmark: Many, note: str | None, *, replace: bool, dry_run: bool, **text: str
) -> int:
    """Record one figure in the KPI's file, and show its effect on the status.

    PERIOD and VALUE may be written as people write them: "Jan 24", 67%, 1,234. What is written to the file is shown.
    VALUE may be left out where a mark says why there is none: --mark not-available. Where a KPI has one measure, its id
    may be left out too.
    """
    if not text["value"].strip() and not WITHOUT_VALUE & {*mark}:
        raise UserError("Write the figure after the period, or --mark not-available where there is none.")
    marks = {ADDED_MARKS: ";".join(mark), REMOVED_MARKS: ";".join(unmark)}
    noted = {} if note is None else {"note": one_line(note, "--note")}
    row = make_row({"kpi": text["kpi"], **text, **marks, **noted})
    for tried in range(50):  # each is lost to somebody who has written meanwhile
        repository = load(context.root, context.progress)
        days, table = Days(context.day, context.as_of), TableFigures((row,))
        imported = Imported(repository, table, days, replace=replace, progress=context.progress)
        intake = imported.intake
        if intake.problems:
            raise not_found(intake.problems[0], repository)
        for typed, read in chain.from_iterable(map(dict.items, intake.readings)) if not tried else ():
            context.say(f"kpi: {quoted(typed)} was read as {read}.")
        if imported.problems:
            raise not_found(imported.problems[0], repository)
        try:
            return write_proposal(context, repository.root, _propose(imported), dry_run=dry_run)
        except ChangedMeanwhileError as error:
            last = error
    raise ToolError(str(last))


def _propose(imported: Imported) -> Proposal:
    ((figure, outcome),) = imported.results
    if outcome.kind == SAME:
        return Proposal({}, [f"{outcome.key} is there already as {outcome.before}. Nothing was written."])
    if errors := imported.trial.errors:
        is_early = any(error.rule == "future-period" for error in errors)
        advice = " If the figure is expected rather than counted, add --mark forecast."
        return refuse(errors, advice if is_early else "")
    ((path, (before, after)),) = imported.files.items()
    assert before is not None
    lines, judged = lines_changed(path, before, after), imported.judged
    if judged is None:
        lines.append("What it does to the status is not known, because kpis/plan.yaml can't be used.")
    else:
        own = () if figure.edit.area else (figure.address,)
        lines += [display(line, 2000) for line in effects(judged.before, judged.after, own)]
    remarks, marks = [*map(finding_line, imported.trial.warnings), *imported.notes], figure.edit.with_marks
    then = ""
    if "forecast" in marks:
        then = "it can't become a forecast: a check of the change calls that an error"
    elif "revised" not in marks or not figure.edit.note:
        then = "add --mark revised, and a --note that says why it changed"
    if outcome.revises and then:
        remarks.append(f"If the old figure was published, {then}.")
    return Proposal(imported.files, lines, remarks)


@command("import")
@click.argument("file", type=PATH)
@text_option("--sheet", "NAME", "Read this sheet of a workbook, hidden or not.")
@flag("--new", "Create KPIs: FILE has a row for each, with its target and figures.")
@flag("--targets", "Import targets, not figures: FILE has columns such as KPI and Target 2026/27.")
@flag("--replace", "Replace figures in the files that differ.")
@flag("--dry-run", "Write nothing; say what would be done.")
def import_command(
    context: Context, file: Path, sheet: str, *, replace: bool, dry_run: bool, **kinds: bool
) -> int:
    """Write the figures of FILE, a CSV file or an Excel workbook, into the files under kpis/.

    FILE has a row for each figure (columns kpi, measure, period, value, and optionally area, marks, note, assessment,
    numerator, denominator and margin), or a row for each measure with a column for each period. The column kpi has its
    id or its code. All figures are written, or none.
    """
    kind = "".join(name for name, is_given in kinds.items() if is_given)
    if all(kinds.values()):
        raise UserError("--new is for new KPIs, --targets for targets of KPIs that are there. Leave one out.")
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


@command("upgrade")
@flag("--check", "Write nothing; say what would change, and exit 1 if anything would.")
def upgrade_command(context: Context, *, check: bool) -> int:
    """Upgrade files in an older form to the one of this version: the plan, the schemas for editors, and the version that is installed.

    What the files say stays the same. There is only one form of the KPI files so far, so these don't change.
    """
    try:
        files = upgraded(context.root)
    except UnplacedError as error:
        raise UserError(f"kpis/plan.yaml: {error}") from None
    lines = (
        [path] if path.startswith("schema/") else lines_changed(path, before, after)
        for path, (before, after) in files.items()
    )
    done = f"{counted(len(files), 'file')} {'would be ' if check else ''}upgraded."
    done = done if files else "Everything has the form of this version."
    write_proposal(context, context.root, Proposal({} if check else files, [*chain(*lines)], done=done))
    return int(check and bool(files))
