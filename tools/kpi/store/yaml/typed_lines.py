"""Lines of figures that were typed or pasted in another form than files have: what was meant, whole lines at a time.

The parser stops at such a line, or at the one below. Nothing is guessed: where a line can't be understood as a period and its
figure, the slip is told in the general words of the modules beside this one.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kpi.human.numerals import only_reading
from kpi.human.period import interpret_period
from kpi.human.slips import BOUND, recognise_slip
from kpi.model.bound_kind import BOUND_KINDS
from kpi.model.finding import Problem
from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import Period, read
from kpi.model.text import quoted
from kpi.store.yaml import SHOWN
from kpi.store.yaml.lines import line_at
from kpi.store.yaml.places import span_at
from kpi.store.yaml.typed_fields import in_braces, plain_value, spelt

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
    """A line as typed: where it starts and ends, without its line end."""

    start: int
    stop: int
    text: str

    @property
    def body(self) -> str:
        return self.text.strip(_BLANKS)

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(_BLANKS))


class _Meant(NamedTuple):
    """What was meant by some rows: the lines to write, from the series' indentation, and why."""

    last: int
    lines: list[str]
    message: str
    help: str = ""
    rule: str = "yaml-syntax"


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
        if not rows[first].body or rows[first].body.startswith("#"):
            continue
        series = _series(rows, first)
        meant = _meant(rows, first, series) if series is not None else None
        if series is not None and meant is not None and meant.last >= number - 1:
            return _problem(text, rows, first, series, meant)
    return None


def _rows(text: str) -> list[_Row]:
    rows, start = [], 0
    for line in text.split("\n"):
        rows.append(_Row(start, start + len(line), line))
        start += len(line) + 1
    return rows


def _series(rows: list[_Row], number: int) -> _Series | None:
    """The series that a row is in, by the rows above it; None where it is in none."""
    for row in reversed(rows[max(0, number - _FAR) : number]):
        if not row.body or row.body.startswith("#"):
            continue
        name, colon, value = row.body.partition(":")
        if name == "observations" and not value.strip():
            return _Series(row.indent + 2, "")
        if isinstance(read(name), Period) and colon and not row.text[: row.indent].strip(" "):
            return _Series(row.indent, name)
        if name not in FIGURE_FIELDS:
            return None
    return None


def _problem(text: str, rows: list[_Row], first: int, series: _Series, meant: _Meant) -> Problem:
    """The problem, with whole lines to write instead; without the blanks before them where these are right."""
    row, last = rows[first], rows[meant.last]
    blanks = " " * series.indent
    is_placed = row.text[: row.indent] == blanks
    lead = series.indent if is_placed and len(meant.lines) == 1 else 0
    instead = "\n".join(f"{blanks}{line}" for line in meant.lines)[lead:]
    written = meant.help or (
        f"Write: {meant.lines[0]}" if len(meant.lines) == 1 else "Write the lines that are shown."
    )
    if not is_placed:
        like = f", like {quoted(series.like, SHOWN)} above" if series.like else ""
        written = f"{written.removesuffix('.')}. Start each line with {series.indent} spaces{like}."
    span = span_at(text, row.start + lead, last.start + len(last.text.rstrip(_BLANKS)))
    return Problem(meant.rule, (), meant.message, written, instead, span=span)


# What was meant


def _meant(rows: list[_Row], first: int, series: _Series) -> _Meant | None:
    row = rows[first]
    for look in (_fenced, _value_below, _fields_below, _fields_beside, _several, _decorated):
        meant = look(rows, first)
        if meant is not None:
            return meant
    figure = _figure(row.body)
    if figure is not None and row.text[: row.indent] != " " * series.indent:
        lines = [figure, *_like(rows[first + 1 :], row.indent)]
        subject = "This line" if len(lines) == 1 else f"Each of {len(lines)} lines"
        message = f"{subject} {_indentation(row)}, but the figures above it by {series.indent} spaces."
        if not series.like:
            message = f"{subject} {_indentation(row)}, but it belongs below the line above."
        return _Meant(first + len(lines) - 1, lines, message)
    return None


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
    return f"is indented by {row.indent} space{'s' * (row.indent > 1)}"


def _fenced(rows: list[_Row], first: int) -> _Meant | None:
    """Figures between the signs with which chats and web pages mark a block of text."""
    if not rows[first].body.startswith("```"):
        return None
    for last in range(first + 1, min(first + _FAR, len(rows))):
        if rows[last].body == "```":
            lines = [_figure(row.body) for row in rows[first + 1 : last]]
            if lines and None not in lines:
                message = "``` marks a block of text on web pages. Files don't have it."
                return _Meant(last, [line for line in lines if line], message, "Delete both lines with ```.")
    return None


def _value_below(rows: list[_Row], first: int) -> _Meant | None:
    """A figure on the line below its period."""
    period, colon, rest = rows[first].body.partition(":")
    if rest or not colon or first + 1 >= len(rows) or not isinstance(read(period), Period):
        return None
    value = plain_value(rows[first + 1].body)
    if value is None:
        return None
    message = f"The figure for {quoted(period, SHOWN)} is on a line of its own."
    return _Meant(first + 1, [f"{period}: {value}"], message)


