"""What has changed since the last edition, on one line: targets newly met and newly not met, and figures revised."""

from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement
from kpi.model.period import parse_period, period_words
from kpi.model.text import counted
from kpi.pages.markdown import inline
from kpi.pages.table_cells import join_first, name_link, shown_once

_MOST_NAMED = 4


def since_edition(judgement: Judgement, since: SinceEdition, here: str) -> str:
    """The line as Markdown: "**Since the last edition** (28 November 2023): newly met: …; newly not met: …; revised: …".

    Args:
        judgement: this edition.
        since: what has changed.
        here: the page that the line is for.
    """
    edition = period_words(parse_period(since.edition)) if since.edition else judgement.plan.edition.last
    groups = {"newly met": since.met, "newly not met": since.unmet, "figures revised": since.revised}
    parts = []
    for title, addresses in groups.items():
        shown = (each for each in shown_once(judgement) if each.measure.address in addresses)
        names = [name_link(each, here) for each in shown]
        parts += [f"{title}: {join_first(names, _MOST_NAMED)}"] if addresses else []
    news = "; ".join(parts) or "no target newly met or newly not met, no figure revised"
    line = f"**Since the last edition** ({inline(edition)}): {news}."
    if since.unread:
        line += f" {counted(since.unread, 'KPI')} could not be compared, because the older file can no longer be read."
    return line
