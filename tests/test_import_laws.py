"""What is exported can be imported: it changes nothing, and it brings back what was taken out."""

import csv
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from kpi.judge.judgement import judge
from kpi.lint.engine import lint
from kpi.lint.importing import Days, Imported, import_table, places_to_fix, propose_figures
from kpi.model.errors import UserError
from kpi.model.finding import ERROR
from kpi.model.kpi import Observation
from kpi.model.quantity import plain, rounded
from kpi.model.text import HIDDEN
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages.formats import figures_csv
from kpi.store.edit import Edit, applied, replace_files
from kpi.store.reader import read
from kpi.store.repository import Repository, load
from kpi.store.tables import Sheet, Tables
from kpi.store.tables.table_file import read_tables
from small import FILES, written
from trials import trials
from workbooks import MONTH, Cell, Number, packed, parts, sheet

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 26)


def exported(root: Path) -> Path:
    """Everything as CSV, in a file beside the figures."""
    repository = load(root)
    assert repository.plan.plan is not None
    table = root / "figures.csv"
    table.write_text(
        figures_csv(judge(repository.plan.plan, repository.kpis, DAY)), encoding="utf-8", newline="\n"
    )
    return table


def imported(root: Path, table: Path) -> Imported:
    """The table read and, where nothing is wrong with it, written."""
    actual = import_table(root, "figures", read_tables(table), Days(DAY))
    assert places_to_fix(actual) == ()
    replace_files(root, actual.files)
    return actual


def without_figures(root: Path) -> None:
    """Take every figure out of the files, the own area's and the peers'."""
    for path in sorted((root / "kpis").glob("*/*.yaml")):
        document = read(path.read_bytes())
        edits = []
        for name, measure in (document.values or {}).get("measures", {}).items():
            if "observations" in measure:
                span = document.span(("measures", name, "observations"))
                edits.append(Edit(span.start, span.stop, "{}"))
            if "peers" in measure:
                start = document.text.rfind(
                    "\n", 0, document.span(("measures", name, "peers"), on_key=True).start
                )
                edits.append(Edit(start, document.span(("measures", name, "peers")).stop, ""))
        path.write_text(applied(document.text, edits), encoding="utf-8", newline="\n")


def figures(repository: Repository) -> dict[tuple[str, ...], list[Observation]]:
    """Everything that is said of every figure, by KPI, measure and area; a note's words on one line, as an export has them.

    Of the period's text and the numbers, what they mean counts.
    """
    return {
        (kpi.id, measure.id, area): [
            item._replace(period=item.period._replace(text=""), key="", note=" ".join(item.note.split()))
            for item in series
        ]
        for kpi in repository.kpis
        for measure in kpi.measures
        for area, series in (("", measure.observations), *measure.peers.items())
    }


def holds(root: Path, kept_as: Callable[[Path], Path] = lambda table: table) -> None:
    """Both laws, for a repository that may be changed, and a table in the form that it is kept in."""
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    there = figures(load(root))
    table = kept_as(exported(root))
    same = imported(root, table)

    assert same.files == {}
    assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before

    without_figures(root)
    imported(root, table)
    back = figures(load(root))

    assert {name: series for name, series in back.items() if series} == {
        name: series for name, series in there.items() if series
    }


