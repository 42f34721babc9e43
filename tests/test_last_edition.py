"""What has changed since the last edition: read from git, said on one line, and the same in every clone that can say it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from repositories import WHO, git
from running import Kpi
from small import FILES, HOURS, LOANS, PLAN, SATISFACTION, VISITS, edited, written

TAG = "edition-2023-11-28"
LAST = edited(PLAN, "2024-05-15", "2023-11-28")
FRONT = "docs/scorecard/README.md"
LINE = "**Since the last edition** (28 November 2023): "


def plan(last: str = TAG) -> str:
    """The plan of this edition, which names the last one."""
    return edited(PLAN, "  purpose: To be noted.\n", f"  purpose: To be noted.\n  last: {last}\n")


def commit(root: Path, files: Mapping[str, str], day: str) -> None:
    """Commit these files as the repository's only ones, at noon of a day."""
    written(root, files)
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    when = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    subprocess.run(
        ["git", "commit", "--quiet", "--message=x"], cwd=root, env={**os.environ, **WHO, **when}, check=True
    )


def two_editions(root: Path, now: dict[str, str], last: str = TAG) -> Path:
    """A repository with a tagged edition, and the next one, in which some files are others."""
    commit(root, FILES | {"kpis/plan.yaml": LAST}, "2023-11-20")
    git(root, "tag", TAG)
    commit(root, FILES | {"kpis/plan.yaml": plan(last)} | now, "2024-05-10")
    return root


NEWS = {
    "kpis/reading/opening-hours.yaml": edited(HOURS, "2024-03-31: 39", "2024-03-31: 41"),
    "kpis/reading/visits.yaml": edited(
        VISITS, "2024-01: 900", "2024-01: {value: 910, marks: [revised], note: Late.}"
    ),
    "kpis/people/satisfaction.yaml": edited(SATISFACTION, "{2022: 75, 2023: 81}", "{2022: 75, 2023: 79}"),
}
SAID = (
    "newly met: [Opening hours: hours a week](kpis/opening-hours.md); "
    "newly not met: [Satisfaction: Under 25](kpis/satisfaction.md); figures revised: [Visits](kpis/visits.md), "
    "[Opening hours: hours a week](kpis/opening-hours.md) and [Satisfaction: Under 25](kpis/satisfaction.md)."
)


def line(root: Path) -> str:
    """The line of the front page."""
    (reported,) = [
        text for text in (root / FRONT).read_text().splitlines() if "Since the last edition" in text
    ]
    return reported.removeprefix(LINE)


@pytest.mark.parametrize("last", [TAG, "2023-11-28", "2023-11-20"])
def test_the_front_page_and_the_paper_say_what_has_changed(tmp_path: Path, kpi: Kpi, last: str) -> None:
    root = two_editions(tmp_path, NEWS, last)

    assert kpi("build", "--root", root).code == 0
    assert line(root) == SAID
    done = kpi("paper", "--root", root)
    assert LINE in done.out
    assert done.err == ""


def test_where_nothing_has_changed_that_is_said(tmp_path: Path, kpi: Kpi) -> None:
    root = two_editions(tmp_path, {})

    kpi("build", "--root", root)
    assert line(root) == "no target newly met or newly not met, no figure revised."


def test_a_plan_that_names_no_last_edition_has_no_line_and_needs_no_git(tmp_path: Path, kpi: Kpi) -> None:
    root = written(tmp_path)

    assert kpi("build", "--root", root).code == 0
    assert "last edition" not in (root / FRONT).read_text()


def test_a_new_target_that_isn_t_met_is_newly_not_met_and_a_new_one_that_is_met_is_no_news(
    tmp_path: Path, kpi: Kpi
) -> None:
    target = "    baseline: 2020/21\n"
    without = edited(LOANS, "    targets:\n      - {at_least: 5000, source: library-plan}\n", "")
    easy = edited(without, target, f"    targets:\n      - {{at_least: 1, source: library-plan}}\n{target}")
    for number, (now, news) in enumerate(
        {LOANS: "newly not met: [Loans: All items](kpis/loans.md).", easy: ""}.items()
    ):
        root = tmp_path / str(number)
        commit(root, FILES | {"kpis/plan.yaml": LAST, "kpis/reading/loans.yaml": without}, "2023-11-20")
        git(root, "tag", TAG)
        commit(root, FILES | {"kpis/plan.yaml": plan(), "kpis/reading/loans.yaml": now}, "2024-05-10")

        kpi("build", "--root", root)
        assert line(root) == (news or "no target newly met or newly not met, no figure revised.")


