"""The lint engine: everything wrong is told once, in one order, and nothing broken hides anything else."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bench.repository import make
from kpi.lint.engine import lint, share_out
from kpi.lint.report import Report, covers, only
from small import CIRCLES, FILES, HOURS, LOANS, PLAN, SATISFACTION, STAFF, VISITS, edited, written

TODAY = date(2024, 6, 1)


def findings_of(report: Report, path: str = "") -> list[str]:
    """The findings of a file as `line rule`."""
    return [f"{finding.line} {finding.rule}" for finding in report.findings if finding.path.endswith(path)]


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_the_small_repository_is_clean(tmp_path: Path) -> None:
    report = lint(written(tmp_path), TODAY)

    assert report.findings == ()
    assert report.unchecked == ()
    assert report.paths == ("kpis/plan.yaml", *sorted(FILES.keys() - {"kpis/plan.yaml"}))


MANY = """\
title: Satisfaction
definition: Share of users who are satisfied.
units: percent
frequency: monthy
better: higher
measures:
  young:
    unit: percent
    title: Young
    targets:
      - {at_most: 80}
    observations:
      2021/22: 70
      2022-23: 75
      2023/24: 81%
      2023/24: 82
  old:
    unit: percent
    title: Old
    observations:
      2021/22: 140
      2027/28: 85
    sources: [nobody]
