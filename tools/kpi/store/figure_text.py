"""How figures are written into a KPI file, in the form that stands there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from kpi.model.period import PeriodError, parse_period
from kpi.store.format.tree import Entry, Node
from kpi.store.insert import Draft, Field, as_written, bracketed, entry_of

FIGURE_FIELDS = ("value", "marks", "note", "assessment", "numerator", "denominator")
"""The fields of a figure in the order of the schema, in which they are written."""


class Change(NamedTuple):
    """A figure that is new, or changes.

    Attributes:
        measure: the measure's id.
        area: the id of a peer; empty for the own area.
        key: the period as it stands in the file, or is to stand there.
        is_new: whether it isn't there yet.
        fields: what it is to say, as the reader would give it.
        changed: the fields that change, as they are written (a note: its text); None where a field goes.
    """

    measure: str
    area: str
    key: str
    is_new: bool
    fields: dict[str, Any]
    changed: dict[str, str | tuple[str, ...] | None]


def write_figures(draft: Draft, changes: Sequence[Change], year_starts: int) -> None:
    """Write figures into a draft of a file that has their measures."""
    for measure, figures in _groups(changes, "measure"):
        _Writer(draft, measure, year_starts).write(figures)


def _groups(figures: Sequence[Change], by: str) -> Iterator[tuple[str, list[Change]]]:
    found: dict[str, list[Change]] = {}
    for figure in figures:
        found.setdefault(getattr(figure, by), []).append(figure)
    yield from found.items()


class _Writer:
    """Writes the figures of one measure into a draft."""

    def __init__(self, draft: Draft, measure: str, year_starts: int) -> None:
        self.draft = draft
        self.year_starts = year_starts
        measures = _there(entry_of(draft.root, "measures"))
        self.measures = measures.node
        self.owner = _there(entry_of(measures.node, measure))
        self.measure = self.owner.node

    def write(self, figures: Sequence[Change]) -> None:
        missing: list[tuple[str, list[Change]]] = []
        for area, group in _groups(figures, "area"):
            if not area:
                self._own(group)
            elif not self._peer(area, group):
                missing.append((area, group))
        if missing:
            self._new_peers(missing)

    def _own(self, figures: list[Change]) -> None:
        series = entry_of(self.measure, "observations")
        if series is not None:
            self._into(series, self.measure, figures)
            return
        fields = self._fields(figures, in_brackets=self.measure.flow)
        before = entry_of(self.measure, "peers")
        self.draft.add_to(self.measure, [Field("observations", fields)], before)

    def _peer(self, area: str, figures: list[Change]) -> bool:
        """Write the figures of an area that the measure has already; whether it has."""
        peers = entry_of(self.measure, "peers")
        series = entry_of(peers.node, area) if peers is not None else None
        if peers is None or series is None:
            return False
        self._into(series, peers.node, figures)
        return True

    def _new_peers(self, groups: list[tuple[str, list[Change]]]) -> None:
        peers = entry_of(self.measure, "peers")
        flow = self.measure.flow or (peers is not None and peers.node.flow and bool(peers.node.entries))
        fields = [Field(area, self._fields(figures, in_brackets=flow)) for area, figures in groups]
        if peers is None:
            self.draft.add_to(self.measure, [Field("peers", tuple(fields))])
        else:
            self.draft.add(peers, self.measure, fields)

    def _into(self, series: Entry, holder: Node, figures: list[Change]) -> None:
        """Write figures into a series that is there: each new one before the first that is newer."""
        node = series.node
        there = {entry.field: entry for entry in node.entries}
        orders = [self._order_there(entry) for entry in node.entries]
        new: dict[int, list[Change]] = {}
        place = 0
        for figure in sorted(figures, key=self._order):
            if not figure.is_new:
                self._change(there[figure.key], node, figure)
                continue
            while place < len(orders) and orders[place] <= self._order(figure):
                place += 1
            new.setdefault(place, []).append(figure)
        flow = node.flow if node.entries else holder.flow
        for number, group in new.items():
            before = node.entries[number] if number < len(node.entries) else None
            self.draft.add(series, holder, self._fields(group, in_brackets=flow), before)

    def _order(self, figure: Change) -> tuple[date, date]:
        return parse_period(figure.key, self.year_starts).order

    def _order_there(self, entry: Entry) -> tuple[date, date]:
        """The place in time of a figure in the file; what is no period is older than anything."""
        try:
            return parse_period(entry.field, self.year_starts).order
        except PeriodError:
            return date.min, date.min

    def _fields(self, figures: Sequence[Change], *, in_brackets: bool) -> tuple[Field, ...]:
        """New figures as fields of their series."""
        return tuple(
            _shaped(figure.key, _sources(figure, in_brackets=in_brackets), in_brackets=in_brackets)
            for figure in sorted(figures, key=self._order)
        )

    def _change(self, entry: Entry, series: Node, figure: Change) -> None:
        """Write what changes in a figure that is there."""
        node = entry.node
        if node.is_block:
            self._change_lines(node, figure)
            return
        sources = {one.field: self.draft.source(one.node) for one in node.entries}
        if not node.entries and node.stop > node.start:
            sources["value"] = self.draft.source(node)
        in_brackets = series.flow or bool(entry.after) or any("kpi:" in line for line in entry.above)
        new = _sources(figure, in_brackets=in_brackets)
        kept = {name: source for name, source in sources.items() if name in figure.fields}
        names = list(kept)
        for name in new:
            if name not in kept:
                names.insert(_place(name, names), name)
        sources = {name: (kept | new)[name] for name in names}
        field = _shaped(figure.key, sources, in_brackets=in_brackets)
        if isinstance(field.value, str):
            self.draft.replace(entry, field.value)
        else:
            self.draft.unfold(entry, series, field.value)

    def _change_lines(self, node: Node, figure: Change) -> None:
        """The same where its fields stand on lines of their own."""
        new = _sources(figure, in_brackets=False)
        for name in figure.changed:
            there = entry_of(node, name)
            if there is None:
                continue
            if name in new:
                self.draft.replace(there, new.pop(name))
            else:
                self.draft.delete(there)
        staying = [entry for entry in node.entries if entry.field in figure.fields]
        fields = [entry.field for entry in staying]
        for place, names in groupby(new, lambda name: _place(name, fields)):
            before = staying[place] if place < len(staying) else None
            self.draft.add_to(node, [Field(name, new[name]) for name in names], before)


def _there(entry: Entry | None) -> Entry:
    """What the values have, the tree has too."""
    assert entry is not None
    return entry


def _sources(figure: Change, *, in_brackets: bool) -> dict[str, str]:
    """The changed fields of a figure as they are written."""
    found: dict[str, str] = {}
    for name in FIGURE_FIELDS:
        value = figure.changed.get(name)
        if isinstance(value, tuple):
            found[name] = f"[{', '.join(value)}]"
        elif value is not None:
            found[name] = as_written(value, in_brackets=in_brackets) if name == "note" else value
    return found


def _place(name: str, names: Sequence[str]) -> int:
    """Where a field belongs among others: before the first that is written after it."""
    later = FIGURE_FIELDS[FIGURE_FIELDS.index(name) + 1 :]
    return next((number for number, other in enumerate(names) if other in later), len(names))


def _shaped(key: str, sources: Mapping[str, str], *, in_brackets: bool) -> Field:
    """A figure in its standard shape: alone, with marks beside it in brackets, or with a note on lines of its own."""
    if set(sources) == {"value"}:
        return Field(key, sources["value"])
    fields = tuple(Field(*one) for one in sources.items())
    if "note" in sources and not in_brackets:
        return Field(key, fields)
    return Field(key, bracketed(fields))
