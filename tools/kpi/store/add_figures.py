"""Figures and commentary written into a KPI file: bytes in, bytes out.

A figure that is there already is found by the days that it covers, however they are spelt. The result is read again and
compared with what was meant, before it is returned.
"""

from collections import deque
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from kpi.judge.state import AWAITING_DATA
from kpi.model.kpi import AVERAGE, FIGURE_FIELDS, identity
from kpi.model.period import APRIL, PeriodError, parse_period
from kpi.model.text import listed, nearest, quoted
from kpi.store.figure_fields import FILLED, NEW, REPLACED, TWICE, Entry, Outcome, compare
from kpi.store.format.figure_shape import is_fields, stays_on_its_line
from kpi.store.format.typed import BracedFields, BracketedItems, in_brackets, put, reorder
from kpi.store.reader import Content, read_once
from kpi.store.rewrite import UnplacedError, check_readable, rewritten

_UNSAFE = "{} is written in a form that can't be changed safely. Edit the file by hand."


class WithFigures(NamedTuple):
    """The file with the figures in it, and the outcome of each entry; refused ones are not in it."""

    data: Content
    outcomes: tuple[Outcome, ...]


def add_figures(
    data: bytes, entries: Sequence[Entry], year_starts: int = APRIL, *, replace: bool = False
) -> WithFigures:
    """Put figures in their places.

    A new figure goes where its time is in the series. One that is there already keeps its spelling, its place and the rest of
    its line. A file in the standard form stays in it; nothing else in the file changes.

    Args:
        data: the file as it is.
        entries: the figures.
        year_starts: the month in which the plan's financial year starts.
        replace: whether another value, mark or note may replace one that is there.

    Raises:
        UnplacedError: if the file can't be read as it is, has no such measure, or isn't written in a form that can be added to.
        PeriodError: if a period is none.
    """
    before = read_once(data)
    check_readable(before.document)
    series: dict[tuple[str, str], _Series] = {}
    outcomes = []
    for entry in entries:
        place = entry.measure, entry.area
        if place not in series:
            series[place] = _Series(before.document.values or {}, *place, year_starts)
        outcomes.append(series[place].outcome(entry, replace=replace))
    changed = [figures.changes for figures in series.values() if figures.changes]
    if not changed:
        return WithFigures(before, tuple(outcomes))

    def write(root: Any) -> None:
        for changes in changed:
            _write(root, changes, year_starts)

    return WithFigures(rewritten(before, write, _UNSAFE.format("A figure there")), tuple(outcomes))


def add_commentary(data: bytes, day: date, text: str, *, replace: bool = False) -> Content:
    """The file with a commentary of a day, on one line; unchanged if the newest one says the same.

    Raises:
        UnplacedError: if the file can't be read or changed, or has another commentary of that day and it may not be replaced.
    """
    before, key = read_once(data), day.isoformat()
    check_readable(before.document)
    there = (before.document.values or {}).get("commentary") or {}
    if there and str(there[max(there)]).split() == text.split():
        return before
    if key in there and not replace:
        raise UnplacedError(f"It has another commentary of {key}. If this one is right, use --replace.")

    def write(root: Any) -> None:
        _fields_in(root, "commentary", before=("measures",))[key] = text

    return rewritten(before, write, _UNSAFE.format("Its commentary"))


# What is to be changed.


class _Series:
    """A series of a file, with which entries are compared.

    Attributes:
        changes: the figures to write.
    """

    def __init__(self, values: Mapping[str, Any], measure: str, area: str, year_starts: int) -> None:
        fields = _measure(values, measure, area)
        self.changes: list[Outcome] = []
        self._figures = _figures(fields, area)
        self._kind = str(fields.get("kind") or values.get("kind") or AVERAGE)
        self._year_starts = year_starts
        self._seen: set[object] = set()
        # The periods as they are spelt in the file; what is not a period is skipped.
        self._keys: dict[object, str] = {}
        for key in self._figures:
            with suppress(PeriodError):
                self._keys.setdefault(self._identity(key), key)

    def _identity(self, period: str) -> object:
        return identity(parse_period(period, self._year_starts), self._kind)

    def outcome(self, entry: Entry, *, replace: bool) -> Outcome:
        """The outcome of an entry."""
        who = self._identity(entry.period)
        there = self._keys.get(who)
        key = entry.period if there is None else there
        if who in self._seen:
            return Outcome(entry, TWICE, key)
        self._seen.add(who)
        outcome = compare(entry, key, self._figures.get(key), is_new=there is None, replace=replace)
        if outcome.kind in {NEW, FILLED, REPLACED}:
            self.changes.append(outcome)
        return outcome


