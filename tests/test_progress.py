"""Long work says on a terminal how far it is, and takes that away again. `test_environment` asks every command for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.repository import make
from kpi.cli import context
from test_cli import surroundings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a terminal that a program can make")


AT_ONCE, NEVER = -1, 3600
"""Seconds until progress is shown: how fast the machine is must not matter."""
PROGRAM = "import sys; from kpi.cli import context; context.SOON = context.OFTEN = {}; from kpi.__main__ import main; main()"


def shown(root: Path, *arguments: str, soon: float = AT_ONCE) -> str:
    """What a run says on a terminal that stands in for stderr; `soon` is when progress is shown."""
    ours, its = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(soon), "--root", str(root), *arguments],
        env=surroundings(),
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=its,
    )
    os.close(its)
    reported = b""
    try:
        while piece := os.read(ours, 1 << 16):
            reported += piece
    except OSError:  # the end, as Linux tells it
        pass
    finally:
        os.close(ours)
    assert process.wait() in {0, 1}
    return reported.decode()


def test_long_work_says_how_far_it_is_and_takes_that_away(tmp_path: Path) -> None:
    reported = shown(make(tmp_path, 120), "lint", "--no-cache")
    last = reported.removesuffix("\r").rpartition("\r")[2]

    assert reported.startswith("\rChecking files: 0 of 120\rChecking files: 1 of 120\r")
    assert reported.endswith("\r")
    assert last == " " * len("Checking files: 119 of 120")


def test_short_work_says_nothing(tmp_path: Path) -> None:
    assert shown(make(tmp_path, 5), "lint", "--no-cache", soon=NEVER) == ""


def test_work_is_short_for_half_a_second() -> None:
    assert context.SOON == 0.5


def test_quiet_long_work_says_nothing(tmp_path: Path) -> None:
    assert shown(make(tmp_path, 5), "-q", "lint", "--no-cache") == ""


def test_into_a_file_nothing_is_said(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(AT_ONCE), "--root", make(tmp_path, 5), "lint", "--no-cache"],
        env=surroundings(),
        capture_output=True,
        check=False,
    )

    assert done.stderr == b""
