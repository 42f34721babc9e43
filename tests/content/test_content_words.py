"""What pages, exports and imports say of this content: it goes with the content, like the paper it is held to."""

import json
import re
import shutil
from pathlib import Path

import pytest

from content.edition import edition
from kpi.judge.judgement import Judgement
from kpi.pages.export_json import breaches_json
from kpi.pages.scorecard import scorecard_pages
from kpi.store.repository import load
from test_export import rows
from test_import_laws import figures, holds

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def real() -> Judgement:
    """The first content as it was at its edition: figures that came later change nothing here."""
    return edition()


@pytest.fixture(scope="module")
def pages(real: Judgement) -> dict[str, str]:
    """The edition's pages."""
    return scorecard_pages(real, {})


def test_nine_kpis_have_no_figures(real: Judgement) -> None:
    assert sum(kpi.kpi.no_figures is not None for kpi in real.kpis) == 9


@pytest.mark.parametrize(
    ("kpi", "priority"),
    [
        ("da-repeat", "reducing-crime"),
        ("civil-protection-orders", "reducing-crime"),
        ("fraud-outcomes", "reducing-crime"),
        ("workforce-representation", "confidence"),
        ("victim-satisfaction", "confidence"),
    ],
)
def test_the_doubts_of_the_paper_stand_beside_better_and_worse(
    pages: dict[str, str], kpi: str, priority: str
) -> None:
    rows = pages[f"{priority}.md"].partition(f"(kpis/{kpi}.md)")[2].partition("(kpis/")[0]

    assert re.search("(?:Better|Worse|Can't be told: figure queried).*; see the note", rows)


def test_two_or_three_figures_have_a_chart_and_no_sparkline(pages: dict[str, str]) -> None:
    assert sum(name.startswith("charts/") for name in pages) > 50
    assert not any(name.startswith("sparklines/") for name in pages)


def test_every_figure_of_the_paper_and_every_derived_share_is_a_row(real: Judgement) -> None:
    reported = rows(real)

    assert len(reported) == 354
    assert [row["derived"] for row in reported].count("yes") == 5
    assert len({(row["kpi"], row["measure"], row["area"], row["period"]) for row in reported}) == 354


def test_a_missed_measure_shown_in_two_kpis_is_listed_under_each(real: Judgement) -> None:
    reported = json.loads(breaches_json(real))["breaches"]

    assert {item["kpi"] for item in reported if item["measure"] == "robbery-personal"} == {
        "neighbourhood-crime",
        "knife-crime-and-robbery",
    }
    assert len(reported) == 12


def test_the_real_figures_come_back_with_their_peers(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "kpis", tmp_path / "kpis")
    before = load(tmp_path)

    assert sum(len(series) for series in figures(before).values()) > 340
    assert any(area for _, _, area in figures(before))
    holds(tmp_path)
