"""Pairs the KPIs or measures of two versions: by id, or if renamed, by figures or title."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from kpi.judge.latest import judgeable
from kpi.model.kpi import Kpi, Measure, folded_code

_OLDEST = 3
_TELLING_DIGITS = 4
"""Series with the same oldest figures are the same if these have this many digits; fewer could be chance."""

_Thing = TypeVar("_Thing", Kpi, Measure)


def pair_up(
    before: Sequence[_Thing], after: Sequence[_Thing], evidence: Callable[[_Thing], Iterator[Hashable]]
) -> list[tuple[_Thing | None, _Thing | None]]:
    """Pair each thing with its earlier version, or None if it is new; removed ones come last, with None.

    Args:
        before: the things of the earlier version.
        after: those of the later one.
        evidence: gives values that show that a thing was renamed: the old and the new share one that no other thing has.
    """
    old = {thing.id: thing for thing in before}
    ids = {thing.id for thing in after}
    gone = [thing for thing in before if thing.id not in ids]
    renamed = _renamed(gone, [thing for thing in after if thing.id not in old], evidence)
    kept = {thing.id for thing in renamed.values()}
    pairs: list[tuple[_Thing | None, _Thing | None]] = [
        (old.get(thing.id) or renamed.get(thing.id), thing) for thing in after
    ]
    pairs.extend((thing, None) for thing in gone if thing.id not in kept)
    return pairs


def _renamed(
    gone: Sequence[_Thing], come: Sequence[_Thing], evidence: Callable[[_Thing], Iterator[Hashable]]
) -> dict[str, _Thing]:
    """The former thing of each new id."""
    by_evidence = _by_evidence(gone, evidence)
    former: dict[str, _Thing] = {}
    taken: set[str] = set()
    for value, new in _by_evidence(come, evidence).items():
        old = by_evidence.get(value)
        if old is not None and new.id not in former and old.id not in taken:
            former[new.id] = old
            taken.add(old.id)
    return former


def _by_evidence(
    things: Sequence[_Thing], evidence: Callable[[_Thing], Iterator[Hashable]]
) -> dict[Hashable, _Thing]:
    """The things by their evidence, without values that several share."""
    shared: dict[Hashable, list[_Thing]] = {}
    for thing in things:
        for value in dict.fromkeys(evidence(thing)):
            shared.setdefault(value, []).append(thing)
    return {value: same[0] for value, same in shared.items() if len(same) == 1}


def kpi_evidence(kpi: Kpi) -> Iterator[Hashable]:
    """Evidence that a KPI was renamed: its code, a measure's oldest figures, or its title."""
    if kpi.code:
        yield "code", folded_code(kpi.code)
    for measure in kpi.measures:
        yield from _figures(measure)
    yield _folded(kpi.title)


def measure_evidence(measure: Measure) -> Iterator[Hashable]:
    """Evidence that a measure was renamed within its KPI: its oldest figures, or its title."""
    yield from _figures(measure)
    if measure.title:
        yield _folded(measure.title)


def _figures(measure: Measure) -> Iterator[Hashable]:
    """The oldest figures of a series, which stay when new ones are added."""
    oldest = judgeable(measure)[:_OLDEST]
    if (
        sum(len(figure.value.as_tuple().digits) for figure in oldest if figure.value is not None)
        >= _TELLING_DIGITS
    ):
        yield measure.unit, tuple((figure.period.interval, figure.value) for figure in oldest)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
