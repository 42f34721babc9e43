"""A document in Markdown as a file for Word or LibreOffice, laid out by pandoc.

pandoc and what draws the pictures come with optional packages; nothing else has to be installed.
"""

import os
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from kpi.model.errors import ToolError, UserError

FORMS = (".docx", ".odt")
"""How the names of such files end."""

_MARKDOWN = "gfm-tex_math_dollars"  # two prices in a line are no formula
_CLOCK = "SOURCE_DATE_EPOCH"
_HERE = Path(__file__).parent
_FRAME = re.compile(r"<draw:frame (.*?)</draw:frame>(<svg:desc>.*?</svg:desc>)", re.DOTALL)


def document(text: str, pictures: Mapping[str, str], form: str, day: date, styles: Path) -> bytes:
    """The file's bytes. The same text gives the same bytes: it says that it was made on the day that is given.

    Args:
        text: the document, in GitHub's Markdown.
        pictures: the SVG of each picture, by its path in the document.
        form: one of `FORMS`.
        day: the day that the document is of.
        styles: a file whose styles it takes; the program's own where there is none.

    Raises:
        UserError: if an optional package is missing.
        ToolError: if there is no font, or the file can't be made.
    """
    try:
        import pypandoc

        from kpi.store.word.png import png

        pypandoc.get_pandoc_path()
    except (ImportError, OSError):
        packages = "pip install pypandoc-binary resvg-py"
        raise UserError(
            f"A {form} file is made by two packages that are not installed: {packages}."
        ) from None
    with TemporaryDirectory(prefix="kpi-") as folder:
        for path, svg in pictures.items():
            drawn = Path(folder, path).with_suffix(".png")
            drawn.parent.mkdir(parents=True, exist_ok=True)
            drawn.write_bytes(png(svg))
            text = text.replace(f"]({path})", f"]({drawn.relative_to(folder).as_posix()})")
        file = Path(folder) / f"document{form}"
        options = (
            "--standalone",
            "--shift-heading-level-by=-1",  # the first heading becomes the title, also in the file's properties
            f"--lua-filter={_HERE / 'layout.lua'}",
            f"--reference-doc={styles if styles.is_file() else _HERE / f'styles{form}'}",
            f"--resource-path={folder}",
        )
        with _clock_at(day):
            try:
                pypandoc.convert_text(
                    text, form[1:], _MARKDOWN, options, outputfile=file, verify_format=False
                )
            except RuntimeError as error:
                raise ToolError(f"pandoc could not make the {form} file: {error}") from error
        return _corrected(file.read_bytes()) if form == ".odt" else file.read_bytes()


@contextmanager
def _clock_at(day: date) -> Iterator[None]:
    """Let pandoc take this day for today. It asks the environment, which is as it was afterwards."""
    before = os.environ.get(_CLOCK)
    os.environ[_CLOCK] = str(timegm(day.timetuple()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[_CLOCK]
        else:
            os.environ[_CLOCK] = before


def _corrected(file: bytes) -> bytes:
    """An OpenDocument file in which pictures have their words and stand in their line, and rows have lines between them."""
    made = BytesIO()
    with ZipFile(BytesIO(file)) as old, ZipFile(made, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "content.xml":
                text = _FRAME.sub(r'<draw:frame text:anchor-type="as-char" \1\2</draw:frame>', data.decode())
                lined = (
                    'fo:border-bottom="0.5pt solid #808080" fo:padding-left="1.4mm" fo:padding-right="1.4mm"'
                )
                data = text.replace('fo:border="none"', lined).encode()
            new.writestr(part, data)
    return made.getvalue()
