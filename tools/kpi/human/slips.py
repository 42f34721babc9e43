"""What people write where a number belongs, and what to write instead: `95%`, `1,376`, `£12`, `n/a`, `12 days`, `O.5`.

A recogniser looks at one way of writing. It answers only where the text leaves little doubt, and offers a replacement
only where exactly one thing can be meant.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from kpi.human.numerals import only_reading, readings, tidied
from kpi.model.mark import BESIDE_NUMBER, INSTEAD_OF_NUMBER, LETTERS_TYPED
from kpi.model.quantity import DURATION, DURATION_SHAPE, Unit, ValueFormError, duration_text, plain, value_of
from kpi.model.text import joined, quoted

_LONGEST = 60  # characters; what is longer is a sentence


NOTHING, RANGE, PARTS, BOUND, FOOTNOTE = "nothing", "range", "parts", "bound", "footnote"
"""Of the ways in which a text is no number: it says that there is nothing, a range, two numbers that make a share, what the
number is below or above, or that there is a note."""


class Slip(NamedTuple):
    """A number written in a way that files don't use.

    Attributes:
        wrong: what is wrong, as what follows the quoted text: "has a comma in it."
        help: what to write in a file instead, as a sentence.
        number: the number or the time that is meant, as files hold it; None where there is none, or could be two.
        mark: the mark that says the rest of what was typed, or why there is no number; empty where none is meant.
        why: `NOTHING`, `RANGE` or `PARTS`, where the text is one of these.
        with_unit: whether the unit was typed too, and is all that is wrong.
        typed: the text.
        elsewhere: what to write where no marks can stand, as in a target; empty where the help is for both.
    """

    wrong: str
    help: str
    number: str | None = None
    mark: str = ""
    why: str = ""
    with_unit: bool = False
    typed: str = ""
    elsewhere: str = ""

    @property
    def message(self) -> str:
        """What is wrong in a file, quoting the text; full sentences."""
        return " ".join(filter(None, (quoted(self.typed), self.wrong, _UNIT_ONCE if self.with_unit else "")))

    @property
    def replacement(self) -> str | None:
        """The literal text to write in a file, where only one thing can be meant."""
        return marked(self.number, self.mark) if self.mark else self.number

    @property
    def figure_only(self) -> bool:
        """Whether the help is for a dated figure, where marks can stand; elsewhere, as in a target, it makes no sense."""
        return bool(self.mark) or self.why in {NOTHING, PARTS}


_UNIT_ONCE = 'The unit stands in "unit:", once.'


def marked(number: str | None, mark: str) -> str:
    """A figure with a mark, as files hold it: `{value: 86, marks: [provisional]}`."""
    return f"{{value: {number}, marks: [{mark}]}}" if number else f"{{marks: [{mark}]}}"


def no_figure(text: str) -> bool:
    """Whether a text says why there is no figure: `n/a`, `null`, `~`."""
    return text.casefold() in INSTEAD_OF_NUMBER


def number_slip(text: str) -> Slip | None:
    """What is wrong with a text that stands where a number belongs, or None where no number can be made out in it.

    The text is one that the reader of a file did not take for a number; `95` arrives here only if it was in quotes.
    """
    if len(text) > _LONGEST:
        return None
    tidy = tidied(text)
    if (dashed := _DASHED.fullmatch(text.strip())) and (number := only_reading(tidied(dashed[1]))):
        advice = f"Write {number}, or -{number} if it is below zero."
        return Slip("starts with a dash.", advice, number, typed=text)
    if tidy != text.strip() and only_reading(tidy) == tidy:
        return Slip("is not written in plain digits.", f"Write {tidy}.", tidy, typed=text)
    for recognise in _RECOGNISERS:
        slip = recognise(tidy)
        if slip is not None:
            return slip._replace(typed=text)
    return None


_DASHED = re.compile("[–—] ?([0-9].*)")
"""A dash of prose before a number; a real minus sign leaves no doubt."""

# A recogniser sees the text tidied; `number_slip` adds what was typed.

_WHY_NOT_PLAIN = {",": "a comma", " ": "a space", "'": "an apostrophe", "+": "a plus sign"}


def _rewritten(text: str) -> Slip | None:
    numbers = readings(text)
    if not numbers:
        return None
    number = numbers[0]
    if len(numbers) == 2:
        return Slip(
            "has a comma, so it is not clear which number is meant.", f"Write {joined(numbers, 'or')}."
        )
    if number == text:
        return Slip("is in quotes, so it is read as text.", f"Write {number} without quotes.", number)
    mark = next((why for mark, why in _WHY_NOT_PLAIN.items() if mark in text), "")
    return Slip(f"has {mark} in it." if mark else "is not a plain number.", f"Write {number}.", number)


def _percentage(text: str) -> Slip | None:
    found = re.fullmatch(r"(.+?) ?(%|per ?cent|pct?)", text, re.IGNORECASE)
    number = only_reading(found[1]) if found else None
    if found is None or number is None:
        return None
    sign = "a % sign" if found[2] == "%" else f'"{found[2]}"'
    return Slip(f"has {sign} in it.", f"Write {number}.", number, with_unit=True)


_CURRENCIES = {"£": "GBP", "€": "EUR", "$": "USD", "GBP": "GBP", "EUR": "EUR", "USD": "USD"}


def _money(text: str) -> Slip | None:
    sign = r"([£€$]|GBP|EUR|USD)"
    found = re.fullmatch(rf"(-?){sign} ?(.+)|(.+?) ?{sign}", text)
    if found is None:
        return None
    amount = found[3] or found[4]
    number = _multiplied(amount) or only_reading(amount)
    if number is None:
        return None
    number = (found[1] or "") + number
    unit = f'"unit: {{currency: {_CURRENCIES[found[2] or found[5]]}}}"'
    return Slip("has a currency in it.", f"Write {number}, with {unit}.", number, with_unit=True)


_POWERS = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}


def _multiplied(text: str) -> str | None:
    """`1.2 million` → `1200000`."""
    found = re.fullmatch(r"(.+?) ?(k|thousand|mn?|million|bn|billion)", text, re.IGNORECASE)
    number = only_reading(found[1]) if found else None
    if found is None or number is None:
        return None
    return plain(Decimal(number).scaleb(_POWERS[found[2].lower()]))


def _multiple(text: str) -> Slip | None:
    number = _multiplied(text)
    if number is None:
        return None
    if text[-1] in "mM":
        return Slip("could be millions or minutes.", f"Write {number} for millions, or a time such as 1m12s.")
    return Slip("has a word in place of the noughts.", f"Write {number}.", number)


_SECONDS = {"h": 3600, "m": 60, "s": 1}


def _time(text: str) -> Slip | None:
    if text.endswith(".") and re.fullmatch(DURATION_SHAPE, text[:-1]):
        return Slip("ends in a full stop.", f"Write {text[:-1]}.", text[:-1])
    if not re.search(r"[0-9] ?[:hms'’]", text, re.IGNORECASE):
        return None
    why = "is not how a time is written."
    if meant := _time_meant(text.lower()):
        return Slip(why, f"Write {meant}.", meant)
    try:
        value_of(text, Unit(DURATION))
    except ValueFormError as error:
        if error.replacement or ":" in text:
            return Slip(why, error.help, error.replacement)
    return None


def _time_meant(text: str) -> str | None:
    """`1.5 hours` → `1h30m`, `1h30` → `1h30m`, `2m18` → `2m18s`; what has all its words is `quantity`'s to know."""
    if found := re.fullmatch(r"([0-9]+\.[0-9]+) ?(h|m|s)(?:ours?|rs?|in(?:ute)?s?|ec(?:ond)?s?)?", text):
        return duration_text((Decimal(found[1]) * _SECONDS[found[2]]).normalize())
    if found := re.fullmatch(r"([0-9]+)['’] ?([0-5][0-9])(?:\"|”|''|’’)?", text):
        return f"{found[1]}m{found[2]}s"
    if re.fullmatch(r"[0-9]+(?:h[0-5]?[0-9]|m[0-5]?[0-9])", text):
        return text + ("m" if "h" in text else "s")
    return None


