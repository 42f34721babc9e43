"""Workbooks that a library for them has written: a cell counts as it is shown, and what is hidden, merged or computed is told."""

import io
import os
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl.worksheet._reader import WorkSheetParser
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kpi.store.tables import Area, Sheet, TableFigures, Tables, number_format
from kpi.store.tables.table_figures import collect_figures
from kpi.store.tables.table_file import read_tables
from workbooks import packed, parts, sheet

TOOLS = Path(__file__).parent.parent / "tools"

Fill = Callable[[Workbook, Worksheet], object]
"""Writes the sheet of a workbook."""


def written(fill: Fill) -> bytes:
    """A workbook with the one sheet "Data"."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    fill(book, book.add_worksheet("Data"))
    book.close()
    return made.getvalue()


def read(folder: Path, fill: Fill) -> Tables:
    (folder / "may.xlsx").write_bytes(written(fill))
    return read_tables(folder / "may.xlsx")


def taken(folder: Path, fill: Fill) -> TableFigures:
    """What the one sheet comes to."""
    (sheet,) = read(folder, fill).sheets
    actual = collect_figures(sheet)
    assert actual is not None
    return actual


def rows(*lines: Sequence[object]) -> Fill:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                if cell is not None:
                    sheet.write(number, place, cell)

    return fill


HEADINGS: list[object] = ["kpi", "measure", "2024/25"]


def with_value(number: float, form: str, heading: object = "2024/25") -> Fill:
    """A table whose one figure is shown by a number format."""

    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(["kpi", "measure", heading], ["loans", "books"])(book, sheet)
        sheet.write_number(1, 2, number, book.add_format({"num_format": form}))

    return fill


def figures(table_figures: TableFigures) -> list[tuple[str, str, str]]:
    return [
        (given.text("measure"), given.text("period"), given.text("value")) for given in table_figures.figures
    ]


def problems_in(table_figures: TableFigures) -> list[tuple[int, int, str]]:
    return [(bad.row, bad.column, f"{bad.message} {bad.help}") for bad in table_figures.problems]


# How a number is shown.

ACCOUNTS = '_-"£"* #,##0.00_-;\\-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-'
SHOWN = [
    (1.4, '£0.0"m"', "£1.4m"),
    (1350, '0" (p)"', "1350 (p)"),
    (1350, 'General" (p)"', "1350 (p)"),
    (12, '0" calls"', "12 calls"),
    (3, '[<5]"*";#,##0', "*"),
    (1350, '[<5]"*";#,##0', "1350"),
    (1350, '[>=1000000]0.0,,"m";[>=1000]0.0,"k";0', "1.35k"),
    (1_350_000, '0.0,,"m"', "1.35m"),
    (0.67, "0%", "67%"),
    (0.674, "0%", "67.4%"),
    (-0.5, "0.0%;[Red]-0.0%", "-50%"),
    (67, '0"%"', "67%"),
    (1350, ACCOUNTS, "£ 1350"),
    (45, "[$£-809]#,##0.00", "£45"),
    (45, "[$-409]0", "45"),
    (-5, "0_);(0)", "(5)"),
    (-5, "0;[Red]-0", "-5"),
    (5, '"n/a"', "n/a"),
    (1234567, "# ##0", "1234567"),
    (0.5, "# ?/?", "0.5"),
    (12345, "0.00E+00", "12345"),
    (2 / 24 + 18 / 1440, "h:mm", "2:18"),
    (2 / 24 + 18 / 1440, "h:mm AM/PM", "2:18 AM"),
    (138 / 86400, "h:mm:ss", "0:02:18"),
    (138 / 86400, "mm:ss", "0:02:18"),
    (138 / 86400, '[m]"m "ss"s"', "2m 18s"),
    (1.5, "[h]:mm:ss", "36:00:00"),
    (1.5, "[h]:mm", "36:00"),
    (45747, '"Year to "mmm yyyy', "Year to Mar 2025"),
    (45747, '"FY"yyyy', "FY2025"),
    (45747, '"FY"yy', "FY25"),
    (45383, "mmm-yy", "Apr 2024"),
    (45383, "mmm", "Apr"),
    (45383, "d-mmm", "1-Apr"),
    (45383, 'yyyy"/"yy', "2024/24"),
    (45383, "[$-809]dddd d mmmm yyyy", "1 Apr 2024"),
]


@pytest.mark.parametrize(("number", "form", "text"), SHOWN)
def test_the_number_format_makes_the_text(tmp_path: Path, number: float, form: str, text: str) -> None:
    (sheet,) = read(tmp_path, with_value(number, form)).sheets

    assert sheet.rows[1][2] == text
    assert sheet.doubts == ()


UNLIKE = [
    (1_350_000, "#,##0,", 'shows "1350", but holds 1350000.'),
    (1_350_000, "£#,##0,", 'shows "£1350", but holds 1350000.'),
    (-5, "0;[Red]0", 'shows "5", but holds -5.'),
    (-5, '"£"0;[Red]"£"0', 'shows "£5", but holds -5.'),
    (-5, "[<0]0;0", 'shows "5", but holds -5.'),
    (5, '0"1"', 'shows "51", but holds 5.'),
    (24, '"20"00', 'shows "2024", but holds 24.'),
    (123, "0\\.0", "has a number format with words between the digits."),
    (218, '0"h "00"m"', "has a number format with words between the digits."),
    (0, ACCOUNTS, 'shows "£ -", but holds 0.'),
    (0, "0;-0;\\-", 'shows "-", but holds 0.'),
    (1.5, "h:mm:ss", 'shows "12:00:00", but holds 36:00:00.'),
    (2 / 24 + 18 / 1440, "mm:ss", 'shows "18:00", but holds 2:18:00.'),
    (138 / 86400, "[s]", 'shows "138", but holds 0:02:18.'),
    (0.5, "dd/mm/yyyy", "is to show a date or a time, but holds 0.5."),
]


@pytest.mark.parametrize(("number", "form", "message"), UNLIKE)
def test_a_number_that_is_shown_as_another_is_refused_with_both(
    tmp_path: Path, number: float, form: str, message: str
) -> None:
    intake = taken(tmp_path, with_value(number, form))

    assert intake.figures == ()
    assert problems_in(intake) == [
        (2, 3, f'This cell {message} Write what is meant, with the number format "General".')
    ]


@pytest.mark.parametrize(("number", "form"), [(5, ";;;"), (0, "0;-0;;@"), (0, "#"), (3, "[<5];0")])
def test_a_value_that_its_format_hides_is_not_read_and_that_is_told(
    tmp_path: Path, number: float, form: str
) -> None:
    document = read(tmp_path, with_value(number, form))

    assert document.sheets[0].rows[1][2] == ""
    assert document.notes == (
        'The sheet "Data" has values that its number formats hide (C2); they were not read.',
    )


def test_a_text_is_shown_by_the_format_for_texts(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(HEADINGS)(book, sheet)
        for row, form in enumerate(['@" (p)"', ";;;", "0;-0;0;[Red]@", "0"], start=1):
            sheet.write_string(row, 2, "n/a", book.add_format({"num_format": form}))

    assert [row[2] for row in read(tmp_path, fill).sheets[0].rows[1:]] == ["n/a (p)", "", "n/a", "n/a"]


def test_a_format_longer_than_excel_allows_is_not_taken_apart(tmp_path: Path) -> None:
    before = number_format.sections.cache_info().misses
    intake = taken(tmp_path, with_value(5, "[" * 120_000))

    assert intake.figures == ()
    assert "a number format that is longer than Excel allows" in problems_in(intake)[0][2]
    assert number_format.sections.cache_info().misses == before


# Texts in several looks.


def in_looks(*pieces: tuple[str, dict[str, object]], heading: str = "2024/25", column: int = 2) -> Fill:
    """A table with a text in several looks in its second row."""

    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(["kpi", "measure", heading], ["loans", "books", 5])(book, sheet)
        parts: list[object] = []
        for text, look in pieces:
            parts += [book.add_format(look), text]
        sheet.write_rich_string(1, column, *parts)

    return fill


RAISED: dict[str, object] = {"font_script": 1}
STRUCK: dict[str, object] = {"font_strikeout": True}


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ((("87", {}), ("1", RAISED)), '"87¹" has a footnote in it. Write 87, and what the footnote says in a note.'),
        ((("87", {}), (".5", {"bold": True}), ("12", RAISED)), '"87.5¹²" has a footnote in it. Write 87.5, and what the footnote says in a note.'),
        ((("87", {}), ("p", RAISED)), '"87p" has a footnote in it. Write 87, and what the footnote says in a note.'),
        ((("87", {}), ("2", {"font_script": 2})), '"87²" has a footnote in it.'),
        ((("1204", STRUCK), (" 1350", {})), "has text in it that is struck out. Delete what is struck out."),
    ],
)  # fmt: skip
def test_what_is_raised_or_struck_out_is_no_part_of_a_number(
    tmp_path: Path, pieces: tuple[tuple[str, dict[str, object]], ...], message: str
) -> None:
    intake = taken(tmp_path, in_looks(*pieces))

    assert intake.figures == ()
    assert [(row, column) for row, column, _ in problems_in(intake)] == [(2, 3)]
    assert message in problems_in(intake)[0][2]


def test_a_number_that_is_struck_out_as_a_whole_is_refused(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(HEADINGS, ["loans", "books"])(book, sheet)
        sheet.write_number(1, 2, 1204, book.add_format(STRUCK))

    assert "struck out" in problems_in(taken(tmp_path, fill))[0][2]


def test_bold_parts_of_a_number_are_the_number(tmp_path: Path) -> None:
    assert figures(taken(tmp_path, in_looks(("13", {"bold": True}), ("50", {})))) == [
        ("books", "2024/25", "1350")
    ]


def test_what_is_raised_in_a_note_does_no_harm(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(["kpi", "period", "value", "note"], ["loans", "2024/25", 5])(book, sheet)
        sheet.write_rich_string(1, 3, "per m", book.add_format(RAISED), "2")

    intake = taken(tmp_path, fill)
    assert intake.problems == ()
    assert intake.figures[0].text("note") == "per m²"


def test_escaped_characters_of_a_text_are_the_characters(tmp_path: Path) -> None:
    document = read(tmp_path, rows(["kpi", "a\r\nb"]))

    assert document.sheets[0].rows[0][1] == "a\r\nb"


# Merged cells.


def merged(
    first_row: int, first: int, last_row: int, last: int, cell: object, *lines: Sequence[object]
) -> Fill:
    """A table in which some cells, counted from 0, are one."""

    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(*lines)(book, sheet)
        sheet.merge_range(first_row, first, last_row, last, "", None)
        sheet.write(first_row, first, cell)

    return fill


def test_a_merged_name_says_the_same_of_all_rows_that_it_covers(tmp_path: Path) -> None:
    lines: list[Sequence[object]] = [HEADINGS, [None, "all", 5], [None, "books", 6], ["visits", "all", 7]]
    intake = taken(tmp_path, merged(1, 0, 2, 0, "loans", *lines))

    assert [given.text("kpi") for given in intake.figures] == ["loans", "loans", "visits"]


def test_a_name_merged_over_two_columns_is_only_in_the_first(tmp_path: Path) -> None:
    intake = taken(tmp_path, merged(1, 0, 1, 1, "loans", HEADINGS, [None, None, 5]))

    assert [(given.text("kpi"), given.text("measure")) for given in intake.figures] == [("loans", "")]


def test_nothing_else_is_repeated(tmp_path: Path) -> None:
    long_: list[object] = ["kpi", "measure", "value", "period", "note"]
    for column, field in enumerate(long_[2:], start=2):
        line: list[object] = ["loans", "all", 5, "2024/25", "a"]
        line[column] = None
        intake = taken(tmp_path, merged(1, column, 2, column, "2023", long_, line, line))

        assert [given.text(str(field)) for given in intake.figures if given.row == 3] == [""]


MONTHS: list[object] = ["kpi", "measure", "2024-04", "2024-05", "2024-06"]


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        (MONTHS, '"340" stands over 3 periods: 2024-04, 2024-05 and 2024-06. If it is for all of them, write it once, under 2024-04 to 2024-06.'),
        (["kpi", "measure", "2022/23", "2023/24", "2024-25"], "If it is for all of them, write it once, under 2022/23 to 2024/25."),
        (["kpi", "measure", "Apr 24", "May 24", "Jun 24"], "If it is for all of them, write it once, under 2024-04 to 2024-06."),
        (["kpi", "measure", "FY24", "FY25", "FY26"], '"340" stands over 3 periods: FY24, FY25 and FY26. Write it under one.'),
    ],
)  # fmt: skip
def test_a_figure_over_several_periods_is_refused_with_the_period_to_write(
    tmp_path: Path, headings: list[object], message: str
) -> None:
    intake = taken(tmp_path, merged(1, 2, 1, 4, 340, headings, ["loans", "books"]))

    assert intake.figures == ()
    assert [(row, column) for row, column, _ in problems_in(intake)] == [(2, 3)]
    assert message in problems_in(intake)[0][2]


def test_a_figure_over_several_measures_is_refused(tmp_path: Path) -> None:
    intake = taken(tmp_path, merged(1, 2, 2, 2, 340, HEADINGS, ["loans", "all"], ["loans", "books"]))

    assert intake.figures == ()
    assert problems_in(intake) == [(2, 3, '"340" stands over 2 rows. Write it in the row that it is for.')]


def test_a_title_merged_over_the_whole_sheet_is_no_figure(tmp_path: Path) -> None:
    lines: list[Sequence[object]] = [[None], HEADINGS, ["loans", "books", 5]]

    assert figures(taken(tmp_path, merged(0, 0, 0, 16_383, "Figures for May", *lines))) == [
        ("books", "2024/25", "5")
    ]


# Headings in two rows.

QUARTERS = ["Q1", "Q2", "Q3", "Q4"]


@pytest.mark.parametrize("is_merged", [True, False])
def test_a_year_stands_above_its_quarters(tmp_path: Path, *, is_merged: bool) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows([None], ["kpi", "measure", *QUARTERS, *QUARTERS], ["loans", "books", *range(1, 9)])(book, sheet)
        for column, year in ((2, "2023/24"), (6, "2024/25")):
            if is_merged:
                sheet.merge_range(0, column, 0, column + 3, year)
            else:
                sheet.write(0, column, year)

    assert [given.text("period") for given in taken(tmp_path, fill).figures] == [
        f"{quarter} {year}" for year in ("2023/24", "2024/25") for quarter in QUARTERS
    ]


def test_the_quarters_may_stand_below_the_row_with_the_other_headings(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows([None, None, 2023, None, "2024/25"], [None, None, "Jan", "Feb"], ["loans", "books", 1, 2, 3])(
            book, sheet
        )
        for column, name in enumerate(("kpi", "measure")):
            sheet.merge_range(0, column, 1, column, name)

    intake = taken(tmp_path, fill)
    assert [given.text("period") for given in intake.figures] == ["Jan 2023", "Feb 2023", "2024/25"]
    assert intake.figures[0].period_row == 2


def test_quarters_without_a_year_stay_as_they_are(tmp_path: Path) -> None:
    intake = taken(
        tmp_path, rows(["Figures for 2024/25", None, None], ["kpi", "measure", "Q1"], ["loans", "books", 1])
    )

    assert [given.text("period") for given in intake.figures] == ["Q1"]


# Formulas.


def test_formulas_in_figures_are_told_as_a_range(tmp_path: Path) -> None:
    lines = [["loans", f"m{number}", f"={number}+1", f"={number}+2"] for number in range(40)]
    intake = taken(tmp_path, rows([*HEADINGS, "2023/24"], *lines))

    assert intake.figures == ()
    assert problems_in(intake) == [
        (2, 3, 'The cells C2 to D41 hold formulas, so their figures may change by themselves. Copy the cells and paste them as values ("Paste Special", "Values").')
    ]  # fmt: skip


def test_formulas_outside_the_figures_are_ignored(tmp_path: Path) -> None:
    intake = taken(
        tmp_path,
        rows(["=TODAY()"], [*HEADINGS, "Change"], ["loans", "books", 5, "=C3-1"], [None], ['="As of "&TEXT(TODAY(),"d mmm")']),
    )  # fmt: skip

    assert intake.problems == ()
    assert figures(intake) == [("books", "2024/25", "5")]
    assert intake.notes == ('The column "Change" of the sheet "Data" was not read.',)


def test_of_a_formula_for_many_cells_all_of_them_are_refused(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(HEADINGS, ["loans", "all"], ["loans", "books"])(book, sheet)
        sheet.write_array_formula("C2:C3", "{=TRANSPOSE({1,2})}", None, 1)
        sheet.write_number("C3", 2)

    assert problems_in(taken(tmp_path, fill))[0][2].startswith("The cells C2 to C3 hold formulas")


@pytest.mark.parametrize("label", ["Total", "Grand total:", None])
def test_a_row_that_adds_up_the_others_is_left_out_and_told(tmp_path: Path, label: str | None) -> None:
    intake = taken(tmp_path, rows(HEADINGS, ["loans", "books", 5], [label, None, "=SUM(C2:C2)"]))

    assert intake.problems == ()
    assert figures(intake) == [("books", "2024/25", "5")]
    assert len(intake.notes) == 1
    assert "Row 3" in intake.notes[0]


def test_a_figure_without_a_kpi_is_no_total(tmp_path: Path) -> None:
    intake = taken(tmp_path, rows(HEADINGS, ["loans", "books", 5], [None, None, 6]))

    assert [given.row for given in intake.figures] == [2, 3]


# What is in a workbook beside its figures.


def bordered(last: int) -> Fill:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(HEADINGS, ["loans", "books", 5])(book, sheet)
        border = book.add_format({"border": 1})
        for row in range(2, last):
            for column in range(3):
                sheet.write_blank(row, column, None, border)

    return fill


def test_cells_without_content_are_dropped_before_anything_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []
    parse_cell = WorkSheetParser.parse_cell

    def counting(self: WorkSheetParser, element: ET.Element) -> dict[str, object]:
        reads.append(element.attrib["r"])
        return parse_cell(self, element)

    monkeypatch.setattr(WorkSheetParser, "parse_cell", counting)
    (sheet,) = read(tmp_path, bordered(5_000)).sheets

    assert reads == ["A1", "B1", "C1", "A2", "B2", "C2"]
    assert len(sheet.rows) == 2


def test_120_000_rows_of_borders_are_no_reason_to_refuse(tmp_path: Path) -> None:
    lines = "".join(
        f'<row r="{row}"><c r="A{row}" s="1"/><c r="B{row}" s="1"></c></row>' for row in range(2, 120_001)
    )
    xml = sheet([["kpi", "2024/25"]]).replace("</sheetData>", f"{lines}</sheetData>")
    (tmp_path / "may.xlsx").write_bytes(packed(parts({"Data": xml})))

    assert len(read_tables(tmp_path / "may.xlsx").sheets[0].rows) == 1


def test_the_library_for_workbooks_is_loaded_only_for_one(tmp_path: Path) -> None:
    (tmp_path / "may.csv").write_text("kpi,2024/25\nloans,5\n", encoding="utf-8")
    (tmp_path / "may.xlsx").write_bytes(written(rows(HEADINGS)))
    code = "import sys; from pathlib import Path; from kpi.store.tables.table_file import read_tables; read_tables(Path(sys.argv[1])); print('openpyxl' in sys.modules)"
    answers = [
        subprocess.run(
            [sys.executable, "-c", code, tmp_path / name],
            env={**os.environ, "PYTHONPATH": str(TOOLS)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout.strip()
        for name in ("may.csv", "may.xlsx")
    ]

    assert answers == ["False", "True"]


def test_of_a_sheet_without_figures_only_the_first_rows_are_read(tmp_path: Path) -> None:
    document = read(tmp_path, rows(*([[number, number + 1] for number in range(500)])))

    assert len(document.sheets[0].rows) == 100


def test_raw_data_beside_the_figures_may_be_larger_than_is_read(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(*([[number, number + 1] for number in range(200)]))(book, sheet)
        sheet.write(999_999, 0, "the last of many rows")
        rows(HEADINGS, ["loans", "books", 5])(book, book.add_worksheet("KPIs"))

    assert [sheet.rows[-1][-1] for sheet in read(tmp_path, fill).sheets] == ["100", "5"]


def test_a_picture_is_neither_read_nor_counted(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(HEADINGS, ["loans", "books", 5])(book, sheet)
        sheet.insert_image(5, 5, "map.png", {"image_data": io.BytesIO(_picture(1500))})

    document = read(tmp_path, fill)
    assert (tmp_path / "may.xlsx").stat().st_size > 6_000_000
    assert document.sheets[0].rows[1] == ("loans", "books", "5")


def _picture(size: int) -> bytes:
    """A picture of noise, which no program can pack."""
    lines = b"".join(b"\0" + os.urandom(size * 3) for _ in range(size))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines, 0)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content)) for kind, content in chunks
    )  # fmt: skip


def test_hidden_columns_right_of_everything_are_not_told(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(HEADINGS, ["loans", "books", 5])(book, sheet)
        sheet.set_column(3, 16_383, None, None, {"hidden": True})

    assert read(tmp_path, fill).notes == ()


def test_what_is_filtered_away_is_told_as_hidden(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(HEADINGS, ["loans", "books", 5], ["loans", "other", 6])(book, sheet)
        sheet.autofilter(0, 0, 2, 2)
        sheet.filter_column(1, "x == books")
        sheet.set_row(2, None, None, {"hidden": True})

    document = read(tmp_path, fill)
    assert document.notes == ('The sheet "Data" has hidden rows or columns; they were read like the others.',)
    assert len(document.sheets[0].rows) == 3


def test_notes_filters_lists_and_colours_beside_the_figures_change_nothing(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows(HEADINGS, ["loans", "books", 5])(book, sheet)
        sheet.write_comment("C2", "Late return.")
        sheet.data_validation("C2", {"validate": "list", "source": ["a", "b"]})
        sheet.conditional_format("C2", {"type": "3_color_scale"})
        sheet.add_table("E1:F3")
        book.define_name("Broken", "=#REF!")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$C$2:$C$2"})
        sheet.insert_chart("H1", chart)

    actual = read(tmp_path, fill).sheets[0]
    assert actual == Sheet("Data", actual.rows)
    assert actual.rows[1][:3] == ("loans", "books", "5")


def test_areas_of_a_sheet_are_counted_from_one() -> None:
    assert Area(2, 3, 2, 5) == Area(top=2, left=3, bottom=2, right=5)
