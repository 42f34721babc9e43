"""The value in a cell: as `human/value` reads it, and what only tables have: marks beside it, decimal commas, seconds."""

import re
from decimal import Decimal
from typing import NamedTuple

from kpi.human.slips import NOTHING, PARTS, number_slip
from kpi.human.value import PLAIN, understood_value
from kpi.model.quantity import DURATION, RATIO, Unit, ValueFormError, duration_text
from kpi.model.text import quoted

_CLOCK = re.compile(r"([0-9]{1,5}):([0-5][0-9]):([0-5][0-9](?:\.[0-9]{1,3})?)")
_ONE_COMMA = re.compile(r"(-?[0-9]+),([0-9]+)(?![0-9,.])")
_THREE_AFTER = re.compile(r"(?<![0-9.,])(-?(?!0[.,])[0-9]{1,3})([.,])([0-9]{3})(?![0-9.,])")


class Value(NamedTuple):
    """A value as a file has it, empty where the mark says why there is none."""

    text: str
    marks: tuple[str, ...] = ()


def cell_value(text: str, unit: Unit, *, decimal_comma: bool = False, in_seconds: bool = False) -> Value:
    """The one value that a cell can mean.

    Args:
        text: the cell, not empty.
        unit: the measure's unit.
        decimal_comma: whether a comma may stand where English has a point.
        in_seconds: whether a bare number is a duration in seconds, as in an export.

    Raises:
        ValueFormError: if it means none, or could mean two; it says what to write.
    """
    if in_seconds and PLAIN.fullmatch(text) and not text.startswith("-"):
        return Value(duration_text(Decimal(text)))
    if unit.kind == DURATION and (clock := _CLOCK.fullmatch(text)):
        return Value(duration_text(Decimal(int(clock[1]) * 3600 + int(clock[2]) * 60) + Decimal(clock[3])))
    if text.startswith("#"):
        raise ValueFormError(
            f"{quoted(text)} stands where a formula of the spreadsheet failed.", "Write the figure."
        )
    slip = number_slip(text)
    if slip is not None and slip.mark:
        return Value(understood_value(slip.number, unit) if slip.number else "", (slip.mark,))
    if slip is not None and slip.why == PARTS:
        raise ValueFormError(slip.message, slip.help)
    if slip is not None and slip.why == NOTHING:
        raise ValueFormError(
            f"{quoted(text)} is not a number.", "Write the figure, 0 for a true zero, or nothing."
        )
    return Value(_number(_with_point(text) if decimal_comma else text, unit))


def cell_number(text: str, *, decimal_comma: bool = False) -> str:
    """The one number that a cell can mean that has no unit, such as a numerator, as a file has it.

    Args:
        text: the cell, not empty.
        decimal_comma: as for `cell_value`.

    Raises:
        ValueFormError: likewise.
    """
    message = f"{quoted(text, 60)} is not a plain number."
    try:
        found = cell_value(text, Unit(RATIO), decimal_comma=decimal_comma)
    except ValueFormError as error:
        raise ValueFormError(message, error.help or "Write at most 15 digits.") from None
    if found.marks:
        help_ = f"Write {found.text}." if found.text else "Leave the cell empty where there is none."
        raise ValueFormError(message, help_)
    return found.text


def _number(text: str, unit: Unit) -> str:
    try:
        return understood_value(text, unit)
    except ValueFormError as error:
        if error.replacement and PLAIN.fullmatch(text):  # 12.0 for a count, as programs write it
            return error.replacement
        raise


def _with_point(text: str) -> str:
    """The text with its decimal comma as a point.

    Raises:
        ValueFormError: if the comma or the point may as well part thousands: `1,234`, `1.234`.
    """
    if unclear := _THREE_AFTER.search(text):
        whole, sign, rest = unclear.groups()
        which = "a comma" if sign == "," else "a point"
        message = f"{quoted(text)} has {which}, so it is not clear which number is meant."
        raise ValueFormError(message, f"Write {whole},{rest}0 or {whole}{rest}.")
    found = _ONE_COMMA.search(text)
    if found is None or "." in text:
        return text
    return f"{text[: found.end(1)]}.{text[found.start(2) :]}"
