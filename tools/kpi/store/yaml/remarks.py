"""Comments that were not meant as one: a text that a # cuts off, and a mark of a figure that nobody would see."""

import re
from collections.abc import Iterator

from kpi.model.finding import Problem
from kpi.model.mark import BESIDE_NUMBER
from kpi.model.text import quoted
from kpi.store.yaml import SHOWN
from kpi.store.yaml.lines import in_quotes, line_at
from kpi.store.yaml.places import span_at

_CUT = re.compile(r"(?<=\S) #(?=[A-Za-z0-9])")
_REASON = re.compile(r"marks: ?\[[^\]\n]*\]\} # ?(?!kpi:)\w+ \w")
"""What follows the marks of a figure in a comment: their reason."""
_MARKED = re.compile(rf" # ?(?:{'|'.join(map(re.escape, BESIDE_NUMBER))})\b", re.IGNORECASE)


def may_hide(text: str) -> bool:
    """Whether a file may have such a comment; most have none, and are not looked at further."""
    return " #" in text and bool(_CUT.search(text) or _MARKED.search(text) or _REASON.search(text))


def not_meant(text: str, comments: list[tuple[int, int]]) -> Iterator[Problem]:
    """What is wrong with the comments of a file.

    Args:
        text: the file's text.
        comments: where they stand, as offsets from the `#` to the end of the line.
    """
    for start, stop in comments:
        line = line_at(text, start)
        if not line.value or line.value_start > start:
            continue
        value, comment = text[line.value_start : start].rstrip(), text[start:stop].rstrip()
        mark = BESIDE_NUMBER.get(comment.lstrip("# ").casefold())
        if mark is not None and re.fullmatch(r"-?[0-9][0-9a-z.]*", value) and line.name[:1].isdigit():
            instead = f"{{value: {value}, marks: [{mark}]}}"
            message = f"Nobody sees the comment {quoted(comment, SHOWN)} on a page. A mark can say it."
            span = span_at(text, line.value_start, start + len(comment))
            yield Problem("not-a-number", (), message, f"Write {instead}.", instead, span=span)
        elif _REASON.search(text, line.value_start, stop) and "note:" not in value:
            reason = comment.lstrip("# ")
            note = in_quotes(reason) if re.search(r"[:#,{}\[\]\"']", reason) else reason
            instead = f"{value.removesuffix('}')}, note: {note}}}"
            message = f"Nobody sees the comment {quoted(comment, SHOWN)} on a page. A note says why a figure has a mark."
            span = span_at(text, line.value_start, start + len(comment))
            yield Problem("not-a-number", (), message, f"Write {instead}.", instead, span=span)
        elif comment[1:2].isalnum() and " " in value and value[:1].isalpha():
            instead = in_quotes(text[line.value_start : start + len(comment)])
            message = (
                f"The text ends before {quoted(comment, SHOWN)}, because a # after a space starts a comment."
            )
            help_ = 'Put all of it in quotes. If it is a comment, put a space after the "#".'
            span = span_at(text, line.value_start, start + len(comment))
            yield Problem("yaml-syntax", (), message, help_, instead, span=span)
