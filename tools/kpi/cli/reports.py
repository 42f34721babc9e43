"""What only prints: `kpi breaches`, `list`, `show`, `diff`, `export` and `paper`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpi.cli.context import Context, in_workflow
from kpi.cli.main import FILE, PATH, command, format_option, kpi_ids
from kpi.cli.repository import find_kpi, find_measure, judge_readable, load_whole, since_last_edition
from kpi.lint.checker import broken_files
from kpi.model.errors import ToolError, UserError
from kpi.model.plan import with_year_names
from kpi.model.text import display, quoted
from kpi.pages import terminal
from kpi.pages.charts.sparkline import BLOCKS
from kpi.pages.export_json import breaches_json, framework_json, list_json
from kpi.pages.formats import figures_csv
from kpi.pages.lists import breaches_page, off_target
from kpi.pages.terminal import history_json, history_text, kpi_text, overdue_json
from kpi.store.files import UnreadableError, git_name
from kpi.store.output import write_file
from kpi.store.paths import PLAN
from kpi.store.repository import content, load

if TYPE_CHECKING:
    from kpi.store.versions import Newest, Versions

_A_FOLDER = "a folder", "FOLDER"
_NAMED = {"tables": _A_FOLDER, "parquet": _A_FOLDER, "xlsx": ("a workbook", "FILE.xlsx")}
"""What these formats write, and how its name is written in a usage."""


@command("breaches")
@format_option("markdown", "json")
@click.option(
    "--fail-on",
    type=click.Choice(["red", "amber"]),
    help="Exit 1 if a target that is not met has this colour (amber: or red).",
)
def breaches_command(context: Context, form: str, fail_on: str | None) -> int:
    """Print the targets that are missed, near, part of the way without a date, or met again.

    Missing a target is not a mistake in the data, so the exit code is 0 unless --fail-on is given.
    """
    _, judgement = load_whole(context)
    context.tell(breaches_page(judgement) if form == "markdown" else breaches_json(judgement))
    failing = {"red": {"red"}, "amber": {"red", "amber"}}.get(fail_on or "", set())
    return int(any(measure.measure.rag.colour in failing for measure in off_target(judgement).unmet))


@command("list")
@format_option("text", "json", "markdown")
@click.option("--overdue", is_flag=True, help="List the figures that are late today instead.")
def list_command(context: Context, form: str, *, overdue: bool) -> int:
    """List the KPIs in the plan's order, with their status."""
    if form == "markdown" and not overdue:
        why = "--format markdown goes with --overdue."
        raise UserError(f"{why} The scorecard's pages list the KPIs as Markdown.")
    repository = load(context.root, context.progress)
    repository.plan.usable()
    for path in broken_files(repository):
        context.say(f"kpi: {display(path, 400)} has errors and may be missing here. Run kpi lint.")
    write = {"text": terminal.kpi_list, "json": list_json}
    if overdue:
        write = {"text": terminal.overdue_text, "json": overdue_json, "markdown": terminal.overdue_page}
    # The pages' day is that of the newest figure, on which nothing is late: what is overdue is so on the real day.
    as_of = context.day if overdue else context.as_of
    context.tell(write[form](judge_readable(repository, as_of)))
    return 0


@command("show")
@click.argument("kpi", shell_complete=kpi_ids)
@click.option("--history", is_flag=True, help="When each figure was published and changed, from git.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), help="Format of the history.  [default: text]"
)
def show_command(context: Context, kpi: str, *, history: bool, form: str | None) -> int:
    """Show one KPI: its status, its measures and their figures.

    KPI is its id, or its code where it has one. With a slash and a measure's id after it, that measure is shown alone.
    """
    if history:
        return _tell_history(context, kpi, form or "text")
    if form:
        raise UserError("--format goes with --history. kpi export has the figures as JSON.")

    repository = load(context.root, context.progress)
    judgement = judge_readable(repository, context.as_of)
    file, measure = find_kpi(repository, kpi)
    name, path = file.place.kpi, file.place.path
    if name not in judgement.by_id():
        raise UserError(f"{path} can't be used. Run kpi lint to see why.")
    if path in broken_files(repository):
        context.say(f"kpi: {path} has errors; not all of it is shown. Run kpi lint.")
    judged = judgement.by_id()[name]
    if measure:
        by_id = {standing.measure.id: standing for standing in judged.measures}
        judged = judged._replace(measures=(find_measure(name, by_id, measure),))
    blocks = context.can_print(BLOCKS)
    context.tell(kpi_text(judgement, judged, coloured=context.coloured, blocks=blocks))
    return 0


def _tell_history(context: Context, kpi: str, form: str) -> int:
    from kpi.judge.figure_changes import trace_figures
    from kpi.store.versions import history_of

    repository = load(context.root, context.progress)
    plan = repository.plan.plan
    file, measure = find_kpi(repository, kpi)
    if plan is None or file.kpi is None:
        path = PLAN if plan is None else file.place.path
        raise UserError(f"{path} can't be used. Run kpi lint to see why.")
    if not file.whole:
        context.say(f"kpi: {file.place.path} has errors, so only committed versions are shown. Run kpi lint.")
    history = history_of(context.root, file, plan.year_starts)
    measures = with_year_names(trace_figures(history.versions), plan.year_names)
    if measure:
        measures = (find_measure(file.place.kpi, {row.measure.id: row for row in measures}, measure),)
    write = history_text if form == "text" else history_json
    context.tell(write(file.kpi, file.place.path, history, measures, plan))
    return 0


