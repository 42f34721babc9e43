"""The parser under the reader (libyaml through ruamel.yaml's C part, or ruamel.yaml itself), and where its events stand."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from ruamel.yaml import events

from kpi.model.finding import FieldPath, Problem, Span
from kpi.store.yaml import shown

DEEPEST = 20
"""Levels of nesting that a file may have. The deepest in use is six."""

_DEPTH = {
    events.MappingStartEvent: 1,
    events.SequenceStartEvent: 1,
    events.MappingEndEvent: -1,
    events.SequenceEndEvent: -1,
}
"""How many levels deeper the file is after an event."""


class Unreadable(Exception):  # noqa: N818 - a stop inside this package, never shown as an error
    """A line can't be read. Never leaves this package.

    Attributes:
        doing: what was being read, in the parser's words or the reader's.
        at: where it stopped, and `begun` where the thing began that was being read; None where that isn't known.
    """

    def __init__(self, at: int | None, doing: str = "", begun: int | None = None) -> None:
        super().__init__(doing)
        self.at, self.doing, self.begun = at, doing, begun


class Stop(Unreadable):
    """The file can't be read as it is, for the reason that `problem` tells; `final` says that it is so for the whole file."""

    def __init__(self, problem: Problem, *, final: bool = True) -> None:
        super().__init__(None)
        self.problem, self.final = problem, final


@cache
def _c_parser() -> Any | None:
    """The C parser's class, or None where it isn't installed. It has moved between releases."""
    for module in ("_ruamel_yaml", "ruamel.yaml.clib._ruamel_yaml"):
        try:
            return import_module(module).CParser
        except ImportError:
            continue
    return None


def _source(text: str) -> Callable[[], Any]:
    """A function that gives the next event of `text` each time, and None after the last."""
    if parser := _c_parser():
        next_event: Callable[[], Any] = parser(text).get_event
        return next_event
    from ruamel.yaml import YAML

    row = YAML(typ="safe", pure=True).parse(text)
    return lambda: next(row, None)


def parsed(text: str) -> Iterator[Any]:
    """The events of a text, one at a time; raises `Unreadable` where it is not YAML, and `Stop` where it is too deep.

    The bound is kept here, while the events are asked for: the parser looks ahead by no more than a line or 1,024 characters,
    so a file of 100,000 brackets is left after the first few, long before its parser would need time, memory or stack for them.
    """
    depth, text_event = 0, events.ScalarEvent
    try:
        for event in iter(_source(text), None):
            if event.__class__ is not text_event:  # most are
                depth += _DEPTH.get(event.__class__, 0)
                if depth > DEEPEST:
                    start = event.start_mark.index
                    message = f"This is more than {DEEPEST} levels deep, which is the limit."
                    problem = refuse("too-large", message, "Take some levels away.")
                    raise Stop(problem.at(span_at(text, start, start + 1)))
            yield event
    except Stop:
        raise
    except Exception as error:
        # Beside their own error classes the parsers let AssertionError, ValueError, TypeError and RecursionError out
        # on some odd files. What is raised where the events are used doesn't come by here: it shows as what it is.
        marks = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        at, begun = (mark.index if mark is not None else None for mark in marks)
        raise Unreadable(at, getattr(error, "context", None) or "", begun) from error


INVISIBLE = "\u200b"
"""Stands, in what the parser is given, for a character that has been reported and should count as not there."""

MOST_PROBLEMS = 100
"""Problems that are reported of one file. Each costs time, and nobody reads a thousand."""

_HASH = re.compile(r"#[^\r\n]*")
_AFTER_NAME = re.compile(r"[ ]*:").match


def refuse(rule: str, message: str, help_: str = "", replacement: str | None = None) -> Problem:
    """Why something in a file is refused, before its place is known."""
    return Problem(rule, (), message, help_, replacement)


def syntax_problem(
    text: str, start: int, stop: int, message: str, help_: str, instead: str | None = None
) -> Problem:
    """A problem with the YAML between two offsets of `text`."""
    return Problem("yaml-syntax", (), message, help_, instead, span=span_at(text, start, stop))


