"""A number format of Excel taken apart (ECMA-376, part 1, 18.8.31): `[<5]"*";#,##0` is a star below 5, and digits otherwise."""

import operator
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

LONGEST = 255
"""Characters of a number format; Excel allows no more."""

_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<space>[_*].)
    | \[(?:(?P<compare>[<>=]+)(?P<limit>-?[0-9.]+) | \$(?P<currency>[^\]-]*)(?:-[^\]]*)? | (?P<elapsed>h+|m+|s+) | [^\]]*)\]
    | (?P<general>general) | (?P<half>am/pm|a/p) | (?P<date>y+|e+(?![+-])|m+|d+|h+|s+) | (?P<exponent>e[+-])
    | (?P<digits>[0\#?]+) | (?P<sign>[.,%/@;]) | (?P<other>.)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


class Shown(NamedTuple):
    """What a cell with a number shows.

    Attributes:
        text: the text; empty where the number format hides the number.
        doubt: a sentence, where it is unclear whether the text or the number is meant.
    """

    text: str
    doubt: str = ""


class Token(NamedTuple):
    """A part of a number format: its kind (a group of `_TOKEN`; "text" for every word or sign that is shown), and its text."""

    kind: str
    text: str


TEXT = Token("sign", "@")
"""Where a text stands."""


class Section(NamedTuple):
    """One of the up to four parts of a number format: for which numbers, and what is shown."""

    compare: str
    limit: Decimal
    tokens: tuple[Token, ...]

    def has(self, *kinds: str) -> bool:
        """Whether it has a token of one of these kinds."""
        return any(token.kind in kinds for token in self.tokens)

    @property
    def is_for_text(self) -> bool:
        """Whether it shows texts and no numbers."""
        return TEXT in self.tokens


@lru_cache(maxsize=1024)
def sections(form: str) -> tuple[Section, ...]:
    """The parts of a number format of at most `LONGEST` characters."""
    parts: list[list[Token]] = [[]]
    conditions: dict[int, tuple[str, Decimal]] = {}
    for match in _TOKEN.finditer(form):
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
    return tuple(
        Section(*conditions.get(place, ("", Decimal(0))), tuple(tokens)) for place, tokens in enumerate(parts)
    )


def section_for(number: Decimal, parts: Sequence[Section]) -> tuple[Section | None, Decimal]:
    """What shows a number, and the number there: a section of its own for negative numbers shows no sign but its words."""
    numeric = [section for section in parts[:3] if not section.is_for_text]
    if any(section.compare for section in numeric):
        for section in numeric:
            if not section.compare or _COMPARE[section.compare](number, section.limit):
                negative_only = section.compare in {"<", "<="} and section.limit <= 0
                return section, abs(number) if negative_only else number
        return None, number
    if len(numeric) < 2 or number > 0:
        return (numeric[0] if numeric else None), number
    if number < 0:
        return numeric[1], abs(number)
    return numeric[2 if len(numeric) > 2 else 0], number
