"""The event loop of the reader: from the parser's events to values, telling of everything that KPI files don't use."""

import re
from typing import Any

from kpi.model.finding import FieldPath
from kpi.store.yaml import subset
from kpi.store.yaml.checks import Checks, Stop
from kpi.store.yaml.events import DEEPEST, TooDeep, feed, kinds
from kpi.store.yaml.lines import needs_quotes
from kpi.store.yaml.places import INVISIBLE, text_of
from kpi.store.yaml.plain import SHORT, clear_value, is_clear_name

# Where a value stands that a comment parts from its name, and where a name stands that a "?" announces.
_PAST_COMMENT = re.compile(r"(?::|-)[ ]+#[^\n]*\n(?:[ ]*(?:#[^\n]*)?\r?\n)*[ ]*")
_PAST_QUESTION = re.compile(r"(?:^|(?<=[\s\[{,]))\?\s+", re.MULTILINE)
_ORDER = re.compile(r"^%", re.MULTILINE)
_NOWHERE: frozenset[int] = frozenset()


class Reading(Checks):
    """One reading of one file. Values and problems grow as the events pass; nothing here calls itself."""

    def __init__(self, text: str, fed: str) -> None:
        super().__init__(text, fed)
        self.last: Any = None  # the newest name or value: tells where the parser stopped
        self._root: dict[str, Any] | None = None
        self._inside: Any = None  # the fields or the list that grow now
        self._name: str | None = None  # the field that waits for its value
        self._names: list[Any] = []  # the events of the names in `_inside`, in the same order
        self._outer: list[tuple[Any, str | None, list[Any]]] = []
        self._past_comment = _ends_of(_PAST_COMMENT, fed) if "#" in fed else _NOWHERE
        self._past_question = _ends_of(_PAST_QUESTION, fed) if "?" in fed else _NOWHERE
        self._is_usual = not (
            self._past_comment or self._past_question or any(sign in fed for sign in (INVISIBLE, "&", "!"))
        )

    def values(self) -> dict[str, Any]:
        """Reads the whole file.

        Returns:
            The fields of the file. What is wrong but does not stop the reading is in `problems`.

        Raises:
            Stop: the file can't be read any further.
            Unreadable: the parser gave up; `last` is the newest name or value before that.
        """
        if "%" in self.fed and (order := _ORDER.search(self.fed)) is not None:
            raise self.stop(order.start(), subset.DIRECTIVE)
        kind = kinds()
        takers = {
            kind.scalar: self._text,
            kind.mapping: lambda event: self._open(event, {}),
            kind.sequence: lambda event: self._open(event, []),
            kind.mapping_end: self._close,
            kind.sequence_end: self._close,
            kind.alias: self._reference,
            kind.document: self._document,
            kind.document_end: self._end,
        }
        try:
            feed(self.fed, takers)
        except TooDeep as error:
            raise self.stop(error.start, subset.too_deep(DEEPEST), to=error.start + 1) from None
        if self._root is None:
            raise self.no_fields(0, None)
        if "#" in self.fed:
            self.check_comments()
        return self._root

    def path(self) -> FieldPath:
        """The field or item that is read now."""
        steps: list[str | int] = []
        for inside, name, _ in self._outer[1:]:
            steps.append(len(inside) - 1 if name is None else name)
        if self._inside.__class__ is list:
            steps.append(len(self._inside))
        elif self._name is not None:
            steps.append(self._name)
        return tuple(steps)

    # What the events mean

    def _text(self, event: Any) -> None:
        """A name or a value."""
        self.last = event
        text = event.value if self._is_usual else self._unusual(event)
        inside, name = self._inside, self._name
        if name is None and inside.__class__ is dict:
            self._named(event, text, inside)
            return
        if inside is None:
            raise self.no_fields(event.start_mark.index, text or event.style)
        value = None if event.style or len(text) > SHORT else clear_value(text)
        if value is None:
            value = self._doubtful(event, text)
        if name is None:
            inside.append(value)
        else:
            inside.setdefault(name, value)
            self._name = None

    def _unusual(self, event: Any) -> str:
        """A name or value in a file with signs that few KPI files have; what is odd about it is told."""
        if event.anchor is not None or event.ctag is not None:
            self.shorthand(event)
        start = event.start_mark.index
        is_name = self._name is None and self._inside.__class__ is dict
        if is_name and start in self._past_question:
            self.tell_event(event, subset.QUESTION)
        if not is_name and start in self._past_comment and event.end_mark.index > start:
            self.tell_event(event, subset.PAST_COMMENT)
        return text_of(event)

    def _doubtful(self, event: Any, text: str) -> Any:
        """A value that isn't short and clear."""
        if event.style:
            self.check_written(event, text)
            return text
        return self.plain(event, text)

    def _named(self, event: Any, name: str, inside: dict[str, Any]) -> None:
        """A field's name. Of a name written twice the first value stays."""
        if event.style:
            self.check_written(event, name)
        elif self.brackets or not is_clear_name(name):
            self.check_name(event, name)
        if name in inside:
            self._tell_twice(event, name)
        else:
            self._names.append(event)
        self._name = name

    def _tell_twice(self, event: Any, name: str) -> None:
        if not self.is_full():  # finding the first one costs time
            first = self._names[list(self._inside).index(name)]
            self.tell_event(event, subset.twice(name, first.start_mark.line + 1, event.start_mark.line + 1))

    def _open(self, event: Any, new: dict[str, Any] | list[Any]) -> None:
        """A list or a group of fields begins."""
        start = event.start_mark.index
        inside, name = self._inside, self._name
        if event.anchor is not None or event.ctag is not None:
            self.shorthand(event)
        if inside.__class__ is list:
            inside.append(new)
        elif name is not None:
            inside.setdefault(name, new)
        elif inside is not None:
            raise self.stop(start, subset.ODD_NAME)
        elif new.__class__ is dict:
            self._root = new
        else:
            raise self.no_fields(start, new)
        self._outer.append((inside, name, self._names))
        self._inside, self._name, self._names = new, None, []
        if event.flow_style:
            if self.brackets and new.__class__ is dict and subset.is_lone_pair(self.text[start : start + 1]):
                self.tell(start, start + 1, subset.LONE_PAIR)
            self.brackets.append(event)

    def _close(self, event: Any) -> None:
        """The list or the group of fields that began last ends."""
        self._inside, _, self._names = self._outer.pop()
        self._name = None
        if self.brackets:
            opened = self.brackets.pop()
            if not self.brackets and opened.start_mark.line != event.end_mark.line:
                self.tell(opened.start_mark.index, event.end_mark.index, subset.OPEN_BRACKET)

    def _document(self, event: Any) -> None:
        """A document begins; KPI files have one."""
        if self._root is not None:
            raise self.stop(event.start_mark.index, subset.SECOND_FILE)

    def _end(self, event: Any) -> None:
        """The document ends; in KPI files no sign says so."""
        if event.explicit:
            raise self.stop(event.start_mark.index, subset.END_MARK)

    def _reference(self, event: Any) -> None:
        """A reference to another value is told of and taken as text."""
        start = event.start_mark.index
        if subset.misread_shorthand(self.source_from(start)):
            raise Stop(needs_quotes(self.text, start))
        self.tell_event(event, subset.shorthand(self.text[start : event.end_mark.index]))
        value = text_of(event)
        if self._inside.__class__ is list:
            self._inside.append(value)
        elif self._inside is None:
            raise self.no_fields(start, value)
        elif self._name is None:
            self._names.append(event)
            self._name = value
        else:
            self._inside.setdefault(self._name, value)
            self._name = None


def _ends_of(pattern: re.Pattern[str], text: str) -> frozenset[int]:
    return frozenset(match.end() for match in pattern.finditer(text))
