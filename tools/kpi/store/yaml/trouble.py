"""What stopped the parser, in plain words: the usual slips are looked for in the lines around the place where it stopped.

The parser is only a hint. It names places well after the slip, and things that analysts have never heard of.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ruamel.yaml.parser import ParserError

from kpi.model.finding import Problem
from kpi.model.text import counted, quoted
from kpi.model.vocabulary import BOUND_KINDS
from kpi.store.yaml import shown
from kpi.store.yaml.lines import (
    CURLY,
    Line,
    blank_first,
    half_letter,
    in_quotes,
    item_at,
    line_at,
    needs_no_quotes,
    needs_quotes,
    needs_quotes_in_brackets,
    written,
)
from kpi.store.yaml.places import line_span, span_at, syntax_problem
from kpi.store.yaml.subset import glued, glued_dash, resolve
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


_TEXTS = {"title", "definition", "note", "noun", "text", "in_words", "label"}
_MEASURE_FIELDS = {"title", "noun", "unit", "better", "targets", "observations", "derived", "is", "area"}
_ITEM_FIELDS = {"source", "by", "from", "until", "label", "tolerance", "over", "trajectory", "value", "minimum",
                "level"}  # fmt: skip
_LISTS = {
    "targets": (*BOUND_KINDS, "in_words"),
    "references": ("label",),
    "triggers": ("when",),
}
"""Lists of a measure, and the fields that their items start with."""


def glued_line(line: Line) -> Problem | None:
    """A line whose colon or dash lacks the space after it."""
    content, start = line.inside, line.inner_start
    refusal = glued(content) or glued_dash(content)
    if refusal is not None:
        return refusal.at(span_at(line.text, start, start + len(content)))
    name, colon, value = content.partition('":')
    if content.startswith('"') and colon and value and not value.startswith(" "):
        message = f"There is no space after the colon in {shown(content)}."
        return written(line.text, start, content, message, f"{name}{colon} {value}")
    return None


def no_colon(line: Line) -> Problem:
    """A line that should be a field but has no colon that counts."""
    known = glued_line(line) or _pasted(line) or _two_words(line) or _item_without_dash(line)
    if known is not None:
        return known
    if line.inside.startswith((":", "? :")):
        return line.problem("There is no name before the colon.", "Write the field's name before the colon.")
    above = field = line.above()
    while field is not None and not field.name:
        field = field.above()
    if "：" in line.body:
        message = f'The line {line.shown} has a wide colon ("：").'
        return line.problem(message, "Use an ordinary colon and a space.", line.body.replace("：", ": "))
    if above is not None and field is not None and field.value[:1] in ("|", ">"):
        indent = field.inner + 2 if field is above else above.indent
        message = f"The line {line.shown} belongs to the text above, but it is not indented enough."
        return line.problem(message, f"Indent it by {_spaces(indent)}.")
    if above is not None and (goes_on := _goes_on(above, line)):
        return goes_on
    return line.problem(
        f"The line {line.shown} has no colon.", "Write it as a name, a colon, a space and the value."
    )


def _two_words(line: Line) -> Problem | None:
    """A field's name and its value without the colon, where the text above has come to its end."""
    above = line.above()
    match = re.fullmatch("((?:- )*[a-z_]+) ([^ ]+|\\[.*\\]|\\{.*\\})", line.body)
    if above is None or match is None:
        return None
    is_first = not above.value and line.body.startswith("- ")
    has_ended = above.value[-1:] in {"", "."} or match[2][0] in "[{"
    if not is_first and not (has_ended and above.indent == line.indent):
        return None
    instead = f"{match[1]}: {match[2]}"
    return line.problem(f"The line {line.shown} has no colon.", f"Write: {instead}", instead)


def _pasted(line: Line) -> Problem | None:
    """A comment as other programs write it, or a table."""
    if line.body.startswith("//"):
        instead = f"# {line.body.lstrip('/ ')}"
        return line.problem(
            f"{line.shown} is no comment: comments start with #.", f"Write: {instead}", instead
        )
    if "\t" in line.body and not line.indent and line.above() is None:
        message = (
            "A table was pasted here. A file has one line for each figure, below fields with their names."
        )
        help_ = "Write a KPI file, and each figure as a period, a colon, a space and a number, such as 2024-01: 71."
        return line.problem(message, help_)
    return None


