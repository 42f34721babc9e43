"""Figures put in their place in a KPI file: bytes in, bytes out.

A figure that is there already is found by the days that it covers, however they are spelt. What a file then says is read
again and compared with what was meant, before it is given back.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

from kpi.model.kpi import AVERAGE, identity
from kpi.model.mark import ANNOUNCING
from kpi.model.period import APRIL, Period, PeriodError, parse_period
from kpi.model.text import listed, nearest, quoted
from kpi.store.figure_fields import FIGURE_FIELDS, Change, Entry, figure_text, merged
from kpi.store.format.draft import Draft
from kpi.store.format.figures import is_fields, stays_on_its_line
from kpi.store.format.typed import Fields, Items, Typed, in_brackets
from kpi.store.reader import Content, Document, read_once
from kpi.store.rewrite import Rewrite, UnplacedError, as_written, check_readable

NEW = "new"  # the period had no figure
FILLED = "filled"  # the period was there without a figure, with a mark that says why
REPLACED = "replaced"  # another figure was there, and may be replaced
REFUSED = "refused"  # another figure is there
UNCHANGED = "unchanged"  # the figure is there as it is
TWICE = "twice"  # an entry before this one is about the same figure

_UNSAFE = "A figure there is written in a form that can't be changed safely. Edit the file by hand."


class Outcome(NamedTuple):
    """What became of an entry.

    Attributes:
        what: one of the words above: `NEW`, `FILLED`, `REPLACED`, `REFUSED`, `UNCHANGED`, `TWICE`.
        key: the period as it stands in the file.
        before: what stood there, such as "86" or "86 [provisional]"; empty for a new figure.
        after: what stands there with the entry; notes are left out of both.
        changed: the names of the fields that the entry changes, in the order in which they are written.
        marks: the marks that stood there.
    """

    entry: Entry
    what: str
    key: str
    before: str = ""
    after: str = ""
    changed: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def revises(self) -> bool:
        """Whether a figure was replaced that nothing had announced the change of: readers are to be told why."""
        return self.what == REPLACED and not ANNOUNCING & {*self.marks}


class WithFigures(NamedTuple):
    """The file with the figures in it, and what became of each entry; refused ones are not in it."""

    data: Content
    outcomes: tuple[Outcome, ...]


def add_figures(
    data: bytes, entries: Sequence[Entry], year_starts: int = APRIL, *, replace: bool = False
) -> WithFigures:
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
    before = read_once(data)
    check_readable(before.document)
    changes = _Changes(before.document.values or {}, year_starts)
    outcomes = tuple(changes.outcome(entry, replace=replace) for entry in entries)
    if not changes.figures:
        return WithFigures(before, outcomes)
    rewrite = Rewrite(before)
    for figures in changes.by_series():
        _write(rewrite.draft, figures, year_starts)
    after = rewrite.done(_UNSAFE)
    _compare(before.document, after.document, changes.figures)
    return WithFigures(after, outcomes)


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
        old = _as_fields(there)
        figure = merged(entry, key or entry.period, old, is_new=not key)
        if key and not figure.changed:
            return Outcome(entry, UNCHANGED, key, figure_text(there))
        published = "value" in old or "assessment" in old
        what = NEW if not key else FILLED if not published else REPLACED if replace else REFUSED
        if what != REFUSED:
            self.figures.append(figure)
        changed = tuple(name for name in FIGURE_FIELDS if name in figure.changed)
        marks = tuple(old["marks"]) if isinstance(old.get("marks"), list) else ()
        return Outcome(
            entry, what, figure.key, figure_text(there), figure_text(figure.fields), changed, marks
        )

    def by_series(self) -> Iterable[list[Change]]:
        """The figures to be written, those of each series together."""
        groups: dict[tuple[str, str], list[Change]] = {}
        for change in self.figures:
            groups.setdefault((change.entry.measure, change.entry.area), []).append(change)
        return groups.values()

    def _measure(self, entry: Entry) -> Mapping[str, Any]:
        measures = self.values.get("measures")
        measures = measures if isinstance(measures, dict) else {}
        measure = measures.get(entry.measure)
        if not isinstance(measure, dict):
            near = nearest(entry.measure, measures)
            hint = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(measures)}."
            raise UnplacedError(f"It has no measure called {quoted(entry.measure)}. {hint}")
        why = next((name for name in ("derived", "no_figures") if name in measure), "")
        if why and not entry.area and measure.get("no_figures") != _AWAITED:
            raise UnplacedError(_WITHOUT_FIGURES[why].format(quoted(entry.measure)))
        return measure

    def _identity(self, measure: Mapping[str, Any], period: Period) -> object:
        return identity(period, str(measure.get("kind") or self.values.get("kind") or AVERAGE))

    def _known(
        self, entry: Entry, measure: Mapping[str, Any], series: Mapping[str, Any]
    ) -> dict[object, str]:
        """The periods of a series as they are spelt in the file; what is no period is passed over."""
        keys = self._keys.setdefault((entry.measure, entry.area), {})
        if not keys:
            for key in series:
                with suppress(PeriodError):
                    keys.setdefault(self._identity(measure, parse_period(key, self.year_starts)), key)
        return keys


_AWAITED = {"because": "awaiting-data"}
"""In place of figures that are not in yet: the first one takes its place."""
_WITHOUT_FIGURES = {
    "derived": '{} is computed from other measures ("derived:"). Record the figures of those.',
    "no_figures": '{} says that it has no figures ("no_figures:"). Delete that line first, and write "observations:" in its place.',
}


def _series(measure: Mapping[str, Any], area: str) -> Mapping[str, Any]:
    series = measure.get("observations")
    if area:
        peers = measure.get("peers")
        series = peers.get(area) if isinstance(peers, dict) else None
    if series is not None and not isinstance(series, dict):
        raise UnplacedError("Its figures don't stand as period, colon and figure. Run kpi lint to see why.")
    return series or {}


def _as_fields(figure: Any) -> dict[str, Any]:
    """A figure as fields, also where it is a value alone."""
    return figure if isinstance(figure, dict) else {} if figure is None else {"value": figure}


# Writing it.


def _write(draft: Draft, changes: Sequence[Change], year_starts: int) -> None:
    """Put figures of one series into a draft of a file that has its measure."""
    entry = changes[0].entry
    around = [draft.root, draft.root["measures"], draft.root["measures"][entry.measure]]
    if entry.area:
        around.append(_fields_in(draft, around[-1], "peers"))
        series = _fields_in(draft, around[-1], entry.area)
    else:
        series = _fields_in(draft, around[-1], "observations", before="peers")
        around[-1].pop("no_figures", None)
    on_a_line = any(map(in_brackets, (*around, series)))
    new: list[Typed] = []
    for change in changes:
        if change.is_new:
            new.append(draft.typed(change.key))
            series[new[-1]] = _figure(
                draft, _sources(draft, change, on_a_line=on_a_line), on_a_line=on_a_line
            )
        else:
            _change(draft, series, change, on_a_line=on_a_line)
    _put_in_time(series, new, year_starts)


def _put_in_time(series: Any, new: Sequence[Typed], year_starts: int) -> None:
    """Put new figures, which stand last, each before the first that is newer."""
    coming = deque(sorted(new, key=lambda period: _order(period, year_starts)))
    for period in list(series)[: len(series) - len(new)]:
        while coming and _order(coming[0], year_starts) < _order(period, year_starts):
            series.move_to_end(coming.popleft())
        series.move_to_end(period)
    for period in coming:
        series.move_to_end(period)


def _fields_in(draft: Draft, holder: Any, name: str, before: str = "") -> Any:
    """The fields that a field holds; made where there are none, before another field or last."""
    if not is_fields(holder.get(name)):
        is_new = name not in holder
        holder[draft.typed(as_written(name)) if is_new else name] = Fields()
        if is_new and before in holder:
            holder.move_to_end(before)
    return holder[name]


def _order(period: str, year_starts: int) -> tuple[date, date]:
    """The place in time of a figure in the file; what is no period is older than anything."""
    try:
        return parse_period(period, year_starts).order
    except PeriodError:
        return date.min, date.min


def _change(draft: Draft, series: Any, change: Change, *, on_a_line: bool) -> None:
    """Write what changes in a figure that is there."""
    period = next(period for period in series if period == change.key)
    figure = series[period]
    is_block = is_fields(figure) and not in_brackets(figure)
    on_a_line = on_a_line or stays_on_its_line(series, period)
    new = _sources(draft, change, on_a_line=on_a_line)
    if not is_fields(figure):
        figure = Fields({draft.typed("value"): figure} if figure else {})
    for name in change.changed:
        if name in new and name in figure:
            figure[name] = new[name]
        elif name in new:
            _insert(draft, figure, name, new[name])
        else:
            figure.pop(name, None)
    if not is_block:
        series[period] = _figure(draft, figure, on_a_line=on_a_line)


def _insert(draft: Draft, figure: Any, name: str, value: Any) -> None:
    """Put a field before the first that is written after it."""
    later = FIGURE_FIELDS[FIGURE_FIELDS.index(name) + 1 :]
    names = list(figure)
    figure[draft.typed(name)] = value
    place = next((number for number, other in enumerate(names) if other in later), len(names))
    for other in names[place:]:
        figure.move_to_end(other)


def _sources(draft: Draft, change: Change, *, on_a_line: bool) -> dict[str, Any]:
    """The changed fields of a figure as they are written, in their order."""
    sources: dict[str, Any] = {}
    for name in FIGURE_FIELDS:
        value = change.changed.get(name)
        if isinstance(value, tuple):
            sources[name] = Items(map(draft.typed, value))
            sources[name].fa.set_flow_style()
        elif value is not None:
            sources[name] = draft.typed(as_written(value, in_brackets=on_a_line) if name == "note" else value)
    return sources


def _figure(draft: Draft, fields: Mapping[str, Any], *, on_a_line: bool) -> Any:
    """A figure in its standard shape: alone, with marks beside it in brackets, or with a note on lines of its own."""
    if set(fields) == {"value"}:
        return fields["value"]
    figure = Fields(
        {name if isinstance(name, Typed) else draft.typed(name): value for name, value in fields.items()}
    )
    if on_a_line or "note" not in fields:
        figure.fa.set_flow_style()
    return figure


def _compare(before: Document, after: Document, changes: Sequence[Change]) -> None:
    """Make sure that a file says what was meant.

    Raises:
        UnplacedError: if it doesn't.
    """
    meant, there = deepcopy(before.values), deepcopy(after.values)
    for change in changes:
        _figures(meant, change)[change.key] = change.fields
        figures = _figures(there, change)
        figures[change.key] = _as_fields(figures.get(change.key))
    if there != meant:
        raise UnplacedError(_UNSAFE)


def _figures(values: Any, change: Change) -> dict[str, Any]:
    """The series that a change is about, in the values of a file; made where there is none."""
    holder, name = values["measures"][change.entry.measure], "observations"
    if change.entry.area:
        holder["peers"] = holder.get("peers") or {}
        holder, name = holder["peers"], change.entry.area
    else:
        holder.pop("no_figures", None)
    figures: dict[str, Any] = holder.get(name) or {}
    holder[name] = figures
    return figures
