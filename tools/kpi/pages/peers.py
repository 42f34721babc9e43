"""Other areas' figures beside the own ones, for a KPI's page: areas across and periods down, or the other way round."""

from kpi.judge.direction import NEITHER
from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.judge.rank import Rank, can_rank, rank_among_peers
from kpi.model.kpi import Observation, identity
from kpi.pages.markdown import bullets, inline, page, paragraph, table
from kpi.pages.words.figure_words import capitalised, ended, place_words, value_words, when

_Columns = list[tuple[str, tuple[Observation, ...]]]


def peers_part(judgement: Judgement, judged: MeasureJudgement) -> str:
    """Own and other areas' figures, a row a period, newest first. Areas that contain the own one stand last, apart."""
    plan, measure = judgement.plan, judged.measure
    own = plan.areas.get(measure.area or plan.area)
    wholes = [area for area in measure.peers if area in plan.areas and plan.areas[area].whole]
    equals = [area for area in measure.peers if area not in wholes]
    ranks = {rank.figure: rank for rank in rank_among_peers(measure, plan)}
    columns = [
        (own.name if own else "Own", measure.observations),
        *((plan.areas[area].name if area in plan.areas else area, measure.peers[area]) for area in equals),
    ]
    apart = [(f"{plan.areas[area].name} (whole)", measure.peers[area]) for area in wholes]
    notes = bullets(
        paragraph(f"{name}, {when(figure.period, measure)}: {ended(figure.note)}")
        for name, series in (*columns[1:], *apart)
        for figure in reversed(series)
        if figure.note
    )
    return page([inline(_why_no_place(judged, ranks)), _table(judged, columns, apart, ranks), notes]).rstrip(
        "\n"
    )


def _why_no_place(judged: MeasureJudgement, ranks: dict[Observation, Rank]) -> str:
    """Why the own area has no place, where it has none for a reason of the measure's."""
    if ranks:
        return ""
    if judged.measure.better.way == NEITHER:
        return "Neither a rise nor a fall is better, so areas are not ranked."
    return (
        "" if can_rank(judged.measure) else "Numbers grow with the size of an area, so areas are not ranked."
    )


def _table(
    judged: MeasureJudgement, columns: _Columns, apart: _Columns, ranks: dict[Observation, Rank]
) -> str:
    """Areas across and periods down, or the other way round where there are more areas: a narrow screen holds that."""
    measure = judged.measure
    areas = [*columns, *apart]
    series = [{identity(figure.period, measure.kind): figure for figure in figures} for _, figures in areas]
    known = {at: figure.period for figures in reversed(series) for at, figure in figures.items()}
    periods = sorted(known.items(), key=lambda pair: pair[1].order, reverse=True)
    places = {identity(figure.period, measure.kind): place_words(rank) for figure, rank in ranks.items()}
    lines = [
        [value_words(figures[at], measure) if at in figures else "" for at, _ in periods]
        for figures in series
    ]
    names = [name for name, _ in areas]
    if places:
        lines.insert(1, [places.get(at, "") for at, _ in periods])
        names.insert(1, f"Place of {names[0]}")
    whens = [capitalised(when(period, measure)) for _, period in periods]
    if len(names) > len(whens):
        head, rows = ["Area", *whens], [[name, *line] for name, line in zip(names, lines, strict=True)]
    else:
        head = ["Period", *names]
        rows = [[at, *cells] for at, *cells in zip(whens, *lines, strict=True)]
    return table(
        [inline(cell) for cell in head],
        [[inline(cell) for cell in row] for row in rows],
        right=range(1, len(head)),
    )
