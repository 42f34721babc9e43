"""The page about the scorecard itself: its edition, whether figures are overdue, and where the figures come from."""

from collections.abc import Iterator

from kpi.judge.judgement import Judgement
from kpi.model.period import parse_period, period_words, span_words
from kpi.pages import links
from kpi.pages.markdown import bullets, heading, inline, link, page
from kpi.pages.overdue import sentence
from kpi.pages.sources import SOURCES, every_source, linked, usual_source
from kpi.pages.words.figure_words import ended

TITLE = "About this scorecard"


def about_page(judgement: Judgement) -> str:
    """The page as Markdown."""
    title = judgement.plan.edition.title or judgement.plan.title
    way = link(title, links.between(links.ABOUT, links.FRONT))
    return page([heading(1, TITLE), way, *about(judgement)])


def about(judgement: Judgement, level: int = 2) -> Iterator[str]:
    """The edition's facts, and the sources under their heading of this level."""
    plan = judgement.plan
    yield _edition_facts(judgement)
    if not plan.sources:
        return
    yield heading(level, SOURCES)
    usual = usual_source(plan, (kpi.kpi for kpi in judgement.kpis))
    if usual:
        yield inline(f"Where no other source is named, figures come from: {ended(plan.sources[usual].title)}")
    yield every_source(plan)


def _edition_facts(judgement: Judgement) -> str:
    """What the scorecard is for, by whom and for which meeting, and how it is judged."""
    edition = judgement.plan.edition
    rows = [
        ("Plan", judgement.plan.title),
        ("Organisation", judgement.plan.organisation),
        ("Board", edition.board),
        ("Date", period_words(parse_period(edition.date)) if edition.date else ""),
        ("Last edition", edition.last),
        ("Presented by", edition.presented_by),
        ("Purpose", edition.purpose),
        ("Published by", judgement.plan.publisher),
        ("Judged as of", span_words(judgement.day, judgement.day)),
        ("Overdue", sentence(judgement)),
        (
            "Rules",
            "Statuses and changes are worked out from the figures, by rules that are the same for every KPI.",
        ),
    ]
    facts = [f"**{name}**: {inline(text)}" for name, text in rows if text]
    licence = judgement.plan.licence
    return bullets([*facts, f"**Licence**: {linked(*licence)}"] if licence else facts)
