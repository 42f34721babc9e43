"""`kpi init`, `new` and `template`: begin a repository, a KPI, and a workbook to list KPIs in."""

from datetime import date
from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.file_changes import write_proposal
from kpi.cli.lint import lines_changed
from kpi.cli.main import PATH, choice_option, command, one_line, require_workbook, text_option
from kpi.lint.changes import Proposal, lint_trial, refuse
from kpi.lint.registering import propose_kpis
from kpi.model.errors import ToolError, UserError
from kpi.model.period import APRIL
from kpi.model.plan import Plan
from kpi.model.text import counted, display, listed, nearest, quoted
from kpi.store.edit import UnplacedError
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.output import write_file
from kpi.store.paths import KPIS, PLAN, KpiPath, holds_kpis, id_trouble, location_of, walk
from kpi.store.repository import read_plan
from kpi.store.starter import Spot, bare_plan, blank_kpi, plan_with, starting_files
from kpi.store.tables.table_file import read_tables

# How many months the columns for figures have, how many there are, and how often such figures come.
_COLUMNS = {"months": (1, 12, "monthly"), "quarters": (3, 8, "quarterly"), "years": (12, 4, "annual")}


@command("init")
@click.argument("folder", required=False, type=PATH)
@click.option("--from", "table", type=PATH, metavar="FILE", help="Take the KPIs of a table (CSV or Excel).")
@text_option("--sheet", "NAME", "Start with this sheet of a workbook, hidden or not.")
def init_command(context: Context, folder: Path | None, table: Path | None, sheet: str) -> int:
    """Create a repository in FOLDER, or in this one.

    It gets a plan with three sample KPIs, and what an editor, git, pre-commit and GitHub need. What is there already stays as
    it is: beside a plan only what is missing is written, and KPI files without a plan get one.
    """
    if sheet and table is None:
        raise UserError("--sheet is for a workbook. Name it with --from, or leave --sheet out.")
    root = folder or context.root_given or Path()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UserError(f"There can be no folder {quoted(str(root))}: a file is in the way.") from None
    except OSError as error:
        raise ToolError(f"The folder {quoted(str(root))} can't be made: {error.strerror}.") from error
    files = starting_files(context.day)
    beside = {path: content for path, content in files.items() if not path.startswith(f"{KPIS}/")}
    if table is not None:
        return _from_table(context, root, table, sheet, beside)
    kpis = walk(root).files if holds_kpis(root) else ()
    if (root / PLAN).exists():
        files = beside
    elif kpis:
        listed_at: dict[Spot, list[str]] = {}
        for place in kpis:
            spot = Spot(place.priority, place.priority.replace("-", " ").capitalize())
            listed_at.setdefault(spot, []).append(place.kpi)
        files = {PLAN: bare_plan(listed_at), **beside}
    new = {path: content for path, content in files.items() if not (root / path).exists()}
    old = sorted(files.keys() - new.keys())
    done = f"{counted(len(new), 'file')} written." if new else "Nothing had to be written."
    if PLAN in new:
        there = f" in {display(str(folder), 400)}" if folder else ""
        done += f" Now run kpi lint and kpi build{there}. README.md says what comes next."
    remarks = [f"Already there, and left unchanged: {listed(old, 20)}."] if old else ()
    changes = {path: (None, content) for path, content in new.items()}
    return write_proposal(context, root, Proposal(changes, list(new), remarks, done=done))


def _from_table(context: Context, root: Path, table: Path, sheet: str, beside: dict[str, bytes]) -> int:
    if (root / PLAN).exists():
        then = f"Run kpi init without --from, and then: kpi import --new {table}"
        raise UserError(f"There is something under {KPIS}/ already. {then}")
    name, files = display(table.name, 80), {**beside, PLAN: bare_plan({})}
    tables = read_tables(table, sheet, heading="")
    kpis = propose_kpis(root, tables, name, context.day, context.progress, files)
    return write_proposal(context, root, kpis)


@command("new")
@click.argument("place", metavar="PRIORITY/ID")
@text_option("--title", "TEXT", "Its title. Without it, a blank.")
@text_option("--priority-title", "TEXT", "Create the priority too, with this title in the plan.")
@text_option("--objective", "TEXT", "Its objective in the plan: the number or the title.")
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
    spot = _spot(plan, new, heading, objective)
    try:
        before = read_bytes(root / PLAN)
        after = before if spot is None else plan_with(before, {spot: [new.kpi]})
    except (UnreadableError, UnplacedError) as error:
        raise UserError(f"{PLAN}: {error}") from None
    if b"\r\n" in before:  # as the other files were checked out
        content = content.replace(b"\n", b"\r\n")
    files = {new.path: (None, content), PLAN: (before, after)}
    trial = lint_trial(root, context.day, files, context.progress)
    blank = [error for error in trial.errors if (error.path, error.rule) == (new.path, "missing-field")]
    if errors := [error for error in trial.errors if error not in blank]:
        return write_proposal(context, root, refuse(errors))
    changed = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
    lines = [new.path, *lines_changed(PLAN, before, after)]
    done = f"Now fill in the {counted(len(blank), 'blank')}. kpi lint names those that are left."
    return write_proposal(context, root, Proposal(changed, lines, done=done))


