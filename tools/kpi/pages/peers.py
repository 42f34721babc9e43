"""Other areas' figures beside the own ones, for a KPI's page: areas across and periods down, or the other way round."""

from collections.abc import Sequence

from kpi.judge.benchmarks import can_rank, rank_among_peers
from kpi.judge.direction import NEITHER
from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.model.kpi import Measure, Observation, identity
from kpi.model.plan import Plan
from kpi.pages.markdown import bullets, inline, page, paragraph, table
from kpi.pages.words.figure_words import capitalised, ended, place_words, value_words, when

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
