"""Family 5xx: per cents that may be fractions, and those without the numbers behind them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpi.model.finding import OFF, WARNING, Problem
from kpi.model.kpi import Kpi, Measure
from kpi.model.quantity import plain
from kpi.model.text import joined
from kpi.rules.rule import Context, about_kpi
from kpi.rules.unlike import fraction_words, fractions_among, large_targets
from kpi.rules.written import Series


@about_kpi("KPI503", "percent-or-fraction", WARNING, needs_whole=True)
def percent_or_fraction(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """Figures of a series in per cent, or its target, are below 1: 0.91 where 91 may be meant.

    Spreadsheets keep per cents as fractions, and a pasted 0.91 would be printed as 0.91%.

    Write them as per cents. If they are right, an ignore comment can say so.
    """
    for measure in kpi.measures:
        if not measure.unit.is_share or measure.derived is not None:
            continue
        everywhere = context.series_of(measure)
        if all(series.lowest > 1 for series in everywhere):
            yield from _fraction_target(measure)
            continue
        values = [value for series in everywhere for value in series.values]
        fractions, usual = fractions_among(values, large_targets(measure))
        if fractions:
            yield from _fractions(everywhere, fractions, usual)
        elif not any(0 < value < 1 for value in values):
            yield from _fraction_target(measure)


def _fractions(
    everywhere: Sequence[Series], fractions: frozenset[Decimal], usual: Decimal | None
) -> Iterator[Problem]:
    """The fractions: one problem for series that have nothing else, and one for each among per cents."""
    is_reported = False
    for series in everywhere:
        figures = [figure for figure in series.known if figure.value in fractions]
        has_nothing_else = usual is None or len(figures) == len(series.known)
        if figures and has_nothing_else and not is_reported:
            is_reported = True
            better = plain((series.values[0] * 100).normalize())
            help_ = f"With unit percent, write {better}."
            message = f"These look like fractions ({plain(series.values[0])})."
            yield Problem(percent_or_fraction.name, series.place(figures[0]), message, help_, better)
        if usual is None or has_nothing_else:
            continue
        for figure in figures:
            assert figure.value is not None
            message, better = fraction_words(figure.value, usual)
            yield Problem(percent_or_fraction.name, series.place(figure), message, f"Write {better}.", better)


def _fraction_target(measure: Measure) -> Iterator[Problem]:
    for number, target in enumerate(measure.targets):
        value = target.bound.value if target.bound else None
        if value is not None and target.bound is not None and 0 < value < 1:
            where = ("measures", measure.id, "targets", number, target.bound.how)
            better = plain((value * 100).normalize())
            message = f"The target looks like a fraction ({plain(value)}), but the figures are per cents."
            help_ = f"For {better} per cent write {better}."
            yield Problem(percent_or_fraction.name, where, message, help_, better)


@about_kpi("KPI509", "percent-alone", OFF, needs_whole=True)
def percent_alone(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """The newest figure, or the one before, is a per cent without the whole numbers behind it and without a margin.

    Five points of 20 people are one person, and of 20,000 they are a thousand. Where nobody knows which, only more than 5
    points are a clear change.

    Write beside each of the two figures of how many it is a share, as `denominator`, or the `margin` that the source prints.
    Many sources have neither.
    """
    from kpi.judge.change_class import SAME, UNJUDGED
    from kpi.judge.clear_change import is_share_alone
    from kpi.judge.direction import judge_directions

    for measure in kpi.measures:
        if not measure.unit.is_share or measure.derived is not None:
            continue
        for direction in judge_directions(measure.compared(context.plan.status.compare)):
            earlier, later = direction.earlier, direction.later
            is_judged_alone = direction.usual is None and direction.outcome not in {SAME, UNJUDGED}
            if earlier is None or not is_judged_alone or not is_share_alone(measure, earlier, later):
                continue
            bare = [figure.key for figure in (earlier, later) if figure.denominator is None]
            if bare:
                yield _without_numbers(measure, bare)


def _without_numbers(measure: Measure, bare: Sequence[str]) -> Problem:
    """The figures of these periods, one or two that are compared, have nothing beside their per cents."""
    has = "has" if len(bare) == 1 else "have"
    message = f"{joined(bare)} {has} no numbers behind the per cent and no margin, so only more than 5 points are a clear change."
    help_ = (
        'Add "denominator:" with the number of cases to it'
        if len(bare) == 1
        else 'Add "denominator:" with the number of cases to both'
    )
    where = ("measures", measure.id, "observations", bare[-1])
    return Problem(percent_alone.name, where, message, f'{help_}, or "margin:" to the measure.')


RULES = (percent_or_fraction, percent_alone)
