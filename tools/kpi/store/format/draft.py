"""A file's text as ruamel.yaml's data and back to text.

ruamel.yaml lays out fields and lists, and its data take new figures. Every name, value and comment is held here as it was
typed: ruamel.yaml reads `1.50` as a number, puts a wrapped text on one line, and hangs a comment on the field before it.
"""

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter

from kpi.store.reader import line_end
from kpi.store.yaml.events import feed, kinds

_STEP = 2
_TOKEN = re.compile(r"X([0-9]+)X")
_LEAD = re.compile(r"( *)((?:- *)*)").match
_COLON = re.compile(r"[ ]*:").match
_DASH = re.compile(r"(?:[ \n]|(?<=[ \n])#[^\n]*)*-").match
_ONLY_DASH = re.compile(r"-( +#.*)?").fullmatch
_BLANK_END = re.compile(r"(?:\n *)+\Z")
_WHITE = " \t"


class DoubtfulError(Exception):
    """Something in a file is better left alone: what it is, what to write instead, and where it stands, as an offset."""

    def __init__(self, message: str, advice: str, at: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.at = at


class Typed(str):
    """A name or a value. As text it is what was typed, a name without its quotes."""

    __slots__ = ("number",)
    number: int


class _Source(NamedTuple):
    """What was typed for a name or value, and the old column of the block it stands in."""

    text: str
    column: int


class _Lead(NamedTuple):
    """What stands before a name or value that begins a line.

    Attributes:
        above: the comments and blank lines above it, as they stand there.
        inside: those between it and its dash, which stands alone; the first is the rest of the dash's line.
        start: where the line begins, as an offset, or that of the dash.
        begin: where `above` begins, with the ends of the blocks before.
    """

    above: list[str]
    inside: list[str]
    start: int
    begin: int


class _Block:
    """Fields or items on lines of their own: their column, and the comments below the last that belong inside."""

    def __init__(self, column: int) -> None:
        self.column = column
        self.tail: list[str] = []


class Draft:
    """A file that is being edited.

    Attributes:
        root: its fields, as ruamel.yaml has them; every name and value in them is `Typed`.
    """

    def __init__(self, text: str) -> None:
        """Take the text of a file that the strict reader takes.

        Raises:
            DoubtfulError: if something in it is better left alone.
        """
        self._end = line_end(text)
        self._ends = text.endswith("\n")
        self._text = text.replace("\r\n", "\n") + ("" if self._ends else "\n")
        parsed = _Parser(self._text)
        parsed.parse()
        self.root: Any = parsed.root
        self._sources = parsed.sources
        self._leads = parsed.leads
        self._blocks = parsed.blocks
        self._after = parsed.after
        self._begin = parsed.begin
        self._rest = parsed.rest
        self._there = len(parsed.sources)

    def typed(self, source: str) -> Typed:
        """A new name or value, as it is to be written."""
        return _typed(self._sources, source, source, 0)

    def source(self, value: Typed) -> str:
        """What was typed for a value."""
        return self._sources[value.number].text

    def lead(self, name: Typed) -> list[str]:
        """The comments above the line that begins with a name."""
        lead = self._leads.get(name.number)
        return lead.above if lead else []

    def has_comment(self, name: Typed) -> bool:
        """Whether there is a comment on the line that begins with a name."""
        return name.number in self._after

    def is_commented(self, node: Any) -> bool:
        """Whether there is a comment among the lines of fields or a list."""
        if isinstance(node, Typed):
            return self.has_comment(node) or self._has_loose(node.number)
        block = self._blocks.get(id(node))
        return (block is not None and bool(block.tail)) or any(map(self.is_commented, _parts(node)))

    def _has_loose(self, number: int) -> bool:
        """Whether there are comments above the line that begins with a name or value."""
        lead = self._leads.get(number)
        return lead is not None and any(line.strip(_WHITE) for line in (*lead.above, *lead.inside))

    # Back to text.

    def text(self, *, styled: bool) -> str:
        """The text with what was changed in the data.

        Args:
            styled: whether all lines are to have the standard form. Otherwise those that didn't change stay as they are.

        Raises:
            DoubtfulError: if comments would have to move.
        """
        lines = self._dumped()
        tails = self._tails()
        out: list[str] = []
        for place, line in enumerate(lines):
            first = line.numbers[0]
            lead = self._leads.get(first)
            following = lines[place + 1].numbers[0] if place + 1 < len(lines) else self._there
            if styled:
                self._add_loose(out, lead.above if lead else [], line.indent)
                self._add_line(out, line, line.indent)
            else:
                out += lead.above if lead else []
                verbatim = self._verbatim(line, following)
                if verbatim is None:
                    self._add_line(out, line, self._indent_there(lines, place))
                else:
                    out += verbatim
            for indent, tail in (tail for number in line.numbers for tail in tails.get(number, ())):
                if styled:
                    self._add_loose(out, tail, indent)
                else:
                    out += tail
        if not styled:
            out += self._rest
        text = "".join(f"{line}{self._end}" for line in "\n".join(out).split("\n"))
        return text if styled or self._ends else text.removesuffix(self._end)

    def _dumped(self) -> "list[_Line]":
        stream = io.StringIO()
        _yaml().dump(self.root, stream)
        return [_Line(line) for line in stream.getvalue().splitlines()]

    def _verbatim(self, line: "_Line", following: int) -> list[str] | None:
        """The lines of the file that a line is made of, where nothing in it changes."""
        first, last = line.numbers[0], line.numbers[-1]
        if line.numbers != list(range(first, last + 1)) or last >= self._there or first not in self._leads:
            return None
        if last + 1 == self._there:
            stop = self._begin
        elif last + 1 in self._leads:
            stop = self._leads[last + 1].begin
        else:
            return None
        return self._text[self._leads[first].start : stop].split("\n")[:-1]

    def _indent_there(self, lines: "list[_Line]", place: int) -> int:
        """How far a line is indented in a file that may not have the standard form: as its neighbours are."""
        line = lines[place]
        neighbours = [line, *lines[place + 1 : place + 2], *reversed(lines[:place])]
        for other in neighbours:
            lead = self._leads.get(other.numbers[0])
            is_near = other is line or other.indent == line.indent
            if lead is not None and (is_near or other.indent < line.indent):
                there = self._text[lead.start :]
                return len(there) - len(there.lstrip(" ")) + line.indent - other.indent
        return line.indent

    def _add_line(self, out: list[str], line: "_Line", indent: int) -> None:
        """Add a line with what was typed, and the comment on it."""
        inside = self._inside_of(line)
        head = f"{' ' * indent}{line.dashes}"
        if inside:
            out.append(f"{head.rstrip()}{inside[0]}")
            self._add_loose(out, inside[1:], len(head))
            head = " " * len(head)
        column = indent if line.begins_with_item else indent + len(line.dashes)

        def restored(match: re.Match[str]) -> str:
            return self._moved(self._sources[int(match[1])], column)

        body = _TOKEN.sub(restored, line.rest).rstrip(" ")
        comments = [self._after[number] for number in line.numbers if number in self._after]
        if len(comments) > 1:
            raise DoubtfulError("Two comments belong to one line.", "Write one of them above it.")
        line_ = f"{head}{body}" if body else head.rstrip(" ")
        out += f"{line_}{''.join(comments)}".split("\n")

    def _inside_of(self, line: "_Line") -> list[str]:
        """What stands below the dash of a line, above its first field."""
        for number in line.numbers[1:]:
            if self._has_loose(number):
                raise DoubtfulError(
                    "A comment stands between a name and its value.",
                    "Write it above the name.",
                    self._leads[number].begin,
                )
        lead = self._leads.get(line.numbers[0])
        return lead.inside if lead else []

    def _moved(self, source: _Source, column: int) -> str:
        """What was typed; the further lines of a text over several lines move as far as its name does."""
        first, *more = source.text.split("\n")
        if not more:
            return first
        move = column - source.column
        if first[:1] in ("|", ">"):
            return "\n".join((first.rstrip(_WHITE), *_shifted(more, move)))
        bodies = (line.lstrip(" ") for line in more)
        indents = (max(len(line) - len(line.lstrip(" ")) + move, column + _STEP) for line in more)
        rest = (f"{' ' * indent}{body}" if body else body for indent, body in zip(indents, bodies, strict=True))
        return "\n".join((first, *rest))

    @staticmethod
    def _add_loose(out: list[str], lines: list[str], indent: int) -> None:
        """Add comments and blank lines: none at the start of the file, and no two blank ones in a row."""
        for line in lines:
            body = line.strip(_WHITE)
            if body:
                out.append(" " * indent + body)
            elif out and out[-1]:
                out.append("")

    def _tails(self) -> dict[int, list[tuple[int, list[str]]]]:
        """By the last name or value of a block the comments at its end, with their column; the innermost block first."""
        found: dict[int, list[tuple[int, list[str]]]] = {}

        def walk(node: Any, indent: int) -> int | None:
            """The number of the last name or value in a node."""
            if isinstance(node, Typed):
                return node.number
            last = None
            for part in _parts(node):
                last = walk(part, indent + _STEP) or last
            block = self._blocks.get(id(node))
            if block is not None and block.tail and last is not None:
                found.setdefault(last, []).append((indent, block.tail))
            return last

        walk(self.root, 0)
        return found


def _shifted(lines: list[str], move: int) -> list[str]:
    """The lines of a text below a `|` or `>`, moved; lines that hold nothing are empty then."""
    if not move:
        return lines
    indent = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), 0)
    lead = " " * (indent + move)
    return [lead + line[indent:] if len(line) > indent else "" for line in lines]