def test_a_renamed_kpi_is_compared_with_what_it_was(tmp_path: Path, kpi: Kpi) -> None:
    root = two_editions(tmp_path, {})
    listed = edited(plan(), "[loans, visits]", "[visits, lending]")
    moved = {name: text for name, text in FILES.items() if name != "kpis/reading/loans.yaml"}
    (root / "kpis/reading/loans.yaml").unlink()
    hours = edited(HOURS, "loans/books", "lending/books")
    files = {
        "kpis/plan.yaml": listed,
        "kpis/reading/lending.yaml": LOANS,
        "kpis/reading/opening-hours.yaml": hours,
    }
    commit(root, moved | files, "2024-05-12")

    kpi("build", "--root", root)
    assert line(root) == "no target newly met or newly not met, no figure revised."


def test_a_provisional_figure_that_was_replaced_is_not_revised(tmp_path: Path, kpi: Kpi) -> None:
    final = edited(LOANS, "{value: 4800, marks: [provisional]}", "4790")
    root = two_editions(tmp_path, {"kpis/reading/loans.yaml": final})

    kpi("build", "--root", root)
    assert line(root) == "no target newly met or newly not met, no figure revised."


def test_more_than_a_few_are_counted(tmp_path: Path, kpi: Kpi) -> None:
    many = "measures:\n" + "".join(
        f"  m{number}:\n    title: Street {number}\n    targets:\n      - {{at_least: 9, source: library-plan}}\n    observations: {{2023: VALUE{number}}}\n"
        for number in range(6)
    )
    head = "title: Streets\ndefinition: Streets.\nunit: count\nbetter: higher\nsources: [return]\n"
    files = []
    for value in (10, 5):
        text = many
        for number in range(6):
            text = text.replace(f"VALUE{number}", str(value))
        files.append(head + text)
    for text, day, own in ((files[0], "2023-11-20", LAST), (files[1], "2024-05-10", plan())):
        listed = edited(own, "[opening-hours]", "[opening-hours, streets]")
        commit(tmp_path, FILES | {"kpis/plan.yaml": listed, "kpis/reading/streets.yaml": text}, day)
        if day == "2023-11-20":
            git(tmp_path, "tag", TAG)

    kpi("build", "--root", tmp_path)
    assert "[Streets: Street 3](kpis/streets.md) and 2 more; figures revised: [" in line(tmp_path)


def test_a_file_that_can_t_be_read_any_more_is_counted_and_not_guessed(tmp_path: Path, kpi: Kpi) -> None:
    commit(
        tmp_path,
        FILES | {"kpis/plan.yaml": LAST, "kpis/reading/loans.yaml": f"{LOANS}colour: red\n"},
        "2023-11-20",
    )
    git(tmp_path, "tag", TAG)
    commit(tmp_path, FILES | {"kpis/plan.yaml": plan()}, "2024-05-10")

    kpi("build", "--root", tmp_path)
    assert line(tmp_path).endswith(
        "1 KPI could not be compared, because the older file can no longer be read."
    )
    assert "loans" not in line(tmp_path)


# Clones: every one makes the same pages, or none and says what it lacks.


def clone(origin: Path, *options: str) -> Path:
    """A clone beside a repository."""
    git(origin.parent, "clone", "--quiet", *options, f"file://{origin}", "clone")
    return origin.parent / "clone"