def span_at(text: str, start: int, stop: int) -> Span:
    """The part of `text` between two offsets, as lines and columns."""
    begins = line_begins(text)
    line, end_line = bisect_right(begins, start), bisect_right(begins, stop)
    return Span(line, start - begins[line - 1] + 1, end_line, stop - begins[end_line - 1] + 1, start, stop)


@lru_cache(maxsize=1)  # a file's spans are asked for one after the other
def line_begins(text: str) -> list[int]:
    """The offsets at which the lines of a text begin."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def line_span(text: str, start: int) -> Span:
    """The line around an offset, without the white space at its ends."""
    begin, end = text.rfind("\n", 0, start) + 1, text.find("\n", start)
    line = text[begin : len(text) if end < 0 else end]
    lead = len(line) - len(line.lstrip(" \t\r"))
    return span_at(text, begin + lead, begin + max(lead, len(line.rstrip(" \t\r"))))


def text_of(event: Any) -> str:
    """A name or value as the reader takes it, before numbers are told from text; an alias stands for its own spelling."""
    if event.__class__ is events.AliasEvent:
        return f"*{event.anchor}"
    value: str = event.value
    return value.replace(INVISIBLE, "") if INVISIBLE in value else value


TEXT, FIELDS, ITEMS = "text", "fields", "items"


class Place:
    """Where one value stands.

    Attributes:
        kind: `TEXT`, `FIELDS` or `ITEMS`.
        style: how it is written: `"`, `'`, `|`, `>`, `[` for what is in brackets or braces, or nothing.
        start, stop: its offsets; an empty value has those just after its colon.
        end: where the parser is with it, which may be some blank lines further on.
        name: the place of its name, if it has one.
        inside: the places of the fields or items inside it. Of a name written twice the first stays, as in the values.
    """

    __slots__ = ("end", "inside", "kind", "name", "start", "stop", "style")

    def __init__(self, kind: str, style: str, start: int, stop: int, name: "Place | None" = None) -> None:
        self.kind, self.style, self.name = kind, style, name
        self.start, self.stop, self.end = start, stop, stop
        self.inside: dict[str | int, Place] = {}

    def find(self, where: FieldPath) -> "Place":
        """The place of a field inside this one; where it isn't there, that of the nearest field around it."""
        inner = self.inside.get(where[0]) if where else None
        return inner.find(where[1:]) if inner else self


class Places(NamedTuple):
    """Where everything in a file stands: its fields, and its comments as offsets, from the `#` to the end of the line."""

    root: Place
    comments: list[tuple[int, int]]


def places_of(block: list[Any], fed: str) -> Places:
    """Where everything stands, from the events of a file; those of a block are a list, from what opens it to what closes it."""
    root = _place(block, fed)
    if root.inside:
        root.name = next(iter(root.inside.values())).name
    return Places(root, comments_between(fed, texts_of(_flattened(block))))


def _flattened(block: list[Any]) -> Iterator[Any]:
    for event in block:
        yield from _flattened(event) if isinstance(event, list) else (event,)


def texts_of(row: Iterable[Any]) -> list[Place]:
    """Where every name and value stands, from events in order."""
    return [_text(event) for event in row if isinstance(event, events.ScalarEvent | events.AliasEvent)]


def comments_between(fed: str, texts: list[Place]) -> list[tuple[int, int]]:
    """Where the comments stand in what the parser gets, which has these texts."""
    gaps = zip([0, *(text.end for text in texts)], [*(text.start for text in texts), len(fed)], strict=True)
    return [match.span() for gap in gaps for match in _HASH.finditer(fed, *gap)]


def _text(event: Any, name: Place | None = None) -> Place:
    style = getattr(event, "style", None) or ""
    return Place(TEXT, style, event.start_mark.index, event.end_mark.index, name)


