"""Lists of KPIs as councils, forces and trusts keep them: what is taken of each, what isn't and why, and nothing in between."""

import csv
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from kpi.lint.engine import lint
from kpi.store.register import kpis_in
from kpi.store.register.list_columns import columns_of
from kpi.store.register.list_words import bound_in, frequency_in, unit_in, way_in
from kpi.store.tables import Tables
from kpi.store.tables.table_file import read_tables
from running import Kpi

HERE = Path(__file__).parent / "lists"
DAY = "2025-09-15"
TODAY = date(2025, 9, 15)


def workbook(path: Path, sheets: dict[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> Path:
    """A workbook as Excel writes it: days with the form mmm-yy, and what is a pair with its own form."""
    book = xlsxwriter.Workbook(path)
    month = book.add_format({"num_format": "mmm-yy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for area in merged:
            sheet.merge_range(area, "")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, month)
                elif isinstance(cell, tuple):
                    sheet.write(row, column, cell[0], book.add_format({"num_format": cell[1]}))
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return path


def council_months(path: Path) -> Path:
    """A year above its months, a directorate merged over its rows, percentages as Excel keeps them."""
    rows: list[list[Any]] = [
        ["Directorate", "PI", "Description", "Head of service", "Bigger or smaller is better", "2024/25 target", "2024/25", None, None],
        [None, None, None, None, None, None, "Apr", "May", "Jun"],
        ["Place", "PL1", "Potholes mended within 28 days", "Highways", "Bigger", (0.95, "0%"), (0.912, "0.0%"), (0.934, "0.0%"), (0.957, "0.0%")],
        [None, "PL2", "Tonnes of litter collected", "Street cleaning", "Neither", None, 41.5, 39, 44.25],
        ["People", "PE1", "Assessments within 45 days", "Children's social care", "Bigger", (0.9, "0%"), (0.88, "0.0%"), None, (0.86, "0.0%")],
    ]  # fmt: skip
    return workbook(path, {"Scorecard": rows}, ("A3:A4", "G1:I1"))


def force_dates(path: Path) -> Path:
    """Days for months, a sheet a theme, a formula for the total, and a second sheet that is no list."""
    months = [date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1)]
    head = ["Ref", "KPI", "Owner", "Target", "Polarity", *months, "YTD"]
    return workbook(
        path,
        {
            "Contact": [head, ["C1", "999 calls answered in 10 seconds", "Force Contact", "≥90%", "↑", "89.1%", "90.4%", "91.0%", "=1+1"]],
            "Crime": [head, ["K1", "Knife crime", "Head of Crime", "<= 60", "↓", 66, 58, 61, "=SUM(F2:H2)"]],
            "Notes": [["These figures are invented."]],
        },
    )  # fmt: skip


def council_pairs(path: Path) -> Path:
    """A row of figures and a row of targets for each KPI, whose names are merged over both."""
    rows: list[list[Any]] = [
        ["Corporate Plan performance, quarter 1"],
        ["Outcome", "Ref", "Measure", "Lead Director", "Polarity", None, "Q3 2024/25", "Q4 2024/25", "Q1 2025/26", "RAG"],
        ["Thriving places", "TP1", "Major planning applications decided in time", "Director of Place", "High is good", "Actual", (0.94, "0.0%"), (0.93, "0.0%"), (0.95, "0.0%"), "G"],
        [None, None, None, None, None, "Target", (0.9, "0.0%"), (0.92, "0.0%"), (0.92, "0.0%"), None],
        ["Thriving places", "TP2", "Affordable homes completed", "Director of Place", "High is good", "Target", 50, 55, 55, "R"],
        [None, None, None, None, None, "Actual", 77, 44, 61, None],
        ["Strong families", "SF1", "Children in care per 10,000", "Director of Children", "Low is good", "Actual", 72, 71.1, 70.8, "A"],
        [None, None, None, None, None, "Target", 70, "n/a", 69, None],
        [None, None, None, None, None, "Variance", 2, None, 1.8, None],
    ]  # fmt: skip
    merged = tuple(f"{column}{row}:{column}{row + 1}" for column in "ABCDE" for row in (3, 5, 7))
    return workbook(path, {"Corporate Plan Q1": rows}, merged)


def trust_ranges(path: Path) -> Path:
    """Ranges for targets, minutes and seconds, thousands of pounds, and fractions where the unit is per cent."""
    months = [date(2025, 7, 1), date(2025, 8, 1)]
    head = [
        "Domain",
        "Indicator",
        "Executive Lead",
        "Unit",
        "Plan / Standard",
        "Desired direction",
        *months,
        "YTD",
        "SPC variation",
        "Narrative",
    ]
    rows: list[list[Any]] = [
        ["Integrated Performance Report"],
        head,
        ["Responsive", "Seen within four hours", "Chief Operating Officer", "%", "78%", "Up", 0.762, 0.758, 0.752, "Improving", "Same-day care opened in July."],
        ["Responsive", "Ambulance handover", "Chief Operating Officer", "mm:ss", "Less than 15:00", "Down", "17:31", "18:05", None, "Common cause", None],
        ["Effective", "Bed occupancy", "Chief Nurse", "%", "85 to 92%", "In range", (0.93, "0.0%"), (0.941, "0.0%"), None, "Common cause", None],
        ["Well led", "Sickness absence", "Chief People Officer", "%", None, "Neither", 0.051, 0.05, None, "Common cause", None],
        ["Well led", "Agency spend", "Chief Finance Officer", "£000", "< £1,000k", "Down", 1245, 1201, None, "Common cause", None],
    ]  # fmt: skip
    return workbook(path, {"IPR": rows})


WORKBOOKS = {
    "council-months.xlsx": council_months,
    "council-pairs.xlsx": council_pairs,
    "force-dates.xlsx": force_dates,
    "trust-ranges.xlsx": trust_ranges,
}
LISTS = sorted({*(path.name for path in HERE.glob("*.csv")), *WORKBOOKS})
each_list = pytest.mark.parametrize("name", LISTS)


def listed(folder: Path, name: str) -> Path:
    if name in WORKBOOKS:
        return WORKBOOKS[name](folder / name)
    return Path(shutil.copy(HERE / name, folder / name))


def test_there_are_fifteen_layouts() -> None:
    assert len(LISTS) == 15


@each_list
def test_a_list_becomes_a_repository_that_lints_and_builds(
    name: str, tmp_path: Path, kpi: Kpi, golden: Callable[[Path, str], None]
) -> None:
    listed(tmp_path, name)

    done = kpi("init", "new", "--from", name, "--as-of", DAY)

    assert done.code == 0, done
    root = tmp_path / "new"
    assert [finding.message for finding in lint(root, TODAY).findings if finding.severity == "error"] == []
    assert kpi("--root", "new", "fmt", "--check").code == 0
    assert kpi("--root", "new", "build").code == 0
    files = sorted(root.glob("kpis/**/*.yaml"), key=lambda path: path.as_posix())
    texts = [f"# {path.relative_to(root).as_posix()}\n{path.read_text(encoding='utf-8')}" for path in files]
    golden(HERE / "taken" / f"{name}.txt", "\n".join([done.out, *texts]))


def tables(folder: Path, name: str) -> Tables:
    return read_tables(listed(folder, name))


@each_list
def test_every_cell_is_taken_or_named_with_its_reason(name: str, tmp_path: Path) -> None:
    for sheet in tables(tmp_path, name).sheets:
        columns, listed_there = columns_of(sheet, name, 4), kpis_in(sheet, name, 4)
        if columns is None or listed_there is None:
            assert sum(map(len, sheet.rows)) <= 1
            continue
        kpis, left = listed_there
        taken = {
            columns.kind,
            *columns.fields.values(),
            *(column for column, _ in (*columns.targets, *columns.periods)),
        }
        cells = {(item.row, item.column) for item in left if item.row}
        rows = {kpi.row for kpi in kpis}
        known = sum(len(kpi.figures) for kpi in kpis)
        figures = 0
        for number, row in enumerate(columns.sheet.rows[columns.row :], start=columns.row + 1):
            for column, cell in enumerate(row, start=1):
                if not cell.strip():
                    continue
                is_figure = number in rows and column in {place for place, _ in columns.periods}
                figures += is_figure and (number, column) not in cells
                heading = (columns.row, column) in cells
                section = number not in rows and (number, 0) not in cells  # a heading that became a priority
                assert column in taken or heading or (number, 0) in cells or section, (number, column, cell)
        assert known == figures
        assert all(item.message.endswith(".") for item in left)


def test_a_list_can_be_added_to_what_is_there_and_only_once(tmp_path: Path, kpi: Kpi) -> None:
    kpi("init", "--as-of", DAY)
    for name in ("council-years.csv", "force-months.csv"):
        listed(tmp_path, name)
        assert kpi("import", "--new", name, "--as-of", DAY).code == 0
    assert [finding for finding in lint(tmp_path, TODAY).findings if finding.severity == "error"] == []
    before = (tmp_path / "kpis/plan.yaml").read_bytes()

    again = kpi("import", "--new", "council-years.csv")

    assert (again.code, again.err) == (1, "kpi: Nothing was written.\n")
    assert again.out.count(" is there already, in kpis/") == 4
    assert (tmp_path / "kpis/plan.yaml").read_bytes() == before


def test_titles_and_owners_that_differ_by_a_space_are_not_the_same(tmp_path: Path, kpi: Kpi) -> None:
    (tmp_path / "list.csv").write_text(
        "Title,Owner\nCarpets cleaned,A team\nCar pets cleaned,At eam\ncarpets  CLEANED,A team\n",
        encoding="utf-8",
    )

    done = kpi("init", "new", "--from", "list.csv", "--as-of", DAY)

    assert '"carpets CLEANED" is there already, in kpis/' in done.out
    assert done.out.count(" is there already") == 1
    plan = (tmp_path / "new/kpis/plan.yaml").read_text(encoding="utf-8")
    assert "a-team: A team\n" in plan
    assert "at-eam: At eam\n" in plan


def test_what_is_begun_without_figures_takes_them_when_they_come(tmp_path: Path, kpi: Kpi) -> None:
    listed(tmp_path, "register.csv")
    kpi("init", "--from", "register.csv", "--as-of", DAY)

    (tmp_path / "first.csv").write_text("kpi,2023/24,2024/25\nAffordable homes,212,260\n", encoding="utf-8")
    assert kpi("import", "first.csv", "--as-of", DAY).code == 0
    text = (tmp_path / "kpis/growth/affordable-homes.yaml").read_text(encoding="utf-8")
    assert text.endswith("    observations:\n      2023/24: 212\n      2024/25: 260\n")
    assert "no_figures" not in text


def test_a_dry_run_and_a_plan_that_is_there_write_nothing(tmp_path: Path, kpi: Kpi) -> None:
    listed(tmp_path, "register.csv")
    kpi("init")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    assert kpi("import", "--new", "register.csv", "--dry-run").code == 0
    refused = kpi("init", "--from", "register.csv")
    assert refused.code == 2
    assert "kpi import --new register.csv" in refused.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["police-ranges.csv", "housing-pairs.csv"])
@pytest.mark.parametrize("written", [1, 3])
def test_what_a_killed_run_left_is_gone_on_with_and_nothing_has_to_be_deleted(
    name: str, written: int, tmp_path: Path, kpi: Kpi
) -> None:
    """The KPIs come first and the plan last: the next run lists those that are there, and begins the others."""
    listed(tmp_path, name)
    kpi("init", "whole", "--from", name, "--as-of", DAY)
    kpi("init", "samples", "--as-of", DAY)
    shutil.copytree(tmp_path / "samples", tmp_path / "more")
    kpi("--root", "more", "import", "--new", name, "--as-of", DAY)
    for begun, plan in (("whole", None), ("more", tmp_path / "samples/kpis/plan.yaml")):
        root = tmp_path / begun
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        new = [path for path in before if path.suffix == ".yaml" and "sources: [" in path.read_text("utf-8")]
        new = [path for path in new if name.replace(".", "-") in path.read_text("utf-8")]
        for path in sorted(new)[written:]:
            path.unlink()
        (root / "kpis/plan.yaml").unlink()
        if plan is not None:
            shutil.copy(plan, root / "kpis/plan.yaml")

        line = ("import", "--new", name) if plan is not None else ("init", begun, "--from", name)
        again = kpi(*(("--root", begun) if plan is not None else ()), *line, "--as-of", "2025-09-16")

        assert again.code == 0, again
        after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        assert after.keys() == before.keys()
        assert [path for path in sorted(new)[:written] if after[path] != before[path]] == []
        assert after[root / "kpis/plan.yaml"] == before[root / "kpis/plan.yaml"]


def test_a_list_is_not_begun_over_kpis_of_others(tmp_path: Path, kpi: Kpi) -> None:
    listed(tmp_path, "register.csv")
    kpi("init", "new", "--from", "register.csv", "--as-of", DAY)
    place = tmp_path / "new/kpis/growth/affordable-homes.yaml"
    place.write_text(place.read_text("utf-8").replace("better: higher", "better: lower"), encoding="utf-8")
    (tmp_path / "new/kpis/plan.yaml").unlink()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    refused = kpi("init", "new", "--from", "register.csv", "--as-of", DAY)

    assert refused.code == 2
    assert "There is something under kpis/ already." in refused.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "", "Dear colleague\n"])
