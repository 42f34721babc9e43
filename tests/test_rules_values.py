"""Per cents pasted as fractions: told for each area's series, and true shares below 1 per cent are left alone."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from kpi.assemble.kpi import build_kpi
from kpi.model.plan import Plan
from kpi.rules.rule import Context
from kpi.rules.values import percent_or_fraction


def told(own: Sequence[str], peer: Sequence[str] = (), target: str = "") -> list[tuple[str, str]]:
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
    assert told(["0.8", "0.9"]) == [("observations", FRACTIONS)]
    assert told(["0.8", "0.9"], ["0.7"]) == [("observations", FRACTIONS)]
    assert told(["0.8", "0.9"], ["80", "90"]) == [("observations", FRACTIONS)]
    assert told(["80", "90"], ["0.8"]) == [("peers", FRACTIONS)]


def test_a_target_is_told_beside_figures_that_are_per_cents() -> None:
    told_of = [("targets", "The target looks like a fraction (0.9), but the figures are per cents.")]

    assert told(["80", "90"], target="0.9") == told_of
    among = "0.8 looks like a fraction, because the other figures are per cents (90)."
    assert told(["0.8", "90"], target="0.9") == [("observations", among)]


@pytest.mark.parametrize(
    ("own", "peer"),
    [(["0.3", "0.4"], ["1.2"]), (["0.8"], []), (["0", "0.5"], []), (["0.3", "1.1"], []), ([], [])],
    ids=["a peer of the same kind", "a single figure", "a nought", "around 1", "nothing"],
)
def test_true_shares_below_one_per_cent_are_left_alone(own: list[str], peer: list[str]) -> None:
    assert told(own, peer) == []
