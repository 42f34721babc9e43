"""Family 8xx: what a change does to what a KPI is. They run only if lint knows the files from before."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpi.judge.field_changes import DEFINING, FieldChange
from kpi.judge.series import judgeable
from kpi.judge.state import WITHDRAWN
from kpi.model.finding import ERROR, FieldPath, Problem
from kpi.model.kpi import Kpi, identity
from kpi.model.text import counted, is_same_text, joined, quoted
from kpi.rules.integrity import is_withdrawn
from kpi.rules.rule import about_change, problem_at

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
        kept = [change for change in kpi.measures if change.before and change.after]
        kept_ids = {
            change.after.measure.id: change.before.measure.id
            for change in kept
            if change.after and change.before
        }
        published = all(any(map(judgeable, version.measures)) for version in (kpi.before, kpi.after))
        problems = list(_redefined(kpi.fields, ())) if published and not any(map(_new_break, kept)) else []
        unbroken = [
            change
            for change in kept
            if change.before and judgeable(change.before.measure) and not _new_break(change)
        ]
        counts = Counter(
            field for change in unbroken for field in change.fields
        )  # by several: it stands above them
        alike = tuple(field for field, number in counts.items() if number > 1)
        problems += _redefined(alike, ())
        for change in unbroken:
            own = tuple(
                field
                for field in change.fields
                if field not in alike and not _is_renamed(field, change, kept_ids)
            )
            problems += _redefined(own, ("measures", change.newest.measure.id))
            problems += _another_limit(change)
        yield from ((kpi.after.id, problem) for problem in problems)


def _of_the_plan(changes: "Changes") -> Iterator[tuple[str, Problem]]:
    """The start of the financial year, which changes the days of every figure for one; and an edition that is older now."""
    for field in changes.fields:
        if field.field == "edition.date" and field.after and field.after < field.before:
            message = f"The edition is dated {field.after} now, before {field.before}, as the one before was. Is the year right?"
            help_ = f"If it is a slip, put {field.before} back. If not, write above it: # kpi: ignore[definition-changed] the reason"
            yield "", problem_at(("edition", "date"), message, help_, field.before)
        if field.field == "year_starts":
            message = f"The financial year was changed to start in month {field.after} instead of {field.before}, so that every year here means other days."
            help_ = f"If it is a slip, put {field.before} back."
            yield "", problem_at(("year_starts",), message, help_, field.before)


def _is_renamed(field: FieldChange, change: "MeasureChange", ids: Mapping[str, str]) -> bool:
    """Whether a computed share is made of the same measures, one of which has a new id."""
    if field.field != "derived" or change.before is None or change.after is None:
        return False
    was, now = change.before.measure.derived, change.after.measure.derived
    if was is None or now is None:
        return False
    first, second = (tuple(ids.get(name, name) for name in names) for names in (now.first, now.second))
    return now._replace(first=first, second=second) == was


def _new_break(change: "MeasureChange") -> bool:
    """Whether a figure of the measure is newly marked as a break."""
    if change.before is None or change.after is None:
        return False
    kind = change.after.measure.kind
    was, now = (
        {identity(figure.period, kind) for figure in judged.measure.observations if figure.broken}
        for judged in (change.before, change.after)
    )
    return bool(now - was)


def _another_limit(change: "MeasureChange") -> Iterator[Problem]:
    """A number in a measure's title that has changed, while its id still has the old one."""
    measure = change.newest.measure
    for field in change.fields:
        was, now = (set(_NUMBER.findall(text)) for text in (field.before, field.after))
        lost = (was - now) & set(_NUMBER.findall(measure.id)) if field.field == "title" else set()
        if lost and now - was:
            message = f'The title says {joined(sorted(now - was))} now, but {joined(sorted(lost))} before, as "{measure.id}" does.'
            help_ = "If it is a slip, put it back. If something else is counted, mark the first such figure: marks: [break], with a note."
            yield problem_at(("measures", measure.id, "title"), message, help_)


