"""The rules about a change: what was published may not be altered without saying so."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from judge.examples import kpi as kpi_of
from judge.examples import plan as plan_of
from kpi.judge.changes import FrameworkVersion, compare_versions
from kpi.lint.changes import lint_change
from kpi.lint.engine import lint
from kpi.model.kpi import Check
from kpi.model.text import is_same_text
from kpi.rules import BY_NAME, RULES
from repositories import committed, git
from running import Done, Kpi
from small import FILES, HOURS, LOANS, PLAN, STAFF, VISITS, edited, written

TODAY = date(2024, 6, 1)
BEFORE = {path: text.encode() for path, text in FILES.items()}
NAMES = {rule.name for rule in RULES if rule.about_change is not None}

Said = list[tuple[str, str, int]]


def said(root: Path, before: dict[str, bytes] | None = None) -> Said:
    """What the rules about changes find: file, rule and line."""
    report = lint_change(root, TODAY, BEFORE if before is None else before)
    return [
        (Path(finding.path).stem, finding.rule, finding.line)
        for finding in report.findings
        if finding.rule in NAMES
    ]


def said_of(tmp_path: Path, name: str, *edits: tuple[str, str]) -> Said:
    """The same for one file of the small repository with some texts replaced."""
    path = next(path for path in FILES if Path(path).stem == name)
    text = FILES[path]
    for old, new in edits:
        text = edited(text, old, new)
    return said(written(tmp_path, None, **{name.replace("-", "_"): text}))


REVISED, LOOSENED, REDEFINED, DELETED, EXPECTED, UNEXPLAINED = (
    "revised-without-mark", "target-loosened", "definition-changed", "kpi-deleted", "forecast-on-published", "mark-without-note",
)  # fmt: skip


def test_there_are_six_rules_about_a_change_and_all_are_errors_that_can_be_ignored() -> None:
    actual = [rule for rule in RULES if rule.about_change is not None]

    assert {rule.name for rule in actual} == {REVISED, LOOSENED, REDEFINED, DELETED, EXPECTED, UNEXPLAINED}
    assert {(rule.severity, rule.required) for rule in actual} == {("error", False)}


# Figures.


FIGURE = "      2022/23: 4900\n"


@pytest.mark.parametrize(
    ("now", "line"),
    [
        pytest.param("      2022/23: 4950\n", 23, id="another-value"),
        pytest.param("      2022/23: {value: 4950, marks: [revised]}\n", 23, id="a-mark-without-a-note"),
        pytest.param("      2022/23: {value: 4950, note: Late.}\n", 23, id="a-note-without-a-mark"),
        pytest.param("      2022/23: {value: 4950, marks: [estimated]}\n", 23, id="another-mark"),
        pytest.param("      2022/23: {marks: [not-available]}\n", 23, id="withdrawn-without-a-note"),
        pytest.param("", 23, id="a-line-that-is-gone"),
    ],
)
def test_a_published_figure_that_is_another_needs_a_mark_and_a_note(
    tmp_path: Path, now: str, line: int
) -> None:
    assert said_of(tmp_path, "loans", (FIGURE, now)) == [("loans", REVISED, line)]


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("      2022/23: {value: 4950, marks: [revised], note: Late.}\n", id="marked-with-a-note"),
        pytest.param("      2022/23: {marks: [not-available], note: Lost.}\n", id="withdrawn-with-a-note"),
        pytest.param("      2022-04 to 2023-03: 4900.0\n".replace(".0", ""), id="another-spelling"),
        pytest.param("      2022/23: {value: 4900, marks: [queried], note: Really?}\n", id="the-same-figure-with-a-mark"),
    ],
)  # fmt: skip
def test_a_figure_that_says_so_or_is_the_same_is_let_pass(tmp_path: Path, now: str) -> None:
    assert said_of(tmp_path, "loans", (FIGURE, now)) == []


@pytest.mark.parametrize(
    "now", ["      2023/24: 5000\n", "      2023/24: {value: 5000, marks: [provisional]}\n", ""]
)
def test_a_provisional_figure_may_be_replaced(tmp_path: Path, now: str) -> None:
    assert said_of(tmp_path, "loans", ("      2023/24: {value: 4800, marks: [provisional]}\n", now)) == []


@pytest.mark.parametrize("mark", ["provisional", "estimated", "break"])
@pytest.mark.parametrize(
    ("now", "actual"),
    [
        ("{value: 4900, marks: [MARK]}", [("loans", UNEXPLAINED, 23)]),
        ("{value: 4900, marks: [MARK], note: Two branches are missing.}", []),
        ("{value: 4950, marks: [MARK]}", [("loans", REVISED, 23)]),
        ("{value: 4950, marks: [MARK, revised], note: Two branches came late.}", []),
    ],
    ids=["without a note", "with a note", "another value, without a note", "another value that says so"],
)
def test_a_mark_that_a_published_figure_gets_later_needs_a_note(
    tmp_path: Path, mark: str, now: str, actual: Said
) -> None:
    assert said_of(tmp_path, "loans", (FIGURE, f"      2022/23: {now.replace('MARK', mark)}\n")) == actual


@pytest.mark.parametrize(
    ("old", "new", "actual"),
    [
        ("2022/23: 3000", "2022/23: {value: 3000, marks: [estimated]}", UNEXPLAINED),
        ("2022/23: 3000", "2022/23: {value: 3000, marks: [estimated], note: Half of the branches.}", ""),
        ("{value: 4800, marks: [provisional]}", "{value: 4800, marks: [estimated]}", UNEXPLAINED),
        ("{value: 4800, marks: [provisional]}", "{value: 4700, marks: [break]}", UNEXPLAINED),
        ("{value: 4800, marks: [provisional]}", "{value: 4700, marks: [provisional]}", ""),
        ("{value: 4800, marks: [provisional]}", "4800", ""),
        ("{value: 4800, marks: [provisional]}", "{value: 4800, marks: [provisional]}\n      2024/25: {value: 5000, marks: [break]}", UNEXPLAINED),
        ("2022/23: 4900", "2022/23: {value: 4900, marks: [low-reliability]}", ""),
    ],
    ids=[
        "a peer's", "a peer's, with a note", "another mark", "a break with an announced figure", "the same mark", "a mark less",
        "a break on a new figure", "a mark that changes nothing",
    ],
)  # fmt: skip
def test_which_marks_of_which_figures_need_a_note(tmp_path: Path, old: str, new: str, actual: str) -> None:
    assert [rule for _, rule, _ in said_of(tmp_path, "loans", (old, new))] == ([actual] if actual else [])


@pytest.mark.parametrize(
    ("now", "rules"),
    [
        ("4900", [UNEXPLAINED]),
        ("{value: 4900, note: With the new branch.}", [UNEXPLAINED]),
        ("{value: 4900, note: The new branch is left out of all years.}", []),
        ("{value: 4900, marks: [break]}", [UNEXPLAINED]),
        ("{value: 4900, marks: [break], note: With a new branch.}", []),
    ],
    ids=["gone with its note", "gone", "gone, with the reason", "without its note", "with a new note"],
)
def test_a_break_stays_and_keeps_its_note_or_a_note_says_why_not(
    tmp_path: Path, now: str, rules: list[str]
) -> None:
    broken = edited(
        LOANS, FIGURE, "      2022/23: {value: 4900, marks: [break], note: With the new branch.}\n"
    )
    after = edited(LOANS, FIGURE, f"      2022/23: {now}\n")
    before = {**BEFORE, "kpis/reading/loans.yaml": broken.encode()}

    report = lint_change(written(tmp_path, loans=after), TODAY, before)

    assert [finding.rule for finding in report.findings if finding.rule in NAMES] == rules


def test_a_note_that_was_there_before_the_mark_does_not_explain_it(tmp_path: Path) -> None:
    noted = edited(LOANS, FIGURE, "      2022/23: {value: 4900, note: With the new branch.}\n")
    marked = edited(noted, "4900, note", "4900, marks: [break], note")
    before = {**BEFORE, "kpis/reading/loans.yaml": noted.encode()}

    report = lint_change(written(tmp_path, loans=marked), TODAY, before)
    (each,) = (finding for finding in report.findings if finding.rule in NAMES)
    assert (each.rule, each.message, each.help) == (
        UNEXPLAINED,
        '"2022/23" was published as 4,900. It has the mark "break" now, and no new note says why.',
        'Add to its "note:" what is counted in another way from there on.',
    )


@pytest.mark.parametrize(
    ("now", "actual"),
    [
        ("{value: 4900, marks: [forecast]}", EXPECTED),
        ("{value: 4900, marks: [forecast], note: So we expect.}", EXPECTED),
        ("{value: 5100, marks: [forecast, revised], note: So we expect.}", EXPECTED),
        ("{value: 4900, marks: [forecast, provisional]}", EXPECTED),
    ],
    ids=["alone", "with a note", "with another value", "with another mark"],
)
def test_a_published_figure_never_becomes_a_forecast(tmp_path: Path, now: str, actual: str) -> None:
    assert said_of(tmp_path, "loans", (FIGURE, f"      2022/23: {now}\n")) == [("loans", actual, 23)]


def test_not_even_one_that_was_provisional(tmp_path: Path) -> None:
    said_now = said_of(tmp_path, "loans", ("marks: [provisional]", "marks: [forecast]"))

    assert [rule for _, rule, _ in said_now] == [EXPECTED]


def test_a_figure_for_a_period_that_is_not_over_may_become_a_forecast(tmp_path: Path) -> None:
    early = edited(LOANS, FIGURE, f"{FIGURE}      2024/25: 5000\n").replace(
        "      2024/25: 5000\n      2023/24: {value: 4800, marks: [provisional]}\n",
        "      2023/24: {value: 4800, marks: [provisional]}\n      2024/25: 5000\n",
    )
    now = edited(early, "2024/25: 5000", "2024/25: {value: 5000, marks: [forecast]}")
    before = {**BEFORE, "kpis/reading/loans.yaml": early.encode()}

    assert said(written(tmp_path, loans=now), before) == []


def test_the_note_of_an_earlier_revision_is_not_the_reason_for_this_one(tmp_path: Path) -> None:
    once = edited(LOANS, FIGURE, "      2022/23: {value: 4950, marks: [revised], note: Late.}\n")
    again = edited(once, "4950", "4960")
    before = {**BEFORE, "kpis/reading/loans.yaml": once.encode()}

    assert said(written(tmp_path, loans=again), before) == [("loans", REVISED, 23)]
    assert said(written(tmp_path, loans=edited(again, "Late.", "Later.")), before) == []


def test_a_peer_s_figure_is_published_too(tmp_path: Path) -> None:
    assert said_of(tmp_path, "loans", ("2022/23: 3000", "2022/23: 3001")) == [("loans", REVISED, 26)]


def test_many_figures_that_are_gone_are_told_once(tmp_path: Path) -> None:
    report = lint_change(
        written(
            tmp_path,
            loans=edited(LOANS, "      2020/21: 4000\n      2021/22: 5200\n      2022/23: 4900\n", ""),
        ),
        TODAY,
        BEFORE,
    )
    (actual,) = (finding for finding in report.findings if finding.rule == REVISED)

    assert (
        actual.message
        == "3 published figures are gone: 2020/21 (4,000), 2021/22 (5,200) and 2022/23 (4,900)."
    )


# Targets.


TARGET = "      - {at_least: 5000, source: library-plan}\n"


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("      - {at_least: 4000, source: library-plan}\n", id="lower-with-the-old-source"),
        pytest.param("      - {at_least: 4000}\n", id="lower-without-a-source"),
        pytest.param("      - {at_least: 5000, by: 2026/27, source: library-plan}\n", id="a-date"),
        pytest.param("      - {in_words: Many., source: library-plan}\n", id="words-in-place-of-a-number"),
        pytest.param("      - {at_least: 5000, tolerance: 10%, source: library-plan}\n", id="a-tolerance"),
        pytest.param("      - {equals: 5000, source: library-plan}\n      - {at_least: 1, from: 2025/26}\n", id="a-successor-without-a-source"),
        pytest.param("      - {at_least: 5000, over: 6 months, source: library-plan}\n", id="another-length"),
    ],
)  # fmt: skip
def test_a_target_that_moved_needs_a_source_for_that(tmp_path: Path, now: str) -> None:
    assert {rule for _, rule, _ in said_of(tmp_path, "loans", (TARGET, now))} == {LOOSENED}


def test_a_target_that_is_gone_needs_a_successor(tmp_path: Path) -> None:
    assert said_of(tmp_path, "loans", (f"    targets:\n{TARGET}", "")) == [("loans", LOOSENED, 12)]


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("      - {at_least: 6000, source: library-plan}\n", id="tighter"),
        pytest.param("      - {at_least: 4000, source: return}\n", id="lower-with-another-source"),
        pytest.param(f"{TARGET}      - {{at_least: 4000, from: 2025/26, source: library-plan}}\n", id="a-successor-with-a-source"),
        pytest.param("      - {at_least: 5000, source: library-plan, label: Goal}\n", id="a-label"),
    ],
)  # fmt: skip
def test_a_target_that_is_tighter_or_vouched_for_is_let_pass(tmp_path: Path, now: str) -> None:
    assert said_of(tmp_path, "loans", (TARGET, now)) == []


def test_a_source_that_was_renewed_in_the_plan_vouches_for_its_targets(tmp_path: Path) -> None:
    plan = edited(PLAN, "library-plan: {title: Library plan}", "library-plan: {title: Library plan of 2025}")
    loans = edited(LOANS, "at_least: 5000", "at_least: 4000")

    assert said(written(tmp_path, plan=plan, loans=loans)) == []


# Definitions.


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("opening-hours", "Hours open in a week.", "Hours open in a year.", 2),
        ("opening-hours", "{name: hours a week}", "{name: hours a year}", 3),
        ("opening-hours", "kind: snapshot", "kind: average", 5),
        ("staff", "kind: cumulative", "kind: snapshot", 8),
        ("loans", "{share: books, of: [books, other]}", "{share: other, of: [books, other]}", 45),
    ],
)
def test_what_is_counted_changes_only_with_a_break(
    tmp_path: Path, name: str, old: str, new: str, line: int
) -> None:
    actual = said_of(tmp_path, name, (old, new))

    assert [(stem, rule) for stem, rule, _ in actual] == [(name, REDEFINED)]
    if name != "opening-hours" or line == 2:
        assert actual[0][2] == line


def test_a_new_figure_marked_as_a_break_lets_the_definition_change(tmp_path: Path) -> None:
    edits = [
        ("Hours open in a week.", "Hours open, Sundays too."),
        ("39\n", "39\n      2025-03-31: {value: 44, marks: [break], note: Sundays are counted.}\n"),
    ]

    assert said_of(tmp_path, "opening-hours", *edits) == []


def test_a_break_that_was_there_before_is_of_another_change(tmp_path: Path) -> None:
    broken = edited(HOURS, "2024-03-31: 39", "2024-03-31: {value: 39, marks: [break]}")
    before = {**BEFORE, "kpis/reading/opening-hours.yaml": broken.encode()}
    now = edited(broken, "Hours open in a week.", "Hours open in a year.")

    assert said(written(tmp_path, opening_hours=now), before) == [("opening-hours", REDEFINED, 2)]


def test_without_figures_a_definition_may_change(tmp_path: Path) -> None:
    assert said_of(tmp_path, "school-links", ("Schools that bring", "Schools that brought")) == []


def test_a_unit_with_its_figures_rewritten_is_one_finding(tmp_path: Path) -> None:
    edits = [("unit: percent\nbetter", "unit: ratio\nbetter"), ("{2022: 75, 2023: 81}", "{2022: 0.75, 2023: 0.81}"),
             ("{2022: 85, 2023: 79.5}", "{2022: 0.85, 2023: 0.795}")]  # fmt: skip
    actual = said_of(tmp_path, "satisfaction", *edits)

    assert [item for item in actual if item[1] != LOOSENED] == [("satisfaction", REDEFINED, 3)]


# KPIs.


def test_a_deleted_kpi_is_told_in_the_plan(tmp_path: Path) -> None:
    root = written(tmp_path, plan=edited(PLAN, "loans, visits", "loans"))
    (root / "kpis/reading/visits.yaml").unlink()

    assert said(root) == [("plan", DELETED, 11)]


def test_a_deleted_measure_is_told_in_its_file(tmp_path: Path) -> None:
    start = VISITS.index("measures:")
    root = written(
        tmp_path,
        visits=edited(VISITS, "  visits:\n", "  entries:\n")
        .replace("title: Visits\n    targets", "title: Entries\n    targets")
        .replace("2024-01: 900\n      2024-02: 950", "2024-01: 800\n      2024-02: 850"),
    )

    assert start
    assert said(root) == [("visits", DELETED, 7)]


def test_a_kpi_that_is_withdrawn_renamed_or_moved_is_let_pass(tmp_path: Path) -> None:
    gone = "title: Staff\ndefinition: Staff gained.\nsources: [return]\nno_figures: {because: withdrawn, text: Counted elsewhere.}\n"
    plan = edited(edited(PLAN, "opening-hours", "hours"), "loans, visits", "loans").replace(
        "satisfaction, ", "satisfaction, visits, "
    )
    root = written(tmp_path, plan=plan, staff=gone)
    (root / "kpis/reading/opening-hours.yaml").rename(root / "kpis/reading/hours.yaml")
    (root / "kpis/reading/visits.yaml").rename(root / "kpis/people/visits.yaml")

    assert said(root) == []


@pytest.mark.parametrize(("old", "new"), [("met", "serving"), ("all", "constables")])
def test_a_measure_may_be_renamed_together_with_the_share_that_is_computed_of_it(
    old: str, new: str, tmp_path: Path
) -> None:
    lines = "  all:\n    title: All\n    observations: {2022/23: 4000, 2023/24: 3900}\n"
    lines += "  met:\n    title: Met\n    observations: {2022/23: 1002, 2023/24: 1103}\n"
    lines += "  part:\n    title: Share\n    unit: percent\n    derived: {share: met, of: [all]}\n"
    head = "title: Visits\ndefinition: Visits.\nsources: [return]\nunit: count\nbetter: higher\nmeasures:\n"
    renamed = (
        lines.replace(f"  {old}:", f"  {new}:")
        .replace(f": {old},", f": {new},")
        .replace(f"[{old}]", f"[{new}]")
    )
    before = {**BEFORE, "kpis/reading/visits.yaml": f"{head}{lines}".encode()}

    assert renamed.count(new) == 2
    assert said(written(tmp_path, visits=f"{head}{renamed}"), before) == []


# When they are asked.


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The small repository, committed, with a figure revised in the work tree."""
    root = written(tmp_path)
    committed(root)
    git(root, "checkout", "--quiet", "-b", "figures")
    return written(root, loans=edited(LOANS, FIGURE, "      2022/23: 4950\n"))


