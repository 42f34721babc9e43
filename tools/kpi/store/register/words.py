"""What people write into a list of KPIs: which way is better, units, frequencies and targets."""

import re
from typing import Any, NamedTuple

from kpi.model.frequency import FREQUENCIES

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
_CURRENCIES = {"£": "GBP", "gbp": "GBP", "€": "EUR", "eur": "EUR", "$": "USD", "usd": "USD"}
_SCALES = {
    "": ("", 0),
    "k": ("thousand", 3),
    "000": ("thousand", 3),
    "000s": ("thousand", 3),
    "m": ("million", 6),
    "million": ("million", 6),
    "bn": ("billion", 9),
}
_NO_TARGET = re.compile(
    r"|n/?a|none|no target|not set|not applicable|-+|–|monitor\w*|monitoring only|contextual|baseline|x|\."
)
_BOUNDS = (
    ("at_least", r"(?:>=|≥|=>|at least|min(?:imum)?(?: of)?|no less than|not less than|not below)\s*(.+)|(.+?)\s*(?:\+|or more|or above|or higher|and above|or over|min(?:imum)?)"),
    ("at_most", r"(?:<=|≤|=<|at most|max(?:imum)?(?: of)?|no more than|not more than|up to|within|not above)\s*(.+)|(.+?)\s*(?:or less|or below|or lower|or fewer|or under|and below|max(?:imum)?)"),
    ("more_than", r"(?:>|more than|above|over|greater than|higher than|exceed(?:s|ing)?)\s*(.+)"),
    ("less_than", r"(?:<|less than|below|under|fewer than|lower than)\s*(.+)"),
    ("between", r"(?:between\s+)?(.+?)\s*(?:–|-|to|and)\s*(.+)"),
)  # fmt: skip


class ReadUnit(NamedTuple):
    """A unit as a file has it; for money also the word of `scale:`, and the power of ten that figures are to be multiplied by."""

    raw: str | dict[str, Any]
    scale: str = ""
    power: int = 0


def way_in(text: str) -> str:
    """Which way is better: higher, lower or neither; empty where the text doesn't say."""
    text = text.casefold().strip(" .!")
    for way, words in _WAYS:
        if re.fullmatch(rf"(?:{words})", text):
            return way
    named = [
        way for way, words in _WAYS[:2] if re.search(rf"\b(?:{words})\b", re.sub(r"\b[a-z]\b", "", text))
    ]
    return named[0] if len(named) == 1 else ""


def frequency_in(text: str) -> str:
    """The frequency that a text names; empty where it names none."""
    text = text.casefold().strip(" .")
    return next((name for name, words in _FREQUENCIES.items() if re.fullmatch(words, text)), "")


def frequency_of(months: int) -> str:
    """The frequency of figures that are so many months long; empty where there is none."""
    return next((name for name, one in FREQUENCIES.items() if one.months == months and months), "")


_UNITS = (
    ("percent", r"%|per ?cent(?:age)?|pct|percentage.*|% .*"),
    ("count", r"no|nr|num(?:ber)?|count|total|#|whole number|integer|number of .*"),
    ("days", r"(?:working |calendar )?days?"),
    ("weeks", r"weeks?"),
    ("ratio", r"ratio"),
    ("duration", r"h+:?mm(?::ss)?|mm:ss|duration|time|hours and minutes|minutes and seconds"),
)
_RATE = re.compile(r"per ([0-9][0-9, ]*|hundred thousand|thousand|million)(?: .*)?", re.IGNORECASE)
_IN_WORDS = {"hundred thousand": 100_000, "thousand": 1000, "million": 1_000_000}
_MONEY = re.compile(r"(£|€|\$|gbp|eur|usd)['’ ,.]*(k|0{3}s?|m|million|bn|)", re.IGNORECASE)


def unit_in(text: str) -> ReadUnit | None:
    """The unit that a text names; None where it is empty. A word that is none of the usual ones is the unit's own name."""
    text = " ".join(text.split())
    folded = text.casefold().strip(" .")
    usual = next((unit for unit, words in _UNITS if re.fullmatch(words, folded)), "")
    if usual or not folded:
        return ReadUnit(usual) if usual else None
    if rate := _RATE.search(folded):
        return ReadUnit({"rate_per": _IN_WORDS.get(rate[1]) or int(re.sub(r"\D", "", rate[1]))})
    if money := _MONEY.fullmatch(folded):
        return ReadUnit({"currency": _CURRENCIES[money[1]]}, *_SCALES[money[2]])
    return ReadUnit({"name": text})


def bound_in(text: str) -> tuple[str, tuple[str, ...]]:
    """How a target's text binds and the numbers in it, as written; no word for how where it is a mere number."""
    text = " ".join(text.split())
    for how, pattern in _BOUNDS:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        numbers = tuple(one for one in (found.groups() if found else ()) if one)
        if (
            numbers
            and all(re.search("[0-9]", one) for one in numbers)
            and (how != "between" or len(numbers) == 2)
        ):
            return how, numbers
    return "", (text,)


def is_no_target(text: str) -> bool:
    """Whether a text says that there is no target."""
    return _NO_TARGET.fullmatch(text.strip().casefold()) is not None