def _measure(values: Mapping[str, Any], name: str, area: str) -> Mapping[str, Any]:
    measures = values.get("measures")
    measures = measures if isinstance(measures, dict) else {}
    measure = measures.get(name)
    if not isinstance(measure, dict):
        near = nearest(name, measures)
        hint = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(measures)}."
        raise UnplacedError(f"It has no measure called {quoted(name)}. {hint}")
    why = next((field for field in ("derived", "no_figures") if field in measure), "")
    if why and not area and measure.get("no_figures") != _AWAITED:
        raise UnplacedError(_WITHOUT_FIGURES[why].format(quoted(name)))
    return measure


_AWAITED = {"because": AWAITING_DATA}
"""Says that figures are awaited: the first one replaces it."""
_WITHOUT_FIGURES = {
    "derived": '{} is computed from other measures ("derived:"). Record the figures of those.',
    "no_figures": '{} says that it has no figures ("no_figures:"). Delete that line first, and write "observations:" in its place.',
}


def _figures(measure: Mapping[str, Any], area: str) -> Mapping[str, Any]:
    series = measure.get("observations")
    if area:
        peers = measure.get("peers")
        series = peers.get(area) if isinstance(peers, dict) else None
    if series is not None and not isinstance(series, dict):
        raise UnplacedError(
            "Its figures aren't written as period, colon and figure. Run kpi lint to see why."
        )
    return series or {}


# Writing it.


def _write(root: Any, changes: Sequence[Outcome], year_starts: int) -> None:
    """Put figures of one series into a file that has its measure."""
    entry = changes[0].entry
    around = [root, root["measures"], root["measures"][entry.measure]]
    if entry.area:
        around.append(_fields_in(around[-1], "peers"))
        series = _fields_in(around[-1], entry.area)
    else:
        series = _fields_in(around[-1], "observations", before=("peers",))
        around[-1].pop("no_figures", None)
    on_a_line = any(map(in_brackets, (*around, series)))
    new = [change for change in changes if change.kind == NEW]
    for change in changes:
        if change.kind != NEW:
            _change(series, change, on_a_line=on_a_line)
    coming = deque(sorted(new, key=lambda change: _order(change.key, year_starts)))
    for period in list(series):
        while coming and _order(coming[0].key, year_starts) < _order(period, year_starts):
            _add(series, coming.popleft(), on_a_line=on_a_line)
        reorder(series, (period,))
    for change in coming:
        _add(series, change, on_a_line=on_a_line)


def _fields_in(holder: Any, name: str, before: Container[str] = ()) -> Any:
    """The fields that a field holds; made where there are none, before other fields or last."""
    if not is_fields(holder.get(name)):
        put(holder, name, {}, before=before)
    return holder[name]


def _order(period: str, year_starts: int) -> tuple[date, date]:
    """The place in time of a figure in the file; what is not a period is older than anything."""
    try:
        return parse_period(period, year_starts).order
    except PeriodError:
        return date.min, date.min


def _add(series: Any, change: Outcome, *, on_a_line: bool) -> None:
    """Write a new figure, behind the others."""
    figure: dict[str, Any] = {}
    _set_fields(figure, change)
    series[change.key] = _shaped(figure, on_a_line=on_a_line)


def _change(series: Any, change: Outcome, *, on_a_line: bool) -> None:
    """Write what changes in an existing figure."""
    period = next(period for period in series if period == change.key)
    figure = series[period]
    is_block = is_fields(figure) and not in_brackets(figure)
    if not is_fields(figure):
        figure = {} if figure is None or figure == "" else {"value": figure}
    _set_fields(figure, change)
    if not is_block:
        series[period] = _shaped(figure, on_a_line=on_a_line or stays_on_its_line(series, period))


def _set_fields(figure: Any, change: Outcome) -> None:
    """Give a figure those of its fields that change, each in its place."""
    for place, name in enumerate(FIGURE_FIELDS):
        if name not in change.changed:
            continue
        value = change.fields.get(name)
        if value is None:
            figure.pop(name, None)
        else:
            value = BracketedItems(value) if isinstance(value, list) else value
            put(figure, name, value, before=FIGURE_FIELDS[place:])


def _shaped(figure: Mapping[str, Any], *, on_a_line: bool) -> Any:
    """A figure in its standard shape: alone, with marks beside it in braces, or with a note on lines of its own."""
    if set(figure) == {"value"}:
        return figure["value"]
    return BracedFields(figure) if on_a_line or "note" not in figure else dict(figure)
