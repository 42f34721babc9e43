"""Changes in words: better or worse than when, and whether that is more than chance."""

from kpi.judge.aim import AimResult
from kpi.judge.direction import DOWN, LEVEL, UP, Direction
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.significance import MORE_THAN_CHANCE, significance
from kpi.model.kpi import Measure
from kpi.model.period import period_words
from kpi.model.quantity import change, plain
from kpi.pages.words.figures import NOTHING, capitalised


def change_words(travel: Direction, measure: Measure) -> str:
    """The change itself: "down 8 percentage points", "up 690 (4.6%)", "no change"."""
    if travel.change is None:
        return travel.reason
    if travel.movement == LEVEL:
        return "no change"
    told = f"{travel.movement} {change(travel.change, measure.unit)}"
    return f"{told} ({plain(abs(travel.per_cent))}%)" if travel.per_cent is not None else told


def direction_words(travel: Direction, measure: Measure) -> str:
    """The trend with both periods: "Worse ▼ down 8 percentage points (2022/23 against 2021/22)"."""
    when = period_words(travel.later.period)
    if travel.earlier is None:
        told = f"{when}: {travel.reason}"
    else:
        arrow = {UP: "▲ ", DOWN: "▼ "}.get(travel.movement, "")
        head = {"better": "Better ", "worse": "Worse "}.get(travel.meaning, "")
        text = f"{head}{arrow}{change_words(travel, measure)}"
        told = f"{capitalised(text)} ({when} against {period_words(travel.earlier.period)})"
    if travel.overlapping is not None:
        told += f"; {period_words(travel.overlapping.period)} overlaps and is not compared"
    if travel.queried:
        told += "; figure queried"
    return told


def trend_words(judged: MeasureJudgement) -> str:
    """The direction of each current length, the newest figure first: it is the one that the status speaks of."""
    return "; ".join(direction_words(one, judged.measure) for one in judged.directions) or NOTHING


def chance_words(judged: MeasureJudgement) -> str:
    """Whether the newest change that has an earlier figure is more than chance: "Could be chance (p = 0.21)"."""
    travel = next((one for one in judged.directions if one.earlier is not None), None)
    if travel is None:
        return ""
    found = significance(judged.measure, travel)
    if found.p is None:
        return f"Not tested: {found.reason}"
    told = "More than chance" if found.p < MORE_THAN_CHANCE else "Could be chance"
    return f"{told} ({p_words(found.p)}; {period_words(travel.later.period)})"


def p_words(p: float) -> str:
    """A probability with two digits that say something: "p = 0.21", "p = 0.027", "p below 0.001"."""
    return "p below 0.001" if p < 0.001 else f"p = {p:.2f}" if p >= 0.1 else f"p = {p:.2g}"


def aim_words(result: AimResult) -> str:
    """How a measure stands to its aim: "against the aim", "cannot tell (no earlier figure)"."""
    return f"{result.word} ({result.reason})" if result.reason else result.word
