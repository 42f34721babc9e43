"""The bound that decided is the bound that is printed, wherever a target is: from the file to the page's words."""

import json
from pathlib import Path

import pytest

from one_measure import fact, one_measure, pages_of
from repositories import committed
from running import Kpi

GAINED = """
unit: count
better: higher
kind: {kind}
targets:
  - {{{bound}, source: plan, {by}trajectory: {{{way}}}}}
observations:
  {observations}
"""
DAY = "2023-02-15"
"""The target is not due yet."""
Q3 = "2022/23 Q3 (October to December 2022)"
Q4 = "2022/23 Q4 (January to March 2023)"
WAY = f"at least 440 by {Q3}, on the way to 500 by {Q4}"


def gained(
    observations: str = "2022/23 Q2: 420; 2022/23 Q3: 431",
    *,
    way: str = "2022/23 Q3: 440",
    by: str = "by: 2022/23 Q4, ",
    bound: str = "at_least: 500",
    kind: str = "snapshot",
) -> str:
    return GAINED.format(
        observations=observations.replace("; ", "\n  "), way=way, by=by, bound=bound, kind=kind
    )


def test_a_missed_way_point_is_told_with_its_own_bound_and_gap_on_every_page(tmp_path: Path) -> None:
    pages = pages_of(one_measure(tmp_path, date=DAY, fields=gained()))
    page = pages["kpis/calls.md"]

    assert fact(page, "Status").startswith("Behind")
    assert fact(page, "Target") == f"{WAY}"
    assert f"target: {WAY}; gap 9 (2.0% short)." in page
    assert WAY in pages["service.md"]
    assert f"\n{WAY}\n" in pages["README.md"]
    assert f"target: {WAY}; gap 9 (2.0%" in pages["breaches.md"]
    assert not any("of at least 500" in text or "target: at least 500" in text for text in pages.values())


def test_a_met_way_point_is_not_told_as_the_target(tmp_path: Path, kpi: Kpi) -> None:
    pages = pages_of(one_measure(tmp_path, date=DAY, fields=gained("2022/23 Q2: 420; 2022/23 Q3: 441")))

    assert fact(pages["kpis/calls.md"], "Status") == "Met 🟢"
    assert fact(pages["kpis/calls.md"], "Target") == WAY
    assert f"\n{WAY}\n" in pages["README.md"]
    assert f"Target: {WAY}: met" in kpi("show", "calls").out
    assert WAY in kpi("paper").out


def test_programs_are_told_the_bound_that_was_used(tmp_path: Path, kpi: Kpi) -> None:
    one_measure(tmp_path, date=DAY, fields=gained())
    breach = json.loads(kpi("breaches", "--format", "json").out)["breaches"][0]
    measure = json.loads(kpi("export", "--format", "json").out)["kpis"][0]["measures"][0]
    verdict = measure["judgement"]["verdicts"][0]

    for item in (breach, verdict):
        assert (item["bound"], item["bound_upper"], item["on_the_way"], item["gap"]) == (440, None, True, 9)
        assert item["target"] == WAY


def test_a_change_of_figures_names_the_way_point(tmp_path: Path, kpi: Kpi) -> None:
    committed(one_measure(tmp_path, date=DAY, fields=gained("2022/23 Q2: 420")))
    one_measure(tmp_path, date=DAY, fields=gained())
    output = kpi("diff", "HEAD").out

    assert f"Not due → behind: 431 (end of 2022/23 Q3, October to December 2022), {WAY}" in output


def test_a_change_of_the_way_is_told_with_its_points(tmp_path: Path, kpi: Kpi) -> None:
    committed(one_measure(tmp_path, date=DAY, fields=gained()))
    one_measure(tmp_path, date=DAY, fields=gained(way="2022/23 Q3: 430"))

    assert (
        f"Looser: at least 500, by {Q4}, on the way 440 by {Q3} (The plan) → at least 500, by {Q4}, on the way 430 by {Q3} (The plan)"
        in kpi("diff", "HEAD").out
    )


def test_a_figure_that_is_recorded_is_set_against_its_way_point(tmp_path: Path, kpi: Kpi) -> None:
    one_measure(tmp_path, date=DAY, fields=gained("2022/23 Q2: 420"))
    assert f"against {WAY}" in kpi("record", "calls", "2022/23 Q3", "431").out


