"""What can be wrong, as values: a `Problem` knows the field, a `Finding` knows the line."""

from typing import NamedTuple

FieldPath = tuple[str | int, ...]
"""Where a field stands in its file: `("measures", "officers", "observations", "2022/23")`; list items by their number."""

ERROR = "error"
WARNING = "warning"


class Span(NamedTuple):
    """A stretch of a file. Lines and columns count from 1; the end is the place just after the last character.

    `start` and `stop` are the same two places as offsets in characters from the start of the text.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    stop: int


class Problem(NamedTuple):
    """One thing that is wrong, as the rule or the reader that saw it tells it.

    Attributes:
        rule: the rule's name, such as `period-format`.
        where: the field. Ignored where `span` is given.
        message: what is wrong and why, quoting the user's own text; full sentences.
        help: what to write instead, as a sentence; may be empty.
        replacement: the literal text to put in place of the span, where one exists.
        on_key: points at the field's name rather than at its value.
        span: the exact place, where the reader knows better than a field path.
    """

    rule: str
    where: FieldPath
    message: str
    help: str = ""
    replacement: str | None = None
    on_key: bool = False
    span: Span | None = None


class Finding(NamedTuple):
    """A problem with its place, its rule's code and its severity: what people and machines are shown.

    `path` is relative to the repository's root, with forward slashes. Lines and columns count from 1.
    """

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
