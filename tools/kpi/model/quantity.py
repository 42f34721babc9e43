"""Units, values exactly as typed, durations in seconds, and how they are printed. Only `rounded` and `per_cent` round."""

import re
from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from kpi.model.text import joined, quoted

_EXACT = Context(prec=100, traps=[])  # more digits than any sum or product of figures has
MOST_DIGITS = 15
"""Digits that a figure may have before the point, and after it: programs keep this many exactly."""

_LONGEST = 60  # characters; what is longer is a sentence

COUNT, PERCENT, RATIO, DURATION, DAYS, WEEKS = "count", "percent", "ratio", "duration", "days", "weeks"
RATE, CURRENCY, NAMED = "rate", "currency", "named"
_PLAIN_UNITS = frozenset({COUNT, PERCENT, RATIO, DURATION, DAYS, WEEKS})
SCALES = {"thousand": (3, "k"), "million": (6, "m"), "billion": (9, "bn")}
"""What money can be printed in: the power of ten to divide by, and the suffix."""
_SUFFIXES = dict(SCALES.values())
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}

_FIRST, _LATER, _DECIMALS = "[0-9]{1,5}", "[0-5]?[0-9]", r"(?:\.[0-9]{1,3})?"
_SECONDS = f"(?:{_LATER}{_DECIMALS}s)?"
DURATION_SHAPE = f"^(?:{_FIRST}h(?:{_LATER}m)?{_SECONDS}|{_FIRST}m{_SECONDS}|{_FIRST}{_DECIMALS}s)$"
"""How a duration is written: `2m18s`, `1h44m30s`, `3.2s`, `60m`. Minutes and seconds stay under 60 after a larger part."""
ALMOST_DURATION = f"^(?=[0-9])(?:{_FIRST}h)?(?:{_FIRST}m)?(?:{_FIRST}{_DECIMALS}s)?$"
"""The schema's wider pattern: it accepts `1h90m`, so that `value_of` can say what to write."""

_DURATION, _ALMOST_DURATION = re.compile(DURATION_SHAPE), re.compile(ALMOST_DURATION)
_PART = re.compile(r"([0-9.]+)([hms])")


class Unit(NamedTuple):
    """What a measure is counted in."""

    kind: str  # count, percent, ratio, duration, days, weeks, rate, currency or named
    name: str = ""  # a currency's code, or the name of a named unit or of a percentage that is no share
    per: Decimal | None = None  # what a rate is per, such as 100000
    scale: int = 0  # the power of ten that money is divided by in print, such as 6 for millions; 0 elsewhere

    @property
    def is_share(self) -> bool:
        """Whether figures are parts of a whole in per cent, so from 0 to 100."""
        return self.kind == PERCENT and not self.name


