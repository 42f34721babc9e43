"""The names of marks, bounds and frequencies in files, and what they do; `tests/test_schema.py` holds the schema to them."""

from datetime import date, timedelta
from typing import NamedTuple

from kpi.model.period import add_months


class Mark(NamedTuple):
    """A mark that a figure can have."""

    name: str  # how files write it
    # in square brackets after a printed figure: the letters of the Government Analysis Function, and our own `q`
    letter: str
    words: str  # what the letter means, for readers
    # what people write for it in small letters: beside a number, or instead of one if `without_value`
    typed: tuple[str, ...] = ()
    needs_note: bool = False  # the figure needs a note that explains the mark
    without_value: bool = False  # it says why there is no figure
    announces_change: bool = False  # the figure will be replaced, and the new one needs no explanation
    late_note: str = ""  # what its note has to say where a published figure gets it later; empty for none
    not_final: bool = False  # charts draw the figure as an outline
    explains_jump: bool = False  # it explains why a figure is far from the one before

    @property
    def brief(self) -> str:
        """Its name with spaces: "low reliability"."""
        return self.name.replace("-", " ")


_NOT_AVAILABLE = (
    *("n/a", "na", "n.a.", ":", "-", "--", "..", ".", "...", "?", "tbc", "tba", "tbd", "[x]", "x", "unknown", "missing"),
    *("pending", "null", "~", "nan", ".nan", "#n/a", "no data", "not available", "not yet available", "not known", "not recorded"),
    *("unavailable", "not collected", "to be confirmed", "awaiting data"),
)  # fmt: skip

_MARKS = (
    Mark("break", "b", "the series changed between this figure and the one before", ("break",),
         late_note="what is counted in another way from there on", explains_jump=True),
    Mark("provisional", "p", "provisional", ("provisional", "prov", "prov."), not_final=True,
         announces_change=True, late_note="what may still change, and why that is known only now"),
    Mark("revised", "r", "revised since it was first published", ("revised", "rev", "rev."), explains_jump=True),
    Mark("estimated", "e", "estimated", ("estimated", "estimate", "est", "est.", "approx", "approx."), not_final=True,
         announces_change=True, late_note="what is estimated, and why", explains_jump=True),
    Mark("forecast", "f", "forecast, not yet observed", ("forecast",), announces_change=True, not_final=True),
    Mark("low-reliability", "u", "low reliability", ("low reliability", "low-reliability"), not_final=True),
    Mark("queried", "q", "printed so in the source, but doubted",
         needs_note=True, not_final=True, explains_jump=True),
    Mark("not-available", "x", "not available", _NOT_AVAILABLE, without_value=True),
    Mark("not-applicable", "z", "not applicable", ("[z]", "z", "not applicable"), without_value=True),
    Mark("suppressed", "c", "suppressed to protect people's privacy",
         ("[c]", "c", "*", "suppressed", "confidential", "withheld"), without_value=True),
)  # fmt: skip

MARKS = {mark.name: mark for mark in _MARKS}
"""Every mark by its name, in the order in which legends list them."""

# The marks by what they do.
WITHOUT_VALUE = frozenset(mark.name for mark in _MARKS if mark.without_value)
ANNOUNCING = frozenset(mark.name for mark in _MARKS if mark.announces_change)
LATE_MARKS = frozenset(mark.name for mark in _MARKS if mark.late_note)
NOT_FINAL = frozenset(mark.name for mark in _MARKS if mark.not_final)
EXPLAINING = frozenset(mark.name for mark in _MARKS if mark.explains_jump)

LETTERS_TYPED = {mark.letter: mark.name for mark in _MARKS if not (mark.without_value or mark.needs_note)}
"""The marks of figures with a number that need no note, by their letter."""

# Marks by what people write beside a number or instead of one, in small letters.
BESIDE_NUMBER = {text: mark.name for mark in _MARKS if not mark.without_value for text in mark.typed}
INSTEAD_OF_NUMBER = {text: mark.name for mark in _MARKS if mark.without_value for text in mark.typed}

UNCLEAR = {
    "-": ("can mean 0, or that there is no figure.", "Write 0 for a true zero, or [x] where there is no figure."),
    "*": ("can mean that the figure is suppressed, or that there is a note.", "Write [c] where it is suppressed, or [x] where there is none."),
    "~": ("can mean a figure that rounds to 0, or one that is suppressed.", "Write the figure, or [c] where it is suppressed."),
    "[low]": ("means a figure that rounds to 0, but is not 0.", "Write the figure itself, or 0 with a note."),
    "[u]": ("means that a figure is not reliable, but there is none beside it.", "Write the figure too, or [x] where there is none."),
}  # fmt: skip
"""Ambiguous signs that tables have instead of a number: what each can mean, and what to write."""
UNCLEAR["--"] = UNCLEAR["-"]


MORE, LESS = "more", "less"


class BoundKind(NamedTuple):
    """How a value is compared with a bound."""

    name: str  # how files write it
    words: str  # what readers see before the level
    asks: str = ""  # MORE or LESS for a bound that is open on one side; empty for a value or range
    strict: bool = False  # the level itself doesn't meet the bound
    opposite: str = ""  # the kind that asks for the other way; empty if there is none


EQUALS, BETWEEN = "equals", "between"

_BOUND_KINDS = (
    BoundKind("at_least", "at least", MORE, opposite="at_most"),
    BoundKind("more_than", "more than", MORE, strict=True, opposite="less_than"),
    BoundKind("at_most", "at most", LESS, opposite="at_least"),
    BoundKind("less_than", "less than", LESS, strict=True, opposite="more_than"),
    BoundKind(EQUALS, "exactly"),
    BoundKind(BETWEEN, "between"),
)

BOUND_KINDS = {kind.name: kind for kind in _BOUND_KINDS}
"""Every kind of bound by its name in the files."""


class Frequency(NamedTuple):
    """A regular frequency."""

    name: str  # how files write it
    period: str  # the time between two figures, for readers: "month"
    months: int = 0  # that time in months; 0 if it is in days
    days: int = 0  # that time in days; 0 if it is in months

    @property
    def length(self) -> tuple[str, int]:
        """The length of its periods, as `Period.length` gives it."""
        return ("months", self.months) if self.months else ("days", self.days)

    def after(self, day: date) -> date:
        """The end of the period after one that ends on a day."""
        return add_months(day, self.months) if self.months else day + timedelta(days=self.days)


_FREQUENCIES = (
    Frequency("weekly", "week", days=7),
    Frequency("four-weekly", "four-week period", days=28),
    Frequency("monthly", "month", 1),
    Frequency("quarterly", "quarter", 3),
    Frequency("half-yearly", "half-year", 6),
    Frequency("annual", "year", 12),
    Frequency("biennial", "two years", 24),
)

FREQUENCIES = {frequency.name: frequency for frequency in _FREQUENCIES}
"""Every regular frequency by its name in the files."""
