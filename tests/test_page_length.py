"""Any size: no page is longer than GitHub shows, nothing is lost by that, and links follow what has moved."""

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import large
from kpi.judge.judgement import Judgement
from kpi.pages import links
from kpi.pages.kpi_page import kpi_page
from kpi.pages.lists import breaches_page, off_target
from kpi.pages.markdown import Anchors, inline, plain, relinked, short_list, shown
from kpi.pages.scorecard import MOST, in_parts, overview_pages
from kpi.store.output import stale, write
from rendered import read_page
from small import SATISFACTION, scorecard, written

ROOT = Path(__file__).parent.parent
GITHUB = 512_000
"""Bytes of a README that GitHub shows; the rest is left out without a word."""

LONG = "2,000 KPIs in 20 priorities"
SHAPES = {
    LONG: large.Shape(),
    "300 KPIs in 3 priorities": large.Shape(3),
    "300 KPIs in one priority": large.Shape(1, 15, 20),
}


@cache
def judged(name: str) -> Judgement:
    with TemporaryDirectory() as folder:
        return large.judged(Path(folder), SHAPES[name])


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=[pytest.mark.long] if name == LONG else []) for name in SHAPES],
)
def actual(request: pytest.FixtureRequest) -> tuple[Judgement, dict[str, str]]:
    """A large judgement and its pages, of the KPIs' own pages only the first; they don't depend on the others."""
    judgement = judged(request.param)
    pages, first = overview_pages(judgement), judgement.kpis[0]
    pages[links.kpi_page(first.kpi.id)] = kpi_page(judgement, first)
    return judgement, in_parts(pages)


def anchors(text: str) -> list[str]:
    made = Anchors()
    return [made.add(title) for title in read_page(text).headings]


def leads_nowhere(pages: Mapping[str, str]) -> list[tuple[str, str]]:
    """The links to pages that are not there, or to headings that are not on them; KPIs' pages and pictures are not looked for."""
    there = {name: anchors(text) for name, text in pages.items()}
    wrong = []
    for name, text in pages.items():
        for link in read_page(text).links:
            path, _, anchor = unquote(link).partition("#")
            page = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            if "kpis/" in page or page.endswith(".svg") or link.startswith("https://"):
                continue
            if page not in there or (anchor and anchor not in there[page]):
                wrong.append((name, link))
    return wrong


def rows(text: str) -> list[str]:
    """The rows of all tables, without their headers."""
    lines = text.split("\n")
    return [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("| ") and not line.startswith("| ---") and not after.startswith("| ---")
    ]


def test_no_page_is_longer_than_github_shows(actual: tuple[Judgement, dict[str, str]]) -> None:
    sizes = {name: len(text.encode()) for name, text in actual[1].items()}

    assert {name: size for name, size in sizes.items() if size > MOST + 2_000} == {}
    assert MOST + 2_000 < GITHUB
    assert len(sizes) > 6


def test_every_link_leads_to_a_page_and_a_heading(actual: tuple[Judgement, dict[str, str]]) -> None:
    assert leads_nowhere(actual[1]) == []


def test_every_measure_stands_once_on_the_pages_of_its_priority(
    actual: tuple[Judgement, dict[str, str]],
) -> None:
    judgement, pages = actual
    for priority in judgement.plan.priorities:
        parts = [text for name, text in pages.items() if re.fullmatch(rf"{priority.id}(\.\d+)?\.md", name)]
        counts = Counter(
            line.split("](")[1].split(")")[0]
            for text in parts
            for line in rows(text)
            if line.startswith("| **[")
        )
        assert counts == {links.kpi_page(kpi): 1 for kpi in priority.kpis}


def test_every_missed_target_stands_once_on_the_page_of_them_or_its_parts(
    actual: tuple[Judgement, dict[str, str]],
) -> None:
    judgement, pages = actual
    counts = Counter(
        line.split("](")[1].split(")")[0]
        for name, text in pages.items()
        if name.startswith("breaches")
        for line in text.split("\n")
        if line.startswith("- **[")
    )

    assert len(off_target(judgement).missed) == 2 * len(judgement.kpis)
    assert counts == {links.kpi_page(kpi.kpi.id): 2 for kpi in judgement.kpis}


