"""Problems of values that are of another kind than their field needs, or not among its choices, or too many or too few."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from kpi.model.finding import FieldPath, Problem
from kpi.model.mark import INSTEAD_OF_NUMBER, LETTERS_TYPED
from kpi.model.text import listed, nearest
from kpi.store.explain.fault import About, Fault
from kpi.store.explain.fields import not_together
from kpi.store.explain.missing import no_value
from kpi.store.explain.values import wrong_date, wrong_form, wrong_id, wrong_number
from kpi.store.explain.words import (
    example,
    field,
    in_yaml,
    kind_of,
    plain_text,
    resolved,
    shown,
    written,
)


def wrong_kind(fault: Fault, about: About) -> Iterator[Problem]:
    """A value of the wrong kind: nothing, a list for a text, a text for a number, and so on."""
    kinds = [fault.wanted] if isinstance(fault.wanted, str) else fault.wanted
    value = fault.value
    if value is None or (isinstance(value, str) and not value.strip()):
        yield from no_value(fault, about)
    elif isinstance(value, list | Mapping):
        yield _several_for_one(fault, kinds, about)
    elif kinds == ["array"]:
        yield _not_a_list(fault, about)
    elif kinds == ["object"]:
        yield _not_a_block(fault, about)
    elif kinds == ["boolean"]:
        yield _not_true_or_false(fault)
    else:
        yield _other_value(fault, kinds, about)


def _problem(fault: Fault, message: str, advice: str, replacement: str | None = None) -> Problem:
    return Problem("wrong-kind", fault.where, message, advice, replacement)


def _several_for_one(fault: Fault, kinds: Sequence[str], about: About) -> Problem:
    """A list or a block of fields where something else belongs."""
    name = field(fault.where)
    if isinstance(fault.value, list):
        if "object" in kinds and len(kinds) == 1:
            advice = f'Write them without the "- " in front{_like(fault.where, about)}'
            return _problem(fault, f"{name} should hold named lines, but here it is a list.", advice)
        message = f"{name} takes one value, but here it is a list."
        if len(fault.value) == 1 and isinstance(fault.value[0], str | int | Decimal):
            return _problem(fault, message, f"Write: {fault.where[-1]}: {written(in_yaml(fault.value[0]))}")
        return _problem(fault, message, "Keep one of the values, on the same line as the name.")
    if kinds == ["array"]:
        return _problem(fault, f"{name} should be a list.", _start_items(fault.where, about))
    message = f"{name} takes a single value, but here it has fields of its own."
    return _problem(fault, message, f"Write one value{_like(fault.where, about)}")


def _like(where: FieldPath, about: About) -> str:
    """The end of a sentence: an example where the schema has one."""
    like = example(about.schema, where)
    return f", for example: {like}" if like else "."


def _start_items(where: FieldPath, about: About) -> str:
    """How the items of a list are written."""
    like = example(about.schema, where)
    if like.startswith("- "):
        return f'Start each one on a line of its own with "- ", for example: {like}'
    return f"Write it between [ and ]{_like(where, about)}"


def _not_a_list(fault: Fault, about: About) -> Problem:
    """A single value where a list belongs."""
    message = f"{field(fault.where)} should be a list, but here it is {kind_of(fault.value)}."
    if resolved(about.schema, fault.shape["items"]).get("type") == "object":
        return _problem(fault, message, _start_items(fault.where, about))
    text = plain_text(fault.value)
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    if fault.where[-1] == "between":
        parts = re.findall(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?", text)
        if len(parts) != 2:
            return _problem(fault, message, _start_items(fault.where, about))
    instead = in_yaml(parts)
    return _problem(fault, message, f"Write: {fault.where[-1]}: {written(instead)}", instead)


def _not_a_block(fault: Fault, about: About) -> Problem:
    """A single value where fields of their own belong."""
    if "in_words" in fault.shape.get("properties", {}):
        message = f"A target of {shown(fault.value)} doesn't say which way it is meant."
        text = written(in_yaml(fault.value))
        return Problem("target-bound", fault.where, message, f"Write at_least: {text} or at_most: {text}")
    needs = "fields of its own" if "properties" in fault.shape else "named lines below it"
    message = f"{field(fault.where)} needs {needs}, but here it is {kind_of(fault.value)}."
    required = fault.shape.get("required", ())
    if len(required) == 1 and isinstance(fault.value, str):
        instead = in_yaml({required[0]: fault.value})
        return _problem(fault, message, f"Write: {written(instead)}", instead)
    return _problem(fault, message, f"Write them below, further in{_like(fault.where, about)}")


def _not_true_or_false(fault: Fault) -> Problem:
    message = f"{shown(fault.value)} can't stand in {field(fault.where)}, which is true or false."
    replacement = {"yes": "true", "1": "true", "no": "false", "0": "false"}.get(
        plain_text(fault.value).lower()
    )
    return Problem("unknown-choice", fault.where, message, "Write true, or delete the line.", replacement)


def _other_value(fault: Fault, kinds: Sequence[str], about: About) -> Problem:
    """A number for a text, a text for a number, or true or false for either."""
    shape, value = fault.shape, fault.value
    options = shape.get("enum") or shape.get("then", {}).get("enum")
    if options:
        return choice(value, options, fault.where)
    if "string" in kinds and "integer" in kinds:
        return wrong_date(plain_text(value), fault.where, shape["pattern"], about)
    if kinds == ["integer"] and isinstance(value, Decimal):
        message = f"{value} is not a whole number."
        return Problem(
            "not-a-number", fault.where, message, f"Write a whole number{_like(fault.where, about)}"
        )
    if kinds == ["integer"]:
        return wrong_number(fault, f"Write a whole number{_like(fault.where, about)}")
    if "number" in kinds:
        return wrong_number(fault)
    return _number_for_text(fault, about)


def _number_for_text(fault: Fault, about: About) -> Problem:
    """A number, or true or false, where a text belongs."""
    pattern, text = fault.shape.get("pattern"), plain_text(fault.value)
    forms = {name: shape.get("pattern") for name, shape in about.schema["definitions"].items()}
    if pattern == forms["id"]:
        return wrong_id(text, fault.where)
    if pattern not in {forms.get(name) for name in ("line", "prose", "code", "short")}:
        return wrong_form(fault)
    message = (
        f"{field(fault.where)} should be text, but {text} without quotes is read as {kind_of(fault.value)}."
    )
    return _problem(fault, message, f'Put it in quotes: "{text}"', f'"{text}"')


# Choices.

_MEANT = {
    "unit": {"%": "percent", "number": "count", "numbers": "count", "total": "count", "time": "duration", "minutes": "duration",
             "seconds": "duration", "hours": "duration", "day": "days", "week": "weeks", "£": "{currency: GBP}", "€": "{currency: EUR}",
             "$": "{currency: USD}", "pounds": "{currency: GBP}", "gbp": "{currency: GBP}", "eur": "{currency: EUR}",
             "usd": "{currency: USD}", "rate": "{rate_per: 100000}", "percentage": "percent", "percent change": "{percent: any}", "per cent change": "{percent: any}",
             "percentage points": "{percent: any}", "points": "{percent: any}"},
    "better": {"up": "higher", "more": "higher", "high": "higher", "increase": "higher", "down": "lower", "less": "lower",
               "low": "lower", "reduce": "lower", "decrease": "lower", "none": "neither"},
    "aim": {"up": "increase", "higher": "increase", "down": "reduce", "lower": "reduce", "decrease": "reduce"},
    "frequency": {"yearly": "annual", "annually": "annual", "year": "annual", "quarter": "quarterly", "month": "monthly",
                  "week": "weekly", "every week": "weekly", "4-weekly": "four-weekly", "every four weeks": "four-weekly",
                  "six-monthly": "half-yearly", "twice a year": "half-yearly", "two-yearly": "biennial", "every two years": "biennial"},
    "compare": {"year": "season", "yearly": "season", "last year": "season", "previous year": "season", "same period": "season",
                "last": "previous", "before": "previous", "month": "previous", "period before": "previous", "previous period": "previous"},
    "scale": {"k": "thousand", "thousands": "thousand", "000": "thousand", "m": "million", "mn": "million", "millions": "million",
              "bn": "billion", "billions": "billion"},
    "year_names": {"fy": "FY24", "fy2024": "FY24", "end": "FY24", "2023-24": "2023/24"},
    "kind": {"sum": "total", "count": "total", "mean": "average", "percent": "average", "point": "snapshot"},
    "when": {"rise": "increase", "up": "increase", "fall": "decrease", "drop": "decrease", "down": "decrease", "reduce": "decrease"},
    "marks": LETTERS_TYPED | INSTEAD_OF_NUMBER,
}  # fmt: skip
"""Other words for the choices of a field."""

_TWICE_OR_EVERY_TWO = frozenset(
    {"biannual", "bi-annual", "biannually", "bi-annually", "bi-yearly", "biyearly"}
)


def unknown_choice(fault: Fault, _: About) -> Iterator[Problem]:
    """A text that is not among a field's few words."""
    if isinstance(fault.value, str):  # anything else is told as a value of the wrong kind
        yield choice(fault.value, fault.wanted, fault.where)


