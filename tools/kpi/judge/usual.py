"""A measure's usual range: its control chart up to a figure."""

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kpi.judge.comparable import at_a_date, compared_with
from kpi.judge.control_chart import RUN, Chart, Conditions, draw_against_season, draw_chart
from kpi.judge.equal_periods import MOST, EqualPeriods, take_equal_periods
from kpi.model.kpi import CUMULATIVE, SEASON, SNAPSHOT, TOTAL, Measure, Observation


class Usual(NamedTuple):
    """A control chart that ends with a figure.

    Attributes:
        chart: its points; with a `lag` each is a figure less the one a year before.
        figures: the figures of the same periods.
        lag: how many periods a year has if seasons are taken out; else 0.
    """

    chart: Chart
    figures: tuple[Observation | None, ...]
    lag: int = 0

    @property
    def since(self) -> Observation | None:
        """The first figure of the run that the newest signal is part of; None if the newest figure is usual."""
        return next((figure for figure in self.figures[self.chart.since :] if figure is not None), None)


def draw_usual(measure: Measure, newest: Observation) -> Usual | None:
    """Draw the chart of the periods up to a figure with a value; None if its series can't have one."""
    if measure.kind == CUMULATIVE or newest.queried:
        return None
    series = take_equal_periods(measure, newest)
    if series is None:
        return None
    lag = series.step.a_year if compared_with(measure, newest.period) == SEASON else 0
    if lag:
        return _against_season(measure, series, lag)
    figures = series.figures[-MOST:]
    chart = draw_chart(_values(figures), _conditions(measure, figures))
    return None if isinstance(chart, str) else Usual(chart, figures)


def _against_season(measure: Measure, series: EqualPeriods, lag: int) -> Usual | None:
    figures = series.figures[-MOST - lag :]
    chart = draw_against_season(_values(figures), lag, _conditions(measure, figures))
    return None if isinstance(chart, str) else Usual(chart, figures[lag:], lag)


def _values(figures: tuple[Observation | None, ...]) -> list[Fraction | None]:
    return [None if figure is None or figure.value is None else Fraction(figure.value) for figure in figures]


def _conditions(measure: Measure, figures: tuple[Observation | None, ...]) -> Conditions:
    values = [figure.value for figure in figures if figure is not None and figure.value is not None]
    places = (value.as_tuple().exponent for value in values)
    unit = Fraction(10) ** max((place for place in places if isinstance(place, int)), default=0)
    is_count = measure.unit.kind == "count" and all(value >= 0 and value % 1 == 0 for value in values)
    return Conditions(unit, is_count and measure.kind in {TOTAL, SNAPSHOT}, at_a_date(measure))


def run_of_steps(measure: Measure, newest: Observation) -> int:
    """1 or -1 if the newest seven figures all rise or all fall, and each is compared with the one before; else 0."""
    if measure.kind == CUMULATIVE or compared_with(measure, newest.period) == SEASON:
        return 0
    series = take_equal_periods(measure, newest)
    values = _values(series.figures[-RUN:]) if series is not None else []
    known = [value for value in values if value is not None]
    if len(known) < RUN:
        return 0
    steps = {(later > earlier) - (later < earlier) for earlier, later in pairwise(known)}
    return steps.pop() if len(steps) == 1 else 0
