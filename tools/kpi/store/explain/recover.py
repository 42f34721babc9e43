"""The values of a file with its mistakes: blocks in the wrong depth are put right, and broken parts taken out, for later checks."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from kpi.model.finding import FieldPath, Problem, Span
from kpi.model.text import quoted
from kpi.store.explain.fault import Schema, resolved

if TYPE_CHECKING:
    from kpi.store.reader import Document

_FIGURES, _PEERS = "observations", "peers"
_STAND_IN = "x"
"""Fits every text and id while the rest is looked at; what is handed out is empty."""


def pruned(
    schema: Schema,
    values: Mapping[str, Any],
    mistakes: Iterable[Problem],
    problems: Callable[[Mapping[str, Any]], list[Problem]],
) -> dict[str, Any] | None:
    """The values without the parts that problems are about, as small as these can be taken.

    Args:
        schema: the schema of the file.
        values: what the reader gave; not changed.
        mistakes: what is wrong with the values.
        problems: says what is wrong with other values.

    Returns:
        Values that fit the schema, except that texts which the file must have may be empty; None if nothing useful is left.
    """
    kept = deepcopy(dict(values))
    remaining = list(mistakes)
    filled: set[str] = set()
    while remaining:
        gone = [_without(kept, where) for where in _deepest_first(remaining)]
        added = _fill(schema, kept)
        filled |= added
        if not any(gone) and not added:
            return None
        remaining = problems(kept)
    return kept | dict.fromkeys(filled, "")


def _deepest_first(problems: Iterable[Problem]) -> list[FieldPath]:
    """The places, items of a list from the last to the first, so that taking one out moves no other."""
    places = {problem.where for problem in problems if problem.where}
    return sorted(places, key=lambda where: [str(step).zfill(9) for step in where], reverse=True)


def _without(values: dict[str, Any], where: FieldPath) -> bool:
    """Take out what is at a place; whether it was there."""
    holder: Any = values
    try:
        for step in where[:-1]:
            holder = holder[step]
        del holder[where[-1]]
    except (LookupError, TypeError):  # it went with something around it
        return False
    return True


def _fill(schema: Schema, values: dict[str, Any]) -> set[str]:
    """Put stand-ins for the single texts that the file must have; their names."""
    absent = {name for name in schema["required"] if name not in values}
    texts = {name for name in absent if resolved(schema, schema["properties"][name]).get("type") == "string"}
    values.update(dict.fromkeys(texts, _STAND_IN))
    return texts


# Blocks of a measure that stand too deep, or not deep enough.


def put_right(
    schema: Schema, values: Mapping[str, Any], document: "Document"
) -> tuple[Mapping[str, Any], list[Problem]]:
    """The values of a KPI file with such blocks where they belong, and what is to be said of them.

    The values that are given don't change; `document` is for what to write instead.
    """
    measures = values.get("measures")
    if not isinstance(measures, Mapping):
        return values, []
    fields = schema["definitions"]["measure"]["properties"].keys()
    right: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, measure in measures.items():
        last = next(reversed(right), "")
        is_figures = name == _FIGURES and isinstance(measure, Mapping)
        if is_figures and not _may_hold(right.get(last)):
            problems.append(_no_measure(document))
        elif is_figures or (name == _PEERS and _are_peers(measure, right.get(last), fields)):
            problems.append(_too_far_left(document, last, name))
            right[last] = {**right[last], name: measure}
        else:
            right[name], too_deep = _parted(measure, fields)
            problems += [_too_deep(document, name, key) for key in too_deep]
            for key, value in too_deep.items():
                right.setdefault(key, value)
    for key, value in values.items():
        if key not in schema["properties"] and _is_measure(value, fields):
            message = f"{quoted(key)} is among the fields of the KPI, but it is a measure."
            problems.append(_moved(document, (key,), 2, message))
            right.setdefault(key, value)
    kept = {
        name: value for name, value in values.items() if name in schema["properties"] or name not in right
    }
    return {**kept, "measures": right} if problems else values, problems


def _parted(measure: Any, fields: Any) -> tuple[Any, dict[str, Any]]:
    """A measure without the measures that are among its figures, and these."""
    figures = measure.get(_FIGURES) if isinstance(measure, Mapping) else None
    if not isinstance(figures, Mapping):
        return measure, {}
    too_deep = {key: value for key, value in figures.items() if _is_measure(value, fields)}
    own = {key: value for key, value in figures.items() if key not in too_deep}
    return {**measure, _FIGURES: own} if too_deep else measure, too_deep


def _may_hold(measure: object) -> bool:
    return isinstance(measure, Mapping) and not {_FIGURES, "derived", "no_figures"} & measure.keys()


def _are_peers(value: object, measure: object, fields: Any) -> bool:
    """Whether these are the figures of other areas, and the measure above has none yet."""
    is_block = isinstance(value, Mapping) and bool(value) and fields.isdisjoint(value)
    return is_block and isinstance(measure, Mapping) and _PEERS not in measure


def _is_measure(value: object, fields: Any) -> bool:
    return isinstance(value, Mapping) and _FIGURES in value and value.keys() <= fields


def _too_far_left(document: "Document", measure: str, name: str) -> Problem:
    """`observations:` or `peers:` beside the names of measures, and its lines further in."""
    where: FieldPath = ("measures", name)
    message = f'"{name}:" is among the names of the measures, but it is a field of {quoted(measure)}.'
    return _moved(document, where, 2, message)


def _too_deep(document: "Document", measure: str, name: str) -> Problem:
    """A measure among the figures of the one above."""
    where: FieldPath = ("measures", measure, _FIGURES, name)
    wanted = document.span(("measures", measure), on_key=True).column
    message = f"{quoted(name)} is among the figures of {quoted(measure)}, but it is a measure of its own."
    return _moved(document, where, wanted - document.span(where, on_key=True).column, message)


def _moved(document: "Document", where: FieldPath, by: int, message: str) -> Problem:
    """A block that has to move, with its lines to write instead; those that are far enough in already stay."""
    key, value = document.span(where, on_key=True), document.span(where)
    start = key.start - (key.column - 1)
    lines = document.text[start : value.stop].split("\n")
    inner = min((_indent(line) for line in lines[1:] if line.strip()), default=0)
    stays = by > 0 and inner >= _indent(lines[0]) + by + 2
    moving = lines[:1] if stays else lines
    shifted = [
        " " * max(0, _indent(line) + by) + line.lstrip(" ") if line.strip() else line for line in moving
    ]
    side = "right" if by > 0 else "left"
    what = "it" if stays else "it and the lines below it"
    help_ = f"Move {what} {abs(by)} spaces to the {side}."
    end_line, end_column = (key.line, len(lines[0]) + 1) if stays else (value.end_line, value.end_column)
    span = Span(key.line, 1, end_line, end_column, start, start + len(lines[0]) if stays else value.stop)
    return Problem("wrong-kind", where, message, help_, "\n".join(shifted), span=span)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _no_measure(document: "Document") -> Problem:
    where: FieldPath = ("measures", _FIGURES)
    message = f'"{_FIGURES}:" is where the name of a measure belongs.'
    help_ = "Write the measure's name on a line of its own above, such as its-name:, and move these lines 2 spaces to the right."
    return Problem("wrong-kind", where, message, help_, on_key=True, span=document.span(where, on_key=True))
