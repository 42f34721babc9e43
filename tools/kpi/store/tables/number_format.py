"""How Excel shows a number: the number format makes the text (ECMA-376, part 1, 18.8.31). `[<5]"*";#,##0` is a star below 5.

All digits count, not only those that are shown. Where the text then says another number than the cell holds, that is a doubt.
"""

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from kpi.model.quantity import plain
from kpi.model.text import quoted

_EXACT_DIGITS = 15  # what Excel keeps of a number, and shows
_LONGEST = 255  # characters of a number format; Excel allows no more

_COMPARE = dict(zip(("<", "<=", ">", ">=", "=", "<>"), (lt, le, gt, ge, eq, ne), strict=True))
_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<space>[_*].)
    | \[(?:(?P<compare>[<>=]+)(?P<limit>-?[0-9.]+) | \$(?P<currency>[^\]-]*)(?:-[^\]]*)? | (?P<elapsed>h+|m+|s+) | [^\]]*)\]
    | (?P<general>general) | (?P<half>am/pm|a/p) | (?P<date>y+|e+(?![+-])|m+|d+|h+|s+) | (?P<exponent>e[+-])
    | (?P<digits>[0\#?]+) | (?P<sign>[.,%/@;]) | (?P<other>.)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_PLAIN = re.compile(r"general|@|[#,0?]*0(?:\.[0#?]+)?", re.IGNORECASE)
"""The number formats that show a number and nothing else: nearly all cells have one of them."""
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(%?)")

_DAY_ZERO, _DAY_ZERO_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001 -- as Excel has it
_LAST_DAY = 2_958_465  # 31 December 9999
_CODES = {
    "y": ("%y", "%y", "%Y"),
    "m": ("%m", "%m", "%b", "%B"),
    "d": ("%d", "%d", "%a", "%A"),
    "h": ("%H",),
    "n": ("%M",),
    "s": ("%S",),
}
"""How a part of a day or a time is shown, by how many letters it has."""
_LENGTHS = {"h": dt.timedelta(hours=1), "n": dt.timedelta(minutes=1), "s": dt.timedelta(seconds=1)}


class Shown(NamedTuple):
    """What a cell shows, nothing if it is hidden; and a sentence where the text or the number may be meant."""

    text: str
    doubt: str = ""


class Token(NamedTuple):
    """A part of a number format."""

    kind: str  # a group of `_TOKEN`; "text" for every word or sign that is shown
    text: str
    unit: str = ""  # y, m or d for a part of a day; h, n (a minute) or s for one of a time


_AT = Token("sign", "@")  # where a text stands


class Section(NamedTuple):
    """One of the up to four parts of a number format: for which numbers, and what is shown."""

    compare: str
    limit: Decimal
    tokens: tuple[Token, ...]


def exact(number: float) -> Decimal:
    """A number with the digits that were typed; a ValueError is raised if it is infinite, or none."""
    if not math.isfinite(number):
        raise ValueError(number)
    return Decimal(f"{number:.{_EXACT_DIGITS}g}")


def shown(number: Decimal, form: str, *, since_1904: bool = False) -> Shown:
    """A number as a reader of the sheet sees it, with all its digits."""
    if _PLAIN.fullmatch(form):
        return Shown(plain(number))
    if len(form) > _LONGEST:
        return Shown(plain(number), "This cell has a number format that is longer than Excel allows.")
    section, number_there = _section_for(number, sections(form))
    if section is None:
        return Shown(plain(number))
    if any(token.unit for token in section.tokens):
        return _shown_time(number, section.tokens, _DAY_ZERO_1904 if since_1904 else _DAY_ZERO)
    return _filled(number, section.tokens, number_there)


def shows_time(form: str) -> bool:
    """Whether a number format shows days or times."""
    return any(token.unit for section in sections(form) for token in section.tokens)


def shown_text(text: str, form: str) -> str:
    """A text as a reader of the sheet sees it: a number format may put words around it, or hide it."""
    parts = sections(form)
    section = next((part for part in parts if _AT in part.tokens), parts[3] if len(parts) > 3 else None)
    if section is None:
        return text
    tokens = (token for token in section.tokens if token.kind in {"sign", "text"})
    return "".join(text if token == _AT else token.text for token in tokens)


@lru_cache(maxsize=1024)
def sections(form: str) -> tuple[Section, ...]:
    """The parts of a number format; none of one that is longer than Excel allows."""
    parts: list[list[Token]] = [[]]
    conditions: dict[int, tuple[str, Decimal]] = {}
    for match in _TOKEN.finditer(form) if len(form) <= _LONGEST else ():
        kind = match.lastgroup or ""
        if match[0] == ";":
            parts.append([])
        elif match["compare"] in _COMPARE:
            conditions[len(parts) - 1] = match["compare"], Decimal(match["limit"])
        elif kind in {"quoted", "escaped", "currency", "other"}:
            parts[-1].append(Token("text", match[kind]))
        elif kind == "space":
            parts[-1].append(Token("text", " "))
        elif kind and kind != "limit":
            parts[-1].append(Token(kind, match[kind].lower()))
    always = ("", Decimal(0))
    numbered = enumerate(parts)
    return tuple(Section(*conditions.get(at, always), tuple(_with_units(tokens))) for at, tokens in numbered)


def _with_units(tokens: Sequence[Token]) -> Iterable[Token]:
    """The tokens with their units. An m after hours or before seconds is a minute."""
    letters = [token.text[0] if token.kind in {"date", "elapsed"} else "" for token in tokens]
    for position, (token, letter) in enumerate(zip(tokens, letters, strict=True)):
        before, after = "".join(letters[:position])[-1:], "".join(letters[position + 1 :])[:1]
        is_minute = letter == "m" and (before == "h" or after == "s" or token.kind == "elapsed")
        yield token._replace(unit="n" if is_minute else letter.replace("e", "y"))


def _section_for(number: Decimal, parts: Sequence[Section]) -> tuple[Section | None, Decimal]:
    """What shows a number, and the number there: a section of its own for negative numbers shows no sign but its words."""
    numeric = [section for section in parts[:3] if _AT not in section.tokens]
    if len(numeric) > 1 and not any(section.compare for section in numeric):
        signs = (">=", "<") if len(numeric) == 2 else (">", "<", "=")
        numeric = [section._replace(compare=sign) for section, sign in zip(numeric, signs, strict=True)]
    for section in numeric:
        if not section.compare or _COMPARE[section.compare](number, section.limit):
            negative_only = section.compare in {"<", "<="} and section.limit <= 0
            return section, abs(number) if negative_only else number
    return None, number


def _squeezed(texts: Iterable[str]) -> str:
    return " ".join("".join(texts).split())


def _filled(number: Decimal, tokens: Sequence[Token], number_there: Decimal) -> Shown:
    """The words of a section, with all digits of the number where its first digit belongs."""
    positions = [position for position, token in enumerate(tokens) if token.kind in {"digits", "general"}]
    first, last = (positions[0], positions[-1]) if positions else (0, -1)
    if any(token.kind == "text" and token.text.strip() for token in tokens[first : last + 1]):
        return Shown(plain(number), "This cell has a number format with words between the digits.")
    scaled = number_there.scaleb(2 * tokens.count(Token("sign", "%")) - 3 * _thousands(tokens))
    digits = plain(abs(scaled).normalize())
    if not scaled and not any(tokens[at].kind == "general" or "0" in tokens[at].text for at in positions):
        digits = ""  # 0 is only shown where the format has a 0
    texts = ["-" if scaled < 0 and positions else ""]
    for position, token in enumerate(tokens):
        is_word = token.kind == "text" or token.text == "/"
        if position == first and positions:
            texts.append(digits)
        elif token.text == "%" or not positions or (is_word and not first < position < last):
            texts.append(token.text)
    text = _squeezed(texts)
    return Shown(text, _doubt(number, text, tokens) if text else "")


def _thousands(tokens: Sequence[Token]) -> int:
    """How many commas stand right of the last digit, or right before the point: each divides by a thousand."""
    parts = (token for token in tokens if token.kind in {"digits", "sign"})
    signs = "".join("0" if token.kind == "digits" else token.text for token in parts)
    return sum(len(commas[0]) for commas in re.finditer(r"(?<=0),+(?=[^0,]|$)", signs))


def _doubt(number: Decimal, text: str, tokens: Sequence[Token]) -> str:
    """What to say where the text is a number too, but another one, or hides what the number is."""
    match = _NUMBER.fullmatch(text)
    if match is not None:
        there = Decimal(match[1])
        differs = number not in {there, there.scaleb(-2 if match[2] else 0)}
    elif not re.search(r"\d", text):
        differs = number == 0
    else:
        lost_sign = number < 0 and not re.search(r"[-(\u2010-\u2015\u2212]", text)
        differs = lost_sign or (_thousands(tokens) > 0 and not re.search(r"[^\W\d_]", text))
    return f"This cell shows {quoted(text)}, but holds {plain(number)}." if differs else ""


def _shown_time(number: Decimal, tokens: Sequence[Token], day_zero: dt.datetime) -> Shown:
    """What a number of days shows in a section with letters for days and times."""
    units = {token.unit for token in tokens}
    is_day = not units.isdisjoint("ymd")
    if not 0 <= number <= _LAST_DAY - (day_zero - _DAY_ZERO).days or (is_day and number < 1):
        return Shown(plain(number), f"This cell is to show a date or a time, but holds {plain(number)}.")
    # Thousandths of a second are the least that Excel shows.
    time = dt.timedelta(milliseconds=int((number * 86_400_000).to_integral_value(ROUND_HALF_UP)))
    moment = day_zero + time
    is_half = any(token.kind == "half" for token in tokens)
    text = _squeezed(_filled_letters(token, moment, time, is_half=is_half) for token in tokens)
    words = "".join(token.text for token in tokens if token.kind == "text")
    if is_half or re.search(r"[^\W_]", words):
        return Shown(text)
    if is_day:
        return Shown(_day(tokens, moment) or text)
    unlike = f"This cell shows {quoted(text)}, but holds {_clock(time)}."
    if not units.issuperset("ns"):
        return Shown(text, unlike if text.isdecimal() else "")
    most = dt.timedelta(days=1) if "h" in units else dt.timedelta(hours=1)
    is_whole = time < most or any(token.kind == "elapsed" for token in tokens)
    return Shown(_clock(time), "" if is_whole else unlike)


def _day(tokens: Sequence[Token], moment: dt.datetime) -> str:
    """`2024`, `Jan 2024` or `31 Jan 2024`, with the time of day where there is one; nothing where the format says it in its own way."""
    names = sum(token.unit == "d" and len(token.text) > 2 for token in tokens)  # of weekdays
    units = "".join(sorted(token.unit for token in tokens if token.unit in {"d", "m", "y"}))[names:]
    if units == "dmy":
        since_midnight = moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return f"{moment.day} {moment:%b %Y} {_clock(since_midnight) if since_midnight else ''}".strip()
    if units == "my":
        return f"{moment:%b %Y}"
    is_whole = any(len(token.text) > 2 for token in tokens if token.unit == "y")
    return f"{moment:%Y}" if units == "y" and is_whole and not names else ""


def _clock(time: dt.timedelta) -> str:
    """Hours, minutes and seconds: `0:02:18`."""
    minutes, rest = divmod(time, dt.timedelta(minutes=1))
    part = f".{rest.microseconds // 1000:03d}".rstrip("0.")
    return f"{minutes // 60}:{minutes % 60:02d}:{rest.seconds:02d}{part}"


def _filled_letters(token: Token, moment: dt.datetime, time: dt.timedelta, *, is_half: bool) -> str:
    length = len(token.text)
    if token.kind == "elapsed":
        return str(time // _LENGTHS[token.unit]).zfill(length)
    if token.unit:
        codes = _CODES[token.unit]
        text = moment.strftime(codes[min(length, len(codes)) - 1].replace("H", "I" if is_half else "H"))
        return text if length > 1 or token.unit == "y" else text.lstrip("0") or "0"
    if token.kind == "digits":
        return f"{moment.microsecond // 1000:03d}"[:length]
    return f"{moment:%p}" if token.kind == "half" else token.text
