"""The part of YAML that KPI files use: what is refused although a parser would take it, in words.

Everything here is something that programs read differently, or that can't be changed safely one line at a time.
"""

import re

from kpi.model.finding import Problem
from kpi.model.period import Period, of_right_year, read
from kpi.model.text import quoted
from kpi.store.yaml import IN_FULL, shown
from kpi.store.yaml.events import DEEPEST
from kpi.store.yaml.places import refuse

_GLUED = re.compile(r"((?:[A-Za-z_][A-Za-z0-9_-]*|[12][0-9]{3}[0-9/Q -]*):)(?![/\s])(.*)", re.DOTALL).match
_GLUED_DASH = re.compile(r"-[A-Za-z]").match
_TOKEN = re.compile(r"[\s,\[\]{}]")
_SAFE_TOKEN = re.compile(r"[&*][A-Za-z0-9_-]+|!(?:!?[A-Za-z0-9_/.:-]+)?").fullmatch
_HEADER = re.compile(r"[|>][-+]?[ ]*\r?\n").match
_LOOKS_LIKE_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*:(?:[ ]|\Z)").match

has_usual_header = re.compile(r"[|>][-+0-9]*(?:[ ]+#[^\n]*|[ ]*)\r?\n").match
"""Whether all parsers take the line of a `|` or `>`."""

starts_blank = re.compile(r"[^\n]*\n[ ]+\r?\n").match
"""Whether a line of spaces is right below a `|` or `>`: parsers differ about it."""

TOO_DEEP = refuse(
    "too-large", f"This is more than {DEEPEST} levels deep, which is the limit.", "Take some levels away."
)
END_MARK = refuse(
    "forbidden-yaml",
    'Three dots ("...") end the file here, and KPI files don\'t use that.',
    "Delete this line.",
)
DIRECTIVE = refuse(
    "forbidden-yaml",
    "A line that starts with % is an order to programs. KPI files don't use that.",
    "Delete this line.",
)
SECOND_FILE = refuse(
    "forbidden-yaml", "A second document starts here, but a file holds one.", "Put it in a file of its own."
)
NO_LIST = refuse(
    "yaml-syntax",
    "This file starts with a list. It should start with a field.",
    "Start with a line such as title: Calls answered",
)
ODD_NAME = refuse(
    "forbidden-yaml",
    "A list or a group of fields is where a name should be.",
    "Put a name before the colon.",
)
QUESTION = refuse(
    "forbidden-yaml",
    'A "?" before a name is YAML shorthand that KPI files don\'t use.',
    "Write the name, a colon and the value.",
)
PAST_COMMENT = refuse(
    "forbidden-yaml",
    "A comment is between this value and its name. Some programs can't read that.",
    "Put the comment on the line above the name.",
)
OPEN_BRACKET = refuse(
    "forbidden-yaml",
    "A list in [ ] or a group in { } must end on the line where it starts.",
    "Close it on its line, or write one item a line without brackets.",
)
LONE_PAIR = refuse(
    "forbidden-yaml",
    "A field is by itself in a list in [ ]. Some programs can't read that.",
    "Put { } around it, or write the list with one item a line.",
)
TIGHT_COMMENT = refuse(
    "forbidden-yaml",
    'A comment needs a space before its "#". Some programs can\'t read it otherwise.',
    "Put a space in.",
    " #",
)


def empty(text: str) -> Problem:
    """A file without fields."""
    message = "This file is empty except for comments." if text.strip() else "This file is empty."
    return refuse("yaml-syntax", message, "Write its fields.")


def twice(name: str, line: int, other: int, above: str) -> Problem:
    """A name that was written before, on line `line`; `above` is the one right above it."""
    where = f"on line {line}" if line == other else f"(lines {line} and {other})"
    message = f"{shown(name)} is written twice {where}."
    period, before = read(name), read(above)
    meant = (
        of_right_year(period, before) if isinstance(period, Period) and isinstance(before, Period) else None
    )
    if meant is None:
        return refuse("duplicate-key", message, "Keep one of them.")
    help_ = f"Is the year right? If not, write {meant.text}; otherwise keep one of the two."
    return refuse("duplicate-key", message, help_, meant.text)


