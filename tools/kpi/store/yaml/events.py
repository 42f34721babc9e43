"""The parser under the reader: libyaml through ruamel.yaml's C part, or ruamel.yaml itself where that part is missing.

Both tell a file as a row of events (a field starts, a text, a list ends) with their places; nothing here gives them a meaning.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

from ruamel.yaml import events

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
    """The parser gave up; `cause` is whatever it raised. Never leaves this package."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class TooDeep(Exception):  # noqa: N818 - as above
    """The file has more than `DEEPEST` levels; `start` is where the first level too many begins, as an offset."""

    def __init__(self, start: int) -> None:
        super().__init__(f"more than {DEEPEST} levels")
        self.start = start


@cache
def _c_parser() -> Any | None:
    """The C parser's class, or None where it isn't installed. It has moved between releases."""
    for module in ("_ruamel_yaml", "ruamel.yaml.clib._ruamel_yaml"):
        try:
            return import_module(module).CParser
        except ImportError:
            continue
    return None


def back_end() -> str:
    """Which parser is in use: `libyaml` (fast) or `ruamel` (the same answers, about twenty times slower)."""
    return "ruamel" if _c_parser() is None else "libyaml"


def _source(text: str) -> Callable[[], Any]:
    """A function that gives the next event of `text` each time, and None after the last."""
    parser = _c_parser()
    if parser is not None:
        next_event: Callable[[], Any] = parser(text).get_event
        return next_event
    from ruamel.yaml import YAML

    row = YAML(typ="safe", pure=True).parse(text)
    return lambda: next(row, None)


def parsed(text: str) -> Iterator[Any]:
    """The events of a text, one at a time, at most `DEEPEST` levels deep.

    The bound is kept here, while the events are asked for: the parser looks ahead by no more than a line or 1,024 characters,
    so a file of 100,000 brackets is left after the first few, long before its parser would need time, memory or stack for them.

    Raises:
        Unreadable: the text is not YAML.
        TooDeep: there are more levels than a KPI file may have.
    """
    depth, text_event = 0, events.ScalarEvent
    try:
        for event in iter(_source(text), None):
            if event.__class__ is not text_event:  # most are
                depth += _DEPTH.get(event.__class__, 0)
                if depth > DEEPEST:
                    raise TooDeep(event.start_mark.index)
            yield event
    except TooDeep:
        raise
    except Exception as error:
        # Beside their own error classes the parsers let AssertionError, ValueError, TypeError and RecursionError out
        # on some odd files. What is raised where the events are used doesn't come by here: it shows as what it is.
        raise Unreadable(error) from error
