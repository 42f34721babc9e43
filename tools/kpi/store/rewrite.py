"""A file changed by its data: taken as a draft, and read again before anybody may write it."""

import json
import re
from contextlib import suppress

from kpi.store.format.draft import Draft
from kpi.store.format.figures import misshapen, shape
from kpi.store.format.typed import DoubtfulError
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
