"""The tables of a KPI's page: its measures, crossed breakdowns in a grid, other areas' figures, and every figure, folded."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from operator import itemgetter

from kpi.judge.benchmarks import can_rank, rank_among_peers
from kpi.judge.direction import NEITHER
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.series import step_at
from kpi.judge.state import MISSED, STATES
from kpi.judge.target import judge_at
from kpi.model.kpi import Measure, Observation, identity
from kpi.model.plan import Plan
from kpi.model.quantity import change
from kpi.model.text import joined
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages.figure_words import (
    NOTHING,
    capitalised,
    dated,
    ended,
    number_words,
    place_words,
    value_words,
    when,
)
from kpi.pages.markdown import bullets, inline, page, paragraph, table, with_notes
from kpi.pages.standing import FigureColumns, latest_pair, meaning, measure_name, target_text
from kpi.pages.target_words import gap_words, judged_bound_words, state_words

MOST_ACROSS = 4
"""Periods that are side by side; of more only the newest and the one before it, and all of them folded."""


def figures_table(judgement: Judgement, kpi: KpiJudgement, measures: Sequence[MeasureJudgement]) -> str:
    """A row for each of these measures of a KPI: their figures, and what these mean where the page's opening does not say it."""
    if not any(judged.measure.observations or judged.measure.no_figures for judged in measures):
        return ""
    is_alone = len(kpi.measures) == 1
    whens = _whens(measures)
    if is_alone and len(whens) < 2:
        return ""  # the opening has said its one figure
    if len(whens) <= MOST_ACROSS:
        headers, beside, below = [inline(text) for text in whens], whens[1] if len(whens) > 1 else "", ""
        figures = []
        for measure in (judged.measure for judged in measures):
            at: dict[str, list[str]] = {}  # two figures may be for periods that are called the same
            for each in measure.observations:
                at.setdefault(_when(each, measure), []).append(value_words(each, measure))
            figures.append([inline("; ".join(at.get(words, ()))) for words in whens])
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
    figures = ((figure, judged.measure) for judged in measures for figure in judged.measure.observations)
    orders = {_when(figure, measure): figure.period.order for figure, measure in figures}
    return sorted(orders, key=lambda words: orders[words], reverse=True)


def _when(figure: Observation, measure: Measure) -> str:
    return capitalised(when(figure.period, measure))


_HEADERS = ("Period", "Figure", "Bound then", "Target then", "Notes")


def every_figure(
    judgement: Judgement, kpi: KpiJudgement, covered: Collection[Observation]
) -> Iterator[tuple[MeasureJudgement, str]]:
    """All figures of each measure with more about them than the table has, newest first; `covered` are those whose notes it has."""
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
    """What a figure was compared with at the time and how it stood ("Missed by 152", "Not due, gap 152"), its marks and notes."""
    measure, rules, deciding = judged.measure, judgement.plan.status, judged.deciding
    notes = [capitalised(MARKS[mark].words) for mark in figure.marks if mark not in WITHOUT_VALUE]
    if measure.derived is None and figure.denominator is not None:
        part = "" if figure.numerator is None else f"{figure.numerator:,f} "
        notes.append(f"{part}of {figure.denominator:,f}")
    if figure.margin is not None:
        notes.append(f"Give or take {change(figure.margin, measure.unit)}")
    if step := step_at(measure, figure):
        notes.append(f"A new level from here on: {step.removesuffix('.')}")
    if figure.note and figure not in covered:
        notes.append(figure.note)
    verdict = None
    if not figure.forecast and (figure.value is not None or figure.assessment):
        is_deciding = deciding is not None and deciding.observation == figure
        verdict = deciding if is_deciding else judge_at(measure, figure, rules.tolerance)
    bound, stood = judged_bound_words(verdict, measure) if verdict else "", ""
    if verdict is not None and STATES[verdict.state].stands:
        stood = capitalised(state_words(verdict.state, rules.words))
        if verdict.gap is not None:
            stood += f"{' by' if verdict.state == MISSED else ', gap'} {gap_words(verdict, measure)}"
    words = (_when(figure, measure), value_words(figure, measure), bound, stood, ". ".join(notes))
    return tuple(map(inline, words))


_FEWEST = 4  # the fewest crossed measures that make a table worth its room
Crossed = Mapping[tuple[str, ...], MeasureJudgement]
"""Measures by their place in every dimension, in the order in which the KPI declares them."""


