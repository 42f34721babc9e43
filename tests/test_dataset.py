"""All data as tables: each is what its description says, the whole is a Data Package, and SQL answers what boards ask."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from guides import DOCS, ROOT
from kpi.dataset.columns import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TABLES, Column, Table
from kpi.dataset.rows import organisation_id
from kpi.model.kpi import Observation
from kpi.store.repository import load
from running import Kpi
from small import PLAN as PLAN_TEXT
from small import edited, written

duckdb = pytest.importorskip("duckdb")

HOSPITAL = ROOT / "docs/examples/hospital"
PLAN = load(ROOT).plan.usable()
OWN = organisation_id(PLAN.organisation)
LARGE = [pytest.param(ROOT, id="real", marks=pytest.mark.long), pytest.param(HOSPITAL, id="hospital")]
FORMS = {
    INTEGER: r"-?\d+",
    NUMBER: r"-?\d+(\.\d+)?",
    DATE: r"\d{4}-\d\d-\d\d",
    BOOLEAN: "yes|no",
}


def table_text(table: Table) -> str:
    """A table's part of docs/data.md."""
    lines = [
        f"## {table.name}\n",
        f"{table.description} Key: {', '.join(f'`{name}`' for name in table.key)}.\n",
    ]
    lines += ["| Column | Kind | What it is |", "| --- | --- | --- |"]
    earlier = {column for other in TABLES[: TABLES.index(table)] for column in other.columns}
    lines += [
        f"| `{column.name}` | {column.type} | {'As above.' if column in earlier else column.description} |"
        for column in table.columns
    ]
    return "\n".join(lines) + "\n"


def test_the_document_names_every_column(golden: Callable[[Path, str], None]) -> None:
    path = DOCS / "data.md"
    head = path.read_text(encoding="utf-8").partition("\n## ")[0].rstrip("\n")

    golden(path, "\n".join([f"{head}\n", *map(table_text, TABLES)]))


Exported = dict[str, list[dict[str, str]]]


def read_tables(folder: Path) -> Exported:
    actual = {}
    for table in TABLES:
        with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            actual[table.name] = list(csv.DictReader(file))
    return actual


def exported(kpi: Kpi, root: Path, folder: Path, form: str = "tables") -> Path:
    done = kpi("--root", root, "export", "--format", form, "--output", folder)
    assert (done.code, done.out, done.err) == (0, "", "")
    return folder


@pytest.fixture(params=[ROOT, HOSPITAL, None], ids=["real", "hospital", "small"])
def tables(request: pytest.FixtureRequest, kpi: Kpi, tmp_path: Path) -> Exported:
    root = request.param or written(tmp_path / "small")
    return read_tables(exported(kpi, root, tmp_path / "tables"))


def test_every_value_is_of_its_column_s_type(tables: Exported) -> None:
    for table in TABLES:
        for row in tables[table.name]:
            assert list(row) == [column.name for column in table.columns]
            for column in table.columns:
                form = FORMS.get(column.type, ".*")
                assert re.fullmatch(form, row[column.name], re.DOTALL) or not row[column.name], (row, column)


def test_keys_name_one_row_and_every_reference_has_one(tables: Exported) -> None:
    for table in TABLES:
        keys = Counter(tuple(row[name] for name in table.key) for row in tables[table.name])
        assert not [key for key, count in keys.items() if count > 1], table.name
        for other in (other for other in TABLES if other.name in table.refers):
            known = {tuple(row[name] for name in other.key) for row in tables[other.name]}
            assert {tuple(row[name] for name in other.key) for row in tables[table.name]} <= known


def test_what_the_newest_judged_figure_says_is_the_measure_s_state(tables: Exported) -> None:
    deciding = {
        (row["kpi"], row["measure"], row["end"], row["state"])
        for row in tables["judgements"]
        if row["decides"] == "yes"
    }
    judged = [row for row in tables["measures"] if row["state"] in {"met", "not met", "missed", "near"}]

    assert judged or len(tables["measures"]) < 10
    for row in judged:
        states = {
            state for kpi, measure, _, state in deciding if (kpi, measure) == (row["kpi"], row["measure"])
        }
        assert row["state"] in states, row


def test_owners_are_named_alike_in_every_table(kpi: Kpi, tmp_path: Path) -> None:
    rows = read_tables(exported(kpi, HOSPITAL, tmp_path / "tables"))
    names = set(load(HOSPITAL).plan.usable().owners.values())

    assert {row["owner"] for row in rows["measures"]} == {row["owner"] for row in rows["kpis"]} <= names


