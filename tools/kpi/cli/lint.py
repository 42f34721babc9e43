"""`kpi lint`: check every file; `kpi fmt`: write the files in their standard form."""

import os
import sys
from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace as Options
from typing import TYPE_CHECKING, Any

import click

from kpi.cli.context import Context, in_workflow, this_workflow
from kpi.cli.main import FILE, PATH, command, flag, format_option
from kpi.lint.reporters import NO_WORKFLOW, REPORTERS, coloured, statistics
from kpi.model.errors import ToolError, UserError
from kpi.model.finding import ERROR
from kpi.model.text import counted, display, quoted
from kpi.store.paths import PLAN, location_of

if TYPE_CHECKING:
    from kpi.lint.report import Report
    from kpi.store.repository import Overlay


@command("lint")
@click.argument("paths", nargs=-1, type=PATH)
@format_option(*REPORTERS, default=None, help="Default: text; github in a workflow on GitHub.")
@click.option("--output", type=FILE, help="Write to a file instead of stdout.")
@click.option("--summary", type=FILE, help="Also add the findings as Markdown to the end of a file.")
@flag("--statistics", "Count the findings of each rule instead of listing them.")
@click.option("--select", multiple=True, metavar="RULES", help="Report only these: names, codes or 7xx.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Report all but these.")
@click.option("--changed-since", metavar="REF", help="Report only what the change since this commit caused.")
@click.option("--stdin-filename", type=FILE, help="The file that the text on stdin (PATHS is -) belongs to.")
@flag("--strict", "Warnings fail too.")
@flag("--fix", "Fix what can be fixed without changing the meaning.")
@flag("--unsafe-fixes", "Also make fixes that are probably right. Check the result.")
@flag("--diff", "Show what would be fixed, write nothing, exit 1 if anything would.")
@flag("--no-cache", "Read every file again, even if it hasn't changed.")
def lint_command(context: Context, **options: Any) -> int:
    """Check every file under kpis/, or report only on PATHS.

    Every file is read either way, so that references between files are known.
    """
    from kpi.lint.report import only, selected

    chosen = Options(**options)
    chosen.form = chosen.form or ("github" if in_workflow() and not chosen.statistics else "text")
    chosen.fixing = chosen.fix or chosen.unsafe_fixes or chosen.diff
    committed, before = _commits(context, chosen)
    given = committed | _from_stdin(context.root, chosen)

    def check(files: "Overlay") -> "Report":
        return _check(context, chosen, before, {**given, **files})

    def narrow(report: "Report") -> "Report":
        paths = (chosen.stdin_filename,) if chosen.stdin_filename else chosen.paths
        wanted = _known_from_root(context.root, paths, report.paths)
        return selected(only(report, wanted) if wanted else report, chosen.select, chosen.ignore)

    whole = check({})
    report = narrow(whole)
    if chosen.fixing:
        from kpi.lint.fixes import make_fixes
        from kpi.store.edit import replace_file

        fixed = make_fixes(context.root, whole, check, unsafe=chosen.unsafe_fixes, only=report.findings)
        for path, (old, new) in fixed.files.items():
            if chosen.diff:
                context.tell(difference(path, old, new))
            else:
                replace_file(context.root, path, old, new)
        if chosen.diff or report.findings:
            verb = "would be fixed" if chosen.diff else "fixed"
            files = counted(len(fixed.files), "file")
            context.say(f"{counted(fixed.findings, 'finding')} {verb} in {files}.")
        if chosen.diff:
            return 1 if fixed.files else 0
        report = narrow(fixed.report)
    _tell(report, context, chosen)
    return int(any(chosen.strict or finding.severity == ERROR for finding in report.findings))


