"""What a change means: two versions of a framework, compared by what they say and not by how it is written.

Both are judged on one and the same day, so that the calendar alone changes no status.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kpi.judge.field_changes import (
    FieldChange,
    compare_fields,
    describe_kpi,
    describe_measure,
    describe_plan,
)
from kpi.judge.figure_changes import FigureChange, compare_figures
from kpi.judge.judgement import MeasureJudgement, judge_measure
from kpi.judge.latest import pages_day
from kpi.judge.renames import kpi_evidence, measure_evidence, pair_up
from kpi.judge.state import IS_MET, UNMET
from kpi.judge.target_changes import PlanTolerance, TargetChange, compare_targets
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.plan import Plan, StatusRules
from kpi.model.year_names import with_year_names

ADDED, REMOVED, RENAMED, MOVED, KEPT = "added", "removed", "renamed", "moved", "kept"


class FrameworkVersion(NamedTuple):
    """One version. `plan` is None where there is none or it can't be used.

    `unusable` holds the KPI files that can't be used, path by id (by itself where its name is no id): nothing is said of
    them. `unusable_plan` is the path of a plan with mistakes: `plan` is then as much of it as could be read. KPIs that are the
    same in both versions may be left out; `newest` is then the last day of their newest period.
    """

    plan: Plan | None
    kpis: tuple[Kpi, ...]
    unusable: Mapping[str, str] = {}
    unusable_plan: str = ""
    newest: date = date.min


class MeasureChange(NamedTuple):
    """A measure of which something is not as it was; of `before` and `after` at least one is given.

    Attributes:
        before: the measure as it was, judged; None where it is new, or its KPI is.
        after: the measure as it is, judged.
        what: `added`, `removed`, `renamed` or `kept`.
        figures: its figures, the oldest first; none for a measure that has come or gone as a whole.
        targets: its targets, likewise.
        fields: what it says of itself; what all measures of the KPI say otherwise alike stands there.
        old_state: its state as it would be with the targets it had; empty where these are the same.
    """

    before: MeasureJudgement | None
    after: MeasureJudgement | None
    what: str = KEPT
    figures: tuple[FigureChange, ...] = ()
    targets: tuple[TargetChange, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    old_state: str = ""

    @property
    def newest(self) -> MeasureJudgement:
        """The measure as it is; where it is gone, as it was."""
        measure = self.after or self.before
        assert measure is not None
        return measure

    @property
    def states(self) -> tuple[str, str]:
        """The state before and after; empty where the measure was not there."""
        return (self.before.state if self.before else "", self.after.state if self.after else "")

    @property
    def newly_missed(self) -> bool:
        """Whether the target isn't met now, and was not unmet before."""
        before, after = self.states
        return after in UNMET and before not in UNMET

    @property
    def recovered(self) -> bool:
        """Whether the target was not met and is met now, by the same figure or a newer one.

        What is near, can't be judged or is gone has not recovered, nor has what is judged on an older figure again.
        """
        before, after = self.states
        return before in UNMET and after in IS_MET and not self.by_target and self.no_longer_judged is None

    @property
    def no_longer_judged(self) -> Observation | None:
        """The figure that was judged before, where an older one is judged now, or none."""
        was, now = (
            judged.deciding.observation if judged is not None and judged.deciding is not None else None
            for judged in (self.before, self.after)
        )
        if was is None or self.after is None or (now is not None and now.period.end >= was.period.end):
            return None
        return was

    @property
    def by_target(self) -> bool:
        """Whether the figures would have another state with the targets from before."""
        return bool(self.old_state) and self.old_state != self.states[1]

    @property
    def newly_overdue(self) -> bool:
        """Whether the next figure is late now and was not, or was not asked for."""
        return _late(self.after) and not _late(self.before)

    @property
    def caught_up(self) -> bool:
        """Whether the next figure was late and is not any more."""
        return self.after is not None and _late(self.before) and not _late(self.after)


