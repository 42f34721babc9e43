"""Lines of a file that the parser does not take, taken apart by hand, and values that need quotes."""

import re
from typing import NamedTuple

from kpi.model.finding import Problem
from kpi.model.text import joined, quoted
from kpi.store.yaml import IN_FULL, shown
from kpi.store.yaml.places import refuse, span_at, syntax_problem

_HALF_LETTER = re.compile(
    r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\U(?:0000[dD][89a-fA-F][0-9a-fA-F]{2}|(?!0000|000[0-9a-fA-F]|0010)[0-9a-fA-F]{8})"
)
_DASHES = re.compile("(?:- +)+")
_ITEM_END = re.compile(r"[,\[\]{}\r\n]")
_IN_ONE_PAIR = re.compile(r"\"[^\"]*\"|'(?:[^']|(?<=\w)'(?=\w))*'").fullmatch
CURLY = {"“": "”", "„": "“", "‘": "’", "«": "»", "”": "”", "’": "’"}
_MEANINGS = {
    "@": "has a special meaning",
    "`": "has a special meaning",
    "%": "gives orders to the program",
    "*": "refers to another value",
    "&": "names a value",
    "!": "names a kind of value",
    "|": "starts text on the next line",
    ">": "starts text on the next line",
    "[": "starts a list",
    "{": "starts a group of fields",
    "]": "ends a list",
    "}": "ends a group of fields",
    ",": "is between items",
}


class Line(NamedTuple):
    """One line, taken apart: `- ` signs, a field's name and its value, without a comment. Offsets are in the whole text."""

    text: str  # the whole file's
    start: int  # of what follows the indentation
    indent: int
    inner: int  # the column where what follows the "- " signs starts
    body: str  # from `start`, without the comment and the white space at the end
    name: str  # empty where the line has no field
    value: str
    value_start: int

    @property
    def begin(self) -> int:
        """Where the line starts, with its indentation."""
        return self.start - self.indent

    @property
    def stop(self) -> int:
        """Where the body ends."""
        return self.start + len(self.body)

    @property
    def inner_start(self) -> int:
        """Where what follows the "- " signs starts."""
        return self.begin + self.inner

    @property
    def inside(self) -> str:
        """What follows the "- " signs."""
        return self.body[self.inner - self.indent :]

    @property
    def shown(self) -> str:
        """The line as messages quote it."""
        return shown(self.body)

    def above(self) -> "Line | None":
        """The nearest line above that is neither empty nor a comment."""
        begin = self.begin
        while begin > 0:
            line = line_at(self.text, begin - 1)
            if line.body and not line.body.startswith("#"):
                return line
            begin = line.begin
        return None

    def problem(self, message: str, help_: str, instead: str | None = None) -> Problem:
        """A problem with everything on the line."""
        return syntax_problem(self.text, self.start, self.stop, message, help_, instead)

    def of_value(self, message: str, instead: str) -> Problem:
        """The problem that the field's value should be written differently."""
        lead = f"{self.name}: " if self.name else ""
        return written(self.text, self.value_start, self.value, message, instead, lead)


