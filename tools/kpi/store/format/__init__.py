"""The standard form of a file under `kpis/`: what `kpi fmt` writes. Text in, text out.

Three steps, each on what the one before gave: spaces and blank lines, figures on one line or as a block, and series in
order of time. Only bytes that must change are changed: no digit, no quote, no comment and no field's place.
"""

from itertools import zip_longest

from kpi.model.finding import Problem
from kpi.model.period import APRIL
from kpi.model.text import counted, display
from kpi.store.format.figures import shaped
from kpi.store.format.order import ordered
from kpi.store.format.quick import surely_formatted
from kpi.store.format.spacing import spaced
from kpi.store.reader import Document, read
from kpi.store.yaml.places import line_span

__all__ = ["formatted", "in_order", "style_problem"]

_STYLE = "not-formatted"


def style_problem(document: Document) -> Problem | None:
    """The first line of a file that hasn't the standard form; None for a file with a problem of another kind, or told of already.

    The order of figures has a rule of its own.
    """
    if document.problems or document.values is None or surely_formatted(document.text):
        return None
    styled = _styled(document.text)
    if styled is None or styled == document.text:
        return None
    return _first_difference(document.text, styled)


def _first_difference(text: str, styled: str) -> Problem:
    """Where two texts part, with what to write there."""
    lines, better = text.split("\n"), styled.split("\n")
    pairs = enumerate(zip_longest(lines, better, fillvalue=""))
    number = next((n for n, (one, other) in pairs if one != other), len(better) - 1)
    start = sum(len(line) + 1 for line in lines[:number])
    message = 'From this line on, spacing differs from the standard form. "kpi fmt" mends the whole file.'
    advice = _instead(lines[number], better[number] if number < len(better) else "")
    return Problem(_STYLE, (), message, advice, span=line_span(text, start))


def _instead(line: str, better: str) -> str:
    wanted = better.strip()
    if not line.strip():
        return "Delete this blank line."
    if wanted != line.strip():
        return f"Write: {display(wanted, 100)}"
    indent = len(better) - len(better.lstrip())
    if indent != len(line) - len(line.lstrip()):
        return f"Start the line with {counted(indent, 'space')}."
    return "Take away the spaces at its end."


def formatted(text: str, year_starts: int = APRIL) -> str | None:
    """The text in the standard form; None where it can't be read, because nothing may be lost.

    Args:
        text: the file's text, without a byte-order mark.
        year_starts: the month in which the plan's financial year starts.
    """
    styled = text if surely_formatted(text) else _styled(text)
    return None if styled is None else in_order(styled, year_starts)


def in_order(text: str, year_starts: int = APRIL) -> str | None:
    """The text with every series from the oldest figure to the newest, and nothing else changed; None as above."""
    document = _readable(text if text.endswith("\n") else f"{text}\n")
    return None if document is None else _with_line_ends(ordered(document, year_starts), text)


def _styled(text: str) -> str | None:
    """The text with the standard spacing and shape of figures."""
    document = _readable(text)
    if document is None:
        return None
    for step in (spaced, shaped):
        changed = step(document)
        if changed != document.text:
            again = _readable(changed)
            if again is None or again.values != document.values:  # better as it was than another meaning
                continue
            document = again
    return _with_line_ends(document.text, text)


def _readable(text: str) -> Document | None:
    """The document with plain line ends, where nothing but its style is wrong."""
    document = read(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))
    if document.values is None or any(problem.rule != _STYLE for problem in document.problems):
        return None
    return document


def _with_line_ends(changed: str, text: str) -> str:
    """The changed text with the line ends of the original: those of its first line."""
    first = text.find("\n")
    return changed.replace("\n", "\r\n") if first > 0 and text[first - 1] == "\r" else changed
