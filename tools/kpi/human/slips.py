"""What people write where a number belongs, and what to write instead: `95%`, `1,376`, `£12`, `n/a`, `12 days`, `O.5`.

A recogniser looks at one way of writing. It answers only where the text leaves little doubt, and offers a replacement only
where exactly one thing can be meant.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from kpi.model import quantity
from kpi.model.quantity import DURATION, DURATION_SHAPE, MOST_DIGITS, Unit, ValueFormError, value_of
from kpi.model.text import joined, quoted
from kpi.model.vocabulary import BESIDE_NUMBER, INSTEAD_OF_NUMBER, LETTERS_TYPED

_SAME = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {"’": "'", "％": "%", "．": ".", "，": ","}
)


def tidy(text: str) -> str:
    """The text with plain digits, spaces, minus signs and commas, and single spaces."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    return " ".join(digits.translate(_SAME).split())


def readings(text: str) -> tuple[str, ...]:
    """The plain numbers of at most 15 digits on either side that a tidied text can mean: two if a comma may be a decimal sign."""
    sign = "-" if text.startswith("-") else ""
    body = text[1:].strip() if text[:1] in {"-", "+"} else text
    numbers: tuple[str, ...] = ()
    signs = next((signs for form, signs in _FORMS if form.fullmatch(body)), None)
    if signs is not None:
        numbers = (body.translate(dict.fromkeys(map(ord, signs))).replace(",", "."),)
    elif re.fullmatch("[0-9]+,[0-9]+", body):
        point = body.replace(",", ".")
        numbers = (point,) if body.startswith("0") else (point, body.replace(",", ""))
    elif _EXPONENT.fullmatch(body):
        numbers = (quantity.plain(Decimal(body)),)
    written = tuple(_plain(sign, digits) for digits in numbers)
    return () if "" in written else written


def only_reading(text: str) -> str | None:
    """The only plain number that a tidied text can mean; None if there are two or none."""
    numbers = readings(text.strip())
    return numbers[0] if len(numbers) == 1 else None


def _plain(sign: str, digits: str) -> str:
    whole, _, rest = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    if len(whole) > MOST_DIGITS or len(rest) > MOST_DIGITS:
        return ""
    if not (whole + rest).strip("0"):
        sign = ""
    return f"{sign}{whole}.{rest}" if rest else sign + whole