def test_what_is_no_list_is_told_in_one_sentence_and_nothing_is_left(
    text: str, tmp_path: Path, kpi: Kpi
) -> None:
    (tmp_path / "letter.csv").write_text(text, encoding="utf-8")

    done = kpi("init", "new", "--from", "letter.csv")

    assert done.code == 2
    assert "kpi template makes such a table" in done.err
    assert list((tmp_path / "new").iterdir()) == []


def test_a_kpi_whose_file_would_have_an_error_is_left_out_and_named_and_the_others_are_begun(
    tmp_path: Path, kpi: Kpi
) -> None:
    rows = "Name,Owner,Unit,Polarity,2023/24\nVisits,Library,Number,High,-5\nLoans,Library,Number,High,812\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")
    kpi("init", "--as-of", DAY)

    done = kpi("import", "--new", "list.csv", "--as-of", DAY)

    assert done.code == 0
    assert 'list.csv, row 2: "Visits" was left out. ' in done.out or "visits.yaml: row 2" in done.out
    assert (tmp_path / "kpis/service/loans.yaml").exists()
    assert [finding for finding in lint(tmp_path, TODAY).findings if finding.severity == "error"] == []


def test_a_figure_with_more_digits_than_programs_keep_leaves_its_kpi_out(tmp_path: Path, kpi: Kpi) -> None:
    rows = "Name,Unit,Polarity,2023/24\nShare,Ratio,High,123456789012.123456789\nLoans,Number,High,812\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")
    kpi("init", "--as-of", DAY)

    done = kpi("import", "--new", "list.csv", "--as-of", DAY)

    assert done.out.startswith("1 KPI with 1 figure and 0 targets.\n")
    assert '"Share" was left out. "123456789012.123456789" has 21 digits; the limit is 15.' in done.out


