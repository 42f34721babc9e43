"""A commentary put into a KPI file: bytes in, bytes out."""

from copy import deepcopy
from datetime import date

from kpi.store.format.figures import is_fields
from kpi.store.format.typed import Fields
from kpi.store.reader import Content, read_once
from kpi.store.rewrite import Rewrite, UnplacedError, as_written

_UNSAFE = "Its commentary is written in a form that can't be changed safely. Edit the file by hand."


def commented(data: bytes, day: date, text: str, *, replace: bool = False) -> Content:
    """The file with a commentary; as it is where the newest one says the same.

    Args:
        data: the file as it is.
        day: the day on which it was written.
        text: what it says, on one line.
        replace: whether it may take the place of another one of that day.

    Raises:
        UnplacedError: if the file can't be read or changed, or has another commentary of that day.
    """
    before = read_once(data)
    rewrite, key = Rewrite(before), day.isoformat()
    values = deepcopy(before.document.values or {})
    there = values.get("commentary") or {}
    if there and str(there[max(there)]).split() == text.split():
        return before
    if key in there and not replace:
        raise UnplacedError(f"It has another commentary of {key}. If this one is right, use --replace.")
    root = rewrite.draft.root
    if not is_fields(root.get("commentary")):
        root[rewrite.draft.typed("commentary")] = Fields()
        root.move_to_end("measures")
    root["commentary"][rewrite.draft.typed(key)] = rewrite.draft.typed(as_written(text))
    after = rewrite.done(_UNSAFE)
    if after.document.values != values | {"commentary": {**there, key: text}}:
        raise UnplacedError(_UNSAFE)
    return after
