"""The repository as commands ask for it: read and judged, and what a name on the command line means in it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kpi.cli.context import Context
from kpi.judge.judgement import Judgement, judge
from kpi.lint.checker import broken_files
from kpi.model.errors import ToolError, UserError
from kpi.model.text import counted, display, listed, nearest, quoted
from kpi.store.repository import KpiFile, Repository, load

if TYPE_CHECKING:
    from kpi.judge.changes import SinceEdition
    from kpi.store.tables import CellProblem, RawFigure

Value = TypeVar("Value")
_KPI = 1  # where the KPI is among the words


def load_whole(context: Context) -> tuple[Repository, Judgement]:
    """The repository and its judgement.

    A report on the whole framework must be complete: where one file can't be used, stderr says so and the exit code is 1.
    """
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
    """A repository, its judgement and its pages; the arguments after the context are those of `since_last_edition`.

    Without the last edition there are no pages: they would differ from those that another clone makes of the same files.
    """
    from kpi.pages.scorecard import scorecard_pages

    repository, judgement = load_whole(context)
    since = since_last_edition(edition_root, judgement, start)
    return repository, judgement, scorecard_pages(judgement, repository.reasons(), context.progress, since)


def since_last_edition(root: Path, judgement: Judgement, start: str = "HEAD") -> "SinceEdition | None":
    """What has changed since the last edition; None where the plan names none.

    It is read from git in `root`: one that is named by its date, in the history of the commit `start`.
    """
    edition = judgement.plan.edition
    if not edition.last:
        return None
    from kpi.judge.changes import compare_editions
    from kpi.store.versions import read_last_edition

    return compare_editions(read_last_edition(root, edition, start), judgement)


def make_row(texts: Mapping[str, str]) -> "RawFigure":
    """The words of a command, by field, as the row of a table; the KPI is the first."""
    from kpi.store.tables import RawFigure

    columns = {field: column for column, field in enumerate(texts, _KPI)}
    return RawFigure("", 0, {field: text.strip() for field, text in texts.items()}, columns, 0, is_typed=True)


def find_kpi(repository: Repository, name: str) -> tuple[KpiFile, str]:
    """The KPI file that the user named and a measure of it, if one was named: `kpi`, `priority/kpi` or `kpi/measure`.

    In the place of the id the KPI's code or title can be given. If there is none, what is raised is that of `not_found`.
    """
    from kpi.store.intake.names import Names
    from kpi.store.intake.row_cells import SlipError

    names = Names(repository.plan.plan, repository.files, repository.plan.year_starts)
    try:
        return names.file(make_row({"kpi": name}))
    except SlipError as error:
        raise not_found(error.problem, repository) from None


def not_found(problem: "CellProblem", repository: Repository) -> UserError | ToolError:
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
