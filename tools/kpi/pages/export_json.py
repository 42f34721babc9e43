"""A judged framework for programs, in the shapes that docs/formats.md promises: the whole, the list of KPIs, and what is off target."""

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import DERIVATIONS, SHARE, Kpi, NoFigures, Observation
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.pages.figure_words import dated, measure_title
from kpi.pages.judgement_json import (
    VERSION,
    Data,
    bound_data,
    dump,
    judgement_data,
    names_data,
    pick,
    reference_data,
    target_data,
    tolerance_data,
)
from kpi.pages.lists import off_target
from kpi.pages.table_cells import ShownMeasure
from kpi.pages.target_words import target_words


def framework_json(judgement: Judgement) -> str:
    """Definitions, figures and every judgement, KPI by KPI and measure by measure.

    Each KPI becomes text before the next one is worked out: the values of all of them together take far more memory.
    """
    plan = judgement.plan
    objectives = {name: objective.title for _, objective, name in plan.listed()}
    whole = {
        "version": VERSION,
        "as_of": judgement.day,
        "organisation": plan.organisation,
        "plan": plan.title,
        **_plan(plan),
        "kpis": [],
    }
    head, _, foot = dump(whole).rpartition("[]")
    kpis = (dump(_kpi(kpi, plan, objectives[kpi.kpi.id])) for kpi in judgement.kpis)
    words = ",".join(f"\n{text.rstrip()}".replace("\n", "\n    ") for text in kpis)
    return f"{head}[{words}\n  ]{foot}"


def _plan(plan: Plan) -> Data:
    """What the plan says besides its KPIs; settings of lint are left out."""
    return {
        **pick(plan, "publisher"),
        "licence": plan.licence and {"title": plan.licence.title, **pick(plan.licence, "url")},
        **pick(plan, "area", "year_starts", "year_names"),
        **pick(plan.status, "compare"),
        "edition": pick(plan.edition, *plan.edition._fields),
        "priorities": [
            {
                "id": priority.id,
                "title": priority.title,
                **pick(priority, "note"),
                "objectives": [pick(objective, "title", "note", "kpis") for objective in priority.objectives],
            }
            for priority in plan.priorities
        ],
        "areas": {
            key: {"name": area.name, **pick(area, "short", "whole")} for key, area in plan.areas.items()
        },
        "sources": {
            key: {"title": each.title, **pick(each, "url", "note")} for key, each in plan.sources.items()
        },
        **pick(plan, "bodies", "owners"),
        "status": {
            "amber": plan.status.amber,
            "tolerance": tolerance_data(plan.status.tolerance),
            "words": plan.status.words,
        },
    }


def _kpi(judged_kpi: KpiJudgement, plan: Plan, objective: str) -> Data:
    kpi = judged_kpi.kpi
    return {
        "kpi": kpi.id,
        "priority": kpi.priority,
        "priority_title": plan.priority_title(kpi.priority),
        "objective": objective or None,
        **pick(kpi, "code"),
        "title": kpi.title,
        "definition": kpi.definition,
        **pick(kpi, "statement", "note", "aim", "owner"),
        "owner_name": plan.owner_name(kpi.owner),
        **pick(kpi, "frequency", "lag", "sources", "dimensions"),
        "checks": [pick(check, "kind", "whole", "number", "parts", "limit") for check in kpi.checks],
        "commentary": dict(kpi.commentary),
        **pick(judged_kpi, "status", "met", "targeted"),
        "rag": judged_kpi.rag.colour or None,
        **_no_figures(kpi.no_figures),
        "also_shows": kpi.also_shows,
        "measures": [_measure(judged, kpi, plan) for judged in judged_kpi.measures if judged.kpi == kpi.id],
    }


def _no_figures(reason: NoFigures | None) -> Data:
    return {
        "no_figures": reason and reason.because,
        "no_figures_details": reason and pick(reason, "body", "text", "as_of"),
    }