def test_a_month_that_has_not_come_leaves_its_kpi_out(tmp_path: Path, kpi: Kpi) -> None:
    rows = "Name,Polarity,2024/25,2030/31\nVisits,High,5,6\nLoans,High,812,\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")
    kpi("init", "--as-of", DAY)

    done = kpi("import", "--new", "list.csv", "--as-of", DAY)

    assert done.out.startswith("1 KPI with 1 figure and 0 targets.\n")
    assert 'list.csv, row 2: "Visits" was left out. 2030/31 has not ended yet' in done.out
    assert "visits" not in (tmp_path / "kpis/plan.yaml").read_text(encoding="utf-8")


def test_a_row_without_a_name_is_no_heading_and_is_named(tmp_path: Path, kpi: Kpi) -> None:
    rows = "Name,Owner,Polarity,2023/24\nVisits,Library,High,5\n,Library,High,7\nLoans,Library,High,812\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")

    done = kpi("init", "new", "--from", "list.csv", "--as-of", DAY)

    assert 'list.csv, row 3: "Library" names no KPI.\n' in done.out
    assert (tmp_path / "new/kpis/performance-indicators/loans.yaml").exists()


@pytest.mark.parametrize(
    ("unit", "figures", "written"),
    [
        ("mm:ss", "9:59,09:45,72:30", ["9m59s", "9m45s", "1h12m30s"]),
        ("Minutes and seconds", "0:45,110:00,15:05", ["45s", "1h50m", "15m05s"]),
        ("hh:mm", "9:59,0:45,100:30", ["9h59m", "45m", "100h30m"]),
    ],
)
def test_the_unit_says_what_the_parts_of_a_time_are(
    unit: str, figures: str, written: list[str], tmp_path: Path, kpi: Kpi
) -> None:
    out, text = begun(tmp_path, kpi, f"Name,Unit,2020/21,2021/22,2022/23\nTime to launch,{unit},{figures}\n")

    assert "not taken" not in out
    assert re.findall(r"20[0-9]{2}/[0-9]{2}: (.+)", text) == written