@pytest.fixture
def rules(kpi: Kpi) -> Callable[..., list[str]]:
    """The rules of the findings that `kpi lint` with some options tells."""

    def call(*options: str) -> list[str]:
        done = kpi("lint", "--format", "json", "--as-of", "2024-06-01", *options)
        return [item["rule"] for item in json.loads(done.out)["findings"]]

    return call


def test_lint_alone_knows_no_change(rules: Callable[..., list[str]], root: Path) -> None:
    del root

    assert REVISED not in rules()
    assert REVISED in rules("--changed-since", "main")


def test_in_a_workflow_the_commit_before_is_what_was_published(
    kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    committed(root, "A figure")
    done: Done = kpi("lint", "--as-of", "2024-06-01")

    assert done.code == 1
    assert "::error file=kpis/reading/loans.yaml,line=23" in done.out
    assert REVISED in done.out

    committed(root, "Nothing")
    assert REVISED not in kpi("lint", "--as-of", "2024-06-01").out


IGNORED = f"      # kpi: ignore[{REVISED}] the return was reprinted\n      2022/23: 4950\n"


def test_an_ignore_comment_answers_for_the_change_it_comes_with(
    rules: Callable[..., list[str]], root: Path
) -> None:
    written(root, loans=edited(LOANS, FIGURE, IGNORED))

    assert REVISED not in rules("--changed-since", "main")


@pytest.mark.parametrize(
    "options", [(), ("--changed-since", "figures"), ("--changed-since", "main")], ids=str
)
def test_a_comment_is_never_called_useless_by_a_run_that_can_t_know(
    rules: Callable[..., list[str]], root: Path, options: tuple[str, ...]
) -> None:
    written(root, loans=edited(LOANS, FIGURE, IGNORED))
    committed(root)

    assert "unused-ignore" not in rules(*options)


def test_a_comment_that_stood_there_before_hides_no_new_change(kpi: Kpi, root: Path) -> None:
    written(root, loans=edited(LOANS, FIGURE, IGNORED))
    committed(root)
    git(root, "checkout", "--quiet", "-b", "later")
    written(root, loans=edited(LOANS, FIGURE, IGNORED.replace("4950", "4999")))
    output = kpi("lint", "--changed-since", "figures").out

    assert f"24:16: error {REVISED}" in output
    assert "The ignore comment here was written for an earlier change." in output

    written(
        root,
        loans=edited(LOANS, FIGURE, IGNORED.replace("4950", "4999").replace("reprinted", "reprinted twice")),
    )
    assert REVISED not in kpi("lint", "--changed-since", "figures").out


def test_the_plan_can_hold_a_rule_less_strictly_and_that_is_said(
    rules: Callable[..., list[str]], kpi: Kpi, root: Path
) -> None:
    written(
        root, plan=f'{PLAN}lint: {{{REVISED}: "off"}}\n', loans=edited(LOANS, FIGURE, "      2022/23: 4950\n")
    )

    assert REVISED not in rules("--changed-since", "main")
    assert f"{REVISED} (off)" in kpi("lint", "--changed-since", "main").out
    assert f"lint.{REVISED}: none → off" in kpi("diff").out


def test_a_change_is_compared_in_what_differs_only(tmp_path: Path) -> None:
    root = written(tmp_path, staff=edited(STAFF, "2024-03-31: 6", "2024-03-31: 7"))

    assert lint_change(root, TODAY, BEFORE).findings != lint(root, TODAY).findings
    assert said(root) == [("staff", REVISED, 13)]


# What a KPI is.


def test_a_comma_or_a_letter_in_a_definition_says_nothing_new() -> None:
    assert is_same_text("Homicides in the area.", "Homicides, in the area")
    assert is_same_text("Homicides recieved here", "Homicides received here")
    assert not is_same_text("Answered within 10 seconds", "Answered within 100 seconds")
    assert not is_same_text("Calls now answered", "Calls not answered")
    assert not is_same_text("Visits that were excluded", "Visits that were included")


@pytest.mark.parametrize(
    ("name", "edit", "rule"),
    [
        ("opening-hours", ("better: higher", "better: lower"), REDEFINED),
        ("loans", ("owner: head\n", ""), DELETED),
        ("loans", ("sources: [return]", "sources: [library-plan]"), DELETED),
    ],
    ids=["the way that is better", "an owner", "a source"],
)
def test_what_a_change_turns_or_takes_out_is_told(
    tmp_path: Path, name: str, edit: tuple[str, str], rule: str
) -> None:
    assert [actual for _, actual, _ in said_of(tmp_path, name, edit)] == [rule]


def test_a_file_that_a_change_cut_short_is_told_with_the_lines_that_are_missing(tmp_path: Path) -> None:
    lost = "measures:\n"
    report = lint_change(written(tmp_path, loans=edited(LOANS, lost, "")), TODAY, BEFORE)

    assert [finding.replacement for finding in report.findings if finding.path.endswith("loans.yaml")] != [
        None
    ]


def test_a_check_that_is_gone_is_named_as_a_whole_even_with_a_comma_in_it() -> None:
    checks = Check("total", "a, b", ("c",)), Check("whole", "a", ("b",))
    both = [
        kpi_of(no_figures={"because": "awaiting-data"})._replace(checks=those)
        for those in (checks, checks[1:])
    ]
    before, after = (FrameworkVersion(plan_of(), (version,)) for version in both)
    rule = BY_NAME[DELETED].about_change
    assert rule is not None

    messages = [problem.message for _, problem in rule(compare_versions(before, after), TODAY)]

    assert messages == ['"total a, b: c" is gone from "checks:".']
