"""`kpi init`, `new` and `template`: begin a repository, a KPI, and a workbook to list KPIs in."""

import contextlib
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import click

from kpi.cli.context import Context
from kpi.cli.file_changes import lines_changed, write_proposal
from kpi.cli.main import Choice, command, one_line
from kpi.lint.proposal import Proposal, lint_trial, refuse
from kpi.lint.registering import propose_kpis
from kpi.model.errors import ToolError, UserError
from kpi.model.finding import Finding
from kpi.model.period import APRIL
from kpi.model.plan import Plan, Priority
from kpi.model.text import counted, display, listed, nearest, quoted
from kpi.store.blank import Spot, blank_kpi, plan_with
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.output import write_file
from kpi.store.paths import KPIS, PLAN, KpiPath, holds_kpis, id_trouble, place_of, walk
from kpi.store.repository import read_plan
from kpi.store.rewrite import UnplacedError
from kpi.store.starter import bare_plan, starting_files
from kpi.store.tables.table_file import read_tables


@command("init")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Start with the KPIs of a table (CSV or Excel), a row for each, instead of samples.",
)
def init_command(context: Context, folder: Path | None, table: Path | None) -> int:
    """Create a repository in FOLDER, or in this one.

    It gets a plan with three sample KPIs, and what an editor, git, pre-commit and GitHub need. What is there already stays as
    it is: beside a plan only what is missing is written, and KPI files without a plan get one.
    """
    root = _made_folder(folder or context.root_given or Path())
    if table is not None:
        return _from_table(context, root, table)
    files = _missing_files(context, root)
    new = {path: content for path, content in files.items() if not (root / path).exists()}
    old = sorted(files.keys() - new.keys())
    there = f" in {display(str(folder), 400)}" if folder else ""
    then = f" Now run kpi lint and kpi build{there}. README.md says what comes next." if PLAN in new else ""
    done = f"{counted(len(new), 'file')} written." if new else "Nothing had to be written."
    proposal = Proposal(
        {path: (None, content) for path, content in new.items()},
        list(new),
        [f"Already there, and left unchanged: {listed(old, 20)}."] if old else (),
        done=f"{done}{then}",
    )
    return write_proposal(context, root, proposal)


def _made_folder(root: Path) -> Path:
    """The folder, made if need be.

    Raises:
        UserError: if something else is in its place.
        ToolError: if it can't be made.
    """
    if root.exists() and not root.is_dir():
        raise UserError(f"{quoted(str(root))} is not a folder.")
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(f"The folder {quoted(str(root))} can't be made: {error.strerror}.") from error
    return root


def _missing_files(context: Context, root: Path) -> dict[str, bytes]:
    """The files that the repository should have. Without KPI files there are samples."""
    files = starting_files(context.day)
    kpis = walk(root).files if holds_kpis(root) else ()
    if not kpis and not (root / PLAN).exists():
        return files
    files = {path: content for path, content in files.items() if not path.startswith(f"{KPIS}/")}
    if (root / PLAN).exists():
        return files
    folders = groupby(kpis, key=lambda place: place.priority)
    titles = {
        Spot(name, name.replace("-", " ").capitalize()): [place.kpi for place in places]
        for name, places in folders
    }
    return {PLAN: bare_plan(titles), **files}


def _from_table(context: Context, root: Path, table: Path) -> int:
    """Begin with the KPIs of a table.

    Raises:
        UserError: if there is a plan, or KPIs that aren't the table's.
    """
    (root / KPIS).mkdir(exist_ok=True)
    if (root / PLAN).exists():
        raise UserError(
            f"There is something under {KPIS}/ already. Run kpi init without --from, and then: kpi import --new {table}"
        )
    starting = starting_files(context.day).items()
    beside = {path: data for path, data in starting if not path.startswith(f"{KPIS}/")}
    beside[PLAN] = bare_plan({})
    name = display(table.name, 80)
    try:
        kpis = propose_kpis(root, read_tables(table, heading=""), name, context.day, context.progress, beside)
        return write_proposal(context, root, kpis)
    finally:
        with contextlib.suppress(OSError):
            (root / KPIS).rmdir()  # nothing was written


