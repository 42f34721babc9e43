"""The plane that a chart is drawn on: where a day, a value and a name stand on the card."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from kpi.model.kpi import Observation
from kpi.model.quantity import Unit
from kpi.pages.charts.scale import date_ticks, share, tick_words
from kpi.pages.charts.svg import text_width, wrapped

WIDTH, HEIGHT = 640, 320
EDGE = 12
TITLE_SIZE, TITLE_HEIGHT, LINE_HEIGHT = 15, 19, 16
_NAME_WIDTH, _LEAST_LEFT = 184, 56
_MOST_DATES, _LEAST_DATES = 9, 2
_DAY = timedelta(days=1)


class Spot(NamedTuple):
    """Where a figure is drawn: from `start` to `end` as far from the left, and `y` from the top."""

    figure: Observation
    start: float
    end: float
    y: float

    @property
    def place(self) -> tuple[float, float]:
        """The point where it ends."""
        return self.end, self.y


class Plane(NamedTuple):
    """The axes: days from left to right, values from bottom to top. `at_date`: figures are points, not stretches."""

    first: date
    last: date
    ticks: Sequence[Decimal]
    left: float
    right: float
    top: float
    bottom: float
    at_date: bool

    def x(self, day: date) -> float:
        """How far a day's beginning is from the left; what lies outside the axis stands at its end."""
        across = (day - self.first).days / (self.last - self.first).days
        return self.left + (self.right - self.left) * min(max(across, 0), 1)

    def y(self, value: Decimal) -> float:
        """How far a value is from the top."""
        up = float(share(value, self.ticks[0], self.ticks[-1]))
        return self.bottom - (self.bottom - self.top) * up

    def spot(self, figure: Observation) -> Spot:
        """Where a figure with a value stands. One at a date has no length."""
        assert figure.value is not None
        end = self.x(ending(figure, at_date=self.at_date))
        return Spot(figure, end if self.at_date else self.x(figure.period.start), end, self.y(figure.value))

    def dates(self) -> list[tuple[date, str]]:
        """The days named below the plane, as many as stand apart from one another."""
        found: list[tuple[date, str]] = []
        for most in range(_MOST_DATES, _LEAST_DATES - 1, -1):
            found = date_ticks(self.first, self.last, most)
            places = [(self.x(day), text_width(words)) for day, words in found]
            if all(x - before > (width + wide) / 2 + 6 for (before, wide), (x, width) in pairwise(places)):
                break
        return found


def ending(figure: Observation, *, at_date: bool) -> date:
    """The day at whose beginning a figure ends: for one over a period the day after it, where the next one follows."""
    return figure.period.end if at_date else figure.period.end + _DAY


def days_of(figures: Iterable[Observation], ahead: Iterable[date], *, at_date: bool) -> tuple[date, date]:
    """The first and the last day of the axis.

    Args:
        figures: what is drawn; at least one.
        ahead: dates of targets. The axis reaches to them, unless the figures would then fill less than half of it.
        at_date: whether the figures are points in time. Where all are on one day, the axis has half a year on both sides.
    """
    stretches = [
        (one.period.end if at_date else one.period.start, ending(one, at_date=at_date)) for one in figures
    ]
    first, last = min(start for start, _ in stretches), max(end for _, end in stretches)
    if first == last:
        first, last = first - 183 * _DAY, last + 183 * _DAY
    furthest = last + (last - first)
    return first, max([last, *(one for one in ahead if one <= furthest)])


class Layout(NamedTuple):
    """A plane and what stands around it: the lines of the title, the words of each tick, and the lines of each name."""

    plane: Plane
    title: Sequence[str]
    ticks: Sequence[str]
    names: Sequence[Sequence[str]]


def laid_out(plane: Plane, title: str, names: Sequence[str], unit: Unit) -> Layout:
    """The plane with room for what stands around it.

    Args:
        plane: with its axes and its lower edge; the other edges are set here.
        title: what stands above it.
        names: what stands at its right edge, not more than there is room for with a line each.
        unit: says how the ticks are told, which stand at its left edge.
    """
    ticks = [tick_words(tick, unit) for tick in plane.ticks]
    left = max(_LEAST_LEFT, EDGE + 6 + max(map(text_width, ticks)))
    above = wrapped(title, WIDTH - left - EDGE, 2, TITLE_SIZE)
    top = 27.0 + TITLE_HEIGHT * len(above)
    lines: list[list[str]] = []
    for most in (4, 3, 2, 1):
        lines = [wrapped(name, _NAME_WIDTH, most) for name in names]
        if sum(map(len, lines)) * LINE_HEIGHT <= plane.bottom - top + LINE_HEIGHT:
            break
    widest = max(text_width(line) for found in lines for line in found)
    placed = plane._replace(left=left, top=top, right=WIDTH - EDGE - 14 - widest)
    return Layout(placed, above, ticks, lines)