def line_at(text: str, at: int) -> Line:
    """Takes apart the line around an offset."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    raw = text[begin : len(text) if end < 0 else end].rstrip()
    body = raw.lstrip(" ")
    indent = len(raw) - len(body)
    comment = 0 if body.startswith("#") else body.find(" #")
    if comment >= 0 and body.count('"', 0, comment) % 2 == 0 and body.count("'", 0, comment) % 2 == 0:
        body = body[:comment].rstrip()
    dashes = _DASHES.match(body)
    inner = dashes.end() if dashes else 0
    colon = body.find(": ", inner)
    if colon < 0 and body.endswith(":"):
        colon = len(body) - 1
    name = body[inner:colon].rstrip() if colon >= 0 else ""
    value = body[colon + 1 :].lstrip(" ") if colon >= 0 else body[inner:]
    value_start = begin + indent + len(body) - len(value)
    return Line(text, begin + indent, indent, indent + inner, body, name, value, value_start)


def needs_no_quotes(text: str) -> bool:
    """Whether a text of several words can come after a colon as it is."""
    return text[:1].isalpha() and ": " not in text and " #" not in text and not text.endswith(":")


def in_quotes(value: str) -> str:
    """The text in quotes, in the way that needs the fewest changes; quotes that were meant as quotes are replaced."""
    if len(value) > 1 and (
        CURLY.get(value[0]) == value[-1] or (value[0] == value[-1] and _IN_ONE_PAIR(value))
    ):
        value = value[1:-1]
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def half_letter(text: str, start: int, stop: int) -> Problem | None:
    r"""A backslash with the number of no letter at all (`\ud800`), between two offsets."""
    match = _HALF_LETTER.search(text, start, stop)
    if match is None:
        return None
    message = f"{quoted(match[0])} is no letter: no program can show it."
    return refuse("hidden-character", message, "Delete it.", "").at(span_at(text, *match.span()))


def needs_quotes(text: str, start: int, message: str = "") -> Problem:
    """A value that only quotes make text, or an item of a list in brackets; `start` is where it is."""
    line = line_at(text, start)
    what, lead = "value", ""
    if line.name and start < line.value_start:
        at, value, what = line.inner_start, line.name, "name"
    elif message or start <= line.value_start:
        at, value, lead = line.value_start, line.value, f"{line.name}: " if line.name else ""
    else:
        at, value = start, item_at(text, start)
    sign = value[:1]
    if value.startswith("```"):
        message = "``` marks a block of text on web pages. Files don't have it."
        return syntax_problem(text, line.begin, line.stop, message, "Delete this line.", "")
    if value == sign == "%" and line.name.lower() == "unit":
        return written(text, at, value, 'The unit "%" is written as a word.', "percent", lead)
    if not message and sign in _MEANINGS:
        message = (
            f'At the start of a {what} "{sign}" {_MEANINGS[sign]}. The text {shown(value)} needs quotes.'
        )
    message = message or f"The text {shown(value)} needs quotes."
    return written(text, at, value, message, in_quotes(value), lead)


def needs_quotes_in_brackets(text: str, start: int) -> Problem:
    """An item of a list in brackets that has a colon or a question mark inside; `start` is where it is."""
    item = item_at(text, start)
    message = f"Inside [ ] and {{ }} the text {shown(item)} needs quotes, or a space after its colon."
    return written(text, start, item, message, in_quotes(item))


_BEFORE_COMMA = re.compile(r"(?<![0-9,])-?[0-9][0-9,]*,[ ]*\Z")
_FAR = 40  # characters before a number's second half; no first half is longer
_ENDS_ITEM = re.compile(r"[ ]*[,}]").match
_GROUPS = re.compile(r"(?:,[0-9]{3})*")


def split_number(text: str, start: int, name: str) -> tuple[int, int, Problem] | None:
    """A number in braces that its comma parts in two (`{value: 50,120}`), or that is there alone (`{86}`).

    `start` is where the name is that is the number's second half, or the number. Returns from where to where the number
    goes, and what is wrong with it; None where there is none.
    """
    stop = start + len(name)
    is_alone = text[start - 1] == "{" and text[stop : stop + 1] == "}"
    if not is_alone and _ENDS_ITEM(text, stop) is None:
        return None
    from kpi.human.slips import only_reading, readings  # rarely needed

    if is_alone and (number := only_reading(name)):
        message = f"{shown(text[start - 1 : stop + 1])} has braces around it."
        return start - 1, stop + 1, refuse("not-a-number", message, f"Write {number}.", number)
    before = _BEFORE_COMMA.search(text, max(text.rfind("\n", 0, start) + 1, start - _FAR), start)
    if before is None or not name.isdigit():
        return None
    more = _GROUPS.match(text, stop)
    begin, end = before.start(), more.end() if more else stop
    numbers = readings(text[begin:end].replace(" ", ""))
    message = f"{shown(text[begin:end])} has a comma in it, which parts it in two here."
    only = numbers[0] if len(numbers) == 1 else None
    refusal = refuse("not-a-number", message, f"Write {joined(numbers, 'or')}.", only)
    return (begin, end, refusal) if numbers else None


def item_at(text: str, start: int) -> str:
    """The item of a list in brackets that starts here."""
    end = _ITEM_END.search(text, start + 1)
    return text[start : end.start() if end else len(text)].rstrip()


def written(text: str, start: int, old: str, message: str, new: str, lead: str = "") -> Problem:
    """The problem that `old`, which is at `start`, should be written as `new`."""
    return syntax_problem(text, start, start + len(old), message, f"Write: {lead}{new}", new)


def empty_block(text: str, start: int) -> Problem:
    """A `|` or `>` without text below it; `start` is where it is."""
    message = f'There is no text below this "{text[start]}".'
    help_ = "Indent the text below it, or leave the field out."
    return refuse("forbidden-yaml", message, help_).at(span_at(text, start, start + 1))


def blank_first(text: str, start: int) -> Problem:
    """A line of spaces right below a `|` or `>`; `start` is where the sign is."""
    message = f'The line below this "{text[start]}" has only spaces. Some programs can\'t read that.'
    return refuse("forbidden-yaml", message, "Delete that line.").at(span_at(text, start, start + 1))


def two_shorthands(text: str, start: int) -> Problem:
    """A value with an anchor and a tag; `start` is on its line."""
    line = line_at(text, start)
    message = f"{shown(line.value or line.body)} has YAML shorthand that KPI files don't use."
    return refuse("forbidden-yaml", message, IN_FULL).at(span_at(text, line.start, line.stop))
