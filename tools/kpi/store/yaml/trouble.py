"""What stopped the reading, in plain words. Ways to mend the lines there are tried; after the right one the file reads best.

The parser is only a hint. It names places well after the slip, and things that analysts have never heard of.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from kpi.model.finding import Problem
from kpi.model.text import counted, quoted
from kpi.store.schema import Name, count_faults
from kpi.store.yaml import reading, shown
from kpi.store.yaml.places import (
    AFTER_THE_END,
    CURLY,
    Line,
    Unreadable,
    in_quotes,
    item_at,
    line_at,
    line_span,
    syntax_problem,
)
from kpi.store.yaml.subset import BLANK_FIRST, half_letter, resolve
from kpi.store.yaml.typed_lines import mistyped_figure, value_slip


class Clue(NamedTuple):
    """Where the reading stopped, and where the thing began that it was reading, as offsets."""

    at: int
    begun: int


def explain(text: str, stop: Unreadable, last: Any) -> Problem:
    """What stopped the reading, at the line where it has to be fixed.

    `last` is the event of the newest name or value before that, if there was one.
    """
    end = max(0, len(text) - 1)
    at = min(end, stop.at if stop.at is not None else last.end_mark.index if last is not None else 0)
    clue = Clue(at, min(end, at if stop.begun is None else stop.begun))
    kind = _KINDS.get(stop.met) or _KINDS.get(stop.doing) or _layout
    if stop.at is None and (odd := half_letter(text, at, len(text))):
        return odd
    if last is not None and last.style in ("'", '"') and last.start_mark.line != last.end_mark.line:
        return _quote(text, Clue(at, last.start_mark.index))
    for place in dict.fromkeys((clue.begun, at) if kind in {_escape, _quote, _layout} else (at,)):
        if figure := mistyped_figure(text, place) or value_slip(text, place):
            return figure
    return kind(text, clue)


# Ways to mend a line, and which of them is meant


class Repair(NamedTuple):
    """One way to mend a text: what to write between two offsets.

    Attributes:
        rank: how far it is from what was typed: of those after which the text reads equally well the nearest is meant.
        message: what is wrong.
        way: what to do; may follow "or".
    """

    rank: int
    start: int
    stop: int
    instead: str
    message: str
    way: str

    def problem(self, text: str) -> Problem:
        """What is wrong, with the text to write instead."""
        return syntax_problem(text, self.start, self.stop, self.message, _sentence(self.way), self.instead)


_LONGEST = 50_000  # characters of a file in which ways are tried: each costs a reading
_MOST_WAYS = 3  # that are named where the file reads equally well after several
_OF_PLAN = {"organisation", "priorities", "areas", "owners", "edition"}


def _unfit(text: str) -> tuple[tuple[int, int], Any]:
    """How badly a text reads: how many lines can't be read, and how much of it doesn't fit; and what was read."""
    walk = reading.Reading(text, text)
    try:
        values = walk.values()
    except Unreadable as stop:
        return (text.count("\n", stop.at or 0) + 1, 0), None
    except reading.Stop:
        return (_LONGEST, 0), None
    name: Name = "plan" if _OF_PLAN & values.keys() else "kpi"
    return (0, len(walk.problems) + count_faults(name, values)), values


def _mended(text: str, line: Line, repairs: Iterable[Repair]) -> Problem | None:
    """The repair that is meant, or several that may be; None where the text reads no better than without the line."""
    if len(text) > _LONGEST:
        return None
    least, _ = _unfit(f"{text[: line.start]}{'#' * len(line.body)}{text[line.stop :]}")
    scored: dict[tuple[int, ...], list[tuple[Any, Repair]]] = {}
    tried: set[str] = set()
    for repair in sorted(repairs, key=lambda repair: repair.rank):
        mended = text[: repair.start] + repair.instead + text[repair.stop :]
        if (0, 0, repair.rank - 1) >= min(scored, default=(1, 0, 0)):
            break
        if mended in tried:
            continue
        tried.add(mended)
        unfit, values = _unfit(mended)
        if unfit <= least and unfit[0] < _LONGEST:
            scored.setdefault((*unfit, repair.rank), []).append((values, repair))
    if not scored:
        return None
    (values, first), *others = scored[min(scored)]
    is_sure = all(other is not None and other == values for other, _ in others)
    meant = [first] if is_sure else [first, *(repair for _, repair in others)]
    if is_sure and _ITS_NAME not in first.instead:
        return first.problem(text)
    ways = dict.fromkeys(repair.way for repair in meant)
    return line.problem(first.message, _sentence(", or ".join(ways))) if len(ways) <= _MOST_WAYS else None


def _sentence(way: str) -> str:
    return f"{way[0].upper()}{way[1:]}{'' if 'write: ' in way else '.'}"


def _writing(rank: int, start: int, stop: int, new: str, message: str, lead: str = "") -> Repair:
    """The way to write something else between two offsets; `lead` is what stands before it."""
    return Repair(rank, start, stop, new, message, f"write: {lead}{new}")


def _around(line: Line) -> list[Line]:
    """The nearest line above, and those around that one, each less indented than the one before."""
    lines: list[Line] = []
    above = line.above()
    while above is not None and not (lines and lines[-1].indent == 0):
        if not lines or above.indent < lines[-1].indent:
            lines.append(above)
        above = above.above()
    return lines


def _below(text: str, at: int) -> Line:
    """The line below that with an offset; the first where there is none."""
    return line_at(text, text.find("\n", at) + 1)


def _moved(line: Line, suspects: list[Line]) -> Iterator[Repair]:
    """Each of some lines further left or right: alone, or with all that is below it and as far in."""
    for moved in suspects:
        text, stop, above = line.text, moved.stop, moved.above()
        while (below := _below(text, stop)).begin and below.body and below.indent >= moved.indent:
            stop = below.stop
        usual = [0] if above is None else [above.inner + 2 * (not above.value)]
        first = usual if above is None or not above.value else []
        wrong = f"{_indented(moved.indent)}, which doesn't fit the lines around it"
        for indent in dict.fromkeys([_below(text, moved.stop).indent, *usual, *range(0, 14, 2)]):
            like = _nearest(moved, indent)
            is_text = moved.name and like is not None and not like.name and like.body[0] != "-"
            if indent == moved.indent or indent % 2 or is_text or not (indent in usual or like):
                continue
            beside = f", like {shown(like.name or like.body)}" if like is not None else ""
            place = f"with {counted(indent, 'space')}" if indent else "at the left edge"
            way = f"start it {place}{beside}"
            rank = (
                0 if abs(indent - moved.indent) == 1 else 1 if indent in first else 2 if moved == line else 3
            )
            yield Repair(
                rank, moved.begin, moved.stop, f"{' ' * indent}{moved.body}", f"This line is {wrong}.", way
            )
            if stop > moved.stop:
                by = indent - moved.indent
                lines = (
                    " " * by + part if by > 0 else part[-by:] for part in text[moved.begin : stop].split("\n")
                )
                message = f"This line and {counted(text.count(chr(10), moved.start, stop), 'line')} below are {wrong}."
                yield Repair(4, moved.begin, stop, "\n".join(lines), message, way)


def _nearest(line: Line, indent: int) -> Line | None:
    """The nearest line above that is so far in."""
    above = line.above()
    while above is not None and indent not in (above.indent, above.inner):
        above = above.above()
    return above


def _indented(count: int) -> str:
    return f"indented by {counted(count, 'space')}" if count else "not indented"


_NAMED = re.compile(r"((?:- )?[a-z0-9_][\w/.-]*?)(?:[ ]*(?:[:=;：]+|->)[ ]*|[ ]+)(\S.*)").fullmatch
_DASH = re.compile("(-|[–—•·●▪]|\\*(?= ))[ \u00a0]*")
_ITS_NAME = "its-name"
_BLOCKS = ("measures", "observations", "targets", "references", "triggers", "peers", "trajectory", "priorities", "objectives",
           "kpis", "areas", "owners", "sources", "edition", _ITS_NAME)  # fmt: skip
"""Names that have lines of their own below them, and one that stands for an id."""


def _spelt(line: Line) -> Iterator[Repair]:
    """A line with its dash, its colon or its name put right."""
    lead, body = " " * line.indent, line.body

    def whole(rank: int, indent: int, instead: str, message: str) -> Repair:
        start = line.start if indent == line.indent else line.begin
        blanks = "" if indent == line.indent else " " * indent
        return Repair(rank, start, line.stop, f"{blanks}{instead}", message, f"write: {instead}")

    if dash := _DASH.match(body):
        bare = body[dash.end() :]
        yield whole(0, line.indent, f"- {bare}", f"There is no dash with a space before {shown(bare)}.")
        for indent in (line.indent, line.inner):
            yield whole(5, indent, bare, f"{line.shown} starts with a dash, but is no item of a list.")
    else:
        for indent in (line.indent, max(line.indent - 2, 0)):
            yield whole(5, indent, f"- {body}", f'The list item {line.shown} lacks "- " at its start.')
    if match := _NAMED(body):
        message = f"There is no colon with a space after {shown(match[1])}."
        yield whole(0, line.indent, f"{match[1]}: {match[2]}", message)
    below = _below(line.text, line.stop)
    if line.value == body and (below.indent > line.indent or below.body.startswith("-")):
        yield whole(1, line.indent, f"{body}:", f"There is no colon after {line.shown}.")
    for name in _BLOCKS:
        message = f"Above {line.shown} the line {quoted(name + ':')} is missing."
        way = f"write {quoted(name + ':')} on a line above it"
        if name == _ITS_NAME:
            message, way = (
                f"A block starts at {line.shown} without a name.",
                "write its name on a line above it",
            )
        instead = f"{' ' * max(line.indent - 2, 0)}{name}:\n{lead}{body}"
        yield Repair(6 + (name == _ITS_NAME), line.begin, line.stop, instead, message, way)


def _joined(above: Line, line: Line) -> Iterator[Repair]:
    """A line that belongs to the text above."""
    joint = f"{above.value} {line.body}".strip()
    message = f"The line {line.shown} seems to belong to the text of {shown(above.name + ':')}."
    if not line.name and (not above.value or (" " in above.value and " " in line.body)):
        rank = 5 if above.value else 0
        yield Repair(rank, above.value_start, line.stop, joint, message, "write it all on one line")
    elif " " in line.name:
        yield Repair(
            8, above.value_start, line.stop, in_quotes(joint), message, "write it all on one line, in quotes"
        )


def _layout(text: str, clue: Clue) -> Problem:
    """Something stands where nothing may stand: a line in the wrong place, or one that is no name with a colon."""
    line = line_at(text, clue.at)
    if clue.at > line.inner_start and line.name and line.value:
        return _after_value(text, clue)
    return _line_problem(line)


def _line_problem(line: Line) -> Problem:
    """What is wrong with a line of which nothing can be read."""
    text, around = line.text, _around(line)
    if line.body[:1] in ("]", "}", ","):
        return _stray(text, line.start)
    if line.body.startswith("//"):
        message = f"{line.shown} is no comment: comments start with #."
        return _writing(0, line.start, line.stop, f"# {line.body.lstrip('/ ')}", message).problem(text)
    suspects = list(
        dict.fromkeys([line, *around, *(_below(text, other.stop) for other in around if not other.value)])
    )
    repairs = [*_moved(line, suspects), *chain.from_iterable(map(_spelt, suspects))]
    if around and around[0].name:
        repairs += _joined(around[0], line)
    return _mended(text, line, repairs) or _unlike_any(line)


def _unlike_any(line: Line) -> Problem:
    """What is said of a line that no way mends."""
    message = f"This line is {_indented(line.indent)}, which doesn't fit the lines around it."
    help_ = "Indent it like the lines that it belongs with, below a name that ends with a colon."
    if line.inside.startswith(":"):
        message, help_ = "There is no name before the colon.", "Write the field's name before the colon."
    elif not line.name and not line.body.startswith("- "):
        message, help_ = (
            f"The line {line.shown} has no colon.",
            "Write it as a name, a colon, a space and the value.",
        )
    return line.problem(message, help_)


# Quotes, brackets and signs


def written(text: str, start: int, old: str, message: str, new: str, lead: str = "") -> Problem:
    """The problem that `old`, which is at `start`, should be written as `new`."""
    return syntax_problem(text, start, start + len(old), message, f"Write: {lead}{new}", new)


_MEANINGS = {
    "%": "gives orders to the program",
    "*": "refers to another value",
    "&": "names a value",
    "!": "names a kind of value",
    "|": "starts text on the next line",
    ">": "starts text on the next line",
    "[": "starts a list",
    "{": "starts a group of fields",
    "]": "ends a list",
    "}": "ends a group of fields",
    ",": "is between items",
}


def needs_quotes(text: str, start: int, message: str = "") -> Problem:
    """A value that only quotes make text, or an item of a list in brackets; `start` is where it is."""
    line = line_at(text, start)
    what, lead = "value", ""
    if line.name and start < line.value_start:
        at, value, what = line.inner_start, line.name, "name"
    elif message or start <= line.value_start:
        at, value, lead = line.value_start, line.value, f"{line.name}: " if line.name else ""
    else:
        at, value = start, item_at(text, start)
    if value.startswith("```"):
        message = "``` marks a block of text on web pages. Files don't have it."
        return syntax_problem(text, line.begin, line.stop, message, "Delete this line.", "")
    if value == "%" and line.name.lower() == "unit":
        return written(text, at, value, 'The unit "%" is written as a word.', "percent", lead)
    meaning = _MEANINGS.get(value[:1], "has a special meaning")
    message = (
        message or f'At the start of a {what} "{value[:1]}" {meaning}. The text {shown(value)} needs quotes.'
    )
    return written(text, at, value, message, in_quotes(value), lead)


def _at_start(text: str, clue: Clue) -> Problem:
    """A value that starts with a sign which means something in YAML."""
    line = line_at(text, clue.begun)
    if _DASH.match(line.body) and (mended := _mended(text, line, _spelt(line))):
        return mended
    return needs_quotes(text, clue.begun)


def _quote(text: str, clue: Clue) -> Problem:
    """A quote that is never closed, or not where it should be."""
    start = clue.begun
    line, sign = line_at(text, start), text[start]
    kind, other = ("double", "single") if sign == '"' else ("single", "double")
    message = f"The {kind} quote in column {_column(text, start)} is not closed on its line."
    help_ = f"Close it at the end of the text, or put all of it in {other} quotes if the sign is part of it."
    is_all = sign == '"' and line.value.count(sign) == 1 and line.value_start == start
    end = line_span(text, start).stop
    return syntax_problem(text, start, end, message, help_, f"{line.value}{sign}" if is_all else None)


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at)


def _escape(text: str, clue: Clue) -> Problem:
    """A backslash in double quotes that starts no known code."""
    end = line_span(text, clue.begun).stop
    if odd := half_letter(text, clue.begun, max(end, clue.at)):
        return odd
    message = "In double quotes a backslash starts a code, and this one is not known."
    line = line_at(text, clue.begun)
    if line.value_start == clue.begun and line.value.endswith('"') and line.value.count('"') == 2:
        return written(text, clue.begun, line.value, message, in_quotes(line.value))
    return syntax_problem(text, clue.begun, end, message, "Write two backslashes, or use single quotes.")


def _colon(text: str, clue: Clue) -> Problem:
    """A colon where none may be: in a text without quotes, or in a line with the wrong indentation."""
    line = line_at(text, clue.at)
    if not (line.name and line.value and clue.at >= line.value_start):
        return _line_problem(line)
    quotes = f"The text after {shown(line.name + ':')} contains a colon, so it needs quotes."
    if line.value[0] in CURLY:
        sign = f"{line.value[0]}{CURLY[line.value[0]]}"
        quotes = f"Curly quotes ({sign}) don't count as quotes. Use straight ones: \""
    bare = line.value.removeprefix("(").removesuffix(")").removeprefix("{").removesuffix("}")
    braces = "What belongs together goes in { }."
    are_fields = _FIELD(line.value) is not None
    ways = (
        _writing(are_fields, line.value_start, line.stop, in_quotes(line.value), quotes, f"{line.name}: "),
        _writing(not are_fields, line.value_start, line.stop, f"{{{bare}}}", braces, f"{line.name}: "),
        _writing(not are_fields, line.inner_start, line.stop, f"{{{line.inside}}}", braces),
    )
    return _mended(text, line, [*ways, *_spelt(line)]) or needs_quotes(text, clue.at, quotes)


_FIELD = re.compile("[(]?[a-z0-9_/-]+: ").match


def _list_on_line(text: str, clue: Clue) -> Problem:
    """A list that starts on the line of its name, or a dash alone."""
    line = line_at(text, clue.at)
    start, name, lead = line.value_start, shown(f"{line.name}:"), f"{line.name}: "
    if line.value != "-":
        items = f"\n{' ' * (line.inner + 2)}{line.value}"
        message = f"A list can't start on the line of its name, {name}."
        bare = in_quotes(line.value.lstrip("- "))
        ways = [
            Repair(
                0, start - 1, line.stop, items, message, "write each item on a line of its own below the name"
            ),
            _writing(
                1,
                start,
                line.stop,
                bare,
                f"A dash at the start makes a list of it, but {name} is text.",
                lead,
            ),
        ]
    else:
        message = f"A dash alone starts a list, so it can't be the value of {quoted(line.name)}."
        ways = [_writing(1, start, line.stop, '"-"', message, lead)]
        if _below(text, start).indent > line.indent:
            ways.append(Repair(0, start - 1, line.stop, "", message, "delete the dash"))
    return _mended(text, line, ways) or ways[0].problem(text)


def in_brackets(text: str, clue: Clue) -> Problem:
    """An item in brackets that has a colon or a question mark inside."""
    at = clue.begun
    line = line_at(text, at)
    start, stop = text.rfind("{", line.start, at), text.find("}", at, line.stop) + 1
    group = text[start:stop] if 0 <= start < stop else ""
    item = item_at(text, at)
    quotes = f"Inside [ ] and {{ }} the text {shown(item)} needs quotes, or a space after its colon."
    ways = [_writing(1, at, at + len(item), in_quotes(item), quotes)]
    value = resolve(item)
    if isinstance(value, Problem) and value.replacement is not None:
        ways.append(_writing(2, at, at + len(item), value.replacement, value.message))
    if group:
        message = f"There is no colon with a space in {shown(group)}, or not in all of it."
        ways.append(_writing(0, start, stop, _GLUED_IN_BRACES.sub(r"\1: ", group), message, f"{line.name}: "))
    return _mended(text, line, ways) or ways[0].problem(text)


_GLUED_IN_BRACES = re.compile(r"([A-Za-z][\w-]*)[:=](?=[^\s/:=])")


def _brackets(text: str, clue: Clue) -> Problem:
    """Something is wrong between brackets."""
    begun, sign = clue.begun, text[clue.at]
    at_end = sign in "\r\n"
    if text[begun] not in "[{":
        begun = max(text.rfind("[", 0, clue.at), text.rfind("{", 0, clue.at)) if at_end else -1
    if begun >= 0:
        close = "]" if text[begun] == "[" else "}"
        if at_end or "\n" in text[begun : clue.at]:
            stop = max(begun + 1, line_span(text, begun).stop)
            message = f'The "{text[begun]}" in column {_column(text, begun)} is not closed on its line.'
            help_ = f'Add "{close}", or put the text in quotes if "{text[begun]}" is part of it.'
            source = text[begun:stop]
            ways = [
                _writing(rank, begun, stop, new, message)
                for rank, new in enumerate((f"{source}{close}", in_quotes(source)))
            ]
            mended = _mended(text, line_at(text, begun), ways)
            return mended or syntax_problem(text, begun, stop, message, help_)
        if sign in "]}" and sign != close:
            return written(text, clue.at, sign, f'"{text[begun]}" is closed by "{sign}".', close)
    if sign == ",":
        message, help_ = "There is nothing before this comma.", "Delete the comma, or add the item."
        return syntax_problem(text, clue.at, clue.at + 1, message, help_)
    start = 1 + max(text.rfind(mark, 0, clue.at) for mark in ",[{\n")
    start += len(text[start : clue.at]) - len(text[start : clue.at].lstrip())
    if sign == "?":
        return in_brackets(text, Clue(start, start))
    item = item_at(text, start)
    message = f"A comma is missing in {shown(item)}, or it needs quotes."
    help_ = "Put a comma between two items, and quotes around text that contains a colon."
    return syntax_problem(text, start, start + len(item), message, help_)


def _after_value(text: str, clue: Clue) -> Problem:
    """More text after a closing quote or bracket."""
    line = line_at(text, clue.at)
    sign = line.value[:1]
    if text[clue.at] in "]},":
        return _stray(text, clue.at) if clue.at > line.value_start else needs_quotes(text, clue.at)
    if link := _LINK.fullmatch(line.value):
        return line.of_value("The link is written as on web pages, with its words in brackets.", link[1])
    kind = {'"': "quotes", "'": "quotes", "[": "brackets", "{": "brackets"}.get(sign)
    if kind is None:
        help_ = "Compare it with a line that works, and put text with unusual signs in quotes."
        return line.problem(f"This line can't be read as YAML: {line.shown}.", help_)
    message = f"The {kind} end before the text {shown(line.value)} does."
    if sign == "{":
        behind = shown(text[clue.at : line.stop])
        help_ = f'Take {behind} away, or write it between the brackets, such as note: "{behind[1:-1]}".'
        return syntax_problem(text, line.value_start, line.stop, message, help_)
    return needs_quotes(text, clue.at, message)


_LINK = re.compile(r"\[[^\]]*\]\((https?://[^\s()]+)\)")


def _stray(text: str, at: int) -> Problem:
    sign = text[at]
    wrong = "has nothing that it closes" if sign in "]}" else "has nothing before it"
    help_ = "Delete it, or put the text in quotes."
    return syntax_problem(text, at, at + 1, f'This "{sign}" {wrong}.', help_)


def _no_colon(text: str, clue: Clue) -> Problem:
    """A name without its colon."""
    return _line_problem(line_at(text, clue.begun))


def _blank_first(text: str, clue: Clue) -> Problem:
    """A line of spaces right below a `|` or `>`; only one of the parsers stops there."""
    above = line_at(text, clue.begun).above()
    at = above.value_start if above is not None else clue.begun
    from kpi.store.yaml.places import span_at

    return BLANK_FIRST.at(span_at(text, at, at + 1))


Kind = Callable[[str, Clue], Problem]

_KINDS: Mapping[str, Kind] = {
    reading.NO_COLON: _no_colon,
    reading.HAS_ITEMS: _layout,
    reading.IN_BRACKETS: in_brackets,
    reading.NEEDS_QUOTES: _at_start,
    # What the parser met, in libyaml's words and in ruamel's own.
    "mapping values are not allowed in this context": _colon,
    "mapping values are not allowed here": _colon,
    "could not find expected ':'": _no_colon,
    "found unexpected ':'": in_brackets,
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
    AFTER_THE_END: _layout,
}
"""How to look at a place, by the whole of what the parsers say: they have nothing but words. What isn't here is a line in the wrong place."""
