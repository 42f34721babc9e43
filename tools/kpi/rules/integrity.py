"""Family 8xx: what a change does to what was published, and to its marks. These rules run only if lint knows the files from before."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kpi.judge.figure_changes import CORRECTED, MARGIN, FigureChange
from kpi.judge.series import judgeable
from kpi.judge.state import WITHDRAWN
from kpi.model.finding import ERROR, FieldPath, Problem
from kpi.model.kpi import Bound, Measure, NoFigures, Observation, Target
from kpi.model.quantity import DURATION, Unit, duration_text, figure, plain
from kpi.model.text import counted, joined, quoted
from kpi.model.vocabulary import MARKS
from kpi.rules.rule import about_change, problem_at

if TYPE_CHECKING:
    from kpi.judge.changes import Changes, MeasureChange
    from kpi.judge.target_changes import TargetChange

_SHOWN = 3


def _kept_measures(changes: "Changes") -> "Iterator[tuple[str, MeasureChange, Measure, Measure]]":
    """The measures in both versions, with their KPI's id, and the measure before and after."""
    for kpi in changes.kpis:
        for change in kpi.measures:
            if change.before is not None and change.after is not None:
                yield kpi.newest.id, change, change.before.measure, change.after.measure


@about_change("KPI811", "revised-without-mark", ERROR)
def revised_without_mark(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """A published figure was changed or removed, and no mark and note say so; or it has the mark, but hasn't changed.

    Readers who remember the old figure must be able to see that it was revised, and why. A provisional or estimated
    figure may be replaced without that.

    Add `revised` to the marks of the figure, and a `note` with the reason. In place of a removed figure write `{marks:
    [not-available], note: the reason}`.
    """
    for kpi, change, before, after in _kept_measures(changes):
        if before.unit != after.unit or is_withdrawn(after.no_figures):
            continue  # told by definition-changed, or withdrawn as a whole
        revised = [revision for revision in change.figures if revision.revised and not revision.now_expected]
        lost = [revision for revision in revised if revision.after is None]
        where: FieldPath = ("measures", after.id)
        for revision in revised:
            if revision.after is not None:
                problem = _unmarked(revision, after.unit, where)
                if problem is not None:
                    yield kpi, problem
        for revision in change.figures:
            if _is_revised_in_name(revision):
                message = (
                    f"{quoted(revision.newest.key)} is marked as revised now, but the figure is what it was."
                )
                help_ = 'Correct the figure, or take "revised" out of the marks.'
                yield kpi, problem_at(place_of(revision, where), message, help_)
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
    was, now = _figure_said(before, unit), _figure_said(after, unit)
    note = "a new note with the reason" if before.note else "a note with the reason"
    missing = joined(filter(None, ('the mark "revised"' * (not marked), note * (not said))))
    message = f"{quoted(after.key)} was published as {was} and is {now} now, without {missing}."
    place = place_of(change, where)
    help_ = _how_to_say_so(after, unit, marked=marked)
    if before.value is None or after.value is None or marked or said:
        return problem_at(place, message, help_)
    old = _number(before.value, unit)
    help_ = f"If it is a slip, put {old} back. Otherwise: {help_[0].lower()}{help_[1:]}"
    is_slip = sorted(old) == sorted(_number(after.value, unit))  # the same digits in another order
    if is_slip and not after.marks and not after.note:
        return problem_at((*place, "value"), message, help_, old)
    return problem_at(place, message, help_)


def place_of(change: FigureChange, where: FieldPath) -> FieldPath:
    """The place of a figure below its measure."""
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
    """A value as a file has it."""
    return duration_text(value) if unit.kind == DURATION else plain(value)


def _lost(lost: list[FigureChange], unit: Unit, where: FieldPath) -> Problem:
    figures = [
        f"{change.newest.key} ({figure(change.newest.value, unit)})"
        if change.newest.value is not None
        else change.newest.key
        for change in lost
    ]
    more = f" and {len(figures) - _SHOWN} more" if len(figures) > _SHOWN else ""
    verb = "is" if len(figures) == 1 else "are"
    message = f"{counted(len(figures), 'published figure')} {verb} gone: {', '.join(figures[:_SHOWN])}{more}."
    help_ = "Restore the line. If there is no longer a figure, write {marks: [not-available]} with a note."
    series = ("peers", lost[0].area) if lost[0].area else ("observations",)
    return problem_at((*where, *series), message, help_, on_key=True)


def is_withdrawn(reason: NoFigures | None) -> bool:
    """Whether figures are no longer followed."""
    return reason is not None and reason.because == WITHDRAWN


def _figure_said(observation: Observation, unit: Unit) -> str:
    """What a figure says, in words."""
    return (
        figure(observation.value, unit)
        if observation.value is not None
        else observation.assessment or "withdrawn"
    )


@about_change("KPI812", "target-loosened", ERROR)
def target_loosened(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """A target was made easier, ten times harder, its date was moved, or it was removed, and no source says who decided.

    Moved goalposts make a miss look like a success. The source that was there before is for the old target.

    Keep the old target, and add the new one below it with `from` and `source`. Or name in `source` what the change comes from.
    """
    renewed = {field.field.removeprefix("sources.") for field in changes.fields}
    for kpi, measure, before, after in _kept_measures(changes):
        if before.unit != after.unit or is_withdrawn(after.no_figures):
            continue  # as above
        for change in measure.targets:
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
        help_ = 'Put it back, and add "until" with the last period that it holds for. A new one goes below it, with "from" and "source".'
        return problem_at(where, message, help_, on_key=True)
    if (
        old is not None
        and new is not None
        and (slip := _slipped(old, new, before.unit, (*where, change.number)))
    ):
        return slip
    if old is None or new is None or not _moves(change):
        return None
    if new.source and (change.what == ADDED or new.source != old.source or new.source in renewed):
        return None
    part = change.parts[0] if change.parts else ""
    was, now = _written(old, before.unit, part), _written(new, after.unit, part)
    verb = "loosened" if change.way == LOOSER else "moved"
    source = "the source is still that of the old one" if new.source else "it has no source"
    message = f"The target was {verb} from {was} to {now}, but {source}."
    help_ = 'Leave the old target and add the new one below it with "from" and "source". Or name the source of the change.'
    return problem_at((*where, change.number, part), message, help_)


_SLIPS = (10, 100, 1000)


def _slipped(old: Target, new: Target, unit: Unit, where: FieldPath) -> Problem | None:
    """A target that became ten, a hundred or a thousand times what it was, from the same source."""
    was, now = (target.bound.value if target.bound else None for target in (old, new))
    if not was or not now or new.bound is None or new.source != old.source:
        return None
    if not any(was * times == now or now * times == was for times in _SLIPS):
        return None
    before, after = _number(was, unit), _number(now, unit)
    message = (
        f"The target was {before} and is {after} now, from the same source. Is a digit missing or too many?"
    )
    help_ = f"If it is a slip, put {before} back."
    return problem_at((*where, new.bound.how), message, help_, before)


def _moves(change: "TargetChange") -> bool:
    """Whether the goal was moved in a way that somebody has to answer for; a tighter bound or new words don't count."""
    from kpi.judge.target_changes import ALTERED, CHANGED, LOOSER

    if change.what == ALTERED and not {"by", "from", "until"}.isdisjoint(change.parts):
        return True
    return change.way == LOOSER or (change.way == CHANGED and not {"in_words", "order"} >= {*change.parts})


def _written(target: Target, unit: Unit, part: str = "") -> str:
    """A part of a target as the file has it; the bound if no part is given, or if the kind of bound has changed."""
    leeway = target.tolerance
    parts = {
        "by": target.by.text if target.by else "",
        "from": target.start.text if target.start else "",
        "until": target.until.text if target.until else "",
        "over": f"{target.over} months" if target.over else "",
        "tolerance": f"{plain(leeway.value)}{'%' * leeway.in_percent}" if leeway else "",
        "trajectory": counted(len(target.trajectory), "period") if target.trajectory else "",
    }
    if part in parts:
        return quoted(f"{part}: {parts[part]}") if parts[part] else f"no {quoted(part)}"
    if target.bound is not None:
        return quoted(f"{target.bound.how}: {_bound(target.bound, unit)}")
    return quoted(f"in_words: {target.in_words}")


def _bound(bound: Bound, unit: Unit) -> str:
    """A bound's value as the file has it."""
    relative = bound.relative
    if relative is not None:
        percent = "%" * relative.in_percent
        change = f", change: {plain(relative.change)}{percent}" if relative.change is not None else ""
        return f"{{period: {relative.period.text if relative.period else 'previous'}{change}}}"
    values = [_number(value, unit) for value in (bound.value, bound.upper) if value is not None]
    return values[0] if bound.upper is None else f"[{', '.join(values)}]"


@about_change("KPI815", "forecast-on-published", ERROR)
def forecast_on_published(changes: "Changes", today: date) -> Iterator[tuple[str, Problem]]:
    """A figure that was published is marked as a forecast now.

    A forecast is never judged by a target, so a miss would vanish. What was once counted can turn out wrong, but it can't
    become a forecast.

    Remove `forecast` from the marks. A figure that was wrong is replaced with the mark `revised` and a note, or withdrawn with
    `{marks: [not-available], note: the reason}`.
    """
    for kpi, change, _before, after in _kept_measures(changes):
        for revision in change.figures:
            if not revision.now_expected or revision.newest.period.end > today:
                continue  # for a period that is not over the mark is right, and the figure was not
            assert revision.before is not None
            was = _figure_said(revision.before, after.unit)
            message = f"{quoted(revision.newest.key)} was published as {was} and is only a forecast now. A forecast is never judged."
            help_ = 'Take "forecast" out of the marks. If the figure is wrong, write {marks: [not-available], note: the reason}.'
            where = place_of(revision, ("measures", after.id))
            yield kpi, problem_at(where, message, help_)


@about_change("KPI816", "mark-without-note", ERROR)
def mark_without_note(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """A published figure got the mark `provisional`, `estimated`, `break` or a margin, or a new one `break`, and no note.

    The first two allow it to be replaced without a word. A break ends every comparison with earlier figures, and a margin can
    make a clear change unclear. A break that is gone lets figures be compared that could not be, and is reported too.
    Readers must be able to see why.

    Add a `note` with the reason to the figure; for the margin of a whole measure, to the measure.
    """
    for kpi, change, before, after in _kept_measures(changes):
        for revision in change.figures:
            if (
                revision.late_marks and not revision.revised and not _is_explained(revision)
            ):  # revised-without-mark tells the others
                yield kpi, _without_note(revision, after)
            elif _lost_note(revision):
                message = f"{quoted(revision.newest.key)} is marked as a break, and no note says what is counted in another way."
                help_ = f'Add "note:" to it, with {MARKS["break"].late_note}.'
                place = (*place_of(revision, ("measures", after.id)), "marks")
                yield kpi, problem_at(place, message, help_)
            elif _lost_break(revision):
                message = f"{quoted(revision.newest.key)} was marked as a break and is not now, so that it is compared with the figures before it."
                help_ = 'If it is a slip, put "break" back in its marks. If not, say in its "note:" why they can be compared.'
                place = place_of(revision, ("measures", after.id))
                yield kpi, problem_at(place, message, help_)
        has_another = any(field.field == MARGIN and field.after for field in change.fields)
        is_noted = bool(after.note) and after.note.split() != before.note.split()
        if has_another and judgeable(before) and not is_noted:
            yield kpi, _margin_without_note(before, after)


def _lost_note(change: FigureChange) -> bool:
    """Whether a break has no note: a new figure's, or one that had a note."""
    has_none = change.newest.broken and not change.newest.note
    return has_none and (change.before is None or bool(change.before.note))


def _lost_break(change: FigureChange) -> bool:
    """Whether a published figure is no longer marked as a break, and no new note says why."""
    was, now = change.before, change.after
    if was is None or now is None or change.revised:
        return False
    return was.broken and not now.broken and not _is_explained(change)


def _is_explained(change: FigureChange) -> bool:
    """Whether the figure has a note that it didn't have before."""
    assert change.before is not None
    note = change.newest.note.split()
    return bool(note) and note != change.before.note.split()


_OF_MARGIN = "where the margin comes from"


def _without_note(change: FigureChange, after: Measure) -> Problem:
    now, before, marks = change.newest, change.before, change.late_marks
    assert before is not None
    names = joined(["a margin" if mark == MARGIN else f"the mark {quoted(mark)}" for mark in marks])
    without = "no new note says" if now.note else "no note says"
    message = f"{quoted(now.key)} was published as {_figure_said(before, after.unit)}. It has {names} now, and {without} why."
    verb = 'Add to its "note:"' if now.note else 'Add "note:" to it, with'
    help_ = f"{verb} {joined([_OF_MARGIN if mark == MARGIN else MARKS[mark].late_note for mark in marks])}."
    field = MARGIN if marks == (MARGIN,) else "marks"
    return problem_at((*place_of(change, ("measures", after.id)), field), message, help_)


def _margin_without_note(before: Measure, after: Measure) -> Problem:
    was = "none" if before.margin is None else plain(before.margin)
    assert after.margin is not None
    message = f"The margin of all figures was changed from {was} to {plain(after.margin)}, and no new note says why."
    verb = 'Add to the measure\'s "note:"' if after.note else 'Add "note:" to the measure, with'
    help_ = f"{verb} {_OF_MARGIN}."
    return problem_at(("measures", after.id, MARGIN), message, help_)
