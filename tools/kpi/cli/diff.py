"""`kpi diff`: what a change means."""

from datetime import date
from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import Choice, FilePath, command
from kpi.judge.changes import compare_versions
from kpi.model.errors import UserError
from kpi.pages.change_report import changes_json, changes_markdown, changes_text
from kpi.store.cache import Cache
from kpi.store.files import UnreadableError, git_name
from kpi.store.paths import PLAN
from kpi.store.repository import content
from kpi.store.versions import Newest, Versions, of_commits, read_versions


@command("diff")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option(
    "--format", "form", type=Choice(["text", "markdown", "json"]), default="text", show_default=True
)
@click.option("--output", type=FilePath(), help="Write to a file instead of stdout.")
def command_line(context: Context, base: str | None, head: str | None, form: str, output: Path | None) -> int:
    """Say what a change means: figures, targets, definitions, statuses.

    Without BASE the files are compared with the last commit. With BASE, with where this branch left it. With BASE and
    HEAD these two commits are compared. How a file is written doesn't matter, only what it says.
    Exits 1 if a changed file can't be read now, so that the report is incomplete.
    """
    versions = _versions(context.root, base, head)
    before, after = read_versions(versions, newest=_newest(context, versions), progress=context.progress)
    if before.plan is None and after.plan is None:
        raise UserError("kpis/plan.yaml can't be used. Run kpi lint to see why.")
    changes = compare_versions(before, after, context.as_of)
    if form == "json":
        text = changes_json(changes)
    else:
        text = changes_markdown(changes) if form == "markdown" else changes_text(changes)
    context.tell(text, output)
    return 1 if any(not earlier for _, earlier in changes.unusable) else 0


def _versions(root: Path, base: str | None, head: str | None) -> Versions:
    """The two versions to compare."""
    from kpi.cli import workflow
    from kpi.store import git

    start = git.resolve(root, "HEAD" if base is None else base)
    if head is not None:
        return of_commits(root, start, git.resolve(root, head))
    # In a workflow what is checked out is a commit, whatever git's attributes make of its files.
    end = git.resolve(root, "HEAD") if base is not None and workflow.in_workflow() else None
    return of_commits(root, start if base is None else git.branched_off(root, start), end)


def _newest(context: Context, versions: Versions) -> Newest:
    """What is known of unread files: nothing is needed if the day is given; otherwise, what lint has cached today."""
    if context.as_of is not None:
        return lambda *_: date.min
    plan = content(context.root, PLAN)
    if isinstance(plan, UnreadableError) or git_name(plan) != versions.after.get(PLAN):
        return lambda *_: None
    return Cache(context.root, context.day.isoformat().encode(), plan).newest
