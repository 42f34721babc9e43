"""What only prints: `kpi breaches`, `list`, `show`, `diff`, `export` and `paper`; and how commands read, judge and look up."""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TypeVar

import click

from kpi.cli.context import Context, in_workflow
from kpi.cli.main import FILE, PATH, choice_option, command, flag, format_option, kpi_ids, require_workbook
from kpi.judge.judgement import Judgement, judge
from kpi.lint.checker import broken_files
from kpi.model.errors import ToolError, UserError
from kpi.model.kpi import Kpi
from kpi.model.plan import Plan, with_year_names
from kpi.model.text import counted, display, listed, nearest, quoted
from kpi.pages import terminal
from kpi.pages.charts.layout import BLOCKS
from kpi.pages.export_json import breaches_json, framework_json, list_json
from kpi.pages.formats import figures_csv
from kpi.pages.lists import breaches_page, off_target
from kpi.store.files import UnreadableError, git_name
from kpi.store.output import write_file
from kpi.store.paths import PLAN
from kpi.store.repository import KpiFile, Repository, content, load
from kpi.store.tables import CellProblem, RawFigure

if TYPE_CHECKING:
    from kpi.judge.changes import SinceEdition
    from kpi.store.versions import Newest, Versions

Value = TypeVar("Value")
_KPI = 1  # where the KPI is among the words


def load_whole(context: Context) -> tuple[Repository, Judgement]:
    """The repository and its judgement. Where one file can't be used, stderr says so and the exit code is 1."""
    repository = load(context.root, context.progress)
    broken = broken_files(repository)
    for path, count in broken.items():
        context.warn(f"kpi: {display(path, 400)} has {counted(count, 'error')}.")
    if broken:
        context.warn("kpi: Nothing was done. Run kpi lint to see what to fix.")
        raise click.exceptions.Exit(1)
    return repository, judge_readable(repository, context.as_of)


def judge_readable(repository: Repository, as_of: date | None) -> Judgement:
    """The judgement of what could be read, on a day or on the pages' own; a `UserError` without a usable plan or KPI."""
    plan = repository.plan.usable()
    if repository.kpis:
        return judge(plan, repository.kpis, as_of)
    if repository.files:
        raise UserError("No KPI file can be used. Run kpi lint to see why.")
    first = plan.priorities[0].id
    raise UserError(f"There are no KPIs under kpis/ yet. Begin one: kpi new {first}/waiting-times")


def build_scorecard(
    context: Context, edition_root: Path, start: str = "HEAD"
) -> tuple[Repository, Judgement, dict[str, str]]:
    """A repository, its judgement and its pages; the rest is as for `since_last_edition`, without which there are no pages."""
    from kpi.pages.scorecard import scorecard_pages

    repository, judgement = load_whole(context)
    since = since_last_edition(edition_root, judgement, start)
    return repository, judgement, scorecard_pages(judgement, repository.reasons(), context.progress, since)


def since_last_edition(root: Path, judgement: Judgement, start: str = "HEAD") -> "SinceEdition | None":
    """What has changed since the last edition, read from git in `root` and the history of `start`; None where there is none."""
    edition = judgement.plan.edition
    if not edition.last:
        return None
    from kpi.judge.changes import compare_editions
    from kpi.store.versions import read_last_edition

    return compare_editions(read_last_edition(root, edition, start), judgement)


def make_row(texts: Mapping[str, str]) -> RawFigure:
    """The words of a command, by field, as the row of a table; the KPI is the first."""
    columns = {field: column for column, field in enumerate(texts, _KPI)}
    return RawFigure("", 0, {field: text.strip() for field, text in texts.items()}, columns, 0, is_typed=True)


def not_found(problem: CellProblem, repository: Repository) -> UserError | ToolError:
    """What to say of words that mean nothing in a repository: where a folder can't be opened, what is missing may be in there."""
    for path, odd in repository.odd if problem.column == _KPI else ():
        if odd.rule == "unreadable-file":
            return ToolError(f"{path}: {odd.message}")
    return UserError(f"{problem.message} {problem.help}".strip())


def find_measure(kpi: str, measures: Mapping[str, Value], name: str) -> Value:
    """The measure that the user named, among those of a KPI; a `UserError` if it has none of that name."""
    if name in measures:
        return measures[name]
    near = nearest(name, measures)
    advice = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(measures)}."
    raise UserError(f"{quoted(kpi)} has no measure called {quoted(name)}. {advice}")


@command("breaches")
@format_option("markdown", "json")
@choice_option("--fail-on", ("red", "amber"), "Exit 1 if an unmet target has this colour (amber: or red).")
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
@flag("--overdue", "List the figures that are late today instead.")
def list_command(context: Context, form: str, *, overdue: bool) -> None:
    """List the KPIs in the plan's order, with their status."""
    if form == "markdown" and not overdue:
        why = "--format markdown goes with --overdue."
        raise UserError(f"{why} The scorecard's pages list the KPIs as Markdown.")
    repository = load(context.root, context.progress)
    repository.plan.usable()
    for path in broken_files(repository):
        context.say(f"kpi: {display(path, 400)} has errors and may be missing here. Run kpi lint.")
    late = {"text": terminal.overdue_text, "json": terminal.overdue_json, "markdown": terminal.overdue_page}
    write = late if overdue else {"text": terminal.kpi_list, "json": list_json}
    # The pages' day is that of the newest figure, on which nothing is late: what is overdue is so on the real day.
    as_of = context.day if overdue else context.as_of
    context.tell(write[form](judge_readable(repository, as_of)))


