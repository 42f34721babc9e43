"""Whether a file's values fit its schema, and are few enough to be checked in a moment.

jsonschema decides, and says what is wrong. It is slow to import and to run, so jsonschema-rs may say yes before it.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kpi.model.errors import ToolError
from kpi.model.finding import FieldPath, Problem
from kpi.model.period import APRIL

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

Name = Literal["kpi", "plan"]
NAMES: tuple[Name, ...] = ("kpi", "plan")

_PACKAGE = Path(__file__).parent.parent  # installed, or in a checkout of the source
_PLACES = (_PACKAGE / "schema", _PACKAGE.parent.parent / "schema")


def text_of(name: Name) -> str:
    """The schema as it is in its file; raises `ToolError` where the tool was installed without it."""
    for folder in _PLACES:
        path = folder / f"{name}.schema.json"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    message = f"{name}.schema.json is missing from the program. Nothing was checked."
    raise ToolError(f"{message} Install the program again.")


@cache
def load(name: Name, *, for_python: bool = False) -> Mapping[str, Any]:
    """The schema as values; for Python without `$`, which also matches before a last line break there."""
    import json

    text = text_of(name)
    schema: Mapping[str, Any] = json.loads(text.replace('$"', r'\\Z"') if for_python else text)
    return schema


def field_names() -> list[str]:
    """The fields of a KPI and of a measure."""
    return [*load("kpi")["properties"], *load("kpi")["definitions"]["measure"]["properties"]]


@cache
def _validator(name: Name) -> "Draft7Validator":
    from jsonschema_rs import Draft7Validator

    # It raises MemoryError, which is reported in a sentence; the validator itself would end the process silently.
    bytearray(4 << 20)
    return Draft7Validator(text_of(name))


def is_valid(name: Name, values: object) -> bool:
    """Whether jsonschema-rs finds that the values, which are as the reader gives them, fit the schema."""
    return _validator(name).is_valid(values)


def count_faults(name: Name, values: object) -> int:
    """How many places of a file don't fit the schema."""
    return sum(1 for _ in _validator(name).iter_errors(values))


def problems(name: Name, values: Mapping[str, Any], year_starts: int = APRIL) -> list[Problem]:
    """What is wrong with the reader's values, in the order of the schema's own checks; empty where they fit."""
    if is_valid(name, values):
        return []
    from kpi.store.explain import explain

    return explain(load(name, for_python=True), values, year_starts)


def recover(name: Name, values: Mapping[str, Any], faults: Iterable[Problem]) -> dict[str, Any] | None:
    """The values without what the problems are about, so that the rest can be built and checked.

    What is left fits the schema, except that a text the file must have may be empty. None where nothing useful is left.
    """
    from kpi.store.explain.fault import resolved

    schema = load(name)
    nodes = {name: resolved(schema, schema["properties"][name]) for name in schema["required"]}
    needed = {name for name, node in nodes.items() if node.get("type") == "string"}
    kept = deepcopy(dict(values))
    remaining = list(faults)
    filled: set[str] = set()
    while remaining:
        places = {problem.where for problem in remaining if problem.where}
        # Items of a list go from the last to the first, so that taking one out moves no other.
        last_first = sorted(places, key=lambda where: [str(step).zfill(9) for step in where], reverse=True)
        gone = [_without(kept, where) for where in last_first]
        added = needed - kept.keys()
        if not any(gone) and not added:
            return None
        kept |= dict.fromkeys(added, "x")  # fits every text and id
        filled |= added
        remaining = problems(name, kept)
    return kept | dict.fromkeys(filled, "")


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


MOST_FIGURES = 5_000  # with those that derived measures compute: each is judged and drawn like the others
MOST_TARGETS = 100  # of one measure; the judges hold each against each
MOST_CHECKS = 100  # of one KPI; each is compared with every figure of its measures
MOST_ENTRIES = 20_000  # names, figures and items of lists; 5,000 figures with a mark each have so many


def too_much(values: Mapping[str, Any], length: int) -> Problem | None:
    """What to say of a KPI file of some length in characters that holds more than the limit; None of all others."""
    measures = {name: _block(measure) for name, measure in _block(values.get("measures")).items()}
    lengths = {name: len(_block(measure.get("observations"))) for name, measure in measures.items()}
    peers = (series for measure in measures.values() for series in _block(measure.get("peers")).values())
    written = sum(lengths.values()) + sum(len(_block(series)) for series in peers)
    figures = written + sum(_computed(measure, lengths) for measure in measures.values())
    computed = ", with those that are computed" if figures > written else ""
    entries = _entries(values) if length > 2 * MOST_ENTRIES else 0  # each takes a character, and one after it
    amounts: list[tuple[int, int, str, FieldPath, str]] = [
        (figures, MOST_FIGURES, f"figures{computed}", ("measures",), "Split older years into another file."),
        (entries, MOST_ENTRIES, "fields, figures and items", (), "Split it into more than one file."),
        (_length(values.get("checks")), MOST_CHECKS, "checks", ("checks",), "Keep those that tell most."),
    ]
    what, help_ = "targets in one measure", "Keep those that are in force."
    for name, measure in measures.items():
        place = ("measures", name, "targets")
        amounts.append((_length(measure.get("targets")), MOST_TARGETS, what, place, help_))
    for amount, most, what, where, help_ in amounts:
        if amount > most:
            message = f"This file has {amount:,} {what}; the limit is {most:,}. Nothing else in the file was checked."
            return Problem("too-large", where, message, help_, on_key=True)
    return None


def _length(items: object) -> int:
    return len(items) if isinstance(items, list) else 0


def _entries(node: object) -> int:
    """How many names and items there are, however deep."""
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return len(inside) + sum(map(_entries, inside))


def _computed(measure: Mapping[str, Any], lengths: Mapping[str, int]) -> int:
    """How many figures a derived measure has at most: one for each period of the input with the fewest."""
    fields = _block(measure.get("derived")).values()
    inputs = [name for field in fields for name in (field if isinstance(field, list) else [field])]
    return min((lengths[name] for name in inputs if isinstance(name, str) and name in lengths), default=0)


def _block(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
