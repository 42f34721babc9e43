"""The day, and which figures count."""

from datetime import date
from typing import Any

import pytest

from judge.examples import judged, keys, kpi, measure, plan
from kpi.judge.series import known_by, newest_end, pages_day

YEARS_AND_MONTHS = {"2021/22": 75, "2022/23": 67, "2023-12": 93, "2024-01": 95}
NOT_AVAILABLE = {"marks": ["not-available"]}


# The day


def test_the_day_is_the_editions_date_where_that_is_later() -> None:
    answered = kpi(measures={"a": {"unit": "percent", "better": "higher", "observations": {"2024-01": 95}}})
    assert pages_day(plan(edition="2024-02-27"), [answered]) == date(2024, 2, 27)


def test_the_day_is_the_newest_own_periods_end_where_that_is_later() -> None:
    answered = kpi(measures={"a": {"unit": "percent", "better": "higher", "observations": {"2023/24": 95}}})
    assert pages_day(plan(edition="2024-02-27"), [answered]) == date(2024, 3, 31)


def test_forecasts_and_other_areas_figures_do_not_move_the_day() -> None:
    answered = kpi(
        measures={
            "a": {
                "unit": "percent",
                "better": "higher",
                "observations": {"2023-12": 93, "2024-12": {"value": 97, "marks": ["forecast"]}},
                "peers": {"there": {"2024-06": 90}},
            }
        }
    )
    assert pages_day(plan(edition="2024-02-27"), [answered]) == date(2024, 2, 27)


def test_figures_for_periods_that_end_after_the_day_are_not_known() -> None:
    at_the_end_of_december = judged(
        day="2024-01-30", observations=YEARS_AND_MONTHS, peers={"there": {"2023-12": 90, "2024-01": 91}}
    )
    assert at_the_end_of_december.latest.observation is not None
    assert at_the_end_of_december.latest.observation.key == "2023-12"
    assert keys(at_the_end_of_december.measure.peers["there"]) == ["2023-12"]


def test_a_period_that_ends_on_the_day_is_known() -> None:
    assert (
        keys(known_by(measure(observations=YEARS_AND_MONTHS), date(2024, 1, 31)).observations)[-1]
        == "2024-01"
    )


def test_forecasts_stay_known_before_their_time_and_are_not_judged() -> None:
    judgement = judged(
        day="2024-02-01", observations={"2024-01": 95, "2024-12": {"value": 97, "marks": ["forecast"]}}
    )
    assert keys(judgement.measure.observations) == ["2024-01", "2024-12"]
    assert judgement.latest.observation is not None
    assert judgement.latest.observation.key == "2024-01"


# Latest


@pytest.mark.parametrize(
    ("observations", "newest"),
    [
        pytest.param(YEARS_AND_MONTHS, "2024-01", id="greatest-end-date"),
        pytest.param({"2024-01": 95, "2022/23": 67}, "2024-01", id="whatever-the-order-in-the-file"),
        pytest.param({"2022/23": 67, "2023-01 to 2023-03": 80, "2023-03": 92}, "2023-03", id="tie-shortest"),
        pytest.param({"2019 to 2021": 4, "2021": 5}, "2021", id="tie-of-years"),
        pytest.param(
            {"2024-01": 95, "2024-02": {"value": 99, "marks": ["forecast"]}}, "2024-01", id="no-forecast"
        ),
        pytest.param({"2024-01": 95, "2024-02": NOT_AVAILABLE}, "2024-01", id="not-without-a-value"),
    ],
)
def test_the_latest_figure_has_the_greatest_end_date_and_at_a_tie_is_the_shortest(
    observations: dict[str, object], newest: str
) -> None:
    judgement = judged(observations=observations).latest.observation
    assert judgement is not None
    assert judgement.key == newest


def test_a_measure_without_any_value_has_no_latest_figure() -> None:
    latest = judged(observations={"2024-01": NOT_AVAILABLE}).latest
    assert latest.observation is None
    assert keys(latest.without_value) == ["2024-01"]


@pytest.mark.parametrize("mark", ["not-available", "not-applicable", "suppressed"])
def test_a_period_without_a_value_leaves_the_older_figure_the_latest_but_not_judged(mark: str) -> None:
    judgement = judged(targets=[{"at_least": 90}], observations={"2023-12": 95, "2024-01": {"marks": [mark]}})
    assert judgement.state == "no data"
    assert judgement.deciding is not None
    assert judgement.deciding.observation is None
    assert judgement.deciding.reason == f"no figure for January 2024, which is {mark.replace('-', ' ')}"
    assert judgement.latest.observation is not None
    assert judgement.latest.observation.key == "2023-12"
    assert keys(judgement.latest.without_value) == ["2024-01"]


