"""From what the explaining validator found to problems in plain words: one for each mistake."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kpi.model.finding import Problem
from kpi.model.period import APRIL
from kpi.store.explain import choices, field_problems, kinds
from kpi.store.explain.fault import Fault, Schema, faults
from kpi.store.explain.value_problems import wrong_form, wrong_text

Explanation = Callable[[Fault], Iterator[Problem]]


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
        if _has_unknown_fields(fault):
            fault.file.meant[fault.where] = field_problems.meant(fault)
    problems = dict.fromkeys(problem for fault in mistakes for problem in _explained(fault))
    return list(problems) or [wrong_form(fault) for fault in mistakes[:1]]


def _has_unknown_fields(fault: Fault) -> bool:
    return fault.keyword == "additionalProperties" and "properties" in fault.shape


def _explained(fault: Fault) -> Iterator[Problem]:
    explanation = _EXPLANATIONS.get(fault.keyword)
    return iter((wrong_form(fault),)) if explanation is None else explanation(fault)


def _unknown(fault: Fault) -> Iterator[Problem]:
    return (field_problems.unknown_fields if _has_unknown_fields(fault) else field_problems.unknown_dates)(
        fault
    )


def _text(fault: Fault) -> Iterator[Problem]:
    is_blank = not fault.value.strip() and not fault.on_key
    return (field_problems.no_value if is_blank else wrong_text)(fault)


def _not_both(fault: Fault) -> Iterator[Problem]:
    """`not` is at the root for one thing, and below it for others."""
    return (kinds.contradicted if fault.where else field_problems.both_shown_and_not)(fault)


_EXPLANATIONS: dict[str, Explanation] = {
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
