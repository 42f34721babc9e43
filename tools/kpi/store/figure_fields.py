"""One figure as its fields: what an entry would change, compared with what it says."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, NamedTuple

from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.mark import WITHOUT_VALUE
from kpi.model.quantity import parse_duration, plain
from kpi.store.yaml.plain import resolve

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


class Change(NamedTuple):
    """A figure that is new, or changes.

    Attributes:
        entry: what is to be written.
        key: the period as the file has it, or is to have it.
        is_new: whether it isn't there yet.
        fields: its new fields, as the reader would give them.
        changed: the names of the fields that change, come or go, in the order in which they are written.
    """

    entry: Entry
    key: str
    is_new: bool
    fields: dict[str, Any]
    changed: tuple[str, ...]


def merged(entry: Entry, key: str, old: Mapping[str, Any], *, is_new: bool) -> Change:
    """The figure with what an entry says of it; what the entry doesn't say stays as in `old`."""
    there = tuple(old["marks"]) if isinstance(old.get("marks"), list) else ()
    marks = _marks(entry, there)
    changed: dict[str, Any] = {}
    if set(marks) != set(there):
        changed["marks"] = list(marks) or None
    for name in (*_NUMBERS, *_WORDS):
        new: str | None = getattr(entry, name)
        if new is not None and not _says(old, name, new):
            changed[name] = None if not new.split() else new if name in _WORDS else resolve(new)
    fields = {name: value for name, value in {**old, **changed}.items() if value is not None}
    return Change(entry, key, is_new, fields, tuple(name for name in FIGURE_FIELDS if name in changed))


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


def figure_text(figure: Any) -> str:
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
