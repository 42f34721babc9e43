"""The whole framework as JSON: definitions, figures and every judgement, in the shape that docs/formats.md promises."""

from typing import Any

from kpi.judge.breach import Breach
from kpi.judge.direction import Direction
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.significance import assess_significance
from kpi.judge.target import Verdict
from kpi.judge.usual import Usual
from kpi.model.kpi import (
    DERIVATIONS,
    SHARE,
    Check,
    Derived,
    Measure,
    NoFigures,
    Observation,
    Target,
    Trigger,
    tolerance_text,
)
from kpi.model.plan import Area, Plan, Priority, Source
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
        **_plan(plan),
        "kpis": [],
    }
    head, _, foot = dump(whole).rpartition("[]")
    kpis = (dump(_kpi(one, plan, objectives[one.kpi.id])) for one in judgement.kpis)
    told = ",".join(f"\n{text.rstrip()}".replace("\n", "\n    ") for text in kpis)
    return f"{head}[{told}\n  ]{foot}"


def _plan(plan: Plan) -> dict[str, Any]:
    """What the plan says beside its KPIs; how lint is set is no matter of the figures."""
    return {
        "area": plan.area,
        "year_starts": plan.year_starts,
        "year_names": plan.year_names or None,
        "compare": plan.status.compare or None,
        "edition": {name: text or None for name, text in plan.edition._asdict().items()},
        "priorities": [_priority(priority) for priority in plan.priorities],
        "areas": {name: _named(area) for name, area in plan.areas.items()},
        "sources": {name: _named(source) for name, source in plan.sources.items()},
        "bodies": dict(plan.bodies),
        "owners": dict(plan.owners),
        "status": {
            "amber": plan.status.amber,
            "tolerance": tolerance_text(plan.status.tolerance) or None,
            "words": dict(plan.status.words),
        },
    }


def _priority(priority: Priority) -> dict[str, Any]:
    objectives = [
        {"title": objective.title or None, "note": objective.note or None, "kpis": list(objective.kpis)}
        for objective in priority.objectives
    ]
    return {
        "id": priority.id,
        "title": priority.title,
        "note": priority.note or None,
        "objectives": objectives,
    }


def _named(thing: Area | Source) -> dict[str, Any]:
    """All fields of an area or source but the id, which is its key."""
    return {name: value if value != "" else None for name, value in thing._asdict().items() if name != "id"}


def _kpi(one: KpiJudgement, plan: Plan, objective: str) -> dict[str, Any]:
    kpi = one.kpi
    return {
        "kpi": kpi.id,
        "priority": kpi.priority,
        "objective": objective or None,
        "code": kpi.code or None,
        "title": kpi.title,
        "definition": kpi.definition,
        "statement": kpi.statement or None,
        "note": kpi.note or None,
        "aim": kpi.aim,
        "owner": kpi.owner or None,
        "frequency": kpi.frequency or None,
        "lag": kpi.lag or None,
        "sources": list(kpi.sources),
        "dimensions": {name: dict(labels) for name, labels in kpi.dimensions.items()},
        "checks": [_check(check) for check in kpi.checks],
        "commentary": dict(kpi.commentary),
        "status": one.status,
        "met": one.met,
        "targeted": one.targeted,
        "rag": one.rag.colour or None,
        "no_figures": kpi.no_figures.because if kpi.no_figures else None,
        "no_figures_details": _no_figures(kpi.no_figures),
        "also_shows": list(kpi.also_shows),
        "measures": [_measure(judged, plan) for judged in one.measures if judged.kpi == kpi.id],
    }


def _no_figures(reason: NoFigures | None) -> dict[str, Any] | None:
    if reason is None:
        return None
    return {
        "body": reason.body or None,
        "text": reason.text or None,
        "as_of": reason.as_of.text if reason.as_of else None,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "kind": check.kind,
        "whole": check.whole or None,
        "number": number(check.number),
        "parts": list(check.parts),
        "limit": number(check.limit),
    }


