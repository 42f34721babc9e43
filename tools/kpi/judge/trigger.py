"""Triggers: "act on significant increases"."""

from decimal import Decimal
from typing import NamedTuple

from kpi.judge.clear_change import SMALL_PART
from kpi.judge.direction import DOWN, OVERLAPPED, UP, Direction
from kpi.judge.significance import Significance, assess_significance
from kpi.model.kpi import Measure, Trigger

FIRED, NOT_FIRED, CANNOT_TELL = "fired", "not fired", "cannot tell"

LEAST_PART = Decimal(5)
"""The least change, in per cent, for a trigger with a significance level: with large counts p alone says nothing."""

_WAY = {"increase": {UP}, "decrease": {DOWN}, "change": {UP, DOWN}}


class TriggerResult(NamedTuple):
    """Whether a trigger fired, with the reason if not. `p` is that of its test, if there was one."""

    trigger: Trigger
    state: str
    direction: Direction | None
    reason: str = ""
    p: float | None = None


def check_triggers(measure: Measure, directions: tuple[Direction, ...]) -> tuple[TriggerResult, ...]:
    """Test each trigger on the measure's newest direction."""
    newest = directions[0] if directions else None
    return tuple(_result(measure, trigger, newest) for trigger in measure.triggers)


def _result(measure: Measure, trigger: Trigger, travel: Direction | None) -> TriggerResult:
    if travel is None or travel.earlier is None or travel.change is None:
        return TriggerResult(trigger, CANNOT_TELL, travel, travel.reason if travel else "no figures")
    if travel.overlapping is not None:
        return TriggerResult(trigger, CANNOT_TELL, travel, OVERLAPPED)
    if travel.movement not in _WAY[trigger.when]:
        return TriggerResult(trigger, NOT_FIRED, travel)
    if not _large_enough(trigger, travel):
        return TriggerResult(trigger, NOT_FIRED, travel, "smaller than the minimum")
    if trigger.level is not None:
        return _tested(trigger, travel, assess_significance(measure, travel))
    return TriggerResult(trigger, FIRED, travel)


def _tested(trigger: Trigger, travel: Direction, test: Significance) -> TriggerResult:
    """A trigger with a significance level: fires below it, unless the change is small."""
    if test.p is None:
        return TriggerResult(trigger, CANNOT_TELL, travel, test.reason)
    assert trigger.level is not None
    if test.p >= trigger.level:
        return TriggerResult(trigger, NOT_FIRED, travel, p=test.p)
    is_small = not _is_part(travel, LEAST_PART)
    return TriggerResult(
        trigger, NOT_FIRED if is_small else FIRED, travel, SMALL_PART if is_small else "", test.p
    )


def _large_enough(trigger: Trigger, travel: Direction) -> bool:
    if trigger.minimum is None:
        return True
    assert travel.change is not None
    if trigger.minimum_in_percent:
        return _is_part(travel, trigger.minimum)
    return abs(travel.change) >= trigger.minimum


def _is_part(travel: Direction, per_cent: Decimal) -> bool:
    """Whether a change is at least this many per cent of the earlier figure."""
    assert travel.earlier is not None
    assert travel.earlier.value is not None
    assert travel.change is not None
    return abs(travel.change) * 100 >= abs(travel.earlier.value) * per_cent