note: A list of slips.
"""


def test_all_the_mistakes_of_a_file_are_told_each_at_its_line(tmp_path: Path) -> None:
    report = lint(written(tmp_path, satisfaction=MANY), TODAY)

    assert set(findings_of(report, "satisfaction.yaml")) == {
        "3 unknown-field",
        "4 unknown-choice",
        "11 target-direction",
        "14 period-format",
        "15 not-a-number",
        "16 duplicate-key",
        "21 percent-range",
        "22 future-period",
        "23 unknown-reference",
    }
    assert findings_of(report) == findings_of(report, "satisfaction.yaml")


BROKEN = {
    "a syntax error": 'title: "open\ndefinition: x\nmeasures: [\n',
    "an empty file": "",
    "a list": "- a\n- b\n",
    "a merge conflict": "<<<<<<< ours\ntitle: a\n=======\ntitle: b\n>>>>>>> theirs\n",
    "nesting": "title: " + "[" * 500 + "]" * 500 + "\n",
    "an anchor": "title: &a x\ndefinition: *a\n",
    "no field it needs": "nothing: here\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_hides_nothing_in_the_others(text: str, tmp_path: Path) -> None:
    mistake = edited(SATISFACTION, "2023: 81", "2023: 810")
    report = lint(written(tmp_path, visits=text, satisfaction=mistake), TODAY)

    assert findings_of(report, "satisfaction.yaml") == ["12 percent-range"]
    assert findings_of(report, "visits.yaml")
    assert {finding.path for finding in report.findings} == {
        "kpis/people/satisfaction.yaml",
        "kpis/reading/visits.yaml",
    }


def test_a_file_of_which_nothing_can_be_used_is_said_to_be_half_checked(tmp_path: Path) -> None:
    report = lint(written(tmp_path, visits='title: "open\n'), TODAY)

    assert report.unchecked == (
        "Only syntax and fields were checked in kpis/reading/visits.yaml, because of the errors there.",
    )


def test_nothing_is_said_of_a_measure_shown_from_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    report = lint(written(tmp_path, loans='title: "open\n'), TODAY)

    assert findings_of(report, "opening-hours.yaml") == []


@pytest.mark.parametrize(
    "plan", ["", "title: x\n", '"', "- a\n", edited(PLAN, "priorities:", "prios:")], ids=ascii
)
def test_a_plan_that_cannot_be_used_is_told_and_the_rest_goes_on(plan: str, tmp_path: Path) -> None:
    mistake = edited(edited(SATISFACTION, "2023: 81", "2023: 810"), "source: library-plan}\n    observations: {2022: 85", "source: nobody}\n    observations: {2022: 85")  # fmt: skip
    report = lint(written(tmp_path, plan=plan, satisfaction=mistake), TODAY)

    assert findings_of(report, "plan.yaml")
    assert findings_of(report, "satisfaction.yaml") == ["12 percent-range"]
    assert report.unchecked == (
        "Identity, plan and references were not checked, because kpis/plan.yaml can't be used.",
    )


def test_a_missing_plan_is_told_like_one_that_cannot_be_used(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "kpis/plan.yaml").unlink()
    report = lint(tmp_path, TODAY)

    assert findings_of(report) == ["1 unreadable-file"]
    assert report.findings[0].message == "The file is not there. Nothing in it was checked."
    assert len(report.unchecked) == 1


@pytest.mark.parametrize(
    ("old", "new", "finding", "unheld"),
    [
        ("    title: People\n", "    tittle: People\n", "21 unknown-field", "not-in-plan"),
        ("  - id: people", "  - id: People", "20 id-format", "not-in-plan"),
        ("    title: People\n", "    title: People\n      - staff\n", "22 yaml-syntax", "not-in-plan"),
        ("[loans, visits]", "[loans, visits, loans]", "16 wrong-kind", "not-in-plan"),
        ("\nsources:\n", "\nsorces:\n", "27 unknown-field", "unknown-reference"),
        (
            "owners:\n  head: Head",
            "owners:\n  head: [Head]\n  heed: Head",
            "33 wrong-kind",
            "unknown-reference",
        ),
    ],
)
def test_a_mistake_in_the_plan_is_not_told_again_in_every_file(
    old: str, new: str, finding: str, unheld: str, tmp_path: Path
) -> None:
    report = lint(written(tmp_path, plan=edited(PLAN, old, new)), TODAY)

    assert {item.path for item in report.findings} == {"kpis/plan.yaml"}
    assert [item.split()[0] for item in findings_of(report)] == [finding.split(maxsplit=1)[0]]
    assert report.unchecked == (f"Not checked, because of the errors in kpis/plan.yaml: {unheld}.",)


def test_a_mistake_elsewhere_in_the_plan_keeps_nothing_from_being_checked(tmp_path: Path) -> None:
    plan = edited(PLAN, "organisation: Riverside Libraries", "organisation: [Riverside]")
    wrong = edited(LOANS, "sources: [return]", "sources: [retrun]")
    report = lint(written(tmp_path, plan=plan, loans=wrong), TODAY)

    assert rules(report) == {"wrong-kind", "unknown-reference"}
    assert report.unchecked == ()


def test_findings_between_files_stand_at_their_line(tmp_path: Path) -> None:
    plan = edited(
        PLAN, "[satisfaction, staff, reading-circles, school-links]", "[satisfaction, stuff, school-links]"
    )
    root = written(tmp_path, plan=plan, opening_hours=edited(HOURS, "[loans/books]", "[loans/boks]"))
    (root / "kpis/people/visits.yaml").write_text(VISITS, encoding="utf-8")
    report = lint(root, TODAY)

    assert [(finding.path, finding.line, finding.column, finding.rule) for finding in report.findings if finding.rule != "same-measure-twice"] == [
        ("kpis/people/reading-circles.yaml", 1, 1, "not-in-plan"),
        ("kpis/plan.yaml", 22, 26, "not-in-plan"),
        ("kpis/reading/opening-hours.yaml", 7, 14, "unknown-reference"),
        ("kpis/reading/visits.yaml", 1, 1, "duplicate-id"),
    ]  # fmt: skip


def messy(root: Path, shuffled: random.Random) -> Path:
    """A repository with mistakes in many files, its files written in a random order."""
    files = dict(FILES)
    files["kpis/people/satisfaction.yaml"] = MANY
    files["kpis/reading/visits.yaml"] = "a: [\n"
    files["kpis/people/Staff copy.yaml"] = STAFF
    files["kpis/people/loans.yaml"] = LOANS
    files["kpis/extra.yml"] = CIRCLES
    files["kpis/plan.yaml"] = edited(PLAN, "area: riverside", "area: rivreside")
    names = list(files)
    shuffled.shuffle(names)
    return written(root, {name: files[name] for name in names})


def test_the_findings_are_in_one_total_order_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    reports = [lint(messy(tmp_path / str(seed), random.Random(seed)), TODAY) for seed in range(3)]  # noqa: S311

    assert len(reports[0].findings) > 12
    assert [report.findings for report in reports[1:]] == [reports[0].findings] * 2
    keys = [
        (finding.path, finding.line, finding.column, finding.code, finding.message)
        for finding in reports[0].findings
    ]
    assert keys == sorted(keys)
    assert len(set(reports[0].findings)) == len(keys)


def test_lines_are_counted_alike_in_files_with_other_line_ends(tmp_path: Path) -> None:
    wrong = edited(SATISFACTION, "2023: 81", "2023: 810")
    root = written(tmp_path)
    (root / "kpis/people/satisfaction.yaml").write_bytes(wrong.replace("\n", "\r\n").encode())
    report = lint(root, TODAY)

    assert findings_of(report) == ["12 percent-range"]
    assert report.sources["kpis/people/satisfaction.yaml"][11] == "    observations: {2022: 75, 2023: 810}"


def test_an_odd_line_end_inside_a_line_moves_no_other_line(tmp_path: Path) -> None:
    wrong = edited(SATISFACTION, "title: Satisfaction\n", "title: Satisfaction # a\u2028b\x0bc\n")
    wrong = edited(wrong, "2023: 81", "2023: 810")
    report = lint(written(tmp_path, satisfaction=wrong), TODAY)

    (actual,) = [finding for finding in report.findings if finding.rule == "percent-range"]
    assert "2023: 810" in report.sources[actual.path][actual.line - 1]


@pytest.mark.parametrize(
    ("path", "other", "inside"),
    [
        ("kpis/a/b.yaml", "kpis/a/b.yaml", True),
        ("kpis/a", "kpis/a/b.yaml", True),
        ("kpis", "kpis/a/b.yaml", True),
        (".", "kpis/a/b.yaml", True),
        ("kpis/a", "kpis/ab/b.yaml", False),
        ("kpis/a/b", "kpis/a/b.yaml", False),
        ("kpis/a/b.yaml", "kpis/a", False),
    ],
)
def test_a_path_covers_itself_and_what_is_in_it(path: str, other: str, *, inside: bool) -> None:
    assert covers(path, other) is inside


def test_a_part_of_a_report_has_the_findings_of_that_part_found_with_all_files_in_sight(
    tmp_path: Path,
) -> None:
    report = lint(messy(tmp_path, random.Random(0)), TODAY)  # noqa: S311
    part = only(report, ["kpis/reading", "kpis/plan.yaml"])

    assert set(part.paths) == {
        path for path in report.paths if path.startswith(("kpis/reading/", "kpis/plan.yaml"))
    }
    assert part.findings == tuple(finding for finding in report.findings if finding.path in part.paths)
    assert ("kpis/reading/loans.yaml", "duplicate-id") in {
        (finding.path, finding.rule) for finding in part.findings
    }


def test_with_neither_a_plan_nor_a_file_nothing_was_looked_at(tmp_path: Path) -> None:
    (tmp_path / "kpis" / "care").mkdir(parents=True)
    (tmp_path / "kpis" / "notes.md").touch()

    assert lint(tmp_path, TODAY).paths == ()


# What must never happen, whatever a file holds


CORPUS: dict[str, Callable[[], bytes]] = {
    "random bytes": lambda: random.Random(7).randbytes(3000),  # noqa: S311
    "utf-16": lambda: LOANS.encode("utf-16"),
    "windows-1252": lambda: LOANS.replace("Loans", "Café").encode("cp1252"),
    "nul": lambda: LOANS.replace("books", "bo\0ks").encode(),
    "escape": lambda: LOANS.replace("title: Loans", 'title: "\\e[31mred"').encode(),
    "bomb": lambda: b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "huge number": lambda: LOANS.replace("4800", "9" * 5000).encode(),
    "too many bytes": lambda: b"title: x\n" + b"# padding\n" * 120_000,
    "a tag": lambda: b"title: !!python/object/apply:os.system [id]\n",
    "a complex key": lambda: b"? [a, b]\n: c\n",
    "two documents": lambda: b"title: a\n---\ntitle: b\n",
    "only a comment": lambda: b"# nothing\n",
    "only a bom": lambda: b"\xef\xbb\xbf",
    "a lone carriage return": lambda: LOANS.replace("\n", "\r", 3).encode(),
    "infinity": lambda: LOANS.replace("4800", ".inf").encode(),
    "a date that is none": lambda: LOANS.replace("2023/24: 3900", "2023-13-45: 3900").encode(),
}


@pytest.mark.parametrize("make", CORPUS.values(), ids=CORPUS)
def test_whatever_a_file_holds_it_is_told_and_the_others_are_checked(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    root = written(tmp_path, satisfaction=edited(SATISFACTION, "2023: 81", "2023: 810"))
    (root / "kpis/reading/loans.yaml").write_bytes(make())
    report = lint(root, TODAY)

    assert findings_of(report, "loans.yaml")
    assert findings_of(report, "satisfaction.yaml") == ["12 percent-range"]
    assert all(finding.line >= 1 and finding.column >= 1 and finding.message for finding in report.findings)


@pytest.mark.parametrize("cached", [False, True])
def test_all_processors_find_what_one_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cached: bool
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("kpi.lint.engine.MANY", 2)
    monkeypatch.setattr("kpi.lint.engine._BATCH", 2)
    monkeypatch.setattr("kpi.lint.engine.processors", lambda: 2)
    root = make(tmp_path / "root", 130)
    files = {"kpis/priority-0/k3.yaml": MANY.encode(), "kpis/priority-0/k5.yaml": b"title: [\n"}

    by_all = lint(root, TODAY, files, cached=cached)
    again = lint(root, TODAY, files, cached=cached)
    monkeypatch.setattr("kpi.lint.engine.processors", lambda: 1)
    alone = lint(root, TODAY, files)

    assert len(by_all.findings) > len(findings_of(by_all, "k3.yaml")) > 3
    assert by_all == again == alone


def test_what_stops_another_process_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.lint.engine.MANY", 2)
    monkeypatch.setattr("kpi.lint.engine.processors", lambda: 2)

    results: Iterator[int] | None = share_out(len, [1, 2, 3])  # type: ignore[arg-type]

    assert results is not None
    with pytest.raises(TypeError):
        list(results)
