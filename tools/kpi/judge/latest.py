"""Which figures count on a day: with a value, and observed rather than forecast; the latest, current and past ones."""

from collections.abc import Iterable
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from kpi.judge.comparable import at_a_date
from kpi.judge.series import Series, by_length, remember_last
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.period import add_months
from kpi.model.plan import Plan

CURRENT_MONTHS = 18
"""A length's latest figure is current if it ends within this many months of the measure's newest."""


class Latest(NamedTuple):
    """The newest figure, and the later periods that have no value."""

    observation: Observation | None
    without_value: tuple[Observation, ...]


def pages_day(plan: Plan, kpis: Iterable[Kpi]) -> date:
    """The day that pages are written for: the later of the edition's date and the end of the newest own figure.

    Forecasts don't count. No clock is read, so committed pages don't change by themselves.
    """
    days = [newest_end(kpi) for kpi in kpis]
    if plan.edition.date:
        days.append(date.fromisoformat(plan.edition.date))
    return max(days, default=date.min)


def newest_end(kpi: Kpi) -> date:
    """The last day of a KPI's newest own figure; `date.min` if it has none."""
    figures = (figure for measure in kpi.measures for figure in measure.observations)
    return max((figure.period.end for figure in figures if not figure.forecast), default=date.min)


def known_by(measure: Measure, day: date) -> Measure:
    """The measure as known on a day: without own or peers' figures whose period ends later. Forecasts stay."""
    peers = {area: _up_to(series, day) for area, series in measure.peers.items()}
    return measure._replace(observations=_up_to(measure.observations, day), peers=peers)


def _up_to(series: tuple[Observation, ...], day: date) -> tuple[Observation, ...]:
    if all(figure.period.end <= day for figure in series):
        return series
    return tuple(figure for figure in series if figure.period.end <= day or figure.forecast)


def reported(measure: Measure, missing: tuple[Observation, ...] = ()) -> tuple[Observation, ...]:
    """What was reported for each period, in the order of their ends: a figure, an assessment, or why there is none.

    `missing` adds overdue periods without a figure. Of periods that end together, those without a value come first, because
    nothing newer is missing if one has it.
    """
    known = (figure for figure in measure.observations if not figure.forecast)
    return tuple(
        sorted(
            (*known, *missing),
            key=lambda figure: (figure.period.end, figure.value is not None, figure.period.start),
        )
    )


@remember_last
def judgeable(measure: Measure) -> Series:
    """The figures that may be judged, oldest first: observed, with a value or a written assessment."""
    return tuple(figure for figure in measure.observations if figure.observed)


@remember_last
def valued(measure: Measure) -> Series:
    """The figures that may be compared, oldest first: observed, with a value."""
    return tuple(
        figure for figure in measure.observations if not figure.forecast and figure.value is not None
    )


def find_latest(measure: Measure) -> Latest:
    """The figure that ends last, at a tie the shortest, and the later periods without a value.

    Later means after the newest figure, or after the current one of the same length: 2023/24 may be missing although April 2024
    is known.
    """
    known = judgeable(measure)
    newest = known[-1] if known else None
    of_length = () if at_a_date(measure) else current_figures(measure)
    without = []
    for figure in measure.observations:
        if not figure.has_figure and not figure.forecast:
            before = next((each for each in of_length if each.period.is_as_long_as(figure.period)), newest)
            if before is None or figure.period.order > before.period.order:
                without.append(figure)
    return Latest(newest, tuple(without))


def current_figures(measure: Measure) -> tuple[Observation, ...]:
    """The latest figure of each length that ends within 18 months of the measure's newest; newest first."""
    return newest_of_each_length(judgeable(measure))


def newest_of_each_length(known: tuple[Observation, ...]) -> tuple[Observation, ...]:
    """The latest of each length that ends within 18 months of the newest of these ordered figures; newest first."""

    def is_recent(figure: Observation) -> bool:
        return add_months(figure.period.end, CURRENT_MONTHS) >= known[-1].period.end

    return tuple(group[0] for group in by_length(takewhile(is_recent, reversed(known))))
