"""A file's text as ruamel.yaml's data, in which every name, value and comment is kept as it was typed.

ruamel.yaml's own reader takes `1.50` for a number, puts a wrapped text on one line, and hangs a comment on the field before it.
"""

import re
from collections.abc import Container, Iterable, Iterator
from itertools import chain
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from kpi.store.yaml.places import FIELDS, ITEMS, TEXT, Place, Places

_COLON = re.compile(r"[ ]*:").match
_DASH = re.compile(r"(?:[ \n]|(?<=[ \n])#[^\n]*)*-").match
_ONLY_DASH = re.compile(r" *-( +#.*)?").fullmatch
_BLANK_END = re.compile(r"(?:\n *)+\Z")


class DoubtfulError(Exception):
    """Something in a file is better left alone: what it is, what to write instead, and where it is, as an offset."""

    def __init__(self, message: str, advice: str, at: int = 0) -> None:
        super().__init__(message)
        self.message, self.advice, self.at = message, advice, at


class Typed(str):  # noqa: SLOT000 -- what most of them lack stands on the class
    """A name or a value. As text it is what was typed, a name without its quotes."""

    number: int  # counts the names and values of a file
    source: str  # what was typed
    column = 0  # where the names or dashes of its block were
    # where the line that it begins starts (or that of its dash); None where it begins none
    start: int | None = None
    begin = 0  # where the lines above it start
    above: list[str]  # the comments and blank lines above it
    # those between it and its dash, which is alone; the first is the rest of the dash's line
    inside: list[str]
    after = ""  # the comment on its line, with the white space in front

    @property
    def has_comment_above(self) -> bool:
        """Whether there is a comment above it."""
        return any(line.strip() for line in (*self.above, *self.inside))


class Fields(CommentedMap):
    """Names and values, each `Typed` or `Fields` or `Items`."""

    column = 0  # where the names were
    tail: tuple[str, ...] = ()  # the comments below the last that belong inside


class Items(CommentedSeq):
    """A list, with the same attributes."""

    column = 0
    tail: tuple[str, ...] = ()


class BracedFields(dict[str, Any]):
    """New fields that are to be in braces on one line; mere `dict` are to be on lines of their own."""


class BracketedItems(list[Any]):
    """A new list that is to be in brackets on one line."""


def in_brackets(node: Any) -> bool:
    """Whether this is fields or a list in brackets."""
    if isinstance(node, Fields | Items):
        return bool(node.fa.flow_style())
    return isinstance(node, BracedFields | BracketedItems)


def put(fields: Any, name: str, value: Any, before: Container[str] = ()) -> None:
    """Give a field of a draft or of mere values its value. A new one comes before the first of some others, or last."""
    names = list(fields)
    fields[name] = value
    if name not in names:
        place = next((number for number, other in enumerate(names) if other in before), len(names))
        reorder(fields, names[place:])


def reorder(fields: Any, names: Iterable[str]) -> None:
    """Put some fields behind all others, in this order."""
    for name in names:
        fields[name] = fields.pop(name)


def parts(node: Any) -> Iterator[Any]:
    """The names and values, or the items, that fields or a list hold."""
    return chain.from_iterable(node.items()) if isinstance(node, Fields) else iter(node)


def has_comment(node: Any) -> bool:
    """Whether there is a comment among the lines of fields or a list, or of a value."""
    if isinstance(node, Typed):
        return bool(node.after) or node.has_comment_above
    return bool(node.tail) or any(map(has_comment, parts(node)))


