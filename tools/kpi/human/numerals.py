"""Plain numbers, and what other ways of writing numbers can mean: `1,376`, `1 234,5`, `.5`, `1e3`."""

import re
from collections.abc import Callable
from decimal import Decimal

from kpi.model.quantity import MOST_DIGITS, plain

_SAME = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {"’": "'", "％": "%", "．": ".", "，": ","}
)


def tidy(text: str) -> str:
    """The text with plain digits, spaces, minus signs and commas, and single spaces."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    return " ".join(digits.translate(_SAME).split())


def readings(text: str) -> tuple[str, ...]:
    """The plain numbers that a tidied text can mean: one, two if a comma may be a decimal sign, or none.

    A plain number is one that a file may hold, such as `-12.50`: at most 15 digits on either side of the point.
    """
    sign = "-" if text.startswith("-") else ""
    body = text[1:].strip() if text[:1] in {"-", "+"} else text
    for form, meaning in _FORMS:
        if match := form.fullmatch(body):
            numbers = tuple(_plain(sign, digits) for digits in meaning(match))
            return () if "" in numbers else numbers
    return ()


def only_reading(text: str) -> str | None:
    """The only plain number that a tidied text can mean; None if there are two or none."""
    numbers = readings(text.strip())
    return numbers[0] if len(numbers) == 1 else None


def _plain(sign: str, digits: str) -> str:
    """The number as files write it; empty where it has too many digits."""
    whole, _, rest = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    if len(whole) > MOST_DIGITS or len(rest) > MOST_DIGITS:
        return ""
    return f"{sign}{whole}.{rest}" if rest else sign + whole


def _one_comma(match: re.Match[str]) -> tuple[str, ...]:
    whole, rest = match.groups()
    point = f"{whole}.{rest}"
    return (point,) if whole.startswith("0") else (point, whole + rest)


_Meaning = Callable[[re.Match[str]], tuple[str, ...]]

_FORMS: tuple[tuple[re.Pattern[str], _Meaning], ...] = (
    # 1,376  12,345,678.5  1,23,456
    (
        re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"),
        lambda match: (match[0].replace(",", ""),),
    ),
    # 1 234  1'234,5
    (
        re.compile(r"[0-9]{1,3}(?:[ '][0-9]{3})+(?:[.,][0-9]+)?"),
        lambda match: (re.sub("[ ']", "", match[0]).replace(",", "."),),
    ),
    # 1.234,5  1.234.567
    (
        re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}"),
        lambda match: (match[0].replace(".", "").replace(",", "."),),
    ),
    (re.compile(r"([0-9]+),([0-9]+)"), _one_comma),
    # 1e3
    (
        re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,{MOST_DIGITS}}})?[eE][-+]?[0-9]{{1,2}}"),
        lambda match: (plain(Decimal(match[0])),),
    ),
    # 95  007  1_000  5.  12 .5  .5
    (
        re.compile(r"[0-9]+(?:_[0-9]+)*(?: ?\. ?[0-9]*)?|\.[0-9]+"),
        lambda match: (match[0].replace("_", "").replace(" ", ""),),
    ),
)
