"""`kpi lint`: where its report goes, which rules it tells, and what it reads from stdin."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi.manual.answer import address_of
from kpi.rules import RULES
from repositories import committed
from runner import commands
from running import Kpi
from small import FILES, HOURS, LOANS, PLAN, SATISFACTION, VISITS, edited, written

WRONG = edited(SATISFACTION, "2023: 81", "2023: 81%")
DAY = ("--as-of", "2024-06-01")
COMMENT = "  # kpi: ignore[check-fails] the return counts audio books twice\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one error and two warnings."""
    return written(
        tmp_path,
        satisfaction=WRONG,
        opening_hours=edited(HOURS, "tolerance: 5%, source: library-plan", "tolerance: 5%"),
        visits=edited(VISITS, "by: 2024-12, source: library-plan", "by: 2024-12"),
    )


def rules(text: str) -> list[str]:
    return [item["rule"] for item in json.loads(text)["findings"]]


# Where it goes.


@pytest.mark.parametrize("form", ["text", "concise", "json", "github", "markdown", "sarif"])
def test_a_report_can_go_to_a_file_in_every_format(kpi: Kpi, root: Path, form: str) -> None:
    written_to = kpi("lint", *DAY, "--format", form, "--output", "report.txt")
    printed = kpi("lint", *DAY, "--format", form).out
    text = (root / "report.txt").read_text(encoding="utf-8")

    assert written_to == (1, "", "")
    assert text == printed or form == "github"  # whose word for the pause is another each time
    assert len(text.splitlines()) == len(printed.splitlines())


def test_a_file_that_can_t_be_written_is_told(kpi: Kpi, root: Path) -> None:
    del root
    for option in ("--output", "--summary"):
        done = kpi("lint", *DAY, option, "nowhere/../kpis/plan.yaml/x")
        assert done.code == 3
        assert "can't be written" in done.err


def test_the_summary_is_added_to_a_file_beside_the_report(kpi: Kpi, root: Path) -> None:
    (root / "summary.md").write_text("# Before\n\n", encoding="utf-8")
    done = kpi("lint", *DAY, "--format", "concise", "--summary", "summary.md")

    assert done == kpi("lint", *DAY, "--format", "concise")
    text = (root / "summary.md").read_text(encoding="utf-8")
    assert text == "# Before\n\n" + kpi("lint", *DAY, "--format", "markdown").out


def test_statistics_count_how_often_each_rule_was_broken(kpi: Kpi, root: Path) -> None:
    del root

    text = (
        "2 warning target-source\n1 error   not-a-number\n"
        "Gaps, jumps and the like were not checked in kpis/people/satisfaction.yaml, because of the errors there.\n"
        "1 error to fix before merging, 2 warnings to look at. 8 files checked; 1 finding ignored with a reason.\n"
    )

    assert kpi("lint", *DAY, "--statistics") == (1, text, "")
    refused = kpi("lint", "--statistics", "--format", "json")
    assert (refused.code, refused.err) == (2, "kpi: --statistics is text only. Leave --format out.\n")


# Which rules.


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["not-a-number", "target-source", "target-source"]),
        (["--select", "target-source"], ["target-source", "target-source"]),
        (["--select", "KPI604"], ["target-source", "target-source"]),
        (["--select", "kpi6"], ["target-source", "target-source"]),
        (["--select", "6xx"], ["target-source", "target-source"]),
        (["--select", "KPI20"], ["not-a-number"]),
        (["--select", "KPI2,6xx"], ["not-a-number", "target-source", "target-source"]),
        (["--select", "KPI2", "--select", "7xx"], ["not-a-number"]),
        (["--ignore", "target-source"], ["not-a-number"]),
        (["--ignore", "KPI2,KPI6"], []),
        (["--select", "KPI2,KPI6", "--ignore", "KPI205"], ["target-source", "target-source"]),
        (["--select", ""], ["not-a-number", "target-source", "target-source"]),
    ],
)
def test_rules_are_chosen_by_name_code_and_family(
    kpi: Kpi, root: Path, options: list[str], expected: list[str]
) -> None:
    del root
    done = kpi("lint", *DAY, "--format", "json", *options)

    assert rules(done.out) == expected
    assert json.loads(done.out)["summary"]["left_out"] == 3 - len(expected)
    assert done.code == (1 if "not-a-number" in expected else 0)


def test_what_was_left_out_is_counted_in_words(kpi: Kpi, root: Path) -> None:
    del root
    output = kpi("lint", *DAY, "--ignore", "target-source").out

    assert output.endswith(
        "8 files checked; 1 finding ignored with a reason; 2 findings of other rules not shown.\n"
    )