_BLANK = "missing-field"


@command("new")
@click.argument("place", metavar="PRIORITY/ID")
@click.option("--title", default="", metavar="TEXT", help="Its title. Without it, a blank.")
@click.option(
    "--priority-title",
    default="",
    metavar="TEXT",
    help="Create the priority too, with this title in the plan.",
)
@click.option(
    "--objective", default="", metavar="TEXT", help="Its objective in the plan: the number or the title."
)
def new_command(context: Context, place: str, title: str, priority_title: str, objective: str) -> int:
    """Create a KPI: write kpis/PRIORITY/ID.yaml with blanks, and its line in the plan.

    Each blank says what belongs there, and kpi lint names those that are left. The id is the file's name for good:
    lower-case letters, digits and hyphens.
    """
    root = context.root
    plan = read_plan(root).usable()
    heading = one_line(priority_title, "--priority-title")
    new = _free_place(root, plan, place, heading)
    content = blank_kpi(new.kpi, one_line(title, "--title"), plan).encode()
    before, after = _plan(root, new, _spot(plan, new, heading, objective))
    if b"\r\n" in before:  # as the other files were checked out
        content = content.replace(b"\n", b"\r\n")
    files = {new.path: (None, content), PLAN: (before, after)}
    trial = lint_trial(root, context.day, files, context.progress)
    errors = [error for error in trial.errors if not _is_blank(error, new)]
    if errors:
        return write_proposal(context, root, refuse(errors))
    blanks = counted(len(trial.errors), "blank")
    proposal = Proposal(
        {path: pair for path, pair in files.items() if pair[0] != pair[1]},
        [new.path, *lines_changed(PLAN, before, after)],
        done=f"Now fill in the {blanks}. kpi lint names those that are left.",
    )
    return write_proposal(context, root, proposal)


def _is_blank(finding: Finding, new: KpiPath) -> bool:
    return finding.path == new.path and finding.rule == _BLANK


def _free_place(root: Path, plan: Plan, place: str, heading: str) -> KpiPath:
    """Where the new file is to be.

    Raises:
        UserError: if the priority or the id can't be used, or the id is taken.
    """
    priority, slash, kpi = place.removeprefix("kpis/").removesuffix(".yaml").partition("/")
    ids = [entry.id for entry in plan.priorities]
    if not (slash and priority and kpi):
        name = place.strip("/")
        wanted = f"{ids[0]}/{'waiting-times' if not name or id_trouble(name) else name}"
        raise UserError(
            f"Write the priority and the id, such as {wanted}. The priorities are: {listed(ids)}."
        )
    if heading and priority in ids:
        raise UserError(f"The plan has the priority {quoted(priority)} already. Leave --priority-title out.")
    if not heading and priority not in ids:
        near = nearest(priority, ids)
        advice = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(ids)}."
        begin = 'Add --priority-title "…" to begin it.'
        raise UserError(f"The plan has no priority called {quoted(priority)}. {advice} {begin}")
    there = place_of(f"kpis/{priority}/{kpi}.yaml")
    if there is None:
        raise UserError(id_trouble(priority) or id_trouble(kpi))
    for file in walk(root).files:
        if file.kpi == kpi:
            raise UserError(f"The id {quoted(kpi)} is taken by {file.path}. Each id can be used once.")
    return there


def _spot(plan: Plan, new: KpiPath, heading: str, objective: str) -> Spot | None:
    """Where the plan is to list it; None where it does so already.

    Raises:
        UserError: if it is listed elsewhere, or if it isn't clear which objective is meant.
    """
    if heading:
        return Spot(new.priority, heading)
    for priority, _, kpi in plan.listed():
        if kpi == new.kpi and priority.id != new.priority:
            raise UserError(
                f"The plan lists {quoted(kpi)} under {priority.id}. Write kpi new {priority.id}/{kpi}."
            )
        if kpi == new.kpi:
            return None
    wanted = next(entry for entry in plan.priorities if entry.id == new.priority)
    return Spot(new.priority, objective=_objective(wanted, objective))


