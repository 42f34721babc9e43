"""The parts of a KPI file that need the calendar, the unit or other measures: figures, targets, references, computed figures."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from kpi.model import kpi as records
from kpi.model.finding import FieldPath, Problem
from kpi.model.kpi import Bound, Derived, Measure, Observation, Target, Tolerance
from kpi.model.period import Period, PeriodError, of_right_year, parse_period
from kpi.model.quantity import COUNT, PERCENT, RATIO, Unit, ValueFormError, rounded, value_of
from kpi.model.vocabulary import BETWEEN, BOUND_KINDS

ANY_NUMBER = Unit(RATIO)
"""Replaces a missing or too strict unit, so that a number can still be read."""


class Reader:
    """Reads the values of one file and collects `problems`."""

    def __init__(self, year_starts: int) -> None:
        self.year_starts = year_starts
        self.problems: list[Problem] = []

    def period(self, raw: str | int, where: FieldPath, *, on_key: bool = False) -> Period | None:
        """The period, or None and a problem."""
        try:
            return parse_period(str(raw), self.year_starts)
        except PeriodError:
            from kpi.human.period import explain_period  # loaded only where a period is wrong

            meant = explain_period(str(raw), self.year_starts)
            problem = Problem("period-format", where, meant.message, meant.help, meant.replacement, on_key)
            self.problems.append(problem)
            return None

    def optional_period(self, raw: Mapping[str, Any], field: str, where: FieldPath) -> Period | None:
        """The period in `raw[field]`, or None."""
        return self.period(raw[field], (*where, field)) if field in raw else None

    def value(self, raw: int | Decimal | str, unit: Unit, where: FieldPath) -> Decimal | None:
        """The number in the unit (seconds for durations), or None and a problem."""
        try:
            return value_of(raw, unit)
        except ValueFormError as error:
            problem = Problem("wrong-value-form", where, error.message, error.help, error.replacement)
            self.problems.append(problem)
            return None

    def margin(self, raw: Mapping[str, Any], unit: Unit, where: FieldPath) -> Decimal | None:
        """The margin of a figure or measure, or None. It may be finer than a figure: a count's has decimals."""
        finer = ANY_NUMBER if unit.kind == COUNT else unit
        return self.value(raw["margin"], finer, (*where, "margin")) if "margin" in raw else None

    def by_period(
        self, raw: Mapping[str, Any], where: FieldPath, read: Callable[[Any, FieldPath], Any]
    ) -> tuple[tuple[Period, Any], ...]:
        """What is given for some periods, oldest first, without what can't be read."""
        pairs = []
        for key, given in raw.items():
            period = self.period(key, (*where, key), on_key=True)
            value = read(given, (*where, key))
            if period is not None and value is not None:
                pairs.append((period, value))
        return tuple(sorted(pairs, key=lambda pair: pair[0].order))

    def observations(self, raw: Mapping[str, Any], unit: Unit, where: FieldPath) -> tuple[Observation, ...]:
        """The figures of one series, oldest first; at the same end, the longer period first."""
        read = (self._observation(key, figure, unit, (*where, key)) for key, figure in raw.items())
        series = [*filter(None, read)]
        ordered = sorted(series, key=lambda figure: figure.period.order)
        if ordered != series:
            self._report_order(series, where)
        return tuple(ordered)

    def _report_order(self, series: list[Observation], where: FieldPath) -> None:
        """Report the first figure that is older than the one before, and all that are in the wrong year."""
        # periods may also stand in the order of their starts, as months below their year
        periods = [figure.period for figure in series]
        if all((now.start, then.end) <= (then.start, now.end) for now, then in pairwise(periods)):
            return
        last, reported = series[0].period, False
        for figure in series[1:]:
            if figure.period.end >= last.end:
                last = figure.period
                continue
            meant = of_right_year(figure.period, last)
            message = f"{figure.key} comes after {last.text}, but it is the older one."
            advice, instead = "Write the oldest first.", None
            if meant is not None:
                last, instead = meant, meant.text
                advice = f"Is the year right? If not, write {instead}; otherwise write the oldest first."
            if meant is not None or not reported:
                place = (*where, figure.key)
                self.problems.append(Problem("period-order", place, message, advice, instead, on_key=True))
            reported = True

    def _observation(self, key: str, figure: Any, unit: Unit, where: FieldPath) -> Observation | None:
        period = self.period(key, where, on_key=True)
        if not isinstance(figure, dict):
            value = self.value(figure, unit, where)
            return None if value is None or period is None else Observation(period, value, key=key)
        value = self.value(figure["value"], unit, (*where, "value")) if "value" in figure else None
        if period is None or (value is None and "value" in figure):
            return None
        marks, margin = tuple(figure.get("marks", ())), self.margin(figure, unit, where)
        fields = {name: figure.get(name, "") for name in ("note", "assessment")}
        fields |= {name: Decimal(figure[name]) for name in ("numerator", "denominator") if name in figure}
        return Observation(period, value, marks, key=key, margin=margin, **fields)

    def targets(self, raw: Iterable[Mapping[str, Any]], unit: Unit, where: FieldPath) -> tuple[Target, ...]:
        """The targets in the order written, without those whose bound can't be read."""
        targets = []
        for number, target in enumerate(raw):
            place = (*where, number)
            bound = self.bound(target, unit, place)
            if bound is None and "in_words" not in target:
                continue
            start, by, until = (self.optional_period(target, name, place) for name in ("from", "by", "until"))
            words, source, label = (target.get(name, "") for name in ("in_words", "source", "label"))
            over = int(target["over"].split()[0]) if "over" in target else None  # 12 months
            tolerance = self.tolerance(target.get("tolerance"), unit, (*place, "tolerance"))
            points = target.get("trajectory", {})
            way = self.by_period(points, (*place, "trajectory"), lambda raw, at: self.value(raw, unit, at))
            targets.append(Target(bound, words, start, by, source, label, tolerance, over, way, until))
        return tuple(targets)

    def bound(self, raw: Mapping[str, Any], unit: Unit, where: FieldPath) -> Bound | None:
        """The bound of a target or reference, or None (and a problem where it can't be read)."""
        how = next((name for name in BOUND_KINDS if name in raw), None)
        if how is None:
            return None
        place, given = (*where, how), raw[how]
        if how == BETWEEN:
            low, high = (self.value(value, unit, (*place, n)) for n, value in enumerate(given))
            return None if low is None or high is None else Bound(how, min(low, high), max(low, high))
        if isinstance(given, Mapping):
            is_previous = given["period"] == "previous"
            period = None if is_previous else self.period(given["period"], (*place, "period"))
            relative = records.Relative(period, *_number_or_share(given.get("change")))
            return Bound(how, relative=relative) if period or is_previous else None
        value = self.value(given, unit, place)
        return None if value is None else Bound(how, value)

    def tolerance(self, raw: Any, unit: Unit, where: FieldPath) -> Tolerance | None:
        """`2` in the measure's unit, or `5%` of the bound."""
        if raw is None:
            return None
        if isinstance(raw, str) and raw.endswith("%"):
            return Tolerance(Decimal(raw.removesuffix("%")), in_percent=True)
        value = self.value(raw, unit, where)
        return None if value is None else Tolerance(value, in_percent=False)

    def references(
        self, raw: Iterable[Mapping[str, Any]], unit: Unit, where: FieldPath
    ) -> tuple[records.Reference, ...]:
        """The undated values in the order written."""
        references = []
        for number, reference in enumerate(raw):
            place, value = (*where, number), None
            if "value" in reference:
                value = self.value(reference["value"], unit, (*place, "value"))
            bound = self.bound(reference, unit, place)
            if value is not None or bound is not None:
                references.append(records.Reference(reference["label"], value, bound))
        return tuple(references)

    def triggers(self, raw: Iterable[Mapping[str, Any]]) -> tuple[records.Trigger, ...]:
        """The triggers in the order written."""
        return tuple(
            records.Trigger(each["when"], level, *_number_or_share(each.get("minimum")))
            for each in raw
            for level, _ in [_number_or_share(each.get("level"))]
        )


