"""What the cells of a row say of one figure: its value with what only tables have, its marks and texts."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from kpi.human.slips import BOUND, NOTHING, PARTS, PLAIN, Slip, fits, interpret_value, recognise_slip, tidy
from kpi.judge.state import ASSESSMENTS
from kpi.model import quantity
from kpi.model.kpi import Measure
from kpi.model.quantity import DURATION, Unit, ValueFormError, duration_text
from kpi.model.text import listed, nearest, quoted
from kpi.model.vocabulary import MARKS, UNCLEAR, WITHOUT_VALUE
from kpi.store.tables import UNKNOWN, ZERO, RawFigure

ADDED_MARKS, REMOVED_MARKS = "added marks", "removed marks"
"""What a command says of a figure's marks; the column of a table has all of them."""
_CLOCK = re.compile(r"([0-9]{1,5}):([0-5][0-9]):([0-5][0-9](?:\.[0-9]{1,3})?)")
_ONE_COMMA = re.compile(r"(-?[0-9]+),([0-9]+)(?![0-9,.])")
_THREE_AFTER = re.compile(r"(?<![0-9.,])(-?(?!0[.,])[0-9]{1,3})([.,])([0-9]{3})(?![0-9.,])")


class SlipError(Exception):
    """Something in a field of a row is wrong; `problem` says what, and where."""

    def __init__(self, raw: RawFigure, field: str, message: str, help_: str) -> None:
        super().__init__(message)
        self.problem = raw.problem(field, message, help_)


class Value(NamedTuple):
    """A value as a file has it, empty where the mark says why there is none."""

    text: str
    marks: tuple[str, ...] = ()


def unknown(
    raw: RawFigure,
    field: str,
    there_is_no: str,
    text: str,
    ids: Collection[str],
    titles: Mapping[str, str] = {},
) -> SlipError:
    """What to say of a name that there isn't ("There is no KPI"), with the nearest id or title."""
    near = titles.get(nearest(text, titles, 0.85) or "")
    for part in reversed(text.removesuffix(".yaml").split("/")):
        near = near or nearest(part, ids)
    help_ = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(ids)}."
    if not near and raw.is_typed and field == "kpi":
        help_ = "kpi list shows them all."
    return SlipError(raw, field, f"{there_is_no} called {quoted(text)}.", help_)


def cell_value(
    text: str, unit: Unit, comma: bool, legend: Mapping[str, str] = {}, *, in_seconds: bool = False
) -> Value:
    """The one value that a cell (not empty) can mean; a ValueFormError if it means none, or could mean two.

    With `comma` a comma may stand where English has a point; with `in_seconds` a bare number is a duration in seconds, as in an
    export. `legend` is what the sheet says of its markers (`tables.legend_of`).
    """
    if in_seconds and PLAIN.fullmatch(text) and not text.startswith("-"):
        return Value(duration_text(Decimal(text)))
    if unit.kind == DURATION and (clock := _CLOCK.fullmatch(text)):
        return Value(duration_text(Decimal(int(clock[1]) * 3600 + int(clock[2]) * 60) + Decimal(clock[3])))
    ends = [marker for marker in legend if text.casefold().endswith(marker)]
    marker = max(ends, key=len, default="")
    if ends and (explained := _by_legend(text, marker, legend[marker], unit, comma)):
        return explained
    slip = recognise_slip(text)
    is_unit = slip is not None and slip.mark and slip.number and fits(text, unit)  # it has the name of a mark
    if not is_unit:
        _hold_unclear(text, slip, unit)
    if slip is not None and slip.mark:
        number = interpret_value(slip.number, unit) if slip.number else ""
        return Value(number, () if is_unit else (slip.mark,))
    number = _with_point(text) if comma else text
    try:
        return Value(interpret_value(number, unit))
    except ValueFormError as error:
        if error.replacement and PLAIN.fullmatch(number):  # 12.0 for a count, as programs write it
            return Value(error.replacement)
        raise


def _hold_unclear(text: str, slip: Slip | None, unit: Unit) -> None:
    """Stop at what stands for a number in tables and can mean two things, or nothing that files hold."""
    if re.match("#[A-Z]", text):  # `#N/A` among them
        message = f"{quoted(text)} shows that a formula of the spreadsheet failed."
        raise ValueFormError(message, "Write the figure.")
    if unclear := UNCLEAR.get(tidy(text).casefold()):
        raise ValueFormError(f"{quoted(text)} {unclear[0]}", unclear[1])
    if slip is None:
        return
    if unit.kind == quantity.CURRENCY and re.fullmatch(r".*[0-9] ?p", text):
        help_ = f"Write pence in {unit.name}, or {slip.number} [p]."
        raise ValueFormError(f"{quoted(text)} could be pence, or provisional.", help_)
    if slip.why == PARTS:
        raise ValueFormError(slip.message, slip.help)
    if slip.why == BOUND and unit.kind != quantity.COUNT:  # fewer than five people may not be told
        raise ValueFormError(slip.message, "Write the figure itself, or [c] where it is suppressed.")
    if slip.why == NOTHING:
        help_ = "Write the figure, 0 for a true zero, or nothing."
        raise ValueFormError(f"{quoted(text)} is not a number.", help_)


