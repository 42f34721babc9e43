"""One target and one figure: what is met, missed, near, not due or short."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import LONG_AFTER, judged, target
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.target import Verdict, relative_gap
from kpi.model.kpi import Bound
from kpi.model.quantity import Unit

NOT_AVAILABLE = {"marks": ["not-available"]}


def state(value: Any, *, status: dict[str, Any] | None = None, unit: Any = "count", **bound: Any) -> str:
    """The state of one figure under one target."""
    return judged(
        unit=unit, better="neither", status=status, targets=target(**bound), observations={"2022/23": value}
    ).state


def deciding(judgement: MeasureJudgement) -> Verdict:
    """The verdict that decides."""
    assert judgement.deciding is not None
    return judgement.deciding


def judged_on(judgement: MeasureJudgement) -> str | None:
    """The period of the figure that was judged."""
    observation = deciding(judgement).observation
    return observation.key if observation else None


# Bounds


@pytest.mark.parametrize(
    ("bound", "met", "missed"),
    [
        pytest.param({"at_least": 8000}, [8000, 8001], [7999], id="at-least-is-met-at-the-bound"),
        pytest.param({"more_than": 8000}, [8001], [8000, 7999], id="more-than-is-missed-at-the-bound"),
        pytest.param({"at_most": 8000}, [8000, 7999], [8001], id="at-most-is-met-at-the-bound"),
        pytest.param({"less_than": 8000}, [7999], [8000, 8001], id="less-than-is-missed-at-the-bound"),
        pytest.param({"equals": 8000}, [8000], [7999, 8001], id="equals"),
        pytest.param({"between": [2, 3]}, [2, 3], [1, 4], id="between-includes-both-ends"),
    ],
)
def test_strict_and_non_strict_bounds_differ_at_equality(
    bound: dict[str, Any], met: list[int], missed: list[int]
) -> None:
    assert [state(value, **bound) for value in met] == ["met"] * len(met)
    assert [state(value, **bound) for value in missed] == ["not met"] * len(missed)


def test_noughts_at_the_end_change_nothing() -> None:
    assert state(Decimal("50.00"), unit="percent", at_least=50) == "met"
    assert state(Decimal("50.00"), unit="percent", more_than=50) == "not met"


@pytest.mark.parametrize(
    ("bound", "value", "gap"),
    [
        pytest.param({"at_least": 90}, 67, 23, id="below"),
        pytest.param({"at_most": 90}, 97, 7, id="above"),
        pytest.param({"more_than": 90}, 90, 0, id="at-a-strict-bound"),
        pytest.param({"between": [2, 5]}, 1, 1, id="below-a-range"),
        pytest.param({"between": [2, 5]}, 9, 4, id="above-a-range"),
        pytest.param({"equals": 5}, 9, 4, id="equals"),
        pytest.param({"at_least": 5}, 9, None, id="no-gap-where-met"),
    ],
)
def test_the_gap_is_the_distance_to_the_bound(bound: dict[str, Any], value: int, gap: int | None) -> None:
    judgement = judged(
        unit="count", better="neither", targets=target(**bound), observations={"2022/23": value}
    )
    assert deciding(judgement).gap == gap


@pytest.mark.parametrize(
    ("bound", "value", "gap"),
    [
        pytest.param({"at_least": 100}, 75, (False, Fraction(1, 4)), id="a-quarter-short"),
        pytest.param({"at_most": 100}, 150, (False, Fraction(1, 2)), id="half-too-much"),
        pytest.param({"between": [20, 40]}, 50, (False, Fraction(1, 4)), id="of-the-upper-end"),
        pytest.param({"between": [20, 40]}, 0, (False, Fraction(1)), id="of-the-lower-end"),
        pytest.param({"at_least": -4}, -5, (False, Fraction(1, 4)), id="below-a-negative-bound"),
        pytest.param({"at_most": 0}, 3, (True, Fraction(3)), id="nothing-is-as-wide-as-a-gap-to-nought"),
        pytest.param({"at_least": 100}, 100, (False, Fraction(0)), id="met"),
        pytest.param({"more_than": 100}, 100, (False, Fraction(0)), id="missed-at-the-bound"),
    ],
)
def test_gaps_in_different_units_are_set_side_by_side_as_parts_of_their_targets(
    bound: dict[str, Any], value: int, gap: tuple[bool, Fraction]
) -> None:
    judgement = judged(
        unit="count", better="neither", targets=target(**bound), observations={"2022/23": value}
    )

    assert relative_gap(judgement.deciding, judgement.measure.unit) == gap


def test_of_shares_the_gap_is_a_part_of_what_is_left() -> None:
    def width(value: str, **bound: Any) -> tuple[bool, Fraction]:
        judgement = judged(targets=target(**bound), observations={"2022/23": Decimal(value)})
        return relative_gap(judgement.deciding, judgement.measure.unit)

    assert width("99.34", at_least=Decimal("99.95")) == (False, Fraction(61, 5))
    assert width("12", at_most=10) == (False, Fraction(1, 5))
    assert width("99", at_least=100) == (True, Fraction(1))


def test_where_nothing_was_judged_there_is_no_gap() -> None:
    unjudged = judged(targets=target(at_least=90), observations={"2022/23": NOT_AVAILABLE}).deciding

    assert unjudged is not None
    assert (
        relative_gap(unjudged, Unit("percent")) == relative_gap(None, Unit("percent")) == (False, Fraction(0))
    )


def test_an_assessment_alone_is_no_figure_for_a_bound() -> None:
    verdict = deciding(judged(targets=target(at_least=90), observations={"2022/23": {"assessment": "met"}}))

    assert (verdict.target.bound, verdict.state, verdict.reason) == (
        Bound("at_least", Decimal(90)),
        "no data",
        "no figures",
    )
    assert (verdict.observation, verdict.gap) == (None, None)


def test_a_miss_needs_no_reason_nor_does_a_met_target() -> None:
    assert deciding(judged(targets=target(at_least=90), observations={"2022/23": 90})).reason == ""
    for by, state_then in (({}, "not met"), ({"by": "2022/23"}, "missed")):
        verdict = deciding(judged(targets=target(at_least=90, **by), observations={"2022/23": 60}))
        assert (verdict.state, verdict.reason) == (state_then, "")


def test_the_bound_on_the_way_is_a_number_though_the_target_is_taken_from_a_figure() -> None:
    aim = target(at_least={"period": "2021/22"}, by="2130/31", trajectory={"2022/23": 80})
    verdict = deciding(judged(targets=aim, observations={"2021/22": 90, "2022/23": 60}))

    assert (verdict.bound, verdict.gap) == (Bound("at_least", Decimal(80)), Decimal(20))


def test_a_range_has_no_single_level_on_the_way() -> None:
    aim = target(between=[2, 4], trajectory={"2022/23": 3})
    verdict = deciding(judged(better="neither", targets=aim, observations={"2022/23": 2}))

    assert (verdict.state, verdict.bound) == ("met", Bound("between", Decimal(2), Decimal(4)))


def test_a_duration_is_judged_against_a_duration() -> None:
    assert state("14m59s", unit="duration", at_most="15m") == "met"
    assert state("15m01s", unit="duration", at_most="15m") == "not met"


# Near


@pytest.mark.parametrize(
    ("tolerance", "value", "expected"),
    [
        pytest.param(None, 89, "not met", id="never-without-a-written-tolerance"),
        pytest.param(2, 88, "near", id="in-the-unit-at-its-end"),
        pytest.param(2, 87, "not met", id="in-the-unit-beyond-it"),
        pytest.param("5%", 190, "met", id="above"),
        pytest.param("10%", 81, "near", id="in-per-cent-of-the-bound-at-its-end"),
        pytest.param("10%", 80, "not met", id="in-per-cent-of-the-bound-beyond-it"),
    ],
)
def test_near_is_only_within_a_written_tolerance(tolerance: Any, value: int, expected: str) -> None:
    written = {} if tolerance is None else {"tolerance": tolerance}
    assert state(value, at_least=90, **written) == expected


def test_a_hair_beyond_the_tolerance_is_not_near() -> None:
    assert state(88, unit="percent", at_least=90, tolerance=2) == "near"
    assert state(Decimal("87.99"), unit="percent", at_least=90, tolerance=2) == "not met"


def test_the_plans_tolerance_counts_where_the_target_has_none_of_its_own() -> None:
    assert state(86, at_least=90, status={"tolerance": "5%"}) == "near"
    assert state(85, at_least=90, status={"tolerance": "5%"}) == "not met"
    assert state(86, at_least=90, tolerance=1, status={"tolerance": "5%"}) == "not met"


def test_a_tolerance_changes_neither_not_due_nor_short() -> None:
    assert state(89, at_least=90, tolerance=2, by="2130/31") == "not due"
    gained = judged(
        unit="count",
        kind="cumulative",
        targets=target(at_least=90, tolerance=2),
        observations={"2022/23": 89},
    )
    assert gained.state == "short"


def test_a_tolerance_in_per_cent_is_of_the_end_of_the_range_that_was_missed() -> None:
    assert state(180, between=[200, 400], tolerance="10%") == "near"
    assert state(440, between=[200, 400], tolerance="10%") == "near"
    assert state(441, between=[200, 400], tolerance="10%") == "not met"


def test_a_tolerance_is_compared_and_never_divided() -> None:
    assert state(Decimal("66.6"), unit="percent", at_least=Decimal("66.7"), tolerance="0.15%") == "near"
    assert state(-95, unit={"name": "points"}, at_least=-90, tolerance="10%") == "near"


# Not due, and after


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        pytest.param({"2023/24": 60}, "not due", id="by-not-reached"),
        pytest.param({"2023/24": 95}, "met", id="met-early"),
        pytest.param({"2024/25": 60}, "missed", id="by-reached"),
        pytest.param({"2025-02": 60}, "not due", id="a-month-before-the-end-of-by"),
        pytest.param({"2025-03": 60}, "missed", id="a-month-that-ends-with-by"),
        pytest.param({"2024/25": 60, "2027/28": 61}, "missed", id="stays-in-force-after-by"),
        pytest.param({"2024/25": 95, "2027/28": 61}, "not met", id="met-when-due-and-not-any-more"),
        pytest.param({"2024/25": 60, "2027/28": 90}, "met late", id="stays-in-force-and-is-met-late"),
        pytest.param({"2023/24": 60, "2024/25": NOT_AVAILABLE}, "due", id="the-figure-at-by-is-missing"),
        pytest.param(
            {"2023/24": 60, "2024/25": {"value": 50, "marks": ["forecast"]}},
            "due",
            id="only-a-forecast-at-by",
        ),
    ],
)
def test_below_the_bound_is_not_due_until_a_figure_ends_on_or_after_the_end_of_by(
    observations: dict[str, Any], expected: str
) -> None:
    day = "2025-03-31" if expected in {"not due", "met"} else LONG_AFTER
    judgement = judged(day=day, targets=target(at_least=90, by="2024/25"), observations=observations)
    assert judgement.state == expected


def test_a_target_is_due_from_the_day_after_its_date_and_never_missed_without_a_figure() -> None:
    fields: dict[str, Any] = {"targets": target(at_least=90, by="2024/25"), "observations": {"2023/24": 95}}
    assert judged(day="2025-03-31", **fields).state == "met"
    assert judged(day="2025-04-01", **fields).state == "due"


def test_by_may_be_a_day() -> None:
    judgement = judged(targets=target(at_least=90, by="2025-03-31"), observations={"2025-03": 60})
    assert judgement.state == "missed"


def test_a_figure_of_another_length_does_not_make_a_total_fall_due() -> None:
    judgement = judged(
        unit="count",
        targets=target(at_least=1200, by="2024/25", over="12 months"),
        observations={"2023/24": 1000, "2025-03": 90},
        day="2025-03-31",
    )
    assert (judgement.state, judged_on(judgement)) == ("not due", "2023/24")


def test_not_due_says_when_and_how_far() -> None:
    verdict = deciding(
        judged(day="2024-04-01", targets=target(at_least=90, by="2024/25"), observations={"2023/24": 60})
    )
    assert (verdict.reason, verdict.gap) == ("due by 2024/25", Decimal(30))


# On the way


@pytest.mark.parametrize(
    ("observations", "expected", "bound"),
    [
        pytest.param({"2022/23": 69}, "behind", 70, id="behind"),
        pytest.param({"2022/23": 70}, "met", 70, id="on-the-way"),
        pytest.param({"12 months to 2023-03": 69}, "behind", 70, id="the-same-period-in-other-words"),
        pytest.param({"2021/22": 69}, "not due", 90, id="a-period-the-trajectory-does-not-have"),
        pytest.param({"2024/25": 89}, "missed", 90, id="the-end"),
    ],
)
def test_a_period_on_the_trajectory_is_judged_by_its_own_bound(
    observations: dict[str, Any], expected: str, bound: int
) -> None:
    way = {"2022/23": 70, "2023/24": 80}
    aim = target(at_least=90, by="2024/25", trajectory=way)
    judgement = judged(day="2025-03-31", targets=aim, observations=observations)
    judged_by = deciding(judgement).bound
    assert judged_by is not None
    assert (judgement.state, judged_by.value) == (expected, Decimal(bound))


def test_a_trajectory_of_the_year_to_date_is_judged_although_the_target_is_for_the_year() -> None:
    way = {"2023-04 to 2023-06": 300, "2023-04 to 2023-09": 600}
    judgement = judged(
        unit="count",
        targets=target(at_least=1200, by="2023/24", over="12 months", trajectory=way),
        observations={"2023-04 to 2023-06": 310, "2023-04 to 2023-09": 550},
        day="2023-12-01",
    )
    assert (judgement.state, judged_on(judgement)) == ("behind", "2023-04 to 2023-09")


# Short


@pytest.mark.parametrize(
    ("kind", "bound", "value", "expected"),
    [
        pytest.param("cumulative", {"at_least": 450}, 256, "short", id="a-gain-below-a-bound-without-by"),
        pytest.param("cumulative", {"more_than": 450}, 450, "short", id="at-a-strict-bound"),
        pytest.param("cumulative", {"equals": 450}, 256, "short", id="below-an-exact-gain"),
        pytest.param("cumulative", {"between": [450, 500]}, 256, "short", id="below-a-range"),
        pytest.param("cumulative", {"at_least": 450}, 450, "met", id="gained"),
        pytest.param("cumulative", {"at_least": 450, "by": "2022/23"}, 256, "missed", id="with-a-date"),
        pytest.param("cumulative", {"at_least": 450, "by": "2130/31"}, 256, "not due", id="before-the-date"),
        pytest.param("cumulative", {"at_most": 200}, 256, "not met", id="too-much"),
        pytest.param("cumulative", {"less_than": 256}, 256, "not met", id="at-a-strict-limit"),
        pytest.param("cumulative", {"equals": 200}, 256, "not met", id="above-an-exact-gain"),
        pytest.param("snapshot", {"at_least": 450}, 256, "not met", id="a-stock-is-missed"),
    ],
)
def test_a_gain_below_a_bound_without_by_is_short(
    kind: str, bound: dict[str, Any], value: int, expected: str
) -> None:
    judgement = judged(
        unit="count", kind=kind, better="neither", targets=target(**bound), observations={"2022/23": value}
    )
    assert judgement.state == expected


def test_a_gain_behind_its_trajectory_is_not_met_because_that_has_a_date() -> None:
    way = {"2022/23": 300}
    judgement = judged(
        unit="count",
        kind="cumulative",
        targets=target(at_least=450, trajectory=way),
        observations={"2022/23": 256},
    )
    assert judgement.state == "not met"


def test_short_has_no_colour_and_says_that_no_date_is_set() -> None:
    judgement = judged(
        unit="count", kind="cumulative", targets=target(at_least=450), observations={"2024-01": 256}
    )
    assert (judgement.rag.colour, deciding(judgement).reason, deciding(judgement).gap) == (
        "",
        "no date set",
        Decimal(194),
    )


# Laws

VALUES = st.integers(0, 100)


@given(bound=VALUES, value=VALUES)
def test_strictness_matters_at_equality_only(bound: int, value: int) -> None:
    differ = [
        state(value, at_least=bound) != state(value, more_than=bound),
        state(value, at_most=bound) != state(value, less_than=bound),
    ]
    assert differ == [value == bound] * 2