def test_the_figures_can_be_imported_again_as_they_were(kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "small")
    folder = exported(kpi, root, tmp_path / "tables")
    before = {path: path.read_bytes() for path in (root / "kpis").rglob("*.yaml")}
    done = kpi("--root", root, "import", folder / "figures.csv")

    assert done.code == 0, done
    assert before == {path: path.read_bytes() for path in (root / "kpis").rglob("*.yaml")}


def test_a_figure_that_was_taken_out_comes_back(kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "small")
    path = root / "kpis/reading/loans.yaml"
    whole = path.read_text(encoding="utf-8")
    folder = exported(kpi, root, tmp_path / "tables")
    path.write_text(re.sub(r"\n +2022/23:[^\n]*", "", whole, count=1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != whole

    assert kpi("--root", root, "import", folder / "figures.csv").code == 0
    assert path.read_text(encoding="utf-8") == whole


def figures_of(root: Path) -> dict[tuple[str, ...], Observation]:
    """Every figure that stands in a file, by its KPI, measure, area and period."""
    return {
        (kpi.id, measure.id, area, figure.period.text): figure
        for kpi in load(root).kpis
        for measure in kpi.measures
        for area, series in (("", measure.observations), *measure.peers.items())
        for figure in series
        if measure.derived is None
    }


@pytest.mark.parametrize("repository", LARGE)
def test_all_figures_but_the_first_of_each_measure_come_back(
    repository: Path, kpi: Kpi, tmp_path: Path
) -> None:
    root = tmp_path / "copy"
    shutil.copytree(repository / "kpis", root / "kpis")
    before = figures_of(root)
    folder = exported(kpi, root, tmp_path / "tables")
    for path in root.glob("kpis/*/*.yaml"):
        text = path.read_text(encoding="utf-8")
        first = re.compile(r"^( *)observations:\n(\1  +)\S.*\n(?:\2 .*\n)*((?:\2.*\n)+)", re.MULTILINE)
        path.write_text(first.sub(lambda actual: actual[0].removesuffix(actual[3]), text), encoding="utf-8")
    assert len(figures_of(root)) < len(before) - 150

    assert kpi("--root", root, "import", folder / "figures.csv").code == 0
    assert figures_of(root) == before


def test_a_text_is_no_formula_and_a_number_is_no_text(kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "small")
    path = root / "kpis/reading/loans.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(edited(text, "title: Loans", "title: =1+1 Loans"), encoding="utf-8")
    actual = read_tables(exported(kpi, root, tmp_path / "tables"))

    assert [row["title"][:2] for row in actual["kpis"] if row["kpi"] == "loans"] == ["'="]
    assert not [row for row in actual["figures"] if row["value"].startswith("'")]


def test_the_package_names_the_files_with_their_types_keys_and_sources(kpi: Kpi, tmp_path: Path) -> None:
    folder = exported(kpi, ROOT, tmp_path / "tables")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))

    assert package["name"] == OWN
    assert [resource["path"] for resource in package["resources"]] == [
        f"{table.name}.csv" for table in TABLES
    ]
    assert {path.name for path in folder.iterdir()} == {
        "datapackage.json", *(f"{table.name}.csv" for table in TABLES)
    }  # fmt: skip
    assert ("licenses" in package) == bool(PLAN.licence)
    assert package["sources"][0]["title"] == next(iter(PLAN.sources.values())).title


