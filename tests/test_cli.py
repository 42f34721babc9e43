"""The command line as a process: what it starts with, where its words go, and how it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from small import LOANS, edited, written

ROOT = Path(__file__).parent.parent

on_unix = pytest.mark.skipif(os.name == "nt", reason="Windows has other pipes, devices and signals")


def surroundings(**more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))
    }
    return kept | {"PYTHONPATH": str(ROOT / "tools")} | more


def kpi(
    *arguments: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kpi", *map(str, arguments)],
        cwd=cwd,
        env=surroundings(**(env or {})),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def ended(arguments: Sequence[str], stdout: int, **env: str) -> tuple[int | None, str]:
    """The exit code and stderr of a run whose result goes to a file descriptor."""
    done = subprocess.run(
        [sys.executable, "-m", "kpi", *arguments],
        cwd=ROOT,
        env=surroundings(**env),
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stderr


def test_the_version_is_told_without_loading_click_or_any_record() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kpi", "--version"],
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.split("\n")}

    assert done.stdout.startswith("kpi ")
    assert "kpi" in loaded
    assert not {"click", "kpi.model.kpi", "ruamel.yaml", "jsonschema", "tabulate"} & loaded


def test_a_clean_repository_is_checked_without_what_only_mistakes_and_tables_need(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kpi", "--root", written(tmp_path), "lint"],
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.split("\n")}

    assert "kpi.lint.engine" in loaded
    assert not {"jsonschema", "tabulate", "dataclasses", "kpi.pages.scorecard"} & loaded


def test_help_lists_every_command_in_order() -> None:
    done = kpi("--help")
    names = [line.split()[0] for line in done.stdout.partition("Commands:\n")[2].splitlines()]

    assert (done.returncode, done.stderr) == (0, "")
    assert names == [
        "init",
        "lint",
        "fmt",
        "record",
        "import",
        "template",
        "new",
        "build",
        "breaches",
        "list",
        "show",
        "diff",
        "export",
        "paper",
        "site",
        "notify",
        "upgrade",
        "explain",
    ]


@on_unix
@pytest.mark.parametrize("arguments", [["export"], ["export", "--format", "json"], ["--version"], ["--help"]])
def test_a_pipe_that_nobody_reads_ends_quietly(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert ended(arguments, writing) == (141, "")
    finally:
        os.close(writing)


@on_unix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_pipe_that_is_closed_half_way_ends_quietly(unbuffered: str, tmp_path: Path) -> None:
    from bench.repository import make

    with subprocess.Popen(
        [sys.executable, "-m", "kpi", "export", "--format", "json"],
        cwd=make(tmp_path, 60, mistakes=False),  # more than a pipe holds
        env=surroundings(PYTHONUNBUFFERED=unbuffered),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"{"
        process.stdout.close()

        assert process.stderr.read() == b""
        assert process.wait() == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["list"], ["--version"], ["lint", "--format", "json"]])
def test_a_full_disk_is_one_sentence(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        assert ended(arguments, full.fileno()) == (
            3,
            "kpi: The result can't be written: No space left on device.\n",
        )


@on_unix
def test_a_stdout_that_was_closed_before_the_start_is_no_trouble() -> None:
    for command in ("list >&-", "--version >&-", "bild >&- 2>&-"):
        done = subprocess.run(
            ["sh", "-c", f"exec '{sys.executable}' -m kpi {command}"],
            cwd=ROOT,
            env=surroundings(),
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (2 if "bild" in command else 0, "")


@on_unix
def test_ctrl_c_ends_with_130_and_says_nothing() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "kpi", "export", "--format", "json"],
        cwd=ROOT,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)  # it has begun to write, and now waits for a reader of the rest
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)

        assert process.wait() == 130
        assert process.stderr.read() == b""


NO_UNICODE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@on_unix
def test_a_terminal_without_unicode_is_shown_numbers(tmp_path: Path) -> None:
    master, slave = os.openpty()
    try:
        root = written(tmp_path / "Bücherei")
        assert ended(["--root", str(root), "show", "opening-hours"], slave, **NO_UNICODE) == (0, "")
        document = os.read(master, 10_000)
    finally:
        os.close(slave)
        os.close(master)

    assert document.isascii()
    assert b"Better \\u25b2 up 4 hours" in document


@pytest.mark.parametrize("env", [NO_UNICODE, {"PYTHONIOENCODING": "cp1252"}], ids=["C", "cp1252"])
def test_files_and_pipes_get_utf_8_on_any_machine(env: dict[str, str], tmp_path: Path) -> None:
    root = written(tmp_path / "Bücherei", loans=edited(LOANS, "Games are", "Größe 🎲 is"))
    commands = "['export'], ['show', 'loans'], ['breaches'], ['lint']"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"from kpi.__main__ import run\nfor command in {commands}: print(run(command))",
        ],
        cwd=root,
        env=surroundings(**env),
        capture_output=True,
        check=True,
    )
    said = done.stdout.decode()

    assert done.stderr == b""
    assert re.findall(r"^\d$", said, re.MULTILINE) == ["0"] * 4
    assert "\r" not in said
    assert "\\u" not in said
    assert said.count("Größe 🎲") > 1


def test_it_finds_the_repository_from_a_folder_inside_it(tmp_path: Path) -> None:
    written(tmp_path)
    done = kpi("list", "--format", "json", cwd=tmp_path / "kpis" / "people")

    assert (done.returncode, done.stderr) == (0, "")
    assert '"loans"' in done.stdout


def test_without_a_repository_it_says_what_to_do(tmp_path: Path) -> None:
    done = kpi("lint", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kpi: There is no kpis/ folder in ")
    assert done.stderr.endswith(" Run this in the repository, or give --root. kpi init creates a new one.\n")
