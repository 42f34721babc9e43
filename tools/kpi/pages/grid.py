"""Many measures in one table: crossed breakdowns with the last dimension across, and single figures under one another."""

from collections.abc import Mapping, Sequence
from itertools import product

from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.model.text import joined
from kpi.pages.markdown import inline, table
from kpi.pages.words import (
    NOTHING,
    capitalised,
    dated,
    number_words,
    state_words,
    value_words,
    when,
)

_FEWEST = 4
"""The fewest crossed measures that make a table worth its room."""

Crossed = Mapping[tuple[str, ...], MeasureJudgement]
"""Measures by their place in every dimension, in the order in which the KPI declares them."""


def crossed(judged: KpiJudgement) -> Crossed:
    """The KPI's own measures that have a place in every dimension; empty where they are few, or share a place."""
    dimensions = judged.kpi.dimensions
    placed = [
        (tuple(one.measure.dimensions[name] for name in dimensions), one)
        for one in judged.measures
        if one.kpi == judged.kpi.id and set(one.measure.dimensions) == set(dimensions)
    ]
    found = dict(placed)
    return found if dimensions and len(found) == len(placed) >= _FEWEST else {}


def bare(judged: MeasureJudgement) -> bool:
    """Whether a measure is one figure with nothing to compare it with, so that a cell says everything."""
    measure = judged.measure
    more = (
        measure.targets,
        measure.peers,
        measure.references,
        measure.triggers,
        measure.note,
        measure.no_figures,
    )
    noted = any(one.note for one in measure.observations)
    return not any(more) and measure.derived is None and not noted and len(measure.observations) == 1


def folded(judged: KpiJudgement) -> dict[str, list[MeasureJudgement]]:
    """The lines of a grid that says everything, by the labels that their measures share; empty for all other KPIs."""
    found = crossed(judged)
    if len(judged.kpi.dimensions) < 2 or len(found) < len(judged.measures):
        return {}
    if not all(bare(one) for one in found.values()):
        return {}
    labels = list(judged.kpi.dimensions.values())[:-1]
    lines: dict[str, list[MeasureJudgement]] = {}
    for place, one in found.items():
        named = ", ".join(of[at] for of, at in zip(labels, place, strict=False))
        lines.setdefault(named, []).append(one)
    return lines


def side_by_side(judged: KpiJudgement, group: Sequence[MeasureJudgement]) -> str:
    """The figures of one line of a grid: "Walking to the stop 65%; At the stop 64% (2022/23)"; other periods each time."""
    name, labels = list(judged.kpi.dimensions.items())[-1]
    told = [(labels[one.measure.dimensions[name]], one.measure.observations[0], one.measure) for one in group]
    periods = {when(figure.period, measure) for _, figure, measure in told}
    if len(periods) > 1:
        return "; ".join(f"{label} {dated(figure, measure)}" for label, figure, measure in told)
    figures = "; ".join(f"{label} {value_words(figure, measure)}" for label, figure, measure in told)
    return f"{figures} ({periods.pop()})"


def grid(judged: KpiJudgement, words: Mapping[str, str]) -> str:
    """The latest figures of all crossed measures as a sentence and a table; empty where there is nothing to cross.

    Args:
        judged: the KPI.
        words: the plan's own words for states.
    """
    found = crossed(judged)
    if not found:
        return ""
    periods = {
        when(one.latest.observation.period, one.measure) for one in found.values() if one.latest.observation
    }
    period = periods.pop() if len(periods) == 1 else ""
    *down, across = judged.kpi.dimensions.values()
    rows = [
        (
            inline(", ".join(labels[at] for labels, at in zip(down, place, strict=True))) or "Figure",
            *(_cell(found.get((*place, last)), words, with_period=not period) for last in across),
        )
        for place in product(*down)
    ]
    names = [name.replace("-", " ") for name in list(judged.kpi.dimensions)[:-1]]
    headers = [inline(capitalised(joined(names)) or "Measure"), *(inline(label) for label in across.values())]
    told = f"The latest figures side by side{f', {period}' if period else ''}. {_span(list(found.values()))}"
    return f"{inline(told)}\n\n{table(headers, rows, right=range(1, len(headers)))}"


def _cell(one: MeasureJudgement | None, words: Mapping[str, str], *, with_period: bool) -> str:
    """The latest figure, with its state where it has a target; where another figure is judged, its period too."""
    newest = one.latest.observation if one is not None else None
    if one is None or newest is None:
        return NOTHING
    told = dated(newest, one.measure) if with_period else value_words(newest, one.measure)
    if not one.verdicts:
        return inline(told)
    judged = one.deciding.observation if one.deciding else None
    older = f" ({when(judged.period, one.measure)})" if judged is not None and judged != newest else ""
    return inline(f"{told}, {state_words(one.state, words)}{older}")


def _span(found: Sequence[MeasureJudgement]) -> str:
    """From where to where the latest figures run: "They run from 21% to 65%. "; empty where their units differ."""
    measure = found[0].measure
    newest = [(one.latest.observation, one.measure) for one in found]
    known = [
        (figure.value, figure, measure)
        for figure, measure in newest
        if figure is not None and figure.value is not None
    ]
    if not known or any(one.measure.unit != measure.unit for one in found):
        return ""
    ends = (take(known, key=lambda one: one[0]) for take in (min, max))
    low, high = (number_words(figure, measure) for _, figure, measure in ends)
    return f"They run from {low} to {high}. "
