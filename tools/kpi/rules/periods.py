"""Family 4xx: the periods of a series, those that are not over, and forecasts."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from operator import itemgetter, sub

from kpi.judge.series import add_lag, at_a_date
from kpi.model.finding import ERROR, WARNING, Problem
from kpi.model.kpi import CUMULATIVE, SHARE, TOTAL, Kpi, Measure, Observation, identity
from kpi.model.period import of_right_year, period_words, span_words
from kpi.model.text import counted
from kpi.model.vocabulary import FREQUENCIES
from kpi.rules.rule import UNSAFE, Context, Series, about_kpi, problem_at, repeats

_CAME_OUT = 'Write the actual figure, and remove "forecast" from the marks. If nobody knows it yet, write {marks: [not-available]}.'
_USUAL = {"fy": "a financial year", "rolling": "a stretch of months up to its end"}
_KINDS = {"month": "a month", "day": "a day", "year": "a calendar year"}
_GAPLESS = frozenset({1, 3, 6})  # months of the periods that come without gaps; years may have them
_FORGOTTEN = range(2, 6)  # months between two that are alone: those in between are missing


@about_kpi("KPI402", "duplicate-period", ERROR)
def duplicate_period(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """One period is given twice in a series, even in two spellings.
    `2022/23` and `12 months to 2023-03` are the same days, so only one of the figures can be right. For figures at a
      date, two periods that end on the same day are the same.
    Keep the one that the source prints."""
    for measure, series in context.series_in(kpi):
        several = series.observations if len(set(series.ends)) < len(series.ends) else ()
        days = ((identity(figure.period, measure.kind), figure) for figure in several)
        for (_, first), (_, second) in repeats(days, itemgetter(0)):
            is_same = first.period.interval == second.period.interval
            message = f'"{first.key}" and "{second.key}" {"are the same period" if is_same else "end on the same day"}.'
            yield problem_at((*series.where, second.key), message, "Keep one of the two.", on_key=True)


@about_kpi("KPI404", "period-gap", WARNING, needs_whole=True)
def period_gap(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A month, quarter, half-year or week is missing from a series of them, or a part has a figure and its whole has none.
    Readers can't tell a figure that was forgotten from one that never was. Yearly series may have gaps.
    Add the figure, or write the period with the mark `not-available`."""
    yield from _parts_alone(kpi)
    for measure, series in context.series_in(kpi):
        frequency = FREQUENCIES.get(measure.frequency)
        may_have_gaps = frequency is None or frequency.months > max(_GAPLESS)
        if not (at_a_date(measure) and may_have_gaps):
            for months in series.lengths & _GAPLESS:
                yield from _gaps(series, context.today, months)
            if frequency and frequency.days and 0 in series.lengths:
                yield from _gaps(series, context.today, 0, frequency.days)


def _parts_alone(kpi: Kpi) -> Iterator[Problem]:
    """Figures of parts that are newer than every figure of the whole that they are a part of."""
    written = [measure for measure in kpi.measures if measure.observations and measure.derived is None]
    newest = {measure.id: measure.observations[-1] for measure in written}
    pairs = {(check.whole, part) for check in kpi.checks if check.kind != "median" for part in check.parts}
    shares = [measure.derived for measure in kpi.measures if measure.derived and measure.derived.how == SHARE]
    pairs |= {(whole, part) for share in shares for whole in share.second for part in share.first}
    for whole, part in sorted(pair for pair in pairs if newest.keys() >= {*pair}):
        key, period = newest[part].key, newest[part].period
        if newest[part].value is not None and period.end > newest[whole].period.end:
            message = f'{key} has a figure for "{part}", but none for "{whole}", of which it is a part.'
            help_ = f'Add the figure to "{whole}", or write it with marks: [not-available].'
            yield problem_at(("measures", part, "observations", key), message, help_, on_key=True)


