"""Single changes in words, and the effects of recorded figures on statuses: plain text without Markdown."""

from collections.abc import Collection, Iterator, Mapping
from posixpath import commonprefix

from kpi.judge.changes import KpiChange, MeasureChange
from kpi.judge.field_changes import ADDED, LOOSER, REMOVED, SAME, TIGHTER, FieldChange, TargetChange
from kpi.judge.figure_changes import NEW, WITHDRAWN, FigureChange, Twins, is_telling, twins_among
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import Measure, Observation, Target
from kpi.model.period import period_words
from kpi.model.plan import Plan
from kpi.model.quantity import figure, plain
from kpi.model.text import counted, display, joined
from kpi.model.vocabulary import MARKS
from kpi.pages.figure_words import capitalised, dated, unrounded_if_alike, value_words, when
from kpi.pages.target_words import state_words, target_words
from kpi.pages.trend_words import direction_words

ARROW = "→"
_LONGEST = 120


def figure_words(change: FigureChange, measure_change: MeasureChange, plan: Plan, twins: Twins) -> str:
    """What happened to a figure: "2022/23: 88% → 87% [r], because two returns came late", "2024/25: 91%".

    A new one that equals the one before, or another measure's, is asked about.
    """
    measure, before, after = measure_change.newest.measure, change.before, change.after
    area = plan.areas[change.area].label if change.area in plan.areas else change.area
    head = f"{f'{area}, ' if area else ''}{period_words(change.newest.period)}"
    values = {(each.value, each.assessment) for each in (before, after) if each}
    if change.what not in {NEW, WITHDRAWN} and len(values) < 2:
        return f"{head}: {joined(_beside(change))}"
    old = (measure_change.before or measure_change.newest).measure
    was, now = unrounded_if_alike(before, old, after, measure)
    series, at = measure.peers.get(change.area, measure.observations), change.newest.period
    past = (each for each in reversed(series) if each.period.end < at.end and at.is_as_long_as(each.period))
    valued = (each for each in past if each.value is not None and change.what == NEW)
    earlier = next(valued, None)
    words = value_words(after, now) if after else "gone"
    if before is not None or change.what != NEW:
        words = f"{value_words(before, was) if before else 'nothing'} {ARROW} {words}"
    elif earlier is not None and change.newest.value is not None:
        words += f", after {dated(earlier, now)}"
    note = f" ({display(after.note, _LONGEST)})" if after and after.note else ""
    parts = [f"{head}: {words}{note}"]
    verdict = measure_change.after.deciding if measure_change.after else None
    if verdict is not None and after and not change.area and verdict.observation == after:
        parts.append(state_words(verdict.state, plan.status.words))
    places = list(twins_among(twins, change, measure, measure_change.newest.address))
    if earlier and earlier.value == change.newest.value and is_telling(earlier.value, measure):
        parts.append("was it copied forward?")
    elif places:
        names = joined(f"{address} ({period_words(period)})" for address, period in places)
        parts.append(f"{names} {'have' if places[1:] else 'has'} the same figure: is it in the right place?")
    return "; ".join(parts)


def _beside(change: FigureChange) -> Iterator[str]:
    before, after = change.before, change.after
    if after is None:
        yield "no longer listed"
        return
    was = before or Observation(after.period, None)
    for said, marks, others in (("now", after.marks, was.marks), ("no longer", was.marks, after.marks)):
        briefly = {mark: "marked as a break" if mark == "break" else MARKS[mark].brief for mark in marks}
        yield from (f"{said} {words}" for mark, words in briefly.items() if mark not in others)
    if was.note.split() != after.note.split():
        yield f'note "{display(after.note, _LONGEST)}"' if after.note else "note taken out"
    if (was.numerator, was.denominator) != (after.numerator, after.denominator):
        yield "other numbers behind the share"
    if was.margin != after.margin:
        yield f"margin {plain(after.margin)}" if after.margin is not None else "margin taken out"


def trend_ended_words(change: MeasureChange) -> str:
    """The newest trend, if it ended without new figures: "Worse ▼ down 4 (…) → not comparable (break)"; else empty."""
    if not (change.before and change.before.directions and change.after and change.after.directions):
        return ""
    was, now = change.before.directions[0], change.after.directions[0]
    if was.earlier is None or now.outcome == was.outcome or was.later.value != now.later.value:
        return ""
    if now.earlier and now.earlier.value != was.earlier.value:
        return ""
    becomes = now.reason if now.earlier is None else ": ".join(filter(None, (now.outcome, now.reason)))
    return f"{direction_words(was, change.before.measure)} {ARROW} {becomes}"


