"""Family 8xx: what a change does to what was published. These rules are asked only where lint knows what was before."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kpi.judge.field_changes import DEFINING, FieldChange
from kpi.judge.figure_changes import CORRECTED, FigureChange
from kpi.judge.latest import judgeable
from kpi.model.finding import ERROR, FieldPath, Problem
from kpi.model.kpi import Bound, Derived, Kpi, Measure, NoFigures, Observation, Target, identity
from kpi.model.quantity import DURATION, Unit, duration_text, figure, plain
from kpi.model.text import counted, is_same_text, joined, quoted
from kpi.rules.rule import about_change

if TYPE_CHECKING:
    from kpi.judge.changes import Changes, MeasureChange
    from kpi.judge.target_changes import TargetChange

_SHOWN = 3


def kept_measures(changes: "Changes") -> "Iterator[tuple[str, MeasureChange, Measure, Measure]]":
    """The measures that there were and are, with their KPI's id, and the measure before and after."""
    for kpi in changes.kpis:
        for found in kpi.measures:
            if found.before is not None and found.after is not None:
                yield kpi.newest.id, found, found.before.measure, found.after.measure


@about_change("KPI811", "revised-without-mark", ERROR)
def revised_without_mark(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """A published figure was changed or taken out, and no mark and note say so; or it has the mark, and is what it was.

    Readers who remember the old figure must be able to see that it was revised, and why. A provisional or estimated
    figure may be replaced without that.

    Add `revised` to the marks of the figure, and a `note` with the reason. In place of a figure that is gone write
    `{marks: [not-available], note: the reason}`.
    """
    for kpi, found, before, after in kept_measures(changes):
        if before.unit != after.unit or _is_withdrawn(after.no_figures):
            continue  # told by definition-changed, or withdrawn as a whole
        revised = [one for one in found.figures if one.revised and not one.now_expected]
        lost = [one for one in revised if one.after is None]
        where: FieldPath = ("measures", after.id)
        for one in revised:
            if one.after is not None:
                problem = _unmarked(one, after.unit, where)
                if problem is not None:
                    yield kpi, problem
        for one in found.figures:
            if _is_revised_in_name(one):
                message = f"{quoted(one.newest.key)} is marked as revised now, but the figure is what it was."
                help_ = 'Correct the figure, or take "revised" out of the marks.'
                yield kpi, Problem(revised_without_mark.name, place_of(one, where), message, help_)
        if lost:
            yield kpi, _lost(lost, before.unit, where)


def _is_revised_in_name(change: FigureChange) -> bool:
    """Whether a figure got the mark `revised` and is the same as before."""
    before, after = change.before, change.after
    if before is None or after is None or "revised" in before.marks or "revised" not in after.marks:
        return False
    return (before.value, before.assessment) == (after.value, after.assessment)


def _unmarked(change: FigureChange, unit: Unit, where: FieldPath) -> Problem | None:
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    marked = "revised" in after.marks or change.what != CORRECTED
    said = bool(after.note) and after.note.split() != before.note.split()
    if marked and said:
        return None
    was, now = figure_said(before, unit), figure_said(after, unit)
    note = "a new note with the reason" if before.note else "a note with the reason"
    missing = joined(filter(None, ('the mark "revised"' * (not marked), note * (not said))))
    message = f"{quoted(after.key)} was published as {was} and is {now} now, without {missing}."
    place = place_of(change, where)
    help_ = _how_to_say_so(after, unit, marked=marked)
    if before.value is None or after.value is None or marked or said:
        return Problem(revised_without_mark.name, place, message, help_)
    old = _number(before.value, unit)
    help_ = f"If it is a slip, put {old} back. Otherwise: {help_[0].lower()}{help_[1:]}"
    is_slip = sorted(old) == sorted(_number(after.value, unit))  # the same digits in another order
    if is_slip and not after.marks and not after.note:
        return Problem(revised_without_mark.name, place, message, help_, old)
    return Problem(revised_without_mark.name, place, message, help_)


def place_of(change: FigureChange, where: FieldPath) -> FieldPath:
    """Where a figure stands, below its measure."""
    series = ("peers", change.area) if change.area else ("observations",)
    return (*where, *series, change.newest.key)


def _how_to_say_so(figure: Observation, unit: Unit, *, marked: bool) -> str:
    if marked:
        return 'Add "note:" to it, with what was changed and why.'
    marks = ", ".join((*figure.marks, "revised"))
    if figure.value is None or figure.numerator is not None:
        return f'Write marks: [{marks}] beside it, and "note:" with the reason.'
    lines = f"value: {_number(figure.value, unit)}, marks: [{marks}], note: the reason"
    return f"Write below {quoted(f'{figure.key}:')}, each on a line of its own: {lines}."


def _number(value: Decimal, unit: Unit) -> str:
    """A value as it stands in a file."""
    return duration_text(value) if unit.kind == DURATION else plain(value)


def _lost(lost: list[FigureChange], unit: Unit, where: FieldPath) -> Problem:
    told = [
        f"{one.newest.key} ({figure(one.newest.value, unit)})"
        if one.newest.value is not None
        else one.newest.key
        for one in lost
    ]
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    verb = "is" if len(told) == 1 else "are"
    message = f"{counted(len(told), 'published figure')} {verb} gone: {', '.join(told[:_SHOWN])}{more}."
    help_ = "Put the line back. If there is no figure any more, write {marks: [not-available]} with a note."
    series = ("peers", lost[0].area) if lost[0].area else ("observations",)
    return Problem(revised_without_mark.name, (*where, *series), message, help_, on_key=True)


def _is_withdrawn(reason: NoFigures | None) -> bool:
    return reason is not None and reason.because == "withdrawn"


def figure_said(one: Observation, unit: Unit) -> str:
    """What a figure says, in words."""
    return figure(one.value, unit) if one.value is not None else one.assessment or "withdrawn"


@about_change("KPI812", "target-loosened", ERROR)
def target_loosened(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """A target was made easier, ten times harder, its date was moved, or it was taken out, and no source says who decided.

    Moved goalposts make a miss look like a success. The source that stood there before is for the old target.

    Leave the old target, and add the new one below it with `from` and `source`. Or name in `source` what the change
    comes from.
    """
    renewed = {one.field.removeprefix("sources.") for one in changes.fields}
    for kpi, found, before, after in kept_measures(changes):
        if before.unit != after.unit or _is_withdrawn(after.no_figures):
            continue  # as above
        for change in found.targets:
            problem = _loosened(change, before, after, renewed)
            if problem is not None:
                yield kpi, problem


def _loosened(change: "TargetChange", before: Measure, after: Measure, renewed: set[str]) -> Problem | None:
    from kpi.judge.target_changes import ADDED, LOOSER, REMOVED

    where: FieldPath = ("measures", after.id, "targets")
    old, new = change.before, change.after
    if change.what == REMOVED:
        assert old is not None
        message = f"The target {_written(old, before.unit)} was taken out."
        help_ = 'Put it back. A new one goes below it, with "from" and "source".'
        return Problem(target_loosened.name, where, message, help_, on_key=True)
    if (
        old is not None
        and new is not None
        and (slip := _slipped(old, new, before.unit, (*where, change.number)))
    ):
        return slip
    if old is None or new is None or not _moves(change):
        return None
    if change.what == ADDED:
        vouched = bool(new.source)
    else:
        vouched = bool(new.source) and (new.source != old.source or new.source in renewed)
    if vouched:
        return None
    part = change.parts[0] if change.parts else ""
    was, now = _written(old, before.unit, part), _written(new, after.unit, part)
    verb = "loosened" if change.way == LOOSER else "moved"
    source = "the source is still that of the old one" if new.source else "it has no source"
    message = f"The target was {verb} from {was} to {now}, but {source}."
    help_ = 'Leave the old target and add the new one below it with "from" and "source". Or name the source of the change.'
    return Problem(target_loosened.name, (*where, change.number, part), message, help_)


_SLIPS = (10, 100, 1000)


def _slipped(old: Target, new: Target, unit: Unit, where: FieldPath) -> Problem | None:
    """A target that became ten, a hundred or a thousand times what it was, from the same source."""
    was, now = (one.bound.value if one.bound else None for one in (old, new))
    if not was or not now or new.bound is None or new.source != old.source:
        return None
    if not any(was * times == now or now * times == was for times in _SLIPS):
        return None
    before, after = _number(was, unit), _number(now, unit)
    message = (
        f"The target was {before} and is {after} now, from the same source. Is a digit missing or too many?"
    )
    return Problem(
        target_loosened.name, (*where, new.bound.how), message, f"If it is a slip, put {before} back.", before
    )


def _moves(change: "TargetChange") -> bool:
    """Whether the goal was moved in a way that somebody has to answer for; tighter ones and other words are none."""
    from kpi.judge.target_changes import ALTERED, CHANGED, LOOSER

    if change.what == ALTERED and not {"by", "from"}.isdisjoint(change.parts):
        return True
    return change.way == LOOSER or (change.way == CHANGED and not {"in_words", "order"} >= {*change.parts})


def _written(target: Target, unit: Unit, part: str = "") -> str:
    """A part of a target as it stands in the file; without one, or where the bound itself is another, the bound."""
    periods = {"by": target.by, "from": target.start}
    told = ""
    if part in periods:
        period = periods[part]
        told = period.text if period else ""
    elif part == "over":
        told = f"{target.over} months" if target.over else ""
    elif part == "tolerance":
        told = (
            f"{plain(target.tolerance.value)}{'%' * target.tolerance.in_percent}" if target.tolerance else ""
        )
    elif part == "trajectory":
        told = counted(len(target.trajectory), "period") if target.trajectory else ""
    elif target.bound is not None:
        return quoted(f"{target.bound.how}: {_bound(target.bound, unit)}")
    else:
        return quoted(f"in_words: {target.in_words}")
    return quoted(f"{part}: {told}") if told else f"no {quoted(part)}"


def _bound(bound: Bound, unit: Unit) -> str:
    """A bound's value as it stands in the file."""
    relative = bound.relative
    if relative is not None:
        change = (
            ""
            if relative.change is None
            else f", change: {plain(relative.change)}{'%' * relative.in_percent}"
        )
        return f"{{period: {relative.period.text if relative.period else 'previous'}{change}}}"
    values = [_number(one, unit) for one in (bound.value, bound.upper) if one is not None]
    return values[0] if bound.upper is None else f"[{', '.join(values)}]"


@about_change("KPI813", "definition-changed", ERROR)
def definition_changed(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """What is counted, or which way is better, was changed, and no figure is newly marked as a break.

    Figures from before and after would be compared as if they meant the same.

    Change it together with the first figure that is counted the new way, and mark that one `break`, with a note. If only
    the words are others, say so in an ignore comment. Of a comma or one letter nothing is said.
    """
    yield from _of_the_plan(changes)
    for kpi in changes.kpis:
        if kpi.before is None or kpi.after is None:
            continue
        kept = [one for one in kpi.measures if one.before and one.after]
        kept_ids = {one.after.measure.id: one.before.measure.id for one in kept if one.after and one.before}
        published = all(any(map(judgeable, one.measures)) for one in (kpi.before, kpi.after))
        if published and not any(map(_new_break, kept)):
            yield from ((kpi.after.id, problem) for problem in _redefined(kpi.fields, ()))
        unbroken = [
            one for one in kept if one.before and judgeable(one.before.measure) and not _new_break(one)
        ]
        told = Counter(field for one in unbroken for field in one.fields)  # by several: it stands above them
        alike = tuple(field for field, number in told.items() if number > 1)
        yield from ((kpi.after.id, problem) for problem in _redefined(alike, ()))
        for found in unbroken:
            own = tuple(
                field
                for field in found.fields
                if field not in alike and not _is_renamed(field, found, kept_ids)
            )
            where = ("measures", found.newest.measure.id)
            yield from ((kpi.after.id, problem) for problem in _redefined(own, where))


def _of_the_plan(changes: "Changes") -> Iterator[tuple[str, Problem]]:
    """The start of the financial year, by which every figure for one means other days."""
    for one in changes.fields:
        if one.field == "year_starts":
            message = f"The financial year was changed to start in month {one.after} instead of {one.before}, so that every year here means other days."
            help_ = f"If it is a slip, put {one.before} back."
            yield "", Problem(definition_changed.name, ("year_starts",), message, help_, one.before)


def _is_renamed(field: FieldChange, found: "MeasureChange", ids: Mapping[str, str]) -> bool:
    """Whether a computed share is made of the same measures, of which one has another id now."""
    if field.field != "derived" or found.before is None or found.after is None:
        return False
    was, now = found.before.measure.derived, found.after.measure.derived
    if was is None or now is None:
        return False
    named = Derived(ids.get(now.share, now.share), tuple(ids.get(one, one) for one in now.of))
    return named == was


def _new_break(found: "MeasureChange") -> bool:
    """Whether a figure of the measure is marked as a break that was not."""
    if found.before is None or found.after is None:
        return False
    kind = found.after.measure.kind
    was, now = (
        {identity(one.period, kind) for one in judged.measure.observations if one.broken}
        for judged in (found.before, found.after)
    )
    return bool(now - was)


def _redefined(fields: tuple[FieldChange, ...], where: FieldPath) -> Iterator[Problem]:
    """The fields that settle what is counted; the kind follows from the unit, and is not told beside it."""
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
    """A KPI, or a measure with figures, was deleted rather than withdrawn; or who, when or from where was taken out.

    It would vanish from the scorecard, and nobody could see that it was followed once, or why it is no longer.

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
            where: FieldPath = (
                ("priorities", places[only.priority], "id") if only.priority in places else ("priorities",)
            )
            yield "", Problem(kpi_deleted.name, where, message, help_)
        elif kpi.before is not None and kpi.before.measures and _is_withdrawn_in_silence(kpi.after):
            message = f"{quoted(kpi.after.title)} was withdrawn, and nothing says why."
            yield (
                kpi.after.id,
                Problem(
                    kpi_deleted.name, ("no_figures",), message, 'Add "text:" with the reason.', on_key=True
                ),
            )
        elif kpi.before is not None and not _is_withdrawn(kpi.after.no_figures):
            yield from _gone(kpi.fields, kpi.measures, kpi.after)
            for found in kpi.measures:
                if found.what == REMOVED and judgeable(found.newest.measure):
                    number = counted(len(found.newest.measure.observations), "figure")
                    message = f"The measure {quoted(found.newest.measure.id)} was deleted, with {number}."
                    help_ = f"Put it back, with {_WITHDRAWN} in place of its figures."
                    yield kpi.after.id, Problem(kpi_deleted.name, ("measures",), message, help_, on_key=True)


def _is_withdrawn_in_silence(kpi: Kpi) -> bool:
    return kpi.no_figures is not None and _is_withdrawn(kpi.no_figures) and not kpi.no_figures.text


_KEPT = ("owner", "frequency", "sources", "also_shows", "checks")
"""What a KPI says that nobody would miss on the page, until they need it."""


def _gone(
    fields: "Sequence[FieldChange]", measures: "Sequence[MeasureChange]", kpi: Kpi
) -> Iterator[tuple[str, Problem]]:
    """An owner, a frequency, a source, a check or a KPI shown from elsewhere that a change takes out."""
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

RULES = (revised_without_mark, target_loosened, definition_changed, kpi_deleted)
