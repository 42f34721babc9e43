"""A document in Markdown as a file for Word or LibreOffice, laid out by pandoc, with its pictures drawn by resvg."""

import os
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from struct import pack, unpack_from
from tempfile import TemporaryDirectory
from zipfile import ZipFile
from zlib import crc32

from kpi.model.errors import ToolError, UserError

FORMS = (".docx", ".odt")  # how the names of such files end
_MARKDOWN = "gfm-tex_math_dollars"  # two prices in a line are no formula
_CLOCK = "SOURCE_DATE_EPOCH"
_HERE = Path(__file__).parent
_LINED = 'fo:border-bottom="0.5pt solid #808080" fo:padding-left="1.4mm" fo:padding-right="1.4mm"'
_FRAME = re.compile(r"<draw:frame (.*?)</draw:frame>(<svg:desc>.*?</svg:desc>)", re.DOTALL)
_FONTS = (None, "DejaVu Sans", "Noto Sans")  # what the system has for sans-serif, and what Linux mostly has
_SHARPNESS = 2  # dots for each of a picture's own, of which 96 are an inch
_TALLEST = 6.5  # inches that a page has for a picture
_HEADER = 33  # bytes of a PNG: its signature, and the part that has its size
_INCHES = 39.37  # in a metre


def document(text: str, pictures: Mapping[str, str], form: str, day: date, styles: Path) -> bytes:
    """A file in one of `FORMS`, as of this day, of a text in GitHub's Markdown with the SVG of its pictures, by their path."""
    try:
        import pypandoc
        import resvg_py  # noqa: F401 used below

        pypandoc.get_pandoc_path()
    except (ImportError, OSError):
        why = f"A {form} file is made by two packages that are not installed"
        raise UserError(f"{why}: pip install pypandoc-binary resvg-py.") from None
    with TemporaryDirectory(prefix="kpi-") as folder:
        for path, svg in pictures.items():
            drawn = Path(folder, path).with_suffix(".png")
            drawn.parent.mkdir(parents=True, exist_ok=True)
            drawn.write_bytes(_png(svg))
            text = text.replace(f"]({path})", f"]({drawn.relative_to(folder).as_posix()})")
        file = Path(folder) / f"document{form}"
        options = (
            "--standalone",
            "--shift-heading-level-by=-1",  # the first heading becomes the title, also in the file's properties
            f"--lua-filter={_HERE / 'layout.lua'}",
            f"--reference-doc={styles if styles.is_file() else _HERE / f'styles{form}'}",
            f"--resource-path={folder}",
        )
        before = {name: value for name, value in os.environ.items() if name == _CLOCK}
        os.environ[_CLOCK] = str(timegm(day.timetuple()))  # from which pandoc learns what day it is
        try:
            pypandoc.convert_text(text, form[1:], _MARKDOWN, options, outputfile=file, verify_format=False)
        except RuntimeError as error:
            raise ToolError(f"pandoc could not make the {form} file: {error}") from error
        finally:
            del os.environ[_CLOCK]
            os.environ.update(before)
        return _corrected(file.read_bytes()) if form == ".odt" else file.read_bytes()


def _corrected(file: bytes) -> bytes:
    """An OpenDocument file in which pictures have their words and stand in their line, and rows have lines between them."""
    made = BytesIO()
    with ZipFile(BytesIO(file)) as old, ZipFile(made, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "content.xml":
                text = _FRAME.sub(r'<draw:frame text:anchor-type="as-char" \1\2</draw:frame>', data.decode())
                data = text.replace('fo:border="none"', _LINED).encode()
            new.writestr(part, data)
    return made.getvalue()


def _png(svg: str) -> bytes:
    drawn = _drawn(svg, _font())
    (height,) = unpack_from(">I", drawn, 20)
    dots = round(max(96 * _SHARPNESS, height / _TALLEST) * _INCHES)  # a metre
    size = b"pHYs" + pack(">IIB", dots, dots, 1)
    return drawn[:_HEADER] + pack(">I", 9) + size + pack(">I", crc32(size)) + drawn[_HEADER:]


def _drawn(svg: str, font: str | None) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_SHARPNESS, sans_serif_family=font))


@cache
def _font() -> str | None:
    """The font for words: resvg leaves out, without a word, what it has no font for."""
    probe = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" font-family="sans-serif">{}</text></svg>'
    for font in _FONTS:
        if _drawn(probe.format("M"), font) != _drawn(probe.format(""), font):
            return font
    raise ToolError("Pictures need a font for their words. Install one, such as DejaVu Sans.")
