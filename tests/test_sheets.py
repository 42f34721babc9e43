"""Sheets as people keep them, imported: columns that are no figures, names and markers of their own, figures that look wrong."""

from pathlib import Path

import pytest

from guides import TODAY, example
from running import Done, Kpi

SHARE, WAIT = "first-visits,visited-in-time", "first-visits,median-wait"


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.cli.import.today", lambda: TODAY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return example(tmp_path)


def imported(kpi: Kpi, root: Path, *lines: str) -> Done:
    (root / "may.csv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return kpi("import", root / "may.csv")


# Figures unlike those beside them.


def test_what_looks_wrong_is_warned_of_at_its_row_as_when_it_is_recorded(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,period,value", f"{WAIT},2024/25,61")
    sentence = "2024/25 jumps from 12 days to 61 days, five times that or more. Is it right?"

    assert (done.code, f"Warning: may.csv, row 2, column D: {sentence}" in done.out) == (0, True)
    (root / "may.csv").unlink()


def test_fractions_among_per_cents_are_refused_with_1_among_them(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,2017/18,2018/19,2023/24", f"{SHARE},0.91,0.93,1")

    assert done.code == 1
    assert [line.rpartition(": ")[2] for line in done.out.splitlines()] == [
        f"{one} looks like a fraction, because the other figures are per cents (86). Write {better}, or {one}% if it is right."
        for one, better in (("0.91", "91"), ("0.93", "93"), ("1", "100"))
    ]


def test_a_fraction_that_names_its_unit_is_told(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,period,value,unit", f"{SHARE},2024/25,0.91,percent")

    assert "0.91 looks like a fraction, because the other figures are per cents (86). Write 91." in done.out


def test_figures_that_were_copied_forward_are_counted_and_named(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,2024/25", f"{SHARE},86", f"{WAIT},12")

    assert (
        "2 of 2 new figures equal those of the year before, to the last digit: "
        "first-visits/visited-in-time, first-visits/median-wait. Were they copied forward?\n"
    ) in done.out


def test_one_figure_that_equals_the_one_before_is_nothing_to_ask_about(kpi: Kpi, root: Path) -> None:
    assert "copied" not in imported(kpi, root, "kpi,measure,2024/25", f"{SHARE},91", f"{WAIT},12").out


def test_all_that_is_wrong_is_told_at_once_whoever_finds_it(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,2024/25", f"{SHARE},191", f'{WAIT},"9,5"')

    assert done.code == 1
    assert "191 is more than 100 per cent" in done.out
    assert '"9,5" has a comma' in done.out


# Markers.

VISITS = "first-visits,median-wait"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (":", "2024/25: {marks: [not-available]}"),
        ("..", "2024/25: {marks: [not-available]}"),
        ("[x]", "2024/25: {marks: [not-available]}"),
        ("[c]", "2024/25: {marks: [suppressed]}"),
        ("z", "2024/25: {marks: [not-applicable]}"),
        ("12p", "2024/25: {value: 12, marks: [provisional]}"),
        ("12 r", "2024/25: {value: 12, marks: [revised]}"),
        ("12 [u]", "2024/25: {value: 12, marks: [low-reliability]}"),
        ("c. 12", "2024/25: {value: 12, marks: [estimated]}"),
    ],
)
def test_a_marker_becomes_the_mark_that_it_means(kpi: Kpi, root: Path, typed: str, line: str) -> None:
    done = imported(kpi, root, "kpi,measure,2024/25", f"{VISITS},{typed}")

    assert done.code == 0, done.out
    assert f'"{typed}" was read as ' in done.out
    assert f"      {line}\n" in (root / "kpis/care/first-visits.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("*", "can mean that the figure is suppressed, or that there is a note. Write [c]"),
        ("~", "can mean a figure that rounds to 0, or one that is suppressed. Write the figure, or [c]"),
        ("-", "can mean 0, or that there is no figure. Write 0 for a true zero, or [x]"),
        ("–", "can mean 0, or that there is no figure. Write 0 for a true zero, or [x]"),
        ("[low]", "means a figure that rounds to 0, but is not 0."),
        ("[u]", "means that a figure is not reliable, but there is none beside it."),
        (
            "<5",
            "is not one number. Write the figure itself, or [c] where it is suppressed.",
        ),
        ("12[1]", "has a footnote in it. Write 12, and what the footnote says in a note."),
        ("12 [note 3]", "has a footnote in it. Write 12,"),
        ("12*", "has a footnote in it. Write 12,"),
        ("12 [x]", "has [x] beside a number, which stands where there is none."),
        ("12b", "could be billions, or a figure after a break."),
    ],
)
def test_a_marker_that_says_too_little_is_refused_by_its_name(
    kpi: Kpi, root: Path, typed: str, message: str
) -> None:
    done = imported(kpi, root, "kpi,measure,2024/25", f"{VISITS},{typed}")

    assert done.code == 1
    assert f'"{typed}" {message}' in done.out


@pytest.mark.parametrize(
    ("legend", "typed", "line"),
    [
        ("* = suppressed", "*", "{marks: [suppressed]}"),
        ('"Key: a table, * Suppressed (fewer than five people)"', "*", "{marks: [suppressed]}"),
        ("- means zero", "-", "0"),
        ("~ denotes not available.", "~", "{marks: [not-available]}"),
        (": not applicable", ":", "{marks: [not-applicable]}"),
        ("[x] = suppressed; [c] = not applicable", "[x]", "{marks: [suppressed]}"),
        ("* provisional", "9*", "{value: 9, marks: [provisional]}"),
        ("*,not available", "*", "{marks: [not-available]}"),
    ],
)
@pytest.mark.parametrize("is_above", [True, False])
def test_the_legend_of_a_sheet_decides(
    kpi: Kpi, root: Path, legend: str, typed: str, line: str, *, is_above: bool
) -> None:
    table = ["kpi,measure,2024/25", f"{VISITS},{typed}"]
    done = imported(kpi, root, *([legend, *table] if is_above else [*table, legend]))

    assert done.code == 0, done.out
    assert f"      2024/25: {line}\n" in (root / "kpis/care/first-visits.yaml").read_text(encoding="utf-8")


def test_a_legend_in_words_that_no_mark_has_stops_even_a_marker_that_is_known(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "c = confirmed by the auditor", "kpi,measure,2024/25", f"{VISITS},c")

    assert done.code == 1
    assert 'The sheet says what "c" means, but not in the words of a mark.' in done.out


def test_pence_are_asked_about_where_figures_are_money(kpi: Kpi, root: Path) -> None:
    place = root / "kpis/care/first-visits.yaml"
    place.write_text(
        place.read_text(encoding="utf-8").replace("unit: days", "unit: {currency: GBP}"), encoding="utf-8"
    )
    done = imported(kpi, root, "kpi,measure,2024/25", f"{VISITS},12p")

    assert '"12p" could be pence, or provisional. Write pence in GBP, or 12 [p].' in done.out
