"""The first content as its edition of 27 February 2024 had it, whatever the files have learnt since.

Definitions and targets are the files'; the figures are those that the paper prints, so that a figure of a later year, or one
that was revised, changes no test about the edition.
"""

from datetime import date
from functools import cache
from pathlib import Path

from content.test_content import AREAS, OWN, number, paper
from kpi.assemble.read_fields import derive
from kpi.judge.judgement import Judgement, judge
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.period import parse_period
from kpi.store.repository import load

ROOT = Path(__file__).parents[2]
DAY = date(2024, 2, 27)

Printed = dict[tuple[date, date], str]
"""The values that the paper prints of one series, by their first and last day."""


@cache
def edition(day: date = DAY) -> Judgement:
    """The judgement of the edition's figures, on its own day or on an earlier one."""
    repository = load(ROOT)
    assert repository.plan.plan is not None
    return judge(repository.plan.plan, tuple(map(_as_printed, repository.kpis)), day)


@cache
def _printed() -> dict[tuple[str, str, str], Printed]:
    """By KPI, measure and area."""
    names = {item["row"]: item["kpi"] for item in paper("rows.csv")}
    actual: dict[tuple[str, str, str], Printed] = {}
    for item in paper("observations.csv"):
        area = AREAS.get(item["area"], item["area"])
        series = actual.setdefault((names[item["kpi"]], item["measure"], "" if area == OWN else area), {})
        series[parse_period(item["period_canonical"]).interval] = item["value_as_printed"]
    return actual


def _as_printed(kpi: Kpi) -> Kpi:
    measures = [
        measure._replace(
            observations=_figures(measure.observations, (kpi.id, measure.id, "")),
            peers={
                area: _figures(peers, (kpi.id, measure.id, area)) for area, peers in measure.peers.items()
            },
        )
        for measure in kpi.measures
    ]
    by_id: dict[str, Measure] = {measure.id: measure for measure in measures}
    return kpi._replace(measures=tuple(derive(measure, by_id) for measure in measures))


def _figures(series: tuple[Observation, ...], place: tuple[str, str, str]) -> tuple[Observation, ...]:
    printed = _printed().get(place, {})
    return tuple(
        item._replace(
            value=number(printed[item.period.interval]),
            marks=tuple(mark for mark in item.marks if mark != "revised"),
        )
        if "revised" in item.marks
        else item
        for item in series
        if item.period.interval in printed
    )
