"""Shares computed from other measures of the same KPI: `derived: {share: a, of: [a, b]}`."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kpi.model.kpi import AVERAGE, SNAPSHOT, Derived, Measure, Observation, identity
from kpi.model.quantity import rounded


def derived_kind(derived: Derived, measures: Mapping[str, Measure]) -> str:
    """A snapshot if all inputs are snapshots, else an average."""
    inputs = _inputs(derived, measures)
    return SNAPSHOT if inputs and all(measure.kind == SNAPSHOT for measure in inputs) else AVERAGE


def derived_observations(measure: Measure, measures: Mapping[str, Measure]) -> tuple[Observation, ...]:
    """The share for every period that all inputs have, in per cent, rounded half up to the measure's decimals.

    The rounded share is the figure: what is printed is what is judged. It carries every mark of its inputs and the two
    numbers it was made from. A break in an input is a break, carried to the next share where that period has none.
    A sum of zero gives no figure, and an input without a value a share without one.
    """
    derived = measure.derived
    if derived is None or {derived.share, *derived.of} - measures.keys():
        return ()
    kind = derived_kind(derived, measures)
    series = {
        one.id: {identity(figure.period, kind): figure for figure in one.observations}
        for one in _inputs(derived, measures)
    }
    found: list[Observation] = []
    for at, part in series[derived.share].items():
        whole = [series[name][at] for name in derived.of if at in series[name]]
        if len(whole) == len(derived.of):
            found.extend(_share(part, whole, measure.decimals or 0))
    return tuple(_with_breaks(found, _inputs(derived, measures), kind))


def _inputs(derived: Derived, measures: Mapping[str, Measure]) -> list[Measure]:
    return [measures[name] for name in dict.fromkeys((derived.share, *derived.of)) if name in measures]


def _share(part: Observation, whole: list[Observation], decimals: int) -> Iterator[Observation]:
    """The share with the marks of its inputs; without a value where one of them has none. None where the sum is zero."""
    missing = [one for one in (part, *whole) if one.value is None]
    if missing:
        yield Observation(
            part.period,
            None,
            tuple(dict.fromkeys(mark for one in missing for mark in one.marks)),
            key=part.key,
        )
        return
    total = sum((one.value for one in whole if one.value is not None), Decimal(0))
    if part.value is None or total == 0:
        return
    value = rounded(Fraction(part.value) * 100 / Fraction(total), decimals)
    marks = tuple(dict.fromkeys(mark for one in (part, *whole) for mark in one.marks))
    yield Observation(part.period, value, marks, numerator=part.value, denominator=total, key=part.key)


def _with_breaks(found: list[Observation], inputs: Iterable[Measure], kind: str) -> Iterator[Observation]:
    """The shares, each marked as a break where the series of an input changed since the share before."""

    def place(one: Observation) -> tuple[date, ...]:
        return (one.period.end,) if kind == SNAPSHOT else one.period.order

    breaks = [place(one) for measure in inputs for one in measure.observations if one.broken]
    before: Observation | None = None
    for share in found:
        changed = before is not None and any(place(before) < at <= place(share) for at in breaks)
        if share.value is None:
            yield share
            continue
        yield share._replace(marks=(*share.marks, "break")) if changed and not share.broken else share
        before = share
