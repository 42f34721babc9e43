"""Problems of fields that a block doesn't have: misspelt, in the wrong place, or not part of the format."""

import re
from collections.abc import Iterator, Mapping

from kpi.model.finding import FieldPath, Problem
from kpi.model.text import joined, listed, nearest
from kpi.store.explain.fault import About, Fault, strangers
from kpi.store.explain.values import wrong_date
from kpi.store.explain.words import Schema, example, field, node_at, resolved, shown, thing

# What other programs and other people call our fields. The first that a block has is the one that is meant.
_SYNONYMS = {
    "above": ("more_than",),
    "actual": ("value", "observations"),
    "below": ("less_than",),
    "benchmark": ("references",),
    "comment": ("note",),
    "comments": ("commentary", "note"),
    "comparators": ("peers",),
    "data": ("observations",),
    "deadline": ("by",),
    "department": ("owner",),
    "description": ("definition", "note"),
    "direction": ("better",),
    "due": ("by",),
    "figures": ("observations",),
    "flags": ("marks",),
    "goals": ("priorities",),
    "heading": ("title",),
    "link": ("url",),
    "mark": ("marks",),
    "max": ("at_most",),
    "maximum": ("at_most",),
    "meeting": ("board",),
    "min": ("at_least", "minimum"),
    "minimum": ("at_least",),
    "name": ("title",),
    "polarity": ("better",),
    "reason": ("because",),
    "remark": ("note",),
    "start": ("from", "since"),
    "team": ("owner",),
    "title": ("name",),
    "type": ("kind",),
    "units": ("unit",),
    "until": ("by",),
    "values": ("observations",),
}
_BOUND_WORDS = {"value", "level", "goal", "bound", "target"}
"""What people write in a target without saying which way."""

_LIKE_A_PERIOD = re.compile(
    r"[0-9]{1,4}\b|FY ?[0-9]|Q[1-4]\b|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]* [0-9]",
    re.IGNORECASE,
)
_MOST_COMPARED = 50  # unknown fields of one block; whoever has more has not misspelt them

_ELSEWHERE = {
    "id": "The id is the file's name.",
    "objective": "kpis/plan.yaml says which objective a KPI belongs to.",
    "priority": "The priority is the folder's name.",
    "rag": "The colour is worked out from the figures and the target.",
    "status": "The status is worked out from the figures and the target.",
    "trend": "The trend is worked out from the figures.",
}
"""Fields that people look for in a KPI file, and where the answer is instead."""

_NEWEST = 20
"""Of the names beside a period so many say what form the series has."""


def meant(fault: Fault, schema: Schema) -> Mapping[str, str | None]:
    """The unknown fields of a block, each with the field that it was probably meant to be."""
    unknown = strangers(fault)
    return dict.fromkeys(unknown) | {key: _meant(key, fault, schema) for key in unknown[:_MOST_COMPARED]}


def _meant(key: str, fault: Fault, schema: Schema) -> str | None:
    options = fault.shape["properties"]
    if _is_bound_word(key, fault):
        return "at_least"
    for word in (*_SYNONYMS.get(key.lower(), ()), f"{key}s", key.removesuffix("s")):
        if word in options:
            return word
    if _homes(key, schema) or _is_loose_figure(key, fault) or _is_worked_out(key, schema):
        return None
    return nearest(key, [name for name in options if name not in fault.value]) or nearest(key, options)


def _is_bound_word(key: str, fault: Fault) -> bool:
    return key.lower() in _BOUND_WORDS and "in_words" in fault.shape["properties"]


def _is_loose_figure(key: str, fault: Fault) -> bool:
    """Whether a period stands beside the fields of a measure or a KPI rather than under observations."""
    holds_figures = {"observations", "measures"} & set(fault.shape["properties"])
    return bool(holds_figures) and _LIKE_A_PERIOD.match(key) is not None


def _is_worked_out(key: str, schema: Schema) -> bool:
    return schema["title"] == "KPI" and key.lower() in _ELSEWHERE


def _homes(key: str, schema: Schema) -> list[str]:
    """The blocks that have a field of this name, such as "a measure"."""
    homes = ["a KPI"] if schema["title"] == "KPI" and key in schema["properties"] else []
    for name, block in schema["definitions"].items():
        if key in block.get("properties", ()) and "title" in block:
            # Blocks that are fields go by their name in the file, the others by what they are.
            article = "an" if name[0] in "aeio" else "a"
            homes.append(f'"{name}"' if name in _measure_fields(schema) else f"{article} {name}")
    return homes


