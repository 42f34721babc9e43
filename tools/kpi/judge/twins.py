"""New figures that are exactly another measure's for the same period or the one before: they may be in the wrong place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from kpi.judge.figure_changes import NEW, FigureChange
from kpi.model.kpi import Kpi, Measure, Observation, identity
from kpi.model.period import Period
from kpi.model.quantity import DURATION, plain

_DIGITS = 4
"""Fewer digits come twice by chance."""

Twins = Mapping[tuple[Decimal, str], tuple[tuple[str, Period], ...]]
"""For a value and the area that it is for (empty for the own one) the measures that have it, by address, with the period."""


def is_telling(value: Decimal | None, measure: Measure) -> bool:
    """Whether a figure has so many digits that another is hardly the same by chance; of a computed one nobody is asked."""
    if value is None or measure.unit.kind == DURATION or measure.derived is not None:
        return False
    return sum(map(str.isdigit, plain(value))) >= _DIGITS


def telling(kpis: Iterable[Kpi | None]) -> Iterator[tuple[str, str, Observation]]:
    """The figures of some KPIs with so many digits that another is hardly the same by chance.

    Returns:
        For each its measure's address, the area that it is for, and the figure.
    """
    for kpi in filter(None, kpis):
        for measure in kpi.measures:
            for area, series in (("", measure.observations), *measure.peers.items()):
                for figure in series:
                    if is_telling(figure.value, measure):
                        yield f"{kpi.id}/{measure.id}", area, figure


def twins_of(kpis: Iterable[Kpi]) -> Twins:
    """What figures several measures have.

    Args:
        kpis: all KPIs as they are.
    """
    having: dict[tuple[Decimal, str], list[tuple[str, Period]]] = defaultdict(list)
    for address, area, figure in telling(kpis):
        having[figure.value or Decimal(0), area].append((address, figure.period))
    return {value: tuple(places) for value, places in having.items() if len(places) > 1}


def twins_among(
    twins: Twins, change: FigureChange, measure: Measure, address: str
) -> Iterator[tuple[str, Period]]:
    """The figures of other measures that a new figure of this one equals, by the measure's address, with the period.

    Args:
        twins: what figures several measures have.
        change: what happened to the figure.
        measure: its measure.
        address: the measure's address.
    """
    figure, period = change.newest, change.newest.period
    if change.what != NEW or figure.value is None:
        return
    for other, when in twins.get((figure.value, change.area), ()):
        is_before = when.end.toordinal() + 1 == period.start.toordinal() and period.is_as_long_as(when)
        if other != address and (is_before or identity(when, measure.kind) == identity(period, measure.kind)):
            yield other, when
