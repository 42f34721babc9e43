"""Where things stand in a file: lines and columns from offsets, and the place of every field."""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import Any

from kpi.model.finding import FieldPath, Span
from kpi.store.yaml.events import kinds

INVISIBLE = "\u200b"
"""Stands, in what the parser is given, for a character that has been reported and should count as not there."""


MOST_PROBLEMS = 100
"""Problems that are told of one file. Each costs time, and nobody reads a thousand."""


def span_at(text: str, start: int, stop: int) -> Span:
    """The stretch of `text` between two offsets, as lines and columns."""
    begins = _line_begins(text)
    line, end_line = bisect_right(begins, start), bisect_right(begins, stop)
    return Span(line, start - begins[line - 1] + 1, end_line, stop - begins[end_line - 1] + 1, start, stop)


@lru_cache(maxsize=1)  # a file's spans are asked for one after the other
def _line_begins(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


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
