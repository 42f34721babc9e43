"""What the questions of docs/many-organisations.md find in the edition of the first content."""

from pathlib import Path

from content.edition import edition
from kpi.store.exports import write_parquet
from test_many_organisations import SQL, ask


def test_nine_targets_of_the_police_were_missed_twice_running(tmp_path: Path) -> None:
    write_parquet(edition(), tmp_path / "all/police")

    actual = ask(tmp_path, "missed twice running", SQL["views"])

    assert ask(tmp_path, "one KPI", SQL["views"])
    assert len({row[2] for row in actual}) == 9
    assert all(row[3] in {"2021/22", "2022/23"} for row in actual)
