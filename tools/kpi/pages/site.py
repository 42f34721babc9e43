"""All the pages of a scorecard, by their path under `docs/scorecard/`."""

from collections.abc import Mapping

from kpi.judge.judgement import Judgement
from kpi.pages import links
from kpi.pages.breaches import breaches_page
from kpi.pages.front import front_page
from kpi.pages.kpi import Ignored, kpi_page
from kpi.pages.priority import priority_page


def scorecard_pages(judgement: Judgement, ignored: Mapping[str, Ignored]) -> dict[str, str]:
    """Every page as Markdown.

    Args:
        judgement: the whole framework, judged.
        ignored: for each KPI with ignore comments, their rules and reasons.
    """
    pages = {links.FRONT: front_page(judgement), links.BREACHES: breaches_page(judgement)}
    for priority in judgement.plan.priorities:
        pages[links.priority_page(priority.id)] = priority_page(judgement, priority)
    for judged in judgement.kpis:
        pages[links.kpi_page(judged.kpi.id)] = kpi_page(judgement, judged, ignored.get(judged.kpi.id, ()))
    return pages
