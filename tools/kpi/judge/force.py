"""Which of a measure's targets are in force for a figure, and which have ended."""

from datetime import date, timedelta
from typing import NamedTuple

from kpi.judge.comparable import at_a_date
from kpi.judge.latest import judgeable
from kpi.judge.series import remember_last
from kpi.model.kpi import Measure, Observation, Target


class Term(NamedTuple):
    """A target, and between which days a period must end for the target to be in force for its figure."""

    target: Target
    first: date
    last: date

    def covers(self, observation: Observation) -> bool:
        """Whether the target is in force for a figure."""
        return self.first <= observation.period.end <= self.last


@remember_last
def terms(measure: Measure) -> tuple[Term, ...]:
    """The terms of a measure's targets, in the order written: each until its `until`, or until a successor begins.

    It stays in force after its `by`, and doesn't come back when its successor ends.
    """
    return tuple(Term(target, target.first_day, _last_day(measure, target)) for target in measure.targets)


def _last_day(measure: Measure, target: Target) -> date:
    successors = [other.first_day for other in measure.targets if supersedes(other, target)]
    return min(target.last_day, min(successors) - timedelta(days=1)) if successors else target.last_day


def supersedes(later: Target, earlier: Target) -> bool:
    """Whether `later` replaces `earlier` from its start on. Targets with different labels run side by side."""
    side_by_side = later.label and earlier.label and later.label != earlier.label
    return not side_by_side and later.first_day > earlier.first_day


def targets_in_force(measure: Measure, observation: Observation) -> tuple[Target, ...]:
    """The targets in force for a figure, in the order written."""
    return tuple(term.target for term in terms(measure) if term.covers(observation))


def has_ended(measure: Measure, target: Target) -> bool:
    """Whether a figure after the target's `until` is known, of the same length as the newest that the target is for.

    Until then the last figure within `until` is judged, however late it comes.
    """
    if target.until is None:
        return False
    known = judgeable(measure)
    later = [figure for figure in known if figure.period.end > target.last_day]
    held = [figure for figure in known if target.first_day <= figure.period.end <= target.last_day]
    if not held or at_a_date(measure):
        return bool(later)
    return any(figure.period.is_as_long_as(held[-1].period) for figure in later)


def ended_target(measure: Measure) -> Target | None:
    """The target that ended last, or None."""
    ended = [target for target in measure.targets if has_ended(measure, target)]
    return max(ended, key=lambda target: target.last_day, default=None)
