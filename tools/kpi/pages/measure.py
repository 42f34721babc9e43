"""The part of a KPI's page about one measure: the facts, the chart, the figures, and other areas'."""

from collections.abc import Iterator

from kpi.judge.comparable import step_at
from kpi.judge.direction import NEITHER
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.peers import Rank, can_rank, rank_among_peers
from kpi.judge.state import MISSED, STATES
from kpi.judge.target import Verdict, judge_at
from kpi.model.kpi import DIFFERENCE, Observation, identity
from kpi.model.mark import MARKS, WITHOUT_VALUE
from kpi.model.period import span_words
from kpi.model.quantity import PERCENT
from kpi.model.text import counted, joined
from kpi.pages import links
from kpi.pages.cells import status_and_figure, target_cell, trend_cell
from kpi.pages.markdown import bullets, folded_part, heading, inline, link, paragraph, table
from kpi.pages.words import (
    NOTHING,
    age_words,
    aim_words,
    answer_words,
    asked_words,
    benchmark_words,
    better_words,
    capitalised,
    chance_words,
    dated,
    direction_words,
    ended,
    gap_words,
    judged_bound_words,
    margin_words,
    measure_label,
    measure_title,
    no_figures_words,
    place_words,
    references_words,
    state_words,
    usual_range_words,
    value_words,
    when,
)


def measure_name(judged: KpiJudgement, one: MeasureJudgement) -> str:
    """What a measure is called on its KPI's page: by the KPI's title, where it has none and is the only one."""
    return measure_title(judged.kpi, one.measure)


def measure_part(
    judgement: Judgement, judged: KpiJudgement, one: MeasureJudgement, here: str
) -> Iterator[str]:
    """One measure as blocks: heading, facts, chart, every figure, and the figures of other areas."""
    measure, plan = one.measure, judgement.plan
    yield heading(3, measure_name(judged, one))
    if one.kpi != judged.kpi.id:
        home = judgement.by_id()[one.kpi].kpi
        yield f"From {link(home.full_title, links.between(here, links.kpi_page(home.id)))}, where its figures are kept."
    yield bullets(f"**{name}**: {text}" for name, text in _facts(judgement, judged, one) if text)
    if measure.note:
        yield paragraph(measure.note)
    if measure.observations:
        yield _figures(judgement, one)
    if told := chance_words(one):
        yield folded_part("Variation and tests", inline(ended(told)))
    if measure.peers:
        yield from _peers(judgement, one)
    if measure.no_figures is not None:
        yield paragraph(ended(no_figures_words(measure.no_figures, plan)))


def _facts(judgement: Judgement, judged: KpiJudgement, one: MeasureJudgement) -> Iterator[tuple[str, str]]:
    """What is to be said of the measure today, each with its name; facts without a text are left out."""
    measure, plan, newest = one.measure, judgement.plan, one.latest.observation
    status = status_and_figure(judgement, one)
    says_why = STATES[one.state].says_why and one.state not in plan.status.words
    reason = one.deciding.reason if one.deciding is not None and not says_why else ""
    told = f"{status} ({reason})" if reason else status
    yield "Status", inline("; ".join(filter(None, (told, benchmark_words(one)))))
    if newest is not None:
        yield "Latest", inline(f"{dated(newest, measure)}, {age_words(newest, judgement.day)} old")
    if one.latest.without_value:
        told = joined(when(late.period, measure) for late in one.latest.without_value)
        yield "No figure yet for", inline(told)
    if one.freshness is not None:
        yield "Next figure", inline(_next(one))
    if one.verdicts or measure.targets:
        yield "Target", target_cell(one, plan)
    yield "Against the target", inline(capitalised(usual_range_words(one)))
    yield "Better would be", inline(better_words(one))
    if one.directions:
        yield "Trend", trend_cell(one)
    if one.aim is not None:
        yield "Aim without a target", inline(f"to {measure.aim}: {aim_words(one.aim)}")
    yield from _beside(judgement, one)
    if measure.owner != judged.kpi.owner:
        yield "Owner", inline(plan.owners.get(measure.owner, measure.owner))
    for found in one.triggers:
        yield "Act", inline(f"{asked_words(found.trigger, measure)}. {capitalised(answer_words(found))}")


def _beside(judgement: Judgement, one: MeasureJudgement) -> Iterator[tuple[str, str]]:
    """What the figures are set beside, and how they came about."""
    measure, plan = one.measure, judgement.plan
    yield "To compare", inline(references_words(one))
    if one.baseline is not None:
        yield "Against the baseline", inline(direction_words(one.baseline, measure))
    if measure.area in plan.areas:
        yield "Area", inline(plan.areas[measure.area].name)
    if measure.since is not None:
        yield "Counted from", inline(span_words(measure.since.start, measure.since.start))
    if measure.margin is not None:
        yield (
            "Margin of error",
            inline(f"{margin_words(measure.margin, measure)}, where a figure has none of its own"),
        )
    if measure.derived is not None:
        yield "Computed", inline(_derived(judgement, one))


def _next(one: MeasureJudgement) -> str:
    """When the next figure is due, and by how much it is overdue."""
    assert one.freshness is not None
    told = f"due on {span_words(one.freshness.due, one.freshness.due)}"
    late = one.freshness.days_late
    return f"{told}, overdue by {counted(late, 'day')}" if late else told


def _derived(judgement: Judgement, one: MeasureJudgement) -> str:
    derived = one.measure.derived
    assert derived is not None
    home = judgement.by_id()[one.kpi].kpi
    named = {measure.id: measure_label(measure) for measure in home.measures}
    first, second = (
        " + ".join(named.get(name, name) for name in names) for names in (derived.first, derived.second)
    )
    if derived.how == DIFFERENCE:
        return f"{first} less {second}"
    told = f"{first} divided by {second}"
    return f"{told}, in per cent" if one.measure.unit.kind == PERCENT else told


