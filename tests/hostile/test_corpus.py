"""Whatever stands in `kpis/`, lint says where and what it is, goes on with the rest, and ends in good time."""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.child import Ended, kpi_in_turn
from hostile.child import kpi as process
from hostile.corpus import CONTENTS, CORPUS, NAMES, NEIGHBOUR, PLAN, Hostile, device, repository
from hostile.rows import ROWS, table
from kpi.model.text import HIDDEN
from kpi.rules import BY_NAME
from running import Done, Kpi

HERE = Path(__file__).parent
TESTS = HERE.parent
DAY = ("--as-of", "2024-06-01")
LINT = (*DAY, "lint", "--format", "json")
HEAVY = {1, 5, 24, 25}
"""Bombs, and what is large: a process of their own reads them, which is held to a time and an amount of memory."""
TOLD = {"path": NEIGHBOUR, "line": 10, "rule": "percent-range"}

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems don't take such names")


def cases() -> list[object]:
    """The corpus as parameters, but for what is heavy; a device needs root."""
    root = os.name == "posix" and os.geteuid() == 0
    return [
        pytest.param(
            hostile,
            id=f"{hostile.number} {hostile.name}",
            marks=[
                *([on_linux] if hostile in NAMES else []),
                *([pytest.mark.skip(reason="only root can make a device")] if hostile.make is device and not root else []),
            ],
        )
        for hostile in CORPUS
        if hostile.number not in HEAVY
    ]  # fmt: skip


@pytest.mark.parametrize("hostile", cases())
def test_it_is_told_with_its_place_and_hides_nothing_else(hostile: Hostile, kpi: Kpi, tmp_path: Path) -> None:
    is_told(hostile, kpi("--root", repository(tmp_path, hostile), *LINT))


def test_so_is_all_that_would_take_much_time_or_memory(tmp_path: Path) -> None:
    heavy = [hostile for hostile in CORPUS if hostile.number in HEAVY]
    roots = [repository(tmp_path / str(place), hostile) for place, hostile in enumerate(heavy)]
    ended = kpi_in_turn((root, LINT) for root in roots)

    assert {hostile.number for hostile in heavy} == HEAVY
    for hostile, done in zip(heavy, ended, strict=True):
        is_told(hostile, done)


def is_told(hostile: Hostile, done: Done | Ended) -> None:
    findings = json.loads(done.out)["findings"]
    mine = {(finding["rule"], finding["line"]) for finding in findings if finding["path"] != NEIGHBOUR}

    assert (done.code, done.err) == (1, "")
    assert TOLD in [{key: finding[key] for key in TOLD} for finding in findings]
    assert (hostile.rule, hostile.line) in mine if hostile.rule else not mine, hostile.name
    assert "root:" not in done.out, "a link was followed"


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of the corpus in one repository, but for what only root can make."""
    results = [
        each._replace(place=f"kpis/care/n{each.number}-{place}.yaml") if each.place.endswith("hostile.yaml") else each
        for place, each in enumerate(CORPUS)
        if each.make is not device
    ]  # fmt: skip
    root = repository(tmp_path_factory.mktemp("together"), *results)
    listed = "".join(f"      - {Path(item.place).stem}\n" for item in results if item not in NAMES)
    plan = PLAN.replace("      - hostile\n", listed) + 'lint: {same-measure-twice: "off"}\n'
    (root / "kpis/plan.yaml").write_text(plan, encoding="utf-8", newline="\n")
    return root


@on_linux
@pytest.mark.parametrize("form", ["text", "concise"])
def test_nothing_of_it_reaches_the_terminal_as_it_is(
    form: str, together: Path, golden: Callable[[Path, str], None]
) -> None:
    kept = {"XDG_CACHE_HOME": str(together.with_name("kept"))}  # by the one form for the other
    done = process("--root", together, *DAY, "lint", "--format", form, env=kept)

    assert (done.code, done.err) == (1, "")
    assert HIDDEN.search(done.out.replace("\n", "")) is None
    assert re.search(r"^(?:::|##\[)|root:x:", done.out, re.MULTILINE) is None
    assert f"{NEIGHBOUR}:10:16: error percent-range" in done.out
    if form == "concise":
        golden(HERE / "said.txt", once(done.out))


def once(said: str) -> str:
    """The words, for a person to read: of each rule in a file only the first finding."""
    first: dict[tuple[str, str], str] = {}
    for line in said.splitlines():
        path, _, rest = line.partition(".y")
        first.setdefault((path, rest.partition(": ")[2].partition(":")[0]), line)
    return "\n".join(first.values()) + "\n"


def test_the_table_names_every_row_and_only_tests_that_exist(golden: Callable[[Path, str], None]) -> None:
    assert [row.number for row in ROWS] == list(range(1, 57))
    assert {hostile.number for hostile in CORPUS} <= {row.number for row in ROWS}
    for row in ROWS:
        there = row.tests or [hostile for hostile in CORPUS if hostile.number == row.number]
        assert bool(there) != bool(row.missing), row
        for test in row.tests:
            file, _, name = test.partition("::")
            assert re.search(rf"^def {name}\b", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE), (
                test
            )
    golden(HERE / "README.md", table())


def test_the_corpus_expects_only_rules_that_there_are() -> None:
    assert {hostile.rule for hostile in CORPUS if hostile.rule} <= BY_NAME.keys()
    assert len({(hostile.number, hostile.name) for hostile in CORPUS}) == len(CORPUS)
    assert len(CONTENTS) > 50
