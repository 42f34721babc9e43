"""The standard form of a file under `kpis/`: what `kpi fmt` writes. Text in, text out.

`draft` turns text into ruamel.yaml's data and back, `figure_shape` gives figures their shape and sorts series by time. No digit, no
quote, no comment and no field's place changes. `quick` proves of most files that there is nothing to do.
"""

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from kpi.model.finding import Problem
from kpi.model.period import APRIL
from kpi.model.text import counted, display
from kpi.store.format.draft import Draft
from kpi.store.format.figure_shape import misshapen, put_in_order, shape
from kpi.store.format.quick import surely_formatted
from kpi.store.format.typed import DoubtfulError
from kpi.store.reader import Document, read
from kpi.store.yaml.places import line_span, span_at

__all__ = ["formatted", "in_order", "style_problem"]

_STYLE = "not-formatted"


def style_problem(document: Document) -> Problem | None:
    """The first line of a file that isn't in the standard form; None for a file with other problems, or one already reported.

    The order of figures has a rule of its own. If a file can't be given the standard form, the problem says why.
    """
    if document.problems or document.values is None or surely_formatted(document.text):
        return None
    try:
        styled = _changed(document.text, _laid_out_where_it_matters)
    except DoubtfulError as doubt:
        message = f"{doubt.message} So this file can't be given the standard form."
        return Problem(_STYLE, (), message, doubt.advice, span=line_span(document.text, doubt.at))
    if styled is None or _without_blanks(styled) == _without_blanks(document.text):
        return None
    return _first_difference(document.text, styled)


def _without_blanks(text: str) -> list[str]:
    """The lines without spaces at their ends, which nobody can see on a web page, and which change nothing."""
    return [line.rstrip(" ") for line in text.split("\n")]


def _first_difference(text: str, styled: str) -> Problem:
    """Where two texts differ first, with what to write there."""
    lines, better = _without_blanks(text), _without_blanks(styled)
    pairs = enumerate(zip_longest(lines, better, fillvalue=""))
    number = next((n for n, (old, new) in pairs if old != new), len(better) - 1)
    start = sum(len(line) + 1 for line in text.split("\n")[:number])
    if (ended := text.split("\n")[number]).endswith("\r") and "\r" not in styled:
        span = span_at(text, start + len(ended) - 1, start + len(ended))
        message = "This line has the line end of Windows (CRLF), and the others have not."
        return Problem(_STYLE, (), message, "Type the line again, and press Enter at its end.", "", span=span)
    message = "From this line on, spacing differs from the standard form."
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
    return "Put the spaces in it in order."


def formatted(text: str, year_starts: int = APRIL) -> str | None:
    """The text in the standard form; None if it can't be read, because nothing may be lost."""
    styled = _styled(text)
    return None if styled is None else in_order(styled, year_starts)


def in_order(text: str, year_starts: int = APRIL) -> str | None:
    """The text with every series from the oldest figure to the newest, and nothing else changed; None as above."""

    def moved(draft: Draft) -> str:
        return draft.text(styled=False) if put_in_order(draft.root, year_starts) else text

    return _unless_doubtful(text, moved)


def _styled(text: str) -> str | None:
    """The text with the standard spacing and shape of figures."""
    return _unless_doubtful(text, _laid_out)


def _laid_out(draft: Draft) -> str:
    shape(misshapen(draft.root))
    return draft.text(styled=True)


def _laid_out_where_it_matters(draft: Draft) -> str:
    """The same, but a figure with a note may be on one line: `kpi fmt` changes that, but nobody has to."""
    shape((node, wanted) for node, wanted in misshapen(draft.root) if wanted)
    return draft.text(styled=True)


def _unless_doubtful(text: str, change: Callable[[Draft], str]) -> str | None:
    """The text with a change made; unchanged if that is doubtful; None if it can't be read."""
    try:
        return _changed(text, change)
    except DoubtfulError:
        return text


def _changed(text: str, change: Callable[[Draft], str]) -> str | None:
    """The text with a change made; None if it can't be read.

    Raises:
        DoubtfulError: if it would then say something else, or lose a comment.
    """
    before = _read(text)
    if before is None:
        return None
    changed = change(Draft(text))
    if changed == text:
        return text
    after = _read(changed)
    if after is None or after.values != before.values or _comments(after) != _comments(before):
        raise DoubtfulError(
            "Other spacing would change what is said here.", "Put the spaces in order by hand."
        )
    return changed


def _read(text: str) -> Document | None:
    """A text as read; None if more than its style is wrong."""
    document = read(text.encode("utf-8", "surrogatepass"))
    return None if any(problem.rule != _STYLE for problem in document.problems) else document


def _comments(document: Document) -> list[Any]:
    return sorted(comment.text for comment in document.comments())
