"""The one YAML reader: values, problems with their places, and the place of every field. Strict, and never executing anything.

Below it: comments that were meant as something else, and names that are written twice.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from kpi.model.finding import FieldPath, Problem, Span
from kpi.model.text import joined
from kpi.model.vocabulary import BESIDE_NUMBER
from kpi.store.yaml import shown
from kpi.store.yaml.hygiene import Prepared, prepare
from kpi.store.yaml.places import (
    MOST_PROBLEMS,
    Extent,
    Places,
    Unreadable,
    in_quotes,
    line_at,
    refuse,
    span_at,
)
from kpi.store.yaml.reading import ITEM_BELOW, Reading, Stop

__all__ = ["Comment", "Content", "Document", "line_end", "read", "read_once"]

_NEXT_LINE = re.compile(r"\n([ ]*)[^\s#]")
_MOST_STOPS = 10  # lines that are taken out to see what else is wrong


class Comment(NamedTuple):
    """A comment: where its `#` stands, counted from 1, and what follows it, without the white space around."""

    line: int
    column: int
    text: str


class Document:
    """A file as read.

    Attributes:
        text: the file's text without a byte-order mark, with its own line ends; all offsets count in it.
        values: the fields, or None where the file can't be read at all. Numbers with a point are Decimals with the
            digits as typed; names, dates and periods are text.
        problems: what is wrong, in the order of the file, each with its span.
        newline: the line end that the file uses.
    """

    __slots__ = ("_fed", "_places", "newline", "problems", "text", "values")

    def __init__(
        self, text: str, fed: str, values: dict[str, Any] | None, problems: tuple[Problem, ...]
    ) -> None:
        self.text = text
        self.values = values
        self.problems = problems
        self.newline = line_end(text)
        self._fed = fed
        self._places: Places | None = None

    def span(self, where: FieldPath, on_key: bool = False) -> Span:
        """Where a field's value stands, without the comment after it, or its name; where it isn't there, the nearest one around it.

        An empty value has an empty span after its colon. The name of the whole file is that of its first field.
        """
        place = self._find_places().root.find(where)
        place = place.name if on_key and place.name else place
        return span_at(self.text, place.start, place.stop)

    def comments(self) -> tuple[Comment, ...]:
        """The comments in order; none where the file can't be read at all."""
        extents = [span_at(self.text, start, stop) for start, stop, _ in self._find_places().comments]
        return tuple(Comment(at.line, at.column, self.source(at)[1:].strip()) for at in extents)

    def _find_places(self) -> Places:
        """Where everything stands; looked for when first asked."""
        if self._places is None:
            self._places = Places(self._fed if self.values is not None else "")
        return self._places

    def source(self, span: Span) -> str:
        """The text of a span, as typed."""
        return self.text[span.start : span.stop]


def line_end(text: str) -> str:
    """The line end of a text's first line."""
    return "\r\n" if text.find("\r\n") == text.find("\n") - 1 >= 0 else "\n"


def read(data: bytes) -> Document:
    """Reads a file. Never raises: whatever the bytes are, what is wrong with them is in the document's problems."""
    prepared = prepare(data)
    values, problems = _read(prepared) if prepared.readable else (None, [])
    return Document(
        prepared.text, prepared.fed, values, _in_order(prepared.text, prepared.problems + problems)
    )


class Content(bytes):
    """The bytes of a file, with what was read of them: whoever hands it on spares the next one the reading.

    Attributes:
        document: what was read.
    """

    document: Document


def read_once(data: bytes, document: Document | None = None) -> Content:
    """Read a file, unless it comes with what was read of it, or that is given."""
    if isinstance(data, Content):
        return data
    content = Content(data)
    content.document = document or read(data)
    return content


