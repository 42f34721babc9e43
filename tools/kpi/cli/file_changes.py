"""`kpi fmt` and `upgrade`, and what all commands that change files share: how a change is shown and written."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpi.cli.context import Context
from kpi.cli.main import PATH, command
from kpi.model.errors import UserError
from kpi.model.text import counted, display, quoted

if TYPE_CHECKING:
    from kpi.lint.changes import Proposal
    from kpi.lint.fixes import FixResult

_LONGEST = 2000  # characters of a line that are shown


def known_from_root(root: Path, paths: tuple[Path, ...], files: Collection[str]) -> list[str]:
    """The paths on the command line, as `from_root` has them; a `UserError` if one doesn't lead to any of the files."""
    from kpi.lint.report import covers  # with all rules

    if not files:
        why = "Nothing was found to check: kpis/ holds no plan and no KPI file."
        raise UserError(f"{why} Begin with kpi init.")
    names = from_root(root, paths)
    for name, path in zip(names, paths, strict=True):
        if not any(covers(name, file) for file in files):
            raise UserError(f"Nothing was found to check at {quoted(str(path))}.")
    return names


def from_root(root: Path, paths: tuple[Path, ...]) -> list[str]:
    """The paths as the findings name them: from the root, with forward slashes. A `UserError` if one is outside it."""
    names = []
    for path in paths:
        place = Path(os.path.normpath(Path.cwd() / path))  # a link itself, not what it points at
        try:
            names.append((place.parent.resolve() / place.name).relative_to(root.resolve()).as_posix())
        except ValueError:
            raise UserError(f"{quoted(str(path))} is not in the repository {quoted(str(root))}.") from None
    return names


def difference(path: str, before: bytes, after: bytes) -> str:
    """What changes in a file, line by line as `diff -u` shows it; hidden characters are shown by their number."""
    import difflib

    texts = (data.decode("utf-8", "replace").replace("\r\n", "\n") for data in (before, after))
    old, new = (text.split("\n") for text in texts)
    name = display(path, 400)
    lines = difflib.unified_diff(old, new, f"{name} (now)", f"{name} (fixed)", lineterm="")
    text = "".join(f"{display(line, _LONGEST)}\n" for line in lines)
    return text or f"{name}: only line ends or marks at its start change.\n"


def lines_changed(path: str, before: bytes, after: bytes) -> list[str]:
    """The lines of a file that change and no others, with the place of the first: "kpis/care/visits.yaml:20"."""
    import difflib

    old, new = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    shown: list[str] = []
    for kind, i, j, m, n in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if kind != "equal":
            lines = [*(f"- {line}" for line in old[i:j]), *(f"+ {line}" for line in new[m:n])]
            shown += [f"{display(path, 400)}:{m + 1}", *(display(line, _LONGEST) for line in lines)]
    return shown


def write_proposal(context: Context, root: Path, proposal: "Proposal", *, dry_run: bool = False) -> int:
    """Write what is proposed, all or nothing, and print what there is to say of it; the exit code.

    A `ChangedMeanwhileError` if a file has changed since it was read. Nothing is printed then.
    """
    from kpi.store.edit import replace_files

    if not proposal.refusal and not dry_run:
        replace_files(root, proposal.files)
    context.tell("".join(f"{line}\n" for line in proposal.lines))
    for error in proposal.errors:
        context.warn(f"kpi: {error}")
    done = "Nothing was written, because of --dry-run." if dry_run and proposal.files else proposal.done
    last = context.warn if proposal.errors else context.say
    for remark in filter(None, (*proposal.remarks, proposal.refusal or done)):
        last(f"kpi: {remark}")
    return 1 if proposal.refusal else 0


def write_fixes(context: Context, fixed: "FixResult", *, dry_run: bool) -> None:
    """Write the fixed files, or show what would be fixed."""
    from kpi.store.edit import replace_file

    for path, (before, after) in fixed.files.items():
        if dry_run:
            context.tell(difference(path, before, after))
        else:
            replace_file(context.root, path, before, after)
    verb = "would be fixed" if dry_run else "fixed"
    context.say(f"{counted(fixed.findings, 'finding')} {verb} in {counted(len(fixed.files), 'file')}.")


@command("fmt")
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--check", is_flag=True, help="Write nothing; say which files differ, and exit 1 if any does.")
@click.option(
    "--diff", is_flag=True, help="Write nothing; show what would change, and exit 1 if anything would."
)
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
    if names := known_from_root(root, paths, [file.path for file in files]):
        files = [file for file in files if any(covers(name, file.path) for name in names)]
    changed = [file for file in files if file.after not in {None, file.before}]
    unread = [file.path for file in files if file.after is None]
    for file in changed:
        assert file.after is not None
        if diff:
            context.tell(difference(file.path, file.before, file.after))
        elif check:
            context.tell(f"{display(file.path, 400)} differs from the standard form.\n")
        else:
            replace_file(root, file.path, file.before, file.after)
            context.tell(f"{display(file.path, 400)}\n")
    for path in unread:
        context.say(f"kpi: {display(path, 400)} can't be read as it is, so it was left alone. Run kpi lint.")
    doubts = [(file.path, file.doubt) for file in files if file.doubt is not None]
    for path, doubt in doubts:
        line = doubt.span.line if doubt.span else 1
        context.say(f"kpi: {display(f'{path}:{line}: {doubt.message} {doubt.help}', 400)}")
    verb = "differ" if check or diff else "changed"
    context.say(f"{counted(len(files), 'file')} looked at, {len(changed)} {verb}.")
    return 1 if unread or doubts or (changed and (check or diff)) else 0


@command("upgrade")
@click.option(
    "--check", is_flag=True, help="Write nothing; say what would change, and exit 1 if anything would."
)
def upgrade_command(context: Context, *, check: bool) -> int:
    """Upgrade files in an older form to the one of this version: the plan, the schemas for editors, and the version that is installed.

    What the files say stays the same. There is only one form of the KPI files so far, so these don't change.
    """
    from kpi.store.edit import UnplacedError, replace_files
    from kpi.store.upgrade import upgraded

    root = context.root
    try:
        files = upgraded(root)
    except UnplacedError as error:
        raise UserError(f"kpis/plan.yaml: {error}") from None
    if not check:
        replace_files(root, files)
    for path, (before, after) in files.items():
        lines = [path] if path.startswith("schema/") else lines_changed(path, before, after)
        context.tell("".join(f"{line}\n" for line in lines))
    done = f"{counted(len(files), 'file')} {'would be ' if check else ''}upgraded."
    context.say(f"kpi: {done if files else 'Everything has the form of this version.'}")
    return int(check and bool(files))
