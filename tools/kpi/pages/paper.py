"""The whole scorecard as one document, in the order of a board paper: to read, print, or turn into a Word file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kpi.judge.judgement import Judgement, KpiJudgement
from kpi.model.kpi import Measure
from kpi.model.plan import Priority
from kpi.pages import links
from kpi.pages.breaches import (
    NEAR_TITLE,
    NONE_UNMET,
    ORDER,
    PART_TITLE,
    TITLE,
    OffTarget,
    breach_table,
    commentaries,
    latest_commentary,
    off_target,
)
from kpi.pages.front import counts_by_status, edition_facts, headline, new_and_recovered
from kpi.pages.grid import folded
from kpi.pages.legend import NOT_A_TREND, colours, day_words, how_to_read, states
from kpi.pages.markdown import (
    Anchors,
    Footnotes,
    bullets,
    heading,
    inline,
    link,
    page,
    paragraph,
    relinked,
    table,
)
from kpi.pages.priority import COLUMNS, measure_rows
from kpi.pages.sources import SOURCES, every_source
from kpi.pages.words import capitalised, ended, no_figures_words, when


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
    off = off_target(judgement)
    parts = list(_parts(judgement, off, notes))
    anchors = Anchors()
    places = {links.FRONT: anchors.add(title)}
    anchors.add("Contents")
    found = [(part, anchors.add(part.title)) for part in parts]
    places |= {part.page: anchor for part, anchor in found if part.page}
    blocks = [
        heading(1, title),
        edition_facts(judgement),
        f"{paragraph(ended(judgement.plan.organisation))} {day_words(judgement)} {inline(headline(judgement))}",
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

    def lead(words: str, target: str) -> str:
        if target.startswith(("#", "https://")):
            return f"[{words}]({target})"
        there = target.partition("#")[0]
        return f"[{words}](#{places[there]})" if there in places else words

    return relinked(text, lead)


def _parts(judgement: Judgement, off: OffTarget, notes: Footnotes) -> Iterator[Part]:
    yield Part(2, "How to read this", [_legend(judgement)])
    blocks = [ORDER, breach_table(judgement, off.missed, links.FRONT)]
    yield Part(2, TITLE, blocks if off.missed else [NONE_UNMET], links.BREACHES)
    if off.near:
        yield Part(3, NEAR_TITLE, [breach_table(judgement, off.near, links.FRONT)])
    if off.short:
        yield Part(3, PART_TITLE, [breach_table(judgement, off.short, links.FRONT)])
    if off.unmet:
        yield Part(3, "Commentary", [commentaries(off.unmet)])
    crossed = new_and_recovered(off)
    if crossed:
        yield Part(3, "New and recovered", [crossed])
    yield Part(2, "Counts by status", [counts_by_status(judgement)])
    for priority in judgement.plan.priorities:
        yield from _priority(judgement, priority, notes)
    if judgement.plan.sources:
        yield Part(2, SOURCES, [every_source(judgement.plan)])


def _legend(judgement: Judgement) -> str:
    """What words, symbols and letters mean, each said once."""
    measures = [one.measure for kpi in judgement.kpis for one in kpi.measures]
    lines = "\n".join(
        [bullets([NOT_A_TREND]), states(judgement), colours(judgement), how_to_read(judgement.plan, measures)]
    ).split("\n")
    return "\n".join(dict.fromkeys(lines))


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
            yield Part(level, kpi.kpi.full_title, blocks, links.kpi_page(kpi.kpi.id), in_contents=False)


def _said(note: str) -> list[str]:
    return [paragraph(note)] if note else []


def _kpi(judgement: Judgement, judged: KpiJudgement, notes: Footnotes) -> Iterator[str]:
    """What is measured, the newest commentary, and a row a measure; what has to be known of them is in footnotes."""
    kpi, plan = judged.kpi, judgement.plan
    yield f"{paragraph(kpi.definition)}{notes.mark(kpi.note)}"
    commentary = latest_commentary(kpi)
    if commentary:
        yield f"**Commentary**: {inline(commentary)}"
    if kpi.no_figures is not None:
        yield paragraph(ended(no_figures_words(kpi.no_figures, plan)))
    rows = list(measure_rows(judgement, judged))
    if rows and not folded(judged):  # a line of a grid has no notes
        marks = [_mark(one.measure, notes) for one in judged.measures]
        rows = [(label + mark, *cells) for (label, *cells), mark in zip(rows, marks, strict=True)]
    if rows:
        yield table(COLUMNS[1:], rows)


def _mark(measure: Measure, notes: Footnotes) -> str:
    """The footnote of a measure: its note, and those on its figures."""
    on_figures = [
        f"{capitalised(when(one.period, measure))}: {one.note}" for one in measure.observations if one.note
    ]
    return notes.mark(measure.note, *on_figures)
