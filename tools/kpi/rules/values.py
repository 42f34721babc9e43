"""Family 5xx: the values of figures, one by one and against each other, and per cents that may be fractions."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from kpi.model.finding import ERROR, OFF, WARNING, FieldPath, Problem
from kpi.model.kpi import CUMULATIVE, SHARE, Check, Derived, Kpi, Measure, Observation, identity
from kpi.model.period import period_words
from kpi.model.quantity import decimals_of, plain, rounded, unit_text
from kpi.model.quantity import figure as value_text
from kpi.model.text import joined, quoted
from kpi.rules.rule import UNSAFE, Context, Series, about_kpi, bounds, problem_at
from kpi.rules.series import fraction_words, fractions_among, large_targets

_OR_ANY = "Check the figure. If it may pass 100 or fall below 0, as a budget spent or a pay gap, write unit: {percent: any}."
_MOST = Decimal(100)  # per cent
_MOST_PERIODS = 20  # of one check; whoever fixes them sees the next
_FEW = 3  # figures; so many that are no shares are no slips
_WIDEST = 50  # points: half of all per cents


@about_kpi("KPI502", "percent-range", ERROR)
def percent_range(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A share is below 0 or above 100 per cent: a figure, a target, a way point, a reference, or a computed share.
    No share can be: it is mistyped, or it is something else.
    Check the figure. A per cent that may pass 100 or fall below 0, such as a budget spent or a pay gap, has the unit
      `{percent: any}`. A computed share above 100 has a part larger than its whole."""
    for measure in kpi.measures:
        if measure.derived is not None and measure.derived.how == SHARE:
            yield from _computed_above(measure, measure.derived)
        if not measure.unit.is_share:
            continue
        known = [series for series in context.series_of(measure) if series.values]
        if all(each.lowest > _MOST for each in known) and sum(len(each.values) for each in known) >= _FEW:
            message = f"Every figure of {quoted(measure.id)} is more than 100, so these are no shares."
            help_ = "Is the unit count? A per cent that may pass 100 is written unit: {percent: any}."
            yield problem_at(("measures", measure.id, "unit"), message, help_, on_key=True)
            continue
        for where, value in _outside(measure, context, _MOST):
            message = f"{plain(value)} is {'more than 100' if value > 100 else 'less than 0'} per cent, which no share can be."
            yield problem_at(where, message, _OR_ANY)


def _outside(measure: Measure, context: Context, most: Decimal) -> Iterator[tuple[FieldPath, Decimal]]:
    """The figures of a measure, and what they are compared with, below 0 or above the most that there can be."""
    stem: FieldPath = ("measures", measure.id)
    levels = [(where, value) for where, _, value in bounds(measure)]
    for number, target in enumerate(measure.targets):
        where = (*stem, "targets", number, "trajectory")
        levels += (((*where, period.text), value) for period, value in target.trajectory)
    for number, reference in enumerate(measure.references):
        if reference.value is not None:
            levels.append(((*stem, "references", number, "value"), reference.value))
    yield from (level for level in levels if not 0 <= level[1] <= most)
    for series in context.series_of(measure):
        if series.lowest < 0 or series.highest > most:
            figures = zip(series.known, series.values, strict=True)
            yield from ((series.place(figure), value) for figure, value in figures if not 0 <= value <= most)


def _computed_above(measure: Measure, derived: Derived) -> Iterator[Problem]:
    """Computed shares above 100: all of them if part and whole were swapped, else one at its part's figure."""
    shares = [share for share in measure.observations if share.value is not None]
    above = [(share, share.value) for share in shares if share.value is not None and share.value > 100]
    (part,), wholes = derived.first, derived.second
    if above and len(above) == len(shares) and len(wholes) == 1:
        instead, is_more = f"{{share: {wholes[0]}, of: [{part}]}}", f"is more than {quoted(wholes[0])}"
        message = f"{quoted(part)} {is_more} in every period, so no share can be made of it."
        help_ = f"Are the two the wrong way round? Write: {instead}"
        yield problem_at(("measures", measure.id, "derived"), message, help_, instead)
        return
    for share, value in above:
        small, large = (plain(number or Decimal(0)) for number in (share.numerator, share.denominator))
        message = f"{small} is more than {large}, of which it is a part: {quoted(measure.id)} would be {plain(value)} per cent."
        where = ("measures", part, "observations", share.key)
        yield problem_at(where, message, f"Check both figures for {share.key}.")