def state_change_words(change: MeasureChange, plan: Plan) -> str:
    """What happened to a status, and what decides: "Met → missed: 86% (2023/24), at least 90%"."""
    before, after = (state_words(state, plan.status.words) if state else "new" for state in change.states)
    words = capitalised(f"{before} {ARROW} {after}")
    verdict = change.after.deciding if change.after else None
    if verdict is not None:
        measure = change.newest.measure
        judged = dated(verdict.observation, measure) if verdict.observation else verdict.reason
        words += f": {', '.join(filter(None, (judged, target_words(verdict.target, measure, verdict))))}"
    gone = change.no_longer_judged
    if gone is not None:
        words += f"; {when(gone.period, change.newest.measure)} is no longer judged"
    return words + _by_target(change, plan)


def _by_target(change: MeasureChange, plan: Plan) -> str:
    if not change.by_target:
        return ""
    now, old = (state_words(state, plan.status.words) for state in (change.states[1], change.old_state))
    return f"; it is {now}, and would be {old} with the target from before"


def target_change_words(change: TargetChange, measure_change: MeasureChange, plan: Plan) -> str:
    """What happened to a target: "Looser: at least 90% → at least 85%"."""
    both = (measure_change.before, measure_change.after)
    was, now = ((judged or measure_change.newest).measure for judged in both)
    with_way = "trajectory" in change.parts
    before = _target(change.before, was, plan, with_way=with_way) if change.before else ""
    after = _target(change.after, now, plan, with_way=with_way) if change.after else ""
    if change.what == REMOVED:
        words = f"Removed: {before}"
    elif change.what == ADDED:
        beside = f"{change.way} than" if change.way in {LOOSER, TIGHTER} else "in place of"
        words = f"New: {after}" + (f", {beside} {before}" if before else "")
    elif change.parts == ("order",):
        words = f"Now the first, which decides: {after}"
    else:
        parts = joined(change.parts)
        head = f"{parts} changed" if change.way == SAME else change.way
        beside = f" ({parts})" if change.way != SAME and len(change.parts) > 1 else ""
        words = f"{capitalised(head)}: {before} {ARROW} {after}{beside}"
    old, new = (judged and judged.deciding and judged.deciding.target for judged in both)
    targets = measure_change.targets
    deciding = [each for each in targets if (old and each.before == old) or (new and each.after == new)]
    return words + (_by_target(measure_change, plan) if change in (deciding or targets) else "")


def _target(target: Target, measure: Measure, plan: Plan, *, with_way: bool) -> str:
    source = plan.sources[target.source].title if target.source in plan.sources else target.source
    words = target_words(target, measure)
    if with_way:
        way = target.trajectory
        points = (f"{figure(value, measure.unit)} by {period_words(period)}" for period, value in way)
        words += f", on the way {joined(points) or 'nothing'}"
    return f"{words} ({source})" if source else words


def field_words(change: FieldChange, plan: Plan) -> str:
    """A field before and after: "unit: count → percent"; long texts from a few words before they differ."""
    texts = [change.before, change.after]
    if change.field == "owner":
        texts = [plan.owners.get(name, name) for name in texts]
    if max(map(len, texts)) > _LONGEST:
        same = len(commonprefix(texts))
        start = texts[0].rfind(" ", 0, max(0, same - 40)) + 1
        lead = "…" if start else ""
        texts = [f"{lead}{display(text[start:], _LONGEST)}" if text else "" for text in texts]
    before, after = (f'"{text}"' if " " in text else text for text in texts)
    return f"{change.field}: {before or 'none'} {ARROW} {after or 'none'}"


def kpi_change_words(change: KpiChange, plan: Plan) -> str:
    """What happened to a KPI as a whole: "Added, under Care", "Renamed from old-id"; else empty."""
    before, after = change.before, change.after
    old, new = (kpi and (plan.priority_title(kpi.priority) or kpi.priority) for kpi in (before, after))
    if before and after:
        parts = [f"renamed from {before.id}"] if before.id != after.id else []
        parts += [f"moved from {old} to {new}"] if before.priority != after.priority else []
        return capitalised(joined(parts)) if parts else ""
    figures = sum(len(measure.observations) for measure in change.newest.measures)
    words = f"under {new or old}, {'with ' + counted(figures, 'figure') if figures else 'without figures'}"
    return f"Added {words}" if after else f"Removed; it was {words}"


