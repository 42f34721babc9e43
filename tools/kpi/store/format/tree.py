"""A file as a tree in which everything is kept as typed: names, values, comments, blank lines."""

import re
from collections.abc import Iterator
from typing import Any

from kpi.store.format.block_text import end_of_block
from kpi.store.yaml.events import feed, kinds

TEXT, FIELDS, LIST = "text", "fields", "list"
_WHITE = " \t\r"

_COLON = re.compile(r"[ ]*:").match
_DASH = re.compile(r"(?:[ \r\n]|(?<=[ \n])#[^\n]*)*-").match


class DoubtfulError(Exception):
    """The file has something that the formatter doesn't touch; it is left as it is."""


class Node:
    """A value.

    Attributes:
        kind: `TEXT` (anything single), `FIELDS` or `LIST`.
        start: where it begins, as an offset.
        stop: where it ends; of fields and lists without brackets, where the last value in them ends.
        style: how a text is written: `"`, `'`, `|`, `>`, or nothing for plain text.
        flow: whether fields or a list stand in brackets on one line.
        entries: what fields or a list hold.
        tail: the comments and blank lines below the last entry that belong inside.
        column: how far the entries are indented, where they stand on lines of their own.
        end: the offset of the line after the last entry, with what belongs to it.
    """

    __slots__ = ("column", "end", "entries", "flow", "kind", "start", "stop", "style", "tail")

    def __init__(self, kind: str, start: int, stop: int, style: str = "", *, flow: bool = False) -> None:
        self.kind = kind
        self.start = start
        self.stop = stop
        self.style = style
        self.flow = flow
        self.entries: list[Entry] = []
        self.tail: list[str] = []
        self.column = 0
        self.end = stop

    @property
    def is_block(self) -> bool:
        """Whether this has entries on lines of their own."""
        return self.kind != TEXT and not self.flow


class Entry:
    """A field or an item.

    Attributes:
        at: where its name or its dash stands, as an offset.
        name: the name as typed; empty for an item.
        head: where the colon or the dash ends, as an offset.
        node: its value.
        above: the lines between it and what stands before it: comments, and empty texts for blank lines.
        lead: where the first of them starts, as an offset; the start of its own line where there is none.
        after: the comment on its line, with the white space in front.
    """

    __slots__ = ("above", "after", "at", "head", "lead", "name", "node")

    def __init__(self, at: int, name: str, head: int, node: Node) -> None:
        self.at = at
        self.name = name
        self.head = head
        self.node = node
        self.above: list[str] = []
        self.lead = at
        self.after = ""

    @property
    def field(self) -> str:
        """The name without its quotes."""
        return self.name[1:-1] if self.name[:1] in ("'", '"') else self.name


def tree(text: str) -> Node:
    """The tree of a text that the strict reader takes without a problem, and that ends with a line end.

    Raises:
        DoubtfulError: something in it is better left alone.
    """
    root = _Builder(text).root()
    if not root.is_block:
        raise DoubtfulError("everything stands in brackets")
    _Lines(text).walk(root)
    return root


