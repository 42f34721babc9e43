"""What the commands that change files share: which files are meant, and how a change is shown and written."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from kpi.cli.context import Context
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

    old, new = (
        content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n") for content in (before, after)
    )
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
