"""The blocks that answers of the manual are made of, as text for the terminal; `tests/manual_pages.py` makes pages of them."""

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import NamedTuple

from kpi import RELEASED_FROM, __version__
from kpi.model.text import display

HOME = "https://example.org/kpi-as-code"  # until this project has one; in pyproject.toml, too


def address_of(path: str, released: str = RELEASED_FROM) -> str:
    """The address of a page of the program's repository, at the commit of this release or else the tag of the version."""
    repository, _, commit = released.partition("@")
    home = f"https://github.com/{repository}" if repository else HOME
    return f"{home}/blob/{commit or f'v{__version__}'}/{path}"


WIDTH = 80  # characters a line in the terminal; code keeps its lines

_INDENT = "  "
_LONGEST = 400
READ_ON = "Read on"
_IN_CODE = re.compile(r"`[^`]*`")


class Heading(NamedTuple):
    """The heading of what follows."""

    words: str


class Quote(NamedTuple):
    """What a program says, word for word."""

    words: str


class Code(NamedTuple):
    """A piece of a file, or a list of files, as it is. `language` is what colours it on a page."""

    lines: str
    language: str = "yaml"


class Facts(NamedTuple):
    """Short facts, each with its name."""

    rows: tuple[tuple[str, str], ...]


class Words(NamedTuple):
    """Words with what they mean."""

    rows: tuple[tuple[str, str], ...]


class Guides(NamedTuple):
    """Further reading, with its heading: titles with their paths, from the root."""

    links: tuple[tuple[str, str], ...]


Block = str | Heading | Quote | Code | Facts | Words | Guides
"""A text is a paragraph of our own, with pieces of files and commands between backticks."""


def as_text(title: str, blocks: Iterable[Block], at: Callable[[str], str] = str) -> str:
    """The blocks as plain text with a title, safe to print; `at` says where a page is, by its path from the root."""
    return "\n\n".join([title, *(_in_terminal(block, at) for block in blocks)]) + "\n"


def _in_terminal(block: Block, at: Callable[[str], str]) -> str:  # noqa: PLR0911 -- a case for each block
    match block:
        case Heading(words):
            return f"{words}:"
        case str():
            return _filled(block)
        case Quote(words):
            return _filled(display(words, _LONGEST * 2), _INDENT * 2, _INDENT * 2)
        case Code(lines):
            return textwrap.indent(safe(lines), _INDENT * 2)
        case Facts(rows):
            return "\n".join(f"{name}: {fact}" for name, fact in rows)
        case Words(rows):
            widest = max((len(word) for word, _ in rows), default=0)
            indent = " " * (len(_INDENT) + widest + 2)
            starts = (f"{_INDENT}{word:<{widest}}  " for word, _ in rows)
            pairs = zip(starts, rows, strict=True)
            return "\n".join(_filled(meaning, start, indent) for start, (_, meaning) in pairs)
        case Guides(links):
            return "\n".join([f"{READ_ON}:", *(f"{_INDENT}{at(path)}" for _, path in links)])


def _filled(text: str, first: str = "", others: str = "") -> str:
    wrapper = textwrap.TextWrapper(WIDTH, first, others, break_long_words=False, break_on_hyphens=False)
    return wrapper.fill(_IN_CODE.sub(lambda match: match.group().replace(" ", "\0"), text)).replace("\0", " ")


def safe(lines: str) -> str:
    """Lines of code with what can't be seen shown by its number."""
    return "\n".join(display(line, _LONGEST) for line in lines.rstrip("\n").split("\n"))
