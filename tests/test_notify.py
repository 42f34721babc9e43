"""Issues for missed targets and overdue figures, against a stand-in for GitHub that keeps them."""

import json
import os
import sys
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi.judge.judgement import judge
from kpi.lint.engine import lint
from kpi.pages.export_json import breaches_json
from kpi.pages.publish import MOST, requests
from kpi.pages.terminal import overdue_json
from kpi.store.repository import load
from rendered import read_page
from repositories import committed
from running import Kpi
from small import VISITS, edited, written
from test_workflows import ALLOWED, BASH, HOSTILE, NOTIFYING, Ran
from tracker import answer

DAY, EDITION = "2024-05-15", "2024-01-31"
FILES_AT = "https://github.com/owner/figures/blob/main"
CALLS = """\
title: Calls answered
definition: Calls answered within a minute.
unit: percent
better: higher
owner: head
frequency: monthly
lag: 2 weeks
sources: [return]
measures:
  in-time:
    targets:
      - {at_least: 90, source: library-plan}
    observations:
      2024-01: 93
      2024-02: 84
      2024-03: 82
"""


def files(**kpis: str) -> dict[str, str]:
    """A repository with these KPIs, by id with `_` for a hyphen."""
    texts = {name.replace("_", "-"): text for name, text in kpis.items()}
    plan = f"""\
organisation: Riverside Libraries
title: Library plan
area: riverside
edition: {{date: {EDITION}, title: Library scorecard}}
priorities: [{{id: reading, title: More reading, kpis: [{", ".join(texts)}]}}]
areas: {{riverside: Riverside}}
sources: {{library-plan: {{title: Library plan}}, return: {{title: Annual return}}}}
owners: {{head: Head of Libraries}}
"""
    return {"kpis/plan.yaml": plan, **{f"kpis/reading/{name}.yaml": text for name, text in texts.items()}}


