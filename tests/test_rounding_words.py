"""Rounding hides nothing: gaps, differences and the side of a bound, from the file to the page's words."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.examples import judged, target
from judge.test_target import deciding
from kpi.judge.bound import gap_to
from kpi.pages.figure_words import gap_words, number_words
from kpi.pages.target_words import gap_share_words, judged_bound_words
from one_measure import fact, one_measure, pages_of
from repositories import committed
from running import Kpi

SHARE = """
unit: {unit}
better: {better}
{decimals}
targets:
  - {{{bound}, source: plan}}
observations:
  {observations}
"""


def share(
    observations: str,
    *,
    bound: str = "at_least: 90",
    decimals: int | None = 1,
    better: str = "higher",
    unit: str = "percent",
) -> str:
    return SHARE.format(
        observations=observations.replace("; ", "\n  "),
        bound=bound,
        decimals="" if decimals is None else f"decimals: {decimals}",
        better=better,
        unit=unit,
    )


# The part of a bound


@pytest.mark.parametrize(
    ("bound", "value", "reported"),
    [
        pytest.param({"at_least": 8}, 3, "63% short", id="short"),
        pytest.param({"at_most": 9896}, 15150, "53% above", id="above"),
        pytest.param({"more_than": 8000}, 7901, "1.2% short", id="one-decimal-where-it-is-little"),
        pytest.param({"between": [20, 40]}, 50, "25% above", id="above-a-range"),
        pytest.param({"between": [20, 40]}, 10, "50% short", id="short-of-a-range"),
        pytest.param({"equals": 20}, 30, "50% above", id="above-an-exact-level"),
        pytest.param({"at_least": 8000}, 8, "99.9% short", id="nearly-all-is-not-all"),
        pytest.param({"at_least": 8}, 0, "100% short", id="all"),
        pytest.param({"at_most": 0}, 3, "", id="nothing-of-nought"),
        pytest.param({"at_least": 10000000}, 9999999, "", id="nothing-where-it-is-next-to-none"),
        pytest.param({"at_least": -4}, -5, "", id="nothing-of-less-than-nought"),
        pytest.param({"more_than": 8}, 8, "", id="nothing-without-a-gap"),
        pytest.param({"at_least": 8}, 9, "", id="nothing-where-it-is-met"),
    ],
)
def test_the_part_of_a_bound_says_whether_it_is_short_or_above(
    bound: dict[str, int], value: int, reported: str
) -> None:
    judgement = judged(
        unit={"name": "points"}, better="neither", targets=target(**bound), observations={"2022/23": value}
    )
    assert gap_share_words(deciding(judgement)) == reported


def test_a_gap_is_never_told_as_a_part_that_was_reached(tmp_path: Path, kpi: Kpi) -> None:
    pages = pages_of(
        one_measure(tmp_path, share("2021/22: 2; 2022/23: 3", bound="at_least: 8", decimals=None))
    )

    for text in (pages["kpis/calls.md"], pages["breaches.md"], kpi("paper").out):
        assert "gap 5 percentage points (63% short)" in text
        assert not re.search(r"\d% of (the target|at least)", text)


# Differences


def test_differences_are_rounded_like_their_figures(tmp_path: Path, kpi: Kpi) -> None:
    fields = share("2021/22: 89.1234567890123; 2022/23: 88.6550017909183")
    pages = pages_of(one_measure(tmp_path, fields))
    page = pages["kpis/calls.md"]

    assert "target: at least 90%; gap 1.3 percentage points" in page
    assert "down 0.5 percentage points (2022/23 against 2021/22)" in page
    assert "Not met, gap 0.9 percentage points" in page  # of the year before, in the table of all figures
    assert "target: at least 90%; gap 1.3 percentage points (1.5% short)" in pages["breaches.md"]
    assert "gap 1.3 percentage points" in kpi("show", "calls").out
    drawn = [text for name, text in pages.items() if name.endswith(".svg")]
    reported = [*pages.values(), kpi("show", "calls").out, kpi("paper").out, kpi("breaches").out]
    assert drawn
    assert not any(
        re.search(r"\.\d{4}", re.sub(r'\sd="[^"]*"', "", text)) for text in reported if "<svg" not in text
    )
    assert not any("88.65" in text for text in drawn)


def test_a_difference_that_would_look_like_none_has_a_digit_more(tmp_path: Path) -> None:
    page = pages_of(one_measure(tmp_path, share("2021/22: 70.21; 2022/23: 70.24")))["kpis/calls.md"]

    assert "up 0.03 percentage points" in page
    assert "up 0.0 " not in page


def test_a_part_that_would_look_like_none_is_told_as_less(tmp_path: Path) -> None:
    fields = share("2021/22: 70000; 2022/23: 70001", bound="at_least: 80000", unit="count", decimals=None)
    assert "up 1 (less than 0.1%)" in pages_of(one_measure(tmp_path, fields))["kpis/calls.md"]


def test_figures_as_typed_have_differences_as_typed(tmp_path: Path) -> None:
    page = pages_of(one_measure(tmp_path, share("2021/22: 70.25; 2022/23: 70.5", decimals=None)))[
        "kpis/calls.md"
    ]
    assert "up 0.25 percentage points" in page
    assert "gap 19.5 percentage points" in page


# The side of a bound


@pytest.mark.parametrize(
    ("value", "decimals", "bound", "reported"),
    [
        pytest.param("89.95", 1, "at_least: 90", ("89.95%", "0.05 percentage points"), id="a-digit-more"),
        pytest.param("89.6", 0, "at_least: 90", ("89.6%", "0.4 percentage points"), id="whole-numbers"),
        pytest.param("89.9996", 1, "at_least: 90", ("89.9996%", "0.0004 percentage points"), id="as-many-as-it-takes"),
        pytest.param("10.04", 1, "at_most: 10", ("10.04%", "0.04 percentage points"), id="above"),
        pytest.param("10.04", 1, "at_most: 10.02", ("10.04%", "0.02 percentage points"), id="a-finer-bound"),
        pytest.param("10.44", 1, "at_most: 10", ("10.4%", "0.4 percentage points"), id="none-where-it-is-seen"),
    ],
)  # fmt: skip
def test_a_missed_figure_never_stands_as_its_bound(
    tmp_path: Path, kpi: Kpi, value: str, decimals: int, bound: str, reported: tuple[str, str]
) -> None:
    printed, gap = reported
    better = "lower" if "at_most" in bound else "higher"
    observations = f"2020/21: 50.3; 2021/22: 50.4; 2022/23: {value}"
    pages = pages_of(
        one_measure(tmp_path, share(observations, bound=bound, decimals=decimals, better=better))
    )
    page = pages["kpis/calls.md"]

    assert fact(page, "Latest").startswith(f"{printed} (2022/23)")
    assert f"gap {gap}" in page
    assert f"|{printed}|" in page.replace("\n", "|")
    rounded = f"{round(Decimal(value), decimals)}%"
    commands = [kpi("show", "calls").out, kpi("paper").out, kpi("breaches").out]
    everywhere = [text for text in (*pages.values(), *commands) if "(2022/23)" in text]
    assert len(everywhere) >= 6
    assert all(f"{printed} (2022/23" in text for text in everywhere)
    if rounded != printed:
        assert not any(re.search(rf"(?<![\d.]){re.escape(rounded)} \(2022/23", text) for text in everywhere)
    assert any(
        printed.removesuffix("%") in text for name, text in pages.items() if name == "charts/calls.svg"
    )


@pytest.mark.parametrize(
    ("value", "bound", "better", "printed"),
    [
        pytest.param("90.04", "more_than: 90", "higher", "90.04%", id="more-than"),
        pytest.param("9.96", "less_than: 10", "lower", "9.96%", id="less-than"),
        pytest.param("89.62", "equals: 89.62", "{near: 90}", "89.62%", id="exactly"),
        pytest.param("90.04", "at_least: 90", "higher", "90.0%", id="none-where-it-is-seen"),
    ],
)
def test_a_met_figure_never_stands_beyond_its_bound(
    tmp_path: Path, value: str, bound: str, better: str, printed: str
) -> None:
    page = pages_of(one_measure(tmp_path, share(f"2022/23: {value}", bound=bound, better=better)))[
        "kpis/calls.md"
    ]

    assert fact(page, "Status") == "Met 🟢"
    assert fact(page, "Latest").startswith(f"{printed} (2022/23)")


def test_a_near_figure_does_not_stand_as_met(tmp_path: Path) -> None:
    fields = share("2022/23: 89.96", bound="at_least: 90, tolerance: 1")
    page = pages_of(one_measure(tmp_path, fields))["kpis/calls.md"]
    assert "89.96% (2022/23)" in page
    assert "target: at least 90%, tolerance 1 percentage point; gap 0.04 percentage points" in page


def test_a_bound_from_the_series_is_rounded_like_figures_and_shows_the_side(tmp_path: Path) -> None:
    apart = share("2021/22: 88.6550017909183; 2022/23: 85.1234", bound="at_least: {period: 2021/22}")
    close = share("2021/22: 88.6550017909183; 2022/23: 88.6511", bound="at_least: {period: 2021/22}")

    far = pages_of(one_measure(tmp_path / "apart", apart))["kpis/calls.md"]
    assert fact(far, "Target") == "at least 88.7%, the figure for 2021/22"
    near = pages_of(one_measure(tmp_path / "close", close))["kpis/calls.md"]
    assert fact(near, "Target") == "at least 88.66%, the figure for 2021/22"
    assert fact(near, "Latest").startswith("88.65% (2022/23)")
    assert "gap 0.004 percentage points" in near


def test_a_bound_of_a_share_of_a_count_is_rounded_to_whole_things(tmp_path: Path) -> None:
    fields = share("2021/22: 1233; 2022/23: 990", bound="at_least: {period: 2021/22, change: -10%}", unit="count", decimals=None)  # fmt: skip
    page = pages_of(one_measure(tmp_path, fields))["kpis/calls.md"]
    assert "at least 1,110, the figure for 2021/22 less 10%" in fact(page, "Target")
    assert "gap 120 " in page


def test_a_count_that_lies_between_shows_the_bound_s_decimals(tmp_path: Path) -> None:
    fields = share("2021/22: 1233; 2022/23: 1109", bound="more_than: {period: 2021/22, change: -10.06%}", unit="count", decimals=None)  # fmt: skip
    page = pages_of(one_measure(tmp_path, fields))["kpis/calls.md"]
    assert fact(page, "Status") == "Met 🟢"
    assert "more than 1,109," not in page
    assert "more than 1,108.96" in page or "more than 1,108.9" in page


def test_a_reference_is_set_apart_from_a_figure_that_is_not_the_same(tmp_path: Path) -> None:
    fields = (
        share("2022/23: 89.95", bound="at_least: 95") + "references:\n  - {label: Benchmark, value: 90}\n"
    )
    page = pages_of(one_measure(tmp_path, fields))["kpis/calls.md"]
    assert "Benchmark: 90% (2022/23 is about it)" in page
    assert "89.95% (2022/23)" in page


def test_a_correction_that_rounding_would_hide_is_told_with_all_digits(tmp_path: Path, kpi: Kpi) -> None:
    committed(one_measure(tmp_path, share("2022/23: 70.64")))
    one_measure(tmp_path, share("2022/23: {value: 70.61, marks: [revised], note: Late returns.}"))

    assert "2022/23: 70.64% → 70.61% [r]" in kpi("diff", "HEAD").out
    assert "70.64% → 70.61% (revised)" in kpi("show", "calls", "--history").out


def test_what_is_recorded_is_printed_so_too(tmp_path: Path, kpi: Kpi) -> None:
    one_measure(tmp_path, share("2021/22: 80"))
    assert "89.95% (2022/23) against at least 90%" in kpi("record", "calls", "2022/23", "89.95").out


VALUES = st.decimals(-1000, 1000, places=5)
HOW = st.sampled_from(["at_least", "more_than", "at_most", "less_than", "equals"])


@given(VALUES, st.one_of(VALUES, st.none()), VALUES, HOW, st.integers(0, 4))
def test_what_is_printed_meets_what_is_printed_exactly_where_the_figure_meets_the_bound(
    value: Decimal, typed: Decimal | None, earlier: Decimal, how: str, decimals: int
) -> None:
    bound = {how: float(typed) if typed is not None else {"period": "2021/22"}}
    judgement = judged(
        unit={"name": "points"},
        better="neither",
        decimals=decimals,
        targets=target(**bound),
        observations={"2021/22": float(earlier), "2022/23": float(value)},
    )
    verdict = deciding(judgement)
    assert verdict.observation is not None
    assert verdict.bound is not None
    figure, limit = (
        Decimal(re.sub("[^0-9.-]", "", text))
        for text in (
            number_words(verdict.observation, judgement.measure),
            judged_bound_words(verdict, judgement.measure),
        )
    )
    assert (gap_to(verdict.bound._replace(value=limit), figure) is None) == (verdict.gap is None)
    if verdict.gap:
        assert re.search("[1-9]", gap_words(verdict, judgement.measure))


def test_money_has_pence_or_none(tmp_path: Path) -> None:
    fields = share("2021/22: 1000.70; 2022/23: 1000.20", bound="at_most: 1000", decimals=0, better="lower", unit="{currency: GBP}")  # fmt: skip
    page = pages_of(one_measure(tmp_path, fields))["kpis/calls.md"]

    assert fact(page, "Latest").startswith("£1,000.20 (2022/23)")
    assert "gap £0.20." in page
    assert "down £0.50 " in page
