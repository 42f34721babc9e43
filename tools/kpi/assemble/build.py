"""From values that have passed the schema to a `Kpi` or `Plan`, without, but with a problem for, what can't be read."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from kpi.assemble.read_fields import ANY_NUMBER, Reader, derive, read_derived
from kpi.model.finding import FieldPath, Problem
from kpi.model.kpi import AVERAGE, DIFFERENCE, SHARE, TOTAL, Check, Derived, Kpi, Measure, NoFigures, Polarity
from kpi.model.period import APRIL
from kpi.model.plan import Area, Edition, Licence, Objective, Plan, Priority, Source, StatusRules
from kpi.model.quantity import COUNT, CURRENCY, Unit, unit_from, unit_text

_TEXTS_OF_KPI = ("code", "statement", "note", "owner", "frequency", "lag")
_INHERITED = ("owner", "frequency", "lag", "compare")  # a measure's own, else its KPI's
_AIM_POLARITY = {"increase": Polarity("higher"), "reduce": Polarity("lower")}


class Built(NamedTuple):
    """A KPI and what could not be read of it."""

    kpi: Kpi
    problems: tuple[Problem, ...]


def build_kpi(values: Mapping[str, Any], kpi_id: str, priority: str, year_starts: int = APRIL) -> Built:
    """Make the record of a KPI from values that have passed the schema; the file is named by its id, the folder by its priority."""
    read = Reader(year_starts)
    dimensions = values.get("dimensions", {})
    written = values.get("measures", {})
    measures = [_measure(read, name, raw, values, dimensions) for name, raw in written.items()]
    if len(measures) > 1 and not measures[0].title:  # as when it was the only one
        measures[0] = measures[0]._replace(title=values["title"])
    by_id = {measure.id: measure for measure in measures}
    commentary = values.get("commentary", {})
    for day in commentary:
        read.period(day, ("commentary", day), on_key=True)
    kpi = Kpi(
        id=kpi_id,
        priority=priority,
        title=values["title"],
        definition=values["definition"],
        measures=tuple(derive(measure, by_id) for measure in measures),
        also_shows=tuple(values.get("also_shows", ())),
        no_figures=_no_figures(read, values.get("no_figures"), ("no_figures",)),
        aim=values.get("aim", "monitor"),
        sources=tuple(values.get("sources", ())),
        checks=_checks(read, values.get("checks", ()), measures),
        dimensions=dimensions,
        commentary=tuple(sorted(commentary.items())),
        **{field: values.get(field, "") for field in _TEXTS_OF_KPI},
    )
    return Built(kpi, tuple(read.problems))


def _measure(
    read: Reader, name: str, raw: Mapping[str, Any], kpi: Mapping[str, Any], dimensions: Mapping[str, Any]
) -> Measure:
    where: FieldPath = ("measures", name)
    derived = read_derived(raw.get("derived", {}))
    unit = _unit(read, where, raw, kpi, derived)
    is_ = raw.get("is", {})
    ordered = [key for key in dimensions if key in is_]
    by_default = TOTAL if unit.kind in {COUNT, CURRENCY} else AVERAGE  # counts and money add up over a period
    is_rounded = derived is not None and derived.how != DIFFERENCE
    usual_decimals = 2 if unit.kind == CURRENCY else 1
    figures = raw.get("observations", {})
    return Measure(
        id=name,
        title=raw.get("title", "") or ", ".join(dimensions[key].get(is_[key], is_[key]) for key in ordered),
        unit=unit,
        better=_better(read, where, raw, kpi),
        kind=raw.get("kind") or kpi.get("kind") or by_default,
        observations=read.observations(figures, unit, (*where, "observations")),
        aim=raw.get("aim") or kpi.get("aim", "monitor"),
        targets=read.targets(raw.get("targets", ()), unit, (*where, "targets")),
        triggers=read.triggers(raw.get("triggers", ())),
        baseline=read.optional_period(raw, "baseline", where),
        since=read.optional_period(raw, "since", where),
        references=read.references(raw.get("references", ()), unit, (*where, "references")),
        peers={
            area: read.observations(peer, unit, (*where, "peers", area))
            for area, peer in raw.get("peers", {}).items()
        },
        dimensions={key: is_[key] for key in (*ordered, *is_)},
        decimals=raw.get("decimals", usual_decimals if is_rounded else None),
        sources=tuple(raw.get("sources") or kpi.get("sources", ())),
        derived=derived,
        no_figures=_no_figures(read, raw.get("no_figures"), (*where, "no_figures")),
        margin=read.margin(raw, unit, where),
        steps=read.by_period(raw.get("step", {}), (*where, "step"), lambda why, _: why),
        scale=_scale(read, where, raw, unit),
        **{field: raw.get(field, "") for field in ("short", "noun", "area", "note")},
        **{field: raw.get(field) or kpi.get(field, "") for field in _INHERITED},
    )


def _scale(read: Reader, where: FieldPath, raw: Mapping[str, Any], unit: Unit) -> str:
    scale: str = raw.get("scale", "")
    if not scale or unit.kind == CURRENCY:
        return scale
    message = f'"scale" is for money, but the unit is {unit_text(unit)}.'
    help_ = "Delete the line. Money has a unit such as {currency: GBP}."
    read.problems.append(Problem("wrong-value-form", (*where, "scale"), message, help_, on_key=True))
    return ""


def _unit(
    read: Reader, where: FieldPath, raw: Mapping[str, Any], kpi: Mapping[str, Any], derived: Derived | None
) -> Unit:
    if derived is not None and derived.how != DIFFERENCE:
        return unit_from(raw.get("unit", "percent" if derived.how == SHARE else "ratio"))
    if derived is not None and "unit" not in raw:
        raw = kpi["measures"].get(derived.first[0], {})
    written = raw.get("unit", kpi.get("unit"))
    if written is not None:
        return unit_from(written)
    if "no_figures" not in raw:
        message = f'The measure "{where[-1]}" has no unit, so its figures can\'t be understood.'
        help_ = 'Add "unit:" to the measure or to the KPI: count, percent, ratio, duration, days or weeks.'
        read.problems.append(Problem("missing-field", (*where, "unit"), message, help_, on_key=True))
    return ANY_NUMBER


def _better(read: Reader, where: FieldPath, raw: Mapping[str, Any], kpi: Mapping[str, Any]) -> Polarity:
    """Which way is better: by the measure's `better`, its aim, the KPI's `better`, or the KPI's aim, in this order."""
    for words in (raw, kpi):
        written = words.get("better")
        if isinstance(written, Mapping):
            return Polarity("near", Decimal(written["near"]))
        if written is not None:
            return Polarity(written)
        if words.get("aim") in _AIM_POLARITY:
            return _AIM_POLARITY[words["aim"]]
    if "no_figures" not in raw:
        message = f'Nothing says which way is better for "{where[-1]}", so no change in it can be judged.'
        help_ = 'Add "better:" to the measure or to the KPI: higher, lower or neither.'
        read.problems.append(Problem("missing-field", (*where, "better"), message, help_, on_key=True))
    return Polarity("neither")


