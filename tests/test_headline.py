"""The headline counts each measure once, and its numbers add up to all measures: recomputed from the JSON export."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from running import Kpi
from small import FILES, edited, written

ROOT = Path(__file__).parent.parent
TWICE = "A measure that stands under two KPIs is listed twice and counted once."
PLAN = """\
organisation: Riverside
title: Care plan
area: riverside
edition: {date: 2024-05-15}
priorities:
  - {id: care, title: Care, kpis: [visits, waits, homes]}
areas: {riverside: Riverside}
"""
VISITS = """\
title: Visits
definition: Visits.
unit: count
better: higher
measures:
  rising: {title: Rising, observations: {2022/23: 10, 2023/24: 50}}
  falling: {title: Falling, aim: increase, observations: {2022/23: 50, 2023/24: 10}}
  equal: {title: Equal, aim: maintain, observations: {2022/23: 20, 2023/24: 20}}
  watched: {title: Watched, better: neither, observations: {2022/23: 50, 2023/24: 10}}
  watched-equal: {title: Watched and equal, better: neither, observations: {2022/23: 20, 2023/24: 20}}
  doubted: {title: Doubted, observations: {2022/23: {value: 9, marks: [queried], note: Odd.}, 2023/24: 10}}
  broken: {title: Broken, observations: {2022/23: 9, 2023/24: {value: 10, marks: [break]}}}
  alone: {title: Alone, observations: {2023/24: 10}}
  as-near: {title: As near, unit: ratio, better: {near: 1}, observations: {2022/23: 0.5, 2023/24: 2}}
  to-come: {title: To come, no_figures: {because: awaiting-data}}
"""
WAITS = """\
title: Waits
definition: Waits.
unit: count
better: lower
also_shows: [visits/rising, visits/falling, homes/built]
measures:
  short: {title: Short waits, targets: [{at_most: 10}], observations: {2022/23: 9, 2023/24: 12}}
  long: {title: Long waits, targets: [{at_most: 10, tolerance: 5}], observations: {2022/23: 9, 2023/24: 12}}
"""
HOMES = """\
title: Homes
definition: Homes.
unit: count
better: higher
measures:
  built: {title: Built, targets: [{at_least: 10}], observations: {2022/23: 9, 2023/24: 12}}
"""
MADE = {
    "kpis/plan.yaml": PLAN,
    "kpis/care/visits.yaml": VISITS,
    "kpis/care/waits.yaml": WAITS,
    "kpis/care/homes.yaml": HOMES,
}


def change(judgement: dict[str, Any]) -> str:
    """What became of a measure's newest figure, from the export alone."""
    newest = judgement["directions"][0]["class"] if judgement["directions"] else "can't be told"
    return f"{newest}, where neither is better" if newest in {"higher", "lower"} else newest


def recomputed(export: dict[str, Any], words: dict[str, str]) -> tuple[Counter[str], Counter[str]]:
    """The measures with a target by their state, and all by what became of them."""
    measures = [one for kpi in export["kpis"] for one in kpi["measures"]]
    targets, changes = Counter[str](), Counter[str]()
    for one in measures:
        judgement = one["judgement"]
        changes[change(judgement)] += 1
        if judgement["verdicts"]:
            targets[words.get(judgement["state"], judgement["state"])] += 1
    return targets, changes


def counts(text: str) -> Counter[str]:
    """The counts of a list such as `2 missed; 1 met`."""
    pairs = (one.partition(" ") for one in text.split("; "))
    return Counter({word: int(number.replace(",", "")) for number, _, word in pairs})


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (MADE, {}),
        (FILES, {"not met": "off target", "short": "part of the way"}),
        (None, {"short": "part of the way"}),
    ],
    ids=["made for this", "the small one", "the real one"],
)
@pytest.mark.parametrize("command", ["build", "paper"])
def test_the_counts_of_the_headline_add_up_to_all_measures(
    kpi: Kpi, tmp_path: Path, files: dict[str, str] | None, words: dict[str, str], command: str
) -> None:
    written(tmp_path, files) if files else shutil.copytree(ROOT / "kpis", tmp_path / "kpis")
    told = kpi(command).out
    text = (tmp_path / "docs/scorecard/README.md").read_text(encoding="utf-8") if command == "build" else told
    export = json.loads(kpi("export", "--format", "json").out)
    targets, changes = recomputed(export, words)

    found = re.search(
        r"Of ([\d,]+) measures, by the newest figure: (.+?)\. ([\d,]+) of them ha(?:ve|s) a target: (.+?)\. ?",
        text,
    )
    assert found
    assert int(found[1]) == changes.total() == sum(len(one["measures"]) for one in export["kpis"])
    assert counts(found[2]) == changes
    assert (int(found[3]), counts(found[4])) == (targets.total(), targets)


def test_every_kind_of_measure_is_counted_once_and_in_its_own_class(kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path, MADE)
    front = kpi("paper").out

    assert (
        "1 of 2 KPIs with a target does not meet at least one. Of 13 measures, by the newest figure: "
        "1 better; 1 worse; 1 higher, where neither is better; 1 lower, where neither is better; "
        "3 no clear change; 2 the same; 4 can't be told. 3 of them have a target: 1 not met; 1 near; 1 met. "
        + TWICE
    ) in front


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        (edited(WAITS, "also_shows: [visits/rising, visits/falling, homes/built]\n", ""), False),
        (edited(WAITS, "visits/rising, visits/falling, homes/built", "visits/alone"), True),
    ],
    ids=["each under one KPI", "one under two"],
)
def test_that_a_measure_stands_twice_is_said_only_where_one_does(
    kpi: Kpi, tmp_path: Path, waits: str, expected: bool
) -> None:
    written(tmp_path, MADE | {"kpis/care/waits.yaml": waits})

    assert (TWICE in kpi("paper").out) is expected


def test_without_any_target_all_measures_are_counted_by_what_became_of_them(kpi: Kpi, tmp_path: Path) -> None:
    plan = edited(PLAN, "[visits, waits, homes]", "[visits]")
    written(tmp_path, {"kpis/plan.yaml": plan, "kpis/care/visits.yaml": VISITS})

    assert (
        "0 of 0 KPIs with a target do not meet at least one. Of 10 measures, by the newest figure: 1 better; 1 worse;"
        in kpi("paper").out
    )


def test_with_a_target_on_every_measure_nothing_is_said_of_others(kpi: Kpi, tmp_path: Path) -> None:
    plan = edited(PLAN, "[visits, waits, homes]", "[homes]")
    written(tmp_path, {"kpis/plan.yaml": plan, "kpis/care/homes.yaml": HOMES})

    told = kpi("paper").out
    assert "1 of them has a target: 1 met." in told
    assert "without one" not in told
