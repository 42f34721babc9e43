"""What a change means: two versions of a framework, compared by content and not by spelling.

Both are judged on the same day, so that the calendar alone changes no status; two editions are judged each on its own.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from kpi.judge.field_changes import FieldChange, compare_fields, describe_kpi, describe_measure, describe_plan
from kpi.judge.figure_changes import (
    FigureChange,
    Twins,
    compare_figures,
    kpi_evidence,
    measure_evidence,
    pair_up,
    twins_of,
)
from kpi.judge.judgement import Judgement, MeasureJudgement, judge, judge_measure
from kpi.judge.series import pages_day
from kpi.judge.state import IS_MET, UNMET
from kpi.judge.target_changes import TargetChange, compare_targets
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.plan import Plan, StatusRules, with_year_names

ADDED, REMOVED, RENAMED, MOVED, KEPT = "added", "removed", "renamed", "moved", "kept"


class FrameworkVersion(NamedTuple):
    """One version of the framework."""

    plan: Plan | None  # the plan; None if there is none or it can't be used
    kpis: tuple[Kpi, ...]  # the KPIs. Those that are the same in both versions may be left out.
    # the paths of KPI files that can't be used, by id (by path if the name is no id). They are not compared.
    unusable: Mapping[str, str] = {}
    unusable_plan: str = ""  # the path of a plan with mistakes; `plan` is then what could be read of it
    newest: date = date.min  # the last day of the newest period of KPIs that were left out


class MeasureChange(NamedTuple):
    """A changed measure; at least one of `before` and `after` is given. One that was added or removed has no other changes."""

    before: MeasureJudgement | None
    after: MeasureJudgement | None
    what: str = KEPT  # `added`, `removed`, `renamed` or `kept`
    figures: tuple[FigureChange, ...] = ()  # oldest first
    targets: tuple[TargetChange, ...] = ()
    fields: tuple[FieldChange, ...] = ()  # without those that changed alike in all measures of the KPI
    old_state: str = ""  # of the new figures with the old targets; empty if no target or the unit changed

    @property
    def newest(self) -> MeasureJudgement:
        """The measure as it is; if it was removed, as it was."""
        measure = self.after or self.before
        assert measure is not None
        return measure

    @property
    def states(self) -> tuple[str, str]:
        """The state before and after; empty if there was no measure."""
        return (self.before.state if self.before else "", self.after.state if self.after else "")

    @property
    def newly_missed(self) -> bool:
        """Whether the target isn't met now and wasn't a breach before."""
        before, after = self.states
        return after in UNMET and before not in UNMET

    @property
    def recovered(self) -> bool:
        """Whether the target wasn't met and is met now, by the same figure or a newer one, and with the old targets too.

        A target that is near, has no data or was removed has not recovered, nor has one that is judged on an older figure again.
        """
        before, after = self.states
        return before in UNMET and after in IS_MET and not self.by_target and self.no_longer_judged is None

    @property
    def no_longer_judged(self) -> Observation | None:
        """The figure that was judged before, if an older one or none is judged now."""
        verdicts = (judged.deciding if judged else None for judged in (self.before, self.after))
        was, now = (verdict.observation if verdict else None for verdict in verdicts)
        is_older = was is not None and (now is None or now.period.end < was.period.end)
        return was if self.after and is_older else None

    @property
    def by_target(self) -> bool:
        """Whether the figures would have another state with the old targets."""
        return bool(self.old_state) and self.old_state != self.states[1]

    @property
    def newly_overdue(self) -> bool:
        """Whether the next figure is late now and wasn't before."""
        return _is_late(self.after) and not _is_late(self.before)

    @property
    def caught_up(self) -> bool:
        """Whether the next figure was late and isn't any more."""
        return self.after is not None and _is_late(self.before) and not _is_late(self.after)


class KpiChange(NamedTuple):
    """A changed KPI, with at least one of `before` and `after`."""

    before: Kpi | None
    after: Kpi | None
    what: str = KEPT  # `added`, `removed`, `renamed` (another id), `moved` (another priority) or `kept`
    fields: tuple[FieldChange, ...] = ()
    measures: tuple[MeasureChange, ...] = ()

    @property
    def newest(self) -> Kpi:
        """The KPI as it is; if it was removed, as it was."""
        kpi = self.after or self.before
        assert kpi is not None
        return kpi


class Changes(NamedTuple):
    """The differences between two versions, judged on one day."""

    day: date
    plan: Plan  # the plan as it is; if it can't be used, as it was
    fields: tuple[FieldChange, ...]  # the changed fields of the plan
    kpis: tuple[KpiChange, ...]  # the changed KPIs in the plan's order, removed ones last
    # the files that were left out, as (path, whether the earlier version can't be used)
    unusable: tuple[tuple[str, bool], ...] = ()
    # the ids of KPIs in one version only that may be in an unusable file of the other
    unsure: tuple[str, ...] = ()
    twins: Twins = MappingProxyType({})  # what figures several measures have now


def compare_versions(before: FrameworkVersion, after: FrameworkVersion, day: date | None = None) -> Changes:
    """Compare two versions, judged on `day` or the later of their page days; `ValueError` if neither has a plan."""
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
    unusable = (
        (path, side is before)
        for side in (before, after)
        for path in (side.unusable_plan, *side.unusable.values())
        if path
    )
    return Changes(
        day,
        plan,
        compare_fields(describe_plan(was), describe_plan(plan)),
        tuple(change for change in kpi_changes if change is not None),
        tuple(unusable),
        unsure,
        twins_of(new),
    )


