"""Changes in words: how a figure has changed since when, its usual range, and whether it calls for action."""

from decimal import Decimal
from fractions import Fraction

from kpi.judge import benchmarks
from kpi.judge.breach import ALWAYS, COUNTED, MOVING, NEVER, compare_with_usual_range
from kpi.judge.control_chart import OUTSIDE, SHIFT, TREND, Chart
from kpi.judge.direction import DOWN, UP, Direction
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.series import a_length, at_a_date, valued
from kpi.judge.state import CHANGE_CLASSES, SAME, UNJUDGED
from kpi.model import quantity
from kpi.model.kpi import Measure, Observation, Trigger
from kpi.model.period import length_words, span_words
from kpi.model.text import counted
from kpi.pages.figure_words import bare, capitalised, change_decimals, figure_decimals, value_words, when

_MOVES = {"increase": ("rises", "rise"), "decrease": ("falls", "fall"), "change": ("changes", "change")}
_SYMBOLS = {UP: "▲", DOWN: "▼"}
_FEWEST_IN_PER_CENT = 20  # of a smaller count a per cent says less than the count itself
_NEVER_NEGATIVE = {quantity.COUNT, quantity.DURATION, quantity.RATE, quantity.DAYS, quantity.WEEKS}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def change_words(travel: Direction, measure: Measure, *, bracketed: bool = True) -> str:
    """The change itself: "down 8 percentage points", "up 690 (4.6%)", without brackets "up 690, 4.6%"; "no change"."""
    if travel.change is None:
        return travel.reason
    if not travel.change:
        return "no change"
    decimals = change_decimals(travel.change, (travel.earlier, travel.later), measure)
    words = f"{travel.movement} {quantity.change(travel.change, measure.unit, decimals)}"
    before = travel.earlier.value if travel.earlier is not None else None
    is_few = measure.unit.kind == quantity.COUNT and before is not None and abs(before) < _FEWEST_IN_PER_CENT
    if travel.per_cent is None or is_few:
        return words
    part = f"{quantity.plain(abs(travel.per_cent))}%" if travel.per_cent else "less than 0.1%"
    return f"{words} ({part})" if bracketed else f"{words}, {part}"


def direction_words(travel: Direction, measure: Measure) -> str:
    """How a figure has changed, or what its chart says: "Worse ▼ down 8 percentage points (2022/23 against 2021/22)"."""
    nearer = travel.overlapping
    if travel.earlier is None:
        if travel.usual is not None:
            return chart_words(travel, travel.usual, measure)
        words = f"{capitalised(when(travel.later.period, measure))}: {travel.reason}"
        return f"{words}; {when(nearer.period, measure)} overlaps and is not compared" if nearer else words
    if nearer is not None and travel.usual is None:
        return _overlap_words(travel, travel.earlier, nearer, measure)
    gap = f"; none for {span_words(*travel.gap)}" if travel.gap else ""
    pair = f"({_periods(travel, measure)}{gap})"
    pair = pair if travel.outcome == SAME else f"{change_words(travel, measure)} {pair}"
    if travel.usual is not None:
        return f"{chart_words(travel, travel.usual, measure)}; {pair}"
    symbol = f" {_SYMBOLS.get(travel.movement, '')}" if CHANGE_CLASSES[travel.outcome].is_clear else ""
    words = f"{CHANGE_CLASSES[travel.outcome].head}{symbol} {pair}"
    return f"{words}; {travel.reason}" if travel.reason else words


def _periods(travel: Direction, measure: Measure) -> str:
    assert travel.earlier is not None
    return f"{when(travel.later.period, measure)} against {when(travel.earlier.period, measure)}"


