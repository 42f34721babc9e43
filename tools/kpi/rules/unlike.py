"""Figures unlike their neighbours: a slipped decimal point, hours for minutes, fractions among per cents, copies."""

from collections.abc import Sequence
from decimal import Decimal

from kpi.model.kpi import Measure, Observation
from kpi.model.quantity import DURATION, Unit, decimals_of, plain

STEP = 5  # a step is large where one figure is this many times the other, or more
_LARGE = 20  # below, figures are soon many times each other
_POWERS = (Decimal(10), Decimal(100), Decimal(1000))
_CLOSE = Decimal("0.05")  # how near a ratio must be to a power of ten to look like a slipped decimal point
_IN_AN_HOUR = 60
_FAR = 10  # times as small as the others


def large_step(before: Decimal, after: Decimal, unit: Unit) -> str:
    """What is odd about a step from one figure to the next, as the end of a sentence; empty if nothing is."""
    small, large = sorted((abs(before), abs(after)))
    if small == 0:
        return ""
    ratio = large / small
    if unit.kind == DURATION and abs(ratio - _IN_AN_HOUR) <= _IN_AN_HOUR * _CLOSE:
        return "about sixty times. Were hours written for minutes, or minutes for hours?"
    if large < _LARGE and not decimals_of(small):
        return ""
    if any(abs(ratio - power) <= power * _CLOSE for power in _POWERS):
        return "about a power of ten. Is the decimal point right?"
    if large < _LARGE or ratio < STEP:
        return ""
    size = "a fifth of that or less" if large == abs(before) else "five times that or more"
    return f"{size}. Is it right?"


def fractions_among(
    values: Sequence[Decimal], targets: Sequence[Decimal] = ()
) -> tuple[frozenset[Decimal], Decimal | None]:
    """The values of a series in per cent that are probably fractions, and the usual one of the per cents beside them.

    1 is a fraction only among others, where it is 100%. Without per cents or a target all values have to be fractions.
    """
    small = {value for value in values if 0 < value <= 1}
    per_cents = sorted(value for value in values if value > 1) or sorted(targets)
    usual = per_cents[len(per_cents) // 2] if per_cents else None
    if usual is not None:
        small = {value for value in small if value * _FAR < usual}
    elif min(values, default=Decimal(0)) <= 0 or len(values) < 2:
        return frozenset(), None
    return (frozenset(small), usual) if any(value < 1 for value in small) else (frozenset(), None)


def fraction_words(value: Decimal, usual: Decimal) -> tuple[str, str]:
    """The message about a fraction among per cents, and the per cent that it may be."""
    others = f"the other figures are per cents ({plain(usual)})"
    return f"{plain(value)} looks like a fraction, because {others}.", plain((value * 100).normalize())


def large_targets(measure: Measure) -> list[Decimal]:
    """The targets of a measure in per cent that are no fractions."""
    return [value for value in _targets(measure) if value > 1]


def is_copy(series: Sequence[Observation], key: str, measure: Measure) -> bool:
    """Whether the figure of a period equals the one before in its series, and is none of the values that often repeat."""
    here = next((number for number, figure in enumerate(series) if figure.key == key), 0)
    if here == 0:
        return False
    before, figure = series[here - 1], series[here]
    is_equal = figure.value == before.value and figure.period.is_as_long_as(before.period)
    return is_equal and figure.value not in {None, *usual_values(measure)}


def usual_values(measure: Measure) -> set[Decimal]:
    """The values that often repeat, and are never reported: 0, 100 per cent, and the targets."""
    return {Decimal(0), Decimal(100), *_targets(measure)}


def _targets(measure: Measure) -> list[Decimal]:
    bounds = (target.bound for target in measure.targets if target.bound is not None)
    return [bound.value for bound in bounds if bound.value is not None]
