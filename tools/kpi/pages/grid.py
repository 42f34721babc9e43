"""Many measures in one table: crossed breakdowns with the last dimension across, and single figures under one another."""

from collections.abc import Mapping, Sequence
from itertools import product
from operator import itemgetter

from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.model.text import joined
from kpi.pages.markdown import inline, table
from kpi.pages.words.figure_words import NOTHING, capitalised, dated, number_words, value_words, when
from kpi.pages.words.statuses import state_words

_FEWEST = 4
"""The fewest crossed measures that make a table worth its room."""

Crossed = Mapping[tuple[str, ...], MeasureJudgement]
"""Measures by their place in every dimension, in the order in which the KPI declares them."""


def crossed(kpi: KpiJudgement) -> Crossed:
    """The KPI's own measures that have a place in every dimension; empty where they are few, or share a place."""
    dimensions = kpi.kpi.dimensions
    at_places = [
        (tuple(judged.measure.dimensions[name] for name in dimensions), judged)
        for judged in kpi.measures
        if judged.kpi == kpi.kpi.id and set(judged.measure.dimensions) == set(dimensions)
    ]
    crossing = dict(at_places)
    return crossing if dimensions and len(crossing) == len(at_places) >= _FEWEST else {}


def bare(judged: MeasureJudgement) -> bool:
    """Whether a measure is one figure with nothing to compare it with, so that a cell says everything."""
    measure = judged.measure
    more = (measure.targets, measure.peers, measure.references, measure.triggers, measure.note)
    if any(more) or measure.no_figures is not None or measure.derived is not None:
        return False
    return len(measure.observations) == 1 and not measure.observations[0].note


def folded(kpi: KpiJudgement) -> dict[str, list[MeasureJudgement]]:
    """The lines of a grid that says everything, by the labels that their measures share; empty for all other KPIs."""
    crossing = crossed(kpi)
    if len(kpi.kpi.dimensions) < 2 or len(crossing) < len(kpi.measures):
        return {}
    if not all(bare(result) for result in crossing.values()):
        return {}
    labels = list(kpi.kpi.dimensions.values())[:-1]
    lines: dict[str, list[MeasureJudgement]] = {}
    for place, judged in crossing.items():
        named = ", ".join(of[at] for of, at in zip(labels, place, strict=False))
        lines.setdefault(named, []).append(judged)
    return lines


def side_by_side(kpi: KpiJudgement, group: Sequence[MeasureJudgement]) -> str:
    """The figures of one line of a grid: "Walking to the stop 65%; At the stop 64% (2022/23)"; other periods each time."""
    name, labels = list(kpi.kpi.dimensions.items())[-1]
    labelled = [
        (labels[measure.dimensions[name]], measure.observations[0], measure)
        for measure in (judged.measure for judged in group)
    ]
    periods = {when(figure.period, measure) for _, figure, measure in labelled}
    if len(periods) > 1:
        return "; ".join(f"{label} {dated(figure, measure)}" for label, figure, measure in labelled)
    figures = "; ".join(f"{label} {value_words(figure, measure)}" for label, figure, measure in labelled)
    return f"{figures} ({periods.pop()})"


def grid(kpi: KpiJudgement, words: Mapping[str, str]) -> str:
    """The latest figures of all crossed measures as a sentence and a table; empty where there is nothing to cross.

    Args:
        kpi: the KPI.
        words: the plan's own words for states.
    """
    crossing = crossed(kpi)
    if not crossing:
        return ""
    periods = {
        when(judged.latest.observation.period, judged.measure)
        for judged in crossing.values()
        if judged.latest.observation
    }
    period = periods.pop() if len(periods) == 1 else ""
    *down, across = kpi.kpi.dimensions.values()
    rows = [
        (
            inline(", ".join(labels[at] for labels, at in zip(down, place, strict=True))) or "Figure",
            *(_cell(crossing.get((*place, last)), words, with_period=not period) for last in across),
        )
        for place in product(*down)
    ]
    names = [name.replace("-", " ") for name in list(kpi.kpi.dimensions)[:-1]]
    headers = [inline(capitalised(joined(names)) or "Measure"), *(inline(label) for label in across.values())]
    span = _span(list(crossing.values()))
    text = f"The latest figures side by side{f', {period}' if period else ''}. {span}"
    return f"{inline(text)}\n\n{table(headers, rows, right=range(1, len(headers)))}"


def _cell(judged: MeasureJudgement | None, words: Mapping[str, str], *, with_period: bool) -> str:
    """The latest figure, with its state where it has a target; where another figure is judged, its period too."""
    newest = judged.latest.observation if judged is not None else None
    if judged is None or newest is None:
        return NOTHING
    measure = judged.measure
    text = dated(newest, measure) if with_period else value_words(newest, measure)
    if not judged.verdicts:
        return inline(text)
    deciding = judged.deciding.observation if judged.deciding else None
    older = f" ({when(deciding.period, measure)})" if deciding is not None and deciding != newest else ""
    return inline(f"{text}, {state_words(judged.state, words)}{older}")


def _span(group: Sequence[MeasureJudgement]) -> str:
    """From where to where the latest figures run: "They run from 21% to 65%. "; empty where their units differ."""
    known = [
        (figure.value, number_words(figure, judged.measure))
        for judged in group
        if (figure := judged.latest.observation) is not None and figure.value is not None
    ]
    if not known or len({judged.measure.unit for judged in group}) > 1:
        return ""
    (_, low), (_, high) = (take(known, key=itemgetter(0)) for take in (min, max))
    return f"They run from {low} to {high}. "
