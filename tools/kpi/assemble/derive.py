"""Measures computed from others of the same KPI: `derived: {share: a, of: [a, b]}`, a ratio of sums, a difference."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kpi.model.kpi import (
    AVERAGE,
    DERIVATIONS,
    DIFFERENCE,
    SHARE,
    SNAPSHOT,
    Derived,
    Measure,
    Observation,
    identity,
)
from kpi.model.quantity import COUNT, PERCENT, rounded


def read_derived(raw: Mapping[str, Any]) -> Derived | None:
    """How a measure is computed, from the fields of a file, or None."""
    for how, (first, second) in DERIVATIONS.items():
        if first in raw:
            of = raw[first]
            return Derived(how, (of,) if isinstance(of, str) else tuple(of), tuple(raw[second]))
    return None


def derived_kind(derived: Derived, measures: Mapping[str, Measure]) -> str:
    """The kind of a derived measure: a snapshot if all inputs are, else an average; a difference keeps its inputs' kind."""
    kinds = {measure.kind for measure in _inputs(derived, measures)}
    return kinds.pop() if len(kinds) == 1 and (derived.how == DIFFERENCE or SNAPSHOT in kinds) else AVERAGE


def derive_observations(measure: Measure, measures: Mapping[str, Measure]) -> tuple[Observation, ...]:
    """Compute a figure for every period that all inputs have.

    Shares and ratios are rounded to the measure's decimals, and judged as rounded, with numerator and denominator. A figure has all
    marks of its inputs. A break in an input is carried to the next figure. A denominator of zero gives no figure, an input
    without a value a figure without one.
    """
    derived = measure.derived
    if derived is None or not {*derived.inputs} <= measures.keys():
        return ()
    kind = derived_kind(derived, measures)
    series = {
        name: {identity(figure.period, kind): figure for figure in measures[name].observations}
        for name in derived.inputs
    }
    figures: list[Observation] = []
    for at in series[derived.first[0]]:
        if all(at in by_period for by_period in series.values()):
            first, second = (
                [series[name][at] for name in names] for names in (derived.first, derived.second)
            )
            figures.extend(_computed(measure, derived, first, second))
    return tuple(_with_breaks(figures, _inputs(derived, measures), kind))


def is_of_cases(derived: Derived, measures: Mapping[str, Measure]) -> bool:
    """Whether all inputs are counts: money and hours are not independent cases."""
    return all(measure.unit.kind == COUNT for measure in _inputs(derived, measures))


def _inputs(derived: Derived, measures: Mapping[str, Measure]) -> list[Measure]:
    return [measures[name] for name in derived.inputs if name in measures]


def _computed(
    measure: Measure, derived: Derived, first: Sequence[Observation], second: Sequence[Observation]
) -> Iterator[Observation]:
    """The figure with the marks of its inputs, without a value if an input has none; nothing for a denominator of zero."""
    lead = first[0]
    missing = [figure for figure in (*first, *second) if figure.value is None]
    marks = tuple(dict.fromkeys(mark for figure in missing or (*first, *second) for mark in figure.marks))
    if missing:
        yield Observation(lead.period, None, marks, key=lead.key)
        return
    top, bottom = _sum(first), _sum(second)
    if derived.how == DIFFERENCE:
        value = top - bottom
        value = value if measure.decimals is None else rounded(value, measure.decimals)
        yield Observation(lead.period, value, marks, key=lead.key)
    elif bottom:
        value = rounded(Fraction(top) * _scale(measure, derived) / Fraction(bottom), measure.decimals or 0)
        yield Observation(lead.period, value, marks, numerator=top, denominator=bottom, key=lead.key)


def _sum(figures: Iterable[Observation]) -> Decimal:
    return sum((figure.value for figure in figures if figure.value is not None), Decimal(0))


def _scale(measure: Measure, derived: Derived) -> Fraction:
    """The factor of a quotient: 100 for percentages, else what a rate is per."""
    if derived.how == SHARE or measure.unit.kind == PERCENT:
        return Fraction(100)
    return Fraction(measure.unit.per or 1)


def _with_breaks(figures: list[Observation], inputs: Iterable[Measure], kind: str) -> Iterator[Observation]:
    """The figures, marked as a break if an input had one since the figure before."""

    def order(figure: Observation) -> tuple[date, ...]:
        return (figure.period.end,) if kind == SNAPSHOT else figure.period.order

    breaks = sorted(order(figure) for measure in inputs for figure in measure.observations if figure.broken)
    before: Observation | None = None
    for share in figures:
        changed = before is not None and _lies_between(breaks, order(before), order(share))
        if share.value is None:
            yield share
            continue
        yield share._replace(marks=(*share.marks, "break")) if changed and not share.broken else share
        before = share


def _lies_between(days: Sequence[tuple[date, ...]], after: tuple[date, ...], to: tuple[date, ...]) -> bool:
    """Whether one of the sorted days comes after the first, up to and including the second."""
    at = bisect_right(days, after)
    return at < len(days) and days[at] <= to
