"""The effects of recorded figures on the statuses, in a line each: "target now missed, was met"."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.rag import Rag
from kpi.pages.words.figure_words import dated
from kpi.pages.words.statuses import state_words
from kpi.pages.words.target_words import target_words
from kpi.pages.words.trends import aim_words, direction_words


class _Shift(NamedTuple):
    """A status in words before and after; None where there was none."""

    was: str | None
    now: str

    @property
    def is_change(self) -> bool:
        """Whether the status changed."""
        return bool(self.was) and self.was != self.now

    def __str__(self) -> str:
        if self.was == self.now:
            return f"still {self.now}"
        return f"now {self.now}, was {self.was}" if self.was else self.now


def effects(before: Judgement, after: Judgement, recorded: Collection[str]) -> list[str]:
    """A line for each measure and each KPI with new figures or another status; or one line that there is none.

    Args:
        before: the judgement as it was.
        after: the same KPIs with the figures, judged on the same day.
        recorded: the addresses of the measures that have new figures.
    """
    old = {measure.address: measure for kpi in before.kpis for measure in kpi.measures}
    new = {measure.address: measure for kpi in after.kpis for measure in kpi.measures}
    lines = []
    for address, measure in new.items():
        before_it = old.get(address)
        shift = _status(before_it, measure, after)
        if address in recorded or shift.is_change:
            target = "target " * _has_target(before_it, measure)
            lines.append(_measure(before_it, measure, f"{target}{shift}"))
    homes = {address.partition("/")[0] for address in recorded}
    for kpi in after.kpis:
        shift = _of_kpi(before.by_id().get(kpi.kpi.id), kpi, after)
        if shift.is_change or (kpi.kpi.id in homes and len(kpi.measures) > 1):
            lines.append(f"{kpi.kpi.id}: {shift}.")
    return lines or ["No status changes."]


def _measure(old: MeasureJudgement | None, new: MeasureJudgement, status: str) -> str:
    line = f"{new.address}: {': '.join([status, *_against(new)])}."
    newest = next(iter(new.directions), None)
    if newest and newest.earlier and (old is None or newest not in old.directions):
        line += f" {direction_words(newest, new.measure)}."
    return line


def _has_target(old: MeasureJudgement | None, new: MeasureJudgement) -> bool:
    return bool(new.verdicts or (old is not None and old.verdicts))


def _status(old: MeasureJudgement | None, new: MeasureJudgement, judgement: Judgement) -> _Shift:
    words = judgement.plan.status.words
    if _has_target(old, new):
        return _Shift(old and _state(old.state, old.rag, words), _state(new.state, new.rag, words))
    if new.aim is not None:
        return _Shift(old and old.aim and aim_words(old.aim), aim_words(new.aim))
    return _Shift(None, state_words(new.state, words))


def _against(judged: MeasureJudgement) -> Iterator[str]:
    """What decides: "91% (2024/25) against at least 90%"; or why nothing does."""
    deciding = judged.deciding
    if deciding is not None and deciding.observation is None and deciding.reason:
        yield deciding.reason
    if deciding is not None and deciding.observation is not None:
        target = target_words(deciding.target, judged.measure, deciding)
        yield f"{dated(deciding.observation, judged.measure)} against {target}"


def _of_kpi(old: KpiJudgement | None, new: KpiJudgement, judgement: Judgement) -> _Shift:
    def words(kpi: KpiJudgement) -> str:
        count = f"{kpi.met} of {kpi.targeted} met" if kpi.targeted > 1 else ""
        return _state(kpi.status, kpi.rag, judgement.plan.status.words, count)

    return _Shift(old and words(old), words(new))


def _state(state: str, rag: Rag, words: Mapping[str, str], count: str = "") -> str:
    beside = ", ".join(filter(None, (rag.colour, count)))
    return f"{state_words(state, words)} ({beside})" if beside else state_words(state, words)
