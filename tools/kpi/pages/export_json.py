"""A judged framework for programs, in the shapes that docs/formats.md promises: the whole, the list of KPIs, and what is off target."""

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import DERIVATIONS, SHARE, Kpi, NoFigures, Observation
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.pages.figure_words import dated, measure_title
from kpi.pages.judgement_json import (
    BOUND_FIELDS,
    VERSION,
    Data,
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
    whole = {"version": VERSION, "as_of": judgement.day, **_plan(plan), "kpis": []}
    head, _, foot = dump(whole).rpartition("[]")
    kpis = (dump(_kpi(kpi, plan, objectives[kpi.kpi.id])) for kpi in judgement.kpis)
    words = ",".join(f"\n{text.rstrip()}".replace("\n", "\n    ") for text in kpis)
    return f"{head}[{words}\n  ]{foot}"


def _plan(plan: Plan) -> Data:
    """What the plan says besides its KPIs; settings of lint are left out."""
    return {
        **pick(plan, "organisation, plan: title, publisher"),
        "licence": plan.licence and pick(plan.licence, "title, url"),
        **pick(plan, "area, year_starts, year_names, compare: status.compare"),
        "edition": pick(plan.edition, ", ".join(plan.edition._fields)),
        "priorities": [
            pick(priority, "id, title, note")
            | {"objectives": [pick(objective, "title, note, kpis") for objective in priority.objectives]}
            for priority in plan.priorities
        ],
        "areas": {name: pick(area, "name, short, whole") for name, area in plan.areas.items()},
        "sources": {name: pick(source, "title, url, note") for name, source in plan.sources.items()},
        **pick(plan, "bodies, owners"),
        "status": {
            "amber": plan.status.amber,
            "tolerance": tolerance_data(plan.status.tolerance),
            "words": plan.status.words,
        },
    }


def _kpi(judged_kpi: KpiJudgement, plan: Plan, objective: str) -> Data:
    kpi = judged_kpi.kpi
    return {
        **pick(kpi, "kpi: id, priority"),
        "priority_title": plan.priority_title(kpi.priority),
        "objective": objective or None,
        **pick(kpi, "code, title, definition, statement, note, aim, owner"),
        "owner_name": plan.owner_name(kpi.owner),
        **pick(kpi, "frequency, lag, sources, dimensions"),
        "checks": [pick(check, "kind, whole, number, parts, limit") for check in kpi.checks],
        "commentary": dict(kpi.commentary),
        **pick(judged_kpi, "status, met, targeted, rag: rag.colour"),
        **_no_figures(kpi.no_figures),
        "also_shows": kpi.also_shows,
        "measures": [_measure(judged, kpi, plan) for judged in judged_kpi.measures if judged.kpi == kpi.id],
    }


def _no_figures(reason: NoFigures | None) -> Data:
    details = reason and pick(reason, "body, text, as_of")
    return {"no_figures": reason and reason.because, "no_figures_details": details}


def _measure(judged: MeasureJudgement, kpi: Kpi, plan: Plan) -> Data:
    measure, derived = judged.measure, judged.measure.derived
    area = measure.area or plan.area
    first, second = DERIVATIONS[derived.how] if derived else ("", "")
    return {
        "measure": measure.id,
        "title": measure.title,
        "measure_title": measure_title(kpi, measure),
        **pick(measure, "short, noun"),
        "unit": unit_text(measure.unit),
        **pick(measure, "kind, compare, better: better.way, middle: better.middle"),
        "area": area,
        "area_name": plan.area_name(area),
        **pick(measure, "aim, dimensions, note, owner"),
        "owner_name": plan.owner_name(measure.owner),
        **pick(measure, "frequency, lag, sources"),
        "targets": [target_data(target, measure, plan) for target in measure.targets],
        "references": [reference_data(reference, measure) for reference in measure.references],
        "triggers": [pick(each, "when, level, minimum, minimum_in_percent") for each in measure.triggers],
        **pick(measure, "baseline, since, decimals, scale, margin"),
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
    period = "period, start: period.start, end: period.end, months: period.months"
    return pick(figure, f"{period}, value, assessment, numerator, denominator, margin, marks, note")


def list_json(judgement: Judgement) -> str:
    """The KPIs with their status and how each of their measures stands, in the plan's order."""
    plan = judgement.plan
    kpis = [
        {
            **pick(shown.kpi, "kpi: id, priority"),
            "priority_title": plan.priority_title(shown.kpi.priority),
            **pick(shown.kpi, "code, title, owner"),
            "owner_name": plan.owner_name(shown.kpi.owner),
            **pick(shown, "status, rag: rag.colour, met, targeted"),
            "measures": [
                names_data(shown, judged, plan) | {"judgement": judgement_data(judged, plan)}
                for judged in shown.measures
            ],
        }
        for shown in judgement.kpis
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
            "others": [  # so that nobody takes silence for a target that is met
                pick(judged, "kpi, measure: measure.id, state") | _target_and_figure(judged)
                for judged in judgement.once()
                if judged.address not in listed
            ],
        }
    )


def _target_and_figure(judged: MeasureJudgement) -> Data:
    """The target that decides, and the figure that it was judged on, in words."""
    verdict = judged.deciding
    figure = verdict and verdict.observation
    target = verdict and target_words(verdict.target, judged.measure, verdict)
    return {"target": target, "figure": figure and dated(figure, judged.measure)}


def _off_target(shown: ShownMeasure, plan: Plan) -> Data:
    """A target with the figure that was judged, its gap and since when; then all that is said of its measure."""
    judged, words = shown.measure, _target_and_figure(shown.measure)
    figure = judged.deciding and judged.deciding.observation
    travel = next((each for each in judged.directions if each.later == figure), None)
    return {
        **names_data(shown.kpi, judged, plan),
        "target": words["target"],
        **pick(figure, "period, value"),
        "figure": words["figure"],
        **pick(judged.deciding, f"{BOUND_FIELDS}, gap"),
        **pick(judged.breach, "state, since: since.period, periods"),
        "direction": travel and travel.outcome,
        "rag": judged.rag.colour or None,
        "judgement": judgement_data(judged, plan),
    }
