"""The JSON documents in the shapes that docs/formats.md promises: the whole, the list of KPIs, what is off target, what is overdue."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.judge.benchmarks import assess_significance, rank_among_peers
from kpi.judge.breach import compare_with_usual_range
from kpi.judge.control_chart import Chart
from kpi.judge.direction import Direction
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.target import Verdict, gap_share
from kpi.model.kpi import DERIVATIONS, SHARE, Bound, Kpi, Measure, NoFigures, Observation, Target, Tolerance
from kpi.model.period import Period
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.model.vocabulary import EQUALS
from kpi.pages.figure_words import dated, measure_title, place_words
from kpi.pages.lists import off_target
from kpi.pages.standing import ShownMeasure
from kpi.pages.target_words import reference_words, target_words
from kpi.pages.terminal import overdue

VERSION = 2

Data = dict[str, Any]
"""What `dump` writes: texts, numbers, dates, periods, and lists and mappings of these, by their names."""


def pick(record: object, fields: str) -> Data:
    """Fields of a record by their names in a document: "title!, ends: by.end"; None where there is no record.

    An empty text is None, but for those with an exclamation mark, which are always there.
    """
    values = {}
    for field in fields.split(", "):
        name, _, path = field.rstrip("!").partition(": ")
        value: Any = record
        for part in (path or name).split("."):
            value = None if value is None else getattr(value, part)
        values[name] = None if value == "" and not field.endswith("!") else value
    return values


def dump(values: Mapping[str, Any]) -> str:
    """JSON that every program reads alike: ASCII, no NaN, a line end at the end.

    A date is written as ISO text, a period as its file has it, a number with at most 15 digits, which a float keeps.
    """
    return json.dumps(_as_json(values), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _as_json(value: Any) -> Any:
    match value:
        case Decimal():
            is_whole = value == value.to_integral_value() and value.as_tuple().exponent == 0
            return int(value) if is_whole else float(value)
        case date():
            return value.isoformat()
        case Period():
            return value.text
        case Mapping():
            return {name: _as_json(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_as_json(inner) for inner in value]
    return value


def names_data(shown: KpiJudgement, judged: MeasureJudgement, plan: Plan) -> Data:
    """Which measure it is, under which KPI it is shown, and its owner: ids, and the names that people know."""
    kpi, measure = shown.kpi, judged.measure
    owner, area = measure.owner or kpi.owner, measure.area or plan.area
    return {
        **pick(kpi, "kpi: id, kpi_title: title!, code, priority"),
        "priority_title": plan.priority_title(kpi.priority),
        "measure": measure.id,
        "measure_title": measure_title(kpi, measure),
        "home": judged.kpi,
        "area": area,
        "area_name": plan.area_name(area),
        "unit": unit_text(measure.unit),
        "owner": owner or None,
        "owner_name": plan.owners.get(owner),
    }


def judgement_data(judged: MeasureJudgement, plan: Plan) -> Data:
    """Everything that is said of a measure on the day."""
    measure, usual = judged.measure, compare_with_usual_range(judged.deciding, judged.directions)
    place = next(iter(rank_among_peers(measure, plan)), None)
    ranked = "period: figure.period, first: position, last, areas, joint"
    run = (
        "state, since: since.period, periods, last_met: last_met.period, before: before.period, before_state"
    )
    return {
        **pick(judged, "state, rag: rag.colour, because: rag.because, queried, class: change"),
        "verdicts": [_verdict(verdict, measure, plan) for verdict in judged.verdicts],
        "ended": judged.ended and target_data(judged.ended, measure, plan),
        "directions": [_direction(travel, measure) for travel in judged.directions],
        "usual_and_target": usual and pick(usual, "word, met, of"),
        **pick(judged.aim, "aim: word, aim_reason: reason"),
        "breach": judged.breach and pick(judged.breach, run),
        "references": [pick(result, "label: reference.label!, word") for result in judged.references],
        "baseline": judged.baseline and _direction(judged.baseline, measure),
        "triggers": [
            pick(result, "when: trigger.when, state, reason") | {"p": _rounded(result.p)}
            for result in judged.triggers
        ],
        "place": place and pick(place, ranked) | {"words": place_words(place)},
        **pick(judged.freshness, "due, days_late"),
    }


def target_data(target: Target, measure: Measure, plan: Plan) -> Data:
    """A target, with the sentence that people read."""
    dates = "from: start, from_start: start.start, by, by_end: by.end, until, until_end: until.end"
    return {
        "target": target_words(target, measure),
        **_as_written(target.bound),
        **pick(target, f"in_words, {dates}, over, label"),
        "tolerance": tolerance_data(target.tolerance),
        "trajectory": [{"period": at, "end": at.end, "value": value} for at, value in target.trajectory],
        **pick(target, "source"),
        **pick(plan.sources.get(target.source), "source_title: title"),
    }


def _as_written(bound: Bound | None) -> Data:
    """A bound as its file has it, not worked out."""
    relative = bound.relative if bound else None
    relative_data = relative and pick(relative, "period, change, in_percent")
    return pick(bound, "how, value, upper") | {"relative": relative_data}


def tolerance_data(tolerance: Tolerance | None) -> Data | None:
    """How far outside a bound still counts as near; None where nothing does."""
    return tolerance and pick(tolerance, "value, in_percent")


BOUND_FIELDS = "bound_how: bound.how, bound: bound.value, bound_upper: bound.upper, bound_from: reference.period, on_the_way"
"""Of a verdict, the bound that a figure was compared with: worked out, with the figure that it was taken from."""


def _verdict(verdict: Verdict, measure: Measure, plan: Plan) -> Data:
    figure = "period: observation.period, value: observation.value, assessment: observation.assessment"
    return {
        "target": target_words(verdict.target, measure, verdict),
        "target_data": target_data(verdict.target, measure, plan),
        **pick(verdict, f"state, {figure}, {BOUND_FIELDS}, gap"),
        "gap_per_cent": _rounded(float(gap_share(verdict) * 100)) if verdict.gap else None,
        **pick(
            verdict,
            "less_than_clear: hardly, queried, not_judged: unjudged.period, reason, source: target.source",
        ),
    }


def _direction(travel: Direction, measure: Measure) -> Data:
    pair = "period: later.period, value: later.value, against: earlier.period, against_value: earlier.value"
    change = "movement, class: outcome, change, per_cent, reason, queried, overlapping: overlapping.period"
    return {
        **pick(travel, f"{pair}, {change}"),
        "p": _rounded(assess_significance(measure, travel).p),
        "chart": travel.usual and _chart(travel.usual),
    }


def _chart(usual: Chart) -> Data:
    """A control chart with its limits as they are, not clipped at what is possible, and the signal of its newest figure."""
    newest = usual.newest
    return {
        "season": usual.lag > 0,
        "points": len(usual.figures),
        **{name: float(f"{float(limit):.10g}") for name, limit in usual.limits._asdict().items()},
        "signal": newest and newest.rule,
        "side": newest and ("above" if newest.side > 0 else "below"),
        **pick(usual, "since: since.period, moving"),
    }


def _rounded(value: float | None) -> float | None:
    """A number with four digits: the last ones of the machine's arithmetic differ between machines."""
    return None if value is None else float(f"{value:.4g}")


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
        **pick(plan, "organisation!, plan: title!, publisher"),
        "licence": plan.licence and pick(plan.licence, "title!, url"),
        **pick(plan, "area, year_starts, year_names, compare: status.compare"),
        "edition": pick(plan.edition, ", ".join(plan.edition._fields)),
        "priorities": [
            pick(priority, "id, title!, note")
            | {"objectives": [pick(objective, "title, note, kpis") for objective in priority.objectives]}
            for priority in plan.priorities
        ],
        "areas": {name: pick(area, "name!, short, whole") for name, area in plan.areas.items()},
        "sources": {name: pick(source, "title!, url, note") for name, source in plan.sources.items()},
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
        **pick(kpi, "code, title!, definition!, statement, note, aim, owner"),
        "owner_name": plan.owners.get(kpi.owner),
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
        "owner_name": plan.owners.get(measure.owner),
        **pick(measure, "frequency, lag, sources"),
        "targets": [target_data(target, measure, plan) for target in measure.targets],
        "references": [
            {"reference": reference_words(each, measure), "label": each.label}
            | _as_written(each.bound or Bound(EQUALS, each.value))
            for each in measure.references
        ],
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
            **pick(shown.kpi, "code, title!, owner"),
            "owner_name": plan.owners.get(shown.kpi.owner),
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


def overdue_json(judgement: Judgement) -> str:
    """What is overdue as JSON, the latest first; and the newest figure of every measure."""
    return dump(
        {
            "version": VERSION,
            "as_of": judgement.day,
            "overdue": [
                {
                    **pick(late.kpi, "kpi: id, kpi_title: title!, priority"),
                    "measure": late.judged.measure.id,
                    "measure_title": measure_title(late.kpi, late.judged.measure),
                    **pick(late.freshness, "next_end: following.end, due, days_late"),
                    "owner": late.owner or None,
                    "owner_name": judgement.plan.owners.get(late.owner),
                }
                for late in overdue(judgement)
            ],
            "newest": [  # late or not: by it one that was late is known to have come
                pick(judged, "kpi, measure: measure.id, end: latest.observation.period.end")
                | {"figure": (newest := judged.latest.observation) and dated(newest, judged.measure)}
                for judged in judgement.once()
            ],
        }
    )
