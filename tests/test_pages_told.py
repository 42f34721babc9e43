"""What every page has to say, on the real content and on the made-up town of `tests/pages/`."""

import re
from pathlib import Path

import pytest

from kpi.judge.breach import NEW, RECOVERED
from kpi.judge.change_class import CHANGE_CLASSES
from kpi.judge.judgement import Judgement
from kpi.judge.peers import rank_among_peers
from kpi.judge.target import relative_gap
from kpi.model.kpi import Observation
from kpi.pages import links
from kpi.pages.breaches import missed, off_target
from kpi.pages.grid import told_together
from kpi.pages.site import scorecard_pages
from kpi.pages.words import (
    age_words,
    better_words,
    dated,
    measure_label,
    place_words,
    trend_words,
    value_words,
)
from rendered import read_page
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
        text = read_page(pages[links.kpi_page(kpi.kpi.id)]).text
        for one in kpi.measures:
            if one.directions and one not in told_together(kpi):
                told = trend_words(one)
                assert told in text
                assert (CHANGE_CLASSES[one.change].head in told) or one.change == "can't be told"
                assert one.directions[0].reason in told or one.change == "can't be told"


def test_no_page_and_no_picture_calls_a_change_more_than_chance(made: Made) -> None:
    told = {
        path: text
        for path, text in scorecard_pages(made[0], {}).items()
        if re.search("more than chance|could be chance|chance not tested", text.casefold())
    }

    assert told == {}


def test_a_part_of_a_kpi_s_page_tells_the_figure_its_age_and_what_would_be_better(made: Made) -> None:
    judgement, pages = made
    for kpi in judgement.kpis:
        text = read_page(pages[links.kpi_page(kpi.kpi.id)]).text
        for one in kpi.measures:
            newest = one.latest.observation
            if one in told_together(kpi) or newest is None:
                continue
            told = f"{dated(newest, one.measure)}, {age_words(newest, judgement.day)} old"
            assert f"Latest: {told}" in text
            assert f"Better would be: {better_words(one)}" in text
            assert text.count(told) >= 2 or len(kpi.measures) > 6, "the opening tells it too"


def test_every_figure_that_was_held_to_a_target_says_how_it_stood(made: Made) -> None:
    judgement, pages = made
    judged = 0
    for kpi in judgement.kpis:
        for table in read_page(pages[links.kpi_page(kpi.kpi.id)]).tables:
            if "Target then" in table[0]:
                at = table[0].index("Target then")
                assert all(
                    re.match("Met|Missed|Not met|Behind|Near|Not due|Part of the way|–", row[at])
                    for row in table[1:]
                )
                judged += sum(row[at] != "–" for row in table[1:])
        for one in kpi.measures:
            if one.deciding is not None and one.deciding.gap is not None and one.state == "not met":
                assert "| Not met, gap " in pages[links.kpi_page(kpi.kpi.id)]

    held = [one.deciding for kpi in judgement.kpis for one in kpi.measures if one.deciding]
    assert (judged > 0) == any(one.gap is not None for one in held)


def test_a_place_is_told_for_every_rank_and_nowhere_else(made: Made) -> None:
    judgement, pages = made
    for kpi in judgement.kpis:
        found = [rank for one in kpi.measures for rank in rank_among_peers(one.measure, judgement.plan)]
        text = read_page(pages[links.kpi_page(kpi.kpi.id)]).text
        assert all(place_words(rank) in text for rank in found)
        assert ("Place of " in text) == bool(found), kpi.kpi.id


def test_a_whole_stands_after_the_equals_and_has_no_place(made: Made) -> None:
    judgement, pages = made
    wholes = 0
    for kpi in judgement.kpis:
        for table in read_page(pages[links.kpi_page(kpi.kpi.id)]).tables:
            names = [row[0] for row in table[1:]] if table[0][0] == "Area" else table[0][1:]
            apart = [name.endswith("(whole)") for name in names]
            assert apart == sorted(apart)
            wholes += sum(apart)

    assert wholes == 1


def noted(judgement: Judgement, priority: str) -> list[tuple[str, Observation]]:
    """The figures with a note of a priority's own measures, with the measure's label."""
    return [
        (measure_label(one.measure), figure)
        for kpi in judgement.kpis
        if kpi.kpi.priority == priority
        for one in kpi.measures
        if one.kpi == kpi.kpi.id
        for figure in one.measure.observations
        if figure.note
    ]


