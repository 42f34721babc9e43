"""`kpi show` on a terminal and in a pipe: the same words, with colour and blocks as extras."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from running import Kpi
from small import LOANS, SATISFACTION, edited, written
from test_cli import NO_UNICODE, ended, on_unix, surroundings

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


def on_a_terminal(*arguments: str, **env: str) -> str:
    """What a command prints on a terminal."""
    master, slave = os.openpty()
    try:
        assert ended(arguments, slave, **env) == (0, "")
        document = os.read(master, 20_000)
    finally:
        os.close(slave)
        os.close(master)
    return document.decode("utf-8").replace("\r\n", "\n")


UNICODE = {"LC_ALL": "C.UTF-8", "TERM": "xterm", "COLUMNS": "200"}


@on_unix
def test_a_terminal_colours_the_status_and_nothing_else(kpi: Kpi, tmp_path: Path) -> None:
    root = str(written(tmp_path))
    shown = on_a_terminal("--root", root, "show", "loans", **UNICODE)

    assert shown.startswith("Loans\n\x1b[31mOff target\x1b[0m, as of 15 May 2024\n")
    assert "\n  Status: \x1b[31mOff target\x1b[0m (red, no clear change)\n" in shown
    assert len(ESCAPE.findall(shown)) == 4
    assert ESCAPE.sub("", shown) == kpi("--root", root, "show", "loans").out


@on_unix
@pytest.mark.parametrize("how", ["NO_COLOR", "--color"])
def test_a_terminal_that_wants_no_colour_gets_none(kpi: Kpi, how: str, tmp_path: Path) -> None:
    root = str(written(tmp_path))
    wish, env = ((), {"NO_COLOR": "1"}) if how == "NO_COLOR" else (("--color", "never"), {})
    shown = on_a_terminal("--root", root, "show", "loans", *wish, **UNICODE, **env)

    assert "\x1b" not in shown
    assert shown == kpi("--root", root, "show", "loans").out


@on_unix
def test_a_narrow_terminal_gets_the_same_words_on_more_lines(kpi: Kpi, tmp_path: Path) -> None:
    root = str(written(tmp_path))
    narrow = on_a_terminal("--root", root, "show", "loans", "--color", "never", **UNICODE | {"COLUMNS": "50"})
    piped = kpi("--root", root, "show", "loans").out

    assert max(map(len, piped.split("\n"))) > 50 >= max(map(len, narrow.split("\n")))
    assert narrow.split() == piped.split()
    assert re.search(r"\n  Trend: [^\n]*\n    \S", narrow)


@on_unix
def test_a_terminal_without_unicode_gets_a_sparkline_of_ascii(tmp_path: Path) -> None:
    shown = on_a_terminal("--root", str(written(tmp_path)), "show", "loans", "--color", "never", **NO_UNICODE)

    assert shown.isascii()
    assert "\n  Latest: 4,800 [p] (2023/24)  _#++\n" in shown


def test_a_pipe_gets_plain_bytes_with_the_sparkline_beside_the_latest_figure(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kpi", "--root", written(tmp_path), "show", "loans/all"],
        env=surroundings(TERM="xterm"),
        capture_output=True,
        check=True,
    )

    assert b"\x1b" not in done.stdout
    assert b"\r" not in done.stdout
    assert "\n  Latest: 4,800 [p] (2023/24)  ▁█▆▆\n".encode() in done.stdout


@pytest.mark.parametrize(
    ("status", "loans"),
    [("\x1b[32mMet\x1b[0m (green)", edited(LOANS, "value: 4800", "value: 5200"))],
)
def test_green_is_green_where_colour_is_asked_for(status: str, loans: str, tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path, loans=loans)

    assert f"  Status: {status}\n" in kpi("show", "loans", "--color", "always").out


def test_no_text_of_a_file_can_colour_itself(tmp_path: Path, kpi: Kpi) -> None:
    evil = edited(SATISFACTION, "title: Time at the desk", 'title: "Status: \\e[31mMissed (red"')
    written(tmp_path, satisfaction=evil)
    output = kpi("show", "satisfaction", "--color", "always").out

    assert "‹U+001B›[31mMissed (red" in output
    assert {"\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[0m"} >= set(ESCAPE.findall(output))


def test_a_measure_without_figures_has_no_latest_line(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)
    output = kpi("show", "staff/trained").out

    assert "Latest:" not in output
    assert "  Status: Awaiting data\n" in output


def test_a_gap_and_a_break_are_gaps_in_the_sparkline(tmp_path: Path, kpi: Kpi) -> None:
    gappy = edited(edited(LOANS, "      2021/22: 5200\n", ""), "marks: [provisional]", "marks: [break]")
    written(tmp_path, loans=gappy)

    assert "  Latest: 4,800 [b] (2023/24)  ▁ █ ▇\n" in kpi("show", "loans").out


def test_the_list_has_the_figure_of_the_measure_that_gives_the_status(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)
    lines = {line.split()[0]: line for line in kpi("list").out.splitlines() if line}

    assert re.fullmatch(r"loans +Off target +4,800 \[p\] \(2023/24\) +Loans: .+, and \d more", lines["loans"])


def test_a_kpi_is_found_by_its_title_as_in_a_table(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)

    assert kpi("show", "opening hours").out == kpi("show", "opening-hours").out
    assert kpi("show", "Loans").out == kpi("show", "LOANS").out == kpi("show", "loans").out
