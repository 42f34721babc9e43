"""From the values of a file to records: targets, triggers, references and commentary."""

from decimal import Decimal
from typing import Any

import pytest

from judge.examples import as_read, kpi, measure, target
from kpi.assemble.build import build_kpi
from kpi.model.kpi import Bound, Relative, Tolerance
from test_build import FIGURES, problems


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        pytest.param({"at_least": 90}, Bound("at_least", Decimal(90)), id="a-number"),
        pytest.param({"between": [3, 2]}, Bound("between", Decimal(2), Decimal(3)), id="the-lower-end-first"),
        pytest.param(
            {"at_most": {"period": "previous"}}, Bound("at_most", relative=Relative(None)), id="previous"
        ),
        pytest.param(
            {"at_most": {"period": "previous", "change": "-10%"}},
            Bound("at_most", relative=Relative(None, Decimal(-10), in_percent=True)),
            id="a-change-in-per-cent",
        ),
        pytest.param(
            {"at_most": {"period": "previous", "change": -5}},
            Bound("at_most", relative=Relative(None, Decimal(-5))),
            id="a-change-in-the-unit",
        ),
    ],
)
def test_a_target_has_one_bound(written: dict[str, Any], bound: Bound) -> None:
    (targets,) = measure(observations=FIGURES, targets=target(**written)).targets
    assert targets.bound == bound


def test_a_bound_may_be_a_duration_or_another_periods_figure() -> None:
    made = measure(
        unit="duration", observations={"2022/23": "15m"}, targets=target(at_most="14m30s", tolerance="30s")
    )
    assert made.targets[0].bound == Bound("at_most", Decimal(870))
    assert made.targets[0].tolerance == Tolerance(Decimal(30), in_percent=False)
    relative = measure(observations=FIGURES, targets=target(at_most={"period": 2019})).targets[0].bound
    assert relative is not None
    assert relative.relative is not None
    assert relative.relative.period is not None
    assert relative.relative.period.text == "2019"


def test_the_other_fields_of_a_target_are_read() -> None:
    way = {"2023/24": 80, "2022/23": 70}
    written = target(
        at_least=90, start="2022/23", by="2025-03-31", tolerance="2.5%", over="12 months", trajectory=way
    )
    (targets,) = measure(observations=FIGURES, targets=written).targets
    assert targets.start is not None
    assert targets.by is not None
    assert (targets.start.text, targets.by.text, targets.over) == ("2022/23", "2025-03-31", 12)
    assert targets.tolerance == Tolerance(Decimal("2.5"), in_percent=True)
    assert [(period.text, value) for period, value in targets.trajectory] == [
        ("2022/23", Decimal(70)),
        ("2023/24", Decimal(80)),
    ]


@pytest.mark.parametrize("ends", [["2", 3], [2, "3"]], ids=["lower", "upper"])
def test_a_range_needs_both_its_ends(ends: list[Any]) -> None:
    (problem,) = problems(targets=target(between=ends))
    assert (problem.rule, problem.where[-2]) == ("wrong-value-form", "between")


@pytest.mark.parametrize("step", [{"2022-23": 70}, {"2022/23": "70"}], ids=["period", "value"])
def test_a_step_of_a_trajectory_that_can_not_be_read_is_left_out_and_named(step: dict[str, Any]) -> None:
    written = target(at_least=90, trajectory=step | {"2023/24": 80})
    raw = {"unit": "percent", "better": "higher", "observations": FIGURES, "targets": written}
    built = build_kpi(as_read({"title": "T", "definition": "D", "measures": {"m": raw}}), "calls", "service")
    assert len(built.problems) == 1
    (result,) = built.kpi.measures[0].targets
    assert [period.text for period, _ in result.trajectory] == ["2023/24"]


def test_a_target_whose_bound_can_not_be_read_is_left_out_and_named() -> None:
    result = problems(targets=target(at_most={"period": "2019-20"}))
    assert [(change.rule, change.where[-2:], change.replacement) for change in result] == [
        ("period-format", ("at_most", "period"), "2019/20")
    ]


def test_triggers_and_references_are_read() -> None:
    made = measure(
        observations=FIGURES,
        triggers=[{"when": "increase", "level": 0.05, "minimum": "10%"}, {"when": "change", "minimum": 5}],
        references=[{"label": "Baseline", "value": 60}, {"label": "Benchmark", "between": [2, 3]}],
    )
    assert [(trigger.level, trigger.minimum, trigger.minimum_in_percent) for trigger in made.triggers] == [
        (Decimal("0.05"), Decimal(10), True),
        (None, Decimal(5), False),
    ]
    assert [(reference.label, reference.value, reference.bound) for reference in made.references] == [
        ("Baseline", Decimal(60), None),
        ("Benchmark", None, Bound("between", Decimal(2), Decimal(3))),
    ]


def test_the_commentary_comes_newest_last() -> None:
    made = kpi(no_figures={"because": "withdrawn"}, commentary={"2024-02-27": "b", "2023-11-01": "a"})
    assert made.commentary == (("2023-11-01", "a"), ("2024-02-27", "b"))
