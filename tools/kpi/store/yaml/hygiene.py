"""What is checked on the raw bytes and characters of a file, before anything is read from it."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import NamedTuple

from kpi.model.finding import Problem
from kpi.store.files import LIMIT
from kpi.store.yaml.conflicts import conflicts
from kpi.store.yaml.places import span_at

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
        return Prepared(
            "", "", [Problem("too-large", (), message, help_, span=span_at("", 0, 0))], readable=False
        )
    body = data.removeprefix(BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, body, error.start)
    if len(text) > 1 and text.count("\0") * 4 >= len(text):
        return _not_utf8(data, body, body.index(b"\0"))
    problems = list(_ends(text, has_mark=len(body) < len(data)))
    found = list(conflicts(text))
    if found:
        return Prepared(text, "", problems + found, readable=False)
    fed = text
    if body.translate(None, _ORDINARY):
        from kpi.store.yaml.hidden import clean

        fed, found, readable = clean(text)
        problems += found
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
    stop = min(start + 1, len(text))
    problem = Problem(
        "not-utf8", (), message, "Save the file again as UTF-8.", span=span_at(text, start, stop)
    )
    return Prepared(text, "", [problem], readable=False)


def _ends(text: str, has_mark: bool) -> Iterator[Problem]:
    """What `kpi fmt` would mend at the two ends of a file."""
    if has_mark:
        message = "This file starts with an invisible byte-order mark (U+FEFF)."
        yield Problem("not-formatted", (), message, '"kpi fmt" takes it away.', span=span_at(text, 0, 0))
    if text and not text.endswith("\n"):
        newline = "\r\n" if "\r\n" in text else "\n"
        span = span_at(text, len(text), len(text))
        yield Problem(
            "not-formatted", (), "The last line has no line end.", '"kpi fmt" adds it.', newline, span=span
        )
