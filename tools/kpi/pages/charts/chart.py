"""The chart of one measure: its figures on a true time axis, its targets over their dates, its baseline, other areas."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.comparable import at_a_date
from kpi.judge.judgement import MeasureJudgement
from kpi.model.kpi import Observation
from kpi.model.plan import Plan
from kpi.model.quantity import COUNT, CURRENCY
from kpi.model.text import counted, display
from kpi.pages.charts import key
from kpi.pages.charts.levels import Level, baseline_level, target_levels
from kpi.pages.charts.plane import (
    EDGE,
    HEIGHT,
    LINE_HEIGHT,
    TITLE_HEIGHT,
    TITLE_SIZE,
    WIDTH,
    Layout,
    Plane,
    Spot,
    days_of,
    laid_out,
)
from kpi.pages.charts.scale import spread, value_ticks
from kpi.pages.charts.series import Run, runs, thinned
from kpi.pages.charts.svg import band, label, number, path, picture, ring
from kpi.pages.words import dated

LIMIT = 8192
"""The bytes that a chart may have."""

_BASE, _PEER, _GRID = "#6e7781", "#7d4e96", "#d8dee4"
_MOST_DOTS, _MOST_BREAKS = 40, 24
_LEADER, _DASH = "1 3", "8 4"
_DAY = timedelta(days=1)
_BUDGETS = ((240, 12, 400), (120, 12, 400), (60, 8, 300), (24, 4, 200), (12, 1, 100))
"""Points, lines beside the own one, and characters of each text: less, until the chart is small enough."""


_Spots = Sequence[Sequence[Spot]]
"""The figures of a line where they are drawn."""


class _Line(NamedTuple):
    """A line with its name at the right edge: a level, or the figures of an area."""

    name: str
    colour: str
    level: Level | None = None
    figures: Sequence[Run] = ()


def has_chart(one: MeasureJudgement) -> bool:
    """Whether there is something to draw: at least two figures with a value."""
    return sum(figure.value is not None for figure in one.measure.observations) > 1


def chart(one: MeasureJudgement, plan: Plan, title: str, description: str) -> str:
    """The chart as SVG, at most `LIMIT` bytes of it; empty where the measure has no figure with a value.

    Where there is too much for that, figures and lines are left out, and the description says how many.

    Args:
        one: the measure, judged.
        plan: names the other areas.
        title: what stands above the chart.
        description: the reading in words, for those who can't see it.
    """
    own = runs(one.measure.observations, at_date=at_a_date(one.measure))
    if not own:
        return ""
    everything = _lines(one, plan, own)
    span = _days(one, everything)
    everything = [line for line in everything if line.level is None or line.level.within(*span)]
    text = ""
    for points, most, characters in _BUDGETS:
        lines, untold = _fewer(everything, points, most)
        told = f"{display(' '.join(description.split()), characters - len(untold))} {untold}".strip()
        text = _drawn(one, lines, span, (display(title, characters), told))
        if len(text.encode()) <= LIMIT:
            break
    return text


def _lines(one: MeasureJudgement, plan: Plan, own: list[Run]) -> list[_Line]:
    """Everything there is to draw: the own figures, then targets in force, the baseline, other areas, older targets."""
    levels = [_Line(level.text, key.TARGET, level) for level in target_levels(one)]
    now = [line for line in levels if line.level and line.level.now]
    others = [line for line in levels if line not in now]
    baseline = baseline_level(one.measure)
    if baseline is not None:
        same = [line.level is not None and line.level.value == baseline.value for line in now]
        now = [
            line._replace(name=f"{line.name}; {baseline.text}") if equal else line
            for line, equal in zip(now, same, strict=True)
        ]
        now += [] if any(same) else [_Line(baseline.text, _BASE, baseline)]
    name = dated(_named(one, own), one.measure)
    return [_Line(name, key.LINE, figures=own), *now, *_peers(one, plan), *others]


def _named(one: MeasureJudgement, own: Sequence[Run]) -> Observation:
    """The figure that is named: the latest, or where none may be judged the last."""
    latest = one.latest.observation
    if latest is not None and latest.value is not None:
        return latest
    return max((run[-1] for run in own), key=lambda figure: figure.period.order)


def _peers(one: MeasureJudgement, plan: Plan) -> Iterator[_Line]:
    """Other areas' figures. Amounts of an area that contains ours are on another scale and are left to the table."""
    amounts = one.measure.unit.kind in {COUNT, CURRENCY}
    for area, figures in sorted(one.measure.peers.items()):
        known = plan.areas.get(area)
        found = runs(figures, at_date=at_a_date(one.measure))
        if found and not (amounts and known and known.whole):
            yield _Line(known.label if known else area, _PEER, figures=found)


