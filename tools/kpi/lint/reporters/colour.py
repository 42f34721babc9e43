"""Colour for terminals, added to the finished text."""

import re

_HEAD = re.compile(r"^(.*:\d+:\d+: )(error|warning)( [a-z0-9-]+)", re.MULTILINE)
_MARK = re.compile(r"^( +\| +)(\^+)$", re.MULTILINE)
_RED, _YELLOW, _BOLD, _OFF = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"


def coloured(text: str) -> str:
    """A report's text with its severities and marks in colour."""
    return _MARK.sub(rf"\1{_BOLD}\2{_OFF}", _HEAD.sub(_severity, text))


def _severity(match: re.Match[str]) -> str:
    colour = _RED if match[2] == "error" else _YELLOW
    return f"{match[1]}{colour}{match[2]}{_OFF}{_BOLD}{match[3]}{_OFF}"
