"""Red, amber, green: a colour beside the word of a target's state, never instead of it."""

from typing import NamedTuple

from kpi.judge.direction import BETTER, LEVEL, WORSE, Direction
from kpi.judge.state import AMBER, RED, STATES
from kpi.judge.target import Verdict
from kpi.model.plan import StatusRules

_WHY_RED = {WORSE: "getting worse", LEVEL: "no change"}


class Rag(NamedTuple):
    """A colour, or an empty text for states that have none, and what decided between red and amber."""

    colour: str = ""
    because: str = ""


def rag(verdict: Verdict | None, judged: Direction | None, rules: StatusRules) -> Rag:
    """The colour of a state.

    Green is met. Amber is near, or missed where the judged figure itself improved (unless the plan reserves amber for
    near). Red is missed and level, worse or with nothing to compare. A doubted figure never counts as improved.

    Args:
        verdict: the deciding target's verdict; None where there is no target.
        judged: the direction of the very figure that was judged; None where it has none.
        rules: the plan's choice.
    """
    colour = STATES[verdict.state].colour if verdict is not None else ""
    if colour == RED:
        return _missed(judged, rules)
    because = "within the tolerance" if colour == AMBER and verdict is not None and verdict.bound else ""
    return Rag(colour, because)


def _missed(judged: Direction | None, rules: StatusRules) -> Rag:
    if judged is None or judged.earlier is None:
        return Rag(RED, "nothing to compare")
    if judged.queried:
        return Rag(RED, "figure queried")
    if judged.meaning == BETTER:
        return Rag(RED if rules.amber == "near" else AMBER, "improving")
    return Rag(RED, _WHY_RED.get(judged.meaning, "no better or worse"))
