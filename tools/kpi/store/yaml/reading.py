"""The reading of a file: from the parser's events to values, reporting everything that KPI files don't use.

The events are kept with the values, and say where everything stands. Only the reading holds them: few files have findings, and
a hundred thousand documents with their events would not fit in memory.
"""

import re
from collections.abc import Collection
from typing import Any

from ruamel.yaml import events

from kpi.model.finding import FieldPath, Problem
from kpi.model.quantity import DURATION_SHAPE
from kpi.model.vocabulary import BOUND_KINDS, INSTEAD_OF_NUMBER
from kpi.store.yaml import subset
from kpi.store.yaml.lines import line_span, span_at
from kpi.store.yaml.places import INVISIBLE, MOST_PROBLEMS, Places, Unreadable, parsed, places_of, text_of
from kpi.store.yaml.subset import is_clear_name, resolve, unclear_name

# Where a value stands that a comment parts from its name, and where a name stands that a "?" announces.
_PAST_COMMENT = re.compile(r"(?::|-)[ ]+#[^\n]*\n(?:[ ]*(?:#[^\n]*)?\r?\n)*[ ]*")
_PAST_QUESTION = re.compile(r"(?:^|(?<=[\s\[{,]))\?\s+", re.MULTILINE)
_ORDER = re.compile(r"^%", re.MULTILINE)
_IN_EQUATION = re.compile(r"[a-z][\w-]*=\S+").fullmatch
_ITEM_BELOW = re.compile(r"\n[ ]*(?=- )").search
_ENDS_ITEM = re.compile(r"[ ]*[,}]").match
_MOMENT = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9:.]+Z?").fullmatch
_SERIES = frozenset({"observations", "peers"})
_AFTER_NAME_IN_BRACKETS = re.compile(r"[ ]*(?::\s|[,}\]])").match
_TIGHT_HASH = re.compile(r"""#(?<=["'\[\]{},]#)""")
_LONGEST_SIGN = 200  # characters that an anchor, a tag or a reference may have

ITEM_BELOW = "item below"
"""What the reader was doing where a list item follows a text."""


