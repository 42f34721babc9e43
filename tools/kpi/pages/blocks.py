"""A manual in blocks, each as Markdown for a page and as plain text for the terminal."""

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from kpi.model.text import display
from kpi.pages import markdown

WIDTH = 80
"""Characters a line in the terminal. What is code keeps its lines."""

_INDENT = "  "
_LONGEST = 400
_READ_ON = "Read on"
_IN_CODE = re.compile(r"`[^`]*`")


class Block(Protocol):
    """A part of a manual."""

    def markdown(self) -> str:
        """The block on a page."""

    def text(self) -> str:
        """The block in the terminal: safe to print."""


class Heading(NamedTuple):
    """The heading of what follows."""

    words: str

    def markdown(self) -> str:
        """A heading of the second level."""
        return markdown.heading(2, self.words)

    def text(self) -> str:
        """The words with a colon."""
        return f"{self.words}:"


class Prose(NamedTuple):
    """A paragraph of our own. A piece of a file or a command is between backticks."""

    words: str

    def markdown(self) -> str:
        """The paragraph, with its pieces as code."""
        return markdown.prose(self.words)

    def text(self) -> str:
        """The paragraph, filled to the width."""
        return _filled(self.words)


class Quote(NamedTuple):
    """What a program says, word for word."""

    words: str

    def markdown(self) -> str:
        """A quotation."""
        return f"> {markdown.paragraph(self.words)}"

    def text(self) -> str:
        """The words, indented."""
        return _filled(display(self.words, _LONGEST * 2), _INDENT * 2)


class Code(NamedTuple):
    """A piece of a file, or a list of files, as it is. `language` is what colours it on a page."""

    lines: str
    language: str = "yaml"

    def markdown(self) -> str:
        """A block of code."""
        return f"```{self.language}\n{_safe(self.lines)}\n```"

    def text(self) -> str:
        """The lines, indented."""
        return textwrap.indent(_safe(self.lines), _INDENT * 2)


class Facts(NamedTuple):
    """Short facts, each with its name."""

    rows: tuple[tuple[str, str], ...]

    def markdown(self) -> str:
        """A table of one row."""
        return markdown.table(
            [name for name, _ in self.rows], [[markdown.prose(fact) for _, fact in self.rows]]
        )

    def text(self) -> str:
        """A line a fact."""
        return "\n".join(f"{name}: {fact}" for name, fact in self.rows)


class Words(NamedTuple):
    """Words with what they mean."""

    rows: tuple[tuple[str, str], ...]

    def markdown(self) -> str:
        """A list."""
        return markdown.bullets(
            f"{markdown.code(word)}: {markdown.prose(words)}" for word, words in self.rows
        )

    def text(self) -> str:
        """The words under one another, and their meanings beside them."""
        widest = max((len(word) for word, _ in self.rows), default=0)
        starts = [f"{_INDENT}{word:<{widest}}  " for word, _ in self.rows]
        return "\n".join(
            _filled(words, start, " " * len(start))
            for start, (_, words) in zip(starts, self.rows, strict=True)
        )


class Guides(NamedTuple):
    """Further reading, with its heading: titles with their paths, seen from the root and from the page."""

    links: tuple[tuple[str, str, str], ...]

    def markdown(self) -> str:
        """A list of links."""
        items = markdown.bullets(markdown.link(title, target) for title, _, target in self.links)
        return f"{markdown.heading(2, _READ_ON)}\n\n{items}"

    def named(self, at: Callable[[str], str]) -> "Guides":
        """The same with what a function makes of the paths from the root."""
        return Guides(tuple((title, at(path), target) for title, path, target in self.links))

    def text(self) -> str:
        """The paths from the root."""
        return "\n".join([f"{_READ_ON}:", *(f"{_INDENT}{path}" for _, path, _ in self.links)])


def as_markdown(title: str, blocks: Iterable[Block]) -> str:
    """The blocks as a page with a title."""
    return markdown.page([markdown.heading(1, title), *(block.markdown() for block in blocks)])


def as_text(title: str, blocks: Iterable[Block], at: Callable[[str], str] = str) -> str:
    """The blocks as plain text with a title, safe to print; `at` says where a page is, by its path from the root."""
    named = (block.named(at) if isinstance(block, Guides) else block for block in blocks)
    return "\n\n".join([title, *(block.text() for block in named)]) + "\n"


def _filled(text: str, first: str = "", others: str | None = None) -> str:
    """Text broken into lines, none of them inside a piece of code."""
    lines = textwrap.wrap(
        _IN_CODE.sub(lambda match: match.group().replace(" ", "\0"), text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if others is None else others,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(line.replace("\0", " ") for line in lines)


def _safe(lines: str) -> str:
    """Lines with what can't be seen shown by its number."""
    return "\n".join(display(line, _LONGEST) for line in lines.rstrip("\n").split("\n"))