def _measure(judged: MeasureJudgement, plan: Plan) -> dict[str, Any]:
    measure = judged.measure
    return {
        "measure": measure.id,
        "title": measure.title,
        "short": measure.short or None,
        "noun": measure.noun or None,
        "unit": unit_text(measure.unit),
        "kind": measure.kind,
        "compare": measure.compare or None,
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
        "triggers": [_trigger(one) for one in measure.triggers],
        "baseline": measure.baseline.text if measure.baseline else None,
        "since": measure.since.text if measure.since else None,
        "decimals": measure.decimals,
        "scale": measure.scale or None,
        "margin": number(measure.margin),
        "step": {period.text: why for period, why in measure.steps},
        "derived": measure.derived is not None,
        "derived_from": _derived(measure.derived) if measure.derived else None,
        "no_figures": measure.no_figures.because if measure.no_figures else None,
        "no_figures_details": _no_figures(measure.no_figures),
        "observations": [_observation(one) for one in measure.observations],
        "peers": {area: [_observation(one) for one in series] for area, series in measure.peers.items()},
        "judgement": _judgement(judged),
    }


def _derived(derived: Derived) -> dict[str, Any]:
    """How a measure is computed, by the fields of its file; those of the other ways are null."""
    told: dict[str, Any] = {field: None for fields in DERIVATIONS.values() for field in fields}
    first, second = DERIVATIONS[derived.how]
    return told | {first: derived.first[0] if first == SHARE else [*derived.first], second: [*derived.second]}


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        "when": trigger.when,
        "level": number(trigger.level),
        "minimum": number(trigger.minimum),
        "minimum_in_percent": trigger.minimum_in_percent,
    }


def _judgement(judged: MeasureJudgement) -> dict[str, Any]:
    measure = judged.measure
    return {
        "state": judged.state,
        "rag": judged.rag.colour or None,
        "because": judged.rag.because or None,
        "queried": judged.queried,
        "verdicts": [_verdict(one, measure) for one in judged.verdicts],
        "directions": [_direction(one, measure) for one in judged.directions],
        "aim": judged.aim.word if judged.aim else None,
        "aim_reason": (judged.aim.reason or None) if judged.aim else None,
        "breach": _breach(judged.breach),
        "references": [{"label": one.reference.label, "word": one.word} for one in judged.references],
        "baseline": _direction(judged.baseline, measure) if judged.baseline else None,
        "triggers": [
            {"when": one.trigger.when, "state": one.state, "reason": one.reason or None, "p": _p(one.p)}
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
        "margin": number(one.margin),
        "marks": list(one.marks),
        "note": one.note or None,
    }


def _target(target: Target, measure: Measure) -> dict[str, Any]:
    return {
        "target": target_words(target, measure),
        "from": target.start.text if target.start else None,
        "by": target.by.text if target.by else None,
        "until": target.until.text if target.until else None,
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


def _direction(one: Direction, measure: Measure) -> dict[str, Any]:
    return {
        "period": one.later.period.text,
        "against": one.earlier.period.text if one.earlier else None,
        "movement": one.movement or None,
        "class": one.outcome,
        "change": number(one.change),
        "per_cent": number(one.per_cent),
        "reason": one.reason or None,
        "overlapping": one.overlapping.period.text if one.overlapping else None,
        "p": _p(assess_significance(measure, one).p),
        "chart": _chart(one.usual),
    }


def _chart(found: Usual | None) -> dict[str, Any] | None:
    """A control chart with its limits as they are, not clipped at what is possible, and the signal of its newest figure."""
    if found is None:
        return None
    newest, since = found.chart.newest, found.since
    return {
        "season": found.lag > 0,
        "points": len(found.figures),
        **{name: float(f"{float(limit):.10g}") for name, limit in found.chart.limits._asdict().items()},
        "signal": newest.rule if newest else None,
        "side": ("above" if newest.side > 0 else "below") if newest else None,
        "since": since.period.text if since else None,
    }


def _p(p: float | None) -> float | None:
    """A probability with four digits: the last ones of the machine's arithmetic differ between machines."""
    return None if p is None else float(f"{p:.4g}")


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