_EXPONENT = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,{MOST_DIGITS}}})?[eE][-+]?[0-9]{{1,2}}")
_FORMS = (
    # 1,376  12,345,678.5  1,23,456
    (re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"), ","),
    # 1 234  1'234,5
    (re.compile(r"[0-9]{1,3}(?:[ '][0-9]{3})+(?:[.,][0-9]+)?"), " '"),
    # 1.234,5  1.234.567
    (re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}"), "."),
    # 95  007  1_000  5.  12 .5  .5
    (re.compile(r"[0-9]+(?:_[0-9]+)*(?: ?\. ?[0-9]*)?|\.[0-9]+"), "_ "),
)
"""Ways to write one number, each with the signs between its digits; a comma that is left is a decimal sign."""

_LONGEST = 60  # characters; what is longer is a sentence

NOTHING, RANGE, PARTS, BOUND = "nothing", "range", "parts", "bound"
FOOTNOTE, DASH, UNIT = "footnote", "dash", "unit"
"""Ways in which a text is not a number: it means nothing, a range, the two parts of a share, an inequality, has a footnote, a dash
before it that may be a minus sign, or the unit beside it."""


class Slip(NamedTuple):
    """A number written in a way that files don't use."""

    wrong: str  # what is wrong, to follow the quoted text: "has a comma in it."
    # the number or time that is meant, as files write it; None if there is none, or could be two
    number: str | None = None
    mark: str = ""  # the mark for the rest of what was typed, or for why there is no number; may be empty
    advice: str = ""  # what to write in a file instead, as a sentence; empty where it is `replacement`
    why: str = ""  # one of the words above, if the text is one of these
    typed: str = ""
    # what to write where marks are not allowed, as in a target; empty if `help` is for both
    elsewhere: str = ""

    @property
    def message(self) -> str:
        """What is wrong in a file, quoting the text; full sentences."""
        once = ' The unit belongs in "unit:", once.' if self.why == UNIT else ""
        return f"{quoted(self.typed)} {self.wrong}{once}"

    @property
    def replacement(self) -> str | None:
        """The text to write in a file, if only one can be meant."""
        if not self.mark:
            return self.number
        value = f"value: {self.number}, " if self.number else ""
        return f"{{{value}marks: [{self.mark}]}}"

    @property
    def help(self) -> str:
        """What to write in a file instead, as a sentence."""
        return self.advice or f"Write {self.replacement}."

    @property
    def figure_only(self) -> bool:
        """Whether the help is only for a dated figure, which may have marks."""
        return bool(self.mark) or self.why in {NOTHING, PARTS}


def recognise_slip(text: str) -> Slip | None:
    """Say what is wrong with a text in place of a number, or None if it contains no number. Plain numbers come in quotes only."""
    if len(text) > _LONGEST:
        return None
    # a dash before a number may be a minus sign
    dashed = re.fullmatch("[–—] ?([0-9].*)", text.strip())
    if dashed and (number := only_reading(tidy(dashed[1]))):
        advice = f"Write {number}, or -{number} if it is below zero."
        return Slip("starts with a dash.", number, advice=advice, why=DASH, typed=text)
    plain_text = tidy(text)
    if plain_text != text.strip() and only_reading(plain_text) == plain_text:
        return Slip("is not written in plain digits.", plain_text, typed=text)
    slip = next(filter(None, (recognise(plain_text) for recognise in _RECOGNISERS)), None)
    return slip._replace(typed=text) if slip is not None else None


# A recogniser sees the tidied text; `recognise_slip` adds what was typed.


def _rewritten(text: str) -> Slip | None:
    numbers = readings(text)
    if not numbers:
        return None
    if len(numbers) == 2:
        return _unclear_comma(text)
    (number,) = numbers
    if number == text:
        return Slip("is in quotes, so it is read as text.", number, advice=f"Write {number} without quotes.")
    signs = {",": "a comma", " ": "a space", "'": "an apostrophe", "+": "a plus sign"}
    sign = next((name for sign, name in signs.items() if sign in text), "")
    return Slip(f"has {sign} in it." if sign else "is not a plain number.", number)


def _percentage(text: str) -> Slip | None:
    match = re.fullmatch(r"(.+?) ?(%|per ?cent|pct?)", text, re.IGNORECASE)
    if match and (number := only_reading(match[1])):
        return Slip(f"has {'a % sign' if match[2] == '%' else quoted(match[2])} in it.", number, why=UNIT)
    return None


def _money(text: str) -> Slip | None:
    match = re.fullmatch(r"(-?)([£€$]|GBP|EUR|USD) ?(.+)|(.+?) ?([£€$]|GBP|EUR|USD)", text)
    digits = match[3] or match[4] if match else ""
    amount = _multiplied(digits) or only_reading(digits)
    if match is None or amount is None:
        return None
    number, sign = (match[1] or "") + amount, match[2] or match[5]
    code = next((code for code, symbol in quantity.SYMBOLS.items() if symbol == sign), sign)
    unit = f'"unit: {{currency: {code}}}"'
    return Slip("has a currency in it.", number, advice=f"Write {number}, with {unit}.", why=UNIT)


def _multiplied(text: str) -> str | None:
    """`1.2 million` → `1200000`."""
    match = re.fullmatch(r"(.+?) ?(k|thousand|mn?|million|bn|billion)", text, re.IGNORECASE)
    if match and (number := only_reading(match[1])):
        return quantity.plain(Decimal(number).scaleb({"k": 3, "t": 3, "m": 6, "b": 9}[match[2][0].lower()]))
    return None


def _multiple(text: str) -> Slip | None:
    number = _multiplied(text)
    if number and text[-1] in "mM":
        advice = f"Write {number} for millions, or a time such as 1m12s."
        return Slip("could be millions or minutes.", advice=advice)
    return Slip("has a word in place of the zeros.", number) if number else None


def _time(text: str) -> Slip | None:
    if not re.search(r"[0-9] ?[:hms'’]", text, re.IGNORECASE):
        return None
    why = "is not how a time is written."
    short = re.sub(
        r"^[0-9]+,[0-9,.]*[0-9]", lambda digits: only_reading(digits[0]) or digits[0], text.lower()
    )
    if (meant := _time_meant(short)) and meant != text:
        return Slip(why, meant)
    try:
        value_of(short, Unit(DURATION))
    except ValueFormError as error:
        if error.replacement or ":" in text:
            return Slip(why, error.replacement, advice=error.help)
    return None


def _time_meant(text: str) -> str | None:
    """`1.5 hours` → `1h30m`, `1h30` → `1h30m`, `2m18` → `2m18s`; `quantity` knows the rest. `1.5m` may be millions."""
    if match := re.fullmatch(r"([0-9]+\.[0-9]+) ?(h|m(?=i)|s)(?:ours?|rs?|in(?:ute)?s?|ec(?:ond)?s?)?", text):
        return quantity.duration_text(
            (Decimal(match[1]) * {"h": 3600, "m": 60, "s": 1}[match[2]]).normalize()
        )
    if match := re.fullmatch(r"([0-9]+)['’] ?([0-5][0-9])(?:\"|”|''|’’)?", text):
        return f"{match[1]}m{match[2]}s"
    if match := re.fullmatch(r"([0-9]+) ?(h|m)(?:ours?|rs?|in(?:ute)?s?)? ?([0-5]?[0-9])", text):
        return f"{match[1]}{match[2]}{match[3]}{'m' if match[2] == 'h' else 's'}"
    return text if re.fullmatch(DURATION_SHAPE, text) else None


def _surrounded(text: str) -> Slip | None:
    """`86;`, `86%.`, `= 86`: a sign before or behind the number that is no part of it."""
    match = re.fullmatch(r"(= ?)?(.*?[^,;.= ]) ?([,;.]?)", text)
    if match is None or not (match[1] or match[3]):
        return None
    number = _number_or_time(match[2])
    inner = Slip("", number) if number else recognise_slip(match[2])
    wrong = 'has "=" before it.' if match[1] else f'has "{match[3]}" after it.'
    return inner._replace(wrong=wrong) if inner and inner.replacement else None


def _with_unit(text: str) -> Slip | None:
    match = re.fullmatch(r"([-+]?[0-9][0-9., ]*?)[,;]? ?([^\W\d_][^0-9,;:#|]*)", text)
    number = only_reading(match[1]) if match else None
    if match is None or number is None:
        return None
    noun = match[2]
    if noun.lower() == "b":
        advice = f"Write the billions in full, or {number} with the mark break."
        return Slip("could be billions, or a figure after a break.", advice=advice)
    if len(noun) == 1 and not noun.isascii():
        return Slip(f'has the letter "{noun}" beside its digits.', advice="Type the number again.")
    advice = f'Write {number}. What is counted goes in "noun: {noun}", a unit in "unit: {{name: {noun}}}".'
    if re.fullmatch("(?:day|week)s?", noun, re.IGNORECASE):
        advice = f'Write {number}, with "unit: {noun.lower().removesuffix("s")}s".'
    return Slip("has a unit in it.", number, advice=advice, why=UNIT)


def _letters(text: str) -> Slip | None:
    letter = next((c for c in text if c in "OolI"), None)
    if letter is None or not re.fullmatch(r"(?=.*[0-9])[0-9OolI.,]+", text):
        return None
    number = only_reading(text.translate(str.maketrans("OolI", "0011")))
    return Slip(f'has the letter "{letter}" among its digits.', number) if number else None


# Texts that say something about a figure.


def _no_value(text: str) -> Slip | None:
    word = text.casefold()
    if word in {"none", "nil", "zero"}:
        advice = "Write 0 for a true zero, or {marks: [not-available]} where there is no figure."
        return Slip("is not a number.", advice=advice, why=NOTHING)
    if word in INSTEAD_OF_NUMBER:
        wrong = "is not a number. A mark says why there is no figure."
        return Slip(wrong, mark=INSTEAD_OF_NUMBER[word])
    return None


_MARKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<about>~|≈|c\.|ca\.?|circa|about|approx\.?|around) ?(?P<number>.+)",
        r"(?P<number>.+?) ?[\[(](?P<word>[a-z]+\.?)(?: (?:figures?|data|value))?[\])]",
        r"(?P<number>[0-9][0-9.,]*) ?(?P<word>(?-i:[perf])|[a-z]{3}[a-z -]*)\.?",
        r"(?P<number>.+?) ?(?:[*†‡§]+|[¹²³⁰-⁹]+|\[(?:note )?[0-9]{1,2}\])",
        r"(?P<number>.*[0-9]\S*?)(?: ?(?:[,;:#]|//) ?| - | )(?P<word>(?!b\.?$)[a-z][a-z -]*)\.?",
        r"(?P<word>[a-z]{3}[a-z -]*?):? (?P<number>[0-9].*)",
    )
)


