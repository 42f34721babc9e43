"""`kpi build`: write the scorecard's pages."""

import click

from kpi.cli.frame import Frame, command


@command("build")
@click.option("--check", is_flag=True, help="Write nothing; say which pages are stale, and exit 1 if any is.")
def command_line(frame: Frame, *, check: bool) -> int:
    """Write the scorecard's pages to docs/scorecard/; unchanged pages are left untouched."""
    from kpi.model.text import counted
    from kpi.pages.site import scorecard_pages
    from kpi.store.output import stale, write
    from kpi.store.paths import SCORECARD

    found = frame.whole()
    if found is None:
        return 1
    repository, judgement = found
    pages = scorecard_pages(judgement, repository.reasons(), frame.watched)
    if check:
        old = stale(repository.root, pages)
        for name, why in old:
            frame.tell(f"{SCORECARD}/{name}: {why}\n")
        told = f"{counted(len(old), 'file')} stale. Run kpi build."
        frame.say(told if old else f"{counted(len(pages), 'file')} current.")
        return 1 if old else 0
    written = write(repository.root, pages, frame.watched)
    frame.say(
        f"{counted(len(pages), 'file')} in {SCORECARD}/: {len(written.changed)} written, "
        f"{len(pages) - len(written.changed)} unchanged, {len(written.removed)} removed."
    )
    return 0
