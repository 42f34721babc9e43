"""Wherever a command that writes is stopped: each file is as it was or as it is to be, and the next run mends the rest."""

import os
import shutil
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from faults import TROUBLES, Killed, Trouble, everywhere
from kpi.model.errors import ToolError
from kpi.store.edit import replace_file, replace_files
from kpi.store.output import stale, write, write_file, write_folder
from kpi.store.starter import starting_files
from running import Done, Kpi
from small import edited, written

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other calls")
each_trouble = pytest.mark.parametrize("trouble", TROUBLES, ids=[trouble.name for trouble in TROUBLES])

LOANS = "kpis/reading/loans.yaml"
VISITS = "kpis/reading/visits.yaml"


def files(root: Path) -> dict[str, bytes]:
    """Every file under a folder by its path, half-written ones too."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def half_written(there: dict[str, bytes]) -> list[str]:
    return [path for path in there if path.endswith(".tmp")]


def put_back(root: Path, there: dict[str, bytes]) -> None:
    for item in root.iterdir():
        shutil.rmtree(item) if item.is_dir() else item.unlink()
    for path, data in there.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


class Write(NamedTuple):
    """A write of the store, with the files that it concerns before and after."""

    act: Callable[[Path], object]
    old: dict[str, bytes]
    new: dict[str, bytes]


BOTH = {"kpis/a/x.yaml": (b"x1\n", b"x2\n" * 5000), "kpis/a/y.yaml": (b"y1\n" * 5000, b"y2\n")}
OLD, NEW_BOTH = ({path: both[which] for path, both in BOTH.items()} for which in (0, 1))
WRITES = {
    "one file": Write(
        lambda root: replace_file(root, "kpis/a/x.yaml", *BOTH["kpis/a/x.yaml"]),
        OLD, OLD | {"kpis/a/x.yaml": BOTH["kpis/a/x.yaml"][1]},
    ),
    "several files": Write(lambda root: replace_files(root, BOTH), OLD, NEW_BOTH),
    "a new file": Write(
        lambda root: replace_file(root, "kpis/b/z.yaml", None, b"z\n" * 5000), OLD, OLD | {"kpis/b/z.yaml": b"z\n" * 5000}
    ),
}  # fmt: skip


@each_trouble
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_that_is_stopped_anywhere_leaves_the_old_content_or_the_new(
    write: Write, trouble: Trouble, tmp_path: Path
) -> None:
    def fresh() -> None:
        put_back(tmp_path, write.old)
        for path in write.old:
            (tmp_path / path).chmod(0o640)

    fresh()
    write.act(tmp_path)  # the lock has its folder now, so that the n-th call is the same one each time
    fresh()
    stopped = set()
    for fault, given in everywhere(trouble, lambda: write.act(tmp_path)):
        stopped.add(fault.struck)
        there = files(tmp_path)
        left = half_written(there)
        whole = {path: data for path, data in there.items() if path not in left}
        reported = (fault, given, left)
        assert all(data in {write.old.get(path), write.new[path]} for path, data in whole.items()), reported
        assert whole.keys() >= write.old.keys(), reported
        if isinstance(given, ToolError):
            assert whole == write.old or "Written and not put back: kpis/a/x.yaml." in str(given), reported
            assert not left or trouble.lasting, reported
        elif trouble.comes is KeyboardInterrupt:
            assert isinstance(given, KeyboardInterrupt), reported
            assert whole in (write.old, write.new), reported  # several files too: all or none
        elif trouble.comes is not Killed:
            assert (given, whole) == (None, write.new), reported
        for path in write.old:
            assert stat.S_IMODE((tmp_path / path).stat().st_mode) == 0o640, reported
        if whole == write.old:
            write.act(tmp_path)
            assert files(tmp_path) == write.new, reported
        fresh()
    assert stopped >= {"open", "write"}


PAGES = {"README.md": "# Front\n" * 2000, "kpis/loans.md": "# Loans\n", "people.md": "# People\n"}
NEWER = {"README.md": "# Newer\n" * 2000, "kpis/loans.md": "# Loans\n", "kpis/visits.md": "# Visits\n"}


@each_trouble
def test_pages_that_are_stopped_anywhere_are_whole_and_known_to_be_stale(
    trouble: Trouble, tmp_path: Path
) -> None:
    """What stands there is told to be stale unless all of it is new, and the next build writes the rest."""
    write(tmp_path, PAGES)
    before = files(tmp_path)
    write(tmp_path, NEWER)
    after = files(tmp_path)
    put_back(tmp_path, before)
    stopped = set()
    for fault, given in everywhere(trouble, lambda: write(tmp_path, NEWER)):
        stopped.add(fault.struck)
        there = files(tmp_path)
        left = half_written(there)
        reported = (fault, given, left)
        assert all(
            data in {before.get(path), after.get(path)} for path, data in there.items() if path not in left
        ), reported
        assert (there == after) == (stale(tmp_path, NEWER) == [] and not left), reported
        assert isinstance(given, ToolError | KeyboardInterrupt | None) or there == after, reported
        write(tmp_path, NEWER)
        assert files(tmp_path) == after, reported
        put_back(tmp_path, before)
    assert stopped >= {"open", "write", "replace"} or trouble.calls


@each_trouble
def test_a_single_file_that_is_stopped_anywhere_is_the_old_one_or_the_new(
    trouble: Trouble, tmp_path: Path
) -> None:
    place = tmp_path / "figures.csv"
    place.write_text("old\n", encoding="utf-8")
    for _, given in everywhere(trouble, lambda: write_file(place, "new\n" * 5000)):
        assert place.read_text(encoding="utf-8") in {"old\n", "new\n" * 5000}
        assert isinstance(given, KeyboardInterrupt | None) or str(given).endswith("It is as it was.")
        put_back(tmp_path, {"figures.csv": b"old\n"})


@each_trouble
def test_a_folder_that_is_stopped_anywhere_is_the_old_one_or_the_new(
    trouble: Trouble, tmp_path: Path
) -> None:
    old, new = ({"all/sign": data, "all/table": data * 2} for data in (b"old", b"new"))
    put_back(tmp_path, old)

    def fill(folder: Path) -> None:
        for path, data in new.items():
            (folder / Path(path).name).write_bytes(data)

    def act() -> None:
        write_folder(tmp_path / "all", "sign", "", fill)

    for _, given in everywhere(trouble, act):
        there = {path: data for path, data in files(tmp_path).items() if path.startswith("all/")}
        beside = [data for path, data in files(tmp_path).items() if path.endswith("old/table")]
        if there in (old, new):
            assert isinstance(given, KeyboardInterrupt | None) or str(given).endswith(
                (".", "It is as it was.")
            )
        else:  # between the two renames, where nothing could be put back
            assert (there, beside) == ({}, [b"oldold"])
            assert given is None or "What was there is in " in str(given)
        act()
        assert files(tmp_path) == new
        put_back(tmp_path, old)


class Writing(NamedTuple):
    """A command that writes.

    Attributes:
        arguments: its line.
        mend: the line that finishes what a killed run began; the same one again, but for `new`.
        changed: the files that it changes.
        at_once: whether all of them change or none, whatever fails.
    """

    arguments: tuple[str, ...]
    mend: tuple[str, ...]
    changed: tuple[str, ...]
    at_once: bool = True


RECORD = ("record", "loans/books", "2024/25", "4100")
LIST = ("import", "--new", "list.csv")
IMPORT = ("import", "figures.csv")
BEGUN = tuple(path for path in starting_files(date(2025, 1, 1)) if not path.startswith("kpis/"))
NEW = Writing(
    ("new", "people/pay", "--title", "Pay"), ("lint", "--fix"), ("kpis/people/pay.yaml", "kpis/plan.yaml")
)
MANY_FILES = {"init", "import --new"}
"""Commands that can be stopped in so many places that trying all of them takes a minute."""
COMMANDS = {
    "record": Writing(RECORD, RECORD, (LOANS,)),
    "import": Writing(IMPORT, IMPORT, (LOANS, VISITS)),
    "new": NEW,
    "import --new": Writing(LIST, LIST, ("kpis/people/new-readers.yaml", "kpis/plan.yaml")),
    "init": Writing(("init", "-q"), ("init", "-q"), BEGUN),
    "fmt": Writing(("fmt",), ("fmt",), (LOANS, VISITS), at_once=False),
    "lint --fix": Writing(("lint", "--fix"), ("lint", "--fix"), (LOANS, VISITS), at_once=False),
}


def untidy(root: Path) -> Path:
    """A repository with something to mend in two files, Windows line ends in one of them, and a table to import."""
    written(root)
    loans = edited(
        (root / LOANS).read_text(encoding="utf-8"), "      2021/22: 5200\n", "      2021/22:   5200\n"
    )
    (root / LOANS).write_bytes(loans.replace("\n", "\r\n").encode())
    visits = edited(
        (root / VISITS).read_text(encoding="utf-8"), "      2024-01: 900\n", "      2024-01:  900\n"
    )
    (root / VISITS).write_text(visits, encoding="utf-8")
    (root / "figures.csv").write_text(
        "kpi,measure,period,value\nloans,books,2024/25,4100\nvisits,visits,2024-04,990\n", encoding="utf-8"
    )
    (root / "list.csv").write_text(
        "Title,Owner,Polarity,Priority,2024/25\nNew readers,Librarian,High,people,120\n", encoding="utf-8"
    )
    return root


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        pytest.param(
            name, item, id=f"{name}, {item.name}",
            marks=() if (name, item.comes) == ("record", Killed)
            else [pytest.mark.external, pytest.mark.long] if name in MANY_FILES and item.comes != Killed
            else pytest.mark.external,
        )
        for name in COMMANDS
        for item in TROUBLES
    ],
)  # fmt: skip
def test_a_command_that_is_stopped_anywhere_leaves_old_files_or_new_ones(
    name: str, trouble: Trouble, tmp_path: Path, kpi: Kpi
) -> None:
    command = COMMANDS[name]
    old = files(untidy(tmp_path))
    kpi(*command.arguments)
    new = files(tmp_path)
    assert {path for path in new if new[path] != old.get(path)} == {*command.changed}
    put_back(tmp_path, old)
    stopped = 0
    mended: set[frozenset[tuple[str, bytes]]] = set()  # once each: a command knows nothing but the files

    for fault, done in everywhere(trouble, lambda: kpi(*command.arguments)):
        stopped += 1
        there = files(tmp_path)
        left = half_written(there)
        states = {
            "new" if there.get(path) == new[path] else "old" if there.get(path) == old.get(path) else "torn"
            for path in command.changed
        }
        reported = (fault.struck, fault.at, done, left)
        assert "torn" not in states, reported
        assert {**there, **dict.fromkeys(command.changed, b"")}.keys() - {*left} <= {*old, *new}, reported
        if done is None:  # killed
            assert len(left) <= 1, reported
        else:
            assert isinstance(done, Done), reported
            assert done.code == (
                130 if trouble.comes is KeyboardInterrupt else 3 if "old" in states else 0
            ), reported
            assert done.code != 3 or done.err.startswith("kpi: "), reported
            mixed = not command.at_once or "not put back" in done.err or "not listed" in done.err
            assert len(states) == 1 or mixed, reported
            assert not left or trouble.lasting, reported
        if (stand := frozenset(there.items())) not in mended:
            mended.add(stand)
            if states == {"old"} and command is NEW:
                kpi(*command.arguments)
            kpi(*command.mend)
            assert {path: files(tmp_path).get(path) for path in command.changed} == {
                path: new[path] for path in command.changed
            }, reported
        put_back(tmp_path, old)
    assert stopped >= 4
