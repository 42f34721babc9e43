"""What a figure is set beside without being judged by it: references and the baseline. Words only, never a status.

A figure is better or worse than a reference only where the difference is clear (docs/judgement.md, "Clear changes").
"""

from typing import NamedTuple

from kpi.judge.bound import gap_to, missed_end, worked_out
from kpi.judge.change_class import BETTER, WORSE
from kpi.judge.clear_change import why_unclear
from kpi.judge.comparable import BREAK, compare
from kpi.judge.direction import Direction, between, is_about_as_far, meaning
from kpi.judge.latest import valued
from kpi.model.bound_kind import EQUALS
from kpi.model.kpi import Bound, Measure, Observation, Reference, Target, identity

INSIDE, SAME, ABOUT = "inside", "the same as", "about"
BETTER_THAN, WORSE_THAN = "better than", "worse than"
ABOVE, BELOW = "above", "below"
BESIDE = (BETTER_THAN, WORSE_THAN, ABOVE, BELOW, ABOUT, SAME, INSIDE)
"""How a figure can stand to a reference, in the order in which headlines count them."""


class ReferenceResult(NamedTuple):
    """How the newest figure stands to an undated value: `word` is one of this module's, said before its label."""

    reference: Reference
    observation: Observation
    word: str

    @property
    def queried(self) -> bool:
        """Whether the figure is doubted."""
        return self.observation.queried


def reference_results(measure: Measure) -> tuple[ReferenceResult, ...]:
    """The newest figure beside each reference, in the order written.

    A reference that the figure can't be held against is left out: a total whose figures differ in length, or a
    reference to a period that is not comparable.
    """
    known = valued(measure)
    if not known:
        return ()
    found = ((reference, _word(measure, reference, known[-1])) for reference in measure.references)
    return tuple(ReferenceResult(reference, known[-1], word) for reference, word in found if word)


def _word(measure: Measure, reference: Reference, newest: Observation) -> str:
    assert newest.value is not None
    bound = reference.bound or Bound(EQUALS, reference.value)
    plain = worked_out(measure, Target(bound), newest).bound
    if plain is None:
        return ""
    if gap_to(plain, newest.value) is None:
        return SAME if plain.how == EQUALS else INSIDE
    end = missed_end(plain, newest.value)
    if newest.value == end:
        return SAME
    level = Observation(newest.period, end)
    if why_unclear(measure, level, newest):
        return ABOUT
    beside = (
        ABOVE if newest.value > end else BELOW
    )  # neither is better, or both are about as far from the middle
    if is_about_as_far(measure, level, newest):
        return beside
    found = meaning(measure, end, newest.value)
    return {BETTER: BETTER_THAN, WORSE: WORSE_THAN}.get(found, beside)


def against_baseline(measure: Measure) -> Direction | None:
    """The newest figure that can be compared with the baseline, against it.

    None where there is no baseline, no figure for it, or none after it. Where no later figure is comparable the
    direction says why; a break ends the search.
    """
    known = valued(measure)
    at = identity(measure.baseline, measure.kind) if measure.baseline else None
    baseline = next((one for one in known if identity(one.period, measure.kind) == at), None)
    if baseline is None:
        return None
    untold: Direction | None = None
    for later in reversed(known):
        if later.period.end <= baseline.period.end:
            break
        found = compare(measure, baseline, later)
        if found.comparable:
            return between(measure, baseline, later)
        untold = untold or Direction(later, reason=found.reason)
        if found.reason == BREAK:
            return Direction(later, reason=BREAK)
    return untold