def _free_place(root: Path, plan: Plan, place: str, heading: str) -> KpiPath:
    """Where the new file is to be; a `UserError` if the priority or the id can't be used, or the id is taken."""
    priority, slash, kpi = place.removeprefix("kpis/").removesuffix(".yaml").partition("/")
    ids = [entry.id for entry in plan.priorities]
    if not (slash and priority and kpi):
        name = place.strip("/")
        example = f"{name if name in ids else ids[0]}/waiting-times"
        if name not in ids and not id_trouble(name):
            example = f"{ids[0]}/{name}"
        why = f"Write the priority and the id, such as {example}."
        raise UserError(f"{why} The priorities are: {listed(ids)}.")
    if heading and priority in ids:
        raise UserError(f"The plan has the priority {quoted(priority)} already. Leave --priority-title out.")
    if not heading and priority not in ids:
        near = nearest(priority, ids)
        advice = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(ids)}."
        advice += ' Add --priority-title "…" to begin it.'
        raise UserError(f"The plan has no priority called {quoted(priority)}. {advice}")
    there = location_of(f"kpis/{priority}/{kpi}.yaml")
    if there is None:
        raise UserError(id_trouble(priority) or id_trouble(kpi))
    for file in walk(root).files:
        if file.kpi == kpi:
            raise UserError(f"The id {quoted(kpi)} is taken by {file.path}. Each id can be used once.")
    return there


def _spot(plan: Plan, new: KpiPath, heading: str, objective: str) -> Spot | None:
    """Where the plan is to list it; None where it does so already. A `UserError` if it does elsewhere, or has no such objective."""
    if heading:
        return Spot(new.priority, heading)
    for priority, _, kpi in plan.listed():
        if kpi == new.kpi:
            if priority.id == new.priority:
                return None
            there = f"The plan lists {quoted(kpi)} under {priority.id}."
            raise UserError(f"{there} Write kpi new {priority.id}/{kpi}.")
    objectives = next(entry for entry in plan.priorities if entry.id == new.priority).objectives
    titles, name = [other.title for other in objectives], quoted(new.priority)
    if len(titles) == 1 and not objective:
        return Spot(new.priority, objective=0)
    if titles == [""]:
        raise UserError(f"{name} has no objectives in the plan. Leave --objective out.")
    if objective.isdecimal() and 1 <= int(objective) <= len(titles):
        return Spot(new.priority, objective=int(objective) - 1)
    if objective and (same := nearest(objective, titles, cutoff=1)):
        return Spot(new.priority, objective=titles.index(same))
    several = ", ".join(f"{n} {quoted(title, 60)}" for n, title in enumerate(titles, 1))
    why = f"{name} has several objectives."
    if objective:
        why = f"There is no objective {quoted(objective)} there."
    raise UserError(f"{why} Add --objective with a number: {several}.")


@command("template")
@click.argument("file", type=PATH)
@choice_option("--periods", [*_COLUMNS], "The columns for figures.", default="months", show_default=True)
def template_command(context: Context, file: Path, periods: str) -> None:
    """Write a workbook (.xlsx) with a row for each KPI to fill in, for kpi import --new and kpi init --from.

    It has a column for each of the last periods, lists to choose from, and an example. In a repository the lists have the plan's
    own priorities, owners and sources.
    """
    from kpi.store.register.list_columns import template

    require_workbook(file)
    try:
        plan = read_plan(context.root).plan
    except UserError:  # no repository is needed
        plan = None
    length, number, frequency = _COLUMNS[periods]
    headings = _headings(context.day, length, number, plan.year_starts if plan else APRIL)
    write_file(file, template(headings, frequency, plan, context.day), new=True)
    then = "Then run kpi import --new, or in an empty folder kpi init --from."
    context.say(f"kpi: Fill in {display(str(file), 400)}, a row for each KPI. {then}")


def _headings(day: date, length: int, number: int, year_starts: int) -> list[str]:
    this = day.year * 12 + day.month - year_starts  # months, counted from the start of a financial year
    last = this // length * length
    starts = range(last - number * length, last, length)
    if length == 1:
        months = (divmod(start + year_starts - 1, 12) for start in starts)
        return [f"{year:04}-{month + 1:02}" for year, month in months]
    ends = {start: f"/{(start // 12 + 1) % 100:02}" if year_starts > 1 else "" for start in starts}
    years = {start: f"{start // 12}{end}" for start, end in ends.items()}
    return [f"{year} Q{start % 12 // 3 + 1}" if length == 3 else year for start, year in years.items()]
