"""The page of a priority: how it stands in a few sentences, and one table with a row a measure."""

from collections.abc import Iterator, Sequence

from kpi.judge.judgement import Judgement, KpiJudgement
from kpi.judge.state import IN_WORDS
from kpi.model.plan import Priority
from kpi.pages import links
from kpi.pages.charts.sparkline import with_sparkline
from kpi.pages.grid import folded, side_by_side
from kpi.pages.legend import letters
from kpi.pages.markdown import heading, inline, link, page, paragraph, table
from kpi.pages.standing import in_short
from kpi.pages.table_cells import (
    FigureColumns,
    ShownMeasure,
    front_link,
    latest_pair,
    list_name,
    meaning,
    measure_name,
    target_text,
)
from kpi.pages.words.statuses import no_figures_words

_MOST_NAMED = 3
"""The most names of measures in a group of the opening."""


def priority_page(judgement: Judgement, priority: Priority) -> str:
    """The page as Markdown."""
    here = links.priority_page(priority.id)
    return page(
        [
            heading(1, priority.title),
            front_link(judgement.plan, here),
            *priority_part(judgement, priority, here),
            *priority_notes(priority),
        ]
    )


def priority_part(judgement: Judgement, priority: Priority, here: str) -> Iterator[str]:
    """The opening, and the table with its footmarks; for the page and for the paper."""
    shown = judgement.of(priority.kpis)
    yield opening(judgement, shown)
    yield letters(judged.measure for kpi in shown for judged in kpi.measures)
    in_rows = (kpi for kpi in shown if not folded(kpi))
    figures = FigureColumns(latest_pair(judged) for kpi in in_rows for judged in kpi.measures)
    rows = []
    for objective in priority.objectives:
        rows += [(f"**{inline(objective.title)}**", "", "", "")] if objective.title else []
        kpis = judgement.of(objective.kpis)
        rows += [row for kpi in kpis for row in _rows(judgement, kpi, figures, here)]
    yield table(("Measure", *figures.headers, "Meaning"), rows, right=(1, 2)) if rows else ""
    yield figures.footnotes()


def opening(judgement: Judgement, kpis: Sequence[KpiJudgement]) -> str:
    """How the measures of some KPIs stand, each once."""
    shown = {judged.address: ShownMeasure(kpi, judged) for kpi in kpis for judged in kpi.measures}
    named = [(list_name(each), each.measure) for each in shown.values()]
    return in_short(judgement, named, _MOST_NAMED, only_open=True)


def priority_notes(priority: Priority) -> Iterator[str]:
    """The notes on the priority and its objectives; empty where there is none."""
    yield paragraph(priority.note)
    for title, _, note in priority.objectives:
        yield f"**{inline(title)}**: {inline(note)}" if title and note else paragraph(note)


def _rows(
    judgement: Judgement, kpi: KpiJudgement, figures: FigureColumns, here: str
) -> Iterator[tuple[str, str, str, str]]:
    """The KPI as a bold row, which is its measure's where it has one; below it a row a measure."""
    way = links.between(here, links.kpi_page(kpi.kpi.id))
    title = f"**{link(kpi.kpi.full_title, way)}**"
    if kpi.kpi.no_figures is not None or not kpi.measures:
        reason = kpi.kpi.no_figures
        words = no_figures_words(reason._replace(text=""), judgement.plan) if reason else "No measures"
        yield title, "", "", inline(words)
        return
    folds = folded(kpi)
    if folds or len(kpi.measures) > 1:
        is_counted = kpi.targeted > 1 and kpi.status != IN_WORDS  # what no figure decides is not counted
        yield title, "", "", f"{kpi.met} of {kpi.targeted} met" if is_counted else ""
        for label, group in folds.items():
            yield inline(label), "", "", inline(side_by_side(kpi, group))
    for judged in () if folds else kpi.measures:
        pair = latest_pair(judged)
        own = title if len(kpi.measures) == 1 else inline(measure_name(kpi, judged))
        target = target_text(judged, short=True)
        words = inline(meaning(judgement, judged))
        yield (
            f"{own} (target: {inline(target)})" if target else own,
            *figures.cells(pair),
            with_sparkline(words, judged, here),
        )