def _place(event: Any, fed: str, name: Place | None = None) -> Place:
    if not isinstance(event, list):
        place = _text(event, name)
        if place.start == place.stop and name is not None:
            # The parsers place a value that isn't there differently: take the place just after the colon.
            after = _AFTER_NAME(fed, name.stop)
            place.start = place.stop = after.end() if after else name.stop
        elif place.style in ("|", ">"):
            place.stop = place.start + len(fed[place.start : place.stop].rstrip())
        return place
    opened, *inner, closed = event
    start, kind = opened.start_mark.index, FIELDS if isinstance(opened, events.MappingStartEvent) else ITEMS
    place = Place(kind, "[" if opened.flow_style else "", start, start, name)
    if kind == FIELDS:
        for label, value in zip(inner[::2], inner[1::2], strict=True):
            place.inside.setdefault(text_of(label), _place(value, fed, _text(label)))
    else:
        place.inside.update(enumerate(_place(item, fed) for item in inner))
    last = next(reversed(place.inside.values()), place)
    place.stop = closed.end_mark.index if place.style else last.stop
    return place


_DASHES = re.compile("(?:- +)+")
_IN_ONE_PAIR = re.compile(r"\"[^\"]*\"|'(?:[^']|(?<=\w)'(?=\w))*'").fullmatch
CURLY = {"“": "”", "„": "“", "‘": "’", "«": "»", "”": "”", "’": "’"}


class Line(NamedTuple):
    """One line, taken apart: `- ` signs, a field's name and its value, without a comment. Offsets are in the whole text."""

    text: str  # the whole file's
    start: int  # of what follows the indentation
    indent: int
    inner: int  # the column where what follows the "- " signs starts
    body: str  # from `start`, without the comment and the white space at the end
    name: str  # empty where the line has no field
    value: str
    value_start: int

    @property
    def begin(self) -> int:
        """Where the line starts, with its indentation."""
        return self.start - self.indent

    @property
    def stop(self) -> int:
        """Where the body ends."""
        return self.start + len(self.body)

    @property
    def inner_start(self) -> int:
        """Where what follows the "- " signs starts."""
        return self.begin + self.inner

    @property
    def inside(self) -> str:
        """What follows the "- " signs."""
        return self.body[self.inner - self.indent :]

    @property
    def shown(self) -> str:
        """The line as messages quote it."""
        return shown(self.body)

    def above(self) -> "Line | None":
        """The nearest line above that is neither empty nor a comment."""
        begin = self.begin
        while begin > 0:
            line = line_at(self.text, begin - 1)
            if line.body and not line.body.startswith("#"):
                return line
            begin = line.begin
        return None

    def around(self) -> "list[Line]":
        """The nearest line above, and those around that one, each less indented than the one before."""
        lines: list[Line] = []
        at = self.begin
        for row in reversed(self.text[:at].split("\n")[:-1]):
            at -= len(row) + 1
            body = row.strip()
            if body and body[0] != "#" and (not lines or row[: lines[-1].indent].strip()):
                lines.append(line_at(self.text, at))
        return lines

    def problem(self, message: str, help_: str, instead: str | None = None) -> Problem:
        """A problem with everything on the line."""
        return syntax_problem(self.text, self.start, self.stop, message, help_, instead)


def line_at(text: str, at: int) -> Line:
    """Takes apart the line around an offset."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    raw = text[begin : len(text) if end < 0 else end].rstrip()
    body, indent = raw.lstrip(" "), len(raw) - len(raw.lstrip(" "))
    comment = 0 if body.startswith("#") else body.find(" #")
    if comment >= 0 and body.count('"', 0, comment) % 2 == 0 and body.count("'", 0, comment) % 2 == 0:
        body = body[:comment].rstrip()
    dashes = _DASHES.match(body)
    inner = dashes.end() if dashes else 0
    colon = body.find(": ", inner)
    if colon < 0 and body.endswith(":"):
        colon = len(body) - 1
    name = body[inner:colon].rstrip() if colon >= 0 else ""
    value = body[colon + 1 :].lstrip(" ") if colon >= 0 else body[inner:]
    value_start = begin + indent + len(body) - len(value)
    return Line(text, begin + indent, indent, indent + inner, body, name, value, value_start)


def in_quotes(value: str) -> str:
    """The text in quotes, in the way that needs the fewest changes; quotes that were meant as quotes are replaced."""
    if len(value) > 1 and (
        CURLY.get(value[0]) == value[-1] or (value[0] == value[-1] and _IN_ONE_PAIR(value))
    ):
        value = value[1:-1]
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
