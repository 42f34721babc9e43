"""The part of YAML that KPI files use: what a plain value means, and what is refused although a parser would take it."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from kpi.model.finding import Problem
from kpi.model.period import Period, of_right_year, read
from kpi.model.quantity import MOST_DIGITS
from kpi.model.text import HIDDEN, quoted
from kpi.store.yaml import MISREAD, shown
from kpi.store.yaml.lines import refuse, span_at

if TYPE_CHECKING:
    from kpi.human.slips import Slip

forbidden = partial(refuse, "forbidden-yaml")

TEXTS = frozenset({"note", "assessment"})  # the fields of a figure that are text
_WHOLE = re.compile(r"-?[1-9][0-9]*|0").fullmatch
_WITH_POINT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+").fullmatch
_NUMBER_STARTS = frozenset("0123456789+-.")
_TRUE_OR_FALSE = {"true": True, "false": False}
_WORDS = frozenset(form for word in MISREAD for form in (word, word.title(), word.upper())) | {"~", "=", "<<"}

# Spellings of numbers that some program takes for a number, in their canonical form or not.
_UNCLEAR = re.compile(
    r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
    r"|(?P<based>[-+]?0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+))"
    r"|(?P<minutes>[0-9]+:[0-5][0-9])|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
    r"|(?P<day>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*"
).fullmatch
_EIGHTS = re.compile(r"[-+]?0[0-7_]+").fullmatch
_YEAR_OR_DATE = re.compile(r"[1-9][0-9]{3}(?:[-/][0-9]{2}(?:-[0-9]{2})?)?").fullmatch


def resolve(text: str) -> Any:
    """What a plain value means: None, true or false, an int, a Decimal with the digits as typed, or the text itself.

    A `Problem` without a place where programs differ or digits would be lost.
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
    return forbidden(message, f"Put it in quotes: {shown(text)}", f'"{text}"')


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
    if match is None:
        return text
    if match["day"]:
        return _unclear(text, "a moment in time", f"Write {match['day']}", match["day"])
    slip = number_meant(text)
    meaning = "a number in eights" if _EIGHTS(text) else "a number"
    if slip is None or slip.figure_only:
        return _unclear(text, meaning, "Write the number in full")
    return _unclear(text, meaning, slip.help.removesuffix("."), slip.replacement)


def number_meant(text: str) -> "Slip | None":
    """The number that a text stands for, as people or programs write them; None where it is a moment."""
    from kpi.human.slips import Slip, recognise_slip  # rarely needed

    match = _UNCLEAR(text)
    if match and match["day"]:
        return None
    if match and match["based"]:
        digits = text.replace("_", "")
        return Slip("", str(int(digits, 0))) if 2 < len(digits.lstrip("+-")) <= MOST_DIGITS else None
    return recognise_slip(text.replace(":", "'") if match and match["minutes"] else text)


def _checked(text: str, decimals: int) -> Any:
    """A canonical number longer than usual, unless it has more digits than programs keep."""
    digits = max(len(text.lstrip("-").replace(".", "").lstrip("0")), decimals)
    if digits <= MOST_DIGITS:
        return Decimal(text) if decimals else int(text)
    message = f"{shown(text)} has {digits:,} digits; the limit is {MOST_DIGITS}. Some programs would change the last ones."
    return refuse("too-large", message, "Round it, or put it in quotes if it is not a figure.")


def _unclear_word(text: str) -> Problem:
    meaning = MISREAD.get("null" if text == "~" else text.lower(), "a sign")
    if meaning == "nothing":
        return _unclear(text, meaning, "Leave the value empty")
    if meaning == "a sign":
        return _unclear(text, meaning, "Write a word", f'"{text}"')
    if text.lower() == meaning:
        return _unclear(text, meaning, f"Write {meaning}", meaning)
    help_ = f"If {meaning} is meant, write that; otherwise put it in quotes: {shown(text)}"
    return _unclear(text, meaning, "", f'"{text}"')._replace(help=help_)


def _unclear(text: str, meaning: str, advice: str, write: str | None = None) -> Problem:
    message = f"Some programs read {shown(text)} as {meaning}, others as the text {shown(text)}."
    return forbidden(message, f"{advice}, or put it in quotes: {shown(text)}", write)


is_glued = re.compile(
    r"(?:[A-Za-z_][A-Za-z0-9_-]*|[12][0-9]{3}[0-9/Q -]*):(?![/\s])|-[A-Za-z]|[^:]*::? *\Z"
).match
"""Whether a text without quotes is a field that lacks the space after its colon, or an item without that after its dash."""
_TOKEN = re.compile(r"[\s,\[\]{}]")
_SAFE_TOKEN = re.compile(r"[&*][A-Za-z0-9_-]+|!(?:!?[A-Za-z0-9_/.:-]+)?").fullmatch
_HEADER = re.compile(r"[|>][-+]?[ ]*\r?\n").match
_LOOKS_LIKE_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*:(?:[ ]|\Z)").match

has_usual_header = re.compile(r"[|>][-+0-9]*(?:[ ]+#[^\n]*|[ ]*)\r?\n").match
"""Whether all parsers take the line of a `|` or `>`."""

starts_blank = re.compile(r"[^\n]*\n[ ]+\r?\n").match
"""Whether a line of spaces is right below a `|` or `>`: parsers differ about it."""