_OWN_UNITS = {"day": "days", "days": "days", "week": "weeks", "weeks": "weeks"}


def _with_unit(text: str) -> Slip | None:
    found = re.fullmatch(r"([-+]?[0-9][0-9., ]*?)[,;]? ?([^\W\d_][^0-9]*)", text)
    number = only_reading(found[1]) if found else None
    if found is None or number is None:
        return None
    word = found[2].lower()
    if word == "b":
        help_ = f"Write the billions in full, or {number} with the mark break."
        return Slip("could be billions, or a figure after a break.", help_)
    mark = BESIDE_NUMBER.get(word) or LETTERS_TYPED.get(word)
    if mark:
        why = "has a mark beside it. Marks have a list of their own."
        return Slip(why, f"Write {marked(number, mark)}.", number, mark)
    if len(word) == 1 and not word.isascii():
        return Slip(f'has the letter "{found[2]}" beside its digits.', "Type the number again.")
    unit = _OWN_UNITS.get(word, f"{{name: {found[2]}}}")
    return Slip("has a unit in it.", f'Write {number}, with "unit: {unit}".', number, with_unit=True)


def _letters(text: str) -> Slip | None:
    """The letters O, l and I among digits."""
    if not re.fullmatch(r"(?=.*[0-9])[0-9OolI.,]+", text):
        return None
    number = only_reading(text.translate(str.maketrans("OolI", "0011")))
    letter = next((c for c in text if c in "OolI"), None)
    if number is None or letter is None:
        return None
    return Slip(f'has the letter "{letter}" among its digits.', f"Write {number}.", number)


