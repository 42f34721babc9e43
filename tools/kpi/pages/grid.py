"""Crossed breakdowns in one table: the last dimension across, the others down."""

from collections.abc import Mapping, Sequence
from itertools import product

from kpi.judge.direction import NEITHER
from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.model.quantity import figure
from kpi.model.text import joined
from kpi.pages.markdown import inline, table
from kpi.pages.words import NOTHING, capitalised, dated, state_words, value_words, when

_FEWEST = 4
"""How many crossed measures make a table worth its room."""

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


def in_grid_only(judged: MeasureJudgement) -> bool:
    """Whether the grid says everything there is to say of a crossed measure: one figure, and nothing to hold it against."""
    measure = judged.measure
    more = (
        measure.targets,
        measure.peers,
        measure.references,
        measure.triggers,
        measure.note,
        measure.no_figures,
    )
    bare = not any(more) and measure.derived is None and not any(one.note for one in measure.observations)
    return bare and len(measure.observations) == 1


def folded(judged: KpiJudgement) -> dict[str, list[MeasureJudgement]]:
    """The lines of a grid that says everything, by the labels that their measures share; empty for all other KPIs."""
    found = crossed(judged)
    if len(judged.kpi.dimensions) < 2 or len(found) < len(judged.measures):
        return {}
    if not all(in_grid_only(one) for one in found.values()):
        return {}
    labels = list(judged.kpi.dimensions.values())[:-1]
    lines: dict[str, list[MeasureJudgement]] = {}
    for place, one in found.items():
        named = ", ".join(of[at] for of, at in zip(labels, place, strict=False))
        lines.setdefault(named, []).append(one)
    return lines


def side_by_side(judged: KpiJudgement, group: Sequence[MeasureJudgement]) -> str:
    """The figures of one line of a grid: "Walking to the stop 65% (2022/23); At the stop 64% (2022/23)"."""
    name, labels = list(judged.kpi.dimensions.items())[-1]
    return "; ".join(
        f"{labels[one.measure.dimensions[name]]} {dated(one.measure.observations[0], one.measure)}"
        for one in group
    )


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
    told = f"The latest figures side by side{f', {period}' if period else ''}. {_in_common(found)}"
    return f"{inline(told)}\n\n{table(headers, rows, right=range(1, len(headers)))}"


def _cell(one: MeasureJudgement | None, words: Mapping[str, str], *, with_period: bool) -> str:
    """The latest figure, with its state where it has a target."""
    newest = one.latest.observation if one is not None else None
    if one is None or newest is None:
        return NOTHING
    told = dated(newest, one.measure) if with_period else value_words(newest, one.measure)
    return inline(f"{told}, {state_words(one.state, words)}" if one.verdicts else told)


def _in_common(found: Crossed) -> str:
    """What need not be said of each measure by itself."""
    values = [
        newest.value
        for one in found.values()
        if (newest := one.latest.observation) and newest.value is not None
    ]
    measure = next(iter(found.values())).measure
    told = []
    if values and len({one.measure.unit for one in found.values()}) == 1:
        ends = (figure(end, measure.unit, measure.decimals) for end in (min(values), max(values)))
        told.append(f"They run from {' to '.join(ends)}.")
    if all(in_grid_only(one) for one in found.values()):
        told.append("None has a target, or an earlier figure to be compared with.")
    ways = {one.measure.better for one in found.values()}
    if len(ways) == 1:
        way = ways.pop().way
        if way in {"higher", "lower"}:
            told.append(f"A {way} figure is better.")
        elif way == NEITHER:
            told.append("Neither a rise nor a fall is better.")
    return " ".join(told)
