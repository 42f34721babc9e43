"""A file that is being edited: its data change, ruamel.yaml lays them out, and what was typed takes their places.

Every name, value and comment is kept as it was typed. ruamel.yaml's own reader takes `1.50` for a number, puts a wrapped text on one
line, and hangs a comment on the field before it.
"""

import io
import json
import re
from collections.abc import Container, Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter

from kpi.store.reader import line_end
from kpi.store.yaml.places import FIELDS, ITEMS, TEXT, Place
from kpi.store.yaml.reading import Reading
from kpi.store.yaml.subset import resolve, unclear_name

_COLON = re.compile(r"[ ]*:").match
_DASH = re.compile(r"(?:[ \n]|(?<=[ \n])#[^\n]*)*-").match
_ONLY_DASH = re.compile(r" *-( +#.*)?").fullmatch
_BLANK_END = re.compile(r"(?:\n *)+\Z")
_STEP = 2
_TOKEN = re.compile(r"X([0-9]+)X")
_SPACES = re.compile(" *").match
_FINE_ON_A_LINE = re.compile(r"[^\s\"'#{}\[\],:&*!|>%@`?-](?:[^#\n:]|:(?=\S))*(?<!\s)").fullmatch
_ENDS_EARLY_IN_BRACKETS = re.compile(r"[,\[\]{}:?\"']").search


def value_source(value: str | int | Decimal, *, in_brackets: bool = False) -> str:
    """A value as a file has it: a text is in quotes unless every program takes it for text."""
    if not isinstance(value, str):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    fine = _FINE_ON_A_LINE(value) and not (in_brackets and _ENDS_EARLY_IN_BRACKETS(value))
    return value if fine and resolve(value) == value else json.dumps(value, ensure_ascii=False)


class DoubtfulError(Exception):
    """Something is better left alone: what, what to write instead, and where, as an offset."""

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

    column = 0  # where the names or dashes were
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
    """Give a field its value. A new one comes before the first of some others, or last."""
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


class _Line(NamedTuple):
    """A line as ruamel.yaml lays it out, with a token for each name and value."""

    indent: int
    dashes: str
    rest: str
    typed: list[Typed]


