"""Family 7xx: how a series runs. These are judgements, so they only warn; a note on the figure answers them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter, sub

from kpi.judge.series import by_length, next_by_frequency, step_at
from kpi.model.finding import WARNING, FieldPath, Problem
from kpi.model.kpi import CUMULATIVE, Kpi, Measure, Observation
from kpi.model.period import period_words, span_words
from kpi.model.quantity import DURATION, Unit, decimals_of, figure, plain
from kpi.model.text import joined, quoted
from kpi.model.vocabulary import EXPLAINING, FREQUENCIES
from kpi.rules.rule import Context, Series, about_kpi, bounds, problem_at

_SAY_SO = "If it is right, say so in a note on the figure, or mark a break."
_FAR_TARGET = 8
_MANY_STEPS = 4  # with fewer, no step is unusual
_UNUSUAL = 6  # times the usual step
_FLAT = 6
_FAR_FROM_ZERO = 10

_Run = tuple[Sequence[Observation], list[Decimal]]
"""Figures of one length in a row, oldest first, and their values."""


def _runs(series: Series) -> Iterator[_Run]:
    if len(series.lengths) == 1 and 0 not in series.lengths and series.known and not series.has_forecast:
        yield series.known, series.values  # as in most series
        return
    groups = by_length(known for known in series.known if not known.forecast)
    for figures in sorted(groups, key=lambda figures: figures[0].period.length):
        yield figures, [known.value for known in figures if known.value is not None]


@about_kpi("KPI701", "outlier-jump", WARNING, needs_whole=True)
def outlier_jump(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A large step, to five times the figure before or a fifth, a gain counted from a start that falls, or a far target.
    One wrong figure changes the trend, the status and the chart. Where several measures jump at once, something may be
      counted in another way from there on.
    Check it against the source. If it is right, say so in a note on the figure. The marks `break`, `revised`, `estimated` and
      `queried` answer it too, and so does a `step`."""
    jumps_at: dict[object, list[tuple[Measure, Problem]]] = {}
    for measure in kpi.measures:
        for series in context.series_of(measure):
            sizes = list(map(abs, series.values)) if series.lowest <= 0 else [series.lowest, series.highest]
            may_step = max(sizes, default=0) >= STEP * min(sizes, default=0)  # few series do
            for run in _runs(series):
                unusual, is_alone = _unusual(run[1])
                if unusual or may_step:
                    for later, problem in _jumps(series.where, measure, run, unusual, is_alone):
                        jumps_at.setdefault(later.period.interval, []).append((measure, problem))
                if measure.kind == CUMULATIVE and measure.unit.kind in {"count", "currency"}:
                    yield from _falls(series.where, measure, run)
        yield from _far_targets(measure)
    for jumps in jumps_at.values():
        names = {measure.id: quoted(measure.title or measure.id) for measure, _ in jumps}
        first, others = jumps[0][1], list(names.values())[1:]
        if others:
            so = "So does" if len(others) == 1 else "So do"
            help_ = "If something is counted in another way from there on, mark a break on each of them. If they are right, say so in notes."
            yield first._replace(message=f"{first.message} {so} {joined(others)}.", help=help_)
        else:
            yield from (problem for _, problem in jumps)


def _is_answered(measure: Measure, later: Observation) -> bool:
    return bool(later.note or not EXPLAINING.isdisjoint(later.marks) or step_at(measure, later))


def _falls(stem: FieldPath, measure: Measure, run: _Run) -> Iterator[Problem]:
    """Gains counted from a start that are smaller than the one before; once where many are."""
    falls: list[Problem] = []
    for later, (before, after) in zip(run[0][1:], pairwise(run[1]), strict=True):
        if not 0 < after < before or large_step(before, after, measure.unit) or _is_answered(measure, later):
            continue
        step = f"from {figure(before, measure.unit)} to {figure(after, measure.unit)}"
        message = f"{later.key} falls {step}, but it is a gain that is counted from a start."
        falls.append(problem_at((*stem, later.key), message, _SAY_SO))
    if len(falls) < _MANY_STEPS:
        yield from falls
    else:
        message = f"{falls[0].message} So do {len(falls) - 1} others."
        help_ = "Is the kind cumulative? If so, say in notes why they fall."
        yield falls[0]._replace(message=message, help=help_)


