"""The event loop of the reader: from the parser's events to values, telling of everything that KPI files don't use."""

import re
from typing import Any

from kpi.model.finding import FieldPath
from kpi.store.yaml import subset
from kpi.store.yaml.checks import Checks, Stop
from kpi.store.yaml.events import DEEPEST, TooDeep, events, kinds
from kpi.store.yaml.lines import needs_quotes
from kpi.store.yaml.places import INVISIBLE, text_of
from kpi.store.yaml.plain import is_clear_name

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
        self._clean = INVISIBLE not in fed
        self._past_comment = _ends_of(_PAST_COMMENT, fed) if "#" in fed else _NOWHERE
        self._past_question = _ends_of(_PAST_QUESTION, fed) if "?" in fed else _NOWHERE

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
        scalar, mapping, sequence = kind.scalar, kind.mapping, kind.sequence
        ends = (kind.mapping_end, kind.sequence_end)
        try:
            for event in events(self.fed):
                of = event.__class__
                if of is scalar:
                    self._text(event)
                elif of is mapping:
                    self._open(event, {})
                elif of in ends:
                    self._close(event)
                elif of is sequence:
                    self._open(event, [])
                else:
                    self._rare(event, of)
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
        if event.anchor is not None or event.ctag is not None:
            self.shorthand(event)
        value = event.value if self._clean else text_of(event)
        inside = self._inside
        if inside.__class__ is dict and self._name is None:
            self._named(event, value)
            return
        if inside is None:
            raise self.no_fields(event.start_mark.index, value or event.style)
        if (
            self._past_comment
            and event.start_mark.index in self._past_comment
            and event.end_mark.index > event.start_mark.index
        ):
            self.tell_event(event, subset.PAST_COMMENT)
        if event.style:
            self.check_written(event, value)
        else:
            value = self.plain(event, value)
        if inside.__class__ is dict:
            inside.setdefault(self._name, value)
            self._name = None
        else:
            inside.append(value)

    def _named(self, event: Any, name: str) -> None:
        """A field's name. Of a name written twice the first value stays."""
        if event.style:
            self.check_written(event, name)
        elif self.brackets or not is_clear_name(name):
            self.check_name(event, name)
        if self._past_question and event.start_mark.index in self._past_question:
            self.tell_event(event, subset.QUESTION)
        if name in self._inside:
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

    def _rare(self, event: Any, of: type) -> None:
        """What KPI files don't have: references, orders to the parser and more than one document."""
        kind = kinds()
        start = event.start_mark.index
        if of is kind.alias:
            self._reference(event)
        elif of is kind.document_end and event.explicit:
            raise self.stop(start, subset.END_MARK)
        elif of is kind.document and self._root is not None:
            raise self.stop(start, subset.SECOND_FILE)

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