def _plans(before: FrameworkVersion, after: FrameworkVersion) -> tuple[Plan, Plan]:
    """The plans to judge by. If one is missing or has mistakes, the other is used for both versions."""
    was, now = (None if side.unusable_plan else side.plan for side in (before, after))
    plan = now or was or after.plan or before.plan
    if plan is None:
        raise ValueError("neither version has a plan")
    return (was, now) if was and now else (plan, plan)


_KpiPair = tuple[Kpi | None, Kpi | None]


def _without_guesses(
    pairs: list[_KpiPair], before: FrameworkVersion, after: FrameworkVersion
) -> tuple[list[_KpiPair], tuple[str, ...]]:
    """The pairs, without KPIs in one version only that may be in an unusable file of the other; and the ids of those."""
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


class _Comparison(NamedTuple):
    """Compares KPIs of two versions on one day."""

    was: StatusRules
    now: StatusRules
    day: date

    def kpi(self, before: Kpi | None, after: Kpi | None) -> KpiChange | None:
        """The change to one KPI, or None. Fields that change alike in all its measures are reported once, for the KPI."""
        if after is None:
            return KpiChange(before, None, REMOVED)
        if before is None:
            new = tuple(self._measure(after.id, None, measure) for measure in after.measures)
            return KpiChange(None, after, ADDED, measures=new)
        same_rules = judge_alike(self.was, self.now)
        if before == after and same_rules:
            return None
        fields = compare_fields(describe_kpi(before), describe_kpi(after))
        pairs = pair_up(before.measures, after.measures, measure_evidence)
        differ = [(old, new) for old, new in pairs if old != new or not same_rules]
        changes = [self._measure(after.id, old, new) for old, new in differ]
        if len(changes) == len(pairs) > 1:
            shared = set.intersection(*(set(change.fields) for change in changes))
            fields += tuple(field for field in changes[0].fields if field in shared and field not in fields)
        own = (
            change._replace(fields=tuple(field for field in change.fields if field not in fields))
            for change in changes
        )
        measures = tuple(filter(_is_change, own))
        what = RENAMED if before.id != after.id else KEPT if before.priority == after.priority else MOVED
        is_change = fields or measures or what != KEPT
        return KpiChange(before, after, what, fields, measures) if is_change else None

    def _measure(self, kpi: str, before: Measure | None, after: Measure | None) -> MeasureChange:
        was = judge_measure(kpi, before, self.day, self.was) if before else None
        now = judge_measure(kpi, after, self.day, self.now) if after else None
        if before is None or after is None:
            return MeasureChange(was, now, ADDED if after else REMOVED)
        targets = compare_targets(before, after, (self.was.tolerance, self.now.tolerance))
        return MeasureChange(
            was,
            now,
            KEPT if before.id == after.id else RENAMED,
            tuple(compare_figures(before, after)),
            targets,
            compare_fields(describe_measure(before), describe_measure(after)),
            judge_measure(kpi, after._replace(targets=before.targets), self.day, self.now).state
            if targets and before.unit == after.unit
            else "",
        )


def _is_change(change: MeasureChange) -> bool:
    before, after = change.states
    listed = change.figures or change.targets or change.fields or change.what != KEPT
    return bool(listed) or before != after or change.newly_overdue or change.caught_up


def _is_late(judged: MeasureJudgement | None) -> bool:
    return judged is not None and judged.freshness is not None and judged.freshness.days_late > 0


class SinceEdition(NamedTuple):
    """The addresses of the measures that changed."""

    edition: str  # the day of the last edition's meeting as ISO text; empty where its plan had none
    met: frozenset[str]  # their target is met now; it was there before, and not met
    unmet: frozenset[str]  # their target isn't met now. It was before, or there was none.
    revised: frozenset[str]  # a published figure of theirs is another now, or gone
    unread: int = 0  # how many KPIs could not be compared


def compare_editions(last: FrameworkVersion, after: Judgement) -> SinceEdition:
    """What has changed between two editions, without KPIs that can't be read; `ValueError` if the last one has no plan."""
    if last.plan is None:
        raise ValueError("the last edition has no plan")
    before = judge(last.plan, last.kpis)
    old = {judged.address: judged for judged in before.once()}
    new = {judged.address: judged for judged in after.once()}
    kpis = [judged.kpi for judged in after.kpis]
    met, unmet, revised = set(), set(), set()
    for old_kpi, kpi in pair_up([judged.kpi for judged in before.kpis], kpis, kpi_evidence):
        if kpi is None or kpi.id in last.unusable:
            continue
        for was, measure in pair_up(old_kpi.measures if old_kpi else (), kpi.measures, measure_evidence):
            if measure is None:
                continue
            address = f"{kpi.id}/{measure.id}"
            state = new[address].state
            earlier = old.get(f"{old_kpi.id}/{was.id}") if old_kpi and was else None
            if state in IS_MET and earlier and earlier.verdicts and earlier.state not in IS_MET:
                met.add(address)
            if state in UNMET and (earlier is None or earlier.state not in UNMET):
                unmet.add(address)
            if was and any(change.revised and not change.area for change in compare_figures(was, measure)):
                revised.add(address)
    unread = sum(kpi.id in last.unusable for kpi in kpis)
    return SinceEdition(last.plan.edition.date, frozenset(met), frozenset(unmet), frozenset(revised), unread)
