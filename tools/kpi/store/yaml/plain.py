"""What a value without quotes means: text, a number, true or false, or something that programs read differently."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kpi.model.finding import Problem
from kpi.model.quantity import MOST_DIGITS
from kpi.store.yaml import MISREAD, shown
from kpi.store.yaml.places import refuse

_WHOLE = re.compile(r"-?[1-9][0-9]*|0").fullmatch
_WITH_POINT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+").fullmatch
_NUMBER_STARTS = frozenset("0123456789+-.")
_TRUE_OR_FALSE = {"true": True, "false": False}
_YES_OR_NO = {"y": "true", "yes": "true", "on": "true", "n": "false", "no": "false", "off": "false"}
_WORDS = frozenset(form for word in MISREAD for form in (word, word.title(), word.upper())) | {"~", "=", "<<"}

# Spellings of numbers that some program takes for a number, in their canonical form or not.
_UNCLEAR = re.compile(
    r"(?P<number>[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<based>[-+]?0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+))"
    r"|(?P<clock>(?P<sign>[-+]?)(?P<first>[0-9][0-9_]*)(?P<rest>(?::[0-5]?[0-9])+)(?P<fraction>\.[0-9_]*)?)"
    r"|(?P<no_figure>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
    r"|(?P<moment>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)"
).fullmatch
_OCTAL = re.compile(r"[-+]?0[0-7_]+").fullmatch
_YEAR_OR_DATE = re.compile(r"[1-9][0-9]{3}(?:[-/][0-9]{2}(?:-[0-9]{2})?)?").fullmatch


def resolve(text: str) -> Any:
    """What a plain value means.

    Args:
        text: the value as typed, without the white space around it.

    Returns:
        None for nothing, true or false, an int, a Decimal with the digits as typed, the text itself,
        or a `Problem` without a place where programs differ or digits would be lost.
    """
    if not text:
        return None
    if text[0] in _NUMBER_STARTS:
        return _number(text)
    if text not in _WORDS:
        return text
    return _TRUE_OR_FALSE[text] if text in _TRUE_OR_FALSE else _unclear_word(text)


def unclear_name(text: str) -> Problem | None:
    """Why a field's name needs quotes, or None: names are text as typed, and years and dates are fine as they are."""
    if text[0] in _NUMBER_STARTS:
        if _YEAR_OR_DATE(text) or resolve(text).__class__ is str:
            return None
    elif text not in _WORDS:
        return None
    message = f"Programs don't agree that the name {shown(text)} is text."
    return refuse("forbidden-yaml", message, f"Put it in quotes: {shown(text)}", f'"{text}"')


@lru_cache(maxsize=4096)
def is_clear_name(text: str) -> bool:
    """Whether nothing about a field's name can be doubted, where it is outside of brackets. Most names are clear."""
    return text[:1] not in ("", "-") and ":" not in text and unclear_name(text) is None


@lru_cache(maxsize=4096)  # many figures stand in many files
def _number(text: str) -> Any:
    """The number, or what else a text that starts like one is: dates and periods are text."""
    if _WHOLE(text):
        return int(text) if len(text) <= MOST_DIGITS else _checked(text, 0)
    if _WITH_POINT(text):
        return Decimal(text) if len(text) <= MOST_DIGITS else _checked(text, len(text) - text.index(".") - 1)
    match = _UNCLEAR(text)
    return text if match is None else _unclear_figure(text, match)


def _unclear_figure(text: str, match: re.Match[str]) -> Problem:
    """What is unclear about a text that some program takes for a number or a moment."""
    if match["number"]:
        return _unclear_number(text)
    if match["based"]:
        return _unclear(text, _based(text), _based(text))
    if match["clock"]:
        return _unclear_clock(text, match)
    if match["moment"]:
        message = f"Some programs read {shown(text)} as a moment in time, others as text."
        day = re.split("[ Tt]", text, maxsplit=1)[0]
        help_ = f"Write the date only: {day}. If it is part of a text, put all of it in quotes."
        return refuse("forbidden-yaml", message, help_, day)
    help_ = f'Leave the figure out and mark it not-available, or put the text in quotes: "{text}"'
    return refuse("forbidden-yaml", f'"{text}" is not a figure that can be counted with.', help_)


