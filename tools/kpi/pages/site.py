"""All the pages of a scorecard, by their path under `docs/scorecard/`; those that are too long cut into parts.

GitHub shows the first 512,000 bytes of a README, and longer pages slowly or not at all.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement
from kpi.model.progress import Progress, silent
from kpi.pages import links
from kpi.pages.about import about_page
from kpi.pages.charts.chart import kpi_chart
from kpi.pages.charts.sparkline import sparkline
from kpi.pages.charts.targets_picture import targets_picture
from kpi.pages.front import front_page
from kpi.pages.kpi_page import Ignored, kpi_page, priority_page
from kpi.pages.lists import breaches_page, changes_page
from kpi.pages.markdown import A_LIST, Anchors, fitting, link, page, plain, relinked


def scorecard_pages(
    judgement: Judgement,
    ignored: Mapping[str, Ignored],
    progress: Progress = silent,
    since: SinceEdition | None = None,
) -> dict[str, str]:
    """Every page as Markdown, and every chart and sparkline as SVG.

    Args:
        judgement: the whole framework, judged.
        ignored: for each KPI with ignore comments, their rules and reasons.
        progress: shows how far the work is.
        since: what has changed since the last edition, where the plan names one.
    """
    pages = {links.FRONT: front_page(judgement, since), links.BREACHES: breaches_page(judgement)}
    pages |= {links.CHANGES: changes_page(judgement), links.ABOUT: about_page(judgement)}
    pages |= pictures(judgement)
    for priority in judgement.plan.priorities:
        pages[links.priority_page(priority.id)] = priority_page(judgement, priority)
    for kpi in progress(judgement.kpis, "Making pages"):
        pages[links.kpi_page(kpi.kpi.id)] = kpi_page(judgement, kpi, ignored.get(kpi.kpi.id, ()))
    return in_parts(pages)


def pictures(judgement: Judgement) -> dict[str, str]:
    """The picture of all targets, those of the KPIs and the sparklines as SVG, by their path; without those that would show nothing."""
    drawn = {links.TARGETS: targets_picture(judgement)}
    drawn |= {links.chart(kpi.kpi.id): kpi_chart(kpi, judgement.plan) for kpi in judgement.kpis}
    drawn |= {links.sparkline(judged.address): sparkline(judged.measure) for judged in judgement.once()}
    return {path: svg for path, svg in drawn.items() if svg}


MOST = 400_000
"""Bytes of a page."""

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
        parts = _parts(name, text)
        made |= {part.name: part.text for part in parts}
        now = [(part.name, anchor) for part in parts for anchor in _anchors(part.text)[part.repeated :]]
        moved |= {(name, before): there for before, there in zip(_anchors(text), now, strict=True)}
    if not moved:
        return made
    return {name: _led(name, text, moved) if name.endswith(".md") else text for name, text in made.items()}


class _Part(NamedTuple):
    """A part of a page; its first headings repeat those of other parts."""

    name: str
    text: str
    repeated: int


def _parts(name: str, text: str) -> list[_Part]:
    first, *others = text.rstrip("\n").split("\n\n")
    pieces = list(_pieces(others))
    groups: list[list[str]] = [[]]
    repeated = [0]
    above: list[str] = []  # the headings that what comes next stands under
    fold = ""  # the beginning of the folded part that it stands in
    used = len(first.encode())
    for piece in pieces:
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
    made = []
    for number, blocks in enumerate(groups, start=1):
        here, part = names[number], f"{number} of {len(names)}"
        ways = (link(f"part {each}", links.between(here, names[each])) for each in numbers if each != number)
        beside = f"Part {part}, because the whole is too long for one page: {', '.join(ways)}."
        title = first if number == 1 else f"{first} (part {part})"
        made.append(_Part(here, page([title, beside, *blocks]), repeated[number - 1]))
    return made


def _pieces(blocks: Sequence[str]) -> Iterator[str]:
    """The blocks of a page; a long table or list as several, each table with the header."""
    for block in blocks:
        lines = block.split("\n")
        header = lines[:2] if len(lines) > 2 and _RULE.match(lines[1]) else []
        rows = lines[len(header) :]
        if len(block.encode()) <= A_LIST or not (header or block.startswith("- ")):
            yield block
            continue
        while rows:
            count = fitting(rows)
            yield "\n".join([*header, *rows[:count]])
            rows = rows[count:]


def _anchors(text: str) -> list[str]:
    """The anchors of a page's headings, in order."""
    anchors = Anchors()
    return [anchors.add(plain(line[2])) for line in map(_HEADING.fullmatch, text.split("\n")) if line]


def _led(here: str, text: str, moved: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    """A page with its links to headings updated."""

    def lead(target: str) -> str:
        path, _, anchor = target.partition("#")
        old = re.sub(r"\.\d+\.md$", ".md", here)  # links inside a page were written for the whole of it
        there = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else old
        now = moved.get((there, anchor)) if anchor else None  # only headings have moved
        return links.between(here, *now) if now else target

    return relinked(text, lead)
