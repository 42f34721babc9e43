"""The headline counts each measure once, and its numbers add up to all measures: recomputed from the JSON export."""

import html
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from running import Kpi
from small import FILES, edited, written

ROOT = Path(__file__).parent.parent
UNMET = {"not met", "missed", "behind"}
LISTS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "Targets not met": lambda entry: entry["state"] in UNMET,
    "Near the target": lambda entry: entry["state"] == "near",
}
"""What each list of the front page holds, a row a measure."""
FOLDED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "Targets met": lambda entry: entry["state"] in {"met", "met late"},
    "Overdue figures": lambda entry: bool(entry["days_late"]),
}
"""What each folded part counts in its heading."""
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
TWO_PRIORITIES = {
    "kpis/plan.yaml": """\
organisation: Riverside
title: Care plan
area: riverside
edition: {date: 2024-05-15}
priorities:
  - {id: care, title: Care, kpis: [waits]}
  - {id: homes, title: Homes, kpis: [built]}
areas: {riverside: Riverside}
""",
    "kpis/care/waits.yaml": """\
title: Waits
definition: Waits.
unit: count
better: lower
measures:
  short: {title: Short waits, targets: [{at_most: 10}], observations: {2022/23: 90, 2023/24: 400}}
  long: {title: Long waits, targets: [{at_most: 10, tolerance: 5}], observations: {2022/23: 13, 2023/24: 12}}
""",
    "kpis/homes/built.yaml": """\
title: Built
definition: Built.
unit: count
better: higher
also_shows: [waits/short]
measures:
  built: {title: Built, targets: [{at_least: 10}], observations: {2022/23: 90, 2023/24: 400}}
""",
}
NO_TARGETS = {
    "kpis/plan.yaml": PLAN.replace("[visits, waits, homes]", "[visits]"),
    "kpis/care/visits.yaml": VISITS,
}
MADE = {
    "kpis/plan.yaml": PLAN,
    "kpis/care/visits.yaml": VISITS,
    "kpis/care/waits.yaml": WAITS,
    "kpis/care/homes.yaml": HOMES,
}


class Expected:
    """The counts of the front page, worked out from the JSON export alone."""

    def __init__(self, export: dict[str, Any], words: dict[str, str]) -> None:
        """Read the export; `words` are what pages call states that the plan or the pages name otherwise."""
        self.words = words
        self.kpis: list[dict[str, Any]] = export["kpis"]
        self.priorities = {item["id"]: item["title"] for item in export["priorities"]}
        self.measures = {
            f"{kpi['kpi']}/{item['measure']}": item for kpi in self.kpis for item in kpi["measures"]
        }

    def shown(self, kpi: dict[str, Any]) -> list[dict[str, Any]]:
        """The measures under a KPI: its own and those of others."""
        own = [f"{kpi['kpi']}/{item['measure']}" for item in kpi["measures"]]
        return [self.measures[address] for address in dict.fromkeys((*own, *kpi["also_shows"]))]

    def word(self, state: str) -> str:
        """What pages call a state."""
        return self.words.get(state, state)

    def classes(self) -> Counter[str]:
        """Every measure once, by what became of its newest figure."""
        return Counter(measure["judgement"]["class"] for measure in self.measures.values())

    def states(self) -> Counter[str]:
        """Every measure with a target once, by its state."""
        actual = (item["judgement"] for item in self.measures.values())
        return Counter(self.word(item["state"]) for item in actual if item["verdicts"])

    def missed_benchmarks(self) -> int:
        """How many measures are worse than a benchmark."""
        actual = (item["judgement"]["references"] for item in self.measures.values())
        return sum(any(each["word"] == "worse than" for each in item) for item in actual)

    def kpis_not_meeting(self) -> tuple[int, int]:
        """How many KPIs don't meet a target, of how many that have one."""
        results = [[item["judgement"] for item in self.shown(kpi)] for kpi in self.kpis]
        targeted = [item for item in results if any(each["verdicts"] for each in item)]
        return sum(any(each["state"] in UNMET for each in item) for item in targeted), len(targeted)

    def overview(self) -> dict[str, list[Counter[str]]]:
        """The measures of each priority, a shown one too: those with a target by colour, and all by what became of them."""
        named = {"better", "worse", "no clear change"}
        actual = {}
        for priority, title in self.priorities.items():
            measures = {
                id(item): item["judgement"]
                for kpi in self.kpis
                if kpi["priority"] == priority
                for item in self.shown(kpi)
            }.values()
            colours = Counter(item["rag"] or "white" for item in measures if item["verdicts"])
            actual[title] = [
                colours,
                Counter(item["class"] if item["class"] in named else "other" for item in measures),
            ]
        return actual

    def listed(self, wanted: Callable[[dict[str, Any]], bool]) -> int:
        """How many measures are of one sort; each is listed once."""
        return sum(wanted(item["judgement"]) for item in self.measures.values())

    def unjudged(self) -> int:
        """How many KPIs have no figures, with the measures of which the target or the change can't be told."""
        without = sum(kpi["no_figures"] is not None for kpi in self.kpis)
        return without + self.listed(
            lambda entry: (
                entry["class"] == "can't be told"
                or (bool(entry["verdicts"]) and entry["state"] in {"no data", "due", "in words"})
            )
        )

    def twice(self) -> int:
        """How many measures stand under more than one priority."""
        places = {(kpi["priority"], id(item)) for kpi in self.kpis for item in self.shown(kpi)}
        return sum(number > 1 for number in Counter(measure for _, measure in places).values())


