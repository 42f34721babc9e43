"""`kpi list --overdue`: which figures are late today, since when, and who answers for them."""

import json
from datetime import date
from pathlib import Path

import pytest

from rendered import read_page
from running import Kpi
from small import HOURS, LOANS, PLAN, VISITS, edited, written

MONTHLY = edited(VISITS, "better: higher", "better: higher\nfrequency: monthly\nlag: 2 weeks\nowner: head")
YEARLY = edited(LOANS, "owner: head", "frequency: annual")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small repository, where visits come monthly and loans yearly, on 20 May 2024."""
    monkeypatch.setattr("kpi.cli.context.today", lambda: date(2024, 5, 20))
    return written(tmp_path, visits=MONTHLY, loans=YEARLY)


@pytest.mark.usefixtures("root")
def test_a_late_figure_is_told_with_its_day_and_its_owner(kpi: Kpi) -> None:
    assert kpi("list", "--overdue") == (
        0,
        """\
1 figure is overdue on 20 May 2024.
Measure        Newest figure  Next was due  Late by  Owner
visits/visits  March 2024     14 May 2024   6 days   Head of Libraries
""",
        "",
    )


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("day", "late"), [("2024-05-14", 0), ("2024-05-15", 1), ("2025-03-31", 1), ("2025-04-01", 5)]
)
def test_a_figure_is_late_from_the_day_after_it_was_due(kpi: Kpi, day: str, late: int) -> None:
    document = json.loads(kpi("list", "--overdue", "--as-of", day, "--format", "json").out)

    assert (document["as_of"], len(document["overdue"])) == (day, late)


@pytest.mark.usefixtures("root")
def test_the_latest_stands_first_and_nobody_is_named_where_nobody_is(kpi: Kpi) -> None:
    reported = json.loads(kpi("list", "--overdue", "--as-of", "2025-04-30", "--format", "json").out)[
        "overdue"
    ]

    assert [item["measure"] for item in reported] == ["visits", "all", "books", "other", "share-of-books"]
    assert reported[1] == {
        "kpi": "loans",
        "kpi_title": "Loans",
        "priority": "reading",
        "measure": "all",
        "measure_title": "All items",
        "next_end": "2025-03-31",
        "due": "2025-03-31",
        "days_late": 30,
        "owner": None,
        "owner_name": None,
    }
    assert "nobody is named" in kpi("list", "--overdue", "--as-of", "2025-04-30").out


def test_a_measure_that_two_kpis_show_is_late_once(kpi: Kpi, root: Path) -> None:
    written(
        root, visits=MONTHLY, loans=YEARLY, opening_hours=edited(HOURS, "[loans/books]", "[visits/visits]")
    )

    assert kpi("list", "--overdue").out.startswith("1 figure is overdue")


@pytest.mark.usefixtures("root")
def test_nothing_late_is_said_and_so_is_that_nothing_can_be_late(kpi: Kpi, tmp_path: Path) -> None:
    assert kpi("list", "--overdue", "--as-of", "2024-05-01").out == "No figure is overdue on 1 May 2024.\n"
    written(tmp_path)
    assert kpi("list", "--overdue").out == (
        "No figure can be overdue: no measure says how often its figures come.\n"
    )


def test_markdown_shows_what_people_wrote_as_plain_text(kpi: Kpi, root: Path) -> None:
    hostile = "<img src=x> @admin [x](javascript:y) | z"
    written(
        root,
        plan=edited(PLAN, "head: Head of Libraries", f'head: "{hostile}"'),
        visits=edited(MONTHLY, "title: Visits\ndefinition", f'title: "{hostile}"\ndefinition'),
    )
    output = kpi("list", "--overdue", "--format", "markdown").out

    assert output.startswith("## Overdue figures\n\n1 figure is overdue on 20 May 2024.\n\n| KPI |")
    assert {tag for tag, _ in read_page(output).tags} == {
        "h2",
        "p",
        "span",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert output.count("\n| ") == 3
    assert all(line.count(" | ") == 4 for line in output.splitlines() if line.startswith("| "))


@pytest.mark.usefixtures("root")
def test_without_overdue_there_is_no_markdown(kpi: Kpi) -> None:
    done = kpi("list", "--format", "markdown")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kpi: --format markdown goes with --overdue. ")


def test_a_file_with_errors_is_named_and_the_rest_is_told(kpi: Kpi, root: Path) -> None:
    (root / "kpis/people/staff.yaml").write_text("a: [", encoding="utf-8")
    done = kpi("list", "--overdue")

    assert done.code == 0
    assert done.out.startswith("1 figure is overdue")
    assert "staff.yaml has errors and may be missing here" in done.err
