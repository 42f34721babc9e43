"""`kpi import`: figures of a table in their files, all or none; every slip told at its cell."""

from pathlib import Path

import pytest

from guides import TODAY, example
from kpi.lint.engine import lint
from kpi.store.edit import replace_files
from running import Done, Kpi
from small import SATISFACTION, edited, written
from workbooks import DAY, HOURS, MONTH, WHOLE_PERCENT, Cell, Number, packed, parts, sheet, workbook

PLACE = "kpis/care/first-visits.yaml"
TABLES = Path(__file__).parent / "examples/tables"


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.cli.context.today", lambda: TODAY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return example(tmp_path)


def text(root: Path, place: str = PLACE) -> str:
    return (root / place).read_text(encoding="utf-8")


def csv(root: Path, *lines: str) -> Path:
    path = root / "may.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return path


def xlsx(root: Path, rows: list[list[Cell]]) -> Path:
    (root / "may.xlsx").write_bytes(workbook(rows))
    return root / "may.xlsx"


WIDE = (
    "kpi,measure,2023/24,2024-25",
    "first-visits,visited-in-time,86,91%",
    "first-visits,median-wait,12,9.5",
)
LONG = "kpi,measure,period,value"


# What is written.


def test_a_table_with_a_column_for_each_period_goes_into_its_files(root: Path, kpi: Kpi) -> None:
    before = text(root)
    done = kpi("import", csv(root, *WIDE))

    assert done == Done(
        0,
        "4 figures: 2 new, 2 unchanged.\n"
        '"2024-25" was read as 2024/25.\n'
        '"91%" was read as 91.\n'
        "kpis/care/first-visits.yaml: 2 figures\n"
        "first-visits/visited-in-time: target now met late (green), was missed (red): 91% (2024/25) against at least 90%, by 2023/24."
        " No clear change: up 5 percentage points (2024/25 against 2023/24); 5 points or less, "
        "and the numbers behind it aren't given.\n"
        "first-visits/median-wait: now as intended, was against the aim."
        " Better ▼ down 2.5 days (2024/25 against 2023/24).\n"
        "first-visits: now met late (green), was missed (red).\n",
        "kpi: Written to 1 file.\n",
    )
    line = "      2023/24: {value: 86, marks: [provisional]}\n"
    meant = edited(before, line, f"{line}      2024/25: 91\n")
    assert text(root) == edited(meant, "      2023/24: 12\n", "      2023/24: 12\n      2024/25: 9.5\n")
    assert lint(root, TODAY).findings == ()


def test_a_dry_run_gives_the_same_report_and_writes_nothing(root: Path, kpi: Kpi) -> None:
    before = text(root)
    dry = kpi("import", csv(root, *WIDE), "--dry-run")

    assert text(root) == before
    assert dry.err == "kpi: Nothing was written, because of --dry-run.\n"
    assert kpi("import", root / "may.csv")[:2] == dry[:2]


def test_importing_twice_changes_nothing_the_second_time(root: Path, kpi: Kpi) -> None:
    kpi("import", csv(root, *WIDE))
    before = text(root)
    done = kpi("import", root / "may.csv")

    assert done.out.startswith("4 figures: 4 unchanged.\n")
    assert done.err == "kpi: Nothing had to be written.\n"
    assert text(root) == before


def test_a_table_with_a_row_for_each_figure_brings_marks_notes_and_other_areas(root: Path, kpi: Kpi) -> None:
    table = csv(
        root,
        f"{LONG},area,marks,note",
        "first-visits,visited-in-time,2024/25,91,riverside,provisional;break,Counted anew.",
        "first-visits,visited-in-time,2024/25,92,hillside,,",
        "first-visits/median-wait,,2024/25,,,not-available,",
    )
    done = kpi("import", table)

    assert done.out.startswith("3 figures: 3 new.\n")
    assert (
        "      2024/25:\n        value: 91\n        marks: [provisional, break]\n        note: Counted anew.\n"
        in text(root)
    )
    assert "        2023/24: 91\n        2024/25: 92\n" in text(root)
    assert "      2024/25: {marks: [not-available]}\n" in text(root)


def test_a_figure_that_differs_is_refused_and_replaced_only_when_asked(root: Path, kpi: Kpi) -> None:
    table = csv(
        root, f"{LONG},marks", "first-visits,median-wait,2022/23,10,", "first-visits,median-wait,2024/25,9,"
    )
    before = text(root)
    refused = kpi("import", table)

    assert refused == Done(
        1,
        "may.csv, row 2, column D: 2022/23 of first-visits/median-wait is 10.5 in the file, and 10 here."
        " If this one is right, use --replace.\n",
        "kpi: Nothing was written: 1 place to fix in may.csv.\n",
    )
    assert text(root) == before

    done = kpi("import", table, "--replace")

    assert done.out.startswith(
        "2 figures: 1 new, 1 replaced.\n2022/23 of first-visits/median-wait: 10, was 10.5.\n"
        "Were the old figures published? Then mark the new ones revised, in a column marks, and say why in note.\n"
    )
    assert "      2022/23: 10\n" in text(root)