def test_every_note_on_a_figure_stands_numbered_on_its_priority_s_page_and_beside_its_figure(
    made: Made,
) -> None:
    judgement, pages = made
    for priority in judgement.plan.priorities:
        text = read_page(pages[links.priority_page(priority.id)]).text
        numbers = [int(number) for number in re.findall(r"^Note (\d+) ", text, re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {int(number) for number in re.findall(r"\[note (\d+)]", text)} == set(numbers)
        assert len(numbers) == len(noted(judgement, priority.id))
        for label, figure in noted(judgement, priority.id):
            assert re.search(
                rf"^Note \d+ \({re.escape(label)}, .*\): {re.escape(figure.note)}$", text, re.MULTILINE
            )


def test_a_trend_between_figures_of_which_one_has_a_note_says_so(made: Made) -> None:
    judgement, pages = made
    for priority in judgement.plan.priorities:
        rows = [row for table in read_page(pages[links.priority_page(priority.id)]).tables for row in table]
        for kpi in judgement.kpis:
            for one in kpi.measures if kpi.kpi.priority == priority.id else ():
                compared = [figure for at in one.directions for figure in (at.later, at.earlier) if figure]
                name = [kpi.kpi.title, measure_label(one.measure)]
                row = next((row for row in rows if row[:2] == name), None)
                if row is not None:
                    assert ("see note" in row[-1]) == any(figure.note for figure in compared)


def test_missed_targets_stand_in_the_order_that_is_stated(made: Made) -> None:
    judgement, pages = made
    gaps = [relative_gap(one.measure.deciding, one.measure.measure.unit) for one in missed(judgement)]
    assert gaps == sorted(gaps, reverse=True)
    for name in ("README.md", "breaches.md"):
        assert (
            "The widest gap for its target comes first; of equal gaps the one that has lasted longest."
            in pages[name]
        )
        rows = next(table for table in read_page(pages[name]).tables if table[0][0] == "KPI")[1:]
        shown = [row[2] for row in rows]
        assert all(
            value_words(one.measure.deciding.observation, one.measure.measure) in cell
            for one, cell in zip(missed(judgement), shown, strict=True)
            if one.measure.deciding and one.measure.deciding.observation
        )


def test_the_front_page_tells_new_recovered_intended_and_against_as_often_as_they_are(made: Made) -> None:
    judgement, pages = made
    text = read_page(pages["README.md"]).text
    shown = [one for kpi in judgement.kpis for one in kpi.measures]
    states = [one.breach.state for one in shown if one.breach is not None and one.state != "near"]

    assert len(off_target(judgement).newly_missed) == states.count(NEW)
    assert len(re.findall("^Newly not met: (?!none)", text, re.MULTILINE)) == states.count(NEW)
    assert len(re.findall("^Recovered: (?!none)", text, re.MULTILINE)) == states.count(RECOVERED)


def test_that_nobody_has_commented_is_said_once_a_page(made: Made) -> None:
    assert all(text.count("No commentary is given.") <= 1 for text in made[1].values())
    assert made[1]["breaches.md"].count("Commentary\n") == 1


def test_what_is_late_is_told_with_its_day(tmp_path: Path) -> None:
    from small import STAFF, edited, written

    late = edited(
        STAFF, "    since: 2022-04-01\n", "    since: 2022-04-01\n    frequency: monthly\n    lag: 2 weeks\n"
    )
    soon = late.replace("lag: 2 weeks", "lag: 2 months")
    lines = scorecard(written(tmp_path / "late", staff=late))[2]["README.md"].split("\n")

    assert "| [Staff](kpis/staff.md): Staff gained | 14 May 2024 | 1 day |" in lines
    assert "No figure is overdue." in scorecard(written(tmp_path / "soon", staff=soon))[2]["README.md"]
    nobody = scorecard(written(tmp_path / "nobody"))[2]["README.md"]
    assert "No figure can be overdue: no measure says how often its figures come." in nobody


def test_a_measure_s_name_is_said_once_where_a_page_opens_and_as_it_is(made: Made) -> None:
    """A name can begin with a unit, which a capital letter would make another one."""
    for name, text in made[1].items():
        for label, next_words in re.findall(r"^(?:- )?\*\*(.+?)\*\*: (.*)$", text, re.MULTILINE):
            assert not next_words.lower().startswith(f"{label.lower()}: "), (name, label)
