"""Where figures and targets come from: all sources in one place, and the names of some."""

from collections import Counter
from collections.abc import Iterable

from kpi.model.kpi import Kpi
from kpi.model.plan import Plan
from kpi.pages.markdown import bullets, inline, link, paragraph
from kpi.pages.words.figure_words import ended

SOURCES = "Sources"


def every_source(plan: Plan) -> str:
    """The plan's sources with what is to be known about each; empty where there are none."""
    return bullets(
        f"{linked(ended(source.title), source.url)} {inline(source.note)}"
        if source.note
        else linked(source.title, source.url)
        for source in plan.sources.values()
    )


def usual_source(plan: Plan, kpis: Iterable[Kpi]) -> str:
    """The source that more than half of the KPIs name; empty where none does. It is named once, and not on every page."""
    named = [set(kpi.sources) for kpi in kpis]
    counts = Counter(name for names in named for name in names if name in plan.sources)
    (name, count), *_ = counts.most_common(1) or [("", 0)]
    return name if 2 * count > len(named) > 1 else ""


def source_words(plan: Plan, names: Iterable[str]) -> str:
    """The sources with these ids, each once, as Markdown on one line; empty where none is named."""
    sources = [plan.sources[name] for name in dict.fromkeys(names) if name in plan.sources]
    return "; ".join(linked(source.title, source.url) for source in sources)


def linked(title: str, url: str) -> str:
    """A title as Markdown, as a link where its address is one."""
    return link(title, url) if url.startswith("https://") else paragraph(title)