class Draft:
    """A file that is being edited: `root` holds its fields, as ruamel.yaml has them."""

    def __init__(self, text: str) -> None:
        """Take a text that the strict reader takes; raises `DoubtfulError` if something in it is better left alone."""
        self._end = line_end(text)
        self._ends = text.endswith("\n")
        self._text = text.replace("\r\n", "\n") + ("" if self._ends else "\n")
        self._typed: list[Typed] = []  # the names and values in order
        self._closed: list[Any] = []  # blocks that have ended since the last name or value, innermost first
        self._at = 0  # what stands before has been looked at
        self._lead: dict[str, Any] = {}  # what the next name or value is to know of the line that it begins
        self._first = Typed()  # the first name or value of the line
        self._tails = 0  # how many blocks have comments at their end
        self.root = self._node(Reading(self._text, self._text).places().root, None)
        if not isinstance(self.root, Fields) or in_brackets(self.root):
            raise DoubtfulError("Everything is in brackets.", "Write each field on a line of its own.")
        self._stop = self._text.index("\n", self._at) + 1  # where the line after the last of them starts
        self._begin_line(len(self._text))
        self._rest: list[str] = self._lead["above"]  # the blank lines at the end
        self._lead = {}
        self._there = self._typed[:]

    # From the text to the data.

    def _add(self, text: str, source: str, column: int = 0) -> Typed:
        typed = Typed(text)
        typed.number, typed.source, typed.column = len(self._typed), source, column
        typed.above, typed.inside = [], []
        self._typed.append(typed)
        if self._lead:
            vars(typed).update(self._lead)
            self._first, self._lead = typed, {}
        return typed

    def _node(self, place: Place, holder: Any) -> Any:
        if place.kind == TEXT:
            return self._leaf(place, holder, is_name=False)
        node: Any = Fields() if place.kind == FIELDS else Items()
        if place.style:
            self._reach(place.start)
            self._at = place.start
            node.fa.set_flow_style()
        elif place.kind == ITEMS and isinstance(holder, Items):
            raise DoubtfulError("A list is inside a list.", "Write the inner one in brackets.", place.start)
        else:
            node.column = place.start - self._text.rfind("\n", 0, place.start) - 1
        for inner in place.inside.values():
            if inner.name is None:
                node.append(self._node(inner, node))
            else:
                name = self._leaf(inner.name, node, is_name=True)
                node[name] = self._node(inner, node)
        if not place.style:
            self._closed.append(node)
            return node
        self._at = place.stop
        if node or holder is None:
            return node
        source = "{}" if place.kind == FIELDS else "[]"
        return self._add(source, source, holder.column)

    def _leaf(self, place: Place, holder: Any, *, is_name: bool) -> Typed:
        start, stop, style = place.start, place.end, place.style
        if start == place.stop:  # nothing stands there
            dash = None if in_brackets(holder) or isinstance(holder, Fields) else _DASH(self._text, self._at)
            start = stop = dash.end() if dash else self._at
        elif style in ("|", ">"):
            source = self._text[start:stop]
            keeps_blanks = "+" in source.split("\n")[0]
            stop = start + len(source.removesuffix("\n") if keeps_blanks else _BLANK_END.sub("", source))
        self._reach(start)
        source = self._text[start:stop]
        typed = self._add(source[1:-1] if is_name and style else source, source, holder.column)
        self._at = stop
        if is_name and (colon := _COLON(self._text, stop)):
            self._at = colon.end()
        return typed

    def _reach(self, start: int) -> None:
        if "\n" in self._text[self._at : start] or not self._typed:  # what stands in brackets is on one line
            self._begin_line(start)
        self._closed = []

    def _begin_line(self, stop: int) -> None:
        """Assign the lines between the last name or value and an offset.

        A comment, with the blank lines above it, belongs to the innermost block ending here that is indented as far; otherwise
        to what comes next.
        """
        begin = 0
        if self._typed:
            end = self._text.index("\n", self._at)
            self._first.after = self._text[self._at : end].rstrip() or self._first.after
            begin = end + 1
        closing = self._closed[::-1]
        above: list[str] = []
        inside: list[str] = []
        group: list[str] = []
        at, start = begin, None
        *lines, last = self._text[begin:stop].split("\n")
        for line in lines:
            alone = _ONLY_DASH(line.rstrip())
            if start is not None:
                inside.append(line)
            elif alone:
                above, group, start, inside = above + group, [], at, [alone[1] or ""]
            else:
                group.append(line)
                if line.strip():
                    while closing and closing[-1].column > _indent(line):
                        closing.pop()
                    if closing:
                        self._tails += not closing[-1].tail
                        closing[-1].tail += tuple(group)
                    else:
                        above += group
                    group = []
            at += len(line) + 1
        if not any(line.strip() for line in inside):
            inside = []
        start = stop - len(last) if start is None else start
        self._lead = {"above": above + group, "inside": inside, "begin": begin, "start": start}

    # From the data to the text.

    def settle(self) -> None:
        """Take in what was put into the data as mere values."""
        self.root = self._settled(self.root, on_line=False)

    def _settled(self, node: Any, *, on_line: bool) -> Any:
        if isinstance(node, Typed):
            return node
        if not isinstance(node, dict | list):
            return self._add(str(node), value_source(node, in_brackets=on_line))
        is_flow = on_line or in_brackets(node)
        if isinstance(node, dict):
            pairs = [(self._name(name), self._settled(node[name], on_line=is_flow)) for name in node]
            settled: Any = node if isinstance(node, Fields) else Fields()
            settled.clear()
            settled.update(pairs)
        else:
            settled = node if isinstance(node, Items) else Items()
            settled[:] = [self._settled(item, on_line=is_flow) for item in list(node)]
        if is_flow:
            settled.fa.set_flow_style()
        return settled

    def _name(self, name: str) -> Typed:
        if isinstance(name, Typed):
            return name
        is_clear = _FINE_ON_A_LINE(name) and unclear_name(name) is None
        return self._add(name, name if is_clear else json.dumps(name, ensure_ascii=False))

    def text(self, *, styled: bool) -> str:
        """The text with the data as they are now, in the standard form or with unchanged lines as they were.

        Raises `DoubtfulError` if comments would have to move, or would be lost.
        """
        lines = self._lines()
        tails = _tails(self.root)
        kept = {typed.number for line in lines for typed in line.typed}
        lost = next((typed for typed in self._there if typed.number not in kept and has_comment(typed)), None)
        if lost is not None or sum(map(len, tails.values())) < self._tails:
            raise DoubtfulError("A comment would be lost.", "Move it.", lost.begin if lost is not None else 0)
        out: list[str | None] = []
        for place, line in enumerate(lines):
            above = line.typed[0].above
            ends = list(chain.from_iterable(tails.get(typed.number, ()) for typed in line.typed))
            if styled:
                out += _aligned([(line.indent, above)]) + self._laid_out(line, line.indent) + _aligned(ends)
            else:
                changed = self._verbatim(line) or self._laid_out(line, self._indent_there(lines, place))
                out += [*above, *changed, *chain.from_iterable(tail for _, tail in ends)]
        body: list[str] = []
        for text in out:  # a blank line, which is None, neither begins the file nor follows another
            if text is not None or (body and body[-1]):
                body.append(text or "")
        whole = "\n".join([*body, *(() if styled else self._rest), ""])
        whole = whole if styled or self._ends else whole.removesuffix("\n")
        return whole.replace("\n", self._end)

    def _lines(self) -> list[_Line]:
        stream = io.StringIO()
        _yaml().dump(self.root, stream)
        lines = []
        for line in stream.getvalue().splitlines():
            _, indent, dashes, rest = re.split("^( *)((?:- *)*)", line)
            typed = [self._typed[int(number)] for number in _TOKEN.findall(rest)]
            lines.append(_Line(len(indent), dashes, rest, typed))
        return lines

    def _verbatim(self, line: _Line) -> list[str] | None:
        first, last = line.typed[0], line.typed[-1]
        if first.start is None or line.typed != self._there[first.number : last.number + 1]:
            return None
        following = next(iter(self._there[last.number + 1 : last.number + 2]), None)
        if following is not None and following.start is None:
            return None
        stop = self._stop if following is None else following.begin
        return self._text[first.start : stop].split("\n")[:-1]

    def _indent_there(self, lines: list[_Line], place: int) -> int:
        """How far a line is indented in a file that may not be in the standard form: like its neighbours."""
        line = lines[place]
        beside = (other for other in lines[place : place + 2] if other.indent == line.indent)
        before = (other for other in reversed(lines[:place]) if other.indent <= line.indent)
        for other in (*beside, *before):
            if (start := other.typed[0].start) is not None:
                spaces = _SPACES(self._text, start)
                return (spaces.end() - start if spaces else 0) + line.indent - other.indent
        return line.indent

    def _laid_out(self, line: _Line, indent: int) -> list[str | None]:
        first, *others = line.typed
        comments = [typed.after for typed in line.typed if typed.after]
        if any(typed.has_comment_above for typed in others) or len(comments) > 1:
            message = "A comment is between a name and its value."
            raise DoubtfulError(message, "Write it above the name.", first.begin)
        head = f"{' ' * indent}{line.dashes}"
        above: list[str | None] = []
        if first.inside:
            above = [f"{head.rstrip()}{first.inside[0]}", *_aligned([(len(head), first.inside[1:])])]
            head = " " * len(head)
        is_item = bool(line.dashes) and _TOKEN.fullmatch(line.rest)
        column = indent if is_item else indent + len(line.dashes)
        body = _TOKEN.sub(lambda token: _moved(self._typed[int(token[1])], column), line.rest)
        whole = f"{head}{body}".rstrip(" ") if "\n" not in body else f"{head}{body}"
        return [*above, *f"{whole}{''.join(comments)}".split("\n")]


