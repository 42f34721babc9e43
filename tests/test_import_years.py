"""Years are not months in an import: `2010-11` is written as the one that is meant, or refused."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from guides import example
from kpi.store.reader import read
from manual_pages import EXAMPLE
from running import Done, Kpi
from workbooks import MONTH, Cell, Number, workbook

PLACE = "kpis/care/first-visits.yaml"
NOVEMBER_2010, DECEMBER_2011 = "40483", "40878"
"""The days on which these months start, as a workbook counts them."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return example(tmp_path)


def wide(root: Path, kpi: Kpi, headings: Sequence[Cell], *, workbook_of: bool = False) -> Done:
    """Import a table with these headings for its periods, and the figures 5, 6, 7 and so on."""
    rows: list[list[Cell]] = [
        ["kpi", "measure", *headings],
        ["first-visits", "median-wait", *range(5, 5 + len(headings))],
    ]
    if workbook_of:
        (root / "years.xlsx").write_bytes(workbook(rows))
        return kpi("import", root / "years.xlsx")
    return table(root, kpi, *(",".join(map(str, row)) for row in rows))


def long(root: Path, kpi: Kpi, periods: Sequence[str]) -> Done:
    """The same with a row for each figure."""
    rows = (f"first-visits,median-wait,{period},{value}" for value, period in enumerate(periods, 5))
    return table(root, kpi, "kpi,measure,period,value", *rows)


def table(root: Path, kpi: Kpi, *lines: str) -> Done:
    path = root / "years.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return kpi("import", path)


def series(root: Path) -> dict[str, object]:
    """The figures that were added to the measure's file."""
    values = read((root / PLACE).read_bytes()).values
    before = read(EXAMPLE[PLACE].encode()).values
    assert values is not None
    assert before is not None
    there = before["measures"]["median-wait"]["observations"]
    return {
        period: value
        for period, value in values["measures"]["median-wait"]["observations"].items()
        if period not in there
    }


Form = Callable[[Path, Kpi, Sequence[str]], Done]


class Unclear(NamedTuple):
    """Periods of a table, the one of them that can be both, and the years and the month that it can be."""

    typed: Sequence[str]
    text: str
    years: str
    month: str


READ = [
    (["2010-11", "2011-12", "2012-13"], ["2010/11", "2011/12", "2012/13"]),
    (["1999-00", "2000-01", "2001-02"], ["1999/00", "2000/01", "2001/02"]),
    ([f"{year}-{year - 1999:02d}" for year in range(2010, 2020)], [f"{year}/{year - 1999:02d}" for year in range(2010, 2020)]),
    (["2009-10 to 2011-12", "2010-11 to 2012-13"], ["2009/10 to 2011/12", "2010/11 to 2012/13"]),
    (["2010-11", "2010-12", "2011-01"], ["2010-11", "2010-12", "2011-01"]),
    (["2003-04", "2003-05", "2003-06"], ["2003-04", "2003-05", "2003-06"]),
    (["2010-11", "2015-06"], ["2010-11", "2015-06"]),
    (["2010-10", "2010-11", "2010/11"], ["2010-10", "2010-11", "2010/11"]),
    (["Nov 2010", "2012-13"], ["2010-11", "2012/13"]),
    (["Nov 10"], ["2010-11"]),
    (["2009-12"], ["2009-12"]),
]  # fmt: skip


@pytest.mark.parametrize("form", [wide, long])
@pytest.mark.parametrize(("typed", "written"), READ, ids=[typed[0] for typed, _ in READ])
def test_what_stands_beside_it_shows_whether_a_month_or_a_year_is_meant(
    root: Path, kpi: Kpi, form: Form, typed: list[str], written: list[str]
) -> None:
    done = form(root, kpi, typed)

    assert done.code == 0, done.out
    assert sorted(series(root)) == sorted(written)
    assert [series(root)[period] for period in written] == list(range(5, 5 + len(written)))


UNCLEAR = [
    Unclear(["2010-11"], "2010-11", "2010/11", "November 2010"),
    Unclear(["2010-11", "2011-12"], "2010-11", "2010/11", "November 2010"),
    Unclear(["2010-11", "2011-12", "2012/13"], "2011-12", "2011/12", "December 2011"),
    Unclear(["2010-11", "2012/13", "2013-06"], "2010-11", "2010/11", "November 2010"),
    Unclear(["2010-11", "FY 2013/14"], "2010-11", "2010/11", "November 2010"),
    Unclear(["2010-11", "12 months to 2013-06"], "2010-11", "2010/11", "November 2010"),
    Unclear(["Nov-10", "2012-13"], "Nov-10", "2010/11", "November 2010"),
    Unclear(["Nov-10", "Dec-11"], "Dec-11", "2011/12", "December 2011"),
    Unclear(["2009-12", "2012/13"], "2009-12", "2009 to 2012", "December 2009"),
    Unclear(["2008-09 to 2010-11"], "2008-09 to 2010-11", "2008/09 to 2010/11", "September 2008 to November 2010"),
]  # fmt: skip