def _fields_below(rows: list[_Row], first: int) -> _Meant | None:
    """`2024-02: 86`, or `2024-02: value: 86`, with the marks or the note on lines below."""
    period, colon, rest = rows[first].body.partition(":")
    if _FIELDS_ALONE.fullmatch(rest.strip()):
        return None  # all of it stands on one line
    value = plain_value(rest.strip().removeprefix("value:").strip()) if colon else None
    if value is None or value.startswith("{") or not isinstance(read(period), Period):
        return None
    fields: dict[str, str] = {}
    last = first
    for row in rows[first + 1 :]:
        field = _FIELD.fullmatch(row.body)
        if field is None or field["name"] in fields:
            break
        fields[field["name"]] = field["value"]
        last += 1
    if not fields and not rest.strip().startswith("value:"):
        return None
    message = f"The figure for {quoted(period, SHOWN)} is on its line, but {quoted(next(iter(fields), 'value') + ':')} belongs to it."
    if not fields:
        return _Meant(last, [f"{period}: {value}"], f'"value:" can\'t come after {quoted(period + ":")}.')
    return _Meant(last, spelt(period, {"value": value, **fields}), message, "Write all of it as shown.")


def _fields_beside(rows: list[_Row], first: int) -> _Meant | None:
    """`2024-02: 86 note: text`, `2024-02: (value: 86, marks: [provisional])`."""
    period, colon, rest = rows[first].body.partition(":")
    if not colon or not isinstance(read(period), Period):
        return None
    rest = rest.strip()
    if match := _MARK_BEHIND.fullmatch(rest):
        value, comma, others = match["inside"].partition(",")
        line = in_braces(period, f"{value}, marks: {match['mark']}{comma}{others}")
        message = f'"{match["mark"]}" is after the "}}", so it belongs to nothing.'
        return _Meant(first, [line], message) if line else None
    if match := _BRACED.fullmatch(rest):
        line = in_braces(period, match["inside"])
        message = "What belongs together goes in { }, not in ( )."
        if not rest.endswith(("}", ")")):
            message = f'The "{rest[0]}" behind {quoted(period + ":")} is not closed on its line.'
        elif rest[0] == "{":
            message = f"{quoted(rest, SHOWN)} is not written as fields are: a name, a colon and a space, a value, and a comma between two."
        return _Meant(first, [line], message) if line and line != f"{period}: {rest}" else None
    if _FIELDS_ALONE.fullmatch(rest):
        line = in_braces(period, rest)
        return (
            _Meant(first, [line], f"What belongs to {quoted(period + ':')} goes in {{ }}.") if line else None
        )
    match = _WITH_FIELD.fullmatch(rest)
    value = plain_value(match["value"].rstrip(",;")) if match else None
    field = _FIELD.fullmatch(match["field"]) if match else None
    if value is None or field is None:
        return None
    message = f"{quoted(field['name'] + ':')} can't come after the figure as it is."
    return _Meant(first, spelt(period, {"value": value, field["name"]: field["value"]}), message)


def _several(rows: list[_Row], first: int) -> _Meant | None:
    """Several figures on one line."""
    body, at, lines = rows[first].body, 0, []
    while at < len(body):
        figure = _ONE_OF_SEVERAL.match(body, at)
        value = plain_value(figure["value"]) if figure else None
        if figure is None or value is None or not isinstance(read(figure["period"]), Period):
            return None
        lines.append(f"{figure['period']}: {value}")
        at = figure.end()
    if len(lines) < 2:
        return None
    return _Meant(first, lines, f"{len(lines)} figures are on one line.", "Write each on a line of its own.")


def _decorated(rows: list[_Row], first: int) -> _Meant | None:
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
    return _Meant(first, [figure], f"The line {quoted(body, SHOWN)} {wrong}.")


_WELL_FORMED = re.compile(r"[12][0-9][^:|*]*: [^\s:*|]\S*|.+: \{.*\}")


def _figure(body: str) -> str | None:
    """`2024-02: 86` for a line that says as much in another form; None where that is not plain."""
    match = _DECORATED.fullmatch(body)
    rest = match["rest"] if match else ""
    for pattern in _PARTED:
        parted = pattern.fullmatch(rest)
        period = interpret_period(parted["period"].strip()) if parted else None
        value = plain_value(parted["value"].strip()) if parted else None
        if period is not None and value is not None:
            return f"{period.text}: {value}"
    return None


def value_slip(text: str, at: int) -> Problem | None:
    """What stands for a number at an offset and would be reported to need quotes; None where no number is meant there.

    Args:
        text: the file's text.
        at: on the line of the number.
    """
    line = line_at(text, at)
    slip = recognise_slip(line.value) if line.value and plain_value(line.value) != line.value else None
    span = span_at(text, line.value_start, line.value_start + len(line.value))
    is_figure = isinstance(read(line.name), Period) and _series(_rows(text), text.count("\n", 0, line.start))
    if slip is not None and slip.why == BOUND and line.name in BOUND_KINDS:
        number = only_reading(line.value.lstrip("<>=≤≥ "))
        return Problem("not-a-number", (), slip.message, slip.elsewhere or slip.help, number, span=span)
    if slip is not None and is_figure:
        return Problem("not-a-number", (), slip.message, slip.help, slip.replacement, span=span)
    if is_figure and plain_value(line.value) is None and re.match("[^\"'{}\\[\\](]*[0-9]", line.value):
        message = f"{quoted(line.value, SHOWN)} is not a number."
        return Problem(
            "not-a-number", (), message, "Write digits such as 86 or 4.1, or a time such as 2m18s.", span=span
        )
    return None
