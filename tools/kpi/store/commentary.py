"""A commentary put into a KPI file: bytes in, bytes out."""

from datetime import date
from typing import Any

from kpi.store.format.figure_shape import is_fields
from kpi.store.format.typed import put
from kpi.store.reader import Content, read_once
from kpi.store.rewrite import UnplacedError, check_readable, rewritten

_UNSAFE = "Its commentary is written in a form that can't be changed safely. Edit the file by hand."


def commented(data: bytes, day: date, text: str, *, replace: bool = False) -> Content:
    """The file with a commentary of a day, on one line; unchanged if the newest one says the same.

    Raises:
        UnplacedError: if the file can't be read or changed, or has another commentary of that day and it may not be replaced.
    """
    before, key = read_once(data), day.isoformat()
    check_readable(before.document)
    there = (before.document.values or {}).get("commentary") or {}
    if there and str(there[max(there)]).split() == text.split():
        return before
    if key in there and not replace:
        raise UnplacedError(f"It has another commentary of {key}. If this one is right, use --replace.")

    def add(root: Any) -> None:
        if not is_fields(root.get("commentary")):
            put(root, "commentary", {}, before=("measures",))
        root["commentary"][key] = text

    return rewritten(before, add, _UNSAFE)
