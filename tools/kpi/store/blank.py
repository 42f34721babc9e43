"""A new KPI: its file with blanks that say what belongs there, and its line in the plan."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from kpi.model.plan import Plan
from kpi.store.format import formatted
from kpi.store.format.tree import DoubtfulError, Entry, Node
from kpi.store.insert import Draft, Field, UnplacedError, as_written, check_readable, entry_of, with_mark
from kpi.store.reader import Document, read

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
    before = read(data)
    check_readable(before)
    try:
        draft = Draft(before.text)
        owner, holder = _kpis(draft.root, spot)
    except DoubtfulError:
        raise UnplacedError("It isn't written in a form that can be added to. Edit it by hand.") from None
    draft.add(owner, holder, [Field("", kpi) for kpi in kpis])
    text = draft.text()
    if formatted(before.text) == before.text:
        text = formatted(text) or text
    after = with_mark(data, text)
    _compare(before, read(after), kpis, spot)
    return after


def _kpis(root: Node, spot: Spot) -> tuple[Entry, Node]:
    """The list of a spot, and what it stands in."""
    holder = _item(root, "priorities", spot.priority)
    if spot.objective is not None:
        holder = _item(holder, "objectives", spot.objective)
    owner = entry_of(holder, "kpis")
    if owner is None:
        raise DoubtfulError("there is no such list")
    return owner, holder


def _item(node: Node, name: str, number: int) -> Node:
    entry = entry_of(node, name)
    if entry is None or number >= len(entry.node.entries):
        raise DoubtfulError("there is no such item")
    return entry.node.entries[number].node


def _compare(before: Document, after: Document, kpis: Sequence[str], spot: Spot) -> None:
    """Make sure that the plan says what was meant, and has lost no comment."""
    meant: Any = deepcopy(before.values)
    holder = meant["priorities"][spot.priority]
    if spot.objective is not None:
        holder = holder["objectives"][spot.objective]
    holder["kpis"] = [*(holder["kpis"] or ()), *kpis]
    comments = [[one.text for one in document.comments()] for document in (before, after)]
    if after.values != meant or comments[0] != comments[1]:
        raise UnplacedError("It isn't written in a form that can be added to. Edit it by hand.")
