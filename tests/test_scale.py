"""Money in print: £431.7m on pages, whole amounts in files and exports, and the side of a bound is never rounded away."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.lint.engine import lint
from kpi.model.quantity import Unit, change, figure, rounded
from one_measure import fact, kpi_page_of, one_measure, pages_of
from repositories import committed
from running import Kpi

FIELDS = """\
unit: {{currency: GBP}}
scale: million
{more}better: lower
targets: [{{at_most: 430000000, source: plan}}]
observations:
  2021/22: 428950000
  2022/23: 431712345
"""


def page(root: Path, more: str = "") -> str:
    return kpi_page_of(one_measure(root, FIELDS.format(more=more)))


def test_pages_print_millions_with_one_decimal(tmp_path: Path) -> None:
    actual = page(tmp_path)

    assert fact(actual, "Latest").startswith("£431.7m (2022/23)")
    assert fact(actual, "Trend").startswith("No clear change: up £2.8m (0.6%)")
    assert "at most £430m" in fact(actual, "Target")
    assert "£1.7m" in actual  # the gap
    assert "431,712,345" not in actual


def test_decimals_are_those_of_what_is_printed(tmp_path: Path) -> None:
    assert fact(page(tmp_path, "decimals: 0\n"), "Latest").startswith("£432m")
    assert fact(page(tmp_path, "decimals: 3\n"), "Latest").startswith("£431.712m")


def test_rounding_never_hides_the_side_of_a_bound_or_makes_nothing_of_a_figure(tmp_path: Path) -> None:
    fields = FIELDS.format(more="").replace("431712345", "430010000")

    assert fact(kpi_page_of(one_measure(tmp_path, fields)), "Latest").startswith("£430.01m")
    small = FIELDS.format(more="").replace("431712345", "4000")
    assert fact(kpi_page_of(one_measure(tmp_path, small)), "Latest").startswith("£0.004m")


@pytest.mark.parametrize(
    ("value", "scale", "decimals", "reported"),
    [
        ("431712345", 6, -5, "£431.7m"),
        ("431712345", 6, None, "£431.712345m"),
        ("500000000", 6, None, "£500m"),
        ("500000000", 6, -5, "£500.0m"),
        ("-1250000000", 9, -7, "-£1.25bn"),
        ("1234567890", 3, -3, "£1,234,568k"),
        ("0", 6, -5, "£0.0m"),
    ],
)
def test_an_amount_in_print(value: str, scale: int, decimals: int | None, reported: str) -> None:
    unit = Unit("currency", "GBP", scale=scale)

    assert figure(Decimal(value), unit, decimals) == reported
    assert change(Decimal(value), unit, decimals) == reported.removeprefix("-")


@pytest.mark.parametrize(
    ("value", "decimals", "reported"),
    [("1500", -3, "2000"), ("-1499", -3, "-1000"), ("-400", -3, "0"), ("2.25", 1, "2.3")],
)
def test_a_half_goes_away_from_zero_in_thousands_too(value: str, decimals: int, reported: str) -> None:
    assert f"{rounded(Decimal(value), decimals):f}" == reported


def test_files_and_exports_keep_whole_amounts(tmp_path: Path, kpi: Kpi) -> None:
    one_measure(tmp_path, FIELDS.format(more=""))
    (tmp_path / "out.csv").write_text(kpi("export", "--format", "csv").out, encoding="utf-8")

    assert "431712345" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert (
        json.loads(kpi("export", "--format", "json").out)["kpis"][0]["measures"][0]["observations"][1][
            "value"
        ]
        == 431712345
    )
    assert kpi("import", "out.csv").code == 0


def test_a_scale_is_no_other_unit(tmp_path: Path, kpi: Kpi) -> None:
    committed(one_measure(tmp_path, FIELDS.format(more="").replace("scale: million\n", "")))
    one_measure(tmp_path, FIELDS.format(more=""))

    assert kpi("lint", "--changed-since", "HEAD").code == 0
    assert "scale: none → million" in kpi("diff", "HEAD").out


def test_a_chart_prints_the_same_amounts(tmp_path: Path) -> None:
    fields = FIELDS.format(more="") + "  2023/24: 440000000\n  2024/25: 445000000\n"
    drawn = "".join(
        text for name, text in pages_of(one_measure(tmp_path, fields)).items() if name.endswith(".svg")
    )

    assert "£445.0m" in drawn
    assert "mm" not in drawn


def test_what_isn_t_money_has_no_scale(tmp_path: Path) -> None:
    fields = FIELDS.format(more="").replace("{currency: GBP}", "count")
    (actual,) = lint(one_measure(tmp_path, fields), date(2023, 5, 1)).findings

    assert (actual.rule, actual.line) == ("wrong-value-form", 7)
    assert actual.message == '"scale" is for money, but the unit is count.'


@pytest.mark.parametrize("way", ["import", "record"])
@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("435.4", ""), ("-35.4", ""), ("£435.4m", "435400000"), ("£435.4", "435.4"), ("-£35.4m", "-35400000"),
        ("435400000", "435400000"), ("435,400,000", "435400000"), ("8000000", "8000000"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_bare_number_that_may_be_in_millions_is_refused_with_both_readings(
    cell: str, written: str, way: str, tmp_path: Path, kpi: Kpi
) -> None:
    root = one_measure(tmp_path, FIELDS.format(more=""))
    (root / "money.csv").write_text(f'kpi,2023/24\ncalls,"{cell}"\n', encoding="utf-8")

    done = kpi("import", "money.csv") if way == "import" else kpi("record", "calls", "2023/24", cell)

    text = (root / "kpis/service/calls.yaml").read_text(encoding="utf-8")
    assert (done.code == 0) == bool(written), done
    assert (f"2023/24: {written}\n" in text) == bool(written)
    if not written:
        sentence = f"Write £{cell}m, or £{cell} if it is right.".replace("£-", "-£")
        assert sentence in done.out + done.err
