"""`kpi show --history`: when each figure was published and changed, from real git repositories."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.assemble.build import build_kpi
from kpi.judge.figure_changes import Version, trace_figures
from repositories import committed, git
from running import Kpi
from small import LOANS, SATISFACTION, VISITS, edited, written

on_unix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names or scripts")

FEBRUARY = edited(VISITS, "2024-02: 950\n", "2024-02: {value: 950, marks: [provisional]}\n")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small repository on its first day, with February provisional."""
    root = written(tmp_path / "repository", visits=FEBRUARY)
    monkeypatch.chdir(root)
    on(monkeypatch, "2024-03-04T23:30:00-0500")
    committed(root, "First figures")
    return root


def on(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Commit at this time from now on; what is authored is always older."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", moment)
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2001-01-01T00:00:00+0000")


def write(root: Path, text: str, name: str = "reading/visits") -> None:
    (root / f"kpis/{name}.yaml").write_text(text, encoding="utf-8", newline="\n")


def read_history(kpi: Kpi, name: str = "visits") -> dict[str, Any]:
    done = kpi("show", name, "--history", "--format", "json")
    assert (done.code, done.err) == (0, "")
    actual: dict[str, Any] = json.loads(done.out)
    return actual


def events(kpi: Kpi, name: str = "visits") -> list[tuple[str, str, Any, Any]]:
    """Each event as period, what, and the values before and after."""
    return [
        (item["period"], item["event"], *(side and side["value"] for side in (item["before"], item["after"])))
        for item in read_history(kpi, name)["events"]
    ]


# What is told.


