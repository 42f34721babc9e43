"""Figures put in their place in a KPI file: bytes in, bytes out.

A figure that is there already is found by the days that it covers, however they are spelt. What a file then says is read
again and compared with what was meant, before it is given back.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from typing import Any, NamedTuple

from kpi.model.kpi import AVERAGE, identity
from kpi.model.period import APRIL, Period, PeriodError, parse_period
from kpi.model.text import listed, nearest, quoted
from kpi.store.figure_fields import Entry, merged, told
from kpi.store.figure_text import FIGURE_FIELDS, Change, write_figures
from kpi.store.format import formatted
from kpi.store.format.tree import DoubtfulError
from kpi.store.insert import Draft, UnplacedError, check_readable, with_mark
from kpi.store.reader import Document, read

NEW = "new"  # the period had no figure
FILLED = "filled"  # the period was there without a figure, with a mark that says why
REPLACED = "replaced"  # another figure was there, and may be replaced
REFUSED = "refused"  # another figure is there
UNCHANGED = "unchanged"  # the figure is there as it is
TWICE = "twice"  # an entry before this one is about the same figure


class Outcome(NamedTuple):
    """What became of an entry.

    Attributes:
        what: one of the words above: `NEW`, `FILLED`, `REPLACED`, `REFUSED`, `UNCHANGED`, `TWICE`.
        key: the period as it stands in the file.
        before: what stood there, such as "86" or "86 [provisional]"; empty for a new figure.
        after: what stands there with the entry; notes are left out of both.
        changed: the names of the fields that the entry changes, in the order in which they are written.
    """

    entry: Entry
    what: str
    key: str
    before: str = ""
    after: str = ""
    changed: tuple[str, ...] = ()


class Placed(NamedTuple):
    """The file with the figures in it, and what became of each entry; refused ones are not in it."""

    data: bytes
    outcomes: tuple[Outcome, ...]


def placed(
    data: bytes, entries: Sequence[Entry], year_starts: int = APRIL, *, replace: bool = False
) -> Placed:
    """Put figures in their places.

    A new figure stands where its time is in the series. One that is there already keeps its spelling, its place and
    what else stands on its line. A file in the standard form stays in it; nothing else in the file changes.

    Args:
        data: the file as it is.
        entries: the figures.
        year_starts: the month in which the plan's financial year starts.
        replace: whether another value, mark or note may take the place of one that is there.

    Raises:
        UnplacedError: if the file can't be read as it is, has no such measure, or isn't written in a form that can be added to.
        PeriodError: if a period is none.
    """
    document = read(data)
    check_readable(document)
    changes = _Changes(document.values or {}, year_starts)
    outcomes = tuple(changes.outcome(entry, replace=replace) for entry in entries)
    if not changes.figures:
        return Placed(data, outcomes)
    text = _written(document, changes.figures, year_starts)
    after = with_mark(data, text)
    _compare(document, read(after), changes.figures)
    return Placed(after, outcomes)


# What is to be changed.


class _Changes:
    """Holds entries against what a file says.

    Attributes:
        figures: what is to be written.
    """

    def __init__(self, values: Mapping[str, Any], year_starts: int) -> None:
        self.values = values
        self.year_starts = year_starts
        self.figures: list[Change] = []
        self._seen: set[tuple[str, str, object]] = set()
        self._keys: dict[tuple[str, str], dict[object, str]] = {}

    def outcome(self, entry: Entry, *, replace: bool) -> Outcome:
        """What becomes of an entry."""
        measure = self._measure(entry)
        who = self._identity(measure, parse_period(entry.period, self.year_starts))
        series = _series(measure, entry.area)
        key = self._known(entry, measure, series).get(who, "")
        if (entry.measure, entry.area, who) in self._seen:
            return Outcome(entry, TWICE, key or entry.period)
        self._seen.add((entry.measure, entry.area, who))
        there = series.get(key, {}) if key else {}
        old = there if isinstance(there, dict) else {} if there is None else {"value": there}
        figure = merged(entry, key or entry.period, old, is_new=not key)
        if key and not figure.changed:
            return Outcome(entry, UNCHANGED, key, told(there))
        published = "value" in old or "assessment" in old
        what = NEW if not key else FILLED if not published else REPLACED if replace else REFUSED
        if what != REFUSED:
            self.figures.append(figure)
        changed = tuple(name for name in FIGURE_FIELDS if name in figure.changed)
        return Outcome(entry, what, figure.key, told(there), told(figure.fields), changed)

    def _measure(self, entry: Entry) -> Mapping[str, Any]:
        measures = self.values.get("measures")
        measures = measures if isinstance(measures, dict) else {}
        measure = measures.get(entry.measure)
        if not isinstance(measure, dict):
            near = nearest(entry.measure, measures)
            hint = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(measures)}."
            raise UnplacedError(f"It has no measure called {quoted(entry.measure)}. {hint}")
        why = next((name for name in ("derived", "no_figures") if name in measure), "")
        if why and not entry.area:
            raise UnplacedError(_WITHOUT_FIGURES[why].format(quoted(entry.measure)))
        return measure

    def _identity(self, measure: Mapping[str, Any], period: Period) -> object:
        return identity(period, str(measure.get("kind") or self.values.get("kind") or AVERAGE))

    def _known(
        self, entry: Entry, measure: Mapping[str, Any], series: Mapping[str, Any]
    ) -> dict[object, str]:
        """The periods of a series as they are spelt in the file; what is no period is passed over."""
        found = self._keys.setdefault((entry.measure, entry.area), {})
        if not found:
            for key in series:
                with suppress(PeriodError):
                    found.setdefault(self._identity(measure, parse_period(key, self.year_starts)), key)
        return found


_WITHOUT_FIGURES = {
    "derived": '{} is computed from other measures ("derived:"). Record the figures of those.',
    "no_figures": '{} says that it has no figures ("no_figures:"). Delete that line first, and write "observations:" in its place.',
}


def _series(measure: Mapping[str, Any], area: str) -> Mapping[str, Any]:
    found = measure.get("observations")
    if area:
        peers = measure.get("peers")
        found = peers.get(area) if isinstance(peers, dict) else None
    if found is not None and not isinstance(found, dict):
        raise UnplacedError("Its figures don't stand as period, colon and figure. Run kpi lint to see why.")
    return found or {}


def _written(document: Document, changes: Sequence[Change], year_starts: int) -> str:
    """The text with the figures in it, in the standard form if it was in it."""
    try:
        draft = Draft(document.text)
    except DoubtfulError:
        raise UnplacedError(
            "It isn't written in a form that can be added to. Edit the file by hand."
        ) from None
    write_figures(draft, changes, year_starts)
    text = draft.text()
    if formatted(document.text, year_starts) != document.text:
        return text
    return formatted(text, year_starts) or text


def _compare(before: Document, after: Document, changes: Sequence[Change]) -> None:
    """Make sure that a file says what was meant, and has lost no comment.

    Raises:
        UnplacedError: if it doesn't.
    """
    meant, found = deepcopy(before.values), deepcopy(after.values)
    for change in changes if found is not None else ():
        _figures(meant, change)[change.key] = change.fields
        figures = _figures(found, change)
        if not isinstance(figures.get(change.key), dict):
            figures[change.key] = {"value": figures.get(change.key)}
    if found != meant or _comments(before) != _comments(after):
        message = "A figure there is written in a form that can't be changed safely. Edit the file by hand."
        raise UnplacedError(message)


def _figures(values: Any, change: Change) -> dict[str, Any]:
    """The series that a change is about, in the values of a file; made where there is none."""
    holder, name = values["measures"][change.measure], "observations"
    if change.area:
        holder["peers"] = holder.get("peers") or {}
        holder, name = holder["peers"], change.area
    found: dict[str, Any] = holder.get(name) or {}
    holder[name] = found
    return found


def _comments(document: Document) -> list[str]:
    return [one.text for one in document.comments()]
