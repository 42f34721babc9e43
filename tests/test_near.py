"""What is near its target stands wherever what is missed stands: pages, `kpi breaches` in every form, the paper and JSON."""

import json
from pathlib import Path

import pytest

from running import Kpi
from small import edited, written

PLAN = """\
organisation: Riverside
title: Care plan
area: riverside
edition: {date: 2024-05-15}
priorities:
  - {id: care, title: Care, kpis: [visits, waits]}
areas: {riverside: Riverside}
sources: {return: {title: Annual return}}
status: {tolerance: 5%}
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
    observations: {2020/21: 91, 2021/22: 80, 2022/23: 87, 2023/24: 88}
"""
WAITS = """\
title: Waiting lists
definition: People who wait.
unit: count
kind: snapshot
better: lower
sources: [return]
measures:
  waiting:
    targets: [{at_most: 200, tolerance: 30, source: return}]
    observations: {2022/23: 150, 2023/24: 230}
"""
FILES = {"kpis/plan.yaml": PLAN, "kpis/care/visits.yaml": VISITS, "kpis/care/waits.yaml": WAITS}
VISITS_LINE = (
    "Near 🟠 within the tolerance; not met since 2021/22 (3 figures in a row), last met 2020/21. "
    "88% (2023/24), 45 days old; target: at least 90%; gap 2 percentage points"
)
WAITS_LINE = (
    "Near 🟠 within the tolerance; the last figure (end of 2022/23) met it. "
    "230 (end of 2023/24), 45 days old; target: at most 200, tolerance 30; gap 30"
)
ROWS = (
    "| [First visits](kpis/visits.md): near 🟠 within the tolerance | 88% | at least 90% |",
    "| [Waiting lists](kpis/waits.md): near 🟠 within the tolerance | 230 | at most 200, tolerance 30 |",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return written(tmp_path, FILES)


def test_a_near_target_is_listed_on_the_front_page_and_in_the_paper(kpi: Kpi, root: Path) -> None:
    kpi("build")
    front = (root / "docs/scorecard/README.md").read_text()

    assert (
        "\n".join(ROWS) in front.partition("### Near the target\n")[2]
    )  # the wider gap: a fifth of what is left to 100%
    assert "near 🟠 within the tolerance | 88% | at least 90% |" in kpi("paper").out


def test_the_letters_of_near_figures_are_explained_where_nothing_is_missed(kpi: Kpi, root: Path) -> None:
    marked = edited(VISITS, "2023/24: 88", "2023/24: {value: 88, marks: [provisional]}")
    written(root, {**FILES, "kpis/care/visits.yaml": marked})
    kpi("build")
    front = (root / "docs/scorecard/README.md").read_text(encoding="utf-8")

    assert "| 88% \\[p\\] |" in front
    assert front.index("**[p]** provisional") < front.index("## Near the target")


@pytest.mark.usefixtures("root")
def test_a_near_target_is_told_with_its_gap_and_since_when(kpi: Kpi) -> None:
    for item in (kpi("breaches").out, kpi("paper").out):
        assert 0 < item.index(VISITS_LINE) < item.index(WAITS_LINE)


@pytest.mark.usefixtures("root")
def test_near_targets_are_for_programs_too(kpi: Kpi) -> None:
    document = json.loads(kpi("breaches", "--format", "json").out)
    whole = json.loads(kpi("export", "--format", "json").out)

    assert document["breaches"] == []
    narrow, wide = document["near"]
    assert (wide["kpi"], wide["gap"], wide["state"], wide["since"], wide["rag"]) == (
        "waits", 30, "alone", "2023/24", "amber",
    )  # fmt: skip
    assert (narrow["kpi"], narrow["state"], narrow["since"], narrow["periods"]) == (
        "visits", "continuing", "2021/22", 3,
    )  # fmt: skip
    assert whole["kpis"][0]["measures"][0]["judgement"]["breach"] == {
        "state": "continuing", "since": "2021/22", "periods": 3, "last_met": "2020/21", "before": None, "before_state": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "amber", "red"),
    [("88", 1, 0), ("91", 0, 0), ("80", 1, 1)],
    ids=["near", "met", "missed and worse"],
)
def test_fail_on_amber_sees_what_is_near(kpi: Kpi, root: Path, figure: str, amber: int, red: int) -> None:
    text = edited(VISITS, "2022/23: 87, 2023/24: 88", f"2022/23: 87, 2023/24: {figure}")
    written(root, {"kpis/care/visits.yaml": text, "kpis/care/waits.yaml": edited(WAITS, "230", "130")})

    for form in ("markdown", "json"):
        assert kpi("breaches", "--fail-on", "amber", "--format", form).code == amber
        assert kpi("breaches", "--fail-on", "red", "--format", form).code == red
        assert kpi("breaches", "--format", form).code == 0


@pytest.mark.parametrize(
    ("plan", "waits", "expected"),
    [
        (PLAN, WAITS,
         ("**Near**: the figure does not reach its target, but by no more than the plan's tolerance, 5% of the target, or the target's "
          "own, which is printed beside it.")),
        (PLAN, edited(WAITS, "tolerance: 30, ", ""),
         "**Near**: the figure does not reach its target, but by no more than the plan's tolerance, 5% of the target."),
        (edited(PLAN, "status: {tolerance: 5%}\n", ""), WAITS,
         "**Near**: the figure does not reach its target, but by no more than the tolerance beside the target."),
        (edited(PLAN, "5%}", "2.5%, words: {near: nearly}}"), WAITS,
         ("**Nearly**: the figure does not reach its target, but by no more than the plan's tolerance, 2.5% of the target, or the "
          "target's own, which is printed beside it.")),
    ],
    ids=["both", "the plan's", "a target's own", "with another word"],
)  # fmt: skip
def test_how_to_read_prints_the_tolerance(kpi: Kpi, root: Path, plan: str, waits: str, expected: str) -> None:
    written(root, {"kpis/plan.yaml": plan, "kpis/care/waits.yaml": waits})
    kpi("build")

    front = (root / "docs/scorecard/README.md").read_text()
    assert f"- {expected}\n" in front.partition("How to read this")[2]
    assert expected in kpi("breaches").out
    assert kpi("paper").out.count(expected) == 1


def test_without_any_tolerance_nothing_is_said_of_near(kpi: Kpi, root: Path) -> None:
    plan = edited(PLAN, "status: {tolerance: 5%}\n", "")
    written(root, {"kpis/plan.yaml": plan, "kpis/care/waits.yaml": edited(WAITS, "tolerance: 30, ", "")})
    kpi("build")

    for path in (root / "docs/scorecard").rglob("*.md"):
        assert "**Near**" not in path.read_text()
        assert "Near the target" not in path.read_text()


def test_a_written_assessment_of_near_is_listed_without_a_gap(kpi: Kpi, root: Path) -> None:
    words = edited(VISITS, "{at_least: 90, source: return}", "{in_words: In good time., source: return}")
    words = edited(
        words, "{2020/21: 91, 2021/22: 80, 2022/23: 87, 2023/24: 88}", "{2023/24: {assessment: near}}"
    )
    written(root, {"kpis/care/visits.yaml": words})

    done = kpi("breaches", "--fail-on", "amber")
    assert done.code == 1
    assert (
        "Near 🟠; no earlier figure of its length before 2023/24. Assessed as near (2023/24), 45 days old; target: In good time."
        in done.out
    )