def crossed(kpi: KpiJudgement) -> Crossed:
    """The KPI's own measures that have a place in every dimension; empty where they are few, or share a place."""
    dimensions = kpi.kpi.dimensions
    inside = [
        each
        for each in kpi.measures
        if each.kpi == kpi.kpi.id and {*each.measure.dimensions} == {*dimensions}
    ]
    crossing = {tuple(each.measure.dimensions[name] for name in dimensions): each for each in inside}
    return crossing if dimensions and len(crossing) == len(inside) >= _FEWEST else {}


def is_bare(judged: MeasureJudgement) -> bool:
    """Whether a measure is one figure with nothing to compare it with, so that a cell says everything."""
    measure = judged.measure
    more = (measure.targets, measure.peers, measure.references, measure.triggers, measure.note)
    if any(more) or measure.no_figures is not None or measure.derived is not None:
        return False
    return len(measure.observations) == 1 and not measure.observations[0].note


def grid_lines(kpi: KpiJudgement) -> dict[str, list[MeasureJudgement]]:
    """The lines of a grid that says everything, by the labels that their measures share; empty for all other KPIs."""
    crossing = crossed(kpi)
    says_everything = len(crossing) == len(kpi.measures) and all(map(is_bare, crossing.values()))
    if len(kpi.kpi.dimensions) < 2 or not says_everything:
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
    measures = [judged.measure for judged in group]
    periods = {when(measure.observations[0].period, measure) for measure in measures}
    words, period = (value_words, f" ({periods.pop()})") if len(periods) == 1 else (dated, "")
    named = (f"{labels[each.dimensions[name]]} {words(each.observations[0], each)}" for each in measures)
    return "; ".join(named) + period


def grid(kpi: KpiJudgement, words: Mapping[str, str]) -> str:
    """The latest figures of all crossed measures as a sentence and a table, in the plan's words; empty without any."""
    crossing = crossed(kpi)
    if not crossing:
        return ""
    latest = [(each.latest.observation, each.measure) for each in crossing.values()]
    periods = {when(figure.period, measure) for figure, measure in latest if figure}
    period = f", {periods.pop()}" if len(periods) == 1 else ""
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
    text = f"The latest figures side by side{period}. "
    known = [(each.value, each, measure) for each, measure in latest if each and each.value is not None]
    if known and len({measure.unit for _, measure in latest}) == 1:
        ends = (take(known, key=itemgetter(0)) for take in (min, max))
        low, high = (number_words(figure, measure) for _, figure, measure in ends)
        text += f"They run from {low} to {high}. "
    return f"{inline(text)}\n\n{table(headers, rows, right=range(1, len(headers)))}"


def _cell(judged: MeasureJudgement | None, words: Mapping[str, str], *, with_period: bool) -> str:
    """The latest figure, with its state where it has a target; where another figure is judged, its period too."""
    newest = judged.latest.observation if judged is not None else None
    if judged is None or newest is None:
        return NOTHING
    measure = judged.measure
    text = dated(newest, measure) if with_period else value_words(newest, measure)
    if judged.deciding is not None:
        text += f", {state_words(judged.state, words)}"
        figure = judged.deciding.observation
        text += f" ({when(figure.period, measure)})" if figure is not None and figure != newest else ""
    return inline(text)


_Series = tuple[str, tuple[Observation, ...]]  # the figures of an area, with its name


def peers_part(judgement: Judgement, judged: MeasureJudgement) -> str:
    """Own and other areas' figures, a row a period, newest first. Areas that contain the own one stand last, apart."""
    plan, measure = judgement.plan, judged.measure
    own = plan.areas.get(measure.area or plan.area)
    apart = [area for area in measure.peers if area in plan.areas and plan.areas[area].whole]
    peers = [
        (f"{plan.area_name(area) or area}{' (whole)' * (area in apart)}", measure.peers[area])
        for area in (*(area for area in measure.peers if area not in apart), *apart)
    ]
    noted = ((name, each) for name, figures in peers for each in reversed(figures) if each.note)
    notes = (f"{name}, {when(each.period, measure)}: {ended(each.note)}" for name, each in noted)
    areas = [(own.name if own else "Own", measure.observations), *peers]
    why_no_place = ""
    if not rank_among_peers(measure, plan):
        if measure.better.way == NEITHER:
            why_no_place = "Neither a rise nor a fall is better, so areas are not ranked."
        elif not can_rank(measure):
            why_no_place = "Numbers grow with the size of an area, so areas are not ranked."
    return page([why_no_place, _table(measure, areas, plan), bullets(map(paragraph, notes))]).rstrip("\n")


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
