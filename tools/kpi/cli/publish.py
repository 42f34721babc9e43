"""`kpi build`, `site` and `notify`: the scorecard's pages, a website of them, and issues about missed targets."""

import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from kpi.cli.context import Context
from kpi.cli.main import PATH, command, flag, text_option
from kpi.cli.reports import build_scorecard
from kpi.model.errors import UserError
from kpi.model.text import counted, display, quoted
from kpi.pages.publish import BESIDE, SETTINGS, Scorecard, requests, website
from kpi.store.output import stale, strangers, write, write_folder
from kpi.store.paths import KPIS, SCORECARD
from kpi.store.versions import check_out

_WEBSITE = Path(__file__).parent.parent / "store/website"  # what isn't made from figures


@command("build")
@click.argument("commit", required=False)
@flag("--check", "Write nothing; say which pages are stale, and exit 1 if any is.")
def build_command(context: Context, commit: str | None, *, check: bool) -> int:
    """Write the scorecard's pages to docs/scorecard/; unchanged pages are left untouched.

    With --check, COMMIT is checked as git stores it, instead of the work tree.
    """
    if commit is None:
        if check:
            return _check_pages(context, context.root)
        _, _, pages = build_scorecard(context, context.root)
        changed, removed = write(context.root, pages, context.progress)
        done = f"{len(changed)} written, {len(pages) - len(changed)} unchanged, {len(removed)} removed."
        context.say(f"{counted(len(pages), 'file')} in {SCORECARD}/: {done}")
        return 0
    if not check:
        raise UserError("Pages are built from the files in the work tree. To check a commit, add --check.")
    from kpi.store import git

    start = git.resolve(context.root, commit)
    with check_out(git.read_all(context.root, start, KPIS, SCORECARD)) as folder:
        return _check_pages(context._replace(root_given=folder), context.root, start)


def _check_pages(context: Context, edition_root: Path, start: str = "HEAD") -> int:
    _, _, pages = build_scorecard(context, edition_root, start)
    old, strange = stale(context.root, pages), strangers(context.root, pages)
    lines = [(f"{SCORECARD}/{name}", why) for name, why in old]
    lines += [(path, "is not made by kpi build; delete it") for path in strange]
    # The check in a workflow counts by how a line ends, so only the path is cut.
    context.tell("".join(f"{display(path, 400)}: {why}\n" for path, why in sorted(lines)))
    advice = [f"{counted(len(old), 'file')} stale. Run kpi build."] if old else []
    advice += [f"{counted(len(strange), 'file')} to delete."] if strange else []
    context.say(" ".join(advice) or f"{counted(len(pages), 'file')} current.")
    return 1 if lines else 0


def _parse_address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[\w.-]+(?::[0-9]+)?(?:/[\w./~%+@=-]*)?", text):
        raise UserError(f"{quoted(text)} is not an address. Write it like https://example.org/scorecard.")
    return text.rstrip("/")


_address_option = partial(text_option, metavar="ADDRESS", type=_parse_address)


@command("site")
@click.argument("roots", metavar="[REPOSITORY]...", nargs=-1, type=PATH)
@click.option("--output", metavar="FOLDER", type=PATH, required=True, help="Write here.")
@_address_option(
    "--files-at",
    text="Where the web has this folder's files, such as https://github.com/owner/figures/edit/main. Without it they are copied.",
)
@_address_option("--site-at", text="The address of the site on the web.")
def site_command(context: Context, roots: Sequence[Path], output: Path, files_at: str, site_at: str) -> None:
    """Write the scorecard's pages with a search, a feed and settings for Zensical, which makes a website of them.

    With several REPOSITORIES they are side by side, with a page that leads to each. Run zensical build in the folder next.
    """
    contexts = [context._replace(root_given=root) for root in roots] or [context]
    scorecards: dict[str, Scorecard] = {}
    for each in contexts:
        scorecard = _scorecard(each, files_at)
        folder = f"{scorecard.judgement.plan.area}/" if len(contexts) > 1 else ""
        if folder in scorecards:
            raise UserError(f"Two of the repositories have the area {quoted(folder[:-1])}. Name one of them.")
        scorecards[folder] = scorecard
    statement = contexts[0].root / "kpis/accessibility.md"
    is_theirs = statement.is_file() and not statement.is_symlink()
    beside = [*_WEBSITE.glob("scorecard.*"), statement if is_theirs else _WEBSITE / statement.name]
    address, settings = f"{site_at}/" if site_at else "", (_WEBSITE / SETTINGS).read_text("utf-8")
    files = {name: text.encode() for name, text in website(scorecards, address, settings).items()}
    files |= {f"{BESIDE}/{path.name}": path.read_bytes() for path in beside}

    def fill(there: Path) -> None:
        for name, data in files.items():
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            (there / name).write_bytes(data)

    write_folder(output, SETTINGS, "# Made by kpi site.", fill)
    if not is_theirs:
        copy = "Copy docs/site/accessibility.md from there to kpis/accessibility.md here, and fill them in."
        context.say(f"The accessibility statement has blanks. {copy}")
    context.say(f"The source of the site is in {output}/. Run there: zensical build")


def _scorecard(context: Context, files_at: str) -> Scorecard:
    """One repository's scorecard, with its files, or with the address of its root below that of the current folder."""
    root = context.root
    repository, judgement, pages = build_scorecard(context, root)
    if not files_at:
        paths = (file.location.path for file in repository.files)
        return Scorecard(judgement, pages, {path: (root / path).read_text("utf-8") for path in paths}, "")
    folder = Path(root.resolve())
    if not folder.is_relative_to(Path.cwd()):
        why = f"{quoted(str(root))} is not in the folder that --files-at is for."
        raise UserError(f"{why} Run this in the folder above it.")
    return Scorecard(judgement, pages, {}, "/".join((files_at, *folder.relative_to(Path.cwd()).parts)))


@command("notify")
@click.argument("issues", type=PATH)
@click.argument("breaches", type=PATH)
@click.argument("overdue", type=PATH)
@_address_option("--files-at", text="Where the web has the repository's files.", required=True)
@click.option("--label", default="scorecard", show_default=True, help="The label of the issues.")
def notify_command(
    context: Context, issues: Path, breaches: Path, overdue: Path, files_at: str, label: str
) -> None:
    """Print the requests to GitHub, one on a line: method, path and JSON, separated by tabs.

    ISSUES is what gh issue list --state all --json number,state,body prints; BREACHES and OVERDUE what kpi breaches and
    kpi list --overdue print with --format json.
    """
    wanted, left = requests(
        _read(issues, "gh issue list --json number,state,body", "number", "state", "body", several=True),
        _read(breaches, "this version of kpi breaches --format json", "others"),
        _read(overdue, "this version of kpi list --overdue --format json", "newest"),
        files_at,
        label,
    )
    context.tell("".join(f"{method}\t{path}\t{json.dumps(body)}\n" for method, path, body in wanted))
    if left:
        context.say(f"{counted(left, 'more issue is', 'more issues are')} left to the next run.")


def _read(path: Path, source: str, *keys: str, several: bool = False) -> Any:
    """The JSON that some command prints: an object with these keys, or `several` of them."""
    name = quoted(str(path))
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise UserError(f"{name} can't be read: {error.strerror}.") from None
    except ValueError:
        raise UserError(f"{name} is not JSON. Write there what {source} prints.") from None
    rows = document if several else [document]
    if isinstance(rows, list) and all(isinstance(row, dict) and {*keys} <= row.keys() for row in rows):
        return document
    raise UserError(f"{name} is not what {source} prints.")
