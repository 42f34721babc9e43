"""The few shapes that a chart is drawn with, as SVG text: the same bytes on every machine, every text escaped."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from itertools import accumulate

from kpi.model.text import display

FONT = "system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif"
SIZE = 13
"""The height of most texts, in pixels: on a telephone the whole chart is drawn at half its size."""

_MOST = 400
_NARROW = frozenset("ijlIftr!|'\".,:;()[]/\\-` ")
_WIDE = frozenset("mwMWGOQ%@&…—‰+<=>~±×÷")


@lru_cache(maxsize=4096)  # every place is written two or three times
def number(value: float) -> str:
    """A coordinate with at most one decimal: "12", "12.5"."""
    told = f"{value:.1f}".removesuffix(".0")
    return "0" if told == "-0" else told


def words(text: str, limit: int = _MOST) -> str:
    """Text as it may stand in SVG, at most `limit` characters of it."""
    return escape(display(" ".join(text.split()), limit), quote=False)


def text_width(text: str, size: int = SIZE) -> float:
    """How wide a text is at most, in pixels: the reader's font is not known, so the widest usual one is thought of."""
    return size * sum(map(_em, text))


@lru_cache(maxsize=1024)  # the same characters stand in all texts
def _em(character: str) -> float:
    if character in _NARROW:
        return 0.46
    if character in _WIDE:
        return 1.02
    if character < "\u0300":
        return 0.79 if character.isupper() else 0.65
    return 1.4 if character > "\uffff" else 1.1


def wrapped(text: str, width: float, most: int, size: int = SIZE) -> list[str]:
    """A text in at most `most` lines that are at most `width` pixels wide; what is left over ends in "…"."""
    rest = display(" ".join(text.split()), _MOST)
    lines: list[str] = []
    while rest:
        fits = _fitting(rest, width, size)
        if fits == len(rest):
            return [*lines, rest]
        if len(lines) == most - 1:
            return [*lines, f"{rest[: _fitting(rest, width - text_width('…', size), size)].rstrip()}…"]
        end = rest.rfind(" ", 0, fits + 1)
        end = end if end > 0 else fits
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def _fitting(text: str, width: float, size: int) -> int:
    """How many characters of the text fit, one at least."""
    reached = list(accumulate([size * _em(character) for character in text]))
    return max(1, bisect_right(reached, width))


def path(steps: str, colour: str, width: float = 1, dash: str = "") -> str:
    """A line. `dash` is the lengths of strokes and gaps."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ' stroke-linecap="round"' if width > 1 else ""
    return f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{dashed}/>'


def dots(places: Iterable[tuple[float, float]], radius: float, colour: str) -> str:
    """Round dots in one shape: strokes of no length with round ends."""
    steps = "".join(f"M{number(x)} {number(y)}h.1" for x, y in places)
    return path(steps, colour, radius * 2)


def diamonds(places: Iterable[tuple[float, float]], colour: str, fill: str) -> str:
    """Diamonds in one shape."""
    steps = "".join(f"M{number(x)} {number(y - 5)}l5 5-5 5-5-5z" for x, y in places)
    return f'<path d="{steps}" fill="{fill}" stroke="{colour}" stroke-width="1.5"/>'


def ring(x: float, y: float, radius: float, colour: str) -> str:
    """A circle with nothing in it."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="none" stroke="{colour}"/>'


def band(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A pale stretch between two levels."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
        f'fill="{colour}" fill-opacity=".1"/>'
    )


def label(x: float, y: float, text: str, colour: str, *, anchor: str = "start", size: int = SIZE) -> str:
    """One line of text; `y` is its base line, `anchor` start, middle or end."""
    large = f' font-size="{size}"' if size != SIZE else ""
    placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{number(x)}" y="{number(y)}" fill="{colour}"{large}{placed}>{words(text)}</text>'


def picture(width: int, height: int, texts: tuple[str, str], shapes: Sequence[str]) -> str:
    """The whole file: an opaque white card, readable on light and dark pages, with the shapes on it.

    `texts` are its title and its description.
    """
    title, description = texts
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
                f'height="{height}" role="img" aria-labelledby="t d" font-family="{FONT}" font-size="{SIZE}">'
            ),
            f'<title id="t">{words(title)}</title>',
            f'<desc id="d">{words(description)}</desc>',
            f'<rect width="{width}" height="{height}" rx="6" fill="#ffffff"/>',
            *shapes,
            "</svg>\n",
        ]
    )


def small_picture(width: int, height: int, title: str, shapes: Sequence[str]) -> str:
    """A file without a card, for a line of text: its colours must be readable on light and dark pages."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="t"><title id="t">{words(title, 120)}</title>{"".join(shapes)}</svg>\n'
    )
