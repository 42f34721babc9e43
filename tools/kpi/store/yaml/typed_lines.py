"""Lines of figures that were typed or pasted in another form than files have: what was meant, whole lines at a time.

The parser stops at such a line, or at the one below. Nothing is guessed: where a line can't be understood as a period and its
figure, the slip is reported in the general words of the modules beside this one.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kpi.human.period import interpret_period
from kpi.human.slips import BOUND, only_reading, recognise_slip
from kpi.model.finding import Problem
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import Period, read
from kpi.model.quantity import DURATION_SHAPE
from kpi.model.text import counted, quoted
from kpi.model.vocabulary import BESIDE_NUMBER, BOUND_KINDS, LETTERS_TYPED, MARKS
from kpi.store.yaml import shown
from kpi.store.yaml.lines import Line, in_quotes, line_at, needs_no_quotes
from kpi.store.yaml.places import refuse, span_at, syntax_problem

_FAR = 60  # lines of one figure that are passed over on the way to the one above
_BLANKS = " \t\r\u00a0"
_DECORATED = re.compile(r"(?:[0-9]{1,4}(?=[ \t]{2,})|[+>|•·●▪*–—-]+)?[\s|*`\"']*(?P<rest>.*?)[\s|*`\"',;]*")
_PARTED = (
    re.compile(r"(?P<period>.+?)\s*(?::+|;|,|\||\t|=|->|→|–|—|\s-)\s*(?P<value>\S.*)"),
    re.compile(r"(?P<period>.+)\s+(?P<value>\S+)"),
)
_ONE_OF_SEVERAL = re.compile(
    r"(?P<period>[12][0-9]{3}(?:[-/][0-9Q]{2}(?:-[0-9]{2})?)?)\s*:\s*(?P<value>[^\s,;:]+)[\s,;|]*"
)
_FIELD = re.compile(rf"(?P<name>{'|'.join(FIGURE_FIELDS)})\s*:\s*(?P<value>\S.*)")
_WITH_FIELD = re.compile(rf"(?P<value>\S+)[\s,;]+(?P<field>(?:{'|'.join(FIGURE_FIELDS[1:])})\s*:.*)")
_BRACED = re.compile(r"[{(](?P<inside>.*?)[\]}) ]*")
_FIELDS_ALONE = re.compile(r"value\s*:\s*[^\s{][^{]*,.*")
_MARK_BEHIND = re.compile(r"\{(?P<inside>[^{}]*)\}[\s,;(\[]*(?P<mark>[a-zA-Z][\w-]*)[\])]?")


class _Row(NamedTuple):
    """A line as typed, without its line end, and where it starts."""

    start: int
    text: str

    @property
    def body(self) -> str:
        return self.text.strip(_BLANKS)

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(_BLANKS))

    @property
    def is_nothing(self) -> bool:
        """Whether it is empty or a comment."""
        return not self.body or self.body.startswith("#")

    def dated(self) -> tuple[str, str] | None:
        """The period that the line starts with, and what follows its colon."""
        period, colon, rest = self.body.partition(":")
        return (period, rest.strip()) if colon and isinstance(read(period), Period) else None


class _Correction(NamedTuple):
    """What was meant by some rows: the number of the last, the lines to write, from the series' indentation, and why."""

    last: int
    lines: list[str]
    message: str
    help: str = ""


class _Series(NamedTuple):
    """The series that a row is in: how far its figures are indented, and the line to compare with."""

    indent: int
    like: str


def mistyped_figure(text: str, at: int) -> Problem | None:
    """The figure that was typed in another form at an offset, or just above; None where there is none.

    Args:
        text: the file's text.
        at: where the parser stopped.
    """
    rows = _rows(text)
    number = text.count("\n", 0, at)
    for first in range(min(number, len(rows) - 1), max(number - 3, -1), -1):
        series = None if rows[first].is_nothing else _series(rows, first)
        meant = _meant(rows, first, series) if series is not None else None
        if series is not None and meant is not None and meant.last >= number - 1:
            return _problem(text, rows, first, series, meant)
    return None


def _rows(text: str) -> list[_Row]:
    rows, start = [], 0
    for line in text.split("\n"):
        rows.append(_Row(start, line))
        start += len(line) + 1
    return rows


