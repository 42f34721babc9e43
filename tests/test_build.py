"""From the values of a file to records: defaults filled in, periods and quantities read."""

from decimal import Decimal
from typing import Any

import pytest

from judge.examples import as_read, keys, kpi, measure
from kpi.assemble.build import build_kpi
from kpi.model.finding import Problem
from kpi.model.kpi import Measure, Polarity
from kpi.model.quantity import Unit

FIGURES = {"2022/23": 67}


def first(**fields: Any) -> Measure:
    """The first measure of a KPI made of these fields."""
    return kpi(**fields).measures[0]


def problems(year_starts: int = 4, **fields: Any) -> tuple[Problem, ...]:
    """What can't be read of a KPI with one measure made of these fields."""
    raw = {"unit": "percent", "better": "higher", "observations": FIGURES} | fields
    values = as_read({"title": "Calls", "definition": "Calls.", "measures": {"m": raw}})
    return build_kpi(values, "calls", "service", year_starts).problems


# Defaults


@pytest.mark.parametrize(
    ("of_kpi", "of_measure", "expected"),
    [
        pytest.param({"better": "lower"}, {"better": "higher"}, "higher", id="the-measures-own-counts-first"),
        pytest.param({"better": "lower"}, {"aim": "increase"}, "higher", id="then-its-own-aims"),
        pytest.param({"better": "higher"}, {"aim": "reduce"}, "lower", id="its-own-aim-before-the-kpis-word"),
        pytest.param({"better": "lower", "aim": "increase"}, {}, "lower", id="then-the-kpis"),
        pytest.param({"aim": "increase"}, {}, "higher", id="then-the-kpi-aims"),
        pytest.param({"aim": "reduce"}, {}, "lower", id="reduce-is-lower"),
        pytest.param({"aim": "reduce"}, {"aim": "monitor"}, "lower", id="monitor-says-nothing"),
        pytest.param({"aim": "reduce"}, {"better": "neither"}, "neither", id="neither-is-a-word-too"),
    ],
)
def test_which_way_is_better_is_looked_for_in_this_order(
    of_kpi: dict[str, Any], of_measure: dict[str, Any], expected: str
) -> None:
    made = first(**of_kpi, measures={"m": {"unit": "percent", "observations": FIGURES, **of_measure}})
    assert made.better == Polarity(expected)


def test_better_may_be_near_a_middle() -> None:
    made = first(better={"near": 1}, unit="ratio", measures={"m": {"observations": {"2022/23": 1.9}}})
    assert made.better == Polarity("near", Decimal(1))


@pytest.mark.parametrize("aim", ["maintain", "monitor"])
def test_without_any_word_for_better_it_is_required(aim: str) -> None:
    values = as_read(
        {
            "title": "T",
            "definition": "D",
            "aim": aim,
            "measures": {"m": {"unit": "percent", "observations": FIGURES}},
        }
    )
    (problem,) = build_kpi(values, "calls", "service").problems
    assert (problem.rule, problem.where[:2]) == ("missing-field", ("measures", "m"))
    assert '"m"' in problem.message


def test_without_a_unit_it_is_required() -> None:
    values = as_read(
        {"title": "T", "definition": "D", "measures": {"m": {"better": "lower", "observations": FIGURES}}}
    )
    (problem,) = build_kpi(values, "calls", "service").problems
    assert (problem.rule, problem.where[:2]) == ("missing-field", ("measures", "m"))
    assert '"m"' in problem.message


def test_a_measure_without_figures_needs_neither() -> None:
    assert first(measures={"m": {"no_figures": {"because": "awaiting-data"}}}).better == Polarity("neither")


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("count", "total"),
        ({"currency": "GBP"}, "total"),
        ("percent", "average"),
        ("ratio", "average"),
        ("days", "average"),
        ("weeks", "average"),
        ({"rate_per": 100000}, "average"),
        ({"name": "kg"}, "average"),
    ],
    ids=str,
)
def test_counts_and_money_are_totals_and_the_rest_are_averages(unit: Any, kind: str) -> None:
    assert measure(unit=unit, observations=FIGURES).kind == kind


def test_a_written_kind_counts_and_the_measures_before_the_kpis() -> None:
    fields = {"unit": "count", "better": "higher", "observations": FIGURES}
    made = kpi(kind="snapshot", measures={"a": fields, "b": fields | {"kind": "cumulative"}})
    assert [measure.kind for measure in made.measures] == ["snapshot", "cumulative"]


