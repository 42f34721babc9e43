"""The tables of a KPI's page: its measures, crossed breakdowns in a grid, other areas' figures, and every figure, folded."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from operator import itemgetter

from kpi.judge.comparable import step_at
from kpi.judge.direction import NEITHER
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.rank import can_rank, rank_among_peers
from kpi.judge.state import MISSED, STATES
from kpi.judge.target import Verdict, judge_at
from kpi.model.kpi import Measure, Observation, identity
from kpi.model.mark import MARKS, WITHOUT_VALUE
from kpi.model.plan import Plan
from kpi.model.text import joined
from kpi.pages.figure_words import (
    NOTHING,
    capitalised,
    dated,
    ended,
    margin_words,
    number_words,
    place_words,
    value_words,
    when,
)
from kpi.pages.markdown import bullets, inline, page, paragraph, table, with_notes
from kpi.pages.table_cells import FigureColumns, latest_pair, meaning, measure_name, target_text
from kpi.pages.target_words import gap_words, judged_bound_words, state_words

MOST_ACROSS = 4
"""Periods that are side by side; of more only the newest and the one before it, and all of them folded."""


def figures_table(judgement: Judgement, kpi: KpiJudgement, measures: Sequence[MeasureJudgement]) -> str:
    """The measures with their figures, and what these mean where the page's opening does not say it.

    Args:
        judgement: the whole.
        kpi: the KPI, for the names of its measures.
        measures: those that have a row.
    """
    if not any(judged.measure.observations or judged.measure.no_figures for judged in measures):
        return ""
    is_alone = len(kpi.measures) == 1
    whens = _whens(measures)
    if is_alone and len(whens) < 2:
        return ""  # the opening has said its one figure
    if len(whens) <= MOST_ACROSS:
        headers = [inline(text) for text in whens]
        beside = whens[1] if len(whens) > 1 else ""
        figures = [[inline(_at(judged, each)) for each in whens] for judged in measures]
        below = ""
    else:
        pairs = [latest_pair(judged) for judged in measures]
        if is_alone and pairs[0].before is None:
            return ""  # the opening has said its newest figure, and none is beside it
        shown, beside = FigureColumns(pairs), ""
        headers, figures = shown.headers, [list(shown.cells(pair)) for pair in pairs]
        below = shown.footnotes()
    rows = []
    for judged, cells in zip(measures, figures, strict=True):
        name = measure_name(kpi, judged)
        if is_alone:
            rows.append([inline(name), *cells])
        else:
            says = inline(meaning(judgement, judged, full=True, beside=beside))
            target = target_text(judged)
            name += f" (target: {target})" if target else ""
            rows.append([inline(name), *cells[:2], says, *cells[2:]])
    # a telephone has room for two periods: what the figures mean stands before those that are older
    head = ["Measure", *headers] if is_alone else ["Measure", *headers[:2], "Meaning", *headers[2:]]
    right = [at for at, name in enumerate(head) if name not in {"Measure", "Meaning"}]
    return with_notes(table(head, rows, right=right), below)


def _whens(measures: Sequence[MeasureJudgement]) -> list[str]:
    """The periods of all figures in words, newest first."""
    orders = {
        capitalised(when(figure.period, judged.measure)): figure.period.order
        for judged in measures
        for figure in judged.measure.observations
    }
    return sorted(orders, key=lambda words: orders[words], reverse=True)


def _at(judged: MeasureJudgement, words: str) -> str:
    """The figure of a measure for a period; empty where it has none."""
    measure = judged.measure
    figures = (each for each in measure.observations if capitalised(when(each.period, measure)) == words)
    return "; ".join(value_words(figure, measure) for figure in figures)


_HEADERS = ("Period", "Figure", "Bound then", "Target then", "Notes")


def every_figure(
    judgement: Judgement, kpi: KpiJudgement, covered: Collection[Observation]
) -> Iterator[tuple[MeasureJudgement, str]]:
    """All figures, newest first, of each measure with more about them than the table above has.

    Args:
        judgement: the whole.
        kpi: the KPI.
        covered: the figures whose notes are on the page already.
    """
    is_short = len(_whens(kpi.measures)) <= MOST_ACROSS
    inside = crossed(kpi).values()
    for judged in kpi.measures:
        rows = [_row(judgement, figure, judged, covered) for figure in reversed(judged.measure.observations)]
        has_all = len(rows) == 1 if judged in inside else is_short  # above; the grid has the newest alone
        more = any(any(row[2:]) for row in rows[1:]) or any(row[4] for row in rows)
        if judged.kpi != kpi.kpi.id or not rows or (has_all and not more):
            continue
        bounds = {row[2] for row in rows if row[2]}
        if has_all and len(bounds) < 2:  # the newest stands above; of the others what there is more to say of
            rows = [row for at, row in enumerate(rows) if (row[4] if at == 0 else any(row[2:]))]
        shown = [*([0] if has_all else [0, 1]), *(at for at in (2, 3, 4) if any(row[at] for row in rows))]
        shown = [at for at in shown if at != 2 or len(bounds) > 1]  # what is the same for all stands above
        cells = [[row[at] for at in shown] for row in rows]
        yield judged, table([_HEADERS[at] for at in shown], cells, right=() if has_all else (1,))


def _row(
    judgement: Judgement, figure: Observation, judged: MeasureJudgement, covered: Collection[Observation]
) -> tuple[str, ...]:
    """What a figure was compared with at the time and how it stood, its marks and notes."""
    notes = [capitalised(MARKS[mark].words) for mark in figure.marks if mark not in WITHOUT_VALUE]
    if judged.measure.derived is None and figure.denominator is not None:
        part = "" if figure.numerator is None else f"{figure.numerator:,f} "
        notes.append(f"{part}of {figure.denominator:,f}")
    if figure.margin is not None:
        notes.append(capitalised(margin_words(figure.margin, judged.measure)))
    step = step_at(judged.measure, figure)
    if step:
        notes.append(f"A new level from here on: {step.removesuffix('.')}")
    if figure.note and figure not in covered:
        notes.append(figure.note)
    verdict = _verdict_then(judgement, figure, judged)
    return (
        inline(capitalised(when(figure.period, judged.measure))),
        inline(value_words(figure, judged.measure)),
        inline(judged_bound_words(verdict, judged.measure)) if verdict else "",
        inline(_target_then(judgement, verdict, judged)),
        inline(". ".join(notes)),
    )


def _verdict_then(judgement: Judgement, figure: Observation, judged: MeasureJudgement) -> Verdict | None:
    """The verdict on a figure by the target in force at its period's end; that which decided for the figure that it judged."""
    if figure.forecast or (figure.value is None and not figure.assessment):
        return None
    deciding = judged.deciding
    if deciding is not None and deciding.observation == figure:
        return deciding
    return judge_at(judged.measure, figure, judgement.plan.status.tolerance)