def _objective(priority: Priority, objective: str) -> int:
    """The number of the objective that is meant, from 0; 0 also where the priority has none."""
    titles = [other.title for other in priority.objectives]
    if titles == [""]:
        if objective:
            raise UserError(f"{quoted(priority.id)} has no objectives in the plan. Leave --objective out.")
        return 0
    if len(titles) == 1 and not objective:
        return 0
    if objective.isdecimal() and 1 <= int(objective) <= len(titles):
        return int(objective) - 1
    same = nearest(objective, titles, cutoff=1) if objective else None
    if same is not None:
        return titles.index(same)
    several = ", ".join(f"{n} {quoted(title, 60)}" for n, title in enumerate(titles, 1))
    why = (
        f"There is no objective {quoted(objective)} there."
        if objective
        else f"{quoted(priority.id)} has several objectives."
    )
    raise UserError(f"{why} Add --objective with a number: {several}.")


def _plan(root: Path, new: KpiPath, spot: Spot | None) -> tuple[bytes, bytes]:
    """The plan as it is, and with the new line; without a spot the plan has it already."""
    try:
        before = read_bytes(root / PLAN)
        return before, before if spot is None else plan_with(before, {spot: [new.kpi]})
    except (UnreadableError, UnplacedError) as error:
        raise UserError(f"{PLAN}: {error}") from None


class _Columns(NamedTuple):
    """The columns for figures: how many months each has, how many there are, and how often such figures come."""

    length: int
    number: int
    frequency: str


_COLUMNS = {
    "months": _Columns(1, 12, "monthly"),
    "quarters": _Columns(3, 8, "quarterly"),
    "years": _Columns(12, 4, "annual"),
}


@command("template")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--periods",
    type=Choice([*_COLUMNS]),
    default="months",
    show_default=True,
    help="The columns for figures.",
)
def template_command(context: Context, file: Path, periods: str) -> int:
    """Write a workbook (.xlsx) with a row for each KPI to fill in, for kpi import --new and kpi init --from.

    It has a column for each of the last periods, lists to choose from, and an example. In a repository the lists have the plan's
    own priorities, owners and sources.
    """
    from kpi.store.register.list_columns import template

    if file.suffix.lower() != ".xlsx":
        raise UserError(
            f"A workbook's name ends with .xlsx. Write {display(str(file.with_suffix('.xlsx')), 400)}."
        )
    plan = _plan_if_any(context)
    day = context.day
    columns = _COLUMNS[periods]
    headings = _headings(day, columns, plan.year_starts if plan else APRIL)
    write_file(file, template(headings, columns.frequency, plan, day), new=True)
    context.say(
        f"kpi: Fill in {display(str(file), 400)}, a row for each KPI. Then run kpi import --new, or in an empty folder kpi init --from."
    )
    return 0


def _plan_if_any(context: Context) -> Plan | None:
    """The plan of the repository, if there is one."""
    try:
        return read_plan(context.root).plan
    except UserError:  # no repository is needed
        return None


def _headings(day: date, columns: _Columns, year_starts: int) -> list[str]:
    """The last whole periods before a day: twelve months, eight quarters or four years."""
    this = day.year * 12 + day.month - year_starts  # months, counted from the start of a financial year
    length = columns.length
    last = this // length * length
    starts = range(last - columns.number * length, last, length)
    return [_name(start, length, year_starts) for start in starts]


def _name(start: int, length: int, year_starts: int) -> str:
    if length == 1:
        year, month = divmod(start + year_starts - 1, 12)
        return f"{year:04}-{month + 1:02}"
    year, month = divmod(start, 12)
    name = f"{year}/{(year + 1) % 100:02}" if year_starts > 1 else f"{year}"
    return name if length == 12 else f"{name} Q{month // 3 + 1}"
