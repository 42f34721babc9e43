"""What all JSON documents share: their version, how records become values, and the judgement of one measure (`schema/output/parts.schema.json`)."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.judge.benchmarks import rank_among_peers
from kpi.judge.breach import compare_with_usual_range
from kpi.judge.direction import Direction
from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.judge.significance import assess_significance
from kpi.judge.target import Verdict, gap_share
from kpi.judge.usual import Usual
from kpi.model.kpi import Bound, Measure, Reference, Target, Tolerance
from kpi.model.period import Period
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.model.vocabulary import EQUALS
from kpi.pages.figure_words import measure_title, place_words
from kpi.pages.target_words import reference_words, target_words

VERSION = 2

Data = dict[str, Any]
"""What `dump` writes: texts, numbers, dates, periods, and lists and mappings of these, by their names."""


def pick(record: object, *names: str) -> Data:
    """These fields of a record by their names, an empty text as None; where there is no record, each is None."""
    values = {name: None if record is None else getattr(record, name) for name in names}
    return {name: None if value == "" else value for name, value in values.items()}


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
        "kpi": kpi.id,
        "kpi_title": kpi.title,
        **pick(kpi, "code", "priority"),
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


def judgement_data(judged: MeasureJudgement, plan: Plan) -> Data:
    """Everything that is said of a measure on the day."""
    measure, breach = judged.measure, judged.breach
    usual = compare_with_usual_range(judged.deciding, judged.directions)
    place = next(iter(rank_among_peers(measure, plan)), None)
    return {
        "state": judged.state,
        "rag": judged.rag.colour or None,
        **pick(judged.rag, "because"),
        "queried": judged.queried,
        "class": judged.change,
        "verdicts": [_verdict(verdict, measure, plan) for verdict in judged.verdicts],
        "ended": judged.ended and target_data(judged.ended, measure, plan),
        "directions": [_direction(travel, measure) for travel in judged.directions],
        "usual_and_target": usual and pick(usual, "word", "met", "of"),
        "aim": judged.aim and judged.aim.word,
        "aim_reason": judged.aim and (judged.aim.reason or None),
        "breach": breach
        and {
            "state": breach.state,
            "since": breach.since.period,
            "periods": breach.periods,
            "last_met": breach.last_met and breach.last_met.period,
            "before": breach.before and breach.before.period,
            **pick(breach, "before_state"),
        },
        "references": [{"label": each.reference.label, "word": each.word} for each in judged.references],
        "baseline": judged.baseline and _direction(judged.baseline, measure),
        "triggers": [
            {"when": result.trigger.when, **pick(result, "state", "reason"), "p": _rounded(result.p)}
            for result in judged.triggers
        ],
        "place": place
        and {
            "period": place.figure.period,
            "first": place.position,
            **pick(place, "last", "areas", "joint"),
            "words": place_words(place),
        },
        **pick(judged.freshness, "due", "days_late"),
    }


def target_data(target: Target, measure: Measure, plan: Plan) -> Data:
    """A target, with the sentence that people read."""
    return {
        "target": target_words(target, measure),
        **_as_written(target.bound),
        **pick(target, "in_words"),
        "from": target.start,
        "from_start": target.start and target.start.start,
        "by": target.by,
        "by_end": target.by and target.by.end,
        "until": target.until,
        "until_end": target.until and target.until.end,
        **pick(target, "over", "label"),
        "tolerance": tolerance_data(target.tolerance),
        "trajectory": [{"period": at, "end": at.end, "value": value} for at, value in target.trajectory],
        **pick(target, "source"),
        "source_title": plan.source_title(target.source),
    }


def reference_data(reference: Reference, measure: Measure) -> Data:
    """An undated value, with the words that people read."""
    bound = _as_written(reference.bound or Bound(EQUALS, reference.value))
    return {"reference": reference_words(reference, measure), "label": reference.label, **bound}


def _as_written(bound: Bound | None) -> Data:
    """A bound as its file has it, not worked out."""
    relative = bound.relative if bound else None
    return {
        **pick(bound, "how", "value", "upper"),
        "relative": relative and pick(relative, "period", "change", "in_percent"),
    }


def tolerance_data(tolerance: Tolerance | None) -> Data | None:
    """How far outside a bound still counts as near; None where nothing does."""
    return tolerance and pick(tolerance, "value", "in_percent")


def bound_data(verdict: Verdict) -> Data:
    """The bound that a figure was compared with: worked out, with the figure that it was taken from."""
    bound = verdict.bound
    return {
        "bound_how": bound and bound.how,
        "bound": bound and bound.value,
        "bound_upper": bound and bound.upper,
        "bound_from": verdict.reference and verdict.reference.period,
        "on_the_way": verdict.on_the_way,
    }


def _verdict(verdict: Verdict, measure: Measure, plan: Plan) -> Data:
    return {
        "target": target_words(verdict.target, measure, verdict),
        "target_data": target_data(verdict.target, measure, plan),
        "state": verdict.state,
        **pick(verdict.observation, "period", "value", "assessment"),
        **bound_data(verdict),
        "gap": verdict.gap,
        "gap_per_cent": _rounded(float(gap_share(verdict) * 100)) if verdict.gap else None,
        "less_than_clear": verdict.hardly,
        "queried": verdict.queried,
        "not_judged": verdict.unjudged and verdict.unjudged.period,
        **pick(verdict, "reason"),
        **pick(verdict.target, "source"),
    }


def _direction(travel: Direction, measure: Measure) -> Data:
    return {
        **pick(travel.later, "period", "value"),
        "against": travel.earlier and travel.earlier.period,
        "against_value": travel.earlier and travel.earlier.value,
        **pick(travel, "movement"),
        "class": travel.outcome,
        **pick(travel, "change", "per_cent", "reason", "queried"),
        "overlapping": travel.overlapping and travel.overlapping.period,
        "p": _rounded(assess_significance(measure, travel).p),
        "chart": travel.usual and _chart(travel.usual),
    }


def _chart(usual: Usual) -> Data:
    """A control chart with its limits as they are, not clipped at what is possible, and the signal of its newest figure."""
    newest = usual.chart.newest
    return {
        "season": usual.lag > 0,
        "points": len(usual.figures),
        **{name: float(f"{float(limit):.10g}") for name, limit in usual.chart.limits._asdict().items()},
        "signal": newest and newest.rule,
        "side": newest and ("above" if newest.side > 0 else "below"),
        "since": usual.since and usual.since.period,
        "moving": usual.chart.moving,
    }


def _rounded(value: float | None) -> float | None:
    """A number with four digits: the last ones of the machine's arithmetic differ between machines."""
    return None if value is None else float(f"{value:.4g}")