def test_without_columns_for_them_marks_and_notes_stay(root: Path, kpi: Kpi) -> None:
    kpi("import", csv(root, LONG, "first-visits,visited-in-time,2023/24,87"), "--replace")

    assert "      2023/24: {value: 87, marks: [provisional]}\n" in text(root)


def test_a_period_in_another_spelling_is_the_same_figure(root: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(root, LONG, "first-visits,median-wait,12 months to 2024-03,12"))

    assert done.out == "1 figure: 1 unchanged.\n"


@pytest.mark.parametrize(
    "lines",
    [
        (
            "kpi,measure,2024/25,Commentary",
            "first-visits,visited-in-time,91,Two nurses: more visits.",
            "first-visits,median-wait,9.5,",
        ),
        (f"{LONG},commentary", "first-visits,visited-in-time,2024/25,91,Two nurses: more visits."),
        ("kpi,measure,2024/25,commentary", "first-visits,visited-in-time,,Two nurses: more visits."),
        ("kpi,measure,commentary", "first-visits,median-wait,Two nurses: more visits."),
        ("Commentary,KPI,Measure,Owner", "Two nurses: more visits.,first-visits,median-wait,Head", ",,,Head"),
    ],
    ids=["wide", "long", "without a figure", "without a column for figures", "beside an owner"],
)
def test_a_commentary_goes_to_its_kpi_under_the_day_of_the_import(
    root: Path, kpi: Kpi, lines: tuple[str, ...]
) -> None:
    done = kpi("import", csv(root, *lines))
    said = f'first-visits has a commentary of {TODAY.isoformat()}: "Two nurses: more visits."'

    assert said in done.out
    assert f'\n  {TODAY.isoformat()}: "Two nurses: more visits."\n' in text(root)
    assert lint(root, TODAY).findings == ()
    assert "Nothing had to be written" in kpi("import", csv(root, *lines)).err


def test_a_commentary_without_its_kpi_is_told_once(root: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(root, "kpi,commentary", "frist-visits,Two nurses: more visits."))

    assert done.code == 1
    assert len(done.out.splitlines()) == 1
    assert 'There is no KPI called "frist-visits".' in done.out


def test_two_commentaries_of_a_kpi_or_of_a_day_are_refused(root: Path, kpi: Kpi) -> None:
    heading = f"{LONG},commentary"
    item, other = (
        "first-visits,visited-in-time,2024/25,91,Better.",
        "first-visits,median-wait,2024/25,9.5,Worse.",
    )
    assert kpi("import", csv(root, heading, item, other)).out == (
        'may.csv, row 3, column E: "first-visits" has another commentary in row 2. Write one for all of it. '
        'If they are about single figures, name the column "note".\n'
    )
    kpi("import", csv(root, heading, item))
    later = csv(root, heading, item.replace("Better.", "Much better."))
    assert (
        f"It has another commentary of {TODAY.isoformat()}. If this one is right, use --replace."
        in kpi("import", later).out
    )
    csv(root, heading, item.replace("91,Better.", "93,Much better."))
    assert kpi("import", later).out.count("If this one is right, use --replace.") == 2
    csv(root, heading, item.replace("Better.", "Much better."))
    kpi("import", later, "--replace")
    assert f"  {TODAY.isoformat()}: Much better.\n" in text(root)
    assert "Better." not in text(root)


def test_a_commentary_without_a_day_stands_in_the_way_of_another_but_of_no_figure(
    root: Path, kpi: Kpi
) -> None:
    broken = edited(text(root), "commentary:\n  2024-09-03: ", "commentary: ")
    (root / PLACE).write_text(broken, encoding="utf-8")
    row = "first-visits,median-wait,2024/25,9.5"

    assert "Its commentary has no day." in kpi("import", csv(root, f"{LONG},commentary", f"{row},Worse.")).out
    assert text(root) == broken
    assert kpi("import", csv(root, LONG, row)).code == 0
    assert "      2024/25: 9.5\n" in text(root)


