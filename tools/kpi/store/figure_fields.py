"""One figure as its fields: what an entry would change, compared with what the file says."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.quantity import parse_duration, plain
from kpi.model.vocabulary import ANNOUNCING, WITHOUT_VALUE
from kpi.store.yaml.plain import resolve

NEW = "new"  # the period had no figure
FILLED = "filled"  # the period was there without a figure, with a mark that says why
REPLACED = "replaced"  # another figure was there, and may be replaced
REFUSED = "refused"  # another figure is there
UNCHANGED = "unchanged"  # the figure is there as it is
TWICE = "twice"  # an entry before this one is about the same figure

_WORDS = ("note", "assessment")
_NUMBERS = ("value", "numerator", "denominator", "margin")


class Entry(NamedTuple):
    """A figure to be written.

    For texts that may be None, None keeps what is there, and an empty text removes it.

    Attributes:
        measure: the measure's id.
        period: as the file is to have it, in the grammar's spelling.
        value: as the file is to have it; empty if a mark or an assessment replaces it.
        area: the id of a peer; empty for the own area.
        marks: all marks of the figure; None leaves those that are there.
        with_marks: marks to add to them.
        without_marks: marks to take away from them.
        note: the note on the figure.
        assessment: met, near or missed.
        numerator: the part that a share was made from, as the file is to have it.
        denominator: the whole that it was made from, in the same form.
        margin: half the width of its 95% interval, in the same form.
    """

    measure: str
    period: str
    value: str
    area: str = ""
    marks: tuple[str, ...] | None = None
    with_marks: tuple[str, ...] = ()
    without_marks: tuple[str, ...] = ()
    note: str | None = None
    assessment: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    margin: str | None = None


class Outcome(NamedTuple):
    """What happens to an entry.

    Attributes:
        entry: what is to be written.
        kind: one of the words above: `NEW`, `FILLED`, `REPLACED`, `REFUSED`, `UNCHANGED`, `TWICE`.
        key: the period as the file has it, or is to have it.
        before: the old figure, such as "86" or "86 [provisional]", without its note; empty for a new one.
        marks: the old marks.
        fields: the new fields, as the reader would give them.
        changed: the names of the fields that change, come or go, in the order in which they are written.
    """

    entry: Entry
    kind: str
    key: str
    before: str = ""
    marks: tuple[str, ...] = ()
    fields: Mapping[str, Any] = MappingProxyType({})
    changed: tuple[str, ...] = ()

    @property
    def after(self) -> str:
        """The new figure, as `before` has the old one."""
        return _figure_text(self.fields)

    @property
    def revises(self) -> bool:
        """Whether a figure was replaced without an announcement: readers need the reason."""
        return self.kind == REPLACED and not ANNOUNCING & {*self.marks}


def compare(entry: Entry, key: str, figure: Any, *, is_new: bool, replace: bool) -> Outcome:
    """What an entry does to a figure; what it doesn't say stays as it is.

    Args:
        entry: the entry.
        key: the period as the file is to have it.
        figure: the figure in the file, a value alone or fields; anything where there is none.
        is_new: whether there is none.
        replace: whether another value, mark or note may replace one that is there.
    """
    old = figure if isinstance(figure, dict) else {} if figure is None else {"value": figure}
    there = tuple(old["marks"]) if isinstance(old.get("marks"), list) else ()
    marks = _marks(entry, there)
    changes: dict[str, Any] = {}
    if set(marks) != set(there):
        changes["marks"] = list(marks) or None
    for name in (*_NUMBERS, *_WORDS):
        new: str | None = getattr(entry, name)
        if new is not None and not _says(old, name, new):
            changes[name] = None if not new.split() else new if name in _WORDS else resolve(new)
    published = "value" in old or "assessment" in old
    kind = REFUSED
    if is_new:
        kind = NEW
    elif not changes:
        kind = UNCHANGED
    elif not published:
        kind = FILLED
    elif replace:
        kind = REPLACED
    fields = {name: value for name, value in {**old, **changes}.items() if value is not None}
    changed = tuple(name for name in FIGURE_FIELDS if name in changes)
    return Outcome(entry, kind, key, _figure_text(figure), there, fields, changed)


def _marks(entry: Entry, there: tuple[str, ...]) -> tuple[str, ...]:
    """The marks of a figure: a value removes those that said why there was none."""
    marks = there if entry.marks is None else entry.marks
    has_figure = bool(entry.value or entry.assessment)
    gone = {*entry.without_marks} | (WITHOUT_VALUE if has_figure and entry.marks is None else set())
    return tuple(dict.fromkeys((*(mark for mark in marks if mark not in gone), *entry.with_marks)))


def _says(old: Mapping[str, Any], name: str, new: str) -> bool:
    """Whether a field says the same already, in whatever spelling."""
    if name in _WORDS:
        return new.split() == str(old.get(name, "")).split()
    if not new or name not in old:
        return not new and name not in old
    return bool(_number(old[name]) == _number(resolve(new)))


def _number(value: Any) -> Any:
    """What two spellings of one value share: the number, or the seconds."""
    if isinstance(value, str):
        with suppress(ValueError):
            return parse_duration(value)
        return value
    return Decimal(value) if isinstance(value, int) else value


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