def _series(rows: list[_Row], number: int) -> _Series | None:
    """The series that a row is in, by the rows above it; None where it is in none."""
    beside: _Series | None = None
    for at in range(number - 1, max(0, number - _FAR) - 1, -1):
        row = rows[at]
        if row.is_nothing:
            continue
        name, _, value = row.body.partition(":")
        if not value.strip() and (name in {"observations", "trajectory"} or _is_peer(rows, at)):
            is_in_place = rows[number].indent == row.indent + 2
            return beside if beside is not None and not is_in_place else _Series(row.indent + 2, "")
        if row.dated() and not row.text[: row.indent].strip(" "):
            beside = beside or _Series(row.indent, name)
            if beside.indent == rows[number].indent:
                return beside
        elif name not in FIGURE_FIELDS:
            return beside
    return beside


def _is_peer(rows: list[_Row], number: int) -> bool:
    """Whether a row names an area below `peers:`."""
    outer = (
        row for row in reversed(rows[:number]) if not row.is_nothing and row.indent < rows[number].indent
    )
    return rows[number].body.endswith(":") and next((row.body for row in outer), "") == "peers:"


def _problem(text: str, rows: list[_Row], first: int, series: _Series, meant: _Correction) -> Problem:
    """The problem, with whole lines to write instead; without the blanks before them where these are right."""
    row, last = rows[first], rows[meant.last]
    blanks = " " * series.indent
    is_in_place = row.text[: row.indent] == blanks
    lead = series.indent if is_in_place and len(meant.lines) == 1 else 0
    instead = "\n".join(f"{blanks}{line}" for line in meant.lines)[lead:]
    advice = meant.help or (
        f"Write: {meant.lines[0]}" if len(meant.lines) == 1 else "Write the lines that are shown."
    )
    if not is_in_place:
        like = f", like {shown(series.like)} above" if series.like else ""
        advice = f"{advice.removesuffix('.')}. Start each line with {series.indent} spaces{like}."
    stop = last.start + len(last.text.rstrip(_BLANKS))
    return syntax_problem(text, row.start + lead, stop, meant.message, advice, instead)


# What was meant


def _meant(rows: list[_Row], first: int, series: _Series) -> _Correction | None:
    row = rows[first]
    for look in (_fenced, _value_below, _fields_below, _fields_beside, _several, _decorated):
        meant = look(rows, first)
        if meant is not None:
            return meant
    figure = _figure(row.body)
    if figure is None or row.text[: row.indent] == " " * series.indent:
        return None
    lines = [figure, *_like(rows[first + 1 :], row.indent)]
    subject = "This line" if len(lines) == 1 else f"Each of {len(lines)} lines"
    message = f"{subject} {_indentation(row)}, but the figures above it by {series.indent} spaces."
    if not series.like:
        message = f"{subject} {_indentation(row)}, but it belongs below the line above."
    return _Correction(first + len(lines) - 1, lines, message)


def _like(rows: list[_Row], indent: int) -> Iterator[str]:
    """The figures that follow in the same indentation, up to the first row that is none."""
    for row in rows:
        figure = _figure(row.body)
        if figure is None or row.indent != indent:
            return
        yield figure


def _indentation(row: _Row) -> str:
    if "\t" in row.text[: row.indent]:
        return "starts with a tab"
    if not row.indent:
        return "is not indented"
    return f"is indented by {counted(row.indent, 'space')}"


def _fenced(rows: list[_Row], first: int) -> _Correction | None:
    """Figures between the signs with which chats and web pages mark a block of text."""
    if not rows[first].body.startswith("```"):
        return None
    for last in range(first + 1, min(first + _FAR, len(rows))):
        if rows[last].body == "```":
            lines = [_figure(row.body) for row in rows[first + 1 : last]]
            if lines and None not in lines:
                message = "``` marks a block of text on web pages. Files don't have it."
                return _Correction(
                    last, [line for line in lines if line], message, "Delete both lines with ```."
                )
    return None


def _value_below(rows: list[_Row], first: int) -> _Correction | None:
    """A figure on the line below its period."""
    period, rest = rows[first].dated() or ("", "")
    value = _plain_value(rows[first + 1].body) if period and not rest and first + 1 < len(rows) else None
    if value is None:
        return None
    message = f"The figure for {shown(period)} is on a line of its own."
    return _Correction(first + 1, [f"{period}: {value}"], message)


