"""Where everything stands in a file: lines and columns from offsets, and the place of every field.

Places are found again from the text when someone asks, instead of being kept for every file: few files have findings,
and a hundred thousand documents with all their places would not fit in memory.
"""

import re
from typing import Any

from kpi.model.finding import FieldPath, Span
from kpi.store.yaml.events import feed, kinds

INVISIBLE = "\u200b"
"""Stands, in what the parser is given, for a character that has been reported and should count as not there."""


MOST_PROBLEMS = 100
"""Problems that are told of one file. Each costs time, and nobody reads a thousand."""


def span_at(text: str, start: int, stop: int) -> Span:
    """The stretch of `text` between two offsets, as lines and columns."""
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    end_line = line + text.count("\n", start, stop)
    return Span(line, column, end_line, stop - text.rfind("\n", 0, stop), start, stop)


def line_span(text: str, start: int) -> Span:
    """The line around an offset, without the white space at its ends."""
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    line = text[begin : len(text) if end < 0 else end]
    lead = len(line) - len(line.lstrip(" \t\r"))
    return span_at(text, begin + min(lead, len(line)), begin + max(lead, len(line.rstrip(" \t\r"))))


def text_of(event: Any) -> str:
    """A name or value as the reader takes it, before numbers are told from text; an alias stands for its own spelling."""
    if event.__class__ is kinds().alias:
        return f"*{event.anchor}"
    value: str = event.value
    return value.replace(INVISIBLE, "") if INVISIBLE in value else value


_AFTER_NAME = re.compile(r"[ ]*:").match


class Place:
    """Where one value stands: offsets of its name (if it has one) and of itself, and the places inside it."""

    __slots__ = ("inside", "name", "start", "stop")

    def __init__(self, start: int, stop: int, name: tuple[int, int] | None = None) -> None:
        self.start = start
        self.stop = stop
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


class _Finder:
    """Walks the events of a file that reads well and notes where each value stands."""

    def __init__(self, text: str, fed: str) -> None:
        self.text = text
        self.fed = fed
        self.root = self.place = Place(0, 0)
        self.is_mapping = False
        self.name: Any = None  # the event of the name that waits for its value
        self.outer: list[tuple[Place, bool, Any]] = []

    def find(self) -> Place:
        kind = kinds()
        takers = {
            kind.scalar: self._text,
            kind.alias: self._text,
            kind.mapping: lambda event: self._open(event, is_mapping=True),
            kind.sequence: lambda event: self._open(event, is_mapping=False),
            kind.mapping_end: self._close,
            kind.sequence_end: self._close,
        }
        feed(self.fed, takers)
        if self.root.inside:
            self.root.name = next(iter(self.root.inside.values())).name
        return self.root

    def _text(self, event: Any) -> None:
        if self.is_mapping and self.name is None:
            self.name = event
        else:
            self._leaf(event)

    def _open(self, event: Any, *, is_mapping: bool) -> None:
        start = event.start_mark.index
        place = self._attach(Place(start, start, self._name_offsets())) if self.outer else self.root
        place.start = start
        self.outer.append((self.place, self.is_mapping, None))
        self.place, self.is_mapping, self.name = place, is_mapping, None

    def _close(self, event: Any) -> None:
        closed = self.place
        if event.end_mark.index > event.start_mark.index:  # ends with a bracket
            closed.stop = event.end_mark.index
        elif closed.inside:
            closed.stop = next(reversed(closed.inside.values())).stop
        self.place, self.is_mapping, self.name = self.outer.pop()

    def _leaf(self, event: Any) -> None:
        start, stop = event.start_mark.index, event.end_mark.index
        if start == stop and self.name is not None:
            # The parsers place a value that isn't there differently: take the place just after the colon.
            stop = self.name.end_mark.index
            after = _AFTER_NAME(self.text, stop)
            start = stop = after.end() if after else stop
        elif getattr(event, "style", None) in ("|", ">"):
            stop = start + len(self.text[start:stop].rstrip())
        self._attach(Place(start, stop, self._name_offsets()))

    def _name_offsets(self) -> tuple[int, int] | None:
        return None if self.name is None else (self.name.start_mark.index, self.name.end_mark.index)

    def _attach(self, place: Place) -> Place:
        """Puts a place inside the current one. Of a name written twice the first stays, as in the values."""
        step = len(self.place.inside) if self.name is None else text_of(self.name)
        self.place.inside.setdefault(step, place)
        self.name = None
        return place


def find_places(text: str, fed: str) -> Place:
    """The places of everything in a file that the reader could read.

    Args:
        text: the file's text.
        fed: what the parser was given for it, offset by offset the same.
    """
    return _Finder(text, fed).find()
