"""The third step to the standard form: the figures of a series stand from the oldest to the newest."""

from kpi.model.period import Period, read
from kpi.store.edit import Edit, applied
from kpi.store.format.figures import series
from kpi.store.format.spacing import in_one_line
from kpi.store.reader import Document
from kpi.store.yaml.places import Place, is_in_brackets


def ordered(document: Document, year_starts: int) -> str:
    """The text with every series in order; the comments above a figure go with it.

    A series with a period that can't be read stays as it is: nobody knows where that figure belongs.
    """
    text = document.text
    edits = []
    for one in series(document.places()):
        names = list(one.inside)
        periods = [found for name in names if isinstance(found := read(str(name), year_starts), Period)]
        if len(periods) < len(names):
            continue
        order = sorted(range(len(names)), key=[period.order for period in periods].__getitem__)
        if order != list(range(len(names))):
            edits.append(
                _in_brackets(text, one, order) if is_in_brackets(text, one) else _lines(text, one, order)
            )
    return applied(text, [edit for edit in edits if edit is not None])


def _in_brackets(text: str, one: Place, order: list[int]) -> Edit | None:
    figures = list(one.inside.items())
    again = Place(one.start, one.stop, one.name)
    again.inside = dict(figures[number] for number in order)
    told = in_one_line(text, again)
    return None if told is None else Edit(one.start, one.stop, told)


def _lines(text: str, one: Place, order: list[int]) -> Edit:
    """The lines of each figure, from the first comment above it on, in their new order."""
    assert one.name is not None
    ends = [_next_line(text, figure.stop) for figure in one.inside.values()]
    begins = [_next_line(text, one.name[1]), *ends[:-1]]
    chunks = [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
    return Edit(begins[0], ends[-1], "".join(chunks[number] for number in order))


def _next_line(text: str, offset: int) -> int:
    return text.index("\n", offset) + 1
