"""From what the explaining validator found to problems in plain words: one for each mistake."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from kpi.model.finding import Problem
from kpi.model.period import APRIL
from kpi.store.explain import choices, field_problems, kinds
from kpi.store.explain.beside import slipped
from kpi.store.explain.fault import Fault, Schema, faults
from kpi.store.explain.value_problems import wrong_form, wrong_text


def explain(schema: Schema, values: Mapping[str, Any], year_starts: int = APRIL) -> list[Problem]:
    """What is wrong with the values of a file.

    Args:
        schema: the schema, with Python's patterns.
        values: what the reader gave.
        year_starts: the month, 1 to 12, in which the financial year starts; for what to write instead of a period.

    Returns:
        One problem for each mistake; empty only where the values fit the schema.
    """
    mistakes = faults(schema, values, year_starts)
    for fault in mistakes:
        if fault.has_unknown_fields:
            fault.file.meant[fault.where] = field_problems.meant(fault)
            fault.file.emptied |= {(*fault.where, name) for name in slipped(fault).values()}
    explanations = (_EXPLANATIONS.get(fault.keyword, _other)(fault) for fault in mistakes)
    problems = dict.fromkeys(chain.from_iterable(explanations))
    return list(problems) or [wrong_form(fault) for fault in mistakes[:1]]


def _unknown(fault: Fault) -> Iterator[Problem]:
    is_of_fields = fault.has_unknown_fields
    return (field_problems.unknown_fields if is_of_fields else field_problems.unknown_dates)(fault)


def _text(fault: Fault) -> Iterator[Problem]:
    is_blank = not fault.value.strip() and not fault.on_key
    return (field_problems.no_value if is_blank else wrong_text)(fault)


def _not_both(fault: Fault) -> Iterator[Problem]:
    """`not` is at the root for one thing, and below it for others."""
    return (kinds.contradicted if fault.where else field_problems.both_shown_and_not)(fault)


def _other(fault: Fault) -> Iterator[Problem]:
    yield wrong_form(fault)


_EXPLANATIONS: dict[str, Callable[[Fault], Iterator[Problem]]] = {
    "additionalProperties": _unknown,
    "anyOf": field_problems.nothing_shown,
    "contains": field_problems.no_figure_nor_reason,
    "dependencies": field_problems.missing,
    "enum": choices.unknown_choice,
    "exclusiveMinimum": kinds.out_of_range,
    "maxItems": kinds.not_a_pair,
    "maxProperties": kinds.too_many,
    "maximum": kinds.out_of_range,
    "minItems": kinds.too_few,
    "minProperties": kinds.too_few,
    "minimum": kinds.out_of_range,
    "not": _not_both,
    "oneOf": field_problems.exactly_one,
    "pattern": _text,
    "required": field_problems.missing,
    "type": kinds.wrong_kind,
    "uniqueItems": kinds.twice,
}
