"""The tables of a KPI's page: its measures, breakdowns in a grid, other areas, and every figure, folded."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from operator import itemgetter

from kpi.judge.benchmarks import can_rank, rank_among_peers
from kpi.judge.direction import NEITHER
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.series import step_at
from kpi.judge.state import MISSED, STATES
from kpi.judge.target import judge_at
from kpi.model.kpi import Measure, Observation, identity
from kpi.model.quantity import change
from kpi.model.text import joined
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages import figure_words
from kpi.pages.figure_words import capitalised, dated, ended, measure_title, value_words, when
from kpi.pages.markdown import bullets, inline, page, paragraph, table, with_notes
from kpi.pages.standing import FigureColumns, latest_pair, meaning, target_text
from kpi.pages.target_words import judged_bound_words, state_words

MOST_ACROSS = 4  # periods side by side; of more only the newest and the one before it, and all of them folded


def figures_table(judgement: Judgement, kpi: KpiJudgement) -> str:
    """A row a measure outside of the grid: its figures, and what the page's opening does not say."""
    inside = crossed(kpi).values()
    measures = [judged for judged in kpi.measures if judged not in inside]
    if not any(judged.measure.observations or judged.measure.no_figures for judged in measures):
        return ""
    is_alone, whens = len(kpi.measures) == 1, _whens(measures)
    if is_alone and len(whens) < 2:
        return ""  # the opening has said its one figure
    if len(whens) <= MOST_ACROSS:
        headers, beside, below = [inline(text) for text in whens], "".join(whens[1:2]), ""
        figures = []
        for measure in (judged.measure for judged in measures):
            at: dict[str, list[str]] = {}  # two figures may be for periods that are called the same
            for each in measure.observations:
                at.setdefault(_when(each, measure), []).append(value_words(each, measure))
            figures.append([inline("; ".join(at.get(words, ()))) for words in whens])
    else:
        if is_alone and latest_pair(measures[0]).before is None:
            return ""  # the opening has said its newest figure, and none is beside it
        shown, beside = FigureColumns(measures), ""
        headers, figures = shown.headers, [list(shown.cells(judged)) for judged in measures]
        below = shown.footnotes()
    head, rows = ["Measure", *headers], []
    for judged, cells in zip(measures, figures, strict=True):
        name = measure_title(kpi.kpi, judged.measure)
        if not is_alone:
            target = target_text(judged)
            name += f" (target: {target})" if target else ""
            # a telephone has room for two periods: what the figures mean stands before those that are older
            cells.insert(2, inline(meaning(judgement, judged, full=True, beside=beside)))
        rows.append([inline(name), *cells])
    if not is_alone:
        head.insert(3, "Meaning")
    right = [at for at, name in enumerate(head) if name not in {"Measure", "Meaning"}]
    return with_notes(table(head, rows, right=right), below)


def _whens(measures: Sequence[MeasureJudgement]) -> list[str]:
    figures = ((figure, judged.measure) for judged in measures for figure in judged.measure.observations)
    orders = {_when(figure, measure): figure.period.order for figure, measure in figures}
    return sorted(orders, key=lambda words: orders[words], reverse=True)


def _when(figure: Observation, measure: Measure) -> str:
    return capitalised(when(figure.period, measure))


_HEADERS = ("Period", "Figure", "Bound then", "Target then", "Notes")


def noted_figures(judged: MeasureJudgement) -> list[Observation]:
    """The figures with a note that the newest changes are between: their notes stand on the page itself."""
    compared = {figure for travel in judged.directions for figure in (travel.later, travel.earlier)}
    compared.add(judged.latest.observation)
    return [figure for figure in reversed(judged.measure.observations) if figure.note and figure in compared]


def every_figure(judgement: Judgement, kpi: KpiJudgement) -> Iterator[tuple[MeasureJudgement, str]]:
    """All figures of each measure with more about them than the page has already, newest first."""
    is_short = len(_whens(kpi.measures)) <= MOST_ACROSS
    inside = crossed(kpi).values()
    for judged in kpi.measures:
        figures, covered = reversed(judged.measure.observations), noted_figures(judged)
        rows = [_row(judgement, each, judged, "" if each in covered else each.note) for each in figures]
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


