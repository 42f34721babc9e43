"""Control charts (XmR): which of a measure's newest figures in equal steps of time are outside its usual ups and downs.

The limits and rules are those of the NHS programme Making Data Count, as its reference implementation (NHSRplotthedots
0.2.2) computes them. Everything is exact: fractions in, fractions out. Points are in order of time, one a period;
None is a period without a usable figure: it ends every run and has no moving range.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby, pairwise, takewhile
from operator import attrgetter
from typing import NamedTuple

from kpi.judge.series import as_long_as, at_a_date, compared_with, remember_last, step_at, valued
from kpi.model.kpi import CUMULATIVE, SEASON, SNAPSHOT, TOTAL, Measure, Observation
from kpi.model.period import add_months
from kpi.model.quantity import COUNT

FEWEST, MOST = 13, 36  # points of a chart
RUN = 7  # points in a row that rise, fall or are on one side of the mean are a signal

by_order = attrgetter("period.order")

OUTSIDE, TREND, TWO_OF_THREE, SHIFT = "outside", "trend", "two of three", "shift"

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


class Signal(NamedTuple):
    """Why a point is unusual: the rule, and the side, 1 for above or rising and -1 for below or falling."""

    rule: str
    side: int


class Chart(NamedTuple):
    """The usual range of a series; with a `lag`, the periods in a year, each point is a figure less the one a year before."""

    points: tuple[Fraction | None, ...]
    limits: Limits
    lag: int = 0
    figures: tuple[Observation | None, ...] = ()  # those of the points

    @property
    def signals(self) -> tuple[Signal | None, ...]:
        """An item for each point, None if the point is usual."""
        return find_signals(self.points, self.limits, trends=not self.lag)

    @property
    def newest(self) -> Signal | None:
        """The signal of the newest point. No rule needs more points than a run to see it."""
        return find_signals(self.points[-RUN:], self.limits, trends=not self.lag)[-1]

    @property
    def run(self) -> int:
        """How many points the run has that the newest signal is part of; 0 if the newest is usual."""
        sides = [signal.side if signal else 0 for signal in reversed(self.signals)]
        return len(list(takewhile(lambda side: side and side == sides[0], sides)))

    @property
    def since(self) -> Observation | None:
        """The first figure of that run; None if there is none."""
        return next(filter(None, self.figures[len(self.figures) - self.run :]), None)

    @property
    def moving(self) -> bool:
        """Whether at least half of the points are signals, so that there is no single usual range."""
        flagged = sum(signal is not None for signal in self.signals)
        return flagged * 2 >= sum(point is not None for point in self.points)


def draw_chart(
    figures: Points, unit: Fraction, lag: int = 0, *, is_count: bool = False, at_a_date: bool = False
) -> Chart | None:
    """Draw the chart of figures, one a period and the oldest first; None where they can't have one.

    `unit` is one in the last digit that they are written with. With a lag the mean is zero, and rising or falling runs are no
    signal: after a change of level differences always rise or fall. Figures `at_a_date` are levels, such as a headcount.
    """
    points = figures
    if lag:
        pairs = zip(figures, figures[lag:], strict=False)
        points = [None if now is None or before is None else now - before for before, now in pairs]
    if len(points) < FEWEST or sum(point is None for point in points) > len(points) * _GAPS:
        return None
    known = [figure for figure in figures if figure is not None]
    zeros = sum(not figure for figure in known)
    is_rare = is_count and (sum(known) < _RARE_MEAN * len(known) or zeros >= _RARE_ZEROS * len(known))
    if is_rare or (at_a_date and autocorrelation(points) > _DRIFT):
        return None
    mean, lower, upper = compute_limits(points)
    spread = upper - mean
    if spread < _TO_LIMIT * unit or not spread:
        return None
    limits = Limits(Fraction(0), -spread, spread) if lag else Limits(mean, lower, upper)
    return Chart(tuple(points), limits, lag)


def compute_limits(points: Points) -> Limits:
    """The mean and limits of at least two points, once without moving ranges far above the others."""
    mean = _mean([point for point in points if point is not None])
    ranges = [abs(later - earlier) for earlier, later in _neighbours(points)]
    most = _SCREEN * _mean(ranges)
    spread = _TO_LIMIT * _mean([moving for moving in ranges if moving < most])
    return Limits(mean, mean - spread, mean + spread)


def _neighbours(points: Points) -> Iterator[tuple[Fraction, Fraction]]:
    return ((then, now) for then, now in pairwise(points) if then is not None and now is not None)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return Fraction(sum(values), len(values) or 1)


def autocorrelation(points: Points) -> Fraction:
    """The lag-one autocorrelation of the points, from -1 to 1; 0 if they don't vary."""
    known = [point for point in points if point is not None]
    mean = _mean(known)
    square = sum((point - mean) ** 2 for point in known)
    together = sum((earlier - mean) * (later - mean) for earlier, later in _neighbours(points))
    return Fraction(together, square or 1)


def find_signals(points: Points, limits: Limits, *, trends: bool = True) -> tuple[Signal | None, ...]:
    """The signal of each point; if several rules apply, the first of outside, trend, two of three, and shift."""
    signals: dict[int, Signal] = {}
    sides = [None if point is None else _sign(point - limits.mean) for point in points]
    for index, (point, side) in enumerate(zip(points, sides, strict=True)):
        if point is not None and side and not limits.lower <= point <= limits.upper:
            signals[index] = Signal(OUTSIDE, side)
    if trends:  # an equal point ends a run
        steps = [None if now is None or then is None else _sign(now - then) for then, now in pairwise(points)]
        for first, last, side in _runs(steps, RUN - 1):
            for index in range(first, last + 2):  # a step joins two points
                signals.setdefault(index, Signal(TREND, side))
    for index, side in _two_of_three(points, limits, sides):
        signals.setdefault(index, Signal(TWO_OF_THREE, side))
    for first, last, side in _runs(sides, RUN):  # a point exactly on the mean ends a run
        for index in range(first, last + 1):
            signals.setdefault(index, Signal(SHIFT, side))
    return tuple(map(signals.get, range(len(points))))


