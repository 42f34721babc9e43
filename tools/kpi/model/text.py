"""Text for people: what came from a file made safe to show, lists, counts and near misses in plain English, docstrings."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate, islice
from posixpath import commonprefix
from typing import Any

# Everything that can't be seen, or that changes how its neighbours are seen. Written out as ranges and not looked up,
# because Unicode's tables differ between Python versions and the pages must not. Left alone: U+FE0E and U+FE0F, which only
# choose between the text and the picture form of a symbol.
_HIDDEN_RANGES = (
    "\x00-\x1f\x7f-\x9f"  # control characters, the newline among them
    "\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"  # soft hyphen, joiners, Arabic and Syriac signs
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # fillers that look like nothing
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidirectional
    "\ud800-\udfff\ue000-\uf8ff"  # surrogates, private use
    "\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\ufff0-\ufffb\ufffe\uffff"  # non-characters, variation selectors, BOM
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000))
    + "\U000e0000-\U000e0fff\U000f0000-\U0010ffff"  # tags, variation selectors, private use
)
HIDDEN = re.compile(f"[{_HIDDEN_RANGES}]")
"""One character that `display` shows by its number."""

_MOST_COMPARED = 100  # characters of a word that `nearest` looks at: comparing is slow on long text


def display(text: str, limit: int = 120) -> str:
    """Text from a file as it may be shown anywhere: hidden characters by their number, cut with an … after `limit`."""
    # Most texts are ASCII, of which Python's own look is enough and far quicker.
    hides = not text.isprintable() if text.isascii() else HIDDEN.search(text) is not None
    if len(text) <= limit and not hides:
        return text
    shown = [f"‹U+{ord(c):04X}›" if HIDDEN.match(c) else c for c in text[: limit + 1]]
    ends = list(accumulate(map(len, shown)))
    if ends[-1] <= limit:
        return "".join(shown)
    return "".join(piece for piece, end in zip(shown, ends, strict=True) if end < limit) + "…"


def quoted(text: str, limit: int = 120) -> str:
    """The user's own text in quotation marks, safe to show."""
    return f'"{display(text, limit)}"'


def joined(items: Iterable[str], last: str = "and") -> str:
    """The items as one phrase: "a", "a and b", "a, b and c"; with `last="or"`, "a, b or c"."""
    *others, final = list(items) or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def listed(options: Iterable[str], limit: int = 8) -> str:
    """The options after one another, and how many more there are: "a, b, … 12 more"."""
    names = options if isinstance(options, Collection) else list(options)
    shown = ", ".join(islice(names, limit))
    return f"{shown}, … {len(names) - limit} more" if len(names) > limit else shown


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 figure", "3 figures", "1,376 figures". `plural` where an "s" is not enough."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def nearest(word: str, options: Iterable[str], cutoff: float = 0.65) -> str | None:
    """The option that `word` was probably meant to be; None where none is near enough: alike to `cutoff`, from 0 to 1."""
    by_folded: dict[str, str] = {}
    for option in options:
        by_folded.setdefault(_folded(option), option)
    folded = _folded(word)
    if folded in by_folded:
        return by_folded[folded]
    from difflib import get_close_matches

    close: Sequence[str] = get_close_matches(folded[:_MOST_COMPARED], list(by_folded), n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else None


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")


class Guesses:
    """How often what was meant is still looked for: each time takes as long as there are names to choose from."""

    def __init__(self) -> None:
        self._left = 20_000

    def another(self, among: int) -> bool:
        """Whether so many names are to be looked through once more: twenty times, less often if they are thousands."""
        allowed = self._left > 0
        self._left -= max(among, 1_000)
        return allowed


_WORD = re.compile(r"[^\W_]+")
_SHORT = 5  # letters; in shorter words one letter is often another word: "now" and "not"


def is_same_text(text: str, other: str) -> bool:
    """Whether two texts differ by no more than commas, capitals, and one letter in one long word."""
    first, second = (_WORD.findall(each.casefold()) for each in (text, other))
    differ = [(was, now) for was, now in zip(first, second, strict=False) if was != now]
    if len(first) != len(second) or len(differ) != 1:
        return first == second
    word, instead = differ[0]
    start = len(commonprefix((word, instead)))
    was, now = word[start:], instead[start:]
    swapped = was[2:] == now[2:] and was[:2] == now[1::-1]
    is_letter = swapped or now[1:] in {was, was[1:]} or was[1:] == now  # another, more, or less
    return is_letter and min(len(word), len(instead)) >= _SHORT and (word + instead).isalpha()


def docstring(function: Callable[..., Any]) -> str:
    """The docstring; under PYTHONOPTIMIZE=2, or -OO, it is read from the source."""
    if function.__doc__ is not None:
        return function.__doc__
    import ast
    from inspect import getsource
    from textwrap import dedent

    (parsed,) = ast.parse(dedent(getsource(function))).body
    assert isinstance(parsed, ast.FunctionDef)
    return ast.get_docstring(parsed, clean=False) or ""
