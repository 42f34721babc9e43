"""`kpi fmt`: the standard form of the files."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.file_changes import difference, known_from_root
from kpi.cli.options import command
from kpi.lint.report import covers
from kpi.model.text import counted, display
from kpi.store.edit import replace_file, tidy
from kpi.store.repository import read_plan


@command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; say which files differ, and exit 1 if any does.")
@click.option(
    "--diff", is_flag=True, help="Write nothing; show what would change, and exit 1 if anything would."
)
def command_line(context: Context, paths: tuple[Path, ...], *, check: bool, diff: bool) -> int:
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
    doubtful = [file for file in files if file.doubt is not None]
    for file in doubtful:
        assert file.doubt is not None
        line = file.doubt.span.line if file.doubt.span else 1
        context.say(f"kpi: {display(f'{file.path}:{line}: {file.doubt.message} {file.doubt.help}', 400)}")
    verb = "differ" if check or diff else "changed"
    context.say(f"{counted(len(files), 'file')} looked at, {len(changed)} {verb}.")
    return 1 if unread or doubtful or (changed and (check or diff)) else 0
