"""The arithmetic behind `check-fails`: what a KPI's declared checks find in its figures."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from kpi.model.kpi import Check, Measure, Observation, identity
from kpi.model.period import period_words
from kpi.model.quantity import decimals_of, figure, plain
from kpi.model.text import joined

HALF = Fraction(1, 2)


def contradictions(check: Check, measures: Mapping[str, Measure]) -> Iterator[str]:
    """What doesn't agree, period by period. All named measures must exist."""
    names = [name for name in (check.whole, *check.parts) if name]
    series = {name: _known(measures[name]) for name in names}
    for at, first in series[names[0]].items():
        figures = {name: known[at] for name, known in series.items() if at in known}
        if any(figure.queried for figure in figures.values()):
            continue
        values = {name: figure.value for name, figure in figures.items() if figure.value is not None}
        if len(values) < len(names):
            contradiction = _parts_above(check, values, measures)
        else:
            contradiction = (_median if check.kind == "median" else _sum)(check, values, measures)
        if contradiction:
            yield f"{period_words(first.period)}: {contradiction}"


def _known(measure: Measure) -> dict[object, Observation]:
    """The figures of a measure with a value, by their period."""
    return {
        identity(figure.period, measure.kind): figure
        for figure in measure.observations
        if figure.value is not None
    }


def _parts_above(check: Check, values: Mapping[str, Decimal], measures: Mapping[str, Measure]) -> str:
    """What is wrong if not all parts are known, but those that are already exceed the whole."""
    parts = [name for name in check.parts if name in values]
    is_counted = all(measures[name].unit.kind == "count" and values[name] >= 0 for name in parts)
    if check.kind == "median" or check.whole not in values or not is_counted:
        return ""
    total = sum((values[name] for name in parts), Decimal(0))
    if total <= values[check.whole]:
        return ""
    sentence = f"the parts that are known ({joined(parts)}) add up to {plain(total)}"
    return f"{sentence}, but together they can't be more than {plain(values[check.whole])}."


def _sum(check: Check, values: Mapping[str, Decimal], measures: Mapping[str, Measure]) -> str:
    parts = sum((values[name] for name in check.parts), Decimal(0))
    whole = values[check.whole] if check.whole else check.number
    assert whole is not None
    if parts == whole:
        return ""
    slack = sum((_half_digit(values[name], measures[name]) for name in values), Fraction(0))
    gap = Fraction(parts) - Fraction(whole)
    if gap <= slack and (check.kind == "whole" or -gap <= slack):
        return ""
    noun = "the whole" if check.kind == "whole" else "the total"
    sentence = (
        f"the parts ({joined(list(check.parts))}) add up to {plain(parts)}, but {noun} is {plain(whole)}."
    )
    return f"{sentence} Rounding explains at most {float(slack):g}." if slack else sentence


def _median(check: Check, values: Mapping[str, Decimal], measures: Mapping[str, Measure]) -> str:
    """A median inside the limit means that at least half were inside it; a median outside, at most half."""
    (share_name,) = check.parts
    median, share = values[check.whole], values[share_name]
    if check.limit is None:  # it could not be read, which is a finding of its own
        return ""
    slack = _half_digit(share, measures[share_name])
    limit = figure(check.limit, measures[check.whole].unit)
    shown = figure(median, measures[check.whole].unit)
    if median <= check.limit and Fraction(share) + slack < 50:
        return f"a median of {shown} means that at least 50% were within {limit}, but the share is {plain(share)}%."
    if median > check.limit and Fraction(share) - slack > 50:
        return f"a median of {shown} means that at most 50% were within {limit}, but the share is {plain(share)}%."
    return ""


def _half_digit(value: Decimal, measure: Measure) -> Fraction:
    """How far rounding may have moved a printed figure: half of its last digit; 0 for a count."""
    if measure.unit.kind == "count":
        return Fraction(0)
    return HALF * Fraction(1, 10 ** decimals_of(value))
