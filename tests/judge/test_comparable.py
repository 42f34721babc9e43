"""When two figures may be compared."""

from typing import Any

import pytest

from judge.examples import measure
from kpi.judge.series import BREAK, OVERLAPPING, compare

COMPARABLE = ""
BROKEN = {"value": 2, "marks": ["break"]}


def reason(kind: str, observations: dict[str, Any]) -> str:
    """Why the last figure can't be compared with the first; empty where it can."""
    made = measure(unit="count", kind=kind, observations=observations)
    comparison = compare(made, made.observations[0], made.observations[-1])
    assert comparison.comparable is (not comparison.reason)
    return comparison.reason


@pytest.mark.parametrize("kind", ["snapshot", "cumulative"])
@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param("2022/23", "2024-01", id="year-end-and-month-end"),
        pytest.param("2021-04", "2024-01", id="two-months"),
        pytest.param("2023-12", "2024-01-15", id="month-end-and-day"),
        pytest.param("2022/23", "2023-01 to 2023-06", id="whatever-the-words-for-the-date"),
    ],
)
def test_snapshots_and_gains_compare_at_any_two_dates(kind: str, earlier: str, later: str) -> None:
    assert reason(kind, {earlier: 1, later: 2}) == COMPARABLE


@pytest.mark.parametrize("kind", ["total", "average"])
@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        pytest.param("2021/22", "2022/23", COMPARABLE, id="years"),
        pytest.param("2015/16", "2022/23", COMPARABLE, id="years-with-a-gap"),
        pytest.param("12 months to 2019-06", "2022", COMPARABLE, id="years-that-end-in-other-months"),
        pytest.param("12 months to 2021-03", "2022/23", COMPARABLE, id="years-in-other-words"),
        pytest.param("2015 to 2017", "2019 to 2021", COMPARABLE, id="three-years"),
        pytest.param("2022/23", "2024-01", "different lengths (a month and a year)", id="month-and-year"),
        pytest.param(
            "2018/19", "2023/24 Q1", "different lengths (a quarter and a year)", id="quarter-and-year"
        ),
        pytest.param("2022-01 to 2022-08", "2023-01 to 2023-08", COMPARABLE, id="january-to-august"),
        pytest.param("2020-04 to 2020-06", "2023/24 Q1", COMPARABLE, id="the-same-quarter"),
        pytest.param(
            "2020-10 to 2020-12",
            "2023/24 Q1",
            "October to December 2020 is another time of year",
            id="another-quarter",
        ),
        pytest.param("2023-12", "2024-01", "December 2023 is another time of year", id="neighbouring-months"),
        pytest.param("2023-01", "2024-01", COMPARABLE, id="the-same-month"),
        pytest.param("2023-05-17 to 2023-06-11", "2024-05-17 to 2024-06-11", COMPARABLE, id="the-same-days"),
        pytest.param(
            "2023-05-17 to 2023-06-11",
            "2024-09-17 to 2024-10-12",
            "17 May to 11 June 2023 is another time of year",
            id="other-days",
        ),
    ],
)
def test_totals_and_averages_compare_over_equal_lengths_and_parts_of_a_year_from_the_same_month(
    kind: str, earlier: str, later: str, expected: str
) -> None:
    assert reason(kind, {earlier: 1, later: 2}) == expected


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param("2018 to 2020", "2019 to 2021", id="three-years"),
        pytest.param("12 months to 2022-12", "12 months to 2023-01", id="rolling-years"),
    ],
)
def test_overlapping_windows_are_not_compared(earlier: str, later: str) -> None:
    assert reason("total", {earlier: 1, later: 2}) == OVERLAPPING


@pytest.mark.parametrize("kind", ["total", "average", "snapshot", "cumulative"])
def test_no_break_may_lie_between(kind: str) -> None:
    assert reason(kind, {"2021/22": 1, "2022/23": BROKEN}) == BREAK
    assert reason(kind, {"2021/22": 1, "2022/23": BROKEN, "2023/24": 3}) == BREAK


def test_different_lengths_come_before_a_break_and_a_break_before_an_overlap() -> None:
    assert reason("total", {"2022/23": 1, "2024-01": BROKEN}) == "different lengths (a month and a year)"
    assert reason("total", {"2022-12": 1, "2022/23": 2}) == "different lengths (a year and a month)"
    assert reason("total", {"12 months to 2022-12": 1, "12 months to 2023-01": BROKEN}) == BREAK


def test_a_break_before_the_earlier_figure_does_no_harm() -> None:
    assert reason("total", {"2021/22": BROKEN, "2022/23": 2}) == COMPARABLE


def test_a_break_that_was_marked_on_a_period_without_a_value_counts() -> None:
    lost = {"marks": ["not-available", "break"]}
    assert reason("total", {"2021/22": 1, "2022/23": lost, "2023/24": 3}) == BREAK


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        pytest.param(
            {"2022/23": 12, "2023-03": BROKEN, "2023/24": 13}, BREAK, id="month-after-the-year-it-ends"
        ),
        pytest.param({"2023-03": 1, "2023/24": BROKEN, "2024-03": 3}, BREAK, id="year-before-the-month"),
    ],
)
def test_a_break_stands_between_its_figure_and_the_one_before_even_where_both_end_together(
    observations: dict[str, Any], expected: str
) -> None:
    assert reason("average", observations) == expected


def test_a_break_on_the_shorter_figure_comes_after_the_longer_one_that_ends_with_it() -> None:
    made = measure(observations={"2021/22": 70, "2022/23": 75, "2023-03": {"value": 90, "marks": ["break"]}})
    assert compare(made, made.observations[0], made.observations[1]).comparable
