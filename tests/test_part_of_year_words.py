"""The same part of two years is compared, whether one of them has 366 days or not: from the file to the page's words."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from judge.examples import judged, measure, target
from kpi.judge.series import by_length, compare, judgeable, newest_of_each_length
from kpi.model.period import parse_period
from one_measure import fact, kpi_page_of, one_measure, pages_of
from running import Kpi

CALLS_TO_AUGUST = """
unit: count
better: lower
targets:
  - {less_than: {period: previous}, source: plan}
observations:
  2022-01-01 to 2022-08-16: 9500
  2023-01-01 to 2023-08-16: 9000
  2024-01-01 to 2024-08-16: 9900
"""


def test_a_target_is_not_met_on_last_year_s_figure_because_this_year_has_366_days(tmp_path: Path) -> None:
    pages = pages_of(one_measure(tmp_path, CALLS_TO_AUGUST))
    page = pages["kpis/calls.md"]

    assert fact(page, "Status") == "Not met 🔴"
    assert "less than 9,000, the earlier figure (1 January to 16 August 2023)" in fact(page, "Target")
    assert "up 900 (10.0%) (1 January to 16 August 2024 against 1 January to 16 August 2023)" in page
    assert "new in 1 January to 16 August 2024, last met 1 January to 16 August 2023" in pages["breaches.md"]
    assert not any("Met 🟢" in text for text in pages.values())


def test_two_such_years_are_enough_and_lint_has_nothing_against_them(tmp_path: Path, kpi: Kpi) -> None:
    one_measure(tmp_path, CALLS_TO_AUGUST.replace("  2022-01-01 to 2022-08-16: 9500\n", ""))
    done = kpi("lint")

    assert (done.code, "target-bound" in done.out) == (0, False)
    assert "Not met" in kpi("show", "calls").out


def test_a_bound_on_such_totals_needs_no_length_beside_it(tmp_path: Path, kpi: Kpi) -> None:
    one_measure(tmp_path, CALLS_TO_AUGUST.replace("{less_than: {period: previous}", "{at_most: 9400"))

    assert kpi("lint").code == 0
    page = kpi_page_of(tmp_path)
    assert fact(page, "Status").startswith("Not met")
    assert "since 1 January" not in page
    assert "new in 1 January to 16 August 2024" in pages_of(tmp_path)["breaches.md"]


def reason(first: str, second: str, kind: str = "total") -> str:
    made = measure(unit="count", kind=kind, observations={first: 1, second: 2})
    return compare(made, made.observations[0], made.observations[1]).reason


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("2023-01-01 to 2023-08-16", "2024-01-01 to 2024-08-16", id="from-january"),
        pytest.param("2022-10-03 to 2023-03-05", "2023-10-03 to 2024-03-05", id="over-the-new-year"),
        pytest.param("2023-01-10 to 2023-02-28", "2024-01-10 to 2024-02-29", id="to-the-end-of-february"),
        pytest.param("2023-02-28 to 2023-06-10", "2024-02-29 to 2024-06-10", id="from-the-end-of-february"),
        pytest.param("2023-02-28", "2024-02-29", id="the-last-day-of-february"),
        pytest.param("2023-02-28", "2024-02-28", id="the-28th"),
        pytest.param("2020-02-29", "2024-02-29", id="two-leap-days"),
        pytest.param("2023-02-10 to 2023-02-28", "2024-02-10 to 2024-02-28", id="to-the-28th"),
        pytest.param("2023-02-20 to 2023-03-05", "2024-02-20 to 2024-03-05", id="a-fortnight-of-13-or-14"),
        pytest.param("2023-02", "2024-02", id="februaries"),
        pytest.param("2022-12 to 2023-02", "2023-12 to 2024-02", id="winters"),
        pytest.param("12 months to 2023-02", "12 months to 2024-02", id="years-to-february"),
        pytest.param("2022-02-28 to 2023-02-27", "2023-02-28 to 2024-02-28", id="years-from-its-last-day"),
        pytest.param("2019-01-05 to 2020-08-16", "2022-01-05 to 2023-08-16", id="a-year-and-a-part"),
    ],
)
def test_the_same_days_of_two_years_are_compared(first: str, second: str) -> None:
    assert reason(first, second) == reason(first, second, "average") == ""
    assert parse_period(first).is_as_long_as(parse_period(second))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("2024-02-28", "2024-02-29", "28 February 2024 is another time of year", id="two-days-of-one-year"),
        pytest.param("2020-02-29", "2024-02-28", "29 February 2020 is another time of year", id="last-and-last-but-one"),
        pytest.param("2023-01-01 to 2023-08-16", "2024-01-01 to 2024-08-17", "different lengths (230 days and 228 days)", id="a-day-more"),
        pytest.param("2023-01-01 to 2023-08-17", "2024-01-01 to 2024-08-16", "1 January to 17 August 2023 is another time of year", id="as-many-days"),
        pytest.param("2023-02-26 to 2023-03-04", "2024-02-26 to 2024-03-03", "26 February to 4 March 2023 is another time of year", id="a-week-that-ends-a-day-sooner"),
    ],
)  # fmt: skip
def test_other_days_are_not(first: str, second: str, expected: str) -> None:
    assert reason(first, second) == expected


@pytest.mark.parametrize("starts", [1, 2, 3, 7, 12])
def test_financial_years_and_their_quarters_are_as_long_in_every_year(starts: int) -> None:
    years = ("2022/23", "2023/24", "2024/25") if starts > 1 else ("2022", "2023", "2024")
    quarters = [f"{year}{' ' if starts > 1 else '-'}Q4" for year in years]
    for texts in (years, quarters):
        first, *others = (parse_period(text, starts) for text in texts)
        assert all(first.is_as_long_as(other) and first.is_same_part(other) for other in others)


DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 1))


def moved(day: date, years: int) -> date:
    """The same day of another year; of the last day of February the last."""
    if (day.month, day.day) in {(2, 28), (2, 29)} and (day.replace(month=3, day=1) - day).days == 1:
        return date.fromordinal(date(day.year + years, 3, 1).toordinal() - 1)
    return day.replace(year=day.year + years)


@example(date(2000, 2, 28), 1, 1)
@given(DAYS, st.integers(1, 360), st.integers(1, 9))
def test_any_part_of_a_year_is_the_same_part_some_years_later(start: date, days: int, years: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    assume(
        moved(start, years) < moved(end, years)
    )  # the last two days of a February may be one in another year
    first = parse_period(f"{start} to {end}")
    later = parse_period(f"{moved(start, years)} to {moved(end, years)}")

    assert first.is_same_part(later)
    assert later.is_same_part(first)
    assert first.is_as_long_as(later)


def grouped(*texts: str) -> list[list[str]]:
    made = measure(unit="count", observations=dict.fromkeys(texts, 1))
    return [[item.key for item in group] for group in by_length(made.observations)]


def test_a_week_with_a_leap_day_is_a_week_and_a_part_with_one_is_that_part() -> None:
    assert grouped("2024-02-19 to 2024-02-25", "2024-02-26 to 2024-03-03", "2024-03-04 to 2024-03-10") == [
        ["2024-02-19 to 2024-02-25", "2024-02-26 to 2024-03-03", "2024-03-04 to 2024-03-10"]
    ]
    parts = ["2022-01-01 to 2022-08-16", "2023-01-01 to 2023-08-16", "2024-01-01 to 2024-08-16"]
    assert grouped(*parts) == [parts]


def test_only_the_newest_of_the_same_parts_is_current() -> None:
    observations: dict[str, Any] = {"2023-01-01 to 2023-08-16": 9000, "2024-01-01 to 2024-08-16": 9900}
    made = measure(unit="count", observations=observations)

    assert [figure.key for figure in newest_of_each_length(judgeable(made))] == ["2024-01-01 to 2024-08-16"]


def test_misses_of_the_same_part_are_one_run() -> None:
    judgement = judged(
        unit="count",
        better="lower",
        targets=target(at_most=8000),
        observations={
            "2022-01-01 to 2022-08-16": 9500,
            "2023-01-01 to 2023-08-16": 9000,
            "2024-01-01 to 2024-08-16": 9900,
        },
    )
    assert judgement.breach is not None
    assert (judgement.breach.since.key, judgement.breach.periods) == ("2022-01-01 to 2022-08-16", 3)


def test_a_part_that_is_written_without_a_figure_is_told_as_missing(tmp_path: Path) -> None:
    fields = CALLS_TO_AUGUST.replace("08-16: 9900", "08-16: {marks: [not-available]}")
    assert "1 January to 16 August 2024" in fact(kpi_page_of(one_measure(tmp_path, fields)), "Status")


def test_the_sparkline_s_words_name_one_row_of_figures(tmp_path: Path) -> None:
    earlier = "".join(f"  {year}-01-01 to {year}-08-16: {year * 4}\n" for year in range(2017, 2022))
    fields = CALLS_TO_AUGUST.replace("observations:\n", f"observations:\n{earlier}")
    page = pages_of(one_measure(tmp_path, fields))
    drawn = next(text for name, text in page.items() if name.startswith("sparklines/"))

    assert "1 January to 16 August 2017 to 1 January to 16 August 2024: 8,068, gap, 8,072, gap" in drawn
