"""How judgements are told: short phrases for table cells and sentences, plain text without Markdown."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kpi.judge.aim import AimResult
from kpi.judge.direction import DOWN, LEVEL, UP, Direction
from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.judge.rag import Rag
from kpi.judge.reference import ReferenceResult
from kpi.judge.significance import MORE_THAN_CHANCE, significance
from kpi.judge.target import ELSEWHERE, IN_WORDS, SHORT, Verdict
from kpi.model.kpi import WITHOUT_VALUE, Bound, Measure, NoFigures, Observation, Reference, Target
from kpi.model.period import period_words
from kpi.model.plan import Plan
from kpi.model.quantity import Unit, change, figure, plain
from kpi.model.text import counted

MARK_LETTERS = {
    "break": "b",
    "provisional": "p",
    "revised": "r",
    "estimated": "e",
    "forecast": "f",
    "low-reliability": "u",
    "queried": "q",
    "not-available": "x",
    "not-applicable": "z",
    "suppressed": "c",
}
"""The letters of the Government Analysis Function; `q` is our own."""

MARK_WORDS = {
    "break": "the series changed between this figure and the one before",
    "provisional": "provisional",
    "revised": "revised since it was first published",
    "estimated": "estimated",
    "forecast": "forecast, not yet observed",
    "low-reliability": "low reliability",
    "queried": "printed so in the source, but doubted",
    "not-available": "not available",
    "not-applicable": "not applicable",
    "suppressed": "suppressed to protect people's privacy",
}

CIRCLES = {"red": "🔴", "amber": "🟠", "green": "🟢"}
"""A symbol beside the word, never instead of it."""

_STATE_WORDS = {
    SHORT: "short, no date set",
    ELSEWHERE: "monitored elsewhere",
}
_HOW = {
    "at_least": "at least",
    "more_than": "more than",
    "at_most": "at most",
    "less_than": "less than",
    "equals": "exactly",
}
_NO_FIGURES = {
    "awaiting-data": "Awaiting data",
    "in-development": "In development",
    "monitored-elsewhere": "Monitored elsewhere",
    "in-words": "In words",
    "withdrawn": "Withdrawn",
}
NOTHING = "–"
"""What a cell holds that has nothing to say; explained above the tables."""


def state_words(state: str, chosen: Mapping[str, str]) -> str:
    """A state for readers: the plan's own word for it, or ours."""
    return chosen.get(state) or _STATE_WORDS.get(state, state)


def status_cell(state: str, rag: Rag, chosen: Mapping[str, str], *, queried: bool = False) -> str:
    """The status of a measure: a word, the colour's symbol, what decided. "Missed 🔴 getting worse"."""
    parts = [capitalised(state_words(state, chosen))]
    if rag.colour:
        parts.append(CIRCLES[rag.colour])
    if rag.because:
        parts.append(rag.because)
    told = " ".join(parts)
    return f"{told} (figure queried)" if queried and rag.because != "figure queried" else told


def kpi_status(judged: KpiJudgement, chosen: Mapping[str, str]) -> str:
    """The status of a KPI with its count: "Missed 🔴 (1 of 4 met)". What no figure decides is not counted as unmet."""
    told = capitalised(state_words(judged.status, chosen))
    if judged.rag.colour:
        told += f" {CIRCLES[judged.rag.colour]}"
    if judged.targeted > 1 and judged.status != IN_WORDS:
        told += f" ({judged.met} of {judged.targeted} met)"
    return told


def ended(text: str) -> str:
    """The text with a full stop, unless it has an end of its own."""
    told = text.rstrip()
    return told if told.endswith((".", "!", "?", "…")) else f"{told}."


