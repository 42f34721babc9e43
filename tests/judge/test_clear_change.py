"""When a change between two figures is clear: pairs with the word that must come, and laws."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.judge import direction
from kpi.judge.direction import why_unclear
from kpi.model.kpi import AVERAGE, SNAPSHOT, TOTAL, Measure, Observation, Polarity
from kpi.model.period import parse_period
from kpi.model.quantity import Unit

VECTORS: list[dict[str, Any]] = [
    vector
    for vector in json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
    if vector["rule"] != "chart"
]
WORDS = {
    "clear": "",
    "counts of this size often differ by that much": direction.OFTEN_DIFFER,
    "shares of so few often differ by that much": direction.FEW_DIFFER,
    "less than 5%": direction.SMALL_PART,
    "less than 10%": direction.SMALL_MOVE,
    "less than 3 points": direction.FEW_POINTS,
    "5 points or less": direction.POINTS_ALONE,
    "last digit": direction.LAST_DIGIT,
    "within the margin": direction.IN_MARGIN,
}
MEASURES = {
    "total": ("count", TOTAL),
    "at a date": ("count", SNAPSHOT),
    "share": ("percent", AVERAGE),
    "other": ("days", AVERAGE),
    "rate": ("rate", AVERAGE),
}
NUMBERS = st.decimals(-(10**6), 10**6, places=2)
COUNTS = st.integers(0, 10**6).map(Decimal)


def unclear(
    rule: str, earlier: Any, later: Any, numbers: Any = None, *, margin: Decimal | None = None
) -> str:
    unit, kind = MEASURES[rule]
    measure = Measure("m", "M", Unit(unit), Polarity("higher"), kind, margin=margin)
    cases = numbers or [(None, None), (None, None)]
    before, after = (
        Observation(
            parse_period(period),
            Decimal(value),
            numerator=part if part is None else Decimal(part),
            denominator=whole if whole is None else Decimal(whole),
        )
        for period, value, (part, whole) in zip(("2021/22", "2022/23"), (earlier, later), cases, strict=True)
    )
    return why_unclear(measure, before, after)


@pytest.mark.parametrize(
    "vector", VECTORS, ids=lambda vector: f"{vector['rule']} {vector['earlier']} {vector['later']}"
)
def test_a_pair_has_the_word_that_must_come(vector: dict[str, Any]) -> None:
    rule, earlier, later = vector["rule"], vector["earlier"], vector["later"]
    if rule == "margin":
        result = unclear("other", earlier, later, margin=Decimal(vector["margin"]))
    else:
        result = unclear(rule, earlier, later, vector.get("numbers"))
    assert result == WORDS[vector["expect"]]


@given(COUNTS, COUNTS, COUNTS, st.sampled_from(["total", "at a date"]))
def test_a_count_further_away_is_clear_where_a_nearer_one_is(
    before: Decimal, after: Decimal, further: Decimal, rule: str
) -> None:
    """On the same side; far above a count the bound grows more slowly than the move."""
    nearer, farther = sorted((after, further), key=lambda value: abs(value - before))
    if (nearer > before) == (farther > before) and not unclear(rule, before, nearer):
        assert not unclear(rule, before, farther)


@given(NUMBERS, NUMBERS, st.integers(1, 50).map(Decimal))
def test_other_figures_and_per_cents_are_judged_the_same_both_ways(
    before: Decimal, after: Decimal, margin: Decimal
) -> None:
    assert unclear("other", before, after) == unclear("other", after, before)
    assert unclear("share", before, after) == unclear("share", after, before)
    both_ways = (unclear("other", *pair, margin=margin) for pair in ((before, after), (after, before)))
    assert len(set(both_ways)) == 1


@given(NUMBERS, NUMBERS, st.integers(-3, 3))
def test_other_figures_are_judged_alike_in_any_unit(before: Decimal, after: Decimal, places: int) -> None:
    assert unclear("other", before.scaleb(places), after.scaleb(places)) == unclear("other", before, after)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 500), st.integers(1, 500))
def test_a_share_and_its_rest_are_as_clear_as_each_other(a: int, n: int, b: int, m: int) -> None:
    if a > n or b > m:
        return
    cases = ((a, n), (b, m))
    rests = ((n - a, n), (m - b, m))
    earlier, later = ((Decimal(100 * part) / whole).quantize(Decimal("0.1")) for part, whole in cases)
    assert unclear("share", earlier, later, cases) == unclear("share", 100 - earlier, 100 - later, rests)


def test_numbers_that_are_no_cases_prove_nothing() -> None:
    alone = unclear("share", 30, 35)
    assert alone == direction.POINTS_ALONE
    assert unclear("share", 30, 35, (("30000.5", "100000"), ("35000", "100000"))) == alone
    assert unclear("share", 30, 35, (("30000", "100000"), ("35000", "100000"))) == ""


def test_a_count_that_is_typed_in_parts_is_judged_like_any_other_figure() -> None:
    assert unclear("total", "10.5", "11.4") == direction.SMALL_MOVE


def test_a_rate_may_pass_by_the_counts_behind_it() -> None:
    assert unclear("rate", "22.97", "20.85") == direction.SMALL_MOVE
    assert unclear("rate", "22.97", "20.85", ((20000, 870000), (18000, 863000))) == ""