@pytest.mark.parametrize("form", [wide, long])
@pytest.mark.parametrize("unclear", UNCLEAR, ids=lambda unclear: ", ".join(unclear.typed))
def test_where_nothing_shows_which_is_meant_nothing_is_written_and_both_are_offered(
    root: Path, kpi: Kpi, form: Form, unclear: Unclear
) -> None:
    done = form(root, kpi, unclear.typed)

    assert done.code == 1
    assert f'"{unclear.text}" can be {unclear.month} or {unclear.years}. For the year' in done.out
    assert f" write {unclear.years}. For the month" in done.out
    assert f" write {unclear.month}.\n" in done.out
    assert series(root) == {}


@pytest.mark.parametrize("form", [wide, long])
@pytest.mark.parametrize("unclear", UNCLEAR, ids=lambda unclear: ", ".join(unclear.typed))
def test_what_the_message_says_to_write_is_taken(root: Path, kpi: Kpi, form: Form, unclear: Unclear) -> None:
    for instead in (unclear.years, unclear.month):
        done = form(root, kpi, [instead if period == unclear.text else period for period in unclear.typed])

        assert f'"{instead}" can be ' not in done.out
        assert f'"{instead}" is not a period' not in done.out


@pytest.mark.parametrize("typed", ["201011", "2010.11", "2010\u201311", "2010-11 (p)"])
def test_another_spelling_of_both_is_answered_with_what_a_table_can_hold(
    root: Path, kpi: Kpi, typed: str
) -> None:
    done = wide(root, kpi, [typed])

    assert done.code == 1
    assert "For the year write 2010/11. For the month write November 2010." in done.out


def test_years_that_excel_made_months_of_are_refused_in_a_workbook(root: Path, kpi: Kpi) -> None:
    """Typed as 2010-11 and 2011-12, Excel keeps them as days and shows Nov-10 and Dec-11; 2012-13 stays a text."""
    days = [Number(NOVEMBER_2010, MONTH), Number(DECEMBER_2011, MONTH)]
    done = wide(root, kpi, [*days, "2012-13"], workbook_of=True)

    assert done.code == 1
    assert '"Nov 2010" can be November 2010 or 2010/11. For the year write 2010/11.' in done.out
    assert "For the month write 1 month to 2010-11." in done.out
    assert series(root) == {}
    assert wide(root, kpi, ["1 month to 2010-11", "2011/12", "2012-13"], workbook_of=True).code == 0
    assert sorted(series(root)) == ["2010-11", "2011/12", "2012/13"]


def test_a_month_alone_in_a_workbook_is_a_month(root: Path, kpi: Kpi) -> None:
    assert wide(root, kpi, [Number(NOVEMBER_2010, MONTH)], workbook_of=True).code == 0
    assert series(root) == {"2010-11": 5}


def test_the_periods_of_another_series_show_nothing(root: Path, kpi: Kpi) -> None:
    done = table(
        root,
        kpi,
        "kpi,measure,period,value",
        "first-visits,visited-in-time,2010-10,5",
        "first-visits,median-wait,2010-11,6",
    )

    assert done.code == 1
    assert 'row 3, column C: "2010-11" can be November 2010 or 2010/11.' in done.out


def test_a_month_goes_on_a_series_of_months_that_its_file_has(root: Path, kpi: Kpi) -> None:
    long(root, kpi, ["2010-08", "2010-09", "2010-10"])

    assert long(root, kpi, ["2010-11"]).out.startswith("1 figure: 1 new.")
    assert long(root, kpi, ["2010-11"]).out.startswith("1 figure: 1 unchanged.")


def test_an_export_says_how_many_months_its_periods_have(root: Path, kpi: Kpi) -> None:
    lines = ("kpi,measure,period,months,value", "first-visits,median-wait,2010-11,{},5")

    assert table(root, kpi, lines[0], lines[1].format(12)).code == 1
    assert table(root, kpi, lines[0], lines[1].format(1)).code == 0
    assert series(root) == {"2010-11": 5}


def test_where_the_financial_year_is_the_calendar_year_one_of_the_two_is_offered(
    root: Path, kpi: Kpi
) -> None:
    plan = root / "kpis/plan.yaml"
    plan.write_text(f"{plan.read_text(encoding='utf-8')}year_starts: 1\n", encoding="utf-8", newline="\n")
    file = root / "kpis/care/first-visits.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("/21", "").replace("/22", "").replace("/23", "").replace("/24", ""), "utf-8")
    done = wide(root, kpi, ["2010-11"])

    assert '"2010-11" can be November 2010, 2010 or 2011.' in done.out
    assert "For the year write 2010 or 2011." in done.out
