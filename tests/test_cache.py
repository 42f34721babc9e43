"""What lint keeps from one run to the next makes it faster and changes nothing else."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from kpi.lint.changes import lint_trial
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.rules.rule import Rule
from kpi.store.paths import PLAN, KpiPath, own_file
from kpi.store.repository import THE_DISK, KpiFile, Overlay, kpi_from
from running import Kpi
from small import FILES, edited, written
from test_cli import kpi as started
from test_rules import NAMES, SHOWN, example
from trials import FUZZING, trials

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 23)
LOANS = "kpis/reading/loans.yaml"


def both_ways(root: Path, today: date = TODAY) -> Report:
    """What lint says, having made sure that it says the same with what is kept, and with what it keeps then."""
    plain = lint(root, today)
    assert lint(root, today, cached=True) == plain
    assert lint(root, today, cached=True) == plain
    return plain


def kept_in(root: Path) -> Path:
    """The file in which it is kept."""
    file = own_file(root, "lint")
    assert file is not None
    return file


def read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, today: date = TODAY, overlay: Overlay = THE_DISK
) -> list[str]:
    """The KPI files that a run with the cache reads as YAML."""
    read: list[str] = []

    def noted(data: bytes, place: KpiPath, year_starts: int) -> KpiFile:
        read.append(place.path)
        return kpi_from(data, place, year_starts)

    with monkeypatch.context() as patched:
        patched.setattr("kpi.lint.checker.kpi_from", noted)
        lint(root, today, overlay, cached=True)
    return read


def test_the_real_content_is_told_alike_with_and_without_it() -> None:
    assert both_ways(ROOT).paths


@pytest.mark.parametrize("kind", ["bad", pytest.param("good", marks=pytest.mark.long)])
@pytest.mark.parametrize("rule", SHOWN, ids=NAMES)
def test_every_rules_example_is_told_alike_with_and_without_it(rule: Rule, kind: str, tmp_path: Path) -> None:
    both_ways(example(tmp_path, rule.name, kind))


lines = st.sampled_from(
    [
        "    # kpi: ignore[outlier-jump] counted twice\n",
        "      2024-03: 91%\n",
        "      2031-03: 4\n",
        "titel: Loans\n",
        "\ttab\n",
        "also_shows: [visits/nothing]\n",
        "[\n",
        "",
    ]
)
changes = st.lists(
    st.tuples(st.sampled_from(sorted(FILES)), st.integers(0, 30), st.booleans(), lines),
    min_size=1,
    max_size=4,
)


@trials(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes)
def test_whatever_is_changed_it_is_told_alike_with_and_without_it(
    tmp_path: Path, edits: list[tuple[str, int, bool, str]]
) -> None:
    shutil.rmtree(tmp_path / "kpis", ignore_errors=True)
    root = written(tmp_path)
    both_ways(root)
    for path, number, takes_out, line in edits:
        text = (root / path).read_text(encoding="utf-8").splitlines(keepends=True)
        text[number : number + takes_out] = [line]
        (root / path).write_text("".join(text), encoding="utf-8")
        both_ways(root)


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path)

    assert len(read_again(root, monkeypatch)) == len(FILES) - 1
    assert read_again(root, monkeypatch) == []


def test_of_files_that_are_tried_only_these_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path)
    files = {LOANS: edited(FILES[LOANS], "2021/22: 5200", "2021/22: 5x").encode()}
    lint(root, TODAY, cached=True)
    report = lint(root, TODAY, files)

    assert read_again(root, monkeypatch, overlay=files) == [LOANS]
    assert lint(root, TODAY, files, cached=True) == report
    assert both_ways(root) != report
    trial = lint_trial(root, TODAY, {LOANS: (None, files[LOANS])})
    assert [error.rule for error in trial.errors] == ["not-a-number"]


def test_nothing_is_kept_under_a_plan_that_is_only_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = written(tmp_path)
    lint(root, TODAY, cached=True)
    before = kept_in(root).read_bytes()
    lint(root, TODAY, {PLAN: edited(FILES[PLAN], "area: riverside", "area: elsewhere").encode()}, cached=True)

    assert kept_in(root).read_bytes() == before
    assert read_again(root, monkeypatch) == []


def test_a_changed_file_is_read_again_though_its_size_and_time_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = written(tmp_path)
    lint(root, TODAY, cached=True)
    before = (root / LOANS).stat()
    (root / LOANS).write_text(edited(FILES[LOANS], "2021/22: 5200", "2021/22: 5300"), encoding="utf-8")
    os.utime(root / LOANS, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert read_again(root, monkeypatch) == [LOANS]
    both_ways(root)


def test_a_file_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    root = written(tmp_path)
    lint(root, TODAY, cached=True)
    (root / LOANS).unlink()
    both_ways(root)

    assert LOANS not in kept_in(root).read_text(encoding="utf-8")


def another_plan(root: Path) -> None:
    plan = edited(FILES["kpis/plan.yaml"], "Head of Libraries", "The head")
    (root / "kpis/plan.yaml").write_text(plan, encoding="utf-8")


def a_byte_short(root: Path) -> None:
    kept_in(root).write_bytes(kept_in(root).read_bytes()[:-1])


def empty(root: Path) -> None:
    kept_in(root).write_bytes(b"")


def of_another_program(root: Path) -> None:
    kept_in(root).write_bytes(b"\x80\x05")


def deleted(root: Path) -> None:
    kept_in(root).unlink()


def a_folder_in_its_place(root: Path) -> None:
    kept_in(root).unlink()
    kept_in(root).mkdir()


@pytest.mark.parametrize(
    "change", [another_plan, a_byte_short, empty, of_another_program, deleted, a_folder_in_its_place]
)
def test_what_does_not_fit_is_not_used(
    change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = written(tmp_path)
    lint(root, TODAY, cached=True)
    change(root)

    assert len(read_again(root, monkeypatch)) == len(FILES) - 1
    both_ways(root)


def test_no_byte_of_it_can_change_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path, {"kpis/plan.yaml": FILES["kpis/plan.yaml"], LOANS: FILES[LOANS]})
    lint(root, TODAY, cached=True)
    whole = kept_in(root).read_bytes()
    for at in range(0, len(whole), 97):
        kept_in(root).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])

        assert read_again(root, monkeypatch) == [LOANS], at


def closed_to_nobody(file: Path) -> None:
    file.parent.chmod(0o777)


def open_to_a_group(file: Path) -> None:
    file.parent.chmod(0o770)


def a_file_that_others_may_write(file: Path) -> None:
    file.chmod(0o666)


def a_linked_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))
    file.parent.symlink_to(file.parent.with_name("elsewhere"))


def a_folder_of_another(file: Path) -> None:
    os.chown(file.parent, 12345, 12345)


def a_file_of_another(file: Path) -> None:
    os.chown(file, 12345, 12345)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize(
    "change",
    [
        closed_to_nobody,
        open_to_a_group,
        a_file_that_others_may_write,
        a_linked_folder,
        a_folder_of_another,
        a_file_of_another,
    ],
)
def test_what_others_can_write_or_have_made_is_not_used(
    change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = written(tmp_path)
    lint(root, TODAY, cached=True)
    try:
        change(kept_in(root))
    except PermissionError:
        pytest.skip("only root gives files away")

    assert len(read_again(root, monkeypatch)) == len(FILES) - 1


ODD: tuple[Any, ...] = (None, True, 5, -1.5, "x", [], ["x"], [[1]], {}, {"x": []})


def signed(root: Path, body: bytes) -> None:
    """A cache of the program's own making, as far as its first line tells, whatever stands in it."""
    head = kept_in(root).read_bytes()[:32]
    kept_in(root).write_bytes(head + blake2b(body, digest_size=16).hexdigest().encode() + b"\n" + body)


