"""How Excel shows a number: the number format makes the text, with its words and signs.

All digits of a number count, not only those that are shown. Where the text then says another number than the cell holds, it is
unclear which of the two is meant, and that is said.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from kpi.model.quantity import plain
from kpi.model.text import quoted
from kpi.store.tables.date_form import shown_date
from kpi.store.tables.number_format import LONGEST, TEXT, Shown, Token, section_for, sections

EXACT_DIGITS = 15
"""What Excel keeps of a number, and shows."""

_PLAIN = re.compile(r"general|@|[#,0?]*0(?:\.[0#?]+)?", re.IGNORECASE)
"""The number formats that show a number and nothing else: nearly all cells have one of them."""
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(%?)")


def exact(number: float) -> Decimal:
    """A number with the digits that were typed.

    Raises:
        ValueError: if it is infinite, or none.
    """
    if number in (float("inf"), float("-inf")) or number != number:  # noqa: PLR0124 -- what is none differs from itself
        raise ValueError(number)
    return Decimal(f"{number:.{EXACT_DIGITS}g}")


def shown(number: Decimal, form: str, *, since_1904: bool = False) -> Shown:
    """A number as a reader of the sheet sees it, with all its digits."""
    if _PLAIN.fullmatch(form):
        return Shown(plain(number))
    if len(form) > LONGEST:
        return Shown(plain(number), "This cell has a number format that is longer than Excel allows.")
    section, number_there = section_for(number, sections(form))
    if section is None:
        return Shown(plain(number))
    if section.has("date", "elapsed"):
        return shown_date(number, section.tokens, since_1904=since_1904)
    text = _filled(section.tokens, number_there)
    return Shown(text, _doubt(number, text, section.tokens)) if text else Shown("")


def shows_date(form: str) -> bool:
    """Whether a number format shows days or times."""
    return len(form) <= LONGEST and any(section.has("date", "elapsed") for section in sections(form))


def shown_text(text: str, form: str) -> str:
    """A text as a reader of the sheet sees it: a number format may put words around it, or hide it."""
    if len(form) > LONGEST:
        return text
    parts = sections(form)
    section = next((part for part in parts if part.is_for_text), parts[3] if len(parts) > 3 else None)
    if section is None:
        return text
    return "".join(
        text if token == TEXT else token.text for token in section.tokens if token.kind in {"sign", "text"}
    )


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