@about_kpi("KPI507", "negative-value", ERROR)
def negative_value(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A count or a duration, or a target for one, is below zero.
    Only a cumulative gain may be: then it is a loss.
    Check the figure, or write `kind: cumulative`."""
    for measure in kpi.measures:
        is_above_zero = measure.unit.kind in {"count", "duration"} and measure.kind != CUMULATIVE
        for where, value in _outside(measure, context, Decimal("inf")) if is_above_zero else ():
            message = f"A {measure.unit.kind} can't be below zero, but this is {plain(value)}."
            yield problem_at(where, message, "Check the figure.")


@about_kpi("KPI504", "check-fails", ERROR)
def check_fails(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """Figures that should agree don't: parts and their total, parts and their whole, a median and a share.
    One of them is wrong, or the source is. Counts must agree exactly; printed decimals within half of the last digit for each
      figure.
    Correct the figure. If the source prints it so, mark the figures `queried` with a note: readers then see the doubt, and
      the check skips them."""
    measures = {measure.id: measure for measure in kpi.measures}
    help_ = 'If the source prints it so, mark the figures "queried" with a note; otherwise correct them.'
    for number, check in enumerate(kpi.checks):
        if {name for name in (check.whole, *check.parts) if name} <= measures.keys():
            for message in islice(_contradictions(check, measures), _MOST_PERIODS):
                yield problem_at(("checks", number), message, help_)


def _contradictions(check: Check, measures: Mapping[str, Measure]) -> Iterator[str]:
    first, *others = filter(None, (check.whole, *check.parts))
    by_period: dict[object, dict[str, Observation]] = {}
    for name in (first, *others):
        for figure in measures[name].observations:
            if figure.value is not None:
                by_period.setdefault(identity(figure.period, measures[name].kind), {})[name] = figure
    judge = _median if check.kind == "median" else _sum
    for figures in by_period.values():
        is_passed_over = first not in figures or any(figure.queried for figure in figures.values())
        values = {name: figure.number for name, figure in figures.items()}
        if not is_passed_over and (contradiction := judge(check, values, measures)):
            yield f"{period_words(figures[first].period)}: {contradiction}"


def _sum(check: Check, values: Mapping[str, Decimal], measures: Mapping[str, Measure]) -> str:
    """What is wrong with the parts together, or with those that are known: counts that alone exceed the whole."""
    known = [name for name in check.parts if name in values]
    parts = sum((values[name] for name in known), Decimal(0))
    whole = values.get(check.whole) if check.whole else check.number
    slack = sum((_rounding(values[name], measures[name]) for name in values), Fraction(0))
    gap, are_all = Fraction(parts) - Fraction(whole or 0), len(known) == len(check.parts)
    are_counts = all(measures[name].unit.kind == "count" and values[name] >= 0 for name in known)
    is_wrong = gap > slack or (are_all and check.kind != "whole" and -gap > slack)
    if whole is None or not is_wrong or not (are_all or are_counts):
        return ""
    noun = "the whole" if check.kind == "whole" else "the total"
    rounding = f" Rounding explains at most {float(slack):g}." if slack else ""
    which = "parts" if are_all else "parts that are known"
    return f"the {which} ({joined(known)}) add up to {plain(parts)}, but {noun} is {plain(whole)}.{rounding}"


def _median(check: Check, values: Mapping[str, Decimal], measures: Mapping[str, Measure]) -> str:
    """A median inside the limit means that at least half were inside it; a median outside, at most half."""
    (name,) = check.parts
    if check.limit is None or len(values) < 2:  # it could not be read, which is a finding of its own
        return ""
    median, share = values[check.whole], values[name]
    sign, half = (1, "at least 50%") if median <= check.limit else (-1, "at most 50%")
    if (Fraction(share) - 50) * sign + _rounding(share, measures[name]) >= 0:
        return ""
    shown, limit = (value_text(value, measures[check.whole].unit) for value in (median, check.limit))
    return f"a median of {shown} means that {half} were within {limit}, but the share is {plain(share)}%."


def _rounding(value: Decimal, measure: Measure) -> Fraction:
    """How far rounding may have moved a printed figure: half of its last digit; 0 for a count."""
    return Fraction(0) if measure.unit.kind == "count" else Fraction(1, 2 * 10 ** decimals_of(value))


@about_kpi("KPI505", "numerator-denominator", ERROR, needs_whole=True)
def numerator_denominator(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A value and the two numbers that it was made from disagree, or the part is larger than the whole.
    One of the three is wrong, and readers can't tell which.
    Correct it. `numerator` and `denominator` belong to per cents, ratios and rates only, and a denominator alone to per
      cents."""
    for measure, series in context.series_in(kpi):
        for figure in series.known:
            if figure.denominator is not None and figure.value is not None:
                mistake = _mistake(measure, figure.value, figure.numerator, figure.denominator)
                if mistake is not None:
                    yield problem_at(series.place(figure), *mistake)


def _mistake(
    measure: Measure, value: Decimal, numerator: Decimal | None, denominator: Decimal
) -> tuple[str, str] | None:
    """What is wrong with a value and the two numbers it was made from, or the second of them alone: message and help."""
    unit = measure.unit
    if numerator is None and unit.is_share:
        message = f"A share of {plain(denominator)} is no share."
        return None if denominator > 0 else (message, "Check the denominator.")
    if numerator is None:
        help_ = "Write the numerator, too, or take the denominator out. Alone it is enough for a per cent."
        return f"There is a denominator without a numerator, but the unit is {unit_text(unit)}.", help_
    scale = {"percent": 100, "ratio": 1, "rate": unit.per or 1}.get(unit.kind)
    of = f"{plain(numerator)} of {plain(denominator)}"
    if scale is None:
        help_ = "Take out numerator and denominator, or change the unit to percent, ratio or a rate."
        return f"{of} makes a share, but the unit is {unit_text(unit)}.", help_
    if denominator == 0 or (unit.is_share and numerator > denominator):
        swapped = numerator and _mistake(measure, value, denominator, numerator) is None
        help_ = "Are the two the wrong way round?" if swapped else "Check the numerator and the denominator."
        return f"{of} is not a share.", help_
    exact, decimals = Fraction(numerator) * Fraction(scale) / Fraction(denominator), decimals_of(value)
    if abs(exact - Fraction(value)) * 2 * 10**decimals <= 1:
        return None  # rounded
    message = f"{of} is {plain(rounded(exact, decimals))}, not {plain(value)}."
    return message, "Correct one of the three numbers."


@about_kpi("KPI506", "too-precise", WARNING, needs_whole=True, fix=UNSAFE)
def too_precise(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A figure has at least two more decimals than any other of its series.
    It was probably pasted unrounded from a spreadsheet, and looks more certain than it is.
    Round it like the others, or give the others as many decimals."""
    for measure in kpi.measures:
        if measure.derived is not None or measure.unit.kind == "duration":
            continue
        everywhere = context.series_of(measure)
        values = [value for series in everywhere for value in series.values]
        if len(values) < 3 or all(map(values[0].same_quantum, values)):
            continue
        decimals = [decimals_of(value) for value in values]
        *_, usual, most = sorted(decimals)
        at = decimals.index(most)
        value = values[at]
        is_fraction = measure.unit.is_share and value in fractions_among(values, large_targets(measure))[0]
        if most >= usual + 2 and not is_fraction:  # percent-or-fraction tells of one
            where = [series.place(figure) for series in everywhere for figure in series.known][at]
            shorter = plain(rounded(value, usual))
            message = f"{plain(value)} has {most} decimals; the other figures have at most {usual}."
            yield problem_at(where, message, f"Round it to {shorter}, or give the others as many.", shorter)


@about_kpi("KPI508", "margin-range", ERROR)
def margin_range(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A `margin` can't be right: it isn't above 0, is more than 50 points for a share, or is on a period without a figure.
    It decides whether a change is clear and how areas are ranked. Half the width of a 95% interval lies between 0 and, for a
      share, 50 points.
    Write half the width of the interval, in the measure's unit: of 41% to 47% it is 3. If the source prints none, leave it
      out."""
    for measure in kpi.measures:
        margins: list[tuple[FieldPath, Decimal, bool]] = []
        margins += [(("measures", measure.id), measure.margin, True)] if measure.margin is not None else []
        margins += [
            ((*series.where, figure.key), figure.margin, figure.value is not None)
            for series in context.series_of(measure)
            for figure in series.observations
            if figure.margin is not None
        ]
        for stem, margin, has_figure in margins:
            help_ = "Write half the width of the 95% interval, or leave it out where none is known."
            if not has_figure:
                message = "A margin belongs to a figure, and there is none here."
                help_ = 'Delete "margin", or add "value".'
            elif margin <= 0:
                message = f"A margin is more than 0, but this is {plain(margin)}."
            elif measure.unit.is_share and margin > _WIDEST:
                message = f"A margin of {plain(margin)} points is wider than all per cents together."
            else:
                continue
            yield problem_at((*stem, "margin"), message, help_)


@about_kpi("KPI503", "percent-or-fraction", WARNING, needs_whole=True)
def percent_or_fraction(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """Figures of a series in per cent, or its target, are below 1: 0.91 where 91 may be meant.
    Spreadsheets keep per cents as fractions, and a pasted 0.91 would be printed as 0.91%.
    Write them as per cents. If they are right, an ignore comment can say so."""
    for measure in kpi.measures:
        if not measure.unit.is_share or measure.derived is not None:
            continue
        everywhere = context.series_of(measure)
        is_low = any(series.lowest <= 1 for series in everywhere)  # of few measures
        values = [value for series in everywhere for value in series.values] if is_low else []
        fractions, usual = fractions_among(values, large_targets(measure))
        if fractions:
            yield from _fractions(everywhere, fractions, usual)
            continue
        for where, _target, value in bounds(measure):
            if 0 < value < 1 and not any(0 < each < 1 for each in values):
                better = plain((value * 100).normalize())
                message = f"The target looks like a fraction ({plain(value)}), but the figures are per cents."
                yield problem_at(where, message, f"For {better} per cent write {better}.", better)


def _fractions(
    everywhere: Sequence[Series], fractions: frozenset[Decimal], usual: Decimal | None
) -> Iterator[Problem]:
    """The fractions: one problem for series that have nothing else, and one for each among per cents."""
    is_reported = False
    for series in everywhere:
        figures = [figure for figure in series.known if figure.value in fractions]
        if usual is not None and len(figures) < len(series.known):
            for figure in figures:
                message, better = fraction_words(figure.number, usual)
                yield problem_at(series.place(figure), message, f"Write {better}.", better)
        elif figures and not is_reported:
            is_reported = True
            better = plain((series.values[0] * 100).normalize())
            message = f"These look like fractions ({plain(series.values[0])})."
            yield problem_at(series.place(figures[0]), message, f"With unit percent, write {better}.", better)


@about_kpi("KPI509", "percent-alone", OFF, needs_whole=True)
def percent_alone(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """The newest figure, or the one before, is a per cent without the whole numbers behind it and without a margin.
    Five points of 20 people are one person, and of 20,000 they are a thousand. Where nobody knows which, only more than 5
      points are a clear change.
    Write beside each of the two figures of how many it is a share, as `denominator`, or the `margin` that the source prints.
      Many sources have neither."""
    from kpi.judge.direction import is_share_alone, judge_directions
    from kpi.judge.state import SAME, UNJUDGED

    for measure in kpi.measures:
        if not measure.unit.is_share or measure.derived is not None:
            continue
        for direction in judge_directions(measure.compared(context.plan.status.compare)):
            earlier, later = direction.earlier, direction.later
            is_judged_alone = direction.usual is None and direction.outcome not in {SAME, UNJUDGED}
            is_alone = earlier and is_judged_alone and is_share_alone(measure, earlier, later)
            pair = (earlier, later) if is_alone else ()
            bare = [figure.key for figure in pair if figure and figure.denominator is None]
            if bare:
                has, whose = ("has", "it") if len(bare) == 1 else ("have", "both")
                message = f"{joined(bare)} {has} no numbers behind the per cent and no margin, so only more than 5 points are a clear change."
                add = f'Add "denominator:" with the number of cases to {whose}'
                help_ = f'{add}, or "margin:" to the measure.'
                yield problem_at(("measures", measure.id, "observations", bare[-1]), message, help_)
