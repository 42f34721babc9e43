"""docs/evidence/reliability.md promises only what a test holds, and lists the licence of every package and the score of every module."""

import ast
import re
import tomllib
from functools import reduce
from importlib import import_module
from importlib.metadata import metadata
from pathlib import Path

import mutation
from guides import DOCS, ROOT

GUIDE = (DOCS / "evidence/reliability.md").read_text(encoding="utf-8")


def test_every_promise_names_tests_that_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", GUIDE))
    there = {
        name
        for path in Path(__file__).parent.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(named) > 50
    assert named - there == set()


def test_every_package_that_runs_with_the_program_is_listed_with_its_licence() -> None:
    pins = (ROOT / "requirements/run.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)==(.*)$", pins, re.MULTILINE))
    listed = dict(re.findall(r"^\| ([a-z][a-z-]+) \| ([\w.-]+) \|$", GUIDE, re.MULTILINE))

    assert listed.keys() == pinned.keys()
    for name in (name for name, rest in pinned.items() if ";" not in rest):  # not installed everywhere
        about = metadata(name)
        assert [listed[name]] in (about.get_all("License-Expression"), about.get_all("License")), name


def test_the_score_is_that_of_every_module_which_is_tried() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    tried = {
        ".".join(path.relative_to(ROOT / "tools").with_suffix("").parts)
        for pattern in config["only_mutate"]
        for path in ROOT.glob(pattern.replace("src/", "tools/"))
        if path.stem != "__init__" and _has_plain_functions(path)
    }
    rows = re.findall(
        r"^\| (?:`([\w.]+)`|\*\*All\*\*) \| (\d+) \| (\d+) \| ([\d.]+) \|$", GUIDE, re.MULTILINE
    )
    numbers = [(int(mutants), int(killed)) for _, mutants, killed, _ in rows]

    later = re.search(r"^Not measured yet, [^:]*: (.*)$", GUIDE, re.MULTILINE)
    assert later is not None
    not_yet = set(re.findall(r"`([\w.]+)`", later[1]))

    assert {module for module, *_ in rows} | not_yet == tried | {""}
    assert not_yet.isdisjoint(module for module, *_ in rows)
    assert numbers[-1] == tuple(map(sum, zip(*numbers[:-1], strict=True)))
    assert all(
        f"{100 * killed / mutants:.1f}" == printed
        for (mutants, killed), (*_, printed) in zip(numbers, rows, strict=True)
    )
    assert numbers[-1][0] - numbers[-1][1] == mutation.explained().total()


def _has_plain_functions(path: Path) -> bool:
    """Whether a module has a function without a decorator; only such are changed."""
    functions = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    )
    return any(not function.decorator_list for function in functions)


def test_every_function_with_an_explained_mutant_is_there() -> None:
    for name in mutation.explained():
        kpi, room, module, *rest = name.split(".")
        assert callable(reduce(getattr, rest, import_module(f"{kpi}.{room}.{module}")))


def test_the_function_of_a_mutant_is_read_from_its_name() -> None:
    assert mutation.function("kpi.judge.bound.x_below__mutmut_3") == "below"
    assert mutation.function("kpi.judge.bound.x__changed__mutmut_12") == "_changed"
    assert mutation.function("kpi.model.period.xǁPeriodǁoverlaps__mutmut_1") == "Period.overlaps"
