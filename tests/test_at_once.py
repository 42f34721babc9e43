"""Many at once: eight who record into the same files, while others check and build."""

import json
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
CROWD = """
import datetime, json, multiprocessing, os, sys, time
from kpi.__main__ import run

def record(who, count):
    for number in range(who, count, 8):
        day = datetime.date(1990, 1, 1) + datetime.timedelta(number)
        assert run(["-q", "record", ("loans", "visits")[number // 8 % 2], str(day), str(number)]) == 0, number

def read(command):
    while multiprocessing.parent_process().is_alive() and run(["-q", command]) == 0:
        sys.stderr.write("once\\n")
        sys.stderr.flush()
        time.sleep(0.05)  # the writers need the processor too

answer = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what they print is no matter
process = multiprocessing.get_context("fork").Process
run(["-q", "lint"])  # what is imported here, each of them has
run(["-q", "build"])
readers = [process(target=read, args=(command,)) for command in ("lint", "build")]
writers = [process(target=record, args=(who, int(sys.argv[1]))) for who in range(8)]
for each in (*readers, *writers):
    each.start()
for each in writers:
    each.join()
left = [each.is_alive() for each in readers]
for each in readers:
    each.terminate()
    each.join()
os.write(answer, json.dumps([[each.exitcode for each in writers], left]).encode())
"""
"""Eight who record and two who read, each a process; says how the eight ended, and whether the two went on until then."""


@pytest.mark.parametrize("count", [16, pytest.param(1000, marks=pytest.mark.long)])
def test_of_figures_recorded_at_once_none_is_lost_and_none_is_there_twice(count: int, tmp_path: Path) -> None:
    """Lint and build run all the while, and never see half a file: each of their runs ends with 0."""
    files = {f"kpis/reading/{name}.yaml": KPI.format(name=name) for name in ("loans", "visits")}
    root = written(tmp_path, {"kpis/plan.yaml": PLAN, **files})
    crowd = subprocess.Popen(
        [sys.executable, "-c", CROWD, str(count)],
        cwd=root,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, said = crowd.communicate(timeout=LIMIT + count)
    finally:
        crowd.kill()  # the others end with it

    assert set(said.split("\n")) == {"once", ""}
    assert json.loads(out) == [[0] * 8, [True, True]]
    figures = [
        int(value)
        for name in files
        for value in re.findall(
            r"^      19.*: ([0-9]+)$", (root / name).read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert sorted(figures) == list(range(count))
    assert not list(root.rglob("*.tmp"))
