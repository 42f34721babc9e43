"""Triggers: "act on significant increases"."""

from typing import NamedTuple

from kpi.judge.direction import DOWN, UP, Direction
from kpi.judge.significance import Significance, significance
from kpi.model.kpi import Measure, Trigger

FIRED, NOT_FIRED, CANNOT_TELL = "fired", "not fired", "cannot tell"

_WAY = {"increase": {UP}, "decrease": {DOWN}, "change": {UP, DOWN}}


class TriggerResult(NamedTuple):
    """What became of a trigger, and why it didn't fire or can't be told. `p` is that of its test, where there was one."""

    trigger: Trigger
    state: str
    direction: Direction | None
    reason: str = ""
    p: float | None = None


def trigger_results(measure: Measure, directions: tuple[Direction, ...]) -> tuple[TriggerResult, ...]:
    """Each trigger, tested on the measure's newest direction."""
    newest = directions[0] if directions else None
    return tuple(_result(measure, trigger, newest) for trigger in measure.triggers)


def _result(measure: Measure, trigger: Trigger, travel: Direction | None) -> TriggerResult:
    if travel is None or travel.earlier is None or travel.change is None:
        return TriggerResult(trigger, CANNOT_TELL, travel, travel.reason if travel else "no figures")
    if travel.overlapping is not None:
        return TriggerResult(trigger, CANNOT_TELL, travel, "a nearer figure overlaps")
    if travel.movement not in _WAY[trigger.when]:
        return TriggerResult(trigger, NOT_FIRED, travel)
    if not _large_enough(trigger, travel):
        return TriggerResult(trigger, NOT_FIRED, travel, "smaller than the minimum")
    if trigger.level is not None:
        return _tested(trigger, travel, significance(measure, travel))
    return TriggerResult(trigger, FIRED, travel)


def _tested(trigger: Trigger, travel: Direction, found: Significance) -> TriggerResult:
    """A trigger that asks for significance: fired below its level."""
    if found.p is None:
        return TriggerResult(trigger, CANNOT_TELL, travel, found.reason)
    assert trigger.level is not None
    if found.p < trigger.level:
        return TriggerResult(trigger, FIRED, travel, p=found.p)
    return TriggerResult(trigger, NOT_FIRED, travel, "could be chance", found.p)


def _large_enough(trigger: Trigger, travel: Direction) -> bool:
    if trigger.minimum is None:
        return True
    assert travel.earlier is not None
    assert travel.earlier.value is not None
    assert travel.change is not None
    if not trigger.minimum_in_percent:
        return abs(travel.change) >= trigger.minimum
    return abs(travel.change) * 100 >= abs(travel.earlier.value) * trigger.minimum
