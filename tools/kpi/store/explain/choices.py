"""Problems of texts that are not among a field's words, and what a text says that should be a list."""

import re
from collections.abc import Iterator, Sequence

from kpi.model.finding import FieldPath, Problem
from kpi.model.text import listed, nearest
from kpi.model.vocabulary import BESIDE_NUMBER, INSTEAD_OF_NUMBER, LETTERS_TYPED
from kpi.store.explain.fault import Fault, FileSchema, Schema, field, plain_text, resolved, shown
from kpi.store.explain.value_problems import id_from
from kpi.store.yaml import MISREAD

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
    "kind": {"sum": "total", "count": "total", "mean": "average", "percent": "average", "point": "snapshot", "point in time": "snapshot", "at a date": "snapshot"},
    "when": {"rise": "increase", "rises": "increase", "falls": "decrease", "up": "increase", "fall": "decrease", "drop": "decrease", "down": "decrease", "reduce": "decrease"},
    "marks": BESIDE_NUMBER | LETTERS_TYPED | INSTEAD_OF_NUMBER,
}  # fmt: skip
"""Other words for the choices of a field."""

_TWICE_OR_EVERY_TWO = {"biannual", "bi-annual", "biannually", "bi-annually", "bi-yearly", "biyearly"}


def unknown_choice(fault: Fault) -> Iterator[Problem]:
    """A text that is not among a field's few words."""
    if isinstance(fault.value, str):  # anything else is reported as a value of the wrong kind
        yield choice(fault.value, fault.wanted, fault.where)


def choice(value: object, options: Sequence[str], where: FieldPath) -> Problem:
    """The problem of a value that is not one of the options, with the nearest of them."""
    text = plain_text(value)
    name = next((step for step in reversed(where) if isinstance(step, str)), "")
    if name == "frequency" and text.lower() in _TWICE_OR_EVERY_TWO:
        advice = "Write half-yearly for twice a year, biennial for every two years."
        return Problem("unknown-choice", where, f"{shown(text)} can be read in two ways.", advice)
    meant = _meant(text, options, name)
    message = f"{shown(text)} is not among the choices for {field(where)}."
    if meant:
        message = f'{message} Did you mean "{meant}"?'
    instead = f'"{meant}"' if meant in MISREAD else meant
    other = " Any other unit is written like {name: tonnes}." if name == "unit" and not meant else ""
    return Problem(
        "unknown-choice", where, message, f"Write one of these: {listed(options)}.{other}", instead
    )


def _meant(text: str, options: Sequence[str], name: str) -> str | None:
    return _MEANT.get(name, {}).get(text.lower()) or _rate(text, name) or nearest(text, options)


def _rate(text: str, name: str) -> str | None:
    """`per 100,000 people` as a unit."""
    people = re.search(r"per ([1-9][0-9,]{0,11})(?![0-9])", text.lower()) if name == "unit" else None
    return f"{{rate_per: {people[1].replace(',', '')}}}" if people else None


def items_in(value: object, name: str, items: Schema, file: FileSchema) -> list[str]:
    """What a single value says that should be a list: its parts, each as the list's items are written.

    Args:
        value: the text or number.
        name: the field.
        items: what the schema says of an item.
        file: what the whole file should hold.
    """
    text = plain_text(value)
    if name == "between":
        return re.findall(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?", text)
    shape = resolved(file.schema, items)
    parts = [part.strip() for part in re.split(r"[,;]| [+&] ", text) if part.strip()]
    if file.form(shape.get("pattern")) == "id":
        return [id_from(part) or part for part in parts]
    options = shape.get("enum", ())
    return [part if part in options else _meant(part, options, name) or part for part in parts]


def items_meant(name: str, fault: Fault, value: object) -> list[str]:
    """The items that a text says where a field that is named wrongly holds a list of texts; empty where it doesn't."""
    schema = fault.file.schema
    shape = resolved(schema, fault.shape["properties"][name])
    is_list = shape.get("type") == "array" and resolved(schema, shape["items"]).get("type") == "string"
    return items_in(value, name, shape["items"], fault.file) if is_list and isinstance(value, str) else []