def test_the_unit_the_frequency_and_the_priority_are_known_by_other_usual_headings(
    tmp_path: Path, kpi: Kpi
) -> None:
    out, text = begun(
        tmp_path,
        kpi,
        "Measure name,UoM,Reporting,Area of focus,2021/22,2022/23\nFuel spilt,litres,Annual,Safety,3,4\n",
    )

    assert "not taken" not in out
    assert "unit: {name: litres}\n" in text
    assert "frequency: annual\n" in text
    assert "kpis/safety/fuel-spilt.yaml" in out


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Rate of falls per 1,000 bed days", "{rate_per: 1000}"),
        ("Rate of return", "percent"),
        ("% of visits within 2 per 10 days", "percent"),
    ],
)
def test_without_a_unit_the_title_says_whether_it_is_a_rate_or_a_per_cent(
    title: str, unit: str, tmp_path: Path, kpi: Kpi
) -> None:
    _, text = begun(tmp_path, kpi, f'Name,2021/22,2022/23\n"{title}",6.1,6.4\n')

    assert f"\nunit: {unit}\n" in text


@pytest.mark.parametrize("command", [["init", "new", "--from"], ["import", "--new"], ["import", "--targets"]])
def test_a_column_that_only_says_actual_or_target_names_no_kpi(
    command: list[str], tmp_path: Path, kpi: Kpi
) -> None:
    council(tmp_path, kpi)
    (tmp_path / "kinds.csv").write_text(
        "Indicator,Unit,Target,2022/23\nTarget,%,90,91\nActual,%,,92\n", encoding="utf-8"
    )

    done = kpi(*command, "kinds.csv", "--as-of", DAY)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith('kpi: "kinds.csv" has no row ')


def test_a_row_that_adds_up_the_others_is_no_kpi(tmp_path: Path, kpi: Kpi) -> None:
    out, _ = begun(tmp_path, kpi, "Name,Polarity,2022/23\nVisits,High,6\nLoans,High,7\nTotal:,,13\n")

    assert out.startswith("2 KPIs with 2 figures")
    assert 'list.csv, row 4: "Total:" names no KPI.\n' in out


@pytest.mark.parametrize(
    "command", [["init", "new", "--from"], ["import", "--new"], ["import", "--targets"]], ids=" ".join
)
def test_what_a_workbook_hides_is_reported_of_lists_and_targets_too(
    command: list[str], tmp_path: Path, kpi: Kpi
) -> None:
    council(tmp_path, kpi)
    headings = ["KPI", "Target 2030/31", "2022/23"]
    path = workbook(
        tmp_path / "hiding.xlsx",
        {"Open": [headings, ["Complaints received", 90, (6, ";;;")]], "Old": [headings, ["Loans", 8, 7]]},
    )
    book = openpyxl.load_workbook(path)
    book["Open"].column_dimensions["A"].hidden = True
    book["Old"].sheet_state = "hidden"
    book.save(path)

    assert set(kpi(*command, path, "--as-of", DAY).out.splitlines()) >= {
        'The sheet "Old" is hidden and was not read. kpi import --sheet reads it.',
        'The sheet "Open" has hidden rows or columns; they were read like the others.',
        'The sheet "Open" has values that its number formats hide (C2); they were not read.',
    }


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (["init", "new", "--from"], "list of KPIs"),
        (["import", "--new"], "list of KPIs"),
        (["import", "--targets"], "table of targets"),
    ],
)
def test_a_sheet_that_is_no_list_is_not_passed_over_without_a_word(
    command: list[str], what: str, tmp_path: Path, kpi: Kpi
) -> None:
    council(tmp_path, kpi)
    lists: list[list[Any]] = [["KPI", "Target 2030/31", "2022/23"], ["Complaints received", 90, 6]]
    path = workbook(tmp_path / "two.xlsx", {"List": lists, "Notes": [["Loans fell", 8], ["Why", 7]]})

    done = kpi(*command, path, "--as-of", DAY)
    assert f'The sheet "Notes" has no {what} and was not read.\n' in done.out