class KpiChange(NamedTuple):
    """A KPI of which something is not as it was; of `before` and `after` at least one is given.

    `what` is `added`, `removed`, `renamed` (another id), `moved` (another priority) or `kept`.
    """

    before: Kpi | None
    after: Kpi | None
    what: str = KEPT
    fields: tuple[FieldChange, ...] = ()
    measures: tuple[MeasureChange, ...] = ()

    @property
    def newest(self) -> Kpi:
        """The KPI as it is; where it is gone, as it was."""
        kpi = self.after or self.before
        assert kpi is not None
        return kpi


class Changes(NamedTuple):
    """What two versions say differently.

    Attributes:
        day: the day that both were judged on.
        plan: the plan as it is; where it can't be used, as it was.
        fields: what the plan itself says.
        kpis: the KPIs, in the plan's order; those that are gone come last.
        unusable: the files that were left out, as (path, whether it is the earlier version that can't be used).
        unsure: the ids of KPIs that are on one side only, where a file that can't be used may be the same KPI.
    """

    day: date
    plan: Plan
    fields: tuple[FieldChange, ...]
    kpis: tuple[KpiChange, ...]
    unusable: tuple[tuple[str, bool], ...] = ()
    unsure: tuple[str, ...] = ()


def compare_versions(before: FrameworkVersion, after: FrameworkVersion, day: date | None = None) -> Changes:
    """Compare two versions of a framework.

    Args:
        before: the earlier version.
        after: the later one.
        day: the day to judge both on; by default the later of the two versions' page days.

    Raises:
        ValueError: if neither version has a plan.
    """
    was, plan = _plans(before, after)
    day = day or max(pages_day(was, before.kpis), pages_day(plan, after.kpis), before.newest, after.newest)
    comparison = _Comparison(was.status, plan.status, day)
    left_out = before.unusable.keys() | after.unusable.keys()
    old, new = (
        [with_year_names(kpi, plan.year_names) for kpi in side.kpis if kpi.id not in left_out]
        for side in (before, after)
    )
    pairs, unsure = _without_guesses(pair_up(old, new, kpi_evidence), before, after)
    order = {name: number for number, (_, _, name) in enumerate(plan.listed())}
    pairs.sort(key=lambda pair: order.get(pair[1].id, len(order)) if pair[1] else len(order) + 1)
    kpi_changes = (comparison.kpi(*pair) for pair in pairs)
    return Changes(
        day,
        plan,
        compare_fields(describe_plan(was), describe_plan(plan)),
        tuple(change for change in kpi_changes if change is not None),
        (*((path, True) for path in _unusable(before)), *((path, False) for path in _unusable(after))),
        unsure,
    )


def _plans(before: FrameworkVersion, after: FrameworkVersion) -> tuple[Plan, Plan]:
    """The plans to judge by. Where one is missing or has mistakes, the other stands for both."""
    usable = [side.plan for side in (before, after) if not side.unusable_plan]
    if len(usable) == 2 and usable[0] is not None and usable[1] is not None:
        return usable[0], usable[1]
    known = next((plan for plan in (*reversed(usable), after.plan, before.plan) if plan is not None), None)
    if known is None:
        raise ValueError("neither version has a plan")
    return known, known


def _unusable(side: FrameworkVersion) -> tuple[str, ...]:
    return (*filter(None, (side.unusable_plan,)), *side.unusable.values())


_KpiPair = tuple[Kpi | None, Kpi | None]


def _without_guesses(
    pairs: list[_KpiPair], before: FrameworkVersion, after: FrameworkVersion
) -> tuple[list[_KpiPair], tuple[str, ...]]:
    """The pairs without those that a file which can't be used may complete, and the ids of these."""
    known = [{*(kpi.id for kpi in side.kpis), *side.unusable} for side in (before, after)]
    may_be_old = not before.unusable.keys() <= known[1]
    may_be_new = not after.unusable.keys() <= known[0]
    sure: list[_KpiPair] = []
    unsure: list[_KpiPair] = []
    for old, new in pairs:
        guessed = (old is None and may_be_old) or (new is None and may_be_new)
        (unsure if guessed else sure).append((old, new))
    return sure, tuple(kpi.id for pair in unsure for kpi in pair if kpi is not None)


