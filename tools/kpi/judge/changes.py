"""What a change means: two versions of a framework, compared by content and on one day; and two editions, each on its own."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from kpi.judge.field_changes import FieldChange, TargetChange, compare_fields, compare_targets
from kpi.judge.figure_changes import FigureChange, Twins, compare_figures, pair_up, twins_of
from kpi.judge.judgement import Judgement, MeasureJudgement, judge, judge_measure
from kpi.judge.series import pages_day
from kpi.judge.state import IS_MET, UNMET
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.plan import Plan, StatusRules, with_year_names

ADDED, REMOVED, RENAMED, MOVED, KEPT = "added", "removed", "renamed", "moved", "kept"


class FrameworkVersion(NamedTuple):
    """One version of the framework."""

    plan: Plan | None  # the plan; None if there is none or it can't be used
    kpis: tuple[Kpi, ...]  # the KPIs. Those that are the same in both versions may be left out.
    # the paths of KPI files that can't be used and are not compared, by id (by path if the name is no id)
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
        return self.states[1] in UNMET and self.states[0] not in UNMET

    @property
    def recovered(self) -> bool:
        """Whether the target wasn't met and is met now, by no older figure than before, and with the old targets too."""
        before, after = self.states
        return before in UNMET and after in IS_MET and not self.by_target and self.no_longer_judged is None

    @property
    def no_longer_judged(self) -> Observation | None:
        """The figure that was judged before, if an older one or none is judged now."""
        verdicts = (judged.deciding if judged else None for judged in (self.before, self.after))
        was, now = (verdict.observation if verdict else None for verdict in verdicts)
        is_older = was and (now is None or now.period.end < was.period.end)
        return was if self.after and is_older else None

    @property
    def by_target(self) -> bool:
        """Whether the figures would have another state with the old targets."""
        return bool(self.old_state) and self.old_state != self.states[1]

    @property
    def newly_overdue(self) -> bool:
        """Whether the next figure is late now and wasn't before."""
        freshness = (judged.freshness if judged else None for judged in (self.before, self.after))
        was_late, is_late = (each is not None and each.days_late > 0 for each in freshness)
        return is_late and not was_late


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
    unusable: tuple[tuple[str, bool], ...] = ()  # left-out files, and whether the earlier version is at fault
    unsure: tuple[str, ...] = ()  # KPIs in one version only that may be in an unusable file of the other
    twins: Twins = MappingProxyType({})  # what figures several measures have now


def compare_versions(before: FrameworkVersion, after: FrameworkVersion, day: date | None = None) -> Changes:
    """Compare two versions on `day` or the later page day, by either's plan if the other has none; `ValueError` without any."""
    was, now = (None if side.unusable_plan else side.plan for side in (before, after))
    plan = now or was or after.plan or before.plan
    if plan is None:
        raise ValueError("neither version has a plan")
    was = was if was and now else plan
    day = day or max(pages_day(was, before.kpis), pages_day(plan, after.kpis), before.newest, after.newest)
    left_out = before.unusable.keys() | after.unusable.keys()
    old, new = (
        [with_year_names(kpi, plan.year_names) for kpi in side.kpis if kpi.id not in left_out]
        for side in (before, after)
    )
    # A KPI in one version only may be in an unusable file of the other, which has another name there.
    known = [{*(kpi.id for kpi in side.kpis), *side.unusable} for side in (before, after)]
    may_be_old, may_be_new = not before.unusable.keys() <= known[1], not after.unusable.keys() <= known[0]
    order = {name: number for number, (_, _, name) in enumerate(plan.listed())}
    pairs = pair_up(old, new)
    pairs.sort(key=lambda pair: order.get(pair[1].id, len(order)) if pair[1] else len(order) + 1)
    unsure, kpi_changes = [], []
    for pair in pairs:
        if (pair[0] is None and may_be_old) or (pair[1] is None and may_be_new):
            unsure += [kpi.id for kpi in pair if kpi is not None]
        elif change := _compare_kpis(*pair, (was.status, plan.status), day):
            kpi_changes.append(change)
    sides = ((side, (side.unusable_plan, *side.unusable.values())) for side in (before, after))
    files = [(path, side is before) for side, paths in sides for path in paths if path]
    fields = compare_fields(was, plan)
    return Changes(day, plan, fields, tuple(kpi_changes), tuple(files), tuple(unsure), twins_of(new))


