"""`kpi paper`: the whole scorecard as one document."""

from pathlib import Path

import click

from kpi.cli.frame import Frame, command


@command("paper")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of stdout."
)
def command_line(frame: Frame, output: Path | None) -> int:
    """Print the whole scorecard as one document in Markdown, to read, print or turn into a Word file (docs/paper.md)."""
    from kpi.pages.paper import paper
    from kpi.store.output import write_file

    found = frame.whole()
    if found is None:
        return 1
    _, judgement = found
    text = paper(judgement)
    if output is None:
        frame.tell(text)
    else:
        write_file(output, text)
    return 0
