"""Family 4xx: the periods of a series."""

from collections.abc import Iterator
from itertools import pairwise

from kpi.model.finding import ERROR, WARNING, FieldPath, Problem
from kpi.model.kpi import CUMULATIVE, SNAPSHOT, Kpi, Measure, Observation, identity
from kpi.model.period import length_words, period_words
from kpi.model.text import counted
from kpi.rules.rule import SAFE, UNSAFE, Context, about_kpi, raised


def series_of(measure: Measure) -> Iterator[tuple[FieldPath, tuple[Observation, ...]]]:
    """Every series written for a measure, the own area's and the peers', with its place in the file."""
    stem: FieldPath = ("measures", measure.id)
    if measure.derived is None and measure.observations:
        yield (*stem, "observations"), measure.observations
    for area, observations in measure.peers.items():
        yield (*stem, "peers", area), observations


@about_kpi("KPI402", "duplicate-period", ERROR)
def duplicate_period(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """One period is given twice in a series, even in two spellings.

    `2022/23` and `12 months to 2023-03` are the same days, so only one of the figures can be right. For figures at a
    date, two periods that end on the same day are the same.

    Keep the one that the source prints.
    """
    for measure in kpi.measures:
        for stem, observations in series_of(measure):
            seen: dict[object, Observation] = {}
            for one in observations:
                first = seen.setdefault(identity(one.period, measure.kind), one)
                if first is not one:
                    same = (
                        "are the same period"
                        if first.period.interval == one.period.interval
                        else "end on the same day"
                    )
                    message = f'"{first.key}" and "{one.key}" {same}.'
                    yield Problem(
                        duplicate_period.name, (*stem, one.key), message, "Keep one of the two.", on_key=True
                    )


@about_kpi("KPI404", "period-gap", WARNING, needs_whole=True)
def period_gap(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A month or quarter is missing inside a series of months or quarters.

    Readers can't tell a figure that was forgotten from one that never was. Yearly series may have gaps.

    Add the figure, or write the period with the mark `not-available`.
    """
    for measure in kpi.measures:
        if measure.kind in {SNAPSHOT, CUMULATIVE} and measure.frequency not in {"monthly", "quarterly"}:
            continue
        for stem, observations in series_of(measure):
            yield from _gaps(stem, observations)


def _gaps(stem: FieldPath, observations: tuple[Observation, ...]) -> Iterator[Problem]:
    for months in (1, 3):
        regular = [one for one in observations if one.period.months == months]
        steps = [_months_between(before, after) for before, after in pairwise(regular)]
        if steps.count(months) < max(2, len(steps) / 2):
            continue  # not a regular series: a gap would be a guess
        for (_, after), step in zip(pairwise(regular), steps, strict=True):
            missing = step // months - 1
            if missing > 0:
                message = f"{counted(missing, length_words(after.period))} missing just before {period_words(after.period)}."
                help_ = "Add the figures, or write the periods with marks: [not-available]."
                yield Problem(period_gap.name, (*stem, after.key), message, help_, on_key=True)


def _months_between(before: Observation, after: Observation) -> int:
    first, second = before.period.end, after.period.end
    return (second.year - first.year) * 12 + second.month - first.month


@about_kpi("KPI405", "future-period", ERROR)
def future_period(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A figure is for a period that has not ended yet, and isn't marked as a forecast.

    Nobody can have counted it yet, so the year is probably mistyped.

    Correct the period. If the figure is expected rather than counted, mark it `forecast`.
    """
    for measure in kpi.measures:
        for stem, observations in series_of(measure):
            for one in observations:
                if one.period.end > context.today and not one.forecast:
                    day = context.today.isoformat()
                    message = f"{one.key} has not ended yet (today is {day})."
                    help_ = "Is the year right? If it is expected rather than counted, add marks: [forecast]."
                    yield Problem(future_period.name, (*stem, one.key), message, help_, on_key=True)


@about_kpi("KPI406", "looks-like-a-year", WARNING, needs_whole=True, fix=UNSAFE)
def looks_like_a_year(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A month such as `2010-11` stands among years.

    It means November 2010. Where the year 2010/11 is meant, the figure would stand in the wrong place.

    If the year is meant, write it with a slash. If the month is right, an ignore comment can say so.
    """
    for measure in kpi.measures:
        for stem, observations in series_of(measure):
            years = {one.key for one in observations if one.period.months >= 12}
            if len(years) * 2 < len(observations):
                continue
            for one in observations:
                if one.period.form == "month" and one.period.start.year <= 2011:
                    year = _as_years(one.key)
                    message = f"Is {one.key} the month, {period_words(one.period)}? The other periods here are years."
                    help_ = f"If not, write {year}." if year else "If it is, nothing needs to change."
                    yield Problem(looks_like_a_year.name, (*stem, one.key), message, help_, year, on_key=True)


def _as_years(key: str) -> str | None:
    """What `2010-11` or `2009-11` may be meant for: 2010/11, or 2009 to 2011."""
    first, last = int(key[2:4]), int(key[5:7])
    if last == (first + 1) % 100:
        return f"{key[:4]}/{key[5:7]}"
    return f"{key[:4]} to {key[:2]}{key[5:7]}" if last > first else None


@about_kpi("KPI407", "since-start", ERROR)
def since_start(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """`since` stands on a measure that is no cumulative gain, or later than its first figure.

    Pages say what was gained since then, and that would be untrue.

    Correct the date, take `since` out, or write `kind: cumulative`.
    """
    for measure in kpi.measures:
        if measure.since is None:
            continue
        where = ("measures", measure.id, "since")
        if measure.kind != CUMULATIVE:
            message = f'"since" is for cumulative gains, but "{measure.id}" is of kind {measure.kind}.'
            yield Problem(since_start.name, where, message, "Take it out, or write kind: cumulative.")
        elif measure.observations and measure.since.start > measure.observations[0].period.end:
            first = measure.observations[0].key
            message = f"The gain counts since {measure.since.text}, but the first figure is for {first}."
            yield Problem(since_start.name, where, message, "Correct one of the two.")


RULES = (
    raised(
        "KPI401",
        "period-format",
        ERROR,
        """A period is written in another way than the format's own, or isn't in the calendar.

        One period has one spelling, so that figures can be put in order and compared.

        Write the period that the message shows. Common ones are `2022/23`, `2023`, `2024-01` and `12 months to
        2022-12`.""",
        fix=UNSAFE,
    ),
    duplicate_period,
    raised(
        "KPI403",
        "period-order",
        WARNING,
        """The figures of a series aren't written from the oldest to the newest.

        People look for the newest figure at the end, and add the next one there.

        Move the line to its place.""",
        fix=SAFE,
    ),
    period_gap,
    future_period,
    looks_like_a_year,
    since_start,
)
