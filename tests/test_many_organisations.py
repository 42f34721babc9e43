"""The questions of docs/many-organisations.md, asked of this organisation and the hospital: SQL answers what boards ask."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from guides import DOCS, ROOT
from kpi.dataset.rows import organisation_id
from kpi.judge.judgement import judge
from kpi.store.exports import write_csv, write_parquet
from kpi.store.repository import load
from running import Kpi

duckdb = pytest.importorskip("duckdb")

HOSPITAL = ROOT / "docs/examples/hospital"
OWN = organisation_id(load(ROOT).plan.usable().organisation)

SQL = dict(
    re.findall(
        r"```sql\n-- ([^\n]+)\n(.*?)```",
        (DOCS / "many-organisations.md").read_text(encoding="utf-8"),
        re.DOTALL,
    )
)
QUESTIONS = [name for name in SQL if name != "views"]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("both")
    for repository in (load(ROOT), load(HOSPITAL)):
        assert repository.plan.plan is not None
        judgement = judge(repository.plan.plan, repository.kpis)
        name = organisation_id(repository.plan.plan.organisation)
        write_parquet(judgement, folder / "parquet/all" / name)
        write_csv(judgement, folder / "tables/all" / name)
    return folder


def ask(folder: Path, name: str, views: str) -> list[Any]:
    with duckdb.connect() as database:
        database.execute(views.replace("'all/", f"'{folder}/all/"))
        return list(database.execute(SQL[name]).fetchall())


@pytest.fixture(scope="module")
def answers(both: Path) -> dict[str, list[Any]]:
    return {name: ask(both / "parquet", name, SQL["views"]) for name in QUESTIONS}


def test_csv_gives_the_same_answers_as_parquet(both: Path, answers: dict[str, list[Any]]) -> None:
    views = re.sub(
        r"read_parquet\('all/\*/(\w+)/\*\*/\*\.parquet', hive_partitioning = true\)",
        r"read_csv('all/*/\1.csv')",
        SQL["views"],
    )
    for name in QUESTIONS:
        assert ask(both / "tables", name, views) == answers[name], name


def test_not_met_by_priority_adds_up_to_the_scorecard_s_count(
    answers: dict[str, list[Any]], kpi: Kpi
) -> None:
    breaches = json.loads(kpi("--root", ROOT, "breaches", "--format", "json").out)["breaches"]
    rows = [row for row in answers["worst by priority"] if row[0] == OWN]

    assert sum(row[2] for row in rows) == len({missed["measure"] for missed in breaches})


def test_every_question_has_an_answer_about_both(answers: dict[str, list[Any]]) -> None:
    for name in ("missed twice running", "worst by priority", "coverage"):
        assert {row[0] for row in answers[name]} == {
            OWN,
            "university-hospitals-birmingham",
        }
    assert all(row[5] > 0 for row in answers["late"])


@pytest.mark.long
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, which is not installed")
def test_spark_gives_the_same_answers(
    both: Path, answers: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    guide = (DOCS / "many-organisations.md").read_text(encoding="utf-8")
    (views,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", "--master local[2] --conf spark.ui.enabled=false pyspark-shell")
    monkeypatch.chdir(both / "parquet")
    names: dict[str, Any] = {}
    exec(views, names)  # noqa: S102 the guide's own lines
    try:
        for name in QUESTIONS:
            rows = names["spark"].sql(SQL[name].rstrip().rstrip(";")).collect()
            assert [tuple(row) for row in rows] == answers[name], name
    finally:
        names["spark"].stop()
