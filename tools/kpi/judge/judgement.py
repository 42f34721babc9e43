"""Judges each measure, each KPI and the whole framework on a day: states, colours, aims."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from kpi.judge import benchmarks, series
from kpi.judge import state as states
from kpi.judge.bound import has_ended
from kpi.judge.breach import Breach, find_breach
from kpi.judge.direction import GAINED, NEITHER, QUERIED, Direction, judge_direction, judge_directions
from kpi.judge.target import Verdict, judge_targets
from kpi.model.kpi import CUMULATIVE, Kpi, Measure, Observation, Target
from kpi.model.period import add_months
from kpi.model.plan import Plan, StatusRules, with_year_names


class Rag(NamedTuple):
    """A colour, empty for states that have none, and what decided between red and amber."""

    colour: str = ""
    because: str = ""


_IMPROVING = "improving"
_WHY_UNMET = {
    states.BETTER: _IMPROVING,
    states.WORSE: "clearly worse",
    states.NO_CLEAR_CHANGE: states.NO_CLEAR_CHANGE,
    states.SAME: "the same as before",
    states.UNJUDGED: "nothing to compare",
}


def choose_colour(
    measure: Measure, verdict: Verdict | None, judged: Direction | None, rules: StatusRules
) -> Rag:
    """The colour by the deciding verdict and the direction of the figure that it judged (docs/judgement.md, "Colours")."""
    if verdict is None or (verdict.queried and verdict.state in states.IS_MET):
        return Rag()
    colour = states.STATES[verdict.state].colour
    if verdict.state not in states.UNMET:
        is_within = colour == states.AMBER and verdict.bound is not None
        return Rag(colour, "within the tolerance" if is_within else "")
    earlier, outcome = (judged.earlier, judged.outcome) if judged else (None, states.UNJUDGED)
    because = _WHY_UNMET.get(outcome, "no better or worse")
    if judged and judged.queried:
        because = QUERIED
    elif judged and earlier and judged.usual is None and series.at_a_date(measure):
        is_old = add_months(earlier.period.end, 12) < judged.later.period.end  # too far apart for a trend
        if is_old and outcome in {states.BETTER, states.WORSE}:
            because = f"{outcome} than in {earlier.period.end.year}"
    is_amber = rules.amber != "near" and (colour == states.AMBER or because == _IMPROVING)
    return Rag(states.AMBER if is_amber else states.RED, because)


AS_INTENDED, AGAINST, CANNOT_TELL, HELD = "as intended", "against the aim", "cannot tell", "held"
AIMS = frozenset({"increase", "reduce", "maintain"})


class AimResult(NamedTuple):
    """Whether the latest figure moves as a measure's aim intends; `reason` says why not, or why the change is not clear."""

    word: str
    reason: str = ""


def judge_aim(measure: Measure, directions: tuple[Direction, ...]) -> AimResult | None:
    """Compare a measure with its aim; None without one, where neither way is better, or where it says why it has no figures."""
    if measure.aim not in AIMS or measure.better.way == NEITHER or measure.no_figures is not None:
        return None
    if not directions:
        return AimResult(CANNOT_TELL, "no figures")
    travel = directions[0]
    # A gain that grew can't be judged, so one that stood still must not read better.
    if travel.outcome == states.SAME and measure.kind == CUMULATIVE:
        return AimResult(CANNOT_TELL, GAINED)
    words = {states.BETTER: AS_INTENDED, states.WORSE: AGAINST, states.UNJUDGED: CANNOT_TELL}
    if measure.aim == "maintain":
        words |= {states.NO_CLEAR_CHANGE: HELD, states.SAME: HELD}
    # neither of two figures equally near the best is better
    word = words.get(travel.outcome, states.NO_CLEAR_CHANGE)
    return AimResult(word, states.SAME if travel.outcome == states.SAME else travel.reason)


class MeasureJudgement(NamedTuple):
    """A measure on a day. `kpi` is the KPI that it belongs to; the first of `verdicts` decides."""

    kpi: str
    measure: Measure
    latest: series.Latest
    current: tuple[Observation, ...]
    directions: tuple[Direction, ...]
    verdicts: tuple[Verdict, ...]
    state: str
    rag: Rag
    aim: AimResult | None  # None where a target is in force
    breach: Breach | None
    triggers: tuple[benchmarks.TriggerResult, ...]
    freshness: series.Freshness | None
    references: tuple[benchmarks.ReferenceResult, ...] = ()
    baseline: Direction | None = None
    ended: Target | None = None  # the last target where none is in force any more

    @property
    def address(self) -> str:
        """`kpi/measure`."""
        return f"{self.kpi}/{self.measure.id}"

    @property
    def history(self) -> tuple[Observation, ...]:
        """Every figure that may be judged and is not current, newest first."""
        known = reversed(series.judgeable(self.measure))
        return tuple(figure for figure in known if figure not in self.current)

    @property
    def deciding(self) -> Verdict | None:
        """The verdict that gives the measure its state."""
        return self.verdicts[0] if self.verdicts else None

    @property
    def change(self) -> str:
        """The class of the newest figure's change (see `ChangeClass`)."""
        return self.directions[0].outcome if self.directions else states.UNJUDGED

    @property
    def queried(self) -> bool:
        """Whether the judged figure, or the figure that its bound was taken from, is doubted."""
        if self.deciding is not None:
            return self.deciding.queried
        newest = self.latest.observation
        return newest is not None and newest.queried