def test_a_repository_with_shares_and_assessments_comes_back(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/pages/kpis", tmp_path / "kpis")
    there = [item for series in figures(load(tmp_path)).values() for item in series]

    assert any(item.assessment for item in there)
    assert any(item.numerator for item in there)
    holds(tmp_path)


def test_the_small_repository_comes_back(tmp_path: Path) -> None:
    holds(written(tmp_path))


def test_an_export_that_excel_has_kept_as_a_workbook_changes_nothing(tmp_path: Path) -> None:
    """Numbers lose the noughts after the point; months become days shown as months."""
    root = written(tmp_path)
    rows = [
        line.split(",") for line in exported(root).read_text(encoding="utf-8").splitlines() if '"' not in line
    ]
    cells: list[list[Cell]] = [[_as_excel(cell) for cell in row] for row in rows]
    (root / "figures.xlsx").write_bytes(packed(parts({"figures": sheet(cells)})))

    assert imported(root, root / "figures.xlsx").files == {}


def as_workbook(table: Path) -> Path:
    """A table as a person's workbook has it, written by another library: numbers as numbers, months as days shown as months."""
    with table.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    path = table.with_suffix(".xlsx")
    book = xlsxwriter.Workbook(path)
    month = book.add_format({"num_format": "mmm yyyy"})
    sheet = book.add_worksheet("Figures")
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            if re.fullmatch(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])", cell):
                sheet.write_datetime(row, column, datetime.fromisoformat(f"{cell}-01"), month)
            elif re.fullmatch(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?", cell) and len(cell) < 16:
                sheet.write_number(row, column, float(cell))
            else:
                sheet.write_string(row, column, cell)
    book.close()
    return path


@pytest.mark.parametrize("content", ["tests/pages/kpis", pytest.param("kpis", marks=pytest.mark.long)])
def test_what_is_exported_into_a_workbook_comes_back_from_it(tmp_path: Path, content: str) -> None:
    shutil.copytree(ROOT / content, tmp_path / "kpis")
    holds(tmp_path, as_workbook)


def test_the_small_repository_comes_back_from_a_workbook(tmp_path: Path) -> None:
    holds(written(tmp_path), as_workbook)


def _as_excel(cell: str) -> Cell:
    """What Excel makes of a cell of a CSV file."""
    if re.fullmatch("[0-9]{4}-[0-9]{2}", cell):
        return Number(str((date.fromisoformat(f"{cell}-01") - date(1899, 12, 30)).days), MONTH)
    with suppress(ValueError):
        return float(cell)
    return cell


# Any figures.

PERIODS = [
    "2019",
    "2020/21",
    "2021/22",
    "2022-03",
    "2022-Q3",
    "2023/24 Q1",
    "12 months to 2024-06",
    "2024-01-31",
    "2019 to 2021",
]
UNITS: dict[str, st.SearchStrategy[str]] = {
    "count": st.integers(0, 10**14).map(str),
    "percent": st.decimals(0, 100, places=2).map(lambda each: f"{each:f}"),
    "ratio": st.decimals(-(10**6), 10**6, places=3).map(lambda each: f"{each:f}"),
    "duration": st.tuples(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59), st.sampled_from(["", ".5", ".250"])).map(
        lambda each: f"{each[0]}h{each[1]:02d}m{each[2]:02d}{each[3]}s"
    ),
    "days": st.integers(0, 999).map(str),
    "{currency: GBP}": st.decimals(-(10**6), 10**6, places=2).map(lambda each: f"{each:f}"),
    "{rate_per: 1000}": st.decimals(0, 10**3, places=1).map(lambda each: f"{each:f}"),
    '{name: "=kg, a m²"}': st.integers(0, 99).map(str),
}  # fmt: skip
NOTES = st.text(st.sampled_from("ab1 ,;:'\"=+-@#£–é\n＝|{}[]%"), max_size=20).filter(str.strip)
BESIDE = [mark.name for mark in MARKS.values() if not mark.without_value and not mark.needs_note]
WITHOUT = sorted(WITHOUT_VALUE)


SCALES = {"percent": 100, "ratio": 1, "{rate_per: 1000}": 1000}
"""The units that a share can be in, and what its numerator divided by its denominator is multiplied by."""


@st.composite
def shares(draw: st.DrawFn, unit: str) -> tuple[str, ...]:
    """A share with what it was made from."""
    places = draw(st.integers(0, 3))
    low, high = (0, 1) if unit == "percent" else (-3, 3)
    whole = draw(st.decimals("0.01", 10**9, places=2))
    part = rounded(Fraction(whole) * draw(st.fractions(low, high, max_denominator=999)), 2)
    if unit == "percent":
        part = min(part, whole)
    value = rounded(Fraction(part) * SCALES[unit] / Fraction(whole), places)
    return f"value: {plain(value)}", f"numerator: {plain(part)}", f"denominator: {plain(whole)}"


