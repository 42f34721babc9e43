"""What a figure is compared with: its season or the period before, as the measure, its KPI or the plan says."""

from datetime import date
from pathlib import Path

import pytest

from judge.examples import measure
from kpi.judge.series import compared_with
from kpi.lint.engine import lint
from kpi.model.kpi import PREVIOUS, SEASON
from kpi.model.period import parse_period
from one_measure import fact, kpi_page_of, one_measure

MONTHS = """\
unit: count
better: lower
{compare}observations:
  2023-01: 500
  2023-10: 420
  2023-11: 410
  2024-01: 400
"""


def trend(root: Path, fields: str, settings: str = "") -> str:
    return fact(kpi_page_of(one_measure(root, fields, settings=settings)), "Trend")


@pytest.mark.parametrize(
    ("kind", "period", "usual"),
    [
        ("total", "2024-01", SEASON),
        ("average", "2023/24 Q1", SEASON),
        ("total", "2023-04 to 2023-12", SEASON),
        ("total", "2024-01-01 to 2024-01-28", SEASON),
        ("total", "2023/24", PREVIOUS),
        ("average", "12 months to 2023-09", PREVIOUS),
        ("total", "2023-03-01 to 2024-02-29", PREVIOUS),
        ("average", "36 months to 2023-12", PREVIOUS),
        ("snapshot", "2024-01", PREVIOUS),
        ("cumulative", "2024-01-31", PREVIOUS),
    ],
)
def test_what_is_usual_depends_on_kind_and_length(kind: str, period: str, usual: str) -> None:
    each = measure(unit="count", better="higher", kind=kind, observations={})

    assert compared_with(each, parse_period(period)) == usual
    assert compared_with(each._replace(compare=SEASON), parse_period(period)) == SEASON
    assert compared_with(each._replace(compare=PREVIOUS), parse_period(period)) == PREVIOUS


def test_months_are_compared_with_their_season_unless_something_says_otherwise(tmp_path: Path) -> None:
    bare, said = MONTHS.format(compare=""), MONTHS.format(compare="compare: previous\n")
    with_season = MONTHS.format(compare="compare: season\n")

    assert "January 2024 against January 2023" in trend(tmp_path, bare)
    assert "January 2024 against November 2023; none for December 2023" in trend(tmp_path, said)
    assert "January 2024 against November 2023" in trend(tmp_path, bare, "compare: previous\n")
    assert "January 2024 against January 2023" in trend(tmp_path, with_season, "compare: previous\n")


def test_a_figure_at_a_date_may_have_a_season(tmp_path: Path) -> None:
    fields = "unit: count\nbetter: higher\nkind: snapshot\ncompare: season\nobservations: {2023-01: 50, 2023-12: 90, 2024-01: 60}\n"

    assert "January 2024 against January 2023" in trend(tmp_path, fields)


def test_a_break_between_them_is_still_a_break(tmp_path: Path) -> None:
    fields = MONTHS.format(compare="compare: previous\n").replace(
        "2024-01: 400", "2024-01: {value: 400, marks: [break]}"
    )

    assert trend(tmp_path, fields) == "January 2024: not comparable (break)"


def test_a_bound_taken_from_the_period_before_follows_it(tmp_path: Path) -> None:
    target = "targets: [{less_than: {period: previous}, source: plan}]\ncompare: previous\n"
    page = kpi_page_of(one_measure(tmp_path, MONTHS.format(compare=target)))

    months = MONTHS.format(compare=target.replace("compare: previous\n", "")).replace("  2023-01: 500\n", "")
    by_season = lint(one_measure(tmp_path / "own", months), date(2024, 10, 1)).findings
    by_plan = lint(
        one_measure(tmp_path / "plan", months, settings="compare: previous\n"), date(2024, 10, 1)
    ).findings
    assert "target-bound" in {item.rule for item in by_season}
    assert "target-bound" not in {item.rule for item in by_plan}
    assert "less than 410, the earlier figure (November 2023)" in page


@pytest.mark.parametrize(
    ("word", "meant"), [("yearly", "season"), ("last", "previous"), ("prevoius", "previous")]
)
def test_another_word_is_told_with_the_one_to_write(word: str, meant: str, tmp_path: Path) -> None:
    root = one_measure(tmp_path, MONTHS.format(compare=f"compare: {word}\n"))
    (actual,) = [
        finding for finding in lint(root, date(2024, 10, 1)).findings if finding.rule == "unknown-choice"
    ]

    assert actual.replacement == meant
