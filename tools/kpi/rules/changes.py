"""Family 8xx: what a change does to what was published, to its marks, and to what a KPI is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kpi.judge.field_changes import ADDED, ALTERED, CHANGED, DEFINING, LOOSER, FieldChange, TargetChange
from kpi.judge.figure_changes import CORRECTED, MARGIN, FigureChange
from kpi.judge.series import judgeable
from kpi.judge.state import WITHDRAWN
from kpi.model.finding import ERROR, FieldPath, Problem
from kpi.model.kpi import Kpi, Measure, Observation, identity
from kpi.model.quantity import DURATION, Unit, duration_text, figure, plain
from kpi.model.text import counted, is_same_text, joined, quoted
from kpi.model.vocabulary import MARKS
from kpi.rules.rule import about_change, problem_at

if TYPE_CHECKING:
    from kpi.judge.changes import Changes, KpiChange, MeasureChange

_Findings = Iterator[tuple[str, Problem]]
_SHOWN = 3
_SLIPS = frozenset(Decimal(text) for text in ("0.001", "0.01", "0.1", "10", "100", "1000"))
_RESTORE = "Restore the line. If there is no longer a figure, write {marks: [not-available]} with a note."
_ON_PURPOSE = "If not, write above it: # kpi: ignore[definition-changed] the reason"
_WITHDRAWN = f"no_figures: {{because: {WITHDRAWN}, text: the reason}}"
_UNNOTICED = ("owner", "frequency", "sources", "also_shows", "checks")  # their loss is seen on no page


def _kept(kpis: "Iterable[KpiChange]") -> "Iterator[tuple[str, MeasureChange, Measure, Measure]]":
    """The measures in both versions, with their KPI's id, before and after the change."""
    for kpi in kpis:
        for change in kpi.measures:
            if change.before is not None and change.after is not None:
                yield kpi.newest.id, change, change.before.measure, change.after.measure


def _place(change: FigureChange, measure: Measure) -> FieldPath:
    series = ("peers", change.area) if change.area else ("observations",)
    return ("measures", measure.id, *series, change.newest.key)


def _number(value: Decimal, unit: Unit) -> str:
    return duration_text(value) if unit.kind == DURATION else plain(value)


def _published(observation: Observation, unit: Unit) -> str:
    value = observation.value
    return figure(value, unit) if value is not None else observation.assessment or "withdrawn"


def _is_new(note: str, before: str) -> bool:
    return bool(note) and note.split() != before.split()


def _is_withdrawn(thing: Kpi | Measure) -> bool:
    return thing.no_figures is not None and thing.no_figures.because == WITHDRAWN


@about_change("KPI811", "revised-without-mark", ERROR)
def revised_without_mark(changes: "Changes", _: date) -> _Findings:
    """A published figure was changed or removed, and no mark and note say so; or it has the mark, but hasn't changed.
    Readers who remember the old figure must be able to see that it was revised, and why. A provisional or estimated
      figure may be replaced without that.
    Add `revised` to the marks of the figure, and a `note` with the reason. In place of a removed figure write `{marks:
      [not-available], note: the reason}`."""
    for kpi, change, before, after in _kept(changes.kpis):
        # What has another unit is reported by definition-changed; what is withdrawn, as a whole.
        if before.unit == after.unit and not _is_withdrawn(after):
            yield from ((kpi, problem) for problem in _revised(change.figures, after))


def _revised(changes: Sequence[FigureChange], measure: Measure) -> Iterator[Problem]:
    lost: list[FigureChange] = []
    for change in changes:
        was, now = change.before, change.after
        if change.revised and now is None:
            lost.append(change)
        elif was and now and change.revised and not change.now_expected:
            yield from _unmarked(change, was, now, measure)
        elif was and now and "revised" in {*now.marks} - {*was.marks}:
            message = f"{quoted(now.key)} is marked as revised now, but the figure is what it was."
            help_ = 'Correct the figure, or take "revised" out of the marks.'
            if (was.value, was.assessment) == (now.value, now.assessment):
                yield problem_at(_place(change, measure), message, help_)
    if lost:
        names = [f"{gone.newest.key} ({_published(gone.newest, measure.unit)})" for gone in lost]
        more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
        verb = "is" if len(names) == 1 else "are"
        message = f"{counted(len(names), 'published figure')} {verb} gone: {joined(names[:_SHOWN] + more)}."
        yield problem_at(_place(lost[0], measure)[:-1], message, _RESTORE, on_key=True)