def _goes_on(above: Line, line: Line) -> Problem | None:
    """The second line of a text that began behind a field's name."""
    joint = f"{above.value} {line.body}"
    if not above.name or " " not in above.value or " " not in line.body or not needs_no_quotes(joint):
        return None
    message = (
        f"The line {line.shown} has no colon. It seems to belong to the text of {shown(above.name + ':')}."
    )
    return syntax_problem(
        line.text, above.value_start, line.stop, message, "Write it all on one line.", joint
    )


def under_a_value(line: Line) -> Problem:
    """A field that is indented below another one which already has a value."""
    above = line.above()
    if above is not None and not above.name:
        return no_colon(above)
    if above is None or above.indent >= line.indent:
        return misplaced(line)
    message = f"This line is {_indented(line.indent)}, but {shown(above.name)} above it already has a value."
    if slip := _lost_dash(above, line) or _lost_period(above, line) or _slipped_left(above, line):
        return slip
    if line.value and _are_alike(line.name, above.name):
        return _moved(line, above.inner, message, "like the line above")
    if " " in line.name and not above.name[:1].isdigit() and above.value[:1] not in "\"'|>[{":
        message = f"The line {line.shown} seems to belong to the text of {shown(above.name + ':')}. A colon in a text needs quotes."
        joint = in_quotes(f"{above.value} {line.body}")
        return syntax_problem(
            line.text, above.value_start, line.stop, message, "Write it all on one line, in quotes.", joint
        )
    return line.problem(message, _advice({above.inner: "the line"}))


def _lost_dash(line: Line, below: Line) -> Problem | None:
    """The first line of an item that lacks its dash, while the item's other fields are where they belong."""
    above = line.above()
    if (
        line.body.startswith("-")
        or above is None
        or above.value
        or above.name not in {*_LISTS, "checks", "objectives", "priorities"}
    ):
        return None
    if (
        line.inner != line.indent
        or below.indent != line.indent + 2
        or line.indent not in (above.inner, above.inner + 2)
    ):
        return None
    return _without_dash(line, line.indent)


def _lost_period(line: Line, below: Line) -> Problem | None:
    """A figure with fields of its own below another one: its period was lost."""
    if below.name != "value" or not line.name[:1].isdigit():
        return None
    message = f"{below.shown} is below {line.shown}, which has a figure already."
    help_ = f"Write the period that it is for on a line above it, like {shown(line.name + ':')}, or delete what is too much."
    return below.problem(message, help_)


def _slipped_left(line: Line, below: Line) -> Problem | None:
    """A field that is too far left among others of its block, or right below the name of its block; None where it isn't."""
    above = line.above()
    message = f"This line is {_indented(line.indent)}, but the line below it by {_spaces(below.indent)}."
    if line.indent % 2 > below.indent % 2 and line.inner == line.indent:
        return _moved(line, below.indent, message, "like the line below")
    if above is None or line.inner != line.indent or not _are_of_one_sort(line.name, below.name):
        return None
    if not above.value:
        is_of_measure = {line.name, below.name} <= _MEASURE_FIELDS and above.name not in _MEASURE_FIELDS
        is_first = line.indent <= above.inner and below.indent in (above.inner, above.inner + 2)
        is_inside = is_first and (is_of_measure or line.name not in _MEASURE_FIELDS)
        return (
            _moved(line, above.inner + 2, message, f"2 more than {shown(above.name)}") if is_inside else None
        )
    if above.inner != below.indent or not _are_of_one_sort(above.name, line.name):
        return None
    if _are_alike(above.name, line.name) and _are_alike(line.name, below.name):
        return _moved(line, below.indent, message, "like the lines around it")
    message = f"This line is {_indented(below.indent)}, but {shown(line.name)} above it already has a value."
    here = f"Indent it by {_spaces(line.indent)}" if line.indent else "Start it at the left edge"
    help_ = f"{here}, like the line above, or that line by {_spaces(below.indent)}, like {shown(above.name)}."
    return below.problem(message, help_)


