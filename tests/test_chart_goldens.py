"""A few charts as files: what a change in the drawing does is seen there; what must hold for all is in the laws."""

import pytest

from chart_cases import HERE, cases, drawn
from conftest import Golden

CASES = cases()
LOOKED_AT = ("break", "months-200", "negative", "peers", "targets")


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_chart_is_what_was_looked_at(name: str, golden: Golden) -> None:
    golden(HERE / f"{name}.svg", drawn(*CASES[name]))


def test_every_golden_chart_is_compared() -> None:
    assert {path.stem for path in HERE.glob("*.svg")} == set(LOOKED_AT)