def _unmarked(
    change: FigureChange, before: Observation, after: Observation, measure: Measure
) -> Iterator[Problem]:
    unit = measure.unit
    is_marked = "revised" in after.marks or change.what != CORRECTED
    is_noted = _is_new(after.note, before.note)
    if is_marked and is_noted:
        return
    note = "a new note with the reason" if before.note else "a note with the reason"
    missing = joined(filter(None, ('the mark "revised"' * (not is_marked), note * (not is_noted))))
    was, now = _published(before, unit), _published(after, unit)
    message = f"{quoted(after.key)} was published as {was} and is {now} now, without {missing}."
    marks, place, slip = f"marks: [{', '.join((*after.marks, 'revised'))}]", _place(change, measure), None
    if is_marked:
        help_ = 'Add "note:" to it, with what was changed and why.'
    elif after.value is None or after.numerator is not None:
        help_ = f'Write {marks} beside it, and "note:" with the reason.'
    else:
        lines = f"value: {_number(after.value, unit)}, {marks}, note: the reason"
        help_ = f"Write below {quoted(f'{after.key}:')}, each on a line of its own: {lines}."
    if before.value is not None and after.value is not None and not is_marked and not is_noted:
        old = _number(before.value, unit)
        help_ = f"If it is a slip, put {old} back. Otherwise: {help_[0].lower()}{help_[1:]}"
        if sorted(old) == sorted(_number(after.value, unit)) and not after.marks and not after.note:
            place, slip = (*place, "value"), old  # the same digits in another order
    yield problem_at(place, message, help_, slip)


@about_change("KPI812", "target-loosened", ERROR)
def target_loosened(changes: "Changes", _: date) -> _Findings:
    """A target was made easier, ten times harder, its date was moved, or it was removed, and no source says who decided.
    Moved goalposts make a miss look like a success. The source that was there before is for the old target.
    Keep the old target, and add the new one below it with `from` and `source`. Or name in `source` what the change comes
      from."""
    renewed = {field.field.removeprefix("sources.") for field in changes.fields}
    for kpi, measure, before, after in _kept(changes.kpis):
        if before.unit == after.unit and not _is_withdrawn(after):  # as above
            for change in measure.targets:
                yield from ((kpi, problem) for problem in _loosened(change, before, after, renewed))


def _loosened(change: TargetChange, before: Measure, after: Measure, renewed: set[str]) -> Iterator[Problem]:
    from kpi.pages.target_words import target_words

    old, new, parts = change.before, change.after, {*change.parts}
    if old is None:
        return
    where: FieldPath = ("measures", after.id, "targets")
    was = quoted(target_words(old, before))
    if new is None:
        help_ = 'Put it back, and add "until" with the last period that it holds for. A new one goes below it, with "from" and "source".'
        yield problem_at(where, f"The target {was} was taken out.", help_, on_key=True)
        return
    before_level, level = (target.bound.value if target.bound else None for target in (old, new))
    if new.bound and level and before_level and new.source == old.source and level / before_level in _SLIPS:
        old_text = _number(before_level, before.unit)
        message = f"The target was {old_text} and is {_number(level, before.unit)} now, from the same source. Is a digit missing or too many?"
        help_ = f"If it is a slip, put {old_text} back."
        yield problem_at((*where, change.number, new.bound.how), message, help_, old_text)
        return
    is_of_another = change.what == ADDED or new.source != old.source or new.source in renewed
    has_other_days = change.what == ALTERED and not {"by", "from", "until"}.isdisjoint(parts)
    is_other_goal = change.way == LOOSER or (change.way == CHANGED and not {"in_words", "order"} >= parts)
    if (new.source and is_of_another) or not (has_other_days or is_other_goal):
        return  # a tighter bound or new words don't count
    part, now = change.parts[0] if change.parts else "", quoted(target_words(new, after))
    verb = "loosened" if change.way == LOOSER else "moved"
    what = f"target was {verb} from {was} to {now}" if was != now else f"{quoted(part)} of {now} was changed"
    source = "the source is still that of the old one" if new.source else "it has no source"
    help_ = 'Leave the old target and add the new one below it with "from" and "source". Or name the source of the change.'
    yield problem_at((*where, change.number, part), f"The {what}, but {source}.", help_)


@about_change("KPI815", "forecast-on-published", ERROR)
def forecast_on_published(changes: "Changes", today: date) -> _Findings:
    """A figure that was published is marked as a forecast now.
    A forecast is never judged by a target, so a miss would vanish. What was once counted can turn out wrong, but it can't
      become a forecast.
    Remove `forecast` from the marks. A figure that was wrong is replaced with the mark `revised` and a note, or withdrawn
      with `{marks: [not-available], note: the reason}`."""
    for kpi, change, _before, after in _kept(changes.kpis):
        for revision in change.figures:
            was, now = revision.before, revision.newest
            if not was or not revision.now_expected or now.period.end > today:
                continue  # for a period that is not over the mark is right, and the figure was not
            message = f"{quoted(now.key)} was published as {_published(was, after.unit)} and is only a forecast now. A forecast is never judged."
            help_ = 'Take "forecast" out of the marks. If the figure is wrong, write {marks: [not-available], note: the reason}.'
            yield kpi, problem_at(_place(revision, after), message, help_)