def _are_of_one_sort(name: str, other: str) -> bool:
    """Whether both names are periods or days, or neither is."""
    return name[:1].isdigit() == other[:1].isdigit()


def list_on_line(line: Line) -> Problem:
    """A list that starts on the line of its name, or a dash alone."""
    if line.value == "-" and line.name[:1].isdigit():
        message = f'A dash alone is not a figure. A mark says why there is none for "{line.name}".'
        return line.of_value(message, "{marks: [not-available]}")
    below = line_at(line.text, line.text.find("\n", line.start) + 1)
    if line.value == "-" and below.indent > line.indent:
        message = f"The dash after {quoted(line.name + ':')} starts a list, but its lines are below it."
        start, stop = line.start + len(line.name) + 1, line.stop
        return syntax_problem(line.text, start, stop, message, "Delete the dash.", "")
    if line.value == "-":
        message = f'A dash alone starts a list, so it can\'t be the value of "{line.name}".'
        return line.of_value(message, '"-"')
    name = shown(f"{line.name}:")
    if line.name in _TEXTS:
        message = f"A dash at the start makes a list of it, but {name} is text."
        return line.of_value(message, in_quotes(line.value.lstrip("- ")))
    message = f"A list can't start on the line of its name, {name}."
    help_ = "Write each item on a line of its own below the name."
    return syntax_problem(line.text, line.value_start, line.value_start + len(line.value), message, help_)


def among_items(line: Line) -> Problem:
    """A line between the items of a list that is no item itself."""
    above = line.above()
    while above is not None and not above.body.startswith("- "):
        above = above.above()
    if above is None or line.body.startswith("- ") or line.indent != above.indent:
        return misplaced(line)
    if above.name[:4].isdigit() or "-" in above.name:  # a period or an id, which starts no item
        message = f"{above.shown} starts with a dash, but the line below it doesn't."
        return above.problem(message, f"Write: {above.inside}", above.inside)
    is_of_item = line.name in _ITEM_FIELDS or (line.name == "title" and above.name == "id")
    if is_of_item or line.name in _MEASURE_FIELDS:
        message = f"{line.shown} is {_indented(line.indent)}, like the items of the list above."
        indent, owner = (above.inner, "its item") if is_of_item else (max(line.indent - 2, 0), "the measure")
        return _moved(line, indent, message, f"as a field of {owner}")
    if line.name[:4].isdigit() and line.value and above.name == "period":
        message = f"{above.shown} starts an item of a list, but figures are no list."
        return above.problem(message, "Write the period, a colon, a space and the figure on one line.")
    if line.name[:4].isdigit() and line.value:
        return _without(line, "observations", max(line.indent - 2, 0))
    message = f"{line.shown} is between the items of a list, but has no dash."
    help_ = f'Start it with "- ", or indent it by {_spaces(above.inner)} if it belongs to the item above.'
    return line.problem(message, help_)


def _moved(line: Line, indent: int, message: str, like: str) -> Problem:
    """A line that is too far left or right, with the whole line to write instead."""
    place = f"Start the line with {_spaces(indent)}" if indent else "Start it at the left edge"
    instead = f"{' ' * indent}{line.body}"
    return syntax_problem(line.text, line.begin, line.stop, message, f"{place}, {like}.", instead)


def _without(line: Line, name: str, indent: int) -> Problem:
    """A line above which that with a name is missing."""
    instead = f"{' ' * indent}{name}:\n{' ' * line.indent}{line.body}"
    message = f"Above {line.shown} the line {quoted(name + ':')} is missing."
    help_ = f"Write {quoted(name + ':')} on a line above it."
    return syntax_problem(line.text, line.begin, line.stop, message, help_, instead)


def _missing_name(line: Line, above: Line) -> Problem | None:
    """A list or a block whose name was lost, where its first line shows which it was."""
    below = line_at(line.text, line.text.find("\n", line.start) + 1)
    if not above.indent and not line.value and below.indent > line.indent and below.name in _MEASURE_FIELDS:
        return _without(line, "measures", 0)
    if line.body.startswith("- "):
        for name, starts in _LISTS.items():
            if line.name in starts:
                return _without(line, name, max(line.indent - 2, 0))
    return None


