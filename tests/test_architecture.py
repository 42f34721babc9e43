"""The house of docs/architecture.md: who may import whom."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tools" / "kpi"
FILES = sorted(PACKAGE.rglob("*.py"))

OUTSIDE = {
    "model": set(),
    "human": set(),
    "assemble": set(),
    "judge": set(),
    "pages": {"tabulate"},
    "rules": set(),
    "manual": set(),
    "dataset": set(),
    "store": {
        "ruamel",
        "_ruamel_yaml",
        "jsonschema",
        "jsonschema_rs",
        "openpyxl",
        "xlsxwriter",
        "duckdb",
        "pypandoc",
        "resvg_py",
        "filelock",
        "platformdirs",
    },
    "lint": set(),
    "cli": {"click"},
    "__main__": {"click"},
    "library": set(),
    "__init__": set(),
}
"""What each room may import beside the standard library."""

CLOCK_OR_DISK = {"open", "input", "print"}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic"}
PURE = ("model", "human", "assemble", "judge", "pages", "rules", "manual", "dataset")
MOST_LINES, MOST_LINES_OF_FUNCTION = 350, 50
LONGER = {
    "human/slips.py": "the ways in which people write numbers, one recogniser each",
    "human/spelling.py": "the ways in which people spell periods, one reader each",
    "store/format/draft.py": "a file that is being edited: from its text to data, and back",
    "store/yaml/trouble.py": "the ways to mend a line that can't be read",
}
"""Files that may have more lines, because they are one thing; with what that is."""
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


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a file."""
    return tuple(ast.walk(tree(path)))


@cache
def rooms() -> list[list[str]]:
    """The floors of the table, the lowest first, each with its rooms from left to right."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    floors = re.findall(r"^\| \d [^|]*\|([^|]*)\|", text, flags=re.MULTILINE)
    return [re.findall(r"`(\w+)`", floor) for floor in reversed(floors)]


def shown(path: Path) -> str:
    """A file as messages name it: `store/git.py`."""
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    """The room that a file is in: the first folder, or the file itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module(path: Path) -> str:
    """A file's name in imports: `kpi.store.git`."""
    return ".".join(("kpi", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


MODULES = {module(path): path for path in FILES}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever the import stands: in functions, and for types only."""
    yield from imported(nodes(path), path)


def imported(nodes: Iterable[ast.AST], path: Path) -> Iterator[str]:
    """The modules that some of a file's imports name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{shown(path)}: relative imports hide where they go"
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module or "" for name in names)


def when_running(tree: ast.AST) -> Iterator[ast.AST]:
    """All of a file but what stands below `if TYPE_CHECKING:`, which is never run."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from when_running(node)


def may_import(importer: str) -> set[str]:
    """The rooms below, and those to the left on the same floor, and itself."""
    allowed = {importer}
    for floor in rooms():
        if importer in floor:
            return allowed | set(floor[: floor.index(importer)])
        allowed |= set(floor)
    return allowed


def circle(needs: Mapping[str, set[str]]) -> list[str]:
    """Modules of which each imports the next, and the last is the first again; nothing where there are none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def test_the_table_names_every_room_of_the_house() -> None:
    there = {room(path) for path in FILES} - {"__init__"}

    assert {name for floor in rooms() for name in floor} == there


def test_a_room_imports_only_from_below_or_from_its_left() -> None:
    wrong = [
        f"{shown(path)} imports {name}"
        for path in FILES
        for name in imports(path)
        if name.startswith("kpi.") and name.split(".")[1] not in may_import(room(path))
    ]

    assert not wrong, "\n".join(wrong)


def test_no_modules_import_each_other_in_a_circle() -> None:
    needs = {
        name: {other for other in imported(when_running(tree(path)), path) if other in MODULES}
        for name, path in MODULES.items()
    }

    modules = circle(needs)
    assert not modules, " imports ".join(modules)


def test_a_circle_is_seen_wherever_the_import_stands() -> None:
    late = ast.parse("def ask():\n    if True:\n        from kpi.model import period")
    for_types = ast.parse("if TYPE_CHECKING:\n    from kpi.model.period import Period")

    assert list(imported(when_running(late), FILES[0])) == ["kpi.model.period"]
    assert list(imported(when_running(for_types), FILES[0])) == []
    assert circle({"one": {"two"}, "two": {"three"}, "three": {"two"}}) == ["two", "three", "two"]


def test_a_room_uses_only_the_packages_it_may() -> None:
    wrong = [
        f"{shown(path)} imports {name}"
        for path in FILES
        for name in {name.split(".")[0] for name in imports(path)} - {"kpi"} - sys.stdlib_module_names
        if name not in OUTSIDE[room(path)]
    ]

    assert not wrong, "\n".join(wrong)


def test_the_pure_rooms_touch_no_disk_and_no_clock() -> None:
    pure = [path for path in FILES if room(path) in PURE]
    wrong = [
        f"{shown(path)} uses {name}"
        for path in pure
        for name in sorted(calls(path) & CLOCK_OR_DISK)
        + sorted({name.split(".")[0] for name in imports(path)} & NOT_IN_PURE)
    ]

    assert not wrong, "\n".join(wrong)
    assert [shown(path) for path in pure if reads_the_clock(path)] == []


def calls(path: Path) -> set[str]:
    """The functions that a file calls by their mere name."""
    return {
        node.func.id for node in nodes(path) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_what_is_brought_is_put_into_files_tried_and_written_in_one_way() -> None:
    def callers(function: str) -> list[str]:
        return [shown(path) for path in FILES if function in calls(path)]

    assert callers("add_figures") == callers("Intake") == ["lint/importing.py"]
    assert callers("replace_files") == ["cli/file_changes.py"]


def reads_the_clock(path: Path) -> bool:
    """Whether a file calls `….now()`, `….today()` or the like."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
        for node in nodes(path)
    )


def test_one_file_of_the_door_reads_the_clock() -> None:
    assert [shown(path) for path in FILES if reads_the_clock(path)] == ["cli/context.py"]


def test_only_the_room_for_git_starts_programs() -> None:
    starting = [
        path for path in FILES if "subprocess" in set(imports(path)) or "system" in called_of_os(path)
    ]

    assert [shown(path) for path in starting] == ["store/git.py"]


def called_of_os(path: Path) -> set[str]:
    """The functions of `os` that a file uses by their full name."""
    return {
        node.attr
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
    }


def test_files_stay_small_enough_to_read_unless_they_are_one_thing() -> None:
    lines = {shown(path): path.read_text(encoding="utf-8").count("\n") for path in FILES}
    long = {name: number for name, number in lines.items() if number > MOST_LINES}

    assert long.keys() == LONGER.keys(), long


def test_functions_stay_small_enough_to_see() -> None:
    long = [
        f"{shown(path)}: {node.name} ({lines} lines)"
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_FUNCTION
    ]

    assert not long, "\n".join(long)
