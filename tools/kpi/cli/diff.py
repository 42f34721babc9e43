"""`kpi diff`: what a change means."""

from pathlib import Path

import click

from kpi.cli.frame import Frame, command
from kpi.model.errors import UserError


@command("diff")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of stdout."
)
def command_line(frame: Frame, base: str | None, head: str | None, form: str, output: Path | None) -> int:
    """Say what a change means: figures, targets, definitions, statuses.

    Without BASE the files are compared with the last commit. With BASE, with where this branch left it. With BASE and
    HEAD these two commits are compared. How a file is written doesn't matter, only what it says.
    """
    from kpi.judge.changes import changes
    from kpi.store.output import write_file
    from kpi.store.sides import sides

    before, after = sides(*_files(frame.root, base, head))
    if before.plan is None and after.plan is None:
        raise UserError("kpis/plan.yaml can't be used. Run kpi lint to see why.")
    found = changes(before, after, frame.as_of)
    if form == "json":
        from kpi.pages.changes.report_json import changes_json

        told = changes_json(found)
    else:
        from kpi.pages.changes.report import changes_markdown, changes_text

        told = changes_markdown(found) if form == "markdown" else changes_text(found)
    if output is None:
        frame.tell(told)
    else:
        write_file(output, told)
    return 0


def _files(root: Path, base: str | None, head: str | None) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of the two versions that are meant."""
    from kpi.store import git
    from kpi.store.sides import on_disk

    start = git.resolve(root, "HEAD" if base is None else base)
    if head is not None:
        end = git.resolve(root, head)
        return git.read(root, start), git.read(root, end)
    if base is not None:
        start = git.branched_off(root, start)
    return git.read(root, start), on_disk(root)
