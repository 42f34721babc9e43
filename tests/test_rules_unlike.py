"""What is asked of figures unlike those beside them, by lint, record and import alike; `test_sheets` has them in tables."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from kpi.model.quantity import COUNT, DURATION, Unit
from kpi.rules.series import fractions_among, large_step


@pytest.mark.parametrize(
    ("before", "after", "reported"),
    [
        ("4", "20", "five times that or more"),
        ("100", "20", "a fifth of that or less"),
        ("12", "90", "five times that or more"),
        ("86", "8.6", "about a power of ten"),
        ("9.1", "0.91", "about a power of ten"),
        ("1204", "1.204", "about a power of ten"),
        ("-200", "30", "a fifth of that or less"),
    ],
)
def test_a_large_step_is_told(before: str, after: str, reported: str) -> None:
    assert large_step(Decimal(before), Decimal(after), Unit(COUNT)).startswith(reported)


@pytest.mark.parametrize(
    ("before", "after"), [("3", "19"), ("19", "3"), ("20", "99"), ("0", "500"), ("5", "0")]
)
def test_small_figures_and_small_steps_are_let_be(before: str, after: str) -> None:
    assert large_step(Decimal(before), Decimal(after), Unit(COUNT)) == ""


def test_hours_for_minutes_are_told_whatever_the_size() -> None:
    assert "hours written for minutes" in large_step(Decimal(138), Decimal(8280), Unit(DURATION))
    assert "hours written for minutes" in large_step(Decimal(180), Decimal("2.9"), Unit(DURATION))
    assert "hours" not in large_step(Decimal(2), Decimal(120), Unit(COUNT))


@pytest.mark.parametrize(
    ("values", "fractions"),
    [
        (["81", "84", "0.91"], ["0.91"]),
        (["2", "81", "84", "0.91"], ["0.91"]),  # the usual one decides, not the lowest
        (["81", "0.91", "1"], ["0.91", "1"]),
        (["0.91", "0.93", "1"], ["0.91", "0.93", "1"]),
        (["81", "84", "1"], []),
        (["1", "1"], []),
        (["0.4", "1.2", "2.1"], []),
        (["0", "0.5"], []),
        (["0.91"], []),
    ],
)
def test_fractions_among_per_cents_are_found(values: Sequence[str], fractions: Sequence[str]) -> None:
    assert fractions_among(list(map(Decimal, values)))[0] == set(map(Decimal, fractions))
