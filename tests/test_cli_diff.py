"""`kpi diff`: what a change means, in real repositories."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi.model.kpi import Kpi as Built
from kpi.pages.change_report import NOTHING
from kpi.store.paths import KpiPath
from kpi.store.repository import usable_kpi
from repositories import committed, git
from running import Done, Kpi
from small import FILES, LOANS, PLAN, SATISFACTION, STAFF, VISITS, edited, written

on_unix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such scripts")

HERE = Path(__file__).parent / "changes"
RICH = {
    "loans": LOANS.replace("2022/23: 4900\n", "2022/23: 4950\n").replace(
        "value: 4800, marks: [provisional]", "value: 5100"
    ),
    "visits": VISITS.replace("at_least: 1000", "at_least: 900").replace(
        "2024-03: {marks: [not-available]}", "2024-03: 930"
    ),
    "satisfaction": SATISFACTION.replace("2022: 85, 2023: 79.5", "2022: 85, 2023: 79.5, 2024: 79"),
    "staff": STAFF.replace("at_least: 10,", "at_least: 12,")
    .replace("unit: {currency: GBP}", "unit: {currency: EUR}")
    .replace("title: Well at work", "title: Staff who are well"),
    "plan": PLAN.replace("date: 2024-05-15", "date: 2024-11-20").replace("reading-circles, ", ""),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The small repository, committed on main, and a branch for figures."""
    root = written(tmp_path)
    committed(root)
    git(root, "checkout", "--quiet", "-b", "figures")
    return root


def rich(root: Path) -> None:
    """A change of every kind in the work tree: files edited, one renamed, one deleted."""
    written(root, None, **RICH)
    (root / "kpis/people/reading-circles.yaml").unlink()
    (root / "kpis/reading/opening-hours.yaml").rename(root / "kpis/people/hours.yaml")
    plan = (root / "kpis/plan.yaml").read_text(encoding="utf-8")
    plan = edited(edited(plan, "kpis: [opening-hours]", "kpis: [visits]"), "[loans, visits]", "[loans]")
    (root / "kpis/plan.yaml").write_text(edited(plan, "staff, ", "staff, hours, "), encoding="utf-8")


# What is compared.


def test_nothing_has_changed_since_the_last_commit(kpi: Kpi, root: Path) -> None:
    del root

    assert kpi("diff") == Done(0, f"{NOTHING}\n", "")
    assert kpi("diff", "main") == kpi("diff", "main", "figures") == Done(0, f"{NOTHING}\n", "")


def test_a_comment_a_spelling_and_an_order_change_nothing(kpi: Kpi, root: Path) -> None:
    text = edited(
        LOANS,
        "      2020/21: 4000\n      2021/22: 5200\n",
        "      2021-04 to 2022-03:   5200 # so\n      2020/21: 4000\n",
    )
    written(root, loans=text)
    (root / "kpis/people/satisfaction.yaml").write_bytes(SATISFACTION.replace("\n", "\r\n").encode())

    assert kpi("diff").out == f"{NOTHING}\n"


def test_the_work_tree_is_compared_whether_git_knows_its_files_or_not(kpi: Kpi, root: Path) -> None:
    written(root, loans=RICH["loans"])
    output = kpi("diff").out
    (root / "kpis/people/extra.yaml").write_text(
        FILES["kpis/people/school-links.yaml"].replace("Links", "More links"), encoding="utf-8"
    )

    assert "2022/23: 4,900 → 4,950" in output
    assert "1 KPI added" in kpi("diff").out


def test_a_branch_is_compared_from_where_it_began(kpi: Kpi, root: Path) -> None:
    written(root, loans=RICH["loans"])
    committed(root, "Mine")
    git(root, "checkout", "--quiet", "main")
    written(root, visits=RICH["visits"])
    committed(root, "Theirs")
    git(root, "checkout", "--quiet", "figures")
    mine, both = kpi("diff", "main"), kpi("diff", "main", "figures")

    assert "Loans" in mine.out
    assert "Visits" not in mine.out
    assert "Visits" in both.out


