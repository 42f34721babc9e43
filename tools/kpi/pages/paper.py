"""The whole scorecard as one document: a summary, each priority with its pictures, and every KPI as an annex; to read, print or make a Word file of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement, KpiJudgement
from kpi.judge.state import NEAR, UNMET
from kpi.model.plan import Priority
from kpi.pages import links
from kpi.pages.about import ABOUT_TITLE, HOW_TO_READ, about, colour_legend, how_to_read, letters
from kpi.pages.figure_words import capitalised, ended, when
from kpi.pages.front import beside, summary, targets_image
from kpi.pages.kpi_page import figures, opening, picture, priority_notes, priority_part
from kpi.pages.lists import (
    BREACHES_TITLE,
    CHANGES_TITLE,
    all_changes,
    breach_lists,
    latest_commentary,
    moves_sentences,
    off_target,
)
from kpi.pages.markdown import Anchors, Footnotes, heading, inline, page, paragraph, relinked

_SUMMARY, _ANNEX = "Summary", "Annex: every KPI"
_MOVES = 2
"""The most moves each way: the summary is one page."""


class Part(NamedTuple):
    """A heading with what is under it. `page` is the page of the scorecard that it replaces here."""

    level: int
    title: str
    blocks: Sequence[str]
    page: str = ""


def paper(judgement: Judgement, since: SinceEdition | None = None) -> str:
    """The document as Markdown, with footnotes as GitHub and pandoc understand them.

    `since` is what has changed since the last edition, where that is known.
    Links to other pages of the scorecard lead to their place in the document. Its pictures are those of the scorecard's pages.
    """
    notes, edition = Footnotes(), judgement.plan.edition
    presented = f"Presented by {edition.presented_by}" if edition.presented_by else ""
    purpose = " ".join(paragraph(ended(text)) for text in (presented, edition.purpose) if text)
    first = Part(1, judgement.plan.scorecard_title, [purpose], links.FRONT)
    parts = [first, *_parts(judgement, notes, since)]
    anchors = Anchors()
    at = [(part.page, anchors.add(part.title)) for part in parts]
    places = {page: anchor for page, anchor in at if page}
    blocks = [block for part in parts for block in (heading(part.level, part.title), *part.blocks)]

    def lead(target: str) -> str:
        """Where a link leads in this document; nowhere without a place, where its words stay."""
        if target.startswith(("#", "https://")):
            return target
        there = target.partition("#")[0]
        if there.endswith(".svg"):
            return f"{links.FOLDER}/{there}"
        return f"#{places[there]}" if there in places else ""

    return page(relinked(block, lead) for block in [*blocks, notes.block()])


def _parts(judgement: Judgement, notes: Footnotes, since: SinceEdition | None) -> Iterator[Part]:
    blocks = [
        *summary(judgement, since, level=3),
        moves_sentences(judgement, _MOVES),
        beside(judgement),
    ]
    yield from _by_heading([heading(2, _SUMMARY), *blocks])
    for priority in judgement.plan.priorities:
        parts = [*priority_part(judgement, priority, links.FRONT), *priority_notes(priority)]
        kpis = (kpi for kpi in judgement.of(priority.kpis) if kpi.status in UNMET | {NEAR})
        drawn = [picture(judgement, kpi, links.FRONT) for kpi in kpis]
        yield Part(2, priority.title, [*parts, *drawn], links.priority_page(priority.id))
    yield Part(2, _ANNEX, [])
    yield Part(3, HOW_TO_READ, [how_to_read(judgement), colour_legend(judgement.plan)])
    off = off_target(judgement)
    breaches = [targets_image(judgement), letters(shown.measure.measure for rows in off for shown in rows)]
    for name, lines in breach_lists(judgement, off, links.FRONT):
        breaches += [f"**{name}**", lines]
    yield Part(3, f"{BREACHES_TITLE}, in full", breaches, links.BREACHES)
    changes = [heading(3, CHANGES_TITLE), *all_changes(judgement, level=4)]
    yield from _by_heading(changes, {CHANGES_TITLE: links.CHANGES})
    for priority in judgement.plan.priorities:
        yield from _annex(judgement, priority, notes)
    yield from _by_heading([heading(3, ABOUT_TITLE), *about(judgement, level=4)], {ABOUT_TITLE: links.ABOUT})


def _by_heading(blocks: Iterable[str], pages: Mapping[str, str] = MappingProxyType({})) -> Iterator[Part]:
    """Blocks of a page under their headings, the first of which is a heading; some of these take the place of pages."""
    parts: list[Part] = []
    for block in blocks:
        marks, _, title = block.partition(" ")
        if marks and not marks.strip("#"):
            parts.append(Part(len(marks), title, [], pages.get(title, "")))
        else:
            parts[-1] = parts[-1]._replace(blocks=[*parts[-1].blocks, block])
    return iter(parts)


def _annex(judgement: Judgement, priority: Priority, notes: Footnotes) -> Iterator[Part]:
    """A priority's KPIs, each under a heading of its own."""
    yield Part(3, f"{priority.title}: KPIs", [])
    for objective in priority.objectives:
        if objective.title:
            yield Part(4, objective.title, [])
        for kpi in judgement.of(objective.kpis):
            blocks, level = list(_kpi(judgement, kpi, notes)), 5 if objective.title else 4
            yield Part(level, kpi.kpi.full_title, blocks, links.kpi_page(kpi.kpi.id))


def _kpi(judgement: Judgement, judged: KpiJudgement, notes: Footnotes) -> Iterator[str]:
    """What is measured, how it stands, the newest commentary, and the figures; what has to be known is in footnotes."""
    kpi, marks = judged.kpi, [notes.mark(judged.kpi.note)]
    for measure in (each.measure for each in judged.measures):
        noted = [figure for figure in measure.observations if figure.note]
        on_figures = (f"{capitalised(when(figure.period, measure))}: {figure.note}" for figure in noted)
        marks.append(notes.mark(measure.note, *on_figures))
    yield f"{paragraph(kpi.definition)}{''.join(dict.fromkeys(marks))}"
    yield opening(judgement, judged)
    commentary = latest_commentary(kpi)
    if commentary:
        yield f"**Commentary**: {inline(commentary)}"
    yield letters(each.measure for each in judged.measures)
    yield from figures(judgement, judged)
