"""How measures stand, in a few sentences: one in full, several in short; and what is written above pictures."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from kpi.judge.benchmarks import rank_among_peers
from kpi.judge.judgement import AGAINST, AS_INTENDED, HELD, Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.state import (
    AMBER,
    BETTER,
    CHANGE_CLASSES,
    DUE,
    IN_WORDS,
    IS_MET,
    NO_DATA,
    NOT_DUE,
    SHORT,
    STATES,
    STATES_WORST_FIRST,
    UNJUDGED,
    WORSE,
)
from kpi.model.kpi import Measure, Observation
from kpi.model.plan import Plan
from kpi.model.quantity import COUNT, CURRENCY, DURATION, PERCENT, unit_text
from kpi.model.text import counted, joined
from kpi.pages.figure_words import (
    UNIT_NOUNS,
    age_words,
    capitalised,
    dated,
    ended,
    number_words,
    place_words,
    short_label,
    value_words,
    when,
)
from kpi.pages.markdown import inline
from kpi.pages.table_cells import class_text, status_text, target_text
from kpi.pages.target_words import (
    CIRCLES,
    HARDLY,
    gap_share_words,
    gap_words,
    group_words,
    no_figures_words,
    says_why,
    state_words,
)
from kpi.pages.trend_words import change_words, trend_words, usual_range_words

NamedMeasure = tuple[str, MeasureJudgement]
"""A measure with what it is called here."""

_AIMS = {AS_INTENDED: "{}, as intended", AGAINST: "{}, against the aim", HELD: "{}: held, as intended"}


def figure_and_target(judged: MeasureJudgement, day: date) -> str:
    """The judged figure with its age, the target and the gap: "312 (January 2024), 27 days old; target: at least 464; gap 152"."""
    verdict, measure = judged.deciding, judged.measure
    target = f"target: {target_text(judged)}"
    figure = (verdict.observation if verdict else None) or judged.latest.observation
    if figure is None:
        return f"no figures yet; {target}"
    parts = [f"{dated(figure, measure)}, {age_words(figure, day)} old", target]
    if verdict is not None and verdict.gap is not None:
        share = gap_share_words(verdict)
        parts.append(f"gap {gap_words(verdict, measure)}{f' ({share})' if share else ''}")
    parts += [HARDLY] if verdict is not None and verdict.hardly else []
    return "; ".join(parts)


def in_full(judgement: Judgement, judged: MeasureJudgement) -> str:
    """One measure: its status, figure and target, what happened to it, and how it compares with its aim and with others."""
    plan, measure, newest = judgement.plan, judged.measure, judged.latest.observation
    if measure.no_figures is not None:
        return inline(ended(no_figures_words(measure.no_figures, plan)))
    sentences = []
    if judged.verdicts:
        status = inline(status_text(judgement, judged, because=False, older=False))
        sentences.append(f"**{status}**: {inline(ended(figure_and_target(judged, judgement.day)))}")
    elif newest is None:
        return "No figures yet."
    else:
        if judged.ended is not None:
            sentences.append(f"**{inline(status_text(judgement, judged))}**.")
        sentences.append(inline(f"{dated(newest, measure)}, {age_words(newest, judgement.day)} old."))
    return " ".join([*sentences, *(inline(ended(capitalised(text))) for text in _beside(judgement, judged))])


def _beside(judgement: Judgement, judged: MeasureJudgement) -> Iterator[str]:
    """What there is to say beside a figure and its target."""
    newest = judged.latest.observation
    if judged.latest.without_value and judged.state not in {NO_DATA, DUE}:
        yield f"no figure yet: {', '.join(dated(late, judged.measure) for late in judged.latest.without_value)}"
    change = trend_words(judged) if judged.directions else ""
    if judged.aim is not None and judged.aim.word in _AIMS:
        change = _AIMS[judged.aim.word].format(change)
    usual = usual_range_words(judged)
    yield from filter(None, (change, f"against the target: {usual}" if usual else ""))
    yield from (
        f"{place_words(rank)} areas"
        for rank in rank_among_peers(judged.measure, judgement.plan)[:1]
        if rank.figure == newest
    )
    if newest is not None and newest.queried:
        yield "this figure is doubted"


def in_short(
    judgement: Judgement, measures: Sequence[NamedMeasure], most: int = 6, *, only_open: bool = False
) -> str:
    """Several measures: those with a target by their state, the worst first, and of the others those that changed clearly.

    At `most` so many names a group; of the rest only the number is printed. `only_open` leaves out the targets that are met, in
    words, or part of the way.
    """
    left_out = IS_MET | {SHORT, IN_WORDS} if only_open else ()
    targeted = [(name, each) for name, each in measures if each.verdicts and each.state not in left_out]
    targeted.sort(key=lambda named: named[1].rag.colour == AMBER)  # last within a state
    targeted.sort(key=lambda named: STATES_WORST_FIRST.index(named[1].state))
    groups: dict[str, list[str]] = {}
    for name, judged in targeted:
        head = group_words(judged.state, judged.rag, judgement.plan.status.words)
        circle = f" {CIRCLES[judged.rag.colour]}" if judged.rag.colour else ""
        groups.setdefault(f"{head}{circle}", []).append(_with_gap(name, judged))
    for outcome in (WORSE, BETTER):
        names = [name for name, judged in measures if not judged.verdicts and judged.change == outcome]
        if names:
            groups[CHANGE_CLASSES[outcome].head.removesuffix(":")] = names
    if not groups:
        for name, judged in measures:
            if judged.measure.no_figures is None:
                groups.setdefault(class_text(judged) or "No figures yet", []).append(name)
    return " ".join(f"**{inline(head)}**: {inline(_few(names, most))}." for head, names in groups.items())


def _few(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return f"{', '.join(names[:most])} and {rest:,} more" if rest > 1 else joined(names)


def _with_gap(name: str, judged: MeasureJudgement) -> str:
    """A name with its gap, and what decided its colour unless the head of its group says it: "Vehicle theft (53% above, clearly worse)"."""
    assert judged.deciding is not None
    gap = gap_words(judged.deciding, judged.measure) if judged.deciding.gap else ""
    share = gap_share_words(judged.deciding) or gap
    because = "" if says_why(judged.state, judged.rag) else judged.rag.because
    more = ", ".join(filter(None, (share, because)))
    return f"{name} ({more})" if more else name


def way_words(judged: MeasureJudgement) -> str:
    """A gain that is part of the way: "256 of 450"; or the figure and its target."""
    verdict = judged.deciding
    assert verdict is not None
    assert verdict.observation is not None
    target = target_text(judged).removeprefix("at least ")
    return f"{value_words(verdict.observation, judged.measure)} of {target}"


_MOST_PLACES = 3


def finding_words(judged: MeasureJudgement, plan: Plan, *, with_figure: bool) -> str:
    """What a measure's figures come to: "Not met by 99: 7,901 (January 2024)", "No clear change: 40 (2022/23)".

    Without the figure, the text is empty where there is nothing to find.
    """
    verdict, figure = judged.deciding, judged.latest.observation
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
    """What is drawn, its unit, where and when: "Homicide. Number, West Midlands, 2019/20 to 2022/23"."""
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
