"""`kpi build`: write the scorecard's pages."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import command
from kpi.cli.repository import build_scorecard
from kpi.model.errors import UserError
from kpi.model.text import counted, display
from kpi.store.output import stale, strangers, write
from kpi.store.paths import KPIS, SCORECARD
from kpi.store.versions import check_out


@command("build")
@click.argument("commit", required=False)
@click.option("--check", is_flag=True, help="Write nothing; say which pages are stale, and exit 1 if any is.")
def command_line(context: Context, commit: str | None, *, check: bool) -> int:
    """Write the scorecard's pages to docs/scorecard/; unchanged pages are left untouched.

    With --check, COMMIT is checked as git stores it, instead of the work tree.
    """
    if commit is None:
        return _check(context, context.root) if check else _write(context)
    if not check:
        raise UserError("Pages are built from the files in the work tree. To check a commit, add --check.")
    from kpi.store import git

    start = git.resolve(context.root, commit)
    with check_out(git.read_all(context.root, start, KPIS, SCORECARD)) as folder:
        return _check(context._replace(root_given=folder), context.root, start)


def _check(context: Context, edition_root: Path, start: str = "HEAD") -> int:
    """Name what is not as it would be written; the arguments are those of `build_scorecard`."""
    pages = build_scorecard(context, edition_root, start).pages
    old, strange = stale(context.root, pages), strangers(context.root, pages)
    lines = [(f"{SCORECARD}/{name}", why) for name, why in old]
    lines += [(path, "is not made by kpi build; delete it") for path in strange]
    # The check in a workflow counts by how a line ends, so only the path is cut.
    context.tell("".join(f"{display(path, 400)}: {why}\n" for path, why in sorted(lines)))
    advice = [f"{counted(len(old), 'file')} stale. Run kpi build."] if old else []
    advice += [f"{counted(len(strange), 'file')} to delete."] if strange else []
    context.say(" ".join(advice) or f"{counted(len(pages), 'file')} current.")
    return 1 if lines else 0


def _write(context: Context) -> int:
    """Write the pages."""
    pages = build_scorecard(context, context.root).pages
    written = write(context.root, pages, context.progress)
    context.say(
        f"{counted(len(pages), 'file')} in {SCORECARD}/: {len(written.changed)} written, "
        f"{len(pages) - len(written.changed)} unchanged, {len(written.removed)} removed."
    )
    return 0
