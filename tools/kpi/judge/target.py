"""Targets: on which figure each is judged, and what comes of it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.bound import WorkedOut, below, gap_to, is_near, missed_end, worked_out, wrong_length
from kpi.judge.comparable import BREAK
from kpi.judge.force import in_force, standing, supersedes
from kpi.judge.freshness import forecasts_over
from kpi.judge.latest import judgeable
from kpi.model.kpi import CUMULATIVE, Bound, Measure, Observation, Target, Tolerance
from kpi.model.period import period_words

MET, MISSED, NEAR = "met", "missed", "near"
NOT_DUE, SHORT, NO_DATA, NO_TARGET = "not due", "short", "no data", "no target"
IN_WORDS, ELSEWHERE = "in words", "elsewhere"

NO_FIGURES_WORDS = {
    "awaiting-data": "awaiting data",
    "in-development": "in development",
    "monitored-elsewhere": ELSEWHERE,
    "in-words": IN_WORDS,
    "withdrawn": "withdrawn",
}
"""The status of a KPI or measure that has no figures, by its reason."""

DEFAULT_WORDS = {SHORT: "short, no date set", ELSEWHERE: "monitored elsewhere"}
"""What readers are told where the plan has no word of its own; every other state is its own word."""


class Verdict(NamedTuple):
    """What one target says of one figure.

    `bound` is the plain bound that was used, with relative ones and the way points worked out. `gap` is the distance
    from the value to the bound, never negative, in the measure's unit; None where the bound is met or there is no value.
    `reference` is the figure that a relative bound was taken from.
    """

    target: Target
    state: str
    observation: Observation | None = None
    bound: Bound | None = None
    gap: Decimal | None = None
    reason: str = ""
    reference: Observation | None = None

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


def verdicts(measure: Measure, day: date, tolerance: Tolerance | None = None) -> tuple[Verdict, ...]:
    """One verdict for each target in force, in the order written: the first decides.

    Args:
        measure: the measure as known on the day.
        day: the day to judge on; a measure without figures has the targets in force on it.
        tolerance: the plan's tolerance, for targets that have none of their own.
    """
    known = judgeable(measure)
    newest = known[-1].period.end if known else day
    started = [target for target in measure.targets if in_force(target, newest)]
    found = [_newest(measure, target, known, tolerance) for target in started]
    return tuple(one for one in found if not any(_speaks_for(other, one) for other in found))


def _speaks_for(other: Verdict, one: Verdict) -> bool:
    """Whether `other` is the verdict to show in place of `one`.

    That is its successor's, or its predecessor's where the successor has no figure to be judged on yet. A figure that
    can't be compared over a break is there all the same.
    """
    judged, other_judged = (found.observation is not None or found.reason == BREAK for found in (one, other))
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
    measure: Measure, target: Target, known: tuple[Observation, ...], tolerance: Tolerance | None
) -> Verdict:
    """The target's verdict on the newest figure that it can judge.

    A break ends the search, as it does for a direction: no older figure is judged in place of one that can't be compared.
    """
    unjudged: Verdict | None = None
    for observation in reversed(known):
        if target not in standing(measure, observation):
            continue
        verdict = _judge(measure, target, observation, tolerance)
        if verdict.observation is not None or verdict.reason == BREAK:
            return verdict
        unjudged = unjudged or verdict
    return unjudged or _without_figures(measure, target)


def without_forecasts(measure: Measure, found: tuple[Verdict, ...], day: date) -> tuple[Verdict, ...]:
    """The verdicts, with no data for a target whose newest period is over and has only a forecast.

    A forecast is never judged, and an older figure in its place would make a miss vanish.
    """
    over = forecasts_over(measure, day)
    return tuple(_unless_over(measure, one, over) for one in found)


def _unless_over(measure: Measure, verdict: Verdict, over: tuple[Observation, ...]) -> Verdict:
    judged = verdict.observation
    for one in reversed(over):
        newer = judged is None or one.period.end > judged.period.end
        target = verdict.target
        if newer and target in standing(measure, one) and not wrong_length(measure, target, one):
            return Verdict(target, NO_DATA, reason=f"only a forecast for {period_words(one.period)}")
    return verdict


def _without_figures(measure: Measure, target: Target) -> Verdict:
    if measure.no_figures is not None:
        word = NO_FIGURES_WORDS[measure.no_figures.because]
        return Verdict(target, word if word in {ELSEWHERE, IN_WORDS} else NO_DATA, reason=word)
    if target.bound is None:
        return Verdict(target, IN_WORDS)
    return Verdict(target, NO_DATA, reason="no figures")


def _judge(
    measure: Measure, target: Target, observation: Observation, tolerance: Tolerance | None
) -> Verdict:
    """The verdict on this figure; no data, without a figure, where the target can't judge it."""
    if target.bound is None:
        return Verdict(target, observation.assessment or IN_WORDS, observation)
    if observation.value is None:
        return Verdict(target, NO_DATA, reason="no figures")
    held = worked_out(measure, target, observation)
    if held.bound is None:
        return Verdict(target, NO_DATA, reason=held.reason)
    gap = gap_to(held.bound, observation.value)
    state, reason = (MET, "") if gap is None else _unmet(measure, target, observation, held)
    if state == MISSED and is_near(held.bound, observation.value, target.tolerance or tolerance):
        state = NEAR
    return Verdict(target, state, observation, held.bound, gap, reason, held.reference)


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
