"""All the pages of a scorecard, by their path under `docs/scorecard/`."""

from collections.abc import Iterator, Mapping

from kpi.judge.judgement import Judgement, KpiJudgement
from kpi.judge.since_edition import SinceEdition
from kpi.model.progress import Progress, silent
from kpi.pages import links
from kpi.pages.about import about_page
from kpi.pages.breaches import breaches_page
from kpi.pages.charts.chart import kpi_chart
from kpi.pages.charts.sparkline import sparkline
from kpi.pages.charts.targets import targets_picture
from kpi.pages.front import front_page
from kpi.pages.kpi import Ignored, kpi_page
from kpi.pages.moves import changes_page
from kpi.pages.priority import priority_page
from kpi.pages.room import in_parts


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
    targets = targets_picture(judgement)
    pages |= {links.TARGETS: targets} if targets else {}
    for priority in judgement.plan.priorities:
        pages[links.priority_page(priority.id)] = priority_page(judgement, priority)
    for judged in progress(judgement.kpis, "Making pages"):
        pages[links.kpi_page(judged.kpi.id)] = kpi_page(judgement, judged, ignored.get(judged.kpi.id, ()))
        pages |= dict(_charts(judgement, judged))
    return in_parts(pages)


def _charts(judgement: Judgement, judged: KpiJudgement) -> Iterator[tuple[str, str]]:
    """A KPI's picture, and the sparklines of its measures, each at its home."""
    drawn = kpi_chart(judged, judgement.plan)
    if drawn:
        yield links.chart(judged.kpi.id), drawn
    for one in judged.measures:
        small = sparkline(one.measure) if one.kpi == judged.kpi.id else ""
        if small:
            yield links.sparkline(one.address), small
