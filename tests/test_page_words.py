"""What every page has to say, on the real content and on the made-up town of `tests/pages/`."""

import re
from pathlib import Path

import pytest

from kpi.judge.benchmarks import rank_among_peers
from kpi.judge.breach import NEW, RECOVERED
from kpi.judge.judgement import Judgement
from kpi.judge.state import CHANGE_CLASSES
from kpi.judge.target import relative_gap
from kpi.pages import links
from kpi.pages.figure_words import age_words, dated, measure_title, place_words, value_words
from kpi.pages.figures_table import crossed
from kpi.pages.lists import off_target
from kpi.pages.markdown import inline
from kpi.pages.scorecard import scorecard_pages
from kpi.pages.standing import change_text, list_name
from kpi.pages.trend_words import trend_words
from rendered import read_page
from repositories import has_another_plan
from small import scorecard

ROOT = Path(__file__).parent.parent
ROOTS = {"real": ROOT, "town": Path(__file__).parent / "pages"}
Made = tuple[Judgement, dict[str, str]]


@pytest.fixture(scope="module", params=list(ROOTS))
def made(request: pytest.FixtureRequest) -> Made:
    _, judgement, pages = scorecard(ROOTS[request.param])
    return judgement, {name: text for name, text in pages.items() if name.endswith(".md")}


def test_every_change_is_told_with_its_class_and_the_reason_where_it_is_not_clear(made: Made) -> None:
    judgement, pages = made
    for kpi in judgement.kpis:
        text = read_page(pages[links.kpi_page(kpi.kpi.id)]).text.casefold()
        for measure in kpi.measures:
            if measure.directions and measure not in crossed(kpi).values():
                travel, is_alone = measure.directions[0], len(kpi.measures) == 1
                reported = (trend_words(measure) if is_alone else change_text(measure)).casefold()
                head, _, rest = reported.partition(": ")
                assert all(part.partition(" on ")[0] in text for part in (head, *rest.split("; ")))
                assert (
                    CHANGE_CLASSES[measure.change].head.casefold().rstrip(":") in reported
                    or measure.change == "can't be told"
                )
                assert travel.reason in reported or measure.change == "can't be told" or travel.usual


def test_no_page_and_no_picture_calls_a_change_more_than_chance(made: Made) -> None:
    results = {
        path: text
        for path, text in scorecard_pages(made[0], {}).items()
        if re.search("more than chance|could be chance|chance not tested", text.casefold())
    }

    assert results == {}


def test_a_page_opens_with_its_one_figure_and_its_age_and_says_which_way_is_better(made: Made) -> None:
    judgement, pages = made
    for kpi in judgement.kpis:
        page = read_page(pages[links.kpi_page(kpi.kpi.id)])
        for measure in kpi.measures:
            figure = (
                measure.deciding.observation if measure.deciding else None
            ) or measure.latest.observation
            if len(kpi.measures) == 1 and figure is not None:
                text = f"{dated(figure, measure.measure)}, {age_words(figure, judgement.day)} old"
                assert page.text.count(text) == 1
        if kpi.measures:
            assert re.search("(Higher|Lower|Neither way|Nearer to .*) is better", page.text)


def test_every_figure_that_was_held_to_a_target_says_how_it_stood(made: Made) -> None:
    judgement, pages = made
    judged = 0
    for kpi in judgement.kpis:
        for table in read_page(pages[links.kpi_page(kpi.kpi.id)]).tables:
            if "Target then" in table[0]:
                at = table[0].index("Target then")
                assert all(
                    re.match("Met|Missed|Not met|Behind|Near|Not due|Part of the way|$", row[at])
                    for row in table[1:]
                )
                judged += sum(bool(row[at]) for row in table[1:])

    held = [
        measure
        for kpi in judgement.kpis
        for measure in kpi.measures
        if measure.deciding and len(measure.measure.observations) > 1
    ]
    assert (judged > 0) == bool(held)


def test_a_place_is_told_for_every_rank_and_nowhere_else(made: Made) -> None:
    judgement, pages = made
    for kpi in judgement.kpis:
        ranks = [
            rank for measure in kpi.measures for rank in rank_among_peers(measure.measure, judgement.plan)
        ]
        text = read_page(pages[links.kpi_page(kpi.kpi.id)]).text
        assert all(place_words(rank) in text for rank in ranks)
        assert ("Place of " in text) == bool(ranks), kpi.kpi.id