def _target_then(judgement: Judgement, verdict: Verdict | None, judged: MeasureJudgement) -> str:
    """How a figure stood to its target: "Missed by 152", "Not due, gap 152"."""
    if verdict is None or not STATES[verdict.state].judged:
        return ""
    word = capitalised(state_words(verdict.state, judgement.plan.status.words))
    if verdict.gap is None:
        return word
    return f"{word}{' by' if verdict.state == MISSED else ', gap'} {gap_words(verdict, judged.measure)}"


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


_Series = tuple[str, tuple[Observation, ...]]
"""The figures of an area, with its name."""


def peers_part(judgement: Judgement, judged: MeasureJudgement) -> str:
    """Own and other areas' figures, a row a period, newest first. Areas that contain the own one stand last, apart."""
    plan, measure = judgement.plan, judged.measure
    own = plan.areas.get(measure.area or plan.area)
    apart = [area for area in measure.peers if area in plan.areas and plan.areas[area].whole]
    peers = [
        (f"{plan.area_name(area) or area}{' (whole)' * (area in apart)}", measure.peers[area])
        for area in (*(area for area in measure.peers if area not in apart), *apart)
    ]
    notes = bullets(
        paragraph(f"{name}, {when(figure.period, measure)}: {ended(figure.note)}")
        for name, figures in peers
        for figure in reversed(figures)
        if figure.note
    )
    areas = [(own.name if own else "Own", measure.observations), *peers]
    return page([_why_no_place(measure, plan), _table(measure, areas, plan), notes]).rstrip("\n")


def _why_no_place(measure: Measure, plan: Plan) -> str:
    """Why the own area has no place, where it has none for a reason of the measure's."""
    if rank_among_peers(measure, plan):
        return ""
    if measure.better.way == NEITHER:
        return "Neither a rise nor a fall is better, so areas are not ranked."
    return "" if can_rank(measure) else "Numbers grow with the size of an area, so areas are not ranked."


def _table(measure: Measure, areas: Sequence[_Series], plan: Plan) -> str:
    """Areas across and periods down, or the other way round where there are more areas: a narrow screen holds that."""
    series = [{identity(figure.period, measure.kind): figure for figure in figures} for _, figures in areas]
    known = {at: figure.period for figures in reversed(series) for at, figure in figures.items()}
    periods = sorted(known.items(), key=lambda pair: pair[1].order, reverse=True)
    ranks = rank_among_peers(measure, plan)
    places = {identity(rank.figure.period, measure.kind): place_words(rank) for rank in ranks}
    lines = [
        [name, *(value_words(by[at], measure) if at in by else "" for at, _ in periods)]
        for (name, _), by in zip(areas, series, strict=True)
    ]
    if places:
        lines.insert(1, [f"Place of {areas[0][0]}", *(places.get(at, "") for at, _ in periods)])
    whens = [capitalised(when(period, measure)) for _, period in periods]
    across = len(lines) <= len(whens)
    grid = [["Period" if across else "Area", *whens], *lines]
    head, *rows = ([inline(cell) for cell in line] for line in (zip(*grid, strict=True) if across else grid))
    return table(head, rows, right=range(1, len(head)))
