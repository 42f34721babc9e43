"""What the cells of a row say of one figure: its period, its value, and what else there is to say of it."""

import re
from decimal import Decimal

from kpi.human.period import explain_period, interpret_period
from kpi.human.value import interpret_value
from kpi.judge.state import ASSESSMENTS
from kpi.model.kpi import CUMULATIVE, SNAPSHOT, Measure
from kpi.model.period import Period
from kpi.model.quantity import DURATION, SCALES, SYMBOLS, ValueFormError, duration_text
from kpi.model.text import HIDDEN, quoted
from kpi.model.vocabulary import MARKS
from kpi.store.intake.cell_value import Value, cell_number, cell_value
from kpi.store.intake.slip import SlipError, unknown
from kpi.store.intake.year_or_month import unclear_advice
from kpi.store.tables.table_figures import RawFigure

ADDED_MARKS, REMOVED_MARKS = "added marks", "removed marks"
"""What a command says of a figure's marks; the column of a table has all of them."""


def period_in(raw: RawFigure, year_starts: int) -> Period:
    """The period of a row, however it is written.

    Raises:
        SlipError: if it is none, or could be two.
    """
    text = raw.text("period")
    if not text:
        raise SlipError(raw, "period", "This row has no period.", "Write one like 2022/23 or 2024-01.")
    period = interpret_period(text, year_starts)
    if period is not None:
        return period
    meant = explain_period(text, year_starts)
    other = " Or delete the column." if raw.period_row != raw.row else ""
    help_ = unclear_advice(raw, meant.replacements, year_starts) or meant.help
    raise SlipError(raw, "period", meant.message, f"{help_}{other}")


def hold_day(raw: RawFigure, period: Period, measure: Measure) -> Period:
    """Stop at a day that was meant for a month: spreadsheets make `Jan 24` a day. The period, where it is none.

    Raises:
        SlipError: if it looks like one.
    """
    text = raw.text("period")
    if period.form == "day" and period.text != text and measure.kind not in {SNAPSHOT, CUMULATIVE}:
        message = f"{quoted(text)} is one day, but {quoted(measure.id)} is not counted by days."
    elif period.form == "day" and period.text != text and period.start.day == 1:
        message = f"{quoted(text)} is the first day of a month, so the whole month may be meant."
    else:
        return period
    help_ = f"For the month write {period.text[:7]}, for the day {period.text}."
    raise SlipError(raw, "period", message, help_)


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