@command("show")
@click.argument("kpi", shell_complete=kpi_ids)
@flag("--history", "When each figure was published and changed, from git.")
@format_option("text", "json", default=None, help="Format of the history.  [default: text]")
def show_command(context: Context, kpi: str, *, history: bool, form: str | None) -> None:
    """Show one KPI: its status, its measures and their figures.

    KPI is its id, or its code where it has one. With a slash and a measure's id after it, that measure is shown alone.
    """
    from kpi.store.intake.row_cells import SlipError
    from kpi.store.intake.row_place import Names

    if form and not history:
        raise UserError("--format goes with --history. kpi export has the figures as JSON.")
    repository = load(context.root, context.progress)
    try:
        names = Names(repository.plan.plan, repository.files, repository.plan.year_starts)
        file, measure = names.file(make_row({"kpi": kpi}))
    except SlipError as error:
        raise not_found(error.problem, repository) from None
    name, path = file.location.kpi, file.location.path
    unusable = UserError(f"{path} can't be used. Run kpi lint to see why.")
    if file.kpi is None:
        raise unusable
    if history:
        if not file.whole:
            context.say(f"kpi: {path} has errors, so only committed versions are shown. Run kpi lint.")
        _tell_history(context, repository.plan.usable(), file, file.kpi, measure, form or "text")
        return
    judgement = judge_readable(repository, context.as_of)
    judged = judgement.by_id().get(name)
    if judged is None:  # the plan doesn't list it
        raise unusable
    if path in broken_files(repository):
        context.say(f"kpi: {path} has errors; not all of it is shown. Run kpi lint.")
    if measure:
        by_id = {standing.measure.id: standing for standing in judged.measures}
        judged = judged._replace(measures=(find_measure(name, by_id, measure),))
    can_draw = BLOCKS.encode(sys.stdout.encoding, "ignore").decode(sys.stdout.encoding) == BLOCKS
    text = terminal.kpi_text(judgement, judged, coloured=context.coloured, blocks=can_draw)
    context.tell(terminal.wrapped(text, get_terminal_size().columns) if sys.stdout.isatty() else text)


def _tell_history(context: Context, plan: Plan, file: KpiFile, kpi: Kpi, measure: str, form: str) -> None:
    from kpi.judge.figure_changes import trace_figures
    from kpi.store.versions import history_of

    history = history_of(context.root, file, plan.year_starts)
    measures = with_year_names(trace_figures(history.versions), plan.year_names)
    if measure:
        measures = (find_measure(file.location.kpi, {row.measure.id: row for row in measures}, measure),)
    write = terminal.history_text if form == "text" else terminal.history_json
    context.tell(write(kpi, file.location.path, history, measures, plan))


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
    from kpi.store import git
    from kpi.store.versions import of_commits, read_versions

    root = context.root
    start = git.resolve(root, "HEAD" if base is None else base)
    end = None if head is None else git.resolve(root, head)
    if base is not None and head is None:
        # In a workflow what is checked out is a commit, whatever git's attributes make of its files.
        end = git.resolve(root, "HEAD") if in_workflow() else None
        start = git.branched_off(root, start)
    versions = of_commits(root, start, end)
    before, after = read_versions(versions, newest=_newest(context, versions), progress=context.progress)
    if before.plan is None and after.plan is None:
        raise UserError("kpis/plan.yaml can't be used. Run kpi lint to see why.")
    changes = compare_versions(before, after, context.as_of)
    write = {"text": changes_text, "markdown": changes_markdown, "json": changes_json}[form]
    context.tell(write(changes), output)
    return 1 if any(not earlier for _, earlier in changes.unusable) else 0


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
@format_option("csv", "json", "tables", "parquet", "xlsx", help="tables and parquet write a folder.")
@click.option("--output", type=PATH, help="Write to a file, or a folder, instead of stdout.")
def export_command(context: Context, form: str, output: Path | None) -> None:
    """Print a row for each figure as CSV, or definitions, figures and judgements as JSON.

    With --format tables, write everything as CSV tables with a Data Package into a folder; with parquet, the same tables
    as Parquet, partitioned by organisation and year; with xlsx, a workbook with a sheet for each table.
    """
    from kpi.store.exports import workbook, write_csv, write_parquet

    if output is None and form in {"tables", "parquet", "xlsx"}:
        what, name = ("a workbook", "FILE.xlsx") if form == "xlsx" else ("a folder", "FOLDER")
        raise UserError(f"--format {form} writes {what}. Name it with --output {name}.")
    if form == "xlsx" and output:
        require_workbook(output)
    _, judgement = load_whole(context)
    if output is None or form in {"csv", "json"}:
        context.tell(figures_csv(judgement) if form == "csv" else framework_json(judgement), output)
    elif form == "xlsx":
        write_file(output, workbook(judgement))
    else:
        write = write_csv if form == "tables" else write_parquet
        write(judgement, output)


@command("paper")
@click.option("--output", type=FILE, help="Write to a file instead of stdout.")
def paper_command(context: Context, output: Path | None) -> None:
    """Print the whole scorecard as one document in Markdown.

    With --output FILE.docx or FILE.odt, write it with its pictures as a file for Word or LibreOffice.
    """
    from kpi.pages import links
    from kpi.pages.scorecard import paper, pictures
    from kpi.store.exports import FORMS, document

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
        return
    drawn = {f"{links.FOLDER}/{path}": svg for path, svg in pictures(judgement).items()}
    needed = {path: svg for path, svg in drawn.items() if f"]({path})" in text}
    styles = context.root / f"docs/word/styles{form}"
    write_file(output, document(text, needed, form, judgement.day, styles))
