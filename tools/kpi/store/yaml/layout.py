"""Lines that stand in the wrong place: wrong indentation, list items among fields, lines without a colon."""

import re

from kpi.model.bound_kind import BOUND_KINDS
from kpi.model.finding import Problem
from kpi.model.text import quoted
from kpi.store.yaml import SHOWN
from kpi.store.yaml.lines import Line, in_quotes, line_at, needs_no_quotes, written
from kpi.store.yaml.places import span_at
from kpi.store.yaml.subset import glued, glued_dash


def line_before(text: str, line: Line) -> Line | None:
    """The nearest line above that is neither empty nor a comment."""
    begin = line.start - line.indent
    while begin > 0:
        above = line_at(text, begin - 1)
        if above.body and not above.body.startswith("#"):
            return above
        begin = above.start - above.indent
    return None


def whole_line(text: str, line: Line, message: str, help_: str, replacement: str | None = None) -> Problem:
    """A problem with everything on a line."""
    span = span_at(text, line.start, line.start + len(line.body))
    return Problem("yaml-syntax", (), message, help_, replacement, span=span)


def glued_line(text: str, line: Line) -> Problem | None:
    """A line whose colon or dash lacks the space after it."""
    content = line.body[line.inner - line.indent :]
    refusal = glued(content) or glued_dash(content)
    if refusal is not None:
        start = line.start + line.inner - line.indent
        span = span_at(text, start, start + len(content))
        return Problem(refusal.rule, (), refusal.message, refusal.help, refusal.replacement, span=span)
    name, colon, value = content.partition('":')
    if content.startswith('"') and colon and value and not value.startswith(" "):
        message = f"There is no space after the colon in {quoted(content, SHOWN)}."
        return written(
            text, line.start + line.inner - line.indent, content, message, f"{name}{colon} {value}"
        )
    return None


def no_colon(text: str, line: Line) -> Problem:
    """A line that should be a field but has no colon that counts."""
    known = glued_line(text, line) or _pasted(text, line) or _two_words(text, line)
    if known is not None:
        return known
    if line.body.startswith((":", "? :"), line.inner - line.indent):
        return whole_line(
            text, line, "There is no name before the colon.", "Write the field's name before the colon."
        )
    shown = quoted(line.body, SHOWN)
    above = first = line_before(text, line)
    while above is not None and not above.name:
        above = line_before(text, above)
    if "：" in line.body:
        message = f'The line {shown} has a wide colon ("：").'
        return whole_line(
            text, line, message, "Use an ordinary colon and a space.", line.body.replace("：", ": ")
        )
    if above is not None and first is not None and above.value[:1] in ("|", ">"):
        message = f"The line {shown} belongs to the text above, but it is not indented enough."
        return whole_line(
            text,
            line,
            message,
            f"Indent it by {_spaces(above.inner + 2 if first is above else first.indent)}.",
        )
    if first is not None and (goes_on := _goes_on(text, first, line)):
        return goes_on
    return whole_line(
        text, line, f"The line {shown} has no colon.", "Write it as a name, a colon, a space and the value."
    )


def _two_words(text: str, line: Line) -> Problem | None:
    """A field's name and its value without the colon, where the text above has come to its end."""
    above = line_before(text, line)
    if above is None or above.value[-1:] not in {"", "."} or above.indent != line.indent:
        return None
    if not re.fullmatch("[a-z_]+ [^ ]+", line.body):
        return None
    instead = line.body.replace(" ", ": ")
    return whole_line(
        text, line, f"The line {quoted(line.body, SHOWN)} has no colon.", f"Write: {instead}", instead
    )


def _pasted(text: str, line: Line) -> Problem | None:
    """A comment as other programs write it, or a table."""
    if line.body.startswith("//"):
        instead = f"# {line.body.lstrip('/ ')}"
        message = f"{quoted(line.body, SHOWN)} is no comment: comments start with #."
        return whole_line(text, line, message, f"Write: {instead}", instead)
    if "\t" in line.body and not line.indent and line_before(text, line) is None:
        message = (
            "A table was pasted here. A file has one line for each figure, below fields with their names."
        )
        help_ = "Write a KPI file, and each figure as a period, a colon, a space and a number, such as 2024-01: 71."
        return whole_line(text, line, message, help_)
    return None


