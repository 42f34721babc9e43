"""Shares computed from other measures: `derived: {share: a, of: [a, b]}`."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import kpi
from kpi.model.kpi import Measure
from kpi.model.quantity import Unit


def share(
    part: dict[str, Any],
    *others: dict[str, Any],
    kinds: str = "snapshot",
    of: tuple[str, ...] = ("whole",),
    **fields: Any,
) -> Measure:
    """The share of `part` in `whole` (the first of the others, or as `of` says)."""
    series = dict(zip(("part", "whole", "more"), (part, *others), strict=False))
    measures = {
        name: {"unit": "count", "kind": kind, "observations": observations}
        for (name, observations), kind in zip(series.items(), kinds.split() * 3, strict=False)
    }
    measures["share"] = {"derived": {"share": "part", "of": list(of)}, **fields}
    made = kpi(better="higher", measures=measures).measure("share")
    assert made is not None
    return made


def values(made: Measure) -> list[tuple[str, str]]:
    """The periods and values of a measure."""
    return [(figure.key, str(figure.value)) for figure in made.observations]


def test_a_share_is_one_measure_divided_by_the_sum_of_the_list_in_per_cent() -> None:
    made = share({"2022/23": 1843}, {"2022/23": 2978}, of=("part", "whole"))
    assert (values(made), made.unit) == ([("2022/23", "38.2")], Unit("percent"))
    (result,) = made.observations
    assert (result.numerator, result.denominator) == (Decimal(1843), Decimal(4821))


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "expected"),
    [
        pytest.param(1, 8, 1, "12.5", id="exact"),
        pytest.param(1, 16, 1, "6.3", id="6.25-half-up"),
        pytest.param(3, 16, 1, "18.8", id="18.75-half-up"),
        pytest.param(1, 3, 1, "33.3", id="down"),
        pytest.param(2, 3, 1, "66.7", id="up"),
        pytest.param(1, 8, 0, "13", id="without-decimals"),
        pytest.param(1, 3, 3, "33.333", id="with-three"),
        pytest.param(0, 3, 1, "0.0", id="none"),
    ],
)
def test_a_share_is_rounded_half_up_to_its_decimals(
    part: int, whole: int, decimals: int, expected: str
) -> None:
    assert values(share({"2022/23": part}, {"2022/23": whole}, decimals=decimals)) == [("2022/23", expected)]


def test_a_share_has_one_decimal_unless_told_otherwise() -> None:
    made = share({"2022/23": 1}, {"2022/23": 3})
    assert (made.decimals, values(made)) == (1, [("2022/23", "33.3")])


def test_a_period_that_one_input_lacks_gives_no_share_and_one_without_a_value_says_so() -> None:
    no_value = {"marks": ["not-available"]}
    part = {"2019/20": 1, "2020/21": 1, "2021/22": no_value, "2022/23": 1}
    whole = {"2018/19": 2, "2020/21": no_value, "2021/22": 2, "2022/23": 2}
    made = share(part, whole)
    assert values(made) == [("2020/21", "None"), ("2021/22", "None"), ("2022/23", "50.0")]
    assert made.observations[0].marks == ("not-available",)


def test_a_part_of_the_sum_that_is_missing_gives_no_share() -> None:
    no_value = {"2022/23": {"marks": ["not-available"]}}
    assert values(share({"2022/23": 1}, {"2022/23": 2}, no_value, of=("whole", "more"))) == [
        ("2022/23", "None")
    ]


def test_a_sum_of_nothing_gives_no_share() -> None:
    assert values(share({"2022/23": 0}, {"2022/23": 0})) == []


def test_a_measure_that_does_not_exist_gives_no_share() -> None:
    assert values(share({"2022/23": 1}, {"2022/23": 2}, of=("nowhere",))) == []


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("snapshot snapshot", "snapshot"),
        ("snapshot total", "average"),
        ("total snapshot", "average"),
        ("total total", "average"),
        ("cumulative cumulative", "average"),
    ],
)
def test_a_share_is_a_snapshot_if_all_inputs_are_and_else_an_average(kinds: str, expected: str) -> None:
    made = share({"2022/23": 1}, {"2022/23": 2}, kinds=kinds)
    assert (made.kind, values(made)) == (expected, [("2022/23", "50.0")])


def test_periods_are_the_same_however_they_are_written() -> None:
    assert values(share({"2022/23": 1}, {"2023-03": 2})) == [("2022/23", "50.0")]
    assert values(share({"2022/23": 1}, {"12 months to 2023-03": 2}, kinds="total")) == [("2022/23", "50.0")]
    assert values(share({"2022/23": 1}, {"2023-03": 2}, kinds="total")) == []


def test_the_marks_of_every_input_carry_over() -> None:
    doubted = {"value": 1, "marks": ["queried", "provisional"], "note": "Odd."}
    made = share({"2022/23": doubted}, {"2022/23": {"value": 2, "marks": ["provisional", "forecast"]}})
    assert made.observations[0].marks == ("queried", "provisional", "forecast")


@pytest.mark.parametrize("kinds", ["snapshot", "total"])
@pytest.mark.parametrize("where", ["part", "whole"])
def test_a_break_in_an_input_is_a_break(kinds: str, where: str) -> None:
    series: dict[str, dict[str, Any]] = {
        name: {"2020/21": 1, "2021/22": 1, "2022/23": 1} for name in ("part", "whole")
    }
    series[where]["2021/22"] = {"value": 1, "marks": ["break"]}
    made = share(series["part"], series["whole"], kinds=kinds)
    assert [figure.marks for figure in made.observations] == [(), ("break",), ()]


@pytest.mark.parametrize("lost", [1, {"marks": ["not-available"]}], ids=["no-period", "no-value"])
def test_a_break_in_a_year_without_a_share_is_carried_to_the_next(lost: Any) -> None:
    whole = {"2020/21": 2, "2021/22": {"value": 2, "marks": ["break"]}, "2022/23": 2, "2023/24": 2}
    part = {"2020/21": 1, "2021/22": lost, "2022/23": 1, "2023/24": 1}
    if lost == 1:
        del part["2021/22"]
    made = share(part, whole)
    assert [(figure.key, figure.broken) for figure in made.observations if figure.value is not None] == [
        ("2020/21", False),
        ("2022/23", True),
        ("2023/24", False),
    ]


def test_a_break_before_the_first_share_breaks_nothing() -> None:
    whole = {"2020/21": {"value": 2, "marks": ["break"]}, "2021/22": 2}
    made = share({"2021/22": 1}, whole)
    assert [figure.broken for figure in made.observations] == [False]


def test_a_break_is_carried_once_where_the_inputs_spell_their_dates_differently() -> None:
    whole = {"2022-03": 2, "2023-03": {"value": 2, "marks": ["break"]}, "2024-03": 2}
    made = share({"2021/22": 1, "2022/23": 1, "2023/24": 1}, whole)
    assert [figure.broken for figure in made.observations] == [False, True, False]


@given(parts=st.lists(st.integers(0, 10**6), min_size=1, max_size=3).filter(any))
def test_a_share_of_a_whole_lies_between_nothing_and_all_and_parts_make_a_hundred(parts: list[int]) -> None:
    series = [{"2022/23": part} for part in parts]
    of = ("part", "whole", "more")[: len(parts)]
    result = [
        share(*series[number:], *series[:number], of=of).observations[0].value
        for number in range(len(series))
    ]
    known = [change for change in result if change is not None]
    assert all(0 <= item <= 100 for item in known)
    assert abs(sum(known, Decimal(0)) - 100) <= Decimal("0.05") * len(known)


def test_a_carried_break_keeps_the_marks_of_the_share() -> None:
    changed = {"value": 2, "marks": ["break"]}
    whole = {"2020/21": 2, "2021/22": changed, "2022/23": {"value": 2, "marks": ["provisional"]}}
    made = share({"2020/21": 1, "2022/23": 1}, whole)
    assert made.observations[-1].marks == ("provisional", "break")
