"""`kpi lint --changed-since`: what a change has to answer for, in real repositories."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings import quick
from kpi.lint.changes import changed_lines
from repositories import committed, git
from running import Done, Kpi
from small import HOURS, LOANS, PLAN, SATISFACTION, STAFF, edited, written

OLD_SLIP = edited(SATISFACTION, "2022: 85, 2023: 79.5", "2022: 85, 2023: 79.5%")
"""A file with an error that was there before."""

Since = Callable[..., tuple[list[tuple[str, str, int]], int]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one old error, on a branch of its own."""
    root = written(tmp_path, satisfaction=OLD_SLIP)
    committed(root)
    git(root, "checkout", "--quiet", "-b", "figures")
    return root


@pytest.fixture
def since(kpi: Kpi) -> Since:
    """What `--changed-since main` tells, as (file, rule, line), and how many older findings it counts."""

    def call(*more: str) -> tuple[list[tuple[str, str, int]], int]:
        done = kpi("lint", "--format", "json", "--changed-since", "main", "--as-of", "2024-06-01", *more)
        document = json.loads(done.out)
        results = [(Path(item["path"]).stem, item["rule"], item["line"]) for item in document["findings"]]
        assert done.code == (1 if document["summary"]["errors"] else 0)
        return results, document["summary"]["older"]

    return call


def test_what_was_there_before_is_counted_and_not_shown(kpi: Kpi, root: Path) -> None:
    del root

    assert kpi("lint").code == 1

    done = kpi("lint", "--changed-since", "main", "--as-of", "2024-06-01")

    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Gaps, jumps and the like were not checked in kpis/people/satisfaction.yaml, because of the errors there.\n"
        "Nothing to fix. 8 files checked; 1 finding ignored with a reason; 1 older finding not shown.\n"
    )


def test_a_new_slip_is_shown_whether_committed_or_not(since: Since, root: Path) -> None:
    written(root, satisfaction=edited(OLD_SLIP, "2023: 81", "2023: 81%"))
    not_yet = since()
    committed(root)

    assert not_yet == since() == ([("satisfaction", "not-a-number", 12)], 1)


def test_a_new_file_is_all_new_before_git_knows_it(since: Since, root: Path) -> None:
    (root / "kpis/people/extra.yaml").write_text(
        edited(STAFF, "2024-03-31: 6", "2024-03-31: 6%"), encoding="utf-8"
    )
    actual, older = since()

    assert ("extra", "not-a-number", 13) in actual
    assert ("extra", "not-in-plan", 1) in actual
    assert older == 1


def test_lines_that_come_above_an_old_finding_don_t_make_it_new(since: Since, root: Path) -> None:
    written(
        root, satisfaction=edited(OLD_SLIP, "unit: percent\n", "unit: percent\nnote: A note.\nowner: head\n")
    )

    assert since() == ([], 1)


@pytest.mark.parametrize(
    "slip",
    [
        pytest.param("unit: percent\nunit: percent\n", id="a message that names two lines"),
        pytest.param(
            "<<<<<<< ours\nunit: percent\n=======\nunit: count\n>>>>>>> theirs\n", id="a range of lines"
        ),
        pytest.param("unit: percent\n=======\n", id="a line left over"),
    ],
)
def test_lines_that_come_above_change_no_more_of_an_old_finding_than_its_lines(
    slip: str, since: Since, root: Path
) -> None:
    old = edited(OLD_SLIP, "unit: percent\n", slip)
    written(root, satisfaction=old)
    committed(root)
    git(root, "branch", "--force", "main")
    written(root, satisfaction=f"# A comment above.\n{old}")

    actual, older = since()
    assert (actual, older > 0) == ([], True)


def test_an_old_finding_on_a_changed_line_is_shown(since: Since, root: Path) -> None:
    written(root, satisfaction=edited(OLD_SLIP, "2022: 85, 2023: 79.5%", "2022: 84, 2023: 79.5%"))

    assert since() == ([("satisfaction", "not-a-number", 17)], 0)


def test_what_a_change_breaks_in_another_file_is_shown_there(since: Since, root: Path) -> None:
    written(
        root,
        plan=edited(PLAN, "  head: Head of Libraries\n", "  chief: Head of Libraries\n"),
        satisfaction=OLD_SLIP,
    )

    assert since() == ([("loans", "unknown-reference", 4)], 1)


def test_what_a_removed_line_leaves_wanting_is_shown(since: Since, root: Path) -> None:
    written(
        root, opening_hours=edited(HOURS, "definition: Hours open in a week.\n", ""), satisfaction=OLD_SLIP
    )

    assert since() == ([("opening-hours", "missing-field", 2)], 1)


