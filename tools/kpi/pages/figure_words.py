"""Figures in words: a value with its decimals and marks, its period, its age; and what a measure is called."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from kpi.judge.benchmarks import Rank
from kpi.judge.bound import gap_to, resolve_bound, targets_in_force
from kpi.judge.series import at_a_date
from kpi.judge.target import Verdict
from kpi.model.kpi import Bound, Kpi, Measure, Observation, Target
from kpi.model.period import Period, period_words, span_words
from kpi.model.quantity import COUNT, CURRENCY, DURATION, PERCENT, Unit, change, decimals_of, figure, rounded
from kpi.model.text import counted
from kpi.model.vocabulary import EQUALS, MARKS, WITHOUT_VALUE

UNIT_NOUNS = {COUNT: "number", PERCENT: "per cent", DURATION: "time"}
"""What the numbers of some units are called."""

NOTHING = "–"  # the text of an empty cell; explained above the tables


def ended(text: str) -> str:
    """The text with a full stop, unless it ends with other punctuation."""
    words = text.rstrip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def capitalised(text: str) -> str:
    """The first letter a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def measure_label(measure: Measure) -> str:
    """What a measure is called where it is beside its KPI: its title, or what it counts."""
    unit = measure.unit
    counted_as = measure.noun or UNIT_NOUNS.get(unit.kind, "")
    return measure.title or capitalised(counted_as) or unit.name or capitalised(unit.kind)


def measure_title(kpi: Kpi, measure: Measure) -> str:
    """What a measure is called where it is alone: its title, or its KPI's where it is the only one."""
    is_alone = len(kpi.measures) + len(kpi.also_shows) < 2
    return kpi.title if is_alone and not (measure.title or measure.noun) else measure_label(measure)


def short_label(measure: Measure) -> str:
    """What a measure is called in lists and pictures: its short name, where it has one."""
    return measure.short or measure_label(measure)


def bare(value: Decimal, unit: Unit, decimals: int | None = None) -> str:
    """A number beside one with its unit: the first of "2 to 3 weeks"; some units stand with each."""
    own = unit.kind in {DURATION, CURRENCY, PERCENT}
    return figure(value, unit if own else Unit(COUNT), decimals)


def number_words(observation: Observation, measure: Measure) -> str:
    """The value of a figure that has one, rounded as far as that hides no side of a bound: "95%"."""
    return figure(observation.number, measure.unit, figure_decimals(observation, measure))


def unrounded_if_alike(
    before: Observation | None, was: Measure, after: Observation | None, now: Measure
) -> tuple[Measure, Measure]:
    """The measure before and after, without rounding if two different values would look the same."""
    if before is None or after is None or None in {before.value, after.value} or before.value == after.value:
        return was, now
    if number_words(before, was) == number_words(after, now):
        was, now = (each._replace(decimals=None, unit=each.unit._replace(scale=0)) for each in (was, now))
    return was, now


def value_words(observation: Observation, measure: Measure) -> str:
    """The figure with its unit and mark letters: "95% [p]"; for one without a value, why there is none."""
    marks = [MARKS[mark] for mark in observation.marks]
    letters = "".join(f"[{mark.letter}]" for mark in marks if mark.name not in WITHOUT_VALUE)
    words = f"assessed as {observation.assessment}"
    if observation.value is not None:
        words = number_words(observation, measure)
    elif not observation.assessment:
        words = " ".join(f"{mark.words} [{mark.letter}]" for mark in marks if mark.name in WITHOUT_VALUE)
    return f"{words} {letters}".strip()


def when(period: Period, measure: Measure) -> str:
    """The period of a measure's figure: "2022/23"; for a figure at a date, what ends then: "end of 2022/23"."""
    words = period_words(period).replace(" (", ", ").removesuffix(")")  # a period is often in brackets itself
    if names_its_end(period, measure):
        return f"end of {words}"
    at_an_end = at_a_date(measure) and period.form in {"rolling", "range"}
    return span_words(period.end, period.end) if at_an_end else words


def short_when(period: Period, measure: Measure) -> str:
    """The same below a chart, where there is no room for the months of a quarter: "2022/23 Q1"."""
    words = when(period, measure)
    return words.partition(", ")[0] if period.form == "fy-quarter" else words


def names_its_end(period: Period, measure: Measure) -> bool:
    """Whether the period of a figure at a date is named as the end of a year or quarter."""
    return at_a_date(measure) and period.form not in {"month", "day", "rolling", "range"}


def dated(observation: Observation, measure: Measure) -> str:
    """The figure and its period: "95% (January 2024)"."""
    return f"{value_words(observation, measure)} ({when(observation.period, measure)})"


def age_words(figure: Observation, day: date) -> str:
    """How long ago a figure's period ended: "27 days", "11 months"."""
    days = max(0, (day - figure.period.end).days)
    return counted(days, "day") if days < 60 else counted(round(days / 30.4375), "month")