def test_rules_that_always_hold_are_told_whatever_is_selected(kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path, satisfaction="a: [\n")
    for options in (["--select", "outlier-jump"], ["--ignore", "1xx"]):
        done = kpi("lint", *DAY, "--format", "json", *options)
        assert (done.code, rules(done.out)) == (1, ["yaml-syntax"])


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.required], ids=lambda rule: rule.name)
def test_a_rule_that_always_holds_can_t_be_ignored(kpi: Kpi, root: Path, rule: object) -> None:
    del root
    name = getattr(rule, "name", "")
    done = kpi("lint", "--ignore", name)

    assert (done.code, done.out) == (2, "")
    assert done.err == f'kpi: "{name}" can\'t be ignored, because it always holds. Take it out of --ignore.\n'


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("outlier", 'kpi: "outlier" names no rule. Did you mean outlier-jump?\n'),
        ("KPI999", 'kpi: "KPI999" names no rule. Did you mean KPI'),
        ("Target_Source ", None),
        ("zzz", 'kpi: "zzz" names no rule. Write a name, a code such as KPI205, or a family such as KPI2.\n'),
        ("KPI0", 'kpi: "KPI0" names no rule. '),
        ("\x1b[31m", 'kpi: "‹U+001B›[31m" names no rule. '),
    ],
)
@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_word_that_names_no_rule_is_told_with_the_nearest(
    kpi: Kpi, root: Path, option: str, word: str, said: str | None
) -> None:
    del root
    done = kpi("lint", option, word)

    assert done.code == 2
    assert done.err.startswith(said or 'kpi: "Target_Source" names no rule. Did you mean target-source?')


# What stands on stdin.


Typed = Callable[[str | bytes], None]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Puts a text on stdin."""

    def put(text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return put


def from_stdin(kpi: Kpi, place: str | Path, *more: str) -> tuple[int, list[tuple[str, str, int]]]:
    done = kpi("lint", "-", "--stdin-filename", place, "--format", "json", *DAY, *more)
    results = [(item["path"], item["rule"], item["line"]) for item in json.loads(done.out)["findings"]]
    assert done.err == ""
    return done.code, results


def test_the_text_on_stdin_is_checked_instead_of_the_file(kpi: Kpi, root: Path, typed: Typed) -> None:
    place = "kpis/people/satisfaction.yaml"
    typed(SATISFACTION)
    clean = from_stdin(kpi, place)
    typed("# A comment.\n" + WRONG)
    wrong = from_stdin(kpi, root / place)

    assert clean == (0, [])
    assert wrong == (1, [(place, "not-a-number", 13)])
    assert (root / place).read_text(encoding="utf-8") == WRONG


def test_the_rest_of_the_repository_is_known(kpi: Kpi, root: Path, typed: Typed) -> None:
    del root
    typed(edited(HOURS, "[loans/books]", "[loans/boks]"))

    assert from_stdin(kpi, "kpis/reading/opening-hours.yaml") == (
        1,
        [("kpis/reading/opening-hours.yaml", "unknown-reference", 7)],
    )


def test_a_file_that_is_not_there_yet_is_checked_at_its_place(kpi: Kpi, root: Path, typed: Typed) -> None:
    place = "kpis/people/new-readers.yaml"
    typed(FILES["kpis/people/school-links.yaml"])

    assert from_stdin(kpi, place) == (1, [(place, "not-in-plan", 1)])
    assert not (root / place).exists()


def test_the_plan_can_stand_on_stdin_too(kpi: Kpi, root: Path, typed: Typed) -> None:
    del root
    typed(edited(PLAN, "kpis: [opening-hours]", "kpis: [opening-hours, lost]"))
    code, actual = from_stdin(kpi, "kpis/plan.yaml")

    assert (code, [(path, rule) for path, rule, _ in actual]) == (1, [("kpis/plan.yaml", "not-in-plan")])


def test_the_text_on_stdin_can_be_held_against_an_earlier_commit(kpi: Kpi, root: Path, typed: Typed) -> None:
    committed(root)
    typed(edited(WRONG, "2022: 85", "2022: 85%"))
    place = "kpis/people/satisfaction.yaml"

    assert from_stdin(kpi, place, "--changed-since", "HEAD") == (1, [(place, "not-a-number", 17)])


def test_an_ignore_comment_on_stdin_counts(kpi: Kpi, root: Path, typed: Typed) -> None:
    del root
    typed(edited(LOANS, COMMENT, ""))

    assert from_stdin(kpi, "kpis/reading/loans.yaml")[1] == [("kpis/reading/loans.yaml", "check-fails", 9)]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"\0", b"x" * 3_000_000], ids=["empty", "utf-16", "zero", "huge"]
)
def test_any_bytes_on_stdin_are_told_as_findings(kpi: Kpi, root: Path, typed: Typed, data: bytes) -> None:
    del root
    typed(data)
    code, actual = from_stdin(kpi, "kpis/reading/loans.yaml")

    assert code == 1
    assert {path for path, _, _ in actual} == {"kpis/reading/loans.yaml"}


def test_a_stdin_that_is_closed_is_an_empty_file(
    kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del root
    monkeypatch.setattr("sys.stdin", None)

    assert from_stdin(kpi, "kpis/reading/loans.yaml")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "To check the text on stdin write kpi lint - --stdin-filename"),
        (["--stdin-filename", "kpis/reading/loans.yaml"], "To check the text on stdin"),
        (["-", "kpis", "--stdin-filename", "kpis/reading/loans.yaml"], "To check the text on stdin"),
        (["-", "--stdin-filename", "kpis/loans.yaml"], 'There can be no KPI file at "kpis/loans.yaml".'),
        (["-", "--stdin-filename", "kpis/reading/Loans.yaml"], "There can be no KPI file at"),
        (["-", "--stdin-filename", "kpis/con/loans.yaml"], "There can be no KPI file at"),
        (["-", "--stdin-filename", "loans.yaml"], "There can be no KPI file at"),
        (["-", "--stdin-filename", "../x/kpis/reading/loans.yaml"], "is not in the repository"),
    ],
)
def test_a_text_without_a_place_of_its_own_is_wrong_use(
    kpi: Kpi, root: Path, typed: Typed, arguments: list[str], said: str
) -> None:
    del root
    typed(LOANS)
    done = kpi("lint", *arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err


# In a workflow.


@pytest.fixture
def workflow(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What GitHub sets for a step; returns the summary's file."""
    event = {"pull_request": {"head": {"repo": {"full_name": "somebody/kpis"}}}}
    (root / "event.json").write_text(json.dumps(event), encoding="utf-8")
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": os.fspath(root.parent),
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "town/kpis",
        "GITHUB_SHA": "0123abc",
        "GITHUB_HEAD_REF": "may",
        "GITHUB_REF_TYPE": "",
        "GITHUB_EVENT_PATH": os.fspath(root / "event.json"),
        "GITHUB_STEP_SUMMARY": os.fspath(root / "summary.md"),
    }.items():
        monkeypatch.setenv(name, value)
    return root / "summary.md"


