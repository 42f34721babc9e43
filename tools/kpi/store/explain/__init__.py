"""From what the explaining validator found to problems in plain words: one for each mistake."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kpi.model.finding import Problem
from kpi.model.period import APRIL
from kpi.store.explain import choices, field_problems, kinds
from kpi.store.explain.fault import About, Fault, Schema, faults
from kpi.store.explain.value_problems import wrong_form, wrong_text

Explanation = Callable[[Fault, About], Iterator[Problem]]


def explain(schema: Schema, values: Mapping[str, Any], year_starts: int = APRIL) -> list[Problem]:
    """What is wrong with the values of a file.

    Args:
        schema: the schema, with Python's patterns.
        values: what the reader gave.
        year_starts: the month, 1 to 12, in which the financial year starts; for what to write instead of a period.

    Returns:
        One problem for each mistake; empty only where the values fit the schema.
    """
    mistakes = faults(schema, values)
    strange = {
        fault.where: field_problems.meant(fault, schema) for fault in mistakes if _has_unknown_fields(fault)
    }
    about = About(schema, year_starts, strange)
    problems = dict.fromkeys(problem for fault in mistakes for problem in _explained(fault, about))
    return list(problems) or [wrong_form(fault) for fault in mistakes[:1]]


def _has_unknown_fields(fault: Fault) -> bool:
    return fault.keyword == "additionalProperties" and "properties" in fault.shape


def _explained(fault: Fault, about: About) -> Iterator[Problem]:
    explanation = _EXPLANATIONS.get(fault.keyword)
    return iter((wrong_form(fault),)) if explanation is None else explanation(fault, about)


def _unknown(fault: Fault, about: About) -> Iterator[Problem]:
    return (field_problems.unknown_fields if _has_unknown_fields(fault) else field_problems.unknown_dates)(
        fault, about
    )


def _text(fault: Fault, about: About) -> Iterator[Problem]:
    is_blank = not fault.value.strip() and not fault.on_key
    return (field_problems.no_value if is_blank else wrong_text)(fault, about)


def _not_both(fault: Fault, about: About) -> Iterator[Problem]:
    """`not` is at the root for one thing, and below it for others."""
    return (kinds.contradicted if fault.where else field_problems.both_shown_and_not)(fault, about)


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
