"""Lines of figures that were typed or pasted in another form than files have: what was meant, whole lines at a time.

Nothing is guessed: where a line can't be understood as a period and its figure, `trouble` says what is wrong in general words.
"""

import re
from itertools import chain, islice, takewhile, zip_longest

from kpi.human.period import interpret_period
from kpi.human.slips import BOUND, only_reading, readings, recognise_slip
from kpi.model.finding import Problem
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import Period, read
from kpi.model.quantity import DURATION_SHAPE
from kpi.model.text import counted, joined, quoted
from kpi.model.vocabulary import BESIDE_NUMBER, BOUND_KINDS, LETTERS_TYPED, MARKS
from kpi.store.schema import load
from kpi.store.yaml import shown
from kpi.store.yaml.lines import Line, in_quotes, line_at, refuse, span_at, syntax_problem
from kpi.store.yaml.subset import TEXTS

_LONGEST_FENCE = 60  # lines between two signs of a block
_DECORATED = re.compile(r"(?:[0-9]{1,4}(?=[ \t]{2,})|[+>|•·●▪*–—-]+)?[\s|*`\"']*(?P<rest>.*?)[\s|*`\"',;]*")
_PARTED = (
    re.compile(r"(?P<period>.+?)\s*(?::+|;|,|\||\t|=|->|→|–|—|\s-)\s*(?P<value>\S.*)"),
    re.compile(r"(?P<period>.+)\s+(?P<value>\S+)"),
)
_WELL_FORMED = re.compile(r"[12][0-9][^:|*]*: [^\s:*|]\S*|.+: \{.*\}")
_BETWEEN = re.compile(r"[\s,;|]+(?=[12][0-9]{3}(?:[-/][0-9Q]{2}(?:-[0-9]{2})?)?\s*:)")
_FIELD = re.compile(rf"(?:{'|'.join(FIGURE_FIELDS)})\s*:\s*\S.*")
_NAMED = re.compile(rf"[\s,;]*\b(?P<name>{'|'.join(FIGURE_FIELDS)})(?:\s*[:=]\s*|\s+(?=[0-9\[]))")
_ITEM = re.compile(r"^- period: *(\S+)$")
_BRACED = re.compile(r"[{(](?P<inside>.*?)[\]}) ]*")
_MARK_BEHIND = re.compile(r"\{(?P<value>[^{},]*)(?P<others>[^{}]*)\}[\s,;(\[]*(?P<mark>[a-zA-Z][\w-]*)[\])]?")
_MARKS_TYPED = LETTERS_TYPED | BESIDE_NUMBER | {mark: mark for mark in MARKS}
_NEEDS_QUOTES = re.compile(r"^(?![>|]-?$)[^A-Za-z]|: | #|:$")
_ENDS_IN_BRACES = re.compile(r"[,\[\]{}:#\"']")


_Correction = tuple[Line, list[str], str]
"""What was meant by some lines: the last of them, the lines to write instead, and what is wrong."""


def mistyped_figure(text: str, at: int) -> Problem | None:
    """The figure that was typed in another form at an offset, where the parser stopped, or just above; None where there is none."""
    line = line_at(text, at)
    for first in (line, *islice(line.rows(down=False), 2)):
        series = _series(first) if first.body and not first.body.startswith("#") else None
        meant = (_value_below(first) or _fields(first) or _figures(first)) if series else None
        if series and meant and text.count("\n", meant[0].begin, line.begin) <= 1:  # not far above
            (indent, _), (last, lines, message) = series, meant
            is_in_place = first.indent == indent
            instead = "\n".join(f"{' ' * indent}{line}" for line in lines)
            lead = indent if is_in_place and len(lines) == 1 else 0  # blanks that are right stay
            advice = f"Write: {lines[0]}" if len(lines) == 1 else "Write the lines that are shown."
            if not is_in_place:
                advice = f"{advice.removesuffix('.')}. Start each line with {counted(indent, 'space')}."
            return syntax_problem(text, first.begin + lead, last.stop, message, advice, instead[lead:])
    return None


def _series(line: Line) -> tuple[int, str] | None:
    """How far the figures of the series around a line are indented, and the name above them; None where there is no series."""
    indent, around = -1, line.around()
    for outer, further in zip_longest(around, around[1:]):
        is_peer = further is not None and further.body == "peers:"
        if not outer.value and (outer.name in {"observations", "trajectory"} or is_peer):
            is_in_place = line.indent == outer.indent + 2 or indent < 0
            return outer.indent + 2 if is_in_place else indent, outer.name
        if _dated(outer)[0]:
            indent = outer.indent if indent < 0 else indent
        elif outer.name not in FIGURE_FIELDS:
            break
    return (indent, "") if indent >= 0 else None


