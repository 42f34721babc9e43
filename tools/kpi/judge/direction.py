"""Direction of travel: a figure against the nearest comparable earlier one, the class of the change, and when it is clear.

A change that figures of this kind often show by chance is not clear (docs/judgement.md, "Clear changes"). Nine and 5% were
calibrated on neighbouring years of public monthly series; the other thresholds are conventions. All comparisons are exact.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from heapq import merge
from itertools import chain
from typing import NamedTuple

from kpi.judge import series
from kpi.judge.control_chart import RUN, TREND, Chart, draw_usual, ends_a_run
from kpi.judge.series import Series, at_a_date, valued
from kpi.judge.state import BETTER, HIGHER, LOWER, NO_CLEAR_CHANGE, SAME, UNJUDGED, WORSE
from kpi.model.kpi import CUMULATIVE, SEASON, SNAPSHOT, Measure, Observation
from kpi.model.period import length_words, of_year
from kpi.model.quantity import PERCENT, per_cent, rounded

# When a change is clear

LAST_DIGIT = "no more than one in the last digit, which may be rounding"
OFTEN_DIFFER = "counts of this size often differ by that much"
FEW_DIFFER = "shares of so few often differ by that much"
SMALL_PART = "less than 5%"
SMALL_MOVE = "less than 10%"
FEW_POINTS = "less than 3 points"
POINTS_ALONE = "5 points or less, and the numbers behind it aren't given"
IN_MARGIN = "within the margin of error"

_OF_TOTALS, _AT_A_DATE = 9, 4  # squared standard deviations of a difference of counts
_PART, _LARGE_PART = Fraction(5, 100), Fraction(10, 100)
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
    within = why_within_margin(measure, earlier, later)
    if within is not None:
        return within
    before, after = earlier.number, later.number
    is_whole = all(value >= 0 and value % 1 == 0 for value in (before, after))
    if is_whole and measure.unit.kind == "count" and measure.kind != "average":
        return _why_count_unclear(before, after, at_a_date=measure.kind in {SNAPSHOT, CUMULATIVE})
    # not a count: more than one in the last digit of the coarser figure
    exponents = [value.as_tuple().exponent for value in (before, after)]
    unit = max(Fraction(10) ** exponent for exponent in exponents if isinstance(exponent, int))
    if abs(Fraction(after) - Fraction(before)) <= unit:
        return LAST_DIGIT
    cases = (whole_cases(measure, earlier), whole_cases(measure, later))
    if measure.unit.kind == PERCENT:
        return _why_share_unclear(before, after, *cases if measure.unit.is_share else (None, None))
    largest = max(abs(Fraction(before)), abs(Fraction(after)))
    is_large = abs(Fraction(after) - Fraction(before)) >= _LARGE_PART * largest
    if not is_large and measure.unit.kind == "rate" and cases[0] and cases[1]:
        is_large = not _why_count_unclear(cases[0].part, cases[1].part, at_a_date=False)
    return "" if is_large else SMALL_MOVE


def is_share_alone(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether a change of shares is judged by its points alone: a margin is known of neither, nor the whole numbers behind both."""
    has_margin = why_within_margin(measure, earlier, later) is not None
    lacks_cases = any(whole_cases(measure, figure) is None for figure in (earlier, later))
    return measure.unit.is_share and not has_margin and lacks_cases


def why_within_margin(measure: Measure, earlier: Observation, later: Observation) -> str | None:
    """The rule for figures with a margin of error: half the width of the 95% interval of one figure; None if none is known."""
    margins = [margin for margin in map(measure.margin_of, (earlier, later)) if margin is not None]
    if not margins:
        return None
    move = abs(Fraction(later.number) - Fraction(earlier.number))
    return IN_MARGIN if move <= _MARGINS * Fraction(max(margins)) else ""


def _why_count_unclear(earlier: Decimal | int, later: Decimal | int, *, at_a_date: bool) -> str:
    before, after = Fraction(earlier), Fraction(later)
    if abs(after - before) < _PART * before:
        return SMALL_PART
    usual = (_AT_A_DATE if at_a_date else _OF_TOTALS) * (before + after)
    return "" if (after - before) ** 2 > usual else OFTEN_DIFFER


def _why_share_unclear(before: Decimal, after: Decimal, earlier: Case | None, later: Case | None) -> str:
    first, second = Fraction(before) / 100, Fraction(after) / 100
    points = abs(second - first) * 100
    if earlier is None or later is None:
        return "" if points > _POINTS_ALONE else POINTS_ALONE
    smaller = min((first, second), (1 - first, 1 - second), key=sum)
    if points < _POINTS and max(smaller) < _HALF_AGAIN * min(smaller):
        return FEW_POINTS
    # by the pooled test of two proportions, squared
    pooled = Fraction(earlier.part + later.part, earlier.whole + later.whole)
    variance = pooled * (1 - pooled) * (Fraction(1, earlier.whole) + Fraction(1, later.whole))
    return "" if (Fraction(*later) - Fraction(*earlier)) ** 2 > _SHARE_Z**2 * variance else FEW_DIFFER


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


