"""Aims without a target: as intended, level, against the aim, or cannot tell."""

from typing import NamedTuple

from kpi.judge.direction import BETTER, NEITHER, WORSE, Direction
from kpi.model.kpi import Measure

AS_INTENDED, AGAINST, CANNOT_TELL = "as intended", "against the aim", "cannot tell"
LEVEL_AIM = "level"

WORST_FIRST = (AGAINST, LEVEL_AIM, CANNOT_TELL, AS_INTENDED)
AIMS = frozenset({"increase", "reduce", "maintain"})


class AimResult(NamedTuple):
    """How a measure stands to its aim, from its latest figure only.

    `reason` says why it can't be told, or that the figure is queried.
    """

    word: str
    reason: str = ""


def aim_result(measure: Measure, directions: tuple[Direction, ...]) -> AimResult | None:
    """A measure without a target in force against its aim; None where it has no aim, or knows no better and worse.

    A measure that says why it has no figures needs no second word, so that is None as well.

    Args:
        measure: the measure as known on the day.
        directions: its directions, as `direction.directions` gives them.
    """
    if measure.aim not in AIMS or measure.better.way == NEITHER or measure.no_figures is not None:
        return None
    if not directions:
        return AimResult(CANNOT_TELL, "no figures")
    travel = directions[0]
    if travel.earlier is None:
        return AimResult(CANNOT_TELL, travel.reason)
    if travel.meaning == WORSE:
        word = AGAINST
    elif travel.meaning == BETTER or measure.aim == "maintain":
        word = AS_INTENDED
    else:
        word = LEVEL_AIM
    if not travel.queried:
        return AimResult(word)
    return AimResult(CANNOT_TELL if word == AS_INTENDED else word, "figure queried")
