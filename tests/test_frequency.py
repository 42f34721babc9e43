"""Figures that come by weeks, half-years or every two years: when the next is due, which are missing, and what is said of a slip."""

from datetime import date
from pathlib import Path

import pytest

from judge.examples import measure
from kpi.judge.series import judge_freshness
from kpi.lint.engine import lint
from one_measure import one_measure


@pytest.mark.parametrize(
    ("frequency", "kind", "periods", "following", "due"),
    [
        ("weekly", "total", ["2024-01-01 to 2024-01-07"], ("2024-01-08", "2024-01-14"), "2024-01-24"),
        ("weekly", "snapshot", ["2024-01-07"], ("2024-01-14", "2024-01-14"), "2024-01-24"),
        ("four-weekly", "total", ["2024-02-01 to 2024-02-28"], ("2024-02-29", "2024-03-27"), "2024-04-06"),
        ("half-yearly", "average", ["2022-10 to 2023-03"], ("2023-04-01", "2023-09-30"), "2023-10-10"),
        ("half-yearly", "average", ["12 months to 2023-03"], ("2022-10-01", "2023-09-30"), "2023-10-10"),
        ("biennial", "average", ["2021/22"], ("2023-04-01", "2024-03-31"), "2024-04-10"),
        ("biennial", "average", ["24 months to 2022-03"], ("2022-04-01", "2024-03-31"), "2024-04-10"),
        ("biennial", "snapshot", ["2024-02-29"], ("2026-02-28", "2026-02-28"), "2026-03-10"),
    ],
)
def test_the_next_figure_is_due_after_what_passes_between_two(
    frequency: str, kind: str, periods: list[str], following: tuple[str, str], due: str
) -> None:
    figure = measure(frequency=frequency, lag="10 days", kind=kind, observations=dict.fromkeys(periods, 5))
    expected_next = judge_freshness(figure, date.fromisoformat(due))

    assert expected_next is not None
    start, end = (day.isoformat() for day in expected_next.following.interval)
    assert (start if kind != "snapshot" else end, end) == following
    assert (expected_next.due.isoformat(), expected_next.days_late) == (due, 0)
    late = judge_freshness(figure, date.fromordinal(date.fromisoformat(due).toordinal() + 1))
    assert late is not None
    assert late.days_late == 1


def findings_in(root: Path, fields: str, day: str) -> list[tuple[str, str]]:
    """The rules and messages that lint tells of a measure on a day."""
    root = one_measure(root, fields, date="2024-01-31")
    return [
        (finding.rule, f"{finding.message} {finding.help}")
        for finding in lint(root, date.fromisoformat(day)).findings
    ]


WEEKS = """\
unit: count
better: lower
frequency: weekly
observations:
  2024-01-01 to 2024-01-07: 41
  2024-01-08 to 2024-01-14: 44
  2024-01-15 to 2024-01-21: 39
"""


def test_a_late_week_is_stale(tmp_path: Path) -> None:
    assert findings_in(tmp_path, WEEKS, "2024-01-28") == []
    ((rule, message),) = findings_in(tmp_path, WEEKS, "2024-01-29")

    assert rule == "stale"
    assert "The next was due on 28 January 2024. Add the figure for the next week" in message


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (WEEKS + "  2024-02-05 to 2024-02-11: 40\n", "2 weeks missing just before 5 to 11 February 2024."),
        (WEEKS.replace("frequency: weekly\n", "") + "  2024-02-05 to 2024-02-11: 40\n", ""),
        (
            "unit: count\nbetter: lower\nobservations:\n  2021-04 to 2021-09: 1\n  2021-10 to 2022-03: 2\n  2022-04 to 2022-09: 3\n  2023-04 to 2023-09: 4\n",
            "1 half-year missing just before April to September 2023.",
        ),
        ("unit: count\nbetter: lower\nobservations:\n  2021-04 to 2021-09: 1\n  2022-04 to 2022-09: 3\n  2023-04 to 2023-09: 4\n", ""),
    ],
    ids=["weeks", "weeks of no frequency", "half-years", "the same half of each year"],
)  # fmt: skip
def test_a_week_or_half_year_that_is_missing_is_a_gap(fields: str, message: str, tmp_path: Path) -> None:
    findings = [said for rule, said in findings_in(tmp_path, fields, "2024-02-12") if rule == "period-gap"]

    assert [message in said for said in findings] == ([True] if message else [])


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("biannual", "Write half-yearly for twice a year, biennial for every two years."),
        ("six-monthly", 'Did you mean "half-yearly"?'),
        ("4-weekly", 'Did you mean "four-weekly"?'),
        ("every two years", 'Did you mean "biennial"?'),
    ],
)
def test_another_word_for_a_frequency_is_told_with_the_one_to_write(
    word: str, advice: str, tmp_path: Path
) -> None:
    findings = findings_in(tmp_path, WEEKS.replace("weekly", word), "2024-01-22")

    assert [rule for rule, _ in findings] == ["unknown-choice"]
    assert advice in findings[0][1]