def _gaps(series: Series, today: date, months: int, days: int = 0) -> Iterator[Problem]:
    """The gaps among the periods of a length in months; if that is 0, among those that end so many days apart."""
    regular, ends = series.observations, series.ends
    if len(series.lengths) > 1:
        regular = tuple(figure for figure in regular if figure.period.months == months)
        ends = tuple(figure.period.end for figure in regular)
    numbers = [end.year * 12 + end.month if months else end.toordinal() for end in ends]
    steps = list(map(sub, numbers[1:], numbers))
    usual = months or days
    are_two_months = months == 1 and len(steps) == 1 and steps[0] in _FORGOTTEN
    is_sure = are_two_months or steps.count(usual) >= max(2, len(steps) / 2)
    if max(steps, default=0) < 2 * usual or not is_sure:
        return  # no gap; or not a regular series, where a gap would be a guess
    noun = next(each.period for each in FREQUENCIES.values() if (each.months, each.days) == (months, days))
    for after, step in zip(regular[1:], steps, strict=True):
        missing = step // usual - 1
        is_mistyped = after.period.end > today and not after.forecast  # future-period tells it
        if missing > 0 and not is_mistyped:
            message = f"{counted(missing, noun)} missing just before {period_words(after.period)}."
            help_ = "Add the figures, or write the periods with marks: [not-available]."
            yield problem_at((*series.where, after.key), message, help_, on_key=True)