def _fields_below(rows: list[_Row], first: int) -> _Correction | None:
    """`2024-02: 86`, or `2024-02: value: 86`, with the marks or the note on lines below."""
    period, rest = rows[first].dated() or ("", "")
    if not period or _FIELDS_ALONE.fullmatch(rest):
        return None  # or all of it stands on one line
    value = _plain_value(rest.removeprefix("value:").strip())
    if value is None or value.startswith("{"):
        return None
    fields: dict[str, str] = {}
    for row in rows[first + 1 :]:
        field = _FIELD.fullmatch(row.body)
        if field is None or field["name"] in fields:
            break
        fields[field["name"]] = field["value"]
    if "value" in fields:
        return None  # a figure of its own, whose period was lost
    if fields:
        message = f"The figure for {shown(period)} is on its line, but {quoted(f'{next(iter(fields))}:')} belongs to it."
        lines = _spelt(period, {"value": value, **fields})
        return _Correction(first + len(fields), lines, message, "Write all of it as shown.")
    if not rest.startswith("value:"):
        return None
    return _Correction(first, [f"{period}: {value}"], f'"value:" can\'t come after {quoted(f"{period}:")}.')


def _fields_beside(rows: list[_Row], first: int) -> _Correction | None:
    """`2024-02: 86 note: text`, `2024-02: (value: 86, marks: [provisional])`."""
    period, rest = rows[first].dated() or ("", "")
    lines: list[str] | None = None
    if not period:
        message = ""
    elif match := _MARK_BEHIND.fullmatch(rest):
        value, comma, others = match["inside"].partition(",")
        lines = _in_braces(period, f"{value}, marks: {match['mark']}{comma}{others}")
        message = f'"{match["mark"]}" is after the "}}", so it belongs to nothing.'
    elif match := _BRACED.fullmatch(rest):
        lines = _in_braces(period, match["inside"])
        message = "What belongs together goes in { }, not in ( )."
        if not rest.endswith(("}", ")")):
            message = f'The "{rest[0]}" behind {quoted(f"{period}:")} is not closed on its line.'
        elif rest[0] == "{":
            message = f"{shown(rest)} is not written as fields are: a name, a colon and a space, a value, and a comma between two."
        lines = None if lines == [f"{period}: {rest}"] else lines
    elif _FIELDS_ALONE.fullmatch(rest):
        lines = _in_braces(period, rest)
        message = f"What belongs to {quoted(f'{period}:')} goes in {{ }}."
    elif match := _WITH_FIELD.fullmatch(rest):
        value_beside, field = _plain_value(match["value"].rstrip(",;")), _FIELD.fullmatch(match["field"])
        if value_beside is not None and field is not None:
            lines = _spelt(period, {"value": value_beside, field["name"]: field["value"]})
            message = f"{quoted(field['name'] + ':')} can't come after the figure as it is."
    return _Correction(first, lines, message) if lines else None


def _several(rows: list[_Row], first: int) -> _Correction | None:
    """Several figures on one line."""
    body, at, lines = rows[first].body, 0, []
    while at < len(body):
        figure = _ONE_OF_SEVERAL.match(body, at)
        value = _plain_value(figure["value"]) if figure else None
        if figure is None or value is None or not isinstance(read(figure["period"]), Period):
            return None
        lines.append(f"{figure['period']}: {value}")
        at = figure.end()
    if len(lines) < 2:
        return None
    return _Correction(
        first, lines, f"{len(lines)} figures are on one line.", "Write each on a line of its own."
    )


def _decorated(rows: list[_Row], first: int) -> _Correction | None:
    """A figure with what is copied along from a list, a table, a chat or a comparison; or without a colon, or with two."""
    body = rows[first].body
    if _WELL_FORMED.fullmatch(body):
        return None
    figure = _figure(body)
    if figure is None:
        return None
    wrong = "is not a period, a colon, a space and a figure"
    if ":" not in body:
        wrong = "has no colon"
    elif body.replace(" ", "") == figure.replace(" ", ""):
        wrong = "has no space after its colon"
    return _Correction(first, [figure], f"The line {shown(body)} {wrong}.")


_WELL_FORMED = re.compile(r"[12][0-9][^:|*]*: [^\s:*|]\S*|.+: \{.*\}")


def _figure(body: str) -> str | None:
    """`2024-02: 86` for a line that says as much in another form; None where that is not plain."""
    match = _DECORATED.fullmatch(body)
    rest = match["rest"] if match else ""
    for pattern in _PARTED:
        parted = pattern.fullmatch(rest)
        period = interpret_period(parted["period"].strip()) if parted else None
        value = _plain_value(parted["value"].strip()) if parted else None
        if period is not None and value is not None:
            return f"{period.text}: {value}"
    return None


# The fields of a figure as people type them, spelt as files have them.

_NAMED = re.compile(rf"[\s,;]*\b(?P<name>{'|'.join(FIGURE_FIELDS)})(?:\s*[:=]\s*|\s+(?=[0-9\[]))")
_TEXTS = {"note", "assessment"}
_ENDS_IN_BRACES = re.compile(r"[,\[\]{}:#\"']")


