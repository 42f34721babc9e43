"""Where the texts of a file stand, and the comments between them: a `#` inside quotes or a block of text is no comment."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from kpi.store.yaml.events import feed, kinds

_HASH = re.compile(r"#[^\r\n]*")


class Stretch(NamedTuple):
    """Where a text stands, as offsets, and how it is written: `"`, `'`, `|`, `>`, or nothing for plain text."""

    start: int
    stop: int
    style: str


def stretch_of(event: Any) -> Stretch:
    """Where the text of an event stands."""
    return Stretch(event.start_mark.index, event.end_mark.index, event.style or "")


def texts(fed: str) -> list[Stretch]:
    """Every name and value in a file, in order.

    Raises:
        Unreadable: the text is not YAML.
        TooDeep: there are more levels than a KPI file may have.
    """
    stretches: list[Stretch] = []
    feed(fed, {kinds().scalar: lambda event: stretches.append(stretch_of(event))})
    return stretches


def comments_between(text: str, stretches: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Where the comments between these texts stand, as offsets: from the `#` to the end of the line."""
    at = 0
    for stretch in [*stretches, Stretch(len(text), len(text), "")]:
        for match in _HASH.finditer(text, at, stretch.start):
            yield match.span()
        at = stretch.stop
