"""Long work says on a terminal how far it is, and takes that away again."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.repository import make
from repositories import committed
from test_cli import surroundings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a terminal that a program can make")


def told_on_a_terminal(root: Path, *arguments: str) -> str:
    """What a run says on a terminal that stands in for stderr."""
    ours, its = os.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "kpi", "--root", str(root), *arguments],
        env=surroundings(),
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=its,
    )
    os.close(its)
    told = b""
    try:
        while piece := os.read(ours, 1 << 16):
            told += piece
    except OSError:  # the end, as Linux tells it
        pass
    finally:
        os.close(ours)
    assert done.wait() in {0, 1}
    return told.decode()


def test_long_work_says_how_far_it_is_and_takes_that_away(tmp_path: Path) -> None:
    told = told_on_a_terminal(make(tmp_path, 1_500), "lint", "--no-cache")
    last = told.removesuffix("\r").rpartition("\r")[2]

    assert told.startswith("\rChecking files: ")
    assert " of 1,500" in told
    assert told.endswith("\r")
    assert last.strip() == ""
    assert len(last) >= len("Checking files: 100 of 1,500")


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("show", "k7"),
        ("fmt", "--check"),
        ("diff", "HEAD"),
        ("record", "k7", "2024-01", "80", "--dry-run"),
        ("import", "figures.csv", "--dry-run"),
        ("new", "priority-0/extra"),
        ("lint", "--no-cache", "--changed-since", "HEAD"),
    ],
    ids=lambda words: words[0],
)
def test_whatever_reads_many_files_says_how_far_it_is(words: tuple[str, ...], many: Path) -> None:
    told = told_on_a_terminal(many, *words)

    assert re.search(r"\r(Reading|Checking) files: [\d,]+ of 2,40[01]", told)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,400 committed files, and a table of figures."""
    root = make(tmp_path_factory.mktemp("many"), 2_400, mistakes=False)
    (root / "figures.csv").write_text("kpi,measure,period,value\nk7,answered,2024-01,80\n", encoding="utf-8")
    committed(root)
    return root


def test_short_work_says_nothing(tmp_path: Path) -> None:
    assert told_on_a_terminal(make(tmp_path, 5), "lint", "--no-cache") == ""


def test_quiet_long_work_says_nothing(tmp_path: Path) -> None:
    assert told_on_a_terminal(make(tmp_path, 1_500), "-q", "lint", "--no-cache") == ""


def test_into_a_file_nothing_is_said(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kpi", "--root", make(tmp_path, 1_500), "lint", "--no-cache"],
        env=surroundings(),
        capture_output=True,
        check=False,
    )

    assert done.stderr == b""
