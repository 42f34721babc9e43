"""The value in a cell: as `human/value` reads it, and what only tables have: marks beside it, decimal commas, seconds."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from kpi.human.slips import BOUND, NOTHING, PARTS, Slip, recognise_slip, tidy
from kpi.human.value import PLAIN, fits, interpret_value
from kpi.model.quantity import COUNT, CURRENCY, DURATION, PERCENT, RATIO, Unit, ValueFormError, duration_text
from kpi.model.text import listed, quoted
from kpi.model.vocabulary import MARKS, UNCLEAR, WITHOUT_VALUE
from kpi.store.tables.marker_legend import UNKNOWN, ZERO

_CLOCK = re.compile(r"([0-9]{1,5}):([0-5][0-9]):([0-5][0-9](?:\.[0-9]{1,3})?)")
_ONE_COMMA = re.compile(r"(-?[0-9]+),([0-9]+)(?![0-9,.])")
_THREE_AFTER = re.compile(r"(?<![0-9.,])(-?(?!0[.,])[0-9]{1,3})([.,])([0-9]{3})(?![0-9.,])")


class Value(NamedTuple):
    """A value as a file has it, empty where the mark says why there is none."""

    text: str
    marks: tuple[str, ...] = ()


def cell_value(
    text: str,
    unit: Unit,
    *,
    decimal_comma: bool = False,
    in_seconds: bool = False,
    legend: Mapping[str, str] = MappingProxyType({}),
) -> Value:
    """The one value that a cell can mean.

    Args:
        text: the cell, not empty.
        unit: the measure's unit.
        decimal_comma: whether a comma may stand where English has a point.
        in_seconds: whether a bare number is a duration in seconds, as in an export.
        legend: what the sheet says of its markers (`tables/marker_legend`).

    Raises:
        ValueFormError: if it means none, or could mean two; it says what to write.
    """
    if in_seconds and PLAIN.fullmatch(text) and not text.startswith("-"):
        return Value(duration_text(Decimal(text)))
    if unit.kind == DURATION and (clock := _CLOCK.fullmatch(text)):
        return Value(duration_text(Decimal(int(clock[1]) * 3600 + int(clock[2]) * 60) + Decimal(clock[3])))
    ends = [marker for marker in legend if text.casefold().endswith(marker)]
    if ends and (
        explained := _by_legend(text, max(ends, key=len), legend, unit, decimal_comma=decimal_comma)
    ):
        return explained
    slip = recognise_slip(text)
    if slip is not None and slip.mark and slip.number and fits(text, unit):
        return Value(interpret_value(slip.number, unit))  # the unit has the name of a mark
    _hold_unclear(text, slip, unit)
    if slip is not None and slip.mark:
        return Value(interpret_value(slip.number, unit) if slip.number else "", (slip.mark,))
    return Value(_number(_with_point(text) if decimal_comma else text, unit))


def _hold_unclear(text: str, slip: Slip | None, unit: Unit) -> None:
    """Stop at what stands for a number in tables and can mean two things, or nothing that files hold."""
    why = slip.why if slip is not None else ""
    if re.match("#[A-Z]", text):
        raise ValueFormError(
            f"{quoted(text)} shows that a formula of the spreadsheet failed.", "Write the figure."
        )
    if unclear := UNCLEAR.get(tidy(text).casefold()):
        raise ValueFormError(f"{quoted(text)} {unclear[0]}", unclear[1])
    if slip is not None and unit.kind == CURRENCY and re.fullmatch(r".*[0-9] ?p", text):
        help_ = f"Write pence in {unit.name}, or {slip.number} [p]."
        raise ValueFormError(f"{quoted(text)} could be pence, or provisional.", help_)
    if slip is not None and why == PARTS:
        raise ValueFormError(slip.message, slip.help)
    if why == BOUND and slip is not None and unit.kind != COUNT:  # fewer than five people may not be told
        raise ValueFormError(slip.message, "Write the figure itself, or [c] where it is suppressed.")
    if why == NOTHING:
        raise ValueFormError(
            f"{quoted(text)} is not a number.", "Write the figure, 0 for a true zero, or nothing."
        )


def _by_legend(
    text: str, marker: str, legend: Mapping[str, str], unit: Unit, *, decimal_comma: bool
) -> Value | None:
    """A cell with a marker that its sheet explains; None where what it says can't be true of this cell."""
    bare, mark = text[: -len(marker)].rstrip(), legend[marker]
    if mark == UNKNOWN and (not bare or PLAIN.fullmatch(bare)):
        raise ValueFormError(
            f"The sheet says what {quoted(marker)} means, but not in the words of a mark.",
            f"Write one in its place, such as [x], or in the column marks: {listed(MARKS)}.",
        )
    if not bare and mark == ZERO:
        return Value("0")
    if not bare and mark in WITHOUT_VALUE:
        return Value("", (mark,))
    if not bare or mark in WITHOUT_VALUE or mark in {ZERO, UNKNOWN}:
        return None
    value = cell_value(bare, unit, decimal_comma=decimal_comma)
    return value._replace(marks=(*value.marks, mark)) if value.text else None


def cell_number(text: str, *, decimal_comma: bool = False) -> str:
    """The one number that a cell can mean that has no unit, such as a numerator, as a file has it.

    Args:
        text: the cell, not empty.
        decimal_comma: as for `cell_value`.

    Raises:
        ValueFormError: as above.
    """
    message = f"{quoted(text, 60)} is not a plain number."
    try:
        value = cell_value(text, Unit(RATIO), decimal_comma=decimal_comma)
    except ValueFormError as error:
        raise ValueFormError(message, error.help or "Write at most 15 digits.") from None
    if value.marks:
        help_ = f"Write {value.text}." if value.text else "Leave the cell empty where there is none."
        raise ValueFormError(message, help_)
    return value.text


def shown_unit(text: str) -> Unit:
    """The unit that a cell shows, where the file doesn't name one yet."""
    if re.fullmatch(r".*(?:%|per ?cent)", text):
        return Unit(PERCENT)
    return Unit(DURATION) if re.search(r"[0-9] ?[:hms]", text) else Unit(RATIO)


def _number(text: str, unit: Unit) -> str:
    try:
        return interpret_value(text, unit)
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
        whole, sign, after = unclear.groups()
        which = "a comma" if sign == "," else "a point"
        message = f"{quoted(text)} has {which}, so it is not clear which number is meant."
        raise ValueFormError(message, f"Write {whole},{after}0 or {whole}{after}.")
    comma = _ONE_COMMA.search(text)
    if comma is None or "." in text:
        return text
    return f"{text[: comma.end(1)]}.{text[comma.start(2) :]}"