def _check(context: Context, chosen: Options, before: "Overlay | None", overlay: "Overlay") -> "Report":
    """The report on everything, or on everything that a change has to answer for; `before` are the files before it."""
    root, day = context.root, context.day
    if chosen.no_cache or PLAN in overlay:  # the cache holds to what the plan requires, if it is used
        from kpi.store.repository import read_plan

        read_plan(root, overlay, style=False)
    how: dict[str, Any] = {"cached": not chosen.no_cache, "progress": context.progress}
    if chosen.changed_since is not None:
        from kpi.lint.changes import lint_since

        report = lint_since(root, day, chosen.changed_since, overlay, **how)
    elif before is not None:
        from kpi.lint.changes import lint_change

        report = lint_change(root, day, before, overlay, **how)
    else:
        from kpi.lint.engine import lint

        report = lint(root, day, overlay, **how)
    if any(finding.rule == "not-in-plan" for finding in report.findings):  # of a file that isn't there
        from kpi.store.versions import refuse_sparse

        refuse_sparse(root)
    return report


def _from_stdin(root: Path, chosen: Options) -> dict[str, bytes]:
    from kpi.store.files import LIMIT

    if Path("-") not in chosen.paths and chosen.stdin_filename is None:
        return {}
    form = "kpis/<priority>/<kpi>.yaml"
    if chosen.paths != (Path("-"),) or chosen.stdin_filename is None:
        raise UserError(f"To check the text on stdin write kpi lint - --stdin-filename {form}.")
    path = _from_root(root, chosen.stdin_filename)
    if path != PLAN and location_of(path) is None:
        raise UserError(f"There can be no KPI file at {quoted(path)}. Write {form}, or {PLAN}.")
    if chosen.fixing:
        raise UserError("The text on stdin can't be fixed here. Name the file instead.")
    return {path: sys.stdin.buffer.read(LIMIT + 1) if sys.stdin else b""}


def _tell(report: "Report", context: Context, chosen: Options) -> None:
    form, summary = chosen.form, chosen.summary
    if chosen.statistics and form != "text":
        raise UserError("--statistics is text only. Leave --format out.")
    if summary is None and form == "github" and (page := os.environ.get("GITHUB_STEP_SUMMARY")):
        summary = Path(page)  # shown on the page of the run
    workflow = (
        this_workflow(context.root) if summary or form in {"github", "markdown", "sarif"} else NO_WORKFLOW
    )
    text = statistics(report) if chosen.statistics else REPORTERS[form](report, workflow)
    if chosen.output is None and context.coloured and form in {"text", "concise"}:
        text = coloured(text)
    context.tell(text, chosen.output)
    if summary is not None:
        from kpi.store.output import append_file

        append_file(summary, REPORTERS["markdown"](report, workflow))


def _commits(context: Context, chosen: Options) -> "tuple[dict[str, bytes], Overlay | None]":
    """In a workflow the files as the commit has them, if they aren't to be fixed, and as the one before has them, if known."""
    wanted: dict[str, str] = {}  # commits, with what is said where one isn't known
    if in_workflow() and not chosen.fixing:
        wanted["HEAD"] = "The files in the work tree were checked, not a commit."
    if in_workflow() and chosen.form == "github" and chosen.changed_since is None:
        why = "The change is not known: nothing is compared with what was published before"
        wanted["HEAD^"] = f"{why}, and findings on changed lines don't come first."
    stored: dict[str, Overlay] = {}
    for ref, unknown in wanted.items():
        from kpi.store import git

        try:
            stored[ref] = git.read(context.root, git.resolve(context.root, ref))
        except (UserError, ToolError) as error:
            context.say(f"kpi: {unknown} {error}")
    files = stored.get("HEAD", {}).items()
    return {path: data for path, data in files if path == PLAN or location_of(path)}, stored.get("HEAD^")


def _known_from_root(root: Path, paths: tuple[Path, ...], files: Collection[str]) -> list[str]:
    """The paths on the command line, as `_from_root` has them; a `UserError` if one doesn't lead to any of the files."""
    from kpi.lint.report import covers  # with all rules

    if not files:
        why = "Nothing was found to check: kpis/ holds no plan and no KPI file."
        raise UserError(f"{why} Begin with kpi init.")
    names = [_from_root(root, path) for path in paths]
    for name, path in zip(names, paths, strict=True):
        if not any(covers(name, file) for file in files):
            raise UserError(f"Nothing was found to check at {quoted(str(path))}.")
    return names