class ValueFormError(ValueError):
    """A value that can't stand for its unit: why, what to write instead, and the text if only one can be meant."""

    def __init__(self, message: str, advice: str = "", replacement: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = advice
        self.replacement = replacement


def unit_from(raw: str | Mapping[str, Any]) -> Unit:
    """The unit for a file's `unit`; raises `ValueError` if the file format doesn't allow it."""
    if isinstance(raw, str):
        if raw in _PLAIN_UNITS:
            return Unit(raw)
    elif len(raw) == 1:
        (key, value), *_ = raw.items()
        match key:
            case "percent":
                return Unit(PERCENT, f"{value} percent")
            case "rate_per":
                return Unit(RATE, per=Decimal(value))
            case "currency":
                return Unit(CURRENCY, str(value))
            case "name":
                return Unit(NAMED, str(value))
    raise ValueError(f"not a unit: {raw!r}")


def unit_text(unit: Unit) -> str:
    """The unit in one plain phrase for exports: "count", "percent", "any percent", "per 100000", "GBP", "kg CO2 per m²"."""
    if unit.per is not None:
        return f"per {plain(unit.per)}"
    return unit.name or unit.kind


def _seconds(text: str) -> Decimal:
    """The seconds in `2m18s`, `1h44m30s`, `3.2s` or `60m`, with the decimals as typed."""
    parts = {unit: number for number, unit in _PART.findall(text)}
    whole = int(parts.get("h", 0)) * 3600 + int(parts.get("m", 0)) * 60
    return _EXACT.add(Decimal(whole), Decimal(parts.get("s", "0")))


def duration_text(seconds: Decimal) -> str:
    """The one way to write a duration: `7s`, `8m58s`, `14m`, `1h`, `1h44m30s`, `3.2s`; 1h00m00s is `1h`. Decimals stay as they are."""
    whole, dot, rest = plain(seconds.copy_abs()).partition(".")
    minutes, remainder = divmod(int(whole), 60)
    hours, minutes = divmod(minutes, 60)
    last = f"{remainder:02d}{dot}{rest}s" if remainder or dot else ""
    words = f"{minutes}m{last}" if minutes else f"{remainder}{dot}{rest}s"
    if hours:
        words = f"{hours}h{f'{minutes:02d}m' if minutes or last else ''}{last}"
    return f"-{words}" if seconds < 0 else words


def value_of(raw: int | Decimal | str, unit: Unit) -> Decimal:
    """The value of a number or duration as read, in the unit or in seconds; `ValueFormError` says why it has none."""
    if isinstance(raw, str):
        if unit.kind == DURATION:
            return _duration_of(raw)
        if _DURATION.fullmatch(raw):
            wrong = f"{raw} is a time, but the unit is {unit_text(unit)}."
            raise ValueFormError(wrong, "Write a plain number, or change the unit to duration.")
        wrong = f"{quoted(raw, 60)} is not a number."
        raise ValueFormError(wrong, "Write digits only, without a comma, a symbol or a unit.")
    value = Decimal(raw)
    _, digits, exponent = value.as_tuple()
    if isinstance(raw, bool) or not isinstance(exponent, int):
        raise ValueFormError(f"{quoted(str(raw).lower())} is not a number.", "Write the figure in digits.")
    if not -MOST_DIGITS <= exponent <= MOST_DIGITS - len(digits):
        raise ValueFormError(f"{quoted(str(raw), 40)} has too many digits.", f"The limit is {MOST_DIGITS}.")
    if unit.kind == DURATION:
        raise _bare_duration(value)
    if unit.kind == COUNT and exponent < 0:
        raise _not_whole(value)
    return value


def plain(value: Decimal) -> str:
    """The number in plain digits, as many as it has: never an exponent, never "-0"."""
    return f"{value.copy_abs() if value.is_zero() else value:f}"


def decimals_of(value: Decimal) -> int:
    """The number of digits after the decimal point, zeros included; 0 for what is not a number."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def rounded(value: Fraction | Decimal, decimals: int) -> Decimal:
    """The value with this many decimals, halves away from zero; -3 rounds to whole thousands."""
    numerator, denominator = value.as_integer_ratio()
    denominator *= 10 ** max(0, -decimals)
    doubled = 2 * abs(numerator) * 10 ** max(0, decimals)
    units = (doubled + denominator) // (2 * denominator)
    return Decimal(f"{'-' if numerator < 0 and units else ''}{units}E{-decimals}")


def per_cent(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` as a percentage of `whole`, with one decimal; None where `whole` is zero or less."""
    return rounded(Fraction(part) * 100 / Fraction(whole), 1) if whole > 0 else None


def figure(value: Decimal, unit: Unit, decimals: int | None = None) -> str:
    """The value for readers, such as "5.4 per 100,000": as typed, or with `decimals` of the value even if it is in millions."""
    if decimals is not None:
        value = rounded(value, decimals)
    if unit.kind == DURATION:
        return duration_text(value)
    if unit.scale:
        scaled = value.scaleb(-unit.scale, _EXACT)
        scaled = scaled.normalize(_EXACT) if decimals is None else scaled
        return f"{_money(_grouped(scaled), unit.name)}{_SUFFIXES[unit.scale]}"
    digits = _grouped(value)
    if unit.kind == CURRENCY:
        return _money(digits, unit.name)
    if unit.kind in {DAYS, WEEKS}:
        return f"{digits} {_one_or_more(unit.kind, digits)}"
    per = f" per {_grouped(unit.per)}" if unit.per is not None else ""
    return digits + {PERCENT: "%", NAMED: f" {unit.name}"}.get(unit.kind, per)


def change(value: Decimal, unit: Unit, decimals: int | None = None) -> str:
    """The size of a difference in words, with its own decimals unless given: "3 percentage points", "2m18s", "5 days"."""
    size = value.copy_abs() if decimals is None else rounded(value.copy_abs(), decimals)
    if unit.kind == PERCENT:
        digits = _grouped(size)
        return f"{digits} {_one_or_more('percentage points', digits)}"
    return figure(size, unit, decimals)


def _grouped(value: Decimal) -> str:
    return f"{value.copy_abs() if value.is_zero() else value:,f}"


def _one_or_more(plural: str, digits: str) -> str:
    return plural[:-1] if digits in {"1", "-1"} else plural


def _money(digits: str, code: str) -> str:
    return f"{'-' * digits.startswith('-')}{SYMBOLS.get(code, code + ' ')}{digits.removeprefix('-')}"


def _not_whole(value: Decimal) -> ValueFormError:
    digits = plain(value)
    whole, _, rest = digits.partition(".")
    is_whole = value == Decimal(whole)
    wrong = f"A count is a whole number, but {digits} has decimals."
    if len(rest) == 3 and 1 <= value.copy_abs() < 1000:
        either = f"{whole}, or " if is_whole else ""
        return ValueFormError(wrong, f"Write {either}{whole}{rest} if the point parts thousands.", None)
    if is_whole:
        return ValueFormError(wrong, f"Write {whole}.", whole)
    help_ = "Is the unit percent?" if value.copy_abs() <= 100 else "Write a whole number."
    return ValueFormError(f"A count can't be {digits}.", help_)


def _duration_of(raw: str) -> Decimal:
    if _DURATION.fullmatch(raw):
        return _seconds(raw)
    meant = _durations_meant(raw)
    message = f"{quoted(raw, 60)} is not a duration."
    if not meant:
        raise ValueFormError(message, "Write hours, minutes and seconds like 1h44m30s, 2m18s or 3.2s.")
    if len(meant) > 1:
        raise ValueFormError(message, f"Say which: {meant[0]} or {meant[1]}.")
    raise ValueFormError(message, f"Write {meant[0]}.", meant[0])


def _bare_duration(number: Decimal) -> ValueFormError:
    digits = plain(number)
    if number < 0:
        return ValueFormError(f"A time can't be {digits}.", "Write it like 1h44m30s, 2m18s or 3.2s.")
    if number.is_zero():
        return ValueFormError(f"{digits} doesn't say whether it is seconds or minutes.", "Write 0s.", "0s")
    readings = [f"{digits}s"]
    if as_on_a_clock := re.fullmatch(r"([0-9]+)\.([0-5][0-9])", digits):
        readings.append(f"{int(as_on_a_clock[1])}m{int(as_on_a_clock[2])}s")
    in_minutes = _EXACT.multiply(number, Decimal(60)).normalize(_EXACT)
    readings.append(duration_text(in_minutes) if decimals_of(number) else f"{digits}m")
    wrong = f"{digits} doesn't say whether it is seconds or minutes."
    return ValueFormError(wrong, f"Say which: {joined(readings, 'or')}.")


def _durations_meant(text: str) -> tuple[str, ...]:
    """What `2:18`, `1:44:30`, `2 min 18 sec` or `1h90m` can mean, as durations are written."""
    if match := re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?", text.strip()):
        first, second, third = match.groups()
        meant = (f"{first}h{second}m{third}s",) if third else (f"{first}m{second}s", f"{first}h{second}m")
        return tuple(dict.fromkeys(duration_text(_seconds(time)) for time in meant))  # 0:00 is 0s either way
    if len(text) > _LONGEST:
        return ()
    short = text.casefold()
    for letter, words in (("h", "hours?|hrs?"), ("m", "minutes?|mins?"), ("s", "seconds?|secs?")):
        short = re.sub(rf"(?<=[0-9 ])(?:{words})\b", letter, short)
    short = re.sub(r"(?<![0-9]),|,(?![0-9])| |\band\b", "", short)  # but of `1,25h` the comma is in a number
    if _DURATION.fullmatch(short):
        return (short,)
    return (duration_text(_seconds(short)),) if _ALMOST_DURATION.fullmatch(short) else ()  # 1h90m
