"""Targets in words, and the figure that a target is judged on: its length, a period it is relative to, and its marks."""

from decimal import Decimal
from typing import Any

import pytest

from judge.examples import judged, target
from judge.test_target import deciding, judged_on

NOT_AVAILABLE = {"marks": ["not-available"]}
YEARS_THEN_A_MONTH = {"2019/20": 1200, "2021/22": 1100, "2022/23": 1300, "2024-01": 95}
QUERIED_95 = {"value": 95, "marks": ["queried"], "note": "Too good."}


# Of the right length


def test_an_average_is_judged_on_the_latest_figure_of_any_length() -> None:
    judgement = judged(
        targets=target(at_least=90), observations={"2021/22": 75, "2022/23": 67, "2024-01": 95}
    )
    assert (judgement.state, judged_on(judgement)) == ("met", "2024-01")


def test_a_total_is_judged_on_the_latest_figure_of_the_length_that_its_bound_is_for() -> None:
    judgement = judged(
        unit="count",
        better="lower",
        targets=target(at_most=1250, over="12 months"),
        observations=YEARS_THEN_A_MONTH,
    )
    assert (judgement.state, judged_on(judgement)) == ("not met", "2022/23")


def test_a_total_without_a_figure_of_that_length_has_no_data() -> None:
    judgement = judged(
        unit="count", targets=target(at_least=9, over="1 month"), observations={"2022/23": 1300}
    )
    assert (judgement.state, deciding(judgement).reason) == ("no data", "no figure over 1 month")


def test_a_bound_on_a_total_that_does_not_say_for_what_length_judges_no_figures_of_several_lengths() -> None:
    judgement = judged(
        unit="count", better="lower", targets=target(at_most=1250), observations=YEARS_THEN_A_MONTH
    )
    assert (judgement.state, judgement.breach) == ("no data", None)
    assert deciding(judgement).reason == "the target doesn't say over what length"


def test_a_figure_at_a_date_has_no_length() -> None:
    judgement = judged(
        unit="count",
        kind="snapshot",
        targets=target(at_least=300, over="12 months"),
        observations={"2022/23": 329, "2024-01": 214},
    )
    assert (judgement.state, judged_on(judgement)) == ("not met", "2024-01")


# Relative to a period


def test_a_relative_target_is_judged_on_the_comparable_year_and_not_on_a_month_after_it() -> None:
    judgement = judged(
        unit="count",
        better="lower",
        targets=target(less_than={"period": "2019/20"}),
        observations=YEARS_THEN_A_MONTH,
    )
    bound = deciding(judgement).bound
    assert bound is not None
    assert (judgement.state, judged_on(judgement), bound.value, bound.relative) == (
        "not met",
        "2022/23",
        Decimal(1200),
        None,
    )


def test_a_baseline_year_is_never_judged_against_itself() -> None:
    judgement = judged(
        better="lower", targets=target(at_most={"period": "2019/20"}), observations={"2019/20": 75}
    )
    assert (judgement.state, judgement.breach) == ("no data", None)
    assert deciding(judgement).reason == "no figure after 2019/20 yet"


def test_years_before_the_baseline_are_not_judged_against_it() -> None:
    judgement = judged(
        targets=target(at_least={"period": "2019/20"}), observations={"2018/19": 60, "2019/20": 75}
    )
    assert judgement.state == "no data"


def test_the_baseline_itself_is_not_part_of_a_breach() -> None:
    judgement = judged(
        better="lower",
        targets=target(less_than={"period": "2019/20"}),
        observations={"2018/19": 90, "2019/20": 75, "2021/22": 80, "2022/23": 85},
    )
    assert judgement.breach is not None
    assert (judgement.breach.since.key, judgement.breach.periods, judgement.breach.last_met) == (
        "2021/22",
        2,
        None,
    )


def test_a_baseline_without_a_figure_gives_no_data_and_says_so() -> None:
    observations: dict[str, Any] = {"2019/20": NOT_AVAILABLE, "2022/23": 67}
    judgement = judged(targets=target(at_least={"period": "2019/20"}), observations=observations)
    assert (judgement.state, deciding(judgement).reason) == (
        "no data",
        "no figure for 2019/20 to compare with",
    )