def _from_root(root: Path, path: Path) -> str:
    """A path as the findings name it: from the root, with forward slashes. A `UserError` if it is outside it."""
    absolute = Path(os.path.normpath(Path.cwd() / path))  # a link itself, not what it points at
    try:
        return (absolute.parent.resolve() / absolute.name).relative_to(root.resolve()).as_posix()
    except ValueError:
        raise UserError(f"{quoted(str(path))} is not in the repository {quoted(str(root))}.") from None


def difference(path: str, before: bytes, after: bytes) -> str:
    """What changes in a file, as `git apply` takes it; hidden characters are shown by their number."""
    import difflib
    from io import StringIO

    texts = (data.decode("utf-8", "replace").replace("\r\n", "\n") for data in (before, after))
    old, new = (StringIO(text).readlines() for text in texts)
    name = display(path, 400)
    text = ""
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"):
        end = "\n" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        text += display(line.removesuffix("\n"), 2000) + end
    return text or f"{name}: only line ends or marks at its start change.\n"


def lines_changed(path: str, before: bytes, after: bytes) -> list[str]:
    """The lines of a file that change and no others, with the place of the first: "kpis/care/visits.yaml:20"."""
    import difflib

    texts = (data.decode("utf-8", "replace").replace("\r\n", "\n") for data in (before, after))
    old, new = (text.split("\n") for text in texts)
    shown: list[str] = []
    for kind, i, j, m, n in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if kind != "equal":
            lines = [*(f"- {line}" for line in old[i:j]), *(f"+ {line}" for line in new[m:n])]
            shown += [f"{display(path, 400)}:{m + 1}", *(display(line, 2000) for line in lines)]
    same = [] if before == after else [f"{display(path, 400)}: only line ends or marks at its start change."]
    return shown or same


@command("fmt")
@click.argument("paths", nargs=-1, type=PATH)
@flag("--check", "Write nothing; say which files differ, and exit 1 if any does.")
@flag("--diff", "Write nothing; show what would change, and exit 1 if anything would.")
def fmt_command(context: Context, paths: tuple[Path, ...], *, check: bool, diff: bool) -> int:
    """Write the files under kpis/, or those at PATHS, in their standard form.

    Spaces, blank lines, the shape of figures and their order change; no digit, no quote and no comment does. A file
    that can't be read is left alone.
    """
    from kpi.lint.report import covers
    from kpi.store.edit import replace_file, tidy
    from kpi.store.repository import read_plan

    root = context.root
    files = list(tidy(root, read_plan(root).year_starts, context.progress))
    if names := _known_from_root(root, paths, [file.path for file in files]):
        files = [file for file in files if any(covers(name, file.path) for name in names)]
    changed = incomplete = 0
    for path, before, after, doubt in files:
        name = display(path, 400)
        if after is None:
            context.say(f"kpi: {name} can't be read as it is, so it was left alone. Run kpi lint.")
        elif diff and after != before:
            context.tell(difference(path, before, after))
        elif check and after != before:
            context.tell(f"{name} differs from the standard form.\n")
        elif after != before:
            replace_file(root, path, before, after)
            context.tell(f"{name}\n")
        if doubt is not None:
            line = doubt.span.line if doubt.span else 1
            context.say(f"kpi: {display(f'{path}:{line}: {doubt.message} {doubt.help}', 400)}")
        changed += after not in {None, before}
        incomplete += after is None or doubt is not None
    verb = "differ" if check or diff else "changed"
    context.say(f"{counted(len(files), 'file')} looked at, {changed} {verb}.")
    return int(bool(incomplete or (changed and (check or diff))))
