"""`kpi site`: the scorecard's pages as the source of a website."""

from collections.abc import Sequence
from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import command, parse_address
from kpi.cli.repository import build_scorecard
from kpi.model.errors import UserError
from kpi.model.text import quoted
from kpi.pages.website import Scorecard


@command("site")
@click.argument("roots", metavar="[REPOSITORY]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--output", metavar="FOLDER", type=click.Path(path_type=Path), required=True, help="Write here."
)
@click.option(
    "--files-at",
    type=parse_address,
    default="",
    metavar="ADDRESS",
    help="Where the web has this folder's files, such as https://github.com/owner/figures/edit/main. Without it they are copied.",
)
@click.option(
    "--site-at", type=parse_address, default="", metavar="ADDRESS", help="The address of the site on the web."
)
def command_line(context: Context, roots: Sequence[Path], output: Path, files_at: str, site_at: str) -> int:
    """Write the scorecard's pages with a search, a feed and settings for Zensical, which makes a website of them.

    With several REPOSITORIES they are side by side, with a page that leads to each. Run zensical build in the folder next.
    """
    from kpi.store.website import write_website

    places = [context._replace(root_given=root) for root in roots] or [context]
    scorecards: dict[str, Scorecard] = {}
    for place in places:
        scorecard = _scorecard(place, files_at)
        folder = f"{scorecard.judgement.plan.area}/" if len(places) > 1 else ""
        if folder in scorecards:
            raise UserError(f"Two of the repositories have the area {quoted(folder[:-1])}. Name one of them.")
        scorecards[folder] = scorecard
    statement = places[0].root / "kpis/accessibility.md"
    if not write_website(output, scorecards, statement, f"{site_at}/" if site_at else ""):
        context.say(
            "The accessibility statement has blanks. Copy docs/site/accessibility.md from there to kpis/accessibility.md here, and fill them in."
        )
    context.say(f"The source of the site is in {output}/. Run there: zensical build")
    return 0


def _scorecard(context: Context, files_at: str) -> Scorecard:
    """One repository's scorecard."""
    repository, judgement, pages = build_scorecard(context, context.root)
    if files_at:
        return Scorecard(judgement, pages, {}, _below(files_at, context.root))
    files = {
        file.place.path: (context.root / file.place.path).read_text(encoding="utf-8")
        for file in repository.files
    }
    return Scorecard(judgement, pages, files, "")


def _below(address: str, root: Path) -> str:
    """The address of a repository's root, where that of the folder that the command runs in is known."""
    place = Path(root.resolve())
    if not place.is_relative_to(Path.cwd()):
        raise UserError(
            f"{quoted(str(root))} is not in the folder that --files-at is for. Run this in the folder above it."
        )
    return "/".join((address, *place.relative_to(Path.cwd()).parts))
