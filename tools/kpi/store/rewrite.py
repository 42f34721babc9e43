"""A file changed by its data: taken as a draft, and read again before anybody may write it."""

import json
import re
from typing import Any

from kpi.store.format.draft import Draft
from kpi.store.format.figures import misshapen, shape
from kpi.store.format.typed import DoubtfulError
from kpi.store.reader import Document, read
from kpi.store.yaml.plain import resolve

_FINE_ON_A_LINE = re.compile(r"[^\s\"'#{}\[\],:&*!|>%@`?-](?:[^#\n:]|:(?=\S))*(?<!\s)").fullmatch
_ENDS_EARLY_IN_BRACKETS = re.compile(r"[,\[\]{}:?\"']").search
_BOM = b"\xef\xbb\xbf"
NO_FORM = "It isn't written in a form that can be added to. Edit the file by hand."
_MERE_STYLE = "not-formatted"


class UnplacedError(Exception):
    """Something can't be put into a file; the text says why and what to do, as sentences."""


class Rewrite:
    """A change to a file: `draft` is changed by whoever wants something else there, and `done` gives the bytes.

    What isn't touched keeps every byte, and a file in the standard form stays in it.
    """

    def __init__(self, data: bytes, document: Document) -> None:
        """Take a file that the strict reader takes.

        Args:
            data: the file as it is.
            document: what was read of it.

        Raises:
            UnplacedError: if it isn't written in a form that can be changed.
        """
        self._data = data
        self._before = document
        try:
            self.draft = Draft(document.text)
            self._in_form = (
                not any(misshapen(self.draft.root)) and self.draft.text(styled=True) == document.text
            )
        except DoubtfulError:
            raise UnplacedError(NO_FORM) from None

    def done(self, why: str) -> tuple[bytes, Document]:
        """The file with what was changed in the draft, and what is read of it then.

        Raises:
            UnplacedError: with the sentences `why`, if it can't be read then, or has lost a comment.
        """
        try:
            if self._in_form:
                shape(misshapen(self.draft.root))
            text = self.draft.text(styled=self._in_form)
        except DoubtfulError:
            raise UnplacedError(why) from None
        data = (_BOM if self._data.startswith(_BOM) else b"") + text.encode()
        after = read(data)
        if after.values is None or _comments(self._before) != _comments(after):
            raise UnplacedError(why)
        return data, after


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


def _comments(document: Document) -> list[Any]:
    return [one.text for one in document.comments()]
