"""Whoever puts another organisation's files in place of `kpis/` has its pages at once, and no test of the program fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from repositories import committed

ROOT = Path(__file__).parent.parent
ASKING_THE_CONTENT = (
    "tests/content", "tests/judge/test_changes.py", "tests/test_cli.py", "tests/test_dataset.py", "tests/test_many_organisations.py", "tests/test_docs.py", "tests/test_docs_made.py",
    "tests/test_export.py", "tests/test_green.py", "tests/test_headline.py", "tests/test_hospital.py", "tests/test_page_links.py", "tests/test_pages.py", "tests/test_pages_accessible.py", "tests/test_page_words.py",
    "tests/test_paper.py", "tests/test_schema.py", "tests/test_this_repository.py", "tests/test_workflows.py",
)  # fmt: skip
"""The tests that read what stands under `kpis/` here, and pages made of it. The others make their own files."""


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the example's files in place of its own."""
    root = tmp_path_factory.mktemp("another") / "repository"
    left_out = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
    shutil.copytree(ROOT, root, ignore=left_out)
    shutil.rmtree(root / "kpis")
    shutil.copytree(root / "docs/examples/hospital/kpis", root / "kpis")
    committed(root)
    return root


def python(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a module of the copy's own."""
    paths = os.pathsep.join(map(str, (root / "tools", root / "tests")))
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=800,
    )


@pytest.mark.long
def test_with_another_organisation_s_files_the_scorecard_is_theirs_and_every_test_passes(
    hospital: Path,
) -> None:
    for step in ("lint", "build"):  # what make scorecard runs, once it is installed
        done = python(hospital, "kpi", step)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "A&amp;E" in (hospital / "docs/scorecard/README.md").read_text(encoding="utf-8")

    done = python(hospital, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *ASKING_THE_CONTENT)

    assert done.returncode == 0, done.stdout[-4000:]
    assert (
        "this is about the Police and Crime Plan of West Midlands Police, and kpis/plan.yaml is another plan"
        in done.stdout
    )


def test_the_tests_about_the_content_are_skipped_and_say_so_where_another_plan_stands(hospital: Path) -> None:
    done = python(hospital, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests/content")

    assert done.returncode == 5  # nothing was run
    number = len([*(hospital / "tests/content").glob("test_*.py")])
    assert f"SKIPPED [{number}] tests/conftest.py" in done.stdout