class Tracker:
    """A repository with its issues."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "work"
        self.issues: list[dict[str, Any]] = []
        self.write(calls=CALLS)

    def write(self, **kpis: str) -> None:
        """Put these KPIs in the place of those that are there."""
        for place in (self.root / "kpis").rglob("*.yaml"):
            place.unlink()
        written(self.root, files(**kpis))

    def change(self, old: str, new: str) -> None:
        self.write(calls=edited(CALLS, old, new))

    def run(self, day: str) -> None:
        """What the workflow does on a day, without its shell."""
        repository = load(self.root)
        judgement = judge(repository.plan.usable(), repository.kpis, date.fromisoformat(day))
        breaches, overdue = json.loads(breaches_json(judgement)), json.loads(overdue_json(judgement))
        for method, path, body in requests(self.issues, breaches, overdue, FILES_AT, "scorecard")[0]:
            answer(self.issues, method, path, json.loads(json.dumps(body)))

    def about(self, words: str) -> list[dict[str, Any]]:
        return [issue for issue in self.issues if words in issue["title"]]


@pytest.fixture
def tracker(tmp_path: Path) -> Tracker:
    return Tracker(tmp_path)


def test_an_issue_says_what_is_missed_by_how_much_where_and_who_answers(tracker: Tracker) -> None:
    tracker.run("2024-04-10")
    (issue,) = tracker.issues

    assert issue["title"] == "Target not met: Calls answered"
    assert issue["labels"] == ["scorecard"]
    assert "82% (March 2024); target: at least 90%. Not met since 2024-02." in issue["body"]
    assert "Owner: Head of Libraries" in issue["body"]
    assert f"({FILES_AT}/docs/scorecard/kpis/calls.md)" in issue["body"]
    assert f"({FILES_AT}/kpis/reading/calls.yaml)" in issue["body"]


def test_the_lines_for_a_commentary_can_be_pasted_into_the_file(tracker: Tracker, kpi: Kpi) -> None:
    tracker.run("2024-04-10")
    (issue,) = tracker.issues
    block = issue["body"].split("```")[1].strip("\n")
    assert block == "commentary:\n  2024-04-10: "
    said = f"{block}Two of the six operators were ill.\n"
    tracker.write(calls=CALLS + said)

    report = lint(tracker.root, date(2024, 4, 12))
    assert [finding.code for finding in report.findings if finding.path == "kpis/reading/calls.yaml"] == []
    assert kpi("--root", tracker.root, "build").code == 0
    page = (tracker.root / "docs/scorecard/kpis/calls.md").read_text(encoding="utf-8")
    assert "**2024-04-10**: Two of the six operators were ill." in page


def test_twice_in_a_row_and_while_it_goes_on_nothing_is_added(tracker: Tracker) -> None:
    tracker.run("2024-04-10")
    before = deepcopy(tracker.issues)
    tracker.run("2024-04-10")
    assert tracker.issues == before

    tracker.change("2024-03: 82", "2024-03: 82\n      2024-04: 80")
    tracker.run("2024-05-10")
    assert tracker.issues == before


def test_an_issue_is_closed_with_the_figure_that_meets_the_target_and_a_new_miss_opens_a_new_one(
    tracker: Tracker,
) -> None:
    tracker.run("2024-04-10")
    tracker.change("2024-03: 82", "2024-03: 82\n      2024-04: 95")
    tracker.run("2024-05-10")
    (issue,) = deepcopy(tracker.issues)
    assert (issue["state"], issue["state_reason"]) == ("CLOSED", "completed")
    assert issue["comments"] == ["Met again: 95% (April 2024); target: at least 90%."]

    tracker.run("2024-05-10")
    assert tracker.issues == [issue]
    tracker.change("2024-03: 82", "2024-03: 82\n      2024-04: 95\n      2024-05: 70")
    tracker.run("2024-06-10")
    assert [item["state"] for item in tracker.issues] == ["CLOSED", "OPEN"]
    assert "Not met since 2024-05." in tracker.issues[1]["body"]


def test_a_figure_that_met_the_target_by_mistake_opens_an_issue_for_the_same_miss_again(
    tracker: Tracker,
) -> None:
    tracker.run("2024-04-10")
    tracker.change("2024-03: 82", "2024-03: 98")
    tracker.run("2024-04-11")
    tracker.change("2024-03: 82", "2024-03: 89")
    tracker.run("2024-04-12")

    assert [issue["state"] for issue in tracker.issues] == ["CLOSED", "OPEN"]


def test_what_a_person_has_closed_stays_closed_while_the_miss_goes_on(tracker: Tracker) -> None:
    tracker.run("2024-04-10")
    tracker.issues[0] |= {"state": "CLOSED", "state_reason": "completed"}
    tracker.run("2024-04-11")

    assert [issue["state"] for issue in tracker.issues] == ["CLOSED"]
    assert tracker.issues[0]["comments"] == []


@pytest.mark.parametrize(
    "figure",
    ["{marks: [not-available]}", "{value: 95, marks: [forecast]}"],
)
def test_no_data_is_no_recovery(tracker: Tracker, figure: str) -> None:
    tracker.run("2024-04-10")
    before = deepcopy(tracker.about("Target not met"))
    tracker.change("2024-03: 82", f"2024-03: 82\n      2024-04: {figure}")
    tracker.run("2024-04-20")

    assert tracker.about("Target not met") == before


def test_a_measure_without_figures_is_no_recovery(tracker: Tracker) -> None:
    tracker.run("2024-04-10")
    before = deepcopy(tracker.issues)
    tracker.change(
        "    observations:\n      2024-01: 93\n      2024-02: 84\n      2024-03: 82\n",
        "    no_figures: {because: awaiting-data}\n",
    )
    tracker.run("2024-04-10")

    assert tracker.issues == before


@pytest.mark.parametrize(
    "kpis",
    [
        pytest.param({"answered_calls": CALLS}, id="renamed"),
        pytest.param({"visits": VISITS}, id="removed"),
        pytest.param(
            {"calls": edited(CALLS, "  in-time:", "  within-a-minute:")}, id="the measure is renamed"
        ),
    ],
)
def test_what_is_removed_or_renamed_is_closed_and_not_called_met(
    tracker: Tracker, kpis: dict[str, str]
) -> None:
    tracker.run("2024-04-10")
    tracker.write(**kpis)
    tracker.run("2024-04-10")
    first = tracker.issues[0]

    assert (first["state"], first["state_reason"]) == ("CLOSED", "not_planned")
    assert first["comments"] == [
        "This measure is no longer in the files under this name. That says nothing about its target."
    ]


def test_a_target_that_is_taken_away_is_not_called_met(tracker: Tracker) -> None:
    tracker.run("2024-04-10")
    tracker.change("    targets:\n      - {at_least: 90, source: library-plan}\n", "")
    tracker.run("2024-04-10")

    assert (tracker.issues[0]["state"], tracker.issues[0]["state_reason"]) == ("CLOSED", "not_planned")
    assert "says nothing" in tracker.issues[0]["comments"][0]


# Overdue figures.


def test_an_overdue_figure_has_one_issue_until_it_comes(tracker: Tracker) -> None:
    tracker.run("2024-05-20")
    (late,) = deepcopy(tracker.about("overdue"))
    assert late["title"] == "Figure to 2024-04-30 overdue: Calls answered"
    assert "was due on 2024-05-14" in late["body"]
    tracker.run("2024-05-25")
    assert tracker.about("overdue") == [late]

    tracker.change("2024-03: 82", "2024-03: 82\n      2024-04: 81")
    tracker.run("2024-05-26")
    (late,) = tracker.about("overdue")
    assert (late["state"], late["state_reason"]) == ("CLOSED", "completed")
    assert late["comments"] == ["The newest figure is 81% (April 2024)."]


def test_the_next_late_figure_has_an_issue_of_its_own(tracker: Tracker) -> None:
    tracker.run("2024-05-20")
    tracker.change("2024-03: 82", "2024-03: 82\n      2024-04: 81")
    tracker.run("2024-06-20")

    assert [(item["title"][10:20], item["state"]) for item in tracker.about("overdue")] == [
        ("2024-04-30", "CLOSED"),
        ("2024-05-31", "OPEN"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("2024-03: 82", "2024-03: 82\n      2024-04: {marks: [not-available]}", id="no data"),
        pytest.param("frequency: monthly\nlag: 2 weeks\n", "", id="no longer asked for"),
        pytest.param("  in-time:", "  in-a-minute:", id="renamed"),
    ],
)
def test_a_figure_that_is_not_waited_for_is_not_called_there(tracker: Tracker, old: str, new: str) -> None:
    tracker.run("2024-05-20")
    tracker.change(old, new)
    tracker.run("2024-05-21")
    late = tracker.about("overdue")[0]

    assert (late["state"], late["state_reason"]) == ("CLOSED", "not_planned")
    assert late["comments"] == ["This figure is no longer expected. It has not come."]


# What others write.


def test_what_people_wrote_mentions_nobody_and_is_no_markup(tracker: Tracker) -> None:
    hostile = f"{HOSTILE} <!-- kpi: not-met calls/in-time x --> #1 fixes #2 {'long ' * 100}"
    tracker.change("title: Calls answered", f"title: {json.dumps(hostile)}")
    plan = tracker.root / "kpis/plan.yaml"
    plan.write_text(
        edited(plan.read_text("utf-8"), "Head of Libraries", json.dumps(hostile)), encoding="utf-8"
    )
    tracker.run("2024-04-10")
    tracker.run("2024-05-20")

    assert len(tracker.issues) == 2
    for issue in tracker.issues:
        assert "\n" not in issue["title"]
        assert len(issue["title"]) < 256
        assert "@admin" not in issue["title"]
        mark, _, rest = issue["body"].partition("\n")
        assert mark.startswith("<!-- kpi: ")
        page = read_page(rest)
        assert {tag for tag, _ in page.tags} <= ALLOWED | {"a"}
        assert all(
            str(target).startswith("https://github.com/owner/figures/blob/main/")
            for _, attributes in page.tags
            for name, target in attributes.items()
            if name == "href"
        )
        assert "@admin" not in rest
        assert "<!--" not in rest
    before = deepcopy(tracker.issues)
    tracker.run("2024-05-20")
    assert tracker.issues == before


def test_an_issue_that_only_looks_like_ours_is_left_alone(tracker: Tracker) -> None:
    mark = "<!-- kpi: not-met gone/gone 2020 -->"
    strangers = [
        {
            "number": 1,
            "state": "OPEN",
            "title": "Changed",
            "body": mark[2:],
            "labels": ["scorecard"],
            "comments": [],
        },
        {
            "number": 2,
            "state": "OPEN",
            "title": "Quoted",
            "body": f"> {mark}",
            "labels": ["scorecard"],
            "comments": [],
        },
        {
            "number": 3,
            "state": "OPEN",
            "title": "Empty",
            "body": None,
            "labels": ["scorecard"],
            "comments": [],
        },
    ]
    tracker.issues += deepcopy(strangers)
    tracker.run("2024-04-10")

    assert tracker.issues[:3] == strangers
    assert len(tracker.issues) == 4


# The workflow.


STRANGER = {
    "number": 1,
    "state": "OPEN",
    "title": "Without the label",
    "body": "<!-- kpi: not-met gone/gone 2020 -->",
    "labels": [],
    "comments": [],
}


class Workflow:
    """The workflow's step in a folder that holds a repository, with a `gh` that keeps issues."""

    def __init__(self, folder: Path, where: str) -> None:
        self.root, self.bin = folder / "work" / where, folder / "bin"
        written(self.root, files(calls=CALLS))
        committed(folder / "work")
        self.bin.mkdir()
        self.kept = self.bin / "issues.json"
        self.kept.write_text(json.dumps([STRANGER]), encoding="utf-8")
        stand_in = f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).parent / "tracker.py"}" "{self.kept}" "$@"\n'
        (self.bin / "gh").write_text(stand_in, encoding="utf-8")
        (self.bin / "gh").chmod(0o755)

    def run(self, day: str) -> Ran:
        program = (
            f'echo "${{GH_TOKEN:-none}}" >>.venv/token; exec "{sys.executable}" -m kpi --as-of {day} "$@"'
        )
        return Ran(self.root, NOTIFYING, program, path=os.fspath(self.bin))

    @property
    def issues(self) -> list[dict[str, Any]]:
        issues: list[dict[str, Any]] = json.loads(self.kept.read_text(encoding="utf-8"))
        assert issues[0] == STRANGER
        return issues[1:]


