"""Sheets as people keep them, imported: columns that are no figures, names and markers of their own, figures that look wrong."""

from pathlib import Path

import pytest

from guides import TODAY, example
from running import Done, Kpi

SHARE, WAIT = "first-visits,visited-in-time", "first-visits,median-wait"


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.cli.context.today", lambda: TODAY)


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
        f"{item} looks like a fraction, because the other figures are per cents (86). Write {better}, or {item}% if it is right."
        for item, better in (("0.91", "91"), ("0.93", "93"), ("1", "100"))
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
        ("12 [x]", "has [x] beside a number, but that mark is for a missing one."),
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


@pytest.mark.parametrize(
    ("line", "typed", "reported"),
    [
        ("* zero-hours contracts are counted", "*", 'The sheet says what "*" means'),
        ("% = per cent of all visits", "91%", ""),
        ("a: not available before May", "9.5", ""),
        ("- bullets, such as this one", "-", '"-" can mean 0, or that there is no figure.'),
    ],
)
def test_other_lines_are_no_legend(kpi: Kpi, root: Path, line: str, typed: str, reported: str) -> None:
    measure = SHARE if "%" in typed else WAIT
    done = imported(kpi, root, line, "kpi,measure,2024/25", f"{measure},{typed}")

    assert (done.code, reported in done.out) == (1 if reported else 0, True)


def test_a_priority_with_the_title_of_a_kpi_is_the_priority(kpi: Kpi, root: Path) -> None:
    (root / "kpis/care/first-visits.yaml").write_text(
        place(root).replace("title: Waiting for a first visit", "title: Care"), encoding="utf-8"
    )
    done = imported(kpi, root, "kpi,measure,2024/25", "care/first-visits,median-wait,9.5")

    assert (done.code, "was read as" in done.out) == (0, False)


def test_pence_are_asked_about_where_figures_are_money(kpi: Kpi, root: Path) -> None:
    place = root / "kpis/care/first-visits.yaml"
    place.write_text(
        place.read_text(encoding="utf-8").replace("unit: days", "unit: {currency: GBP}"), encoding="utf-8"
    )
    done = imported(kpi, root, "kpi,measure,2024/25", f"{VISITS},12p")

    assert '"12p" could be pence, or provisional. Write pence in GBP, or 12 [p].' in done.out


# Columns and names as people keep them.


def test_columns_beside_the_figures_are_passed_over_in_one_line(kpi: Kpi, root: Path) -> None:
    done = imported(
        kpi,
        root,
        "Ref,KPI,Measure,Description,Owner,Target,2024/25 target,2023/24,2024/25,RAG 2024/25,Status,% change,Note",
        "CS01,first-visits,median-wait,Visited in 2 days,Jo,10,9,12,9.5,A,Red,-20%,See 3",
        "CS02,first-visits,visited-in-time,,Jo,90,90,86,91,,Green,,",
    )

    assert done.out.splitlines()[:2] == [
        "4 figures: 2 new, 2 unchanged.",
        'The columns "Ref", "Description", "Owner", … 6 more were not read.',
    ]


@pytest.mark.parametrize("heading", ["2024/2S", "FY", "April", "Actual", "2025/26 (see note)"])
def test_a_column_with_numbers_that_may_be_a_period_is_not_passed_over(
    kpi: Kpi, root: Path, heading: str
) -> None:
    done = imported(kpi, root, f"kpi,measure,2024/25,{heading}", f"{WAIT},9.5,9")

    assert done.code == 1
    assert f'may.csv, row 1, column D: "{heading}" ' in done.out


@pytest.mark.parametrize("name", ["Note", "Notes", "Comments"])
@pytest.mark.parametrize("is_wide", [True, False])
def test_a_note_is_taken_where_it_is_named(kpi: Kpi, root: Path, name: str, *, is_wide: bool) -> None:
    wide = (f"kpi,measure,2024/25,{name}", f"{WAIT},9.5,Two teams.")
    long_ = (f"kpi,measure,period,value,{name}", f"{WAIT},2024/25,9.5,Two teams.")
    done = imported(kpi, root, *(wide if is_wide else long_))

    assert done.code == 0, done.out
    assert (f'The column "{name}" was read as note.' in done.out) is (name != "Note")
    assert "2024/25:\n        value: 9.5\n        note: Two teams.\n" in place(root)


