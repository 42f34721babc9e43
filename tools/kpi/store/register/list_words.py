"""What people write into a list of KPIs: which way is better, units, frequencies and targets."""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from kpi.model.quantity import SCALES, SYMBOLS, ValueFormError

HIGHER, LOWER, NEITHER = "higher", "lower", "neither"
BOUND_OF = {HIGHER: "at_least", LOWER: "at_most", NEITHER: "equals"}
"""How a target binds that is a mere number, by which way is better."""

_WAYS = (
    (LOWER, r"low(?:er|est)?|small(?:er)?|less|fewer|down|decreas\w*|reduc\w*|minimi\w*|fall\w*|negative|l|s|-|↓|▼|⬇|🡇"),
    (HIGHER, r"high(?:er|est)?|big(?:ger)?|large(?:r)?|more|up|increas\w*|maximi\w*|improv\w*|ris\w*|positive|h|b|\+|↑|▲|⬆|🡅"),
    (NEITHER, r"neither|neutral|n/?a|none|monitor\w*(?: only)?|context\w*(?: only)?|in range|range|plan|on plan|tbc|no polarity"),
)  # fmt: skip
_FREQUENCIES = {
    "weekly": r"week(?:ly)?|w",
    "four-weekly": r"(?:4|four)[- ]?weekly",
    "monthly": r"month(?:ly)?|m|every month|each month",
    "quarterly": r"quarter(?:ly)?|q|qtr|qtrly|every (?:three|3) months|(?:3|three)[- ]monthly",
    "half-yearly": r"half[- ]?year(?:ly)?|six[- ]monthly|6[- ]monthly|bi-?annual(?:ly)?|twice a year|semi-?annual(?:ly)?",
    "annual": r"annual(?:ly)?|year(?:ly)?|a|y|every year|once a year|financial year|academic year",
    "biennial": r"biennial(?:ly)?|every (?:two|2) years|(?:2|two)[- ]yearly",
    "irregular": r"irregular(?:ly)?|ad[- ]?hoc|termly|as required|various",
}
_CURRENCIES = {name.casefold(): code for code, symbol in SYMBOLS.items() for name in (code, symbol)}
_K = "thousand"
_SCALES = {"k": _K, "000": _K, "000s": _K, "m": "million", "million": "million", "bn": "billion"}
_NO_TARGET = re.compile(
    r"|n/?a|none|no target|not set|not applicable|-+|–|monitor\w*|monitoring only|contextual|baseline|x|\."
)
_BOUNDS = (
    ("at_least", r"(?:>=|≥|=>|at least|min(?:imum)?(?: of)?|no less than|not less than|not below)\s*(.+)|(.+?)\s*(?:\+|or more|or above|or higher|and above|or over|min(?:imum)?)"),
    ("at_most", r"(?:<=|≤|=<|at most|max(?:imum)?(?: of)?|no more than|not more than|up to|within|not above)\s*(.+)|(.+?)\s*(?:or less|or below|or lower|or fewer|or under|and below|max(?:imum)?)"),
    ("more_than", r"(?:>|more than|above|over|greater than|higher than|exceed(?:s|ing)?)\s*(.+)"),
    ("less_than", r"(?:<|less than|below|under|fewer than|lower than)\s*(.+)"),
    ("between", r"(?:between\s+)?(.+?)(?<![+/])\s*(?:–|-|to|and)\s*(.+)"),
)  # fmt: skip


class ReadUnit(NamedTuple):
    """A unit as a file has it."""

    raw: str | dict[str, Any]
    scale: str = ""  # for money the word of `scale:`
    clock: int = 0  # the seconds that the last part of `18:22` counts, 1 or 60; 0 where that isn't known

    @property
    def power(self) -> int:
        """The power of ten that figures of money are to be multiplied by."""
        return SCALES[self.scale][0] if self.scale else 0


def _match(table: Iterable[tuple[str, str]], text: str) -> str:
    """The first name in a table of names and patterns whose pattern a text fits; empty where there is none."""
    return next((name for name, pattern in table if re.fullmatch(pattern, text)), "")


def way_in(text: str) -> str:
    """Which way is better: higher, lower or neither; empty where the text doesn't say."""
    text = text.casefold().strip(" .!")
    if way := _match(_WAYS, text) or _match(_WAYS, re.split(r" [-–(]", text)[0]):
        return way
    text = re.sub(r"\b[a-z]\b", "", text)
    named = [way for way, words in _WAYS[:2] if re.search(rf"\b(?:{words})\b", text)]
    return named[0] if len(named) == 1 else ""


def frequency_in(text: str) -> str:
    """The frequency that a text names; empty where it names none."""
    return _match(_FREQUENCIES.items(), text.casefold().strip(" ."))


