"""Family 6xx: targets."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations

from kpi.judge.series import remember_last
from kpi.model.finding import ERROR, WARNING, FieldPath, Problem
from kpi.model.kpi import TOTAL, Bound, Kpi, Measure, Target, identity
from kpi.model.period import period_words
from kpi.model.quantity import plain
from kpi.model.text import joined
from kpi.model.vocabulary import BETWEEN, BOUND_KINDS, LESS, MORE
from kpi.rules.rule import Context, about_kpi, problem_at

_AGAINST = {"higher": LESS, "lower": MORE}
"""The kind of bound that contradicts each direction."""


def _targets(kpi: Kpi) -> Iterator[tuple[Measure, Target, FieldPath]]:
    for measure in kpi.measures:
        for number, target in enumerate(measure.targets):
            yield measure, target, ("measures", measure.id, "targets", number)


@about_kpi("KPI601", "target-direction", ERROR)
def target_direction(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A target asks for less where higher is better, or for more where lower is.

    It would call good figures missed and bad ones met.

    Reverse the bound, or correct `better`.
    """
    for measure, target, where in _targets(kpi):
        kind = BOUND_KINDS[target.bound.how] if target.bound else None
        if kind is not None and kind.asks and kind.asks == _AGAINST.get(measure.better.way):
            way = measure.better.way.capitalize()
            message = f'{way} is better here, but "{kind.name}" asks for {kind.asks}.'
            help_ = f'Correct the one that is wrong: "better", or "{kind.name}", which would be "{kind.opposite}".'
            place = (*where, kind.name)
            yield problem_at(place, message, help_, on_key=True)


