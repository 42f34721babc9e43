"""What an unfinished merge left in a file: two versions of the same lines, and how they can become one."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kpi.model.finding import Problem
from kpi.model.text import joined, listed, quoted
from kpi.store.yaml import SHOWN
from kpi.store.yaml.places import MOST_PROBLEMS, line_span, span_at

_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_ENTRY = re.compile(r"( *)(- \S[^\r]*|[^\s#:'\"{\[-][^\r]*?:(?=[ \r]|\Z))([^\r]*)")
"""An item of a list, or a name with its colon and what stands behind it."""
_ALL = "and delete the <<<<<<<, ======= and >>>>>>> lines."


class _Two(NamedTuple):
    """The lines of both versions, with their line ends."""

    ours: list[str]
    theirs: list[str]


def conflicts(text: str) -> Iterator[Problem]:
    """The places where a merge left two versions of the same lines, and single lines that it left."""
    if not any(mark in text for mark in _MARKS):
        return
    begin: int | None = None
    for found, match in enumerate(_CONFLICT.finditer(text)):
        if found > 3 * MOST_PROBLEMS:
            break
        mark = match[0][0]
        if mark == "<" and begin is None:
            begin = match.start()
        elif mark == ">" and begin is not None:
            yield _two_versions(text, begin, match.start())
            begin = None
        elif begin is None:
            yield _left_over(text, match.start())
    if begin is not None:
        yield _left_over(text, begin)


def _two_versions(text: str, begin: int, end: int) -> Problem:
    last = line_span(text, end)
    span = span_at(text, begin, last.stop)
    message = f"Lines {span.line}–{span.end_line} hold two versions of the same text."
    two = _versions(text[begin:end])
    ours, theirs = (_entries(lines) for lines in two)
    if not ours or not theirs or ours[0][0] != theirs[0][0]:
        return Problem("merge-conflict", (), message, f"Write what is right of both, {_ALL}", span=span)
    shared = [name for name in _names(ours) if name in _names(theirs)]
    if shared:
        kept = "Keep one of each" if len(shared) > 1 else "Keep one of the two"
        others = " and all other lines" if {*_names(ours)} != {*_names(theirs)} else ""
        help_ = f"Both have {listed(map(quoted, shared), 3)}. {kept}{others}, {_ALL}"
        return Problem("merge-conflict", (), message, help_, span=span)
    kept = "".join([*two.ours, *two.theirs]).rstrip("\r\n")
    names = joined(listed(map(quoted, _names(side)), 3) for side in (ours, theirs))
    # Without what both began with it can't be told whether one side added its line or the other took it out.
    help_ = f"They have different lines, {names}. Keep all that nobody took out on purpose, {_ALL}"
    return Problem("merge-conflict", (), message, help_, kept, span=span)


def _versions(text: str) -> _Two:
    """Both versions of a conflict; what both began with, which git may write between them, is left out."""
    sides: dict[str, list[str]] = {mark[0]: [] for mark in _MARKS}
    at = "<"
    for line in text.splitlines(keepends=True):
        if _CONFLICT.match(line):
            at = line[0]
        else:
            sides[at].append(line)
    return _Two(sides["<"], sides["="])


def _entries(lines: list[str]) -> list[tuple[int, str]]:
    """The names or items that stand furthest left, each with its indent; nothing where they aren't whole entries."""
    found: list[tuple[int, str]] = []
    open_ = False  # an entry that needs lines below it
    for line in lines:
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if found and indent > found[0][0]:
            open_ = False
            continue
        match = _ENTRY.match(line.rstrip("\r\n"))
        if open_ or match is None or (found and indent != found[0][0]) or _goes_on(bare):
            return []
        found.append((indent, match[2].removesuffix(":")))
        open_ = match[2].endswith(":") and match[3].strip()[:1] in {"", "|", ">"}
    return [] if open_ else found


def _goes_on(line: str) -> bool:
    """Whether brackets or quotes of a line may end on a later one."""
    return (
        any(line.count(pair[0]) != line.count(pair[1]) for pair in ("{}", "[]")) or line.count('"') % 2 == 1
    )


def _names(entries: list[tuple[int, str]]) -> list[str]:
    return [name for _, name in entries]


def _left_over(text: str, at: int) -> Problem:
    span = line_span(text, at)
    message = (
        f"Line {span.line} is left over from a merge of two versions: {quoted(text[at : span.stop], SHOWN)}."
    )
    return Problem("merge-conflict", (), message, "Keep one version and delete this line.", span=span)