class _Builder:
    """Makes the nodes of the parser's events."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: Node | None = None
        self.open: list[tuple[Node, Any]] = []  # what is open, each with the name that waits for its value

    def root(self) -> Node:
        kind = kinds()
        takers = {
            kind.scalar: self._text,
            kind.mapping: lambda event: self._open(event, FIELDS),
            kind.sequence: lambda event: self._open(event, LIST),
            kind.mapping_end: self._close,
            kind.sequence_end: self._close,
        }
        feed(self.text, takers)
        if self.found is None:
            raise DoubtfulError("there is nothing in it")
        return self.found

    def _open(self, event: Any, kind: str) -> None:
        start = event.start_mark.index
        node = Node(kind, start, start, flow=bool(event.flow_style))
        if self.open:
            self._attach(node)
        else:
            self.found = node
        self.open.append((node, None))

    def _close(self, event: Any) -> None:
        node, _ = self.open.pop()
        node.stop = event.end_mark.index if node.flow else node.entries[-1].node.stop

    def _text(self, event: Any) -> None:
        if not self.open:
            raise DoubtfulError("there is one text and nothing else")
        node, name = self.open[-1]
        if node.kind == FIELDS and name is None:
            self.open[-1] = (node, event)
            return
        start, stop, style = event.start_mark.index, event.end_mark.index, event.style or ""
        if style in ("|", ">"):
            stop = end_of_block(self.text, start)
        self._attach(Node(TEXT, start, stop, style))

    def _attach(self, node: Node) -> None:
        """Put a value into what is open, behind its name or dash."""
        holder, name = self.open[-1]
        self.open[-1] = (holder, None)
        if name is not None:
            at, stop = name.start_mark.index, name.end_mark.index
            colon = _COLON(self.text, stop)
            head = colon.end() if colon else stop
            entry = Entry(at, self.text[at:stop], head, node)
        elif holder.flow:
            entry = Entry(node.start, "", node.start, node)
        else:
            dash = _DASH(self.text, holder.entries[-1].node.stop if holder.entries else holder.start)
            assert dash is not None
            entry = Entry(dash.end() - 1, "", dash.end(), node)
        if node.kind == TEXT and node.start == node.stop:
            node.start = node.stop = entry.head  # the parsers place a value that isn't there differently
        holder.entries.append(entry)


class _Lines:
    """Gives every comment and blank line to the entry or the block that it belongs to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0  # what stands before is given away
        self.last: Entry | None = None
        self.chain: list[Node] = []  # the blocks around the last entry

    def walk(self, root: Node) -> None:
        self._walk(root, [root])
        self._give(len(self.text), [], None)

    def _walk(self, node: Node, chain: list[Node]) -> None:
        first = node.entries[0].at
        node.column = first - self.text.rfind("\n", 0, first) - 1
        for entry in node.entries:
            begin = self.text.rfind("\n", 0, entry.at) + 1
            if begin > self.at or self.last is None:
                self._give(begin, chain, entry)
            elif self.text[self.at : entry.at].strip(" "):
                raise DoubtfulError("something unknown stands before a name")
            else:
                entry.lead = begin
            self.last, self.chain = entry, chain
            self.at = entry.head if entry.node.is_block else entry.node.stop
            if entry.node.is_block:
                self._walk(entry.node, [*chain, entry.node])

    def _give(self, stop: int, chain: list[Node], entry: Entry | None) -> None:
        """Give away the lines up to an offset, where an entry inside the blocks of `chain` starts, or the file ends.

        A comment, with the blank lines above it, belongs to the innermost of the blocks that end here which it is indented
        as far as; otherwise to the entry below.
        """
        closing = [node for node in self.chain if node not in chain]
        for node in closing:
            node.end = stop
        if entry is not None:
            entry.lead = stop
        for start, column, lines in self._groups(stop):
            while closing and closing[-1].column > column:
                node = closing.pop()
                node.end = min(node.end, start)
            if closing:
                closing[-1].end = min(closing[-1].end, start)
                closing[-1].tail += lines
            elif entry is not None:
                entry.above += lines
                entry.lead = min(entry.lead, start)

    def _groups(self, stop: int) -> Iterator[tuple[int, int, list[str]]]:
        """The comments up to an offset, each with the blank lines above it: where they start, how far it is indented, the lines.

        Blank lines without a comment below count as not indented at all. A comment on the last entry's own line is its own.
        """
        start = self.at
        if self.last is not None:
            end = self.text.index("\n", start)
            rest = self.text[start:end].rstrip(_WHITE)
            if rest.strip(" ")[:1] not in ("", "#"):
                raise DoubtfulError("something unknown stands behind a value")
            self.last.after = rest
            start = end + 1
        lines: list[str] = []
        at = start
        while at < stop:
            end = self.text.index("\n", at)
            line = self.text[at:end].rstrip(_WHITE)
            body = line.lstrip(" ")
            at = end + 1
            lines.append(body)
            if body:
                if body[0] != "#" and self.last is not None:
                    raise DoubtfulError("something unknown stands on a line of its own")
                yield start, len(line) - len(body), lines
                start, lines = at, []
        if lines:
            yield start, -1, lines
