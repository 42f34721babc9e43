"""The whole scorecard: all its pages by their path under `docs/scorecard/`, cut into parts where too long, and the paper.

GitHub shows the first 512,000 bytes of a README, and longer pages slowly or not at all.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement, KpiJudgement
from kpi.judge.state import NEAR, UNMET
from kpi.model.progress import Progress, silent
from kpi.pages import front, kpi_page, links, lists
from kpi.pages import markdown as md
from kpi.pages.about import ABOUT_TITLE, HOW_TO_READ, about, about_page, colour_legend, how_to_read, letters
from kpi.pages.charts.chart import kpi_chart
from kpi.pages.charts.layout import sparkline
from kpi.pages.charts.targets_picture import targets_picture
from kpi.pages.figure_words import capitalised, ended, when


def scorecard_pages(
    judgement: Judgement,
    ignored: Mapping[str, kpi_page.Ignored],
    progress: Progress = silent,
    since: SinceEdition | None = None,
) -> dict[str, str]:
    """Every page as Markdown, and every chart and sparkline as SVG; `ignored` has rules and reasons of ignore comments by KPI."""
    pages = {links.FRONT: front.front_page(judgement, since), links.BREACHES: lists.breaches_page(judgement)}
    pages |= {links.CHANGES: lists.changes_page(judgement), links.ABOUT: about_page(judgement)}
    pages |= pictures(judgement)
    for priority in judgement.plan.priorities:
        pages[links.priority_page(priority.id)] = kpi_page.priority_page(judgement, priority)
    for kpi in progress(judgement.kpis, "Making pages"):
        pages[links.kpi_page(kpi.kpi.id)] = kpi_page.kpi_page(judgement, kpi, ignored.get(kpi.kpi.id, ()))
    return in_parts(pages)


def pictures(judgement: Judgement) -> dict[str, str]:
    """The picture of all targets, those of the KPIs and the sparklines as SVG, by their path; without those that would show nothing."""
    drawn = {links.TARGETS: targets_picture(judgement)}
    drawn |= {links.chart(kpi.kpi.id): kpi_chart(kpi, judgement.plan) for kpi in judgement.kpis}
    drawn |= {links.sparkline(judged.address): sparkline(judged.measure) for judged in judgement.once()}
    return {path: svg for path, svg in drawn.items() if svg}


MOST = 400_000  # bytes of a page
_HEADING = re.compile(r"(#+) (.*)")
_FOLD_END = "</details>"
_RULE = re.compile(r"\| :?-")


def in_parts(pages: Mapping[str, str]) -> dict[str, str]:
    """The pages, those that are too long cut into parts: `x.md`, `x.2.md`, and so on; links follow what has moved.

    A part begins where its part of the page stood: under the same headings, and in a table with its header.
    """
    made: dict[str, str] = {}
    moved: dict[tuple[str, str], tuple[str, str]] = {}
    for name, text in pages.items():
        if not name.endswith(".md") or len(text.encode()) <= MOST:
            made[name] = text
            continue
        now: list[tuple[str, str]] = []
        for part, part_text, repeated in _slices(name, text):
            made[part] = part_text
            now += ((part, anchor) for anchor in _anchors(part_text)[repeated:])
        moved |= {(name, before): there for before, there in zip(_anchors(text), now, strict=True)}
    if not moved:
        return made
    return {
        name: _relinked(name, text, moved) if name.endswith(".md") else text for name, text in made.items()
    }


def _slices(name: str, text: str) -> Iterator[tuple[str, str, int]]:
    """The parts of a page: their names and texts, and how many headings at their start repeat those of other parts."""
    first, *others = text.rstrip("\n").split("\n\n")
    groups: list[list[str]] = [[]]
    repeated = [0]
    above: list[str] = []  # the headings that what comes next stands under
    fold = ""  # the beginning of the folded part that it stands in
    used = len(first.encode())
    for piece in _pieces(others):
        size = len(piece.encode()) + 2
        match = _HEADING.match(piece)
        if match:
            above = [item for item in above if item.index(" ") < len(match[1])]
        if used + size > MOST and groups[-1]:
            groups[-1] += [_FOLD_END] if fold else []
            groups.append([*(f"{item} (continued)" for item in above), *([fold] if fold else [])])
            repeated.append(1 + len(above))
            used = sum(len(item.encode()) for item in groups[-1])
        above += [piece] if match else []
        fold = "" if piece == _FOLD_END else piece if piece.startswith("<details>") else fold
        groups[-1].append(piece)
        used += size
    numbers = range(1, len(groups) + 1)
    names = {number: name if number == 1 else f"{name.removesuffix('.md')}.{number}.md" for number in numbers}
    for number, blocks in enumerate(groups, start=1):
        here, part = names[number], f"{number} of {len(names)}"
        ways = (md.link(f"part {at}", links.between(here, names[at])) for at in numbers if at != number)
        beside = f"Part {part}, because the whole is too long for one page: {', '.join(ways)}."
        title = first if number == 1 else f"{first} (part {part})"
        yield here, md.page([title, beside, *blocks]), repeated[number - 1]


def _pieces(blocks: Sequence[str]) -> Iterator[str]:
    """The blocks of a page; a long table or list as several, each table with the header."""
    for block in blocks:
        lines = block.split("\n")
        header = lines[:2] if len(lines) > 2 and _RULE.match(lines[1]) else []
        rows = lines[len(header) :]
        if len(block.encode()) <= md.A_LIST or not (header or block.startswith("- ")):
            yield block
            continue
        while rows:
            count = md.fitting(rows)
            yield "\n".join([*header, *rows[:count]])
            rows = rows[count:]


def _anchors(text: str) -> list[str]:
    anchors = md.Anchors()
    return [anchors.add(md.plain(line[2])) for line in map(_HEADING.fullmatch, text.split("\n")) if line]


def _relinked(here: str, text: str, moved: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    """A page whose links to headings lead to the parts that they have moved to."""

    def lead(target: str) -> str:
        path, _, anchor = target.partition("#")
        old = re.sub(r"\.\d+\.md$", ".md", here)  # links inside a page were written for the whole of it
        there = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else old
        now = moved.get((there, anchor)) if anchor else None  # only headings have moved
        return links.between(here, *now) if now else target

    return md.relinked(text, lead)


class Part(NamedTuple):
    """A heading with what is under it. `page` is the page of the scorecard that it replaces here."""

    level: int
    title: str
    blocks: Sequence[str]
    page: str = ""


def paper(judgement: Judgement, since: SinceEdition | None = None) -> str:
    """All of it as one document in Markdown, whose links stay in it, with footnotes as GitHub and pandoc understand them."""
    notes, edition = md.Footnotes(), judgement.plan.edition
    presented = f"Presented by {edition.presented_by}" if edition.presented_by else ""
    purpose = " ".join(md.paragraph(ended(text)) for text in (presented, edition.purpose) if text)
    first = Part(1, judgement.plan.scorecard_title, [purpose], links.FRONT)
    parts = [first, *_parts(judgement, notes, since)]
    anchors = md.Anchors()
    at = [(part.page, anchors.add(part.title)) for part in parts]
    places = {page: anchor for page, anchor in at if page}
    blocks = [block for part in parts for block in (md.heading(part.level, part.title), *part.blocks)]

    def lead(target: str) -> str:
        """Where a link leads in this document; nowhere without a place, where its words stay."""
        if target.startswith(("#", "https://")):
            return target
        there = target.partition("#")[0]
        if there.endswith(".svg"):
            return f"{links.FOLDER}/{there}"
        return f"#{places[there]}" if there in places else ""

    return md.page(md.relinked(block, lead) for block in [*blocks, notes.block()])


def _parts(judgement: Judgement, notes: md.Footnotes, since: SinceEdition | None) -> Iterator[Part]:
    blocks = [md.heading(2, "Summary"), *front.summary(judgement, since, level=3)]
    moves = lists.moves_sentences(judgement, most=2)  # the summary is one page
    yield from _by_heading([*blocks, moves, front.beside(judgement)])
    for priority in judgement.plan.priorities:
        parts = [*kpi_page.priority_part(judgement, priority, links.FRONT)]
        parts += kpi_page.priority_notes(priority)
        kpis = (kpi for kpi in judgement.of(priority.kpis) if kpi.status in UNMET | {NEAR})
        drawn = [kpi_page.picture(judgement, kpi, links.FRONT) for kpi in kpis]
        yield Part(2, priority.title, [*parts, *drawn], links.priority_page(priority.id))
    yield Part(2, "Annex: every KPI", [])
    yield Part(3, HOW_TO_READ, [how_to_read(judgement), colour_legend(judgement.plan)])
    off = lists.off_target(judgement)
    marked = letters(shown.measure.measure for rows in off for shown in rows)
    breaches = [front.targets_image(judgement), marked]
    for name, lines in lists.breach_lists(judgement, off, links.FRONT):
        breaches += [f"**{name}**", lines]
    yield Part(3, f"{lists.BREACHES_TITLE}, in full", breaches, links.BREACHES)
    changes = [md.heading(3, lists.CHANGES_TITLE), *lists.all_changes(judgement, level=4)]
    yield from _by_heading(changes, {lists.CHANGES_TITLE: links.CHANGES})
    for priority in judgement.plan.priorities:
        yield Part(3, f"{priority.title}: KPIs", [])
        for objective in priority.objectives:
            level = 5 if objective.title else 4
            if objective.title:
                yield Part(4, objective.title, [])
            for kpi in judgement.of(objective.kpis):
                blocks = list(_kpi(judgement, kpi, notes))
                yield Part(level, kpi.kpi.full_title, blocks, links.kpi_page(kpi.kpi.id))
    facts = [md.heading(3, ABOUT_TITLE), *about(judgement, level=4)]
    yield from _by_heading(facts, {ABOUT_TITLE: links.ABOUT})


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


def _kpi(judgement: Judgement, judged: KpiJudgement, notes: md.Footnotes) -> Iterator[str]:
    kpi, marks = judged.kpi, [notes.mark(judged.kpi.note)]
    for measure in (each.measure for each in judged.measures):
        noted = [figure for figure in measure.observations if figure.note]
        on_figures = (f"{capitalised(when(figure.period, measure))}: {figure.note}" for figure in noted)
        marks.append(notes.mark(measure.note, *on_figures))
    yield f"{md.paragraph(kpi.definition)}{''.join(dict.fromkeys(marks))}"
    yield kpi_page.opening(judgement, judged)
    commentary = lists.latest_commentary(kpi)
    if commentary:
        yield f"**Commentary**: {md.inline(commentary)}"
    yield letters(each.measure for each in judged.measures)
    yield from kpi_page.figures(judgement, judged)
