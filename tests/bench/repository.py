"""Makes a repository of any size for the bench: files like the real ones, one in fifty with a mistake."""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

MISTAKE_EVERY = 50
MONTHS = [f"{year}-{month:02}" for year in (2022, 2023) for month in range(1, 13)]
_KPIS_A_PRIORITY = 500
_AREAS = ("north", "east", "south")

_MISTAKES = (
    ("observations:\n      2022-01: ", "observations:\n      Jan 2022: "),
    ("    unit: percent\n", "    unit: percentage\n"),
    ("definition: ", "defintion: "),
    ("      2022-07: ", "      2022-06: "),
    ("source: plan", "source: plans"),
    ("      2022-03: ", "      2022-03: 1,"),
)
"""What takes the place of what: one is made in each file with a mistake, in turn."""


def make(root: Path, count: int, *, mistakes: bool = True, months: int = len(MONTHS)) -> Path:
    """Write a repository with so many KPI files, the same each time, and return its root."""
    kpis = root / "kpis"
    names = [f"k{number}" for number in range(count)]
    priorities = [names[at : at + _KPIS_A_PRIORITY] for at in range(0, count, _KPIS_A_PRIORITY)]
    for number, listed in enumerate(priorities):
        folder = kpis / f"priority-{number}"
        folder.mkdir(parents=True)
        for name in listed:
            (folder / f"{name}.yaml").write_text(
                kpi(int(name[1:]), mistakes=mistakes, months=months), encoding="utf-8", newline="\n"
            )
    (kpis / "plan.yaml").write_text("".join(_plan(priorities)), encoding="utf-8", newline="\n")
    return root


def kpi(number: int, *, mistakes: bool, months: int = len(MONTHS)) -> str:
    """One KPI file: 24 months or the last of them, a target, and now and then peers, a note or a mistake."""
    text = "".join(_kpi(number, random.Random(number), months))  # noqa: S311 - the same figures each time
    if mistakes and number % MISTAKE_EVERY == MISTAKE_EVERY - 1:
        right, wrong = _MISTAKES[number // MISTAKE_EVERY % len(_MISTAKES)]
        assert right in text
        text = text.replace(right, wrong, 1)
    return text


def _kpi(number: int, chance: random.Random, months: int) -> Iterator[str]:
    yield f"title: Answering calls in time, district {number}\n"
    yield f"definition: Share of emergency calls in district {number} answered within ten seconds.\n"
    yield "aim: increase\n"
    yield f"note: Counted by the telephone system, and checked against the log of the control room in district {number}.\n"
    yield "sources: [return, plan]\n"
    yield "measures:\n  answered:\n    title: Answered within ten seconds\n    noun: calls\n"
    yield "    unit: percent\n    better: higher\n"
    yield f"    targets:\n      - {{at_least: {chance.randint(70, 90)}, source: plan}}\n"
    yield "    observations:\n"
    for at, month in list(enumerate(MONTHS))[-months:]:
        value = f"{chance.uniform(70, 90):.1f}"
        if at == 12 and number % 5 == 0:
            yield f"      {month}:\n        value: {value}\n        marks: [break]\n        note: The telephone system was replaced.\n"
        elif at == 23:
            yield f"      {month}: {{value: {value}, marks: [provisional]}}\n"
        else:
            yield f"      {month}: {value}\n"
    if number % 8 == 0:
        yield "    peers:\n"
        for area in _AREAS:
            yield f"      {area}:\n"
            yield from (f"        {month}: {chance.uniform(70, 90):.1f}\n" for month in MONTHS[-3:])


def _plan(priorities: list[list[str]]) -> Iterator[str]:
    yield "organisation: All districts\ntitle: Plan of all districts\narea: all\n"
    yield "edition: {board: The board, date: 2024-02-27, title: Scorecard}\npriorities:\n"
    for number, listed in enumerate(priorities):
        yield f"  - id: priority-{number}\n    title: Priority {number}\n"
        yield f"    kpis: [{', '.join(listed)}]\n"  # in brackets: 100,000 lines would be more than a file may hold
    yield "areas:\n  all: All districts\n"
    yield from (f"  {area}: The {area}\n" for area in _AREAS)
    yield "sources:\n  return: {title: Monthly return}\n  plan: {title: Plan of all districts}\n"


def main() -> None:
    """Write one repository: `python -m bench.repository FOLDER COUNT`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    given = parser.parse_args()
    make(given.folder, given.count)


if __name__ == "__main__":
    main()
