"""The judgement of one measure as data: the same in every JSON document (`schema/output/parts.schema.json`)."""

from typing import Any

from kpi.judge.breach import Breach
from kpi.judge.direction import Direction
from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.judge.rank import rank_among_peers
from kpi.judge.significance import assess_significance
from kpi.judge.target import Verdict, gap_share
from kpi.judge.trigger import TriggerResult
from kpi.judge.usual import Usual
from kpi.judge.usual_and_target import compare_with_usual_range
from kpi.model.bound_kind import EQUALS
from kpi.model.kpi import Bound, Measure, Reference, Relative, Target, Tolerance
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.pages.document import number
from kpi.pages.words.figure_words import measure_title, place_words
from kpi.pages.words.target_words import reference_words, target_words


def names_json(shown: KpiJudgement, judged: MeasureJudgement, plan: Plan) -> dict[str, Any]:
    """Which measure it is, under which KPI it is shown, and its owner: ids, and the names that people know."""
    kpi, measure = shown.kpi, judged.measure
    owner, area = measure.owner or kpi.owner, measure.area or plan.area
    return {
        "kpi": kpi.id,
        "kpi_title": kpi.title,
        "code": kpi.code or None,
        "priority": kpi.priority,
        "priority_title": plan.priority_title(kpi.priority),
        "measure": measure.id,
        "measure_title": measure_title(kpi, measure),
        "home": judged.kpi,
        "area": area,
        "area_name": plan.area_name(area),
        "unit": unit_text(measure.unit),
        "owner": owner or None,
        "owner_name": plan.owner_name(owner),
    }


def judgement_json(judged: MeasureJudgement, plan: Plan) -> dict[str, Any]:
    """Everything that is said of a measure on the day."""
    measure = judged.measure
    return {
        "state": judged.state,
        "rag": judged.rag.colour or None,
        "because": judged.rag.because or None,
        "queried": judged.queried,
        "class": judged.change,
        "verdicts": [_verdict(verdict, measure, plan) for verdict in judged.verdicts],
        "ended": target_json(judged.ended, measure, plan) if judged.ended else None,
        "directions": [_direction(travel, measure) for travel in judged.directions],
        "usual_and_target": _usual_and_target(judged),
        "aim": judged.aim.word if judged.aim else None,
        "aim_reason": (judged.aim.reason or None) if judged.aim else None,
        "breach": _breach(judged.breach),
        "references": [
            {"label": result.reference.label, "word": result.word} for result in judged.references
        ],
        "baseline": _direction(judged.baseline, measure) if judged.baseline else None,
        "triggers": [_trigger(result) for result in judged.triggers],
        "place": _place(measure, plan),
        "due": judged.freshness.due.isoformat() if judged.freshness else None,
        "days_late": judged.freshness.days_late if judged.freshness else None,
    }


def target_json(target: Target, measure: Measure, plan: Plan) -> dict[str, Any]:
    """A target as data, with the sentence that people read."""
    return {
        "target": target_words(target, measure),
        **_as_written(target.bound),
        "in_words": target.in_words or None,
        "from": target.start.text if target.start else None,
        "from_start": target.start.start.isoformat() if target.start else None,
        "by": target.by.text if target.by else None,
        "by_end": target.by.end.isoformat() if target.by else None,
        "until": target.until.text if target.until else None,
        "until_end": target.until.end.isoformat() if target.until else None,
        "over": target.over,
        "label": target.label or None,
        "tolerance": tolerance_json(target.tolerance),
        "trajectory": [
            {"period": period.text, "end": period.end.isoformat(), "value": number(value)}
            for period, value in target.trajectory
        ],
        "source": target.source or None,
        "source_title": plan.source_title(target.source),
    }


def reference_json(reference: Reference, measure: Measure) -> dict[str, Any]:
    """An undated value as data, with the words that people read."""
    bound = reference.bound or Bound(EQUALS, reference.value)
    return {
        "reference": reference_words(reference, measure),
        "label": reference.label,
        **_as_written(bound),
    }


def _as_written(bound: Bound | None) -> dict[str, Any]:
    """A bound as its file has it, not worked out."""
    return {
        "how": bound.how if bound else None,
        "value": number(bound.value) if bound else None,
        "upper": number(bound.upper) if bound else None,
        "relative": _relative(bound.relative) if bound and bound.relative else None,
    }


