"""What became of each figure from one version of a KPI to the next: when it was published, corrected, marked or withdrawn."""

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
        kpi: the KPI; None where its file was not there, or was deleted.
        path: the file's path from the root at that time; where it was deleted, the path that it had.
        commit: the commit's whole name; empty for the file as it stands, where that is not committed yet.
        day: the day of the commit, in UTC; None where it is not committed yet.
        author: who wrote the commit.
        subject: what the commit says of itself, in one line.
        edge: whether nothing older is known, so that its figures may be older than the commit.
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
        versions: those that can be used, oldest first; the last may be the file as it stands, not committed yet.
        unusable: the commits that left a file that can't be used, oldest first. They are passed over.
        moves: the commits that renamed the file, oldest first, each with the path before it.
        shallow: whether older commits are missing in this clone.
    """

    versions: tuple[Version, ...]
    unusable: tuple[Version, ...] = ()
    moves: tuple[tuple[Version, str], ...] = ()
    shallow: bool = False


class Event(NamedTuple):
    """One change of one figure. `before` and `after` are the measure around it: a value is in the unit of its own time."""

    version: Version
    before: Measure
    after: Measure
    change: FigureChange


class MeasureHistory(NamedTuple):
    """The events of a measure, oldest first. `measure` is as it was last; `gone` says that the KPI has it no more."""

    measure: Measure
    events: tuple[Event, ...]
    gone: bool = False


def trace_figures(versions: Sequence[Version]) -> tuple[MeasureHistory, ...]:
    """What became of the figures of a KPI, by measure: those that it has in their order, then those that are gone.

    A measure that was renamed keeps its events. Computed shares have none: they follow from other figures.

    Args:
        versions: the versions that can be used, oldest first.
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
        histories = now | histories  # what is gone stands last in both
    return tuple(histories.values())


def _events(version: Version, before: Measure | None, after: Measure | None) -> list[Event]:
    """What one commit did to the figures of a measure; one that has come or gone as a whole has none before or after."""
    there = after or before
    assert there is not None
    empty = there._replace(observations=(), peers={})
    was, now = before or empty, after or empty
    return [Event(version, was, now, change) for change in compare_figures(was, now)]
