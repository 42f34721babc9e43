"""When a change between two figures is clear (docs/judgement.md, "Clear changes").

A change that figures of this kind often show by chance is not clear, and the reason is given. Nine and 5% were calibrated on
neighbouring years of public monthly series; the other thresholds are conventions. All comparisons are exact.
"""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpi.model.kpi import CUMULATIVE, SNAPSHOT, Measure, Observation
from kpi.model.quantity import PERCENT, rounded

LAST_DIGIT = "no more than one in the last digit, which may be rounding"
OFTEN_DIFFER = "counts of this size often differ by that much"
FEW_DIFFER = "shares of so few often differ by that much"
SMALL_PART = "less than 5%"
SMALL_MOVE = "less than 10%"
FEW_POINTS = "less than 3 points"
POINTS_ALONE = "5 points or less, and the numbers behind it aren't given"
IN_MARGIN = "within the margin of error"

_OF_TOTALS, _AT_A_DATE = 9, 4  # squared standard deviations of a difference of counts
_PART = Fraction(5, 100)
_LARGE_PART = Fraction(10, 100)
_POINTS, _POINTS_ALONE = 3, 5
_HALF_AGAIN = Fraction(3, 2)
_SHARE_Z = 3
_MARGINS = Fraction(3, 2)  # the margin of a difference, in margins of one figure


class Case(NamedTuple):
    """A share as whole numbers: `part` of `whole` cases."""

    part: int
    whole: int


def why_unclear(measure: Measure, earlier: Observation, later: Observation) -> str:
    """Why a change from a figure to a comparable one with another value is not clear, in words; empty if it is clear."""
    before, after = earlier.number, later.number
    margins = [margin for margin in map(measure.margin_of, (earlier, later)) if margin is not None]
    if margins:
        return why_within_margin(before, after, max(margins))
    is_whole = all(value >= 0 and value % 1 == 0 for value in (before, after))
    if is_whole and measure.unit.kind == "count" and measure.kind != "average":
        return why_count_unclear(before, after, at_a_date=measure.kind in {SNAPSHOT, CUMULATIVE})
    cases = (whole_cases(measure, earlier), whole_cases(measure, later))
    if measure.unit.kind == PERCENT:
        return why_share_unclear(before, after, cases if measure.unit.is_share else (None, None))
    return why_value_unclear(before, after, cases if measure.unit.kind == "rate" else (None, None))


def is_share_alone(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether a change of shares is judged by its points alone: a margin is known of neither, nor the whole numbers behind both."""
    figures = (earlier, later)
    has_margin = any(measure.margin_of(figure) is not None for figure in figures)
    lacks_cases = any(whole_cases(measure, figure) is None for figure in figures)
    return measure.unit.is_share and not has_margin and lacks_cases


def why_within_margin(before: Decimal, after: Decimal, margin: Decimal) -> str:
    """The rule for figures with a margin of error: half the width of the 95% interval of one figure."""
    return IN_MARGIN if abs(_move(before, after)) <= _MARGINS * Fraction(margin) else ""


def why_count_unclear(before: Decimal, after: Decimal, *, at_a_date: bool) -> str:
    """The rule for counts, over a period or at a date."""
    move = _move(before, after)
    if abs(move) < _PART * abs(Fraction(before)):
        return SMALL_PART
    usual = (_AT_A_DATE if at_a_date else _OF_TOTALS) * (Fraction(before) + Fraction(after))
    return "" if move**2 > usual else OFTEN_DIFFER


def why_share_unclear(
    before: Decimal, after: Decimal, cases: tuple[Case | None, Case | None] = (None, None)
) -> str:
    """The rule for percentages, with the whole numbers behind them if both are known."""
    if _in_last_digit(before, after):
        return LAST_DIGIT
    points = abs(_move(before, after))
    earlier, later = cases
    if earlier is None or later is None:
        return "" if points > _POINTS_ALONE else POINTS_ALONE
    first, second = Fraction(before) / 100, Fraction(after) / 100
    smaller = min((first, second), (1 - first, 1 - second), key=sum)
    if points < _POINTS and max(smaller) < _HALF_AGAIN * min(smaller):
        return FEW_POINTS
    # by the pooled test of two proportions, squared
    pooled = Fraction(earlier.part + later.part, earlier.whole + later.whole)
    variance = pooled * (1 - pooled) * (Fraction(1, earlier.whole) + Fraction(1, later.whole))
    return "" if (Fraction(*later) - Fraction(*earlier)) ** 2 > _SHARE_Z**2 * variance else FEW_DIFFER


def why_value_unclear(
    before: Decimal, after: Decimal, cases: tuple[Case | None, Case | None] = (None, None)
) -> str:
    """The rule for money, days, ratios, rates and scores; a rate is also clear if the counts behind it are."""
    if _in_last_digit(before, after):
        return LAST_DIGIT
    largest = max(abs(Fraction(before)), abs(Fraction(after)))
    if abs(_move(before, after)) >= _LARGE_PART * largest:
        return ""
    earlier, later = cases
    if earlier is None or later is None:
        return SMALL_MOVE
    unclear = why_count_unclear(Decimal(earlier.part), Decimal(later.part), at_a_date=False)
    return SMALL_MOVE if unclear else ""


def whole_cases(measure: Measure, figure: Observation) -> Case | None:
    """The whole numbers behind a figure, of a per cent with its denominator alone the nearest ones; None where there are none."""
    if measure.derived is not None and not measure.derived.of_cases:
        return None
    part, whole = figure.numerator, figure.denominator
    if part is None and whole is not None and figure.value is not None and measure.unit.is_share:
        part = rounded(Fraction(figure.value) * Fraction(whole) / 100, 0)
    if part is None or whole is None or part % 1 or whole % 1 or not 0 <= part <= whole or not whole:
        return None
    return Case(int(part), int(whole))


def _move(before: Decimal, after: Decimal) -> Fraction:
    return Fraction(after) - Fraction(before)


def _in_last_digit(before: Decimal, after: Decimal) -> bool:
    """Whether two figures differ by at most one in the last digit of the coarser one."""
    places = [value.as_tuple().exponent for value in (before, after)]
    unit = max(Fraction(10) ** place for place in places if isinstance(place, int))
    return abs(_move(before, after)) <= unit