class _Line:
    """A line as ruamel.yaml lays it out, with numbers for names and values."""

    def __init__(self, line: str) -> None:
        lead = _LEAD(line)
        assert lead is not None
        self.indent = len(lead[1])
        self.dashes = lead[2]
        self.rest = line[lead.end() :]
        self.numbers = [int(number) for number in _TOKEN.findall(line)]

    @property
    def begins_with_item(self) -> bool:
        """Whether the line is a single value behind a dash."""
        return bool(self.dashes) and _TOKEN.fullmatch(self.rest) is not None


class _Representer(RoundTripRepresenter):
    """Writes numbers in place of what was typed."""


def _as_number(representer: Any, typed: Typed) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:str", f"X{typed.number}X")


_Representer.add_representer(Typed, _as_number)


@cache
def _yaml() -> YAML:
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=_STEP, sequence=2 * _STEP, offset=_STEP)
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    return yaml


def _typed(sources: list[_Source], text: str, source: str, column: int) -> Typed:
    typed = Typed(text)
    typed.number = len(sources)
    sources.append(_Source(source, column))
    return typed


def _parts(node: Any) -> Iterator[Any]:
    """The names and values, or the items, that fields or a list hold."""
    if isinstance(node, CommentedMap):
        for name, value in node.items():
            yield name
            yield value
    else:
        yield from node