DOTS = forbidden('Three dots ("...") end the file here, and KPI files don\'t use that.', "Delete this line.")
DIRECTIVE = forbidden(
    "A line that starts with % is an order to programs. KPI files don't use that.", "Delete this line."
)
SECOND = forbidden("A second document starts here, but a file holds one.", "Put it in a file of its own.")
NO_LIST = refuse(
    "yaml-syntax",
    "This file starts with a list. It should start with a field.",
    "Start with a line such as title: Calls answered",
)
ODD_NAME = forbidden("A list or a group of fields is where a name should be.", "Put a name before the colon.")
QUESTION = forbidden(
    'A "?" before a name is YAML shorthand that KPI files don\'t use.',
    "Write the name, a colon and the value.",
)
PAST_COMMENT = forbidden(
    "A comment is between this value and its name. Some programs can't read that.",
    "Put the comment on the line above the name.",
)
OPEN_BRACKET = forbidden(
    "A list in [ ] or a group in { } must end on the line where it starts.",
    "Close it on its line, or write one item a line without brackets.",
)
LONE_PAIR = forbidden(
    "A field is by itself in a list in [ ]. Some programs can't read that.",
    "Put { } around it, or write the list with one item a line.",
)
BLANK_FIRST = forbidden(
    'The line below a "|" or ">" has only spaces. Some programs can\'t read that.', "Delete that line."
)
TIGHT_COMMENT = forbidden(
    'A comment needs a space before its "#". Some programs can\'t read it otherwise.',
    "Put a space in.",
    " #",
)
DEEPEST = 20  # levels of nesting that a file may have; the deepest in use is six
_DEEPER = f"This is more than {DEEPEST} levels deep, which is the limit."
TOO_DEEP = refuse("too-large", _DEEPER, "Take some levels away.")


def empty(text: str) -> Problem:
    """A file without fields."""
    message = "This file is empty except for comments." if text.strip() else "This file is empty."
    return refuse("yaml-syntax", message, "Write its fields.")


def twice(name: str, line: int, other: int, above: str) -> Problem:
    """A name that was written before, on line `line`; `above` is the one right above it."""
    where = f"on line {line}" if line == other else f"(lines {line} and {other})"
    message = f"{shown(name)} is written twice {where}."
    period, before = read(name), read(above)
    help_, write = "Keep one of them.", None
    if isinstance(period, Period) and isinstance(before, Period) and (meant := of_right_year(period, before)):
        help_ = f"Is the year right? If not, write {meant.text}; otherwise keep one of the two."
        write = meant.text
    return refuse("duplicate-key", message, help_, write)


def over_lines(text: str) -> Problem:
    """A text without quotes over several lines."""
    help_ = 'Write it on one line, or write ">" after the colon and indent the text below it.'
    return forbidden(f"The text {shown(text)} goes on over several lines.", help_)


def long_quotes(source: str, column: int) -> Problem | None:
    """Text in quotes over several lines: a line that looks like a field means that the end quote was forgotten.

    `column` is how far the line of its field is indented.
    """
    for line in source.split("\n")[1:]:
        body = line.strip()
        if _LOOKS_LIKE_FIELD(body):
            message = f"The text in quotes that starts here goes on into the line {shown(body)}."
            return refuse("yaml-syntax", message, "Close the quotes on the line where they open.")
        if body and len(line) - len(line.lstrip(" ")) <= column:
            message = "The text in quotes that starts here goes on in a line that is not indented."
            return forbidden(message, "Indent its further lines, or write it on one line.")
    return None


def block_sign(source: str, text: str) -> Problem | None:
    """What is odd about a `|` or `>`: nothing below it, or more than "-" or "+" on its line."""
    if not text.strip("\n"):
        help_ = "Indent the text below it, or leave the field out."
        return forbidden(f'There is no text below this "{source[0]}".', help_)
    if _HEADER(source):
        return None
    message = f'After "{source[:1]}" only "-" or "+" may be on the same line.'
    help_ = "Start the text on the next line, and put comments above the field."
    return forbidden(message, help_)


def shorthand(source: str) -> Problem:
    """An anchor, a tag or a reference: `&a`, `!a`, `*a`, at the start of `source`."""
    token = shown(_TOKEN.split(source, maxsplit=1)[0])
    help_ = "Write the value out in full, or put it in quotes if it is meant as text."
    return forbidden(f"{token} is YAML shorthand that KPI files don't use.", help_)


def misread_shorthand(source: str) -> bool:
    """Whether parsers differ about where an anchor, a tag or a reference ends."""
    while source[:1] in {"&", "!", "*"}:
        token = _TOKEN.split(source, maxsplit=1)[0]
        rest = source[len(token) :]
        if not _SAFE_TOKEN(token) or (token[0] == "!" and rest[:1].strip()):
            return True
        source = rest.lstrip(" ")
    return False


_HALF_LETTER = re.compile(
    r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\U(?:0000[dD][89a-fA-F][0-9a-fA-F]{2}|(?!0000|000[0-9a-fA-F]|0010)[0-9a-fA-F]{8})"
)


def half_letter(text: str, start: int, stop: int) -> Problem | None:
    r"""A backslash with the number of no letter at all (`\ud800`), between two offsets."""
    if (match := _HALF_LETTER.search(text, start, stop)) is None:
        return None
    message = f"{quoted(match[0])} is no letter: no program can show it."
    return refuse("hidden-character", message, "Delete it.", "").at(span_at(text, *match.span()))


UNSEEN = re.compile(rf"(?:(?![\t\n]|\r\n){HIDDEN.pattern}|\ufffd|(?<![^\x00-\x7f])[\ufe0e\ufe0f])+")


def escapes(value: str) -> Problem | None:
    """Hidden characters that a text in double quotes spells with a backslash; line ends and tabs are allowed."""
    if (match := UNSEEN.search(value)) is None:
        return None
    message = f"A backslash in this text stands for a character that can't be seen ({name_of(match[0][0])})."
    return refuse("hidden-character", message, "Delete it.")


def name_of(character: str) -> str:
    """A character by its number and, where it has one, its name: `U+200B, zero width space`."""
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}{f', {name}' * bool(name)}"