def spoilt(value: Any) -> Iterator[Any]:
    """The value with one part of another kind, or with one part less."""
    yield from (item for item in ODD if type(item) is not type(value))
    if isinstance(value, list):
        for at, part in enumerate(value):
            yield [*value[:at], *value[at + 1 :]]
            yield from ([*value[:at], item, *value[at + 1 :]] for item in spoilt(part))
    if isinstance(value, dict):
        for key, part in value.items():
            yield from ({**value, key: item} for item in spoilt(part))


def few(values: Iterator[Any]) -> Iterator[Any]:
    """Every eleventh of many; in `make fuzz` all."""
    return values if FUZZING else islice(values, 0, None, 11)


def test_whatever_stands_in_it_lint_says_something_sensible(tmp_path: Path) -> None:
    loans = FILES[LOANS].replace("2021/22: 5200", "2021/22: 52O0")
    root = written(tmp_path, {"kpis/plan.yaml": FILES["kpis/plan.yaml"], LOANS: loans})
    plain = lint(root, TODAY)
    lint(root, TODAY, cached=True)
    plan, row = kept_in(root).read_text(encoding="utf-8").partition("\n")[2].split("\n")
    start = row.rindex("\t") + 1
    values = json.loads(row[start:])
    assert values[-2]
    assert values[-1]

    bodies = [f"{plan}\n{row[:start]}{json.dumps(item)}" for item in few(spoilt(values))]
    bodies += [f"{plan}\n{row[: start - 11]}{day}\t{row[start:]}" for day in ("2024-13-01", "x" * 10)]
    bodies += [
        plan,
        "",
        "\n",
        f"{plan}\n",
        f"{plan}\nx",
        "[" * 100_000,
        f"{plan}\n{row[:start]}{'[' * 100_000}",
        f"5\n{row}",
    ]
    for body in bodies:
        signed(root, body.encode())
        assert {finding.path for finding in lint(root, TODAY, cached=True).findings} <= {
            finding.path for finding in plain.findings
        }, body
        signed(root, body.encode())
    signed(root, b"\xff\xfe")
    assert lint(root, TODAY, cached=True) == plain