def test_a_computed_share_is_compared_and_not_written(tmp_path: Path, kpi: Kpi) -> None:
    root = written(tmp_path)
    share = "loans,share-of-books,2023/24"
    agreed = kpi("import", csv(root, LONG, f"{share},81.2"))
    finer = kpi("import", csv(root, LONG, f"{share},81.233"))
    wrong = kpi("import", csv(root, LONG, f"{share},82"))
    alone = kpi("import", csv(root, LONG, "loans,share-of-books,2024/25,82"))
    together = kpi(
        "import", csv(root, LONG, "loans,share-of-books,2025,80", "loans,books,2025,80", "loans,other,2025,20"), "--as-of", "2026-02-01"
    )  # fmt: skip

    assert agreed.out == finer.out
    assert (
        agreed.out
        == "1 figure: 1 unchanged.\n1 of them can be computed from others in the files, and agree with that.\n"
    )
    assert wrong.out == (
        "may.csv, row 2, column D: 2023/24 of loans/share-of-books is computed from books and other: they give 81.2%, not 82%."
        " Correct those, or leave this row out.\n"
    )
    assert (
        "is computed from books and other, which have no figures for it. Add theirs, and leave this row out."
        in alone.out
    )
    assert together.out.startswith("3 figures: 2 new, 1 unchanged.\n")


def test_a_computed_time_is_compared_as_a_time(root: Path, kpi: Kpi) -> None:
    place = root / "kpis/care/first-visits.yaml"
    times = "".join(
        f"  {name}: {{unit: duration, observations: {{2024/25: {value}}}}}\n"
        for name, value in (("total", "1h30m"), ("waiting", "30m"))
    )
    derived = "  driving: {unit: duration, derived: {add: [total], subtract: [waiting]}}\n"
    place.write_text(text(root) + times + derived, encoding="utf-8")
    agreed = kpi("import", csv(root, LONG, "first-visits,driving,2024/25,1h"))
    wrong = kpi("import", csv(root, LONG, "first-visits,driving,2024/25,2h"))

    assert agreed.out.startswith("1 figure: 1 unchanged.\n")
    assert "they give 1h, not 2h." in wrong.out


# Assessments, and what a share was made from.

SHARES = f"{LONG},note,assessment,numerator,denominator"
SHARE = "first-visits,visited-in-time"


def test_assessments_and_what_a_share_was_made_from_are_written_as_files_have_them(
    root: Path, kpi: Kpi
) -> None:
    table = csv(
        root,
        SHARES,
        f'{SHARE},2024/25,91.4,,,"1,060","1,160"',
        f"{SHARE},2018/19,,,missed,,",
        f"{SHARE},2019/20,80,By hand.,met,4,5",
    )
    done = kpi("import", table)

    assert done.code == 0
    assert '"1,060" was read as 1060.\n' in done.out
    assert "      2024/25: {value: 91.4, numerator: 1060, denominator: 1160}\n" in text(root)
    assert "      2018/19: {assessment: missed}\n" in text(root)
    lines = ["value: 80", "note: By hand.", "assessment: met", "numerator: 4", "denominator: 5"]
    assert "".join(("      2019/20:\n", *(f"        {line}\n" for line in lines))) in text(root)
    assert lint(root, TODAY).findings == ()


def test_a_column_for_them_says_everything_and_a_missing_one_leaves_what_is_there(
    root: Path, kpi: Kpi
) -> None:
    whole = "2023/24: {value: 86, marks: [provisional], assessment: met, numerator: 43, denominator: 50}"
    before = text(root).replace("2023/24: {value: 86, marks: [provisional]}", whole)
    (root / PLACE).write_text(before, encoding="utf-8")

    assert kpi("import", csv(root, LONG, f"{SHARE},2023/24,86")).out == "1 figure: 1 unchanged.\n"
    refused = kpi(
        "import", csv(root, f"{LONG},assessment,numerator,denominator", f"{SHARE},2023/24,86,met,,")
    )
    assert refused.out == (
        "may.csv, row 2, column F: 2023/24 of first-visits/visited-in-time is 86 met (43 of 50) [provisional] in the file,"
        " and 86 met [provisional] here. If this one is right, use --replace.\n"
    )
    kpi("import", root / "may.csv", "--replace")
    assert "      2023/24: {value: 86, marks: [provisional], assessment: met}\n" in text(root)
    kpi("import", csv(root, f"{LONG},assessment", f"{SHARE},2023/24,86,"), "--replace")
    assert "      2023/24: {value: 86, marks: [provisional]}\n" in text(root)


def test_where_only_the_note_is_another_that_is_said(root: Path, kpi: Kpi) -> None:
    table = csv(root, f"{LONG},note", f"{SHARE},2023/24,86,Late.")

    assert kpi("import", table).out == (
        "may.csv, row 2, column E: 2023/24 of first-visits/visited-in-time has another note in the file."
        " If this one is right, use --replace.\n"
    )
    replaced = kpi("import", table, "--replace")
    assert "2023/24 of first-visits/visited-in-time: 86 [provisional], with another note.\n" in replaced.out


