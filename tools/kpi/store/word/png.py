"""Pictures as PNG, drawn by resvg, for programs that draw no SVG, or draw it in the colours of a dark screen."""

from functools import cache
from struct import pack, unpack_from
from zlib import crc32

import resvg_py

from kpi.model.errors import ToolError

_FONTS = (None, "DejaVu Sans", "Noto Sans")  # what the system has for sans-serif, and what Linux mostly has
_SHARPNESS = 2  # dots for each of a picture's own, of which 96 are an inch
_TALLEST = 6.5  # inches that a page has for a picture
_HEADER = 33  # bytes of a PNG: its signature, and the part that has its size
_INCHES = 39.37  # in a metre


def png(svg: str) -> bytes:
    """A picture as PNG, with its size on paper: its own, or as much as a page can hold.

    Raises:
        ToolError: if there is no font for its words.
    """
    drawn = _drawn(svg, _font())
    (height,) = unpack_from(">I", drawn, 20)
    dots = round(max(96 * _SHARPNESS, height / _TALLEST) * _INCHES)  # a metre
    size = b"pHYs" + pack(">IIB", dots, dots, 1)
    return drawn[:_HEADER] + pack(">I", 9) + size + pack(">I", crc32(size)) + drawn[_HEADER:]


def _drawn(svg: str, font: str | None) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_SHARPNESS, sans_serif_family=font))


@cache
def _font() -> str | None:
    """The font for words: resvg leaves out, without a word, what it has no font for."""
    probe = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" font-family="sans-serif">{}</text></svg>'
    for font in _FONTS:
        if _drawn(probe.format("M"), font) != _drawn(probe.format(""), font):
            return font
    raise ToolError("Pictures need a font for their words. Install one, such as DejaVu Sans.")