def _in_braces(period: str, inside: str) -> list[str] | None:
    """A figure whose fields are in brackets, spelt as files have them; None where one of them isn't plain."""
    starts = list(_NAMED.finditer(inside))
    if not starts:
        return None
    stops = [*(name.start() for name in starts[1:]), len(inside)]
    fields = {
        name["name"]: inside[name.end() : stop].strip(" ,;") for name, stop in zip(starts, stops, strict=True)
    }
    if bare := inside[: starts[0].start()].strip(" ,;"):
        fields = {"value": bare, **fields}
    for name, typed in fields.items():
        if name == "marks":
            marks = re.findall(r"[\w-]+", typed.casefold())
            meant = [
                mark if mark in MARKS else BESIDE_NUMBER.get(mark, LETTERS_TYPED.get(mark, ""))
                for mark in marks
            ]
            fields[name] = f"[{', '.join(meant)}]" if all(meant) else ""
        elif name in _TEXTS:
            text = typed.strip("\"'")
            fields[name] = in_quotes(text) if _ENDS_IN_BRACES.search(text) else text
        else:
            fields[name] = (_plain_value(typed) if name == "value" else only_reading(typed)) or ""
    if len(fields) < len(starts) or not all(fields.values()):
        return None
    return _on_one_line(period, fields)


def _spelt(period: str, fields: dict[str, str]) -> list[str]:
    """A figure with what else is said of it: on one line where that is short."""
    if not _TEXTS & fields.keys():
        return _on_one_line(period, fields)
    texts = {
        name: value if name not in _TEXTS or _is_bare(value) else in_quotes(value)
        for name, value in fields.items()
    }
    return [f"{period}:", *(f"  {name}: {value}" for name, value in texts.items())]


def _is_bare(text: str) -> bool:
    """Whether a text needs no quotes, or is the sign that its lines are below."""
    return needs_no_quotes(text) or re.fullmatch("[>|]-?", text) is not None


def _on_one_line(period: str, fields: dict[str, str]) -> list[str]:
    return [f"{period}: {{{', '.join(f'{name}: {value}' for name, value in fields.items())}}}"]


def _plain_value(text: str) -> str | None:
    """The figure as a file has it; None where it isn't plain which is meant."""
    if only_reading(text) == text or re.fullmatch(DURATION_SHAPE, text) or re.fullmatch(r"\{.*\}", text):
        return text
    slip = recognise_slip(text)
    return slip.replacement if slip is not None else None


_BOUNDS = {
    ">=": "at_least",
    "≥": "at_least",
    ">": "more_than",
    "<=": "at_most",
    "≤": "at_most",
    "<": "less_than",
}


def _is_way_point(line: Line) -> bool:
    """Whether a line is one of those below `trajectory:`."""
    above = line.above()
    while above is not None and above.indent == line.indent and line.name[:1].isdigit():
        above = above.above()
    return above is not None and above.name == "trajectory" and above.indent < line.indent


def value_slip(text: str, at: int) -> Problem | None:
    """What stands for a number at an offset and would be reported to need quotes; None where no number is meant there.

    Args:
        text: the file's text.
        at: on the line of the number.
    """
    line = line_at(text, at)
    meant = _plain_value(line.value)
    slip = recognise_slip(line.value) if line.value and meant != line.value else None
    is_figure = isinstance(read(line.name), Period) and _series(_rows(text), text.count("\n", 0, line.start))
    number = only_reading(line.value.lstrip("<>=≤≥ ")) if slip is not None and slip.why == BOUND else None
    if slip is not None and slip.why == BOUND and (line.name in BOUND_KINDS or _is_way_point(line)):
        problem = refuse("not-a-number", slip.message, slip.elsewhere or slip.help, number)
    elif number and line.body.startswith("- ") and (bound := _BOUNDS.get(line.value.rstrip("0123456789. "))):
        message = f"{shown(line.value)} names no bound. A field's name says which way it is meant."
        problem = refuse("target-bound", message, f"Write: {bound}: {number}", f"{bound}: {number}")
    elif slip is not None and is_figure:
        problem = refuse("not-a-number", slip.message, slip.help, slip.replacement)
    elif is_figure and meant is None and re.match("[^\"'{}\\[\\](]*[0-9]", line.value):
        message = f"{shown(line.value)} is not a number."
        problem = refuse("not-a-number", message, "Write digits such as 86 or 4.1, or a time such as 2m18s.")
    else:
        return None
    return problem.at(span_at(text, line.value_start, line.value_start + len(line.value)))
