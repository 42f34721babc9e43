"""The life of a breach."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import judged, target, targets

NOT_AVAILABLE = {"marks": ["not-available"]}


def queried(value: int) -> dict[str, Any]:
    """A doubted figure."""
    return {"value": value, "marks": ["queried"], "note": "Odd."}


def life(observations: dict[str, Any], **fields: Any) -> tuple[str, str, int, str | None] | None:
    """State, since, number of figures and last met, of a measure with the target of at least 90."""
    breach = judged(observations=observations, **({"targets": target(at_least=90)} | fields)).breach
    if breach is None:
        return None
    return breach.state, breach.since.key, breach.periods, breach.last_met.key if breach.last_met else None


# New and continuing


def test_a_first_miss_is_new_and_knows_when_the_target_was_last_met() -> None:
    assert life({"2020/21": 80, "2021/22": 95, "2022/23": 67}) == ("new", "2022/23", 1, "2021/22")


def test_a_miss_without_a_past_is_not_new() -> None:
    assert life({"2022/23": 67}) == ("alone", "2022/23", 1, None)


def test_a_miss_after_misses_continues_since_the_first_of_them() -> None:
    observations = {"2018/19": 95, "2019/20": 91, "2020/21": 80, "2021/22": 75, "2022/23": 67}
    assert life(observations) == ("continuing", "2020/21", 3, "2019/20")


def test_figures_at_a_date_are_counted_as_they_come_and_none_is_new_without_a_frequency() -> None:
    observations = {"2019/20": 92, "2020/21": 66, "2021/22": 41, "2022/23": 29, "2024-01": 84}
    assert life(observations, kind="snapshot") == ("continuing", "2020/21", 4, "2019/20")
    assert life({"2021-04": 92, "2024-01": 84}, kind="snapshot") == ("alone", "2024-01", 1, "2021-04")
    assert life({"2023-12": 92, "2024-01": 84}, kind="snapshot", frequency="monthly", day="2024-02-01") == (
        "new",
        "2024-01",
        1,
        "2023-12",
    )


def test_only_periods_of_one_length_stand_in_a_row() -> None:
    observations = {"2020/21": 66, "2021/22": 41, "2022/23": 29, "2024-01": 84}
    assert life(observations) == ("alone", "2024-01", 1, None)


def test_what_the_last_figure_did_is_known_where_a_period_is_missing_between() -> None:
    breach = judged(observations={"2020/21": 95, "2022/23": 67}, targets=target(at_least=90)).breach
    assert breach is not None
    assert (breach.state, breach.before and breach.before.key, breach.before_state) == (
        "alone",
        "2020/21",
        "met",
    )


def test_by_a_frequency_rolling_years_follow_each_other_every_quarter() -> None:
    observations = {"12 months to 2023-03": 95, "12 months to 2023-06": 80, "12 months to 2023-09": 70}
    assert life(observations, frequency="quarterly", day="2023-10-01") == (
        "continuing",
        "12 months to 2023-06",
        2,
        "12 months to 2023-03",
    )
    assert life(observations) == ("alone", "12 months to 2023-09", 1, "12 months to 2023-03")


def test_for_totals_only_misses_of_the_same_length_belong_to_the_run() -> None:
    observations = {"2021/22": 1000, "2022-12": 80, "2022/23": 1100, "2023-12": 70, "2023/24": 1150}
    year = target(at_least=1200, over="12 months")
    assert life(observations, unit="count", targets=year) == ("continuing", "2021/22", 3, None)


def test_a_met_figure_of_another_length_ends_the_run_of_an_average() -> None:
    assert life({"2022/23": 67, "2023-12": 95, "2024-01": 84}) == ("new", "2024-01", 1, "2023-12")


def test_periods_without_a_value_and_forecasts_end_the_run() -> None:
    observations = {
        "2019/20": 67,
        "2020/21": NOT_AVAILABLE,
        "2021/22": {"value": 99, "marks": ["forecast"]},
        "2022/23": 60,
    }
    assert life(observations) == ("alone", "2022/23", 1, None)


def test_a_near_figure_is_no_miss_and_ends_the_run() -> None:
    observations = {"2020/21": 67, "2021/22": 89, "2022/23": 67}
    assert life(observations, targets=target(at_least=90, tolerance=2)) == ("alone", "2022/23", 1, None)


def test_what_was_near_by_the_plan_s_tolerance_was_no_miss_either() -> None:
    observations = {"2020/21": 67, "2021/22": 89, "2022/23": 67}
    breach = judged(observations=observations, targets=target(at_least=90), status={"tolerance": 2}).breach

    assert breach is not None
    assert (breach.state, breach.periods) == ("alone", 1)


def test_a_near_figure_after_misses_has_not_recovered() -> None:
    breach = life({"2021/22": 67, "2022/23": 89}, targets=target(at_least=90, tolerance=2))
    assert breach is not None
    assert breach[0] != "recovered"


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        ({"2022/23": 89}, ("alone", "2022/23", 1, None)),
        ({"2021/22": 95, "2022/23": 89}, ("new", "2022/23", 1, "2021/22")),
        ({"2020/21": 95, "2021/22": 88, "2022/23": 89}, ("continuing", "2021/22", 2, "2020/21")),
        (
            {"2019/20": 95, "2020/21": 67, "2021/22": 88, "2022/23": 89},
            ("continuing", "2020/21", 3, "2019/20"),
        ),
    ],
    ids=["without a past", "after met", "after near", "after missed and near"],
)
def test_a_near_target_knows_since_when_it_is_not_met(
    observations: dict[str, Any], expected: tuple[str, str, int, str | None]
) -> None:
    assert life(observations, targets=target(at_least=90, tolerance=2)) == expected


def test_a_month_of_a_total_does_not_continue_a_breach_of_years() -> None:
    observations = {"2021/22": 100, "2023-01": 10, "2022/23": 90, "2024-01": 8}
    rising = target(at_least={"period": "previous"})
    assert life(observations, unit="count", targets=rising) == ("alone", "2024-01", 1, None)


def test_figures_before_the_target_was_in_force_are_no_misses() -> None:
    observations = {"2020/21": 67, "2021/22": 67, "2022/23": 67}
    later = targets({"at_least": 90, "start": "2021/22"})
    assert life(observations, targets=later) == ("continuing", "2021/22", 2, None)


def test_each_figure_is_judged_by_the_target_of_its_own_time() -> None:
    observations = {"2020/21": 67, "2021/22": 67, "2022/23": 67}
    raised = targets({"at_least": 60}, {"at_least": 90, "start": "2022/23"})
    assert life(observations, targets=raised) == ("new", "2022/23", 1, "2021/22")


# Only the judged state makes a breach


@pytest.mark.parametrize(
    ("observations", "fields"),
    [
        pytest.param({"2022/23": 67}, {"targets": target(at_least=90, by="2130/31")}, id="not-due"),
        pytest.param({"2022/23": 67}, {"targets": target(at_least=90), "kind": "cumulative"}, id="short"),
        pytest.param({"2022/23": NOT_AVAILABLE}, {}, id="no-data"),
        pytest.param({"2022/23": 67}, {"targets": []}, id="no-target"),
        pytest.param({"2022/23": 95}, {}, id="met-without-a-past"),
        pytest.param({"2021/22": 91, "2022/23": 95}, {}, id="met-after-met"),
        pytest.param({"2020/21": 67, "2021/22": 91, "2022/23": 95}, {}, id="met-again-some-time-ago"),
    ],
)
def test_only_the_judged_state_makes_a_breach(observations: dict[str, Any], fields: dict[str, Any]) -> None:
    assert life(observations, **fields) is None


def test_a_second_target_beside_the_deciding_one_makes_no_breach() -> None:
    both = targets({"at_least": 60, "label": "Minimum"}, {"at_least": 90, "label": "Stretch"})
    assert life({"2021/22": 70, "2022/23": 71}, targets=both) is None


def test_what_was_not_due_at_its_time_was_no_miss() -> None:
    observations = {"2022/23": 60, "2023/24": 65, "2024/25": 70}
    assert life(observations, targets=target(at_least=90, by="2024/25")) == ("alone", "2024/25", 1, None)


def test_what_fell_due_with_its_figure_was_a_miss() -> None:
    observations = {"2023/24": 60, "2024/25": 65, "2025/26": 70}
    assert life(observations, targets=target(at_least=90, by="2024/25")) == ("continuing", "2024/25", 2, None)


def test_an_assessed_miss_makes_a_breach() -> None:
    observations = {"2021/22": {"assessment": "met"}, "2022/23": {"assessment": "missed"}}
    assert life(observations, targets=target(in_words="Good.")) == ("new", "2022/23", 1, "2021/22")


# Recovered


def test_met_just_after_misses_has_recovered() -> None:
    observations = {"2019/20": 95, "2020/21": 67, "2021/22": 75, "2022/23": 95}
    assert life(observations) == ("recovered", "2020/21", 2, None)


def test_a_month_that_meets_a_target_missed_over_years_has_not_recovered() -> None:
    assert life({"2021/22": 75, "2022/23": 67, "2024-01": 95}) is None


def test_recovered_takes_a_miss_of_the_same_length() -> None:
    observations = {"2022/23": 67, "2023-12": 80, "2024-01": 95}
    assert life(observations) == ("recovered", "2023-12", 1, None)


@pytest.mark.parametrize("kind", ["snapshot", "cumulative"])
def test_figures_at_a_date_recover_by_their_frequency(kind: str) -> None:
    dated = targets({"at_least": 90, "by": "2020/21"})
    fields: dict[str, Any] = {"unit": "count", "kind": kind, "targets": dated}
    assert life({"2022/23": 67, "2024-01": 95}, **fields) is None
    assert life({"2022/23": 67, "2024-03": 95}, frequency="annual", day="2024-04-01", **fields) == (
        "recovered",
        "2022/23",
        1,
        None,
    )


def test_a_queried_figure_makes_nothing_recovered() -> None:
    assert life({"2021/22": 67, "2022/23": queried(95)}) is None


def test_a_breach_of_queried_figures_only_can_not_recover() -> None:
    assert life({"2020/21": 95, "2021/22": queried(67), "2022/23": 95}) is None


def test_a_breach_recovers_if_any_of_its_misses_is_not_queried() -> None:
    observations = {"2020/21": 60, "2021/22": queried(67), "2022/23": 95}
    assert life(observations) == ("recovered", "2020/21", 2, None)


def test_a_bound_taken_from_a_queried_figure_makes_nothing_recovered() -> None:
    observations = {"2020/21": queried(80), "2021/22": 67, "2022/23": 95}
    assert life(observations, targets=target(at_least={"period": "2020/21"})) is None


def test_a_queried_miss_is_a_miss() -> None:
    assert life({"2021/22": 67, "2022/23": queried(60)}) == ("continuing", "2021/22", 2, None)


# Laws


@given(values=st.lists(st.integers(80, 99), min_size=1, max_size=8))
def test_the_run_of_a_yearly_series_is_its_unbroken_misses_at_the_end(values: list[int]) -> None:
    observations = {str(2010 + number): value for number, value in enumerate(values)}
    breach = life(observations)
    met = [value >= 90 for value in values]
    run = next((n for n, was_met in enumerate(reversed(met[:-1])) if was_met), len(met) - 1)
    if met[-1]:
        assert (
            breach is None
            if run == 0
            else breach is not None and breach[0] == "recovered" and breach[2] == run
        )
    else:
        assert breach is not None
        assert breach[0] == ("continuing" if run else "new" if len(values) > 1 else "alone")
        assert breach[1:3] == (str(2010 + len(values) - 1 - run), run + 1)
