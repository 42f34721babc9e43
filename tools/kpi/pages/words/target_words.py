"""Targets and references in words, and how a figure stands to them."""

from datetime import date
from fractions import Fraction

from kpi.judge.bound import is_below, missed_end
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.target import Verdict, gap_share
from kpi.model.kpi import Bound, Measure, Reference, Relative, Target, Tolerance
from kpi.model.period import period_words
from kpi.model.quantity import Unit, change, figure, plain, rounded
from kpi.model.text import counted
from kpi.model.vocabulary import BOUND_KINDS
from kpi.pages.words.digits import gap_decimals, shown_bound, shown_gap
from kpi.pages.words.figure_words import NOTHING, age_words, bare, dated, when

HARDLY = "by less than a clear change"
"""Said of a figure and a bound that was taken from an earlier one."""

_TENTH, _NEARLY_ALL = Fraction(1, 10), Fraction(99, 100)


def bound_words(bound: Bound, unit: Unit) -> str:
    """A plain bound: "at least 90%", "between 2 and 3 weeks"."""
    if bound.upper is not None and bound.value is not None:
        return f"between {bare(bound.value, unit)} and {figure(bound.upper, unit)}"
    return f"{BOUND_KINDS[bound.how].words} {_level_words(bound, unit)}"


def judged_bound_words(verdict: Verdict, measure: Measure) -> str:
    """The bound that decided, as it is printed beside the figure: "at least 90%"; empty where none did."""
    if verdict.bound is None or verdict.observation is None:
        return ""
    shown = shown_bound(verdict.bound, verdict.observation, verdict.reference, measure)
    return bound_words(shown, measure.unit)


def _level_words(bound: Bound, unit: Unit) -> str:
    """What a bound with one end is: "90%", "the figure for 2019/20 less 10%"."""
    if bound.value is not None:
        return figure(bound.value, unit)
    relative = bound.relative
    assert relative is not None
    than = period_words(relative.period) if relative.period else "the comparable earlier period"
    return f"the figure for {than}{_changed_by(relative)}"


def _changed_by(relative: Relative) -> str:
    by = relative.change
    if not by:
        return ""
    return f" {'plus' if by > 0 else 'less'} {plain(abs(by))}{'%' if relative.in_percent else ''}"


def target_words(target: Target, measure: Measure, verdict: Verdict | None = None) -> str:
    """A target: "at least 90%", "less than 18,237, the figure for 2019/20", "by March 2025", with its tolerance and label.

    Where a way point decided, it comes first: "at least 440 by 2022/23 Q3, on the way to 500 by 2022/23 Q4".
    """
    words = target.in_words if target.bound is None else _bound_and_dates(target, measure, verdict)
    if target.tolerance is not None and target.bound is not None:
        words += f", tolerance {tolerance_words(target.tolerance, measure.unit)}"
    return f"{target.label}: {words}" if target.label else words


def _bound_and_dates(target: Target, measure: Measure, verdict: Verdict | None) -> str:
    assert target.bound is not None
    over = f" over {counted(target.over, 'month')}" if target.over is not None else ""
    if verdict is not None and _is_way_point(target, verdict):
        assert verdict.observation is not None
        words = f"{judged_bound_words(verdict, measure)} by {period_words(verdict.observation.period)}"
        words += f", on the way to {_level_words(target.bound, measure.unit)}{over}"
        return words + (f" by {period_words(target.by)}" if target.by is not None else "")
    words = bound_words(target.bound, measure.unit)
    if target.bound.relative is not None and verdict is not None and verdict.bound is not None:
        relative = target.bound.relative
        taken_from = _from_where(relative, measure, verdict)
        words = f"{judged_bound_words(verdict, measure)}, {taken_from}{_changed_by(relative)}"
    words += over
    if target.start is not None:
        words += f", from {period_words(target.start)}"
    if target.by is not None:
        words += f", by {period_words(target.by)}"
    if target.until is not None:
        words += f", until {period_words(target.until)}"
    return words