def _by_legend(text: str, marker: str, mark: str, unit: Unit, comma: bool) -> Value | None:
    """A cell with a marker that its sheet explains; None where what it says can't be true of this cell."""
    bare = text[: -len(marker)].rstrip()
    if mark == UNKNOWN and (not bare or PLAIN.fullmatch(bare)):
        message = f"The sheet says what {quoted(marker)} means, but not in the words of a mark."
        help_ = f"Write one in its place, such as [x], or in the column marks: {listed(MARKS)}."
        raise ValueFormError(message, help_)
    alone = {ZERO: Value("0"), **{name: Value("", (name,)) for name in WITHOUT_VALUE}}
    if not bare or mark in {*alone, UNKNOWN}:
        return None if bare else alone.get(mark)
    value = cell_value(bare, unit, comma)
    return value._replace(marks=(*value.marks, mark)) if value.text else None


def shown_unit(text: str) -> Unit:
    """The unit that a cell shows, where the file doesn't name one yet."""
    if re.fullmatch(r".*(?:%|per ?cent)", text):
        return Unit(quantity.PERCENT)
    return Unit(DURATION) if re.search(r"[0-9] ?[:hms]", text) else Unit(quantity.RATIO)


def _with_point(text: str) -> str:
    """The text with its decimal comma as a point; an error where it may as well part thousands: `1,234`."""
    if unclear := _THREE_AFTER.search(text):
        whole, sign, after = unclear.groups()
        which = "a comma" if sign == "," else "a point"
        message = f"{quoted(text)} has {which}, so it is not clear which number is meant."
        raise ValueFormError(message, f"Write {whole},{after}0 or {whole}{after}.")
    comma = _ONE_COMMA.search(text)
    if comma is None or "." in text:
        return text
    return f"{text[: comma.end(1)]}.{text[comma.start(2) :]}"


def hold_scale(text: str, number: str, measure: Measure) -> None:
    """Refuse a bare number that may be in the scale of print: 25.1 where others are millions."""
    power, suffix = quantity.SCALES.get(measure.scale, (0, ""))
    if not power or not number or re.search("[^-+0-9., ]", text):
        return
    series = (measure.observations, *measure.peers.values())
    known = sorted(abs(figure.value) for figures in series for figure in figures if figure.value)
    usual = known[len(known) // 2] if known else Decimal(1).scaleb(power)
    if 0 < abs(Decimal(number)) * 100 < usual:
        sign = "-" if number.startswith("-") else ""
        symbol = quantity.SYMBOLS.get(measure.unit.name, f"{measure.unit.name} ")
        amount = f"{sign}{symbol}{number.lstrip('-')}"
        message = f"{quoted(text)} can be {amount} or {amount}{suffix}, because {quoted(measure.id)} is printed in {measure.scale}s."
        raise ValueFormError(message, f"Write {amount}{suffix}, or {amount} if it is right.")


# The fields of a row. A SlipError is raised if one can't be used.


def in_seconds(raw: RawFigure, measure: Measure) -> bool:
    """Whether a bare number is a duration in seconds: an export says so by its unit."""
    return measure.unit.kind == DURATION and raw.text("unit") != ""


def value_in(raw: RawFigure, measure: Measure) -> Value:
    """The value of a row in the measure's unit; an empty one where there is none."""
    text, unit, comma = raw.text("value"), measure.unit, raw.decimal_comma
    if not text:
        return Value("")
    try:
        if raw.is_typed:
            value = Value(interpret_value(text, unit))
        else:
            value = cell_value(text, unit, comma, raw.legend, in_seconds=in_seconds(raw, measure))
        if not raw.text("unit"):
            hold_scale(text, value.text, measure)
    except ValueFormError as error:
        raise SlipError(raw, "value", error.message, error.help) from None
    return value


def number_in(raw: RawFigure, field: str) -> str:
    """The numerator, the denominator or the margin of a row, a number without a unit; or none."""
    text = raw.text(field)
    help_ = ""
    try:
        value = cell_value(text, Unit(quantity.RATIO), raw.decimal_comma) if text else Value("")
        if value.marks:
            help_ = f"Write {value.text}." if value.text else "Leave the cell empty where there is none."
    except ValueFormError as error:
        help_ = error.help or "Write at most 15 digits."
    if help_:
        raise SlipError(raw, field, f"{quoted(text, 60)} is not a plain number.", help_)
    return value.text


def marks_in(raw: RawFigure, field: str = "marks") -> tuple[str, ...]:
    """The marks of a row, in one of the fields that have them."""
    words = map(str.strip, raw.text(field).replace(",", ";").split(";"))
    marks = tuple(dict.fromkeys(filter(None, words)))
    for mark in marks:
        if mark not in MARKS:
            raise unknown(raw, field, "There is no mark", mark, MARKS)
    return marks


def assessment_in(raw: RawFigure) -> str:
    """The assessment of a row: met, near, missed or none."""
    text = raw.text("assessment")
    if text and text not in ASSESSMENTS:
        raise unknown(raw, "assessment", "There is no assessment", text, ASSESSMENTS)
    return text
