"""`kpi lint`: check every file."""

import os
from pathlib import Path

import click

from kpi.cli.frame import Frame, command, today
from kpi.lint.reporters import REPORTERS
from kpi.lint.reporters.colour import coloured


@command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(REPORTERS)), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
def command_line(frame: Frame, paths: tuple[Path, ...], form: str, *, strict: bool) -> int:
    """Check every file under kpis/, or report only on PATHS.

    Every file is read either way, so that references between files are known.
    """
    from kpi.lint.engine import covers, lint, only
    from kpi.model.errors import UserError
    from kpi.model.finding import ERROR
    from kpi.model.text import quoted

    root = frame.root
    report = lint(root, frame.as_of or today())
    if not report.paths:
        raise UserError("Nothing was found to check: kpis/ holds no plan and no KPI file.")
    wanted = _relative(root, paths)
    for one, path in zip(wanted, paths, strict=True):
        if not any(covers(one, checked) for checked in report.paths):
            raise UserError(f"Nothing was found to check at {quoted(str(path))}.")
    if wanted:
        report = only(report, wanted)
    told = REPORTERS[form](report)
    frame.tell(coloured(told) if frame.coloured and form in {"text", "concise"} else told)
    failing = report.findings if strict else [one for one in report.findings if one.severity == ERROR]
    return 1 if failing else 0


def _relative(root: Path, paths: tuple[Path, ...]) -> list[str]:
    """The paths as the findings name them: from the root, with forward slashes."""
    from kpi.model.errors import UserError
    from kpi.model.text import quoted

    found = []
    for path in paths:
        place = Path(os.path.normpath(Path.cwd() / path))  # a link itself, not what it points at
        try:
            found.append((place.parent.resolve() / place.name).relative_to(root.resolve()).as_posix())
        except ValueError:
            raise UserError(f"{quoted(str(path))} is not in the repository {quoted(str(root))}.") from None
    return found