def _no_figures(read: Reader, raw: Mapping[str, Any] | None, where: FieldPath) -> NoFigures | None:
    if raw is None:
        return None
    as_of = read.optional_period(raw, "as_of", where)
    return NoFigures(raw["because"], raw.get("body", ""), raw.get("text", ""), as_of)


def _checks(
    read: Reader, raw_checks: Iterable[Mapping[str, Any]], measures: Iterable[Measure]
) -> tuple[Check, ...]:
    units = {measure.id: measure.unit for measure in measures}
    checks = []
    for number, raw in enumerate(raw_checks):
        kind = next(kind for kind in ("median", "whole", "total") if kind in raw)
        whole, parts, total, limit = raw[kind], tuple(raw.get("parts", ())), None, None
        if kind == "median":
            parts, unit = (raw["share_within"],), units.get(whole, ANY_NUMBER)
            limit = read.value(raw["limit"], unit, ("checks", number, "limit"))
        elif not isinstance(whole, str):
            whole, total = "", Decimal(whole)
        checks.append(Check(kind, whole, parts, total, limit))
    return tuple(checks)


def build_plan(values: Mapping[str, Any]) -> tuple[Plan, tuple[Problem, ...]]:
    """Make the record of the plan from values that have passed the schema, and what could not be read of it."""
    read = Reader(values.get("year_starts", APRIL))
    status, licence, edition = values.get("status", {}), values.get("licence"), values.get("edition", {})
    if "date" in edition and read.period(edition["date"], ("edition", "date")) is None:
        edition = {**edition, "date": ""}
    plan = Plan(
        organisation=values["organisation"],
        title=values["title"],
        area=values["area"],
        year_starts=read.year_starts,
        edition=Edition(**edition),
        priorities=tuple(_priority(raw) for raw in values["priorities"]),
        areas={
            name: Area(name, raw) if isinstance(raw, str) else Area(name, **raw)
            for name, raw in values.get("areas", {}).items()
        },
        sources={name: Source(name, **raw) for name, raw in values.get("sources", {}).items()},
        bodies=values.get("bodies", {}),
        owners=values.get("owners", {}),
        status=StatusRules(
            status.get("amber", "improving"),
            read.tolerance(status.get("tolerance"), ANY_NUMBER, ("status", "tolerance")),
            status.get("words", {}),
            values.get("compare", ""),
        ),
        lint=values.get("lint", {}),
        year_names=values.get("year_names", ""),
        publisher=values.get("publisher", ""),
        licence=Licence(licence) if isinstance(licence, str) else licence and Licence(**licence),
    )
    return plan, tuple(read.problems)


def _priority(raw: Mapping[str, Any]) -> Priority:
    objectives = (
        Objective(each.get("title", ""), tuple(each["kpis"]), each.get("note", ""))
        for each in raw.get("objectives", [{"kpis": raw.get("kpis", ())}])
    )
    return Priority(raw["id"], raw["title"], tuple(objectives), raw.get("note", ""))
