"""The page of a priority: the scorecard in the plan's own form, one table an objective, one row a measure."""

from collections.abc import Iterator

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.plan import Objective, Plan, Priority
from kpi.pages import links
from kpi.pages.cells import current_cell, history_cell, target_cell, trend_cell
from kpi.pages.legend import day_words, how_to_read
from kpi.pages.markdown import heading, inline, link, page, paragraph, table
from kpi.pages.sparkline import with_sparkline
from kpi.pages.words import NOTHING, capitalised, measure_label, no_figures_words, state_words, status_cell

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
        how_to_read(one.measure for kpi in shown for one in kpi.measures),
    ]
    for objective in priority.objectives:
        blocks += _objective(judgement.plan, objective, by_id, here)
    return page(blocks)


def _objective(plan: Plan, objective: Objective, by_id: dict[str, KpiJudgement], here: str) -> Iterator[str]:
    if objective.title:
        yield heading(2, objective.title)
    if objective.note:
        yield paragraph(objective.note)
    rows = [row for name in objective.kpis if name in by_id for row in _rows(plan, by_id[name], here)]
    yield table(COLUMNS, rows)


def _status(judged: MeasureJudgement, plan: Plan) -> str:
    """The status, and without a target how the measure stands to its aim: "No target; aim to increase: as intended"."""
    told = status_cell(judged.state, judged.rag, plan.status.words, queried=judged.queried)
    if judged.aim is None:
        return told
    return f"{told}; aim to {judged.measure.aim}: {judged.aim.word}"


def _rows(plan: Plan, judged: KpiJudgement, here: str) -> Iterator[tuple[str, ...]]:
    """One row a measure; a KPI without measures has one row that says why."""
    title = link(judged.kpi.title, links.between(here, links.kpi_page(judged.kpi.id)))
    if judged.kpi.no_figures is not None or not judged.measures:
        reason = judged.kpi.no_figures
        status = inline(capitalised(state_words(judged.status, plan.status.words)))
        told = inline(no_figures_words(reason, plan)) if reason else NOTHING
        yield (title, NOTHING, status, told, NOTHING, NOTHING, NOTHING)
    for one in judged.measures:
        yield (
            title,
            inline(measure_label(one.measure)),
            inline(_status(one, plan)),
            current_cell(one, plan),
            target_cell(one),
            history_cell(one, plan),
            with_sparkline(trend_cell(one), one, here),
        )