@pytest.mark.parametrize(
    ("relative", "bound"),
    [
        pytest.param({"period": "2019/20", "change": "-10%"}, 1080, id="ten-per-cent-less"),
        pytest.param({"period": "2019/20", "change": "+5%"}, 1260, id="five-per-cent-more"),
        pytest.param({"period": "2019/20", "change": -5}, 1195, id="five-less"),
        pytest.param({"period": "12 months to 2020-03"}, 1200, id="the-period-in-other-words"),
        pytest.param({"period": "previous"}, 1100, id="previous"),
        pytest.param({"period": "previous", "change": "-10%"}, 990, id="ten-per-cent-less-than-previous"),
    ],
)
def test_a_relative_bound_is_worked_out_from_the_measures_own_figure(
    relative: dict[str, Any], bound: int
) -> None:
    judgement = judged(
        unit="count", better="lower", targets=target(at_most=relative), observations=YEARS_THEN_A_MONTH
    )
    worked_out = deciding(judgement).bound
    assert worked_out is not None
    assert (worked_out.value, judged_on(judgement)) == (Decimal(bound), "2022/23")


@pytest.mark.parametrize("period", ["2020/21", "previous"])
def test_a_relative_target_over_a_break_has_no_data_and_says_so(period: str) -> None:
    judgement = judged(
        targets=target(at_least={"period": period}),
        observations={"2020/21": 60, "2021/22": 70, "2022/23": {"value": 67, "marks": ["break"]}},
    )
    assert (judgement.state, judgement.rag.colour) == ("no data", "")
    assert deciding(judgement).reason == "not comparable (break)"


def test_the_year_after_a_break_is_judged_against_the_first_of_the_new_series() -> None:
    judgement = judged(
        targets=target(at_least={"period": "previous"}),
        observations={"2021/22": 70, "2022/23": {"value": 60, "marks": ["break"]}, "2023/24": 61},
    )
    assert (judgement.state, judged_on(judgement)) == ("met", "2023/24")


def test_previous_passes_over_an_overlapping_window() -> None:
    judgement = judged(
        unit="count",
        better="lower",
        targets=target(at_most={"period": "previous"}),
        observations={"2015 to 2017": 335, "2018 to 2020": 455, "2019 to 2021": 442},
    )
    bound = deciding(judgement).bound
    assert bound is not None
    assert (judgement.state, bound.value) == ("not met", Decimal(335))


def test_previous_without_an_earlier_figure_has_no_data() -> None:
    judgement = judged(targets=target(at_least={"period": "previous"}), observations={"2022/23": 67})
    assert (judgement.state, deciding(judgement).reason) == ("no data", "no earlier figure")


def test_only_figures_of_another_length_after_the_baseline_give_no_data_and_say_why() -> None:
    judgement = judged(
        targets=target(at_least={"period": "2019/20"}), observations={"2019/20": 60, "2024-01": 95}
    )
    assert (judgement.state, deciding(judgement).reason) == (
        "no data",
        "different lengths (a month and a year)",
    )


def test_a_snapshots_baseline_is_known_by_its_end_date() -> None:
    judgement = judged(
        unit="count",
        kind="snapshot",
        targets=target(at_least={"period": "2021-03"}),
        observations={"2020/21": 464, "2024-01": 312},
    )
    assert judgement.state == "not met"


# In words


@pytest.mark.parametrize("word", ["met", "near", "not met"])
def test_an_assessment_stands_in_for_the_value_against_a_target_in_words(word: str) -> None:
    judgement = judged(targets=target(in_words="Good."), observations={"2022/23": {"assessment": word}})
    assert (judgement.state, judged_on(judgement)) == (word, "2022/23")


def test_a_target_in_words_is_decided_by_no_figure() -> None:
    judgement = judged(targets=target(in_words="To be set."), observations={"2021/22": 52, "2022/23": 51})
    assert (judgement.state, judgement.rag.colour, judgement.breach) == ("in words", "", None)


def test_a_target_in_words_may_have_a_date() -> None:
    judgement = judged(
        unit="count", targets=target(in_words="Good.", by="2022/23"), observations=YEARS_THEN_A_MONTH
    )
    assert judgement.state == "in words"


def test_the_latest_figure_counts_even_if_only_an_older_one_was_assessed() -> None:
    observations = {"2021/22": {"value": 52, "assessment": "missed"}, "2022/23": 51}
    assert judged(targets=target(in_words="Good."), observations=observations).state == "in words"


def test_an_assessment_does_not_stand_in_for_a_value_against_a_number() -> None:
    observations = {"2021/22": 95, "2022/23": {"assessment": "missed"}}
    judgement = judged(targets=target(at_least=90), observations=observations)
    assert (judgement.state, judged_on(judgement)) == ("no data", None)
    assert deciding(judgement).reason == "only an assessment for 2022/23"


