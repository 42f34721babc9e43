"""What stopped the reading, in plain words. Ways to mend the lines there are tried; after the right one the file reads best.

The parser is only a hint. It names places well after the slip, and things that analysts have never heard of.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, pairwise
from typing import Any, NamedTuple

from kpi.model.finding import Problem
from kpi.model.text import counted, quoted
from kpi.store.schema import Name, count_faults, field_names
from kpi.store.yaml import shown
from kpi.store.yaml.lines import CURLY, Line, in_quotes, line_at, line_begins, span_at, syntax_problem
from kpi.store.yaml.places import Unreadable
from kpi.store.yaml.reading import Reading
from kpi.store.yaml.subset import BLANK_FIRST, half_letter, resolve
from kpi.store.yaml.typed_lines import mistyped_figure, value_slip

_OF_BLOCK = {"while parsing a block mapping", "while parsing a block collection"}
"""What the parsers were doing, in their words, where they name the beginning of a block, which may be far above."""
_BLANK_FIRST = "more indented follow up line than first in a block scalar"


def explain(text: str, stop: Unreadable, last: Any) -> Problem:
    """What stopped the reading, at the line where it has to be fixed.

    `last` is the event of the newest name or value before that, if there was one.
    """
    end = max(0, len(text) - 1)
    reached = 0 if last is None else last.end_mark.index
    at = min(end, reached if stop.at is None else stop.at)
    offset = at if stop.begun is None or stop.doing in _OF_BLOCK else min(end, stop.begun)
    if last is not None and last.style in ("'", '"') and last.start_mark.line != last.end_mark.line:
        offset = last.start_mark.index
    line = line_at(text, offset)
    reach = len(text) if stop.at is None else max(line.stop, at)
    if (stop.at is None or text[offset] == '"') and (odd := half_letter(text, offset, reach)):
        return odd
    for near in dict.fromkeys((offset, at)):
        if figure := mistyped_figure(text, near) or value_slip(text, near):
            return figure
    if stop.doing == _BLANK_FIRST and (above := line.above()):
        return BLANK_FIRST.at(span_at(text, above.value_start, above.value_start + 1))
    ways, first, begin = [*_bracket_ways(line, offset, at)], line.value[:1], line.inside[:1]
    if line.name and begin in _QUOTES and line.inside.count(begin) == 1:
        ways += _open_quote(line, line.inner_start)
    elif first and offset >= line.value_start and (line.name or not (first.isalnum() or first == "-")):
        ways += _value_ways(line, offset)
    return mended(line, ways) or _default(line, ways)


# Ways to mend a line, and which of them is meant


class Repair(NamedTuple):
    """One way to mend a text: what to write between two offsets."""

    rank: int  # how far it is from what was typed: of those that read equally well the nearest is meant
    start: int
    stop: int
    instead: str
    message: str  # what is wrong
    way: str  # what to do; may follow "or"
    is_whole: bool = True  # whether that is all there is to do; else somebody has to think of another text

    def problem(self, text: str) -> Problem:
        """What is wrong, with the text to write instead."""
        if not self.is_whole:
            return line_at(text, self.start).problem(self.message, _sentence(self.way))
        return syntax_problem(text, self.start, self.stop, self.message, _sentence(self.way), self.instead)


_MOST_READ = 1_000_000  # characters that are read to find what one line should be
_MOST_WAYS = 3  # that are named where the file reads equally well after several
_OF_PLAN = {"organisation", "priorities", "areas", "owners", "edition"}
_LONG = 10_000  # characters from which only the lines that matter to a slip are read to find what was meant
_NEAR = 20  # lines above and below


def _lines_near(text: str, offsets: Iterable[int]) -> list[tuple[int, int]]:
    """Where the lines are that matter at some places: those near, those around them, and all at the left edge."""
    if len(text) <= _LONG:
        return [(0, len(text))]
    begins = line_begins(text)
    numbers = {bisect_right(begins, offset) - 1 for offset in offsets}
    near = {number + step for number in numbers for step in range(-_NEAR, _NEAR + 1)}
    lines: list[tuple[int, int]] = []
    least = 0
    for number, (begin, stop) in reversed([*enumerate(pairwise([*begins, len(text)]))]):
        body = text[begin:stop].lstrip(" ")
        indent = stop - begin - len(body)
        if number in near or (body.strip() and (indent < least or not indent)):
            lines.append((begin, stop))
            least = indent if body.strip() else least
    return lines[::-1]


def _best(text: str, line: Line, repairs: Iterable[Repair]) -> Problem | None:
    """The repair that is meant, or several that may be; None where the text reads no better than without the line."""
    changing = (each for each in repairs if text[each.start : each.stop] != each.instead)
    likely = sorted(changing, key=lambda repair: repair.rank)
    ends = [(line.start, line.stop), *((repair.start, repair.stop) for repair in likely)]
    lines = _lines_near(text, chain.from_iterable(ends))
    short = "".join(text[begin:stop] for begin, stop in lines)

    def moved(at: int) -> int:
        return sum(min(at, stop) - begin for begin, stop in lines if begin < at)

    def read_with(start: int, stop: int, instead: str) -> tuple[tuple[int, int], Any]:
        """How many lines can't be read then, and how much doesn't fit; and what was read."""
        changed = f"{short[: moved(start)]}{instead}{short[moved(stop) :]}"
        reading = Reading(changed, changed)
        try:
            values = reading.values()
        except Unreadable as stopped:
            return (changed.count("\n", stopped.at or 0) + 1, 0), None
        name: Name = "plan" if _OF_PLAN & values.keys() else "kpi"
        return (0, len(reading.problems) + count_faults(name, values)), values

    run = _end_of_run(line)  # one to the end of the file would leave nothing to compare
    without = {line.stop, run if text[run:].strip() else line.stop}
    least = min(
        read_with(line.start, stop, "#" + "\n" * text.count("\n", line.start, stop))[0] for stop in without
    )
    most = max(1, short.count("\n", moved(line.stop)))  # trouble right below is the same slip
    scored: dict[tuple[int, int, int], list[tuple[Any, Repair]]] = {}
    left, length = _MOST_READ, len(short)
    for repair in likely:
        left -= len(repair.instead) + length
        if left < 0 or (0, 0, repair.rank - 1) >= min(scored, default=(1, 0, 0)):
            break
        unfit, values = read_with(repair.start, repair.stop, repair.instead)
        if unfit <= least and unfit[0] < most:
            scored.setdefault((*unfit, repair.rank), []).append((values, repair))
    return _choose(line, scored) if scored else None


def _choose(line: Line, scored: Mapping[tuple[int, int, int], list[tuple[Any, Repair]]]) -> Problem | None:
    """The nearest of the repairs after which the text reads best; all their ways where they lead to different values."""
    unread, faults, rank = min(scored)
    is_clear = unread == 0 or rank <= 0  # what else is wrong further down tells nothing of this line
    ranks = [rank] if is_clear else sorted(key[2] for key in scored if key[:2] == (unread, faults))
    (values, first), *others = chain(*(scored[unread, faults, each] for each in ranks))
    if all(other is not None and other == values for other, _ in others):
        return first.problem(line.text)
    ways = dict.fromkeys(repair.way for repair in (first, *(repair for _, repair in others)))
    return line.problem(first.message, _sentence(*ways)) if len(ways) <= _MOST_WAYS else None


def _sentence(*ways: str) -> str:
    way = ", or ".join(ways)
    return f"{way[0].upper()}{way[1:]}{'' if ways[-1].startswith('write: ') else '.'}"


def _writing(rank: int, start: int, stop: int, new: str, message: str, lead: str = "") -> Repair:
    """The way to write something else between two offsets; `lead` is what stands before it."""
    return Repair(rank, start, stop, new, message, f"write: {lead}{new}")


def _rewriting(line: Line, rank: int, indent: int, body: str, message: str, way: str = "") -> Repair:
    """The way to write something else for a line."""
    start, blanks = (line.start, "") if indent == line.indent else (line.begin, " " * indent)
    return Repair(rank, start, line.stop, f"{blanks}{body}", message, way or f"write: {body}")


def _end_of_run(line: Line) -> int:
    """Where the lines below a line end that are as far in, or further."""
    end = line.text.find("\n", line.stop)
    run = re.compile(rf"(?:\n {{{line.indent},}}\S[^\n]*)*").match(line.text, end) if end >= 0 else None
    return line_at(line.text, run.end()).stop if run and run[0] else line.stop


def _moved(line: Line, moved: Line) -> Iterator[Repair]:
    """A line further left or right: alone, or with all that is below it and as far in; `line` is where the reading stopped."""
    text, stop, around = line.text, _end_of_run(moved), moved.around()
    above = around[0] if around else None
    usual = [0] if above is None else [above.inner + 2 * (not above.value)]
    first = usual if above is None or not above.value else []
    for indent in dict.fromkeys([moved.below().indent, *usual, *range(0, 14, 2)]):
        like = next((other for other in around if indent in (other.indent, other.inner)), None)
        is_text = moved.name and like is not None and not like.name and like.body[0] != "-"
        if indent == moved.indent or indent % 2 or is_text or not (indent in usual or like):
            continue
        beside = f", like {shown(like.name or like.body)}" if like is not None else ""
        column = f"with {counted(indent, 'space')}" if indent else "at the left edge"
        way, by = f"start it {column}{beside}", indent - moved.indent
        ranks = (abs(by) == 1, indent in first, moved == line, True)  # the likeliest first
        rank = ranks.index(True)
        yield _rewriting(moved, rank, indent, moved.body, f"This line is {_misplaced(moved)}.", way)
        rows = text[moved.begin : stop].split("\n")
        if len(rows) > 1:
            run = "\n".join(" " * by + row if by > 0 else row[-by:] for row in rows)
            message = f"This line and {counted(len(rows) - 1, 'line')} below are {_misplaced(moved)}."
            yield Repair(4, moved.begin, stop, run, message, way)


def _misplaced(line: Line) -> str:
    indented = f"indented by {counted(line.indent, 'space')}" if line.indent else "not indented"
    return f"{indented}, which doesn't fit the lines around it"


_NAMED = re.compile(
    r"((?:- )?\"?[a-z0-9_][\w/.-]*?\"?)(?:[ ]*(?:[:=;：]+|->)[ ]*|[ ]+(?:[-–—][ ]+)?)(?:(?<! )[!&*@`]+ +)?(\S.*)"
).fullmatch
_DASH = re.compile("(-|[–—•·●▪]|\\*(?= ))[ \u00a0]*")
_BEFORE_SIGNS = re.compile(r"([^:]*\w)[^\w\"')\]}]*").fullmatch
_COLON_INSIDE = re.compile(r"([a-z][\w-]*):([\w-]+:(?: .*)?)").fullmatch
_SIGNS = "@`%*&!|>]},"
_ITS_NAME = "its-name"
_BLOCKS = {
    0: ("measures", "priorities", "areas", "owners", "sources", "edition"),
    2: (_ITS_NAME,),
    4: ("observations", "targets", "references", "triggers", "peers", "objectives", "kpis"),
    6: (_ITS_NAME,),
    8: ("trajectory",),
}
"""Names that have lines of their own below them, and one that stands for an id, by how far in they are."""


def _spelt(line: Line) -> Iterator[Repair]:
    """A line with its dash, its colon or its name put right."""
    body, indent = line.body, line.indent
    if dash := _DASH.match(body):
        bare, end = body[dash.end() :], _end_of_run(line)
        wrong = f"There is no dash with a space before {shown(bare)}"
        yield _rewriting(line, 0, indent, f"- {bare}", f"{wrong}.")
        if "- " not in body and end > line.stop:
            instead = re.sub("^( *)-(?! )", r"\1- ", line.text[line.start : end], flags=re.MULTILINE)
            message, way = f"{wrong}, nor in the lines below.", "write the lines that are shown"
            yield Repair(1, line.start, end, instead, message, way)
        for column in (indent, line.inner):
            message = f"{line.shown} starts with a dash, but is no item of a list."
            yield _rewriting(line, 5, column, bare, message)
    else:
        for column in (indent, max(indent - 2, 0)):
            message = f'The list item {line.shown} lacks "- " at its start.'
            yield _rewriting(line, 5, column, f"- {body}", message)
        if not line.name:
            message = _NAMELESS.format(line.shown)
            yield Repair(8, line.start, line.stop, "", message, _AS_FIELD, is_whole=False)
    if body.startswith("//"):
        message = f"{line.shown} is no comment: comments start with #."
        yield _rewriting(line, -1, indent, f"# {body.lstrip('/ ')}", message)
    if match := _NAMED(body):
        message = f"There is no colon with a space after {shown(match[1])}."
        yield _rewriting(line, 0, indent, f"{match[1]}: {match[2]}", message)
    if match := _COLON_INSIDE(body):
        message = f"There is a colon inside {shown(match[1] + match[2].partition(':')[0])}."
        yield _rewriting(line, 0, indent, f"{match[1]}{match[2]}", message)
    if line.name and body[0] in _SIGNS:
        yield from _without_signs(line)
    below = line.below()
    has_more = below.indent > indent or below.body.startswith("-")
    ends = _BEFORE_SIGNS(body) if body == line.inside and has_more else None
    if ends and f"{ends[1]}:" != body:
        name = shown(ends[1])
        more, none = f"{name} has more than a colon after it.", f"There is no colon after {name}."
        yield _rewriting(line, 1, indent, f"{ends[1]}:", more if ":" in body else none)
    outer = max(indent - 2, 0)
    for name in _BLOCKS.get(outer, ()) if indent or line.name else ():
        what = "its name" if name == _ITS_NAME else quoted(f"{name}:")
        message, way = f"A line is missing above {line.shown}: {what}.", f"write {what} on a line above it"
        instead = f"{' ' * outer}{name}:\n{' ' * indent}{body}"
        rank, is_whole = (7, False) if name == _ITS_NAME else (6, True)
        yield Repair(rank, line.begin, line.stop, instead, message, way, is_whole)


def _without_signs(line: Line) -> Iterator[Repair]:
    """A line without the signs before its name; they may stand where blanks were."""
    bare = line.body.lstrip(f"{_SIGNS} ")
    signs = line.body[: len(line.body) - len(bare)]
    usual = (line.indent + len(signs), line.indent + len(signs.strip()), line.indent)
    for indent in dict.fromkeys([*usual, line.below().indent]):
        message = f"{shown(signs.strip())} doesn't belong before {shown(bare)}."
        yield _rewriting(line, 0, indent, bare, message)


def _with_above(line: Line, above: Line) -> Iterator[Repair]:
    """A line that belongs to the text above, or above the line that it is below."""
    joint = f"{above.value} {line.body}"
    message = f"The line {line.shown} seems to belong to the text of {shown(above.name + ':')}."
    if above.value and line.body.startswith("- "):
        message = f"{shown(above.name + ':')} has the value {shown(above.value)}, and list items below it."
        way = "delete the value, or the items"
        yield Repair(5, above.value_start, above.stop, "", message, way, is_whole=False)
    elif not line.name and " " in above.value and " " in line.body:
        yield Repair(5, above.value_start, line.stop, joint, message, "write it all on one line")
    elif above.value and " " in line.name and line.name[0].isalnum():
        way = "write it all on one line, in quotes"
        yield Repair(8, above.value_start, line.stop, in_quotes(joint), message, way)
    if line.name and above.value.startswith("{") and above.value.endswith("}"):
        inside = f"{above.value[:-1]}, {line.body}}}"
        message = f"{shown(line.name)} is below the braces of {shown(above.name + ':')}."
        way = "write it inside the braces, after a comma"
        yield Repair(2, above.value_start, line.stop, inside, message, way)
    if line.indent < above.indent and not line.value:
        instead = "\n".join(f"{' ' * each.indent}{each.body}" for each in (line, above))
        message = f"{above.shown} is above {line.shown}, but belongs below it."
        yield Repair(3, above.begin, line.stop, instead, message, "write the two lines in the other order")


def mended(line: Line, ways: Iterable[Repair] = ()) -> Problem | None:
    """What mends a line that can't be read, or at which a block seems to start a second time; None where nothing does.

    `ways` are those to mend its value.
    """
    around = line.around()
    children = (other.below() for other in around if not other.value)
    repairs = [*ways]
    for suspect in dict.fromkeys([line, *around, *children]):
        repairs += (*_moved(line, suspect), *_spelt(suspect))
    if around and around[0].name:
        repairs += _with_above(line, around[0])
    return _best(line.text, line, repairs)


_NAMELESS = "The line {} has no name with a colon."
_AS_FIELD = "write it as a name, a colon, a space and the value"


def _default(line: Line, ways: list[Repair]) -> Problem:
    """What is wrong with a line that nothing mends by itself, and what to do first."""
    is_open = ways[0].message if ways and line.text[ways[0].start] in _CLOSING else None
    if others := [way.way for way in ways[1:] if way.rank == _QUOTING or way.message == is_open]:
        return line.problem(ways[0].message, _sentence(ways[0].way, *others))
    if ways:
        return ways[0].problem(line.text)
    if line.name and line.inside[0] in _SIGNS:
        message = f'At the start of a name "{line.inside[0]}" has a special meaning.'
        return line.problem(message, "Delete it, or put the name in quotes.")
    if not line.name and not line.body.startswith("- "):
        return line.problem(_NAMELESS.format(line.shown), _sentence(_AS_FIELD))
    help_ = "Indent it like the lines that it belongs with, below a name that ends with a colon."
    return line.problem(f"This line is {_misplaced(line)}.", help_)


# Ways to mend a value

_PROSE = {"title", "short", "noun", "definition", "note"}
_FIELD = re.compile("[(]?[a-z0-9_/-]+: ").match
_LINK = re.compile(r"\[[^\]]*\]\((https?://[^\s()]+)\)").fullmatch
_GLUED_IN_BRACES = re.compile(r"([A-Za-z][\w-]*)[:=](?=[^\s/:=])")
_FIELD_IN_BRACES = re.compile(r"(?<=[^\s,{\[]) +(?=[a-z_]+: )")
_QUOTING = 4  # the rank of quotes around what may be meant as quotes or brackets
_CLOSING = {"[": "]", "{": "}"}
_QUOTES = {'"', "'"}


def _value_ways(line: Line, offset: int) -> Iterator[Repair]:
    """A value in quotes or in braces, or below its name; `place` is where the reading stopped. The first is advised where none helps."""
    start, stop, value = line.value_start, line.stop, line.value
    lead = f"{line.name}: " if line.name else ""
    is_list, are_fields = value[0] == "-", _FIELD(value) is not None
    if value[0] in _QUOTES and value.count(value[0]) == 1:
        yield from _open_quote(line, start)
        return
    if value.startswith("```"):
        message = "``` marks a block of text on web pages. Files don't have it."
        yield Repair(0, line.begin, stop, "", message, "delete this line")
        return
    if value == "%" and line.name.lower() == "unit":
        yield _writing(0, start, stop, "percent", 'The unit "%" is written as a word.', lead)
        return
    if link := _LINK(value):
        message = "The link is written as on web pages, with its words in brackets."
        yield _writing(0, start, stop, link[1], message, lead)
    rank = 0 if line.name and not (is_list or are_fields) else 1
    if value[0] in _CLOSING or value[0] in _QUOTES:
        rank = _QUOTING
    plain, why = value.lstrip("- ") or value if is_list else value, _why_quotes(line, offset)
    if value[0] != "{" or ": " not in value:
        yield _writing(rank, start, stop, in_quotes(plain), why, lead)
    if line.name and is_list and value != "-":
        way = "write each item on a line of its own below the name"
        yield Repair(0, start - 1, stop, f"\n{' ' * (line.inner + 2)}{value}", why, way)
    elif line.name and is_list and line.below().indent > line.indent:
        yield Repair(0, start - 1, stop, "", why, "delete the dash")
    elif line.name and not is_list:
        bare, message = value.removeprefix("(").removesuffix(")"), "What belongs together goes in { }."
        rank = 0 if are_fields else 1
        yield _writing(rank, start, stop, f"{{{bare}}}", message, lead)
        yield _writing(rank, line.inner_start, stop, f"{{{line.inside}}}", message)
        yield from _parted(line)


def _open_quote(line: Line, start: int) -> Iterator[Repair]:
    """The quote at an offset closed at the end of its line, or taken away."""
    sign = line.text[start]
    kind, other = ("double", "single") if sign == '"' else ("single", "double")
    message = f"The {kind} quote in column {start - line.begin + 1} is not closed on its line."
    way = f"close it at the end of the text, or put all of it in {other} quotes if the sign is part of it"
    yield Repair(0, start, line.stop, f"{line.text[start : line.stop]}{sign}", message, way)
    yield Repair(3, start, start + 1, "", message, "delete it")


def _why_quotes(line: Line, offset: int) -> str:
    """Why a value needs quotes."""
    value, sign = line.value, line.value[0]
    if sign in CURLY:
        return "Curly quotes don't count as quotes. Use straight ones."
    if sign == "-" and line.name:
        return f"A dash starts a list, which can't be on the line of its name, {quoted(line.name + ':')}."
    if sign == '"' and "\\" in value and offset == line.value_start:
        return "In double quotes a backslash starts a code, and this one is not known."
    if sign in _CLOSING or sign in _QUOTES:
        kind = "brackets" if sign in _CLOSING else "quotes"
        return f"The {kind} end before the text {shown(value)} does."
    if sign not in _SIGNS and (": " in value or value.endswith(":")):
        return f"The text after {shown(line.name + ':')} contains a colon, so it needs quotes."
    return f'At the start of a value "{sign}" has a special meaning. The text {shown(value)} needs quotes.'


def _parted(line: Line) -> Iterator[Repair]:
    """A line that has the next one at its end."""
    after, owner = f"\n{' ' * (line.inner + 2)}{line.value}", shown(f"{line.name}:")
    message = f"What belongs to {owner} starts on the line of its name."
    yield Repair(1, line.value_start - 1, line.stop, after, message, f"write it on the line below {owner}")
    indents = dict.fromkeys((line.inner, *(other.indent for other in line.around())))
    fields = "|".join(field_names())
    for field in re.finditer(rf"[ ,;]*(?:({fields}):(?= |$)|(?<=[ ,;])([^\s{{}}\[\]]+):$)", line.value):
        name = quoted(f"{field[1] or field[2]}:")
        start, below = line.value_start + field.start(), line.value[field.start(field.lastindex or 1) :]
        for indent in indents:
            message, way = f"{name} is on the line of {owner}.", f"start a line of its own with {name}"
            rank = 0 if field[1] in _PROSE else -1  # what follows fits no other field
            yield Repair(rank, start, line.stop, f"\n{' ' * indent}{below}", message, way)


def _opening(line: Line, offset: int, at: int) -> int:
    """Where the bracket is that matters on a line: the last, or the one that begins a closed group with another behind it; or -1."""
    opened = max(line.text.rfind(each, line.start, offset + 1) for each in _CLOSING)
    for first in (line.value_start, line.inner_start) if opened == at else ():
        close = _CLOSING.get(line.text[first])
        if close and close in line.text[first:at]:
            return first
    return opened


def _bracket_ways(line: Line, offset: int, at: int) -> Iterator[Repair]:
    """What is in brackets put right: a bracket closed or taken away, a comma, a colon with a space or quotes put in."""
    text = line.text
    at = min(at, offset) if text[offset] in {'"', "'"} else at  # an open quote stops the reading far below
    sign = text[at]
    opened = _opening(line, offset, at)
    if opened < 0:
        return
    group, close = text[opened : line.stop], _CLOSING[text[opened]]
    lead = f"{line.name}: " if opened == line.value_start else ""
    if sign in "]}" and sign != close:
        yield _writing(0, at, at + 1, close, f'"{text[opened]}" is closed by "{sign}".')
    if group.count(text[opened]) > group.count(close):
        yield from _unclosed(line, opened, lead)
    behind = text[at : line.stop]
    if behind and close in text[opened:at]:
        message = f"{shown(behind)} doesn't belong behind {shown(text[opened:at].rstrip())}."
        is_text = any(map(str.isalnum, behind))
        way = f"take {shown(behind)} away, or write it between the brackets" if is_text else "delete it"
        yield Repair(9 if is_text else 3, at, line.stop, "", message, way, is_whole=not is_text)
    elif sign == ",":
        yield Repair(2, at, at + 1, "", "There is nothing before this comma.", "delete it")
    colon = f"There is no colon with a space in {shown(group)}, or not in all of it."
    comma = f"A comma is missing in {shown(group)}."
    for pattern, instead, message in (_GLUED_IN_BRACES, r"\1: ", colon), (_FIELD_IN_BRACES, ", ", comma):
        if (new := pattern.sub(instead, group)) != group:
            yield _writing(0, opened, line.stop, new, message, lead)
    start = offset
    if offset == opened:
        start = 1 + max(text.rfind(mark, 0, at) for mark in ",[{\n")
        start += len(text[start:at]) - len(text[start:at].lstrip())
    item = re.split(r"[,\[\]{}\r\n]", text[start + 1 : line.stop], maxsplit=1)[0]
    item = f"{text[start : start + 1]}{item}".rstrip()
    if item[:1] not in {",", ":", "]", "}"} and close not in text[opened : min(at, line.stop)]:
        message = f"Inside [ ] and {{ }} the text {shown(item)} needs quotes, or a space after its colon."
        yield _writing(1, start, start + len(item), in_quotes(item), message)
        value = resolve(item)
        if isinstance(value, Problem) and value.replacement is not None:
            yield _writing(2, start, start + len(item), value.replacement, value.message)


def _unclosed(line: Line, opened: int, lead: str) -> Iterator[Repair]:
    """The bracket at an offset closed at the end of its line, or it or another like it behind it taken away."""
    text = line.text
    group, message = text[opened : line.stop], 'The "{}" in column {} is not closed on its line.'.format
    outer = message(text[opened], opened - line.begin + 1)
    yield _writing(0, opened, line.stop, f"{group}{_CLOSING[text[opened]]}", outer, lead)
    for at in (opened + each.start() for each in re.finditer(re.escape(text[opened]), group)):
        yield Repair(3, at, at + 1, "", message(text[at], at - line.begin + 1), "delete it")
