"""The second step to the standard form: a figure stands on one line, and one with a note is a block."""

from collections.abc import Iterator

from kpi.store.edit import Edit, applied
from kpi.store.format.spacing import in_one_line
from kpi.store.reader import Document
from kpi.store.yaml.places import Place, is_in_brackets

_NOTE = "note"
_STEP = 2


def shaped(document: Document) -> str:
    """The text with every figure in its shape. One with a comment inside or beside it stays as it is."""
    text = document.text
    edits = [edit for figure in _figures(document.places()) for edit in _edits(text, figure)]
    return applied(text, edits)


def series(root: Place) -> Iterator[Place]:
    """The places of all series of a KPI file: observations, peers' observations, and the way points of targets."""
    measures = root.inside.get("measures")
    for measure in measures.inside.values() if measures else ():
        yield from _series_of(measure)


def _series_of(measure: Place) -> Iterator[Place]:
    observations, peers, targets = (measure.inside.get(name) for name in ("observations", "peers", "targets"))
    if observations is not None:
        yield observations
    yield from peers.inside.values() if peers else ()
    for target in targets.inside.values() if targets else ():
        if "trajectory" in target.inside:
            yield target.inside["trajectory"]


def _figures(root: Place) -> Iterator[Place]:
    """The figures that have more than a value and stand on a line of their own."""
    for one in series(root):
        for figure in one.inside.values():
            if figure.inside:
                yield figure


def _edits(text: str, figure: Place) -> Iterator[Edit]:
    assert figure.name is not None
    line = text.rfind("\n", 0, figure.name[0]) + 1
    indent = text[line : figure.name[0]]
    if indent.strip(" "):
        return  # one of a series in brackets
    end = text.find("\n", figure.stop)
    if "#" in text[figure.name[1] : end]:
        return
    in_block = not is_in_brackets(text, figure)
    if _NOTE in figure.inside and not in_block:
        lines = [_field(text, place) for place in figure.inside.values()]
        if all(lines):
            step = f"\n{indent}{' ' * _STEP}"
            yield Edit(figure.name[1], figure.stop, f":{step}{step.join(map(str, lines))}")
    elif _NOTE not in figure.inside and in_block and (flat := in_one_line(text, figure)) is not None:
        yield Edit(figure.name[1], figure.stop, f": {flat}")


def _field(text: str, place: Place) -> str | None:
    assert place.name is not None
    value = in_one_line(text, place)
    return None if value is None else f"{text[slice(*place.name)]}: {value}"