@pytest.mark.parametrize("root", LARGE)
def test_parquet_holds_what_the_csv_holds(root: Path, kpi: Kpi, tmp_path: Path) -> None:
    expected = read_tables(exported(kpi, root, tmp_path / "tables"))
    folder = exported(kpi, root, tmp_path / "parquet", "parquet")

    for table in TABLES:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        files = f"read_parquet('{folder}/{table.name}/**/*.parquet', hive_partitioning = true)"
        rows = duckdb.execute(f"SELECT {names} FROM {files}").fetchall()  # noqa: S608 our own names
        cells = [
            tuple(as_csv(value, column) for value, column in zip(row, table.columns, strict=True))
            for row in rows
        ]
        numbers = {column.name for column in table.columns if column.type in {NUMBER, INTEGER}}
        assert Counter(cells) == Counter(
            tuple(plain_number(text) if text and name in numbers else text for name, text in row.items())
            for row in expected[table.name]
        )


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("licence: OGL-UK-3.0", {"name": "OGL-UK-3.0"}),
        (
            "licence: {title: Our terms, url: 'https://example.org/terms'}",
            {"title": "Our terms", "path": "https://example.org/terms"},
        ),
    ],
)
def test_the_plan_s_licence_and_publisher_are_the_package_s(
    licence: str, expected: dict[str, str], kpi: Kpi, tmp_path: Path
) -> None:
    root = written(tmp_path / "small", plan=f"publisher: The council\n{licence}\n{PLAN_TEXT}")
    package = json.loads((exported(kpi, root, tmp_path / "tables") / "datapackage.json").read_text("utf-8"))
    cover = openpyxl.load_workbook(exported(kpi, root, tmp_path / "all.xlsx", "xlsx"))["cover"]

    assert package["licenses"] == [expected]
    assert package["contributors"] == [{"title": "The council", "roles": ["publisher"]}]
    assert [cell.value for cell in cover["A"]][-2:] == [
        "Published by: The council",
        f"Licence: {' '.join(expected.values())}",
    ]


@pytest.mark.parametrize("form", ["tables", "parquet"])
def test_an_earlier_export_is_replaced_whole(form: str, kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "small")
    folder = exported(kpi, root, tmp_path / "tables", form)
    (folder / "left.csv").write_text("left", encoding="utf-8")
    exported(kpi, root, folder, form)

    assert not (folder / "left.csv").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
@pytest.mark.parametrize("form", ["tables", "parquet"])
def test_a_disk_that_takes_no_more_is_told_and_leaves_nothing(form: str, tmp_path: Path) -> None:
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600));"
        "from kpi.__main__ import main; sys.exit(main())"
    )
    root = written(tmp_path / "small")
    command = [
        sys.executable,
        "-c",
        limited,
        "--root",
        str(root),
        "export",
        "--format",
        form,
        "--output",
        "out",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("kpi: out can't be written")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


@pytest.mark.parametrize("form", ["tables", "parquet"])
def test_somebody_else_s_folder_stays(form: str, kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "small")
    done = kpi("--root", root, "export", "--format", form, "--output", root / "kpis")

    assert done.code == 2
    assert "holds something else. Nothing was written" in done.err
    assert (root / "kpis/reading/loans.yaml").exists()


@pytest.mark.parametrize("form", ["tables", "parquet"])
def test_somebody_else_s_data_package_stays(form: str, kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "small")
    written(
        tmp_path / "data", {"datapackage.json": '{"resources": [{"name": "kpis", "path": "kpis.csv"}]}\n'}
    )
    done = kpi("--root", root, "export", "--format", form, "--output", tmp_path / "data")

    assert done.code == 2
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["datapackage.json"]


@pytest.mark.parametrize("form", ["tables", "parquet", "xlsx"])
def test_without_a_folder_it_says_what_to_add(form: str, kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path)
    done = kpi("export", "--format", form)

    assert (done.code, done.out) == (2, "")
    assert f"--format {form} writes" in done.err
    assert "--output F" in done.err


def test_without_duckdb_it_says_what_to_install(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    written(tmp_path)
    done = kpi("export", "--format", "parquet", "--output", "out")

    assert done.code == 2
    assert "pip install duckdb" in done.err
    assert not (tmp_path / "out").exists()


OPTIONAL = {"duckdb", "pypandoc", "resvg_py", "xlsxwriter"}


IMPORTING = [
    (["lint"], set()),
    (["build"], set()),
    (["paper", "--output", "paper.md"], set()),
    (["export", "--output", "out.csv"], set()),
    (["export", "--format", "tables", "--output", "tables"], set()),
    (["export", "--format", "xlsx", "--output", "out.xlsx"], {"xlsxwriter"}),
    (["export", "--format", "parquet", "--output", "parquet"], {"duckdb"}),
]
"""Commands, and what each imports beside what those before it have."""
IN_TURN = """
import json, sys
from kpi.__main__ import run
there, commands, packages = set(), *json.loads(sys.argv[1])
for command in commands:
    code = run(["-q", *command])
    new = {*packages} & sys.modules.keys() - there
    there |= new
    print(json.dumps([code, sorted(new)]), file=sys.stderr)
"""


def test_a_package_is_imported_only_by_the_command_that_needs_it(tmp_path: Path) -> None:
    written(tmp_path)
    given = json.dumps([[command for command, _ in IMPORTING], sorted(OPTIONAL)])
    command = [sys.executable, "-c", IN_TURN, given]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)

    assert [json.loads(line) for line in done.stderr.splitlines()] == [[0, [*used]] for _, used in IMPORTING]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("West Midlands Police", "west-midlands-police"),
        ("Comhairle nan Eilean Siar", "comhairle-nan-eilean-siar"),
        ("Cyngor Môn", "cyngor-mon"),
        ("Riverside (an example)", "riverside"),
        ("東京", "organisation"),
    ],
)
def test_an_organisation_s_id_is_its_name_in_small_letters(name: str, expected: str) -> None:
    assert organisation_id(name) == expected


