"""Single changes in words, and the effects of recorded figures on statuses: plain text without Markdown."""

from collections.abc import Collection, Iterator
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


def figure_words(change: FigureChange, measure_change: MeasureChange, plan: Plan) -> str:
    """What happened to a figure: "2022/23: 88% → 87% [r], because two returns came late", "2024/25: 91%"."""
    now, was = measures_of(measure_change)
    was, now = unrounded_if_alike(change.before, was, change.after, now)
    area = plan.areas[change.area].label if change.area in plan.areas else change.area
    head = f"{f'{area}, ' if area else ''}{period_words(change.newest.period)}"
    after = value_words(change.after, now) if change.after else "gone"
    values = {(each.value, each.assessment) for each in (change.before, change.after) if each}
    if change.what == NEW and change.before is None:
        words = f"{head}: {after}"
        earlier = _before(change, now)
        if earlier is not None and change.newest.value is not None:
            words += f", after {dated(earlier, now)}"
    elif change.what in {NEW, WITHDRAWN} or len(values) > 1:
        words = f"{head}: {value_words(change.before, was) if change.before else 'nothing'} {ARROW} {after}"
    else:
        return f"{head}: {joined(_beside(change))}"
    note = change.after.note if change.after else ""
    words += f" ({display(note, _LONGEST)})" if note else ""
    verdict = measure_change.after.deciding if measure_change.after else None
    if verdict is None or change.area or change.after is None or verdict.observation != change.after:
        return words
    return f"{words}; {state_words(verdict.state, plan.status.words)}"


def _before(change: FigureChange, measure: Measure) -> Observation | None:
    period = change.newest.period
    series = measure.peers.get(change.area, ()) if change.area else measure.observations
    earlier = (figure for figure in reversed(series) if figure.period.end < period.end)
    alike = (figure for figure in earlier if figure.value is not None and period.is_as_long_as(figure.period))
    return next(alike, None)


def copied_words(change: FigureChange, measure_change: MeasureChange, twins: Twins) -> str:
    """The question about a new figure that equals the one before, or another measure's; empty if it doesn't."""
    measure = measure_change.newest.measure
    before = _before(change, measure) if change.what == NEW else None
    if before and before.value == change.newest.value and is_telling(before.value, measure):
        return "was it copied forward?"
    places = twins_among(twins, change, measure, measure_change.newest.address)
    names = [f"{address} ({period_words(period)})" for address, period in places]
    has = "has" if len(names) == 1 else "have"
    return f"{joined(names)} {has} the same figure: is it in the right place?" if names else ""


def measures_of(change: MeasureChange) -> tuple[Measure, Measure]:
    """The measure as it is and as it was."""
    now, was = ((judged or change.newest).measure for judged in (change.after, change.before))
    return now, was


def _beside(change: FigureChange) -> Iterator[str]:
    """What has changed beside the value."""
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
    """The newest trend, if it has changed although its figures haven't: "Worse ▼ down 4 (…) → not comparable (break)"; else empty."""
    both = (change.before, change.after)
    was, now = (judged.directions[0] if judged and judged.directions else None for judged in both)
    if was is None or was.earlier is None or now is None or now.outcome == was.outcome:
        return ""
    if was.later.value != now.later.value or (now.earlier and now.earlier.value != was.earlier.value):
        return ""
    becomes = now.reason if now.earlier is None else ": ".join(filter(None, (now.outcome, now.reason)))
    return f"{direction_words(was, measures_of(change)[1])} {ARROW} {becomes}"


def state_change_words(change: MeasureChange, plan: Plan) -> str:
    """What happened to a status, with the figure and target that decide: "Met → missed: 86% (2023/24), at least 90%"."""
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
    return f"{words}; {_only_by_target(change, plan)}" if change.by_target else words


def _only_by_target(change: MeasureChange, plan: Plan) -> str:
    now, old = (state_words(state, plan.status.words) for state in (change.states[1], change.old_state))
    return f"it is {now}, and would be {old} with the target from before"


def target_change_words(change: TargetChange, measure_change: MeasureChange, plan: Plan) -> str:
    """What happened to a target: "Looser: at least 90% → at least 85%; with the target from before it would be missed"."""
    now, was = measures_of(measure_change)
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
    elif change.way == SAME:
        words = f"{capitalised(joined(change.parts))} changed: {before} {ARROW} {after}"
    else:
        words = f"{capitalised(change.way)}: {before} {ARROW} {after}"
        words += f" ({joined(change.parts)})" if len(change.parts) > 1 else ""
    both = (measure_change.before, measure_change.after)
    old, new = (judged.deciding if judged else None for judged in both)
    deciding = [
        each
        for each in measure_change.targets
        if (old and each.before == old.target) or (new and each.after == new.target)
    ]
    has_effect = measure_change.by_target and change in (deciding or measure_change.targets)
    return f"{words}; {_only_by_target(measure_change, plan)}" if has_effect else words