def test_with_semicolons_what_a_share_was_made_from_may_have_a_decimal_comma(root: Path, kpi: Kpi) -> None:
    table = csv(root, SHARES.replace(",", ";"), "first-visits;visited-in-time;2024/25;91,4;;;10,6;11,6")
    kpi("import", table)

    assert "      2024/25: {value: 91.4, numerator: 10.6, denominator: 11.6}\n" in text(root)


@pytest.mark.parametrize(
    ("value", "sign"), [("1.204", "a point"), ("1,204", "a comma"), ("-12.345", "a point")]
)
def test_with_semicolons_three_digits_after_a_point_or_comma_are_unclear(
    root: Path, kpi: Kpi, value: str, sign: str
) -> None:
    whole, rest = value.replace(",", ".").split(".")
    done = kpi("import", csv(root, "kpi;measure;2024/25", f"first-visits;median-wait;{value}"))

    assert (
        f'"{value}" has {sign}, so it is not clear which number is meant. Write {whole},{rest}0 or {whole}{rest}.'
        in done.out
    )
    for instead in (f"{whole},{rest}0".lstrip("-"), f"{whole}{rest}".lstrip("-")):
        assert (
            kpi(
                "import", csv(root, "kpi;measure;2024/25", f"first-visits;median-wait;{instead}"), "--dry-run"
            ).code
            == 0
        )


def test_the_first_day_of_a_month_is_asked_about_for_a_figure_at_a_date_too(tmp_path: Path, kpi: Kpi) -> None:
    root = written(tmp_path)
    path = root / "kpis/reading/opening-hours.yaml"
    assert "kind: snapshot" in path.read_text(encoding="utf-8")
    rows: list[list[Cell]] = [["kpi", Number("45383", DAY), Number("45412", DAY)], ["opening-hours", 41, 42]]
    done = kpi("import", xlsx(root, rows))

    assert done.out == (
        'may.xlsx, sheet "Data", row 1, column B: "1 Apr 2024" is the first day of a month, so the whole month may be meant.'
        " For the month write 2024-04, for the day 2024-04-01.\n"
    )


def test_what_a_computed_share_was_made_from_is_passed_over(tmp_path: Path, kpi: Kpi) -> None:
    root = written(tmp_path)
    table = csv(root, SHARES, f"loans,share-of-books,2023/24,81.2,,,{'9' * 16},{'9' * 17}")

    assert kpi("import", table).out.startswith("1 figure: 1 unchanged.\n")


OF_A_SHARE = [
    ("91,,meet,,", "F", 'There is no assessment called "meet". Did you mean "met"?'),
    ("91,,Met,,", "F", 'There is no assessment called "Met". Did you mean "met"?'),
    ("91,,yes,,", "F", 'There is no assessment called "yes". There are: met, near, missed.'),
    ("91,,,91,", "H", "This row has a numerator, but no denominator. Write both, or neither."),
    (",,,91,100", "D", "This row says what a share was made from, but not the share. Write it in the column value."),
    ("91,,,91 calls,100", "G", '"91 calls" is not a plain number. Is 91 meant?'),
    ("91,,,91%,100", "G", '"91%" is not a plain number. Is 91 meant?'),
    ("91,,,n/a,100", "G", '"n/a" is not a plain number. Leave the cell empty where there is none.'),
    ("91,,,91 [p],100", "G", '"91 [p]" is not a plain number. Write 91.'),
    ('91,,,91,"1,5"', "H", '"1,5" is not a plain number. Write 1.5 or 15.'),
    ("91,,,#REF!,100", "G", '"#REF!" is not a plain number. Write the figure.'),
    (f"91,,,91,{'1' * 16}", "H", f'"{"1" * 16}" is not a plain number. Write at most 15 digits.'),
    ("91,,,92,100", "D", "92 of 100 is 92, not 91. Correct one of the three numbers. (numerator-denominator)"),
    ("114/214,,,,", "D", '"114/214" is two numbers, not one. Write the share in "value:", with "numerator: 114" and "denominator: 214".'),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "reported"), OF_A_SHARE, ids=[row for row, _, _ in OF_A_SHARE])
def test_a_slip_in_them_is_told_at_its_cell(
    root: Path, kpi: Kpi, row: str, column: str, reported: str
) -> None:
    done = kpi("import", csv(root, SHARES, f"{SHARE},2024/25,{row}"))

    assert done.out == f"may.csv, row 2, column {column}: {reported}\n"


