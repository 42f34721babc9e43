"""How financial years are named in print: 2023/24, or FY24 by the year they end in; files and exports keep what is typed."""

import json
from pathlib import Path

import pytest

from kpi.model.period import parse_period, period_words
from kpi.model.plan import with_year_names
from one_measure import kpi_page_of, one_measure, pages_of
from repositories import committed
from running import Kpi
from small import scorecard

FIELDS = """\
unit: percent
better: higher
baseline: 2021/22
targets: [{at_least: 90, from: 2022/23, by: 2024/25, source: plan}]
observations:
  2021/22: 85
  2022/23: 88
  2023/24 Q1: 84
  2023-07: 83
"""
BY_END = "year_names: FY24\n"


@pytest.mark.parametrize(
    ("text", "by_end"),
    [
        ("2023/24", "FY24"),
        ("1999/00", "FY00"),
        ("2023/24 Q1", "FY24 Q1 (April to June 2023)"),
        ("2021/22 to 2023/24", "FY22 to FY24"),
        ("2022/23 Q1 to 2022/23 Q3", "FY23 Q1 to FY23 Q3 (April to December 2022)"),
        ("2023", "2023"),
        ("2023-07", "July 2023"),
        ("12 months to 2023-03", "12 months to March 2023"),
    ],
)
def test_a_period_is_named_by_the_year_it_ends_in(text: str, by_end: str) -> None:
    period = parse_period(text)

    assert period_words(with_year_names(period, "FY24")) == by_end
    assert with_year_names(period, "2023/24") == with_year_names(period, "") == period


def test_pages_name_years_as_the_plan_says(tmp_path: Path) -> None:
    usual = pages_of(one_measure(tmp_path, FIELDS))
    named = pages_of(one_measure(tmp_path, FIELDS, settings=BY_END))

    for path, text in usual.items():
        assert "2022/23" not in named[path], path
        assert ("FY23" in named[path]) == ("2022/23" in text), path
    assert "by FY25" in named["kpis/calls.md"]


def test_exports_keep_what_is_typed(tmp_path: Path, kpi: Kpi) -> None:
    one_measure(tmp_path, FIELDS, settings=BY_END)
    measure = json.loads(kpi("export", "--format", "json").out)["kpis"][0]["measures"][0]

    assert [figure["period"] for figure in measure["observations"]][:2] == ["2021/22", "2022/23"]
    assert (measure["baseline"], measure["targets"][0]["by"]) == ("2021/22", "2024/25")
    assert "2022/23" in kpi("export", "--format", "csv").out


def test_commands_and_changes_name_them_too(tmp_path: Path, kpi: Kpi) -> None:
    committed(one_measure(tmp_path, FIELDS, settings=BY_END))
    one_measure(tmp_path, FIELDS.replace("2022/23: 88", "2022/23: 89"), settings=BY_END)

    assert "FY23" in kpi("show", "calls").out
    assert "FY23: 88% → 89%" in kpi("diff", "HEAD").out
    assert "FY23" in kpi("show", "calls", "--history").out


def test_naming_years_otherwise_changes_nothing_else(tmp_path: Path, kpi: Kpi) -> None:
    committed(one_measure(tmp_path, FIELDS))
    one_measure(tmp_path, FIELDS, settings=BY_END)

    assert "year_names: none → FY24" in kpi("diff", "HEAD").out
    assert "1 smaller change" in kpi("diff", "HEAD").out.splitlines()[0]
    assert kpi_page_of(tmp_path).count("FY23") > 1


def test_two_years_of_one_printed_name_both_stand_in_the_table(tmp_path: Path) -> None:
    """FY24 is 2023/24, and 1923/24 too."""
    fields = "unit: count\nbetter: higher\nkind: average\nobservations: {1923/24: 3, 2022/23: 5, 2023/24: 7}"

    assert (
        "| Calls | 3; 7 | 5 |"
        in scorecard(one_measure(tmp_path, fields, settings=BY_END))[2]["kpis/calls.md"]
    )
