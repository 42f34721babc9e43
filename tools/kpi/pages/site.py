"""All the pages of a scorecard, by their path under `docs/scorecard/`."""

from collections.abc import Mapping

from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement
from kpi.model.progress import Progress, silent
from kpi.pages import links
from kpi.pages.about import about_page
from kpi.pages.breaches import breaches_page
from kpi.pages.charts.chart import kpi_chart
from kpi.pages.charts.sparkline import sparkline
from kpi.pages.charts.targets_picture import targets_picture
from kpi.pages.front import front_page
from kpi.pages.kpi_page import Ignored, kpi_page
from kpi.pages.moves import changes_page
from kpi.pages.page_length import in_parts
from kpi.pages.priority import priority_page


def scorecard_pages(
    judgement: Judgement,
    ignored: Mapping[str, Ignored],
    progress: Progress = silent,
    since: SinceEdition | None = None,
) -> dict[str, str]:
    """Every page as Markdown, and every chart and sparkline as SVG.

    Args:
        judgement: the whole framework, judged.
        ignored: for each KPI with ignore comments, their rules and reasons.
        progress: shows how far the work is.
        since: what has changed since the last edition, where the plan names one.
    """
    pages = {links.FRONT: front_page(judgement, since), links.BREACHES: breaches_page(judgement)}
    pages |= {links.CHANGES: changes_page(judgement), links.ABOUT: about_page(judgement)}
    pages |= pictures(judgement)
    for priority in judgement.plan.priorities:
        pages[links.priority_page(priority.id)] = priority_page(judgement, priority)
    for kpi in progress(judgement.kpis, "Making pages"):
        pages[links.kpi_page(kpi.kpi.id)] = kpi_page(judgement, kpi, ignored.get(kpi.kpi.id, ()))
    return in_parts(pages)


def pictures(judgement: Judgement) -> dict[str, str]:
    """The picture of all targets, those of the KPIs and the sparklines as SVG, by their path; without those that would show nothing."""
    drawn = {links.TARGETS: targets_picture(judgement)}
    drawn |= {links.chart(kpi.kpi.id): kpi_chart(kpi, judgement.plan) for kpi in judgement.kpis}
    drawn |= {links.sparkline(judged.address): sparkline(judged.measure) for judged in judgement.once()}
    return {path: svg for path, svg in drawn.items() if svg}
