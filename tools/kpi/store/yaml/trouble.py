"""What stopped the parser, in plain words: the usual slips are looked for in the lines around the place where it stopped.

The parser is only a hint. It names places well after the slip, and things that analysts have never heard of.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ruamel.yaml.parser import ParserError

from kpi.model.finding import Problem
from kpi.model.text import quoted
from kpi.model.vocabulary import BOUND_KINDS
from kpi.store.yaml import shown
from kpi.store.yaml.layout import (
    among_items,
    glued_line,
    list_on_line,
    misplaced,
    no_colon,
    odd_dash,
    under_a_value,
)
from kpi.store.yaml.lines import (
    CURLY,
    Line,
    blank_first,
    half_letter,
    item_at,
    line_at,
    needs_quotes,
    needs_quotes_in_brackets,
    written,
)
from kpi.store.yaml.places import line_span, syntax_problem
from kpi.store.yaml.plain import resolve
from kpi.store.yaml.typed_lines import mistyped_figure, value_slip


class Clue(NamedTuple):
    """Where the parser stopped, as offsets.

    Attributes:
        at: where it stopped.
        begun: where the thing began that it was reading; `at` where it doesn't say.
    """

    at: int
    begun: int


def explain(text: str, error: Exception, last: Any) -> Problem:
    """What stopped the parser, at the line where it has to be fixed.

    `last` is the event of the newest name or value before that, if there was one.
    """
    clue, kind = _clue(text, error, last), _kind(error)
    if getattr(error, "problem_mark", None) is None and (odd := half_letter(text, clue.at, len(text))):
        return odd
    if last is not None and last.style in ("'", '"') and last.start_mark.line != last.end_mark.line:
        return _unclosed(text, last.start_mark.index)
    for at in dict.fromkeys((clue.begun, clue.at) if kind in {_escape, _quote, _no_colon} else (clue.at,)):
        if figure := mistyped_figure(text, at) or value_slip(text, at):
            return figure
    if dash := odd_dash(line_at(text, clue.at)):
        return dash
    return kind(text, clue)


def _clue(text: str, error: Exception, last: Any) -> Clue:
    """Where the parser stopped. Some of its errors don't say: then all that is known is what was read last."""
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    at = mark.index if mark is not None else last.end_mark.index if last is not None else 0
    begun = context.index if context is not None else at
    end = max(0, len(text) - 1)
    return Clue(min(at, end), min(begun, end))


def _kind(error: Exception) -> "Kind":
    """How to look at the place where the parser stopped: by what it was doing, or what it met."""
    context, problem = getattr(error, "context", None), getattr(error, "problem", None)
    if isinstance(error, ParserError) and context is None:
        return _layout  # the file goes on where it seemed to end
    return _KINDS.get(problem or "") or _KINDS.get(context or "") or _unknown


def _quote(text: str, clue: Clue) -> Problem:
    """A quote that is never closed."""
    return _unclosed(text, clue.begun)


def _unclosed(text: str, start: int) -> Problem:
    """A quote that is never closed, or not where it should be."""
    line = line_at(text, start)
    sign = text[start]
    kind = "double" if sign == '"' else "single"
    other = "single" if sign == '"' else "double"
    end = start + len(text[start:].split("\n", 1)[0].rstrip())
    message = f"The {kind} quote in column {_column(text, start)} is not closed on its line."
    help_ = f"Close it at the end of the text, or put all of it in {other} quotes if the sign is part of it."
    is_all = sign == '"' and line.value.count(sign) == 1 and line.value_start == start
    return syntax_problem(text, start, end, message, help_, f"{line.value}{sign}" if is_all else None)


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at)


def _colon(text: str, clue: Clue) -> Problem:
    """A colon where none may be: in a text without quotes, or in a line with the wrong indentation."""
    line = line_at(text, clue.at)
    if line.name and line.value and clue.at >= line.value_start:
        if _are_fields(line):
            message = f"What belongs to {quoted(line.name + ':')} goes in {{ }}."
            return line.of_value(message, f"{{{line.value}}}")
        is_item = line.body.startswith("- ") and line.name in {*BOUND_KINDS, "when", "label"}
        if is_item and _FIRST_OF_SEVERAL.fullmatch(line.value):
            message = "What belongs together goes in { }."
            return written(text, line.inner_start, line.inside, message, f"{{{line.inside}}}", "- ")
        message = f"The text after {shown(line.name + ':')} contains a colon, so it needs quotes."
        if line.value[0] in CURLY:
            sign = f"{line.value[0]}{CURLY[line.value[0]]}"
            message = f"Curly quotes ({sign}) don't count as quotes. Use straight ones: \""
        return needs_quotes(text, clue.at, message)
    return under_a_value(line)


def _are_fields(line: Line) -> bool:
    """Whether what follows a name are fields, or figures, that should be in braces."""
    is_of_id = _NAMED_ALONE.fullmatch(line.value) and _IS_ID.fullmatch(line.name)
    return bool(is_of_id) or (
        line.name in _WITH_FIELDS and bool(_FIELDS_WITHOUT_BRACES.fullmatch(line.value))
    )


