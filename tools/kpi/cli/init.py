"""`kpi init`: begin a repository."""

import contextlib
from itertools import groupby
from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.file_changes import write_proposal
from kpi.cli.options import command
from kpi.lint.proposal import Proposal
from kpi.lint.registering import propose_kpis
from kpi.model.errors import ToolError, UserError
from kpi.model.text import counted, display, listed, quoted
from kpi.store.blank import Spot
from kpi.store.paths import KPIS, PLAN, holds_kpis, walk
from kpi.store.starter import bare_plan, starting_files
from kpi.store.tables.table_file import read_tables


@command("init")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Start with the KPIs of a table (CSV or Excel), a row for each, instead of samples.",
)
def command_line(context: Context, folder: Path | None, table: Path | None) -> int:
    """Create a repository in FOLDER, or in this one.

    It gets a plan with three sample KPIs, and what an editor, git, pre-commit and GitHub need. What is there already stays as
    it is: beside a plan only what is missing is written, and KPI files without a plan get one.
    """
    root = _folder(folder or context.root_given or Path())
    if table is not None:
        return _from_table(context, root, table)
    files = _files(context, root)
    new = {path: content for path, content in files.items() if not (root / path).exists()}
    old = sorted(files.keys() - new.keys())
    there = f" in {display(str(folder), 400)}" if folder else ""
    then = f" Now run kpi lint and kpi build{there}. README.md says what comes next." if PLAN in new else ""
    done = f"{counted(len(new), 'file')} written." if new else "Nothing had to be written."
    proposal = Proposal(
        {path: (None, content) for path, content in new.items()},
        list(new),
        [f"Already there, and left unchanged: {listed(old, 20)}."] if old else (),
        done=f"{done}{then}",
    )
    return write_proposal(context, root, proposal)


def _folder(root: Path) -> Path:
    """The folder, made if need be.

    Raises:
        UserError: if something else is in its place.
        ToolError: if it can't be made.
    """
    if root.exists() and not root.is_dir():
        raise UserError(f"{quoted(str(root))} is not a folder.")
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(f"The folder {quoted(str(root))} can't be made: {error.strerror}.") from error
    return root


def _files(context: Context, root: Path) -> dict[str, bytes]:
    """The files that the repository should have. Without KPI files there are samples."""
    files = starting_files(context.day)
    kpis = walk(root).files if holds_kpis(root) else ()
    if not kpis and not (root / PLAN).exists():
        return files
    files = {path: content for path, content in files.items() if not path.startswith(f"{KPIS}/")}
    if (root / PLAN).exists():
        return files
    folders = groupby(kpis, key=lambda place: place.priority)
    titles = {
        Spot(name, name.replace("-", " ").capitalize()): [place.kpi for place in places]
        for name, places in folders
    }
    return {PLAN: bare_plan(titles), **files}


def _from_table(context: Context, root: Path, table: Path) -> int:
    """Begin with the KPIs of a table.

    Raises:
        UserError: if there is a plan, or KPIs that aren't the table's.
    """
    (root / KPIS).mkdir(exist_ok=True)
    if (root / PLAN).exists():
        raise UserError(
            f"There is something under {KPIS}/ already. Run kpi init without --from, and then: kpi import --new {table}"
        )
    starting = starting_files(context.day).items()
    beside = {path: data for path, data in starting if not path.startswith(f"{KPIS}/")}
    beside[PLAN] = bare_plan({})
    name = display(table.name, 80)
    try:
        kpis = propose_kpis(root, read_tables(table, heading=""), name, context.day, context.progress, beside)
        return write_proposal(context, root, kpis)
    finally:
        with contextlib.suppress(OSError):
            (root / KPIS).rmdir()  # nothing was written
