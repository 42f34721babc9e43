"""Family 3xx: references, from a KPI to the plan, within the KPI, and to other KPIs' measures."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from kpi.model.finding import ERROR, FieldPath, Problem
from kpi.model.kpi import Kpi, Measure, identity
from kpi.model.plan import Plan
from kpi.model.text import listed, nearest
from kpi.rules.rule import UNSAFE, Context, Framework, about_kpi

THE_PLAN, THIS_KPI = "the plan", "this KPI"

_MOST_GUESSED = 20
"""For so many names of a file what was meant is looked for: that takes as long as there are names to choose from."""


class Unknown(NamedTuple):
    """A name that doesn't exist among those that do: a `noun` that should be known in `place`."""

    where: FieldPath
    name: str
    known: Collection[str]
    noun: str
    place: str
    on_key: bool

    def problem(self, *, guess: bool = True) -> Problem:
        """What to say of it; with a guess at what was meant."""
        near = nearest(self.name, self.known) if guess else None
        help_ = f'Did you mean "{near}"? ' if near else ""
        help_ += (
            f"There are: {listed(self.known)}."
            if self.known
            else f"There is no {self.noun} yet: add it to {self.place.partition(' with')[0]}."
        )
        message = f'There is no {self.noun} called "{self.name}" in {self.place}.'
        return Problem(unknown_reference.name, self.where, message, help_, near, self.on_key)


@about_kpi("KPI304", "unknown-reference", ERROR, fix=UNSAFE)
def unknown_reference(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A source, owner, body, area, dimension or measure is named that doesn't exist.

    Readers would meet a name that leads nowhere, and a check or a share would have nothing to work on.

    Correct the name, or declare it. Sources, owners, bodies and areas stand in the plan; measures and dimensions in
    the KPI. `also_shows` names a measure of another KPI, as `kpi/measure`.
    """
    for number, told in enumerate(_unknown(kpi, context)):
        yield told.problem(guess=number < _MOST_GUESSED)


def _unknown(kpi: Kpi, context: Context) -> Iterator["Unknown"]:
    plan = context.plan
    yield from _each(("sources",), kpi.sources, plan.sources, "source")
    if kpi.owner:
        yield from _one(("owner",), kpi.owner, plan.owners, "owner")
    if kpi.no_figures is not None and kpi.no_figures.body:
        yield from _one(("no_figures", "body"), kpi.no_figures.body, plan.bodies, "body")
    for measure in kpi.measures:
        yield from _to_plan(kpi, measure, plan)
    if context.whole:
        yield from _within(kpi)


def _to_plan(kpi: Kpi, measure: Measure, plan: Plan) -> Iterator[Unknown]:
    stem: FieldPath = ("measures", measure.id)
    if measure.sources != kpi.sources:
        yield from _each((*stem, "sources"), measure.sources, plan.sources, "source")
    if measure.owner and measure.owner != kpi.owner:
        yield from _one((*stem, "owner"), measure.owner, plan.owners, "owner")
    if measure.area:
        yield from _one((*stem, "area"), measure.area, plan.areas, "area")
    for area in measure.peers:
        yield from _one((*stem, "peers", area), area, plan.areas, "area", on_key=True)
    for number, target in enumerate(measure.targets):
        if target.source:
            yield from _one((*stem, "targets", number, "source"), target.source, plan.sources, "source")
    if measure.no_figures is not None and measure.no_figures.body:
        yield from _one((*stem, "no_figures", "body"), measure.no_figures.body, plan.bodies, "body")


def _within(kpi: Kpi) -> Iterator[Unknown]:
    """References from one part of the KPI to another."""
    ids = {measure.id: None for measure in kpi.measures}
    for number, check in enumerate(kpi.checks):
        if check.whole:
            yield from _one(("checks", number, check.kind), check.whole, ids, "measure", THIS_KPI)
        for position, name in enumerate(check.parts):
            where: FieldPath = ("checks", number, "parts", position)
            if check.kind == "median":
                where = ("checks", number, "share_within")
            yield from _one(where, name, ids, "measure", THIS_KPI)
    with_figures = {one.id: None for one in kpi.measures if one.observations and not one.derived}
    for measure in kpi.measures:
        stem: FieldPath = ("measures", measure.id)
        if measure.baseline is not None and measure.observations:
            there = {identity(one.period, measure.kind) for one in measure.observations}
            if identity(measure.baseline, measure.kind) not in there:
                keys = [one.key for one in measure.observations]
                place = f'the figures of "{measure.id}"'
                yield from _one((*stem, "baseline"), measure.baseline.text, keys, "period", place)
        if measure.derived is not None:
            place = f"{THIS_KPI} with figures of its own"
            yield from _one(
                (*stem, "derived", "share"), measure.derived.share, with_figures, "measure", place
            )
            for position, name in enumerate(measure.derived.of):
                yield from _one((*stem, "derived", "of", position), name, with_figures, "measure", place)
        yield from _dimensions(kpi, measure, (*stem, "is"))


def _dimensions(kpi: Kpi, measure: Measure, stem: FieldPath) -> Iterator[Unknown]:
    for dimension, value in measure.dimensions.items():
        where = (*stem, dimension)
        if dimension not in kpi.dimensions:
            yield from _one(where, dimension, kpi.dimensions, "dimension", THIS_KPI, on_key=True)
        else:
            yield from _one(where, value, kpi.dimensions[dimension], f"value of {dimension}", THIS_KPI)


def _each(where: FieldPath, names: Collection[str], known: Collection[str], noun: str) -> Iterator[Unknown]:
    for position, name in enumerate(names):
        if name not in known:
            yield from _one((*where, position), name, known, noun)


def _one(
    where: FieldPath,
    name: str,
    known: Collection[str],
    noun: str,
    place: str = THE_PLAN,
    *,
    on_key: bool = False,
) -> Iterator["Unknown"]:
    if name not in known:
        yield Unknown(where, name, known, noun, place, on_key)


def _own_area(plan: Plan) -> Iterator[Problem]:
    """The plan's own area must be one of its areas."""
    for told in _one(("area",), plan.area, plan.areas, "area"):
        yield told.problem()


def _shown_measures(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """`also_shows` names a measure of another KPI. Nothing is said about measures of a file that can't be used."""
    unreadable = {entry.kpi for entry in framework.entries if not entry.readable}
    addresses = {f"{entry.kpi}/{name}" for entry in framework.entries for name in entry.measures}
    guesses = 0
    for entry in framework.entries:
        for position, address in enumerate(entry.also_shows):
            home = address.partition("/")[0]
            where = ("also_shows", position)
            if home == entry.kpi:
                message = f'"{address}" is a measure of this KPI itself, which shows it anyway.'
                yield entry.path, Problem(unknown_reference.name, where, message, "Take this line out.")
            elif address not in addresses and home not in unreadable:
                guesses += 1
                near = nearest(address, addresses) if guesses <= _MOST_GUESSED else None
                help_ = f'Did you mean "{near}"?' if near else "Write the KPI and its measure: kpi/measure."
                message = f'There is no measure "{address}" with figures or a title of its own.'
                yield entry.path, Problem(unknown_reference.name, where, message, help_, near)


RULES = (unknown_reference._replace(about_plan=_own_area, about_all=_shown_measures),)
