"""docs/your-own.md and docs/other-ci.md: every command in them is run, in order, from an empty folder."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from guides import DOCS
from repositories import WHO, committed, git
from running import Done, Kpi

OWN = (DOCS / "your-own.md").read_text(encoding="utf-8")
CI = (DOCS / "other-ci.md").read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    """The lines of the blocks for a shell."""
    return [
        line for block in re.findall(r"```shell\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]


def run(line: str, folder: Path, kpi: Kpi) -> Done:
    """Run a line of a document: `kpi` inside this process, and all else as a program."""
    program, *words = shlex.split(line)
    if program == ".venv/bin/kpi":
        return kpi(*words)
    surroundings = os.environ | WHO | {"HOME": str(folder / "home")}
    done = subprocess.run(
        [program, *words], cwd=folder, env=surroundings, capture_output=True, encoding="utf-8", check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_at_most_ten_commands_lead_to_one_s_own_scorecard(tmp_path: Path, kpi: Kpi) -> None:
    (name, table), *others = re.findall(r"```csv (\S+)\n(.*?)```", OWN, re.DOTALL)
    (tmp_path / name).write_text(table, encoding="utf-8")
    lines = commands(OWN)
    until_built = lines[: lines.index(".venv/bin/kpi build") + 1]
    printed = ""

    assert (others, len(lines) <= 10, len(until_built)) == ([], True, 5)
    for line in lines:
        if line.startswith(("python3 -m venv", ".venv/bin/pip")):
            continue  # tests/external/test_newcomer.py does these
        done = run(line, tmp_path, kpi)
        assert done.code == 0, (line, done)
        printed += done.out
    (reported,) = re.findall(r"```text\n(.*?)```", OWN, re.DOTALL)
    assert reported in printed
    page = (tmp_path / "docs/scorecard/README.md").read_text(encoding="utf-8")
    assert all(title in page for title in ("Homelessness prevented", "Missed bins per 100000 collections"))
    assert git(tmp_path, "log", "--format=%s") == "Our first scorecard"
    assert not git(tmp_path, "ls-files", ".venv")


Shell = Callable[[str], Done]


@pytest.fixture
def shell(kpi: Kpi) -> Shell:
    """Runs a line of a document that starts with `kpi` inside this process, in the test's own folder."""

    def run_inside(line: str) -> Done:
        program, *words = shlex.split(line)
        assert program == "kpi", line
        return kpi(*words)

    return run_inside


def test_what_the_document_says_beside_can_be_done_too(shell: Shell) -> None:
    inline = re.findall(r"`(?:\.venv/bin/)?(kpi template [^`]+)`", OWN)

    assert inline
    for line in inline:
        assert shell(line).code == 0
    assert shell("kpi init").code == 0


def test_the_commands_for_another_ci_are_right(shell: Shell, tmp_path: Path) -> None:
    assert shell("kpi init").code == 0
    assert shell("kpi build").code == 0
    committed(tmp_path)
    git(tmp_path, "branch", "origin/main")
    table = re.findall(r"^\| [^|]+ \| `(kpi [^`]+)`", CI, re.MULTILINE)
    lines = [*table, *(line for line in commands(CI) if line.startswith("kpi "))]

    assert len(lines) >= 8
    for line in lines:
        done = shell(line)
        assert done.code == 0, (line, done)


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", CI, re.DOTALL), ids=["gitlab", "azure"])
def test_the_settings_for_another_ci_are_yaml_whose_commands_are_right(
    block: str, shell: Shell, tmp_path: Path
) -> None:
    values = YAML(typ="safe", pure=True).load(block)
    lines = (
        values["check"]["script"]
        if "check" in values
        else [step["script"] for step in values["steps"] if "script" in step]
    )
    shell("kpi init")
    committed(tmp_path)
    git(tmp_path, "branch", "origin/main")

    results = [
        line.partition(" | ")[0].replace("$CI_DEFAULT_BRANCH", "main")
        for line in lines
        if line.startswith("kpi ")
    ]
    assert len(results) == 2
    assert [shell(line).code for line in results] == [0, 0]
