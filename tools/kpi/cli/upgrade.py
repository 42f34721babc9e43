"""`kpi upgrade`: bring a repository to the form that this version writes."""

import click

from kpi.cli.context import Context
from kpi.cli.file_changes import lines_changed
from kpi.cli.options import command
from kpi.model.errors import UserError
from kpi.model.text import counted
from kpi.store.edit import UnplacedError, replace_files
from kpi.store.upgrade import upgraded


@command("upgrade")
@click.option(
    "--check", is_flag=True, help="Write nothing; say what would change, and exit 1 if anything would."
)
def command_line(context: Context, *, check: bool) -> int:
    """Upgrade files in an older form to the one of this version: the plan, the schemas for editors, and the version that is installed.

    What the files say stays the same. There is only one form of the KPI files so far, so these don't change.
    """
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
    done = (
        f"{counted(len(files), 'file')} {'would be ' if check else ''}upgraded."
        if files
        else "Everything has the form of this version."
    )
    context.say(f"kpi: {done}")
    return int(check and bool(files))
