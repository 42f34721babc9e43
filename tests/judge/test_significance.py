"""Could it be chance? Held against figures that were worked out elsewhere (R's PHEindicatormethods, exact binomial tests)."""

from decimal import Decimal
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import judged
from kpi.judge.benchmarks import (
    Interval,
    Significance,
    assess_significance,
    confidence_interval,
    count_interval,
    counts_test,
    proportions_test,
    share_interval,
)


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [
        (440, 313, 4.18e-6),  # assaults on retail workers
        (335, 442, 0.00014),  # deaths from drug misuse
        (53, 40, 0.2132),  # homicide
        (89, 122, 0.0274),  # County Lines reports
        (215, 189, 0.2135),  # hospital admissions
        (86, 97, 0.46),  # reflective practice
        (455, 442, 0.69),
        (0, 0, 1.0),
        (0, 5, 0.0625),
        (7, 7, 1.0),
    ],
)
def test_two_counts_are_held_against_equal_chances(before: int, after: int, p: float) -> None:
    assert counts_test(before, after) == pytest.approx(p, rel=0.03)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_test_of_counts_is_the_binomial_one(before: int, after: int) -> None:
    total, fewer = before + after, min(before, after)
    exact = min(1.0, 2 * sum(comb(total, n) for n in range(fewer + 1)) / 2**total)

    assert counts_test(before, after) == pytest.approx(exact, rel=1e-9)
    assert counts_test(after, before) == counts_test(before, after)


def test_large_counts_cost_nothing_and_stay_between_0_and_1() -> None:
    assert counts_test(10**9, 10**9) == pytest.approx(1, abs=0.001)
    assert counts_test(10**6, 2 * 10**6) == 0.0


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(65, 50.163188, 82.849139), (1045, 982.593202, 1110.331213), (10, 4.787450, 18.391459)],
)
def test_a_count_has_byars_interval(events: int, low: float, high: float) -> None:
    assert count_interval(events) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(
    ("events", "low", "high"), [(1, 0.025318, 5.571643), (5, 1.623486, 11.668332), (0, 0, 3.688879)]
)
def test_few_events_have_the_exact_interval(events: int, low: float, high: float) -> None:
    assert count_interval(events) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (65, 100, 0.552544, 0.736358),
        (1045, 5000, 0.197955, 0.220491),
        (1, 100, 0.001767, 0.054486),
        (1843, 4821, 0.3687, 0.3961),  # released under investigation, 2022/23
        (2846, 4597, 0.6050, 0.6330),  # and 2021/22
        (114, 214, 0.4659, 0.5984),  # special constables who met their hours
    ],
)
def test_a_share_has_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    assert share_interval(part, whole) == pytest.approx((low, high), abs=5e-5 if whole > 200 else 1e-6)


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_own_figure(part: int, more: int) -> None:
    whole = part + more
    for low, high in (share_interval(part, whole), Interval(*(n / whole for n in count_interval(part)))):
        assert low <= part / whole + 1e-12
        assert part / whole <= high


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        ((50, 100), (50, 100), 1.0),
        ((40, 100), (60, 100), 0.004678),
        ((0, 10), (0, 10), 1.0),
        ((5, 5), (9, 9), 1.0),
        ((0, 1), (1, 1), 0.157299),  # one of one: the smallest that there is
    ],
)
def test_two_shares_are_held_against_one(first: tuple[int, int], second: tuple[int, int], p: float) -> None:
    assert proportions_test(*first, *second) == pytest.approx(p, abs=1e-6)


def share(part: float, whole: float) -> dict[str, Any]:
    return {"value": 50, "numerator": part, "denominator": whole}


def chance_of(observations: dict[str, Any], **fields: Any) -> Significance:
    judgement = judged(**({"unit": "count", "observations": observations} | fields))
    return assess_significance(judgement.measure, judgement.directions[0])


def test_the_pair_of_the_direction_is_tested() -> None:
    chance = chance_of({"2021/22": 53, "2022/23": 40})
    assert chance.p == pytest.approx(0.2132, abs=0.00005)
    assert chance.reason == ""


def test_a_share_is_tested_with_the_numbers_behind_it() -> None:
    figures = {
        "2021/22": {"value": 40, "numerator": 40, "denominator": 100},
        "2022/23": {"value": 60, "numerator": 60, "denominator": 100},
    }
    assert chance_of(figures, unit="percent").p == pytest.approx(0.004678, abs=1e-6)


