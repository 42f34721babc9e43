"""Figures and commentary written into a KPI file: bytes in, bytes out.

A figure that is there already is found by the days that it covers, however they are spelt. The result is read again.
"""

from collections import deque
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kpi.judge.state import AWAITING_DATA
from kpi.model.kpi import AVERAGE, FIGURE_FIELDS, identity
from kpi.model.period import APRIL, PeriodError, parse_period
from kpi.model.quantity import DURATION, Unit, plain, value_of
from kpi.model.text import listed, quoted
from kpi.model.vocabulary import ANNOUNCING, WITHOUT_VALUE
from kpi.store.edit import UnplacedError, readable, rewritten
from kpi.store.format import stays_on_its_line
from kpi.store.format.draft import BracedFields, BracketedItems, in_brackets, put, reorder
from kpi.store.reader import Content
from kpi.store.yaml.subset import resolve

NEW = "new"  # the period had no figure
FILLED = "filled"  # the period was there without a figure, with a mark that says why
REPLACED = "replaced"  # another figure was there, and may be replaced
REFUSED = "refused"  # another figure is there
SAME = "unchanged"  # the figure is there as it is

_WORDS = ("note", "assessment")


class FigureEdit(NamedTuple):
    """A figure to be written. None keeps a text that is there, and an empty text removes it."""

    measure: str
    period: str  # in the grammar's spelling
    value: str  # as the file is to have it; empty if a mark or an assessment replaces it
    area: str = ""  # the id of a peer; empty for the own area
    marks: tuple[str, ...] | None = None  # all marks of the figure; None leaves those that are there
    with_marks: tuple[str, ...] = ()  # to add to them
    without_marks: tuple[str, ...] = ()  # to take away from them
    note: str | None = None
    assessment: str | None = None  # met, near or missed
    numerator: str | None = None
    denominator: str | None = None
    margin: str | None = None  # half the width of its 95% interval


class Outcome(NamedTuple):
    """What an edit does to its series."""

    edit: FigureEdit
    kind: str  # one of the words above
    key: str  # the period as the file has it, or is to have it
    before: str  # the old figure, such as "86 [provisional]", without its note; empty for a new one
    marks: tuple[str, ...]  # the old ones
    fields: Mapping[str, Any]  # the new ones, as the reader would give them
    changed: tuple[str, ...]  # the names of those that change, come or go, in the order of writing

    @property
    def after(self) -> str:
        """The new figure, as `before` has the old one."""
        return _figure_text(self.fields)

    @property
    def revises(self) -> bool:
        """Whether a figure was replaced without an announcement: readers need the reason."""
        return self.kind == REPLACED and not ANNOUNCING & {*self.marks}


def _compare(edit: FigureEdit, key: str, figure: Any, *, is_new: bool, replace: bool) -> Outcome:
    """What an edit does to a figure, a value alone or fields; what it doesn't say stays as it is."""
    alone = {} if figure is None else {"value": figure}
    old = figure if isinstance(figure, dict) else alone
    there = tuple(old["marks"]) if isinstance(old.get("marks"), list) else ()
    gone = {*edit.without_marks}
    if edit.marks is None and (edit.value or edit.assessment):
        gone |= WITHOUT_VALUE  # a value removes the marks that said why there was none
    kept = (mark for mark in (there if edit.marks is None else edit.marks) if mark not in gone)
    marks = tuple(dict.fromkeys((*kept, *edit.with_marks)))
    changes: dict[str, Any] = {}
    if set(marks) != set(there):
        changes["marks"] = list(marks) or None
    for name in (name for name in FIGURE_FIELDS if name != "marks"):
        new: str | None = getattr(edit, name)
        if new is not None and not _says(old, name, new):
            written = new if name in _WORDS else resolve(new)
            changes[name] = written if new.strip() else None
    kind = REPLACED if replace else REFUSED
    if is_new:
        kind = NEW
    elif not changes:
        kind = SAME
    elif old.keys().isdisjoint(("value", "assessment")):
        kind = FILLED
    fields = {name: value for name, value in {**old, **changes}.items() if value is not None}
    changed = tuple(name for name in FIGURE_FIELDS if name in changes)
    return Outcome(edit, kind, key, _figure_text(figure), there, fields, changed)


