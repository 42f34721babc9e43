"""No test turns red by the calendar or by a figure: in July 2025, with the figures of two more years, all about the content pass."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from content.next_year import copy_with_next_years
from kpi.store.repository import load

ABOUT_THE_CONTENT = [
    "tests/content/test_content.py",
    "tests/content/test_content_words.py",
    "tests/content/test_dataset_content.py",
    "tests/content/test_docs_content.py",
    "tests/content/test_real_content.py",
    "tests/content/test_short_pages.py",
    "tests/test_this_repository.py",
]


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with the figures, and the pages made of them."""
    root = copy_with_next_years(tmp_path_factory.mktemp("later") / "repository")
    assert python(root, "-m", "kpi", "build").returncode == 0
    return root


def python(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a module of the copy's own."""
    paths = os.pathsep.join(map(str, (root / "tools", root / "tests")))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_figures_of_the_years_to_come_are_many(later: Path) -> None:
    new = [
        figure
        for kpi in load(later).kpis
        for measure in kpi.measures
        for figure in measure.observations
        if figure.period.end.year > 2024
    ]

    assert len(new) > 100


def test_the_tests_about_the_content_pass_in_the_years_to_come(later: Path) -> None:
    options = ["-q", "-p", "content.next_year", "-p", "no:cacheprovider", "-p", "no:randomly"]
    done = python(later, "-m", "pytest", *options, *ABOUT_THE_CONTENT)

    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_every_test_that_goes_with_the_content_is_among_them() -> None:
    here = Path(__file__).parent
    there = {f"tests/content/{path.name}" for path in here.glob("test_*.py")} - {
        f"tests/content/{Path(__file__).name}"
    }

    assert {name for name in ABOUT_THE_CONTENT if "/content/" in name} == there
