"""The few shapes that a chart is drawn with, as SVG text: the same bytes on every machine, every text escaped."""

from html import escape

from kpi.model.text import display

FONT = "system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif"
_MOST = 400


def number(value: float) -> str:
    """A coordinate with at most one decimal: "12", "12.5"."""
    told = f"{value:.1f}".removesuffix(".0")
    return "0" if told == "-0" else told


def words(text: str, limit: int = _MOST) -> str:
    """Text as it may stand in SVG, at most `limit` characters of it."""
    return escape(display(" ".join(text.split()), limit))


def path(steps: str, colour: str, width: float = 1, dash: str = "") -> str:
    """A line. `dash` is the lengths of strokes and gaps."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{dashed}/>'


def dot(x: float, y: float, radius: float, fill: str, stroke: str) -> str:
    """A dot with a rim."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="{stroke}"/>'


def label(x: float, y: float, text: str, colour: str, *, anchor: str = "start", size: int = 11) -> str:
    """One line of text; `y` is its base line, `anchor` start, middle or end."""
    limit = 72 if size > 11 else 26
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{words(text, limit)}</text>'
    )


def picture(width: int, height: int, title: str, description: str, shapes: list[str]) -> str:
    """The whole file: an opaque white card, readable on light and dark pages, with the shapes on it."""
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
                f'height="{height}" role="img" aria-labelledby="t d" font-family="{FONT}">'
            ),
            f'<title id="t">{words(title)}</title>',
            f'<desc id="d">{words(description)}</desc>',
            f'<rect width="{width}" height="{height}" rx="6" fill="#ffffff"/>',
            *shapes,
            "</svg>\n",
        ]
    )
