"""Control charts: the oracles of the reference implementation, the rules one by one, and laws."""

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import measure
from kpi.judge.control_chart import (
    OUTSIDE,
    SHIFT,
    TREND,
    TWO_OF_THREE,
    Limits,
    Signal,
    autocorrelation,
    compute_limits,
    draw_chart,
    ends_a_run,
    find_signals,
)

VECTORS: list[dict[str, Any]] = [
    vector
    for vector in json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
    if vector["rule"] == "chart"
]
UNIT = Fraction(1)
NORMAL = [  # R: set.seed(123); rnorm(20)
    "-0.56047565", "-0.23017749", "1.55870831", "0.07050839", "0.12928774", "1.71506499", "0.46091621", "-1.26506123", "-0.68685285", "-0.44566197",
    "1.22408180", "0.35981383", "0.40077145", "0.11068272", "-0.55584113", "1.78691314", "0.49785048", "-1.96661716", "0.70135590", "-0.47279141",
]  # fmt: skip
WITH_TEN = [*NORMAL[:14], "10", *NORMAL[15:]]
SPIKE = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]


def fractions(values: Any) -> list[Fraction | None]:
    return [None if value is None else Fraction(value) for value in values]


def rounded(drawn: Limits, digits: int) -> tuple[float, ...]:
    return tuple(round(float(value), digits) for value in drawn)


@pytest.mark.parametrize(
    ("values", "mean", "lower", "upper"),
    [
        (SPIKE, 1.944444, -0.715556, 4.604444),
        (NORMAL, 0.1416238, -3.01138, 3.294627),
        (WITH_TEN, 0.6694159, -2.383666, 3.722497),
        (range(1, 11), 5.5, 2.84, 8.16),
        ([3, 1, 4, 1, 5, 9, 2], 3.571429, -6.625238, 13.768095),
    ],
)
def test_limits_are_those_of_the_reference_implementation(
    values: Any, mean: float, lower: float, upper: float
) -> None:
    drawn = compute_limits(fractions(values))
    assert [float(value) for value in drawn] == pytest.approx([mean, lower, upper], abs=5e-6)


def flagged(values: Any) -> dict[int, Signal]:
    """The signals by the number of their point, counted from 1."""
    points = fractions(values)
    return {
        number: signal
        for number, signal in enumerate(find_signals(points, compute_limits(points)), 1)
        if signal is not None
    }


def test_a_spike_is_outside_and_flags_nothing_else() -> None:
    assert flagged(SPIKE) == {5: Signal(OUTSIDE, 1)}


def test_nothing_is_flagged_among_normal_numbers() -> None:
    assert flagged(NORMAL) == {}


def test_the_ends_of_a_rising_line_are_outside_and_the_rest_is_its_trend() -> None:
    signals = flagged(range(1, 11))
    assert {number for number, signal in signals.items() if signal.rule == OUTSIDE} == {1, 2, 9, 10}
    assert {number for number, signal in signals.items() if signal.rule == TREND} == {3, 4, 5, 6, 7, 8}
    assert rounded(compute_limits(fractions(range(1, 11))), 4) == (5.5, 2.84, 8.16)


def test_two_near_points_on_opposite_sides_are_usual() -> None:
    points = fractions([*[1, -1] * 7, "5.5", "-5.5"])
    assert not any(find_signals(points, Limits(Fraction(0), Fraction(-8), Fraction(8))))


WIDE = Limits(Fraction(0), Fraction(-3), Fraction(3))
CLOSE, MIDDLE = Fraction(5, 2), Fraction(1)


@pytest.mark.parametrize(
    ("close", "expected"),
    [
        ([1, 0, 0, 1, 1], [0, 0, 0, 1, 1]),
        ([1, 0, 0, 1], [0, 0, 0, 0]),
        ([1, 0, 1], [1, 0, 1]),
        ([1, 1, 0], [1, 1, 0]),
    ],
)
@pytest.mark.parametrize("side", [1, -1])
def test_two_of_three_flags_the_near_ones_only(close: list[int], expected: list[int], side: int) -> None:
    points = [(CLOSE if is_close else MIDDLE) * side for is_close in close]
    wanted = tuple(Signal(TWO_OF_THREE, side) if is_flagged else None for is_flagged in expected)
    assert find_signals(points, WIDE) == wanted


