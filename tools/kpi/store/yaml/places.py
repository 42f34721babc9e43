"""The parser under the reader (libyaml through ruamel.yaml's C part, or ruamel.yaml itself), and where it finds everything."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
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
        met, doing: what was met there, and what was being read, in the parser's words or the reader's.
        at: where it stopped, and `begun` where the thing began that was being read; None where that isn't known.
    """

    def __init__(self, met: str, at: int | None, doing: str = "", begun: int | None = None) -> None:
        super().__init__(met)
        self.met, self.doing = met, doing
        self.at, self.begun = at, begun


class TooDeep(Unreadable):
    """The file has more than `DEEPEST` levels; the first level too many begins at `at`."""


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
    """The events of a text, one at a time; raises `Unreadable` where it is not YAML, or more than `DEEPEST` levels deep.

    The bound is kept here, while the events are asked for: the parser looks ahead by no more than a line or 1,024 characters,
    so a file of 100,000 brackets is left after the first few, long before its parser would need time, memory or stack for them.
    """
    depth, text_event = 0, events.ScalarEvent
    try:
        for event in iter(_source(text), None):
            if event.__class__ is not text_event:  # most are
                depth += _DEPTH.get(event.__class__, 0)
                if depth > DEEPEST:
                    raise TooDeep("one level too many", event.start_mark.index)
            yield event
    except TooDeep:
        raise
    except Exception as error:
        # Beside their own error classes the parsers let AssertionError, ValueError, TypeError and RecursionError out
        # on some odd files. What is raised where the events are used doesn't come by here: it shows as what it is.
        problem, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        at, begun = (mark.index if mark is not None else None for mark in (problem, context))
        met, doing = getattr(error, "problem", None) or "", getattr(error, "context", None) or ""
        raise Unreadable(met, at, doing, begun) from error


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
    begins = _line_begins(text)
    line, end_line = bisect_right(begins, start), bisect_right(begins, stop)
    return Span(line, start - begins[line - 1] + 1, end_line, stop - begins[end_line - 1] + 1, start, stop)


@lru_cache(maxsize=1)  # a file's spans are asked for one after the other
def _line_begins(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def line_span(text: str, start: int) -> Span:
    """The line around an offset, without the white space at its ends."""
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    line = text[begin : len(text) if end < 0 else end]
    lead = len(line) - len(line.lstrip(" \t\r"))
    return span_at(text, begin + min(lead, len(line)), begin + max(lead, len(line.rstrip(" \t\r"))))


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
        self.kind = kind
        self.style = style
        self.start = start
        self.stop = self.end = stop
        self.name = name
        self.inside: dict[str | int, Place] = {}

    def find(self, where: FieldPath) -> "Place":
        """The place of a field inside this one; where it isn't there, that of the nearest field around it."""
        place = self
        for step in where:
            inner = place.inside.get(step)
            if inner is None:
                break
            place = inner
        return place


class Extent(NamedTuple):
    """Where a text or a comment stands, as offsets, and how it is written: `#`, or as a `Place` is."""

    start: int
    stop: int
    style: str


class Places:
    """Where everything in a text stands that the reader can read.

    Attributes:
        root: the place of the whole file.
        texts: where every name and value stands, in order.
        comments: where the comments stand, from the `#` to the end of the line.
    """

    def __init__(self, fed: str) -> None:
        """Find the places in what the parser gets; raises `Unreadable` where that is not YAML."""
        self.root = Place(TEXT, "", 0, 0)
        self._fed = fed
        self._around: list[Place] = []  # what is open
        self._name: tuple[str, Place] | None = None  # the name that waits for its value
        self.texts: list[Extent] = []
        for event in parsed(fed):
            match event:
                case events.ScalarEvent():
                    start, stop = event.start_mark.index, event.end_mark.index
                    self.texts.append(Extent(start, stop, event.style or ""))
                    self._text(event)
                case events.AliasEvent():
                    self._text(event)
                case events.MappingStartEvent():
                    self._open(FIELDS, event)
                case events.SequenceStartEvent():
                    self._open(ITEMS, event)
                case events.MappingEndEvent() | events.SequenceEndEvent():
                    self._close(event)
        if self.root.inside:
            self.root.name = next(iter(self.root.inside.values())).name
        self.comments = list(self._comments())

    def _text(self, event: Any) -> None:
        place = Place(TEXT, getattr(event, "style", None) or "", event.start_mark.index, event.end_mark.index)
        if self._name is None and self._around and self._around[-1].kind == FIELDS:
            self._name = text_of(event), place
            return
        if place.start == place.stop and self._name is not None:
            # The parsers place a value that isn't there differently: take the place just after the colon.
            stop = self._name[1].stop
            after = _AFTER_NAME(self._fed, stop)
            place.start = place.stop = after.end() if after else stop
        elif place.style in ("|", ">"):
            place.stop = place.start + len(self._fed[place.start : place.stop].rstrip())
        self._put(place)

    def _open(self, kind: str, event: Any) -> None:
        place = Place(kind, "[" if event.flow_style else "", event.start_mark.index, event.start_mark.index)
        self._put(place)
        self._around.append(place)

    def _close(self, event: Any) -> None:
        closed = self._around.pop()
        if closed.style:
            closed.stop = event.end_mark.index
        elif closed.inside:
            closed.stop = next(reversed(closed.inside.values())).stop

    def _put(self, place: Place) -> None:
        if not self._around:
            self.root = place
            return
        inside = self._around[-1].inside
        step, place.name = self._name or (len(inside), None)
        inside.setdefault(step, place)
        self._name = None

    def _comments(self) -> Iterator[Extent]:
        """What starts with a `#` between the texts."""
        at = 0
        for text in [*self.texts, Extent(len(self._fed), len(self._fed), "")]:
            for match in _HASH.finditer(self._fed, at, text.start):
                yield Extent(*match.span(), "#")
            at = text.stop


_DASHES = re.compile("(?:- +)+")
_ITEM_END = re.compile(r"[,\[\]{}\r\n]")
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
    body = raw.lstrip(" ")
    indent = len(raw) - len(body)
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


def needs_no_quotes(text: str) -> bool:
    """Whether a text of several words can come after a colon as it is."""
    return text[:1].isalpha() and ": " not in text and " #" not in text and not text.endswith(":")


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


def item_at(text: str, start: int) -> str:
    """The item of a list in brackets that starts here."""
    end = _ITEM_END.search(text, start + 1)
    return text[start : end.start() if end else len(text)].rstrip()
