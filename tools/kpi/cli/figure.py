"""From the words on the command line to a figure: which KPI, which measure, which period, which value."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.cli.frame import known_kpi
from kpi.model.errors import UserError
from kpi.model.text import listed, nearest, quoted

if TYPE_CHECKING:
    from kpi.model.quantity import Unit
    from kpi.store.figure_fields import Entry
    from kpi.store.repository import KpiFile, Repository


class Typed(NamedTuple):
    """A figure in the user's own words."""

    kpi: str
    period: str
    value: str
    area: str


class Meant(NamedTuple):
    """The file, the figure as it is to stand there, and what was read in other words: (typed, read)."""

    file: "KpiFile"
    entry: "Entry"
    read: tuple[tuple[str, str], ...]


def meant(repository: "Repository", typed: Typed) -> Meant:
    """The figure that the user's words mean.

    Raises:
        UserError: if they mean none, or could mean two.
    """
    from kpi.store.figure_fields import Entry

    file, measure = _measure(repository, typed.kpi)
    period = _period(typed.period, repository.year_starts)
    value = _value(typed.value, _unit(file, measure)) if typed.value else ""
    pairs = ((typed.period, period), (typed.value, value))
    read = tuple(pair for pair in pairs if pair[0] != pair[1])
    return Meant(file, Entry(measure, period, value, _area(repository, file, measure, typed.area)), read)


def _measure(repository: "Repository", name: str) -> tuple["KpiFile", str]:
    """The file and the measure that the user named.

    Raises:
        UserError: if there is no such KPI or measure, or if it has several and none was named.
    """
    kpi, measure = known_kpi(repository, name)
    file, *others = [file for file in repository.files if file.place.kpi == kpi]
    if others:
        raise UserError(
            f"{file.place.path} and {others[0].place.path} have the same id. Run kpi lint to see what to do."
        )
    measures = _measures(file)
    if measure and measure not in measures:
        home = _home(file, measure)
        if home:
            raise UserError(f"{quoted(measure)} is only shown in {quoted(kpi)}. Its figures stand in {home}.")
        near = nearest(measure, measures)
        told = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(measures)}."
        raise UserError(f"{quoted(kpi)} has no measure called {quoted(measure)}. {told}")
    if not measures:
        raise UserError(
            f"{quoted(kpi)} has no measure to record figures for. Add one to {file.place.path} first."
        )
    taking = [name for name, one in measures.items() if not {"derived", "no_figures"} & one.keys()]
    if not measure and len(taking or measures) != 1:
        several = listed(f"{kpi}/{name}" for name in taking or measures)
        raise UserError(f"Which measure of {quoted(kpi)} is meant? There are: {several}.")
    return file, measure or next(iter(taking or measures))


def _home(file: "KpiFile", measure: str) -> str:
    """The address of a measure that a KPI shows from elsewhere; empty where it shows none of that name."""
    shown = file.kpi.also_shows if file.kpi is not None else ()
    return next((one for one in shown if one.endswith(f"/{measure}")), "")


def _measures(file: "KpiFile") -> dict[str, Mapping[str, Any]]:
    """The measures as they are written; those that can't be read are left out.

    Raises:
        UserError: if the file can't be read.
    """
    values = file.document.values if file.document is not None else None
    if values is None:
        raise UserError(f"{file.place.path} can't be read as it is. Run kpi lint to see why.")
    measures = values.get("measures")
    named = measures.items() if isinstance(measures, dict) else ()
    return {name: one for name, one in named if isinstance(one, dict)}


def _period(text: str, year_starts: int) -> str:
    from kpi.human.period import explain_period, understood

    period = understood(text, year_starts)
    if period is not None:
        return period.text
    meant = explain_period(text, year_starts)
    raise UserError(f"{meant.message} {meant.help}".strip())


def _value(text: str, unit: "Unit") -> str:
    from kpi.human.value import understood_value
    from kpi.model.quantity import ValueFormError

    try:
        return understood_value(text, unit)
    except ValueFormError as error:
        raise UserError(f"{error.message} {error.help}".strip()) from None


def _unit(file: "KpiFile", measure: str) -> "Unit":
    """The measure's unit; where it can't be read, any number will do, and lint will say what is missing."""
    from kpi.assemble.kpi import ANY_NUMBER
    from kpi.model.quantity import unit_from

    values = file.document.values if file.document and file.document.values else {}
    try:
        return unit_from(_measures(file)[measure].get("unit", values.get("unit")))
    except (ValueError, TypeError, ArithmeticError):
        return ANY_NUMBER


def _area(repository: "Repository", file: "KpiFile", measure: str, area: str) -> str:
    """The peer that is meant; empty for the measure's own area."""
    plan = repository.plan.plan
    if not area or plan is None or area == _measures(file)[measure].get("area", plan.area):
        return ""
    if area not in plan.areas:
        near = nearest(area, plan.areas)
        told = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(plan.areas)}."
        raise UserError(f"The plan has no area called {quoted(area)}. {told}")
    return area
