"""The JSON documents of docs/formats.md: the whole, the list of KPIs, and what is off target."""

from kpi.judge.benchmarks import assess_significance, rank_among_peers
from kpi.judge.breach import compare_with_usual_range
from kpi.judge.direction import Direction
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.target import Verdict, gap_share
from kpi.model.kpi import DERIVATIONS, SHARE, Bound, Kpi, Measure, Target
from kpi.model.plan import Plan
from kpi.model.vocabulary import EQUALS
from kpi.pages.figure_words import dated, measure_title, place_words
from kpi.pages.formats import RECORDS, Data, document, dump, pick
from kpi.pages.lists import off_target
from kpi.pages.standing import ShownMeasure, latest_pair
from kpi.pages.target_words import reference_words, target_words


def names_data(shown: ShownMeasure, plan: Plan) -> Data:
    """Which measure it is, under which KPI it is shown, and its owner: ids, and the names that people know."""
    kpi, measure = shown.kpi.kpi, shown.measure.measure
    return {
        **pick(kpi, "kpi: id, kpi_title: title!, code, priority+", plan),
        **pick(measure, "measure: id"),
        "measure_title": measure_title(kpi, measure),
        **pick(shown, "home: measure.kpi"),
        **pick(measure._replace(area=measure.area or plan.area), "area+, unit", plan),
        **pick(shown, "owner+", plan),
    }


def judgement_data(judged: MeasureJudgement, plan: Plan) -> Data:
    """Everything that is said of a measure on the day."""
    measure = judged.measure
    place = next(iter(rank_among_peers(measure, plan)), None)
    ranked = "period: figure.period, first: position, last, areas, joint"
    return {
        **pick(judged, "state, rag: rag.colour, because: rag.because, queried, class: change"),
        "verdicts": [_verdict(verdict, measure, plan) for verdict in judged.verdicts],
        "ended": judged.ended and target_data(judged.ended, measure, plan),
        "directions": [_direction(travel, measure) for travel in judged.directions],
        "usual_and_target": compare_with_usual_range(judged.deciding, judged.directions),
        **pick(judged, "aim: aim.word, aim_reason: aim.reason, breach, references"),
        "baseline": judged.baseline and _direction(judged.baseline, measure),
        "triggers": judged.triggers,
        "place": place and pick(place, ranked) | {"words": place_words(place)},
        **pick(judged, "due: freshness.due, days_late: freshness.days_late"),
    }


def target_data(target: Target, measure: Measure, plan: Plan) -> Data:
    """A target, its bound as its file has it, with the sentence that people read."""
    dates = "from: start, from_start: start.start, by, by_end: by.end, until, until_end: until.end"
    return {
        "target": target_words(target, measure),
        **pick(target.bound, RECORDS["Bound"]),
        **pick(target, f"in_words, {dates}, over, label, tolerance"),
        "trajectory": [{"period": at, "end": at.end, "value": value} for at, value in target.trajectory],
        **pick(target, "source+", plan),
    }


BOUND_FIELDS = "bound_how: bound.how, bound: bound.value, bound_upper: bound.upper, bound_from: reference.period, on_the_way"
"""The bound that a figure was compared with: worked out, with the figure that it was taken from."""


def _verdict(verdict: Verdict, measure: Measure, plan: Plan) -> Data:
    figure = "period: observation.period, value: observation.value, assessment: observation.assessment"
    rest = "less_than_clear: hardly, queried, not_judged: unjudged.period, reason, source: target.source"
    return {
        "target": target_words(verdict.target, measure, verdict),
        "target_data": target_data(verdict.target, measure, plan),
        **pick(verdict, f"state, {figure}, {BOUND_FIELDS}, gap"),
        "gap_per_cent": float(gap_share(verdict) * 100) if verdict.gap else None,
        **pick(verdict, rest),
    }


def _direction(travel: Direction, measure: Measure) -> Data:
    """A change, with its chart, whose limits are not clipped at what is possible, and its signal."""
    pair = "period: later.period, value: later.value, against: earlier.period, against_value: earlier.value"
    change = "movement, class: outcome, change, per_cent, reason, queried, overlapping: overlapping.period"
    usual, chart = travel.usual, None
    if usual:
        newest = usual.newest
        chart = {
            "season": usual.lag > 0,
            "points": len(usual.figures),
            **usual.limits._asdict(),
            "signal": newest and newest.rule,
            "side": newest and ("above" if newest.side > 0 else "below"),
            **pick(usual, "since: since.period, moving"),
        }
    return {**pick(travel, f"{pair}, {change}"), "p": assess_significance(measure, travel).p, "chart": chart}