@pytest.mark.parametrize(
    "name", ["YTD", "Year to date", "FY", "Year", "Actual", "Latest", "Last year", "Previous quarter"]
)
def test_before_the_periods_a_column_that_may_have_figures_is_not_passed_over(
    name: str, root: Path, kpi: Kpi
) -> None:
    refused = kpi("import", csv(root, f"kpi,measure,{name},2024/25", f"{SHARE},85,91"))

    assert refused.code == 1
    assert refused.out.startswith(f'may.csv, row 1, column C: "{name}" ')


def test_before_the_periods_a_column_that_names_no_time_is_passed_over_by_name(root: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(root, "kpi,measure,Population,2024/25", f"{SHARE},5000,91"))

    assert done.code == 0
    assert 'The column "Population" was not read.\n' in done.out
    refused = kpi("import", csv(root, "kpi,measure,2024/25,Population", f"{SHARE},91,5000"))
    assert '"Population" is not a period.' in refused.out


def test_a_measure_that_is_named_as_the_message_says_is_taken(root: Path, kpi: Kpi) -> None:
    refused = kpi("import", csv(root, LONG, "first-visits,,2024/25,91"))
    assert "Write one of these in the column measure: visited-in-time, " in refused.out

    assert kpi("import", csv(root, LONG, "first-visits,visited-in-time,2024/25,91")).code == 0


# What is told.

SLIPS = [
    ("first-visit,median-wait,2024/25,9", "column A", 'There is no KPI called "first-visit". Did you mean "first-visits"?'),
    ("first-visits/median-wait,visited-in-time,2024/25,9", "column B", '"first-visits" has no measure called "visited-in-time".'),
    ("zzzzz,,2024/25,9", "column A", "There are: care-at-home, first-visits."),
    (",median-wait,2024/25,9", "column A", "This row names no KPI. Write its id in each row."),
    ("first-visits,,2024/25,9", "column B", '"first-visits" has 2 measures. Write one of these in the column measure: visited-in-time, median-wait.'),
    ("care-at-home,,2024/25,9", "column A", '"care-at-home" has no measures, so it takes no figures.'),
    ("first-visits,median-wait,FY24,9", "column C", '"FY24" is not a period. It can be read in more than one way.'),
    ("first-visits,median-wait,Total,9", "column C", '"Total" is not a period.'),
    ("first-visits,median-wait,31/03/2025,9", "column C", '"31/03/2025" is one day, but "median-wait" is not counted by days. For the month write 2025-03, for the day 2025-03-31.'),
    ("first-visits,median-wait,,9", "column C", "This row has no period."),
    ('first-visits,median-wait,2024/25,"9,5"', "column D", '"9,5" has a comma, so it is not clear which number is meant. Write 9.5 or 95.'),
    ("first-visits,median-wait,2024/25,nine", "column D", '"nine" is not a number.'),
    ("first-visits,median-wait,2024/25,10-12", "column D", '"10-12" is a range, not one number. Write one number, and the range in a note.'),
    ("first-visits,median-wait,2024/25,none", "column D", '"none" is not a number. Write the figure, 0 for a true zero, or nothing.'),
    ("first-visits,median-wait,2024/25,£9", "column D", '"£9" has a currency in it. The unit here is days. Write the figure in days, as a number alone.'),
    ("first-visits,median-wait,2024/25,#DIV/0!", "column D", '"#DIV/0!" shows that a formula of the spreadsheet failed.'),
    ("first-visits,median-wait,2024/25,#N/A", "column D", '"#N/A" shows that a formula of the spreadsheet failed.'),
    ("first-visits,visited-in-time,2024/25,0.91", "column D", "0.91 looks like a fraction, because the other figures are per cents (86). Write 91, or 0.91% if it is right."),
    ("first-visits,visited-in-time,2024/25,191", "column D", "191 is more than 100 per cent, which no share can be."),
    ("first-visits,visited-in-time,2025/26,91", "column D", "2025/26 has not ended yet (today is 2025-05-15)."),
    ("first-visits,median-wait,2024/25,9,hilside", "column E", 'The plan has no area called "hilside". Did you mean "hillside"?'),
    ("first-visits,median-wait,2024/25,9,,provisionel", "column F", 'There is no mark called "provisionel". Did you mean "provisional"?'),
    ("first-visits,median-wait,2024/25,9,,,weeks", "column G", 'The unit here is "weeks", but "median-wait" is in days.'),
    ("first-visits,median-wait,2024/25,9,,,,,9", "column I", "This cell is right of the last heading."),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "reported"), SLIPS, ids=[row for row, _, _ in SLIPS])
def test_a_slip_is_told_at_its_cell_and_nothing_is_written(
    root: Path, kpi: Kpi, row: str, column: str, reported: str
) -> None:
    before = text(root)
    done = kpi(
        "import", csv(root, f"{LONG},area,marks,unit,note", "first-visits,median-wait,2020/21,14,,,,", row)
    )

    assert done.code == 1
    assert done.out.startswith(f"may.csv, row 3, {column}: ")
    assert reported in done.out
    assert text(root) == before


