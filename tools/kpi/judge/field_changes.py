"""The fields of a KPI, a measure and the plan as short texts, compared between two versions."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kpi.model.kpi import (
    DIFFERENCE,
    SHARE,
    Check,
    Kpi,
    Measure,
    NoFigures,
    Polarity,
    Reference,
    Trigger,
    tolerance_text,
)
from kpi.model.period import Period
from kpi.model.plan import Area, Objective, Plan, Priority, Source
from kpi.model.quantity import plain, unit_text

DEFINING = frozenset({"definition", "unit", "kind", "derived", "since", "area"})
"""The fields that say what is counted: after a change figures may not be comparable."""

GOALPOSTS = frozenset({"compare", "margin", "step"})
"""The fields that change what may be said of published figures, as a mark does."""


class FieldChange(NamedTuple):
    """A changed field. `field` is its name in the file; both texts may be empty."""

    field: str
    before: str
    after: str


Description = Mapping[str, str]
"""Texts by field name."""


def compare_fields(before: Description, after: Description) -> tuple[FieldChange, ...]:
    """The changed fields, in order."""
    return tuple(
        FieldChange(field, before.get(field, ""), after.get(field, ""))
        for field in {**before, **after}
        if before.get(field, "") != after.get(field, "")
    )


def describe_kpi(kpi: Kpi) -> Description:
    """The fields of a KPI apart from its measures, defaults filled in."""
    return {
        "title": _folded(kpi.title),
        "code": kpi.code,
        "definition": _folded(kpi.definition),
        "statement": _folded(kpi.statement),
        "no_figures": _no_figures(kpi.no_figures),
        "aim": kpi.aim,
        "owner": kpi.owner,
        "frequency": kpi.frequency,
        "lag": kpi.lag,
        "sources": _set(kpi.sources),
        "also_shows": _set(kpi.also_shows),
        "note": _folded(kpi.note),
        "checks": _set(map(_check, kpi.checks)),
        "dimensions": _set(f"{name} ({_set(labels.values())})" for name, labels in kpi.dimensions.items()),
        **{f"commentary of {day}": _folded(text) for day, text in kpi.commentary},
    }


def describe_measure(measure: Measure) -> Description:
    """The fields of a measure apart from its figures and targets, including those inherited from its KPI."""
    return {
        "title": _folded(measure.title),
        "short": _folded(measure.short),
        "unit": unit_text(measure.unit),
        "kind": measure.kind,
        "compare": measure.compare,
        "better": _polarity(measure.better),
        "derived": _derived(measure),
        "no_figures": _no_figures(measure.no_figures),
        "noun": measure.noun,
        "area": measure.area,
        "since": _period(measure.since),
        "baseline": _period(measure.baseline),
        "aim": measure.aim,
        "owner": measure.owner,
        "frequency": measure.frequency,
        "lag": measure.lag,
        "sources": _set(measure.sources),
        "triggers": _set(map(_trigger, measure.triggers)),
        "references": _set(map(_reference, measure.references)),
        "is": _set(f"{name}: {place}" for name, place in measure.dimensions.items()),
        "scale": measure.scale,
        "margin": "" if measure.margin is None else plain(measure.margin),
        "step": "; ".join(f"{_period(period)}: {_folded(why)}" for period, why in measure.steps),
        "decimals": "" if measure.decimals is None else str(measure.decimals),
        "note": _folded(measure.note),
    }


def describe_plan(plan: Plan) -> Description:
    """The fields of the plan that readers see, or that decide how figures are judged and checked."""
    edition, status = plan.edition._asdict(), plan.status
    return {
        "organisation": plan.organisation,
        "title": plan.title,
        "publisher": _folded(plan.publisher),
        "licence": " ".join(plan.licence or ()).strip(),
        "area": plan.area,
        "year_starts": str(plan.year_starts),
        "year_names": plan.year_names,
        "compare": status.compare,
        **{f"edition.{name}": _folded(text) for name, text in edition.items()},
        "status.amber": status.amber,
        "status.tolerance": tolerance_text(status.tolerance),
        **{f"status.words.{state}": word for state, word in status.words.items()},
        **{f"lint.{rule}": severity for rule, severity in plan.lint.items()},
        **{f"priorities.{priority.id}": _heading(priority) for priority in plan.priorities},
        **dict(_objectives(plan)),
        **{f"sources.{source.id}": _source(source) for source in plan.sources.values()},
        **{f"owners.{name}": _folded(text) for name, text in plan.owners.items()},
        **{f"bodies.{name}": _folded(text) for name, text in plan.bodies.items()},
        **{f"areas.{area.id}": _area(area) for area in plan.areas.values()},
    }


def _folded(text: str) -> str:
    return " ".join(text.split())


def _set(items: Iterable[str]) -> str:
    """Several texts whose order has no meaning."""
    return ", ".join(sorted(items))


def _period(period: Period | None) -> str:
    """The period's days, so that another spelling is no change."""
    if period is None:
        return ""
    first, last = (day.isoformat() for day in period.interval)
    return first if first == last else f"{first} to {last}"


def _polarity(better: Polarity) -> str:
    return better.way if better.middle is None else f"{better.way} {plain(better.middle)}"


def _derived(measure: Measure) -> str:
    derived = measure.derived
    if derived is None:
        return ""
    if derived.how == SHARE:
        return f"{_set(derived.first)} of {_set(derived.second)}"
    between = "less" if derived.how == DIFFERENCE else "divided by"
    return f"{' + '.join(sorted(derived.first))} {between} {' + '.join(sorted(derived.second))}"


def _no_figures(reason: NoFigures | None) -> str:
    if reason is None:
        return ""
    return "; ".join(filter(None, (reason.because, reason.body, _folded(reason.text), _period(reason.as_of))))


def _check(check: Check) -> str:
    whole = check.whole or (plain(check.number) if check.number is not None else "")
    limit = f" within {plain(check.limit)}" if check.limit is not None else ""
    return f"{check.kind} {whole}: {' + '.join(sorted(check.parts))}{limit}"


def _trigger(trigger: Trigger) -> str:
    level = f", level {plain(trigger.level)}" if trigger.level is not None else ""
    least = (
        f"{plain(trigger.minimum)}{'%' * trigger.minimum_in_percent}" if trigger.minimum is not None else ""
    )
    return f"{trigger.when}{level}{f', minimum {least}' if least else ''}"


def _reference(reference: Reference) -> str:
    bound = reference.bound
    if bound is None:
        return f"{reference.label}: {plain(reference.value) if reference.value is not None else ''}"
    relative = bound.relative
    if relative is None:
        values = [plain(value) for value in (bound.value, bound.upper) if value is not None]
        return f"{reference.label}: {bound.how} {' and '.join(values)}"
    change = plain(relative.change) if relative.change is not None else ""
    return f"{reference.label}: {bound.how} {_period(relative.period)} {change}{'%' * relative.in_percent}"


def _heading(part: Priority | Objective) -> str:
    return "; ".join(filter(None, (_folded(part.title), _folded(part.note))))


def _objectives(plan: Plan) -> Iterator[tuple[str, str]]:
    """The objectives below the priorities. Their KPIs are compared as KPIs."""
    for priority in plan.priorities:
        for number, objective in enumerate(priority.objectives, 1):
            if objective.title:
                yield f"priorities.{priority.id}.objectives.{number}", _heading(objective)


def _area(area: Area) -> str:
    short = f" ({area.short})" if area.short else ""
    return f"{area.name}{short}{' (whole)' * area.whole}"


def _source(source: Source) -> str:
    return "; ".join(filter(None, (_folded(source.title), source.url, _folded(source.note))))
