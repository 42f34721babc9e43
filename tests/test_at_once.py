"""Many at once: eight who record into the same files, while others check and build."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.child import surroundings
from running import LIMIT
from small import written

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")

WRITERS = 8
PLAN = """\
organisation: Riverside Libraries
title: Library plan
area: riverside
areas: {riverside: Riverside}
sources: {return: {title: Annual return}}
priorities:
  - id: reading
    title: Reading
    kpis: [loans, visits]
"""
KPI = """\
title: Number of {name}
definition: The {name} counted on a day.
unit: count
kind: snapshot
better: higher
sources: [return]
measures:
  {name}:
    observations:
      2024-01-31: 1
"""
RECORDER = """
import sys, datetime
from kpi.__main__ import run
who, count = int(sys.argv[1]), int(sys.argv[2])
for number in range(who, count, 8):
    day = datetime.date(1990, 1, 1) + datetime.timedelta(number)
    assert run(["-q", "record", ("loans", "visits")[number // 8 % 2], str(day), str(number)]) == 0, number
"""
READER = """
import sys, time
from kpi.__main__ import run
while run(["-q", *sys.argv[1:]]) == 0:
    sys.stderr.write("once\\n")
    sys.stderr.flush()
    time.sleep(0.05)  # the writers need the processor too
"""


def started(program: str, root: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=root,
        env=surroundings(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("count", [16, pytest.param(1000, marks=pytest.mark.long)])
def test_of_figures_recorded_at_once_none_is_lost_and_none_is_there_twice(count: int, tmp_path: Path) -> None:
    """Lint and build run all the while, and never see half a file: each of their runs ends with 0."""
    files = {f"kpis/reading/{name}.yaml": KPI.format(name=name) for name in ("loans", "visits")}
    root = written(tmp_path, {"kpis/plan.yaml": PLAN, **files})
    readers = [started(READER, root, "lint"), started(READER, root, "build")]
    writers = [started(RECORDER, root, str(who), str(count)) for who in range(WRITERS)]
    try:
        said = [writer.communicate(timeout=LIMIT + count)[1] for writer in writers]
        assert [reader.poll() for reader in readers] == [None, None]
    finally:
        for program in (*readers, *writers):  # nobody goes on by itself, whatever happened
            program.terminate()
    read = [reader.communicate()[1] for reader in readers]

    assert ([item.returncode for item in writers], said) == ([0] * WRITERS, [""] * WRITERS)
    assert all(set(item.split("\n")) == {"once", ""} for item in read), read
    figures = [
        int(value)
        for name in files
        for value in re.findall(
            r"^      19.*: ([0-9]+)$", (root / name).read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert sorted(figures) == list(range(count))
    assert not list(root.rglob("*.tmp"))
