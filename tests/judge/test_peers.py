"""The own area's place among others: only among equals, for one period, by which way is better."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import measure
from kpi.judge.benchmarks import rank_among_peers
from kpi.model.plan import Area, Plan
from kpi.pages.figure_words import place_words

PLAN = Plan("Example", "Plan", "here", areas={"nation": Area("nation", "Nation", whole=True)})


def places(own: Any, peers: dict[str, Any], **fields: Any) -> list[tuple[str, int, int, bool]]:
    """(period, place, areas, joint) of each rank, newest first."""
    made = measure(observations=own, peers=peers, **fields)
    return [
        (rank.figure.period.text, rank.position, rank.areas, rank.joint)
        for rank in rank_among_peers(made, PLAN)
    ]


OTHERS = {"a": {"2022/23": 7}, "b": {"2022/23": 7}, "c": {"2022/23": 9}}


@pytest.mark.parametrize(
    ("own", "better", "place"),
    [
        (8, "higher", 2),
        (8, "lower", 3),
        (10, "higher", 1),
        (10, "lower", 4),
        (7, "lower", 1),
        (8, {"near": 8}, 1),
        (6, {"near": 8}, 4),
    ],
)
def test_the_place_follows_which_way_is_better(own: float, better: Any, place: int) -> None:
    ((_, result, areas, _),) = places({"2022/23": own}, OTHERS, better=better)

    assert (result, areas) == (place, 4)


def test_equal_figures_share_the_better_place() -> None:
    assert places({"2022/23": 7}, OTHERS) == [("2022/23", 2, 4, True)]


def test_for_ratios_half_is_as_far_from_one_as_double() -> None:
    result = places({"2022": 0.5}, {"a": {"2022": 2}, "b": {"2022": 1.4}}, unit="ratio", better={"near": 1})

    assert result == [("2022", 2, 3, True)]


def test_only_figures_for_the_very_period_are_ranked() -> None:
    peers = {"a": {"2022/23": 7, "2021/22": 1}, "b": {"2023": 5}, "c": {"12 months to 2023-03": 9}}

    assert places({"2020/21": 5, "2021/22": 3, "2022/23": 8}, peers) == [("2022/23", 2, 3, False)]


def test_figures_at_a_date_are_ranked_by_the_date_however_long_the_period() -> None:
    peers = {"a": {"2023-03": 7}, "b": {"2023-03-31": 6}}

    assert places({"2022/23": 8}, peers, kind="snapshot") == [("2022/23", 1, 3, False)]


def test_an_area_with_two_figures_for_one_day_is_counted_once() -> None:
    twice = {"a": {"2023-03": 9, "2023-03-31": 6}}

    assert places({"2022/23": 8}, twice, kind="snapshot") == []
    assert places({"2022/23": 8}, twice | {"b": {"2022/23": 7}}, kind="snapshot") == [
        ("2022/23", 1, 3, False)
    ]


def test_a_whole_is_never_ranked() -> None:
    peers = {"a": {"2022/23": 7}, "nation": {"2022/23": 6}}

    assert places({"2022/23": 8}, peers) == []
    assert places({"2022/23": 8}, peers | {"b": {"2022/23": 9}}) == [("2022/23", 2, 3, False)]


@pytest.mark.parametrize(
    "fields",
    [
        {"unit": "count"},
        {"unit": {"currency": "GBP"}},
        {"unit": {"name": "tonnes"}, "kind": "total"},
        {"unit": "count", "kind": "snapshot"},
        {"unit": "duration", "kind": "total"},
        {"unit": "percent", "kind": "cumulative"},
        {"better": "neither"},
    ],
    ids=str,
)
def test_what_grows_with_the_size_of_an_area_or_has_no_better_way_is_not_ranked(
    fields: dict[str, Any],
) -> None:
    values = (["9s", "7s", "6s"]) if fields.get("unit") == "duration" else [9, 7, 6]
    own, *others = ({"2022/23": value} for value in values)

    assert places(own, dict(zip("ab", others, strict=True)), **fields) == []


UNITS = [
    "percent",
    "ratio",
    "days",
    "weeks",
    "count",
    {"rate_per": 1000},
    {"currency": "GBP"},
    {"name": "kg"},
]


@pytest.mark.parametrize("unit", UNITS, ids=str)
def test_averages_are_ranked_in_any_unit(unit: Any) -> None:
    peers = {"a": {"2022": 7}, "b": {"2022": 6}}
    assert places({"2022": 9}, peers, unit=unit, kind="average") == [("2022", 1, 3, False)]


def test_with_a_margin_of_error_a_place_is_a_range() -> None:
    peers = {"a": {"2022": 80}, "b": {"2022": 71}, "c": {"2022": 69}, "d": {"2022": 50}}
    made = measure(margin=2, observations={"2022": 70}, peers=peers)
    (ranks,) = rank_among_peers(made, PLAN)
    assert (ranks.position, ranks.last, ranks.areas) == (2, 4, 5)
    assert place_words(ranks) == "2nd to 4th of 5"


def test_figures_that_are_forecast_or_missing_have_no_place() -> None:
    absent = {"marks": ["not-available"]}
    peers = {
        "a": {"2022": 7},
        "b": {"2022": 6},
        "c": {"2022": {"value": 9, "marks": ["forecast"]}},
        "d": {"2022": absent},
    }

    assert places({"2022": 8}, peers) == [("2022", 1, 3, False)]
    assert places({"2022": {"value": 8, "marks": ["forecast"]}}, peers) == []
    assert places({"2022": absent}, peers) == []


@given(
    st.lists(st.integers(0, 20), min_size=3, max_size=8), st.randoms(), st.sampled_from(["higher", "lower"])
)
def test_places_are_those_of_a_sorted_list_in_whatever_order_the_areas_stand(
    values: list[int], chance: Any, better: str
) -> None:
    own, *others = values
    named = [(f"a{number}", {"2022": value}) for number, value in enumerate(others)]
    chance.shuffle(named)
    ((_, place, areas, joint),) = places({"2022": own}, dict(named), better=better)

    ordered = sorted(values, reverse=better == "higher")
    assert place == ordered.index(own) + 1
    assert areas == len(values)
    assert joint == (values.count(own) > 1)