def _moved(typed: Typed, column: int) -> str:
    """What was typed; the further lines of a text over several lines move as far as its name does."""
    first, *more = typed.source.split("\n")
    move = column - typed.column
    if not more:
        return first
    if first[0] not in "|>":
        indents = [max(_indent(line) + move, column + _STEP) for line in more]
        lines = [line.lstrip(" ") for line in more]
        more = [" " * indent + line if line else "" for indent, line in zip(indents, lines, strict=True)]
        return "\n".join((first, *more))
    if move:
        indent = next((_indent(line) for line in more if line.strip(" ")), 0)
        more = [" " * (indent + move) + line[indent:] if line[indent:] else "" for line in more]
    return "\n".join((first.rstrip(" "), *more))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _aligned(loose: "list[tuple[int, Any]]") -> list[str | None]:
    """Comments and blank lines in their columns; None for a blank line."""
    lines = [(indent, line.strip()) for indent, group in loose for line in group]
    return [" " * indent + line if line else None for indent, line in lines]


def _tails(root: Any) -> dict[int, list[tuple[int, tuple[str, ...]]]]:
    """The comments at the end of each block, with their column, by its last name or value; inner ones first."""
    tails: dict[int, list[tuple[int, tuple[str, ...]]]] = {}

    def walk(node: Any, indent: int) -> int:
        if isinstance(node, Typed):
            return node.number
        last = [walk(part, indent + _STEP) for part in parts(node)][-1]
        if node.tail:
            tails.setdefault(last, []).append((indent, node.tail))
        return last

    walk(root, 0)
    return tails


# A token stands in place of what was typed.
RoundTripRepresenter.add_representer(
    Typed, lambda self, typed: self.represent_scalar("tag:yaml.org,2002:str", f"X{typed.number}X")
)
RoundTripRepresenter.add_representer(Fields, RoundTripRepresenter.represent_dict)
RoundTripRepresenter.add_representer(Items, RoundTripRepresenter.represent_list)


@cache
def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 1 << 24  # more than a file can have, so that no line is broken
    yaml.indent(mapping=_STEP, sequence=2 * _STEP, offset=_STEP)
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    return yaml
