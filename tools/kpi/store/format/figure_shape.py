"""The series of a KPI file: figures on one line or as a block, from the oldest to the newest."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import PeriodError, parse_period
from kpi.store.format.typed import Typed, has_comment, in_brackets, reorder

_FINE_IN_BRACKETS = re.compile(r"[^\s,\[\]{}:?#\"'&*!|>%@`-][^,\[\]{}:?#\"'\n]*|-[0-9.]+").fullmatch


def misshapen(root: Any) -> Iterator[tuple[Any, bool]]:
    """Figures that aren't in the standard form, each with whether it should be in brackets.

    Marks are beside the value on one line, a note is on a line of its own below.

    A figure with a comment inside is left alone, and so is one with other fields.
    """
    for series in _figures(root):
        for period, node in series.items():
            if not is_fields(node) or not set(node) <= {*FIGURE_FIELDS}:
                continue
            if "note" not in node:
                if _can_be_bracketed(period, node):
                    yield node, True
            elif stays_on_its_line(series, period):
                continue
            elif in_brackets(node):
                yield node, False
            else:
                for name, inner in node.items():
                    if is_list(inner) and _can_be_bracketed(name, inner):
                        yield inner, True


def shape(figures: Iterable[tuple[Any, bool]]) -> None:
    """Give figures their standard form."""
    for node, wanted in list(figures):
        if wanted:
            node.fa.set_flow_style()
        else:
            node.fa.set_block_style()


def stays_on_its_line(series: Any, period: str) -> bool:
    """Whether a figure with a note can't have lines of its own: it shares its line with others, or a comment is for its line."""
    if in_brackets(series):
        return True
    if not in_brackets(series[period]) and is_fields(series[period]):
        return False
    return isinstance(period, Typed) and (bool(period.after) or any("kpi:" in line for line in period.above))


def _can_be_bracketed(name: Typed, node: Any) -> bool:
    """Whether a block can be written in brackets: it has no comment, and no value that would end too soon."""
    if in_brackets(node) or name.after or has_comment(node):
        return False
    return all(_fits(value) for value in (node.values() if is_fields(node) else node))


def _fits(value: Any) -> bool:
    if not isinstance(value, Typed):
        return in_brackets(value) or all(
            _fits(inner) for inner in (value.values() if is_fields(value) else value)
        )
    source = value.source
    return "\n" not in source if source[:1] in ("'", '"') else bool(_FINE_IN_BRACKETS(source))


def put_in_order(root: Any, year_starts: int) -> bool:
    """Put every series in order, from the oldest figure to the newest; comments go with their figures.

    A series with a name that is not a period stays as it is: nobody knows where that figure belongs.

    Returns:
        Whether anything was moved.
    """
    moved = False
    for series in (*_figures(root), *_trajectories(root)):
        periods = list(series)
        try:
            ordered = sorted(periods, key=lambda period: parse_period(period, year_starts).order)
        except PeriodError:
            continue
        if ordered != periods:
            moved = True
            reorder(series, ordered)
    return moved


def is_fields(node: Any) -> bool:
    """Whether a node has names and values."""
    return isinstance(node, dict)


def is_list(node: Any) -> bool:
    """Whether a node has items."""
    return isinstance(node, list)


def _figures(root: Any) -> Iterator[Any]:
    """Every series of figures, the own area's and the peers'."""
    for measure in _blocks(root.get("measures")):
        yield from _blocks([measure.get("observations")])
        yield from _blocks(measure.get("peers"))


def _trajectories(root: Any) -> Iterator[Any]:
    for measure in _blocks(root.get("measures")):
        for target in _blocks(measure.get("targets")):
            yield from _blocks([target.get("trajectory")])


def _blocks(node: Any) -> Iterator[Any]:
    """Those of the values or items in a node that have fields."""
    inner = node.values() if is_fields(node) else node if is_list(node) else ()
    return (value for value in inner if is_fields(value) and value)
