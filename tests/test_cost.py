"""What a file costs grows with the file, not with its square: whatever is many in it, twice as much is twice the work."""

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings import quick
from judge.examples import measure
from kpi.judge.comparable import BREAK, OVERLAPPING, compare, gap_between
from kpi.judge.direction import Direction, compare_pair, compare_with_nearest
from kpi.judge.force import has_begun, holds, supersedes, targets_in_force
from kpi.judge.judgement import judge
from kpi.judge.latest import valued
from kpi.lint.engine import lint
from kpi.model.kpi import Measure
from kpi.pages.site import scorecard_pages
from kpi.store.intake import intake
from kpi.store.repository import load
from kpi.store.tables.figures import Given

MOST = 2.3
"""Twice the input may take so many times the work."""

PLAN = """\
organisation: Riverside
title: Plan
area: here
edition: {{board: Board, date: 2060-05-15, title: Scorecard, presented_by: The clerk, purpose: To be noted.}}
priorities: [{{id: reading, title: Reading, kpis: [loans]}}]
areas:
  here: Here
{areas}sources: {{return: {{title: Return}}}}
"""
KPI = """\
title: Loans
definition: Loans.
unit: count
better: higher
sources: [return]
"""


def months(count: int) -> list[str]:
    return [f"{1960 + number // 12}-{number % 12 + 1:02}" for number in range(count)]


def days(count: int) -> list[str]:
    return [str(date(2000, 1, 1) + timedelta(number)) for number in range(count)]


def rolling(count: int) -> list[str]:
    return [f"12 months to {month}" for month in months(count)]


def years_by_day(count: int) -> list[str]:
    """Whole years that begin on each day in turn: each overlaps hundreds of others."""
    starts = (date(2001, 1, 1) + timedelta(number) for number in range(count))
    return [
        f"{start} to {start.replace(year=start.year + 1) - timedelta(1)}"
        for start in starts
        if start.day < 29
    ]


def nested(count: int) -> list[str]:
    """Stretches of days, each inside the one before it, so that no two are as long."""
    first, last = date(2001, 1, 1), date(2020, 1, 1)
    return [f"{first + timedelta(number)} to {last - timedelta(number)}" for number in range(count)]


def levels(count: int) -> str:
    return "    step:\n" + "".join(f"      {month}: Moved\n" for month in months(count))


def shares(count: int) -> str:
    return one(YEARS, "books") + "".join(
        f"  s-{number}:\n    title: S\n    derived: {{share: books, of: [books]}}\n    better: neither\n"
        for number in range(count)
    )


def anchors(count: int) -> str:
    return "note: &a x\n" + "".join(f"x-{number}: *a\n" for number in range(count))


def series(periods: list[str], end: str = "") -> str:
    return "".join(
        f"      {period}: {100 + number * 37 % 91}{end}\n" for number, period in enumerate(periods)
    )


def one(periods: list[str], name: str = "all", extra: str = "", end: str = "") -> str:
    return f"  {name}:\n    title: Title of {name}\n{extra}    observations:\n{series(periods, end)}"


def targets(bounds: list[str]) -> str:
    return "    targets:\n" + "".join(f"      - {{{bound}, source: return}}\n" for bound in bounds)


PREVIOUS = targets(["at_least: {period: previous}"])
YEARS = ["2023", "2024"]


def relative(count: int) -> str:
    return targets(
        [f"at_least: {{period: previous, change: {number + 1}}}, label: L{number}" for number in range(count)]
    )


def begun(count: int) -> str:
    return targets([f"at_least: {number + 1}, from: {month}" for number, month in enumerate(months(count))])


def checks(count: int, whole: str = "all", part: str = "books") -> str:
    return "checks:\n" + "".join(
        f"  - {{total: {whole.format(number)}, parts: [{part.format(number)}, other]}}\n"
        for number in range(count)
    )


def triple(periods: list[str]) -> str:
    return "measures:\n" + "".join(one(periods, name) for name in ("all", "books", "other"))


def peers(count: int, name: str = "area") -> str:
    return "    peers:\n" + "".join(
        f"      {name}-{number}: {{2023: {number + 1}}}\n" for number in range(count)
    )


def many(count: int, extra: str = "") -> str:
    return "measures:\n" + "".join(one(YEARS, f"m-{number}", extra) for number in range(count))