def test_the_front_page_counts_what_it_leaves_out_and_says_where_it_is(
    actual: tuple[Judgement, dict[str, str]],
) -> None:
    judgement, pages = actual
    kpis, front = len(judgement.kpis), pages[links.FRONT]

    assert f"{2 * kpis - 25:,} more: [Targets not met](breaches.md) has all of them." in front
    assert len(front.encode()) < 100_000


def test_a_part_says_which_it_is_and_under_which_headings_it_stands() -> None:
    judgement = judged("300 KPIs in 3 priorities")
    pages = in_parts({links.BREACHES: breaches_page(judgement)})
    second = read_page(pages["breaches.2.md"])

    assert list(pages) == ["breaches.md", *(f"breaches.{number}.md" for number in range(2, len(pages) + 1))]
    assert second.headings[0] == f"Targets not met (part 2 of {len(pages)})"
    assert second.headings[1] == "Not met now (continued)"
    assert second.links[0] == "breaches.md"
    assert f"Part 2 of {len(pages)}, because the whole is too long for one page" in second.text


def test_a_kpi_with_as_many_figures_as_a_file_may_hold_has_a_page_in_parts(tmp_path: Path) -> None:
    days = [
        f"{year}-{month:02}-{day:02}"
        for year in range(1996, 2011)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    note = "Counted by hand on that day, and found again in the books of the branch."
    figures = "".join(
        f"\n      {day}:\n        value: {n}\n        note: {note}" for n, day in enumerate(days[:4_900])
    )
    long = SATISFACTION.replace("observations: {2022: 2m18s, 2023: 43.5s}", f"observations:{figures}")
    pages = scorecard(written(tmp_path, satisfaction=long.replace("unit: duration", "unit: count")))[2]
    parts = {
        name: text for name, text in pages.items() if re.fullmatch(r"kpis/satisfaction(\.\d+)?\.md", name)
    }
    counts = Counter(line.split(" | ")[0] for text in parts.values() for line in rows(text) if note in line)

    assert len(parts) > 1
    assert max(len(text.encode()) for text in parts.values()) <= MOST + 2_000
    assert (len(counts), set(counts.values())) == (
        4_898,
        {1},
    )  # those of the two that are compared stand below "Take care"
    assert leads_nowhere(pages) == []
    assert all("| Period | Figure |" in text for text in parts.values())


def test_parts_are_written_and_removed_like_other_pages(tmp_path: Path) -> None:
    long = "# Title\n\n" + "\n\n".join(f"## Heading {n}\n\n{'word ' * 1000}" for n in range(200))
    parts = in_parts({"a.md": long})
    write(tmp_path, parts)

    assert len(parts) == 3
    assert stale(tmp_path, parts) == []
    _, removed = write(tmp_path, {"a.md": "# Title\n"})

    assert removed == ["a.2.md", "a.3.md"]


@pytest.mark.parametrize("root", ["small", "real"])
def test_what_fits_is_left_as_it_is(root: str, tmp_path: Path) -> None:
    _, judgement, pages = scorecard(ROOT if root == "real" else written(tmp_path))

    assert in_parts(pages) == pages
    assert not [name for name in pages if re.search(r"\.\d+\.md$|^breaches/", name)]
    assert not [name for name, text in pages.items() if "These are the first" in text]
    assert pages[links.BREACHES] == breaches_page(judgement)


def test_a_list_shows_at_least_one_row_and_nothing_where_there_is_none() -> None:
    long = "x" * 100_000

    assert short_list([], "more") == ""
    assert short_list([long], "more") == f"- {long}"
    assert (
        short_list([long, "y"], "more is there") == f"- {long}\n\nThese are the first 1 of 2; more is there."
    )


@given(st.text(max_size=60))
def test_plain_gives_back_the_text_that_was_made_markdown(text: str) -> None:
    assert plain(inline(text)) == shown(text)


def test_only_links_of_ours_are_led_elsewhere() -> None:
    text = f"{inline('[a](b)')} [c \\] d](e) ![f](g) \\[h](i)"

    assert relinked(text, lambda target: f"there/{target}") == (
        f"{inline('[a](b)')} [c \\] d](there/e) ![f](there/g) \\[h](i)"
    )