def _marked(text: str) -> Slip | None:
    """`~95`, `95 [p]`, `95 (prov)`, `95p`, `95*`, `2m18s; revised`, `estimated 95`."""
    for match in filter(None, (pattern.fullmatch(text) for pattern in _MARKED)):
        groups = match.groupdict()
        word = "e" if groups.get("about") else (groups.get("word") or "").lower()
        number = _number_or_time(match["number"])
        if number is None:
            continue
        if mark := LETTERS_TYPED.get(word) or BESIDE_NUMBER.get(word):
            return Slip("is not a plain number. A mark can say the rest.", number, mark)
        if text[-1] in ")]" and f"[{word}]" in INSTEAD_OF_NUMBER:
            wrong = f"has [{word}] beside a number, but that mark is for a missing one."
            return Slip(wrong, advice="Write the number alone, or the mark alone.")
        if not word or text[-1] in ")]":
            advice = f'Write {number}, and what it says in "note:".'
            return Slip("has a footnote in it.", number, advice=advice, why=FOOTNOTE)
    return None


_COMPARED = r"(?:[<>≤≥]=?|under|over|more than|less than|up to) ?[0-9].*|[0-9][0-9.,]*(?: ?\+| or (?:fewer|less|more|over|under)\b.*)"
_RANGE = re.compile(
    r"((?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ?%? ?(?:-|to) ?((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(?: ?%|\b.*)"
)


