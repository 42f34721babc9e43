"""The standard form of a file under `kpis/`: what `kpi fmt` writes. Text in, text out.

Spacing, the shape of figures and their order in time; no digit, no quote, no comment and no field's place changes.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from kpi.model.finding import Problem
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import APRIL, PeriodError, parse_period
from kpi.model.text import counted, display
from kpi.store.format.draft import Draft
from kpi.store.format.typed import DoubtfulError, Typed, has_comment, in_brackets, reorder
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
        styled = _styled_where_it_matters(document.text)
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


@lru_cache(maxsize=64)  # a command that changes files lints the same ones before and after
def _styled_where_it_matters(text: str) -> str | None:
    return _changed(text, _laid_out_where_it_matters)


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


_FINE_IN_BRACKETS = re.compile(r"[^\s,\[\]{}:?#\"'&*!|>%@`-][^,\[\]{}:?#\"'\n]*|-[0-9.]+").fullmatch


def misshapen(root: Any) -> Iterator[tuple[Any, bool]]:
    """Figures that aren't in the standard form, each with whether it should be in brackets.

    Marks are beside the value on one line, a note is on a line of its own below.

    A figure with a comment inside is left alone, and so is one with other fields.
    """
    for series in _figures(root):
        for period, node in series.items():
            if not is_fields(node) or not set(node) <= {*FIGURE_FIELDS}:
                continue
            if "note" not in node:
                if _can_be_bracketed(period, node):
                    yield node, True
            elif stays_on_its_line(series, period):
                continue
            elif in_brackets(node):
                yield node, False
            else:
                for name, inner in node.items():
                    if is_list(inner) and _can_be_bracketed(name, inner):
                        yield inner, True


def shape(figures: Iterable[tuple[Any, bool]]) -> None:
    """Give figures their standard form."""
    for node, wanted in list(figures):
        if wanted:
            node.fa.set_flow_style()
        else:
            node.fa.set_block_style()


def stays_on_its_line(series: Any, period: str) -> bool:
    """Whether a figure with a note can't have lines of its own: it shares its line with others, or a comment is for its line."""
    if in_brackets(series):
        return True
    figure = series.get(period)
    if not in_brackets(figure) and is_fields(figure):
        return False
    return isinstance(period, Typed) and (bool(period.after) or any("kpi:" in line for line in period.above))


def _can_be_bracketed(name: Typed, node: Any) -> bool:
    """Whether a block can be written in brackets: it has no comment, and no value that would end too soon."""
    if in_brackets(node) or name.after or has_comment(node):
        return False
    return all(_fits(value) for value in (node.values() if is_fields(node) else node))


def _fits(value: Any) -> bool:
    if not isinstance(value, Typed):
        return in_brackets(value) or all(
            _fits(inner) for inner in (value.values() if is_fields(value) else value)
        )
    source = value.source
    return "\n" not in source if source[:1] in ("'", '"') else bool(_FINE_IN_BRACKETS(source))


def put_in_order(root: Any, year_starts: int) -> bool:
    """Put every series in order, from the oldest figure to the newest; comments go with their figures.

    A series with a name that is not a period stays as it is: nobody knows where that figure belongs.

    Returns:
        Whether anything was moved.
    """
    moved = False
    for series in (*_figures(root), *_trajectories(root)):
        periods = list(series)
        try:
            ordered = sorted(periods, key=lambda period: parse_period(period, year_starts).order)
        except PeriodError:
            continue
        if ordered != periods:
            moved = True
            reorder(series, ordered)
    return moved


def is_fields(node: Any) -> bool:
    """Whether a node has names and values."""
    return isinstance(node, dict)


def is_list(node: Any) -> bool:
    """Whether a node has items."""
    return isinstance(node, list)


def _figures(root: Any) -> Iterator[Any]:
    """Every series of figures, the own area's and the peers'."""
    for measure in _blocks(root.get("measures")):
        yield from _blocks([measure.get("observations")])
        yield from _blocks(measure.get("peers"))


def _trajectories(root: Any) -> Iterator[Any]:
    for measure in _blocks(root.get("measures")):
        for target in _blocks(measure.get("targets")):
            yield from _blocks([target.get("trajectory")])


