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
    """A changed field. `field` is its name in the file; both texts may be empty. `lost` are the items gone from a list."""

    field: str
    before: str
    after: str
    lost: tuple[str, ...] = ()


Description = Mapping[str, tuple[str, ...]]
"""Texts by field name: one of each item of a list, in an order of their own; none for an empty field."""


def compare_fields(before: Description, after: Description) -> tuple[FieldChange, ...]:
    """The changed fields, in order."""
    both = {field: (before.get(field, ()), after.get(field, ())) for field in {**before, **after}}
    return tuple(
        FieldChange(field, ", ".join(was), ", ".join(now), tuple(item for item in was if item not in now))
        for field, (was, now) in both.items()
        if was != now
    )


_ELSEWHERE = frozenset({"id", "priority", "measures", "observations", "peers", "targets", "commentary"})
"""The fields that are compared by themselves, or are described one by one."""


def describe_kpi(kpi: Kpi) -> Description:
    """The fields of a KPI apart from its measures, defaults filled in."""
    return _describe(kpi) | {f"commentary of {day}": _texts(text) for day, text in kpi.commentary}


def describe_measure(measure: Measure) -> Description:
    """The fields of a measure apart from its figures and targets, including those inherited from its KPI."""
    steps = "; ".join(f"{_text(period)}: {_text(why)}" for period, why in measure.steps)
    return _describe(measure, {"dimensions": "is", "steps": "step"}) | {"step": _texts(steps)}


def _describe(record: Kpi | Measure, names: Mapping[str, str] = {}) -> dict[str, tuple[str, ...]]:
    """The fields in the record's order; `names` are those that files write otherwise."""
    values = record._asdict().items()
    return {names.get(field, field): _texts(value) for field, value in values if field not in _ELSEWHERE}


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
    return {name: _texts(value) for name, value in single.items()} | {
        f"{field}.{name}": _texts(value)
        for field, values in several.items()
        for name, value in values.items()
    }


def _texts(value: object) -> tuple[str, ...]:
    items = value if type(value) is tuple else (value,)
    return tuple(sorted(filter(None, map(_text, items))))


@singledispatch
def _text(value: object) -> str:
    """A value as one short text. White space, the order of a list and the spelling of a period don't count."""
    return "" if value is None else " ".join(str(value).split())


def _set(items: Iterable[str]) -> str:
    """Several texts whose order has no meaning."""
    return ", ".join(sorted(items))


def _stated(*texts: object) -> str:
    """Several texts, without those that are empty."""
    return "; ".join(filter(None, map(_text, texts)))


_text.register(Decimal, plain)
_text.register(Unit, unit_text)
_text.register(Period, lambda period: " to ".join(dict.fromkeys(map(str, period.interval))))
_text.register(tuple, lambda items: _set(map(_text, items)))
_text.register(Polarity, lambda better: f"{better.way} {_text(better.middle)}".strip())
_text.register(NoFigures, lambda reason: _stated(*reason))
_text.register(Priority, lambda part: _stated(part.title, part.note))
_text.register(Objective, lambda part: _stated(part.title, part.note))
_text.register(Source, lambda source: _stated(source.title, source.url, source.note))


@_text.register(Mapping)
def _labels(labels: Mapping[str, str | Mapping[str, str]]) -> str:
    return _set(
        f"{name}: {of}" if isinstance(of, str) else f"{name} ({_set(of.values())})"
        for name, of in labels.items()
    )


@_text.register(Derived)
def _derived(derived: Derived) -> str:
    if derived.how == SHARE:
        return f"{_set(derived.first)} of {_set(derived.second)}"
    between = "less" if derived.how == DIFFERENCE else "divided by"
    return f"{' + '.join(sorted(derived.first))} {between} {' + '.join(sorted(derived.second))}"


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


@_text.register(Area)
def _area(area: Area) -> str:
    short = f" ({area.short})" if area.short else ""
    return f"{area.name}{short}{' (whole)' * area.whole}"