def test_a_finding_that_a_comment_no_longer_hides_is_new(since: Since, root: Path) -> None:
    comment = "  # kpi: ignore[check-fails] the return counts audio books twice\n"
    written(root, loans=edited(LOANS, comment, ""), satisfaction=OLD_SLIP)

    assert since()[0] == [("loans", "check-fails", 9)]


def test_a_copy_of_an_old_slip_is_new(since: Since, root: Path) -> None:
    line = "    observations: {2022: 85, 2023: 79.5%}\n"
    written(root, satisfaction=edited(OLD_SLIP, "    observations: {2022: 75, 2023: 81}\n", line))

    assert since() == ([("satisfaction", "not-a-number", 12)], 1)


def test_a_slip_that_was_mended_is_no_more(since: Since, root: Path) -> None:
    written(root)

    assert since() == ([], 0)


def test_other_people_s_commits_are_no_part_of_the_change(since: Since, root: Path) -> None:
    git(root, "checkout", "--quiet", "main")
    written(root, opening_hours=edited(HOURS, "[loans/books]", "[loans/boks]"), satisfaction=OLD_SLIP)
    committed(root, "Theirs")
    git(root, "checkout", "--quiet", "figures")
    written(root, satisfaction=edited(OLD_SLIP, "2023: 81", "2023: 81%"))

    assert since() == ([("satisfaction", "not-a-number", 12)], 1)


def test_windows_line_ends_alone_are_no_change(since: Since, root: Path) -> None:
    (root / "kpis/people/satisfaction.yaml").write_bytes(OLD_SLIP.replace("\n", "\r\n").encode())

    assert since() == ([], 1)


def test_the_first_commit_of_a_framework_has_everything_to_answer_for(kpi: Kpi, tmp_path: Path) -> None:
    committed(tmp_path, "Empty")
    written(tmp_path, satisfaction=OLD_SLIP)

    assert "1 error to fix" in kpi("lint", "--changed-since", "HEAD").out


def test_paths_and_rules_narrow_what_is_old_too(since: Since, root: Path) -> None:
    del root

    assert since("kpis/reading") == ([], 0)
    assert since("kpis/people") == ([], 1)
    assert since("--ignore", "not-a-number") == ([], 0)


@pytest.mark.parametrize(
    ("ref", "code", "said"),
    [
        ("nowhere", 2, 'kpi: "nowhere" is not a commit in this clone.\n'),
        ("--output=x", 2, 'kpi: "--output=x" is not a commit in this clone.\n'),
        ("", 2, 'kpi: "" is not a commit in this clone.\n'),
    ],
)
def test_a_commit_that_is_none_is_wrong_use(kpi: Kpi, root: Path, ref: str, code: int, said: str) -> None:
    assert kpi("lint", f"--changed-since={ref}") == Done(code, "", said)
    assert not (root / "x").exists()


def test_without_a_repository_the_tool_can_t_work(kpi: Kpi, tmp_path: Path) -> None:
    done = kpi("lint", "--changed-since", "HEAD", "--root", written(tmp_path))

    assert (done.code, done.out) == (3, "")
    assert "is not in a git repository" in done.err


def test_nothing_is_left_behind(
    kpi: Kpi, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", os.fspath(tmp_path / "temporary"))
    before = git(root, "status", "--porcelain", "--ignored")
    kpi("lint", "--changed-since", "main")

    assert list((tmp_path / "temporary").iterdir()) == []
    assert git(root, "status", "--porcelain", "--ignored") == before


# Changed lines.


lines = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12)


@quick
@given(lines, lines)
def test_what_is_outside_the_changed_lines_was_there_before(before: list[str], now: list[str]) -> None:
    changed = {number for item in changed_lines(before, now) for number in item}
    kept = [line for number, line in enumerate(now, 1) if number not in changed]
    rest = iter(before)

    assert changed <= set(range(1, len(now) + 1))
    assert all(line in rest for line in kept)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("a b c", "a b c", []),
        ("a b c", "a x c", [2]),
        ("a b c", "a c", []),
        ("a c", "a b c", [2]),
        ("", "a b", [1, 2]),
        ("a a", "a a a", [3]),
        ("a b c d e", "x b c y e", [1, 4]),
    ],
)
def test_changed_lines_are_the_new_and_the_different_ones(before: str, now: str, expected: list[int]) -> None:
    numbers = [number for lines in changed_lines(before.split(), now.split()) for number in lines]

    assert numbers == expected


def test_long_files_are_compared_in_no_time() -> None:
    before, now = [str(n % 7) for n in range(200_000)], [str(n % 5) for n in range(200_000)]

    assert list(changed_lines(before, [*before[:-1], "x"])) == [range(200_000, 200_001)]
    assert sum(map(len, changed_lines(before, now))) > 150_000
