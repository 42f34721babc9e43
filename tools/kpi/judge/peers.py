"""Where the own figure stands among other areas' figures for the same period."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.clear_change import why_within_margin
from kpi.judge.direction import NEITHER, distance
from kpi.model.kpi import AVERAGE, CUMULATIVE, TOTAL, Measure, Observation, identity
from kpi.model.plan import Plan
from kpi.model.quantity import DAYS, DURATION, PERCENT, RATE, RATIO, WEEKS

_RANKED = frozenset({PERCENT, RATIO, RATE, DURATION, DAYS, WEEKS})
"""The units in which figures at a date say the same of a small area as of a large one."""

FEWEST = 3
"""How many areas it takes for a rank to say more than the figures themselves."""


_At = tuple[date | None, date]


class Rank(NamedTuple):
    """The place of the own figure, 1 for the best, among `areas` areas, the own one included; `joint` with another.

    With a margin of error it may have any place up to `last`. `way` is the measure's: the best is the highest or the lowest.
    """

    figure: Observation
    place: int
    areas: int
    joint: bool
    last: int
    way: str


def rank_among_peers(measure: Measure, plan: Plan) -> tuple[Rank, ...]:
    """The own area's place in every period for which enough others have a figure too, newest first.

    Only equals are ranked: figures of this measure for the same period, observed and with a value. Areas that contain
    the own one are left out. There is no rank of totals, nor where neither way is better.
    """
    if not can_rank(measure) or len(measure.peers) + 1 < FEWEST:
        return ()
    others = _others(measure, plan)
    standings = (
        _rank(measure, figure, others.get(identity(figure.period, measure.kind), []))
        for figure in reversed(measure.observations)
    )
    return tuple(rank for rank in standings if rank is not None)


def _others(measure: Measure, plan: Plan) -> dict[_At, list[Observation]]:
    """The equals' figures by what makes two periods the same."""
    by_period: dict[_At, list[Observation]] = {}
    for area, series in measure.peers.items():
        if area not in plan.areas or not plan.areas[area].whole:
            for observation in series:
                if observation.value is not None and not observation.forecast:
                    by_period.setdefault(identity(observation.period, measure.kind), []).append(observation)
    return by_period


def can_rank(measure: Measure) -> bool:
    """Whether figures of different areas can be put in order: a way is better, and size doesn't decide."""
    return (
        measure.better.way != NEITHER
        and measure.kind not in {TOTAL, CUMULATIVE}
        and (measure.kind == AVERAGE or measure.unit.kind in _RANKED)
    )


def _rank(measure: Measure, figure: Observation, others: list[Observation]) -> Rank | None:
    if figure.value is None or figure.forecast or len(others) + 1 < FEWEST:
        return None
    own = _badness(measure, figure)
    apart = [_badness(measure, other) for other in others if _is_apart(measure, figure, other)]
    place, areas = 1 + sum(badness < own for badness in apart), len(others) + 1
    has_margin = any(measure.margin_of(each) is not None for each in (figure, *others))
    joint = any(_badness(measure, other) == own for other in others)
    last = areas - sum(badness > own for badness in apart) if has_margin else place
    return Rank(figure, place, areas, joint, last, measure.better.way)


def _is_apart(measure: Measure, figure: Observation, other: Observation) -> bool:
    """Whether two areas' figures differ, and by more than their margin of error where one is known."""
    assert figure.value is not None
    assert other.value is not None
    margins = [margin for margin in map(measure.margin_of, (figure, other)) if margin is not None]
    if margins:
        return not why_within_margin(figure.value, other.value, max(margins))
    return figure.value != other.value


def _badness(measure: Measure, figure: Observation) -> tuple[bool, Fraction]:
    """What to sort by: the less, the better."""
    assert figure.value is not None
    if measure.better.way == "near":
        return distance(measure, figure.value)
    value = Fraction(figure.value)
    return False, -value if measure.better.way == "higher" else value
