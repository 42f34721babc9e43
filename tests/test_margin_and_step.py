"""A margin of error and a change of level: told on pages and in changes, and never put on published figures without a word."""

from datetime import date
from pathlib import Path

import pytest

from kpi.lint.engine import lint
from one_measure import fact, kpi_page_of, one_measure
from repositories import committed
from running import Kpi

BEFORE = """\
unit: percent
better: higher
note: From the survey.
observations:
  2021/22: 84
  2022/23: 88
  2023/24: 80
"""


def lines_of(kpi: Kpi) -> list[str]:
    """The rule and the place of each error that a change has to answer for."""
    output = kpi("lint", "--changed-since", "HEAD", "--format", "concise").out
    return [line for line in output.splitlines() if "mark-without-note" in line]


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        (BEFORE.replace("2022/23: 88", "2022/23: {value: 88, margin: 3}"), 1),
        (BEFORE.replace("2022/23: 88", "2022/23:\n    value: 88\n    margin: 3\n    note: The survey prints it now."), 0),
        (BEFORE.replace("better:", "margin: 3\nbetter:"), 1),
        (BEFORE.replace("better:", "margin: 3\nbetter:").replace("survey.", "survey, with its margin."), 0),
        (BEFORE + "  2024/25: {value: 84, margin: 3}\n", 0),
        (BEFORE.replace("better:", "step: {2022/23: Two teams were merged.}\nbetter:"), 0),
    ],
    ids=["bare", "explained", "of the measure", "of the measure, explained", "on a new figure", "a step has its reason"],
)  # fmt: skip
def test_a_margin_on_published_figures_needs_a_note(
    changed: str, count: int, tmp_path: Path, kpi: Kpi
) -> None:
    committed(one_measure(tmp_path, BEFORE))
    one_measure(tmp_path, changed)

    assert len(lines_of(kpi)) == count


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (BEFORE.replace("better:", "margin: 3\nbetter:"), "margin: none → 3"),
        (BEFORE.replace("2022/23: 88", "2022/23: {value: 88, margin: 3}"), "2022/23: margin 3"),
        (
            BEFORE.replace("better:", "step: {2022/23: Two teams were merged.}\nbetter:"),
            'step: none → "2022-04-01 to 2023-03-31: Two teams were merged."',
        ),
    ],
    ids=["margin", "margin of a figure", "step"],
)
def test_a_change_tells_them_beside_moved_goalposts(
    changed: str, said: str, tmp_path: Path, kpi: Kpi
) -> None:
    committed(one_measure(tmp_path, BEFORE))
    one_measure(tmp_path, changed)

    goalposts = kpi("diff", "HEAD").out.partition("Moved goalposts\n")[2].partition("\n\n")[0]

    assert said in goalposts


def test_pages_tell_a_margin_and_why_the_level_changed(tmp_path: Path) -> None:
    fields = """\
unit: percent
better: higher
margin: 2.5
step: {2022/23: Two teams were merged.}
observations:
  2021/22: {value: 84, margin: 3}
  2022/23: 88
"""
    page = kpi_page_of(one_measure(tmp_path, fields))

    assert (
        fact(page, "Margin of error")
        == "give or take 2.5 percentage points, where a figure has none of its own"
    )
    assert "Give or take 3 percentage points" in page
    assert "A new level from here on: Two teams were merged" in page
    assert "up 4 percentage points" in fact(page, "Trend")  # a step leaves figures comparable


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ("step: {2019/20: Merged.}", "step-period"),
        ("step: {2021/22: Merged.}", "step-period"),
        ("step: {2022/23: Merged.}", ""),
        ("step: {2022/23: }", "missing-field"),
        ("step: 2022/23", "wrong-kind"),
        ("margin: 0", "margin-range"),
        ("margin: 60", "margin-range"),
        ("margin: 2%", "not-a-number"),
        ("margin: 2.4", ""),
    ],
)  # fmt: skip
def test_wrong_use_is_told(fields: str, rule: str, tmp_path: Path) -> None:
    root = one_measure(tmp_path, f"{BEFORE}{fields}\n")

    assert [finding.rule for finding in lint(root, date(2024, 10, 1)).findings] == ([rule] if rule else [])


def test_a_margin_goes_out_and_comes_back(tmp_path: Path, kpi: Kpi) -> None:
    root = one_measure(
        tmp_path, "unit: duration\nbetter: lower\nobservations:\n  2022/23: {value: 2m18s, margin: 10s}\n"
    )
    file = root / "kpis/service/calls.yaml"
    was = file.read_text(encoding="utf-8")
    table = kpi("export", "--format", "csv").out
    (tmp_path / "out.csv").write_text(table, encoding="utf-8")

    assert kpi("import", "out.csv").code == 0
    assert file.read_text(encoding="utf-8") == was

    (tmp_path / "out.csv").write_text(table.rstrip("\n").removesuffix(",10") + ",12\n", encoding="utf-8")
    assert kpi("import", "out.csv", "--replace").code == 0
    assert "margin: 12s" in file.read_text(encoding="utf-8")
