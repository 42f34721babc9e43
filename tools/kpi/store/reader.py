"""The one YAML reader: values, problems with their places, and the place of every field. Strict, and never executing anything."""

import re
from typing import Any, NamedTuple

from kpi.model.finding import FieldPath, Problem, Span
from kpi.store.yaml.events import Unreadable
from kpi.store.yaml.hygiene import Prepared, prepare
from kpi.store.yaml.lines import line_at
from kpi.store.yaml.places import MOST_PROBLEMS, Places, span_at
from kpi.store.yaml.reading import Reading, Stop
from kpi.store.yaml.unintended import gathered, may_hide, not_meant

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
        """Where a field stands.

        Args:
            where: the field. Where it isn't there, the nearest one around it is meant.
            on_key: asks for the field's name instead of its value. An item of a list has only a value; for the file as a whole,
                the name of its first field is meant.

        Returns:
            The span of the value without the comment after it. An empty value has an empty span after its colon.
        """
        place = self._find_places().root.find(where)
        place = place.name if on_key and place.name else place
        return span_at(self.text, place.start, place.stop)

    def comments(self) -> tuple[Comment, ...]:
        """The comments in order; none where the file can't be read at all."""
        comments = []
        line, counted = 1, 0
        for start, stop, _ in self._find_places().comments:
            line += self.text.count("\n", counted, start)
            counted = start
            column = start - self.text.rfind("\n", 0, start)
            comments.append(Comment(line, column, self.text[start + 1 : stop].strip()))
        return tuple(comments)

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
    """Reads a file.

    Args:
        data: the whole file.

    Returns:
        The document. Never raises: whatever the bytes are, what is wrong with them is in its problems.
    """
    prepared = prepare(data)
    if not prepared.readable:
        return Document(prepared.text, "", None, _in_order(prepared.text, prepared.problems))
    values, problems = _read(prepared)
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
    while True:
        try:
            values = reading.values()
        except Stop as stop:
            problem, final = stop.problem, stop.final
        except Unreadable as error:
            from kpi.store.yaml.trouble import explain

            problem, final = explain(fed, error.cause, reading.last), False
        else:
            break
        if stops and _line(problem) <= max(map(_line, stops)) + 1:
            break
        stops.append(problem)
        line = line_at(text, problem.span.start if problem.span else 0)
        end = line.start + len(line.body)
        below = _NEXT_LINE.search(fed, end)
        has_more = bool(line.name and not line.value) or (below is not None and len(below[1]) > line.indent)
        if final or has_more or len(stops) == _MOST_STOPS:
            break
        fed = f"{fed[: line.start]}{'#' * len(line.body)}{fed[end:]}"
        reading = Reading(text, fed)
    hidden = {_line(problem) for problem in prepared.problems if problem.rule == "hidden-character"}
    stopping, beside = _once_each(stops, reading.problems, hidden)
    if stops:
        return None, gathered(text, beside) + stopping
    return values, gathered(text, beside + _remarks(text, fed))


def _once_each(
    stops: list[Problem], others: list[Problem], hidden: set[int]
) -> tuple[list[Problem], list[Problem]]:
    """What stopped the reading and what else was wrong, without what is about one slip a second time."""
    slips = {_line(problem) for problem in others if problem.rule == "yaml-syntax"}
    known = {
        _line(problem)
        for problem in others
        if problem.rule == "yaml-syntax" and problem.replacement is not None
    }
    stopping = [
        problem
        for problem in stops
        if (line := _line(problem)) not in hidden | known and line - 1 not in slips
    ]
    corrected = {_line(problem) for problem in stopping if problem.replacement is not None}
    return stopping, [problem for problem in others if _line(problem) not in corrected]


def _remarks(text: str, fed: str) -> list[Problem]:
    """What is wrong with the comments of a file that can be read."""
    if not may_hide(text):
        return []
    return list(not_meant(text, Places(fed).comments))


def _line(problem: Problem) -> int:
    return problem.span.line if problem.span else 1


def _in_order(text: str, problems: list[Problem]) -> tuple[Problem, ...]:
    """The problems by place. Where there are more than anyone reads, the rest is counted as one."""
    ordered = sorted(problems, key=lambda problem: problem.span or span_at(text, 0, 0))
    if len(ordered) <= MOST_PROBLEMS:
        return tuple(ordered)
    message = f"This file has more than {MOST_PROBLEMS} problems; the others are not shown."
    more = Problem("too-large", (), message, "Fix these first.", span=ordered[MOST_PROBLEMS].span)
    return (*ordered[:MOST_PROBLEMS], more)
