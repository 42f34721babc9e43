"""What a file costs grows with the file, not with its square: whatever is many in it, twice as much is twice the work."""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cost_shapes import SHAPES, areas_of, many, peers, repository
from findings import quick
from judge.examples import measure
from kpi.judge.bound import supersedes, targets_in_force
from kpi.judge.direction import NOTHING_EARLIER, Direction, compare_pair, compare_with_nearest
from kpi.judge.judgement import judge
from kpi.judge.series import BREAK, OVERLAPPING, compare, gap_between, valued
from kpi.lint.engine import lint
from kpi.model.kpi import Measure
from kpi.model.period import length_words
from kpi.pages.scorecard import scorecard_pages
from kpi.store.intake import Intake
from kpi.store.repository import load
from kpi.store.tables import RawFigure
from trials import FUZZING

MOST = 2.3
"""Twice the input may take so many times the work."""

WHOLE = {
    "days, a target on the day before",
    "years by the day",
    "lengths, a target on the figure before",
    "peers",
    "unknown areas",
}
"""Shapes of which half is too little to tell for pages; else `make test` tries half, and `make fuzz` all."""

ON_NO_PAGE = {
    "commas in a number",
    "checks",
    "names in an ignore comment",
    "known areas",
    "unknown measures",
    "aliases",
    "unknown fields",
    "unreadable figures",
    "no periods",
}
"""Shapes of which no page has anything, so that building is the same work for twice as many."""


class _Counting(dict[str, Any]):
    """What is asked of each line of a file: by its name, whether it is of the program, or of Python's own slow part."""

    def __missing__(self, path: str) -> Any:
        is_counted = "/kpi/" in path.replace("\\", "/") or "difflib" in path
        self[path] = self[""] if is_counted else None
        return self[path]


def forget() -> None:
    """Empty what the program remembers of texts, so that no measure depends on what was run before it."""
    modules = [module for name, module in sys.modules.items() if name.startswith("kpi.")]
    for value in (value for module in modules for value in vars(module).values()):
        if hasattr(value, "cache_clear") and value.cache_info().maxsize is not None:
            value.cache_clear()


def work(do: Callable[[], object]) -> int:
    """How many lines of the program are run; what Python itself does in one step is one."""
    forget()
    count = 0

    def line(_: FrameType, event: str, __: object) -> Any:
        nonlocal count
        count += event == "line"
        return line

    counting = _Counting({"": line})
    before = sys.gettrace()
    sys.settrace(lambda frame, _, __: counting[frame.f_code.co_filename])
    try:
        do()
    finally:
        sys.settrace(before)
    return count


def check(root: Path) -> Callable[[], object]:
    return lambda: lint(root, date(2060, 6, 1))


def build(root: Path) -> Callable[[], object]:
    """What a build does with what it has read; checking reads too."""
    loaded = load(root)
    plan = loaded.plan.usable()
    return lambda: scorecard_pages(judge(plan, loaded.kpis), loaded.reasons())


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_input_is_about_twice_the_work_of_checking(shape: str, tmp_path: Path) -> None:
    is_about_twice_the_work(check, shape, tmp_path, half=not FUZZING)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if FUZZING or shape not in ON_NO_PAGE])
def test_twice_the_input_is_about_twice_the_work_of_building(shape: str, tmp_path: Path) -> None:
    is_about_twice_the_work(build, shape, tmp_path, half=not FUZZING and shape not in WHOLE)


def is_about_twice_the_work(
    do: Callable[[Path], Callable[[], object]], shape: str, root: Path, *, half: bool
) -> None:
    count, text = SHAPES[shape]
    count = count // 2 if half else count
    first, once, twice = (
        do(repository(root / str(n), text(n), areas_of(shape, n)))
        for n in (max(count // 8, 12), count, 2 * count)
    )
    first()  # imports what is used

    assert work(twice) <= MOST * work(once)


# What is quick says the same as what is plain.


def plain_direction(actual: Measure, at: int) -> Direction:
    """The definition: figure by figure backwards."""
    known = valued(actual)
    later, overlapping, unlike = known[at], None, None
    for earlier in reversed([each for each in known if each.period.end < later.period.end]):
        comparison = compare(actual, earlier, later)
        if comparison.comparable:
            gap = None if overlapping else gap_between(actual, earlier.period, later.period)
            return compare_pair(actual, earlier, later)._replace(overlapping=overlapping, gap=gap)
        if comparison.reason == BREAK:
            return Direction(later, reason=BREAK, overlapping=overlapping)
        if comparison.reason == OVERLAPPING:
            overlapping = overlapping or earlier
        elif unlike is None or (unlike.lengths_differ and comparison.seasons_differ):
            unlike = comparison
    reason = unlike.reason if unlike else NOTHING_EARLIER
    if unlike is not None and unlike.lengths_differ:
        reason = f"no earlier {length_words(later.period)} to compare with"
    reason = "only overlapping periods before it" if overlapping else reason
    return Direction(later, reason=reason, overlapping=overlapping)


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
    actual = measure(observations=figures, kind=kind, **({"compare": way} if way else {}))

    for at, observation in enumerate(valued(actual)):
        assert compare_with_nearest(actual, observation) == plain_direction(actual, at)


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
    actual = measure(observations={"2020": 1, "2021": 2, "2022": 3}, targets=list(fields))

    for figure in actual.observations:
        begun = [target for target in actual.targets if target.first_day <= figure.period.end]
        held = [target for target in begun if figure.period.end <= target.last_day]
        expected = [target for target in held if not any(supersedes(other, target) for other in begun)]
        assert list(targets_in_force(actual, figure)) == expected


@pytest.mark.parametrize("row", ["lones-{0},all,,2025", "loans,al-{0},,2025", "loans,all,aera-{0},2025"])
def test_twice_the_rows_with_names_that_there_aren_t_are_about_twice_the_work(
    row: str, tmp_path: Path
) -> None:
    def understand(count: int) -> Callable[[], object]:
        loaded = load(repository(tmp_path / str(count), many(count) + peers(1), 2 * count))
        texts = [
            dict(zip(("kpi", "measure", "area", "period"), row.format(n).split(","), strict=True))
            for n in range(count)
        ]
        rows = [RawFigure("", n, {**text, "value": "1"}, {}, n) for n, text in enumerate(texts)]
        return lambda: Intake(rows, loaded)

    understand(10)()
    assert work(understand(200)) <= MOST * work(understand(100))