SMALL_PLAN = """\
organisation: Riverside
title: Plan
area: here
edition: {date: 2024-05-15}
priorities: [{id: reading, title: Reading, objectives: [{title: More, kpis: [loans]}]}]
areas: {here: Here, there: {name: There, short: T}}
owners: {head: Head}
"""
SMALL_KPI = "title: Loans\ndefinition: Loans.\nowner: head\nmeasures: {all: {unit: count, better: higher, observations: {2023: 1}}}\n"


def test_whatever_stands_in_it_for_a_plan_lint_works(tmp_path: Path) -> None:
    root = written(tmp_path, {"kpis/plan.yaml": SMALL_PLAN, LOANS: SMALL_KPI})
    lint(root, TODAY, cached=True)
    plan, row = kept_in(root).read_text(encoding="utf-8").partition("\n")[2].split("\n")
    assert plan != "null"

    for item in few(spoilt(json.loads(plan))):
        signed(root, f"{json.dumps(item)}\n{row}".encode())
        assert lint(root, TODAY, cached=True).paths


def test_another_day_asks_everything_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path)
    lint(root, TODAY, cached=True)

    assert read_again(root, monkeypatch, TODAY + timedelta(days=1))


def test_a_changed_program_asks_everything_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path)
    lint(root, TODAY, cached=True)
    (tmp_path / "more").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "more"))

    assert read_again(root, monkeypatch)


def test_it_is_kept_outside_the_repository_for_its_user_alone(tmp_path: Path) -> None:
    root = written(tmp_path / "repository")
    before = sorted(root.rglob("*"))
    lint(root, TODAY, cached=True)

    assert sorted(root.rglob("*")) == before
    assert not kept_in(root).is_relative_to(root)
    if os.name == "posix":
        assert kept_in(root).stat().st_mode & 0o077 == 0


def test_where_it_can_not_be_kept_lint_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_bytes(b"")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))

    both_ways(written(tmp_path))


def test_no_cache_reads_and_writes_nothing_there(tmp_path: Path, kpi: Kpi) -> None:
    root = written(tmp_path)
    assert kpi("--root", root, "lint", "--no-cache").code == 0
    assert not kept_in(root).exists()

    assert kpi("--root", root, "lint").code == 0
    assert kept_in(root).exists()


def loaded(*arguments: str | Path) -> set[str]:
    """The modules that a command imports."""
    done = started(*arguments, env={"PYTHONPROFILEIMPORTTIME": "1"})
    return {line.rpartition("|")[2].strip() for line in done.stderr.split("\n")}


NEVER = {"jsonschema", "tabulate", "subprocess", "tempfile", "statistics", "difflib", "kpi.store.git"}
"""What a lint without findings has no use for."""


def test_a_first_lint_of_right_files_loads_only_what_it_uses(tmp_path: Path) -> None:
    modules = loaded("--root", written(tmp_path), "lint", "--no-cache")

    assert {"kpi.lint.engine", "kpi.store.reader", "jsonschema_rs"} <= modules
    assert not modules & NEVER
    assert {name for name in modules if name.startswith("kpi.pages.")} == {"kpi.pages.links"}
    assert not [name for name in modules if name.startswith("kpi.human.")]
    assert "kpi.judge.judgement" not in modules


def test_a_second_lint_loads_no_reader_and_no_validator(tmp_path: Path) -> None:
    root = written(tmp_path)
    started("--root", root, "lint")
    modules = loaded("--root", root, "lint")

    assert "kpi.lint.engine" in modules
    assert not modules & (NEVER | {"kpi.store.reader", "ruamel.yaml", "jsonschema_rs", "kpi.store.format"})


def test_nor_does_a_second_lint_that_has_mistakes_to_tell(tmp_path: Path) -> None:
    root = written(tmp_path, loans=edited(FILES[LOANS], "2021/22: 5200", "2021/22: 5x"))
    assert started("--root", root, "lint").returncode == 1
    modules = loaded("--root", root, "lint")

    assert not modules & (NEVER | {"kpi.store.reader", "ruamel.yaml", "jsonschema_rs", "kpi.store.format"})


def test_help_loads_neither_rules_nor_readers() -> None:
    assert not loaded("lint", "--help") & {
        "kpi.rules",
        "kpi.lint.engine",
        "ruamel.yaml",
        "kpi.judge.judgement",
    }


MEASURED = """
import datetime, pathlib, sys, tracemalloc
from kpi.lint.engine import lint
few, many = map(pathlib.Path, sys.argv[1:])
day = datetime.date(2024, 2, 27)
lint(many, day)  # imports what is used
tracemalloc.start()
for root in (few, many):
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    lint(root, day)
    print(tracemalloc.get_traced_memory()[1] - before)
"""
"""Says how much memory a lint of each of two repositories takes at its largest."""


def test_memory_grows_by_less_than_3_kb_a_file(tmp_path: Path) -> None:
    from bench.repository import make

    roots = [make(tmp_path / str(count), count) for count in (20, 120)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *roots],
        env=os.environ | {"PYTHONPATH": str(ROOT / "tools")},
        capture_output=True,
        check=True,
    )
    few, many = map(int, done.stdout.split())

    assert (many - few) / 100 < 3_000
