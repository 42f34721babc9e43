"""The whole scorecard as one document, in the order of a board paper: to read, print, or turn into a Word file."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.period import period_words
from kpi.model.plan import Plan, Priority
from kpi.pages import links
from kpi.pages.breaches import (
    NO_COMMENTARY,
    Shown,
    breach_table,
    latest_commentary,
    missed,
    recovered,
    sentence,
    short,
)
from kpi.pages.front import counts_by_status, edition_facts
from kpi.pages.legend import colours, day_words, how_to_read, states
from kpi.pages.markdown import Anchors, Footnotes, heading, inline, link, page, paragraph, table
from kpi.pages.priority import COLUMNS, measure_cells
from kpi.pages.words import ended, no_figures_words

_LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s]*)\)")
"""A link of ours. Brackets in people's text are written with a backslash."""


class Part(NamedTuple):
    """A heading with what stands under it. `page` is the page of the scorecard whose place it takes here."""

    level: int
    title: str
    blocks: Sequence[str]
    page: str = ""
    in_contents: bool = True


def paper(judgement: Judgement) -> str:
    """The document as Markdown, with footnotes as GitHub and pandoc understand them.

    Links to other pages of the scorecard lead to their place in the document. It has no pictures and needs no other file.
    """
    title = judgement.plan.edition.title or judgement.plan.title
    notes = Footnotes()
    parts = list(_parts(judgement, notes))
    anchors = Anchors()
    places = {links.FRONT: anchors.add(title)}
    anchors.add("Contents")
    found = [(part, anchors.add(part.title)) for part in parts]
    places |= {part.page: anchor for part, anchor in found if part.page}
    blocks = [
        heading(1, title),
        edition_facts(judgement),
        f"{paragraph(ended(judgement.plan.organisation))} {day_words(judgement)} {inline(sentence(judgement))}",
        heading(2, "Contents"),
        "\n".join(_entry(part, anchor) for part, anchor in found if part.in_contents),
    ]
    for part in parts:
        blocks += [heading(part.level, part.title), *part.blocks]
    return page(_bound(block, places) for block in [*blocks, notes.block()])


def _entry(part: Part, anchor: str) -> str:
    """A line of the contents, further in for each level."""
    return f"{'  ' * (part.level - 2)}- {link(part.title, f'#{anchor}')}"


def _bound(text: str, places: Mapping[str, str]) -> str:
    """Markdown whose links to other pages lead to their places in this document; without one, the words stay."""

    def here(found: re.Match[str]) -> str:
        words, target = found.groups()
        if target.startswith(("#", "https://")):
            return found.group()
        there = target.partition("#")[0]
        return f"[{words}](#{places[there]})" if there in places else words

    return _LINK.sub(here, text)


def _parts(judgement: Judgement, notes: Footnotes) -> Iterator[Part]:
    yield Part(2, "How to read this", [_legend(judgement)])
    yield Part(2, "Missed targets", [_breaches(judgement, missed) or "No target is missed."], links.BREACHES)
    for title, which in (("Short, no date set", short), ("Recovered", recovered)):
        rows = _breaches(judgement, which)
        if rows:
            yield Part(3, title, [rows])
    yield Part(2, "Counts by status", [counts_by_status(judgement)])
    for priority in judgement.plan.priorities:
        yield from _priority(judgement, priority, notes)


def _legend(judgement: Judgement) -> str:
    """What words, symbols and letters mean, each said once."""
    measures = [one.measure for kpi in judgement.kpis for one in kpi.measures]
    lines = "\n".join([states(judgement), colours(judgement), how_to_read(measures)]).split("\n")
    return "\n".join(dict.fromkeys(lines))


def _breaches(judgement: Judgement, which: Callable[[Judgement], list[Shown]]) -> str:
    return breach_table(judgement, which(judgement), links.FRONT)


def _priority(judgement: Judgement, priority: Priority, notes: Footnotes) -> Iterator[Part]:
    """A priority with its objectives, and each KPI under a heading of its own."""
    by_id = judgement.by_id()
    yield Part(2, priority.title, _said(priority.note), links.priority_page(priority.id))
    for objective in priority.objectives:
        if objective.title:
            yield Part(3, objective.title, _said(objective.note))
        for kpi in (by_id[name] for name in objective.kpis if name in by_id):
            level = 4 if objective.title else 3
            blocks = list(_kpi(judgement, kpi, notes))
            yield Part(level, kpi.kpi.title, blocks, links.kpi_page(kpi.kpi.id), in_contents=False)


def _said(note: str) -> list[str]:
    return [paragraph(note)] if note else []


def _kpi(judgement: Judgement, judged: KpiJudgement, notes: Footnotes) -> Iterator[str]:
    """What is measured, the newest commentary, and a row a measure; what has to be known of them is in footnotes."""
    kpi, plan = judged.kpi, judgement.plan
    yield f"{paragraph(kpi.definition)}{notes.mark(kpi.note)}"
    commentary = latest_commentary(judged, judgement)
    if commentary != NO_COMMENTARY:
        yield f"**Commentary**: {inline(commentary)}"
    if kpi.no_figures is not None:
        yield paragraph(ended(no_figures_words(kpi.no_figures, plan)))
    if judged.measures:
        yield table(COLUMNS[1:], [_row(one, plan, notes) for one in judged.measures])


def _row(judged: MeasureJudgement, plan: Plan, notes: Footnotes) -> tuple[str, ...]:
    label, *others = measure_cells(judged, plan)
    measure = judged.measure
    told = [f"{period_words(one.period)}: {one.note}" for one in measure.observations if one.note]
    return (f"{label}{notes.mark(measure.note, *told)}", *others)
