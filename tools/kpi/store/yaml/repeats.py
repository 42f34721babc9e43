"""Names written twice, many at once: then not each of them is the slip, but a block that was pasted again or lost its name."""

from itertools import groupby

from kpi.model.finding import Problem
from kpi.model.text import joined, quoted
from kpi.store.yaml import SHOWN
from kpi.store.yaml.lines import line_at
from kpi.store.yaml.places import span_at

_MANY = 3  # names; with fewer, each was probably written twice by itself
_RULE = "duplicate-key"


def gathered(text: str, problems: list[Problem]) -> list[Problem]:
    """The problems, with one in place of many names that are written twice in the same block.

    Args:
        text: the file's text.
        problems: what was found in it, in any order.
    """
    twice = [problem for problem in problems if problem.rule == _RULE and problem.span is not None]
    kept = [problem for problem in problems if problem not in twice]
    for where, group in groupby(
        sorted(twice, key=lambda one: (str(one.where), one.span)), lambda one: one.where
    ):
        found = list(group)
        kept += found if len(found) < _MANY else [_once(text, found, at_top=not where)]
    return kept


def _once(text: str, found: list[Problem], *, at_top: bool) -> Problem:
    """One problem for a block that starts a second time."""
    spans = [problem.span for problem in found if problem.span is not None]
    line = line_at(text, spans[0].start)
    start = line.start - line.indent
    stop = _end_of_block(text, spans[-1].start, line.indent)
    block = text[start:stop]
    before = text.find(block)
    first, last = spans[0].line, text.count("\n", 0, stop)
    names = [quoted(text[span.start : span.stop], SHOWN) for span in spans]
    told = f"{joined([*names[:2], names[-1]])} stand here a second time"
    if before < start and text[before - 1 : before] in ("", "\n"):
        message = f"Lines {first} to {last} are the same as lines above: {told}."
        help_ = f"Delete lines {first} to {last}."
        return Problem(_RULE, (), message, help_, "", span=span_at(text, start, stop))
    if at_top:
        message = f"A second KPI starts here: {told}."
        help_ = "Every KPI has a file of its own. Move these lines into one, or delete them."
    else:
        message = f"A second block starts here without a name: {told}."
        name = f"{' ' * max(line.indent - 2, 0)}its-name:"
        help_ = f"Write its name on a line of its own above, like {quoted(name)}, or delete what was pasted twice."
    return Problem(_RULE, (), message, help_, span=spans[0])


def _end_of_block(text: str, start: int, indent: int) -> int:
    """Where the lines end that belong to the block with this line: at the next one that is less indented."""
    at = text.find("\n", start) + 1
    while 0 < at < len(text):
        line = line_at(text, at)
        if line.body and line.indent < indent:
            return at
        at = text.find("\n", at) + 1
    return len(text)
