"""Family 3xx: references, from a KPI to the plan, within the KPI, and to other KPIs' measures."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from kpi.model.finding import ERROR, FieldPath, Problem
from kpi.model.kpi import DERIVATIONS, DIFFERENCE, SHARE, Derived, Kpi, Measure, identity
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.model.text import Guesses, joined, listed, nearest
from kpi.rules.rule import UNSAFE, Context, Framework, about_kpi, problem_at, repeats

_PLAN, _THIS_KPI, _WITH_FIGURES = "the plan", "this KPI", " with figures of its own"
_MEANT = 0.75  # names this similar may be one name; of others, as two posts of one office, a person decides
_ALIKE = 0.85  # names this similar differ by a typing slip


Reference = tuple[FieldPath, str, Collection[str], str, str, bool]
"""A place, the name that it has or not, the names that are known, of what, where declared, and whether it is a field's name."""


def _all_unknown(references: Iterable[Reference]) -> Iterator[Problem]:
    guesses = Guesses()
    for where, name, known, noun, home, on_key in references:
        if not name or name in known:
            continue
        near = nearest(name, known) if guesses.another(len(known)) else None
        instead = near if near and nearest(name, [near], _MEANT) else None
        if near:
            help_ = f'Did you mean "{near}"? There are: {listed(known)}.'
        elif noun == "measure" and len(known) == 1:
            (other,) = known
            help_ = f'Was "{other}" called so before? Then give it its name back, or write {other} here.'
        elif known:
            help_ = f"There are: {listed(known)}."
        else:
            help_ = f"There is no {noun} yet: add it to {home.removesuffix(_WITH_FIGURES)}."
        yield problem_at(where, f'There is no {noun} called "{name}" in {home}.', help_, instead, on_key)


def _own_area(plan: Plan) -> Iterator[Problem]:
    return _all_unknown([(("area",), plan.area, plan.areas, "area", _PLAN, False)])


