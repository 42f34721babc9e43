"""What is too far left or right: lines beside what they belong to, and blocks in the wrong depth."""

import re
from collections.abc import KeysView, Mapping
from typing import TYPE_CHECKING, Any

from kpi.model.finding import FieldPath, Problem
from kpi.model.text import quoted
from kpi.store.explain.fault import Fault, Schema, shown
from kpi.store.yaml.lines import span_at

if TYPE_CHECKING:
    from kpi.store.reader import Document

is_like_a_period = re.compile(
    r"[0-9]{1,4}\b|FY ?[0-9]|Q[1-4]\b|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]* [0-9]",
    re.IGNORECASE,
).match
"""Whether a name looks like a period, right or wrong."""


def slipped(fault: Fault) -> Mapping[str, str]:
    """The periods and days that are beside the field before them, and not below it, each with that field."""
    beside: dict[str, str] = {}
    last = ""
    for name in fault.value:
        if last and is_like_a_period(name):
            beside[name] = last
        else:
            last = name if is_like_a_period(fault.file.example((*fault.where, name))) else ""
    return beside


def misplaced_figure(where: FieldPath) -> Problem | None:
    """The problem of a figure that is beside the measures or the areas of `peers`; None of any other."""
    if not is_like_a_period(str(where[-1])):
        return None
    if where[:-1] == ("measures",):
        beside, instead = "measures", None
        help_ = 'Put it below "observations:" of its measure. Start the line with 6 spaces.'
    elif where[-2:-1] == ("peers",):
        beside, instead = "areas", f"  {where[-1]}"
        help_ = "Put it below its area: start the line with 2 more spaces."
    else:
        return None
    message = f"{shown(where[-1])} is beside the {beside}, so it is not read as a figure."
    return Problem("unknown-field", where, message, help_, instead, on_key=True)


def put_in_depth(
    schema: Schema, values: Mapping[str, Any], document: "Document"
) -> tuple[Mapping[str, Any], list[Problem]]:
    """The values with blocks of a measure where they belong, and what to say of those that were elsewhere."""
    measures = values.get("measures")
    if not isinstance(measures, Mapping) or "measure" not in schema["definitions"]:
        return values, []
    known, fields = schema["properties"], schema["definitions"]["measure"]["properties"].keys()
    right: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, measure in measures.items():
        last = next(reversed(right), "")
        if _is_field(name, measure, right.get(last), fields):
            message = f'"{name}:" is among the names of the measures, but it is a field of {quoted(last)}.'
            problems.append(_moved(document, ("measures", name), 2, message))
            right[last] = {**right[last], name: measure}
        elif name == _FIGURES and isinstance(measure, Mapping):
            message = f'"{_FIGURES}:" is where the name of a measure belongs.'
            help_ = "Write the measure's name on a line of its own above, such as its-name:, and move these lines 2 spaces to the right."
            problems.append(Problem("wrong-kind", ("measures", name), message, help_, on_key=True))
        else:
            whole, beside = _in_braces(document, name, measure)
            problems += beside
            right[name], too_deep = _parted(whole, fields)
            column = document.span(("measures", name), on_key=True).column
            for key, value in too_deep.items():
                where = ("measures", name, _FIGURES, key)
                among = f"{quoted(key)} is among the figures of {quoted(name)}"
                by = column - document.span(where, on_key=True).column
                problems.append(_moved(document, where, by, f"{among}, but it is a measure of its own."))
                right.setdefault(key, value)
    for key, value in values.items():
        if key not in known and _is_measure(value, fields):
            message = f"{quoted(key)} is among the fields of the KPI, but it is a measure."
            problems.append(_moved(document, (key,), 2, message))
            right.setdefault(key, value)
    kept = {key: value for key, value in values.items() if key in known or key not in right}
    return {**kept, "measures": right} if problems else values, problems


_FIGURES = "observations"
_INDENTS = re.compile(r"^ *(?=\S)", re.MULTILINE)


def _in_braces(document: "Document", name: str, measure: Any) -> tuple[Any, list[Problem]]:
    """A measure with the figures that are below the braces of the others, and what to say of these."""
    figures = measure.get(_FIGURES) if isinstance(measure, Mapping) else None
    source = document.source(document.span(("measures", name, _FIGURES)))
    if not isinstance(figures, Mapping) or not source.startswith("{"):
        return measure, []
    beside = {key: value for key, value in measure.items() if is_like_a_period(key)}
    help_ = "Write it inside the braces, after a comma."
    problems = []
    for key in beside:
        message = f'{shown(key)} is below the braces of "{_FIGURES}:", so it is not read as part of it.'
        problems.append(Problem("unknown-field", ("measures", name, key), message, help_, on_key=True))
    own = {key: value for key, value in measure.items() if key not in beside}
    return {**own, _FIGURES: {**beside, **figures}}, problems


def _is_field(name: str, block: object, measure: object, fields: KeysView[str]) -> bool:
    if not isinstance(block, Mapping) or not isinstance(measure, Mapping):
        return False
    if name == _FIGURES:
        return measure.keys().isdisjoint((_FIGURES, "derived", "no_figures"))
    return name == "peers" and name not in measure and bool(block) and fields.isdisjoint(block)


def _is_measure(value: object, fields: KeysView[str]) -> bool:
    return isinstance(value, Mapping) and _FIGURES in value and value.keys() <= fields


def _parted(measure: Any, fields: KeysView[str]) -> tuple[Any, dict[str, Any]]:
    figures = measure.get(_FIGURES) if isinstance(measure, Mapping) else None
    if not isinstance(figures, Mapping):
        return measure, {}
    too_deep = {key: value for key, value in figures.items() if _is_measure(value, fields)}
    own = {key: value for key, value in figures.items() if key not in too_deep}
    return {**measure, _FIGURES: own} if too_deep else measure, too_deep


def _moved(document: "Document", where: FieldPath, by: int, message: str) -> Problem:
    """A block that has to move, with its lines to write instead; those that are far enough in already stay."""
    key, stop = document.span(where, on_key=True), document.span(where).stop
    start, what = key.start - (key.column - 1), "it and the lines below it"
    indent, *inner = map(len, _INDENTS.findall(document.text[start:stop]))
    if inner and by > 0 and min(inner) >= indent + by + 2:
        stop, what = document.text.index("\n", start), "it"
    text = _INDENTS.sub(lambda blanks: " " * max(0, len(blanks[0]) + by), document.text[start:stop])
    help_ = f"Move {what} {abs(by)} spaces to the {'right' if by > 0 else 'left'}."
    return Problem("wrong-kind", where, message, help_, text, span=span_at(document.text, start, stop))
