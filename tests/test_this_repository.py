"""This repository itself: its files are clean, and its committed pages are what its figures say."""

import os
from pathlib import Path

import pytest

from kpi.cli.context import today
from kpi.lint.engine import lint
from kpi.lint.reporters import text
from kpi.model.finding import ERROR
from kpi.store.output import MANIFEST, stale
from small import scorecard

ROOT = Path(__file__).parent.parent

not_on_github = pytest.mark.skipif(
    os.environ.get("GITHUB_ACTIONS") == "true",
    reason="nobody need commit the pages: the workflow Publish does; the check tells of stale ones in a notice",
)


def test_lint_finds_no_error_here() -> None:
    """On the day that it is: warnings may come with time, such as that a figure is overdue."""
    report = lint(ROOT, today())

    assert [finding for finding in report.findings if finding.severity == ERROR] == [], text(report)
    assert report.unchecked == ()
    assert len(report.paths) > 1


@not_on_github
def test_the_committed_pages_are_what_the_figures_say() -> None:
    assert stale(ROOT, scorecard(ROOT)[2]) == [], "Run make scorecard, and commit docs/scorecard/."


@not_on_github
def test_nothing_but_generated_pages_stands_in_the_scorecard_s_folder() -> None:
    folder = ROOT / "docs" / "scorecard"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert there == {MANIFEST, *(folder / MANIFEST).read_text(encoding="utf-8").splitlines()}