def test_two_of_three_needs_the_third_on_the_same_side_and_a_figure_in_each_period() -> None:
    assert set(find_signals([CLOSE, -MIDDLE, CLOSE], WIDE)) == {None}
    assert set(find_signals([CLOSE, None, CLOSE], WIDE)) == {None}
    assert set(find_signals([CLOSE, Fraction(0), CLOSE], WIDE)) == {None}


def test_a_figure_of_zero_is_near_a_limit_like_any_other() -> None:
    limits = Limits(Fraction(5), Fraction(-1), Fraction(11))
    near = Signal(TWO_OF_THREE, -1)
    assert find_signals([Fraction(0), Fraction(0), Fraction(4)], limits) == (near, near, None)


def test_a_point_outside_does_not_count_as_near() -> None:
    assert find_signals([Fraction(4), MIDDLE, CLOSE], WIDE) == (Signal(OUTSIDE, 1), None, None)


def test_a_point_beyond_a_limit_is_outside_on_that_side() -> None:
    above, below = Signal(OUTSIDE, 1), Signal(OUTSIDE, -1)

    assert find_signals([Fraction(-4), Fraction(0), Fraction(4)], WIDE) == (below, None, above)


def test_a_run_flags_its_own_points_and_no_other() -> None:
    rising = [0, 0, 1, 2, 3, 4, 5, 6, 6, 0]
    far = WIDE._replace(lower=Fraction(-100), upper=Fraction(100))
    one_side = [0, 1, 1, 1, 1, 1, 1, 1, 0]

    assert places(TREND, find_signals(fractions(rising), far)) == [1, 2, 3, 4, 5, 6, 7]
    assert places(SHIFT, find_signals(fractions(one_side), WIDE, trends=False)) == [1, 2, 3, 4, 5, 6, 7]


def places(rule: str, signals: tuple[Signal | None, ...]) -> list[int]:
    return [place for place, signal in enumerate(signals) if signal and signal.rule == rule]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, -1, 1, -1], Fraction(-3, 4)),
        ([1, 2, 3, 4, 5], Fraction(2, 5)),
        ([5, 5, 5], Fraction(0)),
        ([1, None, 3], Fraction(0)),
    ],
)
def test_autocorrelation_is_that_of_neighbours(values: list[int | None], expected: Fraction) -> None:
    assert autocorrelation(fractions(values)) == expected


def test_a_point_on_a_limit_is_not_outside() -> None:
    assert find_signals([Fraction(3), Fraction(-3)], WIDE) == (None, None)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 3, 4, 5, 6], 0),
        ([1, 2, 3, 4, 5, 6, 7], 1),
        ([7, 6, 5, 4, 3, 2, 1], -1),
        ([1, 2, 3, 4, 5, 6], 0),
        ([1, 2, 3, None, 5, 6, 7, 8, 9], 0),
    ],
)
def test_seven_rising_or_falling_are_a_trend(values: list[int | None], expected: int) -> None:
    far = Limits(Fraction(4), Fraction(-100), Fraction(100))
    trends = {
        signal.side for signal in find_signals(fractions(values), far) if signal and signal.rule == TREND
    }
    assert trends == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("sides", "flags"),
    [
        ([1] * 6, 0),
        ([1] * 6 + [0, 1], 0),
        ([1] * 6 + [None, 1], 0),
        ([1] * 8 + [-1], 8),
        ([-1] * 7, 7),
    ],
)
def test_seven_on_one_side_are_a_shift(sides: list[int | None], flags: int) -> None:
    signals = find_signals(fractions(sides), WIDE, trends=False)
    assert [signal.rule if signal else "" for signal in signals] == [SHIFT] * flags + [""] * (
        len(sides) - flags
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["note"])
def test_a_series_has_the_word_that_must_come(vector: dict[str, Any]) -> None:
    figures = fractions(vector["figures"])
    chart = draw_chart(figures, Fraction(vector["unit"]), vector["lag"])
    if vector["expect"] == "no chart":
        assert chart is None
        return
    assert chart is not None
    word, printed = vector["expect"]
    newest = chart.newest
    assert (f"{newest.rule}{'+' if newest.side > 0 else '-'}" if newest else "usual") == word
    assert list(rounded(chart.limits, 4)) == printed


