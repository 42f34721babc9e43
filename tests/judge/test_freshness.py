"""When the next figure is due."""

from datetime import date
from typing import Any

import pytest

from judge.examples import judged
from kpi.judge.series import add_lag


def due(day: str, newest: str, frequency: str, lag: str = "") -> tuple[str, str, int]:
    """The next period's end, the day its figure is due and the days it is late."""
    fields: dict[str, Any] = {"lag": lag} if lag else {}
    freshness = judged(day=day, frequency=frequency, observations={newest: 95}, **fields).freshness
    assert freshness is not None
    return freshness.following.end.isoformat(), freshness.due.isoformat(), freshness.days_late


@pytest.mark.parametrize(
    ("newest", "frequency", "lag", "next_end", "expected"),
    [
        pytest.param("2024-01", "monthly", "", "2024-02-29", "2024-02-29", id="monthly-into-a-leap-february"),
        pytest.param("2023-02", "monthly", "", "2023-03-31", "2023-03-31", id="monthly-out-of-a-short-month"),
        pytest.param("2023/24 Q1", "quarterly", "", "2023-09-30", "2023-09-30", id="quarterly"),
        pytest.param("2022/23", "annual", "", "2024-03-31", "2024-03-31", id="annual"),
        pytest.param("2024-02-29", "annual", "", "2025-02-28", "2025-02-28", id="annual-from-a-leap-day"),
        pytest.param(
            "12 months to 2023-06", "monthly", "", "2023-07-31", "2023-07-31", id="a-rolling-year-each-month"
        ),
        pytest.param("2024-01-15", "monthly", "", "2024-02-15", "2024-02-15", id="a-day-in-the-month"),
        pytest.param("2024-01", "monthly", "6 weeks", "2024-02-29", "2024-04-11", id="six-weeks-later"),
        pytest.param("2024-01", "monthly", "10 days", "2024-02-29", "2024-03-10", id="ten-days-later"),
        pytest.param("2022/23", "annual", "2 months", "2024-03-31", "2024-05-31", id="two-months-later"),
    ],
)
def test_frequency_and_lag_give_when_the_next_figure_is_due(
    newest: str, frequency: str, lag: str, next_end: str, expected: str
) -> None:
    assert due("2024-02-29", newest, frequency, lag)[:2] == (next_end, expected)


@pytest.mark.parametrize(
    ("day", "late"),
    [("2024-04-10", 0), ("2024-04-11", 0), ("2024-04-12", 1), ("2024-05-11", 30)],
    ids=["before", "on-the-day", "the-day-after", "a-month-after"],
)
def test_it_is_overdue_from_the_day_after_and_says_by_how_long(day: str, late: int) -> None:
    assert due(day, "2024-01", "monthly", "6 weeks")[2] == late


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"frequency": "irregular", "observations": {"2010": 1}}, id="irregular"),
        pytest.param({"observations": {"2010": 1}}, id="absent"),
        pytest.param({"frequency": "monthly", "no_figures": {"because": "awaiting-data"}}, id="no-figures"),
    ],
)
def test_irregular_and_absent_frequencies_are_never_overdue(fields: dict[str, Any]) -> None:
    assert judged(day="2099-12-31", **fields).freshness is None


def test_a_period_written_as_not_available_counts_as_reported() -> None:
    observations = {"2024-01": 95, "2024-02": {"marks": ["not-available"]}}
    freshness = judged(day="2024-03-31", frequency="monthly", observations=observations).freshness
    assert freshness is not None
    assert (freshness.following.end, freshness.days_late) == (date(2024, 3, 31), 0)


def test_a_forecast_does_not_count_as_reported() -> None:
    observations = {"2024-01": 95, "2024-03": {"value": 97, "marks": ["forecast"]}}
    freshness = judged(day="2024-03-31", frequency="monthly", observations=observations).freshness
    assert freshness is not None
    assert (freshness.following.end, freshness.days_late) == (date(2024, 2, 29), 31)


def test_a_figure_for_a_period_after_the_day_does_not_count_as_reported() -> None:
    freshness = judged(
        day="2024-03-30", frequency="monthly", observations={"2024-01": 95, "2024-03": 97}
    ).freshness
    assert freshness is not None
    assert freshness.following.end == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("lag", "expected"),
    [
        ("", "2024-01-31"),
        ("1 day", "2024-02-01"),
        ("1 week", "2024-02-07"),
        ("1 month", "2024-02-29"),
        ("13 months", "2025-02-28"),
    ],
    ids=["none", "day", "week", "month", "months"],
)
def test_a_lag_moves_a_day_on(lag: str, expected: str) -> None:
    assert add_lag(date(2024, 1, 31), lag).isoformat() == expected
