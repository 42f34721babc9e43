"""From the values of `kpis/plan.yaml` to a `Plan`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from kpi.assemble.read_fields import ANY_NUMBER, Reader
from kpi.model.finding import Problem
from kpi.model.period import APRIL
from kpi.model.plan import Area, Edition, Licence, Objective, Plan, Priority, Source, StatusRules


class BuiltPlan(NamedTuple):
    """The plan and what could not be read of it."""

    plan: Plan
    problems: tuple[Problem, ...]


def build_plan(values: Mapping[str, Any]) -> BuiltPlan:
    """Make the record of the plan from values that have passed the schema."""
    read = Reader(values.get("year_starts", APRIL))
    plan = Plan(
        organisation=values["organisation"],
        title=values["title"],
        area=values["area"],
        year_starts=read.year_starts,
        edition=_edition(read, values.get("edition", {})),
        priorities=tuple(_priority(raw) for raw in values["priorities"]),
        areas={name: _area(name, raw) for name, raw in values.get("areas", {}).items()},
        sources={
            name: Source(name, raw["title"], raw.get("url", ""), raw.get("note", ""))
            for name, raw in values.get("sources", {}).items()
        },
        bodies=values.get("bodies", {}),
        owners=values.get("owners", {}),
        status=_status(read, values.get("status", {}))._replace(compare=values.get("compare", "")),
        lint=values.get("lint", {}),
        year_names=values.get("year_names", ""),
        publisher=values.get("publisher", ""),
        licence=_licence(values.get("licence")),
    )
    return BuiltPlan(plan, tuple(read.problems))


def _edition(read: Reader, raw: Mapping[str, Any]) -> Edition:
    day = raw.get("date", "")
    if day and read.period(day, ("edition", "date")) is None:
        day = ""
    return Edition(**{**raw, "date": day})


def _priority(raw: Mapping[str, Any]) -> Priority:
    objectives: tuple[Objective, ...]
    if "kpis" in raw:
        objectives = (Objective("", tuple(raw["kpis"])),)
    else:
        objectives = tuple(
            Objective(objective["title"], tuple(objective["kpis"]), objective.get("note", ""))
            for objective in raw["objectives"]
        )
    return Priority(raw["id"], raw["title"], objectives, raw.get("note", ""))


def _area(name: str, raw: str | Mapping[str, Any]) -> Area:
    if isinstance(raw, str):
        return Area(name, raw)
    return Area(name, raw["name"], raw.get("short", ""), raw.get("whole", False))


def _licence(raw: str | Mapping[str, Any] | None) -> Licence | None:
    return Licence(raw) if isinstance(raw, str) else Licence(raw["title"], raw["url"]) if raw else None


def _status(read: Reader, raw: Mapping[str, Any]) -> StatusRules:
    tolerance = read.tolerance(raw.get("tolerance"), ANY_NUMBER, ("status", "tolerance"))
    return StatusRules(raw.get("amber", "improving"), tolerance, raw.get("words", {}))