def judge_alike(rules: StatusRules, other: StatusRules) -> bool:
    """Whether two plans' rules give the same figures the same status."""
    return rules._replace(words={}) == other._replace(words={})


_Rules = tuple[StatusRules, StatusRules]  # of both versions


def _compare_kpis(before: Kpi | None, after: Kpi | None, rules: _Rules, day: date) -> KpiChange | None:
    """The change to one KPI, or None. Fields that change alike in all its measures are reported once, for the KPI."""
    if after is None:
        return KpiChange(before, None, REMOVED)
    if before is None:
        new = tuple(_compare_measures(after.id, None, measure, rules, day) for measure in after.measures)
        return KpiChange(None, after, ADDED, measures=new)
    fields = compare_fields(before, after)
    pairs = pair_up(before.measures, after.measures)
    differ = [pair for pair in pairs if pair[0] != pair[1] or not judge_alike(*rules)]
    changes = [_compare_measures(after.id, *pair, rules, day) for pair in differ]
    if len(changes) == len(pairs) > 1:
        shared = set.intersection(*(set(change.fields) for change in changes))
        fields += tuple(field for field in changes[0].fields if field in shared and field not in fields)
    measures = []
    for change in changes:
        own = tuple(field for field in change.fields if field not in fields)
        is_listed = change.figures or change.targets or own or change.what != KEPT
        if is_listed or change.states[0] != change.states[1] or change.newly_overdue:
            measures.append(change._replace(fields=own))
    what = KEPT if before.priority == after.priority else MOVED
    what = what if before.id == after.id else RENAMED
    is_change = fields or measures or what != KEPT
    return KpiChange(before, after, what, fields, tuple(measures)) if is_change else None


def _compare_measures(
    kpi: str, before: Measure | None, after: Measure | None, rules: _Rules, day: date
) -> MeasureChange:
    was = judge_measure(kpi, before, day, rules[0]) if before else None
    now = judge_measure(kpi, after, day, rules[1]) if after else None
    if before is None or after is None:
        return MeasureChange(was, now, ADDED if after else REMOVED)
    what = KEPT if before.id == after.id else RENAMED
    targets = compare_targets(before, after, (rules[0].tolerance, rules[1].tolerance))
    fields = compare_fields(before, after)
    with_old = after._replace(targets=before.targets)
    has_old_state = targets and before.unit == after.unit
    old_state = judge_measure(kpi, with_old, day, rules[1]).state if has_old_state else ""
    return MeasureChange(was, now, what, tuple(compare_figures(before, after)), targets, fields, old_state)


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
    old, new = ({judged.address: judged for judged in each.once()} for each in (before, after))
    kpis = [judged.kpi for judged in after.kpis]
    met, unmet, revised = set(), set(), set()
    for old_kpi, kpi in pair_up([judged.kpi for judged in before.kpis], kpis):
        if kpi is None or kpi.id in last.unusable:
            continue
        for was, measure in pair_up(old_kpi.measures if old_kpi else (), kpi.measures):
            if measure is None:
                continue
            address = f"{kpi.id}/{measure.id}"
            earlier = old.get(f"{old_kpi.id}/{was.id}") if old_kpi and was else None
            figures = tuple(compare_figures(was, measure)) if was else ()
            change = MeasureChange(earlier, new[address])
            if change.newly_missed:
                unmet.add(address)
            if change.states[1] in IS_MET and earlier and earlier.verdicts and earlier.state not in IS_MET:
                met.add(address)
            if any(figure.revised and not figure.area for figure in figures):
                revised.add(address)
    unread = sum(kpi.id in last.unusable for kpi in kpis)
    return SinceEdition(last.plan.edition.date, frozenset(met), frozenset(unmet), frozenset(revised), unread)