def lost_name(text: str, start: int, stop: int) -> Problem | None:
    """The list whose name was lost, so that its items were read as part of a text between two offsets."""
    at = text.find("\n", start, stop) + 1
    while at:
        line = line_at(text, at)
        if line.body.startswith("- "):
            above = line.above()
            return (_odd_item(above, line) or _missing_name(line, above)) if above is not None else None
        at = text.find("\n", at, stop) + 1
    return None


def _odd_item(line: Line, below: Line) -> Problem | None:
    """The first item of a list, which lacks its dash, or the space behind it, or is indented unlike the next one."""
    above = line.above()
    if above is None or above.value or not above.name or line.name:
        return None
    if not line.body.startswith("- "):
        return _without_dash(line, below.indent)
    last = line_at(line.text, line.text.find("\n", below.start) + 1)
    if line.indent in (above.inner + 2, last.indent if last.body.startswith("- ") else -1):
        line, below, beside = below, line, "above"
    else:
        beside = "below"
    message = f"This line is {_indented(line.indent)}, but the item {beside} it by {_spaces(below.indent)}."
    return (
        _moved(line, below.indent, message, f"like the line {beside}")
        if line.indent != below.indent
        else None
    )


def _item_without_dash(line: Line) -> Problem | None:
    """A word below an item that is a word."""
    above = line.above()
    if above is None or above.name or not above.body.startswith("- ") or not _WORD(line.body):
        return None
    return _without_dash(line, above.indent)


_WORD = re.compile("-?[a-z][a-z0-9-]*").fullmatch


def _without_dash(line: Line, indent: int) -> Problem:
    """An item of a list without "- ", or with a dash alone."""
    lack, help_ = '"- " at its start', 'Put "- " before it.'
    if line.body.startswith("-"):
        lack, help_ = "a space after its dash", "Put a space after the dash."
    instead = f"{' ' * indent}- {line.body.lstrip('-')}"
    message = f"The list item {line.shown} lacks {lack}."
    return syntax_problem(line.text, line.begin, line.stop, message, help_, instead)


def odd_dash(line: Line) -> Problem | None:
    """A list item that starts with another sign than the plain dash, on this line or right above; None where there is none."""
    for item in (line, line.above()):
        dash = _ODD_DASH.match(item.body) if item is not None else None
        if item is not None and dash is not None and (": " in item.body or _is_beside_an_item(item)):
            instead = f"- {item.body[dash.end() :]}"
            message = f'{item.shown} starts with "{dash[1]}". A list item starts with a plain dash.'
            return item.problem(message, f"Write: {instead}", instead)
    return None


_ODD_DASH = re.compile("([–—•·●▪]|\\*(?= ))[ \u00a0]*")


def _is_beside_an_item(line: Line) -> bool:
    """Whether the line above or below is a list item as far in as this one."""
    below = line_at(line.text, line.text.find("\n", line.start) + 1)
    return any(
        other is not None and other.body.startswith("- ") and other.indent == line.indent
        for other in (line.above(), below)
    )


def misplaced(line: Line) -> Problem:
    """A line whose indentation fits none of the lines above."""
    above, is_item = line.above(), line.body.startswith("- ")
    if above is not None and line.indent == 0 < above.indent and above.above() is None:
        message = f"The first line starts with {_spaces(above.indent)}, but the lines below don't."
        return _moved(above, 0, message, "like the others")
    if above is not None and is_item and above.name and not above.value and line.indent < above.indent:
        owner = shown(above.name)
        message = f"This list item is {_indented(line.indent)}, but it belongs to {owner} above."
        return _moved(line, above.inner + 2, message, f"2 more than {owner}")
    odd = _odd_item(above, line) if above is not None and is_item and above.body.startswith("- ") else None
    missing = _missing_name(line, above) if above is not None else None
    return odd or missing or _fitting_nowhere(line)