# Marks


def test_no_target_and_no_data_are_told_apart() -> None:
    assert judged(observations={"2022/23": 67}).state == "no target"
    judgement = judged(targets=target(at_least=90), observations={"2022/23": NOT_AVAILABLE})
    assert (judgement.state, deciding(judgement).reason) == ("no data", "no figures")


@pytest.mark.parametrize(
    "mark", ["provisional", "revised", "estimated", "low-reliability", "queried", "break"]
)
def test_a_marked_figure_is_judged(mark: str) -> None:
    doubted = {"value": 67, "marks": [mark], "note": "See the source."}
    judgement = judged(targets=target(at_least=90), observations={"2021/22": 95, "2022/23": doubted})
    assert (judgement.state, judged_on(judgement)) == ("not met", "2022/23")


FORECAST = {"value": 67, "marks": ["forecast"]}


@pytest.mark.parametrize(
    ("day", "lag", "expected"),
    [
        ("2022-12-31", "", ("met", "2021/22", "")),
        ("2023-03-31", "", ("met", "2021/22", "")),
        ("2023-04-01", "", ("no data", None, "only a forecast for 2022/23")),
        ("2023-04-01", "6 weeks", ("met", "2021/22", "")),
        ("2023-05-13", "6 weeks", ("no data", None, "only a forecast for 2022/23")),
    ],
)
def test_a_forecast_is_never_judged_and_once_it_is_over_no_older_figure_is_in_its_place(
    day: str, lag: str, expected: tuple[str, str | None, str]
) -> None:
    fields: dict[str, Any] = {"lag": lag} if lag else {}
    observations = {"2021/22": 95, "2022/23": FORECAST}
    judgement = judged(day=day, targets=target(at_least=90), observations=observations, **fields)
    assert judgement.deciding is not None
    assert (judgement.state, judged_on(judgement), judgement.deciding.reason) == expected


def test_a_forecast_of_a_length_that_the_target_can_not_judge_takes_no_verdict_away() -> None:
    judgement = judged(
        unit="count",
        targets=target(at_least=90, over="12 months"),
        observations={"2021/22": 95, "2022-05": FORECAST},
    )
    assert (judgement.state, judged_on(judgement)) == ("met", "2021/22")


def test_a_later_figure_is_judged_whatever_was_forecast_before() -> None:
    judgement = judged(targets=target(at_least=90), observations={"2021/22": FORECAST, "2022/23": 95})
    assert (judgement.state, judged_on(judgement)) == ("met", "2022/23")


def test_a_forecast_is_no_baseline() -> None:
    observations = {"2021/22": {"value": 60, "marks": ["forecast"]}, "2022/23": 67}
    assert (
        judged(targets=target(at_least={"period": "2021/22"}), observations=observations).state == "no data"
    )


def test_a_queried_figure_is_judged_with_that_word() -> None:
    judgement = judged(targets=target(at_least=90), observations={"2021/22": 67, "2022/23": QUERIED_95})
    assert (judgement.state, judgement.queried) == ("met", True)


def test_a_bound_taken_from_a_queried_figure_is_queried_too() -> None:
    observations = {"2021/22": QUERIED_95, "2022/23": 96}
    judgement = judged(targets=target(at_least={"period": "2021/22"}), observations=observations)
    assert (judgement.state, judgement.queried) == ("met", True)


# Without figures


@pytest.mark.parametrize(
    ("no_figures", "without_target", "with_target"),
    [
        pytest.param({"because": "awaiting-data"}, "awaiting data", "no data", id="awaiting-data"),
        pytest.param({"because": "in-development"}, "in development", "no data", id="in-development"),
        pytest.param({"because": "withdrawn"}, "withdrawn", "no data", id="withdrawn"),
        pytest.param(
            {"because": "monitored-elsewhere", "body": "b"}, "elsewhere", "elsewhere", id="elsewhere"
        ),
        pytest.param({"because": "in-words", "text": "Good."}, "in words", "in words", id="in-words"),
    ],
)
def test_a_measure_without_figures_says_why(
    no_figures: dict[str, str], without_target: str, with_target: str
) -> None:
    assert judged(no_figures=no_figures).state == without_target
    judgement = judged(no_figures=no_figures, targets=target(at_least=90))
    assert (judgement.state, deciding(judgement).reason) == (with_target, without_target)