def capitalised(text: str) -> str:
    """The first letter a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def measure_label(measure: Measure) -> str:
    """What a measure is called where it stands beside its KPI: its title, or what it counts."""
    if measure.title:
        return measure.title
    if measure.noun:
        return capitalised(measure.noun)
    return {"count": "Number", "percent": "Per cent", "duration": "Time"}.get(
        measure.unit.kind, measure.unit.name or capitalised(measure.unit.kind)
    )


def value_words(observation: Observation, measure: Measure) -> str:
    """The figure with its unit and mark letters: "95% [p]"; for one without a value, why there is none."""
    letters = "".join(
        f"[{MARK_LETTERS[mark]}]"
        for mark in observation.marks
        if mark in MARK_LETTERS and mark not in WITHOUT_VALUE
    )
    if observation.value is not None:
        told = figure(observation.value, measure.unit, measure.decimals)
    elif observation.assessment:
        told = f"assessed as {observation.assessment}"
    else:
        reasons = [mark for mark in observation.marks if mark in WITHOUT_VALUE]
        told = " ".join(f"{MARK_WORDS[mark]} [{MARK_LETTERS[mark]}]" for mark in reasons)
    return f"{told} {letters}".strip()


def dated(observation: Observation, measure: Measure) -> str:
    """The figure and its period: "95% (January 2024)"."""
    return f"{value_words(observation, measure)} ({period_words(observation.period)})"


def bound_words(bound: Bound, unit: Unit) -> str:
    """A plain bound: "at least 90%", "between 2 and 3 weeks"."""
    if bound.value is None:
        return _relative_words(bound)
    if bound.upper is not None:
        return f"between {_bare(bound.value, unit)} and {figure(bound.upper, unit)}"
    return f"{_HOW[bound.how]} {figure(bound.value, unit)}"


def _bare(value: Decimal, unit: Unit) -> str:
    """A number beside one that carries the unit."""
    return figure(value, unit if unit.kind in {"duration", "currency", "percent"} else Unit("count"))


def _relative_words(bound: Bound) -> str:
    relative = bound.relative
    assert relative is not None
    than = period_words(relative.period) if relative.period else "the comparable earlier period"
    return f"{_HOW[bound.how]} the figure for {than}{_changed_by(relative.change, in_percent=relative.in_percent)}"


def _changed_by(by: Decimal | None, *, in_percent: bool) -> str:
    if by is None or by == 0:
        return ""
    return f" {'plus' if by > 0 else 'less'} {plain(abs(by))}{'%' if in_percent else ''}"


def target_words(target: Target, measure: Measure, verdict: Verdict | None = None) -> str:
    """A target: "at least 90%", "less than 18,237, the figure for 2019/20", "by March 2025", with its label."""
    if target.bound is None:
        told = target.in_words
    elif target.bound.relative is not None and verdict is not None and verdict.bound is not None:
        relative = target.bound.relative
        than = period_words(relative.period) if relative.period else "the comparable earlier period"
        by = _changed_by(relative.change, in_percent=relative.in_percent)
        told = f"{bound_words(verdict.bound, measure.unit)}, the figure for {than}{by}"
    else:
        told = bound_words(target.bound, measure.unit)
    if target.over is not None:
        told += f" over {counted(target.over, 'month')}"
    if target.start is not None:
        told += f", from {period_words(target.start)}"
    if target.by is not None:
        told += f", by {period_words(target.by)}"
    return f"{target.label}: {told}" if target.label else told


def reference_words(reference: Reference, measure: Measure) -> str:
    """A reference value with its label: "Adjusted baseline: 6,691"."""
    if reference.bound is not None:
        return f"{reference.label}: {bound_words(reference.bound, measure.unit)}"
    assert reference.value is not None
    return f"{reference.label}: {figure(reference.value, measure.unit)}"


def references_words(judged: MeasureJudgement) -> str:
    """Each reference, and how the newest figure stands to it: "Adjusted baseline: 6,691 (January 2024 is better than it)"."""
    stands = {one.reference: one for one in judged.references}
    told = []
    for reference in judged.measure.references:
        text = reference_words(reference, judged.measure)
        found = stands.get(reference)
        told.append(f"{text} ({_stands(found)})" if found else text)
    return "; ".join(told)


def _stands(found: ReferenceResult) -> str:
    """How a figure stands to a reference: "January 2024 is better than it"."""
    told = f"{period_words(found.observation.period)} is {found.word} it"
    return f"{told}; figure queried" if found.observation.queried else told


def gap_words(verdict: Verdict, measure: Measure) -> str:
    """How far the figure is from the target: "23 percentage points"."""
    return NOTHING if verdict.gap is None else change(verdict.gap, measure.unit)


def change_words(travel: Direction, measure: Measure) -> str:
    """The change itself: "down 8 percentage points", "up 690 (4.6%)", "no change"."""
    if travel.change is None:
        return travel.reason
    if travel.movement == LEVEL:
        return "no change"
    told = f"{travel.movement} {change(travel.change, measure.unit)}"
    return f"{told} ({plain(abs(travel.per_cent))}%)" if travel.per_cent is not None else told


def direction_words(travel: Direction, measure: Measure) -> str:
    """The trend with both periods: "Worse ▼ down 8 percentage points (2022/23 against 2021/22)"."""
    when = period_words(travel.later.period)
    if travel.earlier is None:
        told = f"{when}: {travel.reason}"
    else:
        arrow = {UP: "▲ ", DOWN: "▼ "}.get(travel.movement, "")
        head = {"better": "Better ", "worse": "Worse "}.get(travel.meaning, "")
        text = f"{head}{arrow}{change_words(travel, measure)}"
        told = f"{capitalised(text)} ({when} against {period_words(travel.earlier.period)})"
    if travel.overlapping is not None:
        told += f"; {period_words(travel.overlapping.period)} overlaps and is not compared"
    if travel.queried:
        told += "; figure queried"
    return told


def trend_words(judged: MeasureJudgement) -> str:
    """The direction of each current length, the newest figure first: it is the one that the status speaks of."""
    return "; ".join(direction_words(one, judged.measure) for one in judged.directions) or NOTHING


def reading(judged: MeasureJudgement, plan: Plan) -> str:
    """A measure in a few sentences, for those who can't see its chart."""
    measure, newest = judged.measure, judged.latest.observation
    parts = [measure_label(measure)]
    if newest is not None:
        parts.append(dated(newest, measure))
    status = [capitalised(state_words(judged.state, plan.status.words)), judged.rag.because]
    parts += [", ".join(filter(None, status)), trend_words(judged)]
    return " ".join(ended(part) for part in parts if part != NOTHING)