def test_a_list_beside_a_sheet_that_is_too_large_is_read_alone(tmp_path: Path, kpi: Kpi) -> None:
    large: list[list[Any]] = [*([] for _ in range(100_001)), [1]]
    lists: list[list[Any]] = [["Title", "Target 2026/27", "2022/23"], ["Visits", 90, 6]]
    path = workbook(tmp_path / "large.xlsx", {"List": lists, "Raw": large})

    refused = kpi("init", "new", "--from", path, "--as-of", DAY)
    assert refused.code == 2
    assert refused.err == (
        'kpi: "large.xlsx" reaches to row 100,002 and column A, which is more than is read.'
        " Delete what isn't needed, read one sheet alone with --sheet, or import it in parts.\n"
    )
    begun = kpi("init", "new", "--from", path, "--sheet", "list", "--as-of", DAY)
    assert begun.out.startswith("1 KPI with 1 figure")


def test_a_sheet_without_a_table_to_begin_with_is_a_mistake(tmp_path: Path, kpi: Kpi) -> None:
    refused = kpi("init", "new", "--sheet", "KPIs")

    assert (refused.code, refused.err) == (
        2,
        "kpi: --sheet is for a workbook. Name it with --from, or leave --sheet out.\n",
    )
    assert not (tmp_path / "new").exists()


def test_a_long_list_in_a_workbook_is_read_to_its_end_whatever_its_headings_are(
    tmp_path: Path, kpi: Kpi
) -> None:
    rows = [[f"Visits of kind {number}", 90, number] for number in range(1, 131)]
    path = workbook(tmp_path / "long.xlsx", {"All": [["Title", "Target 2026/27", "2022/23"], *rows]})

    assert kpi("init", "new", "--from", path, "--as-of", DAY).out.startswith("130 KPIs with 130 figures")
    again = kpi("--root", "new", "import", "--targets", path, "--as-of", DAY)
    assert again.err == "kpi: Nothing was written: 130 places to fix in long.xlsx.\n"


def begun(folder: Path, kpi: Kpi, rows: str) -> tuple[str, str]:
    """What is said of a list, and the text of its first KPI."""
    (folder / "list.csv").write_text(rows, encoding="utf-8")
    done = kpi("init", "new", "--from", "list.csv", "--as-of", DAY)
    files = [path for path in sorted(folder.glob("new/kpis/*/*.yaml")) if path.name != "plan.yaml"]
    return done.out, files[0].read_text("utf-8") if files else ""


@pytest.mark.parametrize("headings", ["KPI,Measure", "Measure,KPI"])
def test_of_two_columns_that_could_name_a_kpi_the_one_with_short_texts_is_its_code(
    headings: str, tmp_path: Path, kpi: Kpi
) -> None:
    short, long = ("CS-calls", "HR-sick"), ("Calls answered within a minute", "Days lost to sickness")
    pairs = zip(short, long, strict=True) if headings == "KPI,Measure" else zip(long, short, strict=True)
    rows = "".join(f"{first},{second},88\n" for first, second in pairs)
    out, text = begun(tmp_path, kpi, f"{headings},2023/24\n{rows}")

    assert "Nothing says which way is better" in out
    assert "The same in 1 more row: 3.\n" in out
    assert text.startswith("title: Calls answered within a minute\n")
    assert "code: CS-calls\n" in text


@pytest.mark.parametrize(
    ("cells", "refused", "taken"),
    [
        ("%,90,0.86,0.91", "E F", ""),
        ("%,,0.86,", "E", ""),
        ("%,0.9,0.86,0.91", "D E F", ""),
        ("%,0.9,86,91", "D", "86 91"),
        ("%,90,86,0.91", "F", "86"),
        ("%,0.5%,0.4%,0.3%", "", "0.4 0.3 0.5"),
        ("%,1%,0.4,0.3%", "E", "0.3 1"),
        ('%,"0.5 to 1%",0.4%,0.6%', "", "0.4 0.6"),
        ("ratio,0.9,0.86,0.91", "", "0.86 0.91 0.9"),
        (",90%,86%,0.91", "F", "86 90"),
    ],
)
def test_a_fraction_is_never_a_per_cent_of_its_digits(
    cells: str, refused: str, taken: str, tmp_path: Path, kpi: Kpi
) -> None:
    out, text = begun(tmp_path, kpi, f"Name,Polarity,Unit,Target,2022/23,2023/24\nCalls,High,{cells}\n")

    places = re.findall(
        r"column (\w): This looks like a fraction, .*? if that is right\.(?:.* places?: (.*)\.)?", out
    )
    assert re.findall("[A-Z]", str(places)) == refused.split()
    written = re.findall(r"(?:[0-9/]{7}|at_least): ([0-9.]+)", text)
    assert {number for number in written if "." in number} <= {*taken.split()}
    assert {*taken.split()} <= {*written}


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        ("Neutral,90 to 95%", "{between: [90, 95],"),
        ("In range,between 90% and 95%", "{between: [90, 95],"),
        (",90-95%", "{between: [90, 95],"),
        ("N/A (monitor),90–95%", "{between: [90, 95],"),
        ("High,90 to 95%", "{in_words: 90 to 95%,"),
        ("High,Top 10", "{in_words: Top 10,"),
        ("High,1.234.5", ""),
    ],
)  # fmt: skip
def test_a_range_is_taken_where_neither_way_is_better_and_else_named_with_the_way_out(
    cells: str, written: str, tmp_path: Path, kpi: Kpi
) -> None:
    out, text = begun(tmp_path, kpi, f"Name,Unit,Polarity,Target,2022/23\nCalls,%,{cells},86%\n")

    assert written in text
    assert ("targets:" in text) == bool(written)
    assert ("column D: " in out) == ("between" not in written)
    assert ("or at_least: 90 for its end" in out) == ("in_words: 90" in written)


