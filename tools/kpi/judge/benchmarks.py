"""References, the baseline and other areas: a figure is compared with them in words, and never gets a status from them."""

from fractions import Fraction
from typing import NamedTuple

from kpi.judge import direction
from kpi.judge.bound import gap_to, missed_end, resolve_bound
from kpi.judge.direction import NEITHER, Direction, why_unclear
from kpi.judge.series import BREAK, compare, figure_for, valued
from kpi.judge.state import BETTER, WORSE
from kpi.model.kpi import AVERAGE, CUMULATIVE, TOTAL, Bound, Measure, Observation, Reference, Target, identity
from kpi.model.plan import Plan
from kpi.model.quantity import DAYS, DURATION, PERCENT, RATE, RATIO, WEEKS
from kpi.model.vocabulary import EQUALS

INSIDE, SAME, ABOUT = "inside", "the same as", "about"
BETTER_THAN, WORSE_THAN = "better than", "worse than"
ABOVE, BELOW = "above", "below"
BESIDE = (BETTER_THAN, WORSE_THAN, ABOVE, BELOW, ABOUT, SAME, INSIDE)
"""How a figure can compare with a reference, in the order in which headlines count them."""


class ReferenceResult(NamedTuple):
    """How the newest figure compares with a reference: `word` is one of this module's, printed before the label."""

    reference: Reference
    observation: Observation
    word: str

    @property
    def queried(self) -> bool:
        """Whether the figure is doubted."""
        return self.observation.queried


def compare_with_references(measure: Measure) -> tuple[ReferenceResult, ...]:
    """The newest figure compared with each reference that it can be compared with, in the order written."""
    return tuple(
        ReferenceResult(reference, newest, word)
        for newest in valued(measure)[-1:]
        for reference in measure.references
        if (word := _word(measure, reference, newest))
    )


def _word(measure: Measure, reference: Reference, newest: Observation) -> str:
    value = newest.number
    bound = reference.bound or Bound(EQUALS, reference.value)
    plain = resolve_bound(measure, Target(bound), newest).bound
    if plain is None:
        return ""
    if gap_to(plain, value) is None:
        return SAME if plain.how == EQUALS else INSIDE
    end = missed_end(plain, value)
    if value == end:
        return SAME
    level = Observation(newest.period, end)
    if why_unclear(measure, level, newest):
        return ABOUT
    outcome = direction.class_of_change(measure, end, value)
    if outcome in {BETTER, WORSE} and not direction.is_about_as_far(measure, level, newest):
        return BETTER_THAN if outcome == BETTER else WORSE_THAN
    return ABOVE if value > end else BELOW  # neither is better, or both are about as far from the middle


def compare_with_baseline(measure: Measure) -> Direction | None:
    """The newest comparable figure against the baseline, or why there is none; None without a baseline or a later figure."""
    known = valued(measure)
    baseline = figure_for(measure, measure.baseline) if measure.baseline else None
    if baseline is None:
        return None
    untold: Direction | None = None
    for later in reversed(known):
        if later.period.end <= baseline.period.end:
            break
        comparison = compare(measure, baseline, later)
        if comparison.comparable:
            return direction.compare_pair(measure, baseline, later)
        untold = untold or Direction(later, reason=comparison.reason)
        if comparison.reason == BREAK:
            return Direction(later, reason=BREAK)
    return untold


_RANKED = frozenset({PERCENT, RATIO, RATE, DURATION, DAYS, WEEKS})
"""The units in which figures don't grow with the size of an area."""

FEWEST = 3
"""The fewest areas for which a rank says more than the figures."""


class Rank(NamedTuple):
    """The rank of the own figure."""

    figure: Observation
    position: int  # 1 for the best
    areas: int  # how many areas are ranked, the own one included
    joint: bool  # another area has the same figure
    last: int  # the last position that the margin of error allows; without one, `position`
    way: str  # which way is better for the measure


def rank_among_peers(measure: Measure, plan: Plan) -> tuple[Rank, ...]:
    """Rank the own area in every period for which enough others have a figure (docs/judgement.md, "Other areas"), newest first."""
    if not can_rank(measure):
        return ()
    by_period: dict[object, list[Observation]] = {}
    for area, series in measure.peers.items():
        if area not in plan.areas or not plan.areas[area].whole:
            # of two figures for one period, which is a mistake, the last counts: an area has one place
            for at, figure in {identity(figure.period, measure.kind): figure for figure in series}.items():
                if figure.value is not None and not figure.forecast:
                    by_period.setdefault(at, []).append(figure)
    others = [by_period.get(identity(figure.period, measure.kind), []) for figure in measure.observations]
    return tuple(
        _rank(measure, figure, peers)
        for figure, peers in reversed([*zip(measure.observations, others, strict=True)])
        if figure.value is not None and not figure.forecast and len(peers) + 1 >= FEWEST
    )


def can_rank(measure: Measure) -> bool:
    """Whether areas can be ranked by a measure: one way is better, and size doesn't decide."""
    return (
        measure.better.way != NEITHER
        and measure.kind not in {TOTAL, CUMULATIVE}
        and (measure.kind == AVERAGE or measure.unit.kind in _RANKED)
    )


def _rank(measure: Measure, figure: Observation, others: list[Observation]) -> Rank:
    own = _badness(measure, figure)
    differ = [other for other in others if other.value != figure.value]
    apart = [
        _badness(measure, each) for each in differ if not direction.why_within_margin(measure, figure, each)
    ]
    position, areas = 1 + sum(badness < own for badness in apart), len(others) + 1
    has_margin = any(measure.margin_of(each) is not None for each in (figure, *others))
    joint = any(_badness(measure, other) == own for other in others)
    last = areas - sum(badness > own for badness in apart) if has_margin else position
    return Rank(figure, position, areas, joint, last, measure.better.way)


def _badness(measure: Measure, figure: Observation) -> tuple[bool, Fraction]:
    if measure.better.way == "near":
        return direction.distance(measure, figure.number)
    value = Fraction(figure.number)
    return False, -value if measure.better.way == "higher" else value
