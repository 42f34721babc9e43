"""A forecast hides no miss: on a period that is over it is warned of, listed as overdue, and nothing is judged in its place."""

import json
from datetime import date
from pathlib import Path

import pytest

from kpi.lint.engine import lint
from kpi.rules import BY_NAME
from repositories import committed
from running import Kpi
from small import edited, written

PLAN = """\
organisation: Riverside
title: Care plan
area: riverside
edition: {date: 2024-05-15}
priorities:
  - {id: care, title: Care, kpis: [visits]}
areas: {riverside: Riverside, hillside: Hillside}
sources: {return: {title: Annual return}}
"""
VISITS = """\
title: First visits
definition: Share visited in time.
unit: percent
better: higher
sources: [return]
measures:
  in-time:
    targets: [{at_least: 90, source: return}]
    observations:
      2021/22: 91
      2022/23: 92
      2023/24: 80
"""
NEWEST = "      2023/24: 80\n"


def expected(value: int = 80) -> str:
    return NEWEST.replace("80", f"{{value: {value}, marks: [forecast]}}")


def with_visits(root: Path, text: str) -> Path:
    return written(root, {"kpis/plan.yaml": PLAN, "kpis/care/visits.yaml": text})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a missed target, committed."""
    committed(with_visits(tmp_path, VISITS))
    return tmp_path


def lint_forecasts(root: Path, day: str) -> list[tuple[str, int]]:
    """What lint says of forecasts, with the lines."""
    report = lint(root, date.fromisoformat(day))
    return [
        (finding.rule, finding.line) for finding in report.findings if finding.rule.startswith("forecast")
    ]


# Lint.


@pytest.mark.parametrize(
    ("day", "lag", "warned"),
    [
        ("2024-03-31", "", False),
        ("2024-04-01", "", True),
        ("2024-05-12", "lag: 6 weeks\n", False),
        ("2024-05-13", "lag: 6 weeks\n", True),
        ("2024-03-30", "lag: 10 days\n", False),
    ],
)
def test_a_forecast_is_warned_of_once_its_figure_was_due(
    tmp_path: Path, day: str, lag: str, warned: bool
) -> None:
    text = edited(edited(VISITS, NEWEST, expected()), "better: higher\n", f"better: higher\n{lag}")
    with_visits(tmp_path, text)

    line = 12 + bool(lag)
    assert lint_forecasts(tmp_path, day) == ([("forecast-over", line)] if warned else [])
    assert BY_NAME["forecast-over"].severity == "warning"


@pytest.mark.parametrize(
    ("figures", "rule"),
    [
        ("2022/23: {value: 92, marks: [forecast]}\n      2023/24: 80", "forecast-overtaken"),
        ("2022/23: {value: 92, marks: [forecast]}\n      2024-04-30: 80", "forecast-overtaken"),
        ("2023-12: {value: 92, marks: [forecast]}\n      2024-01: 80", "forecast-overtaken"),
        ("2022/23: {value: 92, marks: [forecast]}\n      2023/24: {marks: [not-available]}", "forecast-over"),
        ("2022/23: 92\n      2023/24: {value: 80, marks: [forecast]}", "forecast-over"),
        ("2022/23: 92\n      2024/25: {value: 80, marks: [forecast]}", ""),
    ],
    ids=[
        "a later year", "a later day", "a later month", "a later period without a figure", "the newest", "of a period to come",
    ],
)  # fmt: skip
def test_a_forecast_before_a_later_figure_is_an_error(tmp_path: Path, figures: str, rule: str) -> None:
    with_visits(tmp_path, edited(VISITS, f"2022/23: 92\n{NEWEST}", f"{figures}\n"))

    assert [name for name, _ in lint_forecasts(tmp_path, "2024-06-01")] == ([rule] if rule else [])
    assert BY_NAME["forecast-overtaken"].severity == "error"


def test_a_month_says_nothing_of_a_year_whose_figure_is_not_due(tmp_path: Path) -> None:
    text = edited(VISITS, NEWEST, f"{expected()}      2024-04: 85\n")
    with_visits(tmp_path, edited(text, "better: higher\n", "better: higher\nlag: 3 months\n"))

    assert lint_forecasts(tmp_path, "2024-06-01") == []
    assert [name for name, _ in lint_forecasts(tmp_path, "2024-07-01")] == ["forecast-overtaken"]


def test_a_peer_s_forecast_is_held_to_the_same(tmp_path: Path) -> None:
    with_visits(
        tmp_path,
        f"{VISITS}    peers:\n      hillside: {{2022/23: {{value: 90, marks: [forecast]}}, 2023/24: 91}}\n",
    )

    assert [name for name, _ in lint_forecasts(tmp_path, "2024-06-01")] == ["forecast-overtaken"]


# What the change does.


def test_a_missed_figure_that_becomes_a_forecast_has_not_recovered(kpi: Kpi, root: Path) -> None:
    with_visits(root, edited(VISITS, NEWEST, expected()))
    reported, whole = kpi("diff").out, json.loads(kpi("diff", "--format", "json").out)

    assert "Recovered" not in reported
    assert (
        "Not met → no data: only a forecast for 2023/24, at least 90%; 2023/24 is no longer judged"
        in reported
    )
    assert (
        "Published history revised\n  First visits [visits/in-time]\n    2023/24: 80% → 80% [f]\n" in reported
    )
    assert (
        "Newly overdue\n  First visits [visits/in-time]\n    Due on 31 March 2024 (45 days late)\n"
        in reported
    )
    assert (whole["counts"]["recovered"], whole["counts"]["revised"]) == (0, 1)
    assert whole["kpis"][0]["measures"][0]["recovered"] is False


@pytest.mark.parametrize(
    ("now", "reported"),
    [
        ("", "Not met → met: 92% (2022/23), at least 90%; 2023/24 is no longer judged"),
        (f"{expected(95)}      2024-04-30: 95\n", ""),
        (
            "      2023/24: {value: 95, marks: [revised], note: Counted again.}\n",
            "Not met → met: 95% [r] (2023/24)",
        ),
    ],
    ids=["the line is gone", "a later figure meets the target", "the figure itself does"],
)
def test_only_the_same_figure_or_a_newer_one_recovers(kpi: Kpi, root: Path, now: str, reported: str) -> None:
    with_visits(root, edited(VISITS, NEWEST, now))
    out = kpi("diff").out

    assert ("\nRecovered\n" in out) is (
        reported != "Not met → met: 92% (2022/23), at least 90%; 2023/24 is no longer judged"
    )
    assert reported in out


def test_what_comes_near_has_not_recovered(kpi: Kpi, root: Path) -> None:
    text = edited(VISITS, "at_least: 90,", "at_least: 90, tolerance: 2,")
    committed(with_visits(root, text))
    with_visits(root, f"{text}      2024-04-30: 89\n")
    out = kpi("diff").out

    assert "\nRecovered\n" not in out
    assert "Other statuses\n  First visits [visits/in-time]\n    Not met → near: 89%" in out


def test_the_change_is_an_error_for_lint(kpi: Kpi, root: Path) -> None:
    with_visits(root, edited(VISITS, NEWEST, expected()))
    done = kpi("lint", "--changed-since", "HEAD", "--format", "concise")

    assert done.code == 1
    assert (
        'error forecast-on-published: "2023/24" was published as 80% and is only a forecast now.' in done.out
    )


# The pages.


def test_a_forecast_that_is_over_is_listed_as_overdue_and_as_not_judged(kpi: Kpi, root: Path) -> None:
    with_visits(root, edited(VISITS, NEWEST, expected()))
    kpi("build")
    front = (root / "docs/scorecard/README.md").read_text(encoding="utf-8")

    assert "- [First visits](kpis/visits.md): due on 31 March 2024, 45 days late" in front
    assert "- **No data: only a forecast for 2023/24**: [First visits](kpis/visits.md)" in front
    assert "1 has a target: 1 no data." in front
    assert (
        "visits/in-time  2022/23        31 March 2024  45 days"
        in kpi("list", "--overdue", "--as-of", "2024-05-15").out
    )
    assert "Met" not in front.partition("## How to read this")[0]


def test_where_there_is_no_figure_but_a_forecast_it_is_overdue_all_the_same(kpi: Kpi, tmp_path: Path) -> None:
    alone = edited(VISITS, f"      2021/22: 91\n      2022/23: 92\n{NEWEST}", expected())
    with_visits(tmp_path, alone)

    done = kpi("list", "--overdue", "--as-of", "2024-05-15")
    assert (done.code, done.err) == (0, "")
    assert "visits/in-time  none yet       31 March 2024  45 days" in done.out


def test_the_figures_that_came_in_time_are_judged_as_ever(kpi: Kpi, root: Path) -> None:
    with_visits(root, f"{VISITS}      2024/25: {{value: 95, marks: [forecast]}}\n")
    kpi("build")
    front = (root / "docs/scorecard/README.md").read_text(encoding="utf-8")

    assert "1 has a target: 1 not met." in front
    assert "Overdue figures" not in front
    assert "No figure can be overdue" in (root / "docs/scorecard/about.md").read_text(encoding="utf-8")


def test_a_break_on_a_published_figure_stands_beside_the_goalposts_with_the_trend_that_it_ends(
    kpi: Kpi, root: Path
) -> None:
    marked = "      2023/24: {value: 80, marks: [break], note: Counted by the day now.}\n"
    with_visits(root, edited(VISITS, NEWEST, marked))
    output = kpi("diff").out

    assert output.startswith("1 published figure marked, no history revised.")
    assert (
        "Moved goalposts\n  First visits [visits/in-time]\n    2023/24: now marked as a break and note "
        '"Counted by the day now."\n    Worse ▼ down 12 percentage points (2023/24 against 2022/23) → not comparable (break)\n'
    ) in output
    assert kpi("lint", "--changed-since", "HEAD").code == 0