def test_in_a_workflow_findings_are_annotations_and_a_summary(kpi: Kpi, root: Path, workflow: Path) -> None:
    done = kpi("lint", *DAY)
    actual = commands(done.out)

    assert done.code == 1
    assert [item.name for item in actual] == [
        "error",
        "warning",
        "warning",
        "group",
        "stop-commands",
        "endgroup",
    ]
    assert actual[0].properties["file"] == f"{root.name}/kpis/people/satisfaction.yaml"
    text = workflow.read_text(encoding="utf-8")
    assert (
        f"(https://github.example/somebody/kpis/edit/may/{root.name}/kpis/people/satisfaction.yaml)" in text
    )
    assert f"({address_of('docs/rules/not-a-number.md')})" in text

    (root / "docs/rules").mkdir(parents=True)
    (root / "docs/rules/odd-path.md").touch()
    kpi("lint", *DAY)
    text = workflow.read_text(encoding="utf-8")
    assert f"(https://github.example/town/kpis/blob/0123abc/{root.name}/docs/rules/not-a-number.md)" in text


def test_without_a_repository_the_order_is_that_of_the_files_and_that_is_said(
    kpi: Kpi, root: Path, workflow: Path
) -> None:
    del root, workflow
    said = "kpi: The change is not known: nothing is compared with what was published before, "

    assert said in kpi("lint", *DAY).err
    assert kpi("lint", *DAY, "--quiet").err == ""


@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_another_format_can_be_asked_for_in_a_workflow(
    kpi: Kpi, root: Path, workflow: Path, form: str
) -> None:
    del root
    inside = kpi("lint", *DAY, "--format", form)

    assert commands(inside.out) == []
    assert not workflow.exists()


def test_the_word_that_ends_the_pause_is_another_each_time(kpi: Kpi, root: Path, workflow: Path) -> None:
    del root, workflow
    pauses = {commands(kpi("lint", *DAY, "--quiet").out)[-2].data for _ in range(3)}

    assert len(pauses) == 3
    assert {len(pause) for pause in pauses} == {32}


@pytest.mark.parametrize(
    ("name", "value", "edit", "linked"),
    [
        ("GITHUB_SERVER_URL", "javascript:alert(1)//", False, False),
        ("GITHUB_REPOSITORY", "a/b/../c)", False, False),
        ("GITHUB_SHA", "", False, False),
        ("GITHUB_HEAD_REF", "", False, True),
        ("GITHUB_HEAD_REF", "a) [x](http://evil", True, True),
        ("GITHUB_EVENT_PATH", "/nowhere", True, True),
    ],
)
@pytest.mark.usefixtures("root")
def test_links_are_made_only_of_what_can_be_one(  # noqa: PLR0917
    kpi: Kpi, workflow: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, edit: bool, linked: bool
) -> None:
    monkeypatch.setenv(name, value)
    kpi("lint", *DAY)
    text = workflow.read_text(encoding="utf-8")

    assert ("[Edit this file](https://github.example/" in text) is edit
    assert ("[line 12](https://github.example/" in text) is linked
    assert "evil)" not in text
    assert "javascript" not in text
