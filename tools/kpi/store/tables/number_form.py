"""How Excel shows a number: in per cent, as a date, as a time. The form decides what a reader of the sheet sees."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite

from kpi.model.period import MONTHS
from kpi.model.quantity import plain

PERCENT, MONTH, YEAR, DAY, TIME = "percent", "month", "year", "day", "time"

_ITS_OWN = {
    9: PERCENT,
    10: PERCENT,
    17: MONTH,
    **dict.fromkeys((14, 15, 16, 22, *range(27, 37), *range(50, 59)), DAY),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), TIME),
}
"""The forms that Excel knows by number alone (ECMA-376, part 1, 18.8.30)."""

_EXACT_DIGITS = 15  # what Excel keeps of a number, and shows
_LAST_DAY = 2_958_465  # 31 December 9999


class Forms:
    """The forms of a workbook, read from its styles."""

    def __init__(self) -> None:
        self._own: dict[int, str] = {}
        self._styles: list[int] = []
        self._in_cells = False

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """An element of the styles."""
        if tag in {"cellXfs", "cellStyleXfs", "dxfs", "cellStyles"}:
            self._in_cells = tag == "cellXfs"
        elif tag == "numFmt":
            self._own[int(given["numFmtId"])] = _form(given["formatCode"])
        elif tag == "xf" and self._in_cells:
            self._styles.append(int(given.get("numFmtId", "0")))

    def of(self, style: str) -> str:
        """The form of a cell with this style; empty for a plain number."""
        number = int(style)
        form = self._styles[number] if 0 <= number < len(self._styles) else 0
        return self._own.get(form, _ITS_OWN.get(form, ""))


def _form(code: str) -> str:
    """What a code such as `mmm-yy` shows of a number."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', "", code.lower()).partition(";")[0]
    if "%" in bare:
        return PERCENT
    if "d" in bare:
        return DAY
    if "h" in bare or "s" in bare:  # an m is then a minute
        return DAY if "y" in bare else TIME
    if "m" in bare:
        return MONTH
    return YEAR if "y" in bare else ""


def shown(text: str, form: str, since: dt.date) -> str:
    """A number as a reader of the sheet sees it, with all its digits.

    Args:
        text: as the file has it.
        form: how it is shown.
        since: the day that is 0.

    Raises:
        ValueError: if it is no number.
    """
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    exact = Decimal(f"{number:.{_EXACT_DIGITS}g}")
    if form == PERCENT:
        return f"{plain(exact.scaleb(2))}%"
    if form == TIME and 0 <= exact <= _LAST_DAY:
        return _time(exact)
    if form and 1 <= exact <= _LAST_DAY - 1500:  # days may be counted from 1904
        return _day(since + dt.timedelta(int(exact)), exact % 1, form)
    return plain(exact)


def _day(day: dt.date, rest: Decimal, form: str) -> str:
    """`Jan 2024` or `31 Jan 2024`, with the time of day where there is one."""
    if form == YEAR:
        return str(day.year)
    month = f"{MONTHS[day.month - 1][:3]} {day.year}"
    if form == MONTH:
        return month
    return f"{day.day} {month} {_time(rest)}" if rest else f"{day.day} {month}"


def _time(days: Decimal) -> str:
    """Hours, minutes and seconds: `0:02:18`. A thousandth of a second is the least that Excel shows."""
    milliseconds = int((days * 86_400_000).to_integral_value())
    seconds, part = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" + (f".{part:03d}".rstrip("0") if part else "")
