"""Fields and items put into a file in the form that stands there: on lines of their own, or in brackets.

Everything is gathered in a `Draft` and made at once, so that places stay true. What isn't touched keeps every byte.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpi.store.edit import Edit, applied
from kpi.store.format.tree import FIELDS, Entry, Node, tree
from kpi.store.reader import Document, line_end
from kpi.store.yaml.plain import resolve

_STEP = 2
_FINE_ON_A_LINE = re.compile(r"[^\s\"'#{}\[\],:&*!|>%@`?-](?:[^#\n:]|:(?=\S))*(?<!\s)").fullmatch
_ENDS_EARLY_IN_BRACKETS = re.compile(r"[,\[\]{}:?\"']").search


_BOM = b"\xef\xbb\xbf"
_MERE_STYLE = "not-formatted"


class UnplacedError(Exception):
    """Something can't be put into a file; the text says why and what to do, as sentences."""


class Field(NamedTuple):
    """Something to put into a file.

    Attributes:
        name: the field's name; empty for an item of a list.
        value: what stands behind it on the same line, as it is written; or the fields below it.
    """

    name: str
    value: "str | tuple[Field, ...]"


def check_readable(document: Document) -> None:
    """Make sure that nothing but its style is wrong with a file.

    Raises:
        UnplacedError: if it can't be read as it is.
    """
    if document.values is None or any(problem.rule != _MERE_STYLE for problem in document.problems):
        raise UnplacedError("It can't be read as it is. Run kpi lint to see why.")


def with_mark(before: bytes, text: str) -> bytes:
    """The bytes of a new text, with the byte-order mark that the file had."""
    return (_BOM if before.startswith(_BOM) else b"") + text.encode()


def as_written(text: str, *, in_brackets: bool = False) -> str:
    """A text as it is written in a file: as it is where every program takes it for text, or else in quotes."""
    fine = _FINE_ON_A_LINE(text) and not (in_brackets and _ENDS_EARLY_IN_BRACKETS(text))
    if fine and resolve(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


def bracketed(fields: Sequence[Field]) -> str:
    """The fields on one line: `{value: 86, marks: [provisional]}`."""
    return f"{{{', '.join(map(_in_brackets, fields))}}}"


def lines_for(fields: Sequence[Field], column: int) -> Iterator[str]:
    """The fields on lines of their own, indented by `column`."""
    for field in fields:
        head = f"{' ' * column}{field.name}:" if field.name else f"{' ' * column}-"
        if isinstance(field.value, str):
            yield f"{head} {field.value}"
        else:
            yield head
            yield from lines_for(field.value, column + _STEP)


def entry_of(node: Node, name: str) -> Entry | None:
    """The entry of a field; None where there is no such field."""
    if node.kind != FIELDS:
        return None
    return next((entry for entry in node.entries if entry.field == name), None)


class Draft:
    """A file's text, and what is to be changed in it.

    Attributes:
        root: the file as a tree; its offsets count in the text as it was.
    """

    def __init__(self, text: str) -> None:
        """Take the text of a file that the reader takes without a problem.

        Raises:
            DoubtfulError: if something in it is better left alone.
        """
        self._newline = line_end(text)
        self._ends = text.endswith("\n")
        self._text = text if self._ends else text + self._newline
        self._edits: list[Edit] = []
        self._lines: list[tuple[int, int, list[str]]] = []
        self.root = tree(self._text)

    def source(self, node: Node) -> str:
        """A value as it stands in the file."""
        return self._text[node.start : node.stop]

    def replace(self, entry: Entry, value: str) -> None:
        """Write another value behind a field's name; a comment after it stays."""
        node = entry.node
        if node.is_block or node.start == node.stop:
            self._edits.append(Edit(entry.head, node.stop, f" {value}"))
        else:
            self._edits.append(Edit(node.start, node.stop, value))

    def unfold(self, entry: Entry, holder: Node, fields: Sequence[Field]) -> None:
        """Write fields below a field's name, in place of the value that stands on its line."""
        below = "".join(f"{self._newline}{line}" for line in lines_for(fields, holder.column + _STEP))
        self._edits.append(Edit(entry.head, entry.node.stop, below))

    def delete(self, entry: Entry) -> None:
        """Take out a field that stands on lines of its own."""
        start = self._text.rfind("\n", 0, entry.at) + 1
        self._edits.append(Edit(start, self._end(entry), ""))

    def add(self, owner: Entry, holder: Node, fields: Sequence[Field], before: Entry | None = None) -> None:
        """Put fields or items into the value of `owner`, which stands in `holder`.

        They come before the entry `before`, or last. What is added before one entry has to be added in one go.
        """
        node = owner.node
        if node.entries:
            self.add_to(node, fields, before)
        elif holder.flow:
            self._edits.append(Edit(owner.head, node.stop, f" {bracketed(fields)}"))
        else:
            if node.stop > owner.head:
                self._edits.append(Edit(owner.head, node.stop, ""))
            self._add_lines(self._text.index("\n", node.stop) + 1, holder.column + _STEP, fields)

    def add_to(self, node: Node, fields: Sequence[Field], before: Entry | None = None) -> None:
        """Put fields or items among others; as `add`."""
        if node.flow:
            inside = ", ".join(map(_in_brackets, fields))
            at = before.at if before else node.entries[-1].node.stop
            self._edits.append(Edit(at, at, f"{inside}, " if before else f", {inside}"))
        else:
            self._add_lines(before.lead if before else self._end(node.entries[-1]), node.column, fields)

    def text(self) -> str:
        """The text with all changes made."""
        gathered: dict[int, list[str]] = {}
        for at, _, lines in sorted(
            self._lines, key=lambda one: (one[0], -one[1])
        ):  # what is deeper ends first
            gathered.setdefault(at, []).extend(lines)
        inserts = [
            Edit(at, at, "".join(f"{line}{self._newline}" for line in lines))
            for at, lines in gathered.items()
        ]
        text = applied(self._text, [*self._edits, *inserts])
        return text if self._ends else text.removesuffix(self._newline)

    def _add_lines(self, at: int, column: int, fields: Sequence[Field]) -> None:
        self._lines.append((at, column, list(lines_for(fields, column))))

    def _end(self, entry: Entry) -> int:
        """Where the lines of an entry end, with the comments inside it."""
        return entry.node.end if entry.node.is_block else self._text.index("\n", entry.node.stop) + 1


def _in_brackets(field: Field) -> str:
    value = field.value if isinstance(field.value, str) else bracketed(field.value)
    return f"{field.name}: {value}" if field.name else value