def lagging_words(change: KpiChange) -> str:
    """The measures that lack a new period where all had the same ones so far; else empty."""
    measures = change.after.measures if change.after else ()
    own = [measure for measure in measures if measure.observations and measure.derived is None]
    periods = [tuple(figure.period.interval for figure in measure.observations) for measure in own]
    longest = max(periods, key=len, default=())
    lagging = [measure for measure, known in zip(own, periods, strict=True) if known == longest[:-1]]
    if {*periods} != {longest, longest[:-1]} or len(longest) < 4 or not 3 <= len(own) < 2 * len(lagging):
        return ""
    figures = (figure for each in change.measures for figure in each.figures if figure.what == NEW)
    new = [figure.newest.period for figure in figures if figure.newest.period.interval == longest[-1]]
    names = joined(f'"{measure.title or measure.id}"' for measure in lagging)
    words = f"has no figure yet for {names}, which have had the same periods so far"
    return f"{period_words(new[0])} {words}" if new else ""


def measure_change_words(change: MeasureChange) -> str:
    """The same for a measure as a whole."""
    before, after = change.before, change.after
    if before and after:
        renamed = before.measure.id != after.measure.id
        return f"Measure renamed from {before.measure.id}" if renamed else ""
    figures = counted(len(change.newest.measure.observations), "figure")
    return f"Measure added, with {figures}" if after else f"Measure removed; it had {figures}"


def effects(before: Judgement, after: Judgement, recorded: Collection[str]) -> list[str]:
    """A line for each measure and KPI with `recorded` figures or another status than `before`; or that none has."""
    words = after.plan.status.words
    homes = {address.partition("/")[0] for address in recorded}
    lines = []
    old_measures = {judged.address: judged for judged in before.once()}
    for new in after.once():
        old = old_measures.get(new.address)
        has_target = bool(new.verdicts or (old and old.verdicts))
        was, now = (_status(judged, words, has_target=has_target) if judged else "" for judged in (old, new))
        if new.address in recorded or (was and was != now):
            status = _now_and_before(was, now or state_words(new.state, words))
            lines.append(f"{new.address}: {'target ' * has_target}{status}{_reason(old, new)}.")
    old_kpis = before.by_id()
    for kpi in after.kpis:
        was, now = (_kpi_status(each, words) if each else "" for each in (old_kpis.get(kpi.kpi.id), kpi))
        if (was and was != now) or (kpi.kpi.id in homes and len(kpi.measures) > 1):
            lines.append(f"{kpi.kpi.id}: {_now_and_before(was, now)}.")
    return lines or ["No status changes."]


def _now_and_before(was: str, now: str) -> str:
    if was == now:
        return f"still {now}"
    return f"now {now}, was {was}" if was else now


def _status(judged: MeasureJudgement, words: Mapping[str, str], *, has_target: bool) -> str:
    """The status of the target with its colour, or how the aim is kept; empty without either."""
    if has_target:
        return _with(state_words(judged.state, words), judged.rag.colour)
    return _with(judged.aim.word, judged.aim.reason) if judged.aim else ""


def _kpi_status(kpi: KpiJudgement, words: Mapping[str, str]) -> str:
    count = f"{kpi.met} of {kpi.targeted} met" if kpi.targeted > 1 else ""
    return _with(state_words(kpi.status, words), kpi.rag.colour, count)


def _with(words: str, *beside: str) -> str:
    more = ", ".join(filter(None, beside))
    return f"{words} ({more})" if more else words


def _reason(old: MeasureJudgement | None, new: MeasureJudgement) -> str:
    """The figure that was judged and its target, and how the measure has changed if a new figure says so."""
    reason, deciding = "", new.deciding
    if deciding and deciding.observation:
        target = target_words(deciding.target, new.measure, deciding)
        reason = f": {dated(deciding.observation, new.measure)} against {target}"
    elif deciding and deciding.reason:
        reason = f": {deciding.reason}"
    newest = next(iter(new.directions), None)
    if newest and newest.earlier and (old is None or newest not in old.directions):
        reason += f". {direction_words(newest, new.measure)}"
    return reason
