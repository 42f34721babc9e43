"""`kpi paper`: the whole scorecard as one document."""

from pathlib import Path

import click

from kpi.cli.context import Context
from kpi.cli.options import FilePath, command
from kpi.cli.repository import load_whole, since_last_edition
from kpi.judge.judgement import Judgement
from kpi.model.errors import ToolError, UserError
from kpi.pages import links
from kpi.pages.paper import paper
from kpi.pages.site import pictures
from kpi.store.output import write_file

_NOT_WRITTEN = (".doc", ".html", ".pdf", ".rtf")


@command("paper")
@click.option("--output", type=FilePath(), help="Write to a file instead of stdout.")
def command_line(context: Context, output: Path | None) -> int:
    """Print the whole scorecard as one document in Markdown.

    With --output FILE.docx or FILE.odt, write it with its pictures as a file for Word or LibreOffice.
    """
    from kpi.store.word.document import FORMS

    form = output.suffix.lower() if output else ""
    if form in _NOT_WRITTEN:
        raise UserError(
            f"There is no paper in the form {form}. Write a .docx file, open it, and save it as {form}."
        )
    _, judgement = load_whole(context)
    try:
        since = since_last_edition(context.root, judgement)
    except (UserError, ToolError) as error:
        context.warn(f"kpi: {error} What has changed since is left out.")
        since = None
    text = paper(judgement, since)
    if output and form in FORMS:
        _write(context, judgement, text, output)
    else:
        context.tell(text, output)
    return 0


def _write(context: Context, judgement: Judgement, text: str, output: Path) -> None:
    from kpi.store.word.document import document

    drawn = {f"{links.FOLDER}/{path}": svg for path, svg in pictures(judgement).items()}
    needed = {path: svg for path, svg in drawn.items() if f"]({path})" in text}
    form = output.suffix.lower()
    styles = context.root / f"docs/word/styles{form}"
    write_file(output, document(text, needed, form, judgement.day, styles))