@about_kpi("KPI406", "looks-like-a-year", WARNING, needs_whole=True, fix=UNSAFE)
def looks_like_a_year(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A month such as `2010-11` is among years, or the newest figure alone is for another kind of period.
    `2010-11` means November 2010. If the year 2010/11 is meant, the figure would be in the wrong place. A calendar year among
      financial years, or a day among months, can't be compared with the others.
    If the year is meant, write it with a slash. If the period is right, an ignore comment or a note on the figure can say so."""
    for measure, series in context.series_in(kpi):
        yield from _of_another_kind(measure, series)
        has_years = max(series.lengths) >= 12
        years = sum(figure.period.months >= 12 for figure in series.observations) if has_years else 0
        for figure in series.observations if years * 2 >= len(series.observations) else ():
            if figure.period.form == "month" and figure.period.start.year <= 2011:
                year = _as_years(figure.key)
                message = f"Is {figure.key} the month, {period_words(figure.period)}? The other periods here are years."
                help_ = f"If not, write {year}." if year else "If it is, nothing needs to change."
                yield problem_at((*series.where, figure.key), message, help_, year, on_key=True)


def _of_another_kind(measure: Measure, series: Series) -> Iterator[Problem]:
    """The newest figure, if it alone is for a month, a day or a calendar year and all others are alike."""
    *others, newest = series.observations
    form = newest.period.form
    if len(others) < 2 or newest.note or form not in _KINDS or form == others[-1].period.form:
        return
    forms = {figure.period.form for figure in others}
    is_at_a_date = at_a_date(measure)
    usual = _USUAL.get(*forms) if len(forms) == 1 else None
    if usual and (measure.kind == TOTAL or form == "year"):
        message = f"{newest.key} is {_KINDS[form]}, but every other period here is {usual}."
    elif not is_at_a_date and form == "day" and "day" not in forms and others[-1].period.form == "month":
        message = f"{newest.key} is a day, but the figure before is for a month."
    else:
        return
    help_ = "Write the period that the figure covers. If it is right, say so in a note on the figure."
    yield problem_at((*series.where, newest.key), message, help_, on_key=True)


def _as_years(key: str) -> str | None:
    """What `2010-11` or `2009-11` may be meant for: 2010/11, or 2009 to 2011."""
    first, last = int(key[2:4]), int(key[5:7])
    if last == (first + 1) % 100:
        return f"{key[:4]}/{key[5:7]}"
    return f"{key[:4]} to {key[:2]}{key[5:7]}" if last > first else None


@about_kpi("KPI407", "since-start", ERROR)
def since_start(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """`since` is on a measure that is no cumulative gain, or is later than its first figure.
    Pages say what was gained since then, and that would be untrue.
    Correct the date, remove `since`, or write `kind: cumulative`."""
    for measure in kpi.measures:
        since, firsts = measure.since, measure.observations[:1]
        where = ("measures", measure.id, "since")
        if since is not None and measure.kind != CUMULATIVE:
            message = f'"since" is for cumulative gains, but "{measure.id}" is of kind {measure.kind}.'
            yield problem_at(where, message, "Take it out, or write kind: cumulative.")
        elif since is not None and firsts and since.start > firsts[0].period.end:
            message = f"The gain counts since {since.text}, but the first figure is for {firsts[0].key}."
            yield problem_at(where, message, "Correct one of the two.")


@about_kpi("KPI410", "step-period", ERROR)
def step_period(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A `step` names a period without a figure, the first figure of all, or one that is marked `break`.
    A real change of level begins at a figure, and needs a level before it. At a break nothing is compared, so nobody can see
      whether the level changed.
    Name the first period on the new level, as it is written in `observations`. Of a step and a break keep the one that is
      true: a break is a change of counting."""
    for measure in (each for each in kpi.measures if each.steps and context.whole):
        known = [figure for figure in measure.observations if figure.value is not None]
        keys = {identity(figure.period, measure.kind): number for number, figure in enumerate(known)}
        for period, _ in measure.steps:
            number = keys.get(identity(period, measure.kind))
            if not number or known[number].broken:
                message = f"{period.text} has no figure, is the first figure or is marked as a break, so no change of level can be seen there."
                help_ = "Name the first period with a figure on the new level, or take the step out."
                yield problem_at(("measures", measure.id, "step", period.text), message, help_, on_key=True)


@about_kpi("KPI405", "future-period", ERROR)
def future_period(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A figure is for a period that has not ended yet, and isn't marked as a forecast.
    Nobody can have counted it yet, so the year is probably mistyped.
    Correct the period. If the figure is expected rather than counted, mark it `forecast`."""
    for _, series in context.series_in(kpi):
        coming = series.observations if series.ends[-1] > context.today else ()
        for before, figure in pairwise((*coming[:1], *coming)):
            if figure.period.end <= context.today or figure.forecast:
                continue
            message = f"{figure.key} has not ended yet (today is {context.today.isoformat()})."
            meant = of_right_year(figure.period, before.period)
            instead = meant.text if meant is not None and meant.end <= context.today else None
            help_ = f"Is the year right? {f'If not, write {instead}. ' if instead else ''}If it is expected rather than counted, add marks: [forecast]."
            yield problem_at((*series.where, figure.key), message, help_, instead, on_key=True)


@about_kpi("KPI408", "forecast-over", WARNING)
def forecast_over(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A period is over and its figure was due, but it is still a forecast.
    A forecast is never judged by a target. If it stays, it hides that a figure is missing: the page lists it as overdue.
    Write the actual figure, and remove `forecast` from the marks. If nobody knows it yet, write `{marks: [not-available]}`."""
    for measure, series, figure, later in _forecasts(kpi, context):
        due = add_lag(figure.period.end, measure.lag)
        if due < context.today and later is None:
            ended = span_words(figure.period.end, figure.period.end)
            was_due = f", and its figure was due by {span_words(due, due)}" * (due > figure.period.end)
            message = f"{figure.key} ended on {ended}{was_due}, but its figure is still a forecast."
            yield problem_at((*series.where, figure.key), message, _CAME_OUT, on_key=True)


@about_kpi("KPI409", "forecast-overtaken", ERROR)
def forecast_overtaken(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A forecast comes before a later figure that was counted.
    The later figure is known, so this one is known too, or never will be. As a forecast it is judged by no target, and a miss
      would not be seen.
    Write the actual figure, and remove `forecast` from the marks. If nobody knows it, write `{marks: [not-available]}`."""
    for _, series, figure, later in _forecasts(kpi, context):
        if later is not None:
            there = f"there is a later figure that is none, for {later.key}"
            message = f"{figure.key} is a forecast, but {there}."
            yield problem_at((*series.where, figure.key), message, _CAME_OUT, on_key=True)


def _forecasts(
    kpi: Kpi, context: Context
) -> Iterator[tuple[Measure, Series, Observation, Observation | None]]:
    """The forecasts, each with the first later figure that is none. One of another length counts once the forecast was due."""
    for measure, series in context.series_in(kpi):
        for figure in series.observations if series.has_forecast else ():
            was_due = at_a_date(measure) or add_lag(figure.period.end, measure.lag) < context.today
            later = (
                other
                for other in series.observations
                if other.period.end > figure.period.end
                and not other.forecast
                and (other.value is not None or other.assessment)
                and (was_due or other.period.length == figure.period.length)
            )
            if figure.forecast:
                yield measure, series, figure, next(later, None)
