"""Family 8xx: what a change does to what a KPI is. They run only if lint knows the files from before."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpi.judge.field_changes import DEFINING, FieldChange
from kpi.judge.latest import judgeable
from kpi.model.finding import ERROR, FieldPath, Problem
from kpi.model.kpi import Kpi, identity
from kpi.model.text import counted, is_same_text, joined, quoted
from kpi.rules.integrity import is_withdrawn
from kpi.rules.rule import about_change

if TYPE_CHECKING:
    from kpi.judge.changes import Changes, MeasureChange

_SHOWN = 3


@about_change("KPI813", "definition-changed", ERROR)
def definition_changed(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """What is counted, or which way is better, was changed, and no figure is newly marked as a break.

    Figures from before and after would be compared as if they meant the same.

    Change it together with the first figure that is counted the new way, and mark that one `break`, with a note. If only the
    words have changed, say so in an ignore comment. A comma or one letter is not reported.
    """
    yield from _of_the_plan(changes)
    for kpi in changes.kpis:
        if kpi.before is None or kpi.after is None:
            continue
        kept = [one for one in kpi.measures if one.before and one.after]
        kept_ids = {one.after.measure.id: one.before.measure.id for one in kept if one.after and one.before}
        published = all(any(map(judgeable, one.measures)) for one in (kpi.before, kpi.after))
        problems = list(_redefined(kpi.fields, ())) if published and not any(map(_new_break, kept)) else []
        unbroken = [
            one for one in kept if one.before and judgeable(one.before.measure) and not _new_break(one)
        ]
        told = Counter(field for one in unbroken for field in one.fields)  # by several: it stands above them
        alike = tuple(field for field, number in told.items() if number > 1)
        problems += _redefined(alike, ())
        for found in unbroken:
            own = tuple(
                field
                for field in found.fields
                if field not in alike and not _is_renamed(field, found, kept_ids)
            )
            problems += _redefined(own, ("measures", found.newest.measure.id))
            problems += _another_limit(found)
        yield from ((kpi.after.id, problem) for problem in problems)


def _of_the_plan(changes: "Changes") -> Iterator[tuple[str, Problem]]:
    """The start of the financial year, which changes the days of every figure for one; and an edition that is older now."""
    for one in changes.fields:
        if one.field == "edition.date" and one.after and one.after < one.before:
            message = f"The edition is dated {one.after} now, before {one.before}, as the one before was. Is the year right?"
            help_ = f"If it is a slip, put {one.before} back. If not, write above it: # kpi: ignore[definition-changed] the reason"
            yield "", Problem(definition_changed.name, ("edition", "date"), message, help_, one.before)
        if one.field == "year_starts":
            message = f"The financial year was changed to start in month {one.after} instead of {one.before}, so that every year here means other days."
            help_ = f"If it is a slip, put {one.before} back."
            yield "", Problem(definition_changed.name, ("year_starts",), message, help_, one.before)


def _is_renamed(field: FieldChange, found: "MeasureChange", ids: Mapping[str, str]) -> bool:
    """Whether a computed share is made of the same measures, one of which has a new id."""
    if field.field != "derived" or found.before is None or found.after is None:
        return False
    was, now = found.before.measure.derived, found.after.measure.derived
    if was is None or now is None:
        return False
    first, second = (tuple(ids.get(one, one) for one in names) for names in (now.first, now.second))
    return now._replace(first=first, second=second) == was


def _new_break(found: "MeasureChange") -> bool:
    """Whether a figure of the measure is newly marked as a break."""
    if found.before is None or found.after is None:
        return False
    kind = found.after.measure.kind
    was, now = (
        {identity(one.period, kind) for one in judged.measure.observations if one.broken}
        for judged in (found.before, found.after)
    )
    return bool(now - was)


def _another_limit(found: "MeasureChange") -> Iterator[Problem]:
    """A number in a measure's title that has changed, while its id still has the old one."""
    measure = found.newest.measure
    for one in found.fields:
        was, now = (set(_NUMBER.findall(text)) for text in (one.before, one.after))
        lost = (was - now) & set(_NUMBER.findall(measure.id)) if one.field == "title" else set()
        if lost and now - was:
            message = f'The title says {joined(sorted(now - was))} now, but {joined(sorted(lost))} before, as "{measure.id}" does.'
            help_ = "If it is a slip, put it back. If something else is counted, mark the first such figure: marks: [break], with a note."
            yield Problem(definition_changed.name, ("measures", measure.id, "title"), message, help_)


_NUMBER = re.compile("[0-9]+")


