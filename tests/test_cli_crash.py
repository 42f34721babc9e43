"""A bug in the program is no finding: it has an exit code, an annotation and a place in the summary of its own."""

import sys
from pathlib import Path

import pytest

from rendered import read_page
from repositories import committed
from runner import commands
from running import Kpi
from small import written
from test_workflows import LINT, MEANING, PAGES, Ran, shell

HOSTILE = "x\n::error file=x::pwned\n##[error]pwned\n\u202e<img src=x>"
BUG = f"""\
exec "{sys.executable}" - "$@" <<'END'
import kpi.store.repository, kpi.lint.engine
from kpi.__main__ import main
def stop(*_, **__): raise LookupError({HOSTILE!r})
kpi.store.repository.load = kpi.lint.engine.lint = stop
import kpi.lint.changes, kpi.store.versions
kpi.lint.changes.lint_change = kpi.store.versions.read_versions = stop
main()
END"""
"""Shell that runs `kpi` with a bug in it."""


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise LookupError(HOSTILE)

    monkeypatch.setattr("kpi.lint.engine.lint", stop)
    monkeypatch.setattr("kpi.store.repository.walk", stop)


@pytest.mark.usefixtures("bug")
@pytest.mark.parametrize("command", [["lint"], ["build", "--check"], ["list"], ["breaches"]], ids=" ".join)
def test_a_bug_is_a_traceback_and_not_the_code_of_findings(
    kpi: Kpi, tmp_path: Path, command: list[str]
) -> None:
    written(tmp_path)
    done = kpi(*command)

    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("Traceback (most recent call last):\n")
    assert "in stop\n" in done.err
    assert done.err.endswith(
        "\nkpi: This is a bug in kpi, not a mistake in the files. Please report it with the lines above.\n"
    )


@pytest.mark.usefixtures("bug")
@pytest.mark.parametrize("command", [["lint"], ["build", "--check"]], ids=" ".join)
def test_in_a_workflow_a_bug_is_one_annotation_and_its_traceback_holds_no_command(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    written(tmp_path)
    done = kpi(*command)
    annotation, pause = commands(done.out + done.err)

    assert done.code == 3
    assert (annotation.name, annotation.properties, pause.name) == (
        "error",
        {"title": "kpi"},
        "stop-commands",
    )
    assert annotation.data.startswith("This is a bug in kpi, not a mistake in the files. LookupError: ")
    assert "\u202e" not in annotation.data
    assert "Traceback" in done.err


@shell
@pytest.mark.parametrize("step", [LINT, MEANING, PAGES])
def test_each_step_of_the_check_says_once_that_it_could_not_work(tmp_path: Path, step: str) -> None:
    root = written(tmp_path)
    committed(root)
    committed(root, "On top")
    ran = Ran(root, step, BUG, "refs/pull/7/merge")
    reported = [command for command in commands(ran.log) if command.name != "stop-commands"]

    assert ran.code == 3
    assert [item.name for item in reported] == ["error"]
    assert reported[0].data.endswith("The log of this step says why.")
    assert "LookupError" in ran.log


@shell
def test_the_summary_says_that_the_figures_were_not_checked_and_why(tmp_path: Path) -> None:
    summary = Ran(written(tmp_path), LINT, BUG).summary

    assert summary.startswith("\n## Lint\n\nThe figures were not checked, and this is no finding.")
    assert "LookupError" in summary
    assert {tag for tag, _ in read_page(summary).tags} == {"h2", "p", "pre", "code"}
