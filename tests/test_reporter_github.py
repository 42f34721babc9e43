"""What lint tells a workflow: annotations that are exactly its findings, and a log in which nothing else is a command."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings import TODAY, finding, quick, reports
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.lint.reporters.github import MOST_ANNOTATIONS, github
from kpi.lint.reporters.text import text
from kpi.lint.reporters.workflow import Workflow
from kpi.model.finding import Finding
from kpi.model.text import display
from runner import Command, commands
from small import SATISFACTION, edited, written

PAUSE = Workflow(pause="7c1f0e")
FRAME = ["group", "stop-commands", "endgroup"]


def report(*found: Finding, changed: frozenset[Finding] = frozenset()) -> Report:
    return Report(found, (), ("kpis/plan.yaml",), (), {}, changed)


def annotations(told: str) -> list[Command]:
    return [one for one in commands(told) if one.name in {"error", "warning"}]


def expected(one: Finding) -> str:
    """What an annotation says."""
    lines = [display(one.message, 2000)]
    if one.help:
        lines.append(display(one.help, 2000))
    if one.replacement and one.replacement not in one.help:
        lines.append(f"Write instead: {display(one.replacement, 400)}")
    return "\n".join(lines)


@quick
@given(reports(), st.sampled_from([Workflow(), PAUSE, Workflow(pause="7c1f0e", folder="a,b/c:d/")]))
def test_only_our_commands_are_commands_and_they_say_what_was_found(
    report: Report, workflow: Workflow
) -> None:
    found = commands(github(report, workflow))
    ours = found[: len(report.findings)]

    assert [one.name for one in found[len(ours) :]] == (FRAME if workflow.pause else [])
    assert sorted((one.name, one.data, one.properties["file"]) for one in ours) == sorted(
        (one.severity, expected(one), workflow.folder + display(one.path, 4000)) for one in report.findings
    )
    assert all(
        set(one.properties) == {"file", "line", "endLine", "col", "endColumn", "title"} for one in ours
    )


@quick
@given(reports())
def test_the_log_has_the_whole_text_after_the_annotations(report: Report) -> None:
    lines = github(report, PAUSE).split("\n")
    start = lines.index("::stop-commands::7c1f0e")

    assert "\n".join(lines[start + 1 :]) == f"{text(report)}::7c1f0e::\n::endgroup::\n"


def test_an_annotation_stands_at_its_place(tmp_path: Path) -> None:
    wrong = edited(SATISFACTION, "2023: 81", "2023: 81%")
    told = github(lint(written(tmp_path, satisfaction=wrong), TODAY), Workflow(folder="scorecard/"))

    assert told.split("\n")[0] == (
        "::error file=scorecard/kpis/people/satisfaction.yaml,line=12,endLine=12,col=36,endColumn=39,title=not-a-number::"
        '"81%25" has a %25 sign in it. The unit belongs in "unit:", once.%0AWrite 81.'
    )


def test_a_finding_over_several_lines_has_no_columns() -> None:
    (one,) = annotations(github(report(finding("p", "m", "", None, 3, 5)._replace(end_line=6))))

    assert one.properties == {"file": "p", "line": "3", "title": "period-format"}


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
    told = annotations(github(report(*many("error", errors), *many("warning", warnings))))

    assert [one.data for one in told if "title" in one.properties and "file" not in one.properties] == more
    for level in ("error", "warning"):
        assert sum(one.name == level for one in told) <= 10
    assert [one.data for one in told if one.name == "error"][:MOST_ANNOTATIONS] == [
        f"error {n}" for n in range(MOST_ANNOTATIONS)
    ]


def test_changed_lines_come_first_and_errors_before_warnings() -> None:
    errors, warnings = many("error", 20), many("warning", 20)
    changed = frozenset({errors[17], errors[19], warnings[15]})
    told = annotations(github(report(*warnings, *errors, changed=changed)))

    assert [one.data for one in told][:5] == ["error 17", "error 19", "warning 15", "error 0", "error 1"]
    assert [one.data for one in told][9:11] == ["error 6", "warning 0"]
    assert [one.name for one in told[-2:]] == ["error", "warning"]
    assert len(told) == 20


def test_nothing_to_mend_is_told_in_the_log_only() -> None:
    assert github(report(), PAUSE) == (
        "::group::All findings\n::stop-commands::7c1f0e\nNothing to fix. 1 file checked.\n::7c1f0e::\n::endgroup::\n"
    )
    assert commands(github(report())) == []
