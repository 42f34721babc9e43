"""Awkward cases: where two rules of judgement meet, and where a change of one would go unseen by the other tests."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from judge.examples import judged, judged_kpi, keys, measure, target, targets
from judge.test_breach import life
from judge.test_comparable import reason
from judge.test_direction import newest, pair, pairs
from judge.test_judgement import in_state
from judge.test_reference import word
from judge.test_target import deciding, judged_on, state
from judge.test_trigger import result
from kpi.judge.series import known_by

NOT_AVAILABLE = {"marks": ["not-available"]}


@pytest.mark.parametrize("period", ["2022/23", "previous"])
@pytest.mark.parametrize("kind", ["total", "average"])
def test_a_month_does_not_make_a_relative_target_for_years_fall_due(kind: str, period: str) -> None:
    judgement = judged(
        kind=kind,
        better="lower",
        targets=target(at_most={"period": period}, by="2024/25"),
        observations={"2022/23": 50, "2023/24": 60, "2025-03": 4},
        day="2025-03-31",
    )
    assert (judgement.state, judged_on(judgement), judgement.breach) == ("not due", "2023/24", None)


def test_a_figure_that_belongs_to_the_successor_does_not_make_a_target_fall_due() -> None:
    written = targets(
        {"at_least": 60, "by": "2023/24"}, {"at_least": {"period": "2023/24"}, "start": "2023/24"}
    )
    judgement = judged(targets=written, observations={"2022/23": 50, "2023/24": 70}, day="2024-03-31")
    assert (judgement.state, judged_on(judgement)) == ("not due", "2022/23")


def test_an_assessment_without_a_value_does_not_make_a_number_fall_due() -> None:
    judgement = judged(
        targets=target(at_least=90, by="2023/24"),
        observations={"2022/23": 60, "2023/24": {"assessment": "met"}},
    )
    assert (judgement.state, judged_on(judgement)) == ("due", None)


def test_a_year_counted_in_days_is_a_year_in_leap_years_too() -> None:
    observations = {"2022-04-06 to 2023-04-05": 10, "2023-04-06 to 2024-04-05": 14}
    assert pairs(observations=observations) == [("2023-04-06 to 2024-04-05", "2022-04-06 to 2023-04-05")]
    judgement = judged(unit="count", targets=target(at_least=12, over="12 months"), observations=observations)
    assert judgement.state == "met"


def test_as_far_from_the_middle_on_the_other_side_is_not_the_same() -> None:
    assert word({"value": 44}, 56, better={"near": 50}) == "above"
    assert word({"value": 56}, 44, better={"near": 50}) == "below"


def test_lengths_are_named_in_english() -> None:
    assert reason("total", {"2019 to 2021": 1, "2022": 2}) == "different lengths (a year and 3 years)"


def test_a_target_of_later_is_none_for_a_measure_without_figures() -> None:
    later = targets({"at_least": 60}, {"at_least": 90, "start": "2130/31"})
    judgement = judged(day="2024-01-01", targets=later, observations={"2022/23": NOT_AVAILABLE})
    assert [verdict.target.start for verdict in judgement.verdicts] == [None]
    alone = judged(day="2024-01-01", targets=later[1:], observations={"2022/23": NOT_AVAILABLE})
    assert alone.state == "no target"


def test_the_misses_of_a_run_are_all_judged_by_the_successor() -> None:
    raised = targets({"at_least": 60}, {"at_least": 90, "start": "2021/22"})
    observations = {"2020/21": 67, "2021/22": 67, "2022/23": 67}
    assert life(observations, targets=raised) == ("continuing", "2021/22", 2, "2020/21")


def test_what_can_not_be_judged_does_not_break_the_run() -> None:
    falling: dict[str, Any] = {"better": "lower", "targets": target(at_most={"period": "2019/20"})}
    observations = {"2019/20": 50, "2021/22": 60, "2022-06": 99, "2022/23": 70}
    assert life(observations, **falling) == ("continuing", "2021/22", 2, None)


def test_a_target_in_words_without_any_figure_is_in_words() -> None:
    assert (
        judged(targets=target(in_words="Good."), observations={"2022/23": NOT_AVAILABLE}).state == "in words"
    )


def test_a_tolerance_in_per_cent_ends_exactly_there() -> None:
    assert state(8100, at_least=9000, tolerance="10%") == "near"
    assert state(8099, at_least=9000, tolerance="10%") == "not met"


def test_a_tolerance_on_a_time_is_a_time() -> None:
    assert state("15m30s", unit="duration", at_most="15m", tolerance="30s") == "near"
    assert state("15m31s", unit="duration", at_most="15m", tolerance="30s") == "not met"


@pytest.mark.parametrize(
    ("how", "value", "expected"),
    [
        ("less_than", 70, "not met"),
        ("at_most", 70, "met"),
        ("more_than", 70, "not met"),
        ("at_least", 70, "met"),
        ("equals", 70, "met"),
    ],
)
def test_a_relative_bound_is_strict_or_not_at_equality_too(how: str, value: int, expected: str) -> None:
    judgement = judged(
        better="neither",
        targets=target(**{how: {"period": "2021/22"}}),
        observations={"2021/22": 70, "2022/23": value},
    )
    assert judgement.state == expected


def test_a_change_in_per_cent_is_not_rounded() -> None:
    observations = {"2021/22": 101, "2022/23": 91}
    judgement = judged(
        unit="count",
        better="lower",
        targets=target(at_most={"period": "2021/22", "change": "-10%"}),
        observations=observations,
    )
    assert (judgement.state, deciding(judgement).gap) == ("not met", Decimal("0.1"))


def test_an_average_may_have_a_target_for_one_length() -> None:
    judgement = judged(
        targets=target(at_least=90, over="12 months"),
        observations={"2021/22": 95, "2022/23": 80, "2024-01": 95},
    )
    assert (judgement.state, judged_on(judgement)) == ("not met", "2022/23")


def test_a_length_that_is_no_longer_current_has_no_direction() -> None:
    assert pairs(observations={"2020/21": 1, "2021/22": 2, "2023-01": 3, "2024-01": 4}) == [
        ("2024-01", "2023-01")
    ]


def test_a_break_is_told_even_where_a_figure_of_another_length_is_nearer() -> None:
    travel = newest(
        observations={
            "2020/21": 70,
            "2021/22": 75,
            "2022-12": 80,
            "2022/23": {"value": 67, "marks": ["break"]},
        }
    )
    assert (pair(travel), travel.reason) == (("2022/23", None), "not comparable (break)")


def test_a_period_that_ends_on_the_day_is_known_and_the_next_is_not() -> None:
    known = known_by(measure(observations={"2023-12": 93, "2024-01": 95}), date(2023, 12, 31))
    assert keys(known.observations) == ["2023-12"]


def test_a_date_without_a_figure_is_not_told_once_a_later_date_has_one() -> None:
    judgement = judged(kind="snapshot", observations={"2022/23": 67, "2023/24": NOT_AVAILABLE, "2024-05": 95})
    assert judgement.latest.without_value == ()


def test_an_increase_that_should_be_significant_is_tested() -> None:
    trigger = {"when": "increase", "level": 0.05}
    assert result(trigger, {"2021/22": 335, "2022/23": 442}) == ("fired", "")
    assert result(trigger, {"2021/22": 40, "2022/23": 53}) == ("not fired", "")
    shares = result(trigger, {"2021/22": 40, "2022/23": 53}, unit="percent")
    assert shares == ("cannot tell", "the numbers behind the shares are not given")


def test_a_minimum_in_the_unit_is_no_share() -> None:
    assert result({"when": "increase", "minimum": 10}, {"2021/22": 1000, "2022/23": 1010})[0] == "fired"
    assert result({"when": "increase", "minimum": 10}, {"2021/22": 20, "2022/23": 29})[0] == "not fired"


def test_a_kpi_whose_status_has_no_colour_takes_none_from_a_better_measure() -> None:
    for status in ("short", "no data", "not due"):
        judgement = judged_kpi(measures=in_state(status, "met"))
        assert (judgement.status, judgement.rag.colour) == (status, "")


def test_of_two_labelled_targets_the_first_written_gives_the_verdict_that_pages_show() -> None:
    written = targets({"at_least": 60, "label": "Minimum"}, {"at_least": 90, "label": "Stretch"})
    judgement = judged(targets=written, observations={"2022/23": 70})
    assert judgement.deciding is not None
    assert (judgement.deciding.target.label, judgement.deciding.state) == ("Minimum", judgement.state)


def test_of_several_figures_a_reference_is_held_against_the_newest() -> None:
    observations = {"2020/21": 80, "2021/22": 95, "2022/23": {"marks": ["not-available"]}}
    (results,) = judged(
        references=[{"label": "Benchmark", "value": 90}], observations=observations
    ).references
    assert (results.observation.key, results.word) == ("2021/22", "about")