def test_the_table_of_figures_has_each_period_s_bound_where_they_differ(tmp_path: Path) -> None:
    way = "2022/23 Q1: 400, 2022/23 Q2: 420, 2022/23 Q3: 440"
    fields = gained("2022/23 Q1: 401; 2022/23 Q2: 410; 2022/23 Q3: 431; 2022/23 Q4: 470", way=way)
    page = pages_of(one_measure(tmp_path, date=DAY, fields=fields))["kpis/calls.md"].replace("\n", "|")

    assert "|Bound then|Target then|" in page
    assert "at least 500|Missed by 30|" in page
    assert "at least 440|Behind, gap 9|" in page
    assert "at least 420|Behind, gap 10|" in page
    assert "at least 400|Met|" in page


def test_the_table_has_no_such_column_where_one_bound_holds_for_all(tmp_path: Path) -> None:
    fields = gained("2022/23 Q3: 431; 2022/23 Q4: 470").replace(", trajectory: {2022/23 Q3: 440}", "")
    assert "Bound then" not in pages_of(one_measure(tmp_path, date=DAY, fields=fields))["kpis/calls.md"]


def test_the_order_of_missed_targets_is_that_of_the_bounds_that_decided(tmp_path: Path) -> None:
    """28 of 30 on the way to 100 is nearer than 40 of 50."""
    fields = "\n".join(
        f"{name}:\n  unit: count\n  better: higher\n  targets:\n    - {{at_least: {bound}, source: plan{way}}}\n  observations:\n    2022/23: {value}"
        for name, bound, way, value in (("far", 50, "", 40), ("near", 100, ", by: 2024/25, trajectory: {2022/23: 30}", 28))
    )  # fmt: skip
    root = one_measure(tmp_path, date=DAY, fields="unit: count")
    path = root / "kpis/service/calls.yaml"
    head = path.read_text(encoding="utf-8").partition("  calls:")[0]
    path.write_text(head + "".join(f"  {line}\n" for line in fields.split("\n")), encoding="utf-8")
    page = pages_of(root)["breaches.md"]

    assert page.index("gap 10 (20%") < page.index("gap 2 (6.7%")


@pytest.mark.parametrize(
    ("fields", "reported"),
    [
        pytest.param(gained(by=""), f"at least 440 by {Q3}, on the way to 500", id="without-a-date"),
        pytest.param(gained("2022/23 Q3: 431; 2022/23 Q4: 470", way="2022/23 Q3: 440, 2022/23 Q4: 500"), f"at least 500, by {Q4}", id="the-last-point-is-the-target"),
        pytest.param(gained("2022/23 Q1: 400; 2022/23 Q3: 431", bound="at_least: {period: 2022/23 Q1, change: +25%}"), f"at least 440 by {Q3}, on the way to the figure for 2022/23 Q1 (April to June 2022) plus 25% by {Q4}", id="a-target-from-the-series"),
        pytest.param(gained(bound="label: Growth, at_least: 500"), f"Growth: {WAY}", id="with-a-label"),
        pytest.param(gained("2022/23 Q3: 431", bound="at_least: 1500, over: 12 months", kind="total"), f"at least 440 by {Q3}, on the way to 1,500 over 12 months by {Q4}", id="a-total-over-a-year"),
    ],
)  # fmt: skip
def test_a_way_point_is_told_with_what_it_leads_to(tmp_path: Path, fields: str, reported: str) -> None:
    page = pages_of(one_measure(tmp_path, date=DAY, fields=fields))["kpis/calls.md"]
    assert fact(page, "Target") == reported


def test_figure_bound_and_gap_agree_where_the_bound_was_worked_out(tmp_path: Path, kpi: Kpi) -> None:
    fields = """
        unit: count
        better: lower
        targets: [{at_most: {period: previous, change: -5%}, source: plan}]
        observations: {2021/22: 190, 2022/23: 185}
    """
    one_measure(tmp_path, fields, date="2023-09-30")  # 95% of 190 are 180.5

    assert "at most 181, the earlier figure (2021/22) less 5%: not met; gap 4" in kpi("show", "calls").out
    reported = json.loads(kpi("breaches", "--format", "json").out)["breaches"][0]
    assert (reported["bound"], reported["gap"]) == (180.5, 4.5)
