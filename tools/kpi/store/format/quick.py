"""A quick proof that a file is already in the standard form, without taking it apart: most are, and lint checks each.

It knows the lines that most files are made of: nothing over several lines, nothing nested in brackets twice. Every line is
looked at once, so a file costs in proportion to its length.
"""

import re
from functools import lru_cache


def _in_brackets(item: str, opening: str, closing: str) -> str:
    """The pattern of one or more items between brackets. It names the item once: a pattern is compiled at each start."""
    return rf"\{opening}(?:{item}(?:, (?!\{closing})|(?=\{closing})))+\{closing}"


_START = r"(?:[^\s\"'#{}\[\],:&*!|>%@`?-]|-[0-9])"
_PLAIN = rf"{_START}[^#\n:]*(?::(?=\S)[^#\n:]*)*(?<!\s)"
_QUOTED = r"\"[^\"\\\n]*\"|'[^'\n]*'"
_NAME = r"[A-Za-z0-9][^:#\"'{}\[\],\n]*(?<!\s)"
_INNER = rf"(?:{_START}[^\"'#{{}}\[\],:\n]*(?<!\s)|{_QUOTED})"
_LIST = _in_brackets(_INNER, "[", "]")
_FIELDS = _in_brackets(rf"{_NAME}: (?:{_INNER}|{_LIST})", "{", "}")
_VALUE = rf"(?:{_PLAIN}|{_QUOTED}|{_LIST}|{_FIELDS})"
_COMMENT = r"#.*(?<!\s)"
_LINE = re.compile(
    rf"(?P<indent> *)(?:(?P<alone>{_COMMENT})|(?P<dashes>(?:- )*)(?:(?P<name>{_NAME}):)?"
    rf"(?P<value>(?:(?<=:) |(?<=- )){_VALUE})?(?P<after> +{_COMMENT})?)"
).fullmatch

_FIGURE = r"[12][0-9]{3}[0-9/Q-]*+: -?[0-9][0-9.]*+"
_ABOVE_ANOTHER = re.compile(rf"(\n *+){_FIGURE}(?:\1{_FIGURE})*(?=\1{_FIGURE}\n)")
"""Plain figures above another: what is true of the last is true of all, so only one of a series is looked at."""


def surely_formatted(text: str) -> bool:
    """True only if `kpi fmt` would change nothing but the order of figures in a readable text; False proves nothing."""
    if "\r" in text:
        if not text.count("\r") == text.count("\r\n") == text.count("\n"):
            return False
        text = text.replace("\r\n", "\n")
    if text[:1] in ("", "\n") or not text.endswith("\n") or text.endswith("\n\n") or "\n\n\n" in text:
        return False
    return _is_in_form(_ABOVE_ANOTHER.sub("", text)[:-1].split("\n"))


def _is_in_form(lines: list[str]) -> bool:
    level = -2  # the column of what the last line holds
    opens = True  # whether the last line only names what stands below it
    figure = -1  # the column of a figure whose note has not come yet
    comment = -1  # the column of the comments above the next line
    for line in lines:
        if not line:
            continue
        parts = _parts(line)
        if parts is None:
            return False
        indent, alone, dashes, name, value, after = parts
        if comment not in {-1, indent}:
            return False
        if alone:
            comment = indent
            continue
        if (indent != level + 2) if opens else (indent > level):
            return False
        level = indent + dashes
        opens = name is not None and value is None
        if figure >= 0:
            if indent <= figure or opens or comment >= 0 or after:
                return False
            figure = -1 if name == "note" else figure
        elif name is not None and name[0].isdigit():
            if value is None:
                figure = level
            elif value.startswith(" {") and "note:" in value:
                return False
        comment = -1
    return figure < 0 and not opens and comment < 0


_Parts = tuple[int, bool, int, str | None, str | None, bool]


@lru_cache(maxsize=4096)  # many lines stand in many files
def _parts(line: str) -> _Parts | None:
    """What a line is made of, if it is one that most files are made of.

    Returns:
        The columns of its indent, whether it is a comment alone, the columns of its dashes, its name and its value, if it has
        them, and whether it ends in a comment.
    """
    match = _LINE(line)
    if match is None:
        return None
    indent, alone, dashes, name, value, after = match.groups()
    if not (alone or name or value):
        return None
    return len(indent), bool(alone), len(dashes or ""), name, value, bool(after)
