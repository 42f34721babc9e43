"""What a chart holds a series against: each target over its own dates, the way to it, and the baseline."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.bound import resolve_bound, why_wrong_length
from kpi.judge.comparable import at_a_date
from kpi.judge.force import supersedes
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.latest import valued
from kpi.model.kpi import Measure, Observation, Target, identity
from kpi.model.period import period_words, span_words
from kpi.model.text import counted
from kpi.pages.words import bound_words, number_words, shown_bound

_DAY = timedelta(days=1)
_TRIED = 12  # of the newest figures, to work out a bound that is taken from the series


class Level(NamedTuple):
    """A bound over some days. `start` and `stop` belong to it; None where it goes on as far as the chart does.

    `upper` is the second end of a range. `way` holds the trajectory's points as figures. `now` if it is judged by today.
    """

    value: Decimal
    text: str
    upper: Decimal | None = None
    start: date | None = None
    stop: date | None = None
    way: tuple[Observation, ...] = ()
    now: bool = True

    def within(self, first: date, last: date) -> bool:
        """Whether some of it can be seen between two days."""
        return (self.start is None or self.start < last) and (self.stop is None or self.stop >= first)


def target_levels(one: MeasureJudgement) -> list[Level]:
    """The targets that have a bound as a number: those in force first, in the order written, then the others."""
    judged = {verdict.target: verdict.observation for verdict in one.verdicts}
    targets = dict.fromkeys((*judged, *one.measure.targets))
    levels = [(_level(one, target, judged.get(target)), target in judged) for target in targets]
    return [level._replace(now=now) for level, now in levels if level is not None]


def _level(one: MeasureJudgement, target: Target, judged: Observation | None) -> Level | None:
    """A target as a level, None where it has no number or no days of its own."""
    start, stop = _span(one.measure, target)
    if start and stop and start > stop:
        return None
    level = _plain(one, target) or _from_the_series(one.measure, target, judged, (start, stop))
    if level is None:
        return None
    start = max(filter(None, (start, level.start)), default=None)
    stop = min(filter(None, (stop, level.stop)), default=None)
    told = level.text
    if target.over is not None:
        told += f" over {counted(target.over, 'month')}"
    if target.by is not None:
        told += f", by {period_words(target.by)}"
    if stop is not None and (target.by is None or stop < target.by.end) and level.stop is None:
        told += f", until {span_words(stop, stop)}"
    told = f"target {told} ({target.label})" if target.label else f"target {told}"
    way = tuple(Observation(period, value) for period, value in target.trajectory)
    return level._replace(text=told, start=start, stop=stop, way=way)


def _span(measure: Measure, target: Target) -> tuple[date | None, date | None]:
    """A target's own dates: from `from` to `by`, or to the day before another takes its place."""
    later = [
        rival.start.start - _DAY
        for rival in measure.targets
        if rival.start is not None and supersedes(rival, target)
    ]
    later += [one.end for one in (target.by, target.until) if one is not None]
    return target.start.start if target.start else None, min(later, default=None)


def _plain(one: MeasureJudgement, target: Target) -> Level | None:
    """A bound that is written as a number, unless no current figure has the length that it is for."""
    bound = target.bound
    if bound is None or bound.value is None:
        return None
    if one.current and all(why_wrong_length(one.measure, target, figure) for figure in one.current):
        return None
    return Level(bound.value, bound_words(bound, one.measure.unit), bound.upper)


def _from_the_series(
    measure: Measure, target: Target, judged: Observation | None, span: tuple[date | None, date | None]
) -> Level | None:
    """A bound that is taken from an earlier figure, from that figure on.

    One that is taken from the comparable earlier value is another for each figure: the newest is shown, over the
    days between the two.
    """
    bound = target.bound
    if bound is None or bound.relative is None:
        return None
    start, stop = span
    tried = [
        one
        for one in reversed(valued(measure)[-_TRIED:])
        if not (start and one.period.end < start) and not (stop and one.period.end > stop)
    ]
    for one in ([judged] if judged else []) + tried:
        if one.value is None:
            continue
        held = resolve_bound(measure, target, one)
        if held.bound is not None and held.bound.value is not None and held.reference is not None:
            last = one.period.end if bound.relative.period is None else None
            first = held.reference.period.end + (timedelta() if at_a_date(measure) else _DAY)
            shown = shown_bound(held.bound, one, held.reference, measure)
            return Level(held.bound.value, bound_words(shown, measure.unit), start=first, stop=last)
    return None


def baseline_level(measure: Measure) -> Level | None:
    """The figure of the baseline's period, from its end on until the series changes; None where there is none."""
    if measure.baseline is None:
        return None
    at = identity(measure.baseline, measure.kind)
    known = valued(measure)
    found = next((one for one in known if identity(one.period, measure.kind) == at), None)
    if found is None or found.value is None:
        return None
    changed = (one for one in known if one.broken and one.period.order > found.period.order)
    stop = next((one.period.start - _DAY for one in changed), None)
    start = found.period.end + (timedelta() if at_a_date(measure) else _DAY)
    if stop is not None and stop < start:
        return None
    told = f"baseline {number_words(found, measure)} ({period_words(found.period)})"
    return Level(found.value, told, start=start, stop=stop)
