"""Targets in force for a figure, their bounds as numbers, and how far the figure is from them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from kpi.judge import series
from kpi.judge.direction import compare_with_nearest
from kpi.judge.series import Series, at_a_date, remember_last, valued
from kpi.model.kpi import TOTAL, Bound, Measure, Observation, Relative, Target, Tolerance, identity
from kpi.model.period import Period, period_words
from kpi.model.text import counted
from kpi.model.vocabulary import BOUND_KINDS, LESS, MORE


class ResolvedBound(NamedTuple):
    """A target's bound for one figure, or the reason why it can't judge that figure."""

    bound: Bound | None
    reason: str = ""
    reference: Observation | None = None  # what a relative bound was computed from
    on_the_way: bool = False  # the bound is a way point of the trajectory
    is_for: bool = True  # the target is for this figure, whatever its value


def resolve_bound(measure: Measure, target: Target, observation: Observation) -> ResolvedBound:
    """The bound for a figure, for a target that has one. A way point is for its period, whatever the target's length."""
    bound = target.bound
    assert bound is not None
    relative = bound.relative
    if bound.upper is None and target.trajectory:  # a range has no way points
        at = identity(observation.period, measure.kind)
        points = (value for period, value in target.trajectory if identity(period, measure.kind) == at)
        if (planned := next(points, None)) is not None:
            return ResolvedBound(bound._replace(value=planned, relative=None), on_the_way=True)
    reason = why_wrong_length(measure, target, observation)
    if not reason and relative and relative.period and observation.period.end <= relative.period.end:
        reason = f"no figure after {period_words(relative.period)} yet"
    if reason:
        return ResolvedBound(None, reason, is_for=False)
    if observation.value is None or relative is None:
        return ResolvedBound(None if observation.value is None else bound)
    reference = _reference(measure, relative, observation)
    if isinstance(reference, str):
        return ResolvedBound(None, reference)
    value, change = reference.number, relative.change or 0
    value += value * change / 100 if relative.in_percent else change
    return ResolvedBound(bound._replace(value=value, relative=None), reference=reference)


def why_wrong_length(measure: Measure, target: Target, observation: Observation) -> str:
    """Why the target can't judge a figure of this length; empty if it can. Figures at a date have no length."""
    if at_a_date(measure) or target.bound is None:
        return ""
    if target.over is not None:
        fits = observation.period.months == target.over
        return "" if fits else f"no figure over {counted(target.over, 'month')}"
    relative = target.bound.relative
    if relative is not None:
        return series.different_lengths(relative.period, observation.period) if relative.period else ""
    if measure.kind != TOTAL:
        return ""
    is_mixed = not all(each.is_as_long_as(observation.period) for each in _lengths(valued(measure)))
    return "the target doesn't say over what length" if is_mixed else ""


@remember_last
def _lengths(known: Series) -> tuple[Period, ...]:
    return tuple({figure.period.length: figure.period for figure in known}.values())


def _reference(measure: Measure, relative: Relative, observation: Observation) -> Observation | str:
    """The earlier figure that a relative bound is taken from, or why there is none."""
    if relative.period is None:
        travel = compare_with_nearest(measure, observation)
        return travel.earlier or travel.reason
    reference = series.figure_for(measure, relative.period)
    if reference is None:
        return f"no figure for {period_words(relative.period)} to compare with"
    comparison = series.compare(measure, reference, observation)
    return reference if comparison.comparable else comparison.reason


def gap_to(bound: Bound, value: Decimal) -> Decimal | None:
    """The distance to a bound that is not met; None if it is met. Equality meets `at_least`, not `more_than`."""
    kind, limit = BOUND_KINDS[bound.how], missed_end(bound, value)
    beyond = value > limit if kind.asks == MORE else kind.asks == LESS and value < limit
    met = beyond or (value == limit and not kind.strict)
    return None if met else abs(value - limit)


def missed_end(bound: Bound, value: Decimal) -> Decimal:
    """The bound itself; for a range the end that the value is beyond, or the value if it lies within."""
    return bound.level if bound.upper is None else max(bound.level, min(value, bound.upper))


def is_near(bound: Bound, value: Decimal, tolerance: Tolerance | None) -> bool:
    """Whether a value that misses a bound is within the tolerance."""
    if tolerance is None:
        return False
    end = missed_end(bound, value)
    return abs(value - end) * 100 <= tolerance.value * (abs(end) if tolerance.in_percent else 100)


def is_below(bound: Bound, value: Decimal) -> bool:
    """Whether a value that misses a bound is too low for it, rather than too high."""
    return value < bound.level or (value == bound.level and BOUND_KINDS[bound.how].asks == MORE)


class Term(NamedTuple):
    """A target, and the last day on which a period may end for the target to be in force for its figure."""

    target: Target
    last: date

    def covers(self, observation: Observation) -> bool:
        """Whether the target is in force for a figure."""
        return self.target.first_day <= observation.period.end <= self.last


@remember_last
def terms(measure: Measure) -> tuple[Term, ...]:
    """The terms of a measure's targets, in the order written: each until its `until`, or until a successor begins, for good."""
    in_order = []
    for target in measure.targets:
        successors = (other for other in measure.targets if supersedes(other, target))
        days_before = (other.first_day - timedelta(days=1) for other in successors)
        in_order.append(Term(target, min([target.last_day, *days_before])))
    return tuple(in_order)


def supersedes(later: Target, earlier: Target) -> bool:
    """Whether `later` replaces `earlier` from its start on. Targets with different labels run side by side."""
    side_by_side = later.label and earlier.label and later.label != earlier.label
    return not side_by_side and later.first_day > earlier.first_day


def targets_in_force(measure: Measure, observation: Observation) -> tuple[Target, ...]:
    """The targets in force for a figure, in the order written."""
    return tuple(term.target for term in terms(measure) if term.covers(observation))


def has_ended(measure: Measure, target: Target) -> bool:
    """Whether a figure after the target's `until` is known, as long as the newest within it, which is judged until then."""
    if target.until is None:
        return False
    known = series.judgeable(measure)
    later = [figure.period for figure in known if figure.period.end > target.last_day]
    held = [figure.period for figure in known if target.first_day <= figure.period.end <= target.last_day]
    is_any = not held or at_a_date(measure)
    return any(is_any or period.is_as_long_as(held[-1]) for period in later)