@about_change("KPI816", "mark-without-note", ERROR)
def mark_without_note(changes: "Changes", _: date) -> _Findings:
    """A published figure got the mark `provisional`, `estimated`, `break` or a margin, or a new one `break`, and no note.
    The first two allow it to be replaced without a word. A break ends every comparison with earlier figures, and a margin can
      make a clear change unclear. A break that is gone lets figures be compared that could not be, and is reported too.
      Readers must be able to see why.
    Add a `note` with the reason to the figure; for the margin of a whole measure, to the measure."""
    for kpi, change, before, after in _kept(changes.kpis):
        for revision in change.figures:
            yield from ((kpi, problem) for problem in _without_note(revision, after))
        has_another = after.margin not in {None, before.margin} and judgeable(before)
        if has_another and not _is_new(after.note, before.note):
            yield kpi, _unexplained(quoted(after.id), (MARGIN,), after.note, ("measures", after.id))


def _unexplained(subject: str, marks: tuple[str, ...], note: str, place: FieldPath) -> Problem:
    """The problem of new marks, or of a new margin, without a note that says why."""
    names = joined(["a new margin" if mark == MARGIN else f"the mark {quoted(mark)}" for mark in marks])
    message = f"{subject} has {names} now, and {'no new note says' if note else 'no note says'} why."
    reasons = ["where the margin comes from" if mark == MARGIN else MARKS[mark].late_note for mark in marks]
    verb = 'Add to its "note:"' if note else 'Add "note:" to it, with'
    where = (*place, MARGIN if marks == (MARGIN,) else "marks")
    return problem_at(where, message, f"{verb} {joined(reasons)}.")


def _without_note(change: FigureChange, measure: Measure) -> Iterator[Problem]:
    was, now, place = change.before, change.newest, _place(change, measure)
    # revised-without-mark tells the others
    is_open = was is not None and not change.revised and not _is_new(now.note, was.note)
    is_new_break = now.broken and not now.note and (was is None or was.note)
    if marks := (change.late_marks if is_open else ()) or (("break",) if is_new_break else ()):
        published = f" was published as {_published(was, measure.unit)}. It" if was is not None else ""
        yield _unexplained(f"{quoted(now.key)}{published}", marks, now.note, place)
    elif is_open and was and was.broken and change.after and not now.broken:
        message = f"{quoted(now.key)} was marked as a break and is not now, so that it is compared with the figures before it."
        help_ = 'If it is a slip, put "break" back in its marks. If not, say in its "note:" why they can be compared.'
        yield problem_at(place, message, help_)


@about_change("KPI813", "definition-changed", ERROR)
def definition_changed(changes: "Changes", _: date) -> _Findings:
    """What is counted, or which way is better, was changed, and no figure is newly marked as a break.
    Figures from before and after would be compared as if they meant the same.
    Change it together with the first figure that is counted the new way, and mark that one `break`, with a note. If only the
      words have changed, say so in an ignore comment. A comma or one letter is not reported."""
    for name, before, after, _lost in changes.fields:
        back = f"If it is a slip, put {before} back."
        if name == "edition.date" and after and after < before:
            message = f"The edition is dated {after} now, before {before}, as the one before was. Is the year right?"
            yield "", problem_at(("edition", "date"), message, f"{back} {_ON_PURPOSE}", before)
        if name == "year_starts":
            message = f"The financial year was changed to start in month {after} instead of {before}, so that every year here means other days."
            yield "", problem_at((name,), message, back, before)
    for kpi in changes.kpis:
        yield from ((kpi.newest.id, problem) for problem in _redefined_parts(kpi))


def _redefined_parts(kpi: "KpiChange") -> Iterator[Problem]:
    kept = [(change, before, after) for _, change, before, after in _kept([kpi])]
    unbroken = [each for each in kept if not _breaks(each[2], each[2]) - _breaks(each[1], each[2])]
    versions = [version.measures if version else () for version in (kpi.before, kpi.after)]
    if len(unbroken) == len(kept) and all(any(map(judgeable, measures)) for measures in versions):
        yield from _redefined(kpi.fields, ())
    ids = {after.id: before.id for _, before, after in kept}
    for change, before, after in unbroken:
        derived = after.derived
        if derived:  # a computed share may be made of the same measures, one of which has a new id
            inputs = (derived.first, derived.second)
            first, second = (tuple(ids.get(name, name) for name in names) for names in inputs)
            derived = derived._replace(first=first, second=second)
        fields = [field for field in change.fields if field.field != "derived" or derived != before.derived]
        if judgeable(before):
            yield from _redefined(fields, ("measures", after.id))


