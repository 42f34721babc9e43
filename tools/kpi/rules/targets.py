"""Family 6xx: targets."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import combinations

from kpi.judge.series import judgeable, remember_last
from kpi.model.finding import ERROR, WARNING, FieldPath, Problem
from kpi.model.kpi import TOTAL, Bound, Kpi, Measure, Target, identity
from kpi.model.period import period_words
from kpi.model.quantity import plain
from kpi.model.text import joined, quoted
from kpi.model.vocabulary import BETWEEN, BOUND_KINDS, LESS, MORE
from kpi.rules.rule import Context, about_kpi, problem_at

_NOT_BELOW_ZERO = ("percent", "count", "duration")
_ALWAYS, _NEVER = "Every figure meets this target, so it asks for nothing.", "No figure can meet this target."
_NO_TARGET: dict[tuple[str, Decimal | None], str] = {
    ("at_most", Decimal(100)): _ALWAYS,
    ("at_least", Decimal(0)): _ALWAYS,
    ("more_than", Decimal(100)): _NEVER,
    ("less_than", Decimal(0)): _NEVER,
}
"""Bounds at the ends of all figures: 100 of per cents only, 0 of what can't be below."""
_AGAINST = {"higher": LESS, "lower": MORE}  # the kind of bound that contradicts each direction


def _targets(kpi: Kpi) -> Iterator[tuple[Measure, Target, FieldPath]]:
    for measure in kpi.measures:
        for number, target in enumerate(measure.targets):
            yield measure, target, ("measures", measure.id, "targets", number)


