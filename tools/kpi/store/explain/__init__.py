"""What is wrong with values that don't fit the schema, in plain words: those of a wrong kind, number or size."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from kpi.human.spelling import month_number
from kpi.model.finding import Problem
from kpi.model.period import APRIL
from kpi.store.explain import field_problems, value_problems
from kpi.store.explain.depth import misplaced_figure, slipped
from kpi.store.explain.fault import Fault, Schema, faults, field, in_yaml, kind_of, plain_text, shown, write


def explain(schema: Schema, values: Mapping[str, Any], year_starts: int = APRIL) -> list[Problem]:
    """What is wrong with the values of a file: one problem for each mistake; empty only where they fit the schema.

    The schema has Python's patterns; `year_starts` is for what to write instead of a period.
    """
    mistakes = faults(schema, values, year_starts)
    for fault in mistakes:
        if fault.has_unknown_fields:
            fault.file.meant[fault.where] = field_problems.meant(fault)
            fault.file.emptied |= {(*fault.where, name) for name in slipped(fault).values()}
    problems = dict.fromkeys(chain.from_iterable(_EXPLANATIONS[fault.keyword](fault) for fault in mistakes))
    return list(problems) or [value_problems.wrong_form(fault) for fault in mistakes[:1]]


def _text(fault: Fault) -> Iterator[Problem]:
    is_blank = not fault.value.strip() and not fault.on_key
    return (field_problems.no_value if is_blank else value_problems.wrong_text)(fault)


def _wrong_kind(fault: Fault) -> Iterator[Problem]:
    kinds = [fault.wanted] if isinstance(fault.wanted, str) else fault.wanted
    value = fault.value
    if value is None or (isinstance(value, str) and not value.strip()):
        yield from field_problems.no_value(fault)
    elif kinds == ["array"]:
        yield _not_a_list(fault)
    elif kinds == ["object"]:
        yield _not_a_block(fault)
    elif isinstance(value, Mapping | list):
        yield _not_one_value(fault)
    elif kinds == ["boolean"]:
        message = f"{shown(value)} can't be in {field(fault.where)}, which is true or false."
        instead = "true" if plain_text(value).lower() in {"yes", "1"} else None
        yield fault.problem("unknown-choice", message, "Write true, or delete the line.", instead)
    else:
        yield _other_value(fault, kinds)


def _not_one_value(fault: Fault) -> Problem:
    """A list or fields where a single value belongs: if there is only one in it, it was meant."""
    inside = fault.value
    if isinstance(inside, Mapping):
        inside = [name if value is None else value for name, value in inside.items()]
    like, instead = f"Write one value{fault.file.like(fault.where)}", None
    is_single = len(inside) == 1 and isinstance(inside[0], str | int | Decimal)
    if is_single and inside[0] in fault.shape.get("enum", inside):
        instead = in_yaml(inside[0])
    elif is_single and fault.where[:1] == ("lint",):
        like = f"Write a line for each rule{fault.file.like(fault.where[:1])}"
    message = f"{field(fault.where)} takes one value, but here it is {kind_of(fault.value)}."
    return fault.problem("wrong-kind", message, write(instead, like), instead)


def _not_a_list(fault: Fault) -> Problem:
    value, name = fault.value, str(fault.where[-1])
    like = fault.file.example(fault.where)
    advice, instead = f"Write it between [ and ]{fault.file.like(fault.where)}", None
    if like.startswith("- "):
        advice = f'Start each one on a line of its own with "- ", for example: {like}'
    if isinstance(value, Mapping) and (any(value.values()) or not value):
        if like.startswith("- ") and value:
            first = shown(f"{next(iter(value))}:")
            advice = f'Write "- " in place of the two spaces before {first}, or put [ ] around the braces.'
        return fault.problem("wrong-kind", f"{field(fault.where)} should be a list.", advice)
    text = ", ".join(value) if isinstance(value, Mapping) else value
    parts = value_problems.items_in(text, name, fault.shape["items"], fault.file)
    has_blocks = fault.file.shape((*fault.where, 0)).get("type") == "object"
    if not has_blocks and (name != "between" or len(parts) == 2):
        instead = in_yaml(parts)
        advice = write(f"{name}: {instead}")
    message = f"{field(fault.where)} should be a list, but here it is {kind_of(value)}."
    return fault.problem("wrong-kind", message, advice, instead)


def _not_a_block(fault: Fault) -> Problem:
    value, name, properties = fault.value, fault.where[-1], fault.shape.get("properties", {})
    if misplaced := misplaced_figure(fault.where):
        return misplaced
    if name in properties:
        beside = f"{shown(name)} is in line with the names in {field(fault.where[:-1])}"
        advice = "Start its line, and those that belong to it, with 2 more spaces."
        instead = None if isinstance(value, list) else f"  {name}"
        message = f"{beside}, but it is a field of one."
        return Problem("wrong-kind", fault.where, message, advice, instead, on_key=True)
    if "in_words" in properties:
        message = f"A target of {shown(value)} doesn't say which way it is meant."
        numbers = re.findall(r"[0-9]+(?:\.[0-9]+)?", plain_text(value))
        bound = numbers[0] if len(numbers) == 1 else in_yaml(value)
        return fault.problem("target-bound", message, f"Write at_least: {bound} or at_most: {bound}")
    needs = "fields of its own" if properties else "named lines below it"
    required = fault.shape.get("required", ())
    like, instead = fault.file.like(fault.where), None
    advice = f"Write them below, further in{like}"
    if isinstance(value, list):
        advice = f'Write them without the "- " in front{like}'
    elif len(required) == 1 and isinstance(value, str):
        instead = in_yaml({required[0]: value})
        advice = write(instead)
    message = f"{field(fault.where)} needs {needs}, but here it is {kind_of(value)}."
    return fault.problem("wrong-kind", message, advice, instead)


def _other_value(fault: Fault, kinds: Sequence[str]) -> Problem:
    shape, value = fault.shape, fault.value
    if options := shape.get("enum") or shape.get("then", {}).get("enum"):
        return value_problems.choice(fault, options)
    if "string" in kinds and "integer" in kinds:
        return value_problems.wrong_date(fault)
    if kinds == ["integer"]:
        words = re.findall("[a-z]+", plain_text(value).lower())
        if fault.where[-1] == "year_starts" and (month := next(filter(None, map(month_number, words)), None)):
            message = f"{shown(value)} is not a number, but months are numbers here."
            return fault.problem("not-a-number", message, f"Write: year_starts: {month}", f"{month}")
        advice = f"Write a whole number{fault.file.like(fault.where)}"
        if isinstance(value, Decimal):
            return fault.problem("not-a-number", f"{value} is not a whole number.", advice)
        return value_problems.wrong_number(fault, advice)
    return value_problems.wrong_number(fault) if "number" in kinds else _number_for_text(fault)


def _number_for_text(fault: Fault) -> Problem:
    shape, value, text = fault.shape, fault.value, plain_text(fault.value)
    form = fault.file.form(shape.get("pattern"))
    if form == "id":
        return value_problems.wrong_id(fault)
    if shape.get("pattern") and form not in {"line", "prose", "code", "short"}:
        return value_problems.wrong_form(fault)
    message = f"{field(fault.where)} should be text, but {text} without quotes is read as {kind_of(value)}."
    return fault.problem("wrong-kind", message, f'Put it in quotes: "{text}"', f'"{text}"')


def _too_few(fault: Fault) -> Iterator[Problem]:
    """An empty list or block, or `between` with more or fewer than two values."""
    if "maxItems" in fault.shape:
        message = f'"between" needs two values, but here it has {len(fault.value)}.'
        advice = "Write the lowest and the highest, for example: between: [92, 95]"
        yield fault.problem("target-bound", message, advice)
    else:
        yield from field_problems.no_value(fault)


def _too_many(fault: Fault) -> Iterator[Problem]:
    """A unit that is two units; unknown fields are reported as what they are."""
    if len(given := [name for name in fault.value if name in fault.shape["properties"]]) > 1:
        yield field_problems.only_one(fault, given, "wrong-value-form")


def _twice(fault: Fault) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, item in enumerate(fault.value):
        text = in_yaml(item)
        if text in seen and item is not None:  # an empty item is reported as such
            message = f"{shown(text)} is in {field(fault.where)} more than once."
            yield Problem("wrong-value-form", (*fault.where, number), message, "Delete this one.")
        seen.add(text)


def _out_of_range(fault: Fault) -> Iterator[Problem]:
    shape, value = fault.shape, fault.value
    if "integer" in shape.get("type", ()) and "pattern" in shape:
        yield value_problems.wrong_date(fault)
        return
    low, high = shape.get("minimum", shape.get("exclusiveMinimum")), shape.get("maximum")
    beyond, instead = "above" if "exclusiveMinimum" in shape else "from", None
    if shape.get("type") == "number" and 1 < value <= 100:
        instead = f"{(Decimal(value) / 100).normalize():f}"
    elif high is None:
        instead = f"{-value}"
    elif low == high:
        instead = f"{low}"
    message = f"{value} is too {'big' if fault.keyword == 'maximum' else 'small'} for {field(fault.where)}."
    advice = write(instead, f"Write a number {beyond} {low} up to {high}.")
    yield fault.problem("wrong-value-form", message, advice, instead)


def _contradicted(fault: Fault) -> Iterator[Problem]:
    """A word that can't be an id, a mark for a missing figure beside a figure, or fields that don't go together."""
    if "required" in fault.wanted:
        yield field_problems.only_one(fault, fault.wanted["required"], "nothing-to-show")
    elif "enum" in fault.wanted:
        yield value_problems.wrong_id(fault)
    elif "anyOf" in fault.wanted:
        for name in (option["required"][0] for option in fault.wanted["anyOf"]):
            if isinstance(fault.value, Mapping) and name in fault.value:
                message = f'"{name}" can\'t be used with the other fields of {fault.file.thing(fault.where)}.'
                advice = "Delete it, or write a second check."
                yield fault.problem("unknown-field", message, advice, name=name)
    else:
        mark = next(mark for mark in fault.value if mark in fault.wanted["contains"]["enum"])
        message = f"The mark {shown(mark)} says that there is no figure, but there is one."
        yield fault.problem("wrong-value-form", message, 'Delete the mark, or delete "value:".')


_EXPLANATIONS: dict[str, Callable[[Fault], Iterator[Problem]]] = {
    "additionalProperties": field_problems.unknown, "anyOf": field_problems.exactly_one, "oneOf": field_problems.exactly_one,
    "required": field_problems.missing, "dependencies": field_problems.missing, "contains": field_problems.no_figure_nor_reason,
    "type": _wrong_kind, "pattern": _text, "enum": value_problems.unknown_choice, "not": _contradicted, "uniqueItems": _twice,
    "minItems": _too_few, "maxItems": _too_few, "minProperties": _too_few, "maxProperties": _too_many,
    "minimum": _out_of_range, "exclusiveMinimum": _out_of_range, "maximum": _out_of_range,
}  # fmt: skip
