"""`kpi fmt`: the standard form of the files."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import command


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
    from kpi.cli.changes import difference, named
    from kpi.model.text import counted, display
    from kpi.store.edit import replace_file
    from kpi.store.tidy import tidy

    root = context.root
    found = tidy(root, context.progress)
    chosen = named(root, paths, [one.path for one in found])
    changed = [one for one in found if one.path in chosen and one.after not in {None, one.before}]
    unread = [one.path for one in found if one.path in chosen and one.after is None]
    for one in changed:
        assert one.after is not None
        if diff:
            context.tell(difference(one.path, one.before, one.after))
        elif check:
            context.tell(f"{display(one.path, 400)} differs from the standard form.\n")
        else:
            replace_file(root, one.path, one.before, one.after)
            context.tell(f"{display(one.path, 400)}\n")
    for path in unread:
        context.say(f"kpi: {display(path, 400)} can't be read as it is, so it was left alone. Run kpi lint.")
    doubtful = [one for one in found if one.path in chosen and one.doubt is not None]
    for one in doubtful:
        assert one.doubt is not None
        line = one.doubt.span.line if one.doubt.span else 1
        context.say(f"kpi: {display(f'{one.path}:{line}: {one.doubt.message} {one.doubt.help}', 400)}")
    what = "differ" if check or diff else "changed"
    context.say(f"{counted(len(chosen), 'file')} looked at, {len(changed)} {what}.")
    return 1 if unread or doubtful or (changed and (check or diff)) else 0
