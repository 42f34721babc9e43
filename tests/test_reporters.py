"""How findings are told: nothing from a file or a name reaches the terminal as it is, and machines get what is promised."""

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given

from findings import TODAY, finding, quick, readable, reports, shows_nothing_hidden
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.lint.reporters import REPORTERS
from kpi.model.finding import Finding
from small import LOANS, SATISFACTION, edited, written


@quick
@given(reports())
def test_no_hidden_character_reaches_the_terminal_or_a_file(report: Report) -> None:
    for reporter in REPORTERS.values():
        assert shows_nothing_hidden(reporter(report))


@quick
@given(reports())
def test_concise_is_a_line_a_finding_and_a_summary(report: Report) -> None:
    lines = REPORTERS["concise"](report).split("\n")

    assert len(lines) == len(report.findings) + 2
    assert lines[-1] == ""


@quick
@given(reports(readable))
def test_json_can_be_read_and_tells_every_finding_in_full(report: Report) -> None:
    reported = REPORTERS["json"](report)
    read = json.loads(reported)

    assert reported.isascii()
    assert shows_nothing_hidden(reported)
    assert [Finding(**item) for item in read["findings"]] == list(report.findings)


def test_a_file_name_that_is_not_utf_8_can_stand_in_json() -> None:
    each = finding("kpis/people/caf\udce9.yaml", "m", "", None, 1, 1)
    reported = REPORTERS["json"](Report((each,), (), ("p",), (), {}))

    assert json.loads(reported)["findings"][0]["path"] == "kpis/people/caf?.yaml"


def test_json_has_the_promised_shape(tmp_path: Path) -> None:
    wrong = edited(SATISFACTION, "2023: 81", "2023: 810")
    document = json.loads(REPORTERS["json"](lint(written(tmp_path, satisfaction=wrong), TODAY)))

    assert document == {
        "version": 1,
        "findings": [
            {
                "code": "KPI502",
                "rule": "percent-range",
                "severity": "error",
                "path": "kpis/people/satisfaction.yaml",
                "line": 12,
                "column": 36,
                "end_line": 12,
                "end_column": 39,
                "message": document["findings"][0]["message"],
                "help": document["findings"][0]["help"],
                "replacement": None,
            }
        ],
        "summary": {
            "files": 8,
            "errors": 1,
            "warnings": 0,
            "ignored": 1,
            "older": 0,
            "left_out": 0,
            "unchecked": [],
        },
    }
    assert list(document) == ["version", "findings", "summary"]


def test_text_shows_the_line_marks_the_place_and_says_what_to_write(tmp_path: Path) -> None:
    wrong = edited(SATISFACTION, "2022: 75, 2023: 81", "2022-23: 75, 2023: 81")
    reported = REPORTERS["text"](lint(written(tmp_path, satisfaction=wrong), TODAY))
    head, frame, mark, *rest = reported.split("\n")

    assert head == "kpis/people/satisfaction.yaml:12:20: error period-format"
    assert frame == "  12 |     observations: {2022-23: 75, 2023: 81}"
    assert mark.index("^") == frame.index("2022-23")
    assert mark.count("^") == len("2022-23")
    assert any("2022/23" in line for line in rest)
    assert rest[-2] == "1 error to fix before merging. 8 files checked; 1 finding ignored with a reason."


def marked(source: str, column: int, end_column: int) -> str:
    """The part of the shown line that stands above the mark."""
    each = Finding("p", 1, column, 1, end_column, "KPI401", "period-format", "error", "m")
    _, frame, mark, *_ = REPORTERS["text"](Report((each,), (), ("p",), (), {"p": [source]})).split("\n")
    return frame[mark.index("^") : mark.rindex("^") + 1]


@pytest.mark.parametrize(
    ("source", "column", "end_column", "expected"),
    [
        ("key: value", 6, 11, "value"),
        ("key: value", 1, 4, "key"),
        ("a" * 300 + "HERE" + "b" * 300, 301, 305, "HERE"),
        ("HERE" + "b" * 300, 1, 5, "HERE"),
        ("a" * 119 + "HERE", 120, 124, "HERE"),
        ("a\u200bb: HERE", 6, 10, "HERE"),
        ("\tHERE", 2, 6, "HERE"),
    ],
)
def test_the_mark_stands_under_its_place_in_lines_of_any_length(
    source: str, column: int, end_column: int, expected: str
) -> None:
    assert marked(source, column, end_column) == expected