def _fitting_nowhere(line: Line) -> Problem:
    levels, is_item = _levels(line), line.body.startswith("-")
    owner = levels.get(line.indent)
    if is_item and owner is not None and owner.value:
        message = f"{line.shown} is a list item, but {shown(owner.name)} above it already has a value."
        return line.problem(message, "Put list items below a name that ends with a colon.")
    if not line.name and not is_item:
        return no_colon(line)
    alike = [
        level
        for level, other in levels.items()
        if (other.indent == level and other.body[0] == "-") == is_item
        and not (is_item and bool(other.name) != bool(line.name))
    ]
    nearest = [
        *sorted(level for level in alike if level < line.indent)[-1:],
        *sorted(level for level in alike if level > line.indent)[:1],
    ]
    fits = {level: "the dash" if is_item else shown(levels[level].name) for level in nearest}
    message = f"This line is {_indented(line.indent)}, which fits none of the lines above."
    if odd := _odd_name(line, levels):
        return odd
    sure = _sure_levels(line, {level: levels[level] for level in nearest})
    if len(sure) == 1:
        return _moved(line, sure[0], message, f"like {fits[sure[0]]} above")
    return line.problem(message, _advice(fits) if fits else "Indent it like the line above.")


def _odd_name(line: Line, levels: dict[int, Line]) -> Problem | None:
    """A name with its block that has a dash, unlike those before it, or one of those above that is too far left or right."""
    beside, outer = levels.get(line.indent), levels.get(line.indent - 2)
    if not line.name or line.value:
        return None
    if line.body[0] == "-" and beside is not None and beside.body[0] != "-":
        message = f"{line.shown} starts with a dash, but {shown(beside.body)} above doesn't."
        return line.problem(message, f"Write: {line.inside}", line.inside)
    if line.body[0] == "-" or outer is None or outer.value or line.indent + 2 not in levels:
        return None
    first = line_at(line.text, line.text.find("\n", outer.start) + 1)
    second = line_at(line.text, line.text.find("\n", first.start) + 1)
    is_first_odd = not first.value and first.indent != line.indent and second.indent <= line.indent + 2
    odd = first if is_first_odd else outer  # its block is 4 further in
    message = f"This line is {_indented(odd.indent)}, but the lines below it by {_spaces(line.indent + 2)}."
    return _moved(odd, line.indent, message, f"like {line.shown} below")


def _sure_levels(line: Line, levels: dict[int, Line]) -> list[int]:
    """The indentations, of those that are near, that a line can have: by what is below it, or beside fields or figures like it."""
    if not line.value:
        below = line_at(line.text, line.text.find("\n", line.start) + 1)
        return [level for level in levels if level == below.indent - 2]
    return [level for level, other in levels.items() if _are_alike(line.name, other.name)]


def _are_alike(name: str, other: str) -> bool:
    """Whether two names can be in one block: fields of a measure, of an item of its lists, or periods."""
    together = any(
        name in group and other in group for group in (_MEASURE_FIELDS, {*_ITEM_FIELDS, *BOUND_KINDS})
    )
    return together or (name[:1].isdigit() and other[:1].isdigit())


def _levels(line: Line) -> dict[int, Line]:
    """The indentations that are open above a line, each with the nearest line that has it."""
    levels: dict[int, Line] = {}
    above = line.above()
    lowest = None
    while above is not None and lowest != 0:
        if lowest is None or above.indent < lowest:
            if above.name:
                levels.setdefault(above.inner, above)
            levels.setdefault(above.indent, above)
            lowest = above.indent
        above = above.above()
    return levels


def _spaces(count: int) -> str:
    return counted(count, "space")


def _indented(count: int) -> str:
    return f"indented by {_spaces(count)}" if count else "not indented"


def _advice(fits: dict[int, str]) -> str:
    """How far to indent a line: one indentation or two, from left to right, each with what else has it."""
    ways: list[str] = []
    for level, like in fits.items():
        start = "indent it " if not ways or 0 in fits else ""
        ways.append(
            f"{start}by {_spaces(level)}, like {like}" if level else f"start it at the left edge, like {like}"
        )
    advice = ", or ".join(ways)
    return f"{advice[0].upper()}{advice[1:]} above."