def test_two_commits_are_compared_without_the_work_tree(kpi: Kpi, root: Path) -> None:
    written(root, loans=RICH["loans"])
    committed(root, "A figure")
    written(root, visits="title: [\n")

    assert kpi("diff", "HEAD^", "HEAD").out.startswith(
        "1 provisional figure replaced, 1 target recovered, 1 published"
    )
    back = kpi("diff", "HEAD", "HEAD^").out
    assert "2022/23: 4,950 → 4,900" in back


def test_only_the_target_that_decides_is_called_the_reason(kpi: Kpi, root: Path) -> None:
    added = "      - {at_least: 4700, from: 2022/23}\n      - {at_least: 4900, from: 2025/26}\n"
    target = "      - {at_least: 5000, source: library-plan}\n"
    written(root, loans=edited(LOANS, target, target + added))

    added_targets = [line.strip() for line in kpi("diff").out.splitlines() if "New: " in line]
    assert added_targets == [
        (
            "New: at least 4,700, from 2022/23, looser than at least 5,000 (Library plan)"
            "; it is met, and would be off target with the target from before"
        ),
        "New: at least 4,900, from 2025/26, tighter than at least 4,700, from 2022/23",
    ]


def test_a_new_figure_stands_beside_the_one_before(kpi: Kpi, root: Path) -> None:
    written(
        root,
        None,
        visits=edited(VISITS, "2024-03: {marks: [not-available]}", "2024-03: 950\n      2024-04: 1012"),
    )

    assert "April 2024: 1,012, after 950 (March 2024)" in kpi("diff").out


@pytest.mark.parametrize("kept", [False, True], ids=["read", "kept by lint"])
def test_a_new_figure_that_is_an_other_s_is_asked_about(kpi: Kpi, root: Path, *, kept: bool) -> None:
    written(
        root, None, visits=edited(VISITS, "    observations:\n", "    observations:\n      2023/24: 4800\n")
    )
    if kept:
        kpi("lint")

    said = kpi("diff").out
    assert "2023/24: 4,800; loans/all (2023/24) has the same figure: is it in the right place?" in said


def test_a_figure_copied_forward_is_asked_about(kpi: Kpi, root: Path) -> None:
    base = edited(VISITS, "2024-03: {marks: [not-available]}", "2024-03: 1012")
    written(root, None, visits=base)
    committed(root)
    written(root, None, visits=edited(base, "2024-03: 1012", "2024-03: 1012\n      2024-04: 1012"))

    assert "April 2024: 1,012, after 1,012 (March 2024); met; was it copied forward?" in kpi("diff").out


def test_a_new_period_that_the_other_measures_lack_is_told(kpi: Kpi, root: Path) -> None:
    series = "    observations: {2021: 7, 2022: 8, 2023: 9}\n"
    text = "title: Rooms\ndefinition: Rooms.\nunit: count\nbetter: higher\nmeasures:\n" + "".join(
        f"  {item}:\n    title: {item}\n{series}" for item in "abcd"
    )
    (root / "kpis/people/staff.yaml").write_text(text, encoding="utf-8")
    committed(root)
    ahead = text.replace("2023: 9}", "2023: 9, 2024: 10}", 1)
    (root / "kpis/people/staff.yaml").write_text(ahead, encoding="utf-8")
    lacking = '2024 has no figure yet for "b", "c" and "d", which have had the same periods so far'

    assert lacking in kpi("diff").out
    (root / "kpis/people/staff.yaml").write_text(
        ahead.replace("2023: 9}", "2023: 9, 2024: 10}"), encoding="utf-8"
    )
    assert "no figure yet" not in kpi("diff").out


# The forms.


def test_a_rich_change_as_text(kpi: Kpi, root: Path, golden: Callable[[Path, str], None]) -> None:
    rich(root)

    golden(HERE / "rich.txt", kpi("diff").out)


def test_a_rich_change_as_markdown(kpi: Kpi, root: Path, golden: Callable[[Path, str], None]) -> None:
    rich(root)

    golden(HERE / "rich.md", kpi("diff", "--format", "markdown").out)


