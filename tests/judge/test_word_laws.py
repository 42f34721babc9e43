"""Laws of what is said of a series: no unit, no shift, no order of lines changes a word, and few figures make no chart."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from judge.examples import judged
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.state import CHANGE_CLASSES
from trials import trials

VALUES = st.integers(20, 60)
LONG = st.lists(VALUES, min_size=13, max_size=30)
FIELDS: dict[str, Any] = {"unit": {"name": "points"}, "better": "lower", "kind": "average"}


def years(values: list[Any]) -> dict[str, Any]:
    return {str(1990 + number): value for number, value in enumerate(values)}


def months(values: list[Any]) -> dict[str, Any]:
    return {f"{2000 + number // 12}-{number % 12 + 1:02}": value for number, value in enumerate(values)}


def said(measure_judgement: MeasureJudgement) -> list[tuple[Any, ...]]:
    """What is said of each current figure, without the numbers themselves."""
    return [
        (
            direction.outcome,
            direction.reason,
            direction.movement,
            direction.earlier.key if direction.earlier else None,
            direction.usual is not None,
            direction.usual.newest if direction.usual else None,
            direction.usual.since.key if direction.usual and direction.usual.since else None,
        )
        for direction in measure_judgement.directions
    ]


@trials(400)
@given(LONG, st.integers(-5, 5), st.integers(-300, 300))
def test_where_a_chart_decides_neither_unit_nor_shift_change_a_word(
    values: list[int], places: int, shift: int
) -> None:
    judgement = judged(**FIELDS, observations=years(values))
    assume(judgement.directions[0].usual is not None)
    moved = [Decimal(value + shift).scaleb(places) for value in values]

    assert said(judged(**FIELDS, observations=years(moved))) == said(judgement)


@trials(400)
@given(st.lists(VALUES, min_size=2, max_size=12), st.integers(-5, 5))
@pytest.mark.parametrize(
    "unit", [{"name": "points"}, "ratio", "days", {"currency": "GBP"}, {"rate_per": 1000}], ids=str
)
def test_two_figures_that_are_no_counts_are_told_alike_in_any_unit(
    unit: Any, values: list[int], places: int
) -> None:
    fields = FIELDS | {"unit": unit}
    judgement = judged(**fields, observations=years(values))
    scaled = [Decimal(value).scaleb(places) for value in values]

    assert said(judged(**fields, observations=years(scaled))) == said(judgement)


@trials(400)
@given(LONG)
def test_upside_down_better_and_worse_change_places_and_nothing_else(values: list[int]) -> None:
    actual = judged(**FIELDS, observations=years(values)).directions[0]
    turned = judged(
        **FIELDS | {"better": "higher"}, observations=years([-value for value in values])
    ).directions[0]
    assume(actual.usual is not None)

    assert turned.outcome == actual.outcome


@trials(400)
@given(st.data(), st.lists(VALUES, min_size=1, max_size=30), st.sampled_from([years, months]))
@pytest.mark.parametrize("unit", ["count", "percent", {"name": "points"}], ids=str)
def test_the_order_of_lines_changes_nothing(
    unit: Any, data: st.DataObject, values: list[int], named: Any
) -> None:
    written = named(values)
    mixed = dict(data.draw(st.permutations(list(written.items()))))
    fields = FIELDS | {"unit": unit, "targets": [{"at_most": 40}]}

    assert judged(**fields, observations=mixed) == judged(**fields, observations=written)


@trials(400)
@given(
    st.lists(VALUES, min_size=1, max_size=12),
    st.sampled_from(["total", "average", "snapshot", "cumulative"]),
    st.sampled_from(["count", "percent", "days"]),
    st.sampled_from([years, months]),
)
def test_below_13_figures_there_is_no_chart(values: list[int], kind: str, unit: str, named: Any) -> None:
    judgement = judged(
        **FIELDS | {"kind": kind, "unit": unit, "compare": "previous"}, observations=named(values)
    )

    assert [direction.usual for direction in judgement.directions] == [None] * len(judgement.directions)


@trials(400)
@given(st.lists(VALUES, min_size=1, max_size=24))
def test_with_seasons_below_13_differences_there_is_none(values: list[int]) -> None:
    judgement = judged(**FIELDS | {"compare": "season"}, observations=months(values))

    assert [direction.usual for direction in judgement.directions] == [None]


@trials(400)
@given(LONG)
def test_since_a_break_only_the_figures_after_it_count(values: list[int]) -> None:
    marked = years(values)
    fields = FIELDS | {"compare": "previous"}
    first = list(marked)[-12]
    broken = marked | {first: {"value": marked[first], "marks": ["break"], "note": "Counted anew."}}

    assert judged(**fields, observations=broken).directions[0].usual is None


@trials(600)
@given(st.lists(VALUES, min_size=1, max_size=30), st.sampled_from(["count", "percent", "ratio", "days"]))
def test_every_measure_is_in_one_class(values: list[int], unit: str) -> None:
    judgement = judged(**FIELDS | {"unit": unit}, observations=years(values))

    assert judgement.change in CHANGE_CLASSES