@pytest.mark.parametrize(
    "rows",
    [
        "Name,Polarity,,2022/23,2023/24\nCalls,High,Actual,86%,88%\nCalls,High,Target,90%,92%\n",
        "Name,Polarity,Type,2022/23,2023/24\nCalls,High,Plan,90%,92%\n,,Outturn,86%,88%\n",
        "Name,Polarity,2022/23,2023/24\nCalls,High,86%,88%\nTarget,,90%,92%\n",
        "Name,Polarity,2022/23,2023/24\nCalls,,,\nActual,High,86%,88%\nTarget,,90%,92%\n",
        "Name,Polarity,2022/23,2023/24\nCalls,High,,\nTarget,,90%,92%\nActual,,86%,88%\n",
        "Name,Polarity,2022/23,2023/24\nService,,,\nCalls,,,\nActual,High,86%,88%\nTarget,,90%,92%\n",
        "Name,Polarity,2022/23,2023/24\nCalls - actual,High,86%,88%\nCalls - target,High,90%,92%\n",
        "Name,Polarity,2022/23,2023/24\nCalls (target),,90%,92%\nCalls (actual),High,86%,88%\n",
    ],
)
def test_a_row_of_targets_belongs_to_the_kpi_of_its_figures(rows: str, tmp_path: Path, kpi: Kpi) -> None:
    out, text = begun(tmp_path, kpi, rows)

    assert out.startswith("1 KPI with 2 figures and 2 targets.\n")
    assert text.startswith("title: Calls\n")
    assert "at_least: 90, from: 2022/23," in text
    assert "at_least: 92, from: 2023/24," in text
    assert text.endswith("2022/23: 86\n      2023/24: 88\n")


@pytest.mark.parametrize(
    ("rows", "targets"),
    [
        ("2024/25,,,,\nName,Polarity,Q1 target,Q1 actual,Q2 target,Q2 actual\nCalls,High,90%,86%,92%,88%\n", ["90, from: 2024/25 Q1", "92, from: 2024/25 Q2"]),
        ("Name,Polarity,2023/24 Actual,2023/24 Target,2024/25 Target\nCalls,High,86%,90%,92%\n", ["90, from: 2023/24", "92, from: 2024/25"]),
        ("Name,Polarity,Plan Apr-24,Apr-24,Plan May-24,May-24\nCalls,High,90%,86%,90%,88%\n", ["90, from: 2024-04"]),
    ],
)  # fmt: skip
def test_a_column_of_targets_beside_each_period_is_taken(
    rows: str, targets: list[str], tmp_path: Path, kpi: Kpi
) -> None:
    out, text = begun(tmp_path, kpi, rows)

    assert "not taken" not in out
    assert text.count("at_least") == len(targets)
    assert all(f"{{at_least: {target}, " in text for target in targets)


def test_names_below_an_empty_heading_are_those_of_kpis(tmp_path: Path, kpi: Kpi) -> None:
    out, text = begun(tmp_path, kpi, ',2023-24,2024-25,FY26\nReach,,,\nPeople helped,"10,200",12.50,1\n')

    assert text.startswith("title: People helped\n")
    assert "unit: ratio\n" in text  # 12.50 is no whole number
    assert 'The column "FY26" was not taken. Write the year as 2022/23' in out
    assert (tmp_path / "new/kpis/reach/people-helped.yaml").exists()


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Response times (hours)", "{name: hours}"),
        ("Budget variance £k", "{currency: GBP}"),
        ("Income (£m)", "{currency: GBP}"),
        ("Staff in post (FTE)", "{name: FTE}"),
        ("Visits (libraries)", "ratio"),
        ("Visits per 1,000 residents", "{rate_per: 1000}"),
    ],
)
def test_a_title_may_say_the_unit(title: str, unit: str, tmp_path: Path, kpi: Kpi) -> None:
    _, text = begun(tmp_path, kpi, f'Name,Polarity,2022/23,2023/24\n"{title}",Low,4.5,4.25\n')

    assert f"\nunit: {unit}\n" in text


def test_what_stands_for_no_owner_or_priority_is_none(tmp_path: Path, kpi: Kpi) -> None:
    rows = "Name,Owner,Theme,Source,Polarity,2023/24\nCalls,TBC,=A1,n/a,High,5\nVisits,-,Care,@x,High,6\n"
    out, text = begun(tmp_path, kpi, rows)

    plan = (tmp_path / "new/kpis/plan.yaml").read_text("utf-8")
    assert "owner" not in plan + text
    assert plan.count("title: ") == 4  # the plan's own, two priorities, and the list as the source
    for cell in (
        '"TBC" was read as no owner.',
        '"=A1" was read as no priority.',
        '"@x" was read as no source.',
    ):
        assert cell in out