def judge_alike(rules: StatusRules, other: StatusRules) -> bool:
    """Whether two plans' rules give the same figures the same status."""
    return rules._replace(words={}) == other._replace(words={})


class _Comparison:
    """Compares KPIs of two versions on one day."""

    def __init__(self, was: StatusRules, now: StatusRules, day: date) -> None:
        self.was = was
        self.now = now
        self.day = day
        self.same_rules = judge_alike(was, now)

    def kpi(self, before: Kpi | None, after: Kpi | None) -> KpiChange | None:
        """What became of a KPI; None where all is as it was."""
        if after is None:
            return KpiChange(before, None, REMOVED)
        if before is None:
            new = _there([self._measure(after.id, None, measure) for measure in after.measures])
            return KpiChange(None, after, ADDED, measures=new)
        if before == after and self.same_rules:
            return None
        fields = compare_fields(describe_kpi(before), describe_kpi(after))
        pairs = pair_up(before.measures, after.measures, measure_evidence)
        measures = _there([self._measure(after.id, old, new, fields) for old, new in pairs])
        if len(measures) == len(pairs) > 1:
            shared = _shared(measures)
            fields += shared
            measures = tuple(
                change
                for change in (_without(change, shared) for change in measures)
                if _says_something(change)
            )
        what = KEPT if before.priority == after.priority else MOVED
        what = what if before.id == after.id else RENAMED
        return (
            KpiChange(before, after, what, fields, measures) if fields or measures or what != KEPT else None
        )

    def _measure(
        self, kpi: str, before: Measure | None, after: Measure | None, reported: tuple[FieldChange, ...] = ()
    ) -> MeasureChange | None:
        """What became of a KPI's measure; None where all is as it was. Of its fields those told of its KPI are left out."""
        if before == after and self.same_rules:
            return None
        was = judge_measure(kpi, before, self.day, self.was) if before else None
        now = judge_measure(kpi, after, self.day, self.now) if after else None
        if before is None or after is None:
            return MeasureChange(was, now, ADDED if after else REMOVED)
        fields = compare_fields(describe_measure(before), describe_measure(after))
        targets = compare_targets(before, after, PlanTolerance(self.was.tolerance, self.now.tolerance))
        change = MeasureChange(
            was,
            now,
            KEPT if before.id == after.id else RENAMED,
            tuple(compare_figures(before, after)),
            targets,
            fields,
            self._old_state(kpi, before, after) if targets else "",
        )
        change = _without(change, reported)
        return change if _says_something(change) else None

    def _old_state(self, kpi: str, before: Measure, after: Measure) -> str:
        """The state that today's figures would have with the targets from before; in another unit nothing can be said."""
        if before.unit != after.unit:
            return ""
        return judge_measure(kpi, after._replace(targets=before.targets), self.day, self.now).state


def _shared(measures: Sequence[MeasureChange]) -> tuple[FieldChange, ...]:
    """What all measures of a KPI say otherwise alike: it is told once, of the KPI."""
    return tuple(field for field in measures[0].fields if all(field in change.fields for change in measures))


def _without(change: MeasureChange, reported: tuple[FieldChange, ...]) -> MeasureChange:
    return change._replace(fields=tuple(field for field in change.fields if field not in reported))


def _there(measures: Sequence[MeasureChange | None]) -> tuple[MeasureChange, ...]:
    return tuple(change for change in measures if change is not None)


def _says_something(change: MeasureChange) -> bool:
    before, after = change.states
    listed = change.figures or change.targets or change.fields or change.what != KEPT
    return bool(listed) or before != after or change.newly_overdue or change.caught_up


def _late(judged: MeasureJudgement | None) -> bool:
    return judged is not None and judged.freshness is not None and judged.freshness.days_late > 0