@pytest.mark.external
@pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs a Unix shell")
def test_the_workflow_opens_and_closes_what_it_is_told_and_touches_nothing_where_a_file_is_broken(
    tmp_path: Path,
) -> None:
    workflow = Workflow(tmp_path, "riverside")
    opened = workflow.run("2024-04-10")
    assert opened.code == 0, opened.log
    assert "Issues opened: 1, closed: 0." in workflow.run("2024-05-20").summary
    before = workflow.issues
    assert [issue["title"] for issue in before] == [
        "Target not met: Calls answered",
        "Figure to 2024-04-30 overdue: Calls answered",
    ]
    assert f"({FILES_AT}/riverside/kpis/reading/calls.yaml)" in before[0]["body"]

    file = workflow.root / "kpis/reading/calls.yaml"
    file.write_text("title: [", encoding="utf-8")
    broken = workflow.run("2024-05-21")
    assert (broken.code, workflow.issues) == (1, before)
    assert "No issue was opened or closed." in broken.log

    file.write_text(edited(CALLS, "2024-03: 82", "2024-03: 82\n      2024-04: 95"), encoding="utf-8")
    closed = workflow.run("2024-05-22")
    assert "Issues opened: 0, closed: 2." in closed.summary
    assert {issue["state"] for issue in workflow.issues} == {"CLOSED"}
    assert set((workflow.root / ".venv/token").read_text(encoding="utf-8").split()) == {"none"}


