"""What lint writes for code scanning: SARIF as its published schema has it, within GitHub's limits."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings import TODAY, finding, quick, reports, shows_nothing_hidden
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.lint.reporters import NO_WORKFLOW, Workflow, github
from kpi.lint.reporters.github import fingerprints, sarif
from kpi.manual.answer import address_of
from kpi.rules import RULES, page_of
from small import SATISFACTION, edited, written

ON_GITHUB = Workflow(
    "https://github.example", "town/kpis", "0123abc", "main", folder="scorecard/", has_manual=True
)
WRONG = edited(SATISFACTION, "2023: 81", "2023: 81%")


@cache
def validator() -> Any:
    path = Path(__file__).parent / "sarif" / "sarif-schema-2.1.0.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    return jsonschema.Draft4Validator(known, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def run_of(text: str) -> dict[str, Any]:
    (run,) = json.loads(text)["runs"]
    assert isinstance(run, dict)
    return run


@quick
@given(reports(), st.sampled_from([NO_WORKFLOW, ON_GITHUB]))
def test_it_is_what_the_published_schema_asks_for(report: Report, workflow: Workflow) -> None:
    reported = sarif(report, workflow)

    assert [error.message for error in validator().iter_errors(json.loads(reported))] == []
    assert reported.isascii()


def test_the_schema_can_say_no() -> None:
    log = json.loads(sarif(Report((finding("p", "m", "", None, 1, 1),), (), ("p",), (), {})))
    log["runs"][0]["results"][0]["message"] = "m"

    assert not validator().is_valid(log)


@quick
@given(reports())
def test_every_finding_is_told_with_its_words_and_its_place(report: Report) -> None:
    results = run_of(sarif(report, ON_GITHUB))["results"]

    assert len(results) == len(report.findings)
    for result, each in zip(results, report.findings, strict=True):
        (location,) = result["locations"]
        place = location["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~/%-]*", uri, re.ASCII)
        assert unquote(uri) == "scorecard/" + each.path.encode(errors="replace").decode()
        assert place["region"] == {
            "startLine": each.line,
            "startColumn": each.column,
            "endColumn": each.end_column,
        }
        assert (result["ruleId"], result["level"]) == (each.rule, each.severity)
        assert RULES[result["ruleIndex"]].name == each.rule
        words = result["message"]["text"]
        assert words
        assert shows_nothing_hidden(words)
        assert not re.search(r"(?<!\\)\]\(", words)


@quick
@given(reports())
def test_fingerprints_are_unique(report: Report) -> None:
    assert len(set(fingerprints(report))) == len(report.findings)


def test_equal_findings_on_equal_lines_have_fingerprints_of_their_own() -> None:
    results = [finding("p", "m", "", None, line, 3) for line in (1, 2, 2)]
    marks = fingerprints(Report(tuple(results), (), ("p",), (), {"p": ["same", "same"]}))

    assert len(set(marks)) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Satisfaction\n", "# A comment.\n\ntitle: Satisfaction\n"),
        ("sources: [return]\n", "sources: [return]\nowner: head\n"),
        ("    observations: {2022: 75, 2023: 81%}", "    observations:  {2022: 75,  2023: 81%}"),
    ],
)
def test_a_fingerprint_stays_where_other_lines_and_spaces_change(old: str, new: str, tmp_path: Path) -> None:
    before = lint(written(tmp_path / "before", satisfaction=WRONG), TODAY)
    now = lint(written(tmp_path / "now", satisfaction=edited(WRONG, old, new)), TODAY)

    assert set(fingerprints(before)) <= set(fingerprints(now))  # spaces may be against the standard form
    assert fingerprints(before) != []


@pytest.mark.parametrize(
    ("line", "end_line", "region"),
    [
        (3, 3, {"startLine": 3, "startColumn": 5, "endColumn": 8}),
        (3, 9, {"startLine": 3, "startColumn": 5}),
    ],
)
def test_a_place_is_on_one_line(line: int, end_line: int, region: dict[str, int]) -> None:
    each = finding("p", "m", "", None, line, 5)._replace(end_line=end_line)
    (result,) = run_of(sarif(Report((each,), (), ("p",), (), {})))["results"]

    assert result["locations"][0]["physicalLocation"]["region"] == region


def test_every_rule_is_described_and_has_its_page() -> None:
    empty = Report((), (), ("p",), (), {})
    driver = run_of(sarif(empty, ON_GITHUB))["tool"]["driver"]

    assert [rule["id"] for rule in driver["rules"]] == [rule.name for rule in RULES]
    for reported, rule in zip(driver["rules"], RULES, strict=True):
        level = {"enabled": False} if rule.severity == "off" else {"level": rule.severity}
        assert reported["defaultConfiguration"] == level
        assert reported["shortDescription"]["text"]
        assert reported["help"]["text"].endswith(f"More: kpi explain {rule.name}")
        assert (
            reported["helpUri"]
            == f"https://github.example/town/kpis/blob/0123abc/scorecard/docs/rules/{rule.name}.md"
        )
    elsewhere = run_of(sarif(empty, ON_GITHUB._replace(has_manual=False)))["tool"]["driver"]["rules"]
    assert [rule["helpUri"] for rule in elsewhere] == [address_of(page_of(rule.name)) for rule in RULES]
    assert run_of(sarif(empty))["tool"]["driver"]["rules"] == elsewhere


def test_github_s_limits_are_kept_and_errors_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert github.MOST_RESULTS == 25_000
    monkeypatch.setattr(github, "MOST_RESULTS", 250)
    warning = finding("p", "m", "", None, 1, 1)._replace(severity="warning")
    actual = (warning,) * 250 + (warning._replace(severity="error", line=2),) * 5
    run = run_of(sarif(Report(actual, (), ("p",), ("Not checked.",), {})))
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]

    assert len(run["results"]) == 250
    assert [item["level"] for item in run["results"][:6]] == ["error"] * 5 + ["warning"]
    assert notes == ["Not checked.", "5 findings had no room here."]
