"""The page of a priority: the scorecard in the plan's own form, one table an objective, one row a measure."""

from collections.abc import Iterator, Mapping

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.plan import Objective, Priority
from kpi.pages import links
from kpi.pages.cells import (
    NO_NOTES,
    Notes,
    current_cell,
    history_cell,
    notes_list,
    numbered,
    status_and_figure,
    target_cell,
    trend_cell,
)
from kpi.pages.charts.sparkline import with_sparkline
from kpi.pages.grid import folded, side_by_side
from kpi.pages.legend import day_words, how_to_read
from kpi.pages.markdown import heading, inline, link, page, paragraph, table
from kpi.pages.words import NOTHING, benchmark_words, capitalised, no_figures_words, short_label, state_words

COLUMNS = (
    "KPI",
    "Measure",
    "Status",
    "Current / latest",
    "Target",
    "Historical performance / benchmark",
    "Trend",
)


def priority_page(judgement: Judgement, priority: Priority) -> str:
    """The page as Markdown."""
    here = links.priority_page(priority.id)
    by_id = judgement.by_id()
    shown = [by_id[name] for name in priority.kpis if name in by_id]
    blocks = [
        heading(1, priority.title),
        link(judgement.plan.edition.title or judgement.plan.title, links.between(here, links.FRONT)),
        paragraph(priority.note) if priority.note else "",
        day_words(judgement),
        how_to_read(judgement.plan, (one.measure for kpi in shown for one in kpi.measures)),
    ]
    notes = numbered(one for kpi in shown for one in kpi.measures)
    for objective in priority.objectives:
        blocks += _objective(judgement, objective, by_id, here, notes)
    return page(blocks)


def _objective(
    judgement: Judgement, objective: Objective, by_id: Mapping[str, KpiJudgement], here: str, notes: Notes
) -> Iterator[str]:
    """The heading, the table, and the notes on its figures."""
    if objective.title:
        yield heading(2, objective.title)
    if objective.note:
        yield paragraph(objective.note)
    kpis = [by_id[name] for name in objective.kpis if name in by_id]
    yield table(COLUMNS, [row for kpi in kpis for row in _rows(judgement, kpi, here, notes)])
    yield notes_list((one for kpi in kpis for one in kpi.measures), notes)


def _status(judged: MeasureJudgement, judgement: Judgement) -> str:
    """The status, and without a target how the measure stands to its aim: "No target; aim to increase: as intended"."""
    aim = f"aim to {judged.measure.aim}: {judged.aim.word}" if judged.aim is not None else ""
    told = (status_and_figure(judgement, judged), aim, benchmark_words(judged))
    return "; ".join(filter(None, told))


def _rows(
    judgement: Judgement, judged: KpiJudgement, here: str, notes: Notes = NO_NOTES
) -> Iterator[tuple[str, ...]]:
    """The rows of its measures; a KPI without figures has one row that says why."""
    plan = judgement.plan
    title = link(judged.kpi.full_title, links.between(here, links.kpi_page(judged.kpi.id)))
    if judged.kpi.no_figures is not None or not judged.measures:
        reason = judged.kpi.no_figures
        status = inline(capitalised(state_words(judged.status, plan.status.words)))
        told = inline(no_figures_words(reason, plan)) if reason else NOTHING
        yield (title, NOTHING, status, told, NOTHING, NOTHING, NOTHING)
    for row in measure_rows(judgement, judged, notes, here):
        yield (title, *row)


def measure_rows(
    judgement: Judgement, judged: KpiJudgement, notes: Notes = NO_NOTES, here: str = ""
) -> Iterator[tuple[str, ...]]:
    """The cells under the columns after the KPI's: a row a measure, or a row a line of a grid of bare figures.

    The trend has its sparkline where `here` is the page that the rows are for; a paper of its own has no pictures.
    """
    folds = folded(judged)
    for label, group in folds.items():
        one = group[0]
        told = inline(side_by_side(judged, group))
        yield (inline(label), inline(_status(one, judgement)), told, NOTHING, NOTHING, trend_cell(one))
    for one in () if folds else judged.measures:
        told = trend_cell(one, notes)
        yield (
            inline(short_label(one.measure)),
            inline(_status(one, judgement)),
            current_cell(one, judgement.plan, notes),
            target_cell(one),
            history_cell(one, judgement.plan, notes),
            with_sparkline(told, one, here) if here else told,
        )