# How counts are read off the page: by the label beside them.


def headline(text: str) -> tuple[int, Counter[str], Counter[str]]:
    """How many measures there are, by class, and those with a target by state."""
    match = re.search(
        r"Of ([\d,]+) measures?, (?:([\d,]+) ha(?:ve|s) a target: (.+?)|none has a target)\. All by their newest figures: (.+?)\.\n?",
        text,
    )
    assert match
    states = counts(match[3]) if match[3] else Counter[str]()
    assert states.total() == int(match[2] or 0)
    return int(match[1].replace(",", "")), counts(match[4].removesuffix(".**")), states


def missed_benchmarks(text: str) -> int:
    """How many measures are listed as worse than their benchmark."""
    match = re.search(r"^\*\*Worse than a benchmark\*\*: (.*)$", text, re.MULTILINE)
    return match[1].count("](kpis/") if match else 0


def kpis_not_meeting(text: str) -> tuple[int, int]:
    """How many KPIs don't meet a target, of how many."""
    match = re.search(r"([\d,]+) of ([\d,]+) KPIs? with a target", text)
    if match is None:
        assert "No measure has a target." in text
        return 0, 0
    return int(match[1]), int(match[2])


def twice(text: str) -> int:
    """How many measures the page says to stand under more than one priority."""
    match = re.search(r"(\d+) measures? stands? under more than one priority", text)
    return int(match[1]) if match else 0


def folded(text: str, title: str) -> int:
    """The number in the heading of a folded part; 0 where there is none."""
    match = re.search(rf"{title} \(([\d,]+)\)", text)
    return int(match[1].replace(",", "")) if match else 0


def counts(text: str) -> Counter[str]:
    """The counts of a list such as `2 missed; 1 met`."""
    pairs = (part.partition(" ") for part in text.split("; "))
    return Counter({word: int(number.replace(",", "")) for number, _, word in pairs})