# The direction of a figure

UP, DOWN, LEVEL = "up", "down", "level"
NEITHER = "neither"
QUERIED = "figure queried"
NOTHING_EARLIER = "no earlier figure"
GAINED = "a gain can only grow"
OVERLAPPED = "a nearer figure overlaps"
USUAL = "within its usual range"

_BY_RATIO = frozenset({"ratio", "rate"})


class Direction(NamedTuple):
    """The change of a measure between two figures."""

    later: Observation
    earlier: Observation | None = None  # the figure it is compared with; None if none is comparable
    movement: str = ""  # UP, DOWN or LEVEL; empty without an earlier figure
    outcome: str = UNJUDGED  # the class of the change (see `ChangeClass`)
    change: Decimal | None = None  # the difference in the measure's unit (points for percentages)
    per_cent: Decimal | None = None  # the change in per cent, for counts and money only, and never from zero
    reason: str = ""  # why the class can't be told, or why there is no clear change
    overlapping: Observation | None = None  # a nearer figure that was skipped because its period overlaps
    gap: tuple[date, date] | None = None  # the days between the two, if the period before is meant
    usual: Chart | None = None  # the control chart of `later`; if there is one, it alone decides the class

    @property
    def queried(self) -> bool:
        """Whether the class rests on a doubted figure. A chart leaves doubted figures out."""
        pair = (self.later, self.earlier if self.usual is None else None)
        return any(figure is not None and figure.queried for figure in pair)


def judge_directions(measure: Measure) -> tuple[Direction, ...]:
    """The direction of each current length, newest first; for figures at a date, of the latest only."""
    known = valued(measure)
    newest = known[-1:] if at_a_date(measure) else series.newest_of_each_length(known)
    return tuple(judge_direction(measure, figure) for figure in newest)


def judge_direction(measure: Measure, later: Observation) -> Direction:
    """Judge a figure by its control chart, whatever the pair says, or against the nearest comparable earlier figure."""
    pair = compare_with_nearest(measure, later)
    usual = draw_usual(measure, later)
    if usual is not None:
        signal, points = usual.newest, usual.points
        if signal is None:
            return pair._replace(outcome=NO_CLEAR_CHANGE, reason=USUAL, usual=usual)
        before = points[-RUN] if signal.rule == TREND else usual.limits.mean
        moved = (points[-1] or 0) - (before or 0)  # neither is missing where there is a signal
        outcome = class_of_change(measure, Fraction(later.number) - moved, Fraction(later.number))
        return pair._replace(outcome=outcome, reason="", usual=usual)
    if pair.earlier is not None and pair.overlapping is not None:
        return pair._replace(outcome=UNJUDGED, reason=OVERLAPPED)
    if pair.earlier is not None and pair.outcome == NO_CLEAR_CHANGE and ends_a_run(measure, later):
        outcome = class_of_change(measure, pair.earlier.number, later.number)
        return pair._replace(outcome=outcome, reason="")
    return pair


def compare_with_nearest(measure: Measure, later: Observation) -> Direction:
    """Compare a figure with the nearest comparable earlier one that doesn't overlap. A break ends the search."""
    known = valued(measure)
    days = (later.period.end, later.period.start)
    before, clear = (bisect_left(known, day, key=lambda figure: figure.period.end) for day in days)
    overlapping: Observation | None = None
    alike = _first_alike(measure, _candidates(measure, known, before, later), later)
    if alike is not None and alike[1].reason == series.OVERLAPPING:
        overlapping = alike[0]
        # Of the others that overlap the oldest will do: a break after any of them comes after it.
        older = _candidates(measure, known, clear, later)
        alike = _first_alike(measure, chain(older, known[clear:before]), later)
    if alike is not None and alike[1].comparable:
        earlier = alike[0]
        gap = None if overlapping else series.gap_between(measure, earlier.period, later.period)
        return compare_pair(measure, earlier, later)._replace(overlapping=overlapping, gap=gap)
    if alike is not None and alike[1].reason == series.BREAK:
        reason = series.BREAK
    elif overlapping is not None:
        reason = "only overlapping periods before it"
    else:
        reason = _why_unlike(measure, known, before, later)
    return Direction(later, reason=reason, overlapping=overlapping)


def _first_alike(
    measure: Measure, candidates: Iterable[Observation], later: Observation
) -> tuple[Observation, series.Comparison] | None:
    """The first candidate of the later figure's length and season, with the comparison of the two."""
    for earlier in candidates:
        comparison = series.compare(measure, earlier, later)
        if not comparison.lengths_differ and not comparison.seasons_differ:
            return earlier, comparison
    return None


