"""Blocks of a measure that stand too deep, or not deep enough: told once, and put right for the checks that follow."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kpi.model.finding import FieldPath, Problem, Span
from kpi.model.text import quoted
from kpi.store.explain.fault import Schema

if TYPE_CHECKING:
    from kpi.store.reader import Document

_FIGURES = "observations"


def put_right(
    schema: Schema, values: Mapping[str, Any], document: "Document"
) -> tuple[Mapping[str, Any], list[Problem]]:
    """The values of a KPI file with such blocks where they belong, and what is to be said of them.

    Args:
        schema: the schema of KPI files.
        values: what the reader gave; not changed.
        document: the file, for what to write instead.
    """
    measures = values.get("measures")
    if not isinstance(measures, Mapping):
        return values, []
    fields = schema["definitions"]["measure"]["properties"].keys()
    right: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, measure in measures.items():
        last = next(reversed(right), None)
        if name == _FIGURES and isinstance(measure, Mapping):
            if last is None or not _may_hold(right[last]):
                problems.append(_no_measure(document))
                continue
            problems.append(_too_far_left(document, last))
            right[last] = {**right[last], _FIGURES: measure}
            continue
        inner = measure.get(_FIGURES) if isinstance(measure, Mapping) else None
        deep = [key for key in inner if _is_measure(inner[key], fields)] if isinstance(inner, Mapping) else []
        if not deep or not isinstance(inner, Mapping):
            right[name] = measure
            continue
        right[name] = {**measure, _FIGURES: {key: inner[key] for key in inner if key not in deep}}
        for key in deep:
            problems.append(_too_deep(document, name, key))
            right.setdefault(key, inner[key])
    for key in [
        name for name in values if name not in schema["properties"] and _is_measure(values[name], fields)
    ]:
        message = f"{quoted(key)} stands among the fields of the KPI, but it is a measure."
        problems.append(_moved(document, (key,), 2, message))
        right.setdefault(key, values[key])
    kept = {
        name: value for name, value in values.items() if name in schema["properties"] or name not in right
    }
    return {**kept, "measures": right} if problems else values, problems


def _may_hold(measure: object) -> bool:
    return isinstance(measure, Mapping) and not {_FIGURES, "derived", "no_figures"} & measure.keys()


def _is_measure(value: object, fields: Any) -> bool:
    return isinstance(value, Mapping) and _FIGURES in value and value.keys() <= fields


def _too_far_left(document: "Document", measure: str) -> Problem:
    """`observations:` beside the names of measures, and its lines further in."""
    where: FieldPath = ("measures", _FIGURES)
    message = f'"{_FIGURES}:" stands among the names of the measures, but it is a field of {quoted(measure)}.'
    return _moved(document, where, 2, message)


def _too_deep(document: "Document", measure: str, name: str) -> Problem:
    """A measure among the figures of the one above."""
    where: FieldPath = ("measures", measure, _FIGURES, name)
    wanted = document.span(("measures", measure), on_key=True).column
    message = f"{quoted(name)} stands among the figures of {quoted(measure)}, but it is a measure of its own."
    return _moved(document, where, wanted - document.span(where, on_key=True).column, message)


def _moved(document: "Document", where: FieldPath, by: int, message: str) -> Problem:
    """A block that has to move, with its lines to write instead; those that stand far enough in already stay."""
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
    message = f'"{_FIGURES}:" stands where the name of a measure belongs.'
    help_ = "Write the measure's name on a line of its own above, such as its-name:, and move these lines 2 spaces to the right."
    return Problem("wrong-kind", where, message, help_, on_key=True, span=document.span(where, on_key=True))