def _not_one_number(text: str) -> Slip | None:
    """`<5`, `92%-95%`, `114/214`."""
    if re.fullmatch(_COMPARED, text, re.IGNORECASE):
        wrong = "is not one number."
        alone = "Write the number alone. In a target, the field's name says the rest, such as more_than."
        if not re.fullmatch("(?:<|under|less than) ?(?:[1-9]|10)", text, re.IGNORECASE):
            return Slip(wrong, advice=alone, why=BOUND)
        advice = "Write {marks: [suppressed]} where the number was too small to be given."
        return Slip(wrong, mark="suppressed", advice=advice, why=BOUND, elsewhere=alone)
    if (match := _RANGE.fullmatch(text)) and Decimal(match[1]) < Decimal(match[2]):
        advice = f'In a target write "between: [{match[1]}, {match[2]}]".'
        advice = f'For a figure write one number, with the range in "note:". {advice}'
        return Slip("is a range, not one number.", advice=advice, why=RANGE)
    if match := re.fullmatch(r"([0-9]+) ?(?:/|of|out of|in) ?([0-9]+)", text):
        advice = f'Write the share in "value:", with "numerator: {match[1]}" and "denominator: {match[2]}".'
        return Slip("is two numbers, not one.", advice=advice, why=PARTS)
    return None


def _number_or_time(text: str) -> str | None:
    if re.fullmatch(DURATION_SHAPE, text):
        return text
    time = _time(text)
    return time.number if time is not None else only_reading(text)


def _bracketed(text: str) -> Slip | None:
    if (match := re.fullmatch(r"\((.+)\)", text)) and (number := only_reading(match[1])):
        advice = f"Write -{number} if it is below zero, or else {number}."
        return Slip("has brackets around it.", advice=advice)
    return None


def _unclear_comma(text: str) -> Slip | None:
    """`91,5`, `91,5%`, `£91,5`, `1,2 million`, `1,25h`: the comma may be a decimal sign."""
    match = re.fullmatch(r"[^0-9-]*(-?[0-9]+,[0-9]+)([^0-9]*)", text)
    numbers = readings(match[1]) if match else ()
    if match is None or len(numbers) != 2:
        return None
    meant = (
        _multiplied(f"{number}{match[2]}") or _number_or_time(f"{number}{match[2]}") or number
        for number in numbers
    )
    advice = f"Write {joined(meant, 'or')}."
    return Slip("has a comma, so it is not clear which number is meant.", advice=advice)


