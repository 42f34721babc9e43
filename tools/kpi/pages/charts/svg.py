"""The few shapes that pictures are drawn with, as SVG text: the same bytes on every machine, every text escaped."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from html import escape
from itertools import accumulate, pairwise
from typing import NamedTuple

from kpi.judge.judgement import MeasureJudgement
from kpi.judge.state import IS_MET, NEAR, NOT_DUE, SHORT, UNMET
from kpi.model.text import display

FONT = "system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif"
SIZE, LINE = 11, 14
"""The height of most texts and of their lines, in pixels; a telephone shows pictures unshrunk."""
WIDTH, EDGE = 360, 12
ROOM = WIDTH - 2 * EDGE

COLOURS = {
    "card": ("#ffffff", "#0d1117"),
    "ink": ("#1f2328", "#f0f6fc"),
    "quiet": ("#59636e", "#9198a1"),
    "faint": ("#d1d9e0", "#3d444d"),
    "old": ("#87919c", "#5f6b79"),
    "new": ("#0b62c4", "#58a6ff"),
    "green": ("#18733a", "#8ceaa5"),
    "amber": ("#c2820c", "#dca13a"),
    "red": ("#820a1d", "#e8403e"),
}
"""What each colour is on a light page and on a dark one. Green, amber and red differ by lightness too."""

_MOST = 400
_BOLD = 1.1
_NARROW = frozenset("ijlIftr!|'\".,:;()[]/\\-` ")
_WIDE = frozenset("mwMWGOQ%@&…—‰+<=>~±×÷")
_Point = tuple[float, float]
_Lines = str | Sequence[str]


def number(value: float) -> str:
    """A coordinate with at most one decimal: "12", "12.5"."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def words(text: str, limit: int = _MOST) -> str:
    """Text as it may be in SVG, at most `limit` characters of it."""
    return escape(display(" ".join(text.split()), limit), quote=False)


def text_width(text: str, size: int = SIZE, *, bold: bool = False) -> float:
    """How wide a text is at most, in pixels: the reader's font is not known, so the widest usual one is assumed."""
    return size * (_BOLD if bold else 1) * sum(map(_em, text))


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.46
    if character in _WIDE:
        return 1.02
    if character >= "\u0300":
        return 1.4 if character > "\uffff" else 1.1
    return 0.79 if character.isupper() else 0.65


def wrapped(text: str, width: float, most: int, size: int = SIZE, *, bold: bool = False) -> list[str]:
    """A text in at most `most` lines that are at most `width` pixels wide; what doesn't fit ends in "…"."""
    rest = display(" ".join(text.split()), _MOST)
    width = width / _BOLD if bold else width
    lines: list[str] = []
    while (fits := _fitting(rest, width, size)) < len(rest):
        if len(lines) == most - 1:
            return [*lines, f"{rest[: _fitting(rest, width - text_width('…', size), size)].rstrip()}…"]
        end = rest.rfind(" ", 0, fits + 1)
        end = end if end > 0 else fits
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*lines, rest] if rest else lines


def _fitting(text: str, width: float, size: int) -> int:
    return max(1, bisect_right(list(accumulate(size * _em(character) for character in text)), width))


class Style(NamedTuple):
    """How a text looks, from its `anchor`. `backed` hides what is behind it; `free` pixels are kept at its left."""

    colour: str = "ink"
    anchor: str = "start"
    size: int = SIZE
    bold: bool = False
    backed: bool = False
    free: int = 0


PLAIN, QUIET, MIDDLE, TITLE = Style(), Style("quiet"), Style("quiet", "middle"), Style(size=15, bold=True)


class Sheet:
    """The card that shapes and texts are put on. No text is put where it would touch another."""

    def __init__(self) -> None:
        self.shapes: list[str] = []
        self._boxes: list[tuple[float, float, float, float]] = []

    def write(self, point: _Point, lines: _Lines, style: Style = PLAIN, within: _Point = (0, WIDTH)) -> bool:
        """Put lines of text at a place of a base line, moved to stay `within` two sides; whether there was room."""
        rows = [lines] if isinstance(lines, str) else lines
        size, step = style.size, style.size + LINE - SIZE
        wide = max((text_width(row, size, bold=style.bold) for row in rows), default=0)
        before = {"start": 0.0, "middle": wide / 2, "end": wide}[style.anchor]
        x, y = round(max(min(point[0], within[1] - wide + before), within[0] + before)), round(point[1])
        left, right = x - before - style.free, x - before + wide
        top, bottom = y - size * 0.78, y + step * (len(rows) - 1) + size * 0.22
        touched = (a < right and left < b and c < bottom and top < d for a, b, c, d in self._boxes)
        if left < 0 or right > min(within[1] + 1, WIDTH) or any(touched):
            return False
        self._boxes.append((left, right, top, bottom))
        if style.backed:
            self.fill(bar(left, right, top, bottom), "card")
        classes = [name for name in (style.colour, style.anchor) if name not in {"ink", "start"}]
        marks = f' class="{" ".join(classes)}"' if classes else ""
        marks += f' font-size="{size}"' if size != SIZE else ""
        marks += ' font-weight="600"' if style.bold else ""
        for at, row in enumerate(rows):
            here = f'x="{number(x)}" y="{number(y + step * at)}"'
            self.shapes.append(f"<text {here}{marks}>{words(row)}</text>")
        return True

    def block(self, point: _Point, text: str, room: float, style: Style = PLAIN, most: int = 3) -> float:
        """Put a text in at most `most` lines, `room` wide, below a place; how far its lower end is from the top."""
        x, top = point
        lines = wrapped(text, room, most, style.size, bold=style.bold)
        self.write((x, top + style.size), lines, style)
        return top + (style.size + LINE - SIZE) * len(lines)

    def fill(self, steps: str, colour: str, opacity: str = "") -> None:
        """Put a filled shape."""
        if steps:
            faint = f' fill-opacity="{opacity}"' if opacity else ""
            self.shapes.append(f'<path class="{colour}" d="{steps}"{faint}/>')

    def line(self, steps: str, colour: str, sort: str = "", inside: str = "none") -> None:
        """Put a line: thin, `thick`, `dash` or `spot`. `inside` is the colour of what it encloses."""
        if steps:
            classes = " ".join(filter(None, (inside, f"{colour}-line", sort)))
            self.shapes.append(f'<path class="{classes}" d="{steps}"/>')


