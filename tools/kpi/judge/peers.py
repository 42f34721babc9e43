"""Where the own figure stands among other areas' figures for the same period."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.direction import NEITHER, distance
from kpi.model.kpi import CUMULATIVE, TOTAL, Measure, Observation, identity
from kpi.model.plan import Plan
from kpi.model.quantity import DAYS, DURATION, PERCENT, RATE, RATIO, WEEKS

_RANKED = frozenset({PERCENT, RATIO, RATE, DURATION, DAYS, WEEKS})
"""The units whose figures say the same of a small area as of a large one. Counts, money and units of one's own don't."""

FEWEST = 3
"""How many areas it takes for a rank to say more than the figures themselves."""


_At = tuple[date | None, date]


class Rank(NamedTuple):
    """The place of the own figure, 1 for the best, among `areas` areas, the own one included; `joint` with another."""

    figure: Observation
    place: int
    areas: int
    joint: bool


def ranks(measure: Measure, plan: Plan) -> tuple[Rank, ...]:
    """The own area's place in every period for which enough others have a figure too, newest first.

    Only equals are ranked: figures of this measure for the same period, observed and with a value. Areas that contain
    the own one are left out. There is no rank of counts, nor where neither way is better.
    """
    if not can_rank(measure) or len(measure.peers) + 1 < FEWEST:
        return ()
    others = _others(measure, plan)
    found = (
        _rank(measure, figure, others.get(identity(figure.period, measure.kind), []))
        for figure in reversed(measure.observations)
    )
    return tuple(one for one in found if one is not None)


def _others(measure: Measure, plan: Plan) -> dict[_At, list[Observation]]:
    """The equals' figures by what makes two periods the same."""
    found: dict[_At, list[Observation]] = {}
    for area, series in measure.peers.items():
        if area not in plan.areas or not plan.areas[area].whole:
            for one in series:
                if one.value is not None and not one.forecast:
                    found.setdefault(identity(one.period, measure.kind), []).append(one)
    return found


def can_rank(measure: Measure) -> bool:
    """Whether figures of different areas can be put in order: a way is better, and size doesn't decide."""
    return (
        measure.better.way != NEITHER
        and measure.unit.kind in _RANKED
        and measure.kind not in {TOTAL, CUMULATIVE}
    )


def _rank(measure: Measure, figure: Observation, others: list[Observation]) -> Rank | None:
    if figure.value is None or figure.forecast or len(others) + 1 < FEWEST:
        return None
    own = _badness(measure, figure)
    theirs = [_badness(measure, one) for one in others]
    return Rank(figure, 1 + sum(one < own for one in theirs), len(theirs) + 1, own in theirs)


def _badness(measure: Measure, figure: Observation) -> tuple[bool, Fraction]:
    """What to sort by: the less, the better."""
    assert figure.value is not None
    if measure.better.way == "near":
        return distance(measure, figure.value)
    value = Fraction(figure.value)
    return False, -value if measure.better.way == "higher" else value