def _relative(relative: Relative) -> dict[str, Any]:
    return {
        "period": relative.period.text if relative.period else None,
        "change": number(relative.change),
        "in_percent": relative.in_percent,
    }


def tolerance_json(tolerance: Tolerance | None) -> dict[str, Any] | None:
    """How far outside a bound still counts as near; None where nothing does."""
    if tolerance is None:
        return None
    return {"value": number(tolerance.value), "in_percent": tolerance.in_percent}


def bound_json(verdict: Verdict) -> dict[str, Any]:
    """The bound that a figure was compared with: worked out, with the figure that it was taken from."""
    bound, reference = verdict.bound, verdict.reference
    return {
        "bound_how": bound.how if bound else None,
        "bound": number(bound.value) if bound else None,
        "bound_upper": number(bound.upper) if bound else None,
        "bound_from": reference.period.text if reference else None,
        "on_the_way": verdict.on_the_way,
    }


def _verdict(verdict: Verdict, measure: Measure, plan: Plan) -> dict[str, Any]:
    figure, passed_over = verdict.observation, verdict.unjudged
    return {
        "target": target_words(verdict.target, measure, verdict),
        "target_data": target_json(verdict.target, measure, plan),
        "state": verdict.state,
        "period": figure.period.text if figure else None,
        "value": number(figure.value) if figure else None,
        "assessment": (figure.assessment or None) if figure else None,
        **bound_json(verdict),
        "gap": number(verdict.gap),
        "gap_per_cent": _rounded(float(gap_share(verdict) * 100)) if verdict.gap else None,
        "less_than_clear": verdict.hardly,
        "queried": verdict.queried,
        "not_judged": passed_over.period.text if passed_over else None,
        "reason": verdict.reason or None,
        "source": verdict.target.source or None,
    }


def _direction(travel: Direction, measure: Measure) -> dict[str, Any]:
    earlier = travel.earlier
    return {
        "period": travel.later.period.text,
        "value": number(travel.later.value),
        "against": earlier.period.text if earlier else None,
        "against_value": number(earlier.value) if earlier else None,
        "movement": travel.movement or None,
        "class": travel.outcome,
        "change": number(travel.change),
        "per_cent": number(travel.per_cent),
        "reason": travel.reason or None,
        "queried": travel.queried,
        "overlapping": travel.overlapping.period.text if travel.overlapping else None,
        "p": _rounded(assess_significance(measure, travel).p),
        "chart": _chart(travel.usual),
    }


def _chart(usual: Usual | None) -> dict[str, Any] | None:
    """A control chart with its limits as they are, not clipped at what is possible, and the signal of its newest figure."""
    if usual is None:
        return None
    newest, since = usual.chart.newest, usual.since
    return {
        "season": usual.lag > 0,
        "points": len(usual.figures),
        **{name: float(f"{float(limit):.10g}") for name, limit in usual.chart.limits._asdict().items()},
        "signal": newest.rule if newest else None,
        "side": ("above" if newest.side > 0 else "below") if newest else None,
        "since": since.period.text if since else None,
        "moving": usual.chart.moving,
    }


def _usual_and_target(judged: MeasureJudgement) -> dict[str, Any] | None:
    stands = compare_with_usual_range(judged)
    return {"word": stands.word, "met": stands.met, "of": stands.of} if stands else None


def _breach(breach: Breach | None) -> dict[str, Any] | None:
    if breach is None:
        return None
    last, before = breach.last_met, breach.before
    return {
        "state": breach.state,
        "since": breach.since.period.text,
        "periods": breach.periods,
        "last_met": last.period.text if last else None,
        "before": before.period.text if before else None,
        "before_state": breach.before_state or None,
    }


def _trigger(result: TriggerResult) -> dict[str, Any]:
    return {
        "when": result.trigger.when,
        "state": result.state,
        "reason": result.reason or None,
        "p": _rounded(result.p),
    }


def _place(measure: Measure, plan: Plan) -> dict[str, Any] | None:
    """The place among the areas, in the newest period for which there is one."""
    newest = next(iter(rank_among_peers(measure, plan)), None)
    if newest is None:
        return None
    return {
        "period": newest.figure.period.text,
        "first": newest.position,
        "last": newest.last,
        "areas": newest.areas,
        "joint": newest.joint,
        "words": place_words(newest),
    }


def _rounded(value: float | None) -> float | None:
    """A number with four digits: the last ones of the machine's arithmetic differ between machines."""
    return None if value is None else float(f"{value:.4g}")
