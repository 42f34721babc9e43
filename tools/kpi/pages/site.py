"""All the pages of a scorecard, by their path under `docs/scorecard/`."""

from collections.abc import Iterator, Mapping

from kpi.judge.judgement import Judgement, KpiJudgement
from kpi.model.watch import Watch, unwatched
from kpi.pages import links
from kpi.pages.about import about_page
from kpi.pages.breaches import breaches_page
from kpi.pages.charts.chart import chart, has_chart
from kpi.pages.charts.sparkline import sparkline
from kpi.pages.front import front_page
from kpi.pages.kpi import Ignored, kpi_page
from kpi.pages.moves import changes_page
from kpi.pages.priority import priority_page
from kpi.pages.room import in_parts
from kpi.pages.words import reading, short_label


def scorecard_pages(
    judgement: Judgement, ignored: Mapping[str, Ignored], watch: Watch = unwatched
) -> dict[str, str]:
    """Every page as Markdown, and every chart and sparkline as SVG.

    Args:
        judgement: the whole framework, judged.
        ignored: for each KPI with ignore comments, their rules and reasons.
        watch: is told how far the work is.
    """
    pages = {links.FRONT: front_page(judgement), links.BREACHES: breaches_page(judgement)}
    pages |= {links.CHANGES: changes_page(judgement), links.ABOUT: about_page(judgement)}
    for priority in judgement.plan.priorities:
        pages[links.priority_page(priority.id)] = priority_page(judgement, priority)
    for judged in watch(judgement.kpis, "Making pages"):
        pages[links.kpi_page(judged.kpi.id)] = kpi_page(judgement, judged, ignored.get(judged.kpi.id, ()))
        pages |= dict(_charts(judgement, judged))
    return in_parts(pages)


def _charts(judgement: Judgement, judged: KpiJudgement) -> Iterator[tuple[str, str]]:
    """The charts and sparklines of a KPI's measures, each at its home."""
    plan = judgement.plan
    for one in judged.measures:
        if one.kpi != judged.kpi.id:
            continue
        if has_chart(one):
            title = f"{judged.kpi.full_title}: {short_label(one.measure)}"
            yield links.chart(one.address), chart(one, plan, title, reading(one, plan))
        drawn = sparkline(one.measure)
        if drawn:
            yield links.sparkline(one.address), drawn
