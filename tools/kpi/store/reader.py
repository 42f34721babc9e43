"""The one YAML reader: values, problems with their places, and the place of every field. Strict, and never executing anything."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from kpi.model.finding import FieldPath, Problem, Span
from kpi.model.vocabulary import BESIDE_NUMBER
from kpi.store.yaml.hygiene import Prepared, prepare
from kpi.store.yaml.lines import line_at, span_at
from kpi.store.yaml.places import MOST_PROBLEMS, TEXT, Place, Places, Unreadable
from kpi.store.yaml.reading import ITEM_BELOW, Reading

_NEXT_LINE = re.compile(r"\n([ ]*)[^\s#]")
_HINT = re.compile(
    rf" #(?:(?<=\S #)(?=[A-Za-z0-9])|(?<=\}} #)| ?(?:{'|'.join(map(re.escape, BESIDE_NUMBER))})\b)",
    re.IGNORECASE,
).search
"""A comment that may be meant as the end of a text, a reason or a mark; most files have none."""
_MERGED = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")  # at the start of lines that an unfinished merge left
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
    """

    __slots__ = ("_again", "_places", "problems", "text", "values")

    def __init__(
        self,
        text: str,
        values: dict[str, Any] | None,
        problems: tuple[Problem, ...],
        again: Callable[[], Reading] | None = None,
    ) -> None:
        """`again` makes a reading that finds the places of the values."""
        self.text, self.values, self.problems = text, values, problems
        self._again = again
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
        extents = [span_at(self.text, start, stop) for start, stop in self._find_places().comments]
        return tuple(Comment(at.line, at.column, self.source(at)[1:].strip()) for at in extents)

    def _find_places(self) -> Places:
        """Where everything stands; looked for when first asked."""
        if self._places is None:
            nowhere = Places(Place(TEXT, "", 0, 0), [], [])
            self._places = self._again().places() if self._again and self.values is not None else nowhere
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
    conflicts: list[Problem] = []
    if any(mark in prepared.text for mark in _MERGED):
        from kpi.store.yaml.leftovers import find_conflicts

        conflicts = list(find_conflicts(prepared.text))
    if not prepared.fed or conflicts:
        return Document(prepared.text, None, _in_order(prepared.text, prepared.problems + conflicts))
    return _read(prepared)


class Content(bytes):
    """The bytes of a file, with what was read of them: whoever hands it on spares the next one the reading."""

    document: Document


def read_once(data: bytes, document: Document | None = None) -> Content:
    """Read a file, unless it comes with what was read of it, or that is given."""
    if isinstance(data, Content):
        return data
    content = Content(data)
    content.document = document or read(data)
    return content


def _read(prepared: Prepared) -> Document:
    """The document with its values and the problems found with them.

    What stops the parser on one line need not hide what is wrong below: a line that stands for itself is taken out, and the
    rest is read for its problems. Trouble on the line right below counts as the same slip, and so does trouble next to a
    hidden character.
    """
    text, fed = prepared.text, prepared.fed
    stops: list[Problem] = []
    values: dict[str, Any] | None = None
    items: dict[int, Problem] = {}  # below a text, by their offsets: the rest can be read all the same
    while True:
        reading = Reading(text, fed, items)
        try:
            values = reading.values()
            break
        except Unreadable as error:
            from kpi.store.yaml.trouble import explain

            problem, is_final = error.problem or explain(fed, error, reading.last), error.problem is not None
            if error.doing == ITEM_BELOW and error.at is not None and len(items) < _MOST_STOPS:
                items[error.at] = problem._replace(where=reading.path())
                continue
        if _lines(problem).start <= max((_lines(stop).stop for stop in stops), default=0):
            break
        stops.append(problem)
        line = line_at(text, problem.span.start if problem.span else 0)
        end = line.start + len(line.body)
        below = _NEXT_LINE.search(fed, end)
        has_more = line.body.endswith(":") or (below is not None and len(below[1]) > line.indent)
        if is_final or has_more or len(stops) == _MOST_STOPS:
            break
        fed = f"{fed[: line.start]}{'#' * len(line.body)}{fed[end:]}"
    stopping, beside = _once_each(prepared, stops, [*items.values(), *reading.problems])
    may_be_meant = not stops and " #" in text and _HINT(text) is not None
    if beside or may_be_meant:
        from kpi.store.yaml.leftovers import find_remarks, gathered

        comments = reading.places().comments if may_be_meant else ()
        beside = gathered(text, [*beside, *find_remarks(text, comments)])
    problems = _in_order(text, prepared.problems + beside + stopping)
    return Document(text, None if stops else values, problems, partial(Reading, text, fed, items))


def _once_each(
    prepared: Prepared, stops: list[Problem], others: list[Problem]
) -> tuple[list[Problem], list[Problem]]:
    """What stopped the reading and what else was wrong, without what is about one slip a second time."""
    slips = [problem for problem in others if problem.rule == "yaml-syntax"]
    known = {_lines(problem).start for problem in prepared.problems if problem.rule == "hidden-character"}
    known |= {_lines(slip).start + 1 for slip in slips} | _corrected(slips)
    stopping = [problem for problem in stops if _lines(problem).start not in known]
    corrected = _corrected(stopping)
    return stopping, [problem for problem in others if corrected.isdisjoint(_lines(problem))]


def _corrected(problems: list[Problem]) -> set[int]:
    return {_lines(problem).start for problem in problems if problem.replacement is not None}


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
