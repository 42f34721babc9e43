"""Family 7xx: how a series runs. These are judgements, so they only warn; a note on the figure answers them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from operator import sub
from typing import NamedTuple

from kpi.judge.comparable import by_length
from kpi.judge.freshness import scheduled
from kpi.model.finding import WARNING, FieldPath, Problem
from kpi.model.kpi import CUMULATIVE, Kpi, Measure, Observation
from kpi.model.mark import EXPLAINING
from kpi.model.period import period_words, span_words
from kpi.model.quantity import DURATION, decimals_of, figure, plain
from kpi.rules.rule import Context, about_kpi
from kpi.rules.values import fraction_among_per_cents
from kpi.rules.written import Series

_POWERS = (Decimal(10), Decimal(100), Decimal(1000))
_CLOSE = Decimal("0.15")  # how near a ratio must be to a power of ten to look like a slipped decimal point
_MANY_STEPS = 4  # with fewer, no step is unusual
_UNUSUAL = 6  # times the usual step
_FLAT = 6
_FAR_FROM_ZERO = 10


class _Run(NamedTuple):
    """Figures of one length in a row, oldest first, and their values."""

    figures: Sequence[Observation]
    values: list[Decimal]


def _runs(series: Series) -> Iterator[_Run]:
    """The figures of a series with a value, apart by their length."""
    if len(series.lengths) == 1 and 0 not in series.lengths and series.known and not series.has_forecast:
        yield _Run(series.known, series.values)  # as in most series
        return
    groups = by_length(one for one in series.known if not one.forecast)
    for figures in sorted(groups, key=lambda found: found[0].period.length):
        yield _Run(figures, [one.value for one in figures if one.value is not None])


@about_kpi("KPI701", "outlier-jump", WARNING, needs_whole=True)
def outlier_jump(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A step that no other step prepares for, a gain counted from a start that falls, or a target far from all figures.

    Behind it is a slipped decimal point, minutes for seconds, or a digit too many, too few or swapped. One wrong figure
    changes the trend, the status and the chart.

    Check it against the source. If it is right, say so in a note on the figure. The marks `break`, `revised`,
    `estimated` and `queried` answer it too.
    """
    for measure in kpi.measures:
        for series in context.series_of(measure):
            may_slip = _may_slip(series)
            for run in _runs(series):
                unusual, alone = _unusual(run.values)
                if unusual or may_slip:
                    yield from _jumps(series, measure, run, unusual, alone=alone)
                elif measure.kind == CUMULATIVE and measure.unit.kind in {"count", "currency"}:
                    yield from _falls(series.where, measure, run)
        yield from _far_targets(measure)


def _falls(stem: FieldPath, measure: Measure, run: _Run) -> Iterator[Problem]:
    """Gains counted from a start that are smaller than the one before."""
    for later, before, after in zip(run.figures[1:], run.values, run.values[1:], strict=False):
        if 0 < after < before and not later.note and EXPLAINING.isdisjoint(later.marks):
            what = f"from {figure(before, measure.unit)} to {figure(after, measure.unit)}"
            message = f"{later.key} falls {what}, but it is a gain that is counted from a start."
            yield Problem(outlier_jump.name, (*stem, later.key), message, _SAY_SO)


_SAY_SO = "If it is right, say so in a note on the figure, or mark a break."


def _far_targets(measure: Measure) -> Iterator[Problem]:
    """Targets eight times as large as every figure, or an eighth: probably with a digit too many or too few."""
    values = [abs(one.value) for one in measure.observations if one.value]
    for number, target in enumerate(measure.targets):
        bound = target.bound.value if target.bound else None
        if measure.unit.kind == "percent":
            return  # percent-range and percent-or-fraction know more
        if not bound or not values or target.bound is None or target.over is not None:
            continue
        if abs(bound) >= _FAR_TARGET * max(values) or abs(bound) * _FAR_TARGET <= min(values):
            where = ("measures", measure.id, "targets", number, target.bound.how)
            message = f"The target of {figure(bound, measure.unit)} is far from every figure here. Is a digit missing or too many?"
            yield Problem(
                outlier_jump.name,
                where,
                message,
                "If it is right, write above it: # kpi: ignore[outlier-jump] the reason",
            )


_FAR_TARGET = 8


def _jumps(series: Series, measure: Measure, run: _Run, unusual: int, *, alone: bool) -> Iterator[Problem]:
    """The steps in a run that slip, and the one to the figure with the number `unusual`, after which the next is back where `alone`."""
    stem, fraction = series.where, fraction_among_per_cents(measure, series)
    told = 0  # the number of the last figure that was jumped to
    for number, (before, after) in enumerate(pairwise(run.values), 1):
        later = run.figures[number]
        slipped = _slipped(before, after) or (measure.unit.kind == DURATION and _sixty_fold(before, after))
        is_far = (
            measure.unit.kind != "percent" and number == len(run.values) - 1 and _digits_differ(run.values)
        )
        if (
            not slipped
            and not is_far
            and not (number == unusual and before != 0 and abs(after - before) * 4 > abs(before))
        ):
            continue
        if told == number - 1 > 0 and _returns(run.values[number - 2], before, after):
            continue  # one wrong figure, told where it stands
        told = number
        if later.note or not EXPLAINING.isdisjoint(later.marks):
            continue
        if later is fraction:
            continue  # percent-or-fraction tells it
        if measure.unit.kind == "percent" and not 0 <= min(before, after) <= max(before, after) <= 100:
            continue  # percent-range tells it
        what = f"from {figure(before, measure.unit)} to {figure(after, measure.unit)}"
        if slipped and measure.unit.kind == DURATION:
            message = f"{later.key} jumps {what}. Are these hours, minutes or seconds?"
        elif slipped:
            message = f"{later.key} jumps {what}, about a power of ten. Is the decimal point right?"
        elif is_far:
            message = f"{later.key} jumps {what}, far from every figure before. Is a digit missing, too many or swapped?"
        elif alone:
            message = f"{later.key} jumps {what}, and the next figure is back; no other step here is nearly as large."
        else:
            message = f"{later.key} jumps {what}; no other step here is nearly as large."
        yield Problem(outlier_jump.name, (*stem, later.key), message, _SAY_SO)