_NUMBER = re.compile("[0-9]+")


def _redefined(fields: tuple[FieldChange, ...], where: FieldPath) -> Iterator[Problem]:
    """The fields that decide what is counted; the kind follows from the unit, and is not reported beside it."""
    defining = {field.field: field for field in fields if field.field in DEFINING}
    if "unit" in defining:
        defining.pop("kind", None)
    for field in fields:
        if field.field == "better":
            message = f'"better" was turned from {field.before} to {field.after}, so that every judgement turns with it.'
            help_ = f"If it is a slip, put {field.before} back. If not, write above it: # kpi: ignore[definition-changed] the reason"
            back = field.before if field.before.isalpha() else None
            yield problem_at((*where, "better"), message, help_, back)
    for name, field in defining.items():
        if name == "definition" and is_same_text(field.before, field.after):
            continue
        moved = "" if name == "definition" else f" from {quoted(field.before)} to {quoted(field.after)}"
        message = f"The {name} was changed{moved}, but no figure is newly marked as a break."
        help_ = "Mark the first figure counted the new way: marks: [break], with a note. If it means what it did, write above it: # kpi: ignore[definition-changed] the reason"
        yield problem_at((*where, name), message, help_, on_key=True)


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
            yield "", problem_at(where, message, help_)
        elif kpi.before is not None and kpi.before.measures and _is_withdrawn_in_silence(kpi.after):
            message = f"{quoted(kpi.after.title)} was withdrawn, and nothing says why."
            help_ = 'Add "text:" with the reason.'
            yield kpi.after.id, problem_at(("no_figures",), message, help_, on_key=True)
        elif kpi.before is not None and not is_withdrawn(kpi.after.no_figures):
            yield from _gone(kpi.fields, kpi.measures, kpi.after)
            for change in kpi.measures:
                if change.what == REMOVED and judgeable(change.newest.measure):
                    number = counted(len(change.newest.measure.observations), "figure")
                    message = f"The measure {quoted(change.newest.measure.id)} was deleted, with {number}."
                    help_ = f"Put it back, with {_WITHDRAWN} in place of its figures."
                    yield kpi.after.id, problem_at(("measures",), message, help_, on_key=True)


def _is_withdrawn_in_silence(kpi: Kpi) -> bool:
    return kpi.no_figures is not None and is_withdrawn(kpi.no_figures) and not kpi.no_figures.text


_KEPT = ("owner", "frequency", "sources", "also_shows", "checks")
"""Fields of a KPI whose loss nobody would notice on the page, until they need them."""


def _gone(
    fields: "Sequence[FieldChange]", measures: "Sequence[MeasureChange]", kpi: Kpi
) -> Iterator[tuple[str, Problem]]:
    """An owner, a frequency, a source, a check or a KPI shown from elsewhere that a change removes."""
    places = ((field, ()) for field in fields)
    of_measures = (
        (field, ("measures", change.newest.measure.id))
        for change in measures
        if change.before
        for field in change.fields
    )
    seen: set[tuple[str, str]] = set()
    for field, where in (*places, *of_measures):
        lost = [item for item in field.before.split(", ") if item and item not in field.after.split(", ")]
        if field.field not in _KEPT or not lost or (field.field, field.before) in seen:
            continue
        if field.after and field.field in {"owner", "frequency"}:
            continue  # another one took its place
        seen.add((field.field, field.before))
        names = joined([quoted(item) for item in lost[:_SHOWN]])
        message = f"{names} {'is' if len(lost) == 1 else 'are'} gone from {quoted(field.field + ':')}."
        help_ = "If it is a slip, put it back. If not, write below the file's first line: # kpi: ignore[kpi-deleted] the reason"
        yield kpi.id, problem_at((*where, field.field), message, help_, on_key=True)


_WITHDRAWN = f"no_figures: {{because: {WITHDRAWN}, text: the reason}}"
