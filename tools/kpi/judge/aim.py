"""Aims without a target: as intended, held, against the aim, no clear change, or cannot tell."""

from typing import NamedTuple

from kpi.judge.change_class import BETTER, NO_CLEAR_CHANGE, SAME, UNJUDGED, WORSE
from kpi.judge.direction import GAINED, NEITHER, Direction
from kpi.model.kpi import CUMULATIVE, Measure

AS_INTENDED, AGAINST, CANNOT_TELL = "as intended", "against the aim", "cannot tell"
HELD = "held"

AIMS = frozenset({"increase", "reduce", "maintain"})


class AimResult(NamedTuple):
    """Whether the latest figure moves as a measure's aim intends.

    `reason` says why that can't be told, or why the change is not clear.
    """

    word: str
    reason: str = ""


def judge_aim(measure: Measure, directions: tuple[Direction, ...]) -> AimResult | None:
    """Compare a measure without a target in force with its aim; None if it has no aim, or neither way is better.

    Also None for a measure that says why it has no figures.

    Args:
        measure: the measure as known on the day.
        directions: its directions, as `judge_directions` gives them.
    """
    if measure.aim not in AIMS or measure.better.way == NEITHER or measure.no_figures is not None:
        return None
    if not directions:
        return AimResult(CANNOT_TELL, "no figures")
    travel = directions[0]
    if travel.outcome == SAME and measure.kind == CUMULATIVE:
        # A gain that grew can't be judged, so one that stood still must not read better.
        return AimResult(CANNOT_TELL, GAINED)
    word = _word(travel.outcome, measure.aim)
    return AimResult(word, SAME if travel.outcome == SAME else travel.reason)


def _word(outcome: str, aim: str) -> str:
    """The word for a class of change. Only a clear change is as intended or against the aim; no clear change holds an aim to maintain."""
    if outcome in {NO_CLEAR_CHANGE, SAME} and aim == "maintain":
        return HELD
    words = {BETTER: AS_INTENDED, WORSE: AGAINST, UNJUDGED: CANNOT_TELL}
    return words.get(outcome, NO_CLEAR_CHANGE)  # neither of two figures equally near the best is better