# Words.


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("High", "higher"), ("Bigger is better", "higher"), ("Higher is better", "higher"), ("Aim to maximise", "higher"), ("↑", "higher"),
        ("H", "higher"), ("+", "higher"), ("Increase", "higher"), ("Low is good", "lower"), ("Smaller is Better", "lower"), ("Aim to minimise", "lower"),
        ("▼", "lower"), ("L", "lower"), ("Reduce", "lower"), ("N/A", "neither"), ("Contextual", "neither"), ("Monitor only", "neither"), ("", ""),
        ("High or low", ""), ("see notes", ""),
    ],
)  # fmt: skip
def test_the_ways_in_which_people_say_what_is_better(text: str, way: str) -> None:
    assert way_in(text) == way


@pytest.mark.parametrize(
    ("text", "raw", "power"),
    [
        ("%", "percent", 0), ("Percentage", "percent", 0), ("% of total", "percent", 0), ("No.", "count", 0), ("Number of cases", "count", 0),
        ("£", {"currency": "GBP"}, 0), ("£000", {"currency": "GBP"}, 3), ("£'000s", {"currency": "GBP"}, 3), ("£m", {"currency": "GBP"}, 6),
        ("€ million", {"currency": "EUR"}, 6), ("per 1,000 residents", {"rate_per": 1000}, 0), ("Rate per 100,000", {"rate_per": 100000}, 0),
        ("working days", "days", 0), ("hh:mm:ss", "duration", 0), ("tonnes", {"name": "tonnes"}, 0), ("Minutes", {"name": "Minutes"}, 0),
    ],
)  # fmt: skip
def test_the_ways_in_which_people_write_units(text: str, raw: object, power: int) -> None:
    read = unit_in(text)

    assert read is not None
    assert (read.raw, read.power) == (raw, power)


@pytest.mark.parametrize(
    ("text", "how", "numbers"),
    [
        ("90%", "", ("90%",)), (">= 90", "at_least", ("90",)), ("≥90%", "at_least", ("90%",)), ("at least 90", "at_least", ("90",)),
        ("90 or more", "at_least", ("90",)), ("90+", "at_least", ("90",)), ("<= 8 days", "at_most", ("8 days",)), ("No more than 8", "at_most", ("8",)),
        ("8 or fewer", "at_most", ("8",)), ("< 5", "less_than", ("5",)), ("Below 5%", "less_than", ("5%",)), ("> 5", "more_than", ("5",)),
        ("9-12%", "between", ("9", "12%")), ("between 9 and 12", "between", ("9", "12")), ("Improve on last year", "", ("Improve on last year",)),
        ("-3", "", ("-3",)), ("0 +/- 10", "", ("0 +/- 10",)), ("Top quartile", "", ("Top quartile",)),
    ],
)  # fmt: skip
def test_the_ways_in_which_people_write_targets(text: str, how: str, numbers: tuple[str, ...]) -> None:
    assert bound_in(text) == (how, numbers)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Monthly", "monthly"), ("Q", "quarterly"), ("Yearly", "annual"), ("6 monthly", "half-yearly"), ("Termly", "irregular"), ("often", "")],
)  # fmt: skip
def test_the_ways_in_which_people_say_how_often(text: str, name: str) -> None:
    assert frequency_in(text) == name


# The workbook to fill in.


@pytest.mark.parametrize("periods", ["months", "quarters", "years"])
def test_the_workbook_to_fill_in_is_read_as_it_is_filled_in(periods: str, tmp_path: Path, kpi: Kpi) -> None:
    assert kpi("template", "kpis.xlsx", "--periods", periods, "--as-of", DAY).code == 0
    book = openpyxl.load_workbook(tmp_path / "kpis.xlsx")
    filled, example = book["KPIs"], book["Example"]
    for column in range(1, example.max_column + 1):
        filled.cell(2, column).value = example.cell(2, column).value
    book.save(tmp_path / "filled.xlsx")

    assert kpi("init", "new", "--from", "kpis.xlsx").code == 2  # nobody has filled it in
    done = kpi("init", "new", "--from", "filled.xlsx", "--as-of", DAY)

    assert done.code == 0
    assert done.out.startswith(f"1 KPI with {example.max_column - 11} figures and 1 target.\n")
    assert len(done.out.splitlines()) == 2  # everything was taken, and lint finds nothing
    assert {finding.rule for finding in lint(tmp_path / "new", TODAY).findings} <= {"stale"}


def test_the_workbook_has_lists_to_choose_from_with_the_plans_own_names(tmp_path: Path, kpi: Kpi) -> None:
    kpi("init", "--as-of", DAY)
    kpi("template", "kpis.xlsx")
    lists = openpyxl.load_workbook(tmp_path / "kpis.xlsx")["KPIs"].data_validations.dataValidation
    choices = {str(item.sqref)[0]: item.formula1 for item in lists}

    assert choices["G"] == '"Higher,Lower,Neither"'
    assert "quarterly" in choices["H"]
    assert (choices["D"], choices["E"]) == ('"A service that people can rely on"', '"Head of Service"')


def test_the_workbook_is_the_same_on_the_same_day_and_written_over_nothing(tmp_path: Path, kpi: Kpi) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        kpi("template", name, "--as-of", DAY)

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert kpi("template", "one.xlsx").err == 'kpi: "one.xlsx" is there already. Nothing was written to it.\n'
    assert kpi("template", "one.csv").err == "kpi: A workbook's name ends with .xlsx. Write one.xlsx.\n"