def _number_or_share(raw: int | Decimal | str | None) -> tuple[Decimal | None, bool]:
    """`5` → 5; `5%` → 5, and that it is in per cent."""
    text = "" if raw is None else str(raw)
    return Decimal(text.removesuffix("%")) if text else None, text.endswith("%")


def read_derived(raw: Mapping[str, Any]) -> Derived | None:
    """How a measure is computed, from the fields of a file, or None."""
    for how, (first, second) in records.DERIVATIONS.items():
        if first in raw:
            of = raw[first]
            return Derived(how, (of,) if isinstance(of, str) else tuple(of), tuple(raw[second]))
    return None


def derive(measure: Measure, measures: Mapping[str, Measure]) -> Measure:
    """A computed measure with its kind, and a figure for every period that all inputs have; any other measure as it is.

    Shares and ratios are rounded to the measure's decimals, and judged as rounded, with numerator and denominator. A figure has all
    marks of its inputs. A break in an input is carried to the next figure. A denominator of zero gives no figure, an input
    without a value a figure without one.
    """
    derived = measure.derived
    if derived is None:
        return measure
    inputs = [measures[name] for name in derived.inputs if name in measures]
    kinds = {each.kind for each in inputs}
    keeps_kind = len(kinds) == 1 and (derived.how == records.DIFFERENCE or records.SNAPSHOT in kinds)
    kind = kinds.pop() if keeps_kind else records.AVERAGE
    figures = []
    if len(inputs) == len(derived.inputs):
        series = {
            each.id: {records.identity(at.period, kind): at for at in each.observations} for each in inputs
        }
        for at in series[derived.first[0]]:
            if all(at in by_period for by_period in series.values()):
                sides = ([series[name][at] for name in names] for names in (derived.first, derived.second))
                figures.append(_compute(measure, derived, *sides))
    of_cases = all(each.unit.kind == COUNT for each in inputs)  # money and hours are not independent cases
    observations = tuple(_with_breaks(filter(None, figures), inputs, kind))
    return measure._replace(kind=kind, observations=observations, derived=derived._replace(of_cases=of_cases))


