"""A measure's usual range: the control chart of its newest figures in equal steps of time."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kpi.judge.control_chart import RUN, Chart, Conditions, draw_chart
from kpi.judge.series import Series, as_long_as, at_a_date, compared_with, remember_last, step_at, valued
from kpi.model.kpi import CUMULATIVE, SEASON, SNAPSHOT, TOTAL, Measure, Observation
from kpi.model.period import add_months
from kpi.model.quantity import COUNT

MOST = 36
"""How many periods a chart has at most."""

_Figures = list[Observation | None]
"""Figures one step apart, oldest first; None for a period without a figure, or with a queried one."""


class Usual(NamedTuple):
    """A control chart that ends with a figure."""

    chart: Chart  # its points; with a `lag` each is a figure less the one a year before
    figures: tuple[Observation | None, ...]
    lag: int = 0  # how many periods a year has if seasons are taken out; else 0

    @property
    def since(self) -> Observation | None:
        """The first figure of the run that the newest signal is part of; None if the newest figure is usual."""
        return next((figure for figure in self.figures[self.chart.since :] if figure is not None), None)


def draw_usual(measure: Measure, newest: Observation) -> Usual | None:
    """Draw the chart of the periods up to a figure with a value; None if its series can't have one."""
    if measure.kind == CUMULATIVE or newest.queried:
        return None
    known = _one_length(measure, newest)
    step = _step(measure, newest, known)
    if step is None:
        return None
    lag = step.a_year if compared_with(measure, newest.period) == SEASON else 0
    figures = _in_steps(known, newest.period.end, step, MOST + lag)
    values = [figure.value for figure in figures if figure is not None and figure.value is not None]
    places = (value.as_tuple().exponent for value in values)
    unit = Fraction(10) ** max((place for place in places if isinstance(place, int)), default=0)
    is_whole = all(value >= 0 and value % 1 == 0 for value in values)
    is_count = is_whole and measure.unit.kind == COUNT and measure.kind in {TOTAL, SNAPSHOT}
    chart = draw_chart(_values(figures), Conditions(unit, is_count, at_a_date(measure)), lag)
    return None if isinstance(chart, str) else Usual(chart, tuple(figures[lag:]), lag)


def ends_a_run(measure: Measure, newest: Observation) -> bool:
    """Whether the newest seven figures all rise or all fall, and each is compared with the one before."""
    if measure.kind == CUMULATIVE or compared_with(measure, newest.period) == SEASON:
        return False
    known = _one_length(measure, newest)
    step = _step(measure, newest, known)
    values = _values(_in_steps(known, newest.period.end, step, RUN)) if step is not None else []
    usable = [value for value in values if value is not None]
    ways = {(later > earlier) - (later < earlier) for earlier, later in pairwise(usable)}
    return len(usable) == RUN and ways in ({1}, {-1})


class _Step(NamedTuple):
    """From the end of one period to the end of the next, in months, or in days if `months` is 0."""

    months: int
    days: int = 0

    def back(self, end: date, times: int) -> date:
        """The end of the period this many steps earlier."""
        if self.months:
            return add_months(end, -self.months * times)
        return end - timedelta(days=self.days * times)

    @property
    def a_year(self) -> int:
        """How many periods a year has: 12 months, 4 quarters, 52 weeks; 0 if that is no whole number above one."""
        whole, part = (12, self.months) if self.months else (364, self.days)
        return whole // part if part < whole and whole % part == 0 else 0


def _one_length(measure: Measure, newest: Observation) -> Sequence[Observation]:
    """The figures of the same length up to `newest`, from the last break or change of level on."""
    starts = _beginnings(measure)
    before = bisect_right(starts, newest.period.order)
    alike = valued(measure) if at_a_date(measure) else as_long_as(valued(measure), newest.period)
    first = bisect_left(alike, starts[before - 1], key=_order) if before else 0
    return alike[first : bisect_right(alike, newest.period.order, key=_order)]


@remember_last
def _beginnings(measure: Measure) -> list[tuple[date, date]]:
    begin = (figure for figure in measure.observations if figure.broken or step_at(measure, figure))
    return sorted(map(_order, begin))


def _order(figure: Observation) -> tuple[date, date]:
    return figure.period.order


def _step(measure: Measure, newest: Observation, known: Sequence[Observation]) -> _Step | None:
    """The step between figures: the commonest at a date, else the length of their periods; None where these overlap."""
    if at_a_date(measure):
        last = bisect_right(valued(measure), newest.period.order, key=_order)
        times = Counter(_intervals(valued(measure))[last - len(known) + 1 : last])
        return max(times, key=lambda interval: times[interval], default=None)
    if any(later.period.start <= earlier.period.end for earlier, later in pairwise(known)):
        return None
    weeks = newest.period.weeks
    if newest.period.months and not (weeks and any(not figure.period.months for figure in known)):
        return _Step(newest.period.months)
    return _Step(0, weeks * 7) if weeks else None


@remember_last
def _intervals(series: Series) -> list[_Step | None]:
    return [None, *(_between(earlier.period.end, later.period.end) for earlier, later in pairwise(series))]


def _between(earlier: date, later: date) -> _Step | None:
    """The step from one day to another in whole months, else in whole weeks, else None."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if months and add_months(later, -months) == earlier:
        return _Step(months)
    days = (later - earlier).days
    return _Step(0, days) if days and days % 7 == 0 else None


def _in_steps(known: Sequence[Observation], last: date, step: _Step, most: int) -> _Figures:
    """The figures of the last periods, at most so many, each a step before the next."""
    oldest = next((figure.period.end for figure in known if not figure.queried), last)
    ends = [last]
    while len(ends) < most and (end := step.back(last, len(ends))) >= oldest:
        ends.append(end)
    first = bisect_left(known, ends[-1], key=lambda figure: figure.period.end)
    by_end = {figure.period.end: figure for figure in known[first:] if not figure.queried}
    return [by_end.get(end) for end in reversed(ends)]


def _values(figures: _Figures) -> list[Fraction | None]:
    return [None if figure is None or figure.value is None else Fraction(figure.value) for figure in figures]