def tolerance_words(tolerance: Tolerance, unit: Unit) -> str:
    """How far outside its target a figure is still near: "2 percentage points", "5% of the target"."""
    if tolerance.in_percent:
        return f"{plain(tolerance.value)}% of the target"
    return change(tolerance.value, unit)


def _is_way_point(target: Target, verdict: Verdict) -> bool:
    """Whether the bound that decided is another than the target's own."""
    way, at = verdict.bound, verdict.observation
    if not verdict.on_the_way or way is None or at is None or target.bound is None:
        return False
    leads_on = target.by is None or at.period.end < target.by.end
    return leads_on or way.value != target.bound.value


def _from_where(relative: Relative, measure: Measure, verdict: Verdict) -> str:
    """What a worked out bound was taken from: "the figure for 2019/20", "the earlier figure (2021/22)"."""
    if relative.period is not None:
        return f"the figure for {when(relative.period, measure)}"
    if verdict.reference is not None:
        return f"the earlier figure ({when(verdict.reference.period, measure)})"
    return "the comparable earlier figure"


def ended_words(judged: MeasureJudgement) -> str:
    """The last period that a target held for, where none is in force any more: "2022/23"; else empty."""
    until = judged.ended.until if judged.ended else None
    return period_words(until) if until else ""


def older_words(judged: MeasureJudgement, day: date) -> str:
    """The figure that was judged and its age, where it isn't the latest: "1,300 (2022/23), 22 months old"; else empty."""
    verdict = judged.deciding
    figure_judged = verdict.observation if verdict else None
    if figure_judged is None or figure_judged == judged.latest.observation:
        return ""
    return f"{dated(figure_judged, judged.measure)}, {age_words(figure_judged, day)} old"


def gap_words(verdict: Verdict, measure: Measure) -> str:
    """How far the figure is from the target: "23 percentage points"."""
    gap = shown_gap(verdict, measure)
    return NOTHING if gap is None else change(gap, measure.unit, gap_decimals(verdict, measure))


def gap_share_words(verdict: Verdict) -> str:
    """The gap as a part of the bound: "33% short", "3.5% above".

    Empty without a gap, and where the part says nothing: of a bound of zero or below, or less than 0.1%.
    """
    share, bound, value = gap_share(verdict), verdict.bound, verdict.observation and verdict.observation.value
    if not share or bound is None or value is None:  # there is no gap without these
        return ""
    number = rounded(share * 100, 0 if share >= _TENTH and not _NEARLY_ALL < share < 1 else 1)
    if not number or missed_end(bound, value) < 0:
        return ""
    return f"{plain(number)}% {'short' if is_below(bound, value) else 'above'}"


def reference_words(reference: Reference, measure: Measure) -> str:
    """A reference value with its label: "Adjusted baseline: 6,691"."""
    return f"{reference.label}: {reference_value_words(reference, measure)}"


def reference_value_words(reference: Reference, measure: Measure) -> str:
    """The value of a reference: "44%", "between 2 and 3 weeks"."""
    if reference.bound is not None:
        return bound_words(reference.bound, measure.unit)
    assert reference.value is not None
    return figure(reference.value, measure.unit)


def benchmark_words(judged: MeasureJudgement) -> str:
    """How the newest figure compares with its references, beside a status: "worse than its benchmark (44%)"; empty for none."""
    return "; ".join(
        f"{result.word} its benchmark ({reference_value_words(result.reference, judged.measure)})"
        for result in judged.references
    )


def references_words(judged: MeasureJudgement) -> str:
    """Each reference, and how the newest figure stands to it: "Adjusted baseline: 6,691 (January 2024 is better than it)"."""
    stands = {beside.reference: beside for beside in judged.references}
    parts = []
    for reference in judged.measure.references:
        words = reference_words(reference, judged.measure)
        if result := stands.get(reference):
            queried = "; figure queried" if result.observation.queried else ""
            words += f" ({when(result.observation.period, judged.measure)} is {result.word} it{queried})"
        parts.append(words)
    return "; ".join(parts)
