"""References and the baseline: a figure is compared with them in words, and never gets a status from them.

A figure is better or worse than a reference only where the difference is clear (docs/judgement.md, "Clear changes").
"""

from typing import NamedTuple

from kpi.judge.bound import gap_to, missed_end, resolve_bound
from kpi.judge.change_class import BETTER, WORSE
from kpi.judge.clear_change import why_unclear
from kpi.judge.comparable import BREAK, compare
from kpi.judge.direction import Direction, class_of_change, compare_pair, is_about_as_far
from kpi.judge.latest import valued
from kpi.model.bound_kind import EQUALS
from kpi.model.kpi import Bound, Measure, Observation, Reference, Target, identity

INSIDE, SAME, ABOUT = "inside", "the same as", "about"
BETTER_THAN, WORSE_THAN = "better than", "worse than"
ABOVE, BELOW = "above", "below"
BESIDE = (BETTER_THAN, WORSE_THAN, ABOVE, BELOW, ABOUT, SAME, INSIDE)
"""How a figure can compare with a reference, in the order in which headlines count them."""


class ReferenceResult(NamedTuple):
    """How the newest figure compares with a reference: `word` is one of this module's, printed before the label."""

    reference: Reference
    observation: Observation
    word: str

    @property
    def queried(self) -> bool:
        """Whether the figure is doubted."""
        return self.observation.queried


def compare_with_references(measure: Measure) -> tuple[ReferenceResult, ...]:
    """The newest figure compared with each reference, in the order written.

    References that the figure can't be compared with are omitted, such as one for a period of another length.
    """
    known = valued(measure)
    if not known:
        return ()
    words = ((reference, _word(measure, reference, known[-1])) for reference in measure.references)
    return tuple(ReferenceResult(reference, known[-1], word) for reference, word in words if word)


def _word(measure: Measure, reference: Reference, newest: Observation) -> str:
    assert newest.value is not None
    bound = reference.bound or Bound(EQUALS, reference.value)
    plain = resolve_bound(measure, Target(bound), newest).bound
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
    outcome = class_of_change(measure, end, newest.value)
    return {BETTER: BETTER_THAN, WORSE: WORSE_THAN}.get(outcome, beside)


def compare_with_baseline(measure: Measure) -> Direction | None:
    """The newest comparable figure against the baseline.

    None without a baseline, a figure for it, or a later figure. If no later figure is comparable, the direction says why; a break
    ends the search.
    """
    known = valued(measure)
    at = identity(measure.baseline, measure.kind) if measure.baseline else None
    baseline = next((figure for figure in known if identity(figure.period, measure.kind) == at), None)
    if baseline is None:
        return None
    untold: Direction | None = None
    for later in reversed(known):
        if later.period.end <= baseline.period.end:
            break
        comparison = compare(measure, baseline, later)
        if comparison.comparable:
            return compare_pair(measure, baseline, later)
        untold = untold or Direction(later, reason=comparison.reason)
        if comparison.reason == BREAK:
            return Direction(later, reason=BREAK)
    return untold