def _row(judgement: Judgement, figure: Observation, judged: MeasureJudgement, note: str) -> tuple[str, ...]:
    """What a figure was compared with then, how it stood ("Missed by 152", "Not due, gap 152"), and notes."""
    measure, rules, deciding = judged.measure, judgement.plan.status, judged.deciding
    notes = [capitalised(MARKS[mark].words) for mark in figure.marks if mark not in WITHOUT_VALUE]
    if measure.derived is None and figure.denominator is not None:
        part = "" if figure.numerator is None else f"{figure.numerator:,f} "
        notes.append(f"{part}of {figure.denominator:,f}")
    if figure.margin is not None:
        notes.append(f"Give or take {change(figure.margin, measure.unit)}")
    if step := step_at(measure, figure):
        notes.append(f"A new level from here on: {step.removesuffix('.')}")
    verdict = None
    if not figure.forecast and (figure.value is not None or figure.assessment):
        is_deciding = deciding is not None and deciding.observation == figure
        verdict = deciding if is_deciding else judge_at(measure, figure, rules.tolerance)
    bound, stood = judged_bound_words(verdict, measure) if verdict else "", ""
    if verdict is not None and STATES[verdict.state].stands:
        stood = capitalised(state_words(verdict.state, rules.words))
        if verdict.gap is not None:
            stood += (
                f"{' by' if verdict.state == MISSED else ', gap'} {figure_words.gap_words(verdict, measure)}"
            )
    beside = ". ".join(filter(None, (*notes, note)))
    words = (_when(figure, measure), value_words(figure, measure), bound, stood, beside)
    return tuple(map(inline, words))


def crossed(kpi: KpiJudgement) -> dict[tuple[str, ...], MeasureJudgement]:
    """The own measures with a place in every dimension, by place; empty where they are few, or share one."""
    dimensions = kpi.kpi.dimensions
    own = (each for each in kpi.measures if each.kpi == kpi.kpi.id)
    inside = [each for each in own if {*each.measure.dimensions} == {*dimensions}]
    crossing = {tuple(each.measure.dimensions[name] for name in dimensions): each for each in inside}
    fewest = 4  # that make a table worth its room
    return crossing if dimensions and len(crossing) == len(inside) >= fewest else {}


def is_bare(judged: MeasureJudgement) -> bool:
    """Whether a measure is one figure with nothing to compare it with, so that a cell says everything."""
    measure = judged.measure
    beside = (measure.targets, measure.peers, measure.references, measure.triggers, measure.note)
    has_more = any(beside) or measure.no_figures is not None or measure.derived is not None
    return not has_more and [figure.note for figure in measure.observations] == [""]


def grid_lines(kpi: KpiJudgement) -> dict[str, list[MeasureJudgement]]:
    """The lines of a grid that says everything, by the labels of their measures; else empty."""
    crossing, lines = crossed(kpi), dict[str, list[MeasureJudgement]]()
    says_all = len(crossing) == len(kpi.measures) and all(map(is_bare, kpi.measures))
    if len(kpi.kpi.dimensions) < 2 or not says_all:
        return lines
    for place, judged in crossing.items():
        named = (of[at] for of, at in zip(kpi.kpi.dimensions.values(), place[:-1], strict=False))
        lines.setdefault(", ".join(named), []).append(judged)
    return lines


def side_by_side(kpi: KpiJudgement, group: Sequence[MeasureJudgement]) -> str:
    """The figures of one line of a grid: "Walking to the stop 65%; At the stop 64% (2022/23)"."""
    name, labels = list(kpi.kpi.dimensions.items())[-1]
    measures = [judged.measure for judged in group]
    periods = {when(measure.observations[0].period, measure) for measure in measures}
    words, period = (value_words, f" ({periods.pop()})") if len(periods) == 1 else (dated, "")
    named = (f"{labels[each.dimensions[name]]} {words(each.observations[0], each)}" for each in measures)
    return "; ".join(named) + period