def test_a_measure_takes_from_its_kpi_what_it_does_not_say_itself() -> None:
    fields = {"observations": FIGURES}
    own = {
        "unit": "count",
        "aim": "monitor",
        "frequency": "annual",
        "lag": "1 day",
        "owner": "b",
        "sources": ["t"],
    }
    made = kpi(
        unit="percent",
        aim="increase",
        frequency="monthly",
        lag="6 weeks",
        owner="a",
        sources=["s"],
        measures={"plain": fields, "own": fields | own},
    )
    result = [
        (measure.unit, measure.aim, measure.frequency, measure.lag, measure.owner, measure.sources)
        for measure in made.measures
    ]
    assert result == [
        (Unit("percent"), "increase", "monthly", "6 weeks", "a", ("s",)),
        (Unit("count"), "monitor", "annual", "1 day", "b", ("t",)),
    ]


def test_an_aim_that_is_not_written_is_to_monitor() -> None:
    assert measure(observations=FIGURES).aim == "monitor"
    assert kpi(no_figures={"because": "withdrawn"}).aim == "monitor"


def test_labelled_dimensions_make_a_title_in_the_order_they_are_declared() -> None:
    made = first(
        unit="percent",
        better="higher",
        dimensions={"light": {"day": "Daylight"}, "mode": {"bus": "Bus"}},
        measures={"m": {"is": {"mode": "bus", "light": "day"}, "observations": FIGURES}},
    )
    assert made.title == "Daylight, Bus"
    assert list(made.dimensions) == ["light", "mode"]


def test_a_written_title_counts_first_and_a_position_that_is_not_declared_is_kept() -> None:
    made = first(
        unit="percent",
        better="higher",
        dimensions={"light": {"day": "Daylight"}},
        measures={
            "m": {"title": "By day", "is": {"leg": "on-board", "light": "day"}, "observations": FIGURES}
        },
    )
    assert made.title == "By day"
    assert list(made.dimensions.items()) == [("light", "day"), ("leg", "on-board")]


# Figures


def test_figures_are_put_in_order_by_their_end_and_the_longer_first() -> None:
    made = measure(observations={"2024-01": 1, "2023-03": 2, "2022/23": 3, "2021": 4})
    assert keys(made.observations) == ["2021", "2022/23", "2023-03", "2024-01"]


def test_figures_out_of_order_are_told_once() -> None:
    (problem,) = problems(observations={"2024-01": 1, "2023-03": 2, "2022-03": 3})
    assert (problem.rule, problem.where) == ("period-order", ("measures", "m", "observations", "2023-03"))


def test_a_figure_keeps_its_digits_marks_and_parts() -> None:
    written = {"value": 95.0, "marks": ["provisional"], "note": "N", "numerator": 19, "denominator": 20}
    (actual,) = measure(observations={"2024-01": written}).observations
    assert (str(actual.value), actual.marks, actual.note) == ("95.0", ("provisional",), "N")
    assert (actual.numerator, actual.denominator, actual.key) == (Decimal(19), Decimal(20), "2024-01")


def test_a_figure_that_can_not_be_read_is_left_out_and_named() -> None:
    marks = ["provisional"]
    values = {
        "2021/22": 1,
        "2022-23": 2,
        "2023/24": "many",
        "2024/25": {"value": "many", "marks": marks},
        "2025-26": {"value": 2, "marks": marks},
    }
    raw = {"unit": "count", "better": "lower", "observations": values}
    built = build_kpi(as_read({"title": "T", "definition": "D", "measures": {"m": raw}}), "calls", "service")
    assert keys(built.kpi.measures[0].observations) == ["2021/22"]
    stem = ("measures", "m", "observations")
    assert [(problem.rule, problem.where, problem.replacement) for problem in built.problems] == [
        ("period-format", (*stem, "2022-23"), "2022/23"),
        ("wrong-value-form", (*stem, "2023/24"), None),
        ("wrong-value-form", (*stem, "2024/25", "value"), None),
        ("period-format", (*stem, "2025-26"), "2025/26"),
    ]


def test_the_financial_year_starts_where_the_plan_says() -> None:
    values = as_read(
        {
            "title": "T",
            "definition": "D",
            "unit": "count",
            "better": "lower",
            "measures": {"m": {"observations": FIGURES}},
        }
    )
    built = build_kpi(values, "calls", "service", year_starts=9)
    assert built.kpi.measures[0].observations[0].period.start.isoformat() == "2022-09-01"


def test_peers_are_read_like_own_figures() -> None:
    made = measure(observations=FIGURES, peers={"there": {"2022/23": 7, "2019/20": 9}})
    assert keys(made.peers["there"]) == ["2019/20", "2022/23"]
