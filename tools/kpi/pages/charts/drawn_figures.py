"""Which figures of a series are drawn: as columns with the gaps between them, or as lines with what joins them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from kpi.judge.series import at_a_date, by_length
from kpi.model.kpi import TOTAL, Measure, Observation
from kpi.model.period import Period

LINE_FROM = 8
"""From so many figures on they are a line; fewer are bars."""

_GAPS = 2  # missing periods in a row that have a column each; more share one
BREAK = "break"
_BREAK, _APART = 0.7, 0.4

Run = list[Observation]
"""Figures with values, oldest first, that one line joins."""


class Column(NamedTuple):
    """A period with its figure, or a gap with what it says. `width` is in parts of a usual column."""

    figure: Observation | None = None
    words: str = ""
    width: float = 1.0


def shown_figures(measure: Measure) -> list[Observation]:
    """The figures of a measure's chart, oldest first, with the periods that are marked to have none.

    Totals over different lengths of time are never side by side, nor is a long line beside other lengths: then the length
    of the newest figure is shown, where it has two figures or more, else the one with the most.
    """
    known = sorted(
        (figure for figure in measure.observations if figure.value is not None or not figure.assessment),
        key=lambda figure: figure.period.order,
    )
    if at_a_date(measure):
        return known
    groups = [group for group in by_length(known) if any(figure.value is not None for figure in group)]
    counts = [sum(figure.value is not None for figure in group) for group in groups]
    if len(groups) > 1 and (measure.kind == TOTAL or max(counts) >= LINE_FROM):
        newest = max(groups, key=lambda group: _newest(group).period.order)
        most = groups[counts.index(max(counts))]
        is_enough = counts[groups.index(newest)] > 1 and (max(counts) < LINE_FROM or measure.kind == TOTAL)
        groups = [newest if is_enough else most]
    in_order = sorted(groups, key=lambda group: _newest(group).period.order)
    return [figure for group in in_order for figure in group]


def _newest(group: Sequence[Observation]) -> Observation:
    valued = (figure for figure in group if figure.value is not None)
    return max(valued, key=lambda figure: figure.period.order)


def columns(figures: Sequence[Observation], measure: Measure) -> list[Column]:
    """A column for each figure, with a gap where one is missing, where the series changed, and between lengths of time."""
    made: list[Column] = []
    before: Observation | None = None
    for figure in figures:
        if before is not None:
            made += _between(before, figure, measure)
        made.append(Column(figure, "" if figure.value is not None else "no figure"))
        before = figure
    return made


def _between(before: Observation, after: Observation, measure: Measure) -> Iterator[Column]:
    """The gaps between two figures."""
    if not at_a_date(measure) and before.period.is_as_long_as(after.period):
        missing = _missing(before.period, after.period)
        yield from [Column(words="no figure")] * (missing if missing <= _GAPS else 1)
    elif not at_a_date(measure):
        yield Column(width=_APART)
    if after.broken:
        yield Column(words=BREAK, width=_BREAK)


def _missing(before: Period, after: Period) -> int:
    """How many periods as long as these lie between the two; 0 where they follow at once or overlap."""
    days = (after.start - before.end).days - 1
    length = (after.end - after.start).days + 1
    return 0 if days <= 0 else max(1, round(days / length))


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