def _breaks(measure: Measure, newest: Measure) -> set[object]:
    return {identity(figure.period, newest.kind) for figure in measure.observations if figure.broken}


def _redefined(fields: Sequence[FieldChange], where: FieldPath) -> Iterator[Problem]:
    """The fields that decide what is counted; the kind follows from the unit, and is not reported beside it."""
    names = {field.field for field in fields}
    for name, before, after, _ in fields:
        was, now = ({*re.findall("[0-9]+", text)} for text in (before, after))
        lost = was - now & {*re.findall("[0-9]+", str(where))}
        is_same = is_same_text(before, after) if name == "definition" else name == "kind" and "unit" in names
        if name == "better":
            message = f'"better" was turned from {before} to {after}, so that every judgement turns with it.'
            help_ = f"If it is a slip, put {before} back. {_ON_PURPOSE}"
            yield problem_at((*where, name), message, help_, before if before.isalpha() else None)
        elif name == "title" and lost and now - was:
            message = f"The title says {joined(sorted(now - was))} now, but {joined(sorted(lost))} before, as {quoted(str(where[-1]))} does."
            help_ = "If it is a slip, put it back. If something else is counted, mark the first such figure: marks: [break], with a note."
            yield problem_at((*where, name), message, help_)
        elif name in DEFINING and not is_same:
            moved = "" if name == "definition" else f" from {quoted(before)} to {quoted(after)}"
            message = f"The {name} was changed{moved}, but no figure is newly marked as a break."
            help_ = "Mark the first figure counted the new way: marks: [break], with a note. If it means what it did, write above it: # kpi: ignore[definition-changed] the reason"
            yield problem_at((*where, name), message, help_, on_key=True)


@about_change("KPI814", "kpi-deleted", ERROR)
def kpi_deleted(changes: "Changes", _: date) -> _Findings:
    """A KPI, or a measure with figures, was deleted rather than withdrawn; or its owner, frequency or source was removed.
    It would vanish from the scorecard, and nobody could see that it was once followed, or why it no longer is.
    Put it back with `no_figures: {because: withdrawn, text: the reason}` in place of its measures or figures. A KPI that
      was renamed is known by its title or its figures: change the one, then the other."""
    places = {priority.id: (number, "id") for number, priority in enumerate(changes.plan.priorities)}
    for kpi in changes.kpis:
        after = kpi.after
        if after is None:
            only = kpi.newest
            named, path = f"{quoted(only.title)} ({only.id})", f"kpis/{only.priority}/{only.id}.yaml"
            message = f"{named} was deleted. Readers of the scorecard would not see why."
            help_ = f"Put {path} back, with {_WITHDRAWN} in place of its measures."
            yield "", problem_at(("priorities", *places.get(only.priority, ())), message, help_)
        elif after.no_figures and _is_withdrawn(after):
            if kpi.before and kpi.before.measures and not after.no_figures.text:
                message = f"{quoted(after.title)} was withdrawn, and nothing says why."
                help_ = 'Add "text:" with the reason.'
                yield after.id, problem_at(("no_figures",), message, help_, on_key=True)
        else:
            yield from _gone(kpi.fields, kpi.measures, after)
            for gone in (change.newest.measure for change in kpi.measures if change.after is None):
                if judgeable(gone):
                    message = f"The measure {quoted(gone.id)} was deleted, with {counted(len(gone.observations), 'figure')}."
                    help_ = f"Put it back, with {_WITHDRAWN} in place of its figures."
                    yield after.id, problem_at(("measures",), message, help_, on_key=True)


def _gone(fields: Sequence[FieldChange], measures: "Sequence[MeasureChange]", kpi: Kpi) -> _Findings:
    """An owner, a frequency, a source, a check or a KPI shown from elsewhere that a change removes."""
    stems = [(("measures", change.newest.measure.id), change.fields) for change in measures if change.before]
    seen: set[tuple[str, str]] = set()
    for where, changed in (((), fields), *stems):
        for field, before, after, lost in changed:
            is_replaced = bool(after) and field in {"owner", "frequency"}
            if field not in _UNNOTICED or not lost or is_replaced or (field, before) in seen:
                continue
            seen.add((field, before))
            names = joined([quoted(item) for item in lost[:_SHOWN]])
            message = f"{names} {'is' if len(lost) == 1 else 'are'} gone from {quoted(field + ':')}."
            help_ = "If it is a slip, put it back. If not, write below the file's first line: # kpi: ignore[kpi-deleted] the reason"
            yield kpi.id, problem_at((*where, field), message, help_, on_key=True)