@pytest.mark.parametrize(
    ("observations", "fields", "reason"),
    [
        pytest.param({"2021/22": 40, "2022/23": 60}, {"unit": "percent"}, "the numbers behind the shares are not given", id="no-numbers"),
        pytest.param({"2021/22": share(4, 10), "2022/23": {"value": 60}}, {"unit": "ratio"}, "the numbers behind the shares are not given", id="the-earlier-numbers-only"),
        pytest.param({"2021/22": {"value": 60}, "2022/23": share(4, 10)}, {"unit": "percent"}, "the numbers behind the shares are not given", id="the-later-numbers-only"),
        pytest.param({"2021/22": share(0, 0), "2022/23": share(4, 10)}, {"unit": "percent"}, "the numbers behind the shares are no whole cases", id="a-share-of-nothing-before"),
        pytest.param({"2021/22": share(4, 10), "2022/23": share(0, 0)}, {"unit": "percent"}, "the numbers behind the shares are no whole cases", id="a-share-of-nothing"),
        pytest.param({"2021/22": -4, "2022/23": 6}, {}, "there is nothing to count", id="below-nought-before"),
        pytest.param({"2021/22": 6, "2022/23": -4}, {}, "there is nothing to count", id="below-nought"),
        pytest.param({"2022-03": 40, "2023-03": 60}, {"kind": "snapshot"}, "only counts over a period can be tested, not those at a date", id="snapshot"),
        pytest.param({"2021/22": 0, "2022/23": 0}, {}, "there is nothing to count", id="nothing"),
        pytest.param({"2018 to 2020": 455, "2019 to 2021": 442}, {}, "only overlapping periods before it", id="overlapping"),
        pytest.param({"2021/22": 4, "2022/23": {"value": 6, "marks": ["break"]}}, {}, "not comparable (break)", id="break"),
        pytest.param({"2021/22": "1m", "2022/23": "2m"}, {"unit": "duration"}, "only counts, and shares with their numerators, can be tested", id="time"),
    ],
)  # fmt: skip
def test_what_can_not_be_tested_says_why(
    observations: dict[str, Any], fields: dict[str, Any], reason: str
) -> None:
    assert chance_of(observations, **fields) == Significance(None, reason)


@pytest.mark.parametrize(
    ("missing", "unit"), [("denominator", "percent"), ("denominator", "ratio"), ("numerator", "ratio")]
)
def test_one_of_the_two_numbers_behind_a_share_is_not_enough(missing: str, unit: str) -> None:
    whole, part = share(4, 10), {name: value for name, value in share(4, 10).items() if name != missing}
    for before, after in ((whole, part), (part, whole)):
        actual = chance_of({"2021/22": before, "2022/23": after}, unit=unit)
        assert actual == Significance(None, "the numbers behind the shares are not given")
    assert around(part, unit=unit) is None


def test_but_the_denominator_of_a_per_cent_is() -> None:
    both, alone = {"value": 40, "numerator": 4, "denominator": 10}, {"value": 70, "denominator": 10}
    typed = chance_of(
        {"2021/22": both, "2022/23": {"value": 70, "numerator": 7, "denominator": 10}}, unit="percent"
    )

    assert chance_of({"2021/22": both, "2022/23": alone}, unit="percent") == typed
    assert typed.p is not None
    assert around(alone, unit="percent") is not None


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 0), (0, 6), (6, 0), (5, 5)])
def test_one_event_is_enough_to_test(before: int, after: int) -> None:
    chance = chance_of({"2021/22": before, "2022/23": after})

    assert chance == (counts_test(before, after), "")


def test_a_share_of_one_is_a_share_and_a_ratio_has_numbers_behind_it_too() -> None:
    for unit in ("percent", "ratio"):
        chance = chance_of({"2021/22": share(0, 1), "2022/23": share(1, 1)}, unit=unit)
        assert chance.p == pytest.approx(0.157299, abs=1e-6)


def test_values_are_numbers_of_any_size() -> None:
    assert chance_of({"2021/22": Decimal(15000), "2022/23": Decimal(15682)}).p == pytest.approx(
        0.0001, abs=0.00005
    )


def around(figure: dict[str, Any] | int, **fields: Any) -> Interval | None:
    """The interval of one figure, a count unless told otherwise."""
    judgement = judged(**{"unit": "count", "better": "lower", "observations": {"2022/23": figure}} | fields)
    return confidence_interval(judgement.measure, judgement.measure.observations[0])


@pytest.mark.parametrize(
    ("figure", "fields", "low", "high"),
    [
        (65, {}, 50.163188, 82.849139),  # Byar
        (400, {}, 361.758, 441.188),  # the largest that has one
        (5, {}, 1.623486, 11.668332),  # exact, below ten
        (share(65, 100), {"unit": "percent"}, 55.2544, 73.6358),  # Wilson
        (share(1843, 4821), {"unit": "percent"}, 36.87, 39.61),  # released under investigation
        (share(114, 214), {"unit": "percent", "kind": "snapshot"}, 46.59, 59.84),  # special constables
        (share(0, 10), {"unit": "percent"}, 0, 27.75),
        (share(10, 10), {"unit": "percent"}, 72.25, 100),
        (1, {}, 0.025318, 5.571643),
        (0, {}, 0, 3.688879),
    ],
)
def test_a_figure_has_an_interval_in_its_own_unit(
    figure: Any, fields: dict[str, Any], low: float, high: float
) -> None:
    assert around(figure, **fields) == pytest.approx((low, high), abs=0.006)


@pytest.mark.parametrize(
    ("figure", "fields"),
    [
        (65, {"kind": "snapshot"}),
        (65, {"unit": "percent"}),
        (65, {"unit": {"currency": "GBP"}}),
        (share(1, 4), {"unit": "ratio"}),
        (share(12.5, 40), {"unit": "percent"}),
        ({"marks": ["not-available"]}, {}),
        (-1, {}),
        (401, {}),
        (15682, {}),
        (share(11, 10), {"unit": "percent"}),
        (share(0, 0), {"unit": "percent"}),
        (share(-1, 10), {"unit": "percent"}),
    ],
    ids=str,
)
def test_what_has_no_sound_interval_has_none(figure: Any, fields: dict[str, Any]) -> None:
    assert around(figure, **fields) is None
