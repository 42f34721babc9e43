"""`kpi build`: write the scorecard's pages."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import command
from kpi.model.errors import UserError
from kpi.model.text import counted, display
from kpi.store.paths import KPIS, SCORECARD


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
    from kpi.store.versions import check_out

    start = git.resolve(context.root, commit)
    with check_out(git.read_all(context.root, start, KPIS, SCORECARD)) as folder:
        return _check(context._replace(root_given=folder), context.root, start)


def _pages(context: Context, repository_root: Path, start: str = "HEAD") -> dict[str, str] | None:
    """The pages; None, with the reason on stderr, if they can't be built.

    Without the last edition none are made: they would differ from those that another clone makes of the same files.

    Args:
        context: of the command, with the files to make pages of.
        repository_root: where git knows of the last edition,
        start: in the history of this commit.
    """
    from kpi.cli.judging import load_whole, since_last_edition
    from kpi.pages.site import scorecard_pages

    whole = load_whole(context)
    if whole is None:
        return None
    repository, judgement = whole
    since = since_last_edition(repository_root, judgement, start)
    return scorecard_pages(judgement, repository.reasons(), context.progress, since)


def _check(context: Context, repository_root: Path, start: str = "HEAD") -> int:
    """Name what is not as it would be written; the arguments are those of `_pages`."""
    from kpi.store.output import stale, strangers

    pages = _pages(context, repository_root, start)
    if pages is None:
        return 1
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
    from kpi.store.output import write

    pages = _pages(context, context.root)
    if pages is None:
        return 1
    written = write(context.root, pages, context.progress)
    context.say(
        f"{counted(len(pages), 'file')} in {SCORECARD}/: {len(written.changed)} written, "
        f"{len(pages) - len(written.changed)} unchanged, {len(written.removed)} removed."
    )
    return 0