def test_an_empty_place_has_one_mark() -> None:
    each = Finding("p", 1, 5, 1, 5, "KPI401", "period-format", "error", "m")
    _, frame, mark, *_ = REPORTERS["text"](Report((each,), (), ("p",), (), {"p": ["key:"]})).split("\n")

    assert mark.count("^") == 1
    assert mark.index("^") == len(frame)


def test_a_finding_without_a_line_to_show_is_told_without_one() -> None:
    each = Finding("p", 1, 1, 1, 1, "KPI401", "period-format", "warning", "The message.", "Help.", "instead")
    reported = REPORTERS["text"](Report((each,), (), ("p",), (), {}))

    assert reported == (
        "p:1:1: warning period-format\n  The message.\n  Help.\n  Write instead: instead\n"
        "  More: kpi explain period-format\n\n"
        "1 fix is available but uncertain: kpi lint --unsafe-fixes (--diff shows it first)\n"
        "1 warning to look at. 1 file checked.\n"
    )


@pytest.mark.parametrize(("errors", "warnings", "expected"), [
    (0, 0, "Nothing to fix. 3 files checked."),
    (1, 0, "1 error to fix before merging. 3 files checked."),
    (2, 1, "2 errors to fix before merging, 1 warning to look at. 3 files checked."),
    (0, 1200, "1,200 warnings to look at. 3 files checked."),
])  # fmt: skip
def test_the_summary_says_where_one_stands(errors: int, warnings: int, expected: str) -> None:
    error = Finding("p", 1, 1, 1, 1, "KPI401", "period-format", "error", "m")
    actual = (error,) * errors + (error._replace(severity="warning"),) * warnings
    reported = REPORTERS["concise"](Report(actual, (), ("p", "q", "r"), (), {}))

    assert reported.split("\n")[-2] == expected


def test_what_was_not_checked_stands_before_the_summary() -> None:
    report = Report((), (), ("p",), ("The plan was not checked.",), {})

    for name in ("text", "concise"):
        assert REPORTERS[name](report) == "The plan was not checked.\nNothing to fix. 1 file checked.\n"
    assert json.loads(REPORTERS["json"](report))["summary"]["unchecked"] == ["The plan was not checked."]


NAMES = [
    "a\nb.yaml",
    "::error::x.yaml",
    "\x1b[31m.yaml",
    "\u202egpj.yaml",
    "a,line=9.yaml",
    "a:1:1: b.yaml",
    "é.yaml",
    "%0A.yaml",
]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_an_odd_file_name_forges_no_line(name: str, tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / "kpis/people" / name).write_text("x", encoding="utf-8")
    report = lint(root, TODAY)

    assert [item.rule for item in report.findings] == ["odd-path"]
    for form in ("text", "concise"):
        reported = REPORTERS[form](report)
        assert shows_nothing_hidden(reported)
        assert not re.search(r"^\s*::", reported, re.MULTILINE)
        assert reported.count("\n") == {"text": 6, "concise": 2}[form]


CONTENT = [
    '"a\\n::error::x"',
    '"\\e[31mred"',
    '"\\u202e"',
    "|\n  ::error::x\n  y",
    '"\\0"',
    '"%0A::error::x"',
    '"\\x9b31m"',
]


@pytest.mark.parametrize("value", CONTENT)
def test_odd_content_forges_no_line(value: str, tmp_path: Path) -> None:
    root = written(tmp_path, loans=edited(LOANS, "aim: increase", f"aim: {value}"))
    report = lint(root, TODAY)

    assert report.findings
    for form in ("text", "concise"):
        reported = REPORTERS[form](report)
        assert shows_nothing_hidden(reported)
        assert not re.search(r"^\s*::", reported, re.MULTILINE)
