"""GitHub's Markdown from plain text: cells, tables, links, headings and their anchors.

Text from files goes through `inline` before it is in a page, and then shows exactly the characters it has.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

from kpi.model.text import display

_SPECIAL = re.compile(r"[\\`*_\[\]~|!&<>#@$]|:(?=//|[\w+-]+:)|\.(?<=[wW]{3}\.)")
# What GitHub looks for in the finished page (mentions, mail addresses, emoji, formulas) it finds behind an entity or a
# backslash too. A tag of its own keeps such a character apart from its neighbours.
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "#": "&#35;"} | {
    sign: f"<span>{sign}</span>" for sign in "@$:."
}
_BLOCK_START = re.compile(r"^(?:([-+=])|([0-9]{1,9})([.)])(?=\s|$))")
_MOST = 20_000

_A_LIST = 40_000  # bytes of a list on a page that has several
_LINK = re.compile(r"\[(?<!\\\[)([^\[\]\\]*(?:\\.[^\[\]\\]*)*)\]\(([^()\s]*)\)")
"""A link of ours. Brackets in people's text are written with a backslash."""

_OF_WORDS = {"Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "Pc"}
"""The kinds of characters, in Unicode's words, that GitHub keeps in anchors: letters, their marks, digits and "_"."""


def shown(text: str, limit: int = _MOST) -> str:
    """Text as it is read on a page: white space folded, characters that can't be seen shown by their number."""
    return display(" ".join(text.split()), limit)


@lru_cache(maxsize=4096)  # the same names and periods stand in many cells
def inline(text: str) -> str:
    """Text as Markdown that renders as exactly that text, on one line: white space is folded.

    Nothing in it can become a link, a picture, a tag, a mention, an emoji, a formula or the end of a table cell.
    Characters that can't be seen are shown by their number.
    """
    return _SPECIAL.sub(lambda match: _ESCAPED.get(match[0], f"\\{match[0]}"), shown(text))


def plain(markdown: str) -> str:
    """The text that `inline` wrote as this Markdown."""
    from html import unescape

    return unescape(re.sub(r"\\(.)", r"\1", re.sub("</?span>", "", markdown)))


def paragraph(text: str) -> str:
    """Text as a block of its own, or at the start of a list item, that can't start a list or a heading."""
    return _BLOCK_START.sub(lambda start: f"{start[2] or ''}\\{start[1] or start[3]}", inline(text))


def prose(text: str) -> str:
    """Our own text as Markdown: what is between backticks is code, the rest is plain."""
    pieces = " ".join(text.split()).split("`")
    for number in range(0, len(pieces), 2):
        piece = pieces[number]
        pieces[number] = f"{' ' * piece.startswith(' ')}{inline(piece)}{' ' * piece[1:].endswith(' ')}"
    return "".join(code(piece) if number % 2 else piece for number, piece in enumerate(pieces))


def code(text: str) -> str:
    """Text as code, also in a table cell."""
    return f"`{text}`".replace("|", "\\|")


def link(text: str, target: str) -> str:
    """A link with plain text. `target` is a relative path (with or without an anchor) or an https address."""
    return f"[{inline(text)}]({_target(target)})"


def relinked(markdown: str, lead: Callable[[str], str]) -> str:
    """Markdown of ours with each link's target replaced by what `lead` gives; without one the words stay."""
    return _LINK.sub(lambda link: f"[{link[1]}]({there})" if (there := lead(link[2])) else link[1], markdown)


def image(alt: str, target: str) -> str:
    """A picture of our own; `alt` is what it says, in words and without a tag. Empty where it says nothing."""
    words = re.sub("<span>(.)</span>", lambda match: f"&#{ord(match[1])};", inline(alt))
    return f"![{words}]({_target(target)})" if words else ""


def _target(target: str) -> str:
    from urllib.parse import quote

    return quote(target, safe="/#:?=&%~+,;@!$'*.-_").replace("&", "&amp;")


def heading(level: int, text: str) -> str:
    """A heading; its anchor is what `Anchors` gives for the same text."""
    return f"{'#' * level} {inline(text)}"


def bullets(items: Iterable[str]) -> str:
    """A list of lines that are Markdown already."""
    return "\n".join(f"- {item}" for item in items)


def short_list(items: Sequence[str], rest: str) -> str:
    """A list of the first items, as many as fit; `rest` says where the others are. Empty without any."""
    count = max(1, sum(used <= _A_LIST for used in accumulate(len(item.encode()) for item in items)))
    more = f"\n\nThese are the first {count:,} of {len(items):,}; {rest}." if count < len(items) else ""
    return f"{bullets(items[:count])}{more}"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """A table of Markdown cells, unpadded, so that a changed cell is a changed line; `right` aligns columns."""
    aligned = set(right)
    rule = ["---:" if column in aligned else "---" for column in range(len(headers))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (headers, rule, *rows))


def with_notes(block: str, *notes: str) -> str:
    """A block, such as a table, with notes below it, which are Markdown already; empty ones are left out."""
    return "\n\n".join(filter(None, (block, " ".join(filter(None, notes)))))


def page(blocks: Iterable[str]) -> str:
    """Blocks with a blank line between them, and a line end at the end. Empty blocks are left out."""
    return "\n\n".join(block for block in blocks if block) + "\n"


class Anchors:
    """The anchors that GitHub gives to one page's headings: lower case, hyphens, numbered if repeated."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def add(self, text: str) -> str:
        """The anchor of the next heading with this plain text, without the `#`."""
        stem = anchor = slug(shown(text))
        while anchor in self._used:
            self._used[stem] += 1
            anchor = f"{stem}-{self._used[stem]}"
        self._used[anchor] = 0
        return anchor


def slug(text: str) -> str:
    """The anchor of a heading that is the first of its text on the page."""
    kept = (each for each in text.lower() if each in "- " or unicodedata.category(each) in _OF_WORDS)
    return "".join(kept).replace(" ", "-")


def folded_part(summary: str, text: str) -> str:
    """A part that stays closed until somebody opens it."""
    return f"<details><summary>{inline(summary)}</summary>\n\n{text}\n\n</details>"


def fenced(text: str) -> str:
    """Text to copy, in a block of code: its lines and spaces stay, and nothing in it can end the block."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = "\n".join(display(line, _MOST) for line in text.split("\n"))
    return f"{fence}\n{lines}\n{fence}"
