"""Two branches that change the same figures, merged by real git: a clean merge is right, and any other says how to fix it."""

import os
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from kpi.lint.engine import lint
from kpi.lint.fixes import make_fixes
from kpi.store.reader import read
from kpi.store.repository import load
from repositories import WHO, committed, git
from small import PLAN, VISITS, edited, written
from trials import trials

TODAY = date(2024, 6, 1)
VISITS_FILE = "kpis/reading/visits.yaml"
MARCH = "      2024-03: {marks: [not-available]}\n"
DELETE = "and delete the <<<<<<<, ======= and >>>>>>> lines."

Change = Callable[[Path], None]


def change(*pairs: tuple[str, str], path: str = VISITS_FILE) -> Change:
    """A branch that replaces texts of one file."""

    def made(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        for old, new in pairs:
            text = edited(text, old, new)
        (root / path).write_text(text, encoding="utf-8", newline="\n")

    return made


def adds(*lines: str) -> Change:
    """A branch that adds lines below the newest figure."""
    return change((MARCH, MARCH + "".join(f"      {line}\n" for line in lines)))


def moves(root: Path) -> None:
    """A branch that gives the KPI another name and priority."""
    (root / VISITS_FILE).rename(root / "kpis/people/callers.yaml")
    change(
        ("[loans, visits]", "[loans]"), ("[satisfaction,", "[callers, satisfaction,"), path="kpis/plan.yaml"
    )(root)


def deletes(root: Path) -> None:
    """A branch that deletes the KPI."""
    (root / VISITS_FILE).unlink()
    change(("[loans, visits]", "[loans]"), path="kpis/plan.yaml")(root)


def new_kpi(name: str) -> Change:
    """A branch that adds a KPI and its line in the plan, which lists them a line each."""

    def made(root: Path) -> None:
        written(
            root,
            {
                f"kpis/reading/{name}.yaml": edited(
                    edited(VISITS, "2024-01: 900", "2024-01: 9"), "950", str(len(name))
                )
            },
        )
        change(("          - visits\n", f"          - visits\n          - {name}\n"), path="kpis/plan.yaml")(
            root
        )

    return made


def merged(root: Path, ours: Change, theirs: Change, plan: str = PLAN, attributes: str = "") -> bool:
    """Merge two branches that left the small repository; whether git could do it alone."""
    written(root, plan=plan)
    if attributes:
        (root / ".gitattributes").write_text(attributes, encoding="utf-8")
    committed(root)
    git(root, "checkout", "--quiet", "-b", "theirs")
    theirs(root)
    committed(root, "Theirs")
    git(root, "checkout", "--quiet", "main")
    ours(root)
    committed(root, "Ours")
    done = subprocess.run(
        ["git", "merge", "--quiet", "--no-edit", "theirs"],
        cwd=root,
        env=os.environ | WHO,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def findings(root: Path) -> list[tuple[str, str]]:
    """What lint finds: the rule, and all that it says."""
    return [
        (finding.rule, f"{finding.message} {finding.help}".strip()) for finding in lint(root, TODAY).findings
    ]


def figures(root: Path, kpi: str = "visits") -> dict[str, str]:
    """The figures as written, by their period; a mark stands for a missing one."""
    (actual,) = [item for item in load(root).kpis if item.id == kpi]
    return {
        observation.period.text: str(observation.marks[0] if observation.value is None else observation.value)
        for observation in actual.measures[0].observations
    }


OLD = {"2024-01": "900", "2024-02": "950", "2024-03": "not-available"}


# Merged by git alone, and right.


@pytest.mark.parametrize(
    ("ours", "theirs", "new"),
    [
        pytest.param(adds("2024-04: 980"), adds("2024-04: 980"), {"2024-04": "980"}, id="the same period and value on both"),
        pytest.param(
            change(("2024-01: 900", "2024-01: 905")),
            adds("2024-04: 980"),
            {"2024-01": "905", "2024-04": "980"},
            id="an older figure corrected, a new one added",
        ),
        pytest.param(
            change(("2024-01: 900", "2024-01: {value: 900, marks: [estimated]}")),
            change(("2024-03: {marks: [not-available]}", "2024-03: {value: 970, marks: [provisional]}")),
            {"2024-03": "970"},
            id="marks on figures that don't touch",
        ),
        pytest.param(
            change(("at_least: 1000", "at_least: 1100")), adds("2024-04: 980"), {"2024-04": "980"}, id="a target and a figure"
        ),
    ],
)  # fmt: skip
def test_what_git_merges_alone_is_right(
    tmp_path: Path, ours: Change, theirs: Change, new: dict[str, str]
) -> None:
    assert merged(tmp_path, ours, theirs)

    assert findings(tmp_path) == []
    assert figures(tmp_path) == OLD | new


def test_figures_of_two_measures_in_one_file_merge(tmp_path: Path) -> None:
    loans = "kpis/reading/loans.yaml"
    ours = change(("      2022/23: 4000\n", "      2021/22: 4100\n      2022/23: 4000\n"), path=loans)
    theirs = change(("      2020/21: 4000\n", "      2019/20: 3950\n      2020/21: 4000\n"), path=loans)

    assert merged(tmp_path, ours, theirs)
    assert figures(tmp_path, "loans")["2019/20"] == "3950"
    assert "2021/22: 4100" in (tmp_path / loans).read_text(encoding="utf-8")
    assert [finding.rule for finding in lint(tmp_path, TODAY).findings if finding.severity == "error"] == []


def test_a_figure_follows_a_kpi_that_was_renamed_meanwhile(tmp_path: Path) -> None:
    assert merged(tmp_path, moves, adds("2024-04: 980"))

    assert findings(tmp_path) == []
    assert figures(tmp_path, "callers") == OLD | {"2024-04": "980"}
    assert not (tmp_path / VISITS_FILE).exists()


# Not merged by git: what lint says, and what comes of doing it.


def conflict(root: Path, help_: str) -> str:
    """The text of the one conflict, which lint must explain in these words."""
    (actual,) = lint(root, TODAY).findings
    text = (root / actual.path).read_text(encoding="utf-8")
    assert (actual.rule, actual.help) == ("merge-conflict", help_)
    assert actual.message == f"Lines {actual.line}–{actual.end_line} hold two versions of the same text."
    return text


def resolved(root: Path, keep: Callable[[str], bool], path: str = VISITS_FILE) -> None:
    """Do what lint says: delete the three lines, and of the others keep what is right."""
    marks = ("<<<<<<<", "=======", ">>>>>>>")
    lines = (root / path).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith(marks) and keep(line))
    (root / path).write_text(kept, encoding="utf-8", newline="\n")


def test_different_new_periods_are_all_kept_by_hand_or_by_lint(tmp_path: Path) -> None:
    assert not merged(tmp_path, adds("2024-04: 980"), adds("2024-05: 990"))
    text = conflict(
        tmp_path,
        f"They have different lines. Keep all that nobody took out on purpose, {DELETE}",
    )

    resolved(tmp_path, lambda _: True)
    by_hand = figures(tmp_path)
    assert (findings(tmp_path), by_hand) == ([], OLD | {"2024-04": "980", "2024-05": "990"})

    (tmp_path / VISITS_FILE).write_text(text, encoding="utf-8", newline="\n")
    fixed = make_fixes(
        tmp_path, lint(tmp_path, TODAY), lambda files: lint(tmp_path, TODAY, files), unsafe=True
    )
    (tmp_path / VISITS_FILE).write_bytes(fixed.files[VISITS_FILE][1])
    assert (findings(tmp_path), figures(tmp_path)) == ([], by_hand)


def test_figures_in_blocks_are_kept_whole(tmp_path: Path) -> None:
    ours = adds("2024-04:", "  value: 980", "  note: One branch was shut.")
    theirs = adds("2024-05:", "  value: 980", "  note: Another branch was shut.")

    assert not merged(tmp_path, ours, theirs)
    conflict(
        tmp_path,
        f"They have different lines. Keep all that nobody took out on purpose, {DELETE}",
    )
    resolved(tmp_path, lambda _: True)
    assert (findings(tmp_path), figures(tmp_path)) == ([], OLD | {"2024-04": "980", "2024-05": "980"})


def test_blocks_that_git_cut_in_two_are_not_offered_to_be_joined(tmp_path: Path) -> None:
    ours = adds("2024-04:", "  value: 980", "  note: One branch was shut.")
    theirs = adds("2024-05:", "  value: 980", "  note: One branch was shut.")

    assert not merged(tmp_path, ours, theirs)
    conflict(tmp_path, f"Write what is right of both, {DELETE}")
    resolved(tmp_path, lambda _: True)
    assert {rule for rule, _ in findings(tmp_path)} == {"missing-field"}


@pytest.mark.parametrize("right", ["980", "981"])
def test_one_period_with_two_values_is_for_a_person_to_decide(tmp_path: Path, right: str) -> None:
    assert not merged(tmp_path, adds("2024-04: 980"), adds("2024-04: 981"))
    conflict(
        tmp_path, f'With both, "2024-04" is there twice. Keep one of the two and all other lines, {DELETE}'
    )

    resolved(tmp_path, lambda line: "2024-04" not in line or right in line)
    assert (findings(tmp_path), figures(tmp_path)) == ([], OLD | {"2024-04": right})


def test_both_values_kept_are_a_finding_and_not_a_doubled_figure(tmp_path: Path) -> None:
    assert not merged(tmp_path, adds("2024-04: 980"), adds("2024-04: 981"))
    resolved(tmp_path, lambda _: True)

    assert findings(tmp_path) == [
        ("duplicate-key", '"2024-04" is written twice (lines 18 and 19). Keep one of them.')
    ]


def test_a_correction_beside_a_new_figure_keeps_both(tmp_path: Path) -> None:
    corrects = change(("2024-03: {marks: [not-available]}", "2024-03: 970"))

    assert not merged(tmp_path, corrects, adds("2024-04: 980"))
    conflict(
        tmp_path, f'With both, "2024-03" is there twice. Keep one of the two and all other lines, {DELETE}'
    )
    resolved(tmp_path, lambda line: "not-available" not in line)
    assert (findings(tmp_path), figures(tmp_path)) == ([], OLD | {"2024-03": "970", "2024-04": "980"})


def test_marks_on_both_sides_are_for_a_person_to_put_together(tmp_path: Path) -> None:
    ours = change(("2024-02: 950", "2024-02: {value: 950, marks: [revised]}"))
    theirs = change(("2024-02: 950", "2024-02: {value: 950, marks: [estimated]}"))

    assert not merged(tmp_path, ours, theirs)
    conflict(
        tmp_path, f'With both, "2024-02" is there twice. Keep one of the two and all other lines, {DELETE}'
    )
    resolved(tmp_path, lambda line: "[estimated]" not in line)
    change(("[revised]", "[revised, estimated]"))(tmp_path)
    assert (findings(tmp_path), figures(tmp_path)) == ([], OLD)


def test_a_file_that_one_side_brought_into_standard_form_keeps_the_other_s_figure(tmp_path: Path) -> None:
    untidy = edited(
        VISITS, "      2024-01: 900\n      2024-02: 950\n", "      2024-02: 950\n      2024-01: 900\n"
    )
    written(tmp_path, visits=untidy)
    committed(tmp_path)
    git(tmp_path, "checkout", "--quiet", "-b", "theirs")
    change((MARCH, f"{MARCH}      2024-04: 980\n"))(tmp_path)
    committed(tmp_path)
    git(tmp_path, "checkout", "--quiet", "main")
    written(tmp_path)
    committed(tmp_path)
    git(tmp_path, "merge", "--quiet", "--no-edit", "theirs")

    assert (findings(tmp_path), figures(tmp_path)) == ([], OLD | {"2024-04": "980"})


def test_two_new_kpis_on_neighbouring_lines_of_the_plan_are_both_kept(tmp_path: Path) -> None:
    plan = edited(
        PLAN, "        kpis: [loans, visits]\n", "        kpis:\n          - loans\n          - visits\n"
    )

    assert not merged(tmp_path, new_kpi("audio-books"), new_kpi("games"), plan)
    conflict(
        tmp_path,
        f"They have different lines. Keep all that nobody took out on purpose, {DELETE}",
    )
    resolved(tmp_path, lambda _: True, "kpis/plan.yaml")
    assert {rule for rule, _ in findings(tmp_path)} <= {
        "same-measure-twice"
    }  # both have the small repository's title
    assert {"audio-books", "games"} <= {kpi.id for kpi in load(tmp_path).kpis}


def test_a_kpi_that_was_lost_from_the_plan_in_a_merge_is_told(tmp_path: Path) -> None:
    def extra(name: str) -> Change:
        def made(root: Path) -> None:
            change(("[loans, visits]", f"[loans, visits, {name}]"), path="kpis/plan.yaml")(root)
            extra_visits = edited(VISITS, "950", str(950 + len(name))).replace(
                "title: Visits", f"title: Visits of {name}", 1
            )
            written(root, {f"kpis/reading/{name}.yaml": extra_visits})

        return made

    assert not merged(tmp_path, extra("audio-books"), extra("games"))
    conflict(tmp_path, f'With both, "kpis" is there twice. Keep one of the two and all other lines, {DELETE}')
    resolved(tmp_path, lambda line: "visits, games]" not in line, "kpis/plan.yaml")
    ((rule, reported),) = [finding for finding in findings(tmp_path) if finding[0] != "same-measure-twice"]
    assert rule == "not-in-plan"
    assert reported.endswith("Add this line under the priority reading: - games")


def test_a_kpi_deleted_on_one_side_and_changed_on_the_other_is_told(tmp_path: Path) -> None:
    assert not merged(tmp_path, deletes, adds("2024-04: 980"))

    assert figures(tmp_path) == OLD | {"2024-04": "980"}
    ((rule, reported),) = findings(tmp_path)
    assert rule == "not-in-plan"
    assert reported.endswith("Add this line under the priority reading: - visits")
    change(("[loans]", "[loans, visits]"), path="kpis/plan.yaml")(tmp_path)
    assert findings(tmp_path) == []


def test_a_new_kpi_of_the_same_name_on_both_sides_is_told(tmp_path: Path) -> None:
    plan = edited(
        PLAN, "        kpis: [loans, visits]\n", "        kpis:\n          - loans\n          - visits\n"
    )

    def theirs(root: Path) -> None:
        new_kpi("games")(root)
        change(("2024-01: 9\n", "2024-01: 10\n"), path="kpis/reading/games.yaml")(root)

    assert not merged(tmp_path, new_kpi("games"), theirs, plan)
    conflict(
        tmp_path, f'With both, "2024-01" is there twice. Keep one of the two and all other lines, {DELETE}'
    )


# Merged by git alone, but wrong: lint says so.


def test_one_period_added_in_two_places_is_told(tmp_path: Path) -> None:
    first = change(("      2024-01: 900\n", "      2023-12: 800\n      2024-01: 900\n"))
    last = adds("2023-12: 800")

    assert merged(tmp_path, first, last)
    assert (
        "duplicate-key",
        '"2023-12" is written twice (lines 15 and 19). Both say the same. Delete line 19.',
    ) in findings(tmp_path)


def test_one_period_in_two_spellings_is_told(tmp_path: Path) -> None:
    loans = "kpis/reading/loans.yaml"
    ours = change(
        ("      2020/21: 4000\n", "      2019-04 to 2020-03: 3900\n      2020/21: 4000\n"), path=loans
    )
    theirs = change(("marks: [provisional]}\n", "marks: [provisional]}\n      2019/20: 3950\n"), path=loans)

    assert merged(tmp_path, ours, theirs)
    assert "duplicate-period" in {rule for rule, _ in findings(tmp_path)}


# Any two changes of a series.

Series = dict[str, str]
MONTHS = [f"2023-{month:02d}" for month in range(1, 13)]
changes = st.dictionaries(
    st.sampled_from(MONTHS), st.sampled_from(["", "7", "8", "{value: 7, marks: [revised]}"]), max_size=4
)


def as_text(series: Series) -> str:
    lines = "".join(f"      {month}: {series[month]}\n" for month in MONTHS if month in series)
    return edited(VISITS, "      2024-01: 900\n      2024-02: 950\n" + MARCH, lines)


def changed(series: Series, change: Series) -> Series:
    """The series with some figures set, and those taken out that are set to nothing."""
    return {month: value for month, value in (series | change).items() if value}


@trials(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(MONTHS), min_size=2), changes, changes)
def test_nothing_is_lost_or_doubled_unless_lint_says_so(
    tmp_path: Path, months: set[str], each: Series, other: Series
) -> None:
    base = {month: str(100 + MONTHS.index(month)) for month in months}
    sides = {"ours": changed(base, each), "base": base, "theirs": changed(base, other)}
    for name, series in sides.items():
        (tmp_path / name).write_text(as_text(series), encoding="utf-8", newline="\n")
    done = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"], cwd=tmp_path, capture_output=True, check=False
    )
    document = read(done.stdout)
    problems = [problem for problem in document.problems if problem.rule == "merge-conflict"]
    assert bool(problems) == (done.returncode > 0)
    text = document.text
    for problem in reversed(problems):
        if problem.replacement is None or problem.span is None:
            return  # a person decides, and is told
        text = text[: problem.span.start] + problem.replacement + text[problem.span.stop :]

    again = read(text.encode())
    if again.problems:
        assert "duplicate-key" in {problem.rule for problem in again.problems}
        return
    ours, theirs = sides["ours"], sides["theirs"]
    right = {
        month: theirs.get(month) if ours.get(month) == base.get(month) else ours.get(month)
        for month in MONTHS
    }
    there = {
        month: value
        for month in MONTHS
        for value in re.findall(rf"^      {month}: (.*)$", text, re.MULTILINE)
    }
    assert len(re.findall(r"^      2023-", text, re.MULTILINE)) == len(there)
    for month in MONTHS:
        if there.get(month) != right.get(month):  # taken out on one side: only a person knows
            assert right.get(month) is None
            assert there[month] in {ours.get(month), theirs.get(month)}


# Why git isn't told to keep both sides by itself.


def test_keeping_both_sides_by_itself_would_change_a_text_in_silence(tmp_path: Path) -> None:
    ours = change(("  counted at the door.", "  counted at the front door."))
    theirs = change(("  counted at the door.", "  counted at both doors."))

    assert merged(tmp_path / "union", ours, theirs, attributes="kpis/** merge=union\n")
    assert findings(tmp_path / "union") == []
    assert not merged(tmp_path / "plain", ours, theirs)
    conflict(tmp_path / "plain", f"Write what is right of both, {DELETE}")


def test_no_attribute_lets_git_keep_both_sides() -> None:
    attributes = (Path(__file__).parent.parent / ".gitattributes").read_text(encoding="utf-8")

    assert "merge" not in attributes