def bar(left: float, right: float, top: float, bottom: float) -> str:
    """The steps around a bar."""
    return f"M{number(left)} {number(top)}H{number(right)}V{number(bottom)}H{number(left)}z"


def through(points: Iterable[_Point]) -> str:
    """The steps from point to point, each seen from the one before: many points take few bytes."""
    first, *others = _steps(points)
    return f"M{first}l{' '.join(others)}".replace(" -", "-")


def spots(points: Iterable[_Point]) -> str:
    """The steps of a line without length at each point: as `spot` squares of six pixels. Empty without any."""
    return "".join(f"m{step}h0" for step in _steps(points)).replace("m", "M", 1).replace(" -", "-")


def _steps(points: Iterable[_Point]) -> list[str]:
    pixels = [(0, 0), *((round(x), round(y)) for x, y in points)]
    return [f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(pixels)]


def dot(x: float, y: float, radius: float) -> str:
    """The steps around a dot."""
    r, d = number(radius), number(2 * radius)
    return f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z"


_SIGNS = {
    **dict.fromkeys(IS_MET, "m0-4 1.6-1.6 2.6 2.6 4.7-4.7 1.6 1.6-6.3 6.3z"),
    **dict.fromkeys(UNMET, "m.4-7 1.6-1.6 3 3 3-3 1.6 1.6-3 3 3 3-1.6 1.6-3-3-3 3-1.6-1.6 3-3z"),
    NEAR: "m0-3.5q2.6-3.2 5.2-1.2t4.8-1.4v2.4q-2.4 3.2-5 1.2t-5 1.4z",
    **dict.fromkeys((SHORT, NOT_DUE), "m0-2h2v2h-2zm4 0h2v2h-2zm4 0h2v2h-2z"),
}
"""Signs of states, ten pixels wide, drawn because not every font has them."""


def draw_sign(sheet: Sheet, judged: MeasureJudgement, x: float, top: float) -> bool:
    """Draw the sign of a target's state before a line of text: tick, cross, wave or dots; whether there is one."""
    steps = _SIGNS.get(judged.state, "")
    if steps:
        sheet.fill(f"M{number(x)} {number(top + SIZE)}{steps}", judged.rag.colour or "quiet")
    return bool(steps)


_FIXED = {
    "none": "fill:none",
    "middle": "text-anchor:middle",
    "end": "text-anchor:end",
    "thick": "stroke-width:1.5",
    "dash": "stroke-width:1.5;stroke-dasharray:4 3",
    "spot": "stroke-width:6;stroke-linecap:square",
}
"""The classes that are the same on light and dark pages."""


def picture(height: float, title: str, description: str, shapes: Sequence[str]) -> str:
    """The whole file: an opaque card whose colours all change together on a dark page."""
    tall, body = number(height), "\n".join(shapes)
    fixed = "".join(f".{name}{{{rule}}}" for name, rule in _FIXED.items() if name in body)
    light = dark = ""
    for name, (on_light, on_dark) in COLOURS.items():
        if name in {"card", "ink"} or name in body:
            rule = f".{name}{{fill:COLOUR}}" + f".{name}-line{{stroke:COLOUR}}" * (f"{name}-line" in body)
            light += rule.replace("COLOUR", on_light)
            dark += rule.replace("COLOUR", on_dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" width="{WIDTH}" height="{tall}" '
        f'role="img" aria-labelledby="t d" class="ink" font-family="{FONT}" font-size="{SIZE}">\n'
        f'<title id="t">{words(title)}</title>\n<desc id="d">{words(description)}</desc>\n'
        f"<style>{fixed}{light}@media(prefers-color-scheme:dark){{{dark}}}</style>\n"
        f'<rect width="{WIDTH}" height="{tall}" rx="6" class="card"/>\n{body}\n</svg>\n'
    )
