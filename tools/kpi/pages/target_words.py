"""States, targets and references in words, and how a figure stands to them."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from kpi.judge.bound import is_below, missed_end
from kpi.judge.direction import QUERIED
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.state import AMBER, STATES, UNMET, WITHOUT_FIGURES
from kpi.judge.target import Verdict, gap_share
from kpi.model.kpi import Bound, Measure, NoFigures, Reference, Relative, Target, Tolerance
from kpi.model.period import period_words
from kpi.model.plan import Plan
from kpi.model.quantity import Unit, change, figure, plain, rounded
from kpi.model.text import counted
from kpi.model.vocabulary import BOUND_KINDS
from kpi.pages.figure_words import aged, bare, capitalised, shown_bound, when

CIRCLES = {"red": "🔴", "amber": "🟠", "green": "🟢"}  # a symbol beside the word, never instead of it


def state_words(state: str, chosen: Mapping[str, str]) -> str:
    """A state for readers: the plan's own word for it or for the state that it is a kind of, or ours."""
    return chosen.get(state) or chosen.get(STATES[state].like) or STATES[state].word


def status_cell(judged: MeasureJudgement, chosen: Mapping[str, str], *, because: bool = True) -> str:
    """The status of a measure: a word, the colour's symbol, what decided (`because`). "Missed 🔴 getting worse"."""
    reason = judged.rag.because if because else ""
    parts = (capitalised(state_words(judged.state, chosen)), CIRCLES.get(judged.rag.colour, ""), reason)
    words = " ".join(filter(None, parts))
    return f"{words} (figure queried)" if judged.queried and reason != QUERIED else words


def says_why(judged: MeasureJudgement) -> bool:
    """Whether the head of those that stand alike says what decided their colour."""
    return judged.state in UNMET and judged.rag.colour == AMBER and bool(judged.rag.because)


def group_words(judged: MeasureJudgement, chosen: Mapping[str, str]) -> str:
    """The head of measures that stand alike: "Not met", or "Not met, improving" where that makes it amber."""
    word = capitalised(state_words(judged.state, chosen))
    return f"{word}, {judged.rag.because}" if says_why(judged) else word


def no_figures_words(reason: NoFigures, plan: Plan) -> str:
    """Why there are no figures, with the body or the text: "Monitored elsewhere: Disproportionality Committee"."""
    words = capitalised(state_words(WITHOUT_FIGURES[reason.because], {}))
    detail = "; ".join(filter(None, (plan.bodies.get(reason.body, reason.body), reason.text)))
    words += f": {detail}" if detail else ""
    return f"{words.rstrip('.')} ({period_words(reason.as_of)})" if reason.as_of is not None else words


HARDLY = "by less than a clear change"  # said of a figure and a bound that was taken from an earlier one
_TENTH, _NEARLY_ALL = Fraction(1, 10), Fraction(99, 100)


def bound_words(bound: Bound, unit: Unit) -> str:
    """A plain bound: "at least 90%", "between 2 and 3 weeks"."""
    if bound.upper is not None and bound.value is not None:
        return f"between {bare(bound.value, unit)} and {figure(bound.upper, unit)}"
    return f"{BOUND_KINDS[bound.how].words} {_level_words(bound, unit)}"


def judged_bound_words(verdict: Verdict, measure: Measure) -> str:
    """The bound that decided, as it is printed beside the figure: "at least 90%"; empty where none did."""
    shown = shown_bound(verdict, measure) if verdict.observation else None
    return bound_words(shown, measure.unit) if shown else ""


def _level_words(bound: Bound, unit: Unit) -> str:
    relative = bound.relative
    if relative is None:
        return figure(bound.level, unit)
    than = period_words(relative.period) if relative.period else "the comparable earlier period"
    return f"the figure for {than}{_changed_by(relative)}"


def _changed_by(relative: Relative) -> str:
    by = relative.change
    if not by:
        return ""
    return f" {'plus' if by > 0 else 'less'} {plain(abs(by))}{'%' if relative.in_percent else ''}"


def target_words(target: Target, measure: Measure, verdict: Verdict | None = None) -> str:
    """A target: "at least 90%, by March 2025", "at least 440 by 2022/23 Q3, on the way to 500 by 2022/23"."""
    words = target.in_words
    if target.bound is not None:
        words = _bound_and_dates(target, target.bound, measure, verdict)
        if target.tolerance is not None:
            words += f", tolerance {tolerance_words(target.tolerance, measure.unit)}"
    return f"{target.label}: {words}" if target.label else words


def _bound_and_dates(target: Target, bound: Bound, measure: Measure, verdict: Verdict | None) -> str:
    by, relative = target.by, bound.relative
    over = f" over {counted(target.over, 'month')}" if target.over is not None else ""
    decided, at = (verdict.bound, verdict.observation) if verdict else (None, None)
    # The last way point may be the target's own bound.
    leads_on = at and (by is None or at.period.end < by.end)
    if verdict and verdict.on_the_way and decided and at and (leads_on or decided.value != bound.value):
        words = f"{judged_bound_words(verdict, measure)} by {period_words(at.period)}"
        words += f", on the way to {_level_words(bound, measure.unit)}{over}"
        return words + (f" by {period_words(by)}" if by is not None else "")
    words = bound_words(bound, measure.unit)
    if relative is not None and verdict is not None and decided is not None:
        taken_from = "the comparable earlier figure"
        if relative.period is not None:
            taken_from = f"the figure for {when(relative.period, measure)}"
        elif verdict.reference is not None:
            taken_from = f"the earlier figure ({when(verdict.reference.period, measure)})"
        words = f"{judged_bound_words(verdict, measure)}, {taken_from}{_changed_by(relative)}"
    dates = (("from", target.start), ("by", by), ("until", target.until))
    return words + over + "".join(f", {word} {period_words(period)}" for word, period in dates if period)


def tolerance_words(tolerance: Tolerance, unit: Unit) -> str:
    """How far outside its target a figure is still near: "2 percentage points", "5% of the target"."""
    in_percent = f"{plain(tolerance.value)}% of the target"
    return in_percent if tolerance.in_percent else change(tolerance.value, unit)


def older_words(judged: MeasureJudgement, day: date) -> str:
    """The judged figure where it isn't the latest: "1,300 (2022/23), 22 months old"; else empty."""
    at = judged.deciding.observation if judged.deciding else None
    if at is None or at == judged.latest.observation:
        return ""
    return aged(at, judged.measure, day)


def gap_share_words(verdict: Verdict) -> str:
    """The gap as a part of the bound: "33% short"; empty without a gap, for bounds up to zero, and below 0.1%."""
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


def references_words(judged: MeasureJudgement) -> str:
    """Each reference, and what the newest figure is to it: "Baseline: 6,691 (January 2024 is better than it)"."""
    stands, measure = {beside.reference: beside for beside in judged.references}, judged.measure
    parts = []
    for reference in measure.references:
        parts.append(reference_words(reference, measure))
        if (result := stands.get(reference)) is not None:
            queried = "; figure queried" if result.observation.queried else ""
            parts[-1] += f" ({when(result.observation.period, measure)} is {result.word} it{queried})"
    return "; ".join(parts)