def _overlap_words(travel: Direction, earlier: Observation, nearer: Observation, measure: Measure) -> str:
    """Two figures that don't overlap, where a nearer one does: what has happened to it since can't be told."""
    pair = (f"{value_words(at, measure)} in {when(at.period, measure)}" for at in (travel.later, earlier))
    between = f"{when(nearer.period, measure)} ({value_words(nearer, measure)})"
    start, end = travel.later.period.start, nearer.period.end  # of what both have
    number, unit = (end.year - start.year) * 12 + end.month - start.month + 1, "month"
    if start.day != 1 or not travel.later.period.months or not nearer.period.months:
        number, unit = (end - start).days + 1, "day"
    elif number % 12 == 0:
        number, unit = number // 12, "year"
    shared = f"{_NUMBERS[number] if number < len(_NUMBERS) else f'{number:,}'} {unit}{'s' * (number != 1)}"
    moves = {UP: "rises", DOWN: "falls"}.get(travel.movement, "moves")
    return (
        f"{', '.join(pair)} ({change_words(travel, measure, bracketed=False)}). "
        f"{between} shares {shared} with the newest, so whether it still {moves} can't be told"
    )


def chart_words(travel: Direction, usual: Chart, measure: Measure) -> str:
    """What a chart says: "Worse than usual since August 2018: below its usual range (64 to 80)"."""
    newest, usual_range = usual.newest, range_words(usual, measure)
    if newest is None:
        return f"No clear change: within its usual range ({usual_range})"
    side, end = ("above", "upper") if newest.side > 0 else ("below", "lower")
    if newest.rule == TREND:
        signal = f"{usual.run} figures, each {side} the one before"
    elif newest.rule == SHIFT:
        signal = f"{usual.run} figures on one side of {'the year before' if usual.lag else 'its mean'}"
    elif usual.lag:
        signal = f"further {side} the year before than usual ({usual_range})"
    elif newest.rule == OUTSIDE:
        signal = f"{side} its usual range ({usual_range})"
    else:
        signal = f"two of three figures near the {end} end of its usual range ({usual_range})"
    since = usual.since
    started = f" since {when(since.period, measure)}" if since is not None and since != travel.later else ""
    return f"{CHANGE_CLASSES[travel.outcome].head.rstrip(':')} than usual{started}: {signal}"


def range_words(usual: Chart, measure: Measure) -> str:
    """The usual range, clipped at what is possible: "64 to 80"; of differences from the year before "±10 points"."""
    newest = usual.figures[-1]
    places = figure_decimals(newest, measure) if newest is not None else None
    if places is None:  # as typed
        values = (figure.value for figure in usual.figures if figure is not None)
        places = max(quantity.decimals_of(value) for value in values if value is not None)
    low, high, unit = usual.limits.lower, usual.limits.upper, measure.unit
    if usual.lag:
        spread = quantity.change(quantity.rounded(high, places), unit, places)
        return f"±{spread.replace('percentage points', 'points')}"
    low = max(low, Fraction(0)) if unit.is_share or unit.kind in _NEVER_NEGATIVE else low
    high = min(high, Fraction(100)) if unit.is_share else high
    first, last = (quantity.rounded(end, places) for end in (low, high))
    return f"{bare(first, unit, places)} to {quantity.figure(last, unit, places)}"


def trend_words(judged: MeasureJudgement) -> str:
    """How the newest figure has changed; other lengths as a fact: "95% in January 2024; 67% in the year …"."""
    measure = judged.measure
    directions = [each for each in judged.directions if each.later.value is not None]
    if not directions:
        return ""
    newest, *others = directions
    if newest.earlier is not None or newest.usual is not None or not others:
        return direction_words(newest, measure)
    is_alone = sum(figure.period.is_as_long_as(newest.later.period) for figure in valued(measure)) == 1
    words = _in_words(newest.later, measure) if is_alone else direction_words(newest, measure)
    older = (other.later for other in others)
    beside = (f"{_in_words(each, measure)} ({unlike_words(newest.later, each)})" for each in older)
    return "; ".join([words, *beside])


def _in_words(observation: Observation, measure: Measure) -> str:
    """A figure and when: "95% in January 2024", "67% in the year 2022/23"."""
    year = "the year " if length_words(observation.period) == "year" and not at_a_date(measure) else ""
    return f"{value_words(observation, measure)} in {year}{when(observation.period, measure)}"


