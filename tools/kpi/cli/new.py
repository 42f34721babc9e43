"""`kpi new`: begin a KPI."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.file_changes import lines_changed, write_proposal
from kpi.cli.options import command, one_line
from kpi.lint.changes import Proposal, lint_trial, refuse
from kpi.model.errors import UserError
from kpi.model.finding import Finding
from kpi.model.plan import Plan, Priority
from kpi.model.text import counted, listed, nearest, quoted
from kpi.store.blank import Spot, blank_kpi, plan_with
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.paths import PLAN, KpiPath, id_trouble, place_of, walk
from kpi.store.repository import read_plan
from kpi.store.rewrite import UnplacedError

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
def command_line(context: Context, place: str, title: str, priority_title: str, objective: str) -> int:
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
