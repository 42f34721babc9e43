"""Lines of a file taken apart, and what is said of the text between two offsets."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kpi.model.finding import Problem, Span
from kpi.store.yaml import shown


def refuse(rule: str, message: str, help_: str = "", replacement: str | None = None) -> Problem:
    """Why something in a file is refused, before its place is known."""
    return Problem(rule, (), message, help_, replacement)


def syntax_problem(
    text: str, start: int, stop: int, message: str, help_: str, instead: str | None = None
) -> Problem:
    """A problem with the YAML between two offsets of `text`."""
    return Problem("yaml-syntax", (), message, help_, instead, span=span_at(text, start, stop))


def span_at(text: str, start: int, stop: int) -> Span:
    """The part of `text` between two offsets, as lines and columns."""
    begins = line_begins(text)
    line, end_line = bisect_right(begins, start), bisect_right(begins, stop)
    return Span(line, start - begins[line - 1] + 1, end_line, stop - begins[end_line - 1] + 1, start, stop)


@lru_cache(maxsize=1)  # a file's spans are asked for one after the other
def line_begins(text: str) -> list[int]:
    """The offsets at which the lines of a text begin."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def line_span(text: str, start: int) -> Span:
    """The line around an offset, without the white space at its ends."""
    begin, end = text.rfind("\n", 0, start) + 1, text.find("\n", start)
    line = text[begin : len(text) if end < 0 else end]
    lead = len(line) - len(line.lstrip(" \t\r"))
    return span_at(text, begin + lead, begin + max(lead, len(line.rstrip(" \t\r"))))


_DASHES = re.compile("(?:- +)+")
_IN_ONE_PAIR = re.compile(r"\"[^\"]*\"|'(?:[^']|(?<=\w)'(?=\w))*'").fullmatch
CURLY = {"“": "”", "„": "“", "‘": "’", "«": "»", "”": "”", "’": "’"}


class Line(NamedTuple):
    """One line, taken apart: `- ` signs, a field's name and its value, without a comment. Offsets are in the whole text."""

    text: str  # the whole file's
    begin: int  # of the line, with its indentation
    start: int  # of what follows the indentation
    inner_start: int  # of what follows the "- " signs
    value_start: int
    stop: int  # of the body
    indent: int
    inner: int  # the column where what follows the "- " signs starts
    body: str  # from `start`, without the comment and the white space at the end
    inside: str  # what follows the "- " signs
    name: str  # empty where the line has no field
    value: str

    @property
    def shown(self) -> str:
        """The line as messages quote it."""
        return shown(self.body)

    def rows(self, *, down: bool) -> "Iterator[Line]":
        """The lines below it or above it, as they are."""
        line = self
        while 0 < (at := self.text.find("\n", line.stop) + 1 if down else line.begin) < len(self.text):
            line = line_at(self.text, at if down else at - 1)
            yield line

    def above(self) -> "Line | None":
        """The nearest line above that is neither empty nor a comment."""
        rows = self.rows(down=False)
        return next((line for line in rows if line.body and not line.body.startswith("#")), None)

    def below(self) -> "Line":
        """The line below; the first of the file where there is none."""
        return next(self.rows(down=True), line_at(self.text, 0))

    def around(self) -> "list[Line]":
        """The nearest line above, and those around that one, each less indented than the one before."""
        lines: list[Line] = []
        at = self.begin
        for row in reversed(self.text[:at].split("\n")[:-1]):
            at -= len(row) + 1
            body = row.strip()
            if body and body[0] != "#" and (not lines or row[: lines[-1].indent].strip()):
                lines.append(line_at(self.text, at))
        return lines

    def problem(self, message: str, help_: str, instead: str | None = None) -> Problem:
        """A problem with everything on the line."""
        return syntax_problem(self.text, self.start, self.stop, message, help_, instead)


def line_at(text: str, at: int) -> Line:
    """Takes apart the line around an offset."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    raw = text[begin : len(text) if end < 0 else end].rstrip()
    body, indent = raw.lstrip(" "), len(raw) - len(raw.lstrip(" "))
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
    start, stop = begin + indent, begin + indent + len(body)
    inner_start, inside = start + inner, body[inner:]
    columns = indent, indent + inner
    return Line(text, begin, start, inner_start, stop - len(value), stop, *columns, body, inside, name, value)


def in_quotes(value: str) -> str:
    """The text in quotes, in the way that needs the fewest changes; quotes that were meant as quotes are replaced."""
    if len(value) > 1 and (CURLY.get(value[0]) == value[-1] or _IN_ONE_PAIR(value)):
        value = value[1:-1]
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