SHAPES: dict[str, tuple[int, Callable[[int], str]]] = {
    "months, a target on the month before": (250, lambda n: f"measures:\n{one(months(n), extra=PREVIOUS)}"),
    "days, a target on the day before": (400, lambda n: f"measures:\n{one(days(n), extra=PREVIOUS)}"),
    "rolling months, a target on those before": (
        250,
        lambda n: f"measures:\n{one(rolling(n), extra=PREVIOUS)}",
    ),
    "rolling months, 100 such targets": (60, lambda n: f"measures:\n{one(rolling(n), extra=relative(100))}"),
    "such targets, rolling months": (50, lambda n: f"measures:\n{one(rolling(60), extra=relative(n))}"),
    "years by the day": (450, lambda n: f"measures:\n{one(years_by_day(n), extra=PREVIOUS)}"),
    "targets that begin one after another": (50, lambda n: f"measures:\n{one(months(120), extra=begun(n))}"),
    "months, 100 such targets": (80, lambda n: f"measures:\n{one(months(n), extra=begun(100))}"),
    "lengths, a target on the figure before": (
        250,
        lambda n: f"measures:\n{one(nested(n), extra=PREVIOUS)}",
    ),
    "levels": (100, lambda n: f"measures:\n{one(months(n), extra=levels(n))}"),
    "shares": (40, lambda n: f"measures:\n{shares(n)}"),
    "commas in a number": (400, lambda n: f"measures:\n  all:\n    observations: {{2023: {'1,' * n}1}}\n"),
    "measures": (60, many),
    "peers": (200, lambda n: f"measures:\n{one(YEARS, extra=peers(n))}"),
    "dimensions": (100, lambda n: "dimensions: {age: {young: Young}}\n" + many(n, "    is: {age: young}\n")),
    "checks": (50, lambda n: checks(n) + triple(months(100))),
    "figures of 100 checks": (60, lambda n: checks(100) + triple(months(n))),
    "parts of a check": (
        80,
        lambda n: (
            f"checks:\n  - {{total: m-0, parts: [{', '.join(f'm-{part}' for part in range(1, n))}]}}\n{many(n)}"
        ),
    ),
    "ignore comments": (
        200,
        lambda n: (
            f"measures:\n{one(months(n), end=' # kpi: ignore[sudden-change, KPI701] The source says so.')}"
        ),
    ),
    "names in an ignore comment": (
        2000,
        lambda n: (
            f"# kpi: ignore[{', '.join(['sudden-change', 'KPI701'] * n)}] The source says so.\nmeasures:\n{one(YEARS)}"
        ),
    ),
    "unknown areas": (150, lambda n: f"measures:\n{one(YEARS, extra=peers(n, 'aera'))}"),
    "known areas": (50, lambda _: f"measures:\n{one(YEARS, extra=peers(40, 'aera'))}"),
    "unknown measures": (50, lambda n: checks(n, "mm-{}", "nn-{}") + many(60)),
    "aliases": (100, lambda n: anchors(n) + f"measures:\n{one(YEARS)}"),
    "unknown fields": (
        100,
        lambda n: "".join(f"titel-{number}: x\n" for number in range(n)) + f"measures:\n{one(YEARS)}",
    ),
    "unreadable figures": (100, lambda n: f"measures:\n{one(months(n), end='l')}"),
    "no periods": (100, lambda n: f"measures:\n{one([f'Apr {1900 + number}' for number in range(n)])}"),
    "references": (
        100,
        lambda n: (
            "measures:\n"
            + one(
                months(60),
                extra="    references:\n"
                + "".join(f"      - {{label: L{k}, value: {k}}}\n" for k in range(n)),
            )
        ),
    ),
    "breaks": (
        150,
        lambda n: (
            f"measures:\n{one(months(n), extra=PREVIOUS).replace(': 1', ': {value: 1').replace(chr(10) + '      1', ', marks: [break]}' + chr(10) + '      1')}"
        ),
    ),
}


def work(do: Callable[[], object]) -> int:
    """How many lines of the program are run; what Python itself does in one step is one."""
    count = 0

    def line(_: FrameType, event: str, __: object) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def call(frame: FrameType, _: str, __: object) -> Any:
        return (
            line
            if "/kpi/" in frame.f_code.co_filename.replace("\\", "/") or "difflib" in frame.f_code.co_filename
            else None
        )

    before = sys.gettrace()
    sys.settrace(call)
    try:
        do()
    finally:
        sys.settrace(before)
    return count


def repository(root: Path, text: str, areas: int = 0) -> Path:
    (root / "kpis/reading").mkdir(parents=True, exist_ok=True)
    named = "".join(f"  area-{number}: Area {number}\n" for number in range(areas))
    (root / "kpis/plan.yaml").write_text(PLAN.format(areas=named), encoding="utf-8")
    (root / "kpis/reading/loans.yaml").write_text(KPI + text, encoding="utf-8")
    return root


def check(root: Path) -> object:
    return lint(root, date(2060, 6, 1))


def build(root: Path) -> object:
    found = load(root)
    assert found.plan.plan is not None
    return scorecard_pages(judge(found.plan.plan, found.kpis), found.reasons())


