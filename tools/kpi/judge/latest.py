"""Which figures count: up to the day, with a value, observed rather than forecast; the latest, the current, the history."""

from collections.abc import Iterable
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from kpi.judge.comparable import at_a_date, by_length
from kpi.judge.series import Series, of_the_last
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.period import add_months
from kpi.model.plan import Plan

CURRENT_MONTHS = 18
"""The latest figure of a length is current if it ends within this many months of the measure's newest."""


class Latest(NamedTuple):
    """The newest figure, and the periods written without a value whose place no later figure has taken."""

    observation: Observation | None
    without_value: tuple[Observation, ...]


def the_day(plan: Plan, kpis: Iterable[Kpi]) -> date:
    """The day that pages are written for: the later of the edition's date and the newest own figure's end.

    Forecasts don't count. No clock is read, so committed pages never change by themselves.
    """
    days = [newest_end(kpi) for kpi in kpis]
    if plan.edition.date:
        days.append(date.fromisoformat(plan.edition.date))
    return max(days, default=date.min)


def newest_end(kpi: Kpi) -> date:
    """The last day of the newest period for which a KPI has a figure of its own; the first of all days where it has none."""
    own = (
        next((one.period.end for one in reversed(measure.observations) if not one.forecast), date.min)
        for measure in kpi.measures
    )
    return max(own, default=date.min)


def up_to(measure: Measure, day: date) -> Measure:
    """The measure as it was known on a day: without figures, own or peers', whose period ends later. Forecasts stay."""
    peers = {area: _up_to(series, day) for area, series in measure.peers.items()}
    return measure._replace(observations=_up_to(measure.observations, day), peers=peers)


def _up_to(series: tuple[Observation, ...], day: date) -> tuple[Observation, ...]:
    if all(one.period.end <= day for one in series):
        return series
    return tuple(one for one in series if one.period.end <= day or one.forecast)


def reported(measure: Measure, missing: tuple[Observation, ...] = ()) -> tuple[Observation, ...]:
    """What was reported of each period, in the order of their ends: a figure, an assessment, or why there is none.

    `missing` are periods without a figure that stand among them.

    Of periods that end together those without a value come first: nothing newer is missing where one has it.
    """
    known = (one for one in measure.observations if not one.forecast)
    return tuple(
        sorted((*known, *missing), key=lambda one: (one.period.end, one.value is not None, one.period.start))
    )


def judgeable(measure: Measure) -> tuple[Observation, ...]:
    """The figures that may be judged, oldest first: observed, with a value or a written assessment."""
    return _judgeable(measure.observations)


@of_the_last
def _judgeable(series: Series) -> Series:
    return tuple(one for one in series if not one.forecast and (one.value is not None or one.assessment))


def valued(measure: Measure) -> tuple[Observation, ...]:
    """The figures that may be compared, oldest first: observed, with a value."""
    return _valued(measure.observations)


@of_the_last
def _valued(series: Series) -> Series:
    return tuple(one for one in series if not one.forecast and one.value is not None)


def latest(measure: Measure) -> Latest:
    """The figure with the greatest end date; at a tie the shortest. Later periods without a value are told beside it.

    Later than the newest figure, or than the current figure of their own length: 2023/24 may be missing although
    April 2024 is known.
    """
    known = judgeable(measure)
    newest = known[-1] if known else None
    of_length = () if at_a_date(measure) else current(measure)
    without = []
    for one in measure.observations:
        if one.value is None and not one.assessment and not one.forecast:
            before = next((each for each in of_length if each.period.is_as_long_as(one.period)), newest)
            if before is None or one.period.order > before.period.order:
                without.append(one)
    return Latest(newest, tuple(without))


def current(measure: Measure) -> tuple[Observation, ...]:
    """The latest figure of each length that ends within 18 months of the measure's newest; newest first."""
    return newest_of_each_length(judgeable(measure))


def newest_of_each_length(known: tuple[Observation, ...]) -> tuple[Observation, ...]:
    """Of figures in order, the latest of each length that ends within 18 months of the newest; newest first."""

    def is_recent(one: Observation) -> bool:
        return add_months(one.period.end, CURRENT_MONTHS) >= known[-1].period.end

    return tuple(group[0] for group in by_length(takewhile(is_recent, reversed(known))))


def history(measure: Measure) -> tuple[Observation, ...]:
    """Every judgeable figure that is not current, newest first."""
    now = set(current(measure))
    return tuple(one for one in reversed(judgeable(measure)) if one not in now)
