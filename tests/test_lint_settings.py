"""The plan says how severe each rule is, except for those that are required."""

from datetime import date
from pathlib import Path

import pytest

from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.rules import RULES
from kpi.rules.rule import Rule
from small import HOURS, PLAN, edited, written

TODAY = date(2024, 6, 1)


def with_lint(settings: str) -> str:
    return f"{PLAN}lint: {settings}\n"


def severity(report: Report, rule: str) -> set[str]:
    return {finding.severity for finding in report.findings if finding.rule == rule}


WITHOUT_SOURCE = edited(HOURS, "tolerance: 5%, source: library-plan", "tolerance: 5%")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("{stale: 'off'}", {"warning"}),
        ("{target-source: error}", {"error"}),
        ("{kpi604: error}", {"error"}),
        ("{target-source: warning}", {"warning"}),
        ("{target-source: 'off'}", set()),
    ],
)
def test_the_plan_says_how_severe_a_rule_is(settings: str, expected: set[str], tmp_path: Path) -> None:
    report = lint(written(tmp_path, plan=with_lint(settings), opening_hours=WITHOUT_SOURCE), TODAY)

    assert severity(report, "target-source") == expected


def test_what_the_plan_holds_less_strictly_is_said(tmp_path: Path) -> None:
    settings = "{target-source: 'off', percent-range: warning, period-gap: error}"
    report = lint(written(tmp_path, plan=with_lint(settings)), TODAY)

    assert report.findings == ()
    assert report.unchecked == (
        "Held less strictly, because kpis/plan.yaml says so: percent-range (warning), target-source (off).",
    )


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.required], ids=lambda rule: rule.name)
def test_a_required_rule_stays_an_error_whatever_the_plan_says(rule: Rule, tmp_path: Path) -> None:
    name = rule.name
    report = lint(written(tmp_path, plan=with_lint(f"{{{name}: 'off'}}"), visits="a: [\n"), TODAY)

    assert f'The rule "{name}" always stays an error, whatever the plan says.' in [
        finding.message for finding in report.findings
    ]
    assert severity(report, "yaml-syntax") == {"error"}


def test_a_required_rule_that_is_set_to_what_it_is_anyway_is_no_mistake(tmp_path: Path) -> None:
    assert lint(written(tmp_path, plan=with_lint("{yaml-syntax: error}")), TODAY).findings == ()


def test_a_rule_name_that_there_is_not_is_told_with_the_nearest(tmp_path: Path) -> None:
    (actual,) = lint(written(tmp_path, plan=with_lint("{target-sauce: 'off'}")), TODAY).findings

    assert (actual.rule, actual.severity, actual.line, actual.column) == ("rule-setting", "error", 35, 8)
    assert actual.help == 'Did you mean "target-source"?'
    assert actual.replacement == "target-source"