def test_a_rich_change_as_json(kpi: Kpi, root: Path) -> None:
    rich(root)
    document = json.loads(kpi("diff", "--format", "json").out)
    measures = {
        f"{item['kpi']}/{measure['measure']}": measure
        for item in document["kpis"]
        for measure in item["measures"]
    }
    kinds = {item["kpi"]: item["change"] for item in document["kpis"]}

    assert (document["version"], document["as_of"]) == (2, "2024-12-31")
    assert kinds == {
        "loans": "kept",
        "visits": "kept",
        "satisfaction": "kept",
        "staff": "kept",
        "hours": "renamed",
        "reading-circles": "removed",
    }
    assert [item["value"] for item in measures["loans/all"]["figures"]] == [4950, 5100]
    assert [item["way"] for item in measures["visits/visits"]["targets"]] == ["looser"]
    assert measures["visits/visits"]["state_with_old_targets"] == "not due"
    assert document["counts"]["revised"] == 1
    assert document["sentence"] == kpi("diff").out.splitlines()[0]


def test_the_result_can_be_written_to_a_file(kpi: Kpi, root: Path) -> None:
    rich(root)
    output = kpi("diff", "--format", "markdown").out

    assert kpi("diff", "--format", "markdown", "--output", "diff.md") == Done(0, "", "")
    assert (root / "diff.md").read_text(encoding="utf-8") == output


def test_both_versions_can_be_judged_on_a_named_day(kpi: Kpi, root: Path) -> None:
    written(root, loans=edited(RICH["loans"], "at_least: 5000", "at_least: 4000"))
    document = json.loads(kpi("diff", "--format", "json", "--as-of", "2022-04-01").out)

    assert document["as_of"] == "2022-04-01"


# What can't be compared.


def test_a_broken_file_is_named_and_left_out(kpi: Kpi, root: Path) -> None:
    written(root, loans="title: [\n")
    done = kpi("diff")

    assert done.code == 1
    assert done.out == (
        "Nothing that counts has changed in the files that could be compared.\n"
        "Left out, because not all of it could be read after the change: kpis/reading/loans.yaml. Run kpi lint.\n"
    )


def test_a_file_that_was_broken_in_the_older_commit_is_named(kpi: Kpi, root: Path) -> None:
    written(root, loans="title: [\n")
    committed(root)
    written(root)

    assert "read before the change: kpis/reading/loans.yaml" in kpi("diff").out


def test_a_deleted_kpi_beside_a_broken_new_file_is_not_called_deleted(kpi: Kpi, root: Path) -> None:
    (root / "kpis/people/staff.yaml").unlink()
    (root / "kpis/people/personnel.yaml").write_text("title: [\n", encoding="utf-8")
    output = kpi("diff").out

    assert "Removed" not in output
    assert "may be new, gone or renamed: staff." in output


def test_without_a_usable_plan_nothing_is_compared(kpi: Kpi, root: Path) -> None:
    written(root, plan="title: [\n")
    one_side = kpi("diff")
    committed(root)
    done = kpi("diff")

    assert (one_side.code, "Left out" in one_side.out) == (1, True)
    assert done == Done(2, "", "kpi: kpis/plan.yaml can't be used. Run kpi lint to see why.\n")


def test_before_the_first_figures_everything_is_new(kpi: Kpi, tmp_path: Path) -> None:
    committed(tmp_path)
    written(tmp_path)

    assert (
        kpi("diff").out.startswith("1 target newly not met, 7 KPIs added, no history revised.\n")
        or "7 KPIs added" in kpi("diff").out
    )


# Wrong use, trouble, hostile names.