_FIELDS_WITHOUT_BRACES = re.compile(r"(?:(?:^|, )(?:[a-z_]+: [^:{}]+|[12][0-9][^:,{}]+: [^:,{} ]+)(?=, |$))+")
_NAMED_ALONE = re.compile(r"(?:title|name): [A-Za-z][^:,{}\[\]\"'#]*|[12][0-9]{3}[^:,{} ]*: [0-9.]+")
_IS_ID = re.compile(r"(?!(?:title|code|definition|note|noun|text|label|statement|purpose)$)[a-z][a-z0-9-]*")
_FIRST_OF_SEVERAL = re.compile(r"[^:,{}\"']+(?:, [a-z_]+: [^:,{}]+)+")
_WITH_FIELDS = {"derived", "is", "unit", "better", "no_figures", "status", "edition", "trajectory", *BOUND_KINDS}  # fmt: skip
"""Fields that hold fields of their own, which may be on one line."""


def _escape(text: str, clue: Clue) -> Problem:
    """A backslash in double quotes that starts no known code."""
    end = line_span(text, clue.begun).stop
    odd = half_letter(text, clue.begun, max(end, clue.at))
    if odd is not None:
        return odd
    message = "In double quotes a backslash starts a code, and this one is not known."
    line = line_at(text, clue.begun)
    if line.value_start == clue.begun and line.value.endswith('"') and line.value.count('"') == 2:
        doubled = line.value[1:-1].replace("'", "''")
        return written(text, clue.begun, line.value, message, f"'{doubled}'")
    return syntax_problem(text, clue.begun, end, message, "Write two backslashes, or use single quotes.")


def in_brackets(text: str, at: int) -> Problem:
    """What is wrong with an item in brackets that has a colon or a question mark inside; `at` is where it is."""
    return (
        mistyped_figure(text, at)
        or _glued_in_braces(text, at)
        or _clock_in_braces(text, at)
        or needs_quotes_in_brackets(text, at)
    )


def _clock_in_braces(text: str, at: int) -> Problem | None:
    """A time with colons behind `value:`."""
    item = item_at(text, at)
    value = resolve(item) if _AFTER_VALUE(text, max(0, at - _FAR), at) else None
    if not isinstance(value, Problem) or value.replacement is None:
        return None
    return written(text, at, item, value.message, value.replacement)


_AFTER_VALUE = re.compile(r".*[{,] *value: *\Z", re.DOTALL).match
_FAR = 60  # characters before a value in which its name is looked for


def _glued_in_braces(text: str, at: int) -> Problem | None:
    """Braces whose fields lack the space after the colon, or have another sign for it."""
    line = line_at(text, at)
    start, stop = text.rfind("{", line.start, at), text.find("}", at, line.stop)
    inside = text[start + 1 : stop]
    mended = _GLUED_IN_BRACES.sub(r"\1: ", inside)
    parts = [part.strip() for part in mended.split(",")]
    if start < 0 or stop < 0 or mended == inside or not all(map(_FIELD_IN_BRACES.fullmatch, parts)):
        return None
    message = f"There is no colon with a space in {shown(text[start : stop + 1])}, or not in all of it."
    return written(text, start, text[start : stop + 1], message, f"{{{mended}}}", f"{line.name}: ")


_GLUED_IN_BRACES = re.compile(r"([A-Za-z][\w-]*)[:=](?=[^\s/:=])")
_FIELD_IN_BRACES = re.compile(r"[A-Za-z][\w-]*: [^:={}]+")


def _brackets(text: str, clue: Clue) -> Problem:
    """Something is wrong between brackets."""
    begun = clue.begun
    at_end = text[clue.at] in "\r\n"
    if text[begun] not in "[{":
        begun = max(text.rfind("[", 0, clue.at), text.rfind("{", 0, clue.at)) if at_end else -1
    if begun < 0:
        return _inside_brackets(text, clue)
    sign = text[begun]
    close = "]" if sign == "[" else "}"
    if at_end or "\n" in text[begun : clue.at]:
        stop = max(begun + 1, line_span(text, begun).stop)
        message = f'The "{sign}" in column {_column(text, begun)} is not closed on its line.'
        help_ = f'Add "{close}", or put the text in quotes if "{sign}" is part of it.'
        return syntax_problem(text, begun, stop, message, help_)
    if text[clue.at] in "]}" and text[clue.at] != close:
        message = f'"{sign}" is closed by "{text[clue.at]}".'
        return written(text, clue.at, text[clue.at], message, close)
    return _inside_brackets(text, clue)


def _inside_brackets(text: str, clue: Clue) -> Problem:
    sign = text[clue.at]
    if sign == ",":
        message, help_ = "There is nothing before this comma.", "Delete the comma, or add the item."
        return syntax_problem(text, clue.at, clue.at + 1, message, help_)
    start = 1 + max(text.rfind(mark, 0, clue.at) for mark in ",[{\n")
    start += len(text[start : clue.at]) - len(text[start : clue.at].lstrip())
    if sign == "?":
        return needs_quotes_in_brackets(text, start)
    item = item_at(text, start)
    message = f"A comma is missing in {shown(item)}, or it needs quotes."
    help_ = "Put a comma between two items, and quotes around text that contains a colon."
    return syntax_problem(text, start, start + len(item), message, help_)