def _dated(line: Line) -> tuple[str, str]:
    """The period that a line starts with, and what follows its colon; nothing where there is none."""
    period, colon, rest = _ITEM.sub(r"\1:", line.body).partition(":")
    return (period, rest.strip()) if colon and isinstance(read(period), Period) else ("", "")


# What was meant


def _value_below(first: Line) -> _Correction | None:
    """A figure on the line below its period."""
    (period, rest), below = _dated(first), next(first.rows(down=True), None)
    if not period or rest or below is None:
        return None
    value = _plain_value(below.body.removeprefix("value: " if first.body.startswith("- ") else ""))
    message = f"The figure for {shown(period)} is on a line of its own."
    return (below, [f"{period}: {value}"], message) if value else None


def _fields(first: Line) -> _Correction | None:
    """A figure with marks, a note or the like beside it or below it, not in braces or not as fields are written."""
    period, rest = _dated(first)
    if not period or not rest:
        return None
    if behind := _MARK_BEHIND.fullmatch(rest):
        rest = f"{{{behind['value']}, marks: {behind['mark']}{behind['others']}}}"
    braced = _BRACED.fullmatch(rest)
    inside = braced["inside"] if braced else rest
    rows = iter(()) if braced else first.rows(down=True)
    below = list(takewhile(lambda row: _FIELD.fullmatch(row.body), rows))
    fields = _spelt(", ".join([inside, *(row.body for row in below)]), is_braced=bool(braced))
    if fields is None or (below and any(row.name == "value" for row in below)):
        return None
    if braced or not TEXTS & fields.keys():
        lines = [f"{period}: {{{', '.join(f'{name}: {value}' for name, value in fields.items())}}}"]
    else:
        lines = [f"{period}:", *(f"  {name}: {value}" for name, value in fields.items())]
    if fields.keys() == {"value"} and not braced:
        lines = [f"{period}: {fields['value']}"]
    message = f"What belongs to {quoted(f'{period}:')} goes in {{ }}, or on lines of its own below it."
    is_as_typed = lines[0] == f"{period}: {rest}" and not behind
    return None if is_as_typed else (below[-1] if below else first, lines, message)


def _figures(first: Line) -> _Correction | None:
    """Figures in another form: in a fence, several on one line, or with what is copied along from a list, a table or a chat."""
    last = first
    parts = [first.body] if _figure(first.body) else _BETWEEN.split(first.body)
    message = f"{len(parts)} figures are on one line. Each goes on a line of its own."
    if first.body.startswith("```"):
        rows = list(islice(first.rows(down=True), _LONGEST_FENCE))
        parts = [row.body for row in takewhile(lambda row: row.body != "```", rows)]
        last = rows[len(parts)] if len(parts) < len(rows) else first
        message = "``` marks a block of text on web pages. Files don't have it."
    elif len(parts) == 1:
        message = f"The line {first.shown} is not a period, a colon, a space and a figure."
    lines = [figure for figure in map(_figure, parts) if figure]
    is_fine = last == first and (first.body.startswith("```") or _WELL_FORMED.fullmatch(first.body))
    return None if is_fine or len(lines) != len(parts) or not lines else (last, lines, message)


def _figure(body: str) -> str | None:
    """`2024-02: 86` for a line that says as much in another form; None where that is not plain."""
    match = _DECORATED.fullmatch(body)
    for pattern in _PARTED if match else ():
        parted = pattern.fullmatch(match["rest"] if match else "")
        period = interpret_period(parted["period"].strip()) if parted else None
        value = _plain_value(parted["value"].strip()) if parted else None
        if period is not None and value is not None:
            return f"{period.text}: {value}"
    return None


def _spelt(inside: str, *, is_braced: bool) -> dict[str, str] | None:
    """The fields of a figure, spelt as files have them; None where there is none, or one of them isn't plain."""
    bare, *named = (part.strip(" ,;") for part in _NAMED.split(inside))
    fields = {"value": bare} if bare else {}
    fields |= zip(named[::2], named[1::2], strict=True)
    for name, typed in fields.items():
        if name == "marks":
            meant = [_MARKS_TYPED.get(mark, "") for mark in re.findall(r"[\w-]+", typed.casefold())]
            fields[name] = f"[{', '.join(meant)}]" if all(meant) else ""
        elif name in TEXTS:
            text = typed.strip("\"'") if is_braced else typed
            is_plain = not (_ENDS_IN_BRACES if is_braced else _NEEDS_QUOTES).search(text)
            fields[name] = text if is_plain else in_quotes(text)
        else:
            fields[name] = (_plain_value(typed) if name == "value" else only_reading(typed)) or ""
    return fields if named and 2 * len(fields) >= len(named) and all(fields.values()) else None


