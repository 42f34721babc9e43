"""A file changed by its data: changed as a draft, and read again before anybody may write it."""

from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from typing import Any

from kpi.store.format.draft import Draft
from kpi.store.format.figure_shape import misshapen, shape
from kpi.store.format.typed import DoubtfulError
from kpi.store.reader import Content, Document, read_once

NO_FORM = "It isn't written in a form that can be added to. Edit the file by hand."

_STYLE = "not-formatted"


class UnplacedError(Exception):
    """Something can't be put into a file; the text says why and what to do, as sentences."""


def rewritten(data: bytes, change: Callable[[Any], object], why: str = NO_FORM) -> Content:
    """A file after a change. What isn't touched keeps every byte, and a file in the standard form stays in it.

    Args:
        data: the file as it is.
        change: changes the fields that it is given. It is called with those of the draft and with mere values,
            and puts mere values into both; the file that is written has to say what the changed values say.
        why: what to say where it doesn't.

    Raises:
        UnplacedError: if the file can't be read as it is, isn't written in a form that can be changed, or would lose a comment.
    """
    before = read_once(data)
    check_readable(before.document)
    text = before.document.text
    meant = deepcopy(before.document.values)
    in_form = False
    try:
        draft = Draft(text)
        with suppress(DoubtfulError):
            in_form = not any(misshapen(draft.root)) and draft.text(styled=True) == text
        change(draft.root)
        change(meant)
    except (DoubtfulError, KeyError, IndexError, TypeError, AttributeError):
        raise UnplacedError(NO_FORM) from None
    draft.settle()
    if in_form:
        shape(misshapen(draft.root))
    try:
        text = draft.text(styled=in_form)
    except DoubtfulError:
        raise UnplacedError(why) from None
    after = read_once((BOM_UTF8 if before.startswith(BOM_UTF8) else b"") + text.encode())
    if after.document.values is None or _content(after.document.values) != _content(meant):
        raise UnplacedError(why)
    return after


def _content(node: Any) -> Any:
    """The values, in which a figure with nothing but its value counts as that value."""
    if isinstance(node, list):
        return [_content(item) for item in node]
    if not isinstance(node, dict):
        return node
    return (
        _content(node["value"]) if node.keys() == {"value"} else {name: _content(node[name]) for name in node}
    )


def check_readable(document: Document) -> None:
    """Make sure that nothing but its style is wrong with a file.

    Raises:
        UnplacedError: if it can't be read as it is.
    """
    if document.values is None or any(problem.rule != _STYLE for problem in document.problems):
        raise UnplacedError("It can't be read as it is. Run kpi lint to see why.")