def grid(kpi: KpiJudgement, words: Mapping[str, str]) -> str:
    """The latest figures of all crossed measures as a sentence and a table; empty without any."""
    crossing = crossed(kpi)
    if not crossing:
        return ""
    latest = [(each.latest.observation, each.measure) for each in crossing.values()]
    periods = {when(figure.period, measure) for figure, measure in latest if figure}
    period = f", {periods.pop()}" if len(periods) == 1 else ""
    *down, across = kpi.kpi.dimensions.values()
    rows = []
    for place in product(*down):
        cells = [inline(", ".join(labels[at] for labels, at in zip(down, place, strict=True))) or "Figure"]
        cells += (_cell(crossing.get((*place, last)), words, with_period=not period) for last in across)
        rows.append(cells)
    names = joined(name.replace("-", " ") for name in list(kpi.kpi.dimensions)[:-1])
    headers = [inline(capitalised(names) or "Measure"), *map(inline, across.values())]
    text = f"The latest figures side by side{period}. "
    known = [(each.value, each, measure) for each, measure in latest if each and each.value is not None]
    if known and len({measure.unit for _, measure in latest}) == 1:
        ends = (take(known, key=itemgetter(0)) for take in (min, max))
        text += f"They run from {' to '.join(figure_words.number_words(figure, measure) for _, figure, measure in ends)}. "
    return f"{inline(text)}\n\n{table(headers, rows, right=range(1, len(headers)))}"


def _cell(judged: MeasureJudgement | None, words: Mapping[str, str], *, with_period: bool) -> str:
    """The latest figure, its state where it has a target, and the period if another figure is judged."""
    newest = judged.latest.observation if judged is not None else None
    if judged is None or newest is None:
        return figure_words.NOTHING
    text = (dated if with_period else value_words)(newest, judged.measure)
    if judged.deciding is not None:
        figure = judged.deciding.observation
        text += f", {state_words(judged.state, words)}"
        text += f" ({when(figure.period, judged.measure)})" if figure is not None and figure != newest else ""
    return inline(text)


def peers_part(judgement: Judgement, judged: MeasureJudgement) -> str:
    """Own and other areas' figures, newest first. Areas that contain the own one stand last.

    Areas stand across and periods down, or the other way round where there are more areas: a narrow screen holds that.
    """
    plan, measure, kind = judgement.plan, judged.measure, judged.measure.kind
    own = plan.area_name(measure.area or plan.area) or "Own"
    whole = {area.id for area in plan.areas.values() if area.whole}
    peers = [
        (f"{plan.area_name(area) or area}{' (whole)' * (area in whole)}", measure.peers[area])
        for area in sorted(measure.peers, key=lambda area: area in whole)
    ]
    areas = [(own, measure.observations), *peers]
    noted = ((name, each) for name, figures in peers for each in reversed(figures) if each.note)
    notes = (f"{name}, {when(each.period, measure)}: {ended(each.note)}" for name, each in noted)
    ranks, why_no_place = rank_among_peers(measure, plan), ""
    if not ranks and measure.better.way == NEITHER:
        why_no_place = "Neither a rise nor a fall is better, so areas are not ranked."
    elif not ranks and not can_rank(measure):
        why_no_place = "Numbers grow with the size of an area, so areas are not ranked."
    every = (each for _, figures in reversed(areas) for each in figures)
    periods = {identity(each.period, kind): each.period for each in every}
    newest_first = sorted(periods, key=lambda at: periods[at].order, reverse=True)
    lines = [["Period", *(capitalised(when(periods[at], measure)) for at in newest_first)]]
    for name, figures in areas:
        cells = {identity(each.period, kind): value_words(each, measure) for each in figures}
        lines.append([name, *(cells.get(at, "") for at in newest_first)])
    if ranks:
        places = {identity(rank.figure.period, kind): figure_words.place_words(rank) for rank in ranks}
        lines.insert(2, [f"Place of {own}", *(places.get(at, "") for at in newest_first)])
    if len(lines) - 1 > len(newest_first):
        lines[0][0] = "Area"
    else:
        lines = list(map(list, zip(*lines, strict=True)))
    head, *rows = ([inline(cell) for cell in line] for line in lines)
    made = table(head, rows, right=range(1, len(head)))
    return page([why_no_place, made, bullets(map(paragraph, notes))]).rstrip("\n")
