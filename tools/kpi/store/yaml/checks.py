"""What is looked at in every name and value while a file is read."""

import re
from typing import Any

from kpi.model.finding import FieldPath, Problem
from kpi.store.yaml import subset
from kpi.store.yaml.comments import comment_stretches, texts
from kpi.store.yaml.lines import (
    blank_first,
    empty_block,
    half_letter,
    line_at,
    needs_quotes,
    needs_quotes_in_brackets,
    two_shorthands,
)
from kpi.store.yaml.places import MOST_PROBLEMS, line_span, span_at
from kpi.store.yaml.plain import Refusal, resolve, unclear_name

_AFTER_NAME_IN_BRACKETS = re.compile(r"[ ]*(?::\s|[,}\]])").match
_TIGHT_HASH = re.compile(r"""(?<=["'\[\]{},])#""")
_LONGEST_SIGN = 200  # characters that an anchor, a tag or a reference may have


class Stop(Exception):  # noqa: N818 - a stop inside this package, never shown as an error
    """The file can't be read as it is, for the reason that `problem` tells; `final` says that it is so for the whole file."""

    def __init__(self, problem: Problem, final: bool = False) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.final = final


class Checks:
    """Looks at names and values, and keeps the problems. The text and what the parser got for it are the same, offset by offset."""

    def __init__(self, text: str, fed: str) -> None:
        self.text = text
        self.fed = fed
        self.problems: list[Problem] = []
        self.brackets: list[Any] = []  # the events that opened the brackets around

    def path(self) -> FieldPath:
        """The field or item that is read now."""
        return ()

    def tell(self, start: int, stop: int, refusal: Refusal) -> None:
        """Notes a problem between two offsets. Far more than anyone reads are not noted: each costs time."""
        if not self.is_full():
            span = span_at(self.text, start, stop)
            self.problems.append(
                Problem(
                    refusal.rule, self.path(), refusal.message, refusal.help, refusal.replacement, span=span
                )
            )

    def tell_event(self, event: Any, refusal: Refusal) -> None:
        """Notes a problem with a name or value."""
        self.tell(event.start_mark.index, event.end_mark.index, refusal)

    def is_full(self) -> bool:
        """Whether there are more problems than are told."""
        return len(self.problems) > MOST_PROBLEMS

    def stop(self, start: int, refusal: Refusal, to: int = 0) -> Stop:
        """A reason to stop: with the line around an offset, or with what stands between two."""
        span = span_at(self.text, start, to) if to else line_span(self.text, start)
        problem = Problem(refusal.rule, (), refusal.message, refusal.help, refusal.replacement, span=span)
        return Stop(problem, final=True)

    def no_fields(self, start: int, value: Any) -> Stop:
        """The file is a list, mere text, or nothing at all."""
        if value and value.__class__ is str:
            return Stop(_no_colon(self.text, start), final=True)
        return self.stop(start, subset.NO_LIST if value.__class__ is list else subset.empty(self.text))

    def shorthand(self, event: Any) -> None:
        """An anchor or a tag before a value is told of and passed over."""
        start = event.start_mark.index
        source = self.source_from(start)
        if event.anchor is not None and event.tag is not None:  # parsers differ about where the two begin
            raise Stop(two_shorthands(self.text, start))
        if subset.misread_shorthand(source):
            raise Stop(needs_quotes(self.text, start))
        self.tell(start, start + len(source.split(" ", 1)[0]), subset.shorthand(source))

    def plain(self, event: Any, text: str) -> Any:
        """The value of a text without quotes."""
        if self.brackets and (":" in text or "?" in text):
            raise Stop(needs_quotes_in_brackets(self.text, event.start_mark.index))
        if (" " in text or "\n" in text) and event.start_mark.line != event.end_mark.line:
            start, stop = event.start_mark.index, event.end_mark.index
            self.tell_event(event, subset.long_text(text, self.text[start:stop]))
            return text
        value = resolve(text)
        if value.__class__ is Refusal:
            self.tell_event(event, value)
            return text
        if ":" in text:
            self._check_start_of_line(event, subset.glued(text))
        elif text[:1] == "-" and value is text:
            self._check_start_of_line(event, subset.glued_dash(text))
        return value

    def _check_start_of_line(self, event: Any, refusal: Refusal | None) -> None:
        """Tells of a text that would be a field or an item with one space more, where it stands on a line of its own."""
        start = event.start_mark.index
        if refusal is not None and not self.text[self.text.rfind("\n", 0, start) + 1 : start].strip():
            self.tell_event(event, refusal)

    def check_name(self, event: Any, name: str) -> None:
        """Looks at a name without quotes."""
        if not name:
            raise Stop(_no_colon(self.text, event.start_mark.index))
        refusal = unclear_name(name)
        if refusal is None and self.brackets:
            stop = event.end_mark.index
            clear = self.fed.startswith(": ", stop) or _AFTER_NAME_IN_BRACKETS(self.fed, stop)
            if ":" in name or "?" in name or not clear:
                raise Stop(needs_quotes_in_brackets(self.text, event.start_mark.index))
        if refusal is None and name[0] == "-":
            refusal = subset.glued_dash(name)
        if refusal is None and ":" in name:
            refusal = subset.glued(name)
        if refusal is not None:
            self.tell_event(event, refusal)

    def check_written(self, event: Any, text: str) -> None:
        """A text in quotes, or one below a `|` or `>`."""
        start, stop = event.start_mark.index, event.end_mark.index
        refusal = None
        if event.style in ("|", ">"):
            source = self.fed[start:stop]
            if subset.misread_header(source):
                raise Stop(needs_quotes(self.text, start))
            if subset.starts_blank(source):
                raise Stop(blank_first(self.text, start))
            if not text.strip("\n"):
                raise Stop(empty_block(self.text, start))
            refusal = subset.block_sign(source)
        elif event.style == '"' and "\\" in self.text[start:stop]:
            if odd := half_letter(self.text, start, stop):
                raise Stop(odd)
            refusal = subset.escapes(text)
        if refusal is None and event.start_mark.line != event.end_mark.line and event.style in ("'", '"'):
            line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
            refusal = subset.long_quotes(self.fed[start:stop], len(line) - len(line.lstrip(" ")))
        if refusal is not None:
            self.tell(start, start + len(self.text[start:stop].rstrip()), refusal)

    def check_comments(self) -> None:
        """A `#` right after a quote or a bracket is a comment only for some programs."""
        tight = {match.start() for match in _TIGHT_HASH.finditer(self.fed)}
        if tight:
            for start, _ in comment_stretches(self.fed, texts(self.fed)):
                if start in tight:
                    self.tell(start, start + 1, subset.TIGHT_COMMENT)

    def source_from(self, start: int) -> str:
        """The line from here, as far as it matters."""
        most = start + _LONGEST_SIGN
        end = self.fed.find("\n", start, most)
        return self.fed[start : most if end < 0 else end].rstrip("\r")


def _no_colon(text: str, start: int) -> Problem:
    """A line without a colon."""
    from kpi.store.yaml.layout import no_colon

    return no_colon(text, line_at(text, start))