def test_all_slips_are_told_at_once_in_the_order_of_the_table(root: Path, kpi: Kpi) -> None:
    table = csv(
        root, "kpi,measure,FY24,2024/25", "first-visit,median-wait,1,x", "first-visits,median-wait,2,y"
    )
    done = kpi("import", table)

    assert [line.partition(":")[0] for line in done.out.splitlines()] == [
        "may.csv, row 1, column C", "may.csv, row 2, column A", "may.csv, row 3, column D",
    ]  # fmt: skip
    assert done.err == "kpi: Nothing was written: 3 places to fix in may.csv.\n"


def test_of_very_many_slips_the_others_are_counted(root: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(root, LONG, *(f"zz{n},,2024/25,1" for n in range(250))))

    assert len(done.out.splitlines()) == 101
    assert done.out.endswith("… 150 more places.\n")


@pytest.mark.parametrize(
    ("heading", "reported"),
    [
        ("kpi,measure,period,values", 'row 1: There is no column "value". Is it "values"? Name the column value.'),
        ("kpi,measure,period,value,Nots", 'row 1, column E: There is no field "Nots". Did you mean note?'),
        ("kpi,measure,period,value,value", 'row 1, column E: There are two columns "value". Delete one.'),
        *(
            (f"kpi,measure,2023/24,{name}", f'row 1, column D: "{name}" can\'t belong to several figures of a row. Delete the column, or write a row for each figure, with the columns period, value and {name}.')
            for name in ("marks", "assessment", "numerator", "denominator")
        ),
        ("kpi,measure,period,value,Assesment", 'row 1, column E: There is no field "Assesment". Did you mean assessment?'),
        ("kpi,measure,period,value,", "row 1, column E: This column has no heading."),
        ("kpi,measure", "row 1: No column has figures."),
        ("kpi,measure,2023/24,12 months to 2024-03", "12 months to 2024-03 of first-visits/median-wait stands in another column of this row too."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_headings_is_told(root: Path, kpi: Kpi, heading: str, reported: str) -> None:
    row = ["first-visits", "median-wait", "12", "12", "x"][: heading.count(",") + 1]
    done = kpi("import", csv(root, heading, ",".join(row)))

    assert done.code == 1
    assert reported in done.out


def test_without_a_column_for_it_a_denominator_is_missed_in_each_row(root: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(root, f"{LONG},numerator", "first-visits,visited-in-time,2024/25,91,91"))

    assert (
        done.out == "may.csv, row 2: This row has a numerator, but no denominator. Write both, or neither.\n"
    )


def test_where_a_column_is_missing_no_row_is_complained_of(root: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(root, "kpi,measure,period,values", "first-visits,median-wait,2024/25,9"))

    assert done.out.count("row 1") == done.out.count("\n") == 1


def test_a_figure_that_stands_twice_is_told_with_both_rows(root: Path, kpi: Kpi) -> None:
    row = "first-visits,median-wait,2024/25,9"
    done = kpi("import", csv(root, LONG, row, "first-visits,median-wait,2024-25,9"))

    assert "may.csv, row 3, column C: 2024/25 of first-visits/median-wait stands in row 2 too." in done.out


def test_what_was_not_read_is_told(root: Path, kpi: Kpi) -> None:
    table = csv(
        root,
        f"{LONG},Collected by",
        "first-visits,median-wait,2024/25,9,Jo",
        "first-visits,median-wait,2019/20,,",
    )
    done = kpi("import", table)

    assert 'The column "Collected by" was not read.\n' in done.out
    assert "1 row has neither a value nor a mark that says why.\n" in done.out


def test_a_column_of_numbers_that_people_keep_beside_the_figures_is_not_read(root: Path, kpi: Kpi) -> None:
    done = kpi(
        "import", csv(root, "kpi,measure,Rank,Weighting used,2024-25", "first-visits,median-wait,3,20,9")
    )

    assert (done.code, done.out.splitlines()[0]) == (0, "1 figure: 1 new.")
    assert 'The columns "Rank" and "Weighting used" were not read.\n' in done.out


def test_a_warning_is_told_at_its_row_and_the_figure_is_written(root: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(root, LONG, "first-visits,median-wait,2024/25,120"))

    assert "Warning: may.csv, row 2, column D: 2024/25 jumps from 12 days to 120 days" in done.out
    assert done.code == 0
    assert "2024/25: 120\n" in text(root)


def test_an_old_error_elsewhere_is_no_hindrance(root: Path, kpi: Kpi) -> None:
    place = "kpis/care/care-at-home.yaml"
    (root / place).write_text(text(root, place) + "colour: red\n", encoding="utf-8")
    done = kpi("import", csv(root, LONG, "first-visits,median-wait,2024/25,9"))

    assert done.code == 0


def test_an_error_that_stands_elsewhere_is_told_with_its_line(tmp_path: Path, kpi: Kpi) -> None:
    root = written(tmp_path)
    (root / "kpis/reading/loans.yaml").write_text(
        text(root, "kpis/reading/loans.yaml").replace("  # kpi: ignore[check-fails] the return counts audio books twice\n", ""), encoding="utf-8"
    )  # fmt: skip
    done = kpi(
        "import", csv(root, LONG, "loans,all,2019/20,5", "loans,books,2019/20,3", "loans,other,2019/20,1")
    )

    assert done.code == 1
    assert "kpis/reading/loans.yaml, line 9 by then: " in done.out


def test_of_two_files_with_one_id_none_takes_figures(root: Path, kpi: Kpi) -> None:
    (root / "kpis/other").mkdir()
    (root / "kpis/other/first-visits.yaml").write_text(text(root), encoding="utf-8")
    done = kpi("import", csv(root, LONG, "first-visits,median-wait,2024/25,9"))

    assert done.out == (
        "may.csv, row 2, column A: kpis/care/first-visits.yaml and kpis/other/first-visits.yaml have the same id."
        " Run kpi lint to see what to do.\n"
    )


def test_a_measure_that_is_only_shown_is_told_where_it_is_at_home(tmp_path: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(written(tmp_path), LONG, "opening-hours,books,2024/25,5"))

    assert 'column B: "books" is only shown in "opening-hours". Its figures are in loans/books.\n' in done.out


def test_the_only_measure_that_takes_figures_need_not_be_named(root: Path, kpi: Kpi) -> None:
    place = root / PLACE
    kept = text(root).partition("  median-wait:\n")[0]
    place.write_text(f"{kept}  median-wait:\n    unit: days\n    no_figures: {{because: awaiting-data}}\n")
    done = kpi("import", csv(root, LONG, "first-visits,,2024/25,91"))

    assert done.code == 0
    assert "      2024/25: 91\n" in text(root)


def test_a_file_that_cannot_be_read_takes_no_figures(root: Path, kpi: Kpi) -> None:
    (root / PLACE).write_text(text(root) + "}\n", encoding="utf-8")
    done = kpi("import", csv(root, LONG, "first-visits,median-wait,2024/25,9"))

    assert "row 2, column A: kpis/care/first-visits.yaml can't be used as it is. Run kpi lint" in done.out


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["gone.csv"], '"gone.csv" can\'t be read. The file is not there.'),
        (["kpis"], '"kpis" can\'t be read. This is not an ordinary file.'),
        (["kpis/plan.yaml"], '"plan.yaml" has no row of headings with "kpi" in it. Write the columns kpi, measure, period and value, or kpi, measure and one for each period.'),
        (["may.csv", "--sheet", "Data"], '"may.csv" is not a workbook, so it has no sheets. Leave --sheet out.'),
        ([], "FILE is missing. kpi import --help says more."),
        (["may.csv", "--targets", "--replace"], "--replace is about figures. Leave it out with --targets."),
        (["may.csv", "--replace", "--new"], "--replace is about figures. Leave it out with --new."),
        (["may.csv", "--targets", "--new"], "--new is for new KPIs, --targets for targets of KPIs that are there. Leave one out."),
    ],
)  # fmt: skip
def test_a_mistake_of_the_user_is_one_plain_sentence(
    root: Path, kpi: Kpi, arguments: list[str], reported: str
) -> None:
    csv(root, *WIDE)

    assert kpi("import", *arguments) == Done(2, "", f"kpi: {reported}\n")


