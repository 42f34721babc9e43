"""Ignore comments: what they hide, and what is said of those that hide nothing or are written wrongly."""

from datetime import date
from pathlib import Path

import pytest

from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.rules import RULES
from small import PLAN, SATISFACTION, edited, written

TODAY = date(2024, 6, 1)
FIGURES = """\
    observations:
      2022: 75
      2023: 810{trailing}
  old:
"""


def satisfaction(above: str = "", trailing: str = "") -> str:
    """A file with one mistake, on line 14: a share of 810 per cent."""
    lines = f"    observations:\n      2022: 75\n{above}      2023: 810{trailing}\n  old:\n"
    return edited(SATISFACTION, "    observations: {2022: 75, 2023: 81}\n  old:\n", lines)


def report_on(tmp_path: Path, text: str, plan: str = PLAN) -> Report:
    return lint(written(tmp_path, satisfaction=text, plan=plan), TODAY)


def lines(report: Report) -> list[str]:
    return [f"{finding.line} {finding.rule}" for finding in report.findings]


def test_the_mistake_is_told_where_there_is_no_comment(tmp_path: Path) -> None:
    assert lines(report_on(tmp_path, satisfaction())) == ["14 percent-range"]


@pytest.mark.parametrize(
    ("above", "trailing"),
    [
        ("", " # kpi: ignore[percent-range] printed so"),
        ("", "  #kpi:ignore [percent-range]   printed so"),
        ("", " # kpi: ignore[KPI502] printed so"),
        ("", " # kpi: ignore[kpi502] printed so"),
        ("", " # KPI: Ignore[Percent-Range] printed so"),
        ("      # kpi: ignore[percent-range] printed so\n", ""),
        ("      # kpi: ignore[percent-range] printed so\n      # another comment\n\n", ""),
        ("# kpi: ignore[percent-range] printed so\n", ""),
    ],
)
def test_a_comment_on_the_line_or_above_it_hides_the_finding_with_its_reason(
    above: str, trailing: str, tmp_path: Path
) -> None:
    report = report_on(tmp_path, satisfaction(above, trailing))

    assert [finding.rule for finding in report.findings if finding.rule != "not-formatted"] == []
    ((finding, comment),) = [
        finding for finding in report.hidden if finding[0].path.endswith("satisfaction.yaml")
    ]
    assert (finding.rule, comment.reason) == ("percent-range", "printed so")


def test_one_comment_hides_several_rules(tmp_path: Path) -> None:
    text = satisfaction("      # kpi: ignore[percent-range, future-period] a guess\n").replace(
        "2023: 810", "2025: 810"
    )
    report = report_on(tmp_path, text)

    assert lines(report) == []
    assert {finding.rule for finding, _ in report.hidden} == {"percent-range", "future-period", "check-fails"}


def test_two_comments_hide_a_rule_each(tmp_path: Path) -> None:
    text = satisfaction("      # kpi: ignore[future-period] a guess\n", " # kpi: ignore[percent-range] no")
    report = report_on(tmp_path, text.replace("2023: 810", "2025: 810"))

    assert lines(report) == []


def test_a_comment_hides_only_the_rule_it_names_and_only_on_its_line(tmp_path: Path) -> None:
    wrong = satisfaction(trailing=" # kpi: ignore[future-period] no").replace("2022: 75", "2022: 750")
    right = wrong.replace("future-period", "percent-range")

    assert lines(report_on(tmp_path, wrong)) == ["13 percent-range", "14 percent-range", "14 unused-ignore"]
    assert lines(report_on(tmp_path, right)) == ["13 percent-range"]


def test_what_looks_like_a_comment_inside_a_text_hides_nothing(tmp_path: Path) -> None:
    text = satisfaction() + 'note: "# kpi: ignore[percent-range] x"\n'
    report = report_on(tmp_path, text)

    assert lines(report) == ["14 percent-range"]


