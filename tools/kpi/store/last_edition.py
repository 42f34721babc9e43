"""The files of the last edition, read from git: by its tag, or by its date."""

from pathlib import Path

from kpi.judge.changes import FrameworkVersion
from kpi.model.errors import ToolError, UserError
from kpi.model.plan import Edition
from kpi.model.text import quoted
from kpi.store import git
from kpi.store.paths import PLAN, place_of
from kpi.store.repository import plan_from, usable_kpi

_CORRECT = f'Or correct "last" in {PLAN}.'


def read_last_edition(root: Path, edition: Edition, start: str = "HEAD") -> FrameworkVersion:
    """The last edition of a plan.

    Args:
        root: the repository's root.
        edition: names the last one.
        start: the commit in whose history it is looked for, where it is named by a date.

    Raises:
        UserError: if it is not in this clone, or can't be used.
        ToolError: if git can't be run.
    """
    try:
        files = git.read(root, _commit(root, edition, start))
    except ToolError as error:
        raise ToolError(f"The last edition, {quoted(edition.last)}, is read from git. {error}") from error
    plan = plan_from(files[PLAN], style=False).plan if PLAN in files else None
    if plan is None:
        raise UserError(f"The last edition, {quoted(edition.last)}, has no plan that can be used. {_CORRECT}")
    places = [place for place in map(place_of, files) if place is not None]
    kpis = {place: usable_kpi(files[place.path], place, plan.year_starts) for place in places}
    unusable = {place.kpi: place.path for place, kpi in kpis.items() if kpi is None}
    return FrameworkVersion(plan, tuple(kpi for kpi in kpis.values() if kpi is not None), unusable)


def _commit(root: Path, edition: Edition, start: str) -> str:
    """The commit of the last edition."""
    day, name = edition.last_day, quoted(edition.last)
    if day is None:
        commit = git.tagged(root, edition.last)
        why = f"The last edition, {name}, is no tag in this clone. Get the tags: git fetch --tags, or fetch-depth: 0 in a workflow."
    else:
        commit = git.newest_by(root, git.resolve(root, start), day)
        why = f"The history in this clone begins after the last edition, {name}."
        why += " Get all of it: git fetch --unshallow, or fetch-depth: 0 in a workflow." * git.is_shallow(
            root
        )
    if not commit:
        raise UserError(f"{why} {_CORRECT}")
    return commit
