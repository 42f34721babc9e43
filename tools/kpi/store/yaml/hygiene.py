"""What is checked on the raw bytes and characters of a file, before anything is read from it."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import NamedTuple

from kpi.model.finding import Problem
from kpi.model.text import joined, listed, quoted
from kpi.store.files import LIMIT
from kpi.store.yaml import shown
from kpi.store.yaml.places import MOST_PROBLEMS, line_span, refuse, span_at

_ORDINARY = bytes([0x0A, *range(0x20, 0x7F)])  # what most files are made of: nothing to look for in these


class Prepared(NamedTuple):
    """A file that may be given to the parser.

    Attributes:
        text: the file's text, without a byte-order mark.
        fed: the same, offset by offset, with `INVISIBLE` for hidden characters, spaces for odd ones, and a final line end.
        problems: what was found.
        readable: whether there is a point in giving it to the parser.
    """

    text: str
    fed: str
    problems: list[Problem]
    readable: bool = True


def prepare(data: bytes) -> Prepared:
    """Checks the encoding, the size, merge markers, line ends and hidden characters of a file."""
    if len(data) > LIMIT:
        message = f"This file is larger than {LIMIT >> 20} MiB ({LIMIT:,} bytes), which is the limit."
        help_ = "Split older years into another file."
        problem = refuse("too-large", message, help_).at(span_at("", 0, 0))
        return Prepared("", "", [problem], readable=False)
    body = data.removeprefix(BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, body, error.start)
    if len(text) > 1 and text.count("\0") * 4 >= len(text):
        return _not_utf8(data, body, body.index(b"\0"))
    problems = list(_ends(text, has_mark=len(body) < len(data)))
    if any(mark in text for mark in _MARKS) and (conflicts := list(_conflicts(text))):
        return Prepared(text, "", problems + conflicts, readable=False)
    fed = text
    if body.translate(None, _ORDINARY):
        from kpi.store.yaml.hidden import clean

        fed, hidden, readable = clean(text)
        problems += hidden
        if not readable:
            return Prepared(text, "", problems, readable=False)
    return Prepared(text, fed if fed.endswith("\n") else f"{fed}\n", problems)


def _not_utf8(data: bytes, body: bytes, at: int) -> Prepared:
    """Says which byte can't be read, and what the file looks like instead."""
    text = body.decode("utf-8", "replace")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[at : at + 2]
    if wide:
        start, message = 0, "This file is saved as UTF-16, not as UTF-8."
    else:
        start = len(body[:at].decode("utf-8"))
        line = body.count(b"\n", 0, at) + 1
        message = f"Line {line} has a character that is not UTF-8 (byte {at + len(data) - len(body) + 1} of the file, 0x{body[at]:02X})."
        letter = bytes([body[at]]).decode("cp1252", "replace")
        if letter != "\ufffd":
            message += f' It looks like "{letter}" saved by an older Windows program (Windows-1252).'
    span = span_at(text, start, min(start + 1, len(text)))
    problem = refuse("not-utf8", message, "Save the file again as UTF-8.").at(span)
    return Prepared(text, "", [problem], readable=False)


def _ends(text: str, has_mark: bool) -> Iterator[Problem]:
    """What `kpi fmt` would fix at the two ends of a file."""
    if has_mark:
        message = "This file starts with an invisible byte-order mark (U+FEFF)."
        yield refuse("not-formatted", message, '"kpi fmt" takes it away.').at(span_at(text, 0, 0))
    if text and not text.endswith("\n"):
        newline = "\r\n" if "\r\n" in text else "\n"
        missing = refuse("not-formatted", "The last line has no line end.", '"kpi fmt" adds it.', newline)
        yield missing.at(span_at(text, len(text), len(text)))


# What an unfinished merge left: two versions of the same lines, and how they can become one.

_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_ENTRY = re.compile(r"( *)(- \S[^\r]*|[^\s#:'\"{\[-][^\r]*?:(?=[ \r]|\Z))([^\r]*)")
"""An item of a list, or a name with its colon and what comes after it."""
_ALL = "and delete the <<<<<<<, ======= and >>>>>>> lines."


def _conflicts(text: str) -> Iterator[Problem]:
    """The places where a merge left two versions of the same lines, and single lines that it left."""
    begin: int | None = None
    for number, match in enumerate(_CONFLICT.finditer(text)):
        if number > 3 * MOST_PROBLEMS:
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
    versions = _versions(text[begin:end])
    (indent, ours), (other, theirs) = map(_entries, versions)
    if not ours or not theirs or indent != other:
        return refuse("merge-conflict", message, f"Write what is right of both, {_ALL}").at(span)
    shared = [name for name in ours if name in theirs]
    if shared:
        kept = "Keep one of each" if len(shared) > 1 else "Keep one of the two"
        others = " and all other lines" if {*ours} != {*theirs} else ""
        help_ = f"Both have {listed(map(quoted, shared), 3)}. {kept}{others}, {_ALL}"
        return refuse("merge-conflict", message, help_).at(span)
    kept = "".join(line for version in versions for line in version).rstrip("\r\n")
    names = joined(listed(map(quoted, side), 3) for side in (ours, theirs))
    # Without what both began with it can't be told whether one side added its line or the other took it out.
    help_ = f"They have different lines, {names}. Keep all that nobody took out on purpose, {_ALL}"
    return refuse("merge-conflict", message, help_, kept).at(span)


def _versions(text: str) -> tuple[list[str], list[str]]:
    """The lines of both versions of a conflict; what both began with, which git may write between them, is left out."""
    sides: dict[str, list[str]] = {mark[0]: [] for mark in _MARKS}
    at = "<"
    for line in text.splitlines(keepends=True):
        if _CONFLICT.match(line):
            at = line[0]
        else:
            sides[at].append(line)
    return sides["<"], sides["="]


def _entries(lines: list[str]) -> tuple[int, list[str]]:
    """The smallest indentation among names or items, and those that have it; none where they aren't whole entries."""
    rows = [line.rstrip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    indents = [len(row) - len(row.lstrip(" ")) for row in rows]
    names = []
    for row, indent, below in zip(rows, indents, [*indents[1:], 0], strict=False):
        if indent > indents[0]:
            continue
        match = _ENTRY.match(row)
        if match is None or indent < indents[0] or _goes_on(row):
            return 0, []
        is_open = match[2].endswith(":") and match[3].strip()[:1] in {"", "|", ">"}
        if is_open and below <= indent:
            return 0, []
        names.append(match[2].removesuffix(":"))
    return (indents or [0])[0], names


def _goes_on(line: str) -> bool:
    """Whether brackets or quotes of a line may end on a later one."""
    return (
        any(line.count(pair[0]) != line.count(pair[1]) for pair in ("{}", "[]")) or line.count('"') % 2 == 1
    )


def _left_over(text: str, at: int) -> Problem:
    span = line_span(text, at)
    line = shown(text[at : span.stop])
    message = f"Line {span.line} is left over from a merge of two versions: {line}."
    return refuse("merge-conflict", message, "Keep one version and delete this line.").at(span)
