"""Family 8xx: what a change does to the marks of published figures. They run only if lint knows the files from before."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from kpi.judge.figure_changes import MARGIN, FigureChange
from kpi.judge.latest import judgeable
from kpi.model.finding import ERROR, Problem
from kpi.model.kpi import Measure
from kpi.model.mark import MARKS
from kpi.model.quantity import plain
from kpi.model.text import joined, quoted
from kpi.rules.integrity import figure_said, kept_measures, place_of
from kpi.rules.rule import about_change

if TYPE_CHECKING:
    from kpi.judge.changes import Changes


@about_change("KPI815", "forecast-on-published", ERROR)
def forecast_on_published(changes: "Changes", today: date) -> Iterator[tuple[str, Problem]]:
    """A figure that was published is marked as a forecast now.

    A forecast is never judged by a target, so a miss would vanish. What was once counted can turn out wrong, but it can't
    become a forecast.

    Remove `forecast` from the marks. A figure that was wrong is replaced with the mark `revised` and a note, or withdrawn with
    `{marks: [not-available], note: the reason}`.
    """
    for kpi, change, _before, after in kept_measures(changes):
        for figure in change.figures:
            if not figure.now_expected or figure.newest.period.end > today:
                continue  # for a period that is not over the mark is right, and the figure was not
            assert figure.before is not None
            was = figure_said(figure.before, after.unit)
            message = f"{quoted(figure.newest.key)} was published as {was} and is only a forecast now. A forecast is never judged."
            help_ = 'Take "forecast" out of the marks. If the figure is wrong, write {marks: [not-available], note: the reason}.'
            where = place_of(figure, ("measures", after.id))
            yield kpi, Problem(forecast_on_published.name, where, message, help_)


@about_change("KPI816", "mark-without-note", ERROR)
def mark_without_note(changes: "Changes", _: date) -> Iterator[tuple[str, Problem]]:
    """A published figure got the mark `provisional`, `estimated`, `break` or a margin, or a new one `break`, and no note.

    The first two allow it to be replaced without a word. A break ends every comparison with earlier figures, and a margin can
    make a clear change unclear. A break that is gone lets figures be compared that could not be, and is reported too.
    Readers must be able to see why.

    Add a `note` with the reason to the figure; for the margin of a whole measure, to the measure.
    """
    for kpi, change, before, after in kept_measures(changes):
        for figure in change.figures:
            if (
                figure.late_marks and not figure.revised and not _is_explained(figure)
            ):  # revised-without-mark tells the others
                yield kpi, _without_note(figure, after)
            elif _lost_note(figure):
                message = f"{quoted(figure.newest.key)} is marked as a break, and no note says what is counted in another way."
                help_ = f'Add "note:" to it, with {MARKS["break"].late_note}.'
                place = (*place_of(figure, ("measures", after.id)), "marks")
                yield kpi, Problem(mark_without_note.name, place, message, help_)
            elif _lost_break(figure):
                message = f"{quoted(figure.newest.key)} was marked as a break and is not now, so that it is compared with the figures before it."
                help_ = 'If it is a slip, put "break" back in its marks. If not, say in its "note:" why they can be compared.'
                place = place_of(figure, ("measures", after.id))
                yield kpi, Problem(mark_without_note.name, place, message, help_)
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
    message = f"{quoted(now.key)} was published as {figure_said(before, after.unit)}. It has {names} now, and {without} why."
    verb = 'Add to its "note:"' if now.note else 'Add "note:" to it, with'
    help_ = f"{verb} {joined([_OF_MARGIN if mark == MARGIN else MARKS[mark].late_note for mark in marks])}."
    field = MARGIN if marks == (MARGIN,) else "marks"
    return Problem(mark_without_note.name, (*place_of(change, ("measures", after.id)), field), message, help_)


def _margin_without_note(before: Measure, after: Measure) -> Problem:
    was = "none" if before.margin is None else plain(before.margin)
    assert after.margin is not None
    message = f"The margin of all figures was changed from {was} to {plain(after.margin)}, and no new note says why."
    verb = 'Add to the measure\'s "note:"' if after.note else 'Add "note:" to the measure, with'
    help_ = f"{verb} {_OF_MARGIN}."
    return Problem(mark_without_note.name, ("measures", after.id, MARGIN), message, help_)


RULES = (forecast_on_published, mark_without_note)
