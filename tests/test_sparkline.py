"""Sparklines: which figures they show, what they are in words, and how small they are."""

import pytest

from chart_cases import HERE, cases, judged
from conftest import Golden
from kpi.model.period import parse_period
from kpi.pages import links
from kpi.pages.charts.layout import (
    ASCII,
    sparkline,
    sparkline_text,
    sparkline_words,
    with_sparkline,
)

CASES = cases()


def test_a_sparkline_is_what_was_looked_at(golden: Golden) -> None:
    golden(HERE / "sparklines" / "gaps.svg", sparkline(CASES["gaps"][1]))


@pytest.mark.parametrize(
    ("name", "words", "drawn"),
    [
        ("lengths", "", "▁▅ █"),
        ("gaps", "2015/16 to 2023/24: 5,200, 5,100, gap, 4,700, 4,650, gap, 3,900, 4,100, 4,400", "█▇ ▅▅ ▁▂▄"),
        ("break", "2017/18 to 2022/23: 61,000, 59,000, gap, 31,000, 30,200, gap, 20,294, 22,100", "██ ▃▃ ▁▁"),
        ("durations", "", "▁█▁"),
        ("equal-values", "", "▅▅▅▅"),
        ("negative", "", "▁▄▆▆█"),
        ("marks", "2018/19 to 2023/24: 410, 960, 430, 455, 470, 490", "▁█▁▂▂▂"),
    ],
)  # fmt: skip
def test_a_sparkline_says_its_figures_in_order_with_gaps(name: str, words: str, drawn: str) -> None:
    measure = CASES[name][1]

    assert sparkline_words(measure) == words
    assert sparkline_text(measure) == drawn


def test_of_many_figures_the_ends_are_said_and_the_newest_are_drawn() -> None:
    measure = CASES["days-5000"][1]

    assert sparkline_words(measure) == (
        "1 January 2010 to 9 September 2023: 5,000 figures from 100 to 108, lowest 100, highest 9,999"
    )
    assert len(sparkline_text(measure)) == 40


def test_a_month_is_not_drawn_beside_years() -> None:
    _, lengths = CASES["lengths"]
    _, marks = CASES["marks"]
    years = [at for at in marks.observations if not at.forecast]
    month = lengths.observations[-1]._replace(period=parse_period("2024-05"))
    totals = marks._replace(observations=(*years, month))

    assert sparkline_words(totals) == "2018/19 to 2023/24: 410, 960, 430, 455, 470, 490"
    assert sparkline_words(totals._replace(kind="average")) == sparkline_words(totals)


def test_five_figures_are_told_in_words_alone() -> None:
    _, gaps = CASES["gaps"]
    five, six = (
        gaps._replace(observations=gaps.observations[:many]) for many in (6, 7)
    )  # one without a value

    assert sparkline_words(five) == ""
    assert sparkline(five) == ""
    assert with_sparkline("Better", judged(five), "a.md") == "Better"
    assert sparkline_text(five)
    assert sparkline(six)


def test_a_cell_says_its_words_before_the_picture() -> None:
    judgement = judged(CASES["marks"][1])
    text = "![2018/19 to 2023/24: 410, 960, 430, 455, 470, 490](sparklines/sample/homes.svg)"

    assert with_sparkline("Better", judgement, links.priority_page("a")) == f"Better {text}"
    assert with_sparkline("", judgement, links.priority_page("a")) == text


def test_without_unicode_a_sparkline_is_ascii() -> None:
    text = sparkline_text(CASES["gaps"][1], ASCII)

    assert text == "#* == _.-"
