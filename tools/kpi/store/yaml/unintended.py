"""Slips in a file that can be read: comments that were not meant as one, and blocks that are there twice."""

import re
from collections.abc import Iterator
from itertools import groupby

from kpi.model.finding import Problem
from kpi.model.text import joined, quoted
from kpi.model.vocabulary import BESIDE_NUMBER
from kpi.store.yaml import shown
from kpi.store.yaml.lines import Line, in_quotes, line_at
from kpi.store.yaml.places import Extent, refuse, span_at

_CUT = re.compile(r"(?<=\S) #(?=[A-Za-z0-9])")
_REASON = re.compile(r"marks: ?\[[^\]\n]*\]\} # ?(?!kpi:)\w+ \w")
"""What follows the marks of a figure in a comment: their reason."""
_MARKED = re.compile(rf" # ?(?:{'|'.join(map(re.escape, BESIDE_NUMBER))})\b", re.IGNORECASE)


def may_hide(text: str) -> bool:
    """Whether a file may have such a comment; most have none, and are not looked at further."""
    return " #" in text and bool(_CUT.search(text) or _MARKED.search(text) or _REASON.search(text))


def not_meant(text: str, comments: list[Extent]) -> Iterator[Problem]:
    """What is wrong with the comments of a file, which are where `Places` says."""
    for start, stop, _ in comments:
        line = line_at(text, start)
        if not line.value or line.value_start > start:
            continue
        value, comment = text[line.value_start : start].rstrip(), text[start:stop].rstrip()
        span = span_at(text, line.value_start, start + len(comment))
        unseen = f"Nobody sees the comment {shown(comment)} on a page."
        mark = BESIDE_NUMBER.get(comment.lstrip("# ").casefold())
        if mark is not None and re.fullmatch(r"-?[0-9][0-9a-z.]*", value) and line.name[:1].isdigit():
            instead = f"{{value: {value}, marks: [{mark}]}}"
            message = f"{unseen} A mark can say it."
            yield refuse("not-a-number", message, f"Write {instead}.", instead).at(span)
        elif _REASON.search(text, line.value_start, stop) and "note:" not in value:
            reason = comment.lstrip("# ")
            note = in_quotes(reason) if re.search(r"[:#,{}\[\]\"']", reason) else reason
            instead = f"{value.removesuffix('}')}, note: {note}}}"
            message = f"{unseen} A note says why a figure has a mark."
            yield refuse("not-a-number", message, f"Write {instead}.", instead).at(span)
        elif comment[1:2].isalnum() and " " in value and value[:1].isalpha():
            instead = in_quotes(text[span.start : span.stop])
            message = f"The text ends before {shown(comment)}, because a # after a space starts a comment."
            help_ = 'Put all of it in quotes. If it is a comment, put a space after the "#".'
            yield refuse("yaml-syntax", message, help_, instead).at(span)


_MANY = 3  # names; with fewer, each was probably written twice by itself
_RULE = "duplicate-key"


def gathered(text: str, problems: list[Problem]) -> list[Problem]:
    """The problems, with one in place of many names that are written twice in the same block."""
    twice = [problem for problem in problems if problem.rule == _RULE and problem.span is not None]
    kept = [problem for problem in problems if problem not in twice]
    in_order = sorted(twice, key=lambda problem: (str(problem.where), problem.span))
    for where, group in groupby(in_order, lambda problem: problem.where):
        names = list(group)
        kept += (
            [_repeated(text, name) or name for name in names]
            if len(names) < _MANY
            else [_once(text, names, at_top=not where)]
        )
    return kept


def _repeated(text: str, twice: Problem) -> Problem | None:
    """What to say of a name that is there twice with all that belongs to it: that its lines can go."""
    assert twice.span is not None
    line = line_at(text, twice.span.start)
    stop = _end_of_block(text, line.start, line.indent + 1)
    block = text[line.begin : stop]
    if (
        line.start != twice.span.start
        or f"\n{block}" not in f"\n{text[: line.begin]}"
        or not block.endswith("\n")
    ):
        return None
    first, last = twice.span.line, text.count("\n", 0, stop)
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return twice._replace(
        help=f"Both say the same. Delete {lines}.", replacement="", span=span_at(text, line.begin, stop)
    )


def _once(text: str, twice: list[Problem], *, at_top: bool) -> Problem:
    """One problem for a block that starts a second time."""
    spans = [problem.span for problem in twice if problem.span is not None]
    line = line_at(text, spans[0].start)
    start = line.begin
    stop = _end_of_block(text, spans[-1].start, line.indent)
    block = text[start:stop]
    before = text.find(block)
    first, last = spans[0].line, text.count("\n", 0, stop)
    names = [shown(text[span.start : span.stop]) for span in spans]
    again = f"{joined([*names[:2], names[-1]])} are here a second time"
    if before < start and text[before - 1 : before] in ("", "\n"):
        message = f"Lines {first} to {last} are the same as lines above: {again}."
        return refuse(_RULE, message, f"Delete lines {first} to {last}.", "").at(span_at(text, start, stop))
    if item := _item_above(line):
        message = f"A new item of the list seems to start here: {again}."
        instead = f"{' ' * item.indent}{item.body[: item.inner - item.indent]}{line.body}"
        return refuse(_RULE, message, f"Start it with a dash. Write: {instead.strip()}", instead).at(
            span_at(text, line.begin, line.stop), twice[0].where
        )
    if at_top:
        message = f"A second KPI starts here: {again}."
        help_ = "Every KPI has a file of its own. Move these lines into one, or delete them."
    else:
        message = f"A second block starts here without a name: {again}."
        name = f"{' ' * max(line.indent - 2, 0)}its-name:"
        help_ = f"Write its name on a line of its own above, like {quoted(name)}, or delete what was pasted twice."
    return refuse(_RULE, message, help_).at(spans[0])


def _item_above(line: Line) -> Line | None:
    """The first line of the list item that a line is in, if that starts with the same field."""
    above = line.above()
    while above is not None and above.inner >= line.indent:
        if above.inner == line.indent > above.indent:
            return above if above.name == line.name else None
        above = above.above()
    return None


def _end_of_block(text: str, start: int, indent: int) -> int:
    """Where the lines end that belong to the block with this line: at the next one that is less indented."""
    at = text.find("\n", start) + 1
    while 0 < at < len(text):
        line = line_at(text, at)
        if line.body and line.indent < indent:
            return at
        at = text.find("\n", at) + 1
    return len(text)
