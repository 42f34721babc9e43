"""The repository and its judgement, for the commands that report on the whole framework."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kpi.cli.context import Context
from kpi.judge.judgement import Judgement, judge
from kpi.lint.framework import broken_files
from kpi.model.errors import UserError
from kpi.model.text import counted, display
from kpi.store.repository import Repository, load

if TYPE_CHECKING:
    from kpi.judge.since_edition import SinceEdition


def load_whole(context: Context) -> tuple[Repository, Judgement] | None:
    """The repository and its judgement; None, with the reason on stderr, if a file can't be used.

    A report on the whole framework must be complete, so one broken file is enough.

    Raises:
        UserError: if there is no KPI.
    """
    repository = load(context.root, context.progress)
    broken = broken_files(repository)
    for path, count in broken.items():
        context.warn(f"kpi: {display(path, 400)} has {counted(count, 'error')}.")
    if broken:
        context.warn("kpi: Nothing was done. Run kpi lint to see what to fix.")
        return None
    return repository, judge_readable(repository, context.as_of)


def judge_readable(repository: Repository, as_of: date | None) -> Judgement:
    """The judgement of what could be read, on a day or on the pages' own.

    Raises:
        UserError: if there is no usable plan, or no usable KPI.
    """
    plan = repository.plan.usable()
    if repository.files and not repository.kpis:
        raise UserError("No KPI file can be used. Run kpi lint to see why.")
    if not repository.kpis:
        raise UserError(
            f"There are no KPIs under kpis/ yet. Begin one: kpi new {plan.priorities[0].id}/waiting-times"
        )
    return judge(plan, repository.kpis, as_of)


def since_last_edition(root: Path, judgement: Judgement, start: str = "HEAD") -> "SinceEdition | None":
    """What has changed since the last edition; None where the plan names none.

    Args:
        root: where git knows of it.
        judgement: this edition.
        start: the commit in whose history an edition is looked for that is named by its date.

    Raises:
        UserError: if it is not in this clone, or can't be used.
        ToolError: if git can't be run.
    """
    edition = judgement.plan.edition
    if not edition.last:
        return None
    from kpi.judge.since_edition import compare_editions
    from kpi.store.versions import read_last_edition

    return compare_editions(read_last_edition(root, edition, start), judgement)
