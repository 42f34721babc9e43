"""Aims without a target."""

from typing import Any

import pytest

from judge.examples import judged, judged_kpi, target, targets

NOT_AVAILABLE = {"marks": ["not-available"]}


def aim(word: str, before: Any, after: Any, **fields: Any) -> tuple[str, str] | None:
    """The word for a measure with this aim, and why it can't be told."""
    aim = judged(aim=word, observations={"2021/22": before, "2022/23": after}, **fields).aim
    return (aim.word, aim.reason) if aim else None


@pytest.mark.parametrize(
    ("word", "better", "after", "expected"),
    [
        pytest.param("increase", "higher", 76, "as intended", id="increase-and-up"),
        pytest.param("increase", "higher", 75, "no clear change", id="increase-and-a-little-up"),
        pytest.param("increase", "higher", 70, "no clear change", id="increase-and-the-same"),
        pytest.param("increase", "higher", 64, "against the aim", id="increase-and-down"),
        pytest.param("reduce", "lower", 64, "as intended", id="reduce-and-down"),
        pytest.param("reduce", "lower", 70, "no clear change", id="reduce-and-the-same"),
        pytest.param("reduce", "lower", 76, "against the aim", id="reduce-and-up"),
        pytest.param("maintain", "higher", 76, "as intended", id="maintain-and-better"),
        pytest.param("maintain", "higher", 67, "held", id="maintain-and-no-clear-change"),
        pytest.param("maintain", "higher", 70, "held", id="maintain-and-the-same"),
        pytest.param("maintain", "higher", 64, "against the aim", id="maintain-and-worse"),
        pytest.param(
            "maintain", "lower", 76, "against the aim", id="maintain-and-worse-where-lower-is-better"
        ),
        pytest.param("reduce", {"near": 50}, 60, "as intended", id="nearer-to-the-middle"),
        pytest.param("reduce", {"near": 50}, 80, "against the aim", id="further-from-the-middle"),
        pytest.param("reduce", {"near": 50}, 30, "no clear change", id="as-far-on-the-other-side"),
    ],
)
def test_only_a_clear_change_is_as_intended_or_against(
    word: str, better: Any, after: int, expected: str
) -> None:
    result = aim(word, 70, after, better=better)
    assert result is not None
    assert result[0] == expected


def test_watching_is_no_aim_and_neither_is_a_measure_that_knows_no_better() -> None:
    assert aim("monitor", 70, 75) is None
    assert aim("increase", 70, 75, better="neither") is None


def test_a_measure_with_a_target_has_no_word_for_its_aim() -> None:
    assert aim("increase", 70, 75, targets=target(at_least=90)) is None


def test_a_target_that_is_not_in_force_yet_leaves_the_aim_to_be_told() -> None:
    later = targets({"at_least": 90, "start": "2130/31"})
    assert aim("increase", 70, 76, targets=later) == ("as intended", "")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param(NOT_AVAILABLE, 75, "no earlier figure", id="nothing-before"),
        pytest.param(70, {"value": 75, "marks": ["break"]}, "not comparable (break)", id="a-break"),
        pytest.param(NOT_AVAILABLE, NOT_AVAILABLE, "no figures", id="no-figures-at-all"),
    ],
)
def test_what_can_not_be_compared_can_not_be_told(before: Any, after: Any, reason: str) -> None:
    assert aim("increase", before, after) == ("cannot tell", reason)


def test_only_the_latest_figure_is_judged_and_an_older_pair_is_printed() -> None:
    judgement = judged(aim="increase", observations={"2021/22": 75, "2022/23": 85, "2024-01": 60})
    assert judgement.aim is not None
    assert (judgement.aim.word, judgement.aim.reason) == ("cannot tell", "no earlier month to compare with")
    assert [direction.outcome for direction in judgement.directions] == ["can't be told", "better"]


@pytest.mark.parametrize(
    ("word", "after", "expected"),
    [
        pytest.param("increase", 75, "cannot tell", id="better-is-not-believed"),
        pytest.param("maintain", 70, "cannot tell", id="maintained-is-not-believed"),
        pytest.param("increase", 70, "cannot tell", id="level"),
        pytest.param("increase", 60, "cannot tell", id="against"),
    ],
)
def test_of_a_queried_figure_nothing_can_be_told(word: str, after: int, expected: str) -> None:
    doubted = {"value": after, "marks": ["queried"], "note": "Odd."}
    assert aim(word, 70, doubted) == (expected, "figure queried")


def test_a_queried_figure_to_compare_with_is_never_the_ground_for_as_intended() -> None:
    doubted = {"value": 70, "marks": ["queried"], "note": "Odd."}
    assert aim("increase", doubted, 75) == ("cannot tell", "figure queried")


def test_a_measure_without_figures_says_why_instead() -> None:
    assert judged(aim="increase", no_figures={"because": "awaiting-data"}).aim is None


# The KPI


def of(before: int, after: int, **fields: Any) -> dict[str, Any]:
    """A measure with two figures."""
    return {"unit": "percent", "observations": {"2021/22": before, "2022/23": after}, **fields}


def test_measures_of_a_kpi_are_judged_by_the_aim_of_each_and_targets_apart() -> None:
    judgement = judged_kpi(
        aim="increase",
        measures={"a": of(10, 20), "b": of(2, 1, aim="monitor"), "c": of(2, 1, targets=target(at_least=1))},
    )
    assert [measure.aim and measure.aim.word for measure in judgement.measures] == ["as intended", None, None]
    assert (judgement.met, judgement.targeted) == (1, 1)


def test_an_aim_has_no_colour_and_the_status_stays_no_target() -> None:
    judgement = judged_kpi(aim="increase", measures={"a": of(2, 1)})
    assert (judgement.status, judgement.rag.colour) == ("no target", "")
