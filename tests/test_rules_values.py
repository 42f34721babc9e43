"""Per cents pasted as fractions, and per cents without the numbers behind them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.assemble.build import build_kpi
from kpi.lint.engine import lint
from kpi.model.plan import Plan
from kpi.rules.rule import Context
from kpi.rules.values import percent_or_fraction
from one_measure import one_measure


def lint_values(own: Sequence[str], peer: Sequence[str] = (), target: str = "") -> list[tuple[str, str]]:
    """What is said, and of which part, of a measure in per cent with figures for the years from 2001."""
    measure: dict[str, object] = {"unit": "percent", "better": "higher", "observations": years(own)}
    if peer:
        measure["peers"] = {"hillside": years(peer)}
    if target:
        measure["targets"] = [{"at_least": Decimal(target)}]
    built = build_kpi({"title": "K", "definition": "D", "measures": {"m": measure}}, "k", "p")
    assert not built.problems
    assert percent_or_fraction.about_kpi is not None
    context = Context(Plan("", "", ""), date(2024, 1, 1))
    return [
        (str(problem.where[2]), problem.message)
        for problem in percent_or_fraction.about_kpi(built.kpi, context)
    ]


def years(values: Sequence[str]) -> dict[str, Decimal]:
    return {str(2001 + number): Decimal(value) for number, value in enumerate(values)}


FRACTIONS = "These look like fractions (0.8)."


def test_fractions_are_told_once_at_the_series_that_has_them() -> None:
    assert lint_values(["0.8", "0.9"]) == [("observations", FRACTIONS)]
    assert lint_values(["0.8", "0.9"], ["0.7"]) == [("observations", FRACTIONS)]
    assert lint_values(["0.8", "0.9"], ["80", "90"]) == [("observations", FRACTIONS)]
    assert lint_values(["80", "90"], ["0.8"]) == [("peers", FRACTIONS)]


def test_a_target_is_told_beside_figures_that_are_per_cents() -> None:
    told_of = [("targets", "The target looks like a fraction (0.9), but the figures are per cents.")]

    assert lint_values(["80", "90"], target="0.9") == told_of
    among = "0.8 looks like a fraction, because the other figures are per cents (90)."
    assert lint_values(["0.8", "90"], target="0.9") == [("observations", among)]


@pytest.mark.parametrize(
    ("own", "peer"),
    [(["0.3", "0.4"], ["1.2"]), (["0.8"], []), (["0", "0.5"], []), (["0.3", "1.1"], []), ([], [])],
    ids=["a peer of the same kind", "a single figure", "a nought", "around 1", "nothing"],
)
def test_true_shares_below_one_per_cent_are_left_alone(own: list[str], peer: list[str]) -> None:
    assert lint_values(own, peer) == []


# Per cents without the numbers behind them.

BARE = "unit: percent\nbetter: higher\nobservations: {2021/22: 84, 2022/23: 87}"
ASKING = "lint: {percent-alone: warning}\n"


def bare_of(root: Path, fields: str, settings: str = ASKING) -> list[str]:
    """What lint says of a measure's per cents without numbers."""
    report = lint(one_measure(root, fields, settings=settings), date(2024, 10, 1))
    return [finding.message for finding in report.findings if finding.rule == "percent-alone"]


def test_nobody_is_asked_for_the_numbers_behind_a_per_cent_unless_the_plan_asks(tmp_path: Path) -> None:
    assert bare_of(tmp_path, BARE, settings="") == []
    (message,) = bare_of(tmp_path, BARE)
    assert message.startswith("2021/22 and 2022/23 have no numbers behind the per cent and no margin")


def test_a_plan_that_asks_for_more_is_not_held_less_strictly(tmp_path: Path) -> None:
    assert lint(one_measure(tmp_path, BARE, settings=ASKING), date(2024, 10, 1)).unchecked == ()


ANSWERS = {
    "a margin": ("", "\nmargin: 2"),
    "a figure's margin": ("2022/23: 87", "2022/23: {value: 87, margin: 2}"),
    "numbers": ("84, 2022/23: 87", "{value: 84, denominator: 900}, 2022/23: {value: 87, denominator: 950}"),
    "no share": ("unit: percent", "unit: {percent: any}"),
    "the same": ("84", "87"),
    "queried": ("87}", "{value: 87, marks: [queried], note: doubted}}"),
    "a break": ("87}", "{value: 87, marks: [break], note: counted anew}}"),
    "nothing earlier": ("2021/22: 84, ", ""),
}


@pytest.mark.parametrize(("before", "after"), ANSWERS.values(), ids=ANSWERS)
def test_numbers_are_wanted_only_where_points_alone_decided(before: str, after: str, tmp_path: Path) -> None:
    text = BARE.replace(before, after) if before else BARE + after

    assert text != BARE
    assert bare_of(tmp_path, text) == []


def test_no_numbers_are_wanted_where_a_chart_decides(tmp_path: Path) -> None:
    years = ", ".join(f"{2010 + number}: {60 + number % 3 * 2}" for number in range(14))

    assert bare_of(tmp_path, f"unit: percent\nbetter: higher\nobservations: {{{years}}}") == []


def test_a_figure_that_has_its_numbers_is_not_named(tmp_path: Path) -> None:
    text = BARE.replace("2021/22: 84", "2021/22: {value: 84, denominator: 1204}")

    (message,) = bare_of(tmp_path, text)
    assert message.startswith("2022/23 has no numbers behind the per cent")


def test_each_end_of_a_range_is_told_at_its_own_place_with_its_own_replacement() -> None:
    ends = [{"between": [Decimal("0.85"), Decimal("0.95")]}]
    figures = years(["80", "90"])
    measure = {"unit": "percent", "better": "neither", "targets": ends, "observations": figures}
    built = build_kpi({"title": "K", "definition": "D", "measures": {"m": measure}}, "k", "p")
    assert percent_or_fraction.about_kpi is not None
    problems = percent_or_fraction.about_kpi(built.kpi, Context(Plan("", "", ""), date(2024, 1, 1)))

    assert [(problem.where[3:], problem.replacement) for problem in problems] == [
        ((0, "between", 0), "85"),
        ((0, "between", 1), "95"),
    ]