def _compute(
    measure: Measure, derived: Derived, first: Sequence[Observation], second: Sequence[Observation]
) -> Observation | None:
    missing = [figure for figure in (*first, *second) if figure.value is None]
    marks = tuple(dict.fromkeys(mark for figure in missing or (*first, *second) for mark in figure.marks))
    figure = Observation(first[0].period, None, marks, key=first[0].key)
    if missing:
        return figure
    top, bottom = (sum((each.number for each in side), Decimal(0)) for side in (first, second))
    if derived.how == records.DIFFERENCE:
        value, decimals = top - bottom, measure.decimals
        return figure._replace(value=value if decimals is None else rounded(value, decimals))
    is_percent = derived.how == records.SHARE or measure.unit.kind == PERCENT
    scale = Fraction(100 if is_percent else measure.unit.per or 1)
    value = rounded(Fraction(top) * scale / Fraction(bottom or 1), measure.decimals or 0)
    return figure._replace(value=value, numerator=top, denominator=bottom) if bottom else None


def _with_breaks(figures: Iterable[Observation], inputs: list[Measure], kind: str) -> Iterator[Observation]:
    """The figures, marked as a break if an input had one since the figure before."""

    def order(figure: Observation) -> tuple[date, ...]:
        return (figure.period.end,) if kind == records.SNAPSHOT else figure.period.order

    breaks = sorted(order(figure) for measure in inputs for figure in measure.observations if figure.broken)
    known: int | None = None  # how many breaks there were up to the figure before
    for figure in figures:
        count = bisect_right(breaks, order(figure))
        is_new = figure.value is not None and known is not None and known < count and not figure.broken
        known = known if figure.value is None else count
        yield figure._replace(marks=(*figure.marks, "break")) if is_new else figure
