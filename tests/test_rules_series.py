"""What counts as a jump in a series: one wrong figure is told once, where it stands, and a lively series is left alone."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.assemble.build import build_kpi
from kpi.lint.engine import lint
from kpi.model.plan import Plan
from kpi.rules.rule import Context
from kpi.rules.series import outlier_jump
from one_measure import one_measure


def jumps(*values: str, unit: str = "percent", said: Mapping[int, str] = {}) -> list[str]:
    """What is said of a series of years from 2001; `said` has the notes of some figures, by number."""
    figures = {
        str(2001 + number): {"value": Decimal(value), "note": said.get(number, "")}
        for number, value in enumerate(values)
    }
    measure = {"unit": unit, "better": "higher", "observations": figures}
    built = build_kpi({"title": "K", "definition": "D", "measures": {"m": measure}}, "k", "p")
    assert not built.problems
    assert outlier_jump.about_kpi is not None
    context = Context(Plan("", "", ""), date(2024, 1, 1))
    return [problem.message for problem in outlier_jump.about_kpi(built.kpi, context)]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            ("84.2", "85.1", "84.7", "36.3", "87.4", "86.9"),
            "2004 jumps from 84.7% to 36.3%, and the next figure is back; no other step here is nearly as large.",
        ),
        (
            ("84.2", "36.3", "84.7", "85.1", "87.4", "86.9"),
            "2002 jumps from 84.2% to 36.3%, and the next figure is back; no other step here is nearly as large.",
        ),
        (
            ("84.2", "85.1", "84.7", "86.9", "87.4", "36.3"),
            "2006 jumps from 87.4% to 36.3%; no other step here is nearly as large.",
        ),
        (
            ("31.2", "30.1", "31.7", "76.9", "77.4", "76.3"),
            "2004 jumps from 31.7% to 76.9%; no other step here is nearly as large.",
        ),
        (
            ("86", "8.6", "87"),
            "2002 jumps from 86% to 8.6%, about a power of ten. Is the decimal point right?",
        ),
    ],
    ids=[
        "a spike inside",
        "a spike near the start",
        "a jump at the end",
        "another level",
        "a decimal point that slipped",
    ],
)
def test_one_wrong_figure_is_told_once_and_where_it_stands(values: tuple[str, ...], message: str) -> None:
    assert jumps(*values) == [message]


@pytest.mark.parametrize(
    "values",
    [
        ("50", "90", "30", "80", "20", "90", "40"),
        ("10", "20", "30", "40", "50", "60", "70"),
        ("84.2", "36.3", "84.7", "85.1"),
        ("10", "11", "45", "10", "11", "45", "10"),
        ("5", "5", "5", "5", "5", "5", "5"),
    ],
    ids=["lively", "steady", "too few to tell", "twice the same", "flat"],
)
def test_a_series_without_one_odd_step_is_left_alone(values: tuple[str, ...]) -> None:
    assert jumps(*values) == []


def test_a_note_on_the_odd_figure_answers_for_the_step_back_too() -> None:
    spike = ("84.2", "85.1", "84.7", "36.3", "87.4", "86.9")
    slipped = ("86", "8.6", "87")

    assert jumps(*spike, said={3: "The line was down for a month."}) == []
    assert jumps(*slipped, said={1: "The line was down for a month."}) == []
    assert jumps(*spike, said={4: "A note elsewhere."}) != []


def sibling_jumps(**more: object) -> list[tuple[str, str]]:
    """What is said of three measures of one KPI, two of which jump in 2006 and the third never; `more` is said by the second."""
    steady, rising = (
        dict(zip(map(str, range(2001, 2008)), values, strict=True))
        for values in ((50, 51, 50, 52, 51, 50, 51), (31, 30, 32, 31, 30, 78, 77))
    )
    measures = {
        "first": {"title": "First", "observations": rising},
        "second": {
            "title": "Second",
            "observations": {year: value + 1 for year, value in rising.items()},
            **more,
        },
        "third": {"title": "Third", "observations": steady},
    }
    built = build_kpi(
        {"title": "K", "definition": "D", "unit": "percent", "better": "higher", "measures": measures},
        "k",
        "p",
    )
    assert outlier_jump.about_kpi is not None
    actual = outlier_jump.about_kpi(built.kpi, Context(Plan("", "", ""), date(2024, 1, 1)))
    return [(str(problem.where[1]), problem.message) for problem in actual]


def test_measures_of_one_kpi_that_jump_at_the_same_period_are_named_together() -> None:
    ((measure, message),) = sibling_jumps()

    assert measure == "first"
    assert message == '2006 jumps from 30% to 78%; no other step here is nearly as large. So does "Second".'


def test_a_step_answers_for_a_jump() -> None:
    assert [message for _, message in sibling_jumps(step={"2006": "Merged."})] == [
        "2006 jumps from 30% to 78%; no other step here is nearly as large."
    ]


def lint_of(root: Path, fields: str) -> list[str]:
    """What lint says of a measure, without what is about targets and sources."""
    return [finding.message for finding in lint(one_measure(root, fields), date(2026, 1, 1)).findings]


@pytest.mark.parametrize("kind", ["snapshot", "total"])
def test_a_calendar_year_after_financial_years_is_asked_about_at_a_date_too(
    kind: str, tmp_path: Path
) -> None:
    fields = f"unit: count\nbetter: higher\nkind: {kind}\nobservations: {{2022/23: 200, 2023/24: 214, "

    assert lint_of(tmp_path, f"{fields}2025: 216}}") == [
        "2025 is a calendar year, but every other period here is a financial year."
    ]
    assert lint_of(tmp_path, f"{fields}2024/25: 216}}") == []


def test_a_month_after_years_is_no_slip_at_a_date(tmp_path: Path) -> None:
    fields = "unit: count\nbetter: higher\nkind: snapshot\nobservations: {2022/23: 200, 2023/24: 214, 2025-01: 216}"

    assert lint_of(tmp_path, fields) == []


def test_a_gain_that_falls_all_the_time_is_told_once(tmp_path: Path) -> None:
    falling = ", ".join(f"{2010 + number}: {900 - 100 * (number % 2)}" for number in range(10))
    fields = f"unit: count\nbetter: higher\nkind: cumulative\nsince: 2010-01\nobservations: {{{falling}}}"

    assert lint_of(tmp_path, fields) == [
        "2011 falls from 900 to 800, but it is a gain that is counted from a start. So do 4 others."
    ]


def test_figures_that_are_no_shares_are_told_once_at_the_unit(tmp_path: Path) -> None:
    fields = "unit: percent\nbetter: higher\nobservations: {2022/23: 200, 2023/24: 214, 2024/25: 216}"

    assert lint_of(tmp_path, fields) == ['Every figure of "calls" is more than 100, so these are no shares.']


def test_a_year_may_stand_below_its_months_or_above_them(tmp_path: Path) -> None:
    months = ", ".join(f"2024-{month:02}: {80 + month % 3}" for month in range(1, 13))

    assert lint_of(tmp_path, f"unit: percent\nbetter: higher\nobservations: {{{months}, 2024: 81}}") == []
    assert lint_of(tmp_path, f"unit: percent\nbetter: higher\nobservations: {{2024: 81, {months}}}") == []