class Reading:
    """One reading of one file. Values and problems grow as the events pass; nothing here calls itself.

    Attributes:
        text: the file's text.
        fed: what the parser gets for it, the same offset by offset.
        problems: what is wrong but does not stop the reading.
        last: the event of the newest name or value; tells where the parser stopped.
    """

    def __init__(self, text: str, fed: str, strays: Collection[int] = ()) -> None:
        """`strays` are the offsets of list items below a text that are known not to belong to it."""
        self.text, self.fed, self._strays = text, fed, strays
        self.problems: list[Problem] = []
        self.last: Any = None
        self._brackets = 0  # around what is read now
        self._split = -1  # where the last piece ended of a number that its comma parts
        self._root: dict[str, Any] | None = None
        self._inside: Any = None  # the fields or the list that grow now
        self._name: str | None = None  # the field that waits for its value
        self._events: list[Any] = []  # of all names and values in `_inside`; a block inside has its own list
        self._outer: list[tuple[Any, str | None, list[Any]]] = []
        self._past_comment = {match.end() for match in _PAST_COMMENT.finditer(fed)} if "#" in fed else set()
        self._past_question = {match.end() for match in _PAST_QUESTION.finditer(fed)} if "?" in fed else set()
        self._is_usual = not (
            self._past_comment or self._past_question or any(sign in fed for sign in (INVISIBLE, *"&!*"))
        )

    def values(self) -> dict[str, Any]:
        """Reads the whole file.

        Returns:
            The fields of the file. What is wrong but does not stop the reading is in `problems`.

        Raises:
            Unreadable: the file can't be read any further; `last` is the newest name or value before that.
        """
        if "%" in self.fed and (order := _ORDER.search(self.fed)) is not None:
            raise self._stop(order.start(), subset.DIRECTIVE)
        takers = {
            events.ScalarEvent: self._text,
            events.MappingStartEvent: lambda event: self._open(event, {}),
            events.SequenceStartEvent: lambda event: self._open(event, []),
            events.MappingEndEvent: self._close,
            events.SequenceEndEvent: self._close,
            events.AliasEvent: self._text,
            events.DocumentStartEvent: self._border,
            events.DocumentEndEvent: self._border,
        }
        for event in parsed(self.fed):
            if (take := takers.get(event.__class__)) is not None:
                take(event)
        if self._root is None:
            raise self._no_fields(0, None)
        if "#" in self.fed and (tight := {match.start() for match in _TIGHT_HASH.finditer(self.fed)}):
            for start, _ in self.places().comments:  # only some programs take it for a comment
                if start in tight:
                    self._report(start, start + 1, subset.TIGHT_COMMENT)
        return self._root

    def places(self) -> Places:
        """Where everything stands; reads the file first where that has not been done."""
        if self._root is None:
            self.values()
        return places_of(self._events[0], self.fed)

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
        self.last = event
        text = event.value if self._is_usual else self._unusual(event)
        if self._name is None and self._inside.__class__ is dict:
            self._named(event, text)
        elif self._inside is None:
            raise self._no_fields(event.start_mark.index, text or event.style)
        else:
            self._put(self._written(event, text) if event.style else self._plain(event, text), event)

    def _put(self, value: Any, event: Any) -> None:
        """Put a value where it goes, and its event or those of its block. Of a name written twice the first value stays."""
        self._events.append(event)
        if self._name is None:
            self._inside.append(value)
        else:
            self._inside.setdefault(self._name, value)
            self._name = None

    def _unusual(self, event: Any) -> str:
        """A name or value in a file with signs that few KPI files have; what is odd about it is reported."""
        if event.anchor is not None or event.ctag is not None:
            self._shorthand(event)
        start = event.start_mark.index
        is_name = self._name is None and self._inside.__class__ is dict
        if is_name and start in self._past_question:
            self._report_event(event, subset.QUESTION)
        if not is_name and start in self._past_comment and event.end_mark.index > start:
            self._report_event(event, subset.PAST_COMMENT)
        return text_of(event)

    def _named(self, event: Any, name: str) -> None:
        if event.style:
            self._written(event, name)
        elif self._brackets or not is_clear_name(name):
            self._check_name(event, name)
        if name in self._inside and len(self.problems) <= MOST_PROBLEMS:  # finding the first one costs time
            first = next(each for each in self._events[1::2] if text_of(each) == name)
            lines = first.start_mark.line + 1, event.start_mark.line + 1
            self._report_event(event, subset.twice(name, *lines, [*self._inside][-1]))
        self._events.append(event)
        self._name = name

    def _open(self, event: Any, new: dict[str, Any] | list[Any]) -> None:
        start = event.start_mark.index
        inside, name = self._inside, self._name
        if event.anchor is not None or event.ctag is not None:
            self._shorthand(event)
        block = [event]
        if name is not None or inside.__class__ is list:
            self._put(new, block)
        elif inside is not None:
            raise self._stop(start, subset.ODD_NAME)
        elif new.__class__ is dict:
            self._root = new
            self._events.append(block)
        else:
            raise self._no_fields(start, new)
        self._outer.append((inside, name, self._events))
        self._inside, self._name, self._events = new, None, block
        if event.flow_style:
            is_lone = new.__class__ is dict and self.text[start] not in "{&!"
            if self._brackets and is_lone:
                self._report(start, start + 1, subset.LONE_PAIR)
            self._brackets += 1

    def _close(self, event: Any) -> None:
        opened = self._events[0]
        self._events.append(event)
        self._inside, _, self._events = self._outer.pop()
        self._name = None
        if self._brackets:
            self._brackets -= 1
            if not self._brackets and opened.start_mark.line != event.end_mark.line:
                self._report(opened.start_mark.index, event.end_mark.index, subset.OPEN_BRACKET)

    def _border(self, event: Any) -> None:
        """A document begins or ends. KPI files have one, and no sign says where it ends."""
        if self._root is not None and isinstance(event, events.DocumentStartEvent):
            raise self._stop(event.start_mark.index, subset.SECOND)
        if self._root is not None and event.explicit:
            raise self._stop(event.start_mark.index, subset.DOTS)

    # What is looked at in names and values, and how it is reported

    def _report(self, start: int, stop: int, refusal: Problem) -> None:
        """Notes a problem between two offsets. Far more than anyone reads are not noted: each costs time."""
        if len(self.problems) <= MOST_PROBLEMS:
            self.problems.append(refusal.at(span_at(self.text, start, stop), self.path()))

    def _report_event(self, event: Any, refusal: Problem) -> None:
        self._report(event.start_mark.index, event.end_mark.index, refusal)

    def _stop(self, start: int, refusal: Problem, to: int = 0) -> Unreadable:
        """A reason to stop: with the line around an offset, or with what is between two."""
        span = span_at(self.text, start, to) if to else line_span(self.text, start)
        return Unreadable(start, problem=refusal.at(span))

    def _no_fields(self, start: int, value: Any) -> Unreadable:
        """The file is a list, mere text, or nothing at all."""
        if value and value.__class__ is str:
            return Unreadable(start)
        return self._stop(start, subset.NO_LIST if value.__class__ is list else subset.empty(self.text))

    def _shorthand(self, event: Any) -> None:
        """An anchor or a tag before a value is reported and skipped, and a reference is reported and taken as text."""
        start = event.start_mark.index
        source = self.fed[start : start + _LONGEST_SIGN].partition("\n")[0].rstrip("\r")
        sign = source.split(" ", 1)[0]
        if isinstance(event, events.AliasEvent):
            sign = text_of(event)
        elif event.anchor is not None and event.tag is not None:  # parsers differ about where the two begin
            raise Unreadable(start)
        if subset.misread_shorthand(source):
            raise Unreadable(start)
        refusal = subset.shorthand(sign)
        if self._takes_number():
            number = sign.lstrip("&*!")
            if source != sign:
                refusal = refusal._replace(help="Delete it.")
            elif re.fullmatch(DURATION_SHAPE, number):
                refusal = refusal._replace(help=f"Write {number}.", replacement=number)
            else:
                refusal = self._in_digits(refusal, number)
        self._report(start, start + len(sign), refusal)

    def _plain(self, event: Any, text: str) -> Any:
        if self._brackets and (":" in text or "?" in text):
            raise Unreadable(event.start_mark.index)
        if (" " in text or "\n" in text) and event.start_mark.line != event.end_mark.line:
            item = _ITEM_BELOW(self.text, event.start_mark.index, event.end_mark.index)
            if item and item.end() not in self._strays:
                raise Unreadable(item.end(), ITEM_BELOW)
            if item is None and subset.is_glued(text):
                raise Unreadable(event.start_mark.index)
            if item is None:
                self._report_event(event, subset.over_lines(text))
            return text
        value = resolve(text)
        if value.__class__ is Problem:
            if self._in_series() and text.casefold() in INSTEAD_OF_NUMBER:
                return text  # the schema tells what stands for a figure that isn't there
            self._report_event(event, self._in_digits(value, text) if self._takes_number() else value)
            return text
        if (":" in text or text[:1] == "-") and subset.is_glued(text):
            start = event.start_mark.index
            if not self.text[self.text.rfind("\n", 0, start) + 1 : start].strip():
                raise Unreadable(start)  # alone on its line
        return value

    def _check_name(self, event: Any, name: str) -> None:
        if not name:
            raise Unreadable(event.start_mark.index)
        has_no_colon = _ENDS_ITEM(self.fed, event.end_mark.index)
        is_alone = self._brackets and has_no_colon and not name[0].isalpha()
        if is_alone and name.isdigit() and self._split == event.start_mark.index - 1:
            self._split = event.end_mark.index  # of several commas the first one tells
            return
        if is_alone:
            from kpi.store.yaml.typed_lines import lone_number  # rarely needed

            is_figure = not _SERIES.isdisjoint(self.path())
            if number := lone_number(self.text, event.start_mark.index, name, is_figure=is_figure):
                self._report(*number)
                self._split = event.end_mark.index
                return
        refusal = None if self._in_series() else unclear_name(name)  # there the calendar knows what was meant
        if refusal is None and self._brackets:
            stop = event.end_mark.index
            clear = self.fed.startswith(": ", stop) or _AFTER_NAME_IN_BRACKETS(self.fed, stop)
            if ":" in name or "?" in name or not clear or (has_no_colon and _IN_EQUATION(name)):
                raise Unreadable(event.start_mark.index)
        if refusal is None and subset.is_glued(name) and not (self._in_series() and _MOMENT(name)):
            raise Unreadable(event.start_mark.index)
        if refusal is not None:
            self._report_event(event, refusal)

    def _in_series(self) -> bool:
        """Whether this is outside of brackets among figures, where names are periods and nothing else."""
        return not self._brackets and not _SERIES.isdisjoint(self.path())

    def _takes_number(self) -> bool:
        """Whether the value that is read now is a figure, or a field's that takes numbers."""
        path = self.path()
        return bool(path) and (
            path[-1] in NUMBER_FIELDS or (self._in_series() and path[-1] not in subset.TEXTS)
        )

    def _in_digits(self, refusal: Problem, text: str) -> Problem:
        """What is unclear about a number, with what to write instead; quotes would make a text of it."""
        slip = subset.number_meant(text)
        if slip is not None and (self._in_series() or not slip.figure_only):
            help_ = f"Write {slip.replacement}." if slip.replacement else slip.help
            return refusal._replace(help=help_, replacement=slip.replacement)
        help_ = "Write it in digits."
        if refusal.rule == "too-large":
            help_ = "Round it."
        elif self._in_series():
            help_ = "Write the figure in digits, or {marks: [not-available]} where there is none."
        return refusal._replace(help=help_, replacement=None)

    def _written(self, event: Any, text: str) -> str:
        """A text in quotes, or one below a `|` or `>`, as it is; what is wrong with it is reported."""
        start, stop = event.start_mark.index, event.end_mark.index
        refusal = None
        if event.style in ("|", ">"):
            if not subset.has_usual_header(self.fed[start:stop]):
                raise Unreadable(start)
            if subset.starts_blank(self.fed[start:stop]):
                raise self._stop(start, subset.BLANK_FIRST, to=start + 1)
            refusal = subset.block_sign(self.fed[start:stop], text)
        elif event.style == '"' and "\\" in self.text[start:stop]:
            if subset.half_letter(self.text, start, stop):
                raise Unreadable(stop, begun=start)
            refusal = subset.escapes(text)
        if refusal is None and event.start_mark.line != event.end_mark.line and event.style in ("'", '"'):
            line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
            refusal = subset.long_quotes(self.fed[start:stop], len(line) - len(line.lstrip(" ")))
        if refusal is not None:
            self._report(start, start + len(self.text[start:stop].rstrip()), refusal)
        return text


NUMBER_FIELDS = frozenset(
    {
        *BOUND_KINDS, "change", "decimals", "denominator", "format", "level", "limit", "margin", "minimum", "near",
        "numerator", "rate_per", "tolerance", "total", "value", "year_starts",
    }
)  # fmt: skip
"""Fields that take a number, and so never quotes."""
