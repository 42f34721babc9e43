"""What the words, symbols and letters mean: printed above the tables that use them."""

from collections.abc import Iterable, Mapping

from kpi.judge.judgement import Judgement
from kpi.judge.latest import valued
from kpi.judge.state import NEAR, SHORT, STATES, STATES_WORST_FIRST
from kpi.model.kpi import Measure
from kpi.model.mark import MARKS
from kpi.model.period import span_words
from kpi.model.plan import Plan
from kpi.model.quantity import Unit
from kpi.pages.markdown import bullets, inline
from kpi.pages.words import NOTHING, capitalised, names_its_end, state_words, tolerance_words

_TRENDS = (
    "**Better** and **worse**, and **higher** and **lower** where neither is better, are said of clear changes only, between two periods of equal length and season, or two dates.",
    "**No clear change**: figures of this kind often differ by that much. The reason stands beside it.",
    "▲ is a rise and ▼ a fall, whichever is better.",
)

NOT_A_TREND = "**Two figures are not a trend**: a change between them that is clear may still be followed by one the other way."
"""What stands once, where the front page and the paper say how to read them."""

_ANY_UNIT = Unit("count")
"""The plan's tolerance is for measures in any unit."""

_AT_A_DATE = (
    "**End of** a year: numbers of people and the like are counted on one day, the last of the period named."
)

_NOTHING = f"**{NOTHING}** means none, or nothing to say."


def how_to_read(plan: Plan, measures: Iterable[Measure]) -> str:
    """The notes that stand above a table: about trends only where there can be one, and what is short in it."""
    measures = list(measures)
    notes = [_NOTHING, *(_TRENDS if any(len(valued(measure)) > 1 for measure in measures) else ())]
    if any(names_its_end(figure.period, measure) for measure in measures for figure in measure.observations):
        notes.append(_AT_A_DATE)
    return bullets(
        filter(None, [*notes, near_words(plan, measures), letters(measures), _short_names(plan, measures)])
    )


def near_words(plan: Plan, measures: Iterable[Measure]) -> str:
    """What near means here, with the tolerance that is allowed; empty where no target of these has one."""
    targets = [target for measure in measures for target in measure.targets if target.bound is not None]
    own = any(target.tolerance is not None for target in targets)
    of_plan = plan.status.tolerance if any(target.tolerance is None for target in targets) else None
    if of_plan is None:
        allowed = "the tolerance that stands beside the target" if own else ""
    else:
        allowed = f"the plan's tolerance, {tolerance_words(of_plan, _ANY_UNIT)}"
        allowed += ", or the target's own, which then stands beside it" if own else ""
    word = inline(capitalised(state_words(NEAR, plan.status.words)))
    return (
        f"**{word}**: the figure does not reach its target, but by no more than {allowed}." if allowed else ""
    )


def letters(measures: Iterable[Measure]) -> str:
    """What the mark letters mean that occur in some measures; empty where none does."""
    marks = {
        mark
        for measure in measures
        for series in (measure.observations, *measure.peers.values())
        for one in series
        for mark in one.marks
    }
    meanings = [f"**[{mark.letter}]** {mark.words}" for mark in MARKS.values() if mark.name in marks]
    return f"After a figure: {'; '.join(meanings)}." if meanings else ""


def _short_names(plan: Plan, measures: Iterable[Measure]) -> str:
    """The areas that are told by a short name, with their whole ones; empty where there are none."""
    names = dict.fromkeys(name for measure in measures for name in measure.peers)
    areas = [plan.areas[name] for name in names if name in plan.areas]
    told = [f"{inline(area.name)} (**{inline(area.short)}**)" for area in areas if area.short]
    return f"Areas: {'; '.join(told)}." if told else ""


def states(judgement: Judgement) -> str:
    """What each status that occurs means, in the plan's own words for them."""
    there = {one.status for one in judgement.kpis} | {
        one.state for kpi in judgement.kpis for one in kpi.measures
    }
    words = judgement.plan.status.words
    notes = {state: _meaning(state, words) for state in STATES_WORST_FIRST if state in there}
    if NEAR in notes:
        notes[NEAR] = near_words(judgement.plan, _measures(judgement)) or notes[NEAR]
    return bullets(notes.values())


def _meaning(state: str, words: Mapping[str, str]) -> str:
    return f"**{inline(capitalised(state_words(state, words)))}**: {STATES[state].meaning}"


def _measures(judgement: Judgement) -> list[Measure]:
    return [one.measure for kpi in judgement.kpis for one in kpi.measures]


def colours(judgement: Judgement) -> str:
    """What red, amber and green stand for in this plan, and what is near."""
    near_only = judgement.plan.status.amber == "near"
    amber = (
        "near its target"
        if near_only
        else "near its target, behind on the way, or not met but clearly better"
    )
    red = "not met" if near_only else "not met and not clearly better"
    notes = [
        f"🟢 green: the target is met. 🟠 amber: {amber}. 🔴 red: {red}. The word beside the symbol says it too.",
        near_words(judgement.plan, _measures(judgement)),
        _meaning(SHORT, judgement.plan.status.words),
        "**Against the aim**: an aim without a target, and the latest figure is clearly worse. It has no colour.",
        *_TRENDS,
    ]
    return bullets(filter(None, notes))


def day_words(judgement: Judgement) -> str:
    """The sentence that says which day the page is for."""
    return inline(f"Judged as of {span_words(judgement.day, judgement.day)}.")
