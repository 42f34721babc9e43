"""`kpi record`: one figure in its place, what it does to the status, and what is refused."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides import TODAY, example
from kpi.cli.reports import make_row, not_found
from kpi.lint.engine import lint
from kpi.model.errors import UserError
from kpi.model.period import parse_period
from kpi.model.vocabulary import ANNOUNCING
from kpi.store.add_figures import add_figures
from kpi.store.intake import Intake
from kpi.store.repository import load
from running import Done, Kpi
from small import edited, written

PLACE = "kpis/care/first-visits.yaml"
SHARE, WAIT = "first-visits/visited-in-time", "first-visits/median-wait"


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.cli.context.today", lambda: TODAY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return example(tmp_path)


def text(root: Path, place: str = PLACE) -> str:
    return (root / place).read_text(encoding="utf-8")


def test_a_figure_is_written_in_its_place_and_its_effect_is_told(root: Path, kpi: Kpi) -> None:
    before = text(root)
    done = kpi("record", SHARE, "2024-25", "91%")

    assert done == Done(
        0,
        "kpis/care/first-visits.yaml:23\n"
        "+       2024/25: 91\n"
        "first-visits/visited-in-time: target now met late (green), was missed (red): 91% (2024/25) against at least 90%, by 2023/24."
        " No clear change: up 5 percentage points (2024/25 against 2023/24); 5 points or less, "
        "and the numbers behind it aren't given.\n"
        "first-visits: now met late (green), was missed (red).\n",
        'kpi: "2024-25" was read as 2024/25.\nkpi: "91%" was read as 91.\n',
    )
    line = "      2023/24: {value: 86, marks: [provisional]}\n"
    assert text(root) == edited(before, line, f"{line}      2024/25: 91\n")
    assert lint(root, TODAY).findings == ()


def test_a_dry_run_says_the_same_and_writes_nothing(root: Path, kpi: Kpi) -> None:
    before = text(root)
    dry = kpi("record", SHARE, "2024/25", "91", "--dry-run")
    assert text(root) == before
    done = kpi("record", SHARE, "2024/25", "91")

    assert (dry.code, dry.out) == (done.code, done.out)
    assert dry.err == "kpi: Nothing was written, because of --dry-run.\n"


def test_the_only_measure_need_not_be_named(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)

    assert "+       2024-04: 1100\n" in kpi("record", "visits", "Apr 24", "1,100").out
    assert "+       2024-05: 1200\n" in kpi("record", "reading/visits", "May 24", "1200").out


def test_marks_a_note_and_another_area(root: Path, kpi: Kpi) -> None:
    kpi(
        "record",
        WAIT,
        "2024/25",
        "9.5",
        "--mark",
        "break",
        "--mark",
        "estimated",
        "--note",
        " Counted  anew.\n",
    )
    kpi("record", SHARE, "2024/25", "--mark", "not-available")
    done = kpi("record", SHARE, "2024/25", "93", "--area", "hillside")

    assert (
        "      2024/25:\n        value: 9.5\n        marks: [break, estimated]\n        note: Counted anew.\n"
        in text(root)
    )
    assert "      2024/25: {marks: [not-available]}\n    peers:\n" in text(root)
    assert "        2023/24: 91\n        2024/25: 93\n" in text(root)
    assert done.out.endswith("No status changes.\n")
    assert lint(root, TODAY).findings == ()


def test_a_figure_that_is_there_is_replaced_only_when_that_is_asked_for(root: Path, kpi: Kpi) -> None:
    before = text(root)
    refused = kpi("record", SHARE, "12 months to 2023-03", "89")
    assert refused == Done(
        2,
        "",
        "kpi: 12 months to 2023-03 of first-visits/visited-in-time is 88 in the file, and 89 here. If this one is right, use --replace.\n",
    )
    assert text(root) == before

    done = kpi("record", SHARE, "12 months to 2023-03", "89", "--replace")
    assert done.out.startswith("kpis/care/first-visits.yaml:21\n-       2022/23: 88\n+       2022/23: 89\n")
    assert "If the old figure was published, add --mark revised, and a --note" in done.err
    marked = kpi(
        "record", SHARE, "2022/23", "89", "--replace", "--mark", "revised", "--note", "A form was late."
    )
    assert marked.err == ""
    assert (
        "      2022/23:\n        value: 89\n        marks: [revised]\n        note: A form was late.\n"
        in text(root)
    )


@pytest.mark.usefixtures("root")
def test_a_provisional_figure_becomes_firm(kpi: Kpi) -> None:
    done = kpi("record", SHARE, "2023/24", "86.5", "--replace", "--unmark", "provisional")

    assert done.err == ""
    assert "-       2023/24: {value: 86, marks: [provisional]}\n+       2023/24: 86.5\n" in done.out


@pytest.mark.usefixtures("root")
def test_a_figure_that_came_late_needs_no_permission(kpi: Kpi) -> None:
    kpi("record", SHARE, "2024/25", "--mark", "not-available")

    assert (
        "-       2024/25: {marks: [not-available]}\n+       2024/25: 91\n"
        in kpi("record", SHARE, "2024/25", "91").out
    )


def test_what_is_there_already_is_said_and_nothing_is_written(root: Path, kpi: Kpi) -> None:
    changed = (root / PLACE).stat().st_mtime_ns
    done = kpi("record", SHARE, "2022/23", "88.0")

    assert done == Done(0, "2022/23 is there already as 88. Nothing was written.\n", "")
    assert kpi("record", SHARE, "2022/23", "88.0", "--dry-run") == done
    assert (root / PLACE).stat().st_mtime_ns == changed


REFUSED = [
    ([SHARE, "2024/25"], "Write the figure after the period, or --mark not-available where there is none."),
    ([SHARE, "2024/25", " "], "Write the figure after the period, or --mark not-available where there is none."),
    (["first-visit", "2024/25", "1"], 'There is no KPI called "first-visit". Did you mean "first-visits"?'),
    (["first-visits/median-wat", "2024/25", "1"], '"first-visits" has no measure called "median-wat". Did you mean "median-wait"?'),
    (["first-visits", "2024/25", "1"], f'"first-visits" has 2 measures. Write one of these: {SHARE}, {WAIT}.'),
    (["care-at-home", "2024/25", "1"], '"care-at-home" has no measures, so it takes no figures. Add one to kpis/care/care-at-home.yaml first, or leave this figure out.'),
    ([SHARE, "FY25", "1"], '"FY25" is not a period. It can be read in more than one way. For April 2024 to March 2025 write 2024/25. For April 2025 to March 2026 write 2025/26.'),
    ([SHARE, "2024-13", "1"], '"2024-13" names a month that doesn\'t exist. Months go from 01 to 12, for example 2024-01.'),
    ([WAIT, "31/03/2025", "9"], '"31/03/2025" is one day, but "median-wait" is not counted by days. For the month write 2025-03, for the day 2025-03-31.'),
    (["first-visit/median-wait", "2024/25", "1"], 'There is no KPI called "first-visit/median-wait". Did you mean "first-visits"?'),
    ([SHARE, "2024/25", "9,1"], '"9,1" has a comma, so it is not clear which number is meant. Write 9.1 or 91.'),
    ([SHARE, "2024/25", "91 days"], '"91 days" has a unit in it. The unit here is percent. Is 91 meant?'),
    ([WAIT, "2024/25", "12. %"], '"12. %" has a % sign in it. The unit here is days. Write the figure in days, as a number alone.'),
    ([SHARE, "2024/25", "90-92%"], '"90-92%" is a range, not one number. Write one number, and the range in a note.'),
    ([SHARE, "2024/25", "n/a"], '"n/a" is not a number. A mark says why there is no figure. Leave the figure out, and add --mark not-available.'),
    ([SHARE, "2024/25", "1", "--area", "hilside"], 'The plan has no area called "hilside". Did you mean "hillside"?'),
    ([SHARE, "2024/25", "1", "--mark", "revized"], "--mark: 'revized' is not one of 'break', 'provisional', 'revised', 'estimated', 'forecast', 'low-reliability', 'queried', 'not-available', 'not-applicable', 'suppressed'. kpi record --help says more."),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[" ".join(item) for item, _ in REFUSED])
def test_what_could_be_meant_otherwise_is_refused_in_one_sentence(
    root: Path, kpi: Kpi, arguments: list[str], sentence: str
) -> None:
    before = text(root)

    assert kpi("record", *arguments) == Done(2, "", f"kpi: {sentence}\n")
    assert text(root) == before


def test_hidden_characters_in_a_note_are_not_written(root: Path, kpi: Kpi) -> None:
    before = text(root)

    for note in ("a\x1b[2Jb", "a\u202eb", "a\udcffb"):
        done = kpi("record", SHARE, "2024/25", "91", "--note", note)
        assert done.code == 2
        assert "--note has a character in it that can't be seen" in done.err
        assert "\x1b" not in done.err
    assert text(root) == before


def test_a_measure_that_is_only_shown_is_recorded_at_home(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)

    assert kpi("record", "opening-hours/books", "2024/25", "5").err == (
        'kpi: "books" is only shown in "opening-hours". Its figures are in loans/books.\n'
    )


def test_of_two_files_with_one_id_none_is_written_to(root: Path, kpi: Kpi) -> None:
    (root / "kpis/other").mkdir()
    (root / "kpis/other/first-visits.yaml").write_text(text(root), encoding="utf-8")

    assert kpi("record", SHARE, "2024/25", "91").err == (
        f"kpi: {PLACE} and kpis/other/first-visits.yaml have the same id. Run kpi lint to see what to do.\n"
    )


def test_any_words_are_a_figure_or_a_mistake_in_a_sentence(root: Path) -> None:
    repository = load(root)

    @given(st.text(max_size=20), st.text(max_size=20), st.sampled_from([SHARE, WAIT]))
    def check(period: str, value: str, measure: str) -> None:
        with suppress(UserError):
            intake = Intake([make_row({"kpi": measure, "period": period, "value": value})], repository)
            if intake.problems:
                raise not_found(intake.problems[0], repository)
            assert all(parse_period(figure.edit.period) for figure in intake.figures)

    check()


@pytest.mark.parametrize("number", ["-3", "191"])
def test_what_lint_calls_an_error_is_not_written(root: Path, kpi: Kpi, number: str) -> None:
    before = text(root)
    done = kpi("record", SHARE, "2024/25", number)

    assert (done.code, done.out) == (1, "")
    assert f"{PLACE}:23: {number} is " in done.err
    assert done.err.endswith("(percent-range)\nkpi: Nothing was written.\n")
    assert text(root) == before


def test_a_figure_for_a_period_that_has_not_ended_is_written_only_as_a_forecast(root: Path, kpi: Kpi) -> None:
    """As an import has it: where nobody can have counted yet, the year is probably mistyped."""
    before = text(root)
    refused = kpi("record", SHARE, "2025/26", "91")

    assert (refused.code, refused.out) == (1, "")
    assert "2025/26 has not ended yet (today is 2025-05-15). Is the year right?" in refused.err
    assert refused.err.endswith(
        "kpi: Nothing was written. If the figure is expected rather than counted, add --mark forecast.\n"
    )
    assert text(root) == before

    expected = kpi("record", SHARE, "2025/26", "91", "--mark", "forecast")
    assert (expected.code, expected.err) == (0, "")
    assert "      2025/26: {value: 91, marks: [forecast]}\n" in text(root)


def test_on_the_last_day_of_its_period_a_figure_is_written(kpi: Kpi, root: Path) -> None:
    done = kpi("--as-of", "2025-05-31", "record", SHARE, "2025-05", "91")

    assert (done.code, done.err) == (0, "")
    assert "      2025-05: 91\n" in text(root)


@pytest.mark.parametrize(
    ("arguments", "warning"),
    [
        ((WAIT, "2024/25", "120"), "jumps from 12 days to 120 days, about a power of ten. Is the decimal point right?"),
        ((SHARE, "2024/25", "0.8"), "0.8 looks like a fraction, because the other figures are per cents (86). Write 80."),
        ((WAIT, "2019/20", "120"), "2020/21 jumps from 120 days to 14 days, a fifth of that or less. Is it right?"),
        ((WAIT, "2024/25", "9.12345"), "9.12345 has 5 decimals; the other figures have at most 1."),
    ],
)  # fmt: skip
def test_what_is_only_unlikely_is_warned_of_and_written(
    root: Path, kpi: Kpi, arguments: tuple[str, ...], warning: str
) -> None:
    done = kpi("record", *arguments)

    assert done.code == 0
    assert warning in done.err
    assert f"      {arguments[1]}: {arguments[2]}\n" in text(root)


def test_figures_are_not_recorded_where_there_can_be_none(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)

    assert kpi("record", "loans/share-of-books", "2024/25", "1").err == (
        'kpi: kpis/reading/loans.yaml can\'t take figures. "share-of-books" is computed from other measures ("derived:"). Record the figures of those.\n'
    )
    staff = tmp_path / "kpis/people/staff.yaml"
    awaited = staff.read_text(encoding="utf-8")
    staff.write_text(edited(awaited, "awaiting-data", "in-development"), encoding="utf-8")
    assert "Delete that line first" in kpi("record", "staff/trained", "2024/25", "1").err


def test_of_a_file_without_a_last_line_end_only_the_lines_that_change_are_shown(root: Path, kpi: Kpi) -> None:
    (root / PLACE).write_text(text(root).rstrip("\n"), encoding="utf-8")
    done = kpi("record", WAIT, "2024/25", "9", "--dry-run")

    assert [line for line in done.out.splitlines() if line[0] in "+-\\"] == ["+       2024/25: 9"]


def test_a_first_figure_takes_the_place_of_what_says_that_figures_are_awaited(
    tmp_path: Path, kpi: Kpi
) -> None:
    written(tmp_path)
    staff = tmp_path / "kpis/people/staff.yaml"
    line = staff.read_text(encoding="utf-8").split("\n").index("    no_figures: {because: awaiting-data}") + 1
    done = kpi("record", "staff/trained", "2024/25", "1")

    assert f"kpis/people/staff.yaml:{line}\n-     no_figures: {{because: awaiting-data}}\n" in done.out
    text = staff.read_text(encoding="utf-8")
    assert "no_figures" not in text
    assert "    observations:\n      2024/25: 1\n" in text
    assert kpi("fmt", "--check", "kpis/people/staff.yaml").code == 0


def test_an_effect_on_other_measures_and_kpis_is_told(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)
    done = kpi("record", "loans/books", "2024/25", "4200")

    assert "loans/books: now as intended, was no clear change (less than 5%)." in done.out
    assert "loans: still off target (red).\n" in done.out


def test_what_a_target_is_called_changes_no_status(root: Path, kpi: Kpi) -> None:
    """Which measures are told of is not read off the sentence."""
    named = edited(
        text(root), "      - at_least: 90\n", "      - at_least: 90\n        label: What is now law\n"
    )
    (root / PLACE).write_text(named, encoding="utf-8")
    done = kpi("record", WAIT, "2019/20", "15")

    assert done.code == 0
    assert "What is now law" not in done.out
    assert "What is now law: at least 90%" in kpi("record", SHARE, "2024/25", "91").out


@pytest.mark.parametrize("mark", sorted(ANNOUNCING))
def test_a_figure_that_was_to_be_replaced_needs_no_reason_by_either_way(
    root: Path, kpi: Kpi, mark: str
) -> None:
    announced = edited(text(root), "marks: [provisional]", f"marks: [{mark}]")
    (root / PLACE).write_text(announced, encoding="utf-8")
    (root / "may.csv").write_text(f"kpi,period,value\n{SHARE},2023/24,87\n", encoding="utf-8")
    recorded = kpi("record", SHARE, "2023/24", "87", "--replace", "--dry-run")
    imported = kpi("import", "may.csv", "--replace", "--dry-run")

    assert "published" not in f"{recorded.out}{recorded.err}{imported.out}{imported.err}"
    assert "1 replaced" in imported.out


def test_older_errors_elsewhere_do_not_stand_in_the_way(root: Path, kpi: Kpi) -> None:
    (root / PLACE).write_text(edited(text(root), "2022/23: 10.5", "2022/23: ten"), encoding="utf-8")
    (root / "kpis/care/care-at-home.yaml").write_text("title\n", encoding="utf-8")
    done = kpi("record", SHARE, "2024/25", "91")

    assert done.code == 0
    assert "      2024/25: 91\n" in text(root)
    assert (
        "kpi: Gaps and jumps were not checked in kpis/care/first-visits.yaml, because of other errors there. Run kpi lint."
        in done.err
    )


def test_a_file_that_can_not_be_read_is_not_written_to(root: Path, kpi: Kpi) -> None:
    (root / PLACE).write_text(text(root) + "\tx\n", encoding="utf-8")
    before = text(root)
    done = kpi("record", SHARE, "2024/25", "91")

    assert (done.code, done.err) == (2, f"kpi: {PLACE} can't be used as it is. Run kpi lint to see why.\n")
    assert text(root) == before


def test_without_a_plan_the_figure_is_written_all_the_same(root: Path, kpi: Kpi) -> None:
    (root / "kpis/plan.yaml").write_text("title\n", encoding="utf-8")
    done = kpi("record", SHARE, "2024/25", "91")

    assert done.code == 0
    assert "What it does to the status is not known, because kpis/plan.yaml can't be used." in done.out


def test_a_file_that_changed_meanwhile_is_read_again(
    root: Path, kpi: Kpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes between the reading and the writing, once."""
    meanwhile = iter([edited(text(root), "2020/21: 81", "2019/20: 80\n      2020/21: 81")])

    def interrupted(*given: object, **more: object) -> object:
        outcomes = add_figures(*given, **more)  # type: ignore[arg-type]
        for new in meanwhile:
            (root / PLACE).write_text(new, encoding="utf-8")
        return outcomes

    monkeypatch.setattr("kpi.lint.importing.add_figures", interrupted)

    assert kpi("record", SHARE, "2024/25", "91").code == 0
    assert "2019/20: 80\n" in text(root)
    assert "2024/25: 91\n" in text(root)


@pytest.mark.usefixtures("root")
def test_the_day_can_be_given(kpi: Kpi) -> None:
    assert "has not ended yet" in kpi("record", SHARE, "2025/26", "91", "--dry-run").err
    assert kpi("--as-of", "2026-06-01", "record", SHARE, "2025/26", "91").err == ""
