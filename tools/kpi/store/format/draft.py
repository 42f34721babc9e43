"""A file that is being edited: its data change, ruamel.yaml lays them out, and what was typed takes their places."""

import io
import json
import re
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter

from kpi.store.format.typed import (
    DoubtfulError,
    Fields,
    Items,
    Parsed,
    Typed,
    has_comment,
    in_brackets,
    parts,
)
from kpi.store.reader import line_end
from kpi.store.yaml.subset import resolve, unclear_name

_STEP = 2
_TOKEN = re.compile(r"X([0-9]+)X")
_LEAD = re.compile(r"( *)((?:- *)*)").match
_FINE_ON_A_LINE = re.compile(r"[^\s\"'#{}\[\],:&*!|>%@`?-](?:[^#\n:]|:(?=\S))*(?<!\s)").fullmatch
_ENDS_EARLY_IN_BRACKETS = re.compile(r"[,\[\]{}:?\"']").search


def value_source(value: str | int | Decimal, *, in_brackets: bool = False) -> str:
    """A value as it is written in a file: a text as it is where every program takes it for text, or else in quotes."""
    if not isinstance(value, str):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    fine = _FINE_ON_A_LINE(value) and not (in_brackets and _ENDS_EARLY_IN_BRACKETS(value))
    return value if fine and resolve(value) == value else json.dumps(value, ensure_ascii=False)


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
        self._parsed = Parsed(text.replace("\r\n", "\n") + ("" if self._ends else "\n"))
        self._there = len(self._parsed.typed)
        self.root = self._parsed.root

    def settle(self) -> None:
        """Take in what was put into the data as mere values."""
        self.root = self._settled(self.root, on_line=False)

    def _settled(self, node: Any, *, on_line: bool) -> Any:
        if isinstance(node, Typed):
            return node
        if not isinstance(node, dict | list):
            return self._parsed.add(str(node), value_source(node, in_brackets=on_line))
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
        is_clear = _FINE_ON_A_LINE(name) and unclear_name(name) is None
        source = name if is_clear else json.dumps(name, ensure_ascii=False)
        return name if isinstance(name, Typed) else self._parsed.add(name, source)

    def text(self, *, styled: bool) -> str:
        """The text with the data as they are now, in the standard form or with unchanged lines as they were.

        Raises `DoubtfulError` if comments would have to move, or would be lost.
        """
        lines = self._lines()
        tails = _tails(self.root)
        kept = {typed.number for line in lines for typed in line.typed}
        there = self._parsed.typed[: self._there]
        lost = next((typed for typed in there if typed.number not in kept and has_comment(typed)), None)
        if lost is not None or sum(map(len, tails.values())) < self._parsed.tails:
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
        text = "\n".join([*_without_doubled_blanks(out), *(() if styled else self._parsed.rest), ""])
        text = text if styled or self._ends else text.removesuffix("\n")
        return text.replace("\n", self._end)

    def _lines(self) -> list[_Line]:
        stream = io.StringIO()
        _yaml().dump(self.root, stream)
        lines = []
        for line in stream.getvalue().splitlines():
            lead = _LEAD(line)
            assert lead is not None
            typed = [self._parsed.typed[int(number)] for number in _TOKEN.findall(line)]
            lines.append(_Line(len(lead[1]), lead[2], line[lead.end() :], typed))
        return lines

    def _verbatim(self, line: _Line) -> list[str] | None:
        """The lines of the file that a line is made of, if nothing in it changes."""
        first, last = line.typed[0], line.typed[-1]
        there = self._parsed.typed[: self._there]
        if first.start is None or line.typed != there[first.number : last.number + 1]:
            return None
        stop = self._parsed.stop
        for following in there[last.number + 1 : last.number + 2]:
            if following.start is None:
                return None
            stop = following.begin
        return self._parsed.text[first.start : stop].split("\n")[:-1]

    def _indent_there(self, lines: list[_Line], place: int) -> int:
        """How far a line is indented in a file that may not be in the standard form: like its neighbours."""
        line = lines[place]
        beside = (other for other in lines[place : place + 2] if other.indent == line.indent)
        before = (other for other in reversed(lines[:place]) if other.indent <= line.indent)
        for other in (*beside, *before):
            start = other.typed[0].start
            lead = None if start is None else _LEAD(self._parsed.text, start)
            if lead is not None:
                return len(lead[1]) + line.indent - other.indent
        return line.indent

    def _laid_out(self, line: _Line, indent: int) -> list[str | None]:
        """A line with what was typed, and the comments on it and below its dash."""
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
        body = _TOKEN.sub(lambda token: _moved(self._parsed.typed[int(token[1])], column), line.rest)
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
    return [
        " " * indent + line.strip() if line.strip() else None for indent, lines in loose for line in lines
    ]


def _without_doubled_blanks(lines: list[str | None]) -> list[str]:
    """The lines with no blank one at the start of the file, and no two in a row; those of a text count as they are."""
    kept: list[str] = []
    for line in lines:
        if line is not None or (kept and kept[-1]):
            kept.append(line or "")
    return kept


def _tails(root: Any) -> dict[int, list[tuple[int, tuple[str, ...]]]]:
    """The comments at the end of each block, with their column, by its last name or value; the innermost block first."""
    tails: dict[int, list[tuple[int, tuple[str, ...]]]] = {}

    def walk(node: Any, indent: int) -> int:
        """The number of the last name or value in a node."""
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
