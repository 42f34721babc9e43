"""A file changed by its data: taken as a draft, and read again before anybody may write it."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from typing import Any, NamedTuple

from kpi.store.format.draft import Draft
from kpi.store.format.figures import misshapen, shape
from kpi.store.format.typed import DoubtfulError, Fields, Items
from kpi.store.reader import Content, Document, read_once
from kpi.store.yaml.plain import resolve

NO_FORM = "It isn't written in a form that can be added to. Edit the file by hand."

_FINE_ON_A_LINE = re.compile(r"[^\s\"'#{}\[\],:&*!|>%@`?-](?:[^#\n:]|:(?=\S))*(?<!\s)").fullmatch
_ENDS_EARLY_IN_BRACKETS = re.compile(r"[,\[\]{}:?\"']").search
_BOM = b"\xef\xbb\xbf"
_MERE_STYLE = "not-formatted"


class UnplacedError(Exception):
    """Something can't be put into a file; the text says why and what to do, as sentences."""


class Rewrite:
    """A change to a file. What isn't touched keeps every byte, and a file in the standard form stays in it.

    Attributes:
        draft: the file, to be changed by whoever wants something else there.
    """

    def __init__(self, before: Content) -> None:
        """Take a file.

        Raises:
            UnplacedError: if it can't be read as it is, or isn't written in a form that can be changed.
        """
        check_readable(before.document)
        self._before = before
        self._in_form = False
        text = before.document.text
        try:
            self.draft = Draft(text)
        except DoubtfulError:
            raise UnplacedError(NO_FORM) from None
        with suppress(DoubtfulError):
            self._in_form = not any(misshapen(self.draft.root)) and self.draft.text(styled=True) == text

    def done(self, why: str) -> Content:
        """The file with what was changed in the draft.

        Raises:
            UnplacedError: with the sentences `why`, if it can't be read then, or would lose a comment.
        """
        if self._in_form:
            shape(misshapen(self.draft.root))
        try:
            text = self.draft.text(styled=self._in_form)
        except DoubtfulError:
            raise UnplacedError(why) from None
        after = read_once((_BOM if self._before.startswith(_BOM) else b"") + text.encode())
        if after.document.values is None:
            raise UnplacedError(why)
        return after


def check_readable(document: Document) -> None:
    """Make sure that nothing but its style is wrong with a file.

    Raises:
        UnplacedError: if it can't be read as it is.
    """
    if document.values is None or any(problem.rule != _MERE_STYLE for problem in document.problems):
        raise UnplacedError("It can't be read as it is. Run kpi lint to see why.")


def as_written(text: str, *, in_brackets: bool = False) -> str:
    """A text as it is written in a file: as it is where every program takes it for text, or else in quotes."""
    fine = _FINE_ON_A_LINE(text) and not (in_brackets and _ENDS_EARLY_IN_BRACKETS(text))
    if fine and resolve(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


class Made(NamedTuple):
    """How new parts of a file are made: in a draft as they are to be written, among mere values as they are.

    Attributes:
        text: makes a text.
        number: makes what is written without quotes in any case: a number, a period.
        fields: makes fields, each on its line.
        on_a_line: makes fields in brackets.
        items: makes a list.
        in_brackets: makes a list in brackets.
    """

    text: Callable[[str], Any]
    number: Callable[[str], Any]
    fields: Callable[[], Any]
    on_a_line: Callable[[], Any]
    items: Callable[[], Any]
    in_brackets: Callable[[], Any]


_AMONG_VALUES = Made(str, resolve, dict, dict, list, list)


def _in(draft: Draft) -> Made:
    def flowing(node: Any) -> Any:
        node.fa.set_flow_style()
        return node

    return Made(
        lambda text: draft.typed(as_written(text, in_brackets=True)),
        draft.typed,
        Fields,
        lambda: flowing(Fields()),
        Items,
        lambda: flowing(Items()),
    )


def rewritten(data: bytes, add: Callable[[Any, Made], None]) -> bytes:
    """A file with an addition, which is made to its draft and to its values, and both must say the same.

    Raises:
        UnplacedError: if it can't be read as it is, or isn't written in a form that can be added to.
    """
    before = read_once(data)
    rewrite = Rewrite(before)
    try:
        add(rewrite.draft.root, _in(rewrite.draft))
    except (KeyError, IndexError, TypeError, AttributeError):
        raise UnplacedError(NO_FORM) from None
    after = rewrite.done(NO_FORM)
    meant: Any = deepcopy(before.document.values)
    add(meant, _AMONG_VALUES)
    if after.document.values != meant:
        raise UnplacedError(NO_FORM)
    return after
