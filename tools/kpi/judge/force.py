"""Which of a measure's targets are in force for a figure, and which have ended."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date

from kpi.judge.comparable import at_a_date
from kpi.judge.latest import judgeable
from kpi.judge.memo import remember_last
from kpi.model.kpi import Measure, Observation, Target

_ALL = "\n"
"""The key for all labels together; no label contains a line end."""


def has_begun(target: Target, end: date) -> bool:
    """Whether a period that ends on this day reaches the start of the target's `from`."""
    return target.start is None or end >= target.start.start


def holds(target: Target, end: date) -> bool:
    """Whether the target has begun for a period that ends on this day, and `until` has not passed. It stays in force after `by`."""
    return has_begun(target, end) and (target.until is None or end <= target.until.end)


def has_ended(measure: Measure, target: Target) -> bool:
    """Whether a figure after the target's `until` is known, of the same length as the newest that the target is for.

    Until then the last figure within `until` is judged, however late it comes.
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
    """The target that ended last, or None."""
    ended = [target for target in measure.targets if has_ended(measure, target)]
    return max(ended, key=lambda target: target.until.end if target.until else date.min, default=None)


def supersedes(later: Target, earlier: Target) -> bool:
    """Whether `later` replaces `earlier` from its start on. Targets with different labels run side by side."""
    if later.label and earlier.label and later.label != earlier.label:
        return False
    if later.start is None:
        return False
    return earlier.start is None or later.start.start > earlier.start.start


def targets_in_force(measure: Measure, observation: Observation) -> tuple[Target, ...]:
    """The targets in force for a figure, in the order written: they hold for it, and no successor has begun.

    A target doesn't come back when its successor ends.
    """
    turns, between = _turns(measure)
    at = bisect_right(turns, observation.period.end.toordinal())
    if at not in between:
        between[at] = _in_force(measure, observation.period.end)
    return between[at]


@remember_last
def _turns(measure: Measure) -> tuple[list[int], dict[int, tuple[Target, ...]]]:
    """The days from which other targets may be in force, and room for those between any two of them."""
    starts = {target.start.start.toordinal() for target in measure.targets if target.start is not None}
    ends = {target.until.end.toordinal() + 1 for target in measure.targets if target.until is not None}
    return sorted(starts | ends), {}


def _in_force(measure: Measure, end: date) -> tuple[Target, ...]:
    """The targets in force for a period that ends on this day."""
    begun = [target for target in measure.targets if has_begun(target, end)]
    newest: dict[str, date] = {}  # the latest start of each label's targets, and of all of them
    for target in begun:
        if target.start is not None:
            for key in (target.label, _ALL):
                newest[key] = max(newest.get(key, date.min), target.start.start)
    return tuple(target for target in begun if holds(target, end) and not _is_succeeded(target, newest))


def _is_succeeded(target: Target, newest: Mapping[str, date]) -> bool:
    """Whether a begun target `supersedes` it: one with the same label or none, or any if it has no label."""
    rivals = (target.label, "") if target.label else (_ALL,)
    start = target.start.start if target.start is not None else None
    return any(key in newest and (start is None or newest[key] > start) for key in rivals)
