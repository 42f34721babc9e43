"""Triggers: "act on significant increases"."""

from decimal import Decimal
from typing import Any

import pytest

from judge.examples import judged
from kpi.judge.benchmarks import assess_significance, counts_test


def result(trigger: dict[str, Any], observations: dict[str, Any], **fields: Any) -> tuple[str, str]:
    """What became of a trigger, and why it can't be told. It is told of the newest direction, where there is one."""
    judgement = judged(**({"unit": "count", "triggers": [trigger], "observations": observations} | fields))
    (only,) = judgement.triggers
    assert only.trigger == judgement.measure.triggers[0]
    assert only.direction == next(iter(judgement.directions), None)
    return only.state, only.reason


@pytest.mark.parametrize(
    ("when", "after", "state"),
    [
        pytest.param("increase", 110, "fired", id="increase-and-up"),
        pytest.param("increase", 100, "not fired", id="increase-and-level"),
        pytest.param("increase", 90, "not fired", id="increase-and-down"),
        pytest.param("decrease", 90, "fired", id="decrease-and-down"),
        pytest.param("decrease", 110, "not fired", id="decrease-and-up"),
        pytest.param("change", 110, "fired", id="change-and-up"),
        pytest.param("change", 90, "fired", id="change-and-down"),
        pytest.param("change", 100, "not fired", id="change-and-level"),
    ],
)
def test_a_trigger_is_tested_on_the_pair_of_the_direction(when: str, after: int, state: str) -> None:
    assert result({"when": when}, {"2021/22": 100, "2022/23": after}) == (state, "")


@pytest.mark.parametrize(
    ("minimum", "before", "after", "fired"),
    [
        pytest.param("10%", 100, 110, True, id="at-the-share"),
        pytest.param("10%", 1000, 1099, False, id="below-the-share"),
        pytest.param("10%", 2000, 2199, False, id="compared-and-not-rounded"),
        pytest.param("10%", 0, 1, True, id="any-share-of-nothing"),
        pytest.param(10, 100, 110, True, id="at-the-number"),
        pytest.param(10, 100, 109, False, id="below-the-number"),
    ],
)
def test_a_move_below_the_minimum_does_not_fire(
    minimum: Any, before: int, after: int, *, fired: bool
) -> None:
    outcome = result({"when": "increase", "minimum": minimum}, {"2021/22": before, "2022/23": after})
    assert outcome == (("fired", "") if fired else ("not fired", "smaller than the minimum"))


def test_a_minimum_holds_for_a_fall_as_well() -> None:
    assert result({"when": "decrease", "minimum": "10%"}, {"2021/22": 100, "2022/23": 91})[0] == "not fired"
    assert result({"when": "decrease", "minimum": "10%"}, {"2021/22": 100, "2022/23": 90})[0] == "fired"


def test_a_nearer_figure_that_overlaps_leaves_it_untold_and_both_are_there_to_print() -> None:
    observations = {"2015 to 2017": 335, "2018 to 2020": 455, "2019 to 2021": 442}
    judgement = judged(
        unit="count", triggers=[{"when": "increase", "level": 0.05}], observations=observations
    )
    (only,) = judgement.triggers
    assert (only.state, only.reason) == ("cannot tell", "a nearer figure overlaps")
    assert only.trigger == judgement.measure.triggers[0]
    assert only.direction is not None
    assert only.direction.earlier is not None
    assert only.direction.overlapping is not None
    assert (only.direction.earlier.key, only.direction.overlapping.key) == ("2015 to 2017", "2018 to 2020")


@pytest.mark.parametrize(
    ("observations", "reason"),
    [
        pytest.param({"2022/23": 100}, "no earlier figure", id="alone"),
        pytest.param({"2022/23": {"marks": ["not-available"]}}, "no figures", id="no-figures"),
        pytest.param(
            {"2021/22": 100, "2022/23": {"value": 200, "marks": ["break"]}},
            "not comparable (break)",
            id="break",
        ),
        pytest.param(
            {"2021/22": 100, "2022/23": 200, "2024-01": 30},
            "no earlier month to compare with",
            id="month-after-years",
        ),
        pytest.param(
            {"2018 to 2020": 1, "2019 to 2021": 2}, "only overlapping periods before it", id="overlapping"
        ),
    ],
)
def test_without_a_pair_it_can_not_be_told(observations: dict[str, Any], reason: str) -> None:
    assert result({"when": "increase"}, observations) == ("cannot tell", reason)


def test_a_move_the_other_way_needs_no_test_of_significance() -> None:
    assert result({"when": "increase", "level": 0.05}, {"2021/22": 440, "2022/23": 313}) == ("not fired", "")


@pytest.mark.parametrize(
    ("observations", "fields", "expected"),
    [
        pytest.param({"2021/22": 335, "2022/23": 442}, {}, ("fired", ""), id="below-the-level"),
        pytest.param({"2021/22": 86, "2022/23": 97}, {}, ("not fired", ""), id="chance"),
        pytest.param({"2021/22": 40, "2022/23": 60}, {"unit": "percent"}, ("cannot tell", "the numbers behind the shares are not given"), id="not-tested"),
    ],
)  # fmt: skip
def test_where_certainty_is_asked_for_the_test_decides(
    observations: dict[str, Any], fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    trigger = {"when": "increase", "level": 0.05}
    assert result(trigger, observations, **fields) == expected

    judgement = judged(**{"unit": "count", "triggers": [trigger], "observations": observations} | fields)
    assert judgement.triggers[0].p == assess_significance(judgement.measure, judgement.directions[0]).p


def test_what_is_just_as_likely_as_the_level_does_not_fire() -> None:
    likely = Decimal(counts_test(1, 9))
    figures = {"2021/22": 1, "2022/23": 9}

    assert result({"when": "increase", "level": likely}, figures) == ("not fired", "")
    assert result({"when": "increase", "level": likely * 2}, figures) == ("fired", "")


def test_each_trigger_has_its_own_result() -> None:
    both = [{"when": "increase"}, {"when": "decrease"}]
    judgement = judged(unit="count", triggers=both, observations={"2021/22": 1, "2022/23": 2})
    assert [trigger.state for trigger in judgement.triggers] == ["fired", "not fired"]
