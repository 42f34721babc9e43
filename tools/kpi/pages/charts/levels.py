"""The levels in a chart: each target over its own dates, and the way points."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.bound import supersedes, why_wrong_length
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.series import at_a_date
from kpi.judge.target import Verdict
from kpi.model.kpi import Measure, Target
from kpi.model.period import period_words, span_words
from kpi.model.text import counted
from kpi.pages.words.target_words import bound_words, judged_bound_words

NOW, OLDER, WAY = "now", "older", "way"
_DAY = timedelta(days=1)


class Level(NamedTuple):
    """A bound over some days, `start` and `stop` included; None if it goes on as far as the chart does.

    `upper` is the second end of a range. `sort` is NOW for a target that is in force, else OLDER, or WAY for a way point.
    """

    value: Decimal
    text: str
    sort: str
    upper: Decimal | None = None
    start: date | None = None
    stop: date | None = None


def target_levels(judged: MeasureJudgement) -> list[Level]:
    """The targets that have a bound as a number: those in force first, in the order written, then the others.

    A bound that is taken from an earlier figure is worked out for the figure that is judged.
    """
    verdicts = {verdict.target: verdict for verdict in judged.verdicts}
    targets = dict.fromkeys((*verdicts, *judged.measure.targets))
    return [level for target in targets for level in _levels(judged, target, verdicts.get(target))]


def _levels(judged: MeasureJudgement, target: Target, verdict: Verdict | None) -> Iterator[Level]:
    """A target and its way points; empty if it has no number, or no days of its own."""
    measure, bound = judged.measure, target.bound
    sort = OLDER if verdict is None else NOW
    start, stop = _span(measure, target)
    if bound is None or (start and stop and start > stop):
        return
    if bound.value is not None:
        is_for_these = any(not why_wrong_length(measure, target, figure) for figure in judged.current)
        if is_for_these or not judged.current:
            text = _words(target, bound_words(bound, measure.unit), stop)
            yield Level(bound.value, text, sort, bound.upper, start, stop)
    elif verdict is not None and verdict.bound is not None and verdict.reference is not None:
        assert verdict.bound.value is not None
        reference = verdict.reference.period.end + (timedelta() if at_a_date(measure) else _DAY)
        text = _words(target, judged_bound_words(verdict, measure), stop)
        yield Level(verdict.bound.value, text, sort, None, max(filter(None, (start, reference))), stop)
    for period, value in target.trajectory:
        yield Level(value, "way to the target", WAY, None, period.start, period.end)


def _words(target: Target, bound: str, stop: date | None) -> str:
    words = f"target {bound}"
    if target.over is not None:
        words += f" over {counted(target.over, 'month')}"
    if target.by is not None:
        words += f", by {period_words(target.by)}"
    if stop is not None and (target.by is None or stop < target.by.end):
        words += f", until {span_words(stop, stop)}"
    return f"{words} ({target.label})" if target.label else words


def _span(measure: Measure, target: Target) -> tuple[date | None, date | None]:
    """A target's own dates: from `from` to `by`, or to the day before another takes its place."""
    rivals = (rival for rival in measure.targets if rival.start is not None and supersedes(rival, target))
    ends = [rival.start.start - _DAY for rival in rivals if rival.start]
    ends += [period.end for period in (target.by, target.until) if period is not None]
    return target.start.start if target.start else None, min(ends, default=None)