def _layout(text: str, clue: Clue) -> Problem:
    """Something stands where nothing may stand: after a value, or at the start of a line."""
    line = line_at(text, clue.at)
    if clue.at > line.inner_start:
        return glued_line(line) or _after_value(text, clue)
    if line.body[:1] in ("]", "}", ","):
        return _stray(text, clue.at)
    return misplaced(line)


def _list_layout(text: str, clue: Clue) -> Problem:
    """The same between the items of a list."""
    line = line_at(text, clue.at)
    is_inside = clue.at > line.inner_start or line.body[:1] in ("]", "}", ",")
    return _layout(text, clue) if is_inside else among_items(line)


def _after_value(text: str, clue: Clue) -> Problem:
    """More text after a closing quote or bracket."""
    line = line_at(text, clue.at)
    sign = line.value[:1]
    if text[clue.at] in "]},":
        return _stray(text, clue.at) if clue.at > line.value_start else needs_quotes(text, clue.at)
    if link := _LINK.fullmatch(line.value):
        return line.of_value("The link is written as on web pages, with its words in brackets.", link[1])
    signs = {'"': "quotes", "'": "quotes", "[": "brackets", "{": "brackets"}
    if sign in signs:
        message = f"The {signs[sign]} end before the text {shown(line.value)} does."
        if sign == "{":
            behind = shown(text[clue.at : line.stop])
            help_ = f'Take {behind} away, or write it between the brackets, such as note: "{behind[1:-1]}".'
            return syntax_problem(text, line.value_start, line.stop, message, help_)
        return needs_quotes(text, clue.at, message)
    return _unknown(text, clue)


_LINK = re.compile(r"\[[^\]]*\]\((https?://[^\s()]+)\)")


def _stray(text: str, at: int) -> Problem:
    sign = text[at]
    wrong = "has nothing that it closes" if sign in "]}" else "has nothing before it"
    help_ = "Delete it, or put the text in quotes."
    return syntax_problem(text, at, at + 1, f'This "{sign}" {wrong}.', help_)


def _unknown(text: str, clue: Clue) -> Problem:
    line = line_at(text, clue.at)
    help_ = "Compare it with a line that works, and put text with unusual signs in quotes."
    return line.problem(f"This line can't be read as YAML: {line.shown}.", help_)


def _blank_first(text: str, clue: Clue) -> Problem:
    """A line of spaces right below a `|` or `>`; only one of the parsers stops there."""
    above = line_at(text, clue.begun).above()
    if above is None or above.value[:1] not in ("|", ">"):
        return _unknown(text, clue)
    return blank_first(text, above.value_start)


def _at_start(text: str, clue: Clue) -> Problem:
    """A value that starts with a sign which means something in YAML."""
    return needs_quotes(text, clue.begun)


def _no_colon(text: str, clue: Clue) -> Problem:
    """A name without its colon."""
    return no_colon(line_at(text, clue.begun))


def _colon_in_brackets(text: str, clue: Clue) -> Problem:
    """A colon inside an item in brackets."""
    return in_brackets(text, clue.begun)


def _list_on_line(text: str, clue: Clue) -> Problem:
    """The item of a list behind the name of its field."""
    return list_on_line(line_at(text, clue.at))


Kind = Callable[[str, Clue], Problem]

_KINDS: Mapping[str, Kind] = {
    # What it met, in libyaml's words and in ruamel's own.
    "mapping values are not allowed in this context": _colon,
    "mapping values are not allowed here": _colon,
    "could not find expected ':'": _no_colon,
    "found unexpected ':'": _colon_in_brackets,
    "block sequence entries are not allowed in this context": _list_on_line,
    "sequence entries are not allowed here": _list_on_line,
    # What it was doing.
    "while parsing a quoted scalar": _escape,
    "while scanning a double-quoted scalar": _escape,
    "while scanning a quoted scalar": _quote,
    "while scanning for the next token": _at_start,
    "while scanning an alias": _at_start,
    "while scanning an anchor": _at_start,
    "while scanning a tag": _at_start,
    "while scanning an tag": _at_start,
    "while scanning a tag directive": _at_start,
    "while parsing a tag": _at_start,
    "while parsing an tag": _at_start,
    "while parsing a node": _at_start,
    "while parsing a block node": _at_start,
    "while scanning a block scalar": _at_start,
    "more indented follow up line than first in a block scalar": _blank_first,
    "while parsing a flow mapping": _brackets,
    "while parsing a flow sequence": _brackets,
    "while parsing a flow node": _brackets,
    "while parsing a block collection": _list_layout,
    "while parsing a block mapping": _layout,
}
"""How to look at a place, by the whole of what the parsers say: they have nothing but words. What isn't here is looked at in general."""
