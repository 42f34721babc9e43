"""When two figures of a measure may be compared (docs/judgement.md, "Comparable")."""

from typing import NamedTuple

from kpi.model.kpi import CUMULATIVE, SNAPSHOT, Measure, Observation
from kpi.model.period import Period, length_words

BREAK = "not comparable (break)"
OVERLAPPING = "overlapping periods"


class Comparison(NamedTuple):
    """Whether two figures may be compared, and if not, why, in words for readers."""

    comparable: bool
    reason: str = ""


def compare(measure: Measure, earlier: Observation, later: Observation) -> Comparison:
    """Whether `later` may be compared with `earlier`, both of this measure.

    Snapshots and cumulative gains compare at any two dates. Totals and averages need equal lengths, and parts of a year
    the same starting month; nothing is rescaled. A break in between, or overlapping periods, prevent it.
    """
    reason = "" if at_a_date(measure) else _unlike(earlier, later)
    if not reason and break_between(measure, earlier, later):
        reason = BREAK
    if not reason and not at_a_date(measure) and earlier.period.overlaps(later.period):
        reason = OVERLAPPING
    return Comparison(not reason, reason)


def at_a_date(measure: Measure) -> bool:
    """Whether the measure's figures are for a date, the period's end, rather than for the whole period."""
    return measure.kind in {SNAPSHOT, CUMULATIVE}


def _unlike(earlier: Observation, later: Observation) -> str:
    first, second = earlier.period, later.period
    if first.length != second.length:
        return f"different lengths ({_a(second)} and {_a(first)})"
    whole_years = second.months > 0 and second.months % 12 == 0
    starts = [(one.start.month, one.start.day) for one in (first, second)]
    if not whole_years and starts[0] != starts[1]:
        return "different times of the year"
    return ""


def _a(period: Period) -> str:
    """`a month`, `3 years`."""
    words = length_words(period)
    return words if words[0].isdigit() else f"a {words}"


def break_between(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether the series changed after `earlier`, up to and including `later`, in the order of the series."""
    return any(
        one.broken and earlier.period.order < one.period.order <= later.period.order
        for one in measure.observations
    )