class KpiJudgement(NamedTuple):
    """A KPI on a day: the worst of its measures, own ones first, then those it also shows; `met` of the `targeted` are met."""

    kpi: Kpi
    measures: tuple[MeasureJudgement, ...]
    status: str
    rag: Rag
    met: int
    targeted: int


class Judgement(NamedTuple):
    """The whole framework on a day, with KPIs in the plan's order."""

    plan: Plan
    day: date
    kpis: tuple[KpiJudgement, ...]

    def once(self) -> tuple[MeasureJudgement, ...]:
        """Every measure once, however many KPIs show it."""
        return tuple({judged.address: judged for kpi in self.kpis for judged in kpi.measures}.values())

    def by_id(self) -> dict[str, KpiJudgement]:
        """The judgements by KPI id."""
        return {judged.kpi.id: judged for judged in self.kpis}

    def of(self, ids: Iterable[str]) -> list[KpiJudgement]:
        """The judgements of the KPIs with these ids, in their order; those without a file are left out."""
        by_id = self.by_id()
        return [by_id[name] for name in ids if name in by_id]


def judge(plan: Plan, kpis: Iterable[Kpi], day: date | None = None) -> Judgement:
    """Judge every KPI that the plan lists and that has a file, on a day; by default the pages' day (see `series.pages_day`)."""
    by_id = {kpi.id: with_year_names(kpi.with_scales(), plan.year_names) for kpi in kpis}
    day = series.pages_day(plan, by_id.values()) if day is None else day
    measures = {
        f"{kpi.id}/{measure.id}": judge_measure(kpi.id, measure, day, plan.status)
        for kpi in by_id.values()
        for measure in kpi.measures
    }
    listed = dict.fromkeys(name for _, _, name in plan.listed())
    return Judgement(plan, day, tuple(_judge_kpi(by_id[name], measures) for name in listed if name in by_id))


def judge_measure(kpi_id: str, measure: Measure, day: date, rules: StatusRules) -> MeasureJudgement:
    """Judge one measure on a day, from the figures known by then."""
    known = series.known_by(measure.compared(rules.compare), day)
    in_force = judge_targets(known, day, rules.tolerance, series.missing_figures(known, day))
    deciding = in_force[0] if in_force else None
    judged = deciding.observation if deciding else None
    its_direction = judge_direction(known, judged) if judged and judged.value is not None else None
    no_figures = known.no_figures
    without_target = states.WITHOUT_FIGURES[no_figures.because] if no_figures else states.NO_TARGET
    latest, travel = series.find_latest(known), judge_directions(known)
    if travel and latest.observation is not None and latest.observation.value is None:
        travel = (
            Direction(latest.observation, reason="only an assessment"),
            *travel,
        )  # the others are of older ones
    ended = [target for target in known.targets if has_ended(known, target)]
    return MeasureJudgement(
        kpi=kpi_id,
        measure=known,
        latest=latest,
        current=series.newest_of_each_length(series.judgeable(known)),
        directions=travel,
        verdicts=in_force,
        state=deciding.state if deciding else without_target,
        rag=choose_colour(known, deciding, its_direction, rules),
        aim=None if in_force else judge_aim(known, travel),
        breach=find_breach(known, deciding, rules.tolerance),
        triggers=benchmarks.check_triggers(known, travel),
        freshness=series.judge_freshness(known, day),
        references=benchmarks.compare_with_references(known),
        baseline=benchmarks.compare_with_baseline(known),
        ended=None if in_force else max(ended, key=lambda target: target.last_day, default=None),
    )


def _judge_kpi(kpi: Kpi, judged: Mapping[str, MeasureJudgement]) -> KpiJudgement:
    own = [f"{kpi.id}/{measure.id}" for measure in kpi.measures]
    shown = tuple(judged[address] for address in dict.fromkeys((*own, *kpi.also_shows)) if address in judged)
    targeted = [judged for judged in shown if judged.verdicts]
    status = states.NO_TARGET
    if targeted:
        status = min((judged.state for judged in targeted), key=states.STATES_WORST_FIRST.index)
    elif kpi.no_figures is not None:
        status = states.WITHOUT_FIGURES[kpi.no_figures.because]
    elif shown and all(judged.measure.no_figures is not None for judged in shown):
        status = shown[0].state
    alike = states.UNMET if status in states.UNMET else {status}
    colours = [judged.rag for judged in targeted if judged.state in alike]
    worst_first = (states.RED, states.AMBER, states.GREEN, "")
    return KpiJudgement(
        kpi=kpi,
        measures=shown,
        status=status,
        rag=min(colours, key=lambda rag: worst_first.index(rag.colour), default=Rag()),
        met=sum(judged.state in states.IS_MET for judged in targeted),
        targeted=len(targeted),
    )