_UNITS = (
    ("percent", r"%|per ?cent(?:age)?|pct|percentage.*|% .*"),
    ("count", r"no|nr|num(?:ber)?|count|total|#|whole number|integer|number of .*"),
    ("days", r"(?:working |calendar )?days?"),
    ("weeks", r"weeks?"),
    ("ratio", r"ratio"),
    ("duration", r"h+:?mm(?::ss)?|mm:ss|duration|time|hours and minutes|minutes and seconds"),
)
_CLOCKS = (("1", r"m+:ss|minutes and seconds"), ("60", r"h+:?mm|hours and minutes"))
_RATE = re.compile(r"per ([0-9][0-9, ]*|hundred thousand|thousand|million)(?: .*)?", re.IGNORECASE)
_IN_WORDS = {"hundred thousand": 100_000, "thousand": 1000, "million": 1_000_000}
_MONEY = re.compile(rf"({'|'.join(map(re.escape, _CURRENCIES))})['’ ,.]*({'|'.join(_SCALES)}|)")


def unit_in(text: str) -> ReadUnit | None:
    """The unit that a text names; None where it is empty. A word that is none of the usual ones is the unit's own name."""
    text = " ".join(text.split())
    folded = text.casefold().strip(" .")
    if not folded:
        return None
    if usual := _match(_UNITS, folded):
        return ReadUnit(usual, clock=int(_match(_CLOCKS, folded) or 0))
    if rate := _RATE.search(folded):
        return ReadUnit({"rate_per": _IN_WORDS.get(rate[1]) or int(re.sub(r"\D", "", rate[1]))})
    if money := _MONEY.fullmatch(folded):
        return ReadUnit({"currency": _CURRENCIES[money[1]]}, _SCALES.get(money[2], ""))
    return ReadUnit({"name": text})


def bound_in(text: str) -> tuple[str, tuple[str, ...]]:
    """How a target's text binds and the numbers in it, as written; no word for how where it is a mere number."""
    text = " ".join(text.split())
    for how, pattern in _BOUNDS:
        match = re.fullmatch(pattern, text, re.IGNORECASE)
        numbers = tuple(number for number in (match.groups() if match else ()) if number)
        are_numbers = all(re.search("[0-9]", number) for number in numbers)
        if are_numbers and len(numbers) == (2 if how == "between" else 1):
            return how, numbers
    return "", (text,)


def target_in(text: str, better: str, read: Callable[[str], str]) -> tuple[str, tuple[str, ...], str]:
    """How a target binds, as a file's field says it, with its values; and why a number among words wasn't read.

    The field is empty for a mere number where neither way is better. `read` gives a number as a file has it, or raises a
    ValueFormError.
    """
    how, numbers = bound_in(text)
    try:
        values = tuple(map(read, numbers))
    except ValueFormError as error:
        if not re.search(r"[^\W\d_]", text):
            raise
        return "in_words", (text,), error.message if re.search("[0-9]", text) else ""
    if not all(values):
        return "in_words", (text,), ""
    return how or (BOUND_OF[better] if better in {HIGHER, LOWER} else ""), values, ""


FIGURES, TARGETS, OTHERS = "figures", "targets", "others"
NAMES = "names"  # A row that has a KPI's name, and whatever else, but no figures
_ROWS = (
    (FIGURES, r"actuals?|results?|performance|out-?turn|figures?|values?|achieved|achievement|current"),
    (TARGETS, r"targets?|plan(?:ned)?|standard|goal|ambition|trajectory|threshold"),
    (OTHERS, r"variance|variation|difference|gap|change|trend|rag|status|forecast|(?:previous|last|prior) year|benchmark|national|england|average|ytd"),
)  # fmt: skip


def row_kind(text: str) -> str:
    """What a row holds that is called so: figures, targets, or others that aren't taken; empty where the text says none of them."""
    return _match(_ROWS, text.casefold().strip(" .:"))


def title_and_kind(title: str) -> tuple[str, str]:
    """A KPI's title without what it says of its row: `Calls answered (target)`."""
    parts = re.fullmatch(r"(.*?)\s*(?:[-–:(]\s*)?\b(actuals?|targets?)\)?", title, re.IGNORECASE)
    if parts is None or (parts[1] and not re.search(r"[-–:(]\s*\w+\)?$", title)):
        return title, ""
    return parts[1], row_kind(parts[2])


def is_nothing(text: str) -> bool:
    """Whether a text stands for none: `n/a`, `TBC`, a dash, or a formula that should have given one."""
    return not text[0].isalnum() or bool(re.fullmatch(r"n/?a|tb[ac]|none|unknown|not known", text.casefold()))


def is_no_target(text: str) -> bool:
    """Whether a text says that there is no target."""
    return _NO_TARGET.fullmatch(text.strip().casefold()) is not None
