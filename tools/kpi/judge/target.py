"""Targets: which figure each is judged on, and the verdict."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpi.judge import bound as bounds
from kpi.judge import state as states
from kpi.judge.bound import ResolvedBound, Term, supersedes
from kpi.judge.direction import why_unclear
from kpi.judge.series import BREAK, Key, Series, at_a_date, judgeable, reported, valued
from kpi.model.kpi import CUMULATIVE, Bound, Measure, Observation, Target, Tolerance
from kpi.model.period import Period, period_words, span_words
from kpi.model.quantity import Unit
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE


class Verdict(NamedTuple):
    """What one target says of one figure."""

    target: Target
    state: str  # one of `judge.state`
    observation: Observation | None = None  # the figure that was judged
    bound: Bound | None = None  # the bound it was compared with, as a number
    # the distance to the bound in the measure's unit, never negative; None where it is met or has no value
    gap: Decimal | None = None
    reason: str = ""  # why the state is so, in words for readers; may be empty
    reference: Observation | None = None  # the figure that a relative bound was taken from
    on_the_way: bool = False  # the bound is a way point
    unjudged: Observation | None = None  # without an `observation`, the newest, missing or not to be judged
    hardly: bool = False  # the bound was taken from a figure from which there is no clear change

    @property
    def queried(self) -> bool:
        """Whether the judged figure, or the one that its bound was taken from, is doubted."""
        return any(figure is not None and figure.queried for figure in (self.observation, self.reference))


def relative_gap(verdict: Verdict | None, unit: Unit) -> tuple[bool, Fraction]:
    """The gap as a part of the missed end, to sort by (docs/judgement.md, "Breaches"); True for an end of 0."""
    if verdict is None or not verdict.gap:
        return False, Fraction(0)
    return relative_size(Fraction(verdict.gap), _missed(verdict), unit)


def relative_size(size: Fraction, of: Fraction, unit: Unit) -> tuple[bool, Fraction]:
    """A size as a part of what it is a size of, to sort by; True where that is 0.

    For shares as a part of what that leaves to 100, if that is smaller: 99.34% is far from 99.95%.
    """
    if unit.is_share and of <= 100:
        of = min(of, 100 - of)
    return (False, size / of) if of else (True, size)


def gap_share(verdict: Verdict) -> Fraction:
    """The gap as a part of the end that was missed; 0 where there is none, and where that end is 0."""
    end = _missed(verdict)
    return Fraction(verdict.gap or 0) / end if end else Fraction(0)


def _missed(verdict: Verdict) -> Fraction:
    """How far from 0 the end is that was missed; 0 for a verdict without a gap."""
    if not verdict.gap or verdict.bound is None or verdict.observation is None:
        return Fraction(0)
    return abs(Fraction(bounds.missed_end(verdict.bound, verdict.observation.number)))


def judge_targets(
    measure: Measure, day: date, tolerance: Tolerance | None = None, missing: tuple[Observation, ...] = ()
) -> tuple[Verdict, ...]:
    """One verdict for each target in force on the day, in the order written; `missing` are the periods whose figure is overdue."""
    written = reported(measure, missing)
    newest = max([day, *(figure.period.end for figure in written[-1:])])
    begun = [term for term in bounds.terms(measure) if term.target.first_day <= newest]
    ended = [term.target for term in begun if bounds.has_ended(measure, term.target)]
    in_force = []
    for term in begun:
        target = term.target
        if target in ended or any(supersedes(other, target) for other in ended):
            continue
        verdict = _newest(measure, term, written, tolerance)
        is_past = target.bound is not None and target.by is not None and day > target.by.end
        if is_past and measure.no_figures is None and _figure_for_the_date(measure, target) is None:
            # the target is due, and no earlier figure decides it
            figure = verdict.observation
            reason = f"no figure for {period_words(target.by)}" if figure and target.by else verdict.reason
            verdict = Verdict(target, states.DUE, reason=reason, unjudged=figure or verdict.unjudged)
        in_force.append(verdict)
    return tuple(each for each in in_force if not any(_speaks_for(other, each) for other in in_force))


def _speaks_for(other: Verdict, verdict: Verdict) -> bool:
    """Whether `other`, of a successor, or of a predecessor while the successor has nothing for a period yet, takes the verdict's place."""
    judged, other_judged = (bool(either.observation or either.unjudged) for either in (verdict, other))
    follows = supersedes(other.target, verdict.target)
    if judged == other_judged:
        return follows
    return other_judged and (follows or supersedes(verdict.target, other.target))


def judge_at(measure: Measure, figure: Observation, tolerance: Tolerance | None = None) -> Verdict | None:
    """The verdict of the first target in force when this figure was the newest; None if it has none on the figure."""
    deciding = next(verdicts_at(measure, figure, tolerance), None)
    return None if deciding is None or deciding.observation is None else deciding


def verdicts_at(measure: Measure, figure: Observation, tolerance: Tolerance | None) -> Iterator[Verdict]:
    """What each target in force for this figure says of it, in the order written: the first decided when it was the newest."""
    return (_judge(measure, each, figure, tolerance) for each in bounds.targets_in_force(measure, figure))


