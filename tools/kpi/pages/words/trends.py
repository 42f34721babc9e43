"""Changes in words: better or worse than when, whether that could be chance, and whether it asks for action."""

from decimal import Decimal

from kpi.judge.aim import AimResult
from kpi.judge.direction import DOWN, LEVEL, UP, Direction
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.significance import COULD_BE_CHANCE, SMALL_COUNT, interval, significance
from kpi.judge.trigger import CANNOT_TELL, FIRED, TriggerResult
from kpi.model.kpi import Measure, Observation, Trigger
from kpi.model.period import span_words
from kpi.model.quantity import Unit, change, figure, plain, rounded
from kpi.pages.words.digits import change_decimals
from kpi.pages.words.figures import NOTHING, capitalised, when

_MOVES = {"increase": ("rises", "rise"), "decrease": ("falls", "fall"), "change": ("changes", "change")}


def change_words(travel: Direction, measure: Measure) -> str:
    """The change itself: "down 8 percentage points", "up 690 (4.6%)", "no change"."""
    if travel.change is None:
        return travel.reason
    if travel.movement == LEVEL:
        return "no change"
    size = change(travel.change, measure.unit, change_decimals(travel, measure))
    told = f"{travel.movement} {size}"
    if travel.per_cent is None:
        return told
    return f"{told} ({plain(abs(travel.per_cent))}%)" if travel.per_cent else f"{told} (less than 0.1%)"


def direction_words(travel: Direction, measure: Measure) -> str:
    """The trend with both periods: "Worse ▼ down 8 percentage points (2022/23 against 2021/22)"."""
    later = when(travel.later.period, measure)
    if travel.earlier is None:
        told = f"{capitalised(later)}: {travel.reason}"
    else:
        arrow = {UP: "▲ ", DOWN: "▼ "}.get(travel.movement, "")
        head = {"better": "Better ", "worse": "Worse "}.get(travel.meaning, "")
        text = f"{head}{arrow}{change_words(travel, measure)}"
        gap = f"; none for {span_words(*travel.gap)}" if travel.gap else ""
        told = f"{capitalised(text)} ({later} against {when(travel.earlier.period, measure)}{gap})"
    if travel.overlapping is not None:
        told += f"; {when(travel.overlapping.period, measure)} overlaps and is not compared"
    if travel.queried:
        told += "; figure queried"
    return told


def trend_words(judged: MeasureJudgement) -> str:
    """The direction of each current length, the newest figure first: it is the one that the status speaks of.

    Each says whether it could be chance, or that no test is known.
    """
    measure = judged.measure
    told = [
        "; ".join(filter(None, (direction_words(one, measure), chance_of(one, measure))))
        for one in judged.directions
    ]
    return "; ".join(told) or NOTHING


def chance_of(travel: Direction, measure: Measure) -> str:
    """Whether a change could be chance, in three words.

    Empty where nothing has changed or can be compared, and where the test finds less than 1 in 20: that is said of nearly every
    change of a large count, so it says nothing.
    """
    if travel.earlier is None or travel.movement == LEVEL:
        return ""
    p = significance(measure, travel).p
    if p is None:
        return "chance not tested"
    return "could be chance" if p >= COULD_BE_CHANCE else ""


def chance_words(judged: MeasureJudgement) -> str:
    """Whether the newest change that can be compared could be chance, and the interval of the latest figure.

    "Could be chance (p = 0.21; 2022/23 against 2021/22). 95% confidence interval for 2022/23: 29 to 54".
    """
    measure = judged.measure
    travel = next((one for one in judged.directions if one.earlier is not None), None)
    told = _tested(travel, measure) if travel is not None else ""
    newest = judged.latest.observation
    level = interval_words(newest, measure) if newest is not None else ""
    return ". ".join(filter(None, (told, level)))


def _tested(travel: Direction, measure: Measure) -> str:
    found = significance(measure, travel)
    if found.p is None:
        return f"Not tested: {found.reason}"
    assert travel.earlier is not None
    pair = f"{when(travel.later.period, measure)} against {when(travel.earlier.period, measure)}"
    if found.p >= COULD_BE_CHANCE:
        return f"Could be chance ({p_words(found.p)}; {pair})"
    return f"{p_words(found.p)} ({pair})" if _is_small(travel, measure) else ""


def _is_small(travel: Direction, measure: Measure) -> bool:
    """Whether a small p says something: not of large counts, which have one after nearly every change."""
    values = [
        one.value for one in (travel.earlier, travel.later) if one is not None and one.value is not None
    ]
    return measure.unit.kind != "count" or max(values) <= SMALL_COUNT


def interval_words(newest: Observation, measure: Measure) -> str:
    """How far chance alone moves a figure: "95% confidence interval for 2022/23: 29 to 54".

    Counts in whole numbers, shares with one decimal. Empty where there is no interval.
    """
    found = interval(measure, newest)
    if found is None:
        return ""
    in_percent = measure.unit.kind == "percent"
    low, high = (rounded(Decimal(end), 1 if in_percent else 0) for end in found)
    unit = measure.unit if in_percent else Unit("count")
    span = f"{figure(low, unit)} to {figure(high, unit)}"
    return f"95% confidence interval for {when(newest.period, measure)}: {span}"


def p_words(p: float) -> str:
    """A probability with two digits that say something: "p = 0.21", "p = 0.027", "p below 0.001"."""
    return "p below 0.001" if p < 0.001 else f"p = {p:.2f}" if p >= 0.1 else f"p = {p:.2g}"


def aim_words(result: AimResult) -> str:
    """How a measure stands to its aim: "against the aim", "cannot tell (no earlier figure)"."""
    return f"{result.word} ({result.reason})" if result.reason else result.word


def asked_words(trigger: Trigger, measure: Measure) -> str:
    """When the plan asks for action: "when it rises significantly", "when it falls by 20% or more"."""
    told = [f"when it {_MOVES[trigger.when][0]}"]
    if trigger.level is not None:
        told.append("significantly")
    if trigger.minimum is not None:
        least = (
            f"{plain(trigger.minimum)}%"
            if trigger.minimum_in_percent
            else change(trigger.minimum, measure.unit)
        )
        told.append(f"{'and ' if trigger.level is not None else ''}by {least} or more")
    return " ".join(told)


def answer_words(found: TriggerResult) -> str:
    """Whether that has come about: "no such rise", "it has (p = 0.027; level 0.05)", "can't be told: no figures"."""
    if found.state == CANNOT_TELL:
        return f"can't be told: {found.reason}"
    told = "it has" if found.state == FIRED else f"no such {_MOVES[found.trigger.when][1]}"
    told = f"{told}: {found.reason}" if found.reason else told
    if found.p is None or found.trigger.level is None:
        return told
    return f"{told} ({p_words(found.p)}; level {plain(found.trigger.level)})"
