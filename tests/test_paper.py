"""`kpi paper`: the whole scorecard as one document that needs no other file."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from kpi.judge.judgement import Judgement
from kpi.judge.state import ELSEWHERE
from kpi.pages.figure_words import measure_title
from kpi.pages.figures_table import crossed
from kpi.pages.lists import largest, off_target
from kpi.pages.markdown import Anchors, slug
from kpi.pages.scorecard import paper
from kpi.store.exports import FORMS
from one_measure import one_measure
from rendered import read_page
from running import Kpi
from small import FILES, LOANS, PLAN, edited, scorecard, written
from word_styles import styles

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", params=["small", "real"])
def judgement(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    root = ROOT if request.param == "real" else written(tmp_path_factory.mktemp("small"))
    return scorecard(root)[1]


def test_the_paper_of_the_small_repository_is_the_one_on_disk(
    tmp_path: Path, golden: Callable[[Path, str], None]
) -> None:
    golden(ROOT / "tests/pages/paper.md", paper(scorecard(written(tmp_path))[1]))


def test_the_order_is_that_of_a_board_paper(judgement: Judgement) -> None:
    """A summary, a part a priority, and every KPI as an annex."""
    page = read_page(paper(judgement))
    plan = judgement.plan
    headings = iter(page.headings)
    by_id = judgement.by_id()
    expected = [
        plan.edition.title,
        "Summary",
        "Where each priority stands",
        "Targets not met",
        *(priority.title for priority in plan.priorities),
        "Annex: every KPI",
        "How to read this",
        *(
            title
            for priority in plan.priorities
            for objective in priority.objectives
            for title in (objective.title, *(by_id[name].kpi.title for name in objective.kpis))
            if title
        ),
        "Sources",
    ]

    assert [title for title in expected if title not in headings] == []
    assert plan.edition.board in page.text.partition("Where each priority")[0]
    assert plan.edition.purpose in page.text.partition("Summary")[0]


def test_the_summary_has_no_picture_and_names_the_largest_moves_in_sentences(judgement: Judgement) -> None:
    summary = paper(judgement).partition("\n## Summary\n")[2].partition("\n## ")[0]
    moved = {outcome: len(moves) for outcome, moves in largest(judgement).items()}

    assert "![" not in summary
    for outcome, many in moved.items():
        (line,) = re.findall(
            rf"\*\*{outcome.capitalize()} without a target\*\*: (.*?)\.(?: \*\*|\n)", summary
        ) or [""]
        assert line.count("(before: ") == min(many, 2)
        assert (f" and {many - 2} more" in line) == (many > 2)


def test_what_is_only_assessed_is_no_move_and_has_no_empty_brackets(tmp_path: Path) -> None:
    fields = "unit: days\nbetter: lower\nobservations: {2021/22: 9, 2022/23: 3, 2023/24: {assessment: met}}"
    text = paper(scorecard(one_measure(tmp_path, fields))[1])

    assert "Better without a target" not in text  # what is only assessed has not moved
    assert "(before: )" not in text


def test_every_link_leads_to_a_heading_of_the_document_or_to_the_web(judgement: Judgement) -> None:
    page = read_page(paper(judgement))
    anchors = Anchors()
    there = {anchors.add(title) for title in page.headings}
    inside = {link.removeprefix("#") for link in page.links if not link.startswith(("https://", "docs/"))}

    assert inside
    assert inside <= there
    assert {slug(item.kpi.kpi.title) for item in off_target(judgement).missed} <= inside


def test_a_title_that_is_there_twice_is_led_to_by_its_own_anchor(tmp_path: Path) -> None:
    """The small plan has a priority and an objective of the same name."""
    page = read_page(paper(scorecard(written(tmp_path))[1]))

    assert page.headings.count("More reading") == 2
    assert "#more-reading" in page.links


def test_every_measure_of_every_kpi_has_its_row_in_the_annex(judgement: Judgement) -> None:
    text = read_page(paper(judgement)).text
    annex = text.partition("Annex: every KPI\n")[2]

    for kpi in judgement.kpis:
        for measure in kpi.measures:
            if len(kpi.measures) > 1 and measure not in crossed(kpi).values():
                assert f"\n{measure_title(kpi.kpi, measure.measure)}" in annex


def test_headings_go_down_one_level_at_a_time(judgement: Judgement) -> None:
    levels = [len(text) for text in re.findall(r"^(#+) ", paper(judgement), re.MULTILINE)]

    assert levels[0] == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))


def test_every_note_is_a_footnote_that_is_spoken_of_once(judgement: Judgement) -> None:
    text = paper(judgement)
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_FOOTNOTES)
    spoken = re.findall(r"\[\^(\d+)\](?!:)", text)
    written_down = re.findall(r"^\[\^(\d+)\]: \S", text, re.MULTILINE)
    notes = [kpi.kpi.note for kpi in judgement.kpis if kpi.kpi.note]

    assert written_down
    assert list(dict.fromkeys(spoken)) == written_down == [str(n + 1) for n in range(len(written_down))]
    assert html.count('<sup class="footnote-ref"><a ') == len(spoken)
    assert [note for note in notes if " ".join(note.split()) not in re.sub(r"\\(.)", r"\1", text)] == []


def test_what_the_words_mean_is_said_once_and_letters_before_their_table(judgement: Judgement) -> None:
    text = paper(judgement)
    legend = text[text.index("\n### How to read this\n") :].partition("\n### ")[2].partition("\n### ")[0]
    lines = [line for line in legend.split("\n") if line.startswith("- ")]

    assert len(lines) == len(set(lines)) > 5
    elsewhere = any(item.state == ELSEWHERE for item in judgement.once()) or any(
        kpi.status == ELSEWHERE for kpi in judgement.kpis
    )
    assert ("- **Monitored elsewhere**: " in legend) == elsewhere
    assert text.count("**Two figures are not a trend**") == 1


def test_its_pictures_are_those_of_the_pages_and_no_page_outside_is_needed(judgement: Judgement) -> None:
    page = read_page(paper(judgement))
    pictures = [attributes["src"] or "" for tag, attributes in page.tags if tag == "img"]

    assert pictures
    assert all(picture.startswith("docs/scorecard/") and picture.endswith(".svg") for picture in pictures)
    assert not [link for link in page.links if ".md" in link or ".yaml" in link]


def test_texts_with_brackets_and_footnote_signs_stay_texts(tmp_path: Path) -> None:
    text = "See [this](kpis/loans.md) and [^1] or [a]: b"
    loans = edited(LOANS, "title: Loans", f"title: '{text}'")
    reported = paper(scorecard(written(tmp_path, FILES | {"kpis/reading/loans.yaml": loans}))[1])
    page = read_page(reported)

    assert text in page.headings
    assert not [link for link in page.links if "loans.md" in link]


def test_without_an_edition_the_plan_gives_the_title(tmp_path: Path) -> None:
    bare = re.sub(r"edition:\n(  .*\n)+", "", PLAN)
    page = read_page(paper(scorecard(written(tmp_path, FILES | {"kpis/plan.yaml": bare}))[1]))

    assert page.headings[0] == "Library plan"
    assert "Board:" not in page.text


def test_the_command_prints_it_or_writes_it_to_a_file(kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path)
    printed = kpi("paper")

    assert (printed.code, printed.err) == (0, "")
    assert kpi("paper", "--output", "paper.md") == (0, "", "")
    assert (tmp_path / "paper.md").read_text(encoding="utf-8") == printed.out
    assert kpi("paper", "--as-of", "2023-05-01").out != printed.out


@pytest.mark.parametrize("form", FORMS)
def test_the_styles_for_word_are_those_that_are_written_down(
    form: str, request: pytest.FixtureRequest
) -> None:
    file = ROOT / f"tools/kpi/store/word/styles{form}"
    if request.config.getoption("--update"):
        file.write_bytes(styles(form))

    assert file.read_bytes() == styles(form)


def test_without_the_packages_it_says_what_to_install(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypandoc", None)
    written(tmp_path)
    done = kpi("paper", "--output", "paper.docx")

    assert (done.code, done.out) == (2, "")
    assert "pip install pypandoc-binary resvg-py" in done.err
    assert not (tmp_path / "paper.docx").exists()


def test_for_another_form_it_says_how_to_come_by_it(kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path)
    done = kpi("paper", "--output", "paper.PDF")

    assert (done.code, done.out) == (2, "")
    assert "Write a .docx file" in done.err
    assert not (tmp_path / "paper.PDF").exists()
