"""How Excel shows a day or a time. A day is written so that it can be read in one way only; where the format has words, as it is."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from kpi.model.period import MONTHS
from kpi.model.quantity import plain
from kpi.model.text import quoted
from kpi.store.tables.number_format import Shown, Token

_DAY_ZERO, _DAY_ZERO_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_LAST_DAY = 2_958_465  # 31 December 9999
_DAYS_TO_1904 = 1462


def shown_date(number: Decimal, tokens: Sequence[Token], *, since_1904: bool) -> Shown:
    """What a number shows in a section with letters for days and times.

    Args:
        number: the number of days.
        tokens: the section.
        since_1904: whether days are counted from 1904.
    """
    last = _LAST_DAY - (_DAYS_TO_1904 if since_1904 else 0)
    units = _units(tokens)
    is_day = bool(units & {"y", "m", "d"})
    if not 0 <= number <= last or (is_day and number < 1):
        return Shown(plain(number), f"This cell is to show a date or a time, but holds {plain(number)}.")
    day = (_DAY_ZERO_1904 if since_1904 else _DAY_ZERO) + dt.timedelta(int(number))
    text = _in_words(tokens, day, number)
    if is_day:
        return Shown(_day(tokens, units, day, number % 1) or text)
    return _time(tokens, units, number, text)


def _units(tokens: Sequence[Token]) -> set[str]:
    """The units that are shown: y, m and d of a day; h, n (a minute) and s of a time."""
    return {unit for unit, _ in _read(tokens) if unit}


def _read(tokens: Sequence[Token]) -> list[tuple[str, Token]]:
    """Each token with its unit; an m after hours or before seconds is a minute."""
    found: list[tuple[str, Token]] = []
    units = [token.text[0] if token.kind in {"date", "elapsed"} else "" for token in tokens]
    for place, (unit, token) in enumerate(zip(units, tokens, strict=True)):
        before = next((one for one in reversed(units[:place]) if one), "")
        after = next((one for one in units[place + 1 :] if one), "")
        is_minute = unit == "m" and (before == "h" or after == "s" or token.kind == "elapsed")
        found.append(("n" if is_minute else "y" if unit == "e" else unit, token))
    return found


def _has_words(tokens: Sequence[Token]) -> bool:
    return any(
        token.kind == "half" or (token.kind == "text" and any(map(str.isalnum, token.text)))
        for token in tokens
    )


def _day(tokens: Sequence[Token], units: set[str], day: dt.date, rest: Decimal) -> str:
    """`2024`, `Jan 2024` or `31 Jan 2024`, with the time of day where there is one; nothing where the format says it in its own way."""
    letters = [unit for unit, _ in _read(tokens) if unit in {"y", "m"}]
    weekdays = [token for unit, token in _read(tokens) if unit == "d" and len(token.text) < 3]
    if _has_words(tokens) or len(letters) != len(set(letters)) or len(weekdays) > 1 or "y" not in units:
        return ""
    if "m" not in units:
        return (
            str(day.year)
            if "d" not in units and any(len(token.text) > 2 for unit, token in _read(tokens) if unit)
            else ""
        )
    month = f"{MONTHS[day.month - 1][:3]} {day.year}"
    if not weekdays:
        return month
    return f"{day.day} {month} {_clock(rest)}" if rest else f"{day.day} {month}"


def _time(tokens: Sequence[Token], units: set[str], number: Decimal, text: str) -> Shown:
    """Hours, minutes and seconds: `0:02:18`; without seconds or with words as it is shown."""
    if _has_words(tokens) or not {"n", "s"} <= units:
        return Shown(text, _unlike(text, number) if text.isdecimal() else "")
    most = Decimal(1) if "h" in units else Decimal(1) / 24
    if number >= most and not any(token.kind == "elapsed" for token in tokens):
        return Shown(_clock(number), _unlike(text, number))
    return Shown(_clock(number))


def _unlike(text: str, number: Decimal) -> str:
    return f"This cell shows {quoted(text)}, but holds {_clock(number)}."


def _clock(days: Decimal) -> str:
    """Hours, minutes and seconds: `0:02:18`. A thousandth of a second is the least that Excel shows."""
    seconds, part = divmod(_milliseconds(days), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" + (f".{part:03d}".rstrip("0") if part else "")


def _milliseconds(days: Decimal) -> int:
    return int((days * 86_400_000).to_integral_value(ROUND_HALF_UP))


def _in_words(tokens: Sequence[Token], day: dt.date, number: Decimal) -> str:
    """The section as it stands, each letter as Excel fills it."""
    seconds, part = divmod(_milliseconds(number), 1000)
    whole = {"h": seconds // 3600, "n": seconds // 60, "s": seconds}
    of_half = any(token.kind == "half" for token in tokens)
    hour = whole["h"] % 24
    clock = {"h": (hour % 12 or 12) if of_half else hour, "n": whole["n"] % 60, "s": seconds % 60}
    text = ""
    for unit, token in _read(tokens):
        length = len(token.text)
        if token.kind == "elapsed":
            text += str(whole[unit]).zfill(length)
        elif unit in clock:
            text += str(clock[unit]).zfill(min(length, 2))
        elif unit == "y":
            text += str(day.year) if length > 2 else f"{day.year % 100:02d}"
        elif unit == "m":
            text += _month(day, length)
        elif unit == "d":
            text += f"{day:%A}"[: None if length > 3 else 3] if length > 2 else str(day.day).zfill(length)
        elif token.kind == "half":
            text += "AM" if hour < 12 else "PM"
        elif token.kind == "digits":
            text += f"{part:03d}"[: len(token.text)]
        else:
            text += token.text
    return " ".join(text.split())


def _month(day: dt.date, length: int) -> str:
    name = MONTHS[day.month - 1]
    return {1: str(day.month), 2: f"{day.month:02d}", 3: name[:3], 5: name[0]}.get(length, name)
