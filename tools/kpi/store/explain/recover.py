"""What is left of a file's values when its mistakes are taken out, so that the rest can be built and checked."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any

from kpi.model.finding import FieldPath, Problem
from kpi.store.explain.fault import Schema, resolved

_STAND_IN = "x"
"""Fits every text and id while the rest is looked at; what is handed out is empty."""


def pruned(
    schema: Schema,
    values: Mapping[str, Any],
    found: Iterable[Problem],
    problems: Callable[[Mapping[str, Any]], list[Problem]],
) -> dict[str, Any] | None:
    """The values without the parts that problems are about, as small as these can be taken.

    Args:
        schema: the schema of the file.
        values: what the reader gave; not changed.
        found: what is wrong with the values.
        problems: says what is wrong with other values.

    Returns:
        Values that fit the schema, except that texts which the file must have may be empty; None if nothing useful is left.
    """
    kept = deepcopy(dict(values))
    remaining = list(found)
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
    """Take out what stands at a place; whether it was there."""
    holder: Any = values
    for step in where[:-1]:
        if not _has(holder, step):
            return False
        holder = holder[step]
    if not _has(holder, where[-1]):
        return False
    del holder[where[-1]]
    return True


def _has(holder: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(holder, list) and step < len(holder)
    return isinstance(holder, dict) and step in holder


def _fill(schema: Schema, values: dict[str, Any]) -> set[str]:
    """Put stand-ins for the single texts that the file must have; their names."""
    absent = {name for name in schema["required"] if name not in values}
    texts = {name for name in absent if resolved(schema, schema["properties"][name]).get("type") == "string"}
    values.update(dict.fromkeys(texts, _STAND_IN))
    return texts
