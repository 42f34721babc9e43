"""The whole framework as JSON: definitions, figures and every judgement, in the shape that docs/formats.md promises."""

from typing import Any

from kpi.judge.breach import Breach
from kpi.judge.direction import Direction
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.target import Verdict
from kpi.model.kpi import Measure, Observation, Target
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.pages.export import VERSION, bound_used, dump, number
from kpi.pages.words import reference_words, target_words


def framework_json(judgement: Judgement) -> str:
    """Definitions, figures and every judgement, KPI by KPI and measure by measure.

    Each KPI is made into text before the next one is looked at: the values of all of them together take far more memory.
    """
    plan = judgement.plan
    objectives = {name: objective.title for _, objective, name in plan.listed()}
    whole = {
        "version": VERSION,
        "as_of": judgement.day.isoformat(),
        "organisation": plan.organisation,
        "plan": plan.title,
        "kpis": [],
    }
    head, _, foot = dump(whole).rpartition("[]")
    kpis = (dump(_kpi(one, plan, objectives[one.kpi.id])) for one in judgement.kpis)
    told = ",".join(f"\n{text.rstrip()}".replace("\n", "\n    ") for text in kpis)
    return f"{head}[{told}\n  ]{foot}"


def _kpi(one: KpiJudgement, plan: Plan, objective: str) -> dict[str, Any]:
    kpi = one.kpi
    return {
        "kpi": kpi.id,
        "priority": kpi.priority,
        "objective": objective or None,
        "title": kpi.title,
        "definition": kpi.definition,
        "note": kpi.note or None,
        "aim": kpi.aim,
        "owner": kpi.owner or None,
        "sources": list(kpi.sources),
        "commentary": dict(kpi.commentary),
        "status": one.status,
        "met": one.met,
        "targeted": one.targeted,
        "rag": one.rag.colour or None,
        "no_figures": kpi.no_figures.because if kpi.no_figures else None,
        "also_shows": list(kpi.also_shows),
        "measures": [_measure(judged, plan) for judged in one.measures if judged.kpi == kpi.id],
    }


def _measure(judged: MeasureJudgement, plan: Plan) -> dict[str, Any]:
    measure = judged.measure
    return {
        "measure": measure.id,
        "title": measure.title,
        "unit": unit_text(measure.unit),
        "kind": measure.kind,
        "better": measure.better.way,
        "middle": number(measure.better.middle),
        "area": measure.area or plan.area,
        "aim": measure.aim,
        "dimensions": dict(measure.dimensions),
        "note": measure.note or None,
        "owner": measure.owner or None,
        "frequency": measure.frequency or None,
        "lag": measure.lag or None,
        "sources": list(measure.sources),
        "targets": [_target(one, measure) for one in measure.targets],
        "references": [reference_words(one, measure) for one in measure.references],
        "baseline": measure.baseline.text if measure.baseline else None,
        "derived": measure.derived is not None,
        "no_figures": measure.no_figures.because if measure.no_figures else None,
        "observations": [_observation(one) for one in measure.observations],
        "peers": {area: [_observation(one) for one in series] for area, series in measure.peers.items()},
        "judgement": _judgement(judged),
    }


def _judgement(judged: MeasureJudgement) -> dict[str, Any]:
    measure = judged.measure
    return {
        "state": judged.state,
        "rag": judged.rag.colour or None,
        "because": judged.rag.because or None,
        "queried": judged.queried,
        "verdicts": [_verdict(one, measure) for one in judged.verdicts],
        "directions": [_direction(one) for one in judged.directions],
        "aim": judged.aim.word if judged.aim else None,
        "aim_reason": (judged.aim.reason or None) if judged.aim else None,
        "breach": _breach(judged.breach),
        "references": [{"label": one.reference.label, "word": one.word} for one in judged.references],
        "baseline": _direction(judged.baseline) if judged.baseline else None,
        "triggers": [
            {"when": one.trigger.when, "state": one.state, "reason": one.reason or None}
            for one in judged.triggers
        ],
        "due": judged.freshness.due.isoformat() if judged.freshness else None,
        "days_late": judged.freshness.days_late if judged.freshness else None,
    }


def _observation(one: Observation) -> dict[str, Any]:
    return {
        "period": one.period.text,
        "start": one.period.start.isoformat(),
        "end": one.period.end.isoformat(),
        "months": one.period.months,
        "value": number(one.value),
        "assessment": one.assessment or None,
        "numerator": number(one.numerator),
        "denominator": number(one.denominator),
        "marks": list(one.marks),
        "note": one.note or None,
    }


def _target(target: Target, measure: Measure) -> dict[str, Any]:
    return {
        "target": target_words(target, measure),
        "from": target.start.text if target.start else None,
        "by": target.by.text if target.by else None,
        "label": target.label or None,
        "source": target.source or None,
    }


def _verdict(one: Verdict, measure: Measure) -> dict[str, Any]:
    return {
        "target": target_words(one.target, measure, one),
        "state": one.state,
        "period": one.observation.period.text if one.observation else None,
        **bound_used(one),
        "gap": number(one.gap),
        "reason": one.reason or None,
        "source": one.target.source or None,
    }


def _direction(one: Direction) -> dict[str, Any]:
    return {
        "period": one.later.period.text,
        "against": one.earlier.period.text if one.earlier else None,
        "movement": one.movement or None,
        "meaning": one.meaning or None,
        "change": number(one.change),
        "per_cent": number(one.per_cent),
        "reason": one.reason or None,
        "overlapping": one.overlapping.period.text if one.overlapping else None,
    }


def _breach(found: Breach | None) -> dict[str, Any] | None:
    if found is None:
        return None
    last = found.last_met
    return {
        "state": found.state,
        "since": found.since.period.text,
        "periods": found.periods,
        "last_met": last.period.text if last else None,
    }
