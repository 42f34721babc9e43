"""Ignore comments: `# kpi: ignore[rule] reason`, on the line concerned or alone on the line above it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_COMMENT = re.compile(r"kpi:\s*ignore\s*(?:\[(?P<rules>[^\]]*)\])?\s*(?P<reason>.*)", re.IGNORECASE)


class Ignore(NamedTuple):
    """One ignore comment. `covers` is the line whose findings it hides; all lines and columns count from 1.

    `text` is the whole comment as written, with its `#`.
    """

    line: int
    column: int
    covers: int
    rules: tuple[str, ...]
    reason: str
    text: str


def ignores(comments: Iterable[tuple[int, int, str]], lines: list[str]) -> tuple[Ignore, ...]:
    """The ignore comments among a file's comments.

    Args:
        comments: line, column and text (without the `#`) of each comment.
        lines: the file's lines. A comment alone on its line covers the next line that is neither blank nor a comment.
    """
    ignored = []
    covered = _covered(lines)
    for line, column, text in comments:
        match = _COMMENT.match(text)
        if match is None:
            continue
        rules = tuple(word.strip() for word in (match["rules"] or "").split(",") if word.strip())
        written = lines[line - 1][column - 1 :].rstrip()
        ignored.append(Ignore(line, column, covered[line - 1], rules, match["reason"].strip(), written))
    return tuple(ignored)


def _covered(lines: list[str]) -> list[int]:
    """For each line, the number of the line that a comment on it covers."""
    covered = list(range(1, len(lines) + 1))
    following = 0
    for number in range(len(lines), 0, -1):
        text = lines[number - 1].lstrip()
        if not text.startswith("#"):
            following = number if text else following
        elif following:
            covered[number - 1] = following
    return covered