class Parsed:
    """What a text says, and what is between."""

    def __init__(self, text: str) -> None:
        """Take a text that the strict reader takes; raises `DoubtfulError` if something in it is better left alone."""
        self.text = text
        self.typed: list[Typed] = []  # the names and values in order
        self.tails = 0  # how many blocks have comments at their end
        self._closed: list[Any] = []  # blocks that have ended since the last name or value, innermost first
        self._at = 0  # what stands before has been looked at
        self._lead: dict[str, Any] = {}  # what the next name or value is to know of the line that it begins
        self._line = Typed()  # the first name or value of the line
        self.root = self._node(Places(text).root, None)
        if not isinstance(self.root, Fields) or in_brackets(self.root):
            raise DoubtfulError("Everything is in brackets.", "Write each field on a line of its own.")
        self.stop: int = self.text.index("\n", self._at) + 1  # where the line after the last of them starts
        self._begin_line(len(text))
        self.rest: list[str] = self._lead["above"]  # the blank lines at the end
        self._lead = {}

    def add(self, text: str, source: str, column: int = 0) -> Typed:
        """Make a name or a value, which may begin a line."""
        typed = Typed(text)
        typed.number, typed.source, typed.column = len(self.typed), source, column
        typed.above, typed.inside = [], []
        self.typed.append(typed)
        if self._lead:
            vars(typed).update(self._lead)
            self._line, self._lead = typed, {}
        return typed

    def _node(self, place: Place, holder: Any) -> Any:
        """The data of what is at a place, inside fields or a list."""
        if place.kind == TEXT:
            return self._text(place, holder, is_name=False)
        node: Any = Fields() if place.kind == FIELDS else Items()
        if place.style:
            self._reach(place.start)
            self._at = place.start
            node.fa.set_flow_style()
        elif place.kind == ITEMS and isinstance(holder, Items):
            raise DoubtfulError("A list is inside a list.", "Write the inner one in brackets.", place.start)
        else:
            node.column = place.start - self.text.rfind("\n", 0, place.start) - 1
        for inner in place.inside.values():
            if inner.name is None:
                node.append(self._node(inner, node))
            else:
                name = self._text(inner.name, node, is_name=True)
                node[name] = self._node(inner, node)
        if not place.style:
            self._closed.append(node)
            return node
        self._at = place.stop
        if node or holder is None:
            return node
        source = "{}" if place.kind == FIELDS else "[]"
        return self.add(source, source, holder.column)

    def _text(self, place: Place, holder: Any, *, is_name: bool) -> Typed:
        start, stop, style = place.start, place.end, place.style
        if start == place.stop:  # nothing stands there
            dash = None if in_brackets(holder) or isinstance(holder, Fields) else _DASH(self.text, self._at)
            start = stop = dash.end() if dash else self._at
        elif style in ("|", ">"):
            source = self.text[start:stop]
            keeps_blanks = "+" in source.split("\n")[0]
            stop = start + len(source.removesuffix("\n") if keeps_blanks else _BLANK_END.sub("", source))
        self._reach(start)
        source = self.text[start:stop]
        typed = self.add(source[1:-1] if is_name and style else source, source, holder.column)
        self._at = stop
        if is_name and (colon := _COLON(self.text, stop)):
            self._at = colon.end()
        return typed

    def _reach(self, start: int) -> None:
        """Look at what comes before a name or value, or a bracket."""
        if "\n" in self.text[self._at : start] or not self.typed:  # what stands in brackets is on one line
            self._begin_line(start)
        self._closed = []

    def _begin_line(self, stop: int) -> None:
        """Assign the lines between the last name or value and an offset.

        A comment, with the blank lines above it, belongs to the innermost block ending here that is indented as far; otherwise
        to what comes next.
        """
        begin = 0
        if self.typed:
            end = self.text.index("\n", self._at)
            self._line.after = self.text[self._at : end].rstrip() or self._line.after
            begin = end + 1
        closing = self._closed[::-1]
        above: list[str] = []
        inside: list[str] = []
        group: list[str] = []
        at, start = begin, None
        *lines, last = self.text[begin:stop].split("\n")
        for line in lines:
            alone = _ONLY_DASH(line.rstrip())
            if start is not None:
                inside.append(line)
            elif alone:
                above, group, start, inside = above + group, [], at, [alone[1] or ""]
            else:
                group.append(line)
                if line.strip():
                    column = len(line) - len(line.lstrip(" "))
                    while closing and closing[-1].column > column:
                        closing.pop()
                    if closing:
                        self.tails += not closing[-1].tail
                        closing[-1].tail += tuple(group)
                    else:
                        above += group
                    group = []
            at += len(line) + 1
        if not any(line.strip() for line in inside):
            inside = []
        start = stop - len(last) if start is None else start
        self._lead = {"above": above + group, "inside": inside, "begin": begin, "start": start}
