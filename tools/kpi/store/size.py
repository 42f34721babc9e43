"""How much one KPI file may hold: more than any real one needs, and little enough to be checked in a moment."""

from collections.abc import Mapping
from typing import Any

from kpi.model.finding import FieldPath, Problem

MOST_FIGURES = 5_000
"""With those that derived measures compute: each is judged and drawn like the others."""
MOST_TARGETS = 100
"""Of one measure; the judges hold each against each."""
MOST_CHECKS = 100
"""Of one KPI; each is compared with every figure of its measures."""
MOST_ENTRIES = 20_000
"""Names, figures and items of lists altogether; 5,000 figures with a mark each have so many."""

_ENTRY = 2
"""Characters that an entry takes at least: itself, and what parts it from the next."""

_BLOCKS = (dict, list)


def too_much(values: Mapping[str, Any], length: int) -> Problem | None:
    """What to say of a KPI file that holds more than the limit; None of all others.

    Args:
        values: what the reader gave, whatever its form.
        length: how many characters the file has; in a short one not everything needs to be counted.
    """
    measures = {name: _block(measure) for name, measure in _block(values.get("measures")).items()}
    written = sum(
        len(_block(series))
        for measure in measures.values()
        for series in (measure.get("observations"), *_block(measure.get("peers")).values())
    )
    figures = written + _computed(measures)
    if figures > MOST_FIGURES:
        with_computed = ", with those that are computed" if figures > written else ""
        what = f"This file has {figures:,} figures{with_computed}; the limit is {MOST_FIGURES:,}."
        return _problem(("measures",), what, "Split older years into another file.")
    entries = _entries(values) if length > _ENTRY * MOST_ENTRIES else 0
    if entries > MOST_ENTRIES:
        what = f"This file has {entries:,} fields, figures and items; the limit is {MOST_ENTRIES:,}."
        return _problem((), what, "Split it into more than one file.")
    if (checks := _length(values.get("checks"))) > MOST_CHECKS:
        what = f"This file has {checks:,} checks; the limit is {MOST_CHECKS}."
        return _problem(("checks",), what, "Keep those that tell most.")
    for name, measure in measures.items():
        if (targets := _length(measure.get("targets"))) > MOST_TARGETS:
            what = f"This measure has {targets:,} targets; the limit is {MOST_TARGETS}."
            return _problem(("measures", name, "targets"), what, "Keep those that are in force.")
    return None


def _length(items: object) -> int:
    return len(items) if isinstance(items, list) else 0


def _problem(where: FieldPath, what: str, help_: str) -> Problem:
    return Problem("too-large", where, f"{what} Nothing else in the file was checked.", help_, on_key=True)


def _entries(values: Any) -> int:
    """How many names and items there are, however deep."""
    count, blocks = 0, [values]
    while blocks:
        block = blocks.pop()
        count += len(block)
        inside = block.values() if isinstance(block, dict) else block
        blocks += [inner for inner in inside if isinstance(inner, _BLOCKS)]
    return count


def _computed(measures: Mapping[str, Mapping[str, Any]]) -> int:
    """How many figures derived measures have at most: one for each period of the input with the fewest."""
    lengths = {name: len(_block(measure.get("observations"))) for name, measure in measures.items()}
    count = 0
    for measure in measures.values():
        fields = _block(measure.get("derived")).values()
        inputs = [name for field in fields for name in (field if isinstance(field, list) else [field])]
        known = (lengths[name] for name in inputs if isinstance(name, str) and name in lengths)
        count += min(known, default=0)
    return count


def _block(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
