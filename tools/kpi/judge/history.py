"""The history of a KPI's figures: when each was published, corrected, marked or withdrawn."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from kpi.judge.figure_changes import FigureChange, compare_figures
from kpi.judge.renames import measure_evidence, pair_up
from kpi.model.kpi import Kpi, Measure


class Version(NamedTuple):
    """A KPI as one commit left it.

    Attributes:
        kpi: the KPI; None if its file did not exist or was deleted.
        path: the file's path at that time, from the root; if it was deleted, its last path.
        commit: the commit's full hash; empty for a file that is not committed yet.
        day: the day of the commit in UTC; None if it is not committed yet.
        author: the commit's author.
        subject: the first line of the commit's message.
        edge: no older version is known, so its figures may be older than the commit.
    """

    kpi: Kpi | None
    path: str = ""
    commit: str = ""
    day: date | None = None
    author: str = ""
    subject: str = ""
    edge: bool = False


class History(NamedTuple):
    """The past of a KPI file.

    Attributes:
        versions: the usable versions, oldest first; the last may not be committed yet.
        unusable: the commits with an unusable file, oldest first. They are skipped.
        moves: the commits that renamed the file, oldest first, each with the old path.
        shallow: whether older commits are missing in this clone.
    """

    versions: tuple[Version, ...]
    unusable: tuple[Version, ...] = ()
    moves: tuple[tuple[Version, str], ...] = ()
    shallow: bool = False


class Event(NamedTuple):
    """A change to one figure. `before` and `after` are the measure, because its unit may change too."""

    version: Version
    before: Measure
    after: Measure
    change: FigureChange


class MeasureHistory(NamedTuple):
    """The events of a measure, oldest first. `measure` is its last version; `gone` if the KPI no longer has it."""

    measure: Measure
    events: tuple[Event, ...]
    gone: bool = False


def trace_figures(versions: Sequence[Version]) -> tuple[MeasureHistory, ...]:
    """The history of a KPI's figures by measure: present measures in their order, then removed ones.

    A renamed measure keeps its events. Derived measures have none.

    Args:
        versions: the usable versions, oldest first.
    """
    histories: dict[str, MeasureHistory] = {}
    for before, after in pairwise([Version(None), *versions]):
        old = before.kpi.measures if before.kpi else ()
        new = after.kpi.measures if after.kpi else ()
        now: dict[str, MeasureHistory] = {}
        for was, comes in pair_up(old, new, measure_evidence):
            measure = comes or was
            assert measure is not None
            known = histories.pop((was or measure).id, None)
            events = (*(known.events if known else ()), *_events(after, was, comes))
            now[measure.id] = MeasureHistory(measure, events, gone=comes is None)
        histories = now | histories  # removed measures come last in both
    return tuple(histories.values())


def _events(version: Version, before: Measure | None, after: Measure | None) -> list[Event]:
    """The changes of one commit to a measure's figures. A measure that is new or removed has none before or after."""
    there = after or before
    assert there is not None
    empty = there._replace(observations=(), peers={})
    was, now = before or empty, after or empty
    return [Event(version, was, now, change) for change in compare_figures(was, now)]
