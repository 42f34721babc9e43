"""Sparklines: which figures they show, what they are in words, and how small they are."""

import pytest

from chart_cases import HERE, cases, judged
from conftest import Golden
from kpi.pages import links
from kpi.pages.charts.sparkline import (
    ASCII,
    sparkline,
    sparkline_text,
    sparkline_words,
    with_sparkline,
)

CASES = cases()
SHOWN = [name for name, (_, measure) in CASES.items() if sparkline(measure)]


@pytest.mark.parametrize("name", SHOWN)
def test_a_sparkline_is_what_was_looked_at(name: str, golden: Golden) -> None:
    golden(HERE / "sparklines" / f"{name}.svg", sparkline(CASES[name][1]))


def test_every_golden_sparkline_has_its_figures() -> None:
    assert {path.stem for path in (HERE / "sparklines").glob("*.svg")} == set(SHOWN)


@pytest.mark.parametrize(
    ("name", "words", "drawn"),
    [
        ("lengths", "October 2023 to January 2024: 88, 92, gap, 95", "▁▅ █"),
        ("gaps", "2015/16 to 2023/24: 5,200, 5,100, gap, 4,700, 4,650, gap, 3,900, 4,100, 4,400", "█▇ ▅▅ ▁▂▄"),
        ("break", "2017/18 to 2022/23: 61,000, 59,000, gap, 31,000, 30,200, gap, 20,294, 22,100", "██ ▃▃ ▁▁"),
        ("durations", "2021/22 to 2023/24: 3m10s, 17m48s, 2m18.5s", "▁█▁"),
        ("equal-values", "31 March 2021 to 31 March 2024: 12, 12, 12, 12", "▄▄▄▄"),
        ("negative", "2019/20 to 2023/24: -125,000.50, -48,000, 12,500, -3,000, 64,000", "▁▄▆▆█"),
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


def test_a_month_of_a_total_is_not_drawn_below_its_years() -> None:
    _, lengths = CASES["lengths"]
    months = lengths.observations[-3:]
    totals = lengths._replace(kind="total", observations=(*lengths.observations[:3], *months[-2:]))

    assert sparkline_words(totals) == "2020/21 to 2022/23: 86, 75, 67"
    assert sparkline_words(totals._replace(kind="average")).endswith(
        "November 2023 to January 2024: 92, gap, 95"
    )


def test_two_figures_are_told_in_words_alone() -> None:
    _, gaps = CASES["gaps"]
    two = gaps._replace(observations=gaps.observations[:2])

    assert sparkline_words(two) == ""
    assert sparkline(two) == ""
    assert with_sparkline("Better", judged(two), "a.md") == "Better"
    assert sparkline_text(two) == "█▁"


def test_a_cell_says_its_words_before_the_picture() -> None:
    one = judged(CASES["durations"][1])

    assert with_sparkline("Better", one, links.priority_page("a")) == (
        "Better ![2021/22 to 2023/24: 3m10s, 17m48s, 2m18.5s](sparklines/sample/wait.svg)"
    )
    assert with_sparkline("–", one, links.priority_page("a")).startswith("![")


def test_without_unicode_a_sparkline_is_ascii() -> None:
    told = sparkline_text(CASES["gaps"][1], ASCII)

    assert told == "#* == _.-"
