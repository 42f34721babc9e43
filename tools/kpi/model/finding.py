"""Problems and findings: a `Problem` has a field, a `Finding` a line; and the comments that hide findings."""

import re
from collections.abc import Iterable
from typing import NamedTuple

FieldPath = tuple[str | int, ...]
"""A field's path in its file: `("measures", "officers", "observations", "2022/23")`; list items by index."""

ERROR, WARNING = "error", "warning"
OFF = "off"  # of a rule that isn't held, or is held only where the plan asks for it


class Span(NamedTuple):
    """A stretch of a file: lines and columns from 1, the end just after the last character; `start` and `stop` are offsets."""

    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    stop: int


class Problem(NamedTuple):
    """Something wrong at a field."""

    rule: str  # the rule's name, such as `period-format`
    where: FieldPath  # the field. Ignored where `span` is given.
    message: str  # what is wrong and why, quoting the user's own text; full sentences
    help: str = ""  # what to write instead, as a sentence; may be empty
    replacement: str | None = None  # the text to write instead, if there is one
    on_key: bool = False  # points at the field's name rather than at its value
    span: Span | None = None  # the exact place, if the reader knows it

    def at(self, span: Span, where: FieldPath = ()) -> "Problem":
        """The same problem at a place."""
        return self._replace(span=span, where=where)


class Finding(NamedTuple):
    """A problem with its place, code and severity. `path` is from the root; lines and columns count from 1."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    rule: str
    severity: str
    message: str
    help: str = ""
    replacement: str | None = None


_COMMENT = re.compile(r"kpi:\s*ignore\s*(?:\[(?P<rules>[^\]]*)\])?\s*(?P<reason>.*)", re.IGNORECASE)


class Ignore(NamedTuple):
    """An ignore comment, as written in `text`, and the line whose findings it hides. Lines and columns count from 1."""

    line: int
    column: int
    covers: int
    rules: tuple[str, ...]
    reason: str
    text: str


def ignores(comments: Iterable[tuple[int, int, str]], lines: list[str]) -> tuple[Ignore, ...]:
    """The ignore comments among a file's comments: the line, column and text, without the `#`, of each."""
    covered = list(range(1, len(lines) + 1))
    following = 0  # the next line that is no comment nor blank: a comment alone on its line covers it
    for number in range(len(lines), 0, -1):
        text = lines[number - 1].lstrip()
        if not text.startswith("#"):
            following = number if text else following
        elif following:
            covered[number - 1] = following
    ignored = []
    for line, column, text in comments:
        match = _COMMENT.match(text)
        if match is None:
            continue
        rules = tuple(word.strip() for word in (match["rules"] or "").split(",") if word.strip())
        written = lines[line - 1][column - 1 :].rstrip()
        ignored.append(Ignore(line, column, covered[line - 1], rules, match["reason"].strip(), written))
    return tuple(ignored)
