"""Control charts (XmR): which figures of a series are outside its usual ups and downs.

The limits and rules are those of the NHS programme Making Data Count, as its reference implementation (NHSRplotthedots
0.2.2) computes them. Everything is exact: fractions in, fractions out. Points are in order of time, one a period;
None is a period without a usable figure: it ends every run and has no moving range.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

FEWEST = 13
"""With fewer points there is no chart."""

RUN = 7
"""This many points in a row rising, falling or on one side of the mean are a signal."""

OUTSIDE, TREND, TWO_OF_THREE, SHIFT = "outside", "trend", "two of three", "shift"

TOO_FEW, GAPS, TOO_COARSE, RARE, DRIFTING = "too few", "gaps", "too coarse", "rare", "drifting"

_TO_LIMIT = Fraction(266, 100)  # mean moving ranges from the mean to a limit: 3 / 1.128
_SCREEN = Fraction(3267, 1000)  # moving ranges above this many mean ones are left out of the mean
_GAPS = Fraction(1, 12)  # the largest share of periods without a figure
_RARE_MEAN, _RARE_ZEROS = 3, Fraction(1, 5)
_DRIFT = Fraction(1, 2)  # the largest correlation of figures at a date with the ones before

Points = Sequence[Fraction | None]


class Limits(NamedTuple):
    """The mean of a chart and its process limits, not clipped at possible values."""

    mean: Fraction
    lower: Fraction
    upper: Fraction

    def near(self, side: int) -> Fraction:
        """The near limit above (1) or below (-1): two thirds of the way to the process limit."""
        edge = self.upper if side > 0 else self.lower
        return self.mean + (edge - self.mean) * 2 / 3


class Signal(NamedTuple):
    """Why a point is unusual: the rule, and the side, 1 for above or rising and -1 for below or falling."""

    rule: str
    side: int


class Chart(NamedTuple):
    """A series with its limits; with `trends` if runs of rising or falling points are signals too."""

    points: tuple[Fraction | None, ...]
    limits: Limits
    trends: bool = True

    @property
    def signals(self) -> tuple[Signal | None, ...]:
        """An item for each point, None if the point is usual."""
        return find_signals(self.points, self.limits, trends=self.trends)

    @property
    def newest(self) -> Signal | None:
        """The signal of the newest point. No rule needs more points than a run to see it."""
        return find_signals(self.points[-RUN:], self.limits, trends=self.trends)[-1]

    @property
    def since(self) -> int:
        """The index of the first point of the newest signal's run; the number of points if the newest is usual."""
        sides = [signal.side if signal else 0 for signal in self.signals]
        first = len(sides)
        while first and sides[-1] and sides[first - 1] == sides[-1]:
            first -= 1
        return first

    @property
    def moving(self) -> bool:
        """Whether at least half of the points are signals, so that there is no single usual range."""
        flagged = sum(signal is not None for signal in self.signals)
        return flagged * 2 >= sum(point is not None for point in self.points)


class Conditions(NamedTuple):
    """What decides whether a series may have a chart."""

    unit: Fraction  # one in the last digit that its figures are written with
    is_count: bool = False  # the figures count events or things
    at_a_date: bool = False  # the figures are levels at a date, such as a headcount


def draw_chart(figures: Points, conditions: Conditions, lag: int = 0) -> Chart | str:
    """Draw the chart of figures, one a period and the oldest first, or say why there is none, with one of this module's words.

    With a lag, the periods in a year, each point is a figure less the one a year before, around zero, so that seasons are taken
    out. Rising or falling runs are no signal then: after a change of level differences always rise or fall.
    """
    points = figures
    if lag:
        pairs = zip(figures, figures[lag:], strict=False)
        points = [None if now is None or before is None else now - before for before, now in pairs]
    if reason := _unfit(points, figures, conditions):
        return reason
    mean, lower, upper = compute_limits(points)
    spread = upper - mean
    if spread < _TO_LIMIT * conditions.unit or not spread:
        return TOO_COARSE
    limits = Limits(Fraction(0), -spread, spread) if lag else Limits(mean, lower, upper)
    return Chart(tuple(points), limits, trends=not lag)


