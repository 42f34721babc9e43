"""Whole pages, one for each kind of KPI, as files: what a change of the program does to them is seen in its diff.

`tests/pages/kpis/` is a made-up town, `tests/pages/scorecard/` its pages.
"""

from pathlib import Path

import pytest

from conftest import Golden
from rendered import read_page
from small import scorecard

TOWN = Path(__file__).parent / "pages"
GOLDEN = TOWN / "scorecard"
PAGES = {name: text for name, text in scorecard(TOWN)[2].items() if name.endswith(".md")}


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_is_as_it_was(name: str, golden: Golden) -> None:
    golden(GOLDEN / name, PAGES[name])


def test_no_page_is_left_over() -> None:
    assert {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.md")} == set(PAGES)


def test_a_table_that_a_narrow_screen_should_hold_has_at_most_three_columns() -> None:
    for name in ("breaches.md", "about.md"):
        wide = [table[0] for table in read_page(PAGES[name]).tables if len(table[0]) > 3]
        assert [header for header in wide if header[-1] != "All KPIs"] == [], name
