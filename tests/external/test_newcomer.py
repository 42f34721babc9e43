"""A newcomer: an empty home, no settings, only the wheel. It needs the index for the packages that the program runs with."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guides import DOCS, ROOT
from test_own_organisation import commands

pytestmark = pytest.mark.external
OWN = (DOCS / "your-own.md").read_text(encoding="utf-8")


def test_from_nothing_to_one_s_own_scorecard_takes_ten_commands_and_a_few_minutes(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    ((name, table),) = re.findall(r"```csv (\S+)\n(.*?)```", OWN, re.DOTALL)
    (work / name).write_text(table, encoding="utf-8")
    results = {
        name: os.environ[name]
        for name in ("PIP_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONFIG_FILE")
        if name in os.environ
    }
    surroundings = {"HOME": str(home), "PATH": os.environ["PATH"], **results}
    start, seconds = time.monotonic(), []
    for line in commands(OWN):
        words = shlex.split(
            line.replace("kpi-as-code", str(wheel)).replace("python3 ", f"{sys.executable} ", 1)
        )
        if words[0] == "git":
            words[1:1] = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        done = subprocess.run(words, cwd=work, env=surroundings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        seconds.append(f"{time.monotonic() - start:.0f} s: {line}")
    print("\n".join(seconds))

    assert len(seconds) <= 10
    assert "Homelessness prevented" in (work / "docs/scorecard/README.md").read_text(encoding="utf-8")
