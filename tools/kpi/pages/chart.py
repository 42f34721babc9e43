"""The chart of one measure: its figures on a true time axis, its targets in force, other areas' figures."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.judgement import MeasureJudgement
from kpi.model.kpi import CUMULATIVE, SNAPSHOT, Observation
from kpi.model.plan import Plan
from kpi.model.quantity import Unit
from kpi.pages.scale import date_ticks, spread, tick_words, value_ticks
from kpi.pages.svg import dot, label, number, path, picture
from kpi.pages.words import bound_words, value_words

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 552, 44, 264
_QUIET = "#57606a"
_LINE, _TARGET, _PEER, _TEXT, _GRID, _CARD = "#0b62c4", "#b35900", "#7d4e96", "#24292f", "#d8dee4", "#ffffff"
_APART = 13
_MOST_DOTS = 40
_MOST_LINES = 12


class _Line(NamedTuple):
    """A target's bound over the days it is in force, with its label."""

    start: date
    value: Decimal
    text: str


class _Plane(NamedTuple):
    """Where a day and a value stand on the card."""

    first: date
    last: date
    low: Decimal
    high: Decimal

    def x(self, day: date) -> float:
        """How far from the left."""
        days = max(1, (self.last - self.first).days)
        return _LEFT + (_RIGHT - _LEFT) * min(max((day - self.first).days / days, 0), 1)

    def y(self, value: Decimal) -> float:
        """How far from the top."""
        return _TOP + (_BOTTOM - _TOP) * float((self.high - value) / (self.high - self.low))


def has_chart(one: MeasureJudgement) -> bool:
    """Whether there is something to draw: at least two figures with a value."""
    return sum(figure.value is not None for figure in one.measure.observations) > 1


def chart(one: MeasureJudgement, plan: Plan, title: str, description: str) -> str:
    """The chart as SVG; empty where the measure has no figure with a value.

    Args:
        one: the measure, judged.
        plan: names the other areas.
        title: what stands above the chart.
        description: the reading in words, for those who can't see it.
    """
    measure = one.measure
    own = [figure for figure in measure.observations if figure.value is not None]
    if not own:
        return ""
    at_date = measure.kind in {SNAPSHOT, CUMULATIVE}
    peers = {
        plan.areas[area].label if area in plan.areas else area: [at for at in found if at.value is not None]
        for area, found in list(measure.peers.items())[:_MOST_LINES]
    }
    everyone = [*own, *(figure for found in peers.values() for figure in found)]
    first = min(figure.period.end if at_date else figure.period.start for figure in everyone)
    last = max(figure.period.end for figure in everyone)
    lines = _targets(one, first)
    ticks = value_ticks(
        [*(figure.value for figure in everyone if figure.value is not None), *(at.value for at in lines)],
        measure.unit,
    )
    plane = _Plane(first, last, ticks[0], ticks[-1])
    shapes = [label(_LEFT, 24, title, _TEXT, size=14), *_grid(plane, ticks, measure.unit)]
    wanted = [(plane.y(at.value), at.text, _TARGET) for at in lines]
    for at in lines:
        steps = f"M{number(plane.x(at.start))} {number(plane.y(at.value))}H{_RIGHT}"
        shapes.append(path(steps, _TARGET, 1.5, "8 4"))
    for name, found in peers.items():
        if found:
            shapes += _series(plane, found, _PEER, 1, at_date=at_date)
            wanted.append((_height(plane, found[-1]), name, _PEER))
    shapes += _breaks(plane, own, at_date=at_date)
    shapes += _series(plane, own, _LINE, 2, at_date=at_date)
    latest = one.latest.observation
    newest = latest if latest is not None and latest.value is not None else own[-1]
    shapes.append(dot(plane.x(newest.period.end), _height(plane, newest), 4.5, _CARD, _LINE))
    wanted.append((_height(plane, newest), value_words(newest, measure), _LINE))
    shapes += _labels(wanted)
    return picture(WIDTH, HEIGHT, title, description, shapes)


def _grid(plane: _Plane, ticks: Sequence[Decimal], unit: Unit) -> Iterator[str]:
    """The lines of the round values, and the words of both scales."""
    for tick in ticks:
        yield path(f"M{_LEFT} {number(plane.y(tick))}H{_RIGHT}", _GRID)
        yield label(_LEFT - 6, plane.y(tick) + 4, tick_words(tick, unit), _TEXT, anchor="end")
    for day, words in date_ticks(plane.first, plane.last):
        yield label(plane.x(day), _BOTTOM + 20, words, _TEXT, anchor="middle")


def _labels(wanted: Sequence[tuple[float, str, str]]) -> Iterator[str]:
    """The labels at the right edge, kept apart: each a height, a text and a colour."""
    heights = spread([height for height, _, _ in wanted], _APART, _TOP, _BOTTOM)
    for height, (_, text, colour) in zip(heights, wanted, strict=True):
        yield label(_RIGHT + 8, height + 4, text, colour)


def _height(plane: _Plane, figure: Observation) -> float:
    assert figure.value is not None
    return plane.y(figure.value)


def _targets(one: MeasureJudgement, first: date) -> list[_Line]:
    """The bounds in force, as numbers."""
    found = []
    for verdict in one.verdicts[:_MOST_LINES]:
        bound = verdict.bound
        if bound is not None:
            start = verdict.target.start.start if verdict.target.start else first
            text = f"target {bound_words(bound, one.measure.unit)}"
            found += [_Line(start, end, text) for end in (bound.value, bound.upper) if end is not None]
    return found


def _series(
    plane: _Plane, figures: Sequence[Observation], colour: str, width: float, *, at_date: bool
) -> list[str]:
    """Each figure as long as its period, joined to the next only where that follows at once, is as long and comparable."""
    steps, before = [], None
    for figure in figures:
        start = figure.period.end if at_date else figure.period.start
        here = f"{number(plane.x(start))} {number(_height(plane, figure))}"
        steps.append(
            f"{'L' if before is not None and _joined(before, figure, at_date=at_date) else 'M'}{here}"
        )
        if not at_date:
            steps.append(f"H{number(plane.x(figure.period.end))}")
        before = figure
    shapes = [path("".join(steps), colour, width)]
    if len(figures) <= _MOST_DOTS:
        shapes += [
            dot(
                plane.x(figure.period.end),
                _height(plane, figure),
                2.5,
                _CARD if figure.forecast else colour,
                colour,
            )
            for figure in figures
        ]
    return shapes


def _breaks(plane: _Plane, figures: Sequence[Observation], *, at_date: bool) -> Iterator[str]:
    """A mark where the series changed: nothing is joined across it."""
    for figure in figures[1:]:
        if figure.broken:
            x = plane.x(figure.period.end if at_date else figure.period.start)
            yield path(f"M{number(x)} {_TOP}V{_BOTTOM}", _QUIET, 1, "2 3")
            yield label(x + 4, _TOP + 10, "break", _QUIET)


def _joined(before: Observation, figure: Observation, *, at_date: bool) -> bool:
    if figure.broken or figure.forecast:
        return False
    follows = (figure.period.start - before.period.end).days == 1
    return at_date or (follows and figure.period.length == before.period.length)
