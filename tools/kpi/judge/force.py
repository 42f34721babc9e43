"""Which of a measure's targets is in force for a figure."""

from collections.abc import Mapping
from datetime import date

from kpi.model.kpi import Measure, Observation, Target

_ALL = "\n"
"""Stands for every label; no label has a line end."""


def in_force(target: Target, end: date) -> bool:
    """Whether what ends on this day ends on or after the start of the target's `from`. A target stays in force after `by`."""
    return target.start is None or end >= target.start.start


def supersedes(later: Target, earlier: Target) -> bool:
    """Whether `later` takes the place of `earlier` from its start on. Targets with different labels run side by side."""
    if later.label and earlier.label and later.label != earlier.label:
        return False
    if later.start is None:
        return False
    return earlier.start is None or later.start.start > earlier.start.start


def standing(measure: Measure, observation: Observation) -> tuple[Target, ...]:
    """The targets that hold for the figure, as written: in force, and without a successor that is in force too."""
    found = [target for target in measure.targets if in_force(target, observation.period.end)]
    if len(found) < 2:
        return tuple(found)
    newest: dict[str, date] = {}  # the latest start of each label's targets, and of all of them
    for target in found:
        if target.start is not None:
            for key in (target.label, _ALL):
                newest[key] = max(newest.get(key, date.min), target.start.start)
    return tuple(target for target in found if not _is_succeeded(target, newest))


def _is_succeeded(target: Target, newest: Mapping[str, date]) -> bool:
    """What `supersedes` says of any target in force: a label of its own is succeeded by the same one, or by none."""
    rivals = (target.label, "") if target.label else (_ALL,)
    start = target.start.start if target.start is not None else None
    return any(key in newest and (start is None or newest[key] > start) for key in rivals)