def test_a_note_is_written_without_characters_that_can_t_be_seen(root: Path, kpi: Kpi) -> None:
    kpi("import", csv(root, f"{LONG},note", "first-visits,median-wait,2024/25,9,a\u202eb\u200b c"))

    assert "        note: ab c\n" in text(root)


def test_hidden_characters_in_a_table_are_shown_by_their_number(root: Path, kpi: Kpi) -> None:
    done = kpi("import", csv(root, LONG, "first\x1b[31m-visits,median-wait,2024/25,9"))

    assert "\x1b" not in done.out
    assert 'called "first‹U+001B›[31m-visits"' in done.out


# Workbooks.


@pytest.mark.parametrize("program", ["excel", "libreoffice"])
def test_a_workbook_of_a_real_program_is_read_as_its_reader_sees_it(
    tmp_path: Path, kpi: Kpi, program: str
) -> None:
    time = edited(SATISFACTION, "2023: 43.5s", "2023: 3.5s")  # as the workbooks have it
    root = written(tmp_path, satisfaction=time)
    done = kpi("import", TABLES / f"{program}.xlsx", "--as-of", "2024-06-03")

    assert done.out == (
        "7 figures: 1 new, 6 unchanged.\n"
        '"Apr 2024" was read as 2024-04.\n'
        '"81%" was read as 81.\n'
        '"0:00:03.5" was read as 3.5s.\n'
        'The sheet "Last year" is hidden and was not read. kpi import --sheet reads it.\n'
        'The sheet "Notes" has no heading "kpi" and was not read.\n'
        "kpis/reading/visits.yaml: 1 figure\n"
        "visits/visits: target now not due, was no data: 970 (April 2024) against at least 1,000 over 1 month, by December 2024.\n"
        "visits: now not due, was no data.\n"
    )
    assert "      2024-04: 970\n" in text(root, "kpis/reading/visits.yaml")


