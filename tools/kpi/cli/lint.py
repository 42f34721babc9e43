"""`kpi lint`: check every file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpi.cli.frame import Frame, command, today
from kpi.lint.reporters import REPORTERS
from kpi.lint.reporters.colour import coloured

if TYPE_CHECKING:
    from kpi.lint.fixes import Mended


@command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(REPORTERS)), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing what is meant.")
@click.option("--unsafe-fixes", is_flag=True, help="Mend also what was probably meant. Look at the result.")
@click.option(
    "--diff", is_flag=True, help="Show what would be mended, write nothing, exit 1 if anything would."
)
def command_line(frame: Frame, paths: tuple[Path, ...], form: str, **asked: bool) -> int:
    """Check every file under kpis/, or report only on PATHS.

    Every file is read either way, so that references between files are known.
    """
    from kpi.cli.changes import named
    from kpi.lint.engine import lint, only
    from kpi.lint.fixes import mend
    from kpi.model.finding import ERROR

    root, day = frame.root, frame.as_of or today()
    report = lint(root, day)
    chosen = named(root, paths, report.paths)
    report = only(report, chosen)
    if asked["fix"] or asked["unsafe_fixes"] or asked["diff"]:
        mended = mend(
            root, report, lambda files: only(lint(root, day, files), chosen), unsafe=asked["unsafe_fixes"]
        )
        if asked["diff"]:
            return _shown(frame, mended)
        _written(frame, root, mended)
        report = mended.report
    told = REPORTERS[form](report)
    frame.tell(coloured(told) if frame.coloured and form in {"text", "concise"} else told)
    failing = (
        report.findings if asked["strict"] else [one for one in report.findings if one.severity == ERROR]
    )
    return 1 if failing else 0


def _shown(frame: Frame, mended: "Mended") -> int:
    """Show what would change."""
    from kpi.cli.changes import difference

    for path, (before, after) in mended.files.items():
        frame.tell(difference(path, before, after))
    frame.say(_count(mended, "would be mended"))
    return 1 if mended.files else 0


def _written(frame: Frame, root: Path, mended: "Mended") -> None:
    from kpi.store.edit import replace_file

    for path, (before, after) in mended.files.items():
        replace_file(root, path, before, after)
    frame.say(_count(mended, "mended"))


def _count(mended: "Mended", what: str) -> str:
    from kpi.model.text import counted

    return f"{counted(mended.mended, 'finding')} {what} in {counted(len(mended.files), 'file')}."