def aged(observation: Observation, measure: Measure, day: date) -> str:
    """The figure with its period and its age: "95% (January 2024), 27 days old"."""
    return f"{dated(observation, measure)}, {age_words(observation, day)} old"


def place_words(rank: Rank) -> str:
    """A place among areas: "lowest of 4", "joint 2nd highest of 7"; with a margin "2nd to 4th of 7"."""
    if rank.last != rank.position:
        return f"{_ordinal(rank.position)} to {_ordinal(rank.last)} of {rank.areas}"
    ends = {"higher": ("highest", "lowest"), "lower": ("lowest", "highest")}
    best, worst = ends.get(rank.way, ("best", "last"))
    end = worst if rank.position == rank.areas else best
    place = "" if rank.position in {1, rank.areas} else f"{_ordinal(rank.position)} "
    return f"{'joint ' * rank.joint}{place}{end} of {rank.areas}"


def _ordinal(number: int) -> str:
    endings = {} if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{endings.get(number % 10, 'th')}"


_MOST = 30  # decimals; a figure has 15 at most, and a share of one some more


_Bounds = Sequence[tuple[Bound, Observation | None]]  # with the figures they were worked out from


def _printed_bound(bound: Bound, source: Observation | None, decimals: int) -> Bound:
    """The bound beside a figure with so many decimals: rounded if it was worked out from a figure."""
    if source is None or bound.value is None or decimals_of(bound.value) <= decimals:
        return bound
    return bound._replace(value=rounded(bound.value, decimals))


def _fewest(least: int, unit: Unit, value: Decimal, bounds: _Bounds = (), *, may_vanish: bool) -> int:
    """The fewest decimals, `least` or more, that show on which side of its bounds a value lies. Money has pence or none.

    A value that may not vanish is never printed as zero.
    """
    has_pence = unit.kind == CURRENCY and not unit.scale and least != 1
    for decimals in range(least, _MOST):
        printed = rounded(value, decimals)
        if (has_pence and decimals == 1) or (value and not printed and not may_vanish):
            continue
        shown = ((_printed_bound(bound, source, decimals), bound) for bound, source in bounds)
        if all((gap_to(rough, printed) is None) == (gap_to(bound, value) is None) for rough, bound in shown):
            return decimals
    return _MOST


def figure_decimals(observation: Observation, measure: Measure) -> int | None:
    """The decimals to print a figure with; None for those typed.

    Those that the measure asks for, or as many more as show on which side of its bounds the figure lies: 89.95 is never
    printed as 90.0 beside "missed" and "at least 90".
    """
    value, least, scale = observation.value, measure.decimals, measure.unit.scale
    if scale:
        least = (1 if least is None else least) - scale  # of the value itself: -5 for one decimal of millions
    if least is None or value is None:
        return least
    references = (Target(each.bound or Bound(EQUALS, each.value)) for each in measure.references)
    targets = (*targets_in_force(measure, observation), *references)
    resolved = [resolve_bound(measure, target, observation) for target in targets if target.bound is not None]
    bounds = [(each.bound, each.reference) for each in resolved if each.bound is not None]
    return _fewest(least, measure.unit, value, bounds, may_vanish=not scale)


def shown_bound(verdict: Verdict, measure: Measure) -> Bound | None:
    """The bound as printed: rounded like the figure where worked out from one, if that shows the side."""
    bound, source, figure = verdict.bound, verdict.reference, verdict.observation
    if bound is None or figure is None or figure.value is None or source is None or source.value is None:
        return bound
    decimals = figure_decimals(figure, measure)
    if decimals is None:
        least = max(decimals_of(figure.value), decimals_of(source.value))
        decimals = _fewest(least, measure.unit, figure.value, [(bound, source)], may_vanish=True)
    return _printed_bound(bound, source, decimals)


def gap_words(verdict: Verdict, measure: Measure) -> str:
    """How far the figure is from the printed bound: "23 percentage points"; never so rough that it looks like none."""
    figure, gap, shown = verdict.observation, verdict.gap, shown_bound(verdict, measure)
    if figure is None or shown is None or gap is None:
        return ""
    least, printed = figure_decimals(figure, measure), gap
    if least is None:
        least = max(decimals_of(end) for end in (figure.number, shown.value, shown.upper) if end is not None)
        printed = gap if verdict.reference is None else gap_to(shown, figure.number) or gap
    return change(printed, measure.unit, _difference_decimals(gap, least, measure.unit))


def change_decimals(change: Decimal, figures: Iterable[Observation | None], measure: Measure) -> int | None:
    """The decimals of a change: those of its two figures, and never so few that it looks like none."""
    decimals = (figure_decimals(figure, measure) for figure in figures if figure is not None)
    least = max((number for number in decimals if number is not None), default=None)
    return _difference_decimals(change, least, measure.unit)


def _difference_decimals(difference: Decimal, least: int | None, unit: Unit) -> int | None:
    """`least` decimals or more, so that a difference never looks like none; None for all that it has."""
    if least is None or decimals_of(difference) <= least:
        return None
    return _fewest(least, unit, difference, may_vanish=False)
