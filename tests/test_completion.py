"""What Tab puts in: asked directly, as the shells' scripts do, and through a real bash."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi.cli.main import COMMANDS
from kpi.rules import RULES
from running import Kpi
from small import LOANS, edited, written
from test_cli import ROOT, surroundings

SHELLS = ["bash", "zsh", "fish"]


Completer = Callable[..., list[str]]
"""What a shell is told for a line, in a folder; the last word is the one being typed."""


@pytest.fixture
def complete(kpi: Kpi, monkeypatch: pytest.MonkeyPatch) -> Completer:
    """Asks the program as the shells' scripts do, in this process. The scripts' own processes are below, with a real bash."""

    def ask(words: str, cwd: Path, shell: str = "bash") -> list[str]:
        typed = words.rpartition(" ")[2]
        number = len(words.split(" ")) - 1
        monkeypatch.chdir(cwd)
        monkeypatch.setenv("_KPI_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", typed if shell == "fish" else str(number))
        done = kpi()
        assert done.err == ""
        return done.out.split()

    return ask


def plain(*words: str) -> list[str]:
    return [f"plain,{word}" for word in words]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return written(tmp_path)


def test_commands_come_in_the_order_of_the_help(complete: Completer, root: Path) -> None:
    assert complete("kpi ", root) == plain(*COMMANDS)
    assert complete("kpi sh", root) == plain("show")


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        ("kpi lint --str", plain("--strict")),
        ("kpi breaches --format ", plain("markdown", "json")),
        ("kpi --color a", plain("auto", "always")),
        ("kpi lint kpis/", ["file,kpis/"]),
        ("kpi --root ", ["file,"]),
        ("kpi show l", plain("loans")),
        ("kpi --as-of 2024-01-01 show s", plain("satisfaction", "staff", "school-links")),
        ("kpi explain out", plain("outlier-jump")),
        ("kpi explain at_", plain("at_least", "at_most")),
        ("kpi zzz ", []),
        ("kpi --as-of nonsense show l", plain("loans")),
    ],
)  # fmt: skip
def test_what_may_stand_there_is_offered(
    complete: Completer, root: Path, words: str, reported: list[str]
) -> None:
    assert sorted(complete(words, root)) == sorted(reported)


def test_every_rule_is_offered(complete: Completer, root: Path) -> None:
    assert set(plain(*(rule.name for rule in RULES))) <= set(complete("kpi explain ", root))


def test_kpis_come_from_the_repository_that_was_named(complete: Completer, root: Path) -> None:
    assert complete(f"kpi --root {root.as_posix()} show lo", ROOT) == plain("loans")


@pytest.mark.parametrize("words", ["kpi show ", "kpi --root nowhere show ", "kpi --root kpis show "])
def test_outside_a_repository_nothing_is_offered_and_nothing_is_said(
    complete: Completer, tmp_path: Path, words: str
) -> None:
    assert complete(words, tmp_path) == []


def test_broken_files_are_offered_too(complete: Completer, root: Path) -> None:
    (root / "kpis/plan.yaml").write_text("a: [\n", encoding="utf-8")
    (root / "kpis/reading/loans.yaml").write_text(
        edited(LOANS, "title: Loans", "titel Loans"), encoding="utf-8"
    )
    (root / "kpis/reading/Odd Name.yaml").write_bytes(b"\xff\x00")

    assert complete("kpi show lo", root) == plain("loans")


@pytest.mark.parametrize("instruction", ["bash", "bash_nonsense", "tcsh_complete", ""])
def test_a_shell_that_asks_wrongly_is_told_nothing(
    kpi: Kpi, root: Path, instruction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("_KPI_COMPLETE", instruction)

    assert kpi() == (1, "", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_a_script_and_gets_its_answers(complete: Completer, root: Path, shell: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kpi"],
        env=surroundings(_KPI_COMPLETE=f"{shell}_source"),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert f"_KPI_COMPLETE={shell}_complete" in done.stdout
    assert "loans" in " ".join(complete("kpi show lo", root, shell))


def test_a_word_with_the_variable_set_is_an_ordinary_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kpi", "--version"],
        env=surroundings(_KPI_COMPLETE="bash_complete"),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.startswith("kpi ")


@pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("kpi show lo", "loans"),
        ("kpi li", "lint list"),
        ("kpi breaches --fail-on ", "red amber"),
        ("kpi explain KP", ""),
    ],
)
def test_bash_puts_in_what_it_is_told(root: Path, words: str, reply: str) -> None:
    bin_ = root / "bin"
    bin_.mkdir()
    (bin_ / "kpi").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kpi "$@"\n', encoding="utf-8")
    (bin_ / "kpi").chmod(0o755)
    script = f"""
eval "$(_KPI_COMPLETE=bash_source kpi)"
complete -p kpi
line='{words}'
IFS=' ' read -r -a COMP_WORDS <<< "$line"
[ "${{line% }}" = "$line" ] || COMP_WORDS+=("")
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_kpi_completion kpi
echo "${{COMPREPLY[*]}}"
"""
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=root,
        env=surroundings(PATH=f"{bin_}{os.pathsep}{os.environ['PATH']}"),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.splitlines() == ["complete -o nosort -F _kpi_completion kpi", reply]
    assert done.stderr == ""