# Texts that say something about a figure.


def _no_value(text: str) -> Slip | None:
    word = text.casefold()
    if word in {"none", "nil", "zero"}:
        advice = "Write 0 for a true zero, or {marks: [not-available]} where there is no figure."
        return Slip("is not a number.", advice, why=NOTHING)
    if word not in INSTEAD_OF_NUMBER:
        return None
    mark = INSTEAD_OF_NUMBER[word]
    return Slip(
        "is not a number. A mark says why there is no figure.", f"Write {marked(None, mark)}.", mark=mark
    )


_ABOUT = re.compile(r"(?:~|≈|c\.|ca\.?|circa|about|approx\.?|around) ?(?P<number>.+)", re.IGNORECASE)
_LETTERED = re.compile(r"(?P<number>.+?) ?[\[(](?P<letter>[a-z]+\.?)[\])]", re.IGNORECASE)
_GLUED = re.compile(r"(?P<number>[0-9][0-9.,]*) ?(?P<letter>[perf])")
_FOOTNOTE = re.compile(r"(?P<number>.+?) ?(?:[*†‡§]+|[¹²³⁰-⁹]+|\[(?:note )?[0-9]{1,2}\])", re.IGNORECASE)


def _marked(text: str) -> Slip | None:
    """`95 [p]`, `95 (prov)`, `95p`, `~95`, `95*`."""
    patterns = (_ABOUT, _LETTERED, _GLUED, _FOOTNOTE)
    found = next((match for pattern in patterns if (match := pattern.fullmatch(text))), None)
    number = only_reading(found["number"]) if found else None
    if found is None or number is None:
        return None
    letter = "e" if found.re is _ABOUT else (found.groupdict().get("letter") or "").lower()
    if f"[{letter}]" in INSTEAD_OF_NUMBER:
        why = f"has [{letter}] beside a number, which stands where there is none."
        return Slip(why, "Write the number alone, or the mark alone.")
    mark = LETTERS_TYPED.get(letter) or BESIDE_NUMBER.get(letter)
    if mark is None:
        help_ = f'Write {number}, and what it says in "note:".'
        return Slip("has a footnote in it.", help_, number, why=FOOTNOTE)
    return Slip(
        "is not a plain number. A mark can say the rest.", f"Write {marked(number, mark)}.", number, mark
    )


_COMPARED = re.compile(
    r"(?:[<>≤≥]=?|under|over|more than|less than|up to) ?[0-9].*|[0-9][0-9.,]* ?\+", re.IGNORECASE
)
_TOO_FEW = re.compile(r"(?:<|under|less than) ?(?:[1-9]|10)", re.IGNORECASE)
_SUPPRESSED = "suppressed"
_RANGE = re.compile(
    r"((?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ?%? ?(?:-|to) ?((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(?: ?%|\b.*)"
)
_TWO = re.compile(r"([0-9]+) ?(?:/|of|out of|in) ?([0-9]+)")


def _not_one_number(text: str) -> Slip | None:
    """`<5`, `92%-95%`, `114/214`."""
    if _COMPARED.fullmatch(text):
        advice = "Write the number alone. In a target, the field's name says the rest, such as more_than."
        if not _TOO_FEW.fullmatch(text):
            return Slip("is not one number.", advice, why=BOUND)
        help_ = f"Write {marked(None, _SUPPRESSED)} where the number was too small to be given."
        return Slip("is not one number.", help_, mark=_SUPPRESSED, why=BOUND, elsewhere=advice)
    if (found := _RANGE.fullmatch(text)) and Decimal(found[1]) < Decimal(found[2]):
        advice = (
            'For a figure write one number, with the range in "note:". '
            f'In a target write "between: [{found[1]}, {found[2]}]".'
        )
        return Slip("is a range, not one number.", advice, why=RANGE)
    if found := _TWO.fullmatch(text):
        advice = f'Write the share in "value:", with "numerator: {found[1]}" and "denominator: {found[2]}".'
        return Slip("is two numbers, not one.", advice, why=PARTS)
    return None


def _bracketed(text: str) -> Slip | None:
    found = re.fullmatch(r"\((.+)\)", text)
    number = only_reading(found[1]) if found else None
    if number is None:
        return None
    return Slip("has brackets around it.", f"Write -{number} if it is below zero, or else {number}.")


_RECOGNISERS: tuple[Callable[[str], Slip | None], ...] = (
    _rewritten,
    _no_value,
    _percentage,
    _money,
    _letters,
    _multiple,
    _time,
    _marked,
    _not_one_number,
    _bracketed,
    _with_unit,
)
