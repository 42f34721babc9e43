"""The whole framework as JSON: definitions, figures and every judgement, in the shape that docs/formats.md promises."""

from typing import Any

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import (
    DERIVATIONS,
    SHARE,
    Check,
    Derived,
    Kpi,
    NoFigures,
    Observation,
    Trigger,
)
from kpi.model.plan import Area, Plan, Priority, Source
from kpi.model.quantity import unit_text
from kpi.pages.document import VERSION, dump, number
from kpi.pages.judgement_json import judgement_json, reference_json, target_json, tolerance_json
from kpi.pages.words.figure_words import measure_title


def framework_json(judgement: Judgement) -> str:
    """Definitions, figures and every judgement, KPI by KPI and measure by measure.

    Each KPI becomes text before the next one is worked out: the values of all of them together take far more memory.
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
    kpis = (dump(_kpi(kpi, plan, objectives[kpi.kpi.id])) for kpi in judgement.kpis)
    words = ",".join(f"\n{text.rstrip()}".replace("\n", "\n    ") for text in kpis)
    return f"{head}[{words}\n  ]{foot}"


def _plan(plan: Plan) -> dict[str, Any]:
    """What the plan says besides its KPIs; settings of lint are left out."""
    return {
        "publisher": plan.publisher or None,
        "licence": {"title": plan.licence.title, "url": plan.licence.url or None} if plan.licence else None,
        "area": plan.area,
        "year_starts": plan.year_starts,
        "year_names": plan.year_names or None,
        "compare": plan.status.compare or None,
        "edition": {name: text or None for name, text in plan.edition._asdict().items()},
        "priorities": [_priority(priority) for priority in plan.priorities],
        "areas": {name: _area(area) for name, area in plan.areas.items()},
        "sources": {name: _source(source) for name, source in plan.sources.items()},
        "bodies": dict(plan.bodies),
        "owners": dict(plan.owners),
        "status": {
            "amber": plan.status.amber,
            "tolerance": tolerance_json(plan.status.tolerance),
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


def _area(area: Area) -> dict[str, Any]:
    return {"name": area.name, "short": area.short or None, "whole": area.whole}


def _source(source: Source) -> dict[str, Any]:
    return {"title": source.title, "url": source.url or None, "note": source.note or None}


def _kpi(judged_kpi: KpiJudgement, plan: Plan, objective: str) -> dict[str, Any]:
    kpi = judged_kpi.kpi
    return {
        "kpi": kpi.id,
        "priority": kpi.priority,
        "priority_title": plan.priority_title(kpi.priority),
        "objective": objective or None,
        "code": kpi.code or None,
        "title": kpi.title,
        "definition": kpi.definition,
        "statement": kpi.statement or None,
        "note": kpi.note or None,
        "aim": kpi.aim,
        "owner": kpi.owner or None,
        "owner_name": plan.owner_name(kpi.owner),
        "frequency": kpi.frequency or None,
        "lag": kpi.lag or None,
        "sources": list(kpi.sources),
        "dimensions": {name: dict(labels) for name, labels in kpi.dimensions.items()},
        "checks": [_check(check) for check in kpi.checks],
        "commentary": dict(kpi.commentary),
        "status": judged_kpi.status,
        "met": judged_kpi.met,
        "targeted": judged_kpi.targeted,
        "rag": judged_kpi.rag.colour or None,
        "no_figures": kpi.no_figures.because if kpi.no_figures else None,
        "no_figures_details": _no_figures(kpi.no_figures),
        "also_shows": list(kpi.also_shows),
        "measures": [_measure(judged, kpi, plan) for judged in judged_kpi.measures if judged.kpi == kpi.id],
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


def _measure(judged: MeasureJudgement, kpi: Kpi, plan: Plan) -> dict[str, Any]:
    measure = judged.measure
    area = measure.area or plan.area
    return {
        "measure": measure.id,
        "title": measure.title,
        "measure_title": measure_title(kpi, measure),
        "short": measure.short or None,
        "noun": measure.noun or None,
        "unit": unit_text(measure.unit),
        "kind": measure.kind,
        "compare": measure.compare or None,
        "better": measure.better.way,
        "middle": number(measure.better.middle),
        "area": area,
        "area_name": plan.area_name(area),
        "aim": measure.aim,
        "dimensions": dict(measure.dimensions),
        "note": measure.note or None,
        "owner": measure.owner or None,
        "owner_name": plan.owner_name(measure.owner),
        "frequency": measure.frequency or None,
        "lag": measure.lag or None,
        "sources": list(measure.sources),
        "targets": [target_json(target, measure, plan) for target in measure.targets],
        "references": [reference_json(reference, measure) for reference in measure.references],
        "triggers": [_trigger(trigger) for trigger in measure.triggers],
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
        "observations": [_observation(figure) for figure in measure.observations],
        "peers": {
            area: [_observation(figure) for figure in series] for area, series in measure.peers.items()
        },
        "judgement": judgement_json(judged, plan),
    }


def _derived(derived: Derived) -> dict[str, Any]:
    """How a measure is computed, by the fields of its file; fields of other ways are null."""
    values: dict[str, Any] = {field: None for fields in DERIVATIONS.values() for field in fields}
    first, second = DERIVATIONS[derived.how]
    return values | {
        first: derived.first[0] if first == SHARE else [*derived.first],
        second: [*derived.second],
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        "when": trigger.when,
        "level": number(trigger.level),
        "minimum": number(trigger.minimum),
        "minimum_in_percent": trigger.minimum_in_percent,
    }


def _observation(figure: Observation) -> dict[str, Any]:
    return {
        "period": figure.period.text,
        "start": figure.period.start.isoformat(),
        "end": figure.period.end.isoformat(),
        "months": figure.period.months,
        "value": number(figure.value),
        "assessment": figure.assessment or None,
        "numerator": number(figure.numerator),
        "denominator": number(figure.denominator),
        "margin": number(figure.margin),
        "marks": list(figure.marks),
        "note": figure.note or None,
    }