@pytest.mark.parametrize("do", [check, build])
@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_input_is_about_twice_the_work(
    shape: str, do: Callable[[Path], object], tmp_path: Path
) -> None:
    count, text = SHAPES[shape]
    areas = {"peers": 1, "known areas": 4, "unknown areas": 1}.get(shape, 0)
    first, once, twice = (
        repository(tmp_path / str(n), text(n), areas * n) for n in (count + 1, count, 2 * count)
    )
    do(first)  # imports what is used; what was read is remembered by its content

    assert work(lambda: do(twice)) <= MOST * work(lambda: do(once))


# What is quick says the same as what is plain.


def plain_direction(found: Measure, at: int) -> Direction:
    """The definition: figure by figure backwards."""
    known = valued(found)
    later, overlapping, unlike = known[at], None, None
    for earlier in reversed([each for each in known if each.period.end < later.period.end]):
        comparison = compare(found, earlier, later)
        if comparison.comparable:
            gap = None if overlapping else gap_between(found, earlier.period, later.period)
            return compare_pair(found, earlier, later)._replace(overlapping=overlapping, gap=gap)
        if comparison.reason == BREAK:
            return Direction(later, reason=BREAK, overlapping=overlapping)
        if comparison.reason == OVERLAPPING:
            overlapping = overlapping or earlier
        elif unlike is None or (unlike.lengths_differ and comparison.seasons_differ):
            unlike = comparison
    from kpi.judge.direction import _nothing

    return Direction(later, reason=_nothing(later, overlapping, unlike), overlapping=overlapping)


PERIODS = [
    *("2020", "2021", "2022", "2023", "2021/22", "2022/23", "12 months to 2022-02", "12 months to 2022-09"),
    *(
        "2021-02",
        "2022-02",
        "2022-03",
        "2023-03",
        "2020-02-29",
        "2021-02-28",
        "2022-02-28",
        "2022-Q1",
        "2023-Q1",
    ),
    *("2023-02-15 to 2023-03-14", "2023-03-15 to 2023-04-11"),
    *("2020-02-28", "2021-02-01 to 2022-01-31", "2021-05-01 to 2022-04-30", "24 months to 2022-12"),
]


@quick
@given(
    st.lists(st.sampled_from(PERIODS), min_size=2, max_size=14, unique=True),
    st.sets(st.integers(0, 13), max_size=3),
    st.sampled_from(["total", "average", "snapshot"]),
    st.sampled_from(["", "season", "previous"]),
)
def test_a_direction_is_found_as_if_every_earlier_figure_were_looked_at(
    periods: list[str], breaks: set[int], kind: str, way: str
) -> None:
    figures = {
        period: {"value": number, "marks": ["break"]} if number in breaks else number
        for number, period in enumerate(periods)
    }
    found = measure(observations=figures, kind=kind, **({"compare": way} if way else {}))

    for at, observation in enumerate(valued(found)):
        assert compare_with_nearest(found, observation) == plain_direction(found, at)


@quick
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "A", "B"]), st.sampled_from(["", "2020", "2021", "2022"])),
        min_size=1,
        max_size=8,
    )
)
def test_the_targets_that_stand_are_those_that_none_supersedes(written: list[tuple[str, str]]) -> None:
    fields: Iterator[dict[str, Any]] = (
        {"at_least": number, **({"label": label} if label else {}), **({"from": start} if start else {})}
        for number, (label, start) in enumerate(written)
    )
    found = measure(observations={"2020": 1, "2021": 2, "2022": 3}, targets=list(fields))

    for figure in found.observations:
        begun = [target for target in found.targets if has_begun(target, figure.period.end)]
        held = [target for target in begun if holds(target, figure.period.end)]
        expected = [target for target in held if not any(supersedes(other, target) for other in begun)]
        assert list(targets_in_force(found, figure)) == expected


@pytest.mark.parametrize("row", ["lones-{0},all,,2025", "loans,al-{0},,2025", "loans,all,aera-{0},2025"])
def test_twice_the_rows_with_names_that_there_aren_t_are_about_twice_the_work(
    row: str, tmp_path: Path
) -> None:
    def understand(count: int) -> Callable[[], object]:
        found = load(repository(tmp_path / str(count), many(count) + peers(1), 2 * count))
        texts = [
            dict(zip(("kpi", "measure", "area", "period"), row.format(n).split(","), strict=True))
            for n in range(count)
        ]
        rows = [Given("", n, {**text, "value": "1"}, {}, n) for n, text in enumerate(texts)]
        return lambda: intake(rows, found)

    understand(10)()
    assert work(understand(200)) <= MOST * work(understand(100))