@st.composite
def figure(draw: st.DrawFn, unit: str, *, alone: bool) -> str:
    """A figure in brackets, its fields in any order; only one that is `alone` is a forecast, because no real one follows it."""
    beside = [mark for mark in BESIDE if alone or mark != "forecast"]
    marks = draw(st.lists(st.sampled_from(beside), max_size=2, unique=True))
    assessment = f"assessment: {draw(st.sampled_from(['met', 'near', 'missed']))}"
    what = draw(st.sampled_from(["value", "value", "value", "share", "assessed", "both", "none"]))
    fields: Sequence[str]
    if what == "none":
        fields, marks = (), [draw(st.sampled_from(WITHOUT))]
    elif what == "share" and unit in SCALES:
        fields = draw(shares(unit))
    elif what == "assessed":
        fields = (assessment,)
    else:
        fields = (f"value: {draw(UNITS[unit])}", *((assessment,) if what == "both" else ()))
    more = [*fields, *([f"marks: [{', '.join(marks)}]"] if marks else [])]
    if draw(st.booleans()):
        more.append(f"note: {json.dumps(draw(NOTES), ensure_ascii=False)}")
    return f"{{{', '.join(draw(st.permutations(more)))}}}"


@st.composite
def series(draw: st.DrawFn, unit: str, indent: str) -> str:
    periods = draw(st.lists(st.sampled_from(PERIODS), min_size=1, max_size=5, unique=True))
    return "".join(
        f"{indent}{period}: {draw(figure(unit, alone=len(periods) == 1))}\n" for period in sorted(periods)
    )


@st.composite
def kpi_files(draw: st.DrawFn) -> Mapping[str, str]:
    """The small repository with other figures in two of its files."""
    made = dict(FILES)
    for place in ("kpis/reading/loans.yaml", "kpis/reading/visits.yaml"):
        made[place] = (
            f"title: Some figures\ndefinition: {Path(place).stem} that are made up.\nbetter: higher\nmeasures:\n"
        )
        for name in ("one", "two"):
            unit = draw(st.sampled_from(sorted(UNITS)))
            kind = draw(st.sampled_from(["average", "snapshot"]))
            made[place] += (
                f"  {name}:\n    title: Measure {name}\n    unit: {unit}\n    kind: {kind}\n    observations:\n"
            )
            made[place] += draw(series(unit, "      "))
            if draw(st.booleans()):
                made[place] += f"    peers:\n      hillside:\n{draw(series(unit, '        '))}"
    hours = made["kpis/reading/opening-hours.yaml"]
    made["kpis/reading/opening-hours.yaml"] = hours.replace("also_shows: [loans/books]\n", "")
    return made


@trials(25, suppress_health_check=[HealthCheck.too_slow])
@given(kpi_files())
def test_any_figures_come_back(files: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = written(Path(folder), files)
        assume(all(finding.severity != ERROR for finding in lint(root, DAY).findings))
        holds(root)


# Any cells.

CELLS = [
    "", " ", "kpi", "loans", "loans/books", "books", "LOANS", "visits", "staff", "cost", "satisfaction", "waiting", "hillside", "riverside", "2022/23",
    "2023/24", "Jan 24", "FY24", "Total", "12 months to 2023-03", "2024-02-30", "45292", "5", "-5", "0", "4900", "67%", "0.67", "£5", "1,234", "9,5",
    "1e400", "nan", "inf", "9" * 40, "0" * 40 + "1", "n/a", "-", "95 [p]", "2m18s", "0:02:18", "99:99:99", "138", "#N/A", "=1+1", "'=1", "provisional",
    "provisional;break", "suppressed", "met", "Met", "114/214", "duration", "count", "\u202e", "\0", "é", "x" * 300, "{marks: [a]}", "a: b # c", '"', "\n",
]  # fmt: skip
HEADINGS = [
    "kpi",
    "measure",
    "area",
    "period",
    "value",
    "marks",
    "note",
    "assessment",
    "numerator",
    "denominator",
    "unit",
    "2022/23",
    "2024-25",
    "Jan 24",
    "",
    "Values",
]


@trials(150)
@given(
    st.lists(st.sampled_from(HEADINGS), max_size=8),
    st.lists(st.lists(st.sampled_from(CELLS) | st.text(max_size=5), max_size=9), max_size=5),
    st.booleans(),
)
def test_whatever_stands_in_a_table_it_is_read_or_told(
    small: Path, heading: list[str], rows: list[list[str]], replace: bool
) -> None:
    table = Tables((Sheet("", (("kpi", *heading), *map(tuple, rows))),))
    with suppress(UserError):
        actual = import_table(small, '"table"', table, Days(DAY), replace=replace)
        lines = propose_figures(actual, "table").lines

        assert lines
        assert not any(map(HIDDEN.search, lines))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small repository, into which nothing is written."""
    return written(tmp_path_factory.mktemp("small"))