@command("diff")
@click.argument("base", required=False)
@click.argument("head", required=False)
@format_option("text", "markdown", "json")
@click.option("--output", type=FILE, help="Write to a file instead of stdout.")
def diff_command(context: Context, base: str | None, head: str | None, form: str, output: Path | None) -> int:
    """Say what a change means: figures, targets, definitions, statuses.

    Without BASE the files are compared with the last commit. With BASE, with where this branch left it. With BASE and
    HEAD these two commits are compared. How a file is written doesn't matter, only what it says.
    Exits 1 if a changed file can't be read now, so that the report is incomplete.
    """
    from kpi.judge.changes import compare_versions
    from kpi.pages.change_report import changes_json, changes_markdown, changes_text
    from kpi.store.versions import read_versions

    versions = _versions(context.root, base, head)
    before, after = read_versions(versions, newest=_newest(context, versions), progress=context.progress)
    if before.plan is None and after.plan is None:
        raise UserError("kpis/plan.yaml can't be used. Run kpi lint to see why.")
    changes = compare_versions(before, after, context.as_of)
    write = {"text": changes_text, "markdown": changes_markdown, "json": changes_json}[form]
    context.tell(write(changes), output)
    return 1 if any(not earlier for _, earlier in changes.unusable) else 0


def _versions(root: Path, base: str | None, head: str | None) -> "Versions":
    from kpi.store import git
    from kpi.store.versions import of_commits

    start = git.resolve(root, "HEAD" if base is None else base)
    if head is not None:
        return of_commits(root, start, git.resolve(root, head))
    # In a workflow what is checked out is a commit, whatever git's attributes make of its files.
    end = git.resolve(root, "HEAD") if base is not None and in_workflow() else None
    return of_commits(root, start if base is None else git.branched_off(root, start), end)


def _newest(context: Context, versions: "Versions") -> "Newest":
    """What is known of unread files: nothing is needed if the day is given; otherwise, what lint has cached today."""
    from kpi.store.cache import Cache

    if context.as_of is not None:
        return lambda *_: date.min
    plan = content(context.root, PLAN)
    if isinstance(plan, UnreadableError) or git_name(plan) != versions.after.get(PLAN):
        return lambda *_: None
    return Cache(context.root, context.day.isoformat().encode(), plan).newest


@command("export")
@format_option(
    "csv", "json", "tables", "parquet", "xlsx", help="tables and parquet write a folder, xlsx a workbook."
)
@click.option("--output", type=PATH, help="Write to a file, or a folder, instead of stdout.")
def export_command(context: Context, form: str, output: Path | None) -> int:
    """Print a row for each figure as CSV, or definitions, figures and judgements as JSON.

    With --format tables, write everything as CSV tables with a Data Package into a folder; with parquet, the same tables
    as Parquet, partitioned by organisation and year; with xlsx, a workbook with a sheet for each table.
    """
    what, name = _NAMED.get(form, ("a file", ""))
    if output is None:
        if name:
            raise UserError(f"--format {form} writes {what}. Name it with --output {name}.")
    elif what != "a folder" and output.is_dir():
        raise UserError(f"{quoted(str(output), 400)} is a folder. Name a file.")
    elif form == "xlsx" and output.suffix.lower() != ".xlsx":
        name = display(str(output.with_suffix(".xlsx")), 400)
        raise UserError(f"A workbook's name ends with .xlsx. Write {name}.")
    _, judgement = load_whole(context)
    if output is None or not name:
        context.tell(figures_csv(judgement) if form == "csv" else framework_json(judgement), output)
        return 0
    from kpi.store.dataset import workbook, write_csv, write_parquet

    if form == "xlsx":
        write_file(output, workbook(judgement))
    else:
        write = write_csv if form == "tables" else write_parquet
        write(judgement, output)
    return 0


@command("paper")
@click.option("--output", type=FILE, help="Write to a file instead of stdout.")
def paper_command(context: Context, output: Path | None) -> int:
    """Print the whole scorecard as one document in Markdown.

    With --output FILE.docx or FILE.odt, write it with its pictures as a file for Word or LibreOffice.
    """
    from kpi.pages import links
    from kpi.pages.scorecard import paper, pictures
    from kpi.store.word import FORMS, document

    form = output.suffix.lower() if output else ""
    if form in {".doc", ".html", ".pdf", ".rtf"}:
        then = f"Write a .docx file, open it, and save it as {form}."
        raise UserError(f"There is no paper in the form {form}. {then}")
    _, judgement = load_whole(context)
    try:
        since = since_last_edition(context.root, judgement)
    except (UserError, ToolError) as error:
        context.warn(f"kpi: {error} What has changed since is left out.")
        since = None
    text = paper(judgement, since)
    if output is None or form not in FORMS:
        context.tell(text, output)
        return 0
    drawn = {f"{links.FOLDER}/{path}": svg for path, svg in pictures(judgement).items()}
    needed = {path: svg for path, svg in drawn.items() if f"]({path})" in text}
    styles = context.root / f"docs/word/styles{form}"
    write_file(output, document(text, needed, form, judgement.day, styles))
    return 0