def choice(value: object, options: Sequence[str], where: FieldPath) -> Problem:
    """The problem of a value that is not one of the options, with the nearest of them."""
    text = plain_text(value)
    name = next((step for step in reversed(where) if isinstance(step, str)), "")
    if name == "frequency" and text.lower() in _TWICE_OR_EVERY_TWO:
        message = f"{shown(text)} can be read in two ways."
        return Problem(
            "unknown-choice",
            where,
            message,
            "Write half-yearly for twice a year, biennial for every two years.",
        )
    meant = _MEANT.get(name, {}).get(text.lower()) or _rate(text, name) or nearest(text, options)
    message = f"{shown(text)} is not among the choices for {field(where)}."
    if meant:
        message = f'{message} Did you mean "{meant}"?'
    other = " Any other unit is written like {name: tonnes}." if name == "unit" and not meant else ""
    return Problem("unknown-choice", where, message, f"Write one of these: {listed(options)}.{other}", meant)


def _rate(text: str, name: str) -> str | None:
    """`per 100,000 people` as a unit."""
    found = re.search(r"per ([1-9][0-9,]{0,11})(?![0-9])", text.lower()) if name == "unit" else None
    return f"{{rate_per: {found[1].replace(',', '')}}}" if found else None


# How many, how big.


def too_few(fault: Fault, about: About) -> Iterator[Problem]:
    """An empty list or block, or `between` without both its ends."""
    if fault.where and fault.where[-1] == "between":
        yield from not_a_pair(fault, about)
    else:
        yield from no_value(fault, about)