def _checked(text: str, decimals: int) -> Any:
    """A canonical number longer than usual, unless it has more digits than programs keep."""
    digits = max(len(text.lstrip("-").replace(".", "").lstrip("0")), decimals)
    if digits <= MOST_DIGITS:
        return Decimal(text) if decimals else int(text)
    message = f"{shown(text)} has {digits:,} digits; the limit is {MOST_DIGITS}. Some programs would change the last ones."
    return refuse("too-large", message, "Round it, or put it in quotes if it is not a figure.")


def _unclear_word(text: str) -> Problem:
    lower = text.lower()
    in_quotes = f'put it in quotes: "{text}"'
    if lower in _TRUE_OR_FALSE:
        return _unclear(text, lower, lower)
    if lower in _YES_OR_NO:
        message = f'Some programs read "{text}" as {_YES_OR_NO[lower]}, others as the word "{text}".'
        help_ = f"If {_YES_OR_NO[lower]} is meant, write that; otherwise {in_quotes}"
        return refuse("forbidden-yaml", message, help_, f'"{text}"')
    if lower in ("null", "~"):
        message = f'Some programs read "{text}" as nothing, others as the text "{text}".'
        return refuse("forbidden-yaml", message, f"Leave the value empty, or {in_quotes}")
    message = f'"{text}" has a special meaning for some programs.'
    return refuse("forbidden-yaml", message, f"{in_quotes[0].upper()}{in_quotes[1:]}", f'"{text}"')


def _unclear(text: str, reading: str | None, write: str | None, otherwise: str = "") -> Problem:
    """Two readings and what to write; without a reading, only that there are two. `otherwise` is what to write without it."""
    message = (
        f"Some programs read {shown(text)} as {reading or 'a number'}, others as the text {shown(text)}."
    )
    otherwise = otherwise or "the number in full, or put it in quotes."
    help_ = f"{write}, or put it in quotes: {shown(text)}" if write else otherwise
    return refuse("forbidden-yaml", message, f"Write {help_}", write)


def _unclear_number(text: str) -> Problem:
    """A number in a spelling that not all programs know: `+5`, `.5`, `5.`, `010`, `1_000`, `1e3`."""
    write = _in_full(text.replace("_", ""))
    if not _OCTAL(text) or write is None or not text.lstrip("+-0_"):
        return _unclear(text, write, write)
    eights = str(int(text.replace("_", ""), 8)) if len(text) <= MOST_DIGITS else "a number in eights"
    message = f"Some programs read {shown(text)} as {eights}, others as {write}."
    if eights == write:
        message = f"A number has no 0 before it, as {shown(text)} has: some programs would read it in eights."
    return refuse("forbidden-yaml", message, f"Write {write}, or put it in quotes: {shown(text)}", write)


def _in_full(text: str) -> str | None:
    """The number in its plain spelling, or None where that would be too long."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > MOST_DIGITS or len(exponent) > 3:
        return None
    number = Decimal(text)
    if abs(int(exponent or 0)) > MOST_DIGITS:
        return None
    if not number:
        return "0"
    plain = format(number, "f")
    return plain if len(plain) <= 2 * MOST_DIGITS and resolve(plain).__class__ in (int, Decimal) else None


def _based(text: str) -> str | None:
    """A number in base 16, 8 or 2, in tens; None where that has too many digits."""
    digits = text.replace("_", "")
    if len(digits) > MOST_DIGITS or len(digits.lstrip("+-")) < 3:
        return None
    return str(int(digits, 0))


def _unclear_clock(text: str, match: re.Match[str]) -> Problem:
    """`1:30`: some programs count in sixties, so that it becomes 90."""
    sign, first, rest, fraction = match["sign"], match["first"], match["rest"], match["fraction"] or ""
    if len(text) > MOST_DIGITS:
        return _unclear(text, None, None)
    parts = [int(first.replace("_", "")), *(int(part) for part in rest[1:].split(":"))]
    total = 0
    for part in parts:
        total = total * 60 + part
    write = None if sign or len(parts) > 3 else _duration(parts, fraction.rstrip("._"))
    reading = f"{sign.strip('+')}{total}{fraction.rstrip('._')}"
    return _unclear(text, reading, write, f"it in quotes: {shown(text)}")


def _duration(parts: list[int], fraction: str) -> str:
    """`[1, 30]` as `1m30s`; without the parts that are zero."""
    units = "hms"[-len(parts) :]
    written = [f"{part}{unit}" for part, unit in zip(parts, units, strict=True) if part and unit != "s"]
    if parts[-1] or fraction or not written:
        written.append(f"{parts[-1]}{fraction}s")
    return "".join(written)
