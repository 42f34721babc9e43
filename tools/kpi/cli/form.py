"""`kpi fmt` and `upgrade`: bring files to their standard form, and to that of this version."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.file_changes import difference, known_from_root, lines_changed
from kpi.cli.main import PATH, command
from kpi.lint.report import covers
from kpi.model.errors import UserError
from kpi.model.text import counted, display
from kpi.store.edit import UnplacedError, replace_file, replace_files, tidy
from kpi.store.repository import read_plan
from kpi.store.upgrade import upgraded


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
    root = context.root
    files = tidy(root, read_plan(root).year_starts, context.progress)
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