def framework_json(judgement: Judgement) -> str:
    """Definitions, figures and every judgement; of the plan all but the settings of lint.

    Each KPI becomes text before the next one is worked out: the values of all of them together take far more memory.
    """
    plan = judgement.plan
    objectives = {name: objective.title for _, objective, name in plan.listed()}
    years = "area, year_starts, year_names, compare: status.compare"
    lists = "edition, priorities, areas, sources, bodies, owners, status"
    head, _, foot = document(
        as_of=judgement.day,
        **pick(plan, f"organisation!, plan: title!, publisher, licence, {years}, {lists}"),
        kpis=[],
    ).rpartition("[]")
    kpis = (dump(_kpi(kpi, plan, objectives[kpi.kpi.id])) for kpi in judgement.kpis)
    words = ",".join(f"\n{text.rstrip()}".replace("\n", "\n    ") for text in kpis)
    return f"{head}[{words}\n  ]{foot}"


_WITHOUT = "no_figures: no_figures.because, no_figures_details: no_figures"


def _kpi(judged_kpi: KpiJudgement, plan: Plan, objective: str) -> Data:
    kpi = judged_kpi.kpi
    texts = "code, title!, definition!, statement, note"
    return {
        **pick(kpi, "kpi: id, priority+", plan),
        "objective": objective or None,
        **pick(kpi, f"{texts}, aim, owner+, frequency, lag, sources, dimensions, checks", plan),
        "commentary": dict(kpi.commentary),
        **pick(judged_kpi, "status, met, targeted, rag: rag.colour"),
        **pick(kpi, f"{_WITHOUT}, also_shows"),
        "measures": [_measure(judged, kpi, plan) for judged in judged_kpi.measures if judged.kpi == kpi.id],
    }


def _measure(judged: MeasureJudgement, kpi: Kpi, plan: Plan) -> Data:
    measure = judged.measure._replace(area=judged.measure.area or plan.area)
    derived = measure.derived
    inputs: Data = {field: None for fields in DERIVATIONS.values() for field in fields}
    if derived:
        first, second = DERIVATIONS[derived.how]
        inputs |= {first: derived.first[0] if first == SHARE else derived.first, second: derived.second}
    return {
        **pick(measure, "measure: id, title!"),
        "measure_title": measure_title(kpi, measure),
        **pick(measure, "short, noun, unit, kind, compare, better: better.way, middle: better.middle"),
        **pick(measure, "area+, aim, dimensions, note, owner+, frequency, lag, sources", plan),
        "targets": [target_data(target, measure, plan) for target in measure.targets],
        "references": [
            {"reference": reference_words(each, measure), "label": each.label}
            | pick(each.bound or Bound(EQUALS, each.value), RECORDS["Bound"])
            for each in measure.references
        ],
        **pick(measure, "triggers, baseline, since, decimals, scale, margin"),
        "step": {period.text: why for period, why in measure.steps},
        "derived": derived is not None,
        "derived_from": inputs if derived else None,
        **pick(measure, f"{_WITHOUT}, observations, peers"),
        "judgement": judgement_data(judged, plan),
    }


def list_json(judgement: Judgement) -> str:
    """The KPIs with their status and how each of their measures stands, in the plan's order."""
    plan = judgement.plan
    kpis = [
        {
            **pick(shown.kpi, "kpi: id, priority+, code, title!, owner+", plan),
            **pick(shown, "status, rag: rag.colour, met, targeted"),
            "measures": [
                names_data(ShownMeasure(shown, judged), plan) | {"judgement": judgement_data(judged, plan)}
                for judged in shown.measures
            ],
        }
        for shown in judgement.kpis
    ]
    return document(as_of=judgement.day, kpis=kpis)


def breaches_json(judgement: Judgement) -> str:
    """What is off its target, or was before, in the order of the pages; a measure under each of its KPIs."""
    off = off_target(judgement, everywhere=True)
    lists = dict(zip(("breaches", "near", "part_of_the_way", "recovered"), off, strict=True))
    listed = {shown.measure.address for rows in lists.values() for shown in rows}
    return document(
        as_of=judgement.day,
        **{name: [_off_target(shown, judgement.plan) for shown in rows] for name, rows in lists.items()},
        others=[  # so that nobody takes silence for a target that is met
            pick(judged, "kpi, measure: measure.id, state") | _target_and_figure(judged)
            for judged in judgement.once()
            if judged.address not in listed
        ],
    )


def _target_and_figure(judged: MeasureJudgement) -> Data:
    """The target that decides, and the figure that it was judged on, in words."""
    verdict = judged.deciding
    figure = verdict and verdict.observation
    target = verdict and target_words(verdict.target, judged.measure, verdict)
    return {"target": target, "figure": figure and dated(figure, judged.measure)}


def _off_target(shown: ShownMeasure, plan: Plan) -> Data:
    """A target with the judged figure, gap and since when; then all that is said of its measure."""
    judged, words = shown.measure, _target_and_figure(shown.measure)
    return {
        **names_data(shown, plan),
        "target": words["target"],
        **pick(judged.deciding, "period: observation.period, value: observation.value"),
        "figure": words["figure"],
        **pick(judged.deciding, f"{BOUND_FIELDS}, gap"),
        **pick(judged.breach, "state, since: since.period, periods"),
        **pick(latest_pair(judged, of_target=True), "direction: travel.outcome"),
        **pick(judged, "rag: rag.colour"),
        "judgement": judgement_data(judged, plan),
    }