def _measure_fields(schema: Schema) -> Mapping[str, Schema]:
    fields: Mapping[str, Schema] = schema["definitions"].get("measure", {}).get("properties", {})
    return fields


def has_loose_figures(fault: Fault, about: About) -> bool:
    """Whether the figures of a KPI or a measure stand a level or two too high, so that they are only misplaced."""
    measure = _measure_fields(about.schema)
    return any(
        key in measure or _LIKE_A_PERIOD.match(key)
        for key, name in about.meant.get(fault.where, {}).items()
        if name is None
    )


def unknown_fields(fault: Fault, about: About) -> Iterator[Problem]:
    """The fields that a block doesn't have; figures that stand too far left are told once."""
    loose = dict.fromkeys(key for key in strangers(fault) if _is_loose_figure(key, fault))
    for key in [*loose][:1]:
        message = f"{shown(key)} stands beside the fields of {thing(about.schema, fault.where)}, so it is not read as a figure."
        advice = 'Put the figures under "observations:" in a measure, further in.'
        yield Problem("unknown-field", (*fault.where, key), message, advice, on_key=True)
    for key in strangers(fault):
        if key not in loose:
            yield _unknown(key, fault, about)


def _unknown(key: str, fault: Fault, about: About) -> Problem:
    message = f"Unknown field {shown(key)} in {thing(about.schema, fault.where)}."
    suggestion = about.meant[fault.where][key]
    replacement = None
    name, _, rest = key.partition(" ")
    if rest and name in fault.shape["properties"] and fault.value[key] is None:
        message = f"There is no colon after {shown(name)} in {shown(key)}."
        advice, replacement = f"Write: {name}: {rest}", f"{name}: {rest}"
    elif fault.value[key] is None and "note" in fault.value and "value" in fault.shape["properties"]:
        message = f"The note ends before {shown(key)}, because a comma parts what stands in {{ }}."
        advice = "Put the whole note in quotes."
    elif suggestion in fault.value:
        advice = f'"{suggestion}" is there already. Delete one of the two.'
    elif _is_bound_word(key, fault):
        advice = "Say which way it is meant: at_least or at_most."
    elif suggestion is not None:
        message = f'{message} Did you mean "{suggestion}"?'
        advice, replacement = f"Write: {suggestion}", suggestion
    else:
        advice = _where_else(key, fault, about)
    return Problem("unknown-field", (*fault.where, key), message, advice, replacement, on_key=True)


def _where_else(key: str, fault: Fault, about: About) -> str:
    if _is_worked_out(key, about.schema):
        return f"{_ELSEWHERE[key.lower()]} Delete this line."
    homes = _homes(key, about.schema)
    if not homes and _homes(f"{key.lower()}s", about.schema):
        several = f"{key.lower()}s"
        like = example(about.schema, ("measures", "x", several)) if about.schema["title"] == "KPI" else ""
        below = f", and below it lines such as: {like}" if like else ""
        return f'Write "{several}:" in a measure{below}.'
    if homes:
        return f"It belongs in {joined(homes[:3], 'or')}. Move it there, or delete it."
    return f"Delete it, or use one of these: {listed(fault.shape['properties'])}."


def unknown_dates(fault: Fault, about: About) -> Iterator[Problem]:
    """Lines whose name should be a date or a period: written in another way, or a field that slipped in among them."""
    for key in strangers(fault):
        where: FieldPath = (*fault.where, key)
        homes = _homes(key, about.schema)
        if homes:
            message = (
                f"{shown(key)} stands among the lines of {field(fault.where)}, which all start with a date."
            )
            advice = f"It belongs in {joined(homes[:3], 'or')}. Move it there."
            if key in resolved(about.schema, node_at(about.schema, fault.where[:-1])).get("properties", {}):
                advice = (
                    f"Move it to the left, to the other fields of {thing(about.schema, fault.where[:-1])}."
                )
            yield Problem("unknown-field", where, message, advice, on_key=True)
        else:
            (pattern,) = fault.shape["patternProperties"]
            beside = [name for name in list(fault.value)[-_NEWEST:] if name != key]
            yield wrong_date(key, where, pattern, about, beside, on_key=True)


def not_together(fault: Fault, about: About) -> Iterator[Problem]:
    """Fields that don't go with the others: `parts` in a check that starts with `median`."""
    for name in (option["required"][0] for option in fault.wanted["anyOf"]):
        if isinstance(fault.value, Mapping) and name in fault.value:
            message = f'"{name}" doesn\'t go with the other fields of {thing(about.schema, fault.where)}.'
            advice = "Delete it, or write a second check."
            yield Problem("unknown-field", (*fault.where, name), message, advice, on_key=True)