def test_each_figure_says_when_and_by_which_commit_it_was_published_and_changed(
    kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = git(root, "rev-parse", "HEAD")[:12]
    on(monkeypatch, "2024-04-09T10:00:00+0000")
    write(root, edited(VISITS, "950", "960"))
    second = committed(root, "February is final")[:12]
    on(monkeypatch, "2024-05-02T10:00:00+0000")
    write(root, edited(edited(VISITS, "      2024-01: 900\n", ""), "950", "960"))
    third = committed(root, "January was a test")[:12]

    assert kpi("show", "visits", "--history") == (
        0,
        f"""\
Visits
History of kpis/reading/visits.yaml: 3 commits, 2024-03-05 to 2024-05-02. Days are in UTC.

Visits [visits/visits]
  March 2024     marked     not available [x]        2024-03-05  {first}  Test  First figures
  February 2024  published  950 (provisional)        2024-03-05  {first}  Test  First figures
                 corrected  950 (provisional) → 960  2024-04-09  {second}  Test  February is final
  January 2024   published  900                      2024-03-05  {first}  Test  First figures
                 withdrawn  900                      2024-05-02  {third}  Test  January was a test
""",
        "",
    )


def test_one_measure_is_told_alone(kpi: Kpi, root: Path) -> None:
    del root

    assert {item["measure"] for item in read_history(kpi, "loans/books")["events"]} == {"books"}
    assert {item["measure"] for item in read_history(kpi, "loans")["events"]} == {"all", "books", "other"}


def test_figures_of_other_areas_stand_after_the_own_ones(kpi: Kpi, root: Path) -> None:
    del root
    results = [(item["area"], item["period"]) for item in read_history(kpi, "loans/all")["events"]]

    assert results == [
        *((None, period) for period in ("2023/24", "2022/23", "2021/22", "2020/21")),
        ("hillside", "2023/24"),
        ("hillside", "2022/23"),
        ("nation", "2022/23"),
    ]
    assert "Hillside: 2023/24" in kpi("show", "loans/all", "--history").out


def test_a_share_that_is_computed_has_no_history_of_its_own(kpi: Kpi, root: Path) -> None:
    del root

    assert "[loans/share-of-books]\n  computed from other measures\n" in kpi("show", "loans", "--history").out


def test_another_spelling_order_or_comment_is_no_event(kpi: Kpi, root: Path) -> None:
    before = events(kpi)
    write(
        root,
        edited(
            edited(FEBRUARY, "      2024-01: 900\n", ""),
            "{marks: [not-available]}\n",
            "{marks: [not-available]}\n      2024-01-01 to 2024-01-31: 900 # as counted\n",
        ),
    )
    committed(root)

    assert sorted(events(kpi)) == sorted(before)


def test_a_changed_mark_and_a_changed_note_are_told(kpi: Kpi, root: Path) -> None:
    write(root, VISITS)
    committed(root, "Final")
    write(root, edited(VISITS, "2024-02: 950", "2024-02:\n        value: 950\n        note: Counted twice."))
    committed(root, "A note")
    lines = kpi("show", "visits", "--history").out.splitlines()

    assert sum("marked     950 (provisional) → 950 " in line for line in lines) == 1
    assert sum("marked     950, with another note " in line for line in lines) == 1


def test_what_is_not_committed_yet_comes_last(kpi: Kpi, root: Path) -> None:
    write(root, edited(FEBRUARY, "2024-01: 900", "2024-01: 901"))
    last = read_history(kpi)["events"][-1]

    assert (last["event"], last["before"]["value"], last["after"]["value"]) == ("corrected", 900, 901)
    assert (last["commit"], last["date"]) == (None, None)
    assert "900 → 901" in (line := kpi("show", "visits", "--history").out.splitlines()[-1])
    assert line.endswith("not committed")


def test_a_value_is_told_in_the_unit_of_its_time(kpi: Kpi, root: Path) -> None:
    counted = edited(SATISFACTION, "2022: 2m18s, 2023: 43.5s", "2022: 120, 2023: 3")
    write(root, edited(counted, "unit: duration", "unit: count"), "people/satisfaction")
    committed(root)

    assert "2m18s → 120" in kpi("show", "satisfaction/waiting", "--history").out


# Branches and names.


def test_a_merged_branch_is_one_event_by_the_name_of_its_pull_request(kpi: Kpi, root: Path) -> None:
    git(root, "checkout", "--quiet", "-b", "figures")
    for value in ("901", "902"):
        write(root, edited(FEBRUARY, "900", value))
        committed(root, f"Work on {value}")
    git(root, "checkout", "--quiet", "main")
    write(root, edited(LOANS, "2023/24: 3900", "2023/24: 3901"), "reading/loans")
    committed(root, "Meanwhile")
    git(
        root,
        "merge",
        "--quiet",
        "--no-ff",
        "--message=Merge pull request #7 from x/figures\n\nJanuary recounted\n",
        "figures",
    )
    merge = git(root, "rev-parse", "HEAD")
    (january,) = [item for item in read_history(kpi)["events"] if item["event"] == "corrected"]

    assert (january["before"]["value"], january["after"]["value"]) == (900, 902)
    assert (january["commit"], january["subject"]) == (merge, "January recounted")


def test_a_renamed_file_keeps_its_history(kpi: Kpi, root: Path) -> None:
    (root / "kpis/reading/visits.yaml").rename(root / "kpis/people/callers.yaml")
    commit = committed(root, "Another name")
    write(root, edited(FEBRUARY, "900", "901"), "people/callers")
    committed(root)

    actual = read_history(kpi, "callers")
    assert actual["renamed"] == [{"from": "kpis/reading/visits.yaml", "commit": commit}]
    assert ("2024-01", "corrected", 900, 901) in events(kpi, "callers")
    assert len(actual["events"]) == 4


def test_a_file_that_moved_and_was_rewritten_is_known_by_its_id(kpi: Kpi, root: Path) -> None:
    (root / "kpis/reading/visits.yaml").unlink()
    new = FEBRUARY.replace("People who came in,\n  counted at the door", "\n  ".join(["Somebody came."] * 30))
    write(root, edited(new, "900", "901"), "people/visits")
    committed(root)
    assert "R" not in git(root, "show", "--name-status", "--format=", "--find-renames").split()

    assert ("2024-01", "corrected", 900, 901) in events(kpi)
    assert [item["from"] for item in read_history(kpi)["renamed"]] == ["kpis/reading/visits.yaml"]


def test_a_file_that_took_the_name_of_another_does_not_take_its_history(kpi: Kpi, root: Path) -> None:
    (root / "kpis/reading/visits.yaml").rename(root / "kpis/reading/callers.yaml")
    committed(root, "Visits are called callers")
    write(root, edited(SATISFACTION, "title: Satisfaction", "title: Visits to schools"))
    committed(root, "Another visits")

    assert {item["subject"] for item in read_history(kpi)["events"]} == {"Another visits"}
    assert {item["subject"] for item in read_history(kpi, "callers")["events"]} == {"First figures"}


def test_a_renamed_measure_keeps_its_history_and_a_deleted_one_is_still_told(kpi: Kpi, root: Path) -> None:
    write(root, edited(FEBRUARY, "  visits:\n    title: Visits", "  callers:\n    title: Callers"))
    committed(root, "Renamed")
    without = LOANS[: LOANS.index("  other:\n")] + LOANS[LOANS.index("  share-of-books:\n") :]
    write(root, without.replace("[books, other]", "[books]"), "reading/loans")
    committed(root, "Only books")

    assert {(item["measure"], item["event"]) for item in read_history(kpi)["events"]} == {
        ("callers", "published"),
        ("callers", "marked"),
    }
    assert ("2022/23", "withdrawn", 900, None) in events(kpi, "loans/other")
    assert "[loans/other], no longer there" in kpi("show", "loans", "--history").out


def test_measures_are_told_in_the_file_s_order_and_those_that_are_gone_last() -> None:
    def version(*names: str) -> Version:
        own = {"unit": "count", "better": "higher"}
        made = {
            name: {"title": name, "observations": {"2020": number}} | own for number, name in enumerate(names)
        }
        return Version(build_kpi({"title": "T", "definition": "D.", "measures": made}, "k", "p").kpi)

    reported = trace_figures([version("d", "c", "b"), version("c", "d"), version("c", "e", "a")])
    assert [(item.measure.id, item.gone) for item in reported] == [
        ("c", False),
        ("e", False),
        ("a", False),
        ("d", True),
        ("b", True),
    ]


def test_a_file_that_was_deleted_and_brought_back_says_so(kpi: Kpi, root: Path) -> None:
    (root / "kpis/reading/visits.yaml").unlink()
    committed(root, "Gone")
    write(root, FEBRUARY)
    committed(root, "Back")

    assert [event[1:] for event in events(kpi) if event[0] == "2024-01"] == [
        ("published", None, 900),
        ("withdrawn", 900, None),
        ("published", None, 900),
    ]


# What can't be seen.


def test_a_version_that_can_t_be_used_is_named_and_passed_over(kpi: Kpi, root: Path) -> None:
    write(root, edited(FEBRUARY, "900", "9OO"))
    spoilt = committed(root, "A slip")
    write(root, edited(FEBRUARY, "900", "901"))
    committed(root, "Mended")

    assert read_history(kpi)["passed_over"] == [spoilt]
    assert (
        f"Passed over: {spoilt[:12]} of 2024-03-05, because its file can't be used."
        in kpi("show", "visits", "--history").out
    )
    assert [event[1:] for event in events(kpi) if event[0] == "2024-01"] == [
        ("published", None, 900),
        ("corrected", 900, 901),
    ]


def test_a_file_with_errors_now_is_told_as_committed(kpi: Kpi, root: Path) -> None:
    write(root, edited(FEBRUARY, "900", "9OO"))
    done = kpi("show", "visits", "--history")

    assert done.code == 0
    assert "visits.yaml has errors, so only committed versions are shown" in done.err
    assert "January 2024   published  900 " in done.out


def test_a_shallow_clone_says_what_it_can_t_see(
    kpi: Kpi, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2024-04-09T10:00:00+0000")
    write(root, edited(FEBRUARY, "900", "901"))
    committed(root, "Second")
    write(root, edited(FEBRUARY, "900", "902"))
    committed(root, "Third")
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{root}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    out = kpi("show", "visits", "--history").out

    assert "This clone lacks older commits, so a figure may be older than its first line says.\n" in out
    assert "git fetch --unshallow" in out
    assert "published  901                2024-04-09 or before" in out
    assert [
        (item["or_before"], item["event"])
        for item in read_history(kpi)["events"]
        if item["period"] == "2024-01"
    ] == [
        (True, "published"),
        (False, "corrected"),
    ]


def test_where_the_oldest_commit_of_a_shallow_clone_can_t_be_used_the_next_claims_nothing(
    kpi: Kpi, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, edited(FEBRUARY, "900", "9OO"))
    spoilt = committed(root, "A slip")
    write(root, FEBRUARY)
    committed(root, "Mended")
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{root}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")

    assert read_history(kpi)["passed_over"] == [spoilt]
    assert {item["or_before"] for item in read_history(kpi)["events"]} == {True}


def test_a_whole_clone_claims_no_more_than_it_knows(kpi: Kpi, root: Path) -> None:
    del root
    out = kpi("show", "visits", "--history").out

    assert "lacks" not in out
    assert "or before" not in out


def test_a_clone_without_the_older_files_stops_instead_of_fetching(
    kpi: Kpi, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, edited(FEBRUARY, "900", "901"))
    committed(root, "Second")
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{root}", "partial")
    monkeypatch.chdir(tmp_path / "partial")
    done = kpi("show", "visits", "--history")

    assert (done.code, done.out) == (3, "")
    assert "are not in this clone" in done.err


def test_a_folder_without_git_and_one_without_commits_are_told(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(written(tmp_path))
    assert "is not in a git repository" in kpi("show", "visits", "--history").err
    git(tmp_path, "init", "--quiet")
    done = kpi("show", "visits", "--history")

    why = "This repository has no commit yet, so nothing is known about changes. Make the first one."
    assert (done.code, done.err) == (2, f"kpi: {why}\n")


def test_a_file_that_no_commit_has_is_all_not_committed(kpi: Kpi, root: Path) -> None:
    write(root, SATISFACTION, "people/moods")
    done = kpi("show", "moods", "--history")

    assert "No commit has kpis/people/moods.yaml yet." in done.out
    assert done.out.count("not committed") == 6


# What people wrote, and what runs beside it.


@on_unix
def test_names_and_messages_are_shown_escaped(kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("repositories.WHO", {"GIT_AUTHOR_NAME": "Eve\x1b[31m\u202e!", "GIT_AUTHOR_EMAIL": "e@example.org",
                                             "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x"})  # fmt: skip
    write(root, edited(FEBRUARY, "900", "901"))
    committed(root, "::error::pwned\x1b[2J\r\x07 " + "long " * 50 + "\n\n:100644 100644 a b M\n")
    out = kpi("show", "visits", "--history").out

    assert "Eve‹U+001B›[31m‹U+202E›!" in out
    assert "::error::pwned‹U+001B›[2J" in out
    assert not {"\x1b", "\r", "\x07", "\u202e"} & set(out)
    assert max(map(len, out.splitlines())) < 200


@on_unix
def test_odd_names_elsewhere_in_the_history_do_no_harm(kpi: Kpi, root: Path) -> None:
    for name in ("a\nb.yaml", ":100644 x.yaml", "caf\udce9.yaml", "-x.yaml"):
        (root / "kpis/reading" / name).write_text("x\n" * 20, encoding="utf-8")
    committed(root, "Odd")
    (root / "kpis/reading/a\nb.yaml").rename(root / "kpis/reading/\n.yaml")
    (root / "kpis/reading/visits.yaml").unlink()
    (root / "kpis/reading/visits.yaml").symlink_to("/etc/passwd")
    committed(root, "Odder")
    (root / "kpis/reading/visits.yaml").unlink()
    write(root, FEBRUARY)
    committed(root, "Back")

    assert len(events(kpi)) == 3
    assert len(read_history(kpi)["passed_over"]) == 1


def test_a_repository_in_a_folder_of_another_has_its_own_history(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, visits=edited(VISITS, "900", "1"))
    monkeypatch.chdir(written(tmp_path / "town"))
    committed(tmp_path)

    assert ("2024-01", "published", None, 900) in events(kpi)


@on_unix
def test_five_processes_are_enough_and_none_that_settings_name_is_started(
    kpi: Kpi, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n", encoding="utf-8")
    (root / ".gitattributes").write_text("*.yaml diff=x filter=x\n", encoding="utf-8")
    for value in range(901, 911):
        write(root, edited(FEBRUARY, "900", str(value)))
        committed(root, f"{value}")
    for name in (
        "gpg.program",
        "core.pager",
        "diff.external",
        "diff.x.textconv",
        "core.fsmonitor",
        "filter.x.smudge",
    ):
        git(root, "config", name, os.fspath(trap))
    for name, setting in (("log.showSignature", "true"), ("log.follow", "true"), ("log.showRoot", "false"), ("diff.renames", "false"),
                        ("log.decorate", "full"), ("color.ui", "always"), ("format.notes", "*"), ("diff.noprefix", "true"),
                        ("log.diffMerges", "off")):  # fmt: skip
        git(root, "config", name, setting)
    counter, real = tmp_path / "bin/git", shutil.which("git")
    counter.parent.mkdir()
    counter.write_text(f"#!/bin/sh\necho >>'{tmp_path}/calls'\nexec '{real}' \"$@\"\n", encoding="utf-8")
    for program in (trap, counter):
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{counter.parent}{os.pathsep}{os.environ['PATH']}")

    assert len(events(kpi)) == 13
    assert (tmp_path / "calls").read_text(encoding="utf-8").count("\n") == 5
    assert not sprung.exists()


def test_a_time_that_no_calendar_has_is_told_as_the_last_day_of_one(kpi: Kpi, root: Path) -> None:
    write(root, edited(FEBRUARY, "900", "901"))
    git(root, "add", "--all")
    tree = git(root, "write-tree")
    head = git(root, "rev-parse", "HEAD")
    text = (
        f"tree {tree}\nparent {head}\nauthor A <a> 1 +0000\ncommitter A <a> 99999999999999 +0000\n\nLater\n"
    )
    commit = git(root, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", given=text.encode())
    git(root, "update-ref", "HEAD", commit)

    assert read_history(kpi)["events"][-1]["date"] == "9999-12-31"


# Laws.

figures = st.dictionaries(
    st.sampled_from(["2020/21", "2021/22", "2022/23", "2023-04"]),
    st.sampled_from([1, 2, 3, {"value": 2, "marks": ["provisional"]}, {"marks": ["not-available"]}]),
    max_size=4,
)
versions = st.lists(st.none() | st.dictionaries(st.sampled_from(["a", "b"]), figures, min_size=1), max_size=6)


@given(versions)
def test_the_events_one_after_the_other_make_the_last_version(past: list[dict[str, Any] | None]) -> None:
    kpis = [None if item is None else made(item) for item in past]
    left: dict[str, dict[str, Any]] = {}
    for item in trace_figures([Version(kpi) for kpi in kpis]):
        series = left[item.measure.id] = {}
        for event in item.events:
            period = event.change.newest.period.text
            assert series.get(period) == event.change.before
            series[period] = event.change.after

    last = kpis[-1] if kpis else None
    expected = {
        item.id: {figure.period.text: figure for figure in item.observations}
        for item in (last.measures if last else ())
    }
    there = {
        name: {period: each for period, each in series.items() if each is not None}
        for name, series in left.items()
    }
    assert {name: series for name, series in there.items() if series} == {
        name: series for name, series in expected.items() if series
    }


def made(measures: dict[str, Any]) -> Any:
    values = {
        "title": "A",
        "definition": "A.",
        "unit": "count",
        "better": "higher",
        "measures": {name: {"title": name, "observations": series} for name, series in measures.items()},
    }
    return build_kpi(values, "x", "y", 4).kpi
