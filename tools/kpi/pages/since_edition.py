"""What has changed since the last edition, on one line: targets newly met and newly not met, and figures revised."""

from kpi.judge.judgement import Judgement
from kpi.judge.since_edition import SinceEdition
from kpi.model.period import parse_period, period_words
from kpi.model.text import counted, joined
from kpi.pages.markdown import inline
from kpi.pages.table_cells import name_link, shown_once

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
    parts = [
        f"{title}: {_names(judgement, measures, here)}" for title, measures in groups.items() if measures
    ]
    news = "; ".join(parts) or "no target newly met or newly not met, no figure revised"
    unread = (
        f" {counted(since.unread, 'KPI')} could not be compared, because the older file can no longer be read."
        if since.unread
        else ""
    )
    return f"**Since the last edition** ({inline(edition)}): {news}.{unread}"


def _names(judgement: Judgement, addresses: frozenset[str], here: str) -> str:
    """The measures in the plan's order, so many by name and the others counted."""
    links = [name_link(shown, here) for shown in shown_once(judgement) if shown.measure.address in addresses]
    more = len(links) - _MOST_NAMED
    return joined([*links[:_MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])])
