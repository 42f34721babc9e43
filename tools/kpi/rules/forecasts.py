"""Family 4xx: periods that are not over, and forecasts."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from kpi.judge.comparable import at_a_date
from kpi.judge.freshness import add_lag
from kpi.model.finding import ERROR, WARNING, Problem
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.period import of_right_year, span_words
from kpi.rules.rule import Context, about_kpi
from kpi.rules.written import Series


@about_kpi("KPI405", "future-period", ERROR)
def future_period(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A figure is for a period that has not ended yet, and isn't marked as a forecast.

    Nobody can have counted it yet, so the year is probably mistyped.

    Correct the period. If the figure is expected rather than counted, mark it `forecast`.
    """
    for _, series in context.series_in(kpi):
        if series.ends[-1] <= context.today:
            continue
        for before, figure in pairwise((series.observations[0], *series.observations)):
            if figure.period.end <= context.today or figure.forecast:
                continue
            message = f"{figure.key} has not ended yet (today is {context.today.isoformat()})."
            meant = of_right_year(figure.period, before.period)
            instead = meant.text if meant is not None and meant.end <= context.today else None
            help_ = f"Is the year right? {f'If not, write {instead}. ' if instead else ''}{_OR_EXPECTED}"
            yield Problem(
                future_period.name, (*series.where, figure.key), message, help_, instead, on_key=True
            )


_OR_EXPECTED = "If it is expected rather than counted, add marks: [forecast]."


@about_kpi("KPI408", "forecast-over", WARNING)
def forecast_over(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A period is over and its figure was due, but it is still a forecast.

    A forecast is never judged by a target. If it stays, it hides that a figure is missing: the page lists it as overdue.

    Write the actual figure, and remove `forecast` from the marks. If nobody knows it yet, write `{marks: [not-available]}`.
    """
    for measure, series, figure in _forecasts(kpi, context):
        due = add_lag(figure.period.end, measure.lag)
        if due >= context.today or _real_after(figure, series, measure, context.today) is not None:
            continue
        ended = span_words(figure.period.end, figure.period.end)
        was_due = f", and its figure was due by {span_words(due, due)}" if due > figure.period.end else ""
        message = f"{figure.key} ended on {ended}{was_due}, but its figure is still a forecast."
        yield Problem(forecast_over.name, (*series.where, figure.key), message, _CAME_OUT, on_key=True)


_CAME_OUT = 'Write the actual figure, and remove "forecast" from the marks. If nobody knows it yet, write {marks: [not-available]}.'


@about_kpi("KPI409", "forecast-overtaken", ERROR)
def forecast_overtaken(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A forecast comes before a later figure that was counted.

    The later figure is known, so this one is known too, or never will be. As a forecast it is judged by no target, and a miss
    would not be seen.

    Write the actual figure, and remove `forecast` from the marks. If nobody knows it, write `{marks: [not-available]}`.
    """
    for measure, series, figure in _forecasts(kpi, context):
        later = _real_after(figure, series, measure, context.today)
        if later is not None:
            message = (
                f"{figure.key} is a forecast, but there is a later figure that is none, for {later.key}."
            )
            yield Problem(
                forecast_overtaken.name, (*series.where, figure.key), message, _CAME_OUT, on_key=True
            )


def _forecasts(kpi: Kpi, context: Context) -> Iterator[tuple[Measure, Series, Observation]]:
    for measure, series in context.series_in(kpi):
        if series.has_forecast:
            yield from ((measure, series, figure) for figure in series.observations if figure.forecast)


def _real_after(expected: Observation, series: Series, measure: Measure, today: date) -> Observation | None:
    """The first later figure that is no forecast. One of another length counts once the expected figure was due."""
    was_due = at_a_date(measure) or add_lag(expected.period.end, measure.lag) < today
    return next(
        (
            figure
            for figure in series.observations
            if figure.period.end > expected.period.end
            and not figure.forecast
            and (figure.value is not None or figure.assessment)
            and (was_due or figure.period.length == expected.period.length)
        ),
        None,
    )


RULES = (future_period, forecast_over, forecast_overtaken)