# A workbook for people.


@pytest.mark.parametrize("root", LARGE)
def test_two_other_libraries_read_the_tables_of_the_workbook(root: Path, kpi: Kpi, tmp_path: Path) -> None:
    expected = read_tables(exported(kpi, root, tmp_path / "tables"))
    path = exported(kpi, root, tmp_path / "all.xlsx", "xlsx")
    by_openpyxl = openpyxl.load_workbook(path)
    by_calamine = CalamineWorkbook.from_path(path)

    assert (
        by_openpyxl.sheetnames
        == by_calamine.sheet_names
        == ["cover", "contents", "columns", *(table.name for table in TABLES)]
    )
    for table in TABLES:
        rows = [
            [
                plain_number(row[column.name])
                if column.type in {NUMBER, INTEGER} and row[column.name]
                else row[column.name]
                for column in table.columns
            ]
            for row in expected[table.name]
        ]
        heads = [column.name for column in table.columns]
        cells = [list(row) for row in by_openpyxl[table.name].iter_rows(min_row=4, values_only=True)]
        others = by_calamine.get_sheet_by_name(table.name).to_python(skip_empty_area=False)[3:]
        for item in (cells, others):
            texts = [
                [as_csv(cell, column) for cell, column in zip(row, table.columns, strict=True)]
                for row in item[1:]
            ]
            assert item[0] == heads
            assert [row for row in texts if any(row)] == rows


def plain_number(text: str) -> str:
    """A number without the noughts that a workbook's number has not."""
    return str(float(text))


def as_csv(cell: object, column: Column) -> str:
    """A value from a workbook or Parquet as the CSV has it."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, int | float | Decimal):
        assert column.type in {NUMBER, INTEGER}, (cell, column)
        return plain_number(str(cell))
    assert column.type in {STRING, BOOLEAN}, (cell, column)
    return str(cell)


def test_a_sheet_has_a_title_a_line_and_one_table_with_frozen_headings(kpi: Kpi, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(kpi, HOSPITAL, tmp_path / "all.xlsx", "xlsx"))

    assert book["cover"]["A1"].value.startswith("University Hospitals Birmingham")
    for table in TABLES:
        sheet = book[table.name]
        assert sheet["A1"].value == table.description
        assert [item.ref.split(":")[0] for item in sheet.tables.values()] == ["A4"]
        assert sheet.freeze_panes == "A5"
        assert not sheet.merged_cells.ranges
        assert [marked.autoFilter for marked in sheet.tables.values()] == [None]
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.comment]
        assert {cell.font.name for row in sheet.iter_rows() for cell in row} == {"Arial"}
        link = book["contents"].cell(TABLES.index(table) + 6, 1)
        assert link.hyperlink is not None
        assert (link.value, link.hyperlink.location) == (table.name, f"'{table.name}'!A1")
    said = list(book["columns"].iter_rows(min_row=5, values_only=True))
    assert said == [
        (table.name, column.name, column.type, column.description)
        for table in TABLES
        for column in table.columns
    ]


def test_the_same_figures_are_the_same_workbook(kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "small")
    first, second = (exported(kpi, root, tmp_path / name, "xlsx") for name in ("1.xlsx", "2.xlsx"))

    assert first.read_bytes() == second.read_bytes()


def test_a_text_in_the_workbook_is_no_formula(kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "small")
    path = root / "kpis/reading/loans.yaml"
    path.write_text(
        edited(path.read_text(encoding="utf-8"), "title: Loans", 'title: "=1+1"'), encoding="utf-8"
    )
    book = openpyxl.load_workbook(exported(kpi, root, tmp_path / "all.xlsx", "xlsx"))

    cells = [cell for row in book["kpis"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"] or [cell.quotePrefix for cell in cells] == [True]