def _blocks(node: Any) -> Iterator[Any]:
    """Those of the values or items in a node that have fields."""
    inner = node.values() if is_fields(node) else node if is_list(node) else ()
    return (value for value in inner if is_fields(value) and value)


def _in_brackets(item: str, opening: str, closing: str) -> str:
    """The pattern of one or more items between brackets. It names the item once: a pattern is compiled at each start."""
    return rf"\{opening}(?:{item}(?:, (?!\{closing})|(?=\{closing})))+\{closing}"


_START = r"(?:[^\s\"'#{}\[\],:&*!|>%@`?-]|-[0-9])"
_PLAIN = rf"{_START}[^#\n:]*(?::(?=\S)[^#\n:]*)*(?<!\s)"
_QUOTED = r"\"[^\"\\\n]*\"|'[^'\n]*'"
_NAME = r"[A-Za-z0-9][^:#\"'{}\[\],\n]*(?<!\s)"
_INNER = rf"(?:{_START}[^\"'#{{}}\[\],:\n]*(?<!\s)|{_QUOTED})"
_LIST = _in_brackets(_INNER, "[", "]")
_FIELDS = _in_brackets(rf"{_NAME}: (?:{_INNER}|{_LIST})", "{", "}")
_VALUE = rf"(?:{_PLAIN}|{_QUOTED}|{_LIST}|{_FIELDS})"
_COMMENT = r"#.*(?<!\s)"
_LINE = re.compile(
    rf"(?P<indent> *)(?:(?P<alone>{_COMMENT})|(?P<dashes>(?:- )*)(?:(?P<name>{_NAME}):)?"
    rf"(?P<value>(?:(?<=:) |(?<=- )){_VALUE})?(?P<after> +{_COMMENT})?)"
).fullmatch

_FIGURE = r"[12][0-9]{3}[0-9/Q-]*+: -?[0-9][0-9.]*+"
_ABOVE_ANOTHER = re.compile(rf"(\n *+){_FIGURE}(?:\1{_FIGURE})*(?=\1{_FIGURE}\n)")
"""Plain figures above another: what is true of the last is true of all, so only one of a series is looked at."""


def surely_formatted(text: str) -> bool:
    """True only if `kpi fmt` would change nothing but the order of figures in a readable text; False proves nothing."""
    if "\r" in text:
        if not text.count("\r") == text.count("\r\n") == text.count("\n"):
            return False
        text = text.replace("\r\n", "\n")
    if text[:1] in ("", "\n") or not text.endswith("\n") or text.endswith("\n\n") or "\n\n\n" in text:
        return False
    return _is_in_form(_ABOVE_ANOTHER.sub("", text)[:-1].split("\n"))


def _is_in_form(lines: list[str]) -> bool:
    level = -2  # the column of what the last line holds
    opens = True  # whether the last line only names what stands below it
    figure = -1  # the column of a figure whose note has not come yet
    comment = -1  # the column of the comments above the next line
    for line in lines:
        if not line:
            continue
        parts = _parts(line)
        if parts is None:
            return False
        indent, alone, dashes, name, value, after = parts
        if comment not in {-1, indent}:
            return False
        if alone:
            comment = indent
            continue
        if (indent != level + 2) if opens else (indent > level):
            return False
        level = indent + dashes
        opens = name is not None and value is None
        if figure >= 0:
            if indent <= figure or opens or comment >= 0 or after:
                return False
            figure = -1 if name == "note" else figure
        elif name is not None and name[0].isdigit():
            if value is None:
                figure = level
            elif value.startswith(" {") and "note:" in value:
                return False
        comment = -1
    return figure < 0 and not opens and comment < 0


_Parts = tuple[int, bool, int, str | None, str | None, bool]


@lru_cache(maxsize=4096)  # many lines stand in many files
def _parts(line: str) -> _Parts | None:
    """What a line is made of, if it is one that most files are made of.

    Returns:
        The columns of its indent, whether it is a comment alone, the columns of its dashes, its name and its value, if it has
        them, and whether it ends in a comment.
    """
    match = _LINE(line)
    if match is None:
        return None
    indent, alone, dashes, name, value, after = match.groups()
    if not (alone or name or value):
        return None
    return len(indent), bool(alone), len(dashes or ""), name, value, bool(after)
