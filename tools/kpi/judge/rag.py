"""Red, amber, green: a colour that goes with the word of a target's state and never replaces it."""

from typing import NamedTuple

from kpi.judge.change_class import BETTER, NO_CLEAR_CHANGE, SAME, UNJUDGED, WORSE
from kpi.judge.comparable import at_a_date
from kpi.judge.direction import QUERIED, Direction
from kpi.judge.state import AMBER, RED, STATES
from kpi.judge.target import Verdict
from kpi.model.kpi import Measure
from kpi.model.period import add_months
from kpi.model.plan import StatusRules

_WHY_RED = {WORSE: "clearly worse", NO_CLEAR_CHANGE: NO_CLEAR_CHANGE, SAME: "the same as before"}

MONTHS_OF_IMPROVING = 12
"""How far apart two figures at a date may lie for their change to decide a colour."""


class Rag(NamedTuple):
    """A colour, empty for states that have none, and what decided between red and amber."""

    colour: str = ""
    because: str = ""


def choose_colour(
    measure: Measure, verdict: Verdict | None, judged: Direction | None, rules: StatusRules
) -> Rag:
    """The colour of a state.

    Green is met. Amber is near, behind on the way, or not met but clearly better (unless the plan reserves amber for near).
    Red is everything else that is not met. A doubted figure is never green, nor improving.

    Args:
        measure: the measure that is judged.
        verdict: the deciding target's verdict; None without a target.
        judged: the direction of the figure that was judged; None if it has none.
        rules: the plan's rules.
    """
    if verdict is None:
        return Rag()
    state = STATES[verdict.state]
    if state.is_met and verdict.queried:
        return Rag()
    if not state.unmet:
        return Rag(state.colour, "within the tolerance" if state.colour == AMBER and verdict.bound else "")
    unmet = _unmet(measure, judged, rules)
    if state.colour == AMBER and rules.amber != "near":
        return unmet._replace(colour=AMBER)
    return unmet


def _unmet(measure: Measure, judged: Direction | None, rules: StatusRules) -> Rag:
    if judged is None:
        return Rag(RED, "nothing to compare")
    if judged.queried:
        return Rag(RED, QUERIED)
    if judged.outcome in {BETTER, WORSE} and _is_old(measure, judged):
        assert judged.earlier is not None
        return Rag(RED, f"{judged.outcome} than in {judged.earlier.period.end.year}")
    if judged.outcome == BETTER:
        return Rag(RED if rules.amber == "near" else AMBER, "improving")
    if judged.outcome == UNJUDGED:
        return Rag(RED, "nothing to compare")
    return Rag(RED, _WHY_RED.get(judged.outcome, "no better or worse"))


def _is_old(measure: Measure, judged: Direction) -> bool:
    """Whether two figures at a date are too far apart for a trend."""
    earlier = judged.earlier
    if earlier is None or judged.usual is not None or not at_a_date(measure):
        return False
    return add_months(earlier.period.end, MONTHS_OF_IMPROVING) < judged.later.period.end
