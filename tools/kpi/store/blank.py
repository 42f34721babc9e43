"""A new KPI: its file with blanks that say what belongs there, and its line in the plan."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from kpi.model.plan import Plan
from kpi.store.content import read_once
from kpi.store.format.figures import is_list
from kpi.store.format.typed import Fields, Items
from kpi.store.rewrite import NO_FORM, Rewrite, UnplacedError, as_written

_MOST_NAMES = 3


class Spot(NamedTuple):
    """Where a KPI is listed: a priority's number in the plan, and its objective's number if it has objectives, from 0."""

    priority: int
    objective: int | None


def blank_kpi(kpi: str, title: str, plan: Plan) -> str:
    """The file of a new KPI with one measure. Lint names every blank.

    Args:
        kpi: its id, which its measure gets too.
        title: its title; a blank where it is empty.
        plan: the plan, for the sources and owners that it knows.
    """
    first = f"title: {as_written(title)}" if title else "title:  # a few words, as readers see it"
    known = ", ".join(list(plan.sources)[:_MOST_NAMES])
    if known:
        sources = f"sources:  # ids from sources in kpis/plan.yaml, such as [{known}]"
    else:
        sources = "# sources: [board-paper]  # ids, once they are named under sources in kpis/plan.yaml"
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


def listed_in_plan(data: bytes, kpis: Sequence[str], spot: Spot) -> bytes:
    """The plan with a line for each KPI, the last of their list. Nothing else in it changes.

    Raises:
        UnplacedError: if it can't be read as it is, or isn't written in a form that can be added to.
    """

    def add(plan: Any, made: Made) -> None:
        holder = _at(plan, spot)
        if not is_list(holder["kpis"]):
            holder["kpis"] = made.items()
        holder["kpis"].extend(map(made.text, kpis))

    return _rewritten(data, add)


def begun_in_plan(data: bytes, priority: str, title: str, kpis: Sequence[str]) -> bytes:
    """The plan with one more priority, the last, that lists some KPIs.

    Raises:
        UnplacedError: likewise.
    """

    def add(plan: Any, made: Made) -> None:
        begun = made.fields()
        begun[made.text("id")] = made.text(priority)
        begun[made.text("title")] = made.text(title)
        begun[made.text("kpis")] = made.items()
        begun["kpis"].extend(map(made.text, kpis))
        if not is_list(plan["priorities"]):
            plan["priorities"] = made.items()
        plan["priorities"].append(begun)

    return _rewritten(data, add)


class Made(NamedTuple):
    """How new parts of a file are made: in a draft each text as it is to be written, among mere values as it is."""

    text: Callable[[str], str]
    fields: Callable[[], Any]
    items: Callable[[], Any]


def _rewritten(data: bytes, add: Callable[[Any, Made], None]) -> bytes:
    """A file with an addition, which is made to its draft and to its values, and both must say the same."""
    before = read_once(data)
    rewrite = Rewrite(before)
    typed = rewrite.draft.typed
    try:
        add(rewrite.draft.root, Made(lambda text: typed(as_written(text)), Fields, Items))
    except (KeyError, IndexError, TypeError, AttributeError):
        raise UnplacedError(NO_FORM) from None
    after = rewrite.done(NO_FORM)
    meant: Any = deepcopy(before.document.values)
    add(meant, Made(str, dict, list))
    if after.document.values != meant:
        raise UnplacedError(NO_FORM)
    return after


def _at(plan: Any, spot: Spot) -> Any:
    """What holds the list of a spot."""
    priority = plan["priorities"][spot.priority]
    return priority if spot.objective is None else priority["objectives"][spot.objective]
