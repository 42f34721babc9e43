"""What is above pictures: the finding of a measure and of a KPI, and what is drawn."""

from collections import Counter

from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.judge.state import CHANGE_CLASSES, DUE, NO_DATA, NOT_DUE, SHORT, STATES, UNJUDGED
from kpi.model.kpi import Measure, Observation
from kpi.model.plan import Plan
from kpi.model.quantity import COUNT, CURRENCY, DURATION, PERCENT, unit_text
from kpi.model.text import counted, joined
from kpi.pages.words.figure_words import UNIT_NOUNS, capitalised, number_words, short_label, when
from kpi.pages.words.statuses import state_words
from kpi.pages.words.target_words import gap_words
from kpi.pages.words.trends import change_words

_MOST_PLACES = 3


def finding_words(judged: MeasureJudgement, plan: Plan, *, with_figure: bool) -> str:
    """What a measure's figures come to: "Not met by 99: 7,901 (January 2024)", "No clear change: 40 (2022/23)".

    Args:
        judged: the measure.
        plan: has words of its own for states.
        with_figure: name the figure too; without it, the text is empty where there is nothing to find.
    """
    verdict = judged.deciding
    figure = judged.latest.observation
    if verdict is not None and STATES[judged.state].judged:
        words, figure = capitalised(state_words(judged.state, plan.status.words)), verdict.observation
        if verdict.gap:
            gap = gap_words(verdict, judged.measure)
            words += f", {gap} to go" if judged.state in {SHORT, NOT_DUE} else f" by {gap}"
    else:
        words = "Target not judged" if judged.state in {NO_DATA, DUE} else _change(judged)
    if not with_figure or figure is None or figure.value is None:
        return words
    dated = f"{number_words(figure, judged.measure)} ({when(figure.period, judged.measure)})"
    return ": ".join(filter(None, (words, dated)))


def _change(judged: MeasureJudgement) -> str:
    """How the newest figure has changed: "Worse, down 115 (35.0%)"; empty where it can't be told."""
    if judged.change == UNJUDGED:
        return ""
    travel, change = judged.directions[0], CHANGE_CLASSES[judged.change]
    head = change.head.rstrip(":")
    if not change.is_clear:
        return head
    return f"{head} than usual" if travel.usual else f"{head}, {change_words(travel, judged.measure)}"


def findings_words(kpi: KpiJudgement) -> str:
    """What the measures of a KPI come to together: "1 of 4 targets met", "2 better, 1 no clear change", "All 4: worse"."""
    judgeable = sum(STATES[judged.state].judged for judged in kpi.measures)
    if judgeable:
        return f"{kpi.met} of {counted(judgeable, 'target')} met"
    changes = Counter(judged.change for judged in kpi.measures)
    parts = [f"{changes[name]} {name}" for name in CHANGE_CLASSES if changes[name]]
    if len(changes) > 1:
        return ", ".join(parts)
    (change,) = changes
    every = "Both" if len(kpi.measures) == 2 else f"All {len(kpi.measures)}"
    return "" if change == UNJUDGED else f"{every}: {change}"


def drawn_words(title: str, measures: list[Measure], figures: list[Observation], plan: Plan) -> str:
    """What is drawn, its unit, where and when: "Homicide. Number, West Midlands, 2019/20 to 2022/23".

    Args:
        title: the KPI's.
        measures: those that are drawn.
        figures: theirs, of which the first and the last period are named.
        plan: names areas.
    """
    units = list(dict.fromkeys(_unit_words(measure) for measure in measures))
    places = dict.fromkeys(measure.area or plan.area for measure in measures)
    named = [plan.areas[at].name if at in plan.areas else plan.organisation for at in places]
    unit = [capitalised(units[0])] if len(units) == 1 else []
    where = joined(dict.fromkeys(named)) if len(places) < _MOST_PLACES else counted(len(places), "area")
    return f"{title}. {', '.join([*unit, where, periods_words(measures[0], figures)])}"


def periods_words(measure: Measure, figures: list[Observation]) -> str:
    """The first and the last period of some figures: "2019/20 to 2022/23"."""
    in_order = sorted(figures, key=lambda figure: figure.period.order)
    return " to ".join(dict.fromkeys(when(figure.period, measure) for figure in (in_order[0], in_order[-1])))


def _unit_words(measure: Measure) -> str:
    """What the numbers are: "homicides", "per cent of offences", "deaths per 100,000", "days"."""
    unit = measure.unit
    if unit.kind == CURRENCY:
        return f"money in {unit.name}"
    if unit.per is not None:
        return f"{measure.noun} per {unit.per:,f}".strip()
    name = UNIT_NOUNS.get(unit.kind) or unit_text(unit)
    if unit.kind == PERCENT and measure.noun:
        return f"{name} of {measure.noun}"
    return (measure.noun if unit.kind == COUNT else "") or name


def panel_words(measure: Measure) -> str:
    """What a measure is called above its own panel, with its unit where its numbers don't carry that."""
    name, unit = short_label(measure), _unit_words(measure)
    shown = {COUNT, PERCENT, DURATION, CURRENCY}
    return name if measure.unit.kind in shown or unit.lower() in name.lower() else f"{name} ({unit})"