def _two_of_three(points: Points, limits: Limits, sides: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Two of three points in a row in the last third on the way to the limit, all three on the same side of the mean."""
    mean, spread = limits.mean, limits.upper - limits.mean
    least = spread * 2 / 3
    for first, side in enumerate(sides[:-2]):
        if side and sides[first : first + 3] == [side] * 3:
            window = enumerate(points[first : first + 3], first)
            near = [
                at for at, point in window if point is not None and least < (point - mean) * side <= spread
            ]
            if len(near) >= 2:
                yield from ((at, side) for at in near)


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _runs(signs: Sequence[int | None], least: int) -> Iterator[tuple[int, int, int]]:
    """Runs of at least this many equal signs, other than 0 or None: first index, last index and sign."""
    first = 0
    for sign, group in groupby(signs):
        after = first + len(list(group))
        if sign and after - first >= least:
            yield first, after - 1, sign
        first = after


def draw_usual(measure: Measure, newest: Observation) -> Chart | None:
    """Draw the chart of the periods up to a figure with a value; None if its series can't have one."""
    if measure.kind == CUMULATIVE or newest.queried:
        return None
    figures, lag = _in_steps(measure, newest, MOST)
    values = [figure.number for figure in figures if figure is not None]
    exponents = (value.as_tuple().exponent for value in values)
    unit = Fraction(10) ** max((exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    is_whole = all(value >= 0 and value % 1 == 0 for value in values)
    is_count = is_whole and measure.unit.kind == COUNT and measure.kind in {TOTAL, SNAPSHOT}
    points = [None if figure is None else Fraction(figure.number) for figure in figures]
    chart = draw_chart(points, unit, lag, is_count=is_count, at_a_date=at_a_date(measure))
    return chart and chart._replace(figures=tuple(figures[lag:]))


def ends_a_run(measure: Measure, newest: Observation) -> bool:
    """Whether the newest seven figures all rise or all fall, and each is compared with the one before."""
    if measure.kind == CUMULATIVE or compared_with(measure, newest.period) == SEASON:
        return False
    figures, _ = _in_steps(measure, newest, RUN)
    values = [figure.number for figure in figures if figure is not None]
    ways = {(later > earlier) - (later < earlier) for earlier, later in pairwise(values)}
    return len(values) == RUN and ways in ({1}, {-1})


class _Step(NamedTuple):
    """From the end of one period to the end of the next, in months, or in days if `months` is 0."""

    months: int
    days: int = 0

    def back(self, end: date, times: int) -> date:
        """The end of the period this many steps earlier."""
        return add_months(end, -self.months * times) - timedelta(days=self.days * times)

    @property
    def a_year(self) -> int:
        """How many periods a year has: 12 months, 4 quarters, 52 weeks; 0 if that is no whole number above one."""
        whole, part = (12, self.months) if self.months else (364, self.days)
        return whole // part if part < whole and whole % part == 0 else 0


@remember_last
def _beginnings(measure: Measure) -> list[tuple[date, date]]:
    """Where the series begins anew, by a break or a change of level."""
    begin = (figure for figure in measure.observations if figure.broken or step_at(measure, figure))
    return sorted(figure.period.order for figure in begin)


def _step(measure: Measure, newest: Observation, known: Sequence[Observation]) -> _Step | None:
    """The step between figures: the commonest at a date, else the length of their periods; None where these overlap."""
    if at_a_date(measure):
        times = Counter(_between(earlier.period.end, later.period.end) for earlier, later in pairwise(known))
        return max(times, key=lambda interval: times[interval], default=None)
    if any(later.period.start <= earlier.period.end for earlier, later in pairwise(known)):
        return None
    weeks = newest.period.weeks
    if newest.period.months and not (weeks and any(not figure.period.months for figure in known)):
        return _Step(newest.period.months)
    return _Step(0, weeks * 7) if weeks else None


def _between(earlier: date, later: date) -> _Step | None:
    """The step from one day to another in whole months, else in whole weeks, else None."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if months and add_months(later, -months) == earlier:
        return _Step(months)
    days = (later - earlier).days
    return _Step(0, days) if days and days % 7 == 0 else None


def _in_steps(measure: Measure, newest: Observation, most: int) -> tuple[Sequence[Observation | None], int]:
    """The figures of the last periods and of a year before, a step apart, None for what is missing or queried; and the lag."""
    alike = valued(measure) if at_a_date(measure) else as_long_as(valued(measure), newest.period)
    starts, last = _beginnings(measure), newest.period.end
    before = bisect_right(starts, newest.period.order)
    first = bisect_left(alike, starts[before - 1], key=by_order) if before else 0
    known = alike[first : bisect_right(alike, newest.period.order, key=by_order)]
    step = _step(measure, newest, known)
    if step is None:
        return (), 0
    lag = step.a_year if compared_with(measure, newest.period) == SEASON else 0
    oldest = next((figure.period.end for figure in known if not figure.queried), last)
    ends = [last]
    while len(ends) < most + lag and (end := step.back(last, len(ends))) >= oldest:
        ends.append(end)
    first = bisect_left(known, ends[-1], key=lambda figure: figure.period.end)
    by_end = {figure.period.end: figure for figure in known[first:] if not figure.queried}
    return [by_end.get(end) for end in reversed(ends)], lag
