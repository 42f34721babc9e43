"""The example of a second organisation, as of its edition: it has no error, its pages are current, and each says what it is."""

import json
import shutil
from pathlib import Path

from running import Kpi

ROOT = Path(__file__).parent.parent
HOSPITAL = ROOT / "docs" / "examples" / "hospital"
EDITION = "2019-05-14"


def copied(folder: Path) -> Path:
    """The example, away from its repository."""
    return Path(shutil.copytree(HOSPITAL, folder / "hospital"))


def test_the_example_has_no_finding_on_the_day_of_its_edition(tmp_path: Path, kpi: Kpi) -> None:
    done = kpi("--root", str(copied(tmp_path)), "--as-of", EDITION, "lint")
    assert (done.code, done.out) == (0, "Nothing to fix. 6 files checked.\n")


def test_its_pages_are_those_that_its_files_make(tmp_path: Path, kpi: Kpi) -> None:
    done = kpi("--root", str(copied(tmp_path)), "build", "--check")
    assert done.code == 0, done.out


def test_each_series_of_months_has_a_sparkline_of_less_than_700_bytes() -> None:
    sparklines = list((HOSPITAL / "docs" / "scorecard" / "sparklines").rglob("*.svg"))
    assert len(sparklines) == 8
    assert max(path.stat().st_size for path in sparklines) < 700


def test_every_page_says_that_it_is_an_example() -> None:
    pages = sorted((HOSPITAL / "docs" / "scorecard").rglob("*.md"))
    assert len(pages) > 8
    assert [page.name for page in pages if "xample" not in page.read_text(encoding="utf-8")] == []


def test_the_readme_leads_to_it() -> None:
    assert "docs/examples/hospital/docs/scorecard/README.md" in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )


def test_the_newest_month_of_each_trust_is_told_by_its_chart_and_a_merger_ends_one(
    kpi: Kpi, tmp_path: Path
) -> None:
    document = json.loads(kpi("--root", str(copied(tmp_path)), "export", "--format", "json").out)
    (waits,) = [item for item in document["kpis"] if item["kpi"] == "four-hours"]
    results = {wait["measure"]: wait["judgement"]["directions"][0] for wait in waits["measures"]}

    assert {name: each["class"] for name, each in results.items()} == {
        "rje": "better", "rl4": "better", "rwp": "better", "rxw": "no clear change", "rrk": "can't be told",
    }  # fmt: skip
    assert {
        name: each["chart"]["season"] for name, each in results.items() if each["chart"]
    } == dict.fromkeys(("rje", "rl4", "rwp", "rxw"), True)
    assert results["rrk"]["reason"] == "not comparable (break)"