def _redefined(fields: tuple[FieldChange, ...], where: FieldPath) -> Iterator[Problem]:
    """The fields that decide what is counted; the kind follows from the unit, and is not reported beside it."""
    defining = {one.field: one for one in fields if one.field in DEFINING}
    if "unit" in defining:
        defining.pop("kind", None)
    for one in fields:
        if one.field == "better":
            message = f'"better" was turned from {one.before} to {one.after}, so that every judgement turns with it.'
            help_ = f"If it is a slip, put {one.before} back. If not, write above it: # kpi: ignore[definition-changed] the reason"
            back = one.before if one.before.isalpha() else None
            yield Problem(definition_changed.name, (*where, "better"), message, help_, back)
    for name, one in defining.items():
        if name == "definition" and is_same_text(one.before, one.after):
            continue
        moved = "" if name == "definition" else f" from {quoted(one.before)} to {quoted(one.after)}"
        message = f"The {name} was changed{moved}, but no figure is newly marked as a break."
        help_ = "Mark the first figure counted the new way: marks: [break], with a note. If it means what it did, write above it: # kpi: ignore[definition-changed] the reason"
        yield Problem(definition_changed.name, (*where, name), message, help_, on_key=True)


@about_change("KPI814", "kpi-deleted", ERROR)
def kpi_deleted(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """A KPI, or a measure with figures, was deleted rather than withdrawn; or its owner, frequency or source was removed.

    It would vanish from the scorecard, and nobody could see that it was once followed, or why it no longer is.

    Put it back with `no_figures: {because: withdrawn, text: the reason}` in place of its measures or figures. A KPI that
    was renamed is known by its title or its figures: change the one, then the other.
    """
    from kpi.judge.changes import REMOVED

    places = {priority.id: number for number, priority in enumerate(changes.plan.priorities)}
    for kpi in changes.kpis:
        if kpi.after is None:
            only = kpi.newest
            message = (
                f"{quoted(only.title)} ({only.id}) was deleted. Readers of the scorecard would not see why."
            )
            help_ = (
                f"Put kpis/{only.priority}/{only.id}.yaml back, with {_WITHDRAWN} in place of its measures."
            )
            where: FieldPath = ("priorities",)
            if only.priority in places:
                where = ("priorities", places[only.priority], "id")
            yield "", Problem(kpi_deleted.name, where, message, help_)
        elif kpi.before is not None and kpi.before.measures and _is_withdrawn_in_silence(kpi.after):
            message = f"{quoted(kpi.after.title)} was withdrawn, and nothing says why."
            help_ = 'Add "text:" with the reason.'
            yield kpi.after.id, Problem(kpi_deleted.name, ("no_figures",), message, help_, on_key=True)
        elif kpi.before is not None and not is_withdrawn(kpi.after.no_figures):
            yield from _gone(kpi.fields, kpi.measures, kpi.after)
            for found in kpi.measures:
                if found.what == REMOVED and judgeable(found.newest.measure):
                    number = counted(len(found.newest.measure.observations), "figure")
                    message = f"The measure {quoted(found.newest.measure.id)} was deleted, with {number}."
                    help_ = f"Put it back, with {_WITHDRAWN} in place of its figures."
                    yield kpi.after.id, Problem(kpi_deleted.name, ("measures",), message, help_, on_key=True)


def _is_withdrawn_in_silence(kpi: Kpi) -> bool:
    return kpi.no_figures is not None and is_withdrawn(kpi.no_figures) and not kpi.no_figures.text


_KEPT = ("owner", "frequency", "sources", "also_shows", "checks")
"""Fields of a KPI whose loss nobody would notice on the page, until they need them."""


def _gone(
    fields: "Sequence[FieldChange]", measures: "Sequence[MeasureChange]", kpi: Kpi
) -> Iterator[tuple[str, Problem]]:
    """An owner, a frequency, a source, a check or a KPI shown from elsewhere that a change removes."""
    places = ((one, ()) for one in fields)
    of_measures = (
        (one, ("measures", found.newest.measure.id))
        for found in measures
        if found.before
        for one in found.fields
    )
    told: set[tuple[str, str]] = set()
    for one, where in (*places, *of_measures):
        lost = [item for item in one.before.split(", ") if item and item not in one.after.split(", ")]
        if one.field not in _KEPT or not lost or (one.field, one.before) in told:
            continue
        if one.after and one.field in {"owner", "frequency"}:
            continue  # another one took its place
        told.add((one.field, one.before))
        what = joined([quoted(item) for item in lost[:_SHOWN]])
        message = f"{what} {'is' if len(lost) == 1 else 'are'} gone from {quoted(one.field + ':')}."
        help_ = "If it is a slip, put it back. If not, write below the file's first line: # kpi: ignore[kpi-deleted] the reason"
        yield kpi.id, Problem(kpi_deleted.name, (*where, one.field), message, help_, on_key=True)


_WITHDRAWN = "no_figures: {because: withdrawn, text: the reason}"

RULES = (definition_changed, kpi_deleted)