@about_kpi("KPI601", "target-direction", ERROR)
def target_direction(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A target asks for less where higher is better, or for more where lower is.
    It would call good figures missed and bad ones met.
    Reverse the bound, or correct `better`."""
    for measure, target, where in _targets(kpi):
        kind = BOUND_KINDS[target.bound.how] if target.bound else None
        if kind is not None and kind.asks and kind.asks == _AGAINST.get(measure.better.way):
            way = measure.better.way.capitalize()
            message = f'{way} is better here, but "{kind.name}" asks for {kind.asks}.'
            help_ = f'Correct the one that is wrong: "better", or "{kind.name}", which would be "{kind.opposite}".'
            yield problem_at((*where, kind.name), message, help_, on_key=True)


@about_kpi("KPI602", "target-bound", ERROR)
def target_bound(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A target can't be judged as it is written, is met or missed by every figure, or goes on after its `until`.
    `between` needs a measure where neither way, or nearer to a middle, is better. A bound taken from a period needs
      that period's figure. A bound on a total needs its length in `over`, where the figures differ in length. Dates,
      way points and tolerance must fit the bound, and say nothing beside a target `in_words`.
    Fix it as the message says."""
    compared = {measure.id: measure.compared(context.plan.status.compare) for measure in kpi.measures}
    for measure, target, where in _targets(kpi):
        yield from _contradicting_dates(target, where)
        bound, better = target.bound, measure.better.way
        if bound is None:
            for field in filter(partial(getattr, target), ("tolerance", "over", "trajectory")):
                message = f'"{field}" says nothing beside "in_words", because no figure decides that target.'
                help_ = f'Delete "{field}", or write a bound such as at_least.'
                yield problem_at((*where, field), message, help_, on_key=True)
            continue
        place = (*where, bound.how)
        if bound.how == BETWEEN and (better in _AGAINST or target.trajectory):
            unfit = ["trajectory"] if target.trajectory else []
            unfit += [f"better: {better}"] if better in _AGAINST else []
            message = f'"between" has two ends that can be missed, and doesn\'t go with {joined(map(quoted, unfit))}.'
            other = "" if target.trajectory else ", or better: neither"
            yield problem_at(place, message, f"Write at_least or at_most{other}.", on_key=True)
        in_vain = _NO_TARGET.get((bound.how, bound.value)) if measure.unit.kind in _NOT_BELOW_ZERO else None
        if in_vain and (measure.unit.kind == "percent" or not bound.value):
            yield problem_at(place, in_vain, "Check the number and the bound.")
        yield from _no_way(target, bound, where)
        if context.whole:
            yield from _relative(compared[measure.id], bound, place)
        periods = [figure.period for figure in measure.observations] if measure.kind == TOTAL else []
        is_of_any_length = bound.relative is None and target.over is None
        if is_of_any_length and not all(period.is_as_long_as(periods[0]) for period in periods):
            message = "The target doesn't say for what length of time, and the figures here differ in length."
            yield problem_at(where, message, 'Add "over:" to the target, for example over: 12 months.')


def _contradicting_dates(target: Target, where: FieldPath) -> Iterator[Problem]:
    """The first and the last day of a target, the day that it is due and its way points, where they can't all be right."""
    names = (("from", target.start), ("by", target.by), ("until", target.until))
    given = [(name, at.text, at.start if name == "from" else at.end) for name, at in names if at]
    for (name, text, day), (other, later, last) in combinations(given, 2):
        if day > last:
            message = f'The target has "{name}: {text}", which is after "{other}: {later}".'
            yield problem_at((*where, name), message, "Correct one of the two, or take it out.")
    for period, _ in target.trajectory if target.bound else ():
        for name, text, last in given:
            if name != "from" and period.end > last:
                message = f'The way point for {period.text} comes after "{name}: {text}".'
                help_ = f'Take it out, or correct it or "{name}".'
                yield problem_at((*where, "trajectory", period.text), message, help_)


def _no_way(target: Target, bound: Bound, where: FieldPath) -> Iterator[Problem]:
    """A tolerance as large as the target, and way points that are past the target or lead away from it."""
    leeway = target.tolerance
    if leeway and leeway.value >= (100 if leeway.in_percent else abs(bound.value or leeway.value + 1)):
        message = "The tolerance is as large as the target, so that almost any figure would be near it."
        yield problem_at((*where, "tolerance"), message, "Write a smaller one, such as 5%.")
    level, sign, before = bound.value, {MORE: 1, LESS: -1}.get(BOUND_KINDS[bound.how].asks), None
    if level is None or sign is None:
        return
    for period, value in target.trajectory:
        is_past = value * sign > level * sign
        if is_past or (before is not None and value * sign < before * sign):
            end = f"{'lies past' if is_past else 'leads away from'} the target of {plain(level)}."
            place = (*where, "trajectory", period.text)
            yield problem_at(place, f"The way point for {period.text} {end}", "Correct one of the two.")
        before = value


def _relative(measure: Measure, bound: Bound, where: FieldPath) -> Iterator[Problem]:
    if bound.relative is None or not measure.observations:
        return
    period = bound.relative.period
    if period is None and _are_unlike(measure):
        message = "The target is the comparable earlier value, but no two figures here can be compared."
        yield problem_at((*where, "period"), message, "Name a period, or give a number.")
    known = (identity(each.period, measure.kind) for each in measure.observations if each.value is not None)
    if period is not None and identity(period, measure.kind) not in known:
        keys = joined([figure.key for figure in measure.observations[-6:]])
        message = f"The target is relative to {period.text}, but there is no figure for that period."
        yield problem_at((*where, "period"), message, f"Add the figure. There are: {keys}.")


@remember_last
def _are_unlike(measure: Measure) -> bool:
    from kpi.judge.direction import compare_with_nearest

    known = [figure for figure in judgeable(measure) if figure.value is not None]
    return len(known) > 1 and all(compare_with_nearest(measure, figure).earlier is None for figure in known)


@about_kpi("KPI603", "target-past", WARNING, needs_whole=True)
def target_past(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A target's date has passed, it was missed, and neither a later target nor a commentary follows.
    The board will ask what happens next, and the page has no answer.
    Add the next target with a `from`, or a `commentary` that says what is being done."""
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
                help_ = "Add the next target, or a commentary that says what is being done."
                yield problem_at(where, f"The target was due by {period_words(by)} and was missed.", help_)


@about_kpi("KPI604", "target-source", WARNING, needs_whole=True)
def target_source(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A target has no source.
    Readers can't see who set it, and nobody can check it.
    Add `source` with one of the plan's sources."""
    for _measure, target, where in _targets(kpi):
        if not target.source:
            yield problem_at(where, "Who set this target?", 'Add "source:" with one of the plan\'s sources.')


@about_kpi("KPI605", "target-overlap", ERROR)
def target_overlap(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """Two targets of one measure are in force from the same day, with nothing to tell them apart.
    Nobody can say which of them decides.
    Give the later one a `from`. Or give each a `label`: then both are judged, and the first decides."""
    for measure in kpi.measures:
        for (_first, first), (number, second) in combinations(enumerate(measure.targets), 2):
            is_same_start = (first.start and first.start.start) == (second.start and second.start.start)
            has_other_label = first.label and second.label and first.label != second.label
            if is_same_start and not has_other_label:
                since = first.start.text if first.start else "the start"
                message = f"Two targets are both in force from {since}."
                help_ = 'Give the later one a "from", or give each a "label".'
                yield problem_at(("measures", measure.id, "targets", number), message, help_)
