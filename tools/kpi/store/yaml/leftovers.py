"""What merging, copying and commenting left: two versions of lines, names that are there twice, comments not meant as such."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from kpi.model.finding import Problem
from kpi.model.text import joined, listed
from kpi.model.vocabulary import BESIDE_NUMBER
from kpi.store.yaml import shown
from kpi.store.yaml.lines import in_quotes, line_at, line_span, refuse, span_at
from kpi.store.yaml.places import MOST_PROBLEMS, Unreadable
from kpi.store.yaml.reading import Reading

# Two versions of the same lines, which an unfinished merge left, and how they can become one

_MARK = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_MOST_READ = 1_000_000
"""Characters that are read to find what may be kept of both: each conflict costs three readings."""
_ALL = "and delete the <<<<<<<, ======= and >>>>>>> lines."


def find_conflicts(text: str) -> Iterator[Problem]:
    """The places where a merge left two versions of the same lines, and single lines that it left."""
    marks = [*islice(_MARK.finditer(text), 3 * MOST_PROBLEMS + 1)]
    is_short = len(text) * len(marks) <= 3 * _MOST_READ
    begin: int | None = None
    for mark in marks:
        if mark[0][0] == "<" and begin is None:
            begin = mark.start()
        elif mark[0][0] == ">" and begin is not None:
            yield _conflict(text, begin, line_span(text, mark.start()).stop, is_short=is_short)
            begin = None
        elif begin is None:
            yield _left_over(text, mark.start())
    if begin is not None:
        yield _left_over(text, begin)


def _conflict(text: str, begin: int, stop: int, *, is_short: bool) -> Problem:
    """Two versions between two offsets. What may be kept of both is found by reading the file with each, and with both."""
    span = span_at(text, begin, stop)
    message = f"Lines {span.line}–{span.end_line} hold two versions of the same text."
    problem = refuse("merge-conflict", message, f"Write what is right of both, {_ALL}").at(span)
    inside = text[begin:stop]
    versions = [_version(inside, signs) for signs in ("<", "=", "<=")]
    if not is_short or not all(version.strip() for version in versions):
        return problem
    before = _version(text[:begin], "<")
    after = _version(text[stop:].removeprefix("\r").removeprefix("\n"), "<")
    readings = [_read(f"{before}{version}{after}") for version in versions]
    if None in readings:
        return problem
    ours, theirs, both = filter(None, readings)
    if twice := [*(both[1] - ours[1])]:
        verb, which = ("are", "each") if len(twice) > 1 else ("is", "the two")
        kept = f"{listed(twice, 3)} {verb} there twice. Keep one of {which}"
        return problem._replace(help=f"With both, {kept} and all other lines, {_ALL}")
    if not (_holds(both[0], ours[0]) and _holds(both[0], theirs[0])):
        return problem
    # Without what both began with it can't be told whether one side added its line or the other took it out.
    help_ = f"They have different lines. Keep all that nobody took out on purpose, {_ALL}"
    return problem._replace(help=help_, replacement=versions[-1].rstrip("\r\n"))


def _version(text: str, signs: str) -> str:
    """The lines of a text without its conflicts, of which only the sides with these signs stay."""
    at, lines = "", []
    for line in text.splitlines(keepends=True):
        if _MARK.match(line) and (at or line[0] == "<"):
            at = "" if line[0] == ">" else line[0]
        elif not at or at in signs:
            lines.append(line)
    return "".join(lines)


def _read(text: str) -> tuple[dict[str, Any], Counter[str]] | None:
    """What a version of a file says, and the names that it has twice; None where it can't be read as it is."""
    reading = Reading(text, text if text.endswith("\n") else f"{text}\n")
    try:
        values = reading.values()
    except Unreadable:
        return None
    if any(problem.rule != _RULE for problem in reading.problems):
        return None
    spans = [problem.span for problem in reading.problems if problem.span]
    return values, Counter(shown(text[span.start : span.stop]) for span in spans)