def _far_targets(measure: Measure) -> Iterator[Problem]:
    """Targets eight times as large as every figure, or an eighth: probably with a digit too many or too few."""
    values = [abs(known.value) for known in measure.observations if known.value]
    if measure.unit.is_share or not values:
        return  # of shares percent-range and percent-or-fraction know more
    for where, target, bound in bounds(measure):
        is_far = abs(bound) >= _FAR_TARGET * max(values) or abs(bound) * _FAR_TARGET <= min(values)
        if bound and target.over is None and is_far:
            message = f"The target of {figure(bound, measure.unit)} is far from every figure here. Is a digit missing or too many?"
            help_ = "If it is right, write above it: # kpi: ignore[outlier-jump] the reason"
            yield problem_at(where, message, help_)


def _jumps(
    stem: FieldPath, measure: Measure, run: _Run, unusual: int, is_alone: bool
) -> Iterator[tuple[Observation, Problem]]:
    """The large steps in a run, and the one to the figure with the number `unusual`; if `is_alone`, the next is back."""
    figures, values = run
    latest = 0  # the number of the last figure that was jumped to
    fractions = fractions_among(values)[0] if measure.unit.kind == "percent" else frozenset()
    for number, (before, after) in enumerate(pairwise(values), 1):
        later = figures[number]
        odd = large_step(before, after, measure.unit)
        if not odd and not (number == unusual and before != 0 and abs(after - before) * 4 > abs(before)):
            continue
        if latest == number - 1 > 0 and _returns(values[number - 2], before, after):
            continue  # one wrong figure, told where it stands
        latest = number
        is_outside = min(before, after) < 0 or max(before, after) > 100 or fractions & {before, after}
        if _is_answered(measure, later) or (measure.unit.is_share and is_outside):
            continue  # percent-range or percent-or-fraction tells it
        end = ", and the next figure is back; no other" if is_alone else "; no other"
        end = f", {odd}" if odd else f"{end} step here is nearly as large."
        step = f"from {figure(before, measure.unit)} to {figure(after, measure.unit)}"
        yield later, problem_at((*stem, later.key), f"{later.key} jumps {step}{end}", _SAY_SO)


def _returns(before: Decimal, odd: Decimal, after: Decimal) -> bool:
    return abs(after - before) * 2 < abs(odd - before)


def _unusual(values: list[Decimal]) -> tuple[int, bool]:
    """The number of a figure that an unusual step leads to, 0 for none, and whether the next step leads back."""
    steps = list(map(abs, map(sub, values[1:], values)))
    if len(steps) <= _MANY_STEPS:
        return 0, False
    first, second, third = sorted(steps, reverse=True)[:3]
    if first * 2 <= _UNUSUAL * second and second * 2 <= _UNUSUAL * third:
        return 0, False  # most series are left here
    largest = max(range(len(steps)), key=steps.__getitem__)
    if _far_larger(steps[largest], steps[:largest] + steps[largest + 1 :]):
        return largest + 1, False
    for odd in (largest, largest + 1):  # the figure between the largest step and one of its neighbours
        if 0 < odd < len(steps) and _returns(*values[odd - 1 : odd + 2]):
            others = steps[: odd - 1] + steps[odd + 1 :]
            if _far_larger(min(steps[odd - 1], steps[odd]), others):
                return odd, True
    return 0, False


def _far_larger(step: Decimal, others: list[Decimal]) -> bool:
    if step * 2 <= _UNUSUAL * max(others):
        return False
    from statistics import median  # slow to import, and rarely needed

    return step > _UNUSUAL * median(others)


