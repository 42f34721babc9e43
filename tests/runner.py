"""A workflow's log as GitHub's runner reads it: which of its lines are commands, and what they say."""

import re
from typing import NamedTuple

KNOWN = {
    "error", "warning", "notice", "debug", "group", "endgroup", "stop-commands", "add-mask", "set-output", "set-env", "add-path",
    "save-state", "echo", "add-matcher", "remove-matcher", "internal-set-repo-path",
}  # fmt: skip


class Command(NamedTuple):
    """One command; what was escaped is as it was written."""

    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """The commands in a log, in order. The runner ends lines at a bare CR too, and knows an older form that may stand anywhere."""
    actual = []
    pause = ""
    for line in re.split("\r\n|\r|\n", log):
        item = _command(line, pause) or _old_command(line, pause)
        if item is None or (pause and item.name != pause):
            continue
        if item.name == "stop-commands":
            pause = item.data
        elif item.name == pause:
            pause = ""
            continue
        actual.append(item)
    return actual


def _command(line: str, pause: str) -> Command | None:
    text = line.lstrip()
    end = text.find("::", 2)
    if not text.startswith("::") or end < 0:
        return None
    name, _, given = text[2:end].partition(" ")
    if name not in KNOWN | ({pause} if pause else set()):
        return None
    pairs = [part.partition("=") for part in given.strip().split(",") if "=" in part]
    return Command(name, {key: _read(value, ":,") for key, _, value in pairs}, _read(text[end + 2 :]))


def _old_command(line: str, pause: str) -> Command | None:
    match = re.search(r"##\[([^\] ]*)[^\]]*\](.*)", line, re.DOTALL)
    if match is None or match[1] not in KNOWN | ({pause} if pause else set()):
        return None
    return Command(match[1], {}, match[2])


def _read(text: str, also: str = "") -> str:
    for character in f"\r\n{also}":
        text = text.replace(f"%{ord(character):02X}", character)
    return text.replace("%25", "%")
