"""Charts as files: what a change in the drawing does is seen in `tests/charts/*.svg`, beside the figures they draw."""

import pytest

from chart_cases import HERE, cases, drawn
from conftest import Golden

CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_a_chart_is_what_was_looked_at(name: str, golden: Golden) -> None:
    golden(HERE / f"{name}.svg", drawn(*CASES[name]))


def test_every_golden_chart_has_its_figures() -> None:
    assert {path.stem for path in HERE.glob("*.svg")} == set(CASES)
