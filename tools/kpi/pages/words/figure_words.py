"""Figures in words: a value with its marks, its period, its age; and what a measure is called."""

from datetime import date
from decimal import Decimal

from kpi.judge.benchmarks import Rank
from kpi.model.kpi import CUMULATIVE, SNAPSHOT, Kpi, Measure, Observation
from kpi.model.period import Period, period_words, span_words
from kpi.model.quantity import COUNT, CURRENCY, DURATION, PERCENT, Unit, change, figure
from kpi.model.text import counted
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages.words.digits import figure_decimals

UNIT_NOUNS = {COUNT: "number", PERCENT: "per cent", DURATION: "time"}
"""What the numbers of some units are called."""

NOTHING = "–"
"""The text of an empty cell; explained above the tables."""


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
    """What a measure is called where it is alone: its title, or that of its KPI, where it has none and is the only one."""
    is_alone = len(kpi.measures) + len(kpi.also_shows) < 2
    return kpi.title if is_alone and not (measure.title or measure.noun) else measure_label(measure)


def short_label(measure: Measure) -> str:
    """What a measure is called in lists and pictures: its short name, where it has one."""
    return measure.short or measure_label(measure)


def bare(value: Decimal, unit: Unit, decimals: int | None = None) -> str:
    """A number beside one that carries the unit: the first of "2 to 3 weeks"; durations, money and per cents carry their own."""
    own = unit.kind in {DURATION, CURRENCY, PERCENT}
    return figure(value, unit if own else Unit(COUNT), decimals)


def number_words(observation: Observation, measure: Measure) -> str:
    """The value of a figure that has one, with its unit: "95%"; rounded as the measure asks, without hiding a bound's side."""
    assert observation.value is not None
    return figure(observation.value, measure.unit, figure_decimals(observation, measure))


def unrounded_if_alike(
    before: Observation | None, was: Measure, after: Observation | None, now: Measure
) -> tuple[Measure, Measure]:
    """The measure before and after, without rounding if that would make two different values look the same."""
    if before is None or after is None or before.value is None or after.value is None:
        return was, now
    if before.value == after.value or number_words(before, was) != number_words(after, now):
        return was, now
    was, now = (each._replace(decimals=None, unit=each.unit._replace(scale=0)) for each in (was, now))
    return was, now


def value_words(observation: Observation, measure: Measure) -> str:
    """The figure with its unit and mark letters: "95% [p]"; for one without a value, why there is none."""
    letters = "".join(f"[{MARKS[mark].letter}]" for mark in observation.marks if mark not in WITHOUT_VALUE)
    if observation.value is not None:
        words = number_words(observation, measure)
    elif observation.assessment:
        words = f"assessed as {observation.assessment}"
    else:
        reasons = [mark for mark in observation.marks if mark in WITHOUT_VALUE]
        words = " ".join(f"{MARKS[mark].words} [{MARKS[mark].letter}]" for mark in reasons)
    return f"{words} {letters}".strip()


def margin_words(margin: Decimal, measure: Measure) -> str:
    """A margin of error: "give or take 2.1 percentage points"."""
    return f"give or take {change(margin, measure.unit)}"


def when(period: Period, measure: Measure) -> str:
    """The period of a measure's figure: "2022/23"; for a figure at a date, what ends then: "end of 2022/23".

    A month or a day is short enough as it is. Quarters name their months without brackets, because a period is often in
    brackets itself.
    """
    words = period_words(period).replace(" (", ", ").removesuffix(")")
    if names_its_end(period, measure):
        return f"end of {words}"
    at_an_end = measure.kind in {SNAPSHOT, CUMULATIVE} and period.form in {"rolling", "range"}
    return span_words(period.end, period.end) if at_an_end else words


def short_when(period: Period, measure: Measure) -> str:
    """The same below a chart, where there is no room for the months of a quarter: "2022/23 Q1"."""
    words = when(period, measure)
    return words.partition(", ")[0] if period.form == "fy-quarter" else words


def names_its_end(period: Period, measure: Measure) -> bool:
    """Whether the period of a figure at a date is named as the end of a year or quarter."""
    return measure.kind in {SNAPSHOT, CUMULATIVE} and period.form not in {"month", "day", "rolling", "range"}


def dated(observation: Observation, measure: Measure) -> str:
    """The figure and its period: "95% (January 2024)"."""
    return f"{value_words(observation, measure)} ({when(observation.period, measure)})"


def age_words(figure: Observation, day: date) -> str:
    """How long ago a figure's period ended: "27 days", "11 months"."""
    days = max(0, (day - figure.period.end).days)
    return counted(days, "day") if days < 60 else counted(round(days / 30.4375), "month")


def place_words(rank: Rank) -> str:
    """A place among other areas: "lowest of 4", "joint 2nd highest of 7"; with a margin of error "2nd to 4th of 7"."""
    if rank.last != rank.position:
        return f"{_ordinal(rank.position)} to {_ordinal(rank.last)} of {rank.areas}"
    ends = {"higher": ("highest", "lowest"), "lower": ("lowest", "highest")}
    best, worst = ends.get(rank.way, ("best", "last"))
    joint = "joint " if rank.joint else ""
    if rank.position == rank.areas:
        return f"{joint}{worst} of {rank.areas}"
    place = "" if rank.position == 1 else f"{_ordinal(rank.position)} "
    return f"{joint}{place}{best} of {rank.areas}"


def _ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    teen = number // 10 % 10 == 1
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
