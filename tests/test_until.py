"""A target that was given up: it holds for its last period, and nothing after it is held against it."""

import json
from datetime import date
from pathlib import Path

import pytest

from kpi.lint.engine import lint
from one_measure import fact, kpi_page_of, one_measure
from repositories import committed
from running import Kpi

FIELDS = """\
unit: percent
better: higher
aim: increase
targets:
{targets}observations:
  2021/22: 85
  2022/23: 88
{more}"""
ENDING = "  - {at_least: 90, until: 2022/23, source: plan}\n"


def status(root: Path, targets: str = ENDING, more: str = "") -> str:
    return fact(kpi_page_of(one_measure(root, FIELDS.format(targets=targets, more=more))), "Status")


def test_the_last_period_is_judged_until_a_later_figure_is_known(tmp_path: Path) -> None:
    assert status(tmp_path).startswith("Not met")
    assert status(tmp_path, more="  2023-06: 91\n").startswith("Not met")  # a month says nothing of years
    assert status(tmp_path, more="  2023/24: {marks: [not-available]}\n").startswith("Not met")
    assert status(tmp_path, more="  2023/24: 91\n") == "No target now (ended 2022/23)"


def test_figures_keep_what_they_were_held_against_at_the_time(tmp_path: Path, kpi: Kpi) -> None:
    page = kpi_page_of(one_measure(tmp_path, FIELDS.format(targets=ENDING, more="  2023/24: 91\n")))

    assert "Not met, gap 2 percentage points" in page
    assert "target:" not in page
    assert "No target now (ended 2022/23)." in page
    measure = json.loads(kpi("export", "--format", "json").out)["kpis"][0]["measures"][0]
    assert measure["targets"][0]["until"] == "2022/23"
    assert (measure["judgement"]["state"], measure["judgement"]["breach"]) == ("no target", None)


def test_a_target_that_took_over_and_ended_does_not_bring_the_old_one_back(tmp_path: Path) -> None:
    targets = (
        "  - {at_least: 80, source: plan}\n  - {at_least: 90, from: 2022/23, until: 2022/23, source: plan}\n"
    )

    assert status(tmp_path, targets).startswith("Not met")
    assert status(tmp_path, targets, "  2023/24: 91\n") == "No target now (ended 2022/23)"


def test_a_target_beside_one_that_ended_is_judged(tmp_path: Path) -> None:
    targets = ENDING + "  - {at_least: 91, from: 2023/24, source: plan}\n"

    assert status(tmp_path, targets, "  2023/24: 91\n").startswith("Met")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("{at_least: 90, from: 2022/23, until: 2021/22, source: plan}", '"from: 2022/23", which is after "until: 2021/22"'),
        ("{at_least: 90, by: 2023/24, until: 2022/23, source: plan}", '"by: 2023/24", which is after "until: 2022/23"'),
        ("{at_least: 90, until: 2022/23, trajectory: {2023/24: 80}, source: plan}", 'comes after "until: 2022/23"'),
        ("{at_least: 90, until: 22/23, source: plan}", '"22/23" is not a period'),
        ("{at_least: 90, from: 2022/23, by: 2022/23, until: 2022/23, source: plan}", ""),
    ],
)  # fmt: skip
def test_wrong_use_is_told(target: str, message: str, tmp_path: Path) -> None:
    root = one_measure(tmp_path, FIELDS.format(targets=f"  - {target}\n", more=""))
    messages = [
        finding.message for finding in lint(root, date(2023, 10, 1)).findings if finding.severity == "error"
    ]

    assert [message in item for item in messages] == ([True] if message else [])


def test_ending_a_target_moves_the_goal_and_needs_a_source(tmp_path: Path, kpi: Kpi) -> None:
    text = FIELDS.format(targets=ENDING.replace(", until: 2022/23", ""), more="  2023/24: 80\n")
    committed(one_measure(tmp_path, text))
    one_measure(tmp_path, FIELDS.format(targets=ENDING, more="  2023/24: 80\n"))

    output = kpi("lint", "--changed-since", "HEAD").out
    assert 'The target was loosened from "at least 90%" to "at least 90%, until 2022/23"' in output
    assert (
        "Looser: at least 90% (The plan) → at least 90%, until 2022/23 (The plan)" in kpi("diff", "HEAD").out
    )