def unlike_words(now: Observation, other: Observation) -> str:
    """Why two figures of different lengths are no trend: "a month and a year: no like-for-like trend"."""
    return f"{a_length(now.period)} and {a_length(other.period)}: no like-for-like trend"


def usual_range_words(judged: MeasureJudgement) -> str:
    """The usual range and the target: "at its usual range (45 to 58 days) it is met in some months"; else empty."""
    usual, at = compare_with_usual_range(judged.deciding, judged.directions), judged.deciding
    if usual is None or at is None or at.observation is None:
        return ""
    if usual.word == MOVING:
        return "has been moving; no one usual range"
    period = length_words(at.observation.period)
    if usual.word == COUNTED:
        return f"met in {usual.met} of the last {counted(usual.of, period if period.isalpha() else 'figure')}"
    several = f"{period}s" if period.isalpha() else f"periods of {period}"
    words = {ALWAYS: "it is met", NEVER: "it isn't met"}.get(usual.word, f"it is met in some {several}")
    return f"at its usual range ({range_words(usual.usual, judged.measure)}) {words}"


def chance_words(judged: MeasureJudgement) -> str:
    """The test of the newest change and the latest figure's interval, for small counts and shares; else empty."""
    measure, newest, parts = judged.measure, judged.latest.observation, []
    travel = next((direction for direction in judged.directions if direction.earlier is not None), None)
    if travel is not None and travel.outcome != UNJUDGED and travel.change:
        p, is_count = benchmarks.assess_significance(measure, travel).p, measure.unit.kind == quantity.COUNT
        largest = max(each.number for each in (travel.earlier, travel.later) if each is not None)
        is_large = is_count and largest > benchmarks.SMALL_COUNT  # nearly every p is small then
        if p is not None and not is_large:
            test = "exact test of two counts" if is_count else "test of two proportions"
            parts.append(f"{_p_words(p)}, {test} ({_periods(travel, measure)})")
    interval = benchmarks.confidence_interval(measure, newest) if newest is not None else None
    if newest is not None and interval is not None:
        in_percent = measure.unit.kind == quantity.PERCENT
        unit = measure.unit if in_percent else quantity.Unit(quantity.COUNT)
        ends = (quantity.rounded(Decimal(end), 1 if in_percent else 0) for end in interval)
        low, high = (quantity.figure(end, unit) for end in ends)
        parts.append(f"95% confidence interval for {when(newest.period, measure)}: {low} to {high}")
    return ". ".join(parts)


def _p_words(p: float) -> str:
    """A probability with two digits that say something: "p = 0.21", "p = 0.027", "p below 0.001"."""
    if p < 0.001:
        return "p below 0.001"
    return f"p = {p:.2f}" if p >= 0.1 else f"p = {p:.2g}"


def trigger_words(trigger: Trigger, measure: Measure) -> str:
    """When the plan asks for action: "when it rises significantly", "when it falls by 20% or more"."""
    words = f"when it {_MOVES[trigger.when][0]}{'' if trigger.level is None else ' significantly'}"
    if trigger.minimum is None:
        return words
    in_percent = f"{quantity.plain(trigger.minimum)}%"
    least = in_percent if trigger.minimum_in_percent else quantity.change(trigger.minimum, measure.unit)
    return f"{words}{'' if trigger.level is None else ' and'} by {least} or more"


def trigger_result_words(result: benchmarks.TriggerResult) -> str:
    """Whether that has come about: "no such rise", "it has (p = 0.027; level 0.05)", "can't be told: no figures"."""
    if result.state == benchmarks.CANNOT_TELL:
        return f"can't be told: {result.reason}"
    words = "it has" if result.state == benchmarks.FIRED else f"no such {_MOVES[result.trigger.when][1]}"
    words = f"{words}: {result.reason}" if result.reason else words
    if result.p is None or result.trigger.level is None:
        return words
    return f"{words} ({_p_words(result.p)}; level {quantity.plain(result.trigger.level)})"
