"""Figures as lines: which are joined, and which are left out of many."""

from collections.abc import Collection, Iterable, Sequence

from kpi.model.kpi import Observation

Run = list[Observation]
"""Figures with values, oldest first, that one line joins."""


def runs(figures: Iterable[Observation], *, at_date: bool) -> list[Run]:
    """Figures, in any order, as the lines that join them; each line in order of time.

    A figure is joined to the one before where nothing is missing and the series did not change between them. Figures
    over a period must be as long too, with nothing between them; they may overlap.
    """
    lines: list[Run] = []
    of_length: dict[tuple[str, int] | None, Run] = {}
    for figure in sorted(figures, key=lambda observation: observation.period.order):
        if figure.broken:
            of_length.clear()
        length = None if at_date else figure.period.length
        if figure.value is None:
            of_length.pop(length, None)
            continue
        run = of_length.get(length)
        if run is None or not (at_date or (figure.period.start - run[-1].period.end).days <= 1):
            run = of_length[length] = []
            lines.append(run)
        run.append(figure)
    return lines


def thinned(lines: Sequence[Run], most: int, always: Collection[Observation] = ()) -> list[Run]:
    """At most `most` figures of the lines, the lowest and the highest of each stretch, and the newest of all; and those `always` there."""
    if sum(map(len, lines)) <= most:
        return list(lines)
    everyone = sorted(
        ((figure.period.order, line, figure) for line, run in enumerate(lines) for figure in run),
        key=lambda at: at[:2],
    )
    step = -(-len(everyone) // max(1, (most - 1) // 2))
    kept: list[Run] = [[] for _ in lines]
    for first in range(0, len(everyone), step):
        stretch = everyone[first : first + step]
        places = sorted(range(len(stretch)), key=lambda place: (stretch[place][2].value, place))
        ends = {places[0], places[-1]} | ({len(stretch) - 1} if first + step >= len(everyone) else set())
        ends |= {place for place, (_, _, figure) in enumerate(stretch) if figure in always}
        for place in sorted(ends):
            _, line, observation = stretch[place]
            kept[line].append(observation)
    return [run for run in kept if run]
