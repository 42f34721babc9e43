"""What an organisation calls a KPI: its code, short names for lists and pictures, and the plan's own words."""

from datetime import date
from pathlib import Path

import pytest

from kpi.lint.engine import lint
from kpi.store.repository import load
from one_measure import kpi_page_of, one_measure, pages_of
from running import Kpi
from small import scorecard

FIELDS = """\
title: Calls that were answered within ten seconds
short: Within ten seconds
unit: percent
better: higher
targets: [{at_least: 90, source: plan}]
observations:
  2021/22: 85
  2022/23: 88
"""


def named(root: Path, lines: str = "code: CS02a\nstatement: We will answer calls in time.\n") -> Path:
    """The repository with more lines in the KPI's file."""
    file = one_measure(root, FIELDS) / "kpis/service/calls.yaml"
    file.write_text(lines + file.read_text(encoding="utf-8"), encoding="utf-8")
    return root


def test_a_code_stands_before_the_title_wherever_the_kpi_is_named(tmp_path: Path, kpi: Kpi) -> None:
    pages = pages_of(named(tmp_path))

    assert pages["kpis/calls.md"].startswith("CS02a Calls")
    assert all("CS02a Calls" in pages[name] for name in ("service.md", "kpis/calls.md"))
    assert "CS02a Calls" in kpi("list").out
    assert "CS02a Calls" in kpi("list", "--overdue", "--as-of", "2030-01-01").out + kpi("paper").out


@pytest.mark.parametrize("name", ["CS02a", "cs02A", "cs 02a", "calls", "CS02a/calls", "service/calls"])
def test_a_kpi_is_found_by_its_code(name: str, tmp_path: Path, kpi: Kpi) -> None:
    named(tmp_path)

    assert kpi("show", name).out.startswith("CS02a Calls")


def test_an_import_takes_the_code_for_the_kpi(tmp_path: Path, kpi: Kpi) -> None:
    root = named(tmp_path)
    (tmp_path / "in.csv").write_text(
        "kpi,period,value\nCS02A,2023/24,91\nCS02a/calls,2024/25,92\n", encoding="utf-8"
    )

    assert kpi("import", "in.csv", "--dry-run").code == 0
    assert kpi("import", "in.csv").code == 0
    (item,) = load(root).kpis
    assert [str(figure.value) for figure in item.measures[0].observations] == ["85", "88", "91", "92"]


def test_a_short_name_stands_in_lists_and_pictures_and_the_title_on_the_page(tmp_path: Path) -> None:
    root = named(tmp_path)
    _, _, written = scorecard(root)

    assert "Within ten seconds" in written["README.md"]
    assert "CS02a Calls: Within ten seconds" in "".join(
        text for name, text in written.items() if name.endswith(".svg")
    )
    assert "| Calls that were answered within ten seconds |" in written["kpis/calls.md"]


def test_the_plan_s_own_words_are_printed_as_a_quotation(tmp_path: Path, kpi: Kpi) -> None:
    _, _, written = scorecard(named(tmp_path))

    assert "\n> We will answer calls in time.\n" in written["kpis/calls.md"]
    assert '"We will answer calls in time."' in kpi("show", "calls").out
    assert "We will answer calls in time." in kpi_page_of(tmp_path)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("code: CS02a and more\n", "Write a short code of letters and digits, such as CS02a."),
        ("code: 4.1\n", 'Put it in quotes: "4.1"'),
        ("code: 12\n", 'Put it in quotes: "12"'),
        ('code: "4.1"\n', ""),
    ],
)
def test_what_can_t_be_a_code_is_told(lines: str, message: str, tmp_path: Path) -> None:
    helps = [finding.help for finding in lint(named(tmp_path, lines), date(2023, 5, 1)).findings]

    assert helps == ([message] if message else [])


def test_a_short_name_that_is_too_long_is_told_how_long_it_may_be(tmp_path: Path) -> None:
    fields = FIELDS.replace("Within ten seconds", "Within ten seconds of the call")
    (actual,) = lint(one_measure(tmp_path, fields), date(2023, 5, 1)).findings

    assert (actual.rule, actual.line) == ("wrong-value-form", 7)
    assert actual.message == '"Within ten seconds of the call" can\'t be in "short".'
    assert actual.help == "Write at most 28 letters on one line."
