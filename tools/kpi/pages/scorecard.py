"""The whole scorecard: all its pages by their path under `docs/scorecard/`, cut into parts where too long, and the paper.

GitHub shows the first 512,000 bytes of a README, and longer pages slowly or not at all.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement, KpiJudgement
from kpi.judge.state import NEAR, UNMET
from kpi.model.progress import Progress, silent
from kpi.pages import figures_table, front, kpi_page, links, lists
from kpi.pages import markdown as md
from kpi.pages.about import ABOUT_TITLE, HOW_TO_READ, about, colour_legend, how_to_read, letters
from kpi.pages.charts.chart import kpi_chart
from kpi.pages.charts.layout import sparkline
from kpi.pages.charts.targets_picture import targets_picture, targets_words
from kpi.pages.figure_words import capitalised, ended, when
from kpi.pages.standing import titled_page

Reasons = Mapping[str, kpi_page.Ignored]  # the rules and reasons of ignore comments, by KPI


def scorecard_pages(
    judgement: Judgement, ignored: Reasons, progress: Progress = silent, since: SinceEdition | None = None
) -> dict[str, str]:
    """Every page as Markdown, and every chart and sparkline as SVG."""
    pages = overview_pages(judgement, since) | pictures(judgement)
    for kpi in progress(judgement.kpis, "Making pages"):
        pages[links.kpi_page(kpi.kpi.id)] = kpi_page.kpi_page(judgement, kpi, ignored.get(kpi.kpi.id, ()))
    return in_parts(pages)


def overview_pages(judgement: Judgement, since: SinceEdition | None = None) -> dict[str, str]:
    """The pages of the whole and of the priorities, however long."""
    plan = judgement.plan
    titled: dict[str, tuple[str, Iterator[str]]] = {
        links.CHANGES: (lists.CHANGES_TITLE, lists.all_changes(judgement)),
        links.ABOUT: (ABOUT_TITLE, about(judgement)),
    }
    for priority in plan.priorities:
        here = links.priority_page(priority.id)
        titled[here] = priority.title, kpi_page.priority_part(judgement, priority, here)
    pages = {links.FRONT: front.front_page(judgement, since), links.BREACHES: lists.breaches_page(judgement)}
    return pages | {here: titled_page(plan, here, *parts) for here, parts in titled.items()}


def pictures(judgement: Judgement) -> dict[str, str]:
    """Every picture and sparkline as SVG, by its path, without those that would show nothing."""
    drawn = {links.TARGETS: targets_picture(judgement)}
    drawn |= {links.chart(kpi.kpi.id): kpi_chart(kpi, judgement.plan) for kpi in judgement.kpis}
    drawn |= {links.sparkline(judged.address): sparkline(judged.measure) for judged in judgement.once()}
    return {path: svg for path, svg in drawn.items() if svg}


MOST = 400_000  # bytes of a page
_HEADING = re.compile(r"(#+) (.*)")
_FOLD_END = "</details>"
_RULE = re.compile(r"\| :?-")


def in_parts(pages: Mapping[str, str]) -> dict[str, str]:
    """The pages, those that are too long cut into parts: `x.md`, `x.2.md`, and so on.

    A part begins where its part of the page stood: under the same headings, and in a table with its header. The one heading
    that other pages link to, that of the sources, is always in the first.
    """
    made: dict[str, str] = {}
    for name, text in pages.items():
        is_long = name.endswith(".md") and len(text.encode()) > MOST
        made |= _slices(name, text) if is_long else {name: text}
    return made


def _slices(name: str, text: str) -> dict[str, str]:
    first, *lines = text.rstrip("\n").split("\n")
    groups: list[list[str]] = [[]]
    above: list[str] = []  # the headings that a line stands under
    fold = ""  # the beginning of the folded part that it stands in
    head: list[str] = []  # the first two lines of the table that it stands in
    used = len(first.encode())
    for before, line in pairwise(["", *lines]):
        size, heading, rule = len(line.encode()) + 1, _HEADING.fullmatch(line), _RULE.match(line)
        if heading:
            above = [item for item in above if item.index(" ") < len(heading[1])]
        is_row = line[:2] in {"| ", "- "} and line[:2] == before[:2] and not rule and before not in head
        if used + size > MOST and (is_row or not before) and line not in {"", _FOLD_END}:
            groups[-1] += ["", _FOLD_END] if fold else []
            again = [*(f"{item} (continued)\n" for item in above), *([f"{fold}\n"] if fold else [])]
            groups.append([*again, *head])
            used = sum(len(item.encode()) for item in groups[-1])
        above += [line] if heading else []
        if line == _FOLD_END or line.startswith("<details>"):
            fold = "" if line == _FOLD_END else line
        if rule or not line:
            head = [before, line] if rule else []
        groups[-1].append(line)
        used += size
    stem = name.removesuffix(".md")
    names = {number: f"{stem}.{number}.md" for number in range(1, len(groups) + 1)} | {1: name}
    parts = {}
    for (number, here), blocks in zip(names.items(), groups, strict=True):
        part = f"{number} of {len(names)}"
        others = ((at, there) for at, there in names.items() if there != here)
        ways = ", ".join(md.link(f"part {at}", links.between(here, there)) for at, there in others)
        beside = f"Part {part}, because the whole is too long for one page: {ways}."
        title = first if number == 1 else f"{first} (part {part})"
        parts[here] = md.page([title, beside, "\n".join(blocks).strip("\n")])
    return parts


def paper(judgement: Judgement, since: SinceEdition | None = None) -> str:
    """All of it as one document in Markdown, whose links stay in it, with footnotes for GitHub and pandoc."""
    edition = judgement.plan.edition
    notes: dict[str, int] = {}  # the footnotes with their numbers, in the order of their first mention
    presented = f"Presented by {edition.presented_by}" if edition.presented_by else ""
    purpose = " ".join(md.paragraph(ended(text)) for text in (presented, edition.purpose) if text)
    first = links.FRONT, [md.heading(1, judgement.plan.scorecard_title), purpose]
    blocks: list[str] = []
    places: dict[str, str] = {}
    anchors = md.Anchors()
    for page, part in (first, *_parts(judgement, notes, since)):
        headings = [match for match in map(_HEADING.fullmatch, part) if match]
        places[page], *_ = [anchors.add(md.plain(heading[2])) for heading in headings]
        blocks += part

    def lead(target: str) -> str:
        """Where a link leads in this document; nowhere without a place, where its words stay."""
        if target.startswith(("#", "https://")):
            return target
        there = target.partition("#")[0]
        if there.endswith(".svg"):
            return f"{links.FOLDER}/{there}"
        return f"#{places[there]}" if there in places else ""

    blocks.append("\n".join(f"[^{number}]: {md.paragraph(text)}" for text, number in notes.items()))
    return md.page(md.relinked(block, lead) for block in blocks)


def _parts(
    judgement: Judgement, notes: dict[str, int], since: SinceEdition | None
) -> Iterator[tuple[str, list[str]]]:
    """The blocks of each part after the title, the first a heading, with the page that it replaces."""
    moves = lists.moves_sentences(judgement, most=2)  # the summary is one page
    summary = front.summary(judgement, since, level=3)
    yield "", [md.heading(2, "Summary"), *summary, moves, front.beside(judgement)]
    for priority in judgement.plan.priorities:
        stands = kpi_page.priority_part(judgement, priority, links.FRONT)
        kpis = (kpi for kpi in judgement.of(priority.kpis) if kpi.status in UNMET | {NEAR})
        drawn = [kpi_page.picture(judgement, kpi, links.FRONT) for kpi in kpis]
        yield links.priority_page(priority.id), [md.heading(2, priority.title), *stands, *drawn]
    legend = [how_to_read(judgement), colour_legend(judgement.plan)]
    yield "", [md.heading(2, "Annex: every KPI"), md.heading(3, HOW_TO_READ), *legend]
    off = lists.off_target(judgement)
    breaches = [
        md.heading(3, f"{lists.BREACHES_TITLE}, in full"),
        md.image(targets_words(judgement), links.TARGETS),
        letters(shown.measure.measure for rows in off for shown in rows),
    ]
    for name, lines in lists.breach_lists(judgement, off, links.FRONT):
        breaches += [f"**{name}**", lines]
    yield links.BREACHES, breaches
    yield links.CHANGES, [md.heading(3, lists.CHANGES_TITLE), *lists.all_changes(judgement, level=4)]
    for priority in judgement.plan.priorities:
        yield "", [md.heading(3, f"{priority.title}: KPIs")]
        for objective in priority.objectives:
            if objective.title:
                yield "", [md.heading(4, objective.title)]
            for kpi in judgement.of(objective.kpis):
                title = md.heading(5 if objective.title else 4, kpi.kpi.full_title)
                yield links.kpi_page(kpi.kpi.id), [title, *_kpi(judgement, kpi, notes)]
    yield links.ABOUT, [md.heading(3, ABOUT_TITLE), *about(judgement, level=4)]


def _kpi(judgement: Judgement, judged: KpiJudgement, notes: dict[str, int]) -> Iterator[str]:
    kpi, noted = judged.kpi, [judged.kpi.note]
    for measure in (each.measure for each in judged.measures):
        figures = [figure for figure in measure.observations if figure.note]
        on_figures = (f"{capitalised(when(figure.period, measure))}: {figure.note}" for figure in figures)
        noted.append(" ".join(filter(None, (measure.note, *on_figures))))
    marks = (f"[^{notes.setdefault(text, len(notes) + 1)}]" for text in dict.fromkeys(filter(None, noted)))
    yield f"{md.paragraph(kpi.definition)}{''.join(marks)}"
    yield kpi_page.opening(judgement, judged)
    commentary = lists.latest_commentary(kpi)
    if commentary:
        yield f"**Commentary**: {md.inline(commentary)}"
    yield letters(each.measure for each in judged.measures)
    yield figures_table.grid(judged, judgement.plan.status.words)
    yield figures_table.figures_table(judgement, judged)
