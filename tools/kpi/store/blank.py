"""A new KPI: its file with blanks that say what belongs there, and its line in the plan."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kpi.model.plan import Plan
from kpi.store.edit import rewritten
from kpi.store.format.draft import value_source

_MOST_NAMES = 3


class Spot(NamedTuple):
    """Where a KPI is listed."""

    priority: str  # its id
    title: str = ""  # its title, if it is to begin where the plan doesn't have it
    objective: int = -1  # the objective's number from 0, if the priority has objectives; by default the last


def blank_kpi(kpi: str, title: str, plan: Plan) -> str:
    """The file of a new KPI with one measure of the same id, and the plan's sources and owners as examples.

    Lint names every blank; the title is one where it is empty.
    """
    first = f"title: {value_source(title)}" if title else "title:  # a few words, as readers see it"
    sources = "# sources: [board-paper]  # ids, once they are named under sources in kpis/plan.yaml"
    if known := ", ".join(list(plan.sources)[:_MOST_NAMES]):
        sources = f"sources:  # ids from sources in kpis/plan.yaml, such as [{known}]"
    owner = next(iter(plan.owners), "head-of-service")
    owners = ", ".join(list(plan.owners)[:_MOST_NAMES]) or "named there first"
    return f"""\
{first}
definition:  # in a sentence: what is counted or measured
unit:  # count, percent, ratio, duration, days, weeks, {{currency: GBP}} or {{rate_per: 1000}}
better:  # higher, lower or neither
{sources}
# What follows may be left out. Delete a line, or take its number sign away and write what is right:
# frequency: monthly  # or quarterly, annual; kpi list --overdue then tells of late figures
# lag: 6 weeks  # how long after its period a figure is expected
# owner: {owner}  # an id from owners in kpis/plan.yaml ({owners})
measures:
  {kpi}:
    # kind: snapshot  # as it stood on the last day; otherwise counts and money are totals, all else averages
    # targets: [{{at_least: 90}}]  # or at_most: 10, with from: 2025/26, by: 2026-03 or source: beside it
    observations:  # below, one figure a line, such as 2024/25: 86
"""


def plan_with(
    data: bytes, listed: Mapping[Spot, Sequence[str]], names: Mapping[str, Mapping[str, str]] = {}
) -> bytes:
    """The plan with more KPIs at the end of each spot's list, and the owners and sources that it lacks; else as `rewritten`."""

    def add(plan: Any) -> None:
        for spot, kpis in listed.items():
            priority = _priority(plan, spot)
            holder = priority["objectives"][spot.objective] if "objectives" in priority else priority
            if not isinstance(holder["kpis"], list):
                holder["kpis"] = []
            holder["kpis"].extend(kpis)
        for block, added in names.items():
            if added and not isinstance(plan.get(block), dict):
                plan[block] = {}
            for name, title in added.items():
                plan[block].setdefault(name, title if block == "owners" else {"title": title})

    return rewritten(data, add)


def _priority(plan: Any, spot: Spot) -> Any:
    """The priority of a spot; a new one at the end if the plan doesn't have it."""
    if spot.title and not isinstance(plan["priorities"], list):
        plan["priorities"] = []
    for priority in plan["priorities"]:
        if priority["id"] == spot.priority:
            return priority
    if not spot.title:
        raise KeyError(spot.priority)
    plan["priorities"].append({"id": spot.priority, "title": spot.title, "kpis": []})
    return plan["priorities"][-1]