# Next year's targets.


def council(folder: Path, kpi: Kpi) -> Path:
    listed(folder, "council-quarters.csv")
    kpi("init", "--from", "council-quarters.csv", "--as-of", DAY)
    return folder / "kpis/performance-indicators"


def write(folder: Path, rows: list[list[str]]) -> str:
    with (folder / "targets.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return "targets.csv"


def test_next_years_targets_come_for_all_kpis_at_once(tmp_path: Path, kpi: Kpi) -> None:
    place = council(tmp_path, kpi)
    table = write(
        tmp_path,
        [
            ["Ref", "KPI", "Target 2025/26", "Target 2026/27"],
            ["CS1", "Calls answered", "92%", "95%"],
            ["", "Complaints received", "100", ""],
            ["HR1", "", "under 8 days", ""],
            ["FIN1", "", "£98m", ""],
            ["ENV1", "", "To be set", "n/a"],
        ],
    )

    done = kpi("import", "--targets", table, "--as-of", DAY)

    assert (done.code, done.out.splitlines()[0], done.err) == (
        0,
        "6 targets in 5 files.",
        "kpi: Written to 5 files.\n",
    )
    lines = "\n".join(path.read_text(encoding="utf-8") for path in sorted(place.iterdir()))
    for line in (
        "{at_least: 92, from: 2025/26, source: council-quarters-csv}\n      - {at_least: 95, from: 2026/27,",
        "{at_most: 100, from: 2025/26,",
        "{less_than: 8, from: 2025/26,",
        "{at_least: 98000000, from: 2025/26, over: 12 months,",
        "{in_words: To be set, from: 2025/26,",
    ):
        assert f"      - {line}" in lines
    assert kpi("fmt", "--check").code == 0
    assert [finding for finding in lint(tmp_path, TODAY).findings if finding.severity == "error"] == []


@pytest.mark.parametrize(
    ("rows", "reported"),
    [
        ([["KPI", "Target"], ["CS1", "92%"]], "row 2, column B: Nothing says which year this target is for. Name the column by its year, such as Target 2026/27."),
        ([["KPI", "Target 2025/26"], ["CSX", "92%"]], 'row 2, column A: There is no KPI called "CSX".'),
        ([["KPI", "Q1 target"], ["CS1", "92%"]], "row 1: No column has targets for a year."),
        ([["KPI", "Target 2025/26"], ["CS1", "92"], ["Calls answered within 60 seconds", "93"]], '"calls-answered-within-60-seconds" has a target from 2025/26 already, in another row or column.'),
        ([["KPI", "Target 2025/26"], ["CS1", "920%"]], "by then: "),
        ([["KPI", "Target 2025/26"], ["CS1", "0.92"]], "row 2, column B: 0.92 looks like a fraction, because the other figures are per cents (88.2). Write 92, or 0.92% if it is right."),
        ([["KPI", "Target 2025/26"], ["FIN1", "98"]], 'row 2, column B: "98" can be £98 or £98m, because "council-tax-collected" is printed in millions. Write £98m, or £98 if it is right.'),
        ([["KPI", "Target 2025/26"], ["FIN1", "1.2.3"]], 'row 2, column B: "1.2.3" is not a number.'),
    ],
)  # fmt: skip
def test_a_target_that_can_not_be_taken_is_named_and_none_is_written(
    rows: list[list[str]], reported: str, tmp_path: Path, kpi: Kpi
) -> None:
    place = council(tmp_path, kpi)
    before = {path: path.read_bytes() for path in place.iterdir()}

    done = kpi("import", "--targets", write(tmp_path, rows), "--as-of", DAY)

    assert done.code == 1
    assert reported in done.out
    assert {path: path.read_bytes() for path in place.iterdir()} == before


def test_a_range_is_reported_as_the_file_has_it(tmp_path: Path, kpi: Kpi) -> None:
    begun(tmp_path, kpi, "Name,Polarity,Unit,2022/23\nAcidity,Neutral,ratio,8.1\n")
    table = write(tmp_path, [["KPI", "Target 2026/27"], ["Acidity", "7.6 - 8.3"]])

    done = kpi("import", "--targets", table, "--as-of", DAY, "--root", "new")

    assert "acidity/acidity: between: [7.6, 8.3], from: 2026/27\n" in done.out


def test_targets_are_begun_above_the_figures_and_the_same_ones_are_not_written_twice(
    tmp_path: Path, kpi: Kpi
) -> None:
    place = council(tmp_path, kpi) / "complaints-received.yaml"
    text = place.read_text(encoding="utf-8")
    place.write_text(
        text.replace("    targets:\n      - {at_most: 120, source: council-quarters-csv}\n", ""),
        encoding="utf-8",
    )
    table = write(tmp_path, [["KPI", "Target 2026/27"], ["CS2", "90"]])

    assert kpi("import", "--targets", table, "--as-of", DAY).code == 0
    assert (
        "  complaints-received:\n    targets:\n      - {at_most: 90, from: 2026/27}\n    observations:\n"
        in place.read_text(encoding="utf-8")
    )
    assert "has a target from 2026/27 already" in kpi("import", "--targets", table, "--as-of", DAY).out