def _newest(measure: Measure, term: Term, written: Series, tolerance: Tolerance | None) -> Verdict:
    """The target's verdict on the newest figure that it is for, or no data where that can't be judged or is missing."""
    target = term.target
    passed: list[Verdict] = []
    # A bound taken from the previous figure exists for each length: a month without one leaves the year's verdict.
    relative = target.bound.relative if target.bound else None
    for_each_length = relative is not None and relative.period is None and not at_a_date(measure)
    newer: dict[Key, list[Period]] = {}  # those of the figures that could not be judged
    for observation in reversed(written):
        period = observation.period
        likely = (each for length in period.lengths for each in newer.get(length, ()))
        if not term.covers(observation) or any(map(period.is_as_long_as, likely)):
            continue
        verdict = _judge(measure, target, observation, tolerance)
        if verdict.observation is not None:
            return verdict
        passed.append(verdict)
        if verdict.unjudged is not None:
            if not for_each_length or verdict.reason == BREAK:
                return verdict
            for length in period.lengths:
                newer.setdefault(length, []).append(period)
    if passed:
        return next((verdict for verdict in passed if verdict.unjudged is not None), passed[0])
    if measure.no_figures is not None:
        word = states.WITHOUT_FIGURES[measure.no_figures.because]
        state = word if word in {states.ELSEWHERE, states.IN_WORDS} else states.NO_DATA
        return Verdict(target, state, reason=word)
    if target.bound is None:
        return Verdict(target, states.IN_WORDS)
    since = f" from {period_words(target.start)} on" if target.start and valued(measure) else ""
    return Verdict(target, states.NO_DATA, reason=f"no figures{since}")


def _judge(measure: Measure, target: Target, figure: Observation, tolerance: Tolerance | None) -> Verdict:
    if target.bound is None:
        return _in_words(measure, target, figure)
    held = bounds.resolve_bound(measure, target, figure)
    if not held.is_for:
        return Verdict(target, states.NO_DATA, reason=held.reason)
    if figure.value is None:
        reason = _missing(measure, figure) if valued(measure) else "no figures"
        return Verdict(target, states.NO_DATA, reason=reason, unjudged=figure)
    if held.bound is None:
        return Verdict(target, states.NO_DATA, reason=held.reason, unjudged=figure)
    gap = bounds.gap_to(held.bound, figure.value)
    state = _state(measure, target, figure, held, is_met=gap is None)
    if state in states.UNMET and bounds.is_near(held.bound, figure.value, target.tolerance or tolerance):
        state = states.NEAR
    end = bounds.missed_end(held.bound, figure.value) if gap else held.bound.level
    before, hardly = held.reference, False  # the earlier figure that the bound was taken from
    if before is not None and figure.value != end:
        if before.value != end:
            before = before._replace(value=end, numerator=None, denominator=None)
        hardly = why_unclear(measure, before, figure) != ""
    reason, way = _reason(state, target), held.on_the_way
    return Verdict(target, state, figure, held.bound, gap, reason, held.reference, way, hardly=hardly)


def _in_words(measure: Measure, target: Target, figure: Observation) -> Verdict:
    """The verdict of the written assessment, which is missing only if there are others."""
    if not figure.has_figure and any(each.assessment for each in measure.observations):
        return Verdict(target, states.NO_DATA, reason=_missing(measure, figure), unjudged=figure)
    if not figure.assessment:
        return Verdict(target, states.IN_WORDS, figure if figure.has_figure else None)
    state = states.NEAR
    if figure.assessment != state:
        state = _state(measure, target, figure, None, is_met=figure.assessment == states.MET)
    return Verdict(target, state, figure, reason=_reason(state, target))


def _missing(measure: Measure, figure: Observation) -> str:
    """Why a period has no figure, in words: "no figure for 2023/24, which is not available"."""
    end = figure.period.end
    period = span_words(end, end) if at_a_date(measure) else period_words(figure.period)
    if figure.forecast:
        return f"only a forecast for {period}"
    if figure.assessment:
        return f"only an assessment for {period}"
    marks = [MARKS[mark].brief for mark in figure.marks if mark in WITHOUT_VALUE]
    return f"no figure for {period}, which is {' and '.join(marks) or 'overdue'}"


def _state(
    measure: Measure, target: Target, figure: Observation, held: ResolvedBound | None, *, is_met: bool
) -> str:
    on_the_way = held is not None and held.on_the_way
    if target.by is None:
        value, bound = figure.value, held.bound if held and not on_the_way else None
        may_grow = (
            measure.kind == CUMULATIVE and value is not None and bound and bounds.is_below(bound, value)
        )
        unmet = states.SHORT if may_grow else states.NOT_MET
        return states.MET if is_met else unmet
    if figure.period.end < target.by.end:
        unmet = states.BEHIND if on_the_way else states.NOT_DUE
        return states.MET if is_met else unmet
    first = _figure_for_the_date(measure, target)
    if first is None or first.period.interval == figure.period.interval:
        return states.MET if is_met else states.MISSED
    if target.bound is None or first.value is None:
        was_met = first.assessment == states.MET
    else:
        then = bounds.resolve_bound(measure, target, first).bound
        was_met = then is not None and bounds.gap_to(then, first.value) is None
    if is_met:
        return states.MET if was_met else states.MET_LATE
    return states.NOT_MET if was_met else states.MISSED


def _figure_for_the_date(measure: Measure, target: Target) -> Observation | None:
    """The first figure that the target is for whose period reaches the end of its `by`."""
    assert target.by is not None
    in_words = target.bound is None
    known = judgeable(measure) if in_words else valued(measure)
    reaching = (figure for figure in known if figure.period.end >= target.by.end)
    return next(
        (each for each in reaching if in_words or bounds.resolve_bound(measure, target, each).is_for), None
    )


def _reason(state: str, target: Target) -> str:
    """What the state's word leaves open: when the target is due."""
    if state in {states.NOT_DUE, states.BEHIND} and target.by is not None:
        return f"due by {period_words(target.by)}"
    return "no date set" if state == states.SHORT else ""
