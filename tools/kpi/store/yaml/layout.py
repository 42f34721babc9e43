"""Lines that are in the wrong place: wrong indentation, list items among fields, lines without a colon."""

import re

from kpi.model.finding import Problem
from kpi.model.text import counted, quoted
from kpi.model.vocabulary import BOUND_KINDS
from kpi.store.yaml import shown
from kpi.store.yaml.lines import Line, in_quotes, line_at, needs_no_quotes, written
from kpi.store.yaml.places import span_at, syntax_problem
from kpi.store.yaml.subset import glued, glued_dash

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