def _read(prepared: Prepared) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The values and the problems found with them.

    What stops the parser on one line need not hide what is wrong below: a line that stands for itself is taken out, and the
    rest is read for its problems. Trouble on the line right below counts as the same slip, and so does trouble next to a
    hidden character.
    """
    text, fed = prepared.text, prepared.fed
    stops: list[Problem] = []
    values: dict[str, Any] | None = None
    reading = Reading(text, fed)
    items: dict[int, Problem] = {}  # below a text, by their offsets: the rest can be read all the same
    while True:
        try:
            values = reading.values()
        except Stop as stop:
            problem, final = stop.problem, stop.final
        except Unreadable as error:
            from kpi.store.yaml.trouble import explain

            problem, final = explain(fed, error, reading.last), False
            if error.met == ITEM_BELOW and error.at is not None and len(items) < _MOST_STOPS:
                items[error.at] = problem._replace(where=reading.path())
                reading = Reading(text, fed, items)
                continue
        else:
            break
        if _line(problem) <= max((stop.span.end_line + 1 for stop in stops if stop.span), default=0):
            break
        stops.append(problem)
        line = line_at(text, problem.span.start if problem.span else 0)
        end = line.start + len(line.body)
        below = _NEXT_LINE.search(fed, end)
        has_more = line.body.endswith(":") or (below is not None and len(below[1]) > line.indent)
        if final or has_more or len(stops) == _MOST_STOPS:
            break
        fed = f"{fed[: line.start]}{'#' * len(line.body)}{fed[end:]}"
        reading = Reading(text, fed, items)
    hidden = {_line(problem) for problem in prepared.problems if problem.rule == "hidden-character"}
    stopping, beside = _once_each(stops, [*items.values(), *reading.problems], hidden)
    if stops:
        return None, gathered(text, beside) + stopping
    remarks = not_meant(text, Places(fed).comments) if may_hide(text) else ()
    return values, gathered(text, [*beside, *remarks])


def _once_each(
    stops: list[Problem], others: list[Problem], hidden: set[int]
) -> tuple[list[Problem], list[Problem]]:
    """What stopped the reading and what else was wrong, without what is about one slip a second time."""
    slips = {_line(problem) for problem in others if problem.rule == "yaml-syntax"}
    known = {_line(each) for each in others if each.rule == "yaml-syntax" and each.replacement is not None}
    known |= hidden | {line + 1 for line in slips}
    stopping = [problem for problem in stops if _line(problem) not in known]
    corrected = {_line(problem) for problem in stopping if problem.replacement is not None}
    return stopping, [problem for problem in others if corrected.isdisjoint(_lines(problem))]


def _line(problem: Problem) -> int:
    return problem.span.line if problem.span else 1


def _lines(problem: Problem) -> range:
    return range(problem.span.line, problem.span.end_line + 1) if problem.span else range(1, 2)


def _in_order(text: str, problems: list[Problem]) -> tuple[Problem, ...]:
    """The problems by place. Where there are more than anyone reads, the rest is counted as one."""
    ordered = sorted(problems, key=lambda problem: problem.span or span_at(text, 0, 0))
    if len(ordered) <= MOST_PROBLEMS:
        return tuple(ordered)
    message = f"This file has more than {MOST_PROBLEMS} problems; the others are not shown."
    more = Problem("too-large", (), message, "Fix these first.", span=ordered[MOST_PROBLEMS].span)
    return (*ordered[:MOST_PROBLEMS], more)


_CUT = re.compile(r"(?<=\S) #(?=[A-Za-z0-9])")
_REASON = re.compile(r"marks: ?\[[^\]\n]*\]\} # ?(?!kpi:)\w+ \w")
"""What follows the marks of a figure in a comment: their reason."""
_MARKED = re.compile(rf" # ?(?:{'|'.join(map(re.escape, BESIDE_NUMBER))})\b", re.IGNORECASE)


def may_hide(text: str) -> bool:
    """Whether a file may have a comment that was meant as something else; most have none, and are not looked at further."""
    return " #" in text and bool(_CUT.search(text) or _MARKED.search(text) or _REASON.search(text))


def not_meant(text: str, comments: list[Extent]) -> Iterator[Problem]:
    """The comments of a file that were meant as a mark, a reason or the end of a text; they are where `Places` says."""
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
        if len(names) < _MANY:
            kept += [_repeated(text, name) or name for name in names]
        else:
            kept.append(_once(text, names, at_top=not where))
    return kept


def _repeated(text: str, twice: Problem) -> Problem | None:
    """What to say of a name that is there twice with all that belongs to it: that its lines can go."""
    assert twice.span is not None
    line = line_at(text, twice.span.start)
    stop = _end_of_block(text, line.start, line.indent + 1)
    block = text[line.begin : stop]
    is_there = f"\n{block}" in f"\n{text[: line.begin]}"
    if line.start != twice.span.start or not is_there or not block.endswith("\n"):
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
    stop = _end_of_block(text, spans[-1].start, line.indent)
    names = [shown(text[span.start : span.stop]) for span in spans]
    again = f"{joined([*names[:2], names[-1]])} are here a second time."
    if f"\n{text[line.begin : stop]}" in f"\n{text[: line.begin]}":
        lines = f"ines {spans[0].line} to {text.count(chr(10), 0, stop)}"
        message = f"L{lines} are the same as lines above: {again}"
        return refuse(_RULE, message, f"Delete l{lines}.", "").at(span_at(text, line.begin, stop))
    if at_top:
        help_ = "Every KPI has a file of its own. Move these lines into one, or delete them."
        return refuse(_RULE, f"A second KPI starts here: {again}", help_).at(spans[0])
    from kpi.store.yaml.trouble import mended

    if (problem := mended(line)) and problem.replacement is not None:
        return problem._replace(rule=_RULE, message=f"{problem.message} {again}", where=twice[0].where)
    help_ = "Write its name on a line of its own above, or delete what was pasted twice."
    return refuse(_RULE, f"A second block starts here without a name: {again}", help_).at(spans[0])


def _end_of_block(text: str, start: int, indent: int) -> int:
    """Where the lines end that belong to the block with this line: at the next one that is less indented."""
    at = text.find("\n", start) + 1
    while 0 < at < len(text):
        line = line_at(text, at)
        if line.body and line.indent < indent:
            return at
        at = text.find("\n", at) + 1
    return len(text)