@pytest.mark.parametrize(
    ("comment", "message", "advice"),
    [
        ("kpi: ignore[percent-range]", "This ignore comment gives no reason.", "Say why: # kpi: ignore[percent-range] the reason"),
        ("kpi: ignore why not", "This ignore comment doesn't say which rule.", "Write: # kpi: ignore[rule-name] the reason"),
        ("kpi: ignore[] why", "This ignore comment doesn't say which rule.", "Write: # kpi: ignore[rule-name] the reason"),
        ("kpi: ignore", "This ignore comment doesn't say which rule.", "Write: # kpi: ignore[rule-name] the reason"),
        ("kpi: ignore[percent-rnage] x", '"percent-rnage" is not the name of a rule.', 'Did you mean "percent-range"?'),
        ("kpi: ignore[percent-range, zzz] x", '"zzz" is not the name of a rule.', "Use the rule's name as the messages give it."),
        ("kpi: ignore[KPI999] x", '"KPI999" is not the name of a rule.', 'Did you mean "KPI'),
    ],
)  # fmt: skip
def test_a_comment_that_is_written_wrongly_hides_nothing_and_is_an_error(
    comment: str, message: str, advice: str, tmp_path: Path
) -> None:
    report = report_on(tmp_path, satisfaction(trailing=f" # {comment}"))

    assert lines(report) == ["14 percent-range", "14 bad-ignore"]
    finding = report.findings[1]
    assert (finding.severity, finding.message) == ("error", message)
    assert finding.help.startswith(advice)


@pytest.mark.parametrize("rule", [rule.name for rule in RULES if rule.required])
def test_a_required_rule_is_not_hidden(rule: str, tmp_path: Path) -> None:
    report = report_on(tmp_path, satisfaction(trailing=f" # kpi: ignore[{rule}] because"))

    assert lines(report) == ["14 percent-range", "14 bad-ignore"]
    assert report.findings[1].message == f'"{rule}" can\'t be ignored.'


def test_a_comment_that_hides_nothing_any_more_is_a_warning(tmp_path: Path) -> None:
    text = satisfaction(trailing=" # kpi: ignore[percent-range] printed so").replace("810", "81")
    (finding,) = report_on(tmp_path, text).findings

    assert (finding.rule, finding.severity, finding.line) == ("unused-ignore", "warning", 14)
    assert (finding.column, finding.end_column) == (16, 55)
    assert finding.help == "Delete it."


def test_of_a_comment_for_two_rules_the_one_that_hides_nothing_is_named(tmp_path: Path) -> None:
    text = satisfaction(trailing=" # kpi: ignore[percent-range, period-order] printed so")
    (finding,) = report_on(tmp_path, text).findings

    assert finding.message == 'This "ignore[period-order]" no longer hides anything.'
    assert finding.help == "Take this rule's name out of it."


@pytest.mark.parametrize(("severity", "expected"), [("error", {"error"}), ("'off'", set())])
def test_the_plan_says_how_severe_an_unused_comment_is(
    severity: str, expected: set[str], tmp_path: Path
) -> None:
    text = satisfaction(trailing=" # kpi: ignore[percent-range] printed so").replace("810", "81")
    report = report_on(tmp_path, text, f"{PLAN}lint: {{unused-ignore: {severity}}}\n")

    assert {finding.severity for finding in report.findings} == expected


UNHELD = " # kpi: ignore[unknown-reference] they will be there soon"


@pytest.mark.parametrize(
    "plan",
    ["a: [\n", edited(PLAN, "\nsources:\n", "\nsorces:\n"), f"{PLAN}lint: {{unknown-reference: 'off'}}\n"],
    ids=["no plan", "half a plan", "switched off"],
)
def test_a_comment_for_a_rule_that_was_not_held_is_not_called_unused(plan: str, tmp_path: Path) -> None:
    text = edited(SATISFACTION, "better: higher\n", f"better: higher\nsources: [nobody]{UNHELD}\n")
    report = report_on(tmp_path, text, plan)

    assert [finding for finding in lines(report) if finding.endswith("ignore")] == []


def test_a_comment_in_a_file_of_which_nothing_can_be_used_is_not_called_unused(tmp_path: Path) -> None:
    report = report_on(tmp_path, "nothing: here # kpi: ignore[percent-range] printed so\n")

    assert "unused-ignore" not in {finding.rule for finding in report.findings}


def test_findings_between_files_can_be_ignored_too(tmp_path: Path) -> None:
    text = edited(
        SATISFACTION,
        "measures:\n",
        "also_shows: [loans/nothing] # kpi: ignore[unknown-reference] soon\nmeasures:\n",
    )
    report = report_on(tmp_path, text)

    assert lines(report) == []
    assert "unknown-reference" in {finding.rule for finding, _ in report.hidden}


def test_comments_work_in_a_file_with_windows_line_ends(tmp_path: Path) -> None:
    root = written(tmp_path)
    text = satisfaction("      # kpi: ignore[percent-range] printed so\n").replace("\n", "\r\n")
    (root / "kpis/people/satisfaction.yaml").write_bytes(text.encode())

    assert lines(lint(root, TODAY)) == []
