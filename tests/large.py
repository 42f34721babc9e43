"""Very large made-up repositories: thousands of KPIs with long titles, notes, targets, peers and commentary."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kpi.judge.judgement import Judgement, judge
from kpi.store.repository import load

WORDS = (
    "prompt and reliable answers to residents who ask for help at home, on the road or in one of our offices"
)
NOTE = f"The numbers of {WORDS} are counted anew each year; the way of counting changed twice. " * 3
NOTE = NOTE.strip()
NAME = "kpi-0-0-0"


class Shape(NamedTuple):
    """How many priorities, objectives in each, and KPIs in each of those."""

    priorities: int = 20
    objectives: int = 5
    kpis: int = 20

    def names(self, priority: int) -> Iterator[tuple[int, list[str]]]:
        """The objectives of a priority with their KPIs' ids."""
        for objective in range(self.objectives):
            yield objective, [f"kpi-{priority}-{objective}-{number}" for number in range(self.kpis)]


def plan(shape: Shape) -> str:
    """The plan file."""
    lines = ["organisation: The Council of the Large County", "title: Plan for the large county", "area: own"]
    lines += ["edition: {board: County Board, date: 2024-05-15, title: Scorecard of the large county}"]
    lines += ["priorities:"]
    for priority in range(shape.priorities):
        lines += [
            f"  - id: priority-{priority}",
            f'    title: "Priority {priority}: {WORDS}"',
            "    objectives:",
        ]
        for objective, kpis in shape.names(priority):
            lines += [
                f'      - title: "Objective {priority}.{objective}: {WORDS}"',
                f"        note: {NOTE}",
                f"        kpis: [{', '.join(kpis)}]",
            ]
    lines += ["areas:", "  own: The Large County"]
    lines += [f"  other-{area}: Neighbouring County number {area}" for area in range(5)]
    lines += ["sources:", f"  return: {{title: 'Annual return on {WORDS.replace(',', '')}'}}"]
    return "\n".join(lines) + "\n"


def kpi(name: str = NAME) -> str:
    """A KPI's file: two measures that miss their targets, one without a target that moves against its aim."""
    own = ", ".join(f"{year}/{(year + 1) % 100:02}: {year - 1950}" for year in range(2012, 2024))
    peers = "".join(f"\n      other-{area}: {{{own}}}" for area in range(5))
    measures = "".join(
        f"""
  {part}:
    title: Share of {part} {WORDS}
    unit: percent
    better: higher
    aim: increase
    note: {NOTE}{target}
    observations: {{{own.replace("2023/24: 73", "2023/24: 12")}}}
    peers:{peers}"""
        for part, target in (
            ("first", "\n    targets:\n      - {at_least: 95, source: return}"),
            ("second", "\n    targets:\n      - {at_least: 90, source: return, by: 2023/24}"),
            ("third", ""),
        )
    )
    return f"""\
title: "Indicator {name}: {WORDS}"
definition: The share of {WORDS}, of all who asked.
aim: increase
sources: [return]
note: {NOTE}
commentary:
  2024-05-01: {NOTE}
measures:{measures}
"""


def judged(root: Path, shape: Shape) -> Judgement:
    """The repository's judgement: the plan and one KPI are read from files, and the others are like that one."""
    for path, text in {"kpis/plan.yaml": plan(shape), f"kpis/priority-0/{NAME}.yaml": kpi()}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    repository = load(root)
    (item,) = repository.kpis
    assert repository.plan.plan is not None
    kpis = [
        item._replace(id=name, priority=priority.id, title=item.title.replace(NAME, name))
        for priority, _, name in repository.plan.plan.listed()
    ]
    return judge(repository.plan.plan, kpis)
