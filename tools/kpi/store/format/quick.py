"""A quick proof that a file has the standard form already, without reading it: most files have, and lint asks of each."""

import re

# Anything here may be against the standard form. Inside a text it need not be: then the slow way decides.
_SUSPICIOUS = re.compile(
    r"[ ]$"  # white space at the end of a line
    r"|\A\n|\n\n\n|\n\n\Z|[^\n]\Z|\r"  # blank lines, line ends
    r"|^(?:[ ]{2})*[ ](?![ ])"  # an odd number of spaces in front
    r"|:[ ]{2}|[ ]:(?:[ ]|$)|^[ ]*(?:-[ ])*-(?:[ ]{2}|$)"  # gaps
    r"|[\[{][ ]|[ ][\]}]|[ ],|[\[{].*,(?![ \n])|,[ ]{2}|,[ ]*[\]}]|:[{\[]"  # gaps in brackets
    r"|\{.*\bnote:",  # a figure that should be a block
    re.MULTILINE,
)
_BLOCK = re.compile(
    r"^([ ]*)[0-9].*:(?:[ ]+#.*)?\n((?:\1[ ]+.*\n)+)", re.MULTILINE
)  # a figure over several lines
_OPENING = re.compile(
    r"^([ ]*)((?:-[ ])*)[^#\n]*:(?:[ ]+#.*)?\n(?=(?:[ ]*(?:#.*)?\n)*([ ]*)[^\s#])", re.MULTILINE
)
_COMMENT = re.compile(r"^([ ]*)#.*\n(?=(?:[ ]*(?:#.*)?\n)*([ ]*)(?:[^#\s]|\Z))", re.MULTILINE)


def surely_formatted(text: str) -> bool:
    """True only if `kpi fmt` would change nothing but the order of figures; False proves nothing."""
    if _SUSPICIOUS.search(text) or text == "\n" or not text:
        return False
    if any(len(match[1]) + len(match[2]) + 2 != len(match[3]) for match in _OPENING.finditer(text)):
        return False
    if any(" note: " not in match[2] for match in _BLOCK.finditer(text)):
        return False
    return "#" not in text or all(len(match[1]) == len(match[2]) for match in _COMMENT.finditer(text))