def _holds(whole: Any, part: Any) -> bool:
    """Whether everything in some values is in others, in the same order in lists."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and _holds(whole[name], value) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        rest = iter(whole)
        return all(any(_holds(item, value) for item in rest) for value in part)
    return bool(whole == part)


def _left_over(text: str, at: int) -> Problem:
    span = line_span(text, at)
    line = shown(text[at : span.stop])
    message = f"Line {span.line} is left over from a merge of two versions: {line}."
    return refuse("merge-conflict", message, "Keep one version and delete this line.").at(span)


# Comments that were meant as something else

_REASON = re.compile(r"marks: ?\[[^\]\n]*\]\} # ?(?!kpi:)\w+ \w")
"""What follows the marks of a figure in a comment: their reason."""


def find_remarks(text: str, comments: Iterable[tuple[int, int]]) -> Iterator[Problem]:
    """The comments of a file that were meant as a mark, a reason or the end of a text."""
    for start, stop in comments:
        line = line_at(text, start)
        if not line.value or line.value_start > start:
            continue
        value, comment = text[line.value_start : start].rstrip(), text[start:stop].rstrip()
        span = span_at(text, line.value_start, start + len(comment))
        unseen = f"Nobody sees the comment {shown(comment)} on a page."
        mark = BESIDE_NUMBER.get(comment.lstrip("# ").casefold())
        if mark is not None and re.fullmatch(r"-?[0-9][0-9a-z.]*", value) and line.name[:1].isdigit():
            instead = f"{{value: {value}, marks: [{mark}]}}"
            message = f"{unseen} A mark can say it."
            yield refuse("not-a-number", message, f"Write {instead}.", instead).at(span)
        elif _REASON.search(text, line.value_start, stop) and "note:" not in value:
            reason = comment.lstrip("# ")
            note = in_quotes(reason) if re.search(r"[:#,{}\[\]\"']", reason) else reason
            instead = f"{value.removesuffix('}')}, note: {note}}}"
            message = f"{unseen} A note says why a figure has a mark."
            yield refuse("not-a-number", message, f"Write {instead}.", instead).at(span)
        elif comment[1:2].isalnum() and " " in value and value[:1].isalpha():
            instead = in_quotes(text[span.start : span.stop])
            message = f"The text ends before {shown(comment)}, because a # after a space starts a comment."
            help_ = 'Put all of it in quotes. If it is a comment, put a space after the "#".'
            yield refuse("yaml-syntax", message, help_, instead).at(span)


# Names that are written twice

_MANY = 3  # names; with fewer, each was probably written twice by itself
_RULE = "duplicate-key"


def gathered(text: str, problems: list[Problem]) -> list[Problem]:
    """The problems, with one in place of many names that are written twice in the same block."""
    twice = [problem for problem in problems if problem.rule == _RULE]
    in_order = sorted(twice, key=lambda problem: (str(problem.where), problem.span))
    kept = [problem for problem in problems if problem.rule != _RULE]
    for _, group in groupby(in_order, lambda problem: problem.where):
        names = list(group)
        kept += [_once(text, names)] if len(names) >= _MANY else [_once(text, [name]) for name in names]
    return kept


def _once(text: str, twice: list[Problem]) -> Problem:
    """What to say of a name that is here a second time, or of a block: where both say the same, that the lines can go."""
    first, is_block = twice[0], len(twice) > 1
    spans = [problem.span for problem in twice if problem.span is not None]
    names = [shown(text[span.start : span.stop]) for span in spans]
    again = f"{joined([*names[:2], names[-1]])} are here a second time."
    line = line_at(text, spans[0].start)
    indent = line.indent if is_block else line.indent + 1
    outer = re.compile(rf"^ {{0,{indent - 1}}}[^ \n]" if indent else r"\Z", re.MULTILINE)
    end = outer.search(text, text.find("\n", spans[-1].start) + 1 or len(text))
    stop = end.start() if end else len(text)
    lines = text[line.begin : stop]
    is_whole = lines.endswith("\n") and (is_block or line.start == spans[0].start)
    if is_whole and f"\n{lines}" in f"\n{text[: line.begin]}":
        span, last = span_at(text, line.begin, stop), text.count("\n", 0, stop)
        numbers = f"line {span.line}" if span.line == last else f"lines {span.line} to {last}"
        same = first._replace(help=f"Both say the same. Delete {numbers}.", replacement="", span=span)
        return same._replace(message=again, where=()) if is_block else same
    if not is_block:
        return first
    if not first.where:
        help_ = "Every KPI has a file of its own. Move these lines into one, or delete them."
        return refuse(_RULE, f"A second KPI starts here: {again}", help_).at(spans[0])
    from kpi.store.yaml.trouble import mended

    if (problem := mended(line)) and problem.replacement is not None:
        return problem._replace(rule=_RULE, message=f"{problem.message} {again}", where=first.where)
    help_ = "Write its name on a line of its own above, or delete what was pasted twice."
    return refuse(_RULE, f"A second block starts here without a name: {again}", help_).at(spans[0])
