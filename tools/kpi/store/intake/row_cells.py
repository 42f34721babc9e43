"""What the cells of a row say of one figure: values as `human/value` reads them, with what only tables have, marks and texts."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from kpi.human.numerals import tidy
from kpi.human.slips import BOUND, NOTHING, PARTS, Slip, recognise_slip
from kpi.human.value import PLAIN, fits, interpret_value
from kpi.judge.state import ASSESSMENTS
from kpi.model.kpi import Measure
from kpi.model.mark import MARKS, UNCLEAR, WITHOUT_VALUE
from kpi.model.quantity import (
    COUNT,
    CURRENCY,
    DURATION,
    PERCENT,
    RATIO,
    SCALES,
    SYMBOLS,
    Unit,
    ValueFormError,
    duration_text,
)
from kpi.model.text import HIDDEN, listed, nearest, quoted
from kpi.store.tables import UNKNOWN, ZERO
from kpi.store.tables.table_figures import RawFigure


class SlipError(Exception):
    """Something in a field of a row is wrong; `problem` says what, and where."""

    def __init__(self, raw: RawFigure, field: str, message: str, help_: str) -> None:
        super().__init__(message)
        self.problem = raw.problem(field, message, help_)


def unknown(
    raw: RawFigure,
    field: str,
    there_is_no: str,
    text: str,
    ids: Iterable[str],
    titles: Mapping[str, str] | None = None,
) -> SlipError:
    """What to say of a name that there isn't, with the nearest one.

    Args:
        raw: the row.
        field: the field with the name.
        there_is_no: such as "There is no KPI".
        text: the name.
        ids: the names that there are.
        titles: other words that people may write for them, with the names.
    """
    names, titles = list(ids), titles or {}
    title = nearest(text, titles, 0.85)
    parts = reversed(text.removesuffix(".yaml").split("/"))
    near = titles[title] if title else next(filter(None, (nearest(part, names) for part in parts)), None)
    there_are = (
        "kpi list shows them all." if raw.is_typed and field == "kpi" else f"There are: {listed(names)}."
    )
    instead = f"Did you mean {quoted(near)}?" if near else there_are
    return SlipError(raw, field, f"{there_is_no} called {quoted(text)}.", instead)


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


ADDED_MARKS, REMOVED_MARKS = "added marks", "removed marks"
"""What a command says of a figure's marks; the column of a table has all of them."""


def in_seconds(raw: RawFigure, measure: Measure) -> bool:
    """Whether a bare number is a duration in seconds: an export says so by its unit."""
    return measure.unit.kind == DURATION and raw.text("unit") != ""


def value_in(raw: RawFigure, measure: Measure) -> Value:
    """The value of a row in the measure's unit; an empty one where there is none.

    Raises:
        SlipError: if it is none, or could be two.
    """
    text = raw.text("value")
    if not text:
        return Value("")
    try:
        if raw.is_typed:
            value = Value(interpret_value(text, measure.unit))
        else:
            value = cell_value(
                text,
                measure.unit,
                decimal_comma=raw.decimal_comma,
                in_seconds=in_seconds(raw, measure),
                legend=raw.legend,
            )
        if not raw.text("unit"):
            hold_scale(text, value.text, measure)
    except ValueFormError as error:
        raise SlipError(raw, "value", error.message, error.help) from None
    return value


def hold_scale(text: str, number: str, measure: Measure) -> None:
    """Stop at a bare number that may be in the scale of print: 25.1 where the amounts are millions.

    Args:
        text: the cell.
        number: what was read; empty where there is none.
        measure: the measure.

    Raises:
        ValueFormError: if it isn't clear which of the two is meant.
    """
    power, suffix = SCALES.get(measure.scale, (0, ""))
    if not power or not number or re.search("[^-+0-9., ]", text):
        return
    series = (measure.observations, *measure.peers.values())
    known = sorted(abs(figure.value) for figures in series for figure in figures if figure.value)
    usual = known[len(known) // 2] if known else Decimal(1).scaleb(power)
    if 0 < abs(Decimal(number)) * 100 < usual:
        sign = "-" if number.startswith("-") else ""
        amount = f"{sign}{SYMBOLS.get(measure.unit.name, measure.unit.name + ' ')}{number.lstrip('-')}"
        message = f"{quoted(text)} can be {amount} or {amount}{suffix}, because {quoted(measure.id)} is printed in {measure.scale}s."
        raise ValueFormError(message, f"Write {amount}{suffix}, or {amount} if it is right.")


def marks_in(raw: RawFigure, field: str = "marks") -> tuple[str, ...]:
    """The marks of a row, in one of the fields that have them.

    Raises:
        SlipError: if one is none.
    """
    words = map(str.strip, raw.text(field).replace(",", ";").split(";"))
    marks = tuple(dict.fromkeys(filter(None, words)))
    for mark in marks:
        if mark not in MARKS:
            raise unknown(raw, field, "There is no mark", mark, MARKS)
    return marks


def text_in(raw: RawFigure, field: str) -> str:
    """The note or the commentary of a row, on one line.

    Raises:
        SlipError: if it has a character in it that can't be seen.
    """
    text = " ".join(raw.text(field).split())
    if HIDDEN.search(text):
        message = f"{quoted(text)} has a character that can't be seen."
        raise SlipError(raw, field, message, "Type the text again.")
    return text


def assessment_in(raw: RawFigure) -> str:
    """The assessment of a row: met, near, missed or none.

    Raises:
        SlipError: if it is another word.
    """
    text = raw.text("assessment")
    if text and text not in ASSESSMENTS:
        raise unknown(raw, "assessment", "There is no assessment", text, ASSESSMENTS)
    return text


def margin_in(raw: RawFigure, measure: Measure) -> str:
    """The margin of a row's figure, as a file has it; a time where the figures are times. Or none.

    Raises:
        SlipError: if it is not a plain number.
    """
    margin = number_in(raw, "margin")
    return duration_text(Decimal(margin)) if margin and in_seconds(raw, measure) else margin


def number_in(raw: RawFigure, field: str) -> str:
    """The numerator, the denominator or the margin of a row, or none.

    Raises:
        SlipError: if it is not a plain number.
    """
    text = raw.text(field)
    try:
        return cell_number(text, decimal_comma=raw.decimal_comma) if text else ""
    except ValueFormError as error:
        raise SlipError(raw, field, error.message, error.help) from None