def two_colons(name: str) -> Problem:
    """`title:: Text`; the name as the parser takes it, with the first colon."""
    corrected = name.rstrip(": ")
    message = f"There are two colons after {shown(corrected)}."
    return refuse("yaml-syntax", message, "Delete one of them.", corrected)


def nameless(number: str) -> Problem:
    """`{86, marks: [provisional]}`: a number without its field's name."""
    corrected = f"value: {number}"
    return refuse(
        "not-a-number", f"{quoted(number)} is here without a name.", f"Write: {corrected}", corrected
    )


def glued(text: str) -> Problem | None:
    """`title:Text`: a field without the space after its colon."""
    match = _GLUED(text)
    if match is None:
        return None
    message = f"There is no space after the colon in {shown(text)}."
    corrected = f"{match[1]} {match[2]}"
    return refuse("yaml-syntax", message, f"Write: {corrected}", corrected)


def glued_dash(text: str) -> Problem | None:
    """`-item`: a list item without the space after its dash."""
    if not _GLUED_DASH(text):
        return None
    message = f"There is no space after the dash in {shown(text)}."
    return refuse("yaml-syntax", message, "Put a space after the dash.", f"- {text[1:]}")


def long_text(text: str, source: str) -> Problem:
    """Plain text over several lines, and as it is typed; often fields or items that lack a space or are too far right."""
    items = [line.strip() for line in source.split("\n")[1:] if line.lstrip().startswith("- ")]
    if items:
        item = shown(items[0])
        message = f"{item} is read as part of the text above it, because of its indentation."
        help_ = "Indent all items of a list alike, below a name that ends with a colon."
        return refuse("yaml-syntax", message, help_)
    if refusal := glued(text) or glued_dash(text):
        return refuse(refusal.rule, refusal.message, "Put a space there.")
    help_ = 'Write it on one line, or write ">" after the colon and indent the text below it.'
    return refuse("forbidden-yaml", f"The text {shown(text)} goes on over several lines.", help_)


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
            return refuse("forbidden-yaml", message, "Indent its further lines, or write it on one line.")
    return None


def block_sign(source: str) -> Problem | None:
    """A `|` or `>` with more than "-" or "+" on its line."""
    if _HEADER(source):
        return None
    message = f'After "{source[:1]}" only "-" or "+" may be on the same line.'
    help_ = "Start the text on the next line, and put comments above the field."
    return refuse("forbidden-yaml", message, help_)


def escapes(value: str) -> Problem | None:
    """Hidden characters that a text in double quotes spells with a backslash."""
    from kpi.store.yaml.hidden import hidden_in, name_of

    character = hidden_in(value)
    if character is None:
        return None
    message = f"A backslash in this text stands for a character that can't be seen ({name_of(character)})."
    return refuse("hidden-character", message, "Delete it.")


def shorthand(source: str) -> Problem:
    """An anchor, a tag or a reference: `&a`, `!a`, `*a`, at the start of `source`."""
    token = shown(_TOKEN.split(source, maxsplit=1)[0])
    return refuse("forbidden-yaml", f"{token} is YAML shorthand that KPI files don't use.", IN_FULL)


def misread_shorthand(source: str) -> bool:
    """Whether parsers differ about where an anchor, a tag or a reference ends."""
    rest = source
    while rest[:1] in ("&", "!", "*"):
        token = _TOKEN.split(rest, maxsplit=1)[0]
        rest = rest[len(token) :]
        if not _SAFE_TOKEN(token) or (token[0] == "!" and rest[:1].strip()):
            return True
        rest = rest.lstrip(" ")
    return False