def _fewer(lines: list[_Line], points: int, most: int) -> tuple[list[_Line], str]:
    """The lines that are drawn, thinned where they have many figures, and what is said of the rest."""
    own, *others = lines
    shown, more = others[:most], len(others[most:])
    areas = sum(bool(line.figures) for line in shown)
    each = points // 3 // areas if areas else 0
    kept = [
        line._replace(figures=thinned(line.figures, max(3, each)) if line.figures else ()) for line in shown
    ]
    main = own._replace(figures=thinned(own.figures, points * 2 // 3 if areas else points))
    drawn, total = (sum(map(len, line.figures)) for line in (main, own))
    untold = [f"{drawn:,} of {counted(total, 'figure')} are drawn."] if drawn < total else []
    untold += [f"{counted(more, 'more line')} not drawn."] if more else []
    return [main, *kept], " ".join(untold)


def _days(one: MeasureJudgement, lines: Iterable[_Line]) -> tuple[date, date]:
    """The axis: all figures, and the dates of targets ahead."""
    figures, ahead = [], []
    for line in lines:
        figures += [figure for run in line.figures for figure in run]
        if line.level is not None:
            ahead += [line.level.stop + _DAY] if line.level.stop else []
            ahead += [point.period.end + _DAY for point in line.level.way]
    return days_of(figures, ahead, at_date=at_a_date(one.measure))


def _drawn(one: MeasureJudgement, lines: list[_Line], span: tuple[date, date], texts: tuple[str, str]) -> str:
    """The whole picture; `texts` are the title and the description."""
    own, unit = lines[0].figures, one.measure.unit
    figures = [figure for run in own for figure in run]
    dotted = _dotted(figures)
    signs = key.key_words(figures, dotted, way=any(line.level and line.level.way for line in lines))
    edge = Plane(
        *span, value_ticks(list(_values(lines)), unit), 0, 0, 0, 260 if signs else 284, at_a_date(one.measure)
    )
    laid = laid_out(edge, texts[0], [line.name for line in lines], unit)
    plane = laid.plane
    spots = [[[plane.spot(figure) for figure in run] for run in line.figures] for line in lines]
    shapes = [*_frame(laid)]
    for line, beside in zip(lines[1:], spots[1:], strict=True):
        shapes += _level(plane, line.level, line.colour) if line.level else _figures(beside, line.colour, 1)
    placed = [spot for run in spots[0] for spot in run]
    shapes += _breaks(plane, placed)
    shapes += _figures(spots[0], key.LINE, 2)
    shapes += key.markers(
        ((sign, spot.place) for spot in placed if (sign := key.sign(spot.figure)) in dotted), key.LINE
    )
    ends = [_end(plane, line.level, there) for line, there in zip(lines, spots, strict=True)]
    ends[0] = plane.spot(_named(one, own)).place  # the figure that is judged, not one that is expected
    shapes += [ring(*ends[0], 6.5, key.LINE), *_names(laid, lines, ends)]
    shapes += key.key(signs, EDGE, HEIGHT - 12)
    return picture(WIDTH, HEIGHT, texts, shapes)


def _dotted(figures: Sequence[Observation]) -> Sequence[str]:
    """The signs of figures that have a dot: all, or where that were too many dots those that differ from plain ones."""
    if len(figures) <= _MOST_DOTS:
        return key.SIGNS
    others = sum(key.sign(figure) != key.PLAIN for figure in figures)
    return (key.OPEN, key.QUERIED) if others <= _MOST_DOTS else ()


def _values(lines: Iterable[_Line]) -> Iterator[Decimal]:
    """Every value that must be seen."""
    for line in lines:
        if line.level is not None:
            yield line.level.value
            yield from (
                at for at in (line.level.upper, *(point.value for point in line.level.way)) if at is not None
            )
        yield from (at.value for run in line.figures for at in run if at.value is not None)


def _frame(laid: Layout) -> Iterator[str]:
    """The title, the lines of the round values, and the words of both scales."""
    plane = laid.plane
    for row, text in enumerate(laid.title):
        yield label(plane.left, 24 + TITLE_HEIGHT * row, text, key.TEXT, size=TITLE_SIZE)
    heights = [plane.y(tick) for tick in plane.ticks]
    steps = "".join(f"M{number(plane.left)} {number(y)}H{number(plane.right)}" for y in heights)
    yield path(steps, _GRID)
    for y, text in zip(heights, laid.ticks, strict=True):
        yield label(plane.left - 6, y + 4, text, key.TEXT, anchor="end")
    for day, words in plane.dates():
        yield label(plane.x(day), plane.bottom + 20, words, key.TEXT, anchor="middle")


def _level(plane: Plane, level: Level, colour: str) -> Iterator[str]:
    """A bound over its dates, a range as a pale band between its ends, and the way to it."""
    start, stop = (
        plane.x(level.start or plane.first),
        plane.x(level.stop + _DAY if level.stop else plane.last),
    )
    ends = [plane.y(value) for value in (level.value, level.upper) if value is not None]
    if level.upper is not None:
        yield band(start, min(ends), stop - start, abs(ends[1] - ends[0]), colour)
    steps = "".join(f"M{number(start)} {number(y)}H{number(stop)}" for y in ends)
    yield path(steps, colour, 1.5, _DASH)
    if level.way:
        solid, _ = _strokes([map(plane.spot, run) for run in runs(level.way, at_date=plane.at_date)])
        yield path(solid, colour, 1.5, key.WAY_DASH)


def _figures(lines: _Spots, colour: str, width: float) -> Iterator[str]:
    """The line of some figures, dashed to those that are expected rather than observed."""
    solid, dashed = _strokes(lines)
    if solid:
        yield path(solid, colour, width)
    if dashed:
        yield path(dashed, colour, width, key.FORECAST_DASH)


def _strokes(lines: Iterable[Iterable[Spot]]) -> tuple[str, str]:
    """The steps of figures joined as they are: the observed ones, and those that are expected.

    A figure over a period is as long as that; a point, or a figure whose neighbours were left out, is its end alone.
    """
    solid: list[str] = []
    dashed: list[str] = []
    for run in lines:
        pen, at = None, ("", "")
        for spot in run:
            steps = dashed if spot.figure.forecast else solid
            start, end, height = number(spot.start), number(spot.end), number(spot.y)
            if pen is None:
                steps.append(f"M{start} {height}")
            else:
                lifted = "" if pen is steps else f"M{at[0]} {at[1]}"
                steps.append(f"{lifted}V{height}" if at[0] == start else f"{lifted}L{start} {height}")
            steps.append("h.1" if start == end else f"H{end}")
            pen, at = steps, (end, height)
    return "".join(solid), "".join(dashed)


def _breaks(plane: Plane, spots: Sequence[Spot]) -> Iterator[str]:
    """A mark where the series changed: nothing is joined across it."""
    places = [spot.start for spot in spots if spot.figure.broken]
    step = -(-len(places) // _MOST_BREAKS)
    if places:
        top, bottom = number(plane.top), number(plane.bottom)
        yield path(
            "".join(f"M{number(x)} {top}V{bottom}" for x in places[::step]), key.QUIET, 1, key.BREAK_DASH
        )


def _names(laid: Layout, lines: Sequence[_Line], ends: Sequence[tuple[float, float]]) -> Iterator[str]:
    """The names at the right edge, kept apart, with a fine line to those that stand away from the ends of what they name."""
    plane = laid.plane
    heights = spread(
        [y for _, y in ends],
        [LINE_HEIGHT * len(found) for found in laid.names],
        plane.top - LINE_HEIGHT / 2,
        plane.bottom + LINE_HEIGHT / 2,
    )
    for (x, y), height, line, found in zip(ends, heights, lines, laid.names, strict=True):
        if x < plane.right - 1 or abs(height - y) > 2:
            edge = number(plane.right + 10)
            yield path(f"M{number(x)} {number(y)}L{edge} {number(height)}", line.colour, 1, _LEADER)
        first = height + 4 - LINE_HEIGHT * (len(found) - 1) / 2
        for row, text in enumerate(found):
            yield label(plane.right + 14, first + LINE_HEIGHT * row, text, line.colour)


def _end(plane: Plane, level: Level | None, spots: _Spots) -> tuple[float, float]:
    """Where a level or the figures of a line end: the point that its name belongs to."""
    if level is not None:
        return plane.x(level.stop + _DAY) if level.stop else plane.right, plane.y(level.value)
    return max((run[-1] for run in spots), key=lambda spot: spot.figure.period.order).place
