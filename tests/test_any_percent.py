"""A per cent that is no share: above 100 and below 0 it is right, it moves in points, and no test of proportions is made of it."""

from datetime import date
from pathlib import Path

import pytest

from judge.examples import measure
from kpi.judge.benchmarks import assess_significance, confidence_interval
from kpi.judge.direction import judge_directions
from kpi.lint.engine import lint
from kpi.model.quantity import Unit, unit_from, unit_text
from one_measure import fact, kpi_page_of, one_measure
from running import Kpi

FIELDS = """\
unit: {unit}
better: lower
kind: average
observations:
  2021/22: {{value: -2.5, numerator: -1, denominator: 40}}
  2022/23: {{value: 110, numerator: 55, denominator: 50}}
"""


def test_it_passes_100_and_falls_below_0_where_a_share_may_not(tmp_path: Path) -> None:
    day = date(2023, 10, 1)
    share, other = (
        lint(one_measure(tmp_path / name, FIELDS.format(unit=unit)), day).findings
        for name, unit in (("share", "percent"), ("any", "{percent: any}"))
    )

    assert {item.rule for item in share} >= {"percent-range", "numerator-denominator"}
    assert all("write unit: {percent: any}" in item.help for item in share if item.rule == "percent-range")
    assert {item.rule for item in other} <= {"outlier-jump"}


def test_it_moves_in_percentage_points_and_is_printed_as_a_per_cent(tmp_path: Path) -> None:
    page = kpi_page_of(one_measure(tmp_path, FIELDS.format(unit="{percent: any}")))

    assert fact(page, "Trend").startswith("Worse ▲ up 112.5 percentage points")
    assert fact(page, "Latest").startswith("110% (2022/23)")
    assert "-2.5%" in page


def test_no_test_of_proportions_is_made_of_it() -> None:
    observations = {
        "2021/22": {"value": 50, "numerator": 20, "denominator": 40},
        "2022/23": {"value": 25, "numerator": 10, "denominator": 40},
    }
    share, other = (measure(unit=unit, observations=observations) for unit in ("percent", {"percent": "any"}))

    assert assess_significance(share, judge_directions(share)[0]).p is not None
    assert assess_significance(other, judge_directions(other)[0]).p is None
    assert confidence_interval(other, other.observations[-1]) is None


def test_areas_are_ranked_by_it(tmp_path: Path) -> None:
    fields = "unit: {percent: any}\nbetter: lower\nobservations: {2022/23: 104}\npeers:\n  hillside: {2022/23: 99}\n  valley: {2022/23: 107}\n"
    root = one_measure(tmp_path, fields)
    plan = root / "kpis/plan.yaml"
    text = plan.read_text(encoding="utf-8").replace(
        "  riverside: Riverside\n", "  riverside: Riverside\n  hillside: Hillside\n  valley: Valley\n"
    )
    plan.write_text(text, encoding="utf-8")

    assert "2nd lowest of 3" in kpi_page_of(root)


def test_an_import_reads_it_as_people_write_it(tmp_path: Path, kpi: Kpi) -> None:
    root = one_measure(tmp_path, "unit: {percent: any}\nbetter: lower\nobservations:\n  2021/22: 98\n")
    (tmp_path / "in.csv").write_text(
        "kpi,period,value\ncalls,2022/23,104.5%\ncalls,2023/24,-1.5%\n", encoding="utf-8"
    )

    assert kpi("import", "in.csv").code == 0
    assert {"2022/23: 104.5", "2023/24: -1.5"} <= {
        line.strip() for line in (root / "kpis/service/calls.yaml").read_text(encoding="utf-8").splitlines()
    }
    assert "any percent" in kpi("export", "--format", "csv").out


def test_its_name_is_not_that_of_a_share() -> None:
    assert unit_text(unit_from({"percent": "any"})) != unit_text(unit_from("percent"))
    assert [unit.is_share for unit in (Unit("percent"), unit_from({"percent": "any"}), Unit("ratio"))] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("unit", "meant"),
    [("percentage", "percent"), ("percent change", "{percent: any}"), ("{percent: unbounded}", "any")],
)
def test_another_word_is_told_with_the_one_to_write(unit: str, meant: str, tmp_path: Path) -> None:
    root = one_measure(tmp_path, f"unit: {unit}\nbetter: lower\nobservations: {{2021/22: 98}}\n")
    (actual,) = [
        finding for finding in lint(root, date(2023, 1, 1)).findings if finding.rule == "unknown-choice"
    ]

    assert meant in (actual.replacement or actual.help)
