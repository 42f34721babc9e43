"""What people type for a figure, read for the measure's unit if it has one reading: `67%`, `1,234`, `£5`, `2 min 18 sec`."""

import re
from decimal import Decimal

from kpi.human.slips import BOUND, DASH, FOOTNOTE, NOTHING, PARTS, RANGE, UNIT, Slip, recognise_slip, tidy
from kpi.model.quantity import (
    CURRENCY,
    DAYS,
    DURATION,
    DURATION_SHAPE,
    MOST_DIGITS,
    NAMED,
    SYMBOLS,
    WEEKS,
    Unit,
    ValueFormError,
    duration_text,
    unit_text,
    value_of,
)
from kpi.model.text import quoted

PLAIN = re.compile(rf"-?(?:0|[1-9][0-9]{{0,{MOST_DIGITS - 1}}})(?:\.[0-9]{{1,{MOST_DIGITS}}})?")
"""A number as files hold it."""

_WORDS_OF = {"percent": r"%|per ?cent|pct?", "days": "days?", "weeks": "weeks?|wks?"}
_TIMES = "k|thousand|mn?|million|bn|billion"
_NEVER_CONVERTED = {CURRENCY, DAYS, WEEKS, NAMED}  # 2 weeks are not 2 days


def interpret_value(text: str, unit: Unit) -> str:
    """The figure that a text means, as files write it: `67%` → `67` if the unit is percent; `ValueFormError` if none, or two."""
    bare = _plain(text, unit)
    raw = Decimal(bare) if PLAIN.fullmatch(bare) else bare
    try:
        value_of(raw, unit)
    except ValueFormError as error:
        if error.replacement and unit.kind == DURATION:  # 1h90m
            return error.replacement
        raise
    return bare.removeprefix("-") if raw == 0 else bare  # files have no minus sign before a zero


def _plain(text: str, unit: Unit) -> str:
    if PLAIN.fullmatch(text) or (unit.kind == DURATION and re.fullmatch(DURATION_SHAPE, text)):
        return text
    minutes = re.fullmatch(r"([0-9]{1,5}\.[0-9]{1,3}) ?m", text, re.IGNORECASE)
    if minutes and unit.kind == DURATION:
        return duration_text((Decimal(minutes[1]) * 60).normalize())
    slip = recognise_slip(text)
    if slip is None:
        if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
            wrong = f"{quoted(text, 60)} has more than {MOST_DIGITS} digits."
            raise ValueFormError(f"{wrong} Programs don't keep more exactly.")
        return text
    if slip.number is None or slip.mark or slip.why in {FOOTNOTE, DASH}:
        raise ValueFormError(slip.message, _advice(slip))
    if unit.kind != DURATION and not fits(text, unit):
        wanted = f"The unit here is {unit_text(unit)}."
        is_time = PLAIN.fullmatch(slip.number) is None
        advice = "Write a number alone." if is_time else f"Is {slip.number} meant?"
        if (slip.why == UNIT or is_time) and unit.kind in _NEVER_CONVERTED:
            advice = f"Write the figure in {unit_text(unit)}, as a number alone."
        raise ValueFormError(f"{quoted(text)} {slip.wrong} {wanted}", advice)
    return slip.number


def fits(text: str, unit: Unit) -> bool:
    """Whether the text around the digits is empty or the unit itself."""
    words = {
        CURRENCY: f"{re.escape(SYMBOLS.get(unit.name, unit.name))}|{unit.name}",
        NAMED: re.escape(unit.name),
    }
    own = words.get(unit.kind) or _WORDS_OF.get(unit.kind) or "(?!)"
    rest = re.sub(r"[-+0-9.,_'\s]|(?<=[0-9])[eE](?=[-+0-9])", " ", tidy(text)).strip()
    return re.fullmatch(rf"(?:{own})? *(?:{_TIMES})? *(?:{own})?", rest, re.IGNORECASE) is not None


def _advice(slip: Slip) -> str:
    """What to do on a command line, where marks are given beside the figure."""
    if slip.mark:
        start = f"Write {slip.number}" if slip.number else "Leave the figure out, and add"
        return f"{start} --mark {slip.mark}."
    return _ADVICE.get(slip.why, slip.help).format(number=slip.number)


_ADVICE = {
    NOTHING: "Write 0 for a true zero, or --mark not-available where there is no figure.",
    RANGE: "Write one number, and the range in a note.",
    PARTS: "Write the share itself.",
    BOUND: "Write the figure itself, or the mark suppressed if it may not be published.",
    FOOTNOTE: "Write {number}, and what the footnote says in a note.",
}
