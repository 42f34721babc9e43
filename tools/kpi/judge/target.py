"""Targets: on which figure each is judged, and what comes of it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.bound import WorkedOut, below, gap_to, is_near, missed_end, not_meant, worked_out
from kpi.judge.comparable import BREAK, at_a_date
from kpi.judge.force import in_force, standing, supersedes
from kpi.judge.latest import reported, valued
from kpi.judge.state import (
    ELSEWHERE,
    IN_WORDS,
    MET,
    MISSED,
    NEAR,
    NO_DATA,
    NOT_DUE,
    SHORT,
    WITHOUT_FIGURES,
)
from kpi.model.kpi import CUMULATIVE, Bound, Measure, Observation, Target, Tolerance
from kpi.model.mark import MARKS, WITHOUT_VALUE
from kpi.model.period import period_words, span_words


class Verdict(NamedTuple):
    """What one target says of one figure.

    `bound` is the plain bound that was used, with relative ones and the way points worked out. `gap` is the distance
    from the value to the bound, never negative, in the measure's unit; None where the bound is met or there is no value.
    `reference` is the figure that a relative bound was taken from. `on_the_way` if the bound is a way point. Where there is no `observation`, `unjudged` is the
    newest figure that the target is for: it can't be judged, or is missing. None where there is none.
    """

    target: Target
    state: str
    observation: Observation | None = None
    bound: Bound | None = None
    gap: Decimal | None = None
    reason: str = ""
    reference: Observation | None = None
    on_the_way: bool = False
    unjudged: Observation | None = None

    @property
    def queried(self) -> bool:
        """Whether the judged figure, or the one that its bound was taken from, is doubted."""
        return any(one is not None and one.queried for one in (self.observation, self.reference))


def relative_gap(verdict: Verdict | None) -> tuple[bool, Fraction]:
    """The gap as a part of the end that was missed, to set gaps in different units side by side.

    Nothing is as wide as a gap to zero: the first item is True for it, and the second is the gap itself.
    """
    if verdict is None or not verdict.gap:
        return False, Fraction(0)
    assert verdict.bound is not None  # there is no gap without these
    assert verdict.observation is not None
    assert verdict.observation.value is not None
    end = missed_end(verdict.bound, verdict.observation.value)
    gap = Fraction(verdict.gap)
    return (False, gap / abs(Fraction(end))) if end else (True, gap)


def verdicts(
    measure: Measure,
    day: date,
    tolerance: Tolerance | None = None,
    missing: tuple[Observation, ...] = (),
) -> tuple[Verdict, ...]:
    """One verdict for each target in force, in the order written: the first decides.

    Args:
        measure: the measure as known on the day.
        day: the day to judge on: the targets that have begun by then are in force.
        tolerance: the plan's tolerance, for targets that have none of their own.
        missing: the periods whose figure should be there by the day and isn't, as `missing_figures` gives them.
    """
    written = reported(measure, missing)
    newest = max([day, *(one.period.end for one in written[-1:])])
    started = [target for target in measure.targets if in_force(target, newest)]
    # By the targets' identity: 100 of them are looked for among the figures of 100.
    holding = [frozenset(map(id, standing(measure, one))) for one in written] if started else []
    found = [_newest(measure, target, written, holding, tolerance) for target in started]
    return tuple(one for one in found if not any(_speaks_for(other, one) for other in found))


def _speaks_for(other: Verdict, one: Verdict) -> bool:
    """Whether `other` is the verdict to show in place of `one`.

    That is its successor's, or its predecessor's where the successor has no figure to be judged on yet. A figure that
    can't be judged, or that is missing, is there all the same.
    """
    judged, other_judged = (
        found.observation is not None or found.unjudged is not None for found in (one, other)
    )
    follows = supersedes(other.target, one.target)
    if judged == other_judged:
        return follows
    return other_judged and (follows or supersedes(one.target, other.target))


def verdict_at(
    measure: Measure, observation: Observation, tolerance: Tolerance | None = None
) -> Verdict | None:
    """What decided when this figure was the newest: the first written target in force for it.

    None where there was none, or it can't judge the figure.
    """
    deciding = next(iter(standing(measure, observation)), None)
    if deciding is None:
        return None
    verdict = _judge(measure, deciding, observation, tolerance)
    return None if verdict.observation is None else verdict


def _newest(
    measure: Measure,
    target: Target,
    written: tuple[Observation, ...],
    holding: list[frozenset[int]],
    tolerance: Tolerance | None,
) -> Verdict:
    """The target's verdict on the newest figure that it is for; `holding` has the targets that stand for each.

    Where that can't be judged, or is missing, there is no data: no older figure of its length is judged in its place.
    """
    passed: list[Verdict] = []
    for observation, standing_then in zip(reversed(written), reversed(holding), strict=True):
        if id(target) not in standing_then or _is_replaced(measure, observation, passed):
            continue
        verdict = _judge(measure, target, observation, tolerance)
        if verdict.observation is not None:
            return verdict
        if verdict.unjudged is not None and not _may_compare_another_length(measure, verdict):
            return verdict
        passed.append(verdict)
    missing = (one for one in passed if one.unjudged is not None)
    return next(missing, passed[0] if passed else _without_figures(measure, target))


def _is_replaced(measure: Measure, observation: Observation, passed: list[Verdict]) -> bool:
    """Whether a newer figure of the same length was there to be judged."""
    newer = (one.unjudged.period for one in passed if one.unjudged is not None)
    return any(at_a_date(measure) or observation.period.is_as_long_as(period) for period in newer)


def _may_compare_another_length(measure: Measure, verdict: Verdict) -> bool:
    """Whether figures of another length may be judged where this one can't be.

    The comparable earlier figure is a bound for every length: a month without an earlier one leaves the year's verdict.
    """
    bound = verdict.target.bound
    is_previous = bound is not None and bound.relative is not None and bound.relative.period is None
    return is_previous and not at_a_date(measure) and verdict.reason != BREAK


def _without_figures(measure: Measure, target: Target) -> Verdict:
    if measure.no_figures is not None:
        word = WITHOUT_FIGURES[measure.no_figures.because]
        return Verdict(target, word if word in {ELSEWHERE, IN_WORDS} else NO_DATA, reason=word)
    if target.bound is None:
        return Verdict(target, IN_WORDS)
    since = f" from {period_words(target.start)} on" if target.start and valued(measure) else ""
    return Verdict(target, NO_DATA, reason=f"no figures{since}")


def _judge(
    measure: Measure, target: Target, observation: Observation, tolerance: Tolerance | None
) -> Verdict:
    """The verdict on this figure; no data, without a figure, where the target isn't for it, can't judge it or it is missing."""
    if target.bound is None:
        return _in_words(measure, target, observation)
    reason = not_meant(measure, target, observation)
    if reason:
        return Verdict(target, NO_DATA, reason=reason)
    if observation.value is None:
        reason = _missing(measure, observation) if valued(measure) else "no figures"
        return Verdict(target, NO_DATA, reason=reason, unjudged=observation)
    held = worked_out(measure, target, observation)
    if held.bound is None:
        return Verdict(target, NO_DATA, reason=held.reason, unjudged=observation)
    gap = gap_to(held.bound, observation.value)
    state, reason = (MET, "") if gap is None else _unmet(measure, target, observation, held)
    if state == MISSED and is_near(held.bound, observation.value, target.tolerance or tolerance):
        state = NEAR
    return Verdict(target, state, observation, held.bound, gap, reason, held.reference, held.on_the_way)


def _in_words(measure: Measure, target: Target, observation: Observation) -> Verdict:
    """What the written assessment says. It is missing only where there are assessments."""
    is_missing = observation.value is None and not observation.assessment
    if is_missing and any(one.assessment for one in measure.observations):
        return Verdict(target, NO_DATA, reason=_missing(measure, observation), unjudged=observation)
    return Verdict(target, observation.assessment or IN_WORDS, None if is_missing else observation)


def _missing(measure: Measure, observation: Observation) -> str:
    """Why a period has no figure, in words: "no figure for 2023/24, which is not available"."""
    end = observation.period.end
    period = span_words(end, end) if at_a_date(measure) else period_words(observation.period)
    if observation.forecast:
        return f"only a forecast for {period}"
    if observation.assessment:
        return f"only an assessment for {period}"
    marks = [MARKS[mark].brief for mark in observation.marks if mark in WITHOUT_VALUE]
    return f"no figure for {period}, which is {' and '.join(marks) or 'overdue'}"


def _unmet(measure: Measure, target: Target, observation: Observation, held: WorkedOut) -> tuple[str, str]:
    """The state of a bound that isn't met, before any tolerance, and why. Way points are due by their own dates.

    The judged figure is the newest that the target is for, so the target is due once that one reaches the end of `by`.
    """
    assert held.bound is not None
    assert observation.value is not None
    if held.on_the_way:
        return MISSED, ""
    if target.by is not None and observation.period.end < target.by.end:
        return NOT_DUE, f"due by {period_words(target.by)}"
    if target.by is None and measure.kind == CUMULATIVE and below(held.bound, observation.value):
        return SHORT, "no date set"
    return MISSED, ""