def _figures(judgement: Judgement, one: MeasureJudgement) -> str:
    """Every figure, newest first: what it was held against at the time and how it stood, its marks and notes, if any."""
    rows = [_figure_row(judgement, figure, one) for figure in reversed(one.measure.observations)]
    headers = ("Period", "Figure", "Bound then", "Target then", "Notes")
    bounds = {row[2] for row in rows} - {NOTHING}
    shown = [at for at in range(len(headers)) if at < 2 or any(row[at] != NOTHING for row in rows)]
    shown = [at for at in shown if at != 2 or len(bounds) > 1]  # what is the same for all stands above
    return table([headers[at] for at in shown], [[row[at] for at in shown] for row in rows], right=(1,))


def _figure_row(judgement: Judgement, figure: Observation, one: MeasureJudgement) -> tuple[str, ...]:
    notes = [capitalised(MARKS[mark].words) for mark in figure.marks if mark not in WITHOUT_VALUE]
    if one.measure.derived is None and figure.denominator is not None:
        part = "" if figure.numerator is None else f"{figure.numerator:,f} "
        notes.append(f"{part}of {figure.denominator:,f}")
    if figure.margin is not None:
        notes.append(capitalised(margin_words(figure.margin, one.measure)))
    step = step_at(one.measure, figure)
    if step:
        notes.append(f"A new level from here on: {step.removesuffix('.')}")
    told = ". ".join([*notes, figure.note] if figure.note else notes)
    verdict = _verdict_then(judgement, figure, one)
    bound = judged_bound_words(verdict, one.measure) if verdict else ""
    return (
        inline(capitalised(when(figure.period, one.measure))),
        inline(value_words(figure, one.measure)),
        inline(bound) or NOTHING,
        inline(_target_then(judgement, verdict, one)),
        inline(told) or NOTHING,
    )


def _verdict_then(judgement: Judgement, figure: Observation, one: MeasureJudgement) -> Verdict | None:
    """What the target in force for a figure said, when it was the newest; None where there was none."""
    if figure.forecast or (figure.value is None and not figure.assessment):
        return None
    deciding = one.deciding
    if deciding is not None and deciding.observation == figure:
        return deciding
    return judge_at(one.measure, figure, judgement.plan.status.tolerance)


def _target_then(judgement: Judgement, verdict: Verdict | None, one: MeasureJudgement) -> str:
    """How a figure stood to its target."""
    if verdict is None or not STATES[verdict.state].judged:
        return NOTHING
    return _state(verdict, one, capitalised(state_words(verdict.state, judgement.plan.status.words)))


def _state(verdict: Verdict, one: MeasureJudgement, word: str) -> str:
    """The state with what is missing: "Missed by 152", "Not due, gap 152"."""
    if verdict.gap is None:
        return word
    return f"{word}{' by' if verdict.state == MISSED else ', gap'} {gap_words(verdict, one.measure)}"


def _peers(judgement: Judgement, one: MeasureJudgement) -> Iterator[str]:
    """Own and other areas' figures, a row a period, newest first. Areas that contain the own one stand last, apart."""
    plan, measure = judgement.plan, one.measure
    own = plan.areas.get(measure.area or plan.area)
    wholes = [area for area in measure.peers if area in plan.areas and plan.areas[area].whole]
    equals = [area for area in measure.peers if area not in wholes]
    found = {one.figure: one for one in rank_among_peers(measure, plan)}
    columns = [
        (own.name if own else "Own", measure.observations),
        *((plan.areas[area].name if area in plan.areas else area, measure.peers[area]) for area in equals),
    ]
    apart = [(f"{plan.areas[area].name} (whole)", measure.peers[area]) for area in wholes]
    yield _ranked_words(one, found, has_whole=bool(apart))
    yield _peer_table(one, columns, apart, found)
    yield bullets(
        paragraph(f"{name}, {when(figure.period, measure)}: {ended(figure.note)}")
        for name, series in (*columns[1:], *apart)
        for figure in reversed(series)
        if figure.note
    )


_Columns = list[tuple[str, tuple[Observation, ...]]]


def _ranked_words(one: MeasureJudgement, found: dict[Observation, Rank], *, has_whole: bool) -> str:
    """What the table is, and where the own area stands, or why it has no place."""
    told = "Beside other areas, for the same periods."
    if found:
        newest, rank = next(iter(found.items()))
        told += f" For {when(newest.period, one.measure)}: {place_words(rank)}."
    elif one.measure.better.way == NEITHER:
        told += " Neither a rise nor a fall is better, so nobody has a place."
    elif not can_rank(one.measure):
        told += " Numbers grow with the size of an area, so nobody has a place."
    if has_whole:
        told += " A whole contains the own area and has no place among the others."
    return told


def _peer_table(
    one: MeasureJudgement, columns: _Columns, apart: _Columns, found: dict[Observation, Rank]
) -> str:
    """Areas across and periods down, or the other way round where there are more areas: a narrow screen holds that."""
    measure = one.measure
    areas = [*columns, *apart]
    series = [{identity(figure.period, measure.kind): figure for figure in figures} for _, figures in areas]
    known = {at: figure.period for figures in reversed(series) for at, figure in figures.items()}
    periods = sorted(known.items(), key=lambda pair: pair[1].order, reverse=True)
    places = {identity(figure.period, measure.kind): place_words(rank) for figure, rank in found.items()}
    lines = [
        [value_words(figures[at], measure) if at in figures else NOTHING for at, _ in periods]
        for figures in series
    ]
    names = [name for name, _ in areas]
    if places:
        lines.insert(1, [places.get(at, NOTHING) for at, _ in periods])
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
