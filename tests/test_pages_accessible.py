"""What a page needs for those who hear it or see no colours: words before symbols, marks explained first, simple tables."""

import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from kpi.judge.judgement import Judgement
from kpi.model.vocabulary import MARKS
from kpi.pages.figure_words import NOTHING
from kpi.pages.markdown import plain
from kpi.pages.scorecard import paper
from kpi.pages.target_words import CIRCLES
from rendered import read_page
from small import scorecard, written

ROOT = Path(__file__).parent.parent
ROOTS = {"real": ROOT, "town": Path(__file__).parent / "pages", "small": None}
MARK = re.compile(rf"\[([{''.join(mark.letter for mark in MARKS.values())}])\]")

Made = tuple[Judgement, dict[str, str]]


@pytest.fixture(scope="module", params=list(ROOTS))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = ROOTS[request.param] or written(tmp_path_factory.mktemp("small"))
    _, judgement, pages = scorecard(root)
    texts = {name: text for name, text in pages.items() if name.endswith(".md")}
    return judgement, {**texts, "kpi paper": paper(judgement)}


def tables_with_what_is_above(text: str) -> list[tuple[str, str]]:
    """Each table of a page, with all that stands above it."""
    actual = re.finditer(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [(text[: item.start()], item.group()) for item in actual]


def test_marks_and_dashes_are_explained_above_the_first_table_that_has_them(made: Made) -> None:
    for name, text in made[1].items():
        for above, table in tables_with_what_is_above(text):
            for letter in set(MARK.findall(table.replace("\\", ""))):
                assert f"**[{letter}]** " in above, (name, letter)
            if f"| {NOTHING} |" in table:
                assert f"**{NOTHING}** means" in above, name


def test_a_colour_is_never_told_by_its_symbol_alone(made: Made) -> None:
    for name, text in made[1].items():
        for line in text.split("\n"):
            for cell in line.split(" | ") if line.startswith("|") else [line]:
                words, circle, _ = re.split(f"([{''.join(CIRCLES.values())}]|$)", cell, maxsplit=1)
                if circle and not cell.startswith("- 🟢 green"):  # the legend itself
                    assert re.search(r"\w{3}", words), (name, cell)


def test_pictures_say_in_words_what_they_show(made: Made) -> None:
    for name, text in made[1].items():
        for tag, attributes in read_page(text).tags:
            if tag == "img":
                alt = attributes["alt"] or ""
                assert len(alt.split()) > 2, (name, attributes)
                assert not re.search(r"[*`<\[]", alt), (name, attributes)


def test_tables_are_simple_every_column_named_and_every_row(made: Made) -> None:
    for name, text in made[1].items():
        for header, *rows in read_page(text).tables:
            assert all(header), (name, header)
            assert len(set(header)) == len(header), (name, header)
            assert rows, (name, header)
            assert [row for row in rows if not row[0].strip()] == [], name


def test_headings_begin_with_one_title_and_leave_no_level_out(made: Made) -> None:
    for name, text in made[1].items():
        levels = [int(tag[1]) for tag, _ in read_page(text).tags if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(lower <= upper + 1 for upper, lower in pairwise(levels)), (name, levels)


def test_links_of_one_name_lead_to_one_place(made: Made) -> None:
    titles = Counter(
        title
        for priority in made[0].plan.priorities
        for title in (priority.title, *(objective.title for objective in priority.objectives))
    )
    for name, text in made[1].items():
        places = defaultdict(set)
        for words, target in re.findall(r"(?<![!\\])\[((?:[^\[\]\\]|\\.)+)\]\(([^)]+)\)", text):
            if titles[plain(words)] < 2:  # a plan may give one name to two things
                places[words].add(target)
        assert {words: actual for words, actual in places.items() if len(actual) > 1} == {}, name
        assert not {"here", "link", "more", "click here"} & {words.lower() for words in places}, name


def test_a_short_name_of_an_area_stands_below_its_whole_name(made: Made) -> None:
    judgement, pages = made
    measures = [measure for judged in judgement.kpis for measure in judged.kpi.measures]
    names = {words for measure in measures for words in (measure.title, measure.short) if words}
    for area in judgement.plan.areas.values():
        # a measure may be called so, too
        titles = [words for words in names if area.short and area.short in words]
        for name, text in pages.items():
            others = text.replace(area.name, "\0")
            for words in sorted(titles, key=len, reverse=True):
                others = others.replace(words, "")
            match = re.search(rf"\b{re.escape(area.short)}\b", others) if area.short else None
            if match:
                assert "\0" in others[: match.start()], (name, area.short)
