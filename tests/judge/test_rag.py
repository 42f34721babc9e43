"""Red, amber, green."""

from typing import Any

import pytest

from judge.examples import judged, target

Colour = tuple[str, str]


def colour(observations: dict[str, Any], *, status: dict[str, Any] | None = None, **fields: Any) -> Colour:
    """The colour of a measure with the target of at least 90, and what decided."""
    given = {"targets": target(at_least=90)} | fields
    rag = judged(status=status, observations=observations, **given).rag
    return rag.colour, rag.because


def test_green_is_met() -> None:
    assert colour({"2021/22": 95, "2022/23": 91}) == ("green", "")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(60, 70, ("amber", "improving"), id="improved"),
        pytest.param(70, 70, ("red", "the same as before"), id="the-same"),
        pytest.param(66, 70, ("red", "no clear change"), id="no-clear-change"),
        pytest.param(70, 60, ("red", "clearly worse"), id="worse"),
        pytest.param(None, 60, ("red", "nothing to compare"), id="nothing-to-compare"),
    ],
)
def test_not_met_is_amber_if_the_judged_figure_is_clearly_better_and_red_otherwise_and_says_which(
    before: int | None, after: int, expected: Colour
) -> None:
    observations = {"2022/23": after} if before is None else {"2021/22": before, "2022/23": after}
    assert colour(observations) == expected


def test_the_judged_figure_itself_must_have_improved() -> None:
    assert colour({"2021/22": 60, "2022/23": 70, "2024-01": 84}) == ("red", "nothing to compare")


def test_a_total_judged_over_a_year_is_coloured_by_the_years_and_not_by_the_months() -> None:
    observations = {"2021/22": 700, "2022/23": 900, "2023-01": 90, "2024-01": 60}
    year = target(at_least=1200, over="12 months")
    assert colour(observations, unit="count", targets=year) == ("amber", "improving")


@pytest.mark.parametrize(
    ("before", "value", "expected"),
    [
        ("2022-01", 40, ("red", "better than in 2022")),
        ("2022-01", 80, ("red", "worse than in 2022")),
        ("2023-01", 40, ("amber", "improving")),
    ],
)
def test_a_figure_at_a_date_improves_only_on_one_of_the_last_12_months(
    before: str, value: int, expected: Colour
) -> None:
    assert colour({before: value, "2024-01": 60}, kind="snapshot") == expected


def test_a_target_met_by_a_doubted_figure_is_not_green() -> None:
    assert colour({"2022/23": {"value": 95, "marks": ["queried"], "note": "Odd."}}) == ("", "")


def test_behind_on_the_way_is_amber_unless_the_plan_keeps_amber_for_near() -> None:
    way: dict[str, Any] = {"targets": target(at_least=90, by="2130/31", trajectory={"2022/23": 70})}
    assert colour({"2021/22": 65, "2022/23": 50}, **way) == ("amber", "clearly worse")
    assert colour({"2021/22": 65, "2022/23": 50}, status={"amber": "near"}, **way) == ("red", "clearly worse")


def test_over_a_break_there_is_nothing_to_compare() -> None:
    assert colour({"2021/22": 60, "2022/23": {"value": 70, "marks": ["break"]}}) == (
        "red",
        "nothing to compare",
    )


def test_near_is_amber_even_if_worse() -> None:
    near: dict[str, Any] = {"targets": target(at_least=90, tolerance=2)}
    assert colour({"2021/22": 95, "2022/23": 89}, **near) == ("amber", "within the tolerance")


def test_an_assessment_near_is_amber_without_a_tolerance_to_speak_of() -> None:
    in_words: dict[str, Any] = {"targets": target(in_words="Good.")}
    assert colour({"2022/23": {"assessment": "near"}}, **in_words) == ("amber", "")
    assert colour({"2022/23": {"assessment": "met"}}, **in_words) == ("green", "")
    assert colour({"2021/22": 5, "2022/23": {"assessment": "missed"}}, **in_words) == (
        "red",
        "nothing to compare",
    )


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        pytest.param(60, {"targets": target(at_least=90, by="2130/31")}, id="not-due"),
        pytest.param(60, {"targets": target(at_least=90), "kind": "cumulative"}, id="short"),
        pytest.param(60, {"targets": []}, id="no-target"),
        pytest.param({"marks": ["not-available"]}, {}, id="no-data"),
        pytest.param(60, {"targets": target(in_words="To be set.")}, id="in-words"),
    ],
)
def test_other_states_have_no_colour(value: Any, fields: dict[str, Any]) -> None:
    assert colour({"2022/23": value}, **fields) == ("", "")


def test_a_measure_monitored_elsewhere_has_no_colour() -> None:
    elsewhere = judged(
        no_figures={"because": "monitored-elsewhere", "body": "board"}, targets=target(at_least=1)
    )
    assert (elsewhere.state, elsewhere.rag.colour) == ("elsewhere", "")


@pytest.mark.parametrize("doubted", ["2021/22", "2022/23"])
def test_a_queried_figure_is_never_amber_by_improving(doubted: str) -> None:
    observations: dict[str, Any] = {"2021/22": 60, "2022/23": 70}
    observations[doubted] = {"value": observations[doubted], "marks": ["queried"], "note": "Odd."}
    assert colour(observations) == ("red", "figure queried")


def test_where_neither_way_is_better_a_missed_range_is_red_and_says_so() -> None:
    observations = {"2021/22": 60, "2022/23": 70}
    between: dict[str, Any] = {"better": "neither", "targets": target(between=[80, 90])}
    assert colour(observations, **between) == ("red", "no better or worse")


def test_nearer_to_the_middle_improves_a_missed_range() -> None:
    observations = {"2021/22": 60, "2022/23": 70}
    between: dict[str, Any] = {"better": {"near": 85}, "targets": target(between=[80, 90])}
    assert colour(observations, **between) == ("amber", "improving")


def test_an_organisation_may_keep_amber_for_near() -> None:
    only_near = {"amber": "near", "tolerance": "5%"}
    assert colour({"2021/22": 60, "2022/23": 70}, status=only_near) == ("red", "improving")
    assert colour({"2021/22": 60, "2022/23": 86}, status=only_near) == ("amber", "within the tolerance")
    assert colour({"2021/22": 70, "2022/23": 60}, status=only_near) == ("red", "clearly worse")


def test_a_doubted_figure_before_the_newest_takes_nothing_from_a_chart() -> None:
    figures: dict[str, Any] = {str(1990 + number): 70 + number % 3 for number in range(20)}
    doubted = {"value": 71, "marks": ["queried"], "note": "Odd."}
    measures = [
        judged(observations=figures | {"2009": doubted, "2010": newest}, targets=target(at_least=90))
        for newest in (60, 80)
    ]

    assert [(judged.change, *judged.rag) for judged in measures] == [
        ("worse", "red", "clearly worse"),
        ("better", "amber", "improving"),
    ]
