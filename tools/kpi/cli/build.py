"""`kpi build`: write the scorecard's pages."""

import click

from kpi.cli.context import Context
from kpi.cli.options import command


@command("build")
@click.option("--check", is_flag=True, help="Write nothing; say which pages are stale, and exit 1 if any is.")
def command_line(context: Context, *, check: bool) -> int:
    """Write the scorecard's pages to docs/scorecard/; unchanged pages are left untouched."""
    from kpi.cli.judging import load_whole
    from kpi.model.text import counted
    from kpi.pages.site import scorecard_pages
    from kpi.store.output import stale, write
    from kpi.store.paths import SCORECARD

    found = load_whole(context)
    if found is None:
        return 1
    repository, judgement = found
    pages = scorecard_pages(judgement, repository.reasons(), context.watched)
    if check:
        old = stale(repository.root, pages)
        for name, why in old:
            context.tell(f"{SCORECARD}/{name}: {why}\n")
        told = f"{counted(len(old), 'file')} stale. Run kpi build."
        context.say(told if old else f"{counted(len(pages), 'file')} current.")
        return 1 if old else 0
    written = write(repository.root, pages, context.watched)
    context.say(
        f"{counted(len(pages), 'file')} in {SCORECARD}/: {len(written.changed)} written, "
        f"{len(pages) - len(written.changed)} unchanged, {len(written.removed)} removed."
    )
    return 0
