"""Measures computed as a ratio of sums or as a difference, beside the shares of `tests/test_derive.py`."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from judge.examples import kpi
from kpi.lint.engine import lint
from kpi.model.kpi import Measure
from kpi.model.quantity import Unit, unit_text
from one_measure import one_measure, pages_of
from running import Kpi

INPUTS = {
    "spent": {"unit": {"currency": "GBP"}, "observations": {"2021/22": 900, "2022/23": 1000}},
    "visits": {
        "unit": "count",
        "observations": {"2021/22": 30, "2022/23": {"value": 32, "marks": ["break"]}},
    },
    "calls": {"unit": "count", "observations": {"2021/22": 10, "2022/23": 11}},
    "staff": {"unit": "count", "kind": "snapshot", "observations": {"2022/23": 5}},
}


def made(derived: dict[str, Any], **fields: Any) -> Measure:
    """The measure that is computed so."""
    whole = kpi(better="neither", measures={**INPUTS, "new": {"derived": derived, **fields}}).measure("new")
    assert whole is not None
    return whole


def values(measure: Measure) -> list[str]:
    return [str(figure.value) for figure in measure.observations]


@pytest.mark.parametrize(
    ("derived", "fields", "expected", "unit", "kind"),
    [
        ({"numerator": ["visits"], "denominator": ["calls"]}, {}, ["3.0", "2.9"], "ratio", "average"),
        ({"numerator": ["visits", "calls"], "denominator": ["calls"]}, {"decimals": 2}, ["4.00", "3.91"], "ratio", "average"),
        ({"numerator": ["spent"], "denominator": ["visits", "calls"]}, {"unit": {"currency": "GBP"}}, ["22.50", "23.26"], "GBP", "average"),
        ({"numerator": ["calls"], "denominator": ["visits"]}, {"unit": "percent"}, ["33.3", "34.4"], "percent", "average"),
        ({"numerator": ["visits"], "denominator": ["calls"]}, {"unit": {"percent": "any"}, "decimals": 0}, ["300", "291"], "any percent", "average"),
        ({"numerator": ["calls"], "denominator": ["visits"]}, {"unit": {"rate_per": 1000}}, ["333.3", "343.8"], "per 1000", "average"),
        ({"add": ["visits"], "subtract": ["calls"]}, {}, ["20", "21"], "count", "total"),
        ({"add": ["calls"], "subtract": ["visits"]}, {"decimals": 1}, ["-20.0", "-21.0"], "count", "total"),
        ({"share": "calls", "of": ["visits"]}, {}, ["33.3", "34.4"], "percent", "average"),
    ],
)  # fmt: skip
def test_sums_are_divided_or_taken_from_each_other(
    derived: dict[str, Any], fields: dict[str, Any], expected: list[str], unit: str, kind: str
) -> None:
    item = made(derived, **fields)

    assert (values(item), unit_text(item.unit), item.kind) == (expected, unit, kind)
    assert [figure.broken for figure in item.observations] == [False, True]
    assert all(figure.numerator is None for figure in item.observations) == ("add" in derived)


def test_nothing_is_divided_by_a_sum_of_zero() -> None:
    measures = {
        "a": {"unit": "count", "observations": {"2022/23": 5}},
        "b": {"unit": "count", "observations": {"2022/23": 0}},
    }
    ratio = kpi(
        better="neither", measures={**measures, "r": {"derived": {"numerator": ["a"], "denominator": ["b"]}}}
    )

    assert ratio.measures[-1].observations == ()
    assert ratio.measures[-1].unit == Unit("ratio")


FIELDS = """\
title: Visits
unit: count
better: neither
observations: {{2021/22: 30, 2022/23: 32}}
"""


def with_derived(root: Path, derived: str) -> Path:
    """A KPI with two series, and one that is computed from them."""
    one_measure(root, FIELDS.format())
    file = root / "kpis/service/calls.yaml"
    more = FIELDS.format().replace("Visits", "Calls").replace("30", "10").replace("32", "12")
    text = (
        file.read_text(encoding="utf-8")
        + "  others:\n"
        + "".join(f"    {line}\n" for line in more.splitlines())
    )
    file.write_text(
        f"{text}  new:\n    title: New\n    better: neither\n    derived: {derived}\n", encoding="utf-8"
    )
    return root


def test_pages_say_how_it_is_computed(tmp_path: Path) -> None:
    ratio = pages_of(with_derived(tmp_path / "a", "{numerator: [calls, others], denominator: [others]}"))[
        "kpis/calls.md"
    ]
    difference = pages_of(with_derived(tmp_path / "b", "{add: [calls], subtract: [others]}"))["kpis/calls.md"]

    assert "Visits + Calls divided by Calls.\n" in ratio
    assert "Visits less Calls" in difference


@pytest.mark.parametrize(
    ("derived", "rule"),
    [
        ("{numerator: [calls], denominator: [othres]}", "unknown-reference"),
        ("{numerator: [calls]}", "missing-field"),
        ("{add: [calls], of: [others]}", ""),
        ("{share: calls, denominator: [others]}", ""),
        ("{numerator: calls, denominator: [others]}", "wrong-kind"),
        ("{minus: [calls], add: [others]}", "unknown-field"),
    ],
)
def test_wrong_use_is_told(derived: str, rule: str, tmp_path: Path) -> None:
    result = [finding.rule for finding in lint(with_derived(tmp_path, derived), date(2023, 5, 1)).findings]

    assert result
    assert not rule or rule in result


def test_an_import_of_what_is_computed_is_compared(tmp_path: Path, kpi: Kpi) -> None:
    with_derived(tmp_path, "{add: [calls], subtract: [others]}")
    (tmp_path / "in.csv").write_text("kpi,measure,period,value\ncalls,new,2022/23,19\n", encoding="utf-8")

    assert "is computed from calls or others: they give 20, not 19" in kpi("import", "in.csv").out.replace(
        " and ", " or "
    )