def _returns(before: Decimal, odd: Decimal, after: Decimal) -> bool:
    """Whether the second of two steps takes most of the first one back."""
    return abs(after - before) * 2 < abs(odd - before)


def _may_slip(series: Series) -> bool:
    """Whether any two values are far enough apart for `_slipped`; most series are left here."""
    if series.lowest > 0:
        return series.highest >= 4 * series.lowest
    sizes = list(map(abs, series.values))
    return max(sizes, default=0) >= 4 * min(sizes, default=0)


def _slipped(before: Decimal, after: Decimal) -> bool:
    """Whether one value is about ten, a hundred or a thousand times the other, and too large for that to be chance."""
    small, large = sorted((abs(before), abs(after)))
    if small == 0 or (large < 20 and not decimals_of(small)):
        return False
    return any(abs(large / small - power) <= power * _CLOSE / 3 for power in _POWERS)


def _sixty_fold(before: Decimal, after: Decimal) -> bool:
    """Whether one time is about sixty times the other: minutes for seconds, or hours for minutes."""
    small, large = sorted((abs(before), abs(after)))
    return small != 0 and 45 <= large / small <= 80


def _digits_differ(values: list[Decimal]) -> bool:
    """Whether the last value is four times as large as every other or more, or a fourth, and the others are near each other."""
    *others, last = map(abs, values)
    if len(others) < _FEW_BESIDE or min(others) < _FAR_FROM_ZERO or max(others) > 2 * min(others):
        return False
    return last >= 4 * max(others) or 0 < last * 4 <= min(others)


_FEW_BESIDE = 2


def _unusual(values: list[Decimal]) -> tuple[int, bool]:
    """The number of the figure that a far larger step than all others leads to, and whether the next step leads back.

    0 where there is none, or too few to tell.
    """
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
    """Six or more equal figures stand in a row.

    They may have been copied forward from an older report. Nobody is asked about 0, about 100 per cent, or about the
    target itself.

    Check them. If they are right, say so in a note on the last.
    """
    for measure in kpi.measures:
        for series in context.series_of(measure):
            if len(series.values) - len(set(series.values)) < _FLAT - 1:
                continue
            usual = {
                Decimal(0),
                Decimal(100),
                *(target.bound.value for target in measure.targets if target.bound),
            }
            for run in _runs(series):
                pairs = zip(run.figures, run.values, strict=True)
                for value, group in groupby(pairs, key=lambda pair: pair[1]):
                    equal = [one for one, _ in group]
                    if len(equal) < _FLAT or value in usual or equal[-1].note:
                        continue
                    message = f"The figures for {equal[0].key} to {equal[-1].key} are all {plain(value)}."
                    help_ = "Were they copied forward? If they are right, say so in a note on the last."
                    yield Problem(flat_line.name, (*series.where, equal[-1].key), message, help_)


@about_kpi("KPI703", "lone-zero", WARNING, needs_whole=True)
def lone_zero(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A zero stands in a series where no other figure is near zero.

    Often it means "not known yet", and the page would show a collapse that never was.

    If it isn't known yet, write `{marks: [not-available]}`. If it is true, say so in a note.
    """
    for measure in kpi.measures:
        for series in context.series_of(measure):
            if not series.lowest <= 0 <= series.highest:
                continue
            others = [abs(value) for value in series.values if value]
            if len(others) < 2 or len(others) != len(series.values) - 1 or min(others) < _FAR_FROM_ZERO:
                continue
            zero = series.known[series.values.index(Decimal(0))]
            if not zero.note:
                message = f"The figure for {zero.key} is 0, and no other is near it. Is it the true figure?"
                help_ = (
                    "If it is not known yet, write {marks: [not-available]}; if it is true, say so in a note."
                )
                yield Problem(lone_zero.name, (*series.where, zero.key), message, help_)


@about_kpi("KPI704", "stale", WARNING, needs_whole=True)
def stale(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """The next figure is overdue, by the measure's `frequency` and `lag`, counted to today.

    A board that reads old figures should know it.

    Add the figure, or write its period with the mark `not-available`. If figures come later or less often, correct
    `lag` or `frequency`.
    """
    for measure in kpi.measures:
        found = scheduled(measure, context.today)
        if found is None or not found.days_late:
            continue
        newest = max(
            (one.period for one in measure.observations if not one.forecast), key=lambda one: one.end
        )
        due = span_words(found.due, found.due)
        message = f"The newest figure is for {period_words(newest)}. The next was due on {due}."
        help_ = f"Add the figure for the next {_regular(measure)}, or mark it not-available."
        yield Problem(stale.name, ("measures", measure.id), message, help_, on_key=True)


def _regular(measure: Measure) -> str:
    return {"monthly": "month", "quarterly": "quarter"}.get(measure.frequency, "year")


RULES = (outlier_jump, flat_line, lone_zero, stale)