def _target(target: Target, measure: Measure, plan: Plan, *, with_way: bool) -> str:
    source = plan.sources[target.source].title if target.source in plan.sources else target.source
    words = target_words(target, measure)
    if with_way:
        way = target.trajectory
        points = (f"{figure(value, measure.unit)} by {period_words(period)}" for period, value in way)
        words += f", on the way {joined(points) or 'nothing'}"
    return f"{words} ({source})" if source else words


def field_words(change: FieldChange, plan: Plan) -> str:
    """A field before and after, if long from a few words before they differ: "unit: count → percent", "owner: none → Head"."""
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
    """What happened to a KPI as a whole: "Added, under Care", "Renamed from old-id"; empty where it stays what it is."""
    titles = {priority.id: priority.title for priority in plan.priorities}
    before, after = change.before, change.after
    if before is None or after is None:
        only = change.newest
        figures = sum(len(measure.observations) for measure in only.measures)
        words = f"under {titles.get(only.priority, only.priority)}"
        words += f", with {counted(figures, 'figure')}" if figures else ", without figures"
        return f"Added {words}" if after else f"Removed; it was {words}"
    parts = [f"renamed from {before.id}"] if before.id != after.id else []
    if before.priority != after.priority:
        old, new = (titles.get(kpi.priority, kpi.priority) for kpi in (before, after))
        parts.append(f"moved from {old} to {new}")
    return capitalised(joined(parts)) if parts else ""


def measure_change_words(change: MeasureChange) -> str:
    """The same for a measure as a whole."""
    before, after = change.before, change.after
    if before is None or after is None:
        figures = counted(len(change.newest.measure.observations), "figure")
        return f"Measure added, with {figures}" if after else f"Measure removed; it had {figures}"
    if before.measure.id != after.measure.id:
        return f"Measure renamed from {before.measure.id}"
    return ""


def effects(before: Judgement, after: Judgement, recorded: Collection[str]) -> list[str]:
    """A line for each measure and KPI with figures `recorded`, by its address, or with another status than `before`; or that none has."""
    old_measures = {measure.address: measure for kpi in before.kpis for measure in kpi.measures}
    lines = {}
    for new in (measure for kpi in after.kpis for measure in kpi.measures):
        old = old_measures.get(new.address)
        was, now = _statuses(old, new, after.plan)
        if new.address in recorded or (was and was != now):
            lines[new.address] = _effect_line(old, new, _now_and_before(was, now))
    homes = {address.partition("/")[0] for address in recorded}
    for kpi in after.kpis:
        old_kpi = before.by_id().get(kpi.kpi.id)
        was, now = old_kpi and _kpi_status(old_kpi, after.plan), _kpi_status(kpi, after.plan)
        if (was and was != now) or (kpi.kpi.id in homes and len(kpi.measures) > 1):
            lines[kpi.kpi.id] = f"{kpi.kpi.id}: {_now_and_before(was, now)}."
    return list(lines.values()) or ["No status changes."]


def _now_and_before(was: str | None, now: str) -> str:
    if was == now:
        return f"still {now}"
    return f"now {now}, was {was}" if was else now


def _statuses(old: MeasureJudgement | None, new: MeasureJudgement, plan: Plan) -> tuple[str | None, str]:
    """The status in words before and after, the target's with its colour; None where there was none."""
    words = plan.status.words
    if new.verdicts or (old and old.verdicts):
        was = old and _with(state_words(old.state, words), old.rag.colour)
        return was, _with(state_words(new.state, words), new.rag.colour)
    if new.aim is not None:
        return old and old.aim and _with(old.aim.word, old.aim.reason), _with(new.aim.word, new.aim.reason)
    return None, state_words(new.state, words)


def _kpi_status(kpi: KpiJudgement, plan: Plan) -> str:
    count = f"{kpi.met} of {kpi.targeted} met" if kpi.targeted > 1 else ""
    return _with(state_words(kpi.status, plan.status.words), kpi.rag.colour, count)


def _with(words: str, *beside: str) -> str:
    more = ", ".join(filter(None, beside))
    return f"{words} ({more})" if more else words


def _effect_line(old: MeasureJudgement | None, new: MeasureJudgement, status: str) -> str:
    line = f"{new.address}: {'target ' * bool(new.verdicts or (old and old.verdicts))}{status}"
    deciding = new.deciding
    if deciding and deciding.observation:
        target = target_words(deciding.target, new.measure, deciding)
        line += f": {dated(deciding.observation, new.measure)} against {target}"
    elif deciding and deciding.reason:
        line += f": {deciding.reason}"
    newest = next(iter(new.directions), None)
    if newest and newest.earlier and (old is None or newest not in old.directions):
        line += f". {direction_words(newest, new.measure)}"
    return f"{line}."
