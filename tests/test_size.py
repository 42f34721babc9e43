"""How much one KPI file may hold."""

from datetime import date
from pathlib import Path

import pytest

from hostile.corpus import Hostile, more, repository
from kpi.lint.engine import lint
from kpi.store.reader import read
from kpi.store.schema import MOST_CHECKS, MOST_ENTRIES, MOST_FIGURES, MOST_TARGETS, too_much

DAYS = [
    f"{year}-{month:02}-{day:02}"
    for year in range(1000, 1020)
    for month in range(1, 13)
    for day in range(1, 29)
]


def figures(number: int, **peers: int) -> dict[str, object]:
    """A KPI's values with so many own figures, and so many of each peer."""
    others = {area: dict.fromkeys(DAYS[:count], 1) for area, count in peers.items()}
    return {"measures": {"m": {"observations": dict.fromkeys(DAYS[:number], 1), "peers": others}}}


def shares(number: int, of: object = "m", figures_of_m: int = 100) -> dict[str, object]:
    """A KPI's values with so many shares of one measure."""
    derived = {"derived": {"share": "m", "of": of}}
    own = figures(figures_of_m)["measures"]
    assert isinstance(own, dict)
    return {"measures": own | {f"s-{at}": derived for at in range(number)}}


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (figures(MOST_FIGURES), None),
        (figures(MOST_FIGURES + 1), "This file has 5,001 figures; the limit is 5,000."),
        (figures(3000, hillside=2001), "This file has 5,001 figures; the limit is 5,000."),
        (shares(49), None),
        (shares(50), "This file has 5,100 figures, with those that are computed; the limit is 5,000."),
        (shares(50, ["m", "m"]), "This file has 5,100 figures, with those that are computed; the limit is 5,000."),
        (shares(50, ["elsewhere", [], 7]), "This file has 5,100 figures, with those that are computed; the limit is 5,000."),
        (shares(2000, [["m"]], 2), None),
        ({"measures": {"m": {"targets": [{}] * MOST_TARGETS}}}, None),
        ({"measures": {"m": {"targets": [{}] * (MOST_TARGETS + 1)}}}, "This file has 101 targets in one measure; the limit is 100."),
        ({"checks": [{}] * MOST_CHECKS}, None),
        ({"checks": [{}] * (MOST_CHECKS + 1)}, "This file has 101 checks; the limit is 100."),
        ({"a": [1] * (MOST_ENTRIES - 1)}, None),
        ({"a": [[[1]] * MOST_ENTRIES]}, "This file has 40,002 fields, figures and items; the limit is 20,000."),
        ({"measures": [1] * 200}, None),
        ({"measures": {"m": [1] * 200, "n": {"targets": "x", "observations": [1] * 200, "peers": 1}}}, None),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_file_may_hold_so_much_and_no_more(values: dict[str, object], what: str | None) -> None:
    problem = too_much(values, 1 << 20)

    assert (problem and problem.message) == (what and f"{what} Nothing else in the file was checked.")


@pytest.mark.parametrize("entry", ["1", "[]", "-1"])
def test_a_file_with_too_many_entries_is_told_however_short_it_is(entry: str) -> None:
    def is_too_large(entries: int) -> bool:
        text = f"a: [{','.join([entry] * (entries - 1))}]\n"  # "a" is an entry, too
        values = read(text.encode()).values
        assert values is not None
        return too_much(values, len(text)) is not None

    assert not is_too_large(MOST_ENTRIES)
    assert is_too_large(MOST_ENTRIES + 1)


def test_a_file_that_holds_too_much_is_told_once_at_its_figures(tmp_path: Path) -> None:
    lines = "".join(f"      {day}: 1\n" for day in DAYS[: MOST_FIGURES + 1])
    report = lint(repository(tmp_path, Hostile(24, "", more(lines), "")), date(2024, 6, 1))

    assert [(finding.line, finding.rule) for finding in report.findings if "hostile" in finding.path] == [
        (6, "too-large")
    ]
    assert (
        "Only syntax and fields were checked in kpis/care/hostile.yaml, because of the errors there."
        in report.unchecked
    )
