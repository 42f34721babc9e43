"""The page about the scorecard itself: its edition, whether figures are overdue, and where figures and targets come from."""

from collections.abc import Iterable, Iterator

from kpi.judge.judgement import Judgement
from kpi.model.kpi import Kpi
from kpi.model.period import parse_period, period_words, span_words
from kpi.model.plan import Plan
from kpi.pages import links
from kpi.pages.markdown import bullets, heading, inline, link, page, paragraph
from kpi.pages.overdue import sentence
from kpi.pages.table_cells import front_link
from kpi.pages.words.figure_words import ended

TITLE, SOURCES = "About this scorecard", "Sources"


def about_page(judgement: Judgement) -> str:
    """The page as Markdown."""
    return page([heading(1, TITLE), front_link(judgement.plan, links.ABOUT), *about(judgement)])


def about(judgement: Judgement, level: int = 2) -> Iterator[str]:
    """The edition's facts, and the sources with what is to be known about each, under their heading of this level."""
    plan = judgement.plan
    yield _edition_facts(judgement)
    if not plan.sources:
        return
    yield heading(level, SOURCES)
    usual = usual_source(plan, (kpi.kpi for kpi in judgement.kpis))
    if usual:
        yield inline(f"Where no other source is named, figures come from: {ended(plan.sources[usual].title)}")
    yield bullets(
        f"{linked(ended(source.title), source.url)} {inline(source.note)}"
        if source.note
        else linked(source.title, source.url)
        for source in plan.sources.values()
    )


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


def usual_source(plan: Plan, kpis: Iterable[Kpi]) -> str:
    """The source that most KPIs name, if more than half do, else ""; of two, the plan's first.

    It is named once, and not on every page.
    """
    named = [set(kpi.sources) for kpi in kpis]
    counts = {name: sum(name in names for names in named) for name in plan.sources}
    name = max(counts, key=lambda name: counts[name], default="")
    return name if name and 2 * counts[name] > len(named) > 1 else ""


def source_words(plan: Plan, names: Iterable[str]) -> str:
    """The sources with these ids, each once, as Markdown on one line; empty where none is named."""
    sources = [plan.sources[name] for name in dict.fromkeys(names) if name in plan.sources]
    return "; ".join(linked(source.title, source.url) for source in sources)


def linked(title: str, url: str) -> str:
    """A title as Markdown, as a link where its address is one."""
    return link(title, url) if url.startswith("https://") else paragraph(title)