def _unfit(points: Points, figures: Points, conditions: Conditions) -> str:
    if len(points) < FEWEST:
        return TOO_FEW
    if sum(point is None for point in points) > len(points) * _GAPS:
        return GAPS
    known = [figure for figure in figures if figure is not None]
    if conditions.is_count:
        zeros = sum(not figure for figure in known)
        if sum(known) < _RARE_MEAN * len(known) or zeros >= _RARE_ZEROS * len(known):
            return RARE
    if conditions.at_a_date and autocorrelation(points) > _DRIFT:
        return DRIFTING
    return ""


def compute_limits(points: Points, *, screened: bool = True) -> Limits:
    """The mean and limits of at least two points.

    `screened` leaves out, once, moving ranges far above the others; the mean keeps every point.
    """
    mean = _mean([point for point in points if point is not None])
    ranges = [abs(later - earlier) for earlier, later in _neighbours(points)]
    if screened:
        most = _SCREEN * _mean(ranges)
        ranges = [moving for moving in ranges if moving < most]
    spread = _TO_LIMIT * _mean(ranges)
    return Limits(mean, mean - spread, mean + spread)


def _neighbours(points: Points) -> Iterator[tuple[Fraction, Fraction]]:
    return ((then, now) for then, now in pairwise(points) if then is not None and now is not None)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def autocorrelation(points: Points) -> Fraction:
    """The lag-one autocorrelation of the points, from -1 to 1; 0 if they don't vary."""
    known = [point for point in points if point is not None]
    mean = _mean(known)
    square = sum(((point - mean) ** 2 for point in known), Fraction(0))
    products = ((earlier - mean) * (later - mean) for earlier, later in _neighbours(points))
    together = sum(products, Fraction(0))
    return together / square if square else Fraction(0)


def find_signals(points: Points, limits: Limits, *, trends: bool = True) -> tuple[Signal | None, ...]:
    """The signal of each point; if several rules apply, the first of outside, trend, two of three, and shift."""
    signals: dict[int, Signal] = {}
    for index, point in enumerate(points):
        if point is not None and not limits.lower <= point <= limits.upper:
            signals[index] = Signal(OUTSIDE, 1 if point > limits.upper else -1)
    if trends:  # an equal point ends a run
        steps = [None if now is None or then is None else _sign(now - then) for then, now in pairwise(points)]
        for first, last, side in _runs(steps, RUN - 1):
            for index in range(first, last + 2):  # a step joins two points
                signals.setdefault(index, Signal(TREND, side))
    sides = [None if point is None else _sign(point - limits.mean) for point in points]
    for index, side in _two_of_three(points, limits, sides):
        signals.setdefault(index, Signal(TWO_OF_THREE, side))
    for first, last, side in _runs(sides, RUN):  # a point exactly on the mean ends a run
        for index in range(first, last + 1):
            signals.setdefault(index, Signal(SHIFT, side))
    return tuple(map(signals.get, range(len(points))))


def _two_of_three(points: Points, limits: Limits, sides: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Two of three points in a row between near limit and limit, all three on the same side of the mean."""
    for first in range(len(points) - 2):
        side = sides[first]
        if side and sides[first : first + 3] == [side] * 3:
            edge = (limits.upper if side > 0 else limits.lower) * side
            window = enumerate(points[first : first + 3], first)
            beyond = limits.near(side) * side
            near = [at for at, point in window if point is not None and beyond < point * side <= edge]
            if len(near) >= 2:
                yield from ((index, side) for index in near)


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _runs(signs: Sequence[int | None], least: int) -> Iterator[tuple[int, int, int]]:
    """Runs of at least this many equal signs, other than 0 or None: first index, last index and sign."""
    first = 0
    for index in range(1, len(signs) + 1):
        if index < len(signs) and signs[index] == signs[first]:
            continue
        sign = signs[first] if signs else None
        if sign and index - first >= least:
            yield first, index - 1, sign
        first = index