def place(root: Path) -> str:
    return (root / "kpis/care/first-visits.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("names", "read"),
    [
        ("FIRST-VISITS,Median-Wait", ["FIRST-VISITS", "Median-Wait"]),
        ("First visits,Median wait", ["First visits", "Median wait"]),
        ("Waiting for a first visit,MEDIAN_WAIT", ["Waiting for a first visit", "MEDIAN_WAIT"]),
        ("cs 02A,median-wait", ["cs 02A"]),
        ("FIRST-VISITS/MEDIAN WAIT,", ["FIRST-VISITS", "MEDIAN WAIT"]),
    ],
)
def test_names_in_other_letters_are_understood_and_told(
    kpi: Kpi, root: Path, names: str, read: list[str]
) -> None:
    text = place(root)
    (root / "kpis/care/first-visits.yaml").write_text(f"code: CS02a\n{text}", encoding="utf-8")
    done = imported(kpi, root, "kpi,measure,2024/25", f"{names},9.5")

    assert done.code == 0, done.out
    assert "      2024/25: 9.5\n" in place(root)
    assert [
        line.split('" was read as ')[0].lstrip('"')
        for line in done.out.splitlines()
        if " was read as " in line
    ] == read


def test_a_name_that_stands_for_two_is_none(kpi: Kpi, root: Path) -> None:
    text = place(root).replace("title: Median wait", "title: Visited in time")
    assert text != place(root)
    (root / "kpis/care/first-visits.yaml").write_text(text, encoding="utf-8")
    done = imported(kpi, root, "kpi,measure,2024/25", "first-visits,VISITED IN TIME,9.5")

    assert done.code == 1
    assert 'has no measure called "VISITED IN TIME"' in done.out


def test_an_area_is_understood_by_its_name(kpi: Kpi, root: Path) -> None:
    done = imported(kpi, root, "kpi,measure,period,value,area", f"{SHARE},2024/25,92,HILLSIDE")

    assert (done.code, '"HILLSIDE" was read as hillside.' in done.out) == (0, True)


def test_one_unknown_name_is_told_once_with_its_count(kpi: Kpi, root: Path) -> None:
    rows = [f"nope,m{number},{number + 1}" for number in range(12)]
    done = imported(kpi, root, "kpi,measure,2024/25", *rows)

    assert done.out.count("\n") == 1
    assert 'row 2, column A: There is no KPI called "nope".' in done.out
    assert done.out.endswith("The same in 11 more places: A3, A4, A5, A6, A7, A8, A9, A10, … 3 more.\n")


def test_a_kpi_that_is_not_filled_in_yet_takes_figures(kpi: Kpi, root: Path) -> None:
    kpi("new", "care/fresh")
    done = imported(kpi, root, "kpi,measure,2024/25", 'fresh,,"67%"')

    assert done.code == 0, done.out
    assert "Gaps and jumps were not checked in kpis/care/fresh.yaml" in done.out
    assert "2024/25: 67\n" in (root / "kpis/care/fresh.yaml").read_text(encoding="utf-8")


def test_letters_that_were_saved_twice_are_warned_of(kpi: Kpi, root: Path) -> None:
    twice = "The café – à la carte".encode().decode("cp1252", "ignore")
    done = imported(kpi, root, "kpi,measure,period,value,note", f"{WAIT},2024/25,9.5,{twice}")

    assert "has letters that were saved twice." in done.out
    assert "café –" in done.out
    fine = imported(
        kpi, root, "kpi,measure,period,value,note", f"{WAIT},2024/25,9.5,Café – Ângela’s “naïve” £5 ÂÃ"
    )
    assert "saved twice" not in fine.out


def test_every_reading_that_was_made_is_shown(kpi: Kpi, root: Path) -> None:
    months = ",".join(f"{month} 24" for month in ("Jan", "Feb", "Mar", "Apr", "May"))
    done = imported(kpi, root, f"kpi,measure,{months}", f'{WAIT},"12 ","11 days","10.0 days","1e1","9 days"')

    assert [line for line in done.out.splitlines() if " was read as " in line][5:] == [
        '"11 days" was read as 11.',
        '"10.0 days" was read as 10.0.',
        '"1e1" was read as 10.',
        '"9 days" was read as 9.',
    ]


def test_the_statuses_of_first_figures_are_counted(kpi: Kpi, root: Path) -> None:
    for number in (1, 2, 3):
        kpi("new", f"care/fresh-{number}", "--title", f"Fresh {number}")
        path = root / f"kpis/care/fresh-{number}.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        said = {"definition": "D", "unit": "count", "better": "higher", "sources": "[]"}
        text = "\n".join(
            next((f"{name}: {value}" for name, value in said.items() if line.startswith(f"{name}:")), line)
            for line in lines
        )
        targets = (
            "    targets:\n      - {at_least: 20}\n    observations:" if number < 3 else "    observations:"
        )
        path.write_text(text.replace("    observations:", targets) + "\n", encoding="utf-8")
    done = imported(kpi, root, "kpi,measure,2024/25", "fresh-1,,14", "fresh-2,,22", "fresh-3,,2")

    assert "3 measures with first figures: 1 not met, 1 met, 1 no target.\n" in done.out