def _measure(judged: MeasureJudgement, kpi: Kpi, plan: Plan) -> Data:
    measure, derived = judged.measure, judged.measure.derived
    area = measure.area or plan.area
    first, second = DERIVATIONS[derived.how] if derived else ("", "")
    return {
        "measure": measure.id,
        "title": measure.title,
        "measure_title": measure_title(kpi, measure),
        **pick(measure, "short", "noun"),
        "unit": unit_text(measure.unit),
        **pick(measure, "kind", "compare"),
        "better": measure.better.way,
        "middle": measure.better.middle,
        "area": area,
        "area_name": plan.area_name(area),
        **pick(measure, "aim", "dimensions", "note", "owner"),
        "owner_name": plan.owner_name(measure.owner),
        **pick(measure, "frequency", "lag", "sources"),
        "targets": [target_data(target, measure, plan) for target in measure.targets],
        "references": [reference_data(reference, measure) for reference in measure.references],
        "triggers": [
            pick(each, "when", "level", "minimum", "minimum_in_percent") for each in measure.triggers
        ],
        **pick(measure, "baseline", "since", "decimals", "scale", "margin"),
        "step": {period.text: why for period, why in measure.steps},
        "derived": measure.derived is not None,
        "derived_from": derived
        and {
            **{field: None for fields in DERIVATIONS.values() for field in fields},  # those of other ways
            first: derived.first[0] if first == SHARE else derived.first,
            second: derived.second,
        },
        **_no_figures(measure.no_figures),
        "observations": list(map(_observation, measure.observations)),
        "peers": {area: list(map(_observation, series)) for area, series in measure.peers.items()},
        "judgement": judgement_data(judged, plan),
    }


def _observation(figure: Observation) -> Data:
    return {
        "period": figure.period,
        **pick(figure.period, "start", "end", "months"),
        **pick(figure, "value", "assessment", "numerator", "denominator", "margin", "marks", "note"),
    }


def list_json(judgement: Judgement) -> str:
    """The KPIs with their status and how each of their measures stands, in the plan's order."""
    plan = judgement.plan
    kpis = [
        {
            "kpi": judged_kpi.kpi.id,
            "priority": judged_kpi.kpi.priority,
            "priority_title": plan.priority_title(judged_kpi.kpi.priority),
            **pick(judged_kpi.kpi, "code"),
            "title": judged_kpi.kpi.title,
            **pick(judged_kpi.kpi, "owner"),
            "owner_name": plan.owner_name(judged_kpi.kpi.owner),
            "status": judged_kpi.status,
            "rag": judged_kpi.rag.colour or None,
            **pick(judged_kpi, "met", "targeted"),
            "measures": [
                names_data(judged_kpi, judged, plan) | {"judgement": judgement_data(judged, plan)}
                for judged in judged_kpi.measures
            ],
        }
        for judged_kpi in judgement.kpis
    ]
    return dump({"version": VERSION, "as_of": judgement.day, "kpis": kpis})


def breaches_json(judgement: Judgement) -> str:
    """What is off its target, and what was before, in the order of the pages; a measure under two KPIs is listed under each."""
    off = off_target(judgement, everywhere=True)
    lists = dict(zip(("breaches", "near", "part_of_the_way", "recovered"), off, strict=True))
    listed = {shown.measure.address for rows in lists.values() for shown in rows}
    return dump(
        {
            "version": VERSION,
            "as_of": judgement.day,
            **{name: [_off_target(shown, judgement.plan) for shown in rows] for name, rows in lists.items()},
            "others": [_other(judged) for judged in judgement.once() if judged.address not in listed],
        }
    )


def _other(judged: MeasureJudgement) -> Data:
    """A measure of which nothing is to be said, so that nobody takes silence for a target that is met."""
    verdict = judged.deciding
    figure = verdict and verdict.observation
    return {
        "kpi": judged.kpi,
        "measure": judged.measure.id,
        "state": judged.state,
        "target": verdict and target_words(verdict.target, judged.measure, verdict),
        "figure": figure and dated(figure, judged.measure),
    }


def _off_target(shown: ShownMeasure, plan: Plan) -> Data:
    """A target with the figure that was judged, its gap and since when; then all that is said of its measure."""
    judged = shown.measure
    verdict, breach = judged.deciding, judged.breach
    assert verdict is not None
    figure = verdict.observation
    travel = next((each for each in judged.directions if each.later == figure), None)
    return {
        **names_data(shown.kpi, judged, plan),
        "target": target_words(verdict.target, judged.measure, verdict),
        **pick(figure, "period", "value"),
        "figure": figure and dated(figure, judged.measure),
        **bound_data(verdict),
        "gap": verdict.gap,
        "state": breach and breach.state,
        "since": breach and breach.since.period,
        "periods": breach and breach.periods,
        "direction": travel and travel.outcome,
        "rag": judged.rag.colour or None,
        "judgement": judgement_data(judged, plan),
    }
