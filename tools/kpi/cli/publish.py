"""`kpi build`, `site` and `notify`: the scorecard's pages, a website of them, and issues about missed targets."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from kpi.cli.context import Context
from kpi.cli.main import command, parse_address
from kpi.cli.repository import build_scorecard
from kpi.model.errors import UserError
from kpi.model.text import counted, display, quoted
from kpi.pages.issues import requests
from kpi.pages.website import Scorecard
from kpi.store.output import stale, strangers, write
from kpi.store.paths import KPIS, SCORECARD
from kpi.store.versions import check_out


@command("build")
@click.argument("commit", required=False)
@click.option("--check", is_flag=True, help="Write nothing; say which pages are stale, and exit 1 if any is.")
def build_command(context: Context, commit: str | None, *, check: bool) -> int:
    """Write the scorecard's pages to docs/scorecard/; unchanged pages are left untouched.

    With --check, COMMIT is checked as git stores it, instead of the work tree.
    """
    if commit is None:
        return _check_pages(context, context.root) if check else _write_pages(context)
    if not check:
        raise UserError("Pages are built from the files in the work tree. To check a commit, add --check.")
    from kpi.store import git

    start = git.resolve(context.root, commit)
    with check_out(git.read_all(context.root, start, KPIS, SCORECARD)) as folder:
        return _check_pages(context._replace(root_given=folder), context.root, start)


def _check_pages(context: Context, edition_root: Path, start: str = "HEAD") -> int:
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


def _write_pages(context: Context) -> int:
    """Write the pages."""
    pages = build_scorecard(context, context.root).pages
    written = write(context.root, pages, context.progress)
    context.say(
        f"{counted(len(pages), 'file')} in {SCORECARD}/: {len(written.changed)} written, "
        f"{len(pages) - len(written.changed)} unchanged, {len(written.removed)} removed."
    )
    return 0


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
def site_command(context: Context, roots: Sequence[Path], output: Path, files_at: str, site_at: str) -> int:
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


_FILE = click.Path(path_type=Path)


@command("notify")
@click.argument("issues", type=_FILE)
@click.argument("breaches", type=_FILE)
@click.argument("overdue", type=_FILE)
@click.option(
    "--files-at",
    type=parse_address,
    required=True,
    metavar="ADDRESS",
    help="Where the web has the repository's files.",
)
@click.option("--label", default="scorecard", show_default=True, help="The label of the issues.")
def notify_command(
    context: Context, issues: Path, breaches: Path, overdue: Path, files_at: str, label: str
) -> int:
    """Print the requests to GitHub, one on a line: method, path and JSON, separated by tabs.

    ISSUES is what gh issue list --state all --json number,state,body prints; BREACHES and OVERDUE what kpi breaches and
    kpi list --overdue print with --format json.
    """
    wanted, left = requests(
        _issues(issues),
        _document(breaches, "others", "kpi breaches --format json"),
        _document(overdue, "newest", "kpi list --overdue --format json"),
        files_at,
        label,
    )
    context.tell("".join(f"{request.line}\n" for request in wanted))
    if left:
        context.say(f"{counted(left, 'more issue is', 'more issues are')} left to the next run.")
    return 0


def _issues(path: Path) -> list[dict[str, Any]]:
    issues = _read(path)
    keys = {"number", "state", "body"}
    if not isinstance(issues, list) or not all(
        isinstance(issue, dict) and keys <= issue.keys() for issue in issues
    ):
        raise UserError(f"{quoted(str(path))} is not what gh issue list --json number,state,body prints.")
    return issues


def _document(path: Path, key: str, source: str) -> dict[str, Any]:
    document = _read(path)
    if not isinstance(document, dict) or key not in document:
        raise UserError(f"{quoted(str(path))} is not what this version of {source} prints.")
    return document


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UserError(f"There is no file {quoted(str(path))}.") from None
    except OSError as error:
        raise UserError(f"{quoted(str(path))} can't be read: {error.strerror}.") from None
    except ValueError:
        raise UserError(f"{quoted(str(path))} is not JSON.") from None