def _candidates(measure: Measure, known: Series, before: int, later: Observation) -> Iterator[Observation]:
    """The figures, of the first `before` known ones, that are likely to be comparable with a later one; nearest first."""
    period = later.period
    keys: Iterable[series.Key] = period.lengths
    if series.compared_with(measure, period) == SEASON:
        keys = [("day", period.end - timedelta(days=series.YEAR_OF_WEEKS)), period.lengths[-1]]
        if at_a_date(measure):
            keys = [("end", of_year(period.end))]
        elif period.months and period.months % 12 == 0:
            keys.append(period.length)
    elif at_a_date(measure):  # any figure will do
        yield from reversed(known[max(before - 1, 0) : before])
        return
    groups = [series.positions(known).get(key, []) for key in keys]
    ends = [bisect_left(group, before) for group in groups]
    starts = [group[end - 1 :: -1] if end else [] for group, end in zip(groups, ends, strict=True)]
    last = before
    for at in merge(*starts, reverse=True):
        if at != last:  # one figure may have several keys
            yield known[at]
        last = at


def _why_unlike(measure: Measure, known: Series, before: int, later: Observation) -> str:
    """Why nothing earlier is comparable, from the nearest figure of the same length or the nearest of all."""
    lengths = () if at_a_date(measure) else later.period.lengths[:-1]
    groups = [series.positions(known).get(length, []) for length in lengths]
    alike = [group[end - 1] for group in groups if (end := bisect_left(group, before))]
    for at in (*sorted(alike, reverse=True), *range(before)[-1:]):
        comparison = series.compare(measure, known[at], later)
        if comparison.lengths_differ and at == before - 1:
            return f"no earlier {length_words(later.period)} to compare with"
        if comparison.seasons_differ or at == before - 1:
            return comparison.reason
    return NOTHING_EARLIER


def compare_pair(measure: Measure, earlier: Observation, later: Observation) -> Direction:
    """The change from one figure to another, both comparable and with a value."""
    change = later.number - earlier.number
    movement = UP if change > 0 else DOWN if change < 0 else LEVEL
    is_part = measure.unit.kind in {"count", "currency"} and earlier.number > 0 and later.number >= 0
    share = per_cent(change, earlier.number) if is_part else None  # across zero it says nothing
    outcome, reason = class_of_change(measure, earlier.number, later.number), ""
    if earlier.queried or later.queried:
        outcome, reason = UNJUDGED, QUERIED
    elif outcome != SAME and measure.kind == CUMULATIVE and movement == UP:
        outcome, reason = UNJUDGED, GAINED
    elif outcome != SAME and measure.kind != CUMULATIVE:
        if reason := why_unclear(measure, earlier, later):
            outcome = NO_CLEAR_CHANGE
        elif is_about_as_far(measure, earlier, later):
            outcome = HIGHER if movement == UP else LOWER
    return Direction(later, earlier, movement, outcome, change, share, reason)


def is_about_as_far(measure: Measure, earlier: Observation, later: Observation) -> bool:
    """Whether a figure passed the best value and is neither clearly nearer nor further: from 4 below to 4 above, say."""
    middle = measure.better.middle
    if measure.better.way != "near" or middle is None:
        return False
    if (earlier.number - middle) * (later.number - middle) >= 0:
        return False
    by_ratio = measure.unit.kind in _BY_RATIO and middle > 0
    if by_ratio and min(earlier.number, later.number) <= 0:
        return False  # nothing is as far from it as zero

    def beyond(figure: Observation) -> Observation:
        """A figure as far on the other side of the middle, with as many decimals or more, of as many cases."""
        value = figure.number
        as_far = middle * middle / value + 0 * value if by_ratio else 2 * middle - value
        return figure._replace(value=as_far, numerator=None)

    before = beyond(earlier)
    pairs = ((before, later), (earlier, beyond(later)))
    return before.value == later.value or any(why_unclear(measure, *pair) for pair in pairs)


def class_of_change(measure: Measure, before: Decimal | Fraction, after: Decimal | Fraction) -> str:
    """Whether `after` is better or worse than `before`, or the same; higher or lower if neither is better."""
    if before == after:
        return SAME
    way = measure.better.way
    was, now = (
        distance(measure, value) if way == "near" else (False, Fraction(value)) for value in (before, after)
    )
    if way == NEITHER or was == now:
        return HIGHER if after > before else LOWER
    return BETTER if (now > was) == (way == "higher") else WORSE


def distance(measure: Measure, value: Decimal | Fraction) -> tuple[bool, Fraction]:
    """How far a value is from the best, as a key to sort by. For ratios and rates 0.5 is as far from 1 as 2; zero is farthest."""
    given, middle = Fraction(value), Fraction(measure.better.middle or 0)
    if measure.unit.kind not in _BY_RATIO or middle <= 0:
        return False, abs(given - middle)
    return (True, -given) if given <= 0 else (False, max(given / middle, middle / given))
