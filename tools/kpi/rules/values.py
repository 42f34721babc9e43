"""Family 5xx: the values of figures, one by one and against each other."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from kpi.model.finding import ERROR, WARNING, FieldPath, Problem
from kpi.model.kpi import CUMULATIVE, Kpi, Measure, Observation
from kpi.model.quantity import decimals_of, plain, rounded
from kpi.rules.periods import series_of
from kpi.rules.rule import UNSAFE, Context, about_kpi, raised

HALF = Fraction(1, 2)


def _values(measure: Measure) -> Iterator[tuple[FieldPath, Observation, Decimal]]:
    """Every figure with a value, the own area's and the peers', with the place of its series."""
    for stem, observations in series_of(measure):
        for one in observations:
            if one.value is not None:
                yield stem, one, one.value


def _place(stem: FieldPath, one: Observation) -> FieldPath:
    """The place of a figure's number."""
    return (*stem, one.key, "value")


@about_kpi("KPI502", "percent-range", ERROR)
def percent_range(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A share is below 0 or above 100 per cent.

    No share can be: it is mistyped, or it is something else.

    Check the figure. A change in per cent is no share and has a named unit: `{name: "per cent change"}`.
    """
    for measure in kpi.measures:
        if measure.unit.kind != "percent":
            continue
        for stem, one, value in _values(measure):
            if not 0 <= value <= 100:
                side = "more than 100" if value > 100 else "less than 0"
                message = f"{plain(value)} is {side} per cent, which no share can be."
                help_ = 'Check the figure. For a change in per cent write unit: {name: "per cent change"}.'
                yield Problem(percent_range.name, _place(stem, one), message, help_)


@about_kpi("KPI507", "negative-value", ERROR)
def negative_value(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A count or a duration is below zero.

    Only a cumulative gain may be: then it is a loss.

    Check the figure, or write `kind: cumulative`.
    """
    for measure in kpi.measures:
        if measure.unit.kind not in {"count", "duration"} or measure.kind == CUMULATIVE:
            continue
        for stem, one, value in _values(measure):
            if value < 0:
                message = f"A {measure.unit.kind} can't be below zero, but this is {plain(value)}."
                yield Problem(negative_value.name, _place(stem, one), message, "Check the figure.")


@about_kpi("KPI503", "percent-or-fraction", WARNING, needs_whole=True)
def percent_or_fraction(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """All figures of a series in per cent, or its target, are below 1: 0.91 where 91 may be meant.

    Spreadsheets keep per cents as fractions, and a pasted 0.91 would be printed as 0.91%.

    Write them as per cents. If they are right, an ignore comment can say so.
    """
    for measure in kpi.measures:
        if measure.unit.kind != "percent" or measure.derived is not None:
            continue
        pasted = _pasted(measure)
        if pasted is not None:
            where, value = pasted
            better = plain((value * 100).normalize())
            message = f"These look like fractions ({plain(value)})."
            yield Problem(
                percent_or_fraction.name, where, message, f"With unit percent, write {better}.", better
            )
            continue
        targets = list(_fraction_target(measure))
        if targets and not any(0 < value < 1 for _, _, value in _values(measure)):
            yield from targets


def _pasted(measure: Measure) -> tuple[FieldPath, Decimal] | None:
    """The first figure of a series below 1 beside which every other area's figure is below 1 too, or far larger."""
    for stem, observations in series_of(measure):
        known = [(one.key, one.value) for one in observations if one.value is not None]
        if not known or not all(0 < value < 1 for _, value in known):
            continue
        everywhere = [value for _, _, value in _values(measure)]
        if len(everywhere) < 2:
            return None
        largest = max(value for _, value in known)
        if all(0 < value < 1 or value >= 10 * largest for value in everywhere):
            return (*stem, known[0][0], "value"), known[0][1]
    return None


def _fraction_target(measure: Measure) -> Iterator[Problem]:
    for number, target in enumerate(measure.targets):
        value = target.bound.value if target.bound else None
        if value is not None and target.bound is not None and 0 < value < 1:
            where = ("measures", measure.id, "targets", number, target.bound.how)
            better = plain((value * 100).normalize())
            message = f"The target looks like a fraction ({plain(value)}), but the figures are per cents."
            yield Problem(
                percent_or_fraction.name, where, message, f"For {better} per cent write {better}.", better
            )


@about_kpi("KPI504", "check-fails", ERROR)
def check_fails(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """Figures that should agree don't: parts and their total, parts and their whole, a median and a share.

    One of them is wrong, or the source is. Counts must agree exactly; printed decimals within half of the last digit
    for each figure.

    Correct the figure. If the source prints it so, mark the figures `queried` with a note: the doubt is then told to
    readers, and the check passes over them.
    """
    from kpi.rules.checks import contradictions

    measures = {measure.id: measure for measure in kpi.measures}
    for number, check in enumerate(kpi.checks):
        if {name for name in (check.whole, *check.parts) if name} <= measures.keys():
            for message, help_ in contradictions(check, measures):
                yield Problem(check_fails.name, ("checks", number), message, help_)


@about_kpi("KPI505", "numerator-denominator", ERROR)
def numerator_denominator(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A value and the two numbers that it was made from disagree, or the part is larger than the whole.

    One of the three is wrong, and readers couldn't tell which.

    Correct it. `numerator` and `denominator` belong to per cents, ratios and rates only.
    """
    for measure in kpi.measures:
        scale = _scale(measure)
        for stem, one, value in _values(measure):
            if one.numerator is None or one.denominator is None:
                continue
            where = _place(stem, one)
            top, bottom = plain(one.numerator), plain(one.denominator)
            if scale is None:
                message = f"{top} of {bottom} makes a share, but the unit is {measure.unit.kind}."
                help_ = "Take out numerator and denominator, or change the unit to percent, ratio or a rate."
                yield Problem(numerator_denominator.name, where, message, help_)
            elif one.denominator == 0 or (measure.unit.kind == "percent" and one.numerator > one.denominator):
                message = f"{top} of {bottom} is not a share."
                yield Problem(
                    numerator_denominator.name, where, message, "Check the numerator and the denominator."
                )
            else:
                exact = Fraction(one.numerator) * scale / Fraction(one.denominator)
                decimals = decimals_of(value)
                if abs(exact - Fraction(value)) > HALF * Fraction(1, 10**decimals):
                    message = f"{top} of {bottom} is {plain(rounded(exact, decimals))}, not {plain(value)}."
                    yield Problem(
                        numerator_denominator.name, where, message, "Correct one of the three numbers."
                    )


def _scale(measure: Measure) -> Fraction | None:
    """What a numerator divided by its denominator is multiplied by to give the value; None where it can't."""
    match measure.unit.kind:
        case "percent":
            return Fraction(100)
        case "ratio":
            return Fraction(1)
        case "rate":
            return Fraction(measure.unit.per or 1)
        case _:
            return None


@about_kpi("KPI506", "too-precise", WARNING, needs_whole=True, fix=UNSAFE)
def too_precise(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A figure has at least two more decimals than any other of its series.

    It was probably pasted unrounded from a spreadsheet, and looks more certain than it is.

    Round it as the others are, or give the others as many decimals.
    """
    for measure in kpi.measures:
        if measure.derived is not None or measure.unit.kind == "duration":
            continue
        found = list(_values(measure))
        if len(found) < 3 or all(value.same_quantum(found[0][2]) for _, _, value in found):
            continue
        decimals = [decimals_of(value) for _, _, value in found]
        most = max(decimals)
        at = decimals.index(most)
        usual = max(decimals[:at] + decimals[at + 1 :])
        if most >= usual + 2:
            stem, one, value = found[at]
            shorter = plain(rounded(value, usual))
            message = f"{plain(value)} has {most} decimals; the other figures have at most {usual}."
            help_ = f"Round it to {shorter}, or give the others as many."
            yield Problem(too_precise.name, _place(stem, one), message, help_, shorter)


RULES = (
    raised(
        "KPI501",
        "wrong-value-form",
        ERROR,
        """The value doesn't fit the unit: a time where the unit is percent, decimals in a count, a bare number in a duration.

        Either the figure or the unit isn't what it says it is.

        Write the value in the unit's form, or change the unit.""",
        fix=UNSAFE,
    ),
    percent_range,
    percent_or_fraction,
    check_fails,
    numerator_denominator,
    too_precise,
    negative_value,
)
