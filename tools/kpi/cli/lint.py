"""`kpi lint`: check every file."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from kpi.cli.context import Context, in_workflow, this_workflow
from kpi.cli.file_changes import from_root, known_from_root, write_fixes
from kpi.cli.main import FILE, PATH, command
from kpi.lint.reporters import REPORTERS
from kpi.model.errors import ToolError, UserError
from kpi.model.finding import ERROR
from kpi.model.text import quoted
from kpi.store.paths import PLAN, place_of

if TYPE_CHECKING:
    from kpi.lint.report import Report
    from kpi.store.repository import Overlay

_FOR_GITHUB = ("github", "markdown", "sarif")


class Options(NamedTuple):
    """The options of `kpi lint`, each under its own name."""

    paths: tuple[Path, ...]
    form: str | None
    output: Path | None
    summary: Path | None
    statistics: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    changed_since: str | None
    stdin_filename: Path | None
    strict: bool
    fix: bool
    unsafe_fixes: bool
    diff: bool
    no_cache: bool

    @property
    def fixing(self) -> bool:
        """Whether files are to be changed, or their changes shown."""
        return self.fix or self.unsafe_fixes or self.diff


@command("lint")
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(REPORTERS)),
    help="Default: text; github in a workflow on GitHub.",
)
@click.option("--output", type=FILE, help="Write to a file instead of stdout.")
@click.option("--summary", type=FILE, help="Also add the findings as Markdown to the end of a file.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of listing them.")
@click.option("--select", multiple=True, metavar="RULES", help="Report only these: names, codes or 7xx.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Report all but these.")
@click.option(
    "--changed-since", metavar="REF", help="Report only what the change since this commit has caused."
)
@click.option("--stdin-filename", type=FILE, help="The file that the text on stdin (PATHS is -) belongs to.")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--fix", is_flag=True, help="Fix what can be fixed without changing the meaning.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="Also make fixes that are probably right. Check the result."
)
@click.option(
    "--diff", is_flag=True, help="Show what would be fixed, write nothing, exit 1 if anything would."
)
@click.option("--no-cache", is_flag=True, help="Read every file again, even if it hasn't changed.")
def lint_command(context: Context, **options: Any) -> int:
    """Check every file under kpis/, or report only on PATHS.

    Every file is read either way, so that references between files are known.
    """
    chosen = Options(**options)
    committed, before = _commits(context, chosen)
    given = {**committed, **_from_stdin(context.root, chosen)}

    def check(files: "Overlay") -> "Report":
        return _checked(context, chosen, before, {**given, **files})

    whole = check({})
    report = _narrowed(whole, context, chosen)
    if chosen.fixing:
        from kpi.lint.fixes import make_fixes

        fixed = make_fixes(context.root, whole, check, unsafe=chosen.unsafe_fixes, only=report.findings)
        if chosen.diff or report.findings:
            write_fixes(context, fixed, dry_run=chosen.diff)
        if chosen.diff:
            return 1 if fixed.files else 0
        report = _narrowed(fixed.report, context, chosen)
    _tell(report, context, chosen)
    return int(any(chosen.strict or finding.severity == ERROR for finding in report.findings))


def _checked(context: Context, chosen: Options, before: "Overlay | None", overlay: "Overlay") -> "Report":
    """The report on everything, or on everything that a change has to answer for; `before` are the files before it."""
    from kpi.lint.engine import lint

    root, day = context.root, context.day
    cached, progress = not chosen.no_cache, context.progress
    if chosen.changed_since is not None:
        from kpi.lint.changes import lint_since

        report = lint_since(root, day, chosen.changed_since, overlay, cached=cached, progress=progress)
    elif before is not None:
        from kpi.lint.changes import lint_change

        report = lint_change(root, day, before, overlay, cached=cached, progress=progress)
    else:
        report = lint(root, day, overlay, cached=cached, progress=progress)
    if any(finding.rule == "not-in-plan" for finding in report.findings):  # of a file that isn't there
        from kpi.store.versions import refuse_sparse

        refuse_sparse(root)
    return report


def _from_stdin(root: Path, chosen: Options) -> dict[str, bytes]:
    """The text on stdin by its path; empty unless PATHS is `-`."""
    from kpi.store.files import LIMIT

    if Path("-") not in chosen.paths and chosen.stdin_filename is None:
        return {}
    form = "kpis/<priority>/<kpi>.yaml"
    if chosen.paths != (Path("-"),) or chosen.stdin_filename is None:
        raise UserError(f"To check the text on stdin write kpi lint - --stdin-filename {form}.")
    (place,) = from_root(root, (chosen.stdin_filename,))
    if place != PLAN and place_of(place) is None:
        raise UserError(f"There can be no KPI file at {quoted(place)}. Write {form}, or {PLAN}.")
    if chosen.fixing:
        raise UserError("The text on stdin can't be fixed here. Name the file instead.")
    return {place: sys.stdin.buffer.read(LIMIT + 1) if sys.stdin else b""}


def _narrowed(report: "Report", context: Context, chosen: Options) -> "Report":
    """The requested part of a report, by files and by rules."""
    from kpi.lint.report import only, selected

    paths = (chosen.stdin_filename,) if chosen.stdin_filename else chosen.paths
    if wanted := known_from_root(context.root, paths, report.paths):
        report = only(report, wanted)
    return selected(report, chosen.select, chosen.ignore)


def _tell(report: "Report", context: Context, chosen: Options) -> None:
    from kpi.lint.reporters import NO_WORKFLOW
    from kpi.lint.reporters.text import coloured, statistics

    form = _form(chosen)
    if chosen.statistics and form != "text":
        raise UserError("--statistics is text only. Leave --format out.")
    summary = chosen.summary
    if summary is None and form == "github" and (page := os.environ.get("GITHUB_STEP_SUMMARY")):
        summary = Path(page)  # shown on the page of the run
    place = this_workflow(context.root) if summary or form in _FOR_GITHUB else NO_WORKFLOW
    text = statistics(report) if chosen.statistics else REPORTERS[form](report, place)
    if chosen.output is None and context.coloured and form in {"text", "concise"}:
        text = coloured(text)
    context.tell(text, chosen.output)
    if summary is not None:
        from kpi.store.output import append_file

        append_file(summary, REPORTERS["markdown"](report, place))


def _form(chosen: Options) -> str:
    """The requested format, or the one that fits where the report is read."""
    return chosen.form or ("github" if in_workflow() and not chosen.statistics else "text")


def _commits(context: Context, chosen: Options) -> "tuple[Overlay, Overlay | None]":
    """In a workflow the files as the commit has them, whatever git's attributes made of them, and as the one before has them.

    On a pull request, that is what it is to be merged into. The first are empty if they are to be fixed, the others None if no
    change is checked. If git doesn't know a commit, a warning says so.
    """
    stored = before = None
    if in_workflow() and not chosen.fixing:
        stored = _stored(context, "HEAD", "The files in the work tree were checked, not a commit.")
    if in_workflow() and _form(chosen) == "github" and chosen.changed_since is None:
        why = "The change is not known: nothing is compared with what was published before"
        before = _stored(context, "HEAD^", f"{why}, and findings on changed lines don't come first.")
    kept = {path: data for path, data in (stored or {}).items() if path == PLAN or place_of(path) is not None}
    return kept, before


def _stored(context: Context, ref: str, unknown: str) -> "Overlay | None":
    """The files of a commit; None if git doesn't know it, with the sentence that says what follows from that."""
    from kpi.store import git

    try:
        return git.read(context.root, git.resolve(context.root, ref))
    except (UserError, ToolError) as error:
        context.say(f"kpi: {unknown} {error}")
        return None
