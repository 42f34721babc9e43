"""pre-commit installs the hooks from a repository like this one, and runs them in another."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from repositories import WHO, committed
from small import LOANS, edited, written

pytestmark = [pytest.mark.external, pytest.mark.long]

ROOT = Path(__file__).parents[2]
PROGRAM = [
    ".pre-commit-hooks.yaml",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "tools",
    "schema",
    "tests/examples/rules",
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with what the package is built of, as it stands here."""
    folder = tmp_path_factory.mktemp("program")
    for name in PROGRAM:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, place)
    committed(folder)
    return folder


def tried(program: Path, figures: Path, hook: str) -> tuple[int, str]:
    """What pre-commit says of one hook in a repository of figures."""
    home = {"PRE_COMMIT_HOME": os.fspath(program.parent / "hooks")}
    command = [sys.executable, "-m", "pre_commit", "try-repo", os.fspath(program), hook, "--all-files"]
    done = subprocess.run(
        command, cwd=figures, env=os.environ | WHO | home, capture_output=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout


def test_a_mistake_stops_the_commit_and_right_figures_pass(program: Path, tmp_path: Path) -> None:
    written(tmp_path)
    committed(tmp_path)
    code, reported = tried(program, tmp_path, "kpi-lint")
    assert (code, "Passed" in reported) == (0, True), reported

    written(tmp_path, loans=edited(LOANS, "2021/22: 5200", "2021/22: 52O0"))
    committed(tmp_path)
    code, reported = tried(program, tmp_path, "kpi-lint")
    assert code == 1
    assert "kpis/reading/loans.yaml:22:16" in reported


def test_a_file_is_put_into_its_standard_form(program: Path, tmp_path: Path) -> None:
    written(tmp_path, loans=edited(LOANS, "title: Loans", "title:   Loans"))
    committed(tmp_path)
    code, reported = tried(program, tmp_path, "kpi-fmt")

    assert (code, "files were modified by this hook" in reported) == (1, True), reported
    assert "title: Loans\n" in (tmp_path / "kpis/reading/loans.yaml").read_text(encoding="utf-8")
    committed(tmp_path)
    assert tried(program, tmp_path, "kpi-fmt")[0] == 0
