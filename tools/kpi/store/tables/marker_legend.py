"""What a sheet says of its own markers: `* = suppressed`, `[x] not available`, `: means not applicable`."""

import re
from collections.abc import Iterable, Sequence

from kpi.model.vocabulary import BESIDE_NUMBER, INSTEAD_OF_NUMBER, MARKS

ZERO = "0"
"""In place of a mark: the figure is zero."""
UNKNOWN = ""
"""In place of a mark: the sheet says what the marker means, but in words that no mark has."""

_MARKER = r"\[[a-z]{1,4}\]|[a-z]|[*~†‡§#:^.!–-]{1,3}"
_SAID = re.compile(
    rf"[\"'“‘]?({_MARKER})[\"'”’]?(?:\s*(?:=|:|–|-(?!\S)|means|denotes|indicates|stands for)\s*|(?<=[*~†‡\]:])\s+)(.+)",
    re.IGNORECASE,
)
_AFTER = r"(?:$|\s*[(.,:;]|\s(?:to|for|because|due|as|by|until|figures?|data|values?)\b)"
"""What may follow the words of a mark. "Zero-hours contracts" are no zero."""
_WORDS = {text: mark for text, mark in (INSTEAD_OF_NUMBER | BESIDE_NUMBER).items() if len(text) > 3} | {
    **{mark.brief: mark.name for mark in MARKS.values()},
    "zero": ZERO,
    "nil": ZERO,
    "true zero": ZERO,
    "nought": ZERO,
}


def legend_of(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """The markers that rows without figures explain, in small letters, each with its mark, `ZERO` or `UNKNOWN`."""
    said: dict[str, str] = {}
    for row in rows:
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) == 2 and re.fullmatch(_MARKER, cells[0], re.IGNORECASE):
            said[cells[0].casefold()] = _meaning(cells[1])
            continue
        for part in re.split(r"[;,\n]", "\n".join(cells)):
            if entry := _SAID.fullmatch(part.strip()):
                said[entry[1].casefold()] = _meaning(entry[2])
    return said


def _meaning(words: str) -> str:
    folded = words.casefold().strip(" .\"'")
    fitting = [text for text in _WORDS if re.match(re.escape(text) + _AFTER, folded)]
    return _WORDS[max(fitting, key=len)] if fitting else UNKNOWN
