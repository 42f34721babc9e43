"""CSV files and workbooks as sheets of cells: what a reader of the sheet sees, each cell at its place."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from kpi.model.errors import UserError
from kpi.store.tables import Area, Sheet, column_letters
from kpi.store.tables.number_format import exact, shown
from kpi.store.tables.table_figures import collect_figures
from kpi.store.tables.table_file import read_tables
from trials import trials
from workbooks import (
    CLOCK,
    DAY,
    HOURS,
    MONTH,
    PERCENT,
    WEEK,
    WHOLE_PERCENT,
    YEAR,
    Cell,
    Formula,
    Number,
    Raw,
    packed,
    parts,
    sheet,
    workbook,
)  # fmt: skip

TABLES = Path(__file__).parent / "examples/tables"
TABLE = "kpi,period,value\nloans,2022/23,5\n"
ROWS = (("kpi", "period", "value"), ("loans", "2022/23", "5"))
BUILT_IN = '<xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="17"/><xf numFmtId="14"/><xf numFmtId="31"/>'


def read(folder: Path, data: bytes, wanted: str = "") -> tuple[Sheet, ...]:
    (folder / "table").write_bytes(data)
    return read_tables(folder / "table", wanted).sheets


def read_sheet(folder: Path, data: bytes) -> Sheet:
    (actual,) = read(folder, data)
    return actual


def refused(folder: Path, data: bytes) -> str:
    with pytest.raises(UserError) as reported:
        read(folder, data)
    return str(reported.value)


# CSV.


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_is_read_however_a_spreadsheet_writes_it(
    tmp_path: Path, separator: str, encoding: str, line_end: str
) -> None:
    text = TABLE.replace(",", separator).replace("\n", line_end)
    actual = read_sheet(tmp_path, text.encode(encoding))

    assert actual == Sheet("", ROWS, decimal_comma=separator == ";")


def test_quotes_keep_separators_line_ends_and_quotes_in_a_cell(tmp_path: Path) -> None:
    actual = read_sheet(tmp_path, b'kpi,note\nloans,"a, ""b""\nc"\n\nvisits,d\n')

    assert actual.rows == (("kpi", "note"), ("loans", 'a, "b"\nc'), (), ("visits", "d"))


def test_the_separator_is_the_one_that_parts_the_headings_whatever_stands_above(tmp_path: Path) -> None:
    actual = read_sheet(tmp_path, b"Figures, as agreed, for May\n\nkpi;period;value\nloans;2022/23;5,5\n")

    assert actual.rows[-1] == ("loans", "2022/23", "5,5")


def test_a_pound_sign_of_older_programs_is_read_and_told(tmp_path: Path) -> None:
    (tmp_path / "may.csv").write_bytes("kpi,value\ncost,£5\n".encode("cp1252"))
    tables = read_tables(tmp_path / "may.csv")

    assert tables.sheets[0].rows[1] == ("cost", "£5")
    assert tables.notes == (
        '"may.csv" is not UTF-8. It has no letter beyond English but 1 pound sign, so it was read.',
    )


def test_a_link_to_a_table_is_followed_because_somebody_named_it(tmp_path: Path) -> None:
    (tmp_path / "may.csv").write_text("kpi,value\ncost,5\n", encoding="utf-8")
    (tmp_path / "newest.csv").symlink_to("may.csv")

    assert read_tables(tmp_path / "newest.csv").sheets[0].rows[1] == ("cost", "5")


@pytest.mark.parametrize(
    ("data", "reported"),
    [
        ("kpi,note\nloans,café\n".encode("cp1252"), '"table" is not UTF-8: line 2 has a letter that can be read in more than one way.'),
        ("kpi,note\nloans,café, £5\n".encode("mac-roman"), "line 2 has a letter that can be read in more than one way."),
        (b"\xff\xfek\x00p", "ends in the middle of a letter"),
        (b"kpi,note\nloans,\0\n", "is not a table: it has characters that no text has."),
        (b'kpi,note\nloans,"a\n', "Row 2 of \"table\" can't be split into cells"),
        (b'kpi,note\nloans,"a"b\n', "Row 2 of \"table\" can't be split into cells"),
        (b"kpi,note\n" + b"x" * 200_000, "Row 2 of"),
        (b"kpi" + b"," * 501, "reaches to row 1 and column SH"),
        (b"kpi,a\n" * 100_001, "reaches to row 100,001 and column B"),
        (b"kpi\n" + b" " * (20 << 20), "is larger than 20 MB. Import it in parts."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "is an old Excel workbook, or has a password."),
    ],
)  # fmt: skip
def test_what_can_be_read_in_no_way_or_in_two_is_refused(tmp_path: Path, data: bytes, reported: str) -> None:
    assert reported in refused(tmp_path, data)


def test_a_file_that_is_not_there_or_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "itself.csv").symlink_to("itself.csv")
    for path, reported in (
        (tmp_path / "gone.csv", "can't be read. The file is not there."),
        (tmp_path, "can't be read. This is not an ordinary file."),
        (tmp_path / ("x" * 300), "can't be read. The file can't be opened"),
        (tmp_path / "itself.csv", "can't be read. This is a link"),
    ):
        with pytest.raises(UserError, match=reported):
            read_tables(path)


@pytest.mark.parametrize(
    "data",
    [b"\x05\xe9\xff" * 9, packed({"a": "b"})[7:], packed({}), b"\xff\xfea"],
    ids=["no text", "cut off in front", "nothing in it", "half a letter"],
)
def test_what_is_called_a_workbook_and_is_neither_that_nor_text_is_damaged(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "may.XLSX").write_bytes(data)

    with pytest.raises(UserError, match=r'^"may\.XLSX" is damaged and can\'t be read\.'):
        read_tables(tmp_path / "may.XLSX")


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_are_named_as_spreadsheets_name_them(number: int, letters: str) -> None:
    assert column_letters(number) == letters


@pytest.mark.parametrize("above", [0, 25, 99])
def test_the_headings_may_stand_below_a_hundred_lines(tmp_path: Path, above: int) -> None:
    lines = "".join(f"How to read this table, part {number}\n" for number in range(above))
    actual = collect_figures(read_sheet(tmp_path, f"{lines}{TABLE}".encode()))

    assert actual is not None
    assert [given.row for given in actual.figures] == [above + 2]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xef\xbb\xbf\r\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "is a web page (HTML), whatever its name is. Open it in Excel"),
        (b"<!DOCTYPE html><table><tr><td>kpi</td>", "is a web page (HTML)"),
        ("<table><tr><td>kpi".encode("utf-16"), "is a web page (HTML)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "is an XML spreadsheet of Excel 2003"),
        (b'<?xml version="1.0"?><figures/>', "is an XML file"),
        (b"%PDF-1.7", "is a PDF file"),
        (b"\x89PNG\r\n\x1a\n" + b"\x07" * 6_000_000, "is a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "is a picture"),
        (b"\xff\xd8\xff\xe1\x2a\x10Exif\x00\x00", "is a picture"),
        (b"GIF89a", "is a picture"),
        (rb"{\rtf1\ansi", "is a text document (RTF)"),
        (b'{"kpi": "loans"}', "is a JSON file"),
        (packed({"xl/workbook.bin": "a"}), "is a binary Excel workbook (.xlsb)"),
        (packed({"mimetype": "a", "content.xml": "<a/>"}), "is an OpenDocument file (.ods)"),
        (packed({"Index/Document.iwa": "a"}), "is a file of Numbers"),
        (packed({"word/document.xml": "<a/>", "_rels/.rels": '<Relationships><Relationship Id="a" Type="b/officeDocument" Target="word/document.xml"/></Relationships>'}), "is a Word document. Copy the table into a workbook, and import that."),
        (packed({"ppt/presentation.xml": "<a/>"}), "is a PowerPoint file"),
        (packed({"May/figures.csv": TABLE}), 'is a ZIP file with "May/figures.csv" in it. Unpack it, and import that.'),
        (packed({f"May/{name}": part for name, part in parts({"Data": sheet([["kpi"]])}).items()}), "has the parts of an Excel workbook, but not where Excel puts them. Open it in Excel and save it again."),
        (packed({"externalLinks/externalLink1.xml": "<a/>"}), "takes figures from other workbooks"),
        (packed({"macrosheets/sheet1.xml": "<a/>"}), "has macros"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_as_what_it_is(tmp_path: Path, data: bytes, what: str) -> None:
    assert f'"table" {what}' in refused(tmp_path, data)


def test_a_workbook_whose_parts_stand_at_the_root_is_read(tmp_path: Path) -> None:
    named = parts({"Data": sheet([["kpi", Number("0.67", WHOLE_PERCENT)]])})
    moved = {
        name.removeprefix("xl/"): part.replace("xl/workbook", "workbook") for name, part in named.items()
    }

    assert read_sheet(tmp_path, packed(moved)).rows == (("kpi", "67%"),)


def test_a_value_longer_than_any_figure_is_refused_before_anybody_reads_it(tmp_path: Path) -> None:
    actual = collect_figures(
        read_sheet(tmp_path, f"kpi,measure,2024/25,2023/24\nloans,books,{'9' * 130_000},5\n".encode())
    )

    assert actual is not None
    assert actual.figures == ()
    assert [(bad.row, bad.column, bad.message) for bad in actual.problems] == [
        (2, 3, "This cell has 130,000 characters, which is more than a name or a figure has.")
    ]


def test_columns_beside_the_figures_are_left_out_in_one_line(tmp_path: Path) -> None:
    table = "kpi,Description,Owner,2024/25,Target,RAG,Remarks\nloans,Loans in 2024,Jo,5,6,Green,late\n"
    actual = collect_figures(read_sheet(tmp_path, table.encode()))

    assert actual is not None
    assert [given.text("value") for given in actual.figures] == ["5"]
    assert actual.notes == ('The columns "Description", "Owner", "Target", … 2 more were not read.',)


def test_text_below_the_figures_is_left_out_and_told(tmp_path: Path) -> None:
    table = "kpi,period,value\nloans,2024/25,5\nTotal,2024/25,5\n\nSource: the monthly return\n"
    actual = collect_figures(read_sheet(tmp_path, f"{table}".replace("return\n", "return,,\n").encode()))

    assert actual is not None
    assert [given.row for given in actual.figures] == [2]
    assert actual.notes == (
        'Rows 3 ("Total") and 5 ("Source: the monthly return") name no KPI and were not read.',
    )


# Workbooks.

SHOWN: list[tuple[Cell, str]] = [
    ("loans", "loans"),
    (5, "5"),
    (12.5, "12.5"),
    (Number("0.30000000000000004"), "0.3"),
    (Number("1E-3"), "0.001"),
    (Number("123456789012345"), "123456789012345"),
    (Number("0.67", WHOLE_PERCENT), "67%"),
    (Number("0.6745", PERCENT), "67.45%"),
    (Number("0.28999999999999998", WHOLE_PERCENT), "29%"),
    (Number("1", WHOLE_PERCENT), "100%"),
    (Number("45292", MONTH), "Jan 2024"),
    (Number("45322", MONTH), "Jan 2024"),
    (Number("45322", DAY), "31 Jan 2024"),
    (Number("45322", YEAR), "2024"),
    (Number("45322.5", DAY), "31 Jan 2024 12:00:00"),
    (Number("45322"), "45322"),
    (Number("0.0015972222222222223", HOURS), "0:02:18"),
    (Number("1.5", HOURS), "36:00:00"),
    (Number("0.0015972222222222223", CLOCK), "0:02:18"),
    (Number("7", WEEK), "week 7"),
    (Raw(' t="b"><v>1</v>'), "TRUE"),
    (Raw(' t="e"><v>#N/A</v>'), "#N/A"),
    (Raw(' t="e"><v>#DIV/0!</v>'), "#DIV/0!"),
    (Raw(' t="str"><v>2022/23</v>'), "2022/23"),
    (Raw(' s="1">'), ""),
]


@pytest.mark.parametrize(("cell", "text"), SHOWN)
def test_a_cell_is_what_a_reader_of_the_sheet_sees(tmp_path: Path, cell: Cell, text: str) -> None:
    actual = read_sheet(tmp_path, workbook([["kpi", "value"], ["loans", cell]]))

    assert actual == Sheet("Data", (("kpi", "value"), ("loans", text)))


def test_the_forms_that_excel_knows_by_number_alone_are_known(tmp_path: Path) -> None:
    days = [Number("45292", form) for form in (2, 3, 4)]  # the last one is Japanese
    named = parts({"Data": sheet([["kpi", Number("0.5", 1), *days]])})
    named["xl/styles.xml"] = f"<styleSheet><cellXfs>{BUILT_IN}</cellXfs></styleSheet>"

    assert read_sheet(tmp_path, packed(named)).rows == (
        ("kpi", "50%", "Jan 2024", "1 Jan 2024", "1 Jan 2024"),
    )


def test_a_cell_stands_where_it_stands_also_below_and_right_of_nothing(tmp_path: Path) -> None:
    actual = read_sheet(tmp_path, workbook([[], [None, "kpi"], [], [None, None, 5]]))

    assert actual.rows == (("", "", ""), ("", "kpi", ""), ("", "", ""), ("", "", "5"))


def test_of_a_merged_cell_the_first_is_seen_and_nothing_that_it_covers(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["kpi", "measure"], ["loans", "all"], ["visits", "books"], [None, "other"]]
    actual = read_sheet(tmp_path, packed(parts({"Data": sheet(rows, ["A2:A4"])})))

    assert [row[0] for row in actual.rows] == ["kpi", "loans", "", ""]
    assert actual.merged == (Area(2, 1, 4, 1),)


def test_formulas_are_named_by_their_cells(tmp_path: Path) -> None:
    actual = read_sheet(
        tmp_path, workbook([["kpi", "value"], ["loans", Formula("2+3", "5")], [Formula('"a"'), 1]])
    )

    assert actual.formulas == (Area(2, 2, 2, 2), Area(3, 1, 3, 1))


def test_the_columns_of_a_formula_are_looked_up_not_tried_one_by_one() -> None:
    compared = []

    class Counted(int):
        def __gt__(self, other: int) -> bool:
            compared.append(other)
            return int(self) > other

        def __le__(self, other: int) -> bool:
            compared.append(other)
            return int(self) <= other

    columns = range(1, 401)
    actual = Sheet("Data", (), (Area(2, Counted(200), 2, 200),)).formula_rows(columns)

    assert actual == {column: {2} if column == 200 else set() for column in columns}
    assert len(compared) < 20


def test_a_row_of_nothing_but_formulas_without_results_is_left_out(tmp_path: Path) -> None:
    book = workbook([["kpi", "2024/25"], [None, Formula("SUM(B3)")], ["loans", 5]])
    actual = collect_figures(read_sheet(tmp_path, book))

    assert actual is not None
    assert [given.row for given in actual.figures] == [3]
    assert actual.notes == ('Row 2 of the sheet "Data" names no KPI and was not read.',)


def test_hidden_sheets_are_read_only_when_asked_for(tmp_path: Path) -> None:
    book = packed(parts({"Data": sheet([["kpi", 1]]), "Old one": sheet([["kpi", 2]])}, hidden=["Old one"]))
    (tmp_path / "may.xlsx").write_bytes(book)
    tables = read_tables(tmp_path / "may.xlsx")

    assert [item.name for item in tables.sheets] == ["Data"]
    assert tables.notes == ('The sheet "Old one" is hidden and was not read. kpi import --sheet reads it.',)
    assert read(tmp_path, book, "old ONE") == (Sheet("Old one", (("kpi", "2"),)),)
    with pytest.raises(UserError, match=r'has no sheet "Dat"\. Did you mean "Data"\?'):
        read(tmp_path, book, "Dat")
    with pytest.raises(UserError, match=r'has no sheet "May"\. There are: "Data", "Old one"\.'):
        read(tmp_path, book, "May")
    with pytest.raises(UserError, match="is not a workbook, so it has no sheets"):
        read(tmp_path, TABLE.encode(), "Data")


@pytest.mark.parametrize(
    ("old", "new"),
    [('<row r="2">', '<row r="2" hidden="1">'), ("<sheetData>", '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>')],
)  # fmt: skip
def test_hidden_rows_and_columns_are_read_and_that_is_told(tmp_path: Path, old: str, new: str) -> None:
    xml = sheet([["kpi", "value"], ["loans", 5]])
    (tmp_path / "may.xlsx").write_bytes(packed(parts({"Data": xml.replace(old, new)})))
    tables = read_tables(tmp_path / "may.xlsx")

    assert tables.sheets == (Sheet("Data", (("kpi", "value"), ("loans", "5"))),)
    assert tables.notes == ('The sheet "Data" has hidden rows or columns; they were read like the others.',)


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_another_reader_finds_the_same_cells_in_workbooks_of_real_programs(path: Path) -> None:
    """python-calamine gives values, and this reader what is shown of them."""
    book = load_workbook(path)
    for name in book.sheet_names:
        (ours,) = read_tables(path, name).sheets
        theirs = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells = [(r, c, value) for r, row in enumerate(theirs) for c, value in enumerate(row) if value != ""]

        assert cells
        assert [ours.rows[r][c] for r, c, _ in cells] == [_alike(value) for _, _, value in cells]


def _alike(value: object) -> str:
    """A value of the other reader as the workbooks show it; they have one per cent and one time."""
    match value:
        case dt.date():
            return value.strftime("%b %Y")
        case dt.timedelta() | dt.time():
            return "0:00:03.5"
        case 0.81:
            return "81%"
        case float():
            return f"{value:g}" if value < 1e5 else str(value)
    return str(value)


@trials(100)
@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_a_number_of_excel_comes_back_with_the_digits_that_were_typed(number: int, decimals: int) -> None:
    typed = Decimal(number).scaleb(-decimals)
    kept = exact(float(typed))

    assert Decimal(shown(kept, "General").text) == typed
    assert Decimal(shown(kept, "0.0%").text.removesuffix("%")) == typed * 100


@trials(100)
@given(st.dates(dt.date(1901, 1, 1), dt.date(9000, 1, 1)))
def test_a_day_of_excel_is_that_day_whichever_day_it_counts_from(day: dt.date) -> None:
    for since in (dt.date(1899, 12, 30), dt.date(1904, 1, 1)):
        if day > since:
            texts = [
                shown(Decimal((day - since).days), form, since_1904=since.year == 1904).text
                for form in ("dd/mm/yyyy", "mmm-yy", "yyyy")
            ]
            assert dt.datetime.strptime(texts[0], "%d %b %Y").date() == day  # noqa: DTZ007
            assert texts[1:] == [f"{day:%b} {day.year}", str(day.year)]


def test_days_may_be_counted_from_1904(tmp_path: Path) -> None:
    named = parts({"Data": sheet([["kpi", Number("43830", MONTH)]])})
    named["xl/workbook.xml"] = named["xl/workbook.xml"].replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )

    assert read_sheet(tmp_path, packed(named)).rows == (("kpi", "Jan 2024"),)


def test_texts_that_cells_share_are_put_together_without_how_they_are_pronounced(tmp_path: Path) -> None:
    named = parts({"Data": sheet([[Raw(' t="s"><v>1</v>'), Raw(' t="s"><v>0</v>')]])})
    named["xl/sharedStrings.xml"] = (
        '<x:sst xmlns:x="a" count="7" uniqueCount="9"><x:si><x:t>kpi</x:t></x:si><x:si><x:r><x:t>two </x:t></x:r>'
        "<x:r><x:t>parts</x:t></x:r><x:rPh><x:t>aloud</x:t></x:rPh></x:si></x:sst>"
    )

    assert read_sheet(tmp_path, packed(named)).rows == (("two parts", "kpi"),)


@pytest.mark.parametrize(
    ("data", "reported"),
    [
        pytest.param(
            b"kpi,measure,period,value\n" * 100_001, "reaches to row 100,001 and column D", id="rows"
        ),
        pytest.param(b"a" * ((20 << 20) + 1), "is larger than 20 MB. Import it in parts", id="bytes"),
    ],
)
def test_a_table_that_is_larger_than_anyone_needs_is_refused(
    tmp_path: Path, data: bytes, reported: str
) -> None:
    (tmp_path / "figures.csv").write_bytes(data)

    with pytest.raises(UserError, match=reported):
        read_tables(tmp_path / "figures.csv")