def _shown_measures(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """`also_shows` names a measure of another KPI. Measures of a file that can't be used are not checked."""
    unreadable = {entry.kpi for entry in framework.entries if not entry.readable}
    addresses = {f"{entry.kpi}/{name}" for entry in framework.entries for name in entry.measures}
    guesses = Guesses()
    for entry in framework.entries:
        for position, address in enumerate(entry.also_shows):
            home, where = address.partition("/")[0], ("also_shows", position)
            if home == entry.kpi:
                message = f'"{address}" is a measure of this KPI itself, which shows it anyway.'
                yield entry.path, problem_at(where, message, "Take this line out.")
            elif address not in addresses and home not in unreadable:
                near = nearest(address, addresses) if guesses.another(len(addresses)) else None
                help_ = f'Did you mean "{near}"?' if near else "Write the KPI and its measure: kpi/measure."
                message = f'There is no measure "{address}" with figures or a title of its own.'
                yield entry.path, problem_at(where, message, help_, near)


@about_kpi("KPI304", "unknown-reference", ERROR, fix=UNSAFE, about_plan=_own_area, about_all=_shown_measures)
def unknown_reference(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A source, owner, body, area, dimension or measure is named that doesn't exist, or not where it belongs.
    Readers would meet a name that leads nowhere, and a check or a share would have nothing to work on. The own area is no
      peer of itself, and each crossed measure has a place in every dimension, once.
    Correct the name, or declare it. Sources, owners, bodies and areas belong in the plan; measures and dimensions in the KPI.
      `also_shows` names a measure of another KPI, as `kpi/measure`."""
    yield from _all_unknown(chain(_to_plan(kpi, context.plan), _within(kpi) if context.whole else ()))
    for measure in kpi.measures:
        own = measure.area or context.plan.area
        if own in measure.peers:
            message = f'"{own}" is the area that this measure is about, so it can\'t be among the others.'
            help_ = 'Its figures are under "observations:". Remove them here.'
            yield problem_at(("measures", measure.id, "peers", own), message, help_, on_key=True)
        baseline = measure.baseline if context.whole else None
        there = {identity(each.period, measure.kind) for each in (measure.observations if baseline else ())}
        if baseline is not None and there and identity(baseline, measure.kind) not in there:
            message = f'There is no period "{baseline.text}" in the figures of "{measure.id}".'
            help_ = f"Add its figure, or name one of these: {listed([each.key for each in measure.observations])}."
            yield problem_at(("measures", measure.id, "baseline"), message, help_)
    if context.whole:
        yield from _crossings(kpi)


def _to_plan(kpi: Kpi, plan: Plan) -> Iterator[Reference]:
    """References to what the plan declares; a measure's that are its KPI's are there once."""
    parts: list[tuple[FieldPath, Kpi | Measure]] = [((), kpi)]
    parts += ((("measures", measure.id), measure) for measure in kpi.measures)
    for stem, part in parts:
        for position, name in enumerate(part.sources if part is kpi or part.sources != kpi.sources else ()):
            yield (*stem, "sources", position), name, plan.sources, "source", _PLAN, False
        if part is kpi or part.owner != kpi.owner:
            yield (*stem, "owner"), part.owner, plan.owners, "owner", _PLAN, False
        if part.no_figures is not None:
            yield (*stem, "no_figures", "body"), part.no_figures.body, plan.bodies, "body", _PLAN, False
    for measure in kpi.measures:
        stem = ("measures", measure.id)
        yield (*stem, "area"), measure.area, plan.areas, "area", _PLAN, False
        for area in measure.peers:
            yield (*stem, "peers", area), area, plan.areas, "area", _PLAN, True
        for number, target in enumerate(measure.targets):
            yield (*stem, "targets", number, "source"), target.source, plan.sources, "source", _PLAN, False


def _within(kpi: Kpi) -> Iterator[Reference]:
    ids = {measure.id: None for measure in kpi.measures}
    for number, check in enumerate(kpi.checks):
        yield ("checks", number, check.kind), check.whole, ids, "measure", _THIS_KPI, False
        for position, name in enumerate(check.parts):
            field = ("share_within",) if check.kind == "median" else ("parts", position)
            yield ("checks", number, *field), name, ids, "measure", _THIS_KPI, False
    with_figures = [measure.id for measure in kpi.measures if measure.observations and not measure.derived]
    for measure in kpi.measures:
        if measure.derived is not None:
            yield from _to_inputs(measure.derived, with_figures, ("measures", measure.id, "derived"))
        for dimension, value in measure.dimensions.items():
            where, positions = ("measures", measure.id, "is", dimension), kpi.dimensions.get(dimension)
            if positions is None:
                yield where, dimension, kpi.dimensions, "dimension", _THIS_KPI, True
            else:
                yield where, value, positions, f"value of {dimension}", _THIS_KPI, False


def _to_inputs(derived: Derived, with_figures: Collection[str], stem: FieldPath) -> Iterator[Reference]:
    for field, names in zip(DERIVATIONS[derived.how], (derived.first, derived.second), strict=True):
        for position, name in enumerate(names):
            known = with_figures
            if name not in known and len(derived.inputs) == 2:
                others = {*derived.inputs} - {name}
                known = [free for free in known if free not in others or nearest(name, [free], _ALIKE)]
            where = (*stem, field) if field == SHARE else (*stem, field, position)
            yield where, name, known, "measure", f"{_THIS_KPI}{_WITH_FIGURES}", False


def _crossings(kpi: Kpi) -> Iterator[Problem]:
    """Measures that leave out a dimension which all others have, or have the same place as another one."""
    crossed = [measure for measure in kpi.measures if measure.dimensions]
    taken = [measure.dimensions for measure in crossed]
    for first, measure in repeats(crossed, lambda measure: frozenset(measure.dimensions.items())):
        message = f'"{measure.id}" has the same place as "{first.id}".'
        yield problem_at(("measures", measure.id, "is"), message, "Correct one of the two.", on_key=True)
    others = len(crossed) - 1
    counts = Counter(name for place in taken for name in place) if others > 1 else {}
    common = {name for name, count in counts.items() if count == others}
    for measure in crossed:
        for name in sorted(common - measure.dimensions.keys()):
            message = f'Every other measure says its "{name}", but this one doesn\'t.'
            positions = kpi.dimensions.get(name, {})
            places = [{**measure.dimensions, name: position} for position in positions]
            free = [place for place in places if place not in taken]
            where, help_ = ("measures", measure.id, "is"), f"Add it, with one of these: {listed(positions)}."
            if len(free) == 1:  # then that is meant
                fields = ", ".join(f"{each}: {free[0][each]}" for each in kpi.dimensions if each in free[0])
                yield problem_at(where, message, f"Write: {{{fields}}}", f"{{{fields}}}")
            else:
                yield problem_at(where, message, help_, on_key=True)


def named_by_title(problem: Problem, text: str, plan: Plan, values: Mapping[str, Any]) -> Problem:
    """The problem of a text that can't be an id, with the ids of what it may be the title of, in the plan or the file."""
    noun, titles = _titles(problem.where, plan, values)
    starts = [name for name in titles if name.casefold().startswith(text.casefold())]
    ids = list({titles[name]: None for name in starts or filter(None, [nearest(text, titles)])})
    if not ids:
        return problem
    only = ids[0] if len(ids) == 1 else None
    message = f'"{text}" is no id. {noun} are named by their id, not by their title.'
    return problem._replace(message=message, help=f"Write: {' or '.join(ids)}", replacement=only)


def _titles(where: FieldPath, plan: Plan, values: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    """What can be named at a field, and the ids by their titles."""
    if {"sources", "source"} & set(where):
        return "Sources", {source.title: source.id for source in plan.sources.values()}
    if "area" in where[-1:] or "peers" in where[-2:-1]:
        names = {area.short: area.id for area in plan.areas.values() if area.short}
        return "Areas", names | {area.name: area.id for area in plan.areas.values()}
    if where[-1:] == ("owner",):
        return "Owners", {name: owner for owner, name in plan.owners.items()}
    if where[-1:] == ("body",):
        return "Bodies", {name: body for body, name in plan.bodies.items()}
    dimensions = values.get("dimensions")
    labels = dimensions.get(where[-1]) if where[-2:-1] == ("is",) and isinstance(dimensions, dict) else None
    positions = labels.items() if isinstance(labels, dict) else ()
    return "Positions", {str(label): str(position) for position, label in positions}


@about_kpi("KPI310", "derived-units", ERROR)
def derived_units(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A computed measure adds or subtracts figures in different units or of different kinds.
    Pounds and visits have no sum, nor have people on a day and people over a year. The result would be a number without
      meaning.
    Name measures in one unit and of one kind. Only for a division may units differ."""
    measures = {measure.id: measure for measure in kpi.measures}
    for measure in kpi.measures if context.whole else ():
        derived = measure.derived
        if derived is None or not {*derived.inputs} <= measures.keys():
            continue
        sums = [derived.inputs] if derived.how == DIFFERENCE else [derived.first, derived.second]
        for field, names in zip(DERIVATIONS[derived.how], sums, strict=False):
            first, *others = (measures[name] for name in names)
            unlike = (other for other in others if (other.unit, other.kind) != (first.unit, first.kind))
            other = next(unlike, None)
            if other is not None:
                both = [f'"{each.id}" ({unit_text(each.unit)}, {each.kind})' for each in (first, other)]
                message = f"{joined(both)} can't be added or subtracted."
                help_ = "Name measures in one unit and of one kind, or divide: numerator and denominator."
                yield problem_at(("measures", measure.id, "derived", field), message, help_)