def test_a_signal_is_dated_by_the_first_of_its_run() -> None:
    shifted = draw_chart(fractions([50, 52, 50, 52, 50, 52, 50, 54, 55, 54, 55, 54, 55, 54]), UNIT)
    usual = draw_chart(fractions([50, 52] * 7), UNIT)
    assert shifted
    assert usual
    assert (shifted.run, usual.run) == (7, 0)
    assert (shifted.moving, usual.moving) == (True, False)


def test_a_series_without_enough_has_no_chart() -> None:
    usual, rare = [50, 52] * 7, [3, 0, 4, 5, 0, 3, 6, 4, 0, 5, 4, 6, 5, 3]
    assert draw_chart(fractions(usual[:13]), UNIT)
    assert draw_chart(fractions(usual[:12]), UNIT) is None
    assert draw_chart(fractions([*usual[:5], None, *usual[6:]]), UNIT)
    assert draw_chart(fractions([*usual[:5], None, None, *usual[7:]]), UNIT) is None
    for counts in (rare, [2, 3] * 7):
        assert draw_chart(fractions(counts), Fraction(1, 10))
        assert draw_chart(fractions(counts), Fraction(1, 10), is_count=True) is None
    assert draw_chart(fractions(range(100, 114)), UNIT)
    assert draw_chart(fractions(range(100, 114)), UNIT, at_a_date=True) is None
    assert draw_chart(fractions([50] * 20), UNIT) is None


series = st.lists(st.integers(-200, 200) | st.none(), min_size=13, max_size=36)
steps = st.integers(-1000, 1000).map(lambda tenths: Fraction(tenths, 10))
scales = st.integers(1, 1000).map(lambda tenths: Fraction(tenths, 10))


@given(series, steps, scales, st.sampled_from([0, 4, 12]))
def test_shifting_and_scaling_change_no_signal(
    values: list[int | None], step: Fraction, scale: Fraction, lag: int
) -> None:
    moved = [None if value is None else value * scale + step for value in values]

    def judge(points: list[Any], unit: Fraction) -> Any:
        chart = draw_chart(points, unit, lag, at_a_date=True)
        return chart and chart.signals

    assert judge(moved, scale) == judge(fractions(values), Fraction(1))


@given(series, st.sampled_from([0, 4, 12]))
def test_the_newest_signal_is_the_last_of_all(values: list[int | None], lag: int) -> None:
    if chart := draw_chart(fractions(values), UNIT, lag):
        assert chart.newest == chart.signals[-1]


@given(series)
def test_turning_a_series_upside_down_turns_every_signal(values: list[int | None]) -> None:
    up = draw_chart(fractions(values), UNIT)
    down = draw_chart([None if value is None else Fraction(-value) for value in values], UNIT)
    if up is None:
        assert down is None
    else:
        assert down is not None
        assert down.signals == tuple(signal and Signal(signal.rule, -signal.side) for signal in up.signals)


def every(days: int, count: int = 7, first: str = "2024-01-05") -> list[str]:
    return [str(date.fromisoformat(first) + timedelta(days=days * number)) for number in range(count)]


@pytest.mark.parametrize(
    ("ends", "is_run"),
    [
        ([f"2023-{month:02d}" for month in range(1, 8)], True),
        ([f"2023-{month:02d}" for month in (1, 2, 3, 4, 5, 6, 8)], False),
        (["2022-06-30", "2022-09-30", "2022-12-31", "2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"], True),
        (["2022-06-30", "2022-09-30", "2022-12-31", "2023-03-31", "2023-06-30", "2023-09-30", "2024-03-31"], False),
        ([f"{year}-11-15" for year in range(2017, 2024)], True),
        ([f"{year}-11-15" for year in (2016, *range(2018, 2024))], False),
        (every(7), True),
        (every(14), True),
        (every(7, 6) + every(1, 1, "2024-02-23"), False),
        (every(8), False),
        (every(10), False),
        (every(1), False),
    ],
)  # fmt: skip
def test_figures_at_a_date_are_a_run_if_they_stand_whole_months_or_weeks_apart(
    ends: list[str], is_run: bool
) -> None:
    observations = {end: 100 + number for number, end in enumerate(ends)}
    made = measure(unit="count", kind="snapshot", observations=observations)

    assert ends_a_run(made, made.observations[-1]) is is_run
