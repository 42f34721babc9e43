"""Texts below a `|` or `>`: how far they reach, and how they are moved."""

import re
from typing import NamedTuple

_SPACES = re.compile(" *")


class BlockText(NamedTuple):
    """A text below a `|` or `>`.

    Attributes:
        sign: its first line, such as `|-`.
        lines: the lines of the text as typed, without their line ends.
        indent: how far the text is indented.
        stop: where the last of the lines ends, as an offset.
    """

    sign: str
    lines: list[str]
    indent: int
    stop: int


def block_text(text: str, start: int) -> BlockText:
    """Take a text apart; `start` is where its `|` or `>` stands. The parsers don't agree about its end, so it is found here.

    Blank lines below it belong to it only with a `+`.
    """
    end = text.index("\n", start)
    sign = text[start:end].rstrip()
    lines: list[str] = []
    indent = 0
    last = 0  # how many of the lines belong to the text
    stop = kept = end
    while kept + 1 < len(text):
        end = text.index("\n", kept + 1)
        line = text[kept + 1 : end].removesuffix("\r")
        spaces = len(_SPACES.match(line)[0])  # type: ignore[index]
        blank = spaces == len(line) and (not indent or spaces <= indent)
        if not blank:
            indent = indent or spaces
            if spaces < indent or not indent:
                break
        lines.append(line)
        kept = end
        if not blank or "+" in sign:
            last, stop = len(lines), end
    return BlockText(sign, lines[:last], indent, stop)


def end_of_block(text: str, start: int) -> int:
    """Where a text ends; `start` is where its `|` or `>` stands."""
    return block_text(text, start).stop


def moved(block: BlockText, columns: int) -> list[str]:
    """The lines of a text moved to the right, or to the left with a negative number. Lines that hold nothing are empty then."""
    if not columns:
        return block.lines
    lead = " " * (block.indent + columns)
    return [lead + line[block.indent :] if len(line) > block.indent else "" for line in block.lines]