def _goes_on(text: str, above: Line, line: Line) -> Problem | None:
    """The second line of a text that began behind a field's name."""
    joint = f"{above.value} {line.body}"
    if not above.name or " " not in above.value or " " not in line.body or not needs_no_quotes(joint):
        return None
    span = span_at(text, above.value_start, line.start + len(line.body))
    message = f"The line {quoted(line.body, SHOWN)} has no colon. It seems to belong to the text of {quoted(above.name + ':', SHOWN)}."
    return Problem("yaml-syntax", (), message, "Write it all on one line.", joint, span=span)


def under_a_value(text: str, line: Line) -> Problem:
    """A field that is indented below another one which already has a value."""
    above = line_before(text, line)
    if above is None or not above.name:
        return no_colon(text, above) if above is not None else misplaced(text, line)
    if above.indent >= line.indent:
        return misplaced(text, line)
    message = f"This line is {_indented(line.indent)}, but {quoted(above.name, SHOWN)} above it already has a value."
    return whole_line(text, line, message, _advice({above.inner: "the line"}))


_TEXTS = {"title", "definition", "note", "noun", "text", "in_words", "label"}


def list_on_line(text: str, line: Line) -> Problem:
    """A list that starts on the line of its name, or a dash alone."""
    name = quoted(f"{line.name}:", SHOWN)
    if line.value == "-":
        if line.name[:1].isdigit():
            message = f'A dash alone is not a figure. A mark says why there is none for "{line.name}".'
            return written(text, line.value_start, "-", message, "{marks: [not-available]}", f"{line.name}: ")
        message = f'A dash alone starts a list, so it can\'t be the value of "{line.name}".'
        return written(text, line.value_start, "-", message, '"-"', f"{line.name}: ")
    if line.name in _TEXTS:
        message = f"A dash at the start makes a list of it, but {name} is text."
        instead = in_quotes(line.value.lstrip("- "))
        return written(text, line.value_start, line.value, message, instead, f"{line.name}: ")
    message = f"A list can't start on the line of its name, {name}."
    span = span_at(text, line.value_start, line.value_start + len(line.value))
    return Problem(
        "yaml-syntax", (), message, "Write each item on a line of its own below the name.", span=span
    )


def among_items(text: str, line: Line) -> Problem:
    """A line between the items of a list that is no item itself."""
    above = line_before(text, line)
    while above is not None and not above.body.startswith("- "):
        above = line_before(text, above)
    if above is None or line.body.startswith("- "):
        return misplaced(text, line)
    if line.indent != above.indent:
        return misplaced(text, line)
    if line.name in _MEASURE_FIELDS or line.name in _ITEM_FIELDS:
        indent = above.inner if line.name in _ITEM_FIELDS else max(line.indent - 2, 0)
        message = f"{quoted(line.body, SHOWN)} is {_indented(line.indent)}, like the items of the list above."
        like = f"as a field of {'its item' if line.name in _ITEM_FIELDS else 'the measure'}"
        return _moved(text, line, indent, message, like)
    if line.name[:4].isdigit() and line.value:
        return _without(text, line, "observations", max(line.indent - 2, 0))
    message = f"{quoted(line.body, SHOWN)} stands between the items of a list, but it has no dash."
    help_ = f'Start it with "- ", or indent it by {_spaces(above.inner)} if it belongs to the item above.'
    return whole_line(text, line, message, help_)


_MEASURE_FIELDS = {"title", "noun", "unit", "better", "targets", "observations", "derived", "is", "area"}
_ITEM_FIELDS = {
    "source",
    "by",
    "from",
    "until",
    "label",
    "tolerance",
    "over",
    "trajectory",
    "value",
    "minimum",
    "level",
}
_LISTS = {
    "targets": (*BOUND_KINDS, "in_words"),
    "references": ("label",),
    "triggers": ("when",),
}
"""Lists of a measure, and the fields that their items start with."""


def _moved(text: str, line: Line, indent: int, message: str, like: str) -> Problem:
    """A line that stands too far left or right, with the whole line to write instead."""
    span = span_at(text, line.start - line.indent, line.start + len(line.body))
    place = f"Start the line with {_spaces(indent)}" if indent else "Start it at the left edge"
    return Problem("yaml-syntax", (), message, f"{place}, {like}.", f"{' ' * indent}{line.body}", span=span)