_RECOGNISERS = (
    _rewritten, _no_value, _percentage, _money, _letters, _multiple, _marked, _time,
    _not_one_number, _bracketed, _surrounded, _with_unit, _unclear_comma,
)  # fmt: skip


# What a typed text means for a measure's unit

PLAIN = re.compile(rf"-?(?:0|[1-9][0-9]{{0,{MOST_DIGITS - 1}}})(?:\.[0-9]{{1,{MOST_DIGITS}}})?")
"""A number as files hold it."""

_WORDS_OF = {"percent": r"%|per ?cent|pct?", "days": "days?", "weeks": "weeks?|wks?"}
_TIMES = "k|thousand|mn?|million|bn|billion"
# 2 weeks are not 2 days
_NEVER_CONVERTED = {quantity.CURRENCY, quantity.DAYS, quantity.WEEKS, quantity.NAMED}


def interpret_value(text: str, unit: Unit) -> str:
    """The figure that a text means, as files write it: `67%` → `67` if the unit is percent; `ValueFormError` if none, or two."""
    bare = _number_for(text, unit)
    raw = Decimal(bare) if PLAIN.fullmatch(bare) else bare
    try:
        value_of(raw, unit)
    except ValueFormError as error:
        if error.replacement and unit.kind == DURATION:  # 1h90m
            return error.replacement
        raise
    return bare.removeprefix("-") if raw == 0 else bare  # files have no minus sign before a zero


def _number_for(text: str, unit: Unit) -> str:
    if PLAIN.fullmatch(text) or (unit.kind == DURATION and re.fullmatch(DURATION_SHAPE, text)):
        return text
    minutes = re.fullmatch(r"([0-9]{1,5}\.[0-9]{1,3}) ?m", text, re.IGNORECASE)
    if minutes and unit.kind == DURATION:
        return quantity.duration_text((Decimal(minutes[1]) * 60).normalize())
    slip = recognise_slip(text)
    if slip is None and re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
        wrong = f"{quoted(text, 60)} has more than {MOST_DIGITS} digits."
        raise ValueFormError(f"{wrong} Programs don't keep more exactly.")
    if slip is None:
        return text
    if slip.number is None or slip.mark or slip.why in {FOOTNOTE, DASH}:
        raise ValueFormError(slip.message, _advice(slip))
    if unit.kind == DURATION or fits(text, unit):
        return slip.number
    is_time = PLAIN.fullmatch(slip.number) is None
    advice = "Write a number alone." if is_time else f"Is {slip.number} meant?"
    if (slip.why == UNIT or is_time) and unit.kind in _NEVER_CONVERTED:
        advice = f"Write the figure in {quantity.unit_text(unit)}, as a number alone."
    raise ValueFormError(f"{quoted(text)} {slip.wrong} The unit here is {quantity.unit_text(unit)}.", advice)


def fits(text: str, unit: Unit) -> bool:
    """Whether the text around the digits is empty or the unit itself."""
    own = _WORDS_OF.get(unit.kind, "(?!)")
    if unit.kind in {quantity.CURRENCY, quantity.NAMED}:
        own = f"{re.escape(quantity.SYMBOLS.get(unit.name, unit.name))}|{re.escape(unit.name)}"
    rest = re.sub(r"[-+0-9.,_'\s]|(?<=[0-9])[eE](?=[-+0-9])", " ", tidy(text)).strip()
    return re.fullmatch(rf"(?:{own})? *(?:{_TIMES})? *(?:{own})?", rest, re.IGNORECASE) is not None


def _advice(slip: Slip) -> str:
    """What to do on a command line, where marks are given beside the figure."""
    if slip.mark:
        start = f"Write {slip.number}" if slip.number else "Leave the figure out, and add"
        return f"{start} --mark {slip.mark}."
    return _ADVICE.get(slip.why, slip.help).format(number=slip.number)


_ADVICE = {
    NOTHING: "Write 0 for a true zero, or --mark not-available where there is no figure.",
    RANGE: "Write one number, and the range in a note.",
    PARTS: "Write the share itself.",
    BOUND: "Write the figure itself, or the mark suppressed if it may not be published.",
    FOOTNOTE: "Write {number}, and what the footnote says in a note.",
}
