"""What stopped the reading, in plain words. Ways to mend the lines there are tried; after the right one the file reads best.

The parser is only a hint. It names places well after the slip, and things that analysts have never heard of.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, pairwise
from typing import Any, NamedTuple

from kpi.model.finding import Problem
from kpi.model.text import counted, quoted
from kpi.store.schema import Name, count_faults, field_names
from kpi.store.yaml import reading, shown
from kpi.store.yaml.places import (
    CURLY,
    Line,
    Unreadable,
    in_quotes,
    item_at,
    line_at,
    line_span,
    span_at,
    syntax_problem,
)
from kpi.store.yaml.subset import BLANK_FIRST, half_letter, resolve
from kpi.store.yaml.typed_lines import mistyped_figure, value_slip


class Clue(NamedTuple):
    """Where the reading of a text stopped, and where the thing began that it was reading, as offsets."""

    text: str
    at: int
    begun: int


def explain(text: str, stop: Unreadable, last: Any) -> Problem:
    """What stopped the reading, at the line where it has to be fixed.

    `last` is the event of the newest name or value before that, if there was one.
    """
    end = max(0, len(text) - 1)
    at = min(end, stop.at if stop.at is not None else last.end_mark.index if last is not None else 0)
    begun = min(end, at if stop.begun is None else stop.begun)
    if stop.at is None and (odd := half_letter(text, at, len(text))):
        return odd
    if last is not None and last.style in ("'", '"') and last.start_mark.line != last.end_mark.line:
        return _quote(Clue(text, at, last.start_mark.index))
    for place in dict.fromkeys((begun, at)):
        if figure := mistyped_figure(text, place) or value_slip(text, place):
            return figure
    kind = _KINDS.get(stop.met) or _KINDS.get(stop.doing) or _layout
    return kind(Clue(text, at, begun))


# Ways to mend a line, and which of them is meant


class Repair(NamedTuple):
    """One way to mend a text: what to write between two offsets.

    Attributes:
        rank: how far it is from what was typed: of those after which the text reads equally well the nearest is meant.
        message: what is wrong.
        way: what to do; may follow "or".
        is_whole: whether that is all there is to do; else the text is only tried, and somebody has to think of another.
    """

    rank: int
    start: int
    stop: int
    instead: str
    message: str
    way: str
    is_whole: bool = True

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


def _unfit(text: str) -> tuple[tuple[int, int], Any]:
    """How badly a text reads: how many lines can't be read, and how much of it doesn't fit; and what was read."""
    walk = reading.Reading(text, text)
    try:
        values = walk.values()
    except Unreadable as stop:
        return (text.count("\n", stop.at or 0) + 1, 0), None
    except reading.Stop:
        return (_MOST_READ, 0), None
    name: Name = "plan" if _OF_PLAN & values.keys() else "kpi"
    return (0, len(walk.problems) + count_faults(name, values)), values


def _lines_near(text: str, places: Iterable[int]) -> list[tuple[int, int]]:
    """Where the lines are that matter at some places: those near, those around them, and all at the left edge."""
    if len(text) <= _LONG:
        return [(0, len(text))]
    begins = [0, *(match.end() for match in re.finditer("\n", text))]
    numbers = {bisect_right(begins, place) - 1 for place in places}
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
    likely = sorted(repairs, key=lambda repair: repair.rank)
    ends = [(line.start, line.stop), *((repair.start, repair.stop) for repair in likely)]
    lines = _lines_near(text, chain.from_iterable(ends))

    def part(start: int, stop: int) -> str:
        return "".join(
            text[max(start, begin) : min(stop, end)] for begin, end in lines if begin < stop and end > start
        )

    def read_with(start: int, stop: int, instead: str) -> tuple[tuple[int, int], Any]:
        return _unfit(part(0, start) + instead + part(stop, len(text)))

    run = _end_of_run(line)  # one to the end of the file would leave nothing to compare
    without = {line.stop, run if text[run:].strip() else line.stop}
    least = min(
        read_with(line.start, stop, "#" + "\n" * text.count("\n", line.start, stop))[0] for stop in without
    )
    most = max(1, part(line.stop, len(text)).count("\n"))  # trouble right below is the same slip
    scored: dict[tuple[int, int, int], list[tuple[Any, Repair]]] = {}
    left, length = _MOST_READ, len(part(0, len(text)))
    for repair in likely:
        left -= len(repair.instead) + length
        if left < 0 or (0, 0, repair.rank - 1) >= min(scored, default=(1, 0, 0)):
            break
        unfit, values = read_with(repair.start, repair.stop, repair.instead)
        if unfit <= least and unfit[0] < most:
            scored.setdefault((*unfit, repair.rank), []).append((values, repair))
    if not scored:
        return None
    unread, faults, rank = min(scored)
    is_clear = unread == 0 or rank <= 0  # what else is wrong further down tells nothing of this line
    ranks = [rank] if is_clear else sorted(key[2] for key in scored if key[:2] == (unread, faults))
    (values, first), *others = chain(*(scored[unread, faults, each] for each in ranks))
    if all(other is not None and other == values for other, _ in others):
        return first.problem(text)
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


def _below(text: str, at: int) -> Line:
    """The line below that with an offset; the first where there is none."""
    return line_at(text, text.find("\n", at) + 1)


def _end_of_run(line: Line) -> int:
    """Where the lines below a line end that are as far in, or further."""
    stop = line.stop
    while (below := _below(line.text, stop)).begin and below.body and below.indent >= line.indent:
        stop = below.stop
    return stop


def _moved(line: Line, moved: Line) -> Iterator[Repair]:
    """A line further left or right: alone, or with all that is below it and as far in; `line` is where the reading stopped."""
    text, stop, around = line.text, _end_of_run(moved), moved.around()
    above = around[0] if around else None
    usual = [0] if above is None else [above.inner + 2 * (not above.value)]
    first = usual if above is None or not above.value else []
    for indent in dict.fromkeys([_below(text, moved.stop).indent, *usual, *range(0, 14, 2)]):
        like = next((other for other in around if indent in (other.indent, other.inner)), None)
        is_text = moved.name and like is not None and not like.name and like.body[0] != "-"
        if indent == moved.indent or indent % 2 or is_text or not (indent in usual or like):
            continue
        beside = f", like {shown(like.name or like.body)}" if like is not None else ""
        place = f"with {counted(indent, 'space')}" if indent else "at the left edge"
        way, by = f"start it {place}{beside}", indent - moved.indent
        rank = 0 if abs(by) == 1 else 1 if indent in first else 2 if moved == line else 3
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
    r"((?:- )?\"?[a-z0-9_][\w/.-]*?\"?)(?:[ ]*(?:[:=;：]+|->)[ ]*|[ ]+(?:[-–—][ ]+)?)(?:[!&*@`]+ +)?(\S.*)"
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
            yield Repair(
                8, line.start, line.stop, "", _NAMELESS.format(line.shown), _AS_FIELD, is_whole=False
            )
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
    below = _below(line.text, line.stop)
    has_more = below.indent > indent or below.body.startswith("-")
    ends = _BEFORE_SIGNS(body) if body == line.inside and has_more else None
    if ends and f"{ends[1]}:" != body:
        wrong = "{} has more than a colon after it." if ":" in body else "There is no colon after {}."
        yield _rewriting(line, 1, indent, f"{ends[1]}:", wrong.format(shown(ends[1])))
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
    for indent in dict.fromkeys([*usual, _below(line.text, line.stop).indent]):
        message = f"{shown(signs.strip())} doesn't belong before {shown(bare)}."
        yield _rewriting(line, 0, indent, bare, message)


def _with_above(line: Line, above: Line) -> Iterator[Repair]:
    """A line that belongs to the text above, or above the line that it is below."""
    joint = f"{above.value} {line.body}".strip()
    message = f"The line {line.shown} seems to belong to the text of {shown(above.name + ':')}."
    is_item = line.body.startswith("- ")
    if not is_item and not line.name and (not above.value or (" " in above.value and " " in line.body)):
        rank, way = 5 if above.value else 0, "write it all on one line"
        yield Repair(rank, above.value_start, line.stop, joint, message, way)
    elif not is_item and " " in line.name and line.name[0].isalnum():
        way = "write it all on one line, in quotes"
        yield Repair(8, above.value_start, line.stop, in_quotes(joint), message, way)
    if line.indent < above.indent and not line.value:
        instead = "\n".join(f"{' ' * each.indent}{each.body}" for each in (line, above))
        message = f"{above.shown} is above {line.shown}, but belongs below it."
        yield Repair(3, above.begin, line.stop, instead, message, "write the two lines in the other order")


def mended(line: Line) -> Problem | None:
    """What mends a line of which nothing can be read, or at which a block seems to start a second time; None where nothing does."""
    around = line.around()
    children = (_below(line.text, other.stop) for other in around if not other.value)
    repairs: list[Repair] = []
    for suspect in dict.fromkeys([line, *around, *children]):
        repairs += (*_moved(line, suspect), *_spelt(suspect))
    if around and around[0].name:
        repairs += _with_above(line, around[0])
    return _best(line.text, line, repairs)


_NAMELESS = "The line {} has no name with a colon."
_AS_FIELD = "write it as a name, a colon, a space and the value"


def _line_problem(clue: Clue) -> Problem:
    """What is wrong with a line of which nothing can be read, or that is in the wrong place."""
    line = line_at(clue.text, clue.begun)
    if problem := mended(line):
        return problem
    if not line.name and not line.body.startswith("- "):
        return line.problem(_NAMELESS.format(line.shown), _sentence(_AS_FIELD))
    help_ = "Indent it like the lines that it belongs with, below a name that ends with a colon."
    return line.problem(f"This line is {_misplaced(line)}.", help_)


# Quotes, brackets and signs


def _needs_quotes(text: str, start: int, message: str = "") -> Problem:
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
    instead = in_quotes(value)
    if value == "%" and line.name.lower() == "unit":
        message, instead = 'The unit "%" is written as a word.', "percent"
    message = (
        message
        or f'At the start of a {what} "{value[:1]}" has a special meaning. The text {shown(value)} needs quotes.'
    )
    return _writing(0, at, at + len(value), instead, message, lead).problem(text)


def _at_start(clue: Clue) -> Problem:
    """A value that starts with a sign which means something in YAML, or a list item with another dash."""
    line = line_at(clue.text, clue.begun)
    is_line = _DASH.match(line.body) or (line.name and clue.begun == line.start)
    return (_best(clue.text, line, _spelt(line)) if is_line else None) or _needs_quotes(clue.text, clue.begun)


def _quote(clue: Clue) -> Problem:
    """A quote that is never closed, or not where it should be."""
    text, _, begun = clue
    line, sign, start = line_at(text, begun), text[begun], begun
    kind, other = ("double", "single") if sign == '"' else ("single", "double")
    message = f"The {kind} quote in column {_column(text, start)} is not closed on its line."
    help_ = f"Close it at the end of the text, or put all of it in {other} quotes if the sign is part of it."
    is_all = sign == '"' and line.value.count(sign) == 1 and line.value_start == start
    return syntax_problem(
        text, start, line_span(text, start).stop, message, help_, f"{line.value}{sign}" if is_all else None
    )


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at)


def _escape(clue: Clue) -> Problem:
    """A backslash in double quotes that starts no known code."""
    text, at, begun = clue
    start, stop = begun, line_span(text, begun).stop
    if odd := half_letter(text, start, max(stop, at)):
        return odd
    message = "In double quotes a backslash starts a code, and this one is not known."
    line = line_at(text, start)
    if line.value_start == start and line.value.endswith('"') and line.value.count('"') == 2:
        return _writing(0, start, line.stop, in_quotes(line.value), message).problem(text)
    return syntax_problem(text, start, stop, message, "Write two backslashes, or use single quotes.")


def _colon(clue: Clue) -> Problem:
    """A colon where none may be: in a text without quotes, or in a line with the wrong indentation."""
    text, at, _ = clue
    line = line_at(text, at)
    if not (line.name and line.value and at >= line.value_start):
        return _line_problem(Clue(text, at, at))
    message = f"The text after {shown(line.name + ':')} contains a colon, so it needs quotes."
    if line.value[0] in CURLY:
        message = "Curly quotes don't count as quotes. Use straight ones."
    braces = "What belongs together goes in { }."
    bare = line.value.removeprefix("(").removesuffix(")").removeprefix("{").removesuffix("}")
    are_fields, lead = _FIELD(line.value) is not None, f"{line.name}: "
    ways = (
        _writing(are_fields, line.value_start, line.stop, in_quotes(line.value), message, lead),
        _writing(not are_fields, line.value_start, line.stop, f"{{{bare}}}", braces, lead),
        _writing(not are_fields, line.inner_start, line.stop, f"{{{line.inside}}}", braces),
    )
    return _best(text, line, [*ways, *_spelt(line), *_parted(line)]) or ways[0].problem(text)


def _parted(line: Line) -> Iterator[Repair]:
    """A line that has the next one at its end."""
    after, owner = f"\n{' ' * (line.inner + 2)}{line.value}", shown(f"{line.name}:")
    message = f"What belongs to {owner} starts on the line of its name."
    yield Repair(1, line.value_start - 1, line.stop, after, message, f"write it on the line below {owner}")
    indents = dict.fromkeys((line.inner, *(other.indent for other in line.around())))
    fields = "|".join(field_names())
    for field in re.finditer(rf"[ ,;]*(?:({fields}):(?= |$)|(?<=[ ,;])(\S+):$)", line.value):
        name = quoted(f"{field[1] or field[2]}:")
        start, below = line.value_start + field.start(), line.value[field.start(field.lastindex or 1) :]
        for indent in indents:
            message, way = f"{name} is on the line of {owner}.", f"start a line of its own with {name}"
            rank = 0 if field[1] in _PROSE else -1  # what follows fits no other field
            yield Repair(rank, start, line.stop, f"\n{' ' * indent}{below}", message, way)


_PROSE = {"title", "short", "noun", "definition", "note"}
_FIELD = re.compile("[(]?[a-z0-9_/-]+: ").match


def _list_on_line(clue: Clue) -> Problem:
    """A list that starts on the line of its name, or a dash alone."""
    text, at, _ = clue
    line = line_at(text, at)
    start, lead, below = (
        line.value_start,
        f"{line.name}: ",
        "write each item on a line of its own below the name",
    )
    message = f"A dash starts a list, which can't be on the line of its name, {quoted(line.name + ':')}."
    ways = [_writing(1, start, line.stop, in_quotes(line.value.lstrip("- ") or line.value), message, lead)]
    if line.value != "-":
        ways.append(
            Repair(0, start - 1, line.stop, f"\n{' ' * (line.inner + 2)}{line.value}", message, below)
        )
    elif _below(text, start).indent > line.indent:
        ways.append(Repair(0, start - 1, line.stop, "", message, "delete the dash"))
    return _best(text, line, ways) or ways[0].problem(text)


def _in_brackets(clue: Clue) -> Problem:
    """An item in brackets that has a colon or a question mark inside."""
    text, _, begun = clue
    line, item = line_at(text, begun), item_at(text, begun)
    quotes = f"Inside [ ] and {{ }} the text {shown(item)} needs quotes, or a space after its colon."
    ways = [_writing(1, begun, begun + len(item), in_quotes(item), quotes)]
    value = resolve(item)
    if isinstance(value, Problem) and value.replacement is not None:
        ways.append(_writing(2, begun, begun + len(item), value.replacement, value.message))
    start, stop = text.rfind("{", line.start, begun), text.find("}", begun, line.stop) + 1
    if 0 <= start < stop:
        group = text[start:stop]
        message = f"There is no colon with a space in {shown(group)}, or not in all of it."
        ways.append(_writing(0, start, stop, _GLUED_IN_BRACES.sub(r"\1: ", group), message, f"{line.name}: "))
    return _best(text, line, ways) or ways[0].problem(text)


_GLUED_IN_BRACES = re.compile(r"([A-Za-z][\w-]*)[:=](?=[^\s/:=])")


def _brackets(clue: Clue) -> Problem:
    """Something is wrong between brackets."""
    text, at, begun = clue
    sign = text[at]
    if text[begun] not in "[{":
        begun = max(text.rfind("[", 0, at), text.rfind("{", 0, at)) if sign in "\r\n" else -1
    close = "" if begun < 0 else "]" if text[begun] == "[" else "}"
    if close and (sign in "\r\n" or "\n" in text[begun:at]):
        stop = max(begun + 1, line_span(text, begun).stop)
        message = f'The "{text[begun]}" in column {_column(text, begun)} is not closed on its line.'
        ways = [
            _writing(0, begun, stop, f"{text[begun:stop]}{close}", message),
            _writing(1, begun, stop, in_quotes(text[begun:stop]), message),
        ]
        help_ = f'Add "{close}", or put the text in quotes if "{text[begun]}" is part of it.'
        return _best(text, line_at(text, begun), ways) or syntax_problem(text, begun, stop, message, help_)
    if close and sign in "]}" and sign != close:
        return _writing(0, at, at + 1, close, f'"{text[begun]}" is closed by "{sign}".').problem(text)
    if sign == ",":
        return syntax_problem(
            text, at, at + 1, "There is nothing before this comma.", "Delete the comma, or add the item."
        )
    start = 1 + max(text.rfind(mark, 0, at) for mark in ",[{\n")
    start += len(text[start:at]) - len(text[start:at].lstrip())
    if sign == "?":
        return _in_brackets(Clue(text, start, start))
    item = item_at(text, start)
    message = f"A comma is missing in {shown(item)}, or it needs quotes."
    help_ = "Put a comma between two items, and quotes around text that contains a colon."
    return syntax_problem(text, start, start + len(item), message, help_)


def _layout(clue: Clue) -> Problem:
    """Something stands where nothing may stand: after a value, at the start of a value, or a whole line."""
    text, at, begun = clue
    line, sign = line_at(text, at), text[at]
    if sign in _SIGNS and at == line.start and line.name:
        begun = at
    elif sign in "]}," and at != line.value_start:
        wrong = "has nothing that it closes" if sign in "]}" else "has nothing before it"
        return syntax_problem(
            text, at, at + 1, f'This "{sign}" {wrong}.', "Delete it, or put the text in quotes."
        )
    if text[begun] in _SIGNS:
        return _at_start(Clue(text, at, begun))
    kind = {'"': "quotes", "'": "quotes", "[": "brackets", "{": "brackets"}.get(line.value[:1])
    if at <= line.value_start or kind is None or not (line.name or line.inner > line.indent):
        return _line_problem(Clue(text, at, at))
    return _behind(line, at, kind)


def _behind(line: Line, at: int, kind: str) -> Problem:
    """Something stands at an offset behind a value in quotes or in brackets."""
    text = line.text
    if link := _LINK.fullmatch(line.value):
        message = "The link is written as on web pages, with its words in brackets."
        return _writing(0, line.value_start, line.stop, link[1], message, f"{line.name}: ").problem(text)
    if problem := _best(text, line, _parted(line)):
        return problem
    message = f"The {kind} end before the text {shown(line.value)} does."
    if line.value[0] != "{":
        return _needs_quotes(text, at, message)
    behind = shown(text[at : line.stop])
    help_ = f'Take {behind} away, or write it between the brackets, such as note: "{behind[1:-1]}".'
    return syntax_problem(text, line.value_start, line.stop, message, help_)


_LINK = re.compile(r"\[[^\]]*\]\((https?://[^\s()]+)\)")


def _blank_first(clue: Clue) -> Problem:
    """A line of spaces right below a `|` or `>`; only one of the parsers stops there."""
    text, _, begun = clue
    above = line_at(text, begun).above()
    at = above.value_start if above is not None else begun
    return BLANK_FIRST.at(span_at(text, at, at + 1))


_KINDS: Mapping[str, Callable[[Clue], Problem]] = {
    reading.NO_COLON: _line_problem,
    reading.ITEM_BELOW: _line_problem,
    reading.IN_BRACKETS: _in_brackets,
    reading.NEEDS_QUOTES: _at_start,
    # What the parser met, in libyaml's words and in ruamel's own.
    "mapping values are not allowed in this context": _colon,
    "mapping values are not allowed here": _colon,
    "could not find expected ':'": _line_problem,
    "found unexpected ':'": _in_brackets,
    "block sequence entries are not allowed in this context": _list_on_line,
    "sequence entries are not allowed here": _list_on_line,
    "more indented follow up line than first in a block scalar": _blank_first,
    # What it was doing.
    "while parsing a quoted scalar": _escape,
    "while scanning a double-quoted scalar": _escape,
    "while scanning a quoted scalar": _quote,
    "while parsing a flow mapping": _brackets,
    "while parsing a flow sequence": _brackets,
    "while parsing a flow node": _brackets,
}
"""How to look at a place, by the whole of what the parsers say: they have nothing but words. All else is looked at by its place."""