def chance_words(judged: MeasureJudgement) -> str:
    """Whether the newest change that has an earlier figure is more than chance: "Could be chance (p = 0.21)"."""
    travel = next((one for one in judged.directions if one.earlier is not None), None)
    if travel is None:
        return ""
    found = significance(judged.measure, travel)
    if found.p is None:
        return f"Not tested: {found.reason}"
    told = "More than chance" if found.p < MORE_THAN_CHANCE else "Could be chance"
    return f"{told} ({p_words(found.p)}; {period_words(travel.later.period)})"


def p_words(p: float) -> str:
    """A probability with two digits that say something: "p = 0.21", "p = 0.027", "p below 0.001"."""
    return "p below 0.001" if p < 0.001 else f"p = {p:.2f}" if p >= 0.1 else f"p = {p:.2g}"


def aim_words(result: AimResult) -> str:
    """How a measure stands to its aim: "against the aim", "cannot tell (no earlier figure)"."""
    return f"{result.word} ({result.reason})" if result.reason else result.word


def no_figures_words(reason: NoFigures, plan: Plan) -> str:
    """Why there are no figures, with the body or the text: "Monitored elsewhere: Disproportionality Committee"."""
    word, detail = _NO_FIGURES[reason.because], no_figures_detail(reason, plan)
    if not detail or detail.startswith("("):
        return f"{word} {detail}".rstrip()
    return f"{word}: {detail}"


def no_figures_detail(reason: NoFigures, plan: Plan) -> str:
    """The body or the text alone, with its date: "Disproportionality Committee"; empty where nothing more is said."""
    told = "; ".join(filter(None, (plan.bodies.get(reason.body, reason.body), reason.text)))
    if reason.as_of is None:
        return told
    period = f"({period_words(reason.as_of)})"
    return f"{told.rstrip('.')} {period}" if told else period


def age_words(figure: Observation, day: date) -> str:
    """How long ago a figure's period ended: "27 days", "11 months"."""
    days = max(0, (day - figure.period.end).days)
    return counted(days, "day") if days < 60 else counted(round(days / 30.4375), "month")
