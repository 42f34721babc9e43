"""The house of docs/architecture.md: who may import whom."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tools" / "kpi"
FILES = sorted(PACKAGE.rglob("*.py"))

OUTSIDE = {
    "model": set(),
    "judge": set(),
    "rules": set(),
    "pages": {"tabulate"},
    "store": {"ruamel", "_ruamel_yaml", "jsonschema", "jsonschema_rs", "openpyxl"},
    "lint": set(),
    "cli": {"click"},
    "__main__": {"click"},
    "__init__": set(),
}
"""What each room may import beside the standard library."""

CLOCK_OR_DISK = {"open", "input", "print"}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic"}
PURE = ("model", "judge", "rules", "pages")
NOT_IN_PURE = {
    "os",
    "pathlib",
    "subprocess",
    "socket",
    "time",
    "locale",
    "tempfile",
    "shutil",
    "sys",
    "random",
}


def rooms() -> list[list[str]]:
    """The floors of the table, the lowest first, each with its rooms from left to right."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    floors = re.findall(r"^\| \d [^|]*\|([^|]*)\|", text, flags=re.MULTILINE)
    return [re.findall(r"`(\w+)`", floor) for floor in reversed(floors)]


def room(path: Path) -> str:
    """The room that a file is in: the first folder, or the file itself."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where they go"
            yield node.module or ""


def may_import(importer: str) -> set[str]:
    """The rooms below, and those to the left on the same floor, and itself."""
    allowed = {importer}
    for floor in rooms():
        if importer in floor:
            return allowed | set(floor[: floor.index(importer)])
        allowed |= set(floor)
    return allowed


def test_the_table_names_every_room_of_the_house() -> None:
    there = {room(path) for path in FILES} - {"__init__"}

    assert {name for floor in rooms() for name in floor} == there


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_below_or_from_its_left(path: Path) -> None:
    allowed = may_import(room(path)) | {"__init__"}
    inside = {name.split(".")[1] for name in imports(path) if name.startswith("kpi.")}

    assert inside <= allowed


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_uses_only_the_packages_it_may(path: Path) -> None:
    import sys

    outside = {name.split(".")[0] for name in imports(path)} - {"kpi"} - sys.stdlib_module_names

    assert outside <= OUTSIDE[room(path)]


@pytest.mark.parametrize(
    "path", [path for path in FILES if room(path) in PURE], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_the_pure_rooms_touch_no_disk_and_no_clock(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert not called & CLOCK_OR_DISK
    assert not reads_the_clock(path)
    assert not {name.split(".")[0] for name in imports(path)} & NOT_IN_PURE


def reads_the_clock(path: Path) -> bool:
    """Whether a file calls `….now()`, `….today()` or the like."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_only_the_frame_of_the_door_reads_the_clock() -> None:
    assert [room(path) + "/" + path.name for path in FILES if reads_the_clock(path)] == ["cli/frame.py"]


def test_only_the_room_for_git_starts_programs() -> None:
    starting = [
        path for path in FILES if "subprocess" in set(imports(path)) or "system" in called_of_os(path)
    ]

    assert [path.relative_to(PACKAGE).as_posix() for path in starting] == ["store/git.py"]


def called_of_os(path: Path) -> set[str]:
    """The functions of `os` that a file uses by their full name."""
    return {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_small_enough_to_read(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 350


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_stay_small_enough_to_see(path: Path) -> None:
    long = [
        f"{node.name} ({(node.end_lineno or 0) - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 50
    ]

    assert long == []
