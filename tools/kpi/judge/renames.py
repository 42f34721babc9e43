"""Which KPI or measure of a later version is which of an earlier one: by its id, or renamed, by its figures or its title."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from kpi.judge.latest import judgeable
from kpi.model.kpi import Kpi, Measure, folded_code

_OLDEST = 3
_TELLING_DIGITS = 4
"""Two series with the same oldest figures are the same if these have so many digits; fewer could be chance."""

_Thing = TypeVar("_Thing", Kpi, Measure)


def pair_up(
    before: Sequence[_Thing], after: Sequence[_Thing], marks: Callable[[_Thing], Iterator[Hashable]]
) -> list[tuple[_Thing | None, _Thing | None]]:
    """Each thing with what it was; what has come has nothing before, what is gone nothing after, and stands last.

    Args:
        before: the things of the earlier version.
        after: those of the later one.
        marks: what tells that a thing with a new id is one whose id is gone: they share a mark that nothing else has.
    """
    old = {thing.id: thing for thing in before}
    ids = {thing.id for thing in after}
    gone = [thing for thing in before if thing.id not in ids]
    renamed = _renamed(gone, [thing for thing in after if thing.id not in old], marks)
    kept = {thing.id for thing in renamed.values()}
    pairs: list[tuple[_Thing | None, _Thing | None]] = [
        (old.get(thing.id) or renamed.get(thing.id), thing) for thing in after
    ]
    pairs.extend((thing, None) for thing in gone if thing.id not in kept)
    return pairs


def _renamed(
    gone: Sequence[_Thing], come: Sequence[_Thing], marks: Callable[[_Thing], Iterator[Hashable]]
) -> dict[str, _Thing]:
    """What each new id was called before."""
    by_mark = _by_mark(gone, marks)
    former: dict[str, _Thing] = {}
    taken: set[str] = set()
    for mark, new in _by_mark(come, marks).items():
        old = by_mark.get(mark)
        if old is not None and new.id not in former and old.id not in taken:
            former[new.id] = old
            taken.add(old.id)
    return former


def _by_mark(
    things: Sequence[_Thing], marks: Callable[[_Thing], Iterator[Hashable]]
) -> dict[Hashable, _Thing]:
    """The things by their marks; a mark that several share tells nothing."""
    shared: dict[Hashable, list[_Thing]] = {}
    for thing in things:
        for mark in dict.fromkeys(marks(thing)):
            shared.setdefault(mark, []).append(thing)
    return {mark: same[0] for mark, same in shared.items() if len(same) == 1}


def kpi_evidence(kpi: Kpi) -> Iterator[Hashable]:
    """What tells a KPI under another id: its code, the oldest figures of a measure, or its title."""
    if kpi.code:
        yield "code", folded_code(kpi.code)
    for measure in kpi.measures:
        yield from _figures(measure)
    yield _folded(kpi.title)


def measure_evidence(measure: Measure) -> Iterator[Hashable]:
    """What tells a measure under another id, within its KPI: its oldest figures, or its title."""
    yield from _figures(measure)
    if measure.title:
        yield _folded(measure.title)


def _figures(measure: Measure) -> Iterator[Hashable]:
    """The oldest figures of a series: they stay when new ones are added."""
    oldest = judgeable(measure)[:_OLDEST]
    if (
        sum(len(figure.value.as_tuple().digits) for figure in oldest if figure.value is not None)
        >= _TELLING_DIGITS
    ):
        yield measure.unit, tuple((figure.period.interval, figure.value) for figure in oldest)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
