"""What the words, symbols and letters mean: how to read the scorecard, and the letters of marks above their tables."""

from collections.abc import Iterable

from kpi.judge.judgement import Judgement
from kpi.judge.state import NEAR, STATES, STATES_WORST_FIRST
from kpi.model.kpi import Measure
from kpi.model.plan import Plan
from kpi.model.quantity import Unit
from kpi.model.vocabulary import MARKS
from kpi.pages.markdown import bullets, inline
from kpi.pages.words.figure_words import capitalised, names_its_end
from kpi.pages.words.statuses import state_words
from kpi.pages.words.target_words import tolerance_words

HOW_TO_READ = "How to read this"

NOT_A_TREND = "**Two figures are not a trend**: a change between them that is clear may still be followed by one the other way."

_TRENDS = (
    "**Better** and **worse**, and **higher** and **lower** where neither is better, are said of clear changes only, between two periods of equal length and season, or two dates.",
    "**No clear change**: figures of this kind often differ by that much. A KPI's page has the reason.",
    "**Other**, among the changes of a priority: higher, lower, the same, or it can't be told.",
    "**Against the aim**: an aim without a target, and the latest figure is clearly worse. It has no colour.",
    "▲ is a rise and ▼ a fall, whichever is better.",
)

_ANY_UNIT = Unit("count")
"""The plan's tolerance is for measures in any unit."""

_AT_A_DATE = (
    "**End of** a year: numbers of people and the like are counted on one day, the last of the period named."
)


def how_to_read(judgement: Judgement) -> str:
    """What readers need to know: the statuses that occur, what is near, and the words for changes."""
    measures = [judged.measure for judged in judgement.once()]
    there = {judged.state for judged in judgement.once()} | {kpi.status for kpi in judgement.kpis}
    near = near_words(judgement.plan, measures)
    statuses = [
        f"**{inline(_word_of(state, judgement.plan))}**: {STATES[state].meaning}"
        for state in STATES_WORST_FIRST
        if state in there and not (state == NEAR and near)
    ]
    dates = any(names_its_end(each.period, measure) for measure in measures for each in measure.observations)
    return bullets(filter(None, [NOT_A_TREND, *_TRENDS, near, *statuses, _AT_A_DATE if dates else ""]))


def _word_of(state: str, plan: Plan) -> str:
    """A state's word in this plan, as a sentence begins."""
    return capitalised(state_words(state, plan.status.words))


def near_words(plan: Plan, measures: Iterable[Measure]) -> str:
    """What near means here, with the tolerance that is allowed; empty where no target of these has one."""
    targets = [target for measure in measures for target in measure.targets if target.bound is not None]
    own = any(target.tolerance is not None for target in targets)
    of_plan = plan.status.tolerance if any(target.tolerance is None for target in targets) else None
    if of_plan is None:
        allowed = "the tolerance beside the target" if own else ""
    else:
        allowed = f"the plan's tolerance, {tolerance_words(of_plan, _ANY_UNIT)}"
        allowed += ", or the target's own, which is printed beside it" if own else ""
    words = f"**{inline(_word_of(NEAR, plan))}**: the figure does not reach its target, but by no more than"
    return f"{words} {allowed}." if allowed else ""


def letters(measures: Iterable[Measure]) -> str:
    """What the mark letters mean that occur in some measures; empty if none do."""
    marks = {
        mark
        for measure in measures
        for series in (measure.observations, *measure.peers.values())
        for figure in series
        for mark in figure.marks
    }
    meanings = [f"**[{mark.letter}]** {mark.words}" for mark in MARKS.values() if mark.name in marks]
    return f"After a figure: {'; '.join(meanings)}." if meanings else ""


def colour_legend(plan: Plan) -> str:
    """What red, amber, green and white stand for in this plan."""
    near_only = plan.status.amber == "near"
    amber = "near" if near_only else "near, behind on the way, or not met but clearly better"
    return f"Green: met. Amber: {amber}. Red: not met otherwise. White: part of the way, or not to be judged yet."
