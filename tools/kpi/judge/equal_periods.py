"""The newest figures of a measure in equal steps of time, for a control chart."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from kpi.judge.comparable import as_long_as, at_a_date, step_at
from kpi.judge.latest import valued
from kpi.judge.memo import Series, remember_last
from kpi.model.kpi import Measure, Observation
from kpi.model.period import add_months

MOST = 36
"""How many periods a chart has at most."""


class Step(NamedTuple):
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


class EqualPeriods(NamedTuple):
    """Figures one step apart, oldest first; None for a period without a figure, or with a queried one.

    They are as many as a chart has at most, and those of the year before, against which seasons are charted.
    """

    figures: tuple[Observation | None, ...]
    step: Step


def take_equal_periods(measure: Measure, newest: Observation) -> EqualPeriods | None:
    """Take the figures up to `newest`, from the last break or change of level on, in equal steps.

    Args:
        measure: the measure as known on the day.
        newest: a figure of it with a value.

    Returns:
        The figures; None if periods overlap, or are neither whole months nor whole weeks.
    """
    start = _beginning(measure, newest)
    alike = valued(measure) if at_a_date(measure) else as_long_as(valued(measure), newest.period)
    first = bisect_left(alike, start, key=_order)
    last = bisect_right(alike, newest.period.order, key=_order)
    known = alike[first:last]
    if not at_a_date(measure) and _overlap(known):
        return None
    step = (
        _commonest(_intervals(valued(measure))[first + 1 : last])
        if at_a_date(measure)
        else _length(newest, known)
    )
    if step is None:
        return None
    return EqualPeriods(tuple(_in_steps(known, newest.period.end, step)), step)


def _in_steps(known: Sequence[Observation], last: date, step: Step) -> list[Observation | None]:
    oldest = next((figure.period.end for figure in known if not figure.queried), last)
    ends = [last]
    while len(ends) < MOST + step.a_year and (end := step.back(last, len(ends))) >= oldest:
        ends.append(end)
    first = bisect_left(known, ends[-1], key=lambda figure: figure.period.end)
    by_end = {figure.period.end: figure for figure in known[first:] if not figure.queried}
    return [by_end.get(end) for end in reversed(ends)]


def _order(figure: Observation) -> tuple[date, date]:
    return figure.period.order


def _beginning(measure: Measure, newest: Observation) -> tuple[date, date]:
    """The period in which the series of `newest` begins: its last break or change of level."""
    starts = _beginnings(measure)
    before = bisect_right(starts, newest.period.order)
    return starts[before - 1] if before else (date.min, date.min)


@remember_last
def _beginnings(measure: Measure) -> list[tuple[date, date]]:
    return sorted(
        figure.period.order for figure in measure.observations if figure.broken or step_at(measure, figure)
    )


def _overlap(known: Sequence[Observation]) -> bool:
    """Whether figures over a period share days, as rolling years do."""
    return any(later.period.start <= earlier.period.end for earlier, later in pairwise(known))


def _commonest(intervals: Sequence[Step | None]) -> Step | None:
    """The commonest of some intervals: the step between figures at a date."""
    times = Counter(intervals)
    return max(times, key=lambda interval: times[interval], default=None)


@remember_last
def _intervals(series: Series) -> list[Step | None]:
    """From each figure's predecessor to the figure; None for the first."""
    return [None, *(_between(earlier.period.end, later.period.end) for earlier, later in pairwise(series))]


def _length(newest: Observation, known: Sequence[Observation]) -> Step | None:
    """The length of periods as the step between them."""
    weeks = newest.period.weeks
    if newest.period.months and not (weeks and any(not figure.period.months for figure in known)):
        return Step(newest.period.months)
    return Step(0, weeks * 7) if weeks else None


def _between(earlier: date, later: date) -> Step | None:
    """The step from one day to another in whole months, else in whole weeks, else None."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if months and add_months(later, -months) == earlier:
        return Step(months)
    days = (later - earlier).days
    return Step(0, days) if days and days % 7 == 0 else None
