"""What lint tells a workflow: annotations that are exactly its findings, and a log in which nothing else is a command."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings import TODAY, finding, quick, reports
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.lint.reporters import Workflow, text
from kpi.lint.reporters.github import MOST_ANNOTATIONS, github
from kpi.model.finding import Finding
from kpi.model.text import display
from runner import Command, commands
from small import SATISFACTION, edited, written

PAUSE = Workflow(pause="7c1f0e")
FRAME = ["group", "stop-commands", "endgroup"]


def report(*actual: Finding, changed: frozenset[Finding] = frozenset()) -> Report:
    return Report(actual, (), ("kpis/plan.yaml",), (), {}, changed)


def annotations(reported: str) -> list[Command]:
    return [command for command in commands(reported) if command.name in {"error", "warning"}]


def expected(each: Finding) -> str:
    """What an annotation says."""
    lines = [display(each.message, 2000)]
    if each.help:
        lines.append(display(each.help, 2000))
    if each.replacement and each.replacement not in each.help:
        lines.append(f"Write instead: {display(each.replacement, 400)}")
    return "\n".join(lines)


@quick
@given(reports(), st.sampled_from([Workflow(), PAUSE, Workflow(pause="7c1f0e", folder="a,b/c:d/")]))
def test_only_our_commands_are_commands_and_they_say_what_was_found(
    report: Report, workflow: Workflow
) -> None:
    actual = commands(github(report, workflow))
    ours = actual[: len(report.findings)]

    assert [item.name for item in actual[len(ours) :]] == (FRAME if workflow.pause else [])
    assert sorted((our.name, our.data, our.properties["file"]) for our in ours) == sorted(
        (item.severity, expected(item), workflow.folder + display(item.path, 4000))
        for item in report.findings
    )
    assert all(
        set(our.properties) == {"file", "line", "endLine", "col", "endColumn", "title"} for our in ours
    )


@quick
@given(reports())
def test_the_log_has_the_whole_text_after_the_annotations(report: Report) -> None:
    lines = github(report, PAUSE).split("\n")
    start = lines.index("::stop-commands::7c1f0e")

    assert "\n".join(lines[start + 1 :]) == f"{text(report)}::7c1f0e::\n::endgroup::\n"


def test_an_annotation_stands_at_its_place(tmp_path: Path) -> None:
    wrong = edited(SATISFACTION, "2023: 81", "2023: 81%")
    reported = github(lint(written(tmp_path, satisfaction=wrong), TODAY), Workflow(folder="scorecard/"))

    assert reported.split("\n")[0] == (
        "::error file=scorecard/kpis/people/satisfaction.yaml,line=12,endLine=12,col=36,endColumn=39,title=not-a-number::"
        '"81%25" has a %25 sign in it. The unit belongs in "unit:", once.%0AWrite 81.'
    )


def test_a_finding_over_several_lines_has_no_columns() -> None:
    (each,) = annotations(github(report(finding("p", "m", "", None, 3, 5)._replace(end_line=6))))

    assert each.properties == {"file": "p", "line": "3", "title": "period-format"}


def many(severity: str, number: int) -> list[Finding]:
    return [
        finding("p", f"{severity} {n}", "", None, n, 1)._replace(severity=severity) for n in range(number)
    ]


@pytest.mark.parametrize(
    ("errors", "warnings", "more"),
    [
        (MOST_ANNOTATIONS, MOST_ANNOTATIONS, []),
        (MOST_ANNOTATIONS + 1, 0, ["And 1 more error: see the summary."]),
        (
            1200,
            MOST_ANNOTATIONS + 2,
            ["And 1,191 more errors: see the summary.", "And 2 more warnings: see the summary."],
        ),
    ],
)
def test_what_github_would_drop_is_counted(errors: int, warnings: int, more: list[str]) -> None:
    reported = annotations(github(report(*many("error", errors), *many("warning", warnings))))

    assert [
        item.data for item in reported if "title" in item.properties and "file" not in item.properties
    ] == more
    for level in ("error", "warning"):
        assert sum(item.name == level for item in reported) <= 10
    assert [item.data for item in reported if item.name == "error"][:MOST_ANNOTATIONS] == [
        f"error {n}" for n in range(MOST_ANNOTATIONS)
    ]


def test_errors_come_before_warnings_and_of_each_those_on_changed_lines() -> None:
    errors, warnings = many("error", 20), many("warning", 20)
    changed = frozenset({errors[17], errors[19], warnings[15]})
    reported = annotations(github(report(*warnings, *errors, changed=changed)))

    assert [item.data for item in reported][:4] == ["error 17", "error 19", "error 0", "error 1"]
    assert [item.data for item in reported][10:12] == ["warning 15", "warning 0"]
    assert [reported[number].properties["title"] for number in (9, 19)] == ["kpi lint", "kpi lint"]
    assert len(reported) == 20


def test_nothing_to_mend_is_told_in_the_log_only() -> None:
    assert github(report(), PAUSE) == (
        "::group::All findings\n::stop-commands::7c1f0e\nNothing to fix. 1 file checked.\n::7c1f0e::\n::endgroup::\n"
    )
    assert commands(github(report())) == []
