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
    """What a number shows in a section with letters for days and times."""
    last = _LAST_DAY - (_DAYS_TO_1904 if since_1904 else 0)
    read = _read(tokens)
    units = [unit for unit, _ in read if unit]
    is_day = not {"y", "m", "d"}.isdisjoint(units)
    if not 0 <= number <= last or (is_day and number < 1):
        return Shown(plain(number), f"This cell is to show a date or a time, but holds {plain(number)}.")
    day = (_DAY_ZERO_1904 if since_1904 else _DAY_ZERO) + dt.timedelta(int(number))
    text = _in_words(read, day, number)
    if any(
        token.kind == "half" or (token.kind == "text" and any(map(str.isalnum, token.text)))
        for token in tokens
    ):
        return Shown(text)
    if is_day:
        return Shown(_day(read, day, number % 1) or text)
    unlike = f"This cell shows {quoted(text)}, but holds {_clock(number)}."
    if not {"n", "s"} <= set(units):
        return Shown(text, unlike if text.isdecimal() else "")
    most = Decimal(1) if "h" in units else Decimal(1) / 24
    is_whole = number < most or any(token.kind == "elapsed" for token in tokens)
    return Shown(_clock(number), "" if is_whole else unlike)


def _read(tokens: Sequence[Token]) -> list[tuple[str, Token]]:
    """Each token with its unit: y, m and d of a day; h, n (a minute) and s of a time. An m after hours or before seconds is a minute."""
    units_and_tokens: list[tuple[str, Token]] = []
    units = [token.text[0] if token.kind in {"date", "elapsed"} else "" for token in tokens]
    for place, (unit, token) in enumerate(zip(units, tokens, strict=True)):
        before = next(filter(None, reversed(units[:place])), "")
        after = next(filter(None, units[place + 1 :]), "")
        is_minute = unit == "m" and (before == "h" or after == "s" or token.kind == "elapsed")
        units_and_tokens.append(("n" if is_minute else "y" if unit == "e" else unit, token))
    return units_and_tokens


def _day(read: Sequence[tuple[str, Token]], day: dt.date, time: Decimal) -> str:
    """`2024`, `Jan 2024` or `31 Jan 2024`, with the time of day where there is one; nothing where the format says it in its own way."""
    parts = [unit for unit, _ in read if unit in {"y", "m"}]
    days = [token for unit, token in read if unit == "d"]
    numbers = [token for token in days if len(token.text) < 3]  # the others are names of weekdays
    if "y" not in parts or len(parts) != len(set(parts)) or len(numbers) > 1:
        return ""
    if "m" not in parts:
        is_long = any(len(token.text) > 2 for unit, token in read if unit)
        return str(day.year) if is_long and not days else ""
    month = f"{MONTHS[day.month - 1][:3]} {day.year}"
    if not numbers:
        return month
    return f"{day.day} {month} {_clock(time)}" if time else f"{day.day} {month}"


def _clock(days: Decimal) -> str:
    """Hours, minutes and seconds: `0:02:18`. A thousandth of a second is the least that Excel shows."""
    seconds, part = divmod(_milliseconds(days), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" + (f".{part:03d}".rstrip("0") if part else "")


def _milliseconds(days: Decimal) -> int:
    return int((days * 86_400_000).to_integral_value(ROUND_HALF_UP))


def _in_words(read: Sequence[tuple[str, Token]], day: dt.date, number: Decimal) -> str:
    """The section as it is, each letter as Excel fills it."""
    seconds, part = divmod(_milliseconds(number), 1000)
    whole = {"h": seconds // 3600, "n": seconds // 60, "s": seconds}
    of_half = any(token.kind == "half" for _, token in read)
    hour = whole["h"] % 24
    clock = {"h": (hour % 12 or 12) if of_half else hour, "n": whole["n"] % 60, "s": seconds % 60}
    text = ""
    for unit, token in read:
        length = len(token.text)
        if token.kind == "elapsed":
            text += str(whole[unit]).zfill(length)
        elif unit in clock:
            text += str(clock[unit]).zfill(min(length, 2))
        elif unit:
            text += _of_day(unit, length, day)
        elif token.kind == "half":
            text += "AM" if hour < 12 else "PM"
        else:
            text += f"{part:03d}"[:length] if token.kind == "digits" else token.text
    return " ".join(text.split())


def _of_day(unit: str, length: int, day: dt.date) -> str:
    if unit == "y":
        return str(day.year) if length > 2 else f"{day.year % 100:02d}"
    if unit == "d":
        return f"{day:%A}"[: None if length > 3 else 3] if length > 2 else str(day.day).zfill(length)
    name = MONTHS[day.month - 1]
    return {1: str(day.month), 2: f"{day.month:02d}", 3: name[:3], 5: name[0]}.get(length, name)
