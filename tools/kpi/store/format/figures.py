"""The series of a KPI file: figures on one line or as a block, and the order from the oldest to the newest."""

import re
from collections.abc import Iterator

from kpi.model.period import PeriodError, parse_period
from kpi.store.edit import Edit, applied
from kpi.store.format.tree import FIELDS, LIST, TEXT, Entry, Node

_ON_ONE_LINE = frozenset({"value", "marks", "numerator", "denominator", "assessment"})
_FINE_IN_BRACKETS = re.compile(r"[^\s,\[\]{}:?#\"'&*!|>%@`-][^,\[\]{}:?#\"'\n]*|-[0-9.]+").fullmatch


def shape_figures(root: Node, text: str) -> None:
    """Give every figure its standard form: marks beside the value on one line, a note on a line of its own below it.

    A figure with a comment inside is left as it is, and so is one with other fields.
    """
    for series in _figures(root):
        for entry in series.entries:
            node = entry.node
            names = {inner.field for inner in node.entries}
            if node.kind != FIELDS or not names <= {*_ON_ONE_LINE, "note"}:
                continue
            if "note" not in names:
                if node.is_block and not entry.after and _fits_on_a_line(node, text):
                    _on_one_line(node)
            elif not node.is_block:
                node.flow = series.flow or bool(entry.after) or any("kpi:" in line for line in entry.above)
            else:
                for inner in node.entries:
                    if inner.node.kind == LIST and not inner.after and _fits_on_a_line(inner.node, text):
                        _on_one_line(inner.node)


def _fits_on_a_line(node: Node, text: str) -> bool:
    """Whether fields or a list can stand in brackets: there is no comment inside, and no value that would end too soon."""
    if node.tail:
        return False
    for entry in node.entries:
        inner = entry.node
        if entry.after or any(entry.above):
            return False
        source = text[inner.start : inner.stop]
        if inner.kind == TEXT:
            if "\n" in source if inner.style in ("'", '"') else not _FINE_IN_BRACKETS(source):
                return False
        elif inner.is_block and not _fits_on_a_line(inner, text):
            return False
    return True


def _on_one_line(node: Node) -> None:
    node.flow = True
    for entry in node.entries:
        if entry.node.is_block:
            _on_one_line(entry.node)


def ordered(root: Node, text: str, year_starts: int) -> str:
    """The text with every series in order, from the oldest figure to the newest; comments go with their figures.

    A series with a name that is not a period stays as it is: nobody knows where that figure belongs.
    """
    edits: list[Edit] = []
    for series in (*_figures(root), *_trajectories(root)):
        entries = _in_order(series, year_starts)
        if entries != series.entries:
            edits += _moves(series, entries, text)
    return applied(text, edits)


def _moves(series: Node, entries: list[Entry], text: str) -> Iterator[Edit]:
    """The edits that put the entries of a series in another order: line by line, or place by place in brackets."""
    if series.flow:
        for old, new in zip(series.entries, entries, strict=True):
            yield Edit(old.at, old.node.stop, text[new.at : new.node.stop])
        return
    ends = [*(entry.lead for entry in series.entries[1:]), series.end]
    lines = {id(entry): text[entry.lead : end] for entry, end in zip(series.entries, ends, strict=True)}
    yield Edit(series.entries[0].lead, series.end, "".join(lines[id(entry)] for entry in entries))


def _in_order(series: Node, year_starts: int) -> list[Entry]:
    try:
        order = {id(entry): parse_period(entry.field, year_starts).order for entry in series.entries}
    except PeriodError:
        return series.entries
    return sorted(series.entries, key=lambda entry: order[id(entry)])


def _figures(root: Node) -> Iterator[Node]:
    """Every series of figures, the own area's and the peers'."""
    for measure in _blocks(_field(root, "measures")):
        yield from _fields(_field(measure, "observations"))
        yield from _blocks(_field(measure, "peers"))


def _trajectories(root: Node) -> Iterator[Node]:
    for measure in _blocks(_field(root, "measures")):
        targets = _field(measure, "targets")
        for target in targets.entries if targets is not None else ():
            yield from _fields(_field(target.node, "trajectory"))


def _field(node: Node, name: str) -> Node | None:
    """What a field holds; None where there is no such field."""
    if node.kind != FIELDS:
        return None
    return next((entry.node for entry in node.entries if entry.field == name), None)


def _fields(node: Node | None) -> Iterator[Node]:
    """The node itself, if it has fields."""
    if node is not None and node.kind == FIELDS and node.entries:
        yield node


def _blocks(node: Node | None) -> Iterator[Node]:
    """Those of the values in it that have fields."""
    if node is not None and node.kind == FIELDS:
        for entry in node.entries:
            yield from _fields(entry.node)