@about_kpi("KPI602", "target-bound", ERROR)
def target_bound(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A target can't be judged as it is written, is met or missed by every figure, or goes on after its `until`.

    `between` needs a measure where neither way, or nearer to a middle, is better. A bound taken from a period needs
    that period's figure. A bound on a total needs its length in `over`, where the figures differ in length. Dates, way
    points and tolerance must fit the bound, and say nothing beside a target `in_words`.

    Fix it as the message says.
    """
    compared = {measure.id: measure.compared(context.plan.status.compare) for measure in kpi.measures}
    for measure, target, where in _targets(kpi):
        yield from _after_until(target, where)
        bound = target.bound
        if bound is None:
            yield from _beside_words(target, where)
            continue
        place = (*where, bound.how)
        if bound.how == BETWEEN and measure.better.way in _AGAINST:
            way = measure.better.way
            message = f"\"between\" doesn't go with better: {way}, where one side can't be missed."
            help_ = "Write at_least or at_most, or better: neither."
            yield problem_at(place, message, help_, on_key=True)
        if bound.how == BETWEEN and target.trajectory:
            message = "A range has two ends, so a trajectory has no single level to name on the way."
            help_ = "Write at_least or at_most, or take the trajectory out."
            yield problem_at((*where, "trajectory"), message, help_, on_key=True)
        yield from _no_target(measure, bound, place)
        yield from _out_of_time(target, where)
        yield from _no_way(target, where)
        if context.whole:
            yield from _relative(compared[measure.id], target, place)
        if measure.kind == TOTAL and bound.relative is None and target.over is None and _differ(measure):
            message = "The target doesn't say for what length of time, and the figures here differ in length."
            help_ = 'Add "over:" to the target, for example over: 12 months.'
            yield problem_at(where, message, help_)


def _no_target(measure: Measure, bound: Bound, where: FieldPath) -> Iterator[Problem]:
    """A bound that every figure meets, or none."""
    message = _NO_TARGET.get((bound.how, bound.value)) if measure.unit.kind in _NOT_BELOW_ZERO else None
    if message and (measure.unit.kind == "percent" or not bound.value):
        yield problem_at(where, message, "Check the number and the bound.")


_NOT_BELOW_ZERO = ("percent", "count", "duration")
_ALWAYS, _NEVER = "Every figure meets this target, so it asks for nothing.", "No figure can meet this target."
_NO_TARGET: dict[tuple[str, Decimal | None], str] = {
    ("at_most", Decimal(100)): _ALWAYS,
    ("at_least", Decimal(0)): _ALWAYS,
    ("more_than", Decimal(100)): _NEVER,
    ("less_than", Decimal(0)): _NEVER,
}
"""Bounds at the ends of all figures: 100 of per cents only, 0 of what can't be below."""


def _out_of_time(target: Target, where: FieldPath) -> Iterator[Problem]:
    """Dates of a target that don't follow each other."""
    if target.start and target.by and target.start.start > target.by.end:
        start, by = target.start.text, target.by.text
        message = f"The target is in force from {start}, but due by {by}, which is earlier."
        yield problem_at((*where, "from"), message, 'Correct "from" or "by".')
    for period, _ in target.trajectory:
        if target.by and period.end > target.by.end:
            message = f"The way point for {period.text} comes after the target is due, by {target.by.text}."
            yield problem_at(
                (*where, "trajectory", period.text), message, 'Take it out, or correct it or "by".'
            )


def _no_way(target: Target, where: FieldPath) -> Iterator[Problem]:
    """A tolerance as large as the target, and way points that are past the target or lead away from it."""
    bound = target.bound
    assert bound is not None
    leeway = target.tolerance
    if leeway and leeway.value >= (100 if leeway.in_percent else abs(bound.value or leeway.value + 1)):
        message = "The tolerance is as large as the target, so that almost any figure would be near it."
        yield problem_at((*where, "tolerance"), message, "Write a smaller one, such as 5%.")
    asks = BOUND_KINDS[bound.how].asks
    if bound.value is None or asks not in {MORE, LESS}:
        return
    sign = 1 if asks == MORE else -1
    before: Decimal | None = None
    for period, value in target.trajectory:
        place, point = (*where, "trajectory", period.text), f"The way point for {period.text}"
        if value * sign > bound.value * sign:
            message = f"{point} lies past the target of {plain(bound.value)}."
            yield problem_at(place, message, "Correct one of the two.")
        elif before is not None and value * sign < before * sign:
            message = f"{point} leads away from the target of {plain(bound.value)}."
            yield problem_at(place, message, "Correct it.")
        before = value


def _after_until(target: Target, where: FieldPath) -> Iterator[Problem]:
    """Dates after the last period that the target holds for."""
    until = target.until
    if until is None:
        return
    if target.start is not None and until.end < target.start.start:
        message = f"The target would end ({until.text}) before it begins ({target.start.text})."
        help_ = 'Correct one of them: "from" is the first period that it holds for, "until" the last.'
        yield problem_at((*where, "until"), message, help_)
    if target.by is not None and until.end < target.by.end:
        message = f"The target is due by {target.by.text}, but it ends before ({until.text})."
        help_ = (
            'Write the later of the two in "until". A target that was given up before its date has no "by".'
        )
        yield problem_at((*where, "until"), message, help_)
    for period, _ in target.trajectory:
        if period.end > until.end:
            message = f"{period.text} is after {until.text}, the last period that the target holds for."
            yield problem_at((*where, "trajectory", period.text), message, "Delete this line.")


@remember_last
def _differ(measure: Measure) -> bool:
    """Whether the figures are for different lengths of time."""
    first = measure.observations[0].period if measure.observations else None
    return any(not figure.period.is_as_long_as(first) for figure in measure.observations if first)


def _beside_words(target: Target, where: FieldPath) -> Iterator[Problem]:
    """Fields that would be silently ignored, because no figure decides a target in words."""
    for field in ("tolerance", "over", "trajectory"):
        if getattr(target, field):
            message = f'"{field}" says nothing beside "in_words", because no figure decides that target.'
            help_ = f'Delete "{field}", or write a bound such as at_least.'
            yield problem_at((*where, field), message, help_, on_key=True)


def _relative(measure: Measure, target: Target, where: FieldPath) -> Iterator[Problem]:
    assert target.bound is not None
    relative = target.bound.relative
    if relative is None or not measure.observations:
        return
    if relative.period is None:
        if _are_unlike(measure):
            message = "The target is the comparable earlier value, but no two figures here can be compared."
            help_ = "Name a period, or give a number."
            yield problem_at((*where, "period"), message, help_)
        return
    if identity(relative.period, measure.kind) not in _valued_periods(measure):
        keys = joined([figure.key for figure in measure.observations[-6:]])
        message = f"The target is relative to {relative.period.text}, but there is no figure for that period."
        yield problem_at((*where, "period"), message, f"Add the figure. There are: {keys}.")


@remember_last
def _valued_periods(measure: Measure) -> set[object]:
    """The periods that have a value, however they are spelt."""
    return {
        identity(figure.period, measure.kind) for figure in measure.observations if figure.value is not None
    }


@remember_last
def _are_unlike(measure: Measure) -> bool:
    """Whether there are several figures, and no two of them can be compared."""
    from kpi.judge.direction import compare_with_nearest
    from kpi.judge.series import judgeable

    known = [figure for figure in judgeable(measure) if figure.value is not None]
    return len(known) > 1 and all(compare_with_nearest(measure, figure).earlier is None for figure in known)


@about_kpi("KPI603", "target-past", WARNING, needs_whole=True)
def target_past(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A target's date has passed, it was missed, and neither a later target nor a commentary follows.

    The board will ask what happens next, and the page has no answer.

    Add the next target with a `from`, or a `commentary` that says what is being done.
    """
    if kpi.commentary:
        return
    for measure in kpi.measures:
        if not any(target.by for target in measure.targets):
            continue
        from kpi.judge.state import MISSED
        from kpi.judge.target import judge_targets

        rules = context.plan.status
        for verdict in judge_targets(measure.compared(rules.compare), date.max, rules.tolerance):
            by = verdict.target.by
            if verdict.state == MISSED and by is not None:
                where = ("measures", measure.id, "targets", measure.targets.index(verdict.target), "by")
                message = f"The target was due by {period_words(by)} and was missed."
                help_ = "Add the next target, or a commentary that says what is being done."
                yield problem_at(where, message, help_)


@about_kpi("KPI604", "target-source", WARNING, needs_whole=True)
def target_source(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A target has no source.

    Readers can't see who set it, and nobody can check it.

    Add `source` with one of the plan's sources.
    """
    for _measure, target, where in _targets(kpi):
        if not target.source:
            help_ = 'Add "source:" with one of the plan\'s sources.'
            yield problem_at(where, "Who set this target?", help_)


@about_kpi("KPI605", "target-overlap", ERROR)
def target_overlap(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """Two targets of one measure are in force from the same day, with nothing to tell them apart.

    Nobody can say which of them decides.

    Give the later one a `from`. Or give each a `label`: then both are judged, and the first decides.
    """
    for measure in kpi.measures:
        for (_first, first), (number, second) in combinations(enumerate(measure.targets), 2):
            same_start = (first.start and first.start.start) == (second.start and second.start.start)
            told_apart = first.label and second.label and first.label != second.label
            if same_start and not told_apart:
                where = ("measures", measure.id, "targets", number)
                since = f"from {first.start.text}" if first.start else "from the start"
                message = f"Two targets are both in force {since}."
                help_ = 'Give the later one a "from", or give each a "label".'
                yield problem_at(where, message, help_)
