"""Direction of travel."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import judged, keys, measure
from kpi.judge.direction import Direction, class_of_change, judge_directions

BROKEN_67 = {"value": 67, "marks": ["break"]}


def newest(**fields: Any) -> Direction:
    """The newest direction of a measure made of these fields."""
    return judge_directions(measure(**fields))[0]


def pair(travel: Direction) -> tuple[str, str | None]:
    """The two periods of a direction."""
    return travel.later.key, travel.earlier.key if travel.earlier else None


def pairs(**fields: Any) -> list[tuple[str, str | None]]:
    """The two periods of every direction."""
    return [pair(direction) for direction in judge_directions(measure(**fields))]


# Which pair


def test_the_latest_figure_is_held_against_the_nearest_comparable_earlier_one() -> None:
    assert pairs(observations={"2019/20": 60, "2021/22": 75, "2022/23": 67}) == [("2022/23", "2021/22")]


def test_there_is_a_direction_for_each_current_length_newest_first() -> None:
    observations = {"2021/22": 75, "2022/23": 67, "2023-01": 90, "2024-01": 95}
    assert pairs(observations=observations) == [("2024-01", "2023-01"), ("2022/23", "2021/22")]


def test_a_month_beside_years_has_nothing_to_compare_with_and_the_year_keeps_its_direction() -> None:
    observations = {"2020/21": 86, "2021/22": 75, "2022/23": 67, "2024-01": 95}
    month, year = judge_directions(measure(observations=observations))
    assert pair(month) == ("2024-01", None)
    assert month.reason == "no earlier month to compare with"
    assert (month.movement, month.outcome, month.change) == ("", "can't be told", None)
    assert pair(year) == ("2022/23", "2021/22")
    assert year.outcome == "worse"


@pytest.mark.parametrize("kind", ["snapshot", "cumulative"])
def test_figures_at_a_date_have_the_latest_direction_only(kind: str) -> None:
    result = pairs(unit="count", kind=kind, observations={"2021/22": 344, "2022/23": 329, "2024-01": 214})
    assert result == [("2024-01", "2022/23")]


def test_parts_of_a_year_skip_to_the_same_part() -> None:
    observations = {"2020-04 to 2020-06": 19.41, "2020-10 to 2020-12": 27.73, "2023-04 to 2023-06": 15.4}
    assert pairs(unit={"name": "kg"}, observations=observations) == [
        ("2023-04 to 2023-06", "2020-04 to 2020-06")
    ]


def test_january_to_august_is_held_against_january_to_august() -> None:
    observations = {"2022-01 to 2022-08": 86, "2023-01 to 2023-08": 97}
    assert pairs(unit="count", observations=observations) == [("2023-01 to 2023-08", "2022-01 to 2022-08")]


def test_only_other_times_of_the_year_before_it_give_no_direction_and_say_why() -> None:
    travel = newest(observations={"2020-10 to 2020-12": 27.73, "2023-04 to 2023-06": 15.4})
    assert travel.earlier is None
    assert travel.reason == "October to December 2020 is another time of year"


def test_where_nothing_compares_a_figure_of_the_same_length_says_why() -> None:
    travel = newest(observations={"2020-10 to 2020-12": 27, "2021/22": 90, "2023-04 to 2023-06": 15})
    assert travel.reason == "October to December 2020 is another time of year"

    travel = newest(observations={"2021/22": 90, "2023-04 to 2023-06": 15})
    assert travel.reason == "no earlier quarter to compare with"


def test_forecasts_and_periods_without_a_value_are_passed_over() -> None:
    observations = {
        "2020/21": 60,
        "2021/22": {"marks": ["not-available"]},
        "2022/23": 67,
        "2023/24": {"value": 90, "marks": ["forecast"]},
    }
    assert pairs(observations=observations) == [("2022/23", "2020/21")]


def test_a_figure_alone_has_no_direction() -> None:
    travel = newest(observations={"2022/23": 67})
    assert (travel.earlier, travel.reason) == (None, "no earlier figure")


@pytest.mark.parametrize("kind", ["snapshot", "average"])
def test_an_assessment_without_a_value_has_no_direction_but_the_value_before_it_has(kind: str) -> None:
    observations = {"2020/21": 60, "2021/22": 67, "2022/23": {"assessment": "met"}}
    assert pairs(kind=kind, targets=[{"in_words": "Good."}], observations=observations) == [
        ("2021/22", "2020/21")
    ]


# Breaks


def test_a_break_gives_not_comparable_and_no_older_pair() -> None:
    (travel,) = judge_directions(measure(observations={"2020/21": 86, "2021/22": 75, "2022/23": BROKEN_67}))
    assert pair(travel) == ("2022/23", None)
    assert travel.reason == "not comparable (break)"


def test_after_a_break_the_next_pair_is_compared() -> None:
    assert pairs(observations={"2021/22": 75, "2022/23": BROKEN_67, "2023/24": 70}) == [
        ("2023/24", "2022/23")
    ]


def test_a_snapshot_is_not_compared_over_a_break() -> None:
    travel = newest(unit="count", kind="snapshot", observations={"2022/23": 75, "2024-01": BROKEN_67})
    assert (travel.earlier, travel.reason) == (None, "not comparable (break)")


# Overlapping windows


def test_overlapping_windows_are_shown_and_passed_over() -> None:
    travel = newest(
        unit="count",
        better="lower",
        observations={"2015 to 2017": 335, "2018 to 2020": 455, "2019 to 2021": 442},
    )
    assert pair(travel) == ("2019 to 2021", "2015 to 2017")
    assert travel.overlapping is not None
    assert travel.overlapping.key == "2018 to 2020"
    assert (travel.movement, travel.outcome, travel.change) == ("up", "can't be told", Decimal(107))


def test_of_several_overlapping_windows_the_nearest_is_shown() -> None:
    travel = newest(
        observations={"12 months to 2022-10": 1, "12 months to 2022-11": 2, "12 months to 2022-12": 3}
    )
    assert travel.overlapping is not None
    assert travel.overlapping.key == "12 months to 2022-11"


def test_only_overlapping_windows_give_no_direction() -> None:
    travel = newest(observations={"2018 to 2020": 455, "2019 to 2021": 442})
    assert (travel.earlier, travel.movement) == (None, "")
    assert travel.reason == "only overlapping periods before it"


def test_a_window_that_overlaps_is_shown_before_a_break_too() -> None:
    travel = newest(
        observations={
            "2015 to 2017": 335,
            "2018 to 2020": {"value": 455, "marks": ["break"]},
            "2019 to 2021": 442,
        }
    )
    assert (travel.earlier, travel.reason) == (None, "not comparable (break)")
    assert travel.overlapping is not None
    assert travel.overlapping.key == "2018 to 2020"


# How much


def test_percentages_change_in_points_and_not_in_per_cent() -> None:
    travel = newest(observations={"2021/22": 75, "2022/23": 67})
    assert (travel.change, travel.per_cent) == (Decimal(-8), None)


@pytest.mark.parametrize("unit", ["count", {"currency": "GBP"}])
def test_counts_and_money_change_absolutely_and_in_per_cent(unit: Any) -> None:
    travel = newest(unit=unit, observations={"2021/22": 14992, "2022/23": 15682})
    assert (travel.change, travel.per_cent) == (Decimal(690), Decimal("4.6"))


def test_nothing_is_counted_in_per_cent_from_zero() -> None:
    travel = newest(unit="count", observations={"2021/22": 0, "2022/23": 5})
    assert (travel.movement, travel.change, travel.per_cent) == ("up", Decimal(5), None)


@pytest.mark.parametrize("unit", ["ratio", "days", {"rate_per": 100000}, {"name": "kg"}])
def test_other_units_change_in_their_unit_only(unit: Any) -> None:
    travel = newest(unit=unit, observations={"2021/22": 2.0, "2022/23": 1.9})
    assert (travel.change, travel.per_cent) == (Decimal("-0.1"), None)


def test_durations_change_in_seconds() -> None:
    travel = newest(unit="duration", better="lower", observations={"2021/22": "8m58s", "2022/23": "17m48s"})
    assert (travel.change, travel.outcome) == (Decimal(530), "worse")


# Better or worse


@pytest.mark.parametrize(
    ("better", "before", "after", "movement", "outcome"),
    [
        pytest.param("higher", 67, 75, "up", "better", id="higher-up"),
        pytest.param("higher", 75, 67, "down", "worse", id="higher-down"),
        pytest.param("lower", 67, 75, "up", "worse", id="lower-up"),
        pytest.param("lower", 75, 67, "down", "better", id="lower-down"),
        pytest.param("lower", 75, 75, "level", "the same", id="level-is-exact-equality"),
        pytest.param("higher", 75.0, 75.00, "level", "the same", id="noughts-change-nothing"),
        pytest.param("neither", 67, 75, "up", "higher", id="neither"),
        pytest.param("neither", 75, 67, "down", "lower", id="neither-and-down"),
        pytest.param("neither", 75, 75, "level", "the same", id="neither-and-level"),
    ],
)
def test_better_or_worse_follows_the_measures_own_word(
    better: str, before: float, after: float, movement: str, outcome: str
) -> None:
    travel = newest(better=better, observations={"2021/22": before, "2022/23": after})
    assert (travel.movement, travel.outcome) == (movement, outcome)


@pytest.mark.parametrize(
    ("unit", "middle", "before", "after", "expected"),
    [
        pytest.param("ratio", 1, 2.0, 0.5, "lower", id="a-half-is-as-far-from-1-as-2"),
        pytest.param("ratio", 1, 2.0, 1.9, "better", id="nearer-from-above"),
        pytest.param("ratio", 1, 0.7, 0.6, "worse", id="further-below"),
        pytest.param("ratio", 1, 1.4, 0.7, "worse", id="one-over-0.7-is-more-than-1.4"),
        pytest.param("ratio", 1, 3, 0.3, "worse", id="a-third-is-more-than-0.3"),
        pytest.param("ratio", 1, 0, 3, "better", id="nothing-is-as-far-from-1-as-0"),
        pytest.param("ratio", 1, 0.1, 0, "worse", id="falling-to-0"),
        pytest.param("ratio", 1, 0, 0, "the same", id="staying-at-0"),
        pytest.param({"rate_per": 1000}, 10, 20, 5, "lower", id="rates-are-ratios-too"),
        pytest.param("percent", 50, 40, 60, "higher", id="percentages-by-distance"),
        pytest.param("percent", 50, 25, 80, "worse", id="30-points-are-more-than-25"),
        pytest.param("count", 0, 3, -2, "better", id="near-to-zero"),
        pytest.param("ratio", 0, 3, 2, "better", id="a-ratio-near-to-zero"),
    ],
)
def test_nearer_to_a_middle_is_better(
    unit: Any, middle: float, before: float, after: float, expected: str
) -> None:
    made = measure(unit=unit, better={"near": middle}, observations={"2022/23": 1})
    assert class_of_change(made, Decimal(str(before)), Decimal(str(after))) == expected


RATIOS = st.decimals(min_value="0.01", max_value=100, places=2)


@given(before=RATIOS, after=RATIOS)
def test_what_is_better_one_way_is_worse_the_other_way(before: Decimal, after: Decimal) -> None:
    opposite = {"better": "worse", "worse": "better", "higher": "lower", "lower": "higher"}
    for better in ("higher", "lower", {"near": 1}):
        there = newest(unit="ratio", better=better, observations={"2021/22": before, "2022/23": after})
        back = newest(unit="ratio", better=better, observations={"2021/22": after, "2022/23": before})
        assert back.outcome == opposite.get(there.outcome, there.outcome)


def test_a_direction_with_a_queried_figure_says_so() -> None:
    doubted = {"value": 67, "marks": ["queried"], "note": "Too low."}
    assert newest(observations={"2021/22": 75, "2022/23": doubted}).queried
    assert newest(observations={"2021/22": doubted, "2022/23": 75}).queried
    assert not newest(observations={"2021/22": 75, "2022/23": 67}).queried
    assert not newest(observations={"2022/23": 67}).queried


def test_the_judgement_carries_the_directions_and_both_their_periods() -> None:
    (travel,) = judged(observations={"2021/22": 75, "2022/23": 67}).directions
    assert travel.earlier is not None
    assert keys([travel.earlier, travel.later]) == ["2021/22", "2022/23"]


@pytest.mark.parametrize(
    ("unit", "before", "after", "outcome"),
    [
        ("percent", 91, 98.9, "higher"),  # 4 below, then 3.9 above
        ("percent", 70, 96, "better"),
        ("percent", 94, 109, "worse"),
        ("percent", 99, 91.1, "lower"),
        ("days", 85, 105, "higher"),  # exactly as far on the other side
        ("ratio", 0.2, 50, "higher"),  # 3.1 is best: 15.5 times too little, then 16.1 times too much
        ("ratio", 6.0, 0.0, "worse"),  # nothing is as far from it as zero
        ("ratio", 0.0, 6.0, "better"),
    ],
)
def test_to_pass_the_best_value_is_better_or_worse_only_where_it_is_clearly_nearer_or_further(
    unit: str, before: float, after: float, outcome: str
) -> None:
    middle = {"ratio": 3.1}.get(unit, 95)
    unit_of = {"percent": {"percent": "any"}}.get(unit, unit)
    judgement = judged(
        unit=unit_of, better={"near": middle}, observations={"2021/22": before, "2022/23": after}
    )

    assert judgement.change == outcome


@pytest.mark.parametrize(
    ("beside", "outcome"),
    [
        pytest.param({"denominator": 150}, "higher", id="a-share-of-few"),
        pytest.param({"denominator": 15000}, "better", id="a-share-of-many"),
        pytest.param({"margin": 4}, "higher", id="with-a-wide-margin"),
        pytest.param({"margin": 3}, "better", id="with-a-narrow-one"),
    ],
)
def test_to_pass_the_best_value_counts_by_the_numbers_beside_the_figures(
    beside: dict[str, Any], outcome: str
) -> None:
    figures = {year: {"value": value, **beside} for year, value in (("2021/22", 0.4), ("2022/23", 7.7))}

    assert judged(better={"near": 6.6}, observations=figures).change == outcome  # 6.2 below, then 1.1 above


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [(200, 100, -50), (0, 5, None), (5, -12, None), (-12, 5, None), (-10, -5, None), (5, 0, -100)],
)
def test_a_change_is_told_in_per_cent_of_what_was_there_only(
    before: int, after: int, share: int | None
) -> None:
    actual = newest(
        unit={"currency": "GBP"}, kind="total", observations={"2021/22": before, "2022/23": after}
    )

    assert actual.per_cent == share


def test_what_comes_every_second_year_has_no_gap_between() -> None:
    fields: dict[str, Any] = {"unit": "days", "observations": {"2019/20": 20, "2021/22": 24}}

    assert newest(**fields).gap is not None
    assert newest(**fields, frequency="biennial").gap is None
