"""Two versions of the files under `kpis/`, read for comparison: each file once where both have the same bytes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from kpi.judge.changes import Side
from kpi.model.kpi import Kpi
from kpi.model.period import APRIL
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.paths import PLAN, place_of, walk
from kpi.store.repository import THE_DISK, Instead, PlanFile, kpi_from, read_plan

Files = Mapping[str, bytes]
"""The content of every YAML file under `kpis/`, by its path from the root."""

UNREADABLE = b"\0"
"""Stands for a file that can't be opened: like any file that is no text, it can't be used."""


def on_disk(root: Path, instead: Instead = THE_DISK) -> dict[str, bytes]:
    """The files as they stand in the work tree; `instead` has the content of some that is taken in its place.

    What stands oddly is among them, so that it can be named.
    """
    found = walk(root, instead)
    paths = [PLAN, *(file.path for file in found.files), *(path for path, _ in found.odd)]
    return {path: data for path in paths if (data := _content(root, path, instead)) is not None}


def _content(root: Path, path: str, instead: Instead) -> bytes | None:
    """The content of a file; None for a plan that isn't there."""
    if path in instead:
        return instead[path]
    try:
        return read_bytes(root / path)
    except UnreadableError:
        return UNREADABLE if path != PLAN or (root / path).exists() else None


def sides(before: Files, after: Files, *, whole: bool = True) -> tuple[Side, Side]:
    """Both versions as records, for `judge.changes`.

    Args:
        before: the files of the earlier version.
        after: those of the later one.
        whole: also reads what is the same in both: the day, and what is overdue on it, depend on all figures.
    """
    plans = [_plan(files) for files in (before, after)]
    years = [file.plan.year_starts if file and file.plan else APRIL for file in plans]
    same = {path for path, data in after.items() if before.get(path) == data and years[0] == years[1]}
    was, now = ([path for path in files if path != PLAN] for files in (before, after))
    kept = {path: _kpi(path, after[path], years[1]) for path in now if path in same} if whole else {}
    old = {path: _kpi(path, before[path], years[0]) for path in was if path not in same}
    new = {path: _kpi(path, after[path], years[1]) for path in now if path not in same}
    return _side(plans[0], was, kept, old), _side(plans[1], now, kept, new)


def _plan(files: Files) -> PlanFile | None:
    return read_plan(Path(), {PLAN: files[PLAN]}) if PLAN in files else None


def _kpi(path: str, data: bytes, year_starts: int) -> Kpi | None:
    """The KPI in a file; None where not all of it can be used."""
    place = place_of(path)
    file = kpi_from(data, place, year_starts) if place else None
    return file.kpi if file and file.whole else None


def _side(
    plan: PlanFile | None,
    paths: Iterable[str],
    kept: Mapping[str, Kpi | None],
    other: Mapping[str, Kpi | None],
) -> Side:
    """One version.

    Args:
        plan: its plan.
        paths: all its KPI files.
        kept: what is the same in both versions. What can't be used there is no news.
        other: what is not.
    """
    ids = Counter(_id(path) for path in paths)
    found = {path: kpi if ids[_id(path)] == 1 else None for path, kpi in {**kept, **other}.items()}
    return Side(
        plan.plan if plan else None,
        tuple(kpi for kpi in found.values() if kpi is not None),
        {_id(path): path for path, kpi in found.items() if kpi is None and path in other},
        PLAN if plan and not plan.whole else "",
    )


def _id(path: str) -> str:
    place = place_of(path)
    return place.kpi if place else path
