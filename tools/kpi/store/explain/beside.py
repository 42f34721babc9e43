"""Problems of lines that are beside what they belong to, because they are too far left or right."""

import re
from collections.abc import Iterator, Mapping

from kpi.model.finding import FieldPath, Problem
from kpi.store.explain.fault import Fault, field, shown

_LIKE_A_PERIOD = re.compile(
    r"[0-9]{1,4}\b|FY ?[0-9]|Q[1-4]\b|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]* [0-9]",
    re.IGNORECASE,
)


def is_like_a_period(key: str) -> bool:
    """Whether a name looks like a period, right or wrong."""
    return _LIKE_A_PERIOD.match(key) is not None


def slipped(fault: Fault) -> Mapping[str, str]:
    """The periods and days beside a field that has nothing below it and should hold them, each with that field."""
    holds_dates = {
        name
        for name, value in fault.value.items()
        if value is None
        and is_like_a_period(next(iter(fault.file.example((*fault.where, name)).split(":")), ""))
    }
    beside: dict[str, str] = {}
    last = ""
    for name in fault.value:
        if last and is_like_a_period(name):
            beside[name] = last
        else:
            last = name if name in holds_dates else ""
    return beside


def beside_their_field(fault: Fault) -> Iterator[Problem]:
    """Those periods and days, each with how far its line goes in."""
    for key, name in slipped(fault).items():
        message = f"{shown(key)} is beside {shown(f'{name}:')}, which has nothing below it."
        is_block = isinstance(fault.value[key], Mapping | list)
        lines = "its line, and those that belong to it," if is_block else "the line"
        advice = f"Start {lines} with 2 more spaces."
        yield fault.of_field("unknown-field", key, message, advice, None if is_block else f"  {key}")


def has_fields_of_measure(fault: Fault, key: str) -> bool:
    """Whether what is below a name in a block are fields of a measure."""
    value = fault.value[key]
    fields = fault.file.schema["definitions"].get("measure", {}).get("properties", {})
    return isinstance(value, Mapping) and not set(value).isdisjoint(fields)


def is_measure(value: object) -> bool:
    """Whether a block has fields that only a measure has."""
    return isinstance(value, Mapping) and not {"observations", "derived", "targets"}.isdisjoint(value)


def is_at_edge(fault: Fault) -> bool:
    """Whether a name in a block is that of a field at the left edge, and of none in the block."""
    where = fault.where
    at_edge = fault.file.schema["properties"]
    return len(where) > 1 and where[-1] in at_edge and where[-1] not in fault.file.fields(where[:-1])


def among_measures(where: FieldPath) -> Problem:
    """A figure that is beside the measures."""
    message = f"{shown(where[-1])} is beside the measures, so it is not read as a figure."
    help_ = 'Put it below "observations:" of its measure. Start the line with 6 spaces.'
    return Problem("unknown-field", where, message, help_, on_key=True)


def among_peers(where: FieldPath) -> Problem:
    """A figure that is beside the areas of `peers`."""
    message = f"{shown(where[-1])} is beside the areas, so it is not read as a figure."
    help_ = "Put it below its area: start the line with 2 more spaces."
    return Problem("unknown-field", where, message, help_, f"  {where[-1]}", on_key=True)


def among_names(where: FieldPath) -> Problem:
    """A field in line with names that a file's author chose, below one of which it belongs."""
    message = (
        f"{shown(where[-1])} is in line with the names in {field(where[:-1])}, but it is a field of one."
    )
    advice = "Start the line with 2 more spaces, below the name it belongs to."
    return Problem("wrong-kind", where, message, advice, f"  {where[-1]}", on_key=True)