def _plain_value(text: str) -> str | None:
    """The figure as a file has it; None where it isn't plain which is meant."""
    if only_reading(text) == text or re.fullmatch(DURATION_SHAPE, text) or re.fullmatch(r"\{.*\}", text):
        return text
    slip = recognise_slip(text)
    return slip.replacement if slip is not None else None


_BOUNDS = dict.fromkeys((">=", "≥"), "at_least") | dict.fromkeys(("<=", "≤"), "at_most")
_BOUNDS |= {">": "more_than", "<": "less_than"}


def value_slip(text: str, at: int) -> Problem | None:
    """What stands for a number on the line of an offset and would be reported to need quotes; None where no number is meant."""
    line = line_at(text, at)
    series = _series(line) if isinstance(read(line.name), Period) else None
    meant = _plain_value(line.value)
    slip = recognise_slip(line.value) if line.value and meant != line.value else None
    is_bound = line.name in BOUND_KINDS or (series is not None and series[1] == "trajectory")
    number = only_reading(line.value.lstrip("<>=≤≥ "))
    bound = _BOUNDS.get(line.value.rstrip("0123456789. ")) if number and line.body.startswith("- ") else None
    known = (each.get("properties", ()) for each in load("kpi")["definitions"].values()) if bound else ()
    if bound and line.name not in chain.from_iterable(known):
        message, instead = f"{shown(line.inside)} names no bound.", f"{bound}: {number}"
        problem = refuse("target-bound", message, f"Write: {instead}", instead)
        return problem.at(span_at(text, line.inner_start, line.stop))
    if slip is not None and slip.why == BOUND and is_bound:
        problem = refuse("not-a-number", slip.message, slip.elsewhere or slip.help, number)
    elif slip is not None and series:
        problem = refuse("not-a-number", slip.message, slip.help, slip.replacement)
    elif series and meant is None and re.match(r"[^\"'{}\[\](]*[0-9].*(?<!:)\Z", line.value):
        message = f"{shown(line.value)} is not a number."
        problem = refuse("not-a-number", message, "Write digits such as 86 or 4.1, or a time such as 2m18s.")
    else:
        return None
    return problem.at(span_at(text, line.value_start, line.value_start + len(line.value)))


_BEFORE_COMMA = re.compile(r"(?<![0-9,])-?[0-9][0-9,]*,[ ]*\Z")
_LONGEST_HALF = 40  # characters before a number's second half; no first half is longer
_GROUPS = re.compile(r"(?:,[0-9]{3})*")


def lone_number(text: str, start: int, name: str, *, is_figure: bool) -> tuple[int, int, Problem] | None:
    """A number in braces without a name: `{86}`, `{86, marks: [break]}`, or one that its comma parts in two (`{value: 50,120}`).

    `start` is where the name is that is the number, or its second half; `is_figure` is whether it is among figures.
    Returns from where to where the number goes, and what is wrong with it; None where there is none.
    """
    stop, number = start + len(name), only_reading(name)
    if text[start - 1] == "{" and text[stop : stop + 1] == "}" and number:
        message = f"{shown(text[start - 1 : stop + 1])} has braces around it."
        return start - 1, stop + 1, refuse("not-a-number", message, f"Write {number}.", number)
    before = _BEFORE_COMMA.search(text, max(text.rfind("\n", 0, start) + 1, start - _LONGEST_HALF), start)
    if before is not None and name.isdigit():
        more = _GROUPS.match(text, stop)
        begin, end = before.start(), more.end() if more else stop
        if numbers := readings(text[begin:end].replace(" ", "")):
            message = f"{shown(text[begin:end])} has a comma in it, which parts it in two here."
            only = numbers[0] if len(numbers) == 1 else None
            return begin, end, refuse("not-a-number", message, f"Write {joined(numbers, 'or')}.", only)
    if not is_figure or (number != name and not re.fullmatch(DURATION_SHAPE, name)):
        return None
    help_, instead = f"Write: value: {name}", f"value: {name}"
    return start, stop, refuse("not-a-number", f"{quoted(name)} is here without a name.", help_, instead)
