"""Short, readable values made into real records: `measure(better="lower", observations={"2021/22": 75})`.

Everything goes through the real `build_kpi` and `build_plan`. Numbers may be written as floats here; a file's reader
gives `Decimal`, so that is what they become.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.assemble.build import build_kpi, build_plan
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement, judge, judge_measure
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.plan import Plan

LONG_AFTER = "2100-01-01"
"""A day on which every figure is known."""


def as_read(raw: Any) -> Any:
    """The values as the file reader gives them: texts as keys, `Decimal` for what isn't whole."""
    if isinstance(raw, Mapping):
        return {str(key): as_read(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [as_read(value) for value in raw]
    return Decimal(str(raw)) if isinstance(raw, float) else raw


def kpi(kpi_id: str = "calls", *, priority: str = "service", **fields: Any) -> Kpi:
    """A KPI; its fields are written as in a file. It must be free of problems."""
    built = build_kpi(as_read({"title": "Calls", "definition": "Calls."} | fields), kpi_id, priority)
    assert [problem for problem in built.problems if problem.rule != "period-order"] == []
    return built.kpi


def measure(**fields: Any) -> Measure:
    """A measure, in per cent and better higher unless told otherwise; its fields are written as in a file."""
    made = kpi(measures={"answered": {"unit": "percent", "better": "higher"} | fields}).measure("answered")
    assert made is not None
    return made


def target(**bound: Any) -> list[dict[str, Any]]:
    """One target in a list. `from` is a word of Python's own, so it is written `start` here."""
    return targets(bound)


def targets(*bounds: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Several targets, in the order written."""
    return [{{"start": "from"}.get(name, name): value for name, value in bound.items()} for bound in bounds]


def plan(kpis: Iterable[str] = ("calls",), *, edition: str = "", **status: Any) -> Plan:
    """A plan with one priority that lists these KPIs. `edition` is its date, `status` its rules."""
    values: dict[str, Any] = {
        "organisation": "Example",
        "title": "Plan",
        "area": "here",
        "priorities": [{"id": "service", "title": "Service", "kpis": list(kpis)}],
        "status": status,
    }
    if edition:
        values["edition"] = {"date": edition}
    made, problems = build_plan(as_read(values))
    assert problems == ()
    return made


def judged(
    *, day: str = LONG_AFTER, status: Mapping[str, Any] | None = None, **fields: Any
) -> MeasureJudgement:
    """The judgement of a measure made of these fields."""
    return judge_measure("calls", measure(**fields), date.fromisoformat(day), plan(**(status or {})).status)


def judged_all(*kpis: Kpi, day: str = LONG_AFTER) -> Judgement:
    """The judgement of several KPIs."""
    return judge(plan([kpi.id for kpi in kpis]), kpis, date.fromisoformat(day))


def judged_kpi(*others: Kpi, **fields: Any) -> KpiJudgement:
    """The judgement of one KPI made of these fields; `others` are there for it to show measures of."""
    mine = kpi(**fields)
    return judged_all(mine, *others).by_id()[mine.id]


def keys(observations: Iterable[Observation]) -> list[str]:
    """The periods of figures, as written."""
    return [figure.key for figure in observations]
