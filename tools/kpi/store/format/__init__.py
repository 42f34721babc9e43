"""The standard form of a file under `kpis/`: what `kpi fmt` writes. Text in, text out.

`tree` takes a file apart and keeps everything as typed, `figures` gives figures their shape and puts series in order of
time, and `write` makes lines of the tree again, with the standard spacing. No digit, no quote, no comment and no field's
place changes. `quick` sees of most files that there is nothing to do.
"""

from collections.abc import Callable
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from kpi.model.finding import Problem
from kpi.model.period import APRIL
from kpi.model.text import counted, display
from kpi.store.format.quick import surely_formatted
from kpi.store.reader import Document, line_end, read
from kpi.store.yaml.places import line_span

if TYPE_CHECKING:
    from kpi.store.format.tree import Node

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
    styled = _styled(text)
    return None if styled is None else in_order(styled, year_starts)


def in_order(text: str, year_starts: int = APRIL) -> str | None:
    """The text with every series from the oldest figure to the newest, and nothing else changed; None as above."""
    from kpi.store.format.figures import ordered

    return _changed(text, lambda root, source: ordered(root, source, year_starts))


def _styled(text: str) -> str | None:
    """The text with the standard spacing and shape of figures."""
    return _changed(text, _laid_out)


def _laid_out(root: "Node", source: str) -> str:
    from kpi.store.format.figures import shape_figures
    from kpi.store.format.write import lines_of

    shape_figures(root, source)
    end = line_end(source)
    return "".join(f"{line}{end}" for line in lines_of(root, source))


def _changed(text: str, change: "Callable[[Node, str], str]") -> str | None:
    """The text with a change made, if it then says the same: better as it was than another meaning."""
    from kpi.store.format.tree import DoubtfulError, tree

    values = _values(text)
    if values is None:
        return None
    source = text if text.endswith("\n") else f"{text}{line_end(text)}"
    try:
        changed = change(tree(source), source)
    except DoubtfulError:
        return text
    return text if changed == text or _values(changed) != values else changed


def _values(text: str) -> dict[str, Any] | None:
    """What a text says; None where more than its style is wrong."""
    document = read(text.encode("utf-8", "surrogatepass"))
    return None if any(problem.rule != _STYLE for problem in document.problems) else document.values
