"""Which of a measure's targets is in force for a figure, and which have ended."""

from collections.abc import Mapping
from datetime import date

from kpi.judge.comparable import at_a_date
from kpi.judge.latest import judgeable
from kpi.model.kpi import Measure, Observation, Target

_ALL = "\n"
"""Stands for every label; no label has a line end."""


def has_begun(target: Target, end: date) -> bool:
    """Whether what ends on this day ends on or after the start of the target's `from`."""
    return target.start is None or end >= target.start.start


def holds(target: Target, end: date) -> bool:
    """Whether the target is for what ends on this day: it has begun, and `until` has not passed. It stays in force after `by`."""
    return has_begun(target, end) and (target.until is None or end <= target.until.end)


def has_ended(measure: Measure, target: Target) -> bool:
    """Whether a figure after the target's `until` is known: one as long as the newest that the target is for, if there is any.

    The last figure that it is for is judged until then, however late it comes.
    """
    if target.until is None:
        return False
    known = judgeable(measure)
    later = [figure for figure in known if figure.period.end > target.until.end]
    held = [figure for figure in known if holds(target, figure.period.end)]
    if not held or at_a_date(measure):
        return bool(later)
    return any(figure.period.is_as_long_as(held[-1].period) for figure in later)


def ended_target(measure: Measure) -> Target | None:
    """The target that ended last, of those that have."""
    ended = [target for target in measure.targets if has_ended(measure, target)]
    return max(ended, key=lambda target: target.until.end if target.until else date.min, default=None)


def supersedes(later: Target, earlier: Target) -> bool:
    """Whether `later` takes the place of `earlier` from its start on. Targets with different labels run side by side."""
    if later.label and earlier.label and later.label != earlier.label:
        return False
    if later.start is None:
        return False
    return earlier.start is None or later.start.start > earlier.start.start


def targets_in_force(measure: Measure, observation: Observation) -> tuple[Target, ...]:
    """The targets that hold for the figure, as written: in force, and without a successor that has begun.

    A target whose successor has ended doesn't come back.
    """
    begun = [target for target in measure.targets if has_begun(target, observation.period.end)]
    newest: dict[str, date] = {}  # the latest start of each label's targets, and of all of them
    for target in begun:
        if target.start is not None:
            for key in (target.label, _ALL):
                newest[key] = max(newest.get(key, date.min), target.start.start)
    return tuple(
        target
        for target in begun
        if holds(target, observation.period.end) and not _is_succeeded(target, newest)
    )


def _is_succeeded(target: Target, newest: Mapping[str, date]) -> bool:
    """Whether any of those that have begun `supersedes` it: with a label, those of the same one or of none; else all."""
    rivals = (target.label, "") if target.label else (_ALL,)
    start = target.start.start if target.start is not None else None
    return any(key in newest and (start is None or newest[key] > start) for key in rivals)