def test_cells_of_a_workbook_are_told_with_their_sheet(root: Path, kpi: Kpi) -> None:
    rows: list[list[Cell]] = [
        ["kpi", "measure", Number("45383", DAY), Number("45383", MONTH), "2024/25"],
        ["first-visits", "visited-in-time", 1, None, 0.91],
        ["first-visits", "median-wait", None, 9, Number("0.5", HOURS)],
    ]
    done = kpi("import", xlsx(root, rows))

    assert done.out == (
        'may.xlsx, sheet "Data", row 1, column C: "1 Apr 2024" is one day, but "visited-in-time" is not counted by days.'
        " For the month write 2024-04, for the day 2024-04-01.\n"
        'may.xlsx, sheet "Data", row 2, column E: 0.91 looks like a fraction, because the other figures are per cents (86).'
        " Write 91, or 0.91% if it is right.\n"
        'may.xlsx, sheet "Data", row 3, column E: "12:00:00" is not how a time is written. The unit here is days. Write the figure in days, as a number alone.\n'
    )


def test_a_per_cent_of_excel_is_the_per_cent_that_it_shows(root: Path, kpi: Kpi) -> None:
    rows: list[list[Cell]] = [
        ["kpi", "measure", "2024/25"],
        ["first-visits", "visited-in-time", Number("0.91", WHOLE_PERCENT)],
    ]
    kpi("import", xlsx(root, rows))

    assert "      2024/25: 91\n" in text(root)


def test_a_hidden_sheet_is_read_when_it_is_named(root: Path, kpi: Kpi) -> None:
    wait: list[list[Cell]] = [["kpi", "measure", "2024/25"], ["first-visits", "median-wait", 9]]
    (root / "may.xlsx").write_bytes(
        packed(parts({"Front": sheet([["Hello"]]), "Old": sheet(wait)}, hidden=["Old"]))
    )
    without = kpi("import", root / "may.xlsx")
    named = kpi("import", root / "may.xlsx", "--sheet", "old")

    assert without.code == 2
    assert '"may.xlsx" has no row of headings with "kpi" in it.' in without.err
    assert named.out.startswith("1 figure: 1 new.\n")


# All or nothing.

FILES = {"kpis/care/first-visits.yaml": "a", "kpis/care/care-at-home.yaml": "b", "kpis/plan.yaml": "c"}


def test_where_one_file_cannot_be_written_the_others_are_put_back(root: Path) -> None:
    from kpi.model.errors import ToolError

    before = {path: (root / path).read_bytes() for path in FILES}
    files = {path: (before[path], new.encode()) for path, new in FILES.items()}
    files["kpis/plan.yaml"] = (b"somebody else's", b"c")

    with pytest.raises(ToolError, match=r"plan\.yaml was changed meanwhile.*The others are as they were\."):
        replace_files(root, files)
    assert {path: (root / path).read_bytes() for path in FILES} == before


def test_what_could_not_be_put_back_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first file is written, the second can't be, and by then somebody has changed the first."""
    from kpi.model.errors import ToolError
    from kpi.store import edit

    place = root / PLACE
    files = {PLACE: (place.read_bytes(), b"a\n"), "kpis/plan.yaml": (b"no", b"c")}
    write = edit.replace_file

    def and_somebody_else(at: Path, path: str, old: bytes, new: bytes) -> None:
        write(at, path, old, new)
        place.write_bytes(b"theirs\n")

    monkeypatch.setattr(edit, "replace_file", and_somebody_else)

    with pytest.raises(ToolError, match=r"Written and not put back: kpis/care/first-visits\.yaml\."):
        replace_files(root, files)
    assert place.read_bytes() == b"theirs\n"