def _says(old: Mapping[str, Any], name: str, new: str) -> bool:
    if name in _WORDS:
        return new.split() == str(old.get(name, "")).split()
    there, here = old.get(name), resolve(new) if new else None
    with suppress(ValueError):
        there = value_of(there, Unit(DURATION)) if isinstance(there, str) else there
        here = value_of(here, Unit(DURATION)) if isinstance(here, str) else here
    return bool(there == here)


def _figure_text(figure: Any) -> str:
    """A figure of a file in a few words, without its note: "86", "86 [provisional]", "53.3 (114 of 214)"."""
    if not isinstance(figure, dict):
        return "" if figure is None else _digits(figure)
    marks = figure.get("marks")
    parts = [_digits(figure[name]) for name in ("value", "assessment") if name in figure]
    if "numerator" in figure or "denominator" in figure:
        part = f"{_digits(figure['numerator'])} " if "numerator" in figure else ""
        parts.append(f"({part}of {_digits(figure.get('denominator', '?'))})")
    parts += [f"± {_digits(figure['margin'])}"] if "margin" in figure else []
    parts += [f"[{', '.join(map(str, marks))}]"] if isinstance(marks, list) else []
    return " ".join(parts)


def _digits(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def add_figures(
    data: bytes,
    edits: Sequence[FigureEdit],
    year_starts: int = APRIL,
    *,
    replace: bool = False,
    commentary: Mapping[str, str] = {},
) -> tuple[Content, list[Outcome]]:
    """Put figures in their places: the file, and what became of each; `replace` allows to write over another value or note.

    A new figure goes where its time is in the series. One that is there already keeps its spelling, its place and the rest of
    its line. A file in the standard form stays in it; nothing else in the file changes but for a `new_commentary`.

    Raises `UnplacedError` if the file has no such measure, `PeriodError` if a period is none, and what `rewritten` does.
    """
    before = readable(data)
    values = before.document.values or {}
    changes: dict[tuple[str, str], list[Outcome]] = {(edit.measure, edit.area): [] for edit in edits}
    series = {address: _series(values, *address, year_starts) for address in changes}
    outcomes = []
    for edit in edits:
        address = edit.measure, edit.area
        figures, spellings, kind = series[address]
        key = spellings.get(identity(parse_period(edit.period, year_starts), kind), edit.period)
        outcome = _compare(edit, key, figures.get(key), is_new=key not in figures, replace=replace)
        outcomes.append(outcome)
        if outcome.kind in {NEW, FILLED, REPLACED}:
            changes[address].append(outcome)

    def write(root: Any) -> None:
        for changed in filter(None, changes.values()):
            _write(root, changed, year_starts)
        if commentary:
            _fields_in(root, "commentary", before=("measures",)).update(commentary)

    return rewritten(before, write) if commentary or any(changes.values()) else before, outcomes


def new_commentary(there: Any, day: date, text: str, *, replace: bool) -> dict[str, str]:
    """The commentary to write beside those of a file, by its day; none if the newest one says the same.

    Raises `UnplacedError` if there is another of that day that may not be replaced, or one without a day.
    """
    key = day.isoformat()
    if not isinstance(there, dict):
        raise UnplacedError("Its commentary has no day. Run kpi lint to see what to write.")
    if there and str(there[max(there)]).split() == text.split():
        return {}
    if key in there and not replace:
        raise UnplacedError(f"It has another commentary of {key}. If this one is right, use --replace.")
    return {key: text}


def _series(
    values: Mapping[str, Any], measure: str, area: str, year_starts: int
) -> tuple[Mapping[str, Any], Mapping[object, str], str]:
    """The figures of a series by period, how the periods are spelt by the days that they cover, and the kind of the figures."""
    fields = _measure(values, measure, area)
    holder = fields.get("peers") if area else fields
    figures = holder.get(area or "observations") if isinstance(holder, dict) else None
    if not isinstance(figures, dict | None):
        raise UnplacedError(
            "Its figures aren't written as period, colon and figure. Run kpi lint to see why."
        )
    kind = str(fields.get("kind") or values.get("kind") or AVERAGE)
    spellings: dict[object, str] = {}
    for key in figures or {}:
        with suppress(PeriodError):  # what is not a period is skipped
            spellings.setdefault(identity(parse_period(key, year_starts), kind), key)
    return figures or {}, spellings, kind


def _measure(values: Mapping[str, Any], name: str, area: str) -> Mapping[str, Any]:
    measures = values.get("measures")
    measures = measures if isinstance(measures, dict) else {}
    measure = measures.get(name)
    if not isinstance(measure, dict):
        raise UnplacedError(f"It has no measure called {quoted(name)}. There are: {listed(measures)}.")
    # "No figures yet" is no obstacle: the first figure replaces it.
    takes_figures = area or measure.get("no_figures") == {"because": AWAITING_DATA}
    if "derived" in measure and not takes_figures:
        why = 'is computed from other measures ("derived:"). Record the figures of those.'
        raise UnplacedError(f"{quoted(name)} {why}")
    if "no_figures" in measure and not takes_figures:
        why = 'says that it has no figures ("no_figures:"). Delete that line first, and write "observations:" in its place.'
        raise UnplacedError(f"{quoted(name)} {why}")
    return measure


def _write(root: Any, changes: Sequence[Outcome], year_starts: int) -> None:
    """Put figures of one series into a file that has its measure: each new one before the first that is later."""
    edit = changes[0].edit
    around = [root, root["measures"], root["measures"][edit.measure]]
    if edit.area:
        around.append(_fields_in(around[-1], "peers"))
        series = _fields_in(around[-1], edit.area)
    else:
        series = _fields_in(around[-1], "observations", before=("peers",))
        around[-1].pop("no_figures", None)
    on_a_line = any(map(in_brackets, (*around, series)))

    def order(period: str) -> tuple[date, date]:
        with suppress(PeriodError):
            return parse_period(period, year_starts).order
        return date.min, date.min

    changed = {change.key: change for change in changes if change.kind != NEW}
    added = [change for change in changes if change.kind == NEW]
    new = deque(sorted(added, key=lambda change: order(change.key)))
    for period in list(series):
        while new and order(new[0].key) < order(period):
            _put_figure(series, new[0].key, new.popleft(), on_a_line=on_a_line)
        if period in changed:
            _put_figure(series, period, changed[period], on_a_line=on_a_line)
        reorder(series, (period,))
    for change in new:
        _put_figure(series, change.key, change, on_a_line=on_a_line)


def _fields_in(holder: Any, name: str, before: Container[str] = ()) -> Any:
    """The fields that a field holds; made where there are none, before other fields or last."""
    if not isinstance(holder.get(name), dict):
        put(holder, name, {}, before=before)
    return holder[name]


def _put_figure(series: Any, period: str, change: Outcome, *, on_a_line: bool) -> None:
    """Write a figure behind the others, or what changes in one that is there.

    Its shape is the standard one: alone, with marks beside it in braces, or with a note on lines of its own.
    """
    figure = series.get(period)
    is_block = isinstance(figure, dict) and not in_brackets(figure)
    if not isinstance(figure, dict):
        figure = {} if figure is None or figure == "" else {"value": figure}
    for position, name in enumerate(FIGURE_FIELDS):
        value = change.fields.get(name)
        if name in change.changed and value is None:
            figure.pop(name, None)
        elif name in change.changed:
            value = BracketedItems(value) if isinstance(value, list) else value
            put(figure, name, value, before=FIGURE_FIELDS[position:])
    if is_block:
        return
    if set(figure) == {"value"}:
        series[period] = figure["value"]
    elif on_a_line or "note" not in figure or stays_on_its_line(series, period):
        series[period] = BracedFields(figure)
    else:
        series[period] = dict(figure)
