"""A new KPI: its file with blanks that say what belongs there, and its line in the plan."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from kpi.model.plan import Plan
from kpi.store.content import read_once
from kpi.store.format.figures import is_list
from kpi.store.format.typed import Items
from kpi.store.rewrite import NO_FORM, Rewrite, UnplacedError, as_written

_MOST_SOURCES = 3


class Spot(NamedTuple):
    """Where a KPI is listed: a priority's number in the plan, and its objective's number if it has objectives, from 0."""

    priority: int
    objective: int | None


def blank_kpi(kpi: str, title: str, plan: Plan) -> str:
    """The file of a new KPI with one measure. Lint names every blank.

    Args:
        kpi: its id, which its measure gets too.
        title: its title; a blank where it is empty.
        plan: the plan, for the sources that it knows.
    """
    known = list(plan.sources)[:_MOST_SOURCES] or ["board-paper"]
    first = f"title: {as_written(title)}" if title else "title:  # a few words, as readers see it"
    return f"""\
{first}
definition:  # in a sentence: what is counted or measured
unit:  # count, percent, ratio, duration, days or weeks
better:  # higher, lower or neither
sources:  # ids from sources in kpis/plan.yaml, such as [{", ".join(known)}]
measures:
  {kpi}:
    observations:  # below, one figure a line, such as 2024/25: 86
"""


def listed_in_plan(data: bytes, kpis: Sequence[str], spot: Spot) -> bytes:
    """The plan with a line for each KPI, the last of their list. Nothing else in it changes.

    Raises:
        UnplacedError: if it can't be read as it is, or isn't written in a form that can be added to.
    """
    before = read_once(data)
    rewrite = Rewrite(before)
    try:
        holder = _at(rewrite.draft.root, spot)
        names = holder["kpis"]
    except (KeyError, IndexError, TypeError):
        raise UnplacedError(NO_FORM) from None
    if not is_list(names):
        names = holder["kpis"] = Items()
    names.extend(map(rewrite.draft.typed, kpis))
    after = rewrite.done(NO_FORM)
    meant: Any = deepcopy(before.document.values)
    listed = _at(meant, spot)
    listed["kpis"] = [*(listed["kpis"] or ()), *kpis]
    if after.document.values != meant:
        raise UnplacedError(NO_FORM)
    return after


def _at(plan: Any, spot: Spot) -> Any:
    """What holds the list of a spot."""
    priority = plan["priorities"][spot.priority]
    return priority if spot.objective is None else priority["objectives"][spot.objective]
