"""The comments of a file, found by their place outside texts: a `#` inside quotes or a block of text is no comment."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kpi.store.yaml.events import feed, kinds

_HASH = re.compile(r"#[^\r\n]*")


class Comment(NamedTuple):
    """A comment: where its `#` stands, counted from 1, and what follows it, without the white space around."""

    line: int
    column: int
    text: str


class Stretch(NamedTuple):
    """Where a text stands, as offsets, and how it is written: `"`, `'`, `|`, `>`, or nothing for plain text."""

    start: int
    stop: int
    style: str


def texts(fed: str) -> list[Stretch]:
    """Every name and value in a file, in order.

    Raises:
        Unreadable: the text is not YAML.
        TooDeep: there are more levels than a KPI file may have.
    """
    found: list[Stretch] = []

    def take(event: Any) -> None:
        found.append(Stretch(event.start_mark.index, event.end_mark.index, event.style or ""))

    feed(fed, {kinds().scalar: take})
    return found


def comment_stretches(text: str, stretches: list[Stretch]) -> Iterator[tuple[int, int]]:
    """Where the comments between these texts stand, as offsets: from the `#` to the end of the line."""
    start = 0
    for stretch in [*stretches, Stretch(len(text), len(text), "")]:
        for match in _HASH.finditer(text, start, stretch.start):
            yield match.span()
        start = stretch.stop


def find_comments(text: str, fed: str) -> tuple[Comment, ...]:
    """The comments of a file that the reader could read, in order.

    Args:
        text: the file's text.
        fed: what the parser was given for it, offset by offset the same.
    """
    if "#" not in text:
        return ()
    found = []
    line, counted = 1, 0
    for start, stop in comment_stretches(text, texts(fed)):
        line += text.count("\n", counted, start)
        counted = start
        found.append(Comment(line, start - text.rfind("\n", 0, start), text[start + 1 : stop].strip()))
    return tuple(found)