def section(text: str, title: str) -> str:
    """What stands under a heading; empty where there is none."""
    return re.split(r"^(?:#+ |<details>)", text.partition(f"# {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[
        0
    ]


def rows(text: str, title: str) -> list[list[str]]:
    """The rows of the table under a heading, the head first; links as their words."""
    lines = [line for line in section(text, title).splitlines() if line.startswith("|") and "---" not in line]
    return [
        [
            re.sub(r"\[(.*?)\]\(.*?\)", r"\1", html.unescape(cell.strip()))
            for cell in line.strip("|").split("|")
        ]
        for line in lines
    ]


def overview(text: str) -> dict[str, list[Counter[str]]]:
    """The table of priorities: each row's counts by their words."""
    _, *body = rows(text, "Where each priority stands")
    actual = {}
    for name, *cells in body:
        results = [re.findall(r"(\d+) ([a-z ]+?)(?: [^\w\s]+)?(?:,|$)", cell) for cell in cells]
        actual[name] = [Counter({word: int(number) for number, word in pairs}) for pairs in results]
    return actual


WORDS = {"short": "part of the way", "elsewhere": "monitored elsewhere", "due": "due, no figure"}
"""What pages call the states whose name is not their word."""

CONTENTS: dict[str, tuple[dict[str, str] | Path, dict[str, str]]] = {
    "made for this": (MADE, WORDS),
    "under two priorities": (TWO_PRIORITIES, WORDS),
    "no targets": (NO_TARGETS, WORDS),
    "the small one": (FILES, WORDS | {"not met": "off target"}),
    "the real one": (ROOT, WORDS),
    "the hospital": (ROOT / "docs/examples/hospital", WORDS),
}


def content(name: str, folder: Path) -> dict[str, str]:
    """One of the contents in a folder, with the words that its pages have for states."""
    files, words = CONTENTS[name]
    shutil.copytree(files / "kpis", folder / "kpis") if isinstance(files, Path) else written(folder, files)
    return words


@pytest.mark.parametrize("name", CONTENTS)
def test_every_count_of_the_front_page_follows_from_the_export(kpi: Kpi, tmp_path: Path, name: str) -> None:
    words = content(name, tmp_path)
    kpi("build")
    page = (tmp_path / "docs/scorecard/README.md").read_text(encoding="utf-8")
    expected = Expected(json.loads(kpi("export", "--format", "json").out), words)

    assert headline(page) == (len(expected.measures), expected.classes(), expected.states())
    breaches = (tmp_path / "docs/scorecard/breaches.md").read_text(encoding="utf-8")
    assert missed_benchmarks(page) == expected.missed_benchmarks()
    assert kpis_not_meeting(breaches) == expected.kpis_not_meeting()
    assert twice(page) == expected.twice()
    assert overview(page) == expected.overview()
    for title, wanted in LISTS.items():
        assert len(rows(page, title)[1:]) == expected.listed(wanted), title
    for title, wanted in FOLDED.items():
        assert folded(page, title) == expected.listed(wanted), title
    assert folded(page, "What could not be judged") == expected.unjudged()


@pytest.mark.parametrize("name", CONTENTS)
def test_the_paper_has_the_same_headline(kpi: Kpi, tmp_path: Path, name: str) -> None:
    words = content(name, tmp_path)
    expected = Expected(json.loads(kpi("export", "--format", "json").out), words)

    assert headline(kpi("paper").out) == (len(expected.measures), expected.classes(), expected.states())


def test_a_measure_under_two_priorities_counts_in_both_rows_and_once_in_the_headline(
    kpi: Kpi, tmp_path: Path
) -> None:
    written(tmp_path, TWO_PRIORITIES)
    kpi("build")
    page = (tmp_path / "docs/scorecard/README.md").read_text(encoding="utf-8")

    assert headline(page) == (
        3,
        Counter({"better": 1, "worse": 1, "no clear change": 1}),
        Counter({"not met": 1, "near": 1, "met": 1}),
    )
    assert [row[0] for row in overview(page).values()] == [
        Counter({"red": 1, "amber": 1}),
        Counter({"red": 1, "green": 1}),
    ]
    assert twice(page) == 1


def test_every_kind_of_measure_is_counted_once_and_in_its_own_class(kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path, MADE)
    front = kpi("paper").out

    assert (
        "Of 13 measures, 3 have a target: 1 not met; 1 near; 1 met. All by their newest figures: "
        "1 better; 1 worse; 1 higher; 1 lower; "
        "3 no clear change; 2 the same; 4 can't be told."
    ) in front


def test_without_any_target_all_measures_are_counted_by_what_became_of_them(kpi: Kpi, tmp_path: Path) -> None:
    plan = edited(PLAN, "[visits, waits, homes]", "[visits]")
    written(tmp_path, {"kpis/plan.yaml": plan, "kpis/care/visits.yaml": VISITS})

    assert (
        "Of 10 measures, none has a target. All by their newest figures: 1 better; 1 worse;"
        in kpi("paper").out
    )


def test_with_a_target_on_every_measure_nothing_is_said_of_others(kpi: Kpi, tmp_path: Path) -> None:
    plan = edited(PLAN, "[visits, waits, homes]", "[homes]")
    written(tmp_path, {"kpis/plan.yaml": plan, "kpis/care/homes.yaml": HOMES})

    output = kpi("paper").out
    assert "Of 1 measure, 1 has a target: 1 met." in output
    assert "without one" not in output
