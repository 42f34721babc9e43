"""A measure's usual range against its target. It describes the past and forecasts nothing."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.bound import gap_to
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.usual import Usual
from kpi.model.kpi import Bound

ALWAYS, NEVER, SOMETIMES, MOVING, COUNTED = "always", "never", "sometimes", "moving", "counted"
NEWEST = 12


class AtUsualRange(NamedTuple):
    """How the usual range compares with the target.

    Attributes:
        word: ALWAYS, NEVER or SOMETIMES met within the usual range; MOVING without a single one; else COUNTED.
        usual: the chart.
        met: how many of the newest figures, `of` in number, meet the bound.
        of: how many figures were looked at.
    """

    word: str
    usual: Usual
    met: int
    of: int


def compare_with_usual_range(judged: MeasureJudgement) -> AtUsualRange | None:
    """Compare the judged figure's usual range with its bound; None without a chart, or if the bound is not a fixed number."""
    verdict = judged.deciding
    travel = next(
        (direction for direction in judged.directions if verdict and direction.later == verdict.observation),
        None,
    )
    if verdict is None or verdict.bound is None or travel is None or travel.usual is None:
        return None
    if verdict.reference is not None or verdict.on_the_way:
        return None
    newest = [
        figure.value
        for figure in travel.usual.figures[-NEWEST:]
        if figure is not None and figure.value is not None
    ]
    met = sum(gap_to(verdict.bound, value) is None for value in newest)
    return AtUsualRange(_word(travel.usual, verdict.bound), travel.usual, met, len(newest))


def _word(usual: Usual, bound: Bound) -> str:
    if usual.chart.moving:
        return MOVING
    if usual.lag or usual.chart.newest is not None:
        return COUNTED
    assert bound.value is not None
    low, high = (_decimal(end) for end in (usual.chart.limits.lower, usual.chart.limits.upper))
    ends = [gap_to(bound, end) is None for end in (low, high)]
    if all(ends):
        return ALWAYS
    last = bound.value if bound.upper is None else bound.upper
    is_beside = high < bound.value or low > last or (bound.upper is None and not any(ends))
    return NEVER if is_beside and not any(ends) else SOMETIMES


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
