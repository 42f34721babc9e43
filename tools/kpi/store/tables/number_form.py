"""How Excel shows a number: the number format makes the text, with its words and signs (ECMA-376, part 1, 18.8.31).

All digits of a number count, not only those that are shown. Where the text then says another number than the cell holds, it is
unclear which of the two is meant, and that is said.
"""

import operator
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kpi.model.quantity import plain
from kpi.model.text import quoted

LONGEST = 255
"""Characters of a number format; Excel allows no more."""
EXACT_DIGITS = 15
"""What Excel keeps of a number, and shows."""

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
_PLAIN = re.compile(r"general|@|[#,0?]*0(?:\.[0#?]+)?", re.IGNORECASE)
"""The number formats that show a number and nothing else: nearly all cells have one of them."""
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(%?)")


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


class _Section(NamedTuple):
    """One of the up to four parts of a number format: for which numbers, and what is shown."""

    compare: str
    limit: Decimal
    tokens: tuple[Token, ...]

    def has(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in self.tokens)

    @property
    def is_for_text(self) -> bool:
        return any(token == Token("sign", "@") for token in self.tokens)


def exact(number: float) -> Decimal:
    """A number with the digits that were typed.

    Raises:
        ValueError: if it is infinite, or none.
    """
    if number in (float("inf"), float("-inf")) or number != number:  # noqa: PLR0124 -- what is none differs from itself
        raise ValueError(number)
    return Decimal(f"{number:.{EXACT_DIGITS}g}")


def shown(number: Decimal, form: str, *, since_1904: bool = False) -> Shown:
    """A number as a reader of the sheet sees it, with all its digits.

    Args:
        number: the number.
        form: the number format.
        since_1904: whether days are counted from 1904.
    """
    if _PLAIN.fullmatch(form):
        return Shown(plain(number))
    if len(form) > LONGEST:
        return Shown(plain(number), "This cell has a number format that is longer than Excel allows.")
    section, number_there = _section_for(number, _sections(form))
    if section is None:
        return Shown(plain(number))
    if section.has("date", "elapsed"):
        from kpi.store.tables.date_form import shown_date

        return shown_date(number, section.tokens, since_1904=since_1904)
    text = _filled(section.tokens, number_there)
    return Shown(text, _doubt(number, text, section.tokens)) if text else Shown("")


def shows_date(form: str) -> bool:
    """Whether a number format shows days or times."""
    return len(form) <= LONGEST and any(section.has("date", "elapsed") for section in _sections(form))


def shown_text(text: str, form: str) -> str:
    """A text as a reader of the sheet sees it: a number format may put words around it, or hide it."""
    if len(form) > LONGEST:
        return text
    sections = _sections(form)
    section = next((one for one in sections if one.is_for_text), sections[3] if len(sections) > 3 else None)
    if section is None:
        return text
    return "".join(
        text if token == Token("sign", "@") else token.text
        for token in section.tokens
        if token.kind in {"sign", "text"}
    )


@lru_cache(maxsize=1024)
def _sections(form: str) -> tuple[_Section, ...]:
    sections: list[list[Token]] = [[]]
    conditions: dict[int, tuple[str, Decimal]] = {}
    for found in _TOKEN.finditer(form):
        kind = found.lastgroup or ""
        if found[0] == ";":
            sections.append([])
        elif found["compare"] in _COMPARE:
            conditions[len(sections) - 1] = found["compare"], Decimal(found["limit"])
        elif kind in {"quoted", "escaped", "currency", "other"}:
            sections[-1].append(Token("text", found[kind]))
        elif kind == "space":
            sections[-1].append(Token("text", " "))
        elif kind and kind != "limit":
            sections[-1].append(Token(kind, found[kind].lower()))
    return tuple(
        _Section(*conditions.get(place, ("", Decimal(0))), tuple(tokens))
        for place, tokens in enumerate(sections)
    )


def _section_for(number: Decimal, sections: Sequence[_Section]) -> tuple[_Section | None, Decimal]:
    """What shows a number, and the number there: a section of its own for negative numbers shows no sign but its words."""
    numeric = [one for one in sections[:3] if not one.is_for_text]
    if any(one.compare for one in numeric):
        for one in numeric:
            if not one.compare or _COMPARE[one.compare](number, one.limit):
                negative_only = one.compare in {"<", "<="} and one.limit <= 0
                return one, abs(number) if negative_only else number
        return None, number
    if len(numeric) < 2 or number > 0:
        return (numeric[0] if numeric else None), number
    if number < 0:
        return numeric[1], abs(number)
    return numeric[2 if len(numeric) > 2 else 0], number


def _filled(tokens: Sequence[Token], number: Decimal) -> str:
    """The words of a section, with all digits of the number where its first digit belongs."""
    number = number.scaleb(2 * tokens.count(Token("sign", "%")) - 3 * _thousands(tokens))
    places = [place for place, token in enumerate(tokens) if token.kind in {"digits", "general"}]
    if not places:
        return _squeezed(token.text for token in tokens)
    first, last = places[0], places[-1]
    digits = plain(abs(number).normalize())
    if not number and not any(token.kind == "general" or "0" in token.text for token in tokens):
        digits = ""  # 0 is only shown where the format has a 0
    parted = any(token.kind == "text" and token.text.strip() for token in tokens[first:last])
    pieces = _spread(digits, [tokens[place].text for place in places]) if parted else [digits]
    shown_at = dict(zip(places, pieces, strict=False))
    texts = ["-" if number < 0 and digits else ""]
    for place, token in enumerate(tokens):
        inside = first < place < last
        is_shown = token.text == "%" or (not inside and (token.kind == "text" or token.text == "/"))
        texts.append(token.text if is_shown or (parted and token.kind == "text") else shown_at.get(place, ""))
    return _squeezed(texts)


def _squeezed(texts: Iterable[str]) -> str:
    return " ".join("".join(texts).split())


def _spread(digits: str, places: Sequence[str]) -> list[str]:
    """The digits of a whole number over places with words between them: `0"h "00"m"`. The first takes what is left."""
    whole = f"{Decimal(digits or 0):.0f}"
    pieces: list[str] = []
    for place in reversed(places[1:]):
        pieces.append(whole[-len(place) :].zfill(place.count("0")))
        whole = whole[: -len(place)]
    return [whole.zfill(places[0].count("0")), *reversed(pieces)]


def _thousands(tokens: Sequence[Token]) -> int:
    """How many commas stand right of the last digit, or right before the point: each divides by a thousand."""
    signs = "".join(
        "0" if token.kind == "digits" else token.text for token in tokens if token.kind in {"digits", "sign"}
    )
    return sum(len(found[0]) for found in re.finditer(r"(?<=0),+(?=[^0,]|$)", signs))


def _doubt(number: Decimal, text: str, tokens: Sequence[Token]) -> str:
    """What to say where the text is a number too, but another one, or hides what the number is."""
    found = _NUMBER.fullmatch(text)
    if found is not None:
        there = Decimal(found[1])
        differs = number not in {there, there.scaleb(-2 if found[2] else 0)}
    elif not re.search(r"\d", text):
        differs = number == 0
    else:
        lost_sign = number < 0 and not re.search(r"[-(\u2010-\u2015\u2212]", text)
        differs = lost_sign or (_thousands(tokens) > 0 and not re.search(r"[^\W\d_]", text))
    return f"This cell shows {quoted(text)}, but holds {plain(number)}." if differs else ""
