"""What people write for the value of a figure, where it can be read in one way: `67%`, `1,376`, `£12`, `2:18:00`, `95 [p]`.

In a file these are refused (`slips`). A table that is imported, or a command, may use them; what was made of them is told.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from kpi.model.numerals import readings, tidied
from kpi.model.quantity import CURRENCY, DAYS, DURATION, NAMED, PERCENT, WEEKS, Unit, ValueFormError, duration_text, value_of
from kpi.model.slips import CURRENCY_SIGNS, Slip, number_slip
from kpi.model.text import joined, quoted

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WITH_MARK = re.compile(r"\{(?:value: (\S+), )?marks: \[([a-z-]+)\]\}")
_LONGEST = 60  # characters; what is longer is a sentence


class Value(NamedTuple):
    """A value as a file has it; empty where the mark says why there is none."""

    text: str
    marks: tuple[str, ...] = ()


def understood_value(text: str, unit: Unit, *, decimal_comma: bool = False, in_seconds: bool = False) -> Value | Slip:
    """The one value that a text can mean, or what to write instead.

    Args:
        text: the text, not empty.
        unit: the measure's unit.
        decimal_comma: whether a comma may stand where English has a point.
        in_seconds: whether a bare number is a duration in seconds.
    """
    tidy = tidied(text[: _LONGEST + 1])
    slip = number_slip(text)
    if slip is not None and slip.figure_only and (found := _WITH_MARK.fullmatch(slip.replacement or "")):
        if not found[1]:
            return Value("", (found[2],))
        value = understood_value(found[1], unit, decimal_comma=decimal_comma, in_seconds=in_seconds)
        return value._replace(marks=(*value.marks, found[2])) if isinstance(value, Value) else value
    if unit.kind == DURATION:
        return _duration(text, tidy, in_seconds=in_seconds)
    number = _without_unit(tidy, unit)
    numbers = _with_comma(number) if decimal_comma and "," in number else readings(number)
    if len(numbers) == 1:
        return _held(numbers[0], unit)
    if numbers:
        return Slip(f"{quoted(text)} has a comma, so it is not clear which number is meant.", f"Write {joined(numbers, 'or')}.")
    if tidy.startswith("#"):
        return Slip(f"{quoted(text)} stands where a formula in the spreadsheet failed.", "Write the figure in digits.")
    if slip is None or slip.figure_only:
        return Slip(f"{quoted(text)} is not a number.", "Write the figure in digits, 0 for a true zero, or nothing.")
    return slip


def _held(number: str, unit: Unit) -> Value | Slip:
    """A plain number held against the unit."""
    try:
        value_of(Decimal(number), unit)
    except ValueFormError as error:
        return Value(error.replacement) if error.replacement else Slip(error.message, error.help)
    return Value(number)


def _duration(text: str, tidy: str, *, in_seconds: bool) -> Value | Slip:
    if in_seconds and _PLAIN.fullmatch(tidy) and not tidy.startswith("-"):
        return Value(duration_text(Decimal(tidy)))
    try:
        value_of(Decimal(tidy) if _PLAIN.fullmatch(tidy) else tidy, Unit(DURATION))
    except ValueFormError as error:
        if error.replacement:
            return Value(error.replacement)
        return Slip(error.message, error.help)
    return Value(tidy)


def _with_comma(number: str) -> tuple[str, ...]:
    """What a number with a comma can mean where commas may be decimal points."""
    found = re.fullmatch(r"(-?(?:0|[1-9][0-9]*)),([0-9]+)", number)
    if found is None:
        return readings(number)
    point = f"{found[1]}.{found[2]}"
    grouped = len(found[2]) == 3 and len(found[1].lstrip("-")) <= 3 and found[1] not in {"0", "-0"}
    return (point, found[1] + found[2]) if grouped else (point,)


def _without_unit(text: str, unit: Unit) -> str:
    """The text without the measure's own unit before or behind the number; any other unit stays."""
    behind = {PERCENT: "%|per ?cent|pct?", DAYS: "days?", WEEKS: "weeks?", NAMED: re.escape(unit.name)}.get(unit.kind, "")
    if unit.kind == CURRENCY:
        sign = "|".join(re.escape(sign) for sign, code in CURRENCY_SIGNS.items() if code == unit.name) or re.escape(unit.name)
        if found := re.fullmatch(rf"(-?)(?:{sign}) ?(.+)", text):
            return found[1] + found[2]
        behind = sign
    found = re.fullmatch(rf"(.*[0-9.]) ?(?:{behind})", text, re.IGNORECASE) if behind else None
    return found[1] if found else text
