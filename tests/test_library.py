"""`kpi.load`: what other programs may use, and that nobody pays for it who doesn't."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, get_type_hints

import pytest

import kpi
from guides import DOCS, ROOT
from kpi import library
from kpi.dataset.columns import DATE, NUMBER, TABLES
from kpi.store.repository import load as read
from running import Kpi
from small import written

HOSPITAL = ROOT / "docs/examples/hospital"
RECORDS = (kpi.Kpi, kpi.Measure, kpi.Figure, kpi.Target)


@pytest.fixture(scope="module")
def hospital() -> kpi.Framework:
    return kpi.load(HOSPITAL)


def test_a_repository_is_read_and_judged(hospital: kpi.Framework) -> None:
    waits = hospital["four-hours"]
    measure = waits.measures[0]

    assert (hospital.title, hospital.day, len(hospital.kpis)) == (
        "Example of an A&E plan",
        date(2019, 5, 14),
        5,
    )
    assert (waits.priority, waits.owner, waits.status) == ("waits", "Chief Operating Officer", "not met")
    assert (measure.kpi, measure.id, measure.unit, measure.better) == (
        "four-hours",
        "rrk",
        "percent",
        "higher",
    )
    assert measure.figures[-1] == kpi.Figure("2019-03", date(2019, 3, 1), date(2019, 3, 31), Decimal("66.7"))
    assert measure.judged == measure.figures[-1]
    assert (measure.status, measure.colour) == ("not met", "red")
    assert measure.targets == (kpi.Target("at_least", Decimal(95), None, "at least 95%"),)
    assert measure.figures[27].marks == ("break",)


def test_everything_that_the_files_hold_is_there(hospital: kpi.Framework) -> None:
    here = {item.id: item for item in read(HOSPITAL).kpis}

    assert [item.id for item in hospital.kpis] == [
        "four-hours",
        "four-hours-by-year",
        "attendances",
        "admissions",
        "over-four-hours",
    ]
    for item in hospital.kpis:
        assert [measure.id for measure in item.measures] == [measure.id for measure in here[item.id].measures]
        for measure, there in zip(item.measures, here[item.id].measures, strict=True):
            assert [figure.value for figure in measure.figures] == [
                figure.value for figure in there.observations
            ]


def test_statuses_are_those_of_the_command(hospital: kpi.Framework, kpi: Kpi) -> None:
    output = kpi("--root", HOSPITAL, "list").out

    for item in hospital.kpis:
        (line,) = [line for line in output.splitlines() if line.startswith(f"{item.id} ")]
        assert re.match(rf"{item.id} +{item.status}", line, re.IGNORECASE)


def test_nothing_can_be_changed(hospital: kpi.Framework) -> None:
    measure = hospital.kpis[0].measures[0]
    with pytest.raises(AttributeError):
        hospital.title = "Another"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        measure.status = "met"  # type: ignore[misc]
    with pytest.raises(TypeError):
        measure.peers["other"] = ()  # type: ignore[index]


def test_a_kpi_is_found_by_its_id_and_by_its_code(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "kpis/people/satisfaction.yaml").write_text(
        "code: P1\n" + (tmp_path / "kpis/people/satisfaction.yaml").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    loaded = kpi.load(tmp_path / "kpis/people")

    assert loaded["P1"] is loaded["satisfaction"]
    with pytest.raises(KeyError):
        loaded["zzz"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_rows_are_those_of_the_tables_for_analysis(table: object, hospital: kpi.Framework) -> None:
    columns = {column.name: column.type for column in table.columns}  # type: ignore[attr-defined]
    rows = list(hospital.rows(table.name))  # type: ignore[attr-defined]

    assert rows
    for row in rows:
        assert [*row] == [*columns]
        for name, value in row.items():
            assert not isinstance(value, Decimal)
            assert columns[name] != NUMBER or value is None or isinstance(value, float | int)
            assert columns[name] != DATE or value is None or isinstance(value, date)
    with pytest.raises(KeyError):
        next(hospital.rows("zzz"))


def test_another_day_can_be_asked_for() -> None:
    assert kpi.load(HOSPITAL, date(2018, 1, 31)).kpis[0].measures[0].figures[-1].period == "2018-01"


@pytest.mark.parametrize(
    ("spoil", "reported"),
    [
        (
            lambda root: (root / "kpis/plan.yaml").unlink(),
            "kpis/plan.yaml is not there yet. kpi init writes one.",
        ),
        (
            lambda root: (root / "kpis/people/pay.yaml").write_text("a: [\n"),
            "There are errors in kpis/people/pay.yaml, kpis/plan.yaml.",
        ),
        (lambda root: (root / "kpis").rename(root / "other"), "There is no kpis/ folder in "),
    ],
    ids=["no plan", "a broken file", "no repository"],
)
def test_what_can_not_be_used_is_one_error_with_a_sentence(
    spoil: Callable[[Path], object], reported: str, tmp_path: Path
) -> None:
    written(tmp_path)
    spoil(tmp_path)

    with pytest.raises(kpi.Error) as raised:
        kpi.load(tmp_path)
    assert str(raised.value).startswith(reported[:22])


def test_the_document_names_every_promised_name_and_field() -> None:
    text = (DOCS / "library.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `kpi\.(\w+)[^|]*\| (.*) \|$", text, re.MULTILINE))

    assert (
        {*rows}
        == {*library.__all__}
        == {
            name for name in dir(kpi) if name[0] != "_" and hasattr(library, name) and name in library.__all__
        }
    )
    for record in RECORDS:
        assert re.findall(r"`(\w+)`", rows[record.__name__]) == [*get_type_hints(record)]
        assert issubclass(record, tuple)
        assert record.__doc__


def test_every_public_thing_says_what_it_is() -> None:
    for name in library.__all__:
        assert getattr(kpi, name).__doc__, name
        assert getattr(kpi, name) is getattr(library, name)
    for record in (kpi.Measure, kpi.Figure, kpi.Target):
        assert [field for field in get_type_hints(record) if f"`{field}`" not in (record.__doc__ or "")] == []


def test_the_python_in_the_document_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "library.md").read_text(encoding="utf-8"), re.DOTALL)
    frames: list[list[dict[str, object]]] = []

    class Frames(NamedTuple):
        """Stands for pandas and polars, which take rows as dicts."""

        @staticmethod
        def DataFrame(rows: object) -> None:  # noqa: N802
            frames.append(list(rows))  # type: ignore[call-overload]

    for name in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, name, Frames)
    known: dict[str, object] = {}
    for block in blocks:
        exec(block.replace("path/to/the/repository", HOSPITAL.as_posix()), known)  # noqa: S102

    assert [bool(rows) for rows in frames] == [True, True]


def test_the_command_does_not_pay_for_it() -> None:
    code = "import sys, kpi.__main__; kpi.__main__.run(['--version']); print([name for name in sys.modules if name in ('kpi.library', 'kpi.dataset', 'importlib.metadata')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