class _Parser:
    """Makes data of the parser's events, and remembers what stands between names and values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Any = None
        self.sources: list[_Source] = []
        self.leads: dict[int, _Lead] = {}  # by the number of the first name or value of a line
        self.after: dict[int, str] = {}  # likewise, with the white space in front
        self.blocks: dict[int, _Block] = {}  # by the id of the data
        self.begin = 0  # where the line after the last name or value begins
        self.rest: list[str] = []  # the blank lines at the end
        self._open: list[Any] = []
        self._names: list[Typed | None] = []  # of what is open, the names that wait for their values
        self._closed: list[_Block] = []  # the blocks that have ended since the last name or value, the innermost first
        self._at = 0  # what stands before has been looked at
        self._line_of: int | None = None  # the first name or value of the line
        self._lead: _Lead | None = None  # what stands before the name or value that comes next
        self._flow: list[int] = []  # where brackets are open

    def parse(self) -> None:
        """Take the whole text."""
        kind = kinds()
        takers = {
            kind.scalar: self._text,
            kind.mapping: lambda event: self._start(event, CommentedMap()),
            kind.sequence: lambda event: self._start(event, CommentedSeq()),
            kind.mapping_end: self._stop,
            kind.sequence_end: self._stop,
        }
        feed(self.text, takers)
        if not isinstance(self.root, CommentedMap) or id(self.root) not in self.blocks:
            raise DoubtfulError("Everything stands in brackets.", "Write each field on a line of its own.")
        self.begin = self.text.index("\n", self._at) + 1
        self.rest, _, _ = self._gap(len(self.text))

    def _text(self, event: Any) -> None:
        start, stop, style = event.start_mark.index, event.end_mark.index, event.style or ""
        holder = self._open[-1] if self._open else None
        if holder is None:
            raise DoubtfulError("There is one text and nothing else.", "Write fields.")
        is_name = isinstance(holder, CommentedMap) and self._names[-1] is None
        if start == stop:  # the parsers place what isn't there differently
            dash = None if self._flow or isinstance(holder, CommentedMap) else _DASH(self.text, self._at)
            start = stop = dash.end() if dash else self._at
        elif style in ("|", ">"):
            source = self.text[start:stop]
            stop = start + len(source.removesuffix("\n") if "+" in source.split("\n")[0] else _BLANK_END.sub("", source))
        self._reach(start)
        source = self.text[start:stop]
        text = source[1:-1] if is_name and style in ("'", '"') and style else source
        typed = self._token(text, source)
        self._at = stop
        if is_name:
            colon = _COLON(self.text, stop)
            self._at = colon.end() if colon else stop
            self._names[-1] = typed
        else:
            self._attach(typed)

    def _token(self, text: str, source: str) -> Typed:
        """A name or value; it takes what stands before it."""
        block = self.blocks.get(id(self._open[-1])) if self._open else None
        typed = _typed(self.sources, text, source, block.column if block else 0)
        if self._lead is not None:
            self.leads[typed.number] = self._lead
            self._line_of, self._lead = typed.number, None
        return typed

    def _start(self, event: Any, node: Any) -> None:
        start = event.start_mark.index
        if event.flow_style:
            if not self._flow:
                self._reach(start)
                self._at = start
            self._flow.append(start)
            node.fa.set_flow_style()
        else:
            if self._open and isinstance(node, CommentedSeq) and isinstance(self._open[-1], CommentedSeq):
                raise DoubtfulError("A list stands in a list.", "Write the inner one in brackets.", start)
            self.blocks[id(node)] = _Block(event.start_mark.column)
        self._open.append(node)
        self._names.append(None)

    def _stop(self, event: Any) -> None:
        node = self._open.pop()
        self._names.pop()
        if node.fa.flow_style():
            start, stop = self._flow.pop(), event.end_mark.index
            if "#" in self.text[self._at : stop]:
                raise DoubtfulError("A comment stands in brackets.", "Write it above the line.", self._at)
            if not node:
                node = self._token(*[f"{self.text[start]}{self.text[stop - 1]}"] * 2)
            self._at = stop
        else:
            self._closed.append(self.blocks[id(node)])
        if self._open:
            self._attach(node)
        else:
            self.root = node

    def _attach(self, node: Any) -> None:
        holder = self._open[-1]
        if isinstance(holder, CommentedSeq):
            holder.append(node)
        else:
            holder[self._names[-1]] = node
            self._names[-1] = None

    def _reach(self, start: int) -> None:
        """Look at what stands before a name or value, or before a bracket."""
        gap = self.text[self._at : start]
        if self._flow:
            if "#" in gap:
                raise DoubtfulError("A comment stands in brackets.", "Write it above the line.", self._at)
        elif "\n" in gap or not self.sources:
            begin = self._at + gap.find("\n") + 1 if self.sources else 0
            above, inside, dash = self._gap(start)
            self._lead = _Lead(above, inside, dash or self.text.rfind("\n", 0, start) + 1, begin)
        elif gap.strip(" -"):
            raise DoubtfulError("Something unknown stands before a value.", "Take it out.", self._at)
        self._closed = []

    def _gap(self, stop: int) -> tuple[list[str], list[str], int]:
        """The lines between the last name or value and an offset: those above what comes next, and those below its dash.

        A comment, with the blank lines above it, belongs to the innermost of the blocks that end here which it is indented
        as far as; otherwise to what comes next. The third is where the dash stands, if it stands alone.
        """
        first, *lines = self.text[self._at : stop].split("\n")
        at = self._at + len(first) + 1
        rest = first.rstrip(_WHITE)
        if not self.sources:
            lines, at = [first, *lines], 0
        elif rest.strip(" ")[:1] not in ("", "#"):
            raise DoubtfulError("Something unknown stands behind a value.", "Take it out.", self._at)
        elif rest and self._line_of is not None:
            if self._line_of in self.after:
                raise DoubtfulError("Two comments belong to one line.", "Write one of them above it.", self._at)
            self.after[self._line_of] = rest
        closing = self._closed[::-1]
        above: list[str] = []
        inside: list[str] = []
        group: list[str] = []
        dash = 0
        for line in lines[:-1]:
            body = line.strip(_WHITE)
            alone = _ONLY_DASH(body)
            if dash:
                inside.append(line)
            elif alone:
                above += group
                group, inside, dash = [], [alone[1] or ""], at
            elif body[:1] in ("", "#") or not self.sources:
                group.append(line)
                if body:
                    column = len(line) - len(line.lstrip(" "))
                    while closing and closing[-1].column > column:
                        closing.pop()
                    (closing[-1].tail if closing else above).extend(group)
                    group = []
            else:
                raise DoubtfulError("Something unknown stands on a line of its own.", "Take it out.", at)
            at += len(line) + 1
        return above + group, inside if any(line.strip(_WHITE) for line in inside) else [], dash