@pytest.mark.parametrize("last", [TAG, "2023-11-28"])
def test_a_clone_that_lacks_the_last_edition_says_what_to_fetch_and_then_makes_the_same_pages(
    tmp_path: Path, kpi: Kpi, last: str
) -> None:
    origin = two_editions(tmp_path / "origin", NEWS, last)
    kpi("build", "--root", origin)
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message=Pages")
    root = clone(origin, "--depth=1", "--no-tags")

    for words in (("build",), ("build", "--check"), ("build", "--check", "HEAD")):
        done = kpi(*words, "--root", root)
        assert (done.code, done.out) == (2, ""), words
        assert "fetch-depth: 0 in a workflow" in done.err
    assert git(root, "status", "--porcelain") == ""
    paper = kpi("paper", "--root", root)
    assert paper.code == 0
    assert "Since the last edition" not in paper.out
    assert paper.err.endswith("What has changed since is left out.\n")
    assert paper.err.count("\n") == 1

    git(root, "fetch", "--quiet", "--unshallow", "--tags")
    for words in (("build", "--check"), ("build", "--check", "HEAD")):
        assert kpi(*words, "--root", root).code == 0, words


def test_a_shallow_clone_that_has_the_day_has_the_same_pages(tmp_path: Path, kpi: Kpi) -> None:
    origin = two_editions(tmp_path / "origin", NEWS, "2023-11-28")
    kpi("build", "--root", origin)
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message=Pages")
    root = clone(origin, "--depth=3")

    assert kpi("build", "--check", "--root", root).code == 0


def test_a_day_is_looked_for_in_the_history_of_the_commit_that_is_checked(tmp_path: Path, kpi: Kpi) -> None:
    root = two_editions(tmp_path, NEWS, "2023-11-28")
    kpi("build", "--root", root)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Pages")
    git(root, "checkout", "--quiet", "--orphan", "other")
    git(root, "rm", "-r", "--quiet", "--force", "docs")
    git(root, "commit", "--quiet", "--message=Other")

    assert kpi("build", "--check", "main", "--root", root).code == 0


def test_a_tag_that_isn_t_there_a_day_before_all_and_no_git_are_told(tmp_path: Path, kpi: Kpi) -> None:
    root = two_editions(tmp_path / "tag", {}, "edition-2023-11-27")
    assert '"edition-2023-11-27", is no tag in this clone' in kpi("build", "--root", root).err
    root = two_editions(tmp_path / "day", {}, "2023-11-19")
    output = kpi("build", "--root", root).err
    assert 'begins after the last edition, "2023-11-19". Or correct "last" in kpis/plan.yaml.' in output
    root = written(tmp_path / "none", FILES | {"kpis/plan.yaml": plan()})
    done = kpi("build", "--root", root)
    assert done.code == 3
    assert 'The last edition, "edition-2023-11-28", is read from git.' in done.err
    assert not (root / "docs").exists()


def test_a_tag_without_a_usable_plan_is_told(tmp_path: Path, kpi: Kpi) -> None:
    commit(tmp_path, {"kpis/plan.yaml": "title: x\n"}, "2023-11-20")
    git(tmp_path, "tag", TAG)
    commit(tmp_path, FILES | {"kpis/plan.yaml": plan()}, "2024-05-10")

    assert "has no plan that can be used" in kpi("build", "--root", tmp_path).err


@pytest.mark.parametrize("name", ["-x", "a b", "--output=x", "HEAD^", "a" * 101, "x@{1}"])
def test_what_is_no_name_of_a_tag_is_an_error_of_lint(tmp_path: Path, kpi: Kpi, name: str) -> None:
    root = written(tmp_path, FILES | {"kpis/plan.yaml": plan(f'"{name}"')})

    done = kpi("lint", "--root", root)
    assert done.code == 1
    assert "kpis/plan.yaml:10:9: error wrong-value-form" in done.out


@pytest.mark.parametrize(
    ("last", "code"), [("2024-05-15", 1), ("2025-01-01", 1), ("2024-05-14", 0), (TAG, 0)]
)
def test_a_day_that_isn_t_before_the_edition_is_an_error_of_lint(
    tmp_path: Path, kpi: Kpi, last: str, code: int
) -> None:
    done = kpi("lint", "--root", written(tmp_path, FILES | {"kpis/plan.yaml": plan(last)}))

    assert done.code == code
    assert ("last-edition" in done.out) == bool(code)
