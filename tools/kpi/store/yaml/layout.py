"""Lines that stand in the wrong place: wrong indentation, list items among fields, lines without a colon."""

from kpi.model.finding import Problem
from kpi.model.text import quoted
from kpi.store.yaml import SHOWN
from kpi.store.yaml.lines import Line, line_at, written
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
    missing = glued_line(text, line)
    if missing is not None:
        return missing
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
    return whole_line(
        text, line, f"The line {shown} has no colon.", "Write it as a name, a colon, a space and the value."
    )


def under_a_value(text: str, line: Line) -> Problem:
    """A field that is indented below another one which already has a value."""
    above = line_before(text, line)
    if above is None or not above.name:
        return no_colon(text, above) if above is not None else misplaced(text, line)
    if above.indent >= line.indent:
        return misplaced(text, line)
    message = f"This line is {_indented(line.indent)}, but {quoted(above.name, SHOWN)} above it already has a value."
    return whole_line(text, line, message, _advice({above.inner: "the line"}))


def list_on_line(text: str, line: Line) -> Problem:
    """A list that starts on the line of its name, or a dash alone."""
    name = quoted(f"{line.name}:", SHOWN)
    if line.value == "-":
        if line.name[:1].isdigit():
            message = f'A dash alone is not a figure. A mark says why there is none for "{line.name}".'
            return written(text, line.value_start, "-", message, "{marks: [not-available]}", f"{line.name}: ")
        message = f'A dash alone starts a list, so it can\'t be the value of "{line.name}".'
        return written(text, line.value_start, "-", message, '"-"', f"{line.name}: ")
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
    message = f"{quoted(line.body, SHOWN)} stands between the items of a list, but it has no dash."
    help_ = f'Start it with "- ", or indent it by {_spaces(above.inner)} if it belongs to the item above.'
    return whole_line(text, line, message, help_)


def misplaced(text: str, line: Line) -> Problem:
    """A line whose indentation fits none of the lines above."""
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
