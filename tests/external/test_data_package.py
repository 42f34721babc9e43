"""An independent program finds nothing wrong with the Data Package of an export."""

from pathlib import Path

import pytest

from guides import ROOT
from kpi.judge.judgement import judge
from kpi.store.exports import write_csv
from kpi.store.repository import load
from small import PLAN, written

LICENCE = 'publisher: The council\nlicence: {title: Our terms, url: "https://example.org/terms"}\n'
pytestmark = pytest.mark.external


@pytest.mark.parametrize("name", ["police", "hospital", "small"])
def test_frictionless_finds_nothing(name: str, tmp_path: Path) -> None:
    from frictionless import validate

    root = {"police": ROOT, "hospital": ROOT / "docs/examples/hospital"}.get(name) or written(
        tmp_path / name, plan=f"{LICENCE}{PLAN}"
    )
    repository = load(root)
    assert repository.plan.plan is not None
    write_csv(judge(repository.plan.plan, repository.kpis), tmp_path / "tables")
    report = validate(str(tmp_path / "tables/datapackage.json"))

    assert report.valid, report.to_summary()
    assert len(report.tasks) == 9


def test_it_would_find_a_figure_without_its_measure(tmp_path: Path) -> None:
    from frictionless import validate

    repository = load(written(tmp_path / "small"))
    assert repository.plan.plan is not None
    write_csv(judge(repository.plan.plan, repository.kpis), tmp_path / "tables")
    measures = tmp_path / "tables/measures.csv"
    lines = measures.read_text(encoding="utf-8").splitlines(keepends=True)
    measures.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")

    assert not validate(str(tmp_path / "tables/datapackage.json")).valid
