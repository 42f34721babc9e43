"""The cells that several pages share: a measure's current figures, target, history and trend, as Markdown."""

from kpi.judge.judgement import MeasureJudgement
from kpi.model.kpi import Measure, identity
from kpi.model.period import Period, period_words
from kpi.model.plan import Plan
from kpi.pages.markdown import inline
from kpi.pages.words import (
    NOTHING,
    dated,
    no_figures_words,
    reference_words,
    target_words,
    trend_words,
    value_words,
)


def current_cell(judged: MeasureJudgement, plan: Plan) -> str:
    """The latest figure of each length, newest first, then later periods that have no figure."""
    measure = judged.measure
    if measure.no_figures is not None:
        return inline(no_figures_words(measure.no_figures, plan))
    told = [dated(one, measure) for one in (*judged.current, *judged.latest.without_value)]
    return inline("; ".join(told) or "no figures yet")


def target_cell(judged: MeasureJudgement, plan: Plan | None = None) -> str:
    """The targets in force, the deciding one first; with their sources where a plan is given to name them."""
    measure = judged.measure
    by_target = {verdict.target: verdict for verdict in judged.verdicts}
    shown = by_target or dict.fromkeys(measure.targets)
    told = []
    for target, verdict in shown.items():
        text = target_words(target, measure, verdict)
        source = plan.sources.get(target.source) if plan else None
        told.append(f"{text} ({source.title})" if source else text)
    return inline("; ".join(told) or NOTHING)


def history_cell(judged: MeasureJudgement, plan: Plan) -> str:
    """Earlier figures newest first, then references, then peers for the periods that are current."""
    measure = judged.measure
    told = [dated(one, measure) for one in judged.history]
    told += [reference_words(one, measure) for one in measure.references]
    told += [
        text
        for one in (judged.current or judged.history)[:1]
        if (text := peers_text(measure, one.period, plan))
    ]
    return inline("; ".join(told) or NOTHING)


def peers_text(measure: Measure, period: Period, plan: Plan) -> str:
    """Other areas' figures for a period: "2022/23: Greater Manchester 7%, Merseyside 7%"; empty where there are none."""
    found = []
    at = identity(period, measure.kind)
    for area, observations in measure.peers.items():
        for one in observations:
            if identity(one.period, measure.kind) == at and one.value is not None:
                name = plan.areas[area].label if area in plan.areas else area
                found.append(f"{name} {value_words(one, measure)}")
    return f"{period_words(period)}: {', '.join(found)}" if found else ""


def trend_cell(judged: MeasureJudgement) -> str:
    """The direction of each current length, with both periods."""
    return inline(trend_words(judged))