@pytest.mark.parametrize(
    "ref", ["nowhere", "--output=x", "-x", "HEAD:kpis", "HEAD..main", "$(touch x)", "\u202e", ""], ids=ascii
)
@pytest.mark.parametrize("place", [0, 1])
def test_what_names_no_commit_is_refused_and_does_nothing(kpi: Kpi, root: Path, ref: str, place: int) -> None:
    before = sorted(root.rglob("*"))
    refs = ["HEAD", "HEAD"]
    refs[place] = ref
    done = kpi("diff", "--", *refs)

    assert (done.code, done.out) == (2, "")
    assert "is not a commit in this clone." in done.err
    assert sorted(root.rglob("*")) == before


def test_three_commits_are_one_too_many(kpi: Kpi, root: Path) -> None:
    del root

    assert kpi("diff", "a", "b", "c").code == 2


def test_without_a_repository_the_tool_can_t_work(kpi: Kpi, tmp_path: Path) -> None:
    done = kpi("diff", "--root", written(tmp_path))

    assert (done.code, done.out) == (3, "")
    assert "is not in a git repository" in done.err


def test_a_hostile_text_stays_text(kpi: Kpi, root: Path) -> None:
    evil = "</li><script>x</script> @here | ![i](http://x) `a`"
    written(root, loans=edited(LOANS, "title: Loans\n", f'title: "{evil}"\n'))
    markdown = kpi("diff", "--format", "markdown").out

    assert "<script>" not in markdown
    assert "![i]" not in markdown
    assert "<span>@</span>here" in markdown


def test_what_lint_keeps_saves_reading_and_changes_nothing(
    kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noted(data: bytes, place: KpiPath, year_starts: int) -> Built | None:
        read.append(place.kpi)
        return usable_kpi(data, place, year_starts)

    monkeypatch.setattr("kpi.store.versions.usable_kpi", noted)
    written(root, None, loans=RICH["loans"])
    committed(root)
    without = kpi("diff", "main", "figures")
    assert len(read) == len(FILES)

    read.clear()
    kpi("lint")
    assert kpi("diff", "main", "figures") == kpi("diff", "main") == without
    assert read == ["loans"] * 4
    assert "4,950" in without.out


def test_where_the_day_is_given_no_unchanged_file_is_read(
    kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(root, None, loans=RICH["loans"])
    output = kpi("diff", "--as-of", "2024-05-15").out
    monkeypatch.setattr("kpi.store.versions.usable_kpi", None)
    committed(root)

    assert "4,950" in output
    assert kpi("diff", "--as-of", "2024-05-15").out == f"{NOTHING}\n"


def test_names_of_64_letters_are_known_too(kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path)
    git(root, "init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    committed(root)
    written(root, None, loans=RICH["loans"], staff="title: [\n")
    done = kpi("diff")
    (root / "kpis/people/staff.yaml").write_text(FILES["kpis/people/staff.yaml"], encoding="utf-8")

    assert "kpis/people/staff.yaml" in done.out
    assert len(committed(root)) == 64
    assert kpi("diff", "HEAD^") == kpi("diff", "HEAD^", "HEAD")
    assert "4,950" in kpi("diff", "HEAD^").out


@on_unix
@pytest.mark.parametrize(("words", "most"), [((), 2), (("main",), 5), (("main", "figures"), 8)])
def test_the_number_of_git_processes_doesn_t_depend_on_the_files(
    kpi: Kpi, root: Path, tmp_path_factory: pytest.TempPathFactory, words: tuple[str, ...], most: int
) -> None:
    folder, real = tmp_path_factory.mktemp("bin"), shutil.which("git")
    (folder / "git").write_text(
        f"#!/bin/sh\necho >>'{folder}/calls'\nexec '{real}' \"$@\"\n", encoding="utf-8"
    )
    (folder / "git").chmod(0o755)

    def calls() -> int:
        (folder / "calls").write_text("", encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
            assert kpi("diff", *words).code == 0
        return (folder / "calls").read_text(encoding="utf-8").count("\n")

    written(root, None, loans=RICH["loans"])
    committed(root)
    few = calls()
    for number in range(60):
        (root / f"kpis/people/more-{number}.yaml").write_text(
            STAFF.replace("Staff\n", f"Staff {number}\n"), encoding="utf-8"
        )
    committed(root)

    assert few == calls() == most