@pytest.mark.external
@pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs a Unix shell")
def test_a_workflow_whose_issues_get_no_label_stops_at_the_first(tmp_path: Path) -> None:
    workflow = Workflow(tmp_path, "riverside")
    (workflow.bin / "no-labels").touch()
    done = workflow.run("2024-04-10")

    assert done.code == 1
    assert "::error title=Notify::The issue got no label." in done.log


# Without a workflow.


def test_a_first_run_opens_no_flood() -> None:
    row = {
        "home": "k", "kpi": "k", "measure": "m", "kpi_title": "K", "measure_title": "M", "priority": "p", "since": "2024",
        "period": "2024", "figure": "3", "target": "5", "owner": None, "owner_name": None, "judgement": {"state": "missed"},
    }  # fmt: skip
    rows = [{**row, "kpi": f"k{number}", "home": f"k{number}"} for number in range(MOST + 7)]
    breaches = {
        "as_of": DAY,
        "breaches": rows,
        "near": [],
        "part_of_the_way": [],
        "recovered": [],
        "others": [],
    }
    requested, left = requests([], breaches, {"overdue": [], "newest": []}, FILES_AT, "kpi")

    assert (len(requested), left) == (MOST, 7)


def test_a_measure_under_two_kpis_has_one_issue(tmp_path: Path, kpi: Kpi) -> None:
    shows = edited(CALLS, "measures:", "also_shows: [calls/in-time]\nmeasures:").replace(
        "at_least: 90", "at_least: 50"
    )
    root = written(tmp_path, files(staff_calls=shows, calls=CALLS))
    breaches = json.loads(kpi("--root", root, "breaches", "--format", "json").out)
    assert [row["home"] for row in breaches["breaches"]] == ["calls", "calls"]
    requested, _ = requests([], breaches, {"overdue": [], "newest": []}, FILES_AT, "kpi")

    assert ["calls/in-time" in body["body"] for _, _, body in requested] == [True]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "issues.json",
            "[",
            '"issues.json" is not JSON. Write there what gh issue list --json number,state,body prints.',
        ),
        ("issues.json", "[1]", '"issues.json" is not what gh issue list --json number,state,body prints.'),
        (
            "breaches.json",
            "{}",
            '"breaches.json" is not what this version of kpi breaches --format json prints.',
        ),
        (
            "overdue.json",
            "[]",
            '"overdue.json" is not what this version of kpi list --overdue --format json prints.',
        ),
    ],
)
def test_a_file_that_is_something_else_is_one_sentence(
    tmp_path: Path, kpi: Kpi, name: str, text: str, sentence: str
) -> None:
    written(tmp_path)
    good = {
        "issues.json": "[]",
        "breaches.json": kpi("breaches", "--format", "json").out,
        "overdue.json": kpi("list", "--overdue", "--format", "json").out,
    }
    for file, content in {**good, name: text}.items():
        (tmp_path / file).write_text(content, encoding="utf-8")

    done = kpi("notify", *good, "--files-at", "https://example.org/blob/main")
    assert (done.code, done.out, done.err) == (2, "", f"kpi: {sentence}\n")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("gone.json", '"gone.json" can\'t be read: '), ("folder", '"folder" can\'t be read: ')],
)
def test_a_file_that_is_not_there_or_is_a_folder_is_one_sentence(
    tmp_path: Path, kpi: Kpi, name: str, sentence: str
) -> None:
    written(tmp_path, {"issues.json": "[]"})
    (tmp_path / "folder").mkdir()

    done = kpi("notify", "issues.json", name, "issues.json", "--files-at", "https://example.org/blob/main")

    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"kpi: {sentence}")


@pytest.mark.parametrize(
    "address", ["example.org", "javascript:x", 'https://x.org/"onload', "https://x.org/ y", "https://"]
)
def test_what_is_no_address_is_told(tmp_path: Path, kpi: Kpi, address: str) -> None:
    written(tmp_path, {"i.json": "[]"})
    done = kpi("notify", "i.json", "i.json", "i.json", "--files-at", address)

    assert done.code == 2
    assert "is not an address. Write it like https://example.org/scorecard." in done.err