def _without(text: str, line: Line, name: str, indent: int) -> Problem:
    """A line above which that with a name is missing."""
    message = f"Above {quoted(line.body, SHOWN)} the line {quoted(name + ':')} is missing."
    span = span_at(text, line.start - line.indent, line.start + len(line.body))
    instead = f"{' ' * indent}{name}:\n{' ' * line.indent}{line.body}"
    return Problem(
        "yaml-syntax", (), message, f"Write {quoted(name + ':')} on a line above it.", instead, span=span
    )


def _missing_name(text: str, line: Line, above: Line) -> Problem | None:
    """A list or a block whose name was lost, where its first line shows which it was."""
    below = line_at(text, text.find("\n", line.start) + 1)
    if not above.indent and not line.value and below.indent > line.indent and below.name in _MEASURE_FIELDS:
        return _without(text, line, "measures", 0)
    if line.body.startswith("- "):
        for name, starts in _LISTS.items():
            if line.name in starts:
                return _without(text, line, name, max(line.indent - 2, 0))
    return None


def lost_name(text: str, start: int, stop: int) -> Problem | None:
    """The list whose name was lost, so that its items were read as part of a text between two offsets."""
    at = text.find("\n", start, stop) + 1
    while at:
        line = line_at(text, at)
        if line.body.startswith("- "):
            above = line_before(text, line)
            return _missing_name(text, line, above) if above is not None else None
        at = text.find("\n", at, stop) + 1
    return None


def odd_dash(text: str, line: Line) -> Problem | None:
    """A list item that starts with another sign than the plain dash, on this line or right above; None where there is none."""
    for item in (line, line_before(text, line)):
        found = _ODD_DASH.match(item.body) if item is not None else None
        if item is not None and found is not None and ": " in item.body:
            instead = f"- {item.body[found.end() :]}"
            message = (
                f'{quoted(item.body, SHOWN)} starts with "{found[1]}". A list item starts with a plain dash.'
            )
            return whole_line(text, item, message, f"Write: {instead}", instead)
    return None


_ODD_DASH = re.compile("([–—•·●▪])[ \u00a0]*")


def misplaced(text: str, line: Line) -> Problem:
    """A line whose indentation fits none of the lines above."""
    above = line_before(text, line)
    if above is not None and line.indent == 0 < above.indent and line_before(text, above) is None:
        message = f"The first line starts with {_spaces(above.indent)}, but the lines below don't."
        return _moved(text, above, 0, message, "like the others")
    if (
        above is not None
        and above.name
        and not above.value
        and line.body.startswith("- ")
        and line.indent < above.indent
    ):
        message = f"This list item is {_indented(line.indent)}, but it belongs to {quoted(above.name, SHOWN)} above."
        return _moved(text, line, above.inner + 2, message, f"2 more than {quoted(above.name, SHOWN)}")
    if above is not None and (missing := _missing_name(text, line, above)):
        return missing
    levels = _levels(text, line)
    is_item = line.body.startswith("-")
    owner = levels.get(line.indent)
    if is_item and owner is not None and owner.value:
        message = f"{quoted(line.body, SHOWN)} is a list item, but {quoted(owner.name, SHOWN)} above it already has a value."
        return whole_line(text, line, message, "Put list items below a name that ends with a colon.")
    if not line.name and not is_item:
        return no_colon(text, line)
    wanted = {
        level: above
        for level, above in levels.items()
        if (above.indent == level and above.body[0] == "-") == is_item
    }
    message = f"This line is {_indented(line.indent)}, which fits none of the lines above."
    fits = {
        level: "the dash" if is_item else quoted(wanted[level].name, SHOWN)
        for level in _nearest(wanted, line.indent)
    }
    return whole_line(text, line, message, _advice(fits) if fits else "Indent it like the line above.")


def _levels(text: str, line: Line) -> dict[int, Line]:
    """The indentations that are open above a line, each with the nearest line that has it."""
    levels: dict[int, Line] = {}
    above = line_before(text, line)
    lowest = None
    while above is not None and lowest != 0:
        if lowest is None or above.indent < lowest:
            if above.name:
                levels.setdefault(above.inner, above)
            levels.setdefault(above.indent, above)
            lowest = above.indent
        above = line_before(text, above)
    return levels


def _nearest(levels: dict[int, Line], indent: int) -> list[int]:
    """The next level to the left and the next to the right."""
    left = [level for level in levels if level < indent]
    right = [level for level in levels if level > indent]
    return [*([max(left)] if left else []), *([min(right)] if right else [])]


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


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
