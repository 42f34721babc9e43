"""Where figures and targets come from: all sources in one place, and those of a KPI with the way there."""

from collections.abc import Iterable

from kpi.model.plan import Plan, Source
from kpi.pages import links
from kpi.pages.markdown import bullets, inline, link, paragraph, slug
from kpi.pages.words import ended

SOURCES = "Sources"


def every_source(plan: Plan) -> str:
    """The plan's sources with what is to be known about each; empty where there are none."""
    return bullets(
        f"{_title(source, ended(source.title))} {inline(source.note)}"
        if source.note
        else _title(source, source.title)
        for source in plan.sources.values()
    )


def sources_of(plan: Plan, names: Iterable[str], here: str) -> str:
    """The sources with these ids, each once, and the way to what is to be known about them."""
    found = [plan.sources[name] for name in dict.fromkeys(names) if name in plan.sources]
    if not found:
        return "No source is named."
    told = bullets(_title(source, source.title) for source in found)
    if not any(source.note for source in found):
        return told
    more = link("More about the sources", links.between(here, links.FRONT, slug(SOURCES)))
    return f"{told}\n\n{more}"


def _title(source: Source, title: str) -> str:
    return link(title, source.url) if source.url.startswith("https://") else paragraph(title)
