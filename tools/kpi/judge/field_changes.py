"""The fields of a KPI, a measure and the plan as short texts, compared between two versions."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import singledispatch
from typing import NamedTuple

from kpi.model.kpi import (
    DIFFERENCE,
    SHARE,
    Check,
    Derived,
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
from kpi.model.quantity import Unit, plain, unit_text

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
    changes = (
        FieldChange(field, before.get(field, ""), after.get(field, "")) for field in {**before, **after}
    )
    return tuple(change for change in changes if change.before != change.after)


_ELSEWHERE = frozenset({"id", "priority", "measures", "observations", "peers", "targets", "commentary"})
"""The fields that are compared by themselves, or are described one by one."""


def describe_kpi(kpi: Kpi) -> Description:
    """The fields of a KPI apart from its measures, defaults filled in."""
    return _describe(kpi) | {f"commentary of {day}": _text(text) for day, text in kpi.commentary}


def describe_measure(measure: Measure) -> Description:
    """The fields of a measure apart from its figures and targets, including those inherited from its KPI."""
    steps = "; ".join(f"{_text(period)}: {_text(why)}" for period, why in measure.steps)
    return _describe(measure, {"dimensions": "is", "steps": "step"}) | {"step": steps}


def _describe(record: Kpi | Measure, names: Mapping[str, str] = {}) -> dict[str, str]:
    """The fields in the record's order; `names` are those that files write otherwise."""
    values = record._asdict().items()
    return {names.get(field, field): _text(value) for field, value in values if field not in _ELSEWHERE}


def describe_plan(plan: Plan) -> Description:
    """The fields of the plan that readers see, or that decide how figures are judged and checked."""
    status = plan.status
    headings: dict[str, object] = {priority.id: priority for priority in plan.priorities}
    for priority in plan.priorities:  # their KPIs are compared as KPIs
        for number, objective in enumerate(priority.objectives, 1):
            if objective.title:
                headings[f"{priority.id}.objectives.{number}"] = objective
    single = {
        "organisation": plan.organisation,
        "title": plan.title,
        "publisher": plan.publisher,
        "licence": " ".join(plan.licence or ()),
        "area": plan.area,
        "year_starts": plan.year_starts,
        "year_names": plan.year_names,
        "compare": status.compare,
        **{f"edition.{name}": text for name, text in plan.edition._asdict().items()},
        "status.amber": status.amber,
        "status.tolerance": tolerance_text(status.tolerance),
    }
    several: dict[str, Mapping[str, object]] = {
        "status.words": status.words,
        "lint": plan.lint,
        "priorities": headings,
        "sources": plan.sources,
        "owners": plan.owners,
        "bodies": plan.bodies,
        "areas": plan.areas,
    }
    return {name: _text(value) for name, value in single.items()} | {
        f"{field}.{name}": _text(value) for field, values in several.items() for name, value in values.items()
    }


@singledispatch
def _text(value: object) -> str:
    """A value as one short text. White space, the order of a list and the spelling of a period don't count."""
    return "" if value is None else " ".join(str(value).split())


@_text.register(Decimal)
def _number(number: Decimal) -> str:
    return plain(number)


@_text.register(Period)
def _period(period: Period) -> str:
    first, last = (day.isoformat() for day in period.interval)
    return first if first == last else f"{first} to {last}"


_text.register(Unit, unit_text)


@_text.register(Mapping)
def _labels(labels: Mapping[str, str | Mapping[str, str]]) -> str:
    return _set(
        f"{name}: {of}" if isinstance(of, str) else f"{name} ({_set(of.values())})"
        for name, of in labels.items()
    )


@_text.register(tuple)
def _list(items: tuple[object, ...]) -> str:
    return _set(map(_text, items))


def _set(items: Iterable[str]) -> str:
    """Several texts whose order has no meaning."""
    return ", ".join(sorted(items))


@_text.register(Polarity)
def _polarity(better: Polarity) -> str:
    return f"{better.way} {_text(better.middle)}".strip()


@_text.register(Derived)
def _derived(derived: Derived) -> str:
    if derived.how == SHARE:
        return f"{_set(derived.first)} of {_set(derived.second)}"
    between = "less" if derived.how == DIFFERENCE else "divided by"
    return f"{' + '.join(sorted(derived.first))} {between} {' + '.join(sorted(derived.second))}"


@_text.register(NoFigures)
def _no_figures(reason: NoFigures) -> str:
    return "; ".join(filter(None, map(_text, reason)))


@_text.register(Check)
def _check(check: Check) -> str:
    limit = f" within {_text(check.limit)}" if check.limit is not None else ""
    return f"{check.kind} {check.whole or _text(check.number)}: {' + '.join(sorted(check.parts))}{limit}"


@_text.register(Trigger)
def _trigger(trigger: Trigger) -> str:
    level = f", level {_text(trigger.level)}" if trigger.level is not None else ""
    least = f", minimum {_text(trigger.minimum)}" if trigger.minimum is not None else ""
    return f"{trigger.when}{level}{least}{'%' * trigger.minimum_in_percent}"


@_text.register(Reference)
def _reference(reference: Reference) -> str:
    bound = reference.bound
    if bound is None:
        return f"{reference.label}: {_text(reference.value)}"
    relative = bound.relative
    if relative is None:
        values = [plain(value) for value in (bound.value, bound.upper) if value is not None]
        return f"{reference.label}: {bound.how} {' and '.join(values)}"
    change = f"{_text(relative.change)}{'%' * relative.in_percent}"
    return f"{reference.label}: {bound.how} {_text(relative.period)} {change}"


@_text.register(Priority)
@_text.register(Objective)
def _heading(part: Priority | Objective) -> str:
    return "; ".join(filter(None, (_text(part.title), _text(part.note))))


@_text.register(Area)
def _area(area: Area) -> str:
    short = f" ({area.short})" if area.short else ""
    return f"{area.name}{short}{' (whole)' * area.whole}"


@_text.register(Source)
def _source(source: Source) -> str:
    return "; ".join(filter(None, (_text(source.title), source.url, _text(source.note))))
