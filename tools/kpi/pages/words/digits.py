"""With how many decimals figures, bounds and differences are printed: as the measure asks, and enough to show the side of a bound."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.bound import gap_to, resolve_bound, targets_in_force
from kpi.judge.direction import Direction
from kpi.judge.target import Verdict
from kpi.model.kpi import Bound, Measure, Observation, Target
from kpi.model.quantity import CURRENCY, Unit, decimals_of, rounded
from kpi.model.vocabulary import EQUALS

_MOST = 30  # decimals; a figure has 15 at most, and a share of one some more


class _Held(NamedTuple):
    """A plain bound that a figure is compared with; printed rounded where it was worked out from another figure."""

    bound: Bound
    is_rounded: bool

    def shown(self, decimals: int) -> Bound:
        """The bound as it is printed beside a figure with so many decimals."""
        value = self.bound.value
        if not self.is_rounded or value is None or decimals_of(value) <= decimals:
            return self.bound
        return self.bound._replace(value=rounded(value, decimals))

    def shows_side(self, value: Decimal, printed: Decimal, decimals: int) -> bool:
        """Whether a value that is `printed` so is seen to meet or to miss the bound as it does."""
        return (gap_to(self.shown(decimals), printed) is None) == (gap_to(self.bound, value) is None)


def figure_decimals(observation: Observation, measure: Measure) -> int | None:
    """The decimals to print a figure with; None for those typed.

    Those that the measure asks for, or as many more as show on which side of its bounds the figure lies: 89.95 is never
    printed as 90.0 beside "missed" and "at least 90".
    """
    value, least = observation.value, _least(measure)
    if least is None or value is None:
        return least
    bounds = list(_bounds(observation, measure))

    def is_enough(decimals: int) -> bool:
        printed = rounded(value, decimals)
        vanishes = measure.unit.scale and value and not printed
        return not vanishes and all(held.shows_side(value, printed, decimals) for held in bounds)

    return _fewest(least, measure.unit, is_enough)


def _least(measure: Measure) -> int | None:
    """The decimals that a measure asks for, of the value itself: -5 for one decimal of millions. None for those typed."""
    scale = measure.unit.scale
    return measure.decimals if not scale else (1 if measure.decimals is None else measure.decimals) - scale


def _fewest(least: int, unit: Unit, is_enough: Callable[[int], bool]) -> int:
    """The fewest decimals that are enough, `least` or more. Money has pence or none."""
    has_pence = unit.kind == CURRENCY and not unit.scale
    numbers = (number for number in range(least, _MOST) if number == least or number != 1 or not has_pence)
    return next(filter(is_enough, numbers), _MOST)


def _bounds(observation: Observation, measure: Measure) -> Iterator[_Held]:
    """What a figure is compared with or set beside."""
    references = (Target(each.bound or Bound(EQUALS, each.value)) for each in measure.references)
    for target in (*targets_in_force(measure, observation), *references):
        if target.bound is not None:
            held = resolve_bound(measure, target, observation)
            if held.bound is not None:
                yield _Held(held.bound, held.reference is not None)


def shown_bound(
    bound: Bound, observation: Observation, reference: Observation | None, measure: Measure
) -> Bound:
    """A plain bound as it is printed beside a figure.

    One that was typed stays as it is. One that was worked out from another figure is rounded like figures, as far as that
    doesn't hide the side on which the figure lies.

    Args:
        bound: the plain bound.
        observation: the figure that is compared with it.
        reference: the figure that it was worked out from; None where it was typed.
        measure: whose figures these are.
    """
    value = observation.value
    if reference is None or reference.value is None or value is None:
        return bound
    held = _Held(bound, is_rounded=True)
    decimals = figure_decimals(observation, measure)
    if decimals is not None:
        return held.shown(decimals)
    least = max(decimals_of(value), decimals_of(reference.value))
    return held.shown(_fewest(least, measure.unit, lambda number: held.shows_side(value, value, number)))


def shown_gap(verdict: Verdict, measure: Measure) -> Decimal | None:
    """The gap to print: of a figure as typed to the bound as it is printed, so that the three numbers agree."""
    figure, bound = verdict.observation, verdict.bound
    if verdict.reference is None or figure is None or figure.value is None or bound is None:
        return verdict.gap
    if figure_decimals(figure, measure) is not None:
        return verdict.gap
    return gap_to(shown_bound(bound, figure, verdict.reference, measure), figure.value) or verdict.gap


def gap_decimals(verdict: Verdict, measure: Measure) -> int | None:
    """The decimals to print the gap of a verdict with, so that it never looks like none; None for all it has."""
    figure, bound, gap = verdict.observation, verdict.bound, verdict.gap
    if figure is None or figure.value is None or bound is None or bound.value is None or gap is None:
        return None
    least = figure_decimals(figure, measure)
    if least is None:
        shown = shown_bound(bound, figure, verdict.reference, measure)
        least = max(decimals_of(end) for end in (figure.value, shown.value, shown.upper) if end is not None)
    return _difference_decimals(gap, least, measure.unit)


def change_decimals(travel: Direction, measure: Measure) -> int | None:
    """The decimals to print a change with: those of its two figures, and never so few that it looks like none."""
    if travel.change is None:
        return None
    figures = (figure for figure in (travel.earlier, travel.later) if figure is not None)
    decimals = (figure_decimals(figure, measure) for figure in figures)
    least = max((number for number in decimals if number is not None), default=None)
    return _difference_decimals(travel.change, least, measure.unit)


def _difference_decimals(difference: Decimal, least: int | None, unit: Unit) -> int | None:
    """The decimals to print a difference with: `least`, or as many more as it takes for it not to look like none.

    None, for all that it has, where `least` is None or the difference has no more.
    """
    if least is None or decimals_of(difference) <= least:
        return None
    return _fewest(least, unit, lambda number: not difference or bool(rounded(difference, number)))