@pytest.mark.parametrize(
    ("newest", "kind", "reason"),
    [
        ({"marks": ["not-available", "break"]}, "average", "no figure for January 2024, which is not available"),
        ({"marks": ["not-available", "suppressed"]}, "average", "no figure for January 2024, which is not available and suppressed"),
        (NOT_AVAILABLE, "snapshot", "no figure for 31 January 2024, which is not available"),
        ({"value": 95, "marks": ["forecast"]}, "average", "only a forecast for January 2024"),
        ({"value": 95, "marks": ["forecast"]}, "snapshot", "only a forecast for 31 January 2024"),
    ],
)  # fmt: skip
def test_a_target_that_no_figure_decides_says_why(newest: Any, kind: str, reason: str) -> None:
    observations = {"2023-12": 85, "2024-01": newest}
    judgement = judged(kind=kind, targets=[{"at_least": 90}], observations=observations)

    assert judgement.deciding is not None
    assert judgement.deciding.reason == reason


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        pytest.param({"2023-11": NOT_AVAILABLE, "2023-12": 95}, [], id="superseded"),
        pytest.param(
            {"2022/23": 67, "2023-03": NOT_AVAILABLE}, ["2023-03"], id="shorter-at-a-tie-would-be-latest"
        ),
        pytest.param(
            {"2022/23": 67, "2023/24": NOT_AVAILABLE, "2024-05": 95},
            ["2023/24"],
            id="newest-of-its-own-length",
        ),
        pytest.param({"2023-01": NOT_AVAILABLE, "2022/23": 67}, [], id="older-and-of-no-length-in-use"),
        pytest.param({"2021/22": 67, "2022/23": {"assessment": "met"}}, [], id="assessed"),
        pytest.param({"2022/23": 67, "2023/24": {"marks": ["forecast", "not-available"]}}, [], id="forecast"),
    ],
)
def test_a_period_without_a_value_is_told_until_a_figure_takes_its_place(
    observations: dict[str, object], expected: list[str]
) -> None:
    assert keys(judged(observations=observations).latest.without_value) == expected


# Current and history


def test_current_is_the_latest_figure_of_each_length() -> None:
    judgement = judged(observations=YEARS_AND_MONTHS)
    assert keys(judgement.current) == ["2024-01", "2022/23"]
    assert keys(judgement.history) == ["2023-12", "2021/22"]


@pytest.mark.parametrize(
    ("older", "is_current"),
    [
        pytest.param("2022-07-01 to 2022-07-31", False, id="a-month-in-days-is-a-month"),
        pytest.param("2021-08 to 2022-07", True, id="eighteen-months-before"),
        pytest.param("2021-07 to 2022-06", False, id="nineteen-months-before"),
    ],
)
def test_a_figure_is_current_for_eighteen_months_after_its_end(older: str, *, is_current: bool) -> None:
    judgement = judged(observations={older: 60, "2024-01": 95})
    assert (older in keys(judgement.current)) is is_current


def test_a_measure_without_a_figure_of_its_own_does_not_make_the_day() -> None:
    own = {"unit": "count", "better": "higher"}
    expected = {"2029/30": {"value": 5, "marks": ["forecast"]}}
    measures = {
        "a": own | {"observations": {"2022/23": 5}},
        "b": own | {"observations": expected},
        "c": own | {"no_figures": {"because": "awaiting-data"}},
    }

    assert newest_end(kpi(measures=measures)) == date(2023, 3, 31)
    assert newest_end(kpi(measures={"b": measures["b"]})) == date.min


def test_a_newest_figure_that_is_only_assessed_has_no_change_whatever_older_figures_did() -> None:
    observations = {"2020/21": 60, "2021/22": 80, "2022/23": {"assessment": "missed"}}
    references = [{"label": "National average", "value": 50}]
    measure = judged(
        aim="increase", triggers=[{"when": "increase"}], references=references, observations=observations
    )
    assert (measure.change, measure.directions[0].reason) == ("can't be told", "only an assessment")
    assert measure.aim == ("cannot tell", "only an assessment")
    assert [(result.state, result.reason) for result in measure.triggers] == [
        ("cannot tell", "only an assessment")
    ]
    assert measure.references == ()
    older = measure.directions[1]
    assert (older.later.key, older.outcome) == ("2021/22", "better")


def test_an_assessment_takes_no_change_from_a_newer_value() -> None:
    observations = {"2020/21": 60, "2021/22": {"assessment": "missed"}, "2022/23": 80}
    assert judged(observations=observations).change == "better"
