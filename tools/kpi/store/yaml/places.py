"""The parser under the reader (libyaml through ruamel.yaml's C part, or ruamel.yaml itself), and where its events stand."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from ruamel.yaml import events

from kpi.model.finding import FieldPath, Problem
from kpi.store.yaml.lines import span_at
from kpi.store.yaml.subset import DEEPEST, TOO_DEEP


class Unreadable(Exception):  # noqa: N818 - a stop inside this package, never shown as an error
    """The reading can't go on. Never leaves this package.

    Attributes:
        at: where it stopped, and `begun` where the thing began that was being read; None where that isn't known.
        doing: what was being read, in the parser's words or the reader's.
        problem: why the whole file can't be read as it is; None where a line can't be.
    """

    def __init__(
        self, at: int | None, doing: str = "", begun: int | None = None, problem: Problem | None = None
    ) -> None:
        super().__init__(doing)
        self.at, self.doing, self.begun, self.problem = at, doing, begun, problem


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
    """The events of a text, one at a time; raises `Unreadable` where it is not YAML, or too deep.

    The depth is watched while the events come: the parser looks ahead by no more than a line or 1,024 characters, and would
    need time and memory for 100,000 brackets.
    """
    depth, text_event = 0, events.ScalarEvent
    try:
        for event in iter(_source(text), None):
            if event.__class__ is not text_event:  # most are
                depth += isinstance(event, events.CollectionStartEvent)
                depth -= isinstance(event, events.CollectionEndEvent)
                if depth > DEEPEST:
                    start = event.start_mark.index
                    raise Unreadable(start, problem=TOO_DEEP.at(span_at(text, start, start + 1)))
            yield event
    except Unreadable:
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


def text_of(event: Any) -> str:
    """A name or value as the reader takes it, before numbers are told from text; an alias stands for its own spelling."""
    if event.__class__ is events.AliasEvent:
        return f"*{event.anchor}"
    value: str = event.value
    return value.replace(INVISIBLE, "") if INVISIBLE in value else value


_TEXTS = (events.ScalarEvent, events.AliasEvent)
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
    """Where everything in a file stands."""

    root: Place  # of the whole file
    texts: list[Place]  # of all names and values, in order
    comments: list[tuple[int, int]]  # offsets, each from the `#` to the end of the line


def places_of(block: list[Any], fed: str) -> Places:
    """Where everything stands, from the events of a file; those of a block are a list, from what opens it to what closes it."""
    root = _place(block, fed)
    root.name = next((place.name for place in root.inside.values()), None)
    return Places(root, *texts_of(_flattened(block), fed))


def texts_of(row: Iterable[Any], fed: str) -> tuple[list[Place], list[tuple[int, int]]]:
    """The texts and the comments of `Places`, from a file's events in one row."""
    texts = [_text(event) for event in row if isinstance(event, _TEXTS)]
    gaps = zip([0, *(text.end for text in texts)], [*(text.start for text in texts), len(fed)], strict=True)
    return texts, [match.span() for gap in gaps for match in _HASH.finditer(fed, *gap)]


def _flattened(block: list[Any]) -> Iterator[Any]:
    for event in block:
        yield from _flattened(event) if isinstance(event, list) else (event,)


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