def not_a_pair(fault: Fault, _: About) -> Iterator[Problem]:
    """`between` with more or fewer than two values."""
    message = f'"between" needs two values, but here it has {len(fault.value)}.'
    yield Problem(
        "target-bound",
        fault.where,
        message,
        "Write the lowest and the highest, for example: between: [92, 95]",
    )


def too_many(fault: Fault, _: About) -> Iterator[Problem]:
    """A unit that is two units."""
    message = f"{field(fault.where)} has {len(fault.value)} fields, but only one of them can stand."
    yield Problem("wrong-value-form", fault.where, message, f"Keep one of these: {listed(fault.value)}.")


def twice(fault: Fault, _: About) -> Iterator[Problem]:
    """The same item more than once in a list."""
    seen: set[str] = set()
    for number, item in enumerate(fault.value):
        text = in_yaml(item)
        if text in seen and item is not None:  # an empty item is told as such
            message = f"{shown(text)} stands in {field(fault.where)} more than once."
            yield Problem("wrong-value-form", (*fault.where, number), message, "Delete this one.")
        seen.add(text)


def out_of_range(fault: Fault, about: About) -> Iterator[Problem]:
    """A number that is too small or too big for its field."""
    shape, value = fault.shape, fault.value
    message = f"{value} is too {'big' if fault.keyword == 'maximum' else 'small'} for {field(fault.where)}."
    low, high = shape.get("minimum", shape.get("exclusiveMinimum")), shape.get("maximum")
    if shape.get("type") == "number" and 1 < value <= 100:
        instead = f"{(Decimal(value) / 100).normalize():f}"
        yield Problem("wrong-value-form", fault.where, message, f"Write: {instead}", instead)
    elif "integer" in shape.get("type", ()) and "pattern" in shape:
        yield wrong_date(value, fault.where, shape["pattern"], about)
    elif high is None:
        instead = f"{-value}"
        yield Problem("wrong-value-form", fault.where, message, f"Write: {instead}", instead)
    else:
        beyond = "above" if "exclusiveMinimum" in shape else "from"
        yield Problem(
            "wrong-value-form", fault.where, message, f"Write a number {beyond} {low} up to {high}."
        )


def contradicted(fault: Fault, about: About) -> Iterator[Problem]:
    """A word that can't be an id, a mark for a missing figure beside a figure, or fields that don't go together."""
    if "enum" in fault.wanted:
        yield wrong_id(fault.value, fault.where, on_key=fault.on_key)
    elif "anyOf" in fault.wanted:
        yield from not_together(fault, about)
    else:
        mark = next(mark for mark in fault.value if mark in fault.wanted["contains"]["enum"])
        message = f"The mark {shown(mark)} says that there is no figure, but there is one."
        yield Problem("wrong-value-form", fault.where, message, 'Delete the mark, or delete "value:".')