@about_kpi("KPI702", "flat-line", WARNING, needs_whole=True)
def flat_line(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """Six or more figures in a row are equal.
    They may have been copied forward from an older report. Runs of 0, 100% or the target value are not
      reported.
    Check them. If they are right, say so in a note on the last."""
    for measure, series in context.series_in(kpi):
        if len(series.values) - len(set(series.values)) < _FLAT - 1:
            continue
        usual = usual_values(measure)
        for run in _runs(series):
            for value, group in groupby(zip(*run, strict=True), key=itemgetter(1)):
                equal = [known for known, _ in group]
                if len(equal) >= _FLAT and value not in usual and not equal[-1].note:
                    message = f"The figures for {equal[0].key} to {equal[-1].key} are all {plain(value)}."
                    help_ = "Were they copied forward? If they are right, say so in a note on the last."
                    yield problem_at((*series.where, equal[-1].key), message, help_)


@about_kpi("KPI703", "lone-zero", WARNING, needs_whole=True)
def lone_zero(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A zero is in a series where no other figure is near zero.
    Often it means "not known yet", and the page would show a collapse that never happened.
    If it isn't known yet, write `{marks: [not-available]}`. If it is true, say so in a note."""
    for _, series in context.series_in(kpi):
        if not series.lowest <= 0 <= series.highest:
            continue
        others = [abs(value) for value in series.values if value]
        is_lone = len(series.values) - 1 == len(others) >= 2 and min(others) >= _FAR_FROM_ZERO
        zero = series.known[series.values.index(Decimal(0))] if is_lone else None
        if zero and not zero.note:
            message = f"The figure for {zero.key} is 0, and no other is near it. Is it the true figure?"
            help_ = "If it is not known yet, write {marks: [not-available]}; if it is true, say so in a note."
            yield problem_at((*series.where, zero.key), message, help_)


@about_kpi("KPI704", "stale", WARNING, needs_whole=True)
def stale(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """The next figure is overdue today, by the measure's `frequency` and `lag`.
    A board that reads old figures should know it.
    Add the figure, or write its period with the mark `not-available`. If figures come later or less often, correct
      `lag` or `frequency`."""
    for measure in kpi.measures:
        following = next_by_frequency(measure, context.today) if measure.frequency else None
        if following is None or not following.days_late:
            continue
        last = max((each.period for each in measure.observations if not each.forecast), key=attrgetter("end"))
        due, length = span_words(following.due, following.due), FREQUENCIES[measure.frequency].period
        message = f"The newest figure is for {period_words(last)}. The next was due on {due}."
        help_ = f"Add the figure for the next {length}, or mark it not-available."
        yield problem_at(("measures", measure.id), message, help_, on_key=True)


STEP = 5  # a step is large where one figure is this many times the other, or more
_LARGE = 20  # below, figures are soon many times each other
_POWERS = (Decimal(10), Decimal(100), Decimal(1000))
_CLOSE = Decimal("0.05")  # how near a ratio must be to a power of ten to look like a slipped decimal point
_IN_AN_HOUR = 60
_FAR = 10  # times as small as the others


def large_step(before: Decimal, after: Decimal, unit: Unit) -> str:
    """What is odd about a step from one figure to the next, as the end of a sentence; empty if nothing is."""
    small, large = sorted((abs(before), abs(after)))
    if small == 0:
        return ""
    ratio = large / small
    if unit.kind == DURATION and abs(ratio - _IN_AN_HOUR) <= _IN_AN_HOUR * _CLOSE:
        return "about sixty times. Were hours written for minutes, or minutes for hours?"
    if large < _LARGE and not decimals_of(small):
        return ""
    if any(abs(ratio - power) <= power * _CLOSE for power in _POWERS):
        return "about a power of ten. Is the decimal point right?"
    if large < _LARGE or ratio < STEP:
        return ""
    size = "a fifth of that or less" if large == abs(before) else "five times that or more"
    return f"{size}. Is it right?"


def fractions_among(
    values: Sequence[Decimal], targets: Sequence[Decimal] = ()
) -> tuple[frozenset[Decimal], Decimal | None]:
    """The values of a series in per cent that are probably fractions, and the usual one of the per cents beside them.

    1 is a fraction only among others, where it is 100%. Without per cents or a target all values have to be fractions.
    """
    small = {value for value in values if 0 < value <= 1}
    per_cents = sorted(value for value in values if value > 1) or sorted(targets)
    usual = per_cents[len(per_cents) // 2] if per_cents else None
    if usual is not None:
        small = {value for value in small if value * _FAR < usual}
    elif min(values, default=Decimal(0)) <= 0 or len(values) < 2:
        return frozenset(), None
    return (frozenset(small), usual) if any(value < 1 for value in small) else (frozenset(), None)


def fraction_words(value: Decimal, usual: Decimal) -> tuple[str, str]:
    """The message about a fraction among per cents, and the per cent that it may be."""
    others = f"the other figures are per cents ({plain(usual)})"
    return f"{plain(value)} looks like a fraction, because {others}.", plain((value * 100).normalize())


def large_targets(measure: Measure) -> list[Decimal]:
    """The targets of a measure in per cent that are no fractions."""
    return [value for _, _, value in bounds(measure) if value > 1]


def is_copy(series: Sequence[Observation], key: str, measure: Measure) -> bool:
    """Whether the figure of a period equals the one before in its series, and is none of the values that often repeat."""
    here = next((number for number, figure in enumerate(series) if figure.key == key), 0)
    if here == 0:
        return False
    before, figure = series[here - 1], series[here]
    is_equal = figure.value == before.value and figure.period.is_as_long_as(before.period)
    return is_equal and figure.value not in {None, *usual_values(measure)}


def usual_values(measure: Measure) -> set[Decimal]:
    """The values that often repeat, and are never reported: 0, 100 per cent, and the targets."""
    return {Decimal(0), Decimal(100), *(value for _, _, value in bounds(measure))}