def test_a_whole_stands_after_the_equals_and_has_no_place(made: Made) -> None:
    judgement, pages = made
    wholes = 0
    for kpi in judgement.kpis:
        for table in read_page(pages[links.kpi_page(kpi.kpi.id)]).tables:
            names = [row[0] for row in table[1:]] if table[0][0] == "Area" else table[0][1:]
            apart = [name.endswith("(whole)") for name in names]
            assert apart == sorted(apart)
            wholes += sum(apart)

    assert wholes == 1 or has_another_plan()


def test_every_note_on_a_figure_stands_once_on_its_kpi_s_page_with_its_period(made: Made) -> None:
    judgement, pages = made
    for kpi in judgement.kpis:
        text = read_page(pages[links.kpi_page(kpi.kpi.id)]).text
        for measure in kpi.measures:
            for figure in measure.measure.observations if measure.kpi == kpi.kpi.id else ():
                if figure.note:
                    assert 1 <= text.count(figure.note) <= len(kpi.measures), (kpi.kpi.id, figure.note)


def test_a_change_between_figures_of_which_one_has_a_note_says_so(made: Made) -> None:
    judgement, pages = made
    for kpi in judgement.kpis:
        page = read_page(pages[links.priority_page(kpi.kpi.priority)])
        rows = [row for table in page.tables for row in table]
        for measure in kpi.measures:
            compared = [
                figure for at in measure.directions[:1] for figure in (at.later, at.earlier) if figure
            ]
            name = kpi.kpi.full_title if len(kpi.measures) == 1 else measure_title(kpi.kpi, measure.measure)
            actual = [row for row in rows if row[0].partition(" (target: ")[0] == name]
            if any(figure.note for figure in compared):
                assert any("see the note" in row[3] for row in actual), (kpi.kpi.id, name)


def test_missed_targets_stand_in_the_order_that_is_stated(made: Made) -> None:
    judgement, pages = made
    missed = off_target(judgement).missed
    gaps = [relative_gap(item.measure.deciding, item.measure.measure.unit) for item in missed]
    assert gaps == sorted(gaps, reverse=True)
    for name in ("README.md", "breaches.md"):
        assert ("The widest gap for its target comes first." in pages[name]) == (len(missed) > 1)
    rows = next(table for table in read_page(pages["README.md"]).tables if table[0][-1] == "Target")[1:]
    assert all(
        row[1].startswith(value_words(each.measure.deciding.observation, each.measure.measure))
        for each, row in zip(missed, rows, strict=True)
        if each.measure.deciding and each.measure.deciding.observation
    )
    lines = re.findall(r"^- \*\*\[(.+?)\]", pages["breaches.md"], re.MULTILINE)
    assert lines[: len(missed)] == [inline(list_name(item)) for item in missed]


def test_new_and_recovered_targets_are_told_as_often_as_they_are(made: Made) -> None:
    judgement, pages = made
    text = read_page(pages["breaches.md"]).text
    states = [item.breach.state for item in judgement.once() if item.breach is not None]

    assert text.count("; new in ") == states.count(NEW)
    assert text.count("met again after") == states.count(RECOVERED)


def test_that_nobody_has_commented_and_that_nobody_is_named_takes_no_line(made: Made) -> None:
    for name, text in made[1].items():
        assert not re.search("No commentary|nobody is named|Owner: *$", text, re.MULTILINE), name


def test_what_is_late_is_told_with_its_day(tmp_path: Path) -> None:
    from small import STAFF, edited, written

    late = edited(
        STAFF, "    since: 2022-04-01\n", "    since: 2022-04-01\n    frequency: monthly\n    lag: 2 weeks\n"
    )
    soon = late.replace("lag: 2 weeks", "lag: 2 months")
    lines = scorecard(written(tmp_path / "late", staff=late))[2]["README.md"].split("\n")

    assert "- [Staff: Staff gained](kpis/staff.md): due on 14 May 2024, 1 day late" in lines
    assert "No figure is overdue on " in scorecard(written(tmp_path / "soon", staff=soon))[2]["about.md"]
    nobody = scorecard(written(tmp_path / "nobody"))[2]["about.md"]
    assert "No figure can be overdue: no measure says how often its figures come." in nobody


def test_a_measure_s_name_is_said_once_where_a_page_opens_and_as_it_is(made: Made) -> None:
    """A name can begin with a unit, which a capital letter would make another one."""
    for name, text in made[1].items():
        for label, next_words in re.findall(r"^(?:- )?\*\*(.+?)\*\*: (.*)$", text, re.MULTILINE):
            assert not next_words.lower().startswith(f"{label.lower()}: "), (name, label)
