"""Which of a measure's targets is in force for a figure."""

from datetime import date

from kpi.model.kpi import Measure, Observation, Target


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
    return tuple(target for target in found if not any(supersedes(rival, target) for rival in found))
