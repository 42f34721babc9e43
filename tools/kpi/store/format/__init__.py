"""The standard form of a file under `kpis/`: what `kpi fmt` writes. Text in, text out.

Spacing, the shape of figures and their order in time; no digit, no quote, no comment and no field's place changes.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from itertools import zip_longest
from typing import Any

from kpi.model.finding import Problem
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import APRIL, PeriodError, parse_period
from kpi.model.text import counted, display
from kpi.store.format.draft import DoubtfulError, Draft, Typed, has_comment, in_brackets, reorder
from kpi.store.reader import Document, read
from kpi.store.yaml.lines import line_span, span_at

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
    return None if styled is None else _first_difference(document.text, styled)


def _first_difference(text: str, styled: str) -> Problem | None:
    """Where two texts differ first, with what to write there; nobody sees spaces at the ends of lines."""
    lines, better = ([line.rstrip(" ") for line in each.split("\n")] for each in (text, styled))
    if lines == better:
        return None
    pairs = enumerate(zip_longest(lines, better, fillvalue=""))
    number = next((number for number, (old, new) in pairs if old != new), len(better) - 1)
    start = sum(len(line) + 1 for line in text.split("\n")[:number])
    line, wanted = lines[number], better[number] if number < len(better) else ""
    if line.endswith("\r") and "\r" not in styled:
        stop = start + len(line)
        message = "This line has the line end of Windows (CRLF), and the others have not."
        advice = "Type the line again, and press Enter at its end."
        return Problem(_STYLE, (), message, advice, "", span=span_at(text, stop - 1, stop))
    indent = len(wanted) - len(wanted.lstrip())
    advice = "Put the spaces in it in order."
    if not line.strip():
        advice = "Delete this blank line."
    elif wanted.strip() != line.strip():
        advice = f"Write: {display(wanted.strip(), 100)}"
    elif indent != len(line) - len(line.lstrip()):
        advice = f"Start the line with {counted(indent, 'space')}."
    message = "From this line on, spacing differs from the standard form."
    return Problem(_STYLE, (), message, advice, span=line_span(text, start))


def formatted(text: str, year_starts: int = APRIL) -> str | None:
    """The text in the standard form; None if it can't be read, because nothing may be lost."""
    with suppress(DoubtfulError):
        return _changed(text, lambda draft: _laid_out(_sorted(draft, year_starts)))
    return text


def in_order(text: str, year_starts: int = APRIL) -> str | None:
    """The text with every series from the oldest figure to the newest, and nothing else changed; None as above."""
    with suppress(DoubtfulError):
        return _changed(text, lambda draft: _sorted(draft, year_starts).text(styled=False))
    return text


def _sorted(draft: Draft, year_starts: int) -> Draft:
    """The draft with its figures in order of time, their comments with them.

    Where a name is not a period, its series stays: nobody knows where that figure belongs.
    """
    for series in _all_series(draft.root):
        with suppress(PeriodError):
            reorder(series, sorted(series, key=lambda period: parse_period(period, year_starts).order))
    return draft


@lru_cache(maxsize=64)  # a command that changes files lints the same ones before and after
def _styled_where_it_matters(text: str) -> str | None:
    return _changed(text, partial(_laid_out, notes=False))


def _laid_out(draft: Draft, *, notes: bool = True) -> str:
    shape(draft.root, notes=notes)
    return draft.text(styled=True)


def _changed(text: str, change: Callable[[Draft], str]) -> str | None:
    """The text with a change made, or None if it can't be read; a `DoubtfulError` if its sense would change."""
    before = read(text.encode("utf-8", "surrogatepass"))
    if not is_readable(before):
        return None
    changed = change(Draft(text))
    if changed == text:
        return text
    after = read(changed.encode("utf-8", "surrogatepass"))
    if not is_readable(after) or _content(after) != _content(before):
        message = "Other spacing would change what is said here."
        raise DoubtfulError(message, "Put the spaces in order by hand.")
    return changed


def is_readable(document: Document) -> bool:
    """Whether nothing but its style is wrong with a file."""
    return document.values is not None and all(problem.rule == _STYLE for problem in document.problems)


def _content(document: Document) -> tuple[Any, list[str]]:
    return document.values, sorted(comment.text for comment in document.comments())


_FINE_IN_BRACKETS = re.compile(r"[^\s,\[\]{}:?#\"'&*!|>%@`-][^,\[\]{}:?#\"'\n]*|-[0-9.]+").fullmatch


def misshapen(root: Any) -> Iterator[tuple[Any, bool]]:
    """Figures that aren't in the standard form, each with whether it should be in brackets.

    Marks are beside the value on one line, a note is on a line of its own below. A figure with a comment inside is left alone,
    and so is one with other fields.
    """
    for series in _all_series(root):
        for period, node in series.items():
            if not isinstance(node, dict) or not set(node) <= {*FIGURE_FIELDS}:
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
                    if isinstance(inner, list) and _can_be_bracketed(name, inner):
                        yield inner, True


def shape(root: Any, *, notes: bool = True) -> None:
    """Give figures their standard form. With `notes`, those with a note get lines of their own, as by `kpi fmt`."""
    for node, wanted in list(misshapen(root)):
        if wanted:
            node.fa.set_flow_style()
        elif notes:
            node.fa.set_block_style()


def stays_on_its_line(series: Any, period: str) -> bool:
    """Whether a figure with a note can't have lines of its own: it shares its line with others, or a comment is for its line."""
    if in_brackets(series):
        return True
    figure = series.get(period)
    if not in_brackets(figure) and isinstance(figure, dict):
        return False
    return isinstance(period, Typed) and (bool(period.after) or any("kpi:" in line for line in period.above))


def _can_be_bracketed(name: Typed, node: Any) -> bool:
    return not (in_brackets(node) or name.after or has_comment(node)) and _fits(node)


def _fits(node: Any) -> bool:
    if not isinstance(node, Typed):
        return in_brackets(node) or all(map(_fits, node.values() if isinstance(node, dict) else node))
    is_quoted = node.source[:1] in ("'", '"')
    return "\n" not in node.source if is_quoted else bool(_FINE_IN_BRACKETS(node.source))


def _all_series(root: Any) -> Iterator[Any]:
    for measure in _blocks(root.get("measures")):
        yield from _blocks([measure.get("observations")])
        yield from _blocks(measure.get("peers"))
        for target in _blocks(measure.get("targets")):
            yield from _blocks([target.get("trajectory")])


def _blocks(node: Any) -> Iterator[Any]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return (value for value in inner if isinstance(value, dict) and value)


def _in_brackets(item: str, opening: str, closing: str) -> str:
    """The pattern of one or more items between brackets. It has the item once, and so compiles faster."""
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
)
_match = lru_cache(maxsize=4096)(_LINE.fullmatch)  # many lines stand in many files

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
        match = _match(line)
        if match is None or not (match["alone"] or match["name"] or match["value"]):
            return False
        indent, name, value = len(match["indent"]), match["name"], match["value"]
        if comment not in {-1, indent}:
            return False
        if match["alone"]:
            comment = indent
            continue
        if (indent != level + 2) if opens else (indent > level):
            return False
        level = indent + len(match["dashes"])
        opens = name is not None and value is None
        if figure >= 0:
            if indent <= figure or opens or comment >= 0 or match["after"]:
                return False
            figure = -1 if name == "note" else figure
        elif name is not None and name[0].isdigit():
            if value is None:
                figure = level
            elif value.startswith(" {") and "note:" in value:
                return False
        comment = -1
    return figure < 0 and not opens and comment < 0
