"""The effects of recorded figures on the statuses, in a line each: "target now missed, was met"."""

from collections.abc import Collection, Iterator, Mapping

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement, Rag
from kpi.pages.words.figure_words import dated
from kpi.pages.words.statuses import state_words
from kpi.pages.words.target_words import target_words
from kpi.pages.words.trends import aim_words, direction_words

_Statuses = tuple[str | None, str]
"""A status in words before and after; None where there was none."""


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
        statuses = _of_measure(old.get(address), measure, after)
        if address in recorded or _differ(*statuses):
            target = "target " * _has_target(old.get(address), measure)
            lines.append(_measure_line(old.get(address), measure, f"{target}{_words(*statuses)}"))
    homes = {address.partition("/")[0] for address in recorded}
    for kpi in after.kpis:
        statuses = _of_kpi(before.by_id().get(kpi.kpi.id), kpi, after)
        if _differ(*statuses) or (kpi.kpi.id in homes and len(kpi.measures) > 1):
            lines.append(f"{kpi.kpi.id}: {_words(*statuses)}.")
    return lines or ["No status changes."]


def _differ(was: str | None, now: str) -> bool:
    return bool(was) and was != now


def _words(was: str | None, now: str) -> str:
    if was == now:
        return f"still {now}"
    return f"now {now}, was {was}" if was else now


def _measure_line(old: MeasureJudgement | None, new: MeasureJudgement, status: str) -> str:
    line = f"{new.address}: {': '.join([status, *_against(new)])}."
    newest = next(iter(new.directions), None)
    if newest and newest.earlier and (old is None or newest not in old.directions):
        line += f" {direction_words(newest, new.measure)}."
    return line


def _has_target(old: MeasureJudgement | None, new: MeasureJudgement) -> bool:
    return bool(new.verdicts or (old is not None and old.verdicts))


def _of_measure(old: MeasureJudgement | None, new: MeasureJudgement, judgement: Judgement) -> _Statuses:
    words = judgement.plan.status.words
    if _has_target(old, new):
        return old and _state(old.state, old.rag, words), _state(new.state, new.rag, words)
    if new.aim is not None:
        return old and old.aim and aim_words(old.aim), aim_words(new.aim)
    return None, state_words(new.state, words)


def _against(judged: MeasureJudgement) -> Iterator[str]:
    """What decides: "91% (2024/25) against at least 90%"; or why nothing does."""
    deciding = judged.deciding
    if deciding is not None and deciding.observation is None and deciding.reason:
        yield deciding.reason
    if deciding is not None and deciding.observation is not None:
        target = target_words(deciding.target, judged.measure, deciding)
        yield f"{dated(deciding.observation, judged.measure)} against {target}"


def _of_kpi(old: KpiJudgement | None, new: KpiJudgement, judgement: Judgement) -> _Statuses:
    def words(kpi: KpiJudgement) -> str:
        count = f"{kpi.met} of {kpi.targeted} met" if kpi.targeted > 1 else ""
        return _state(kpi.status, kpi.rag, judgement.plan.status.words, count)

    return old and words(old), words(new)


def _state(state: str, rag: Rag, words: Mapping[str, str], count: str = "") -> str:
    beside = ", ".join(filter(None, (rag.colour, count)))
    return f"{state_words(state, words)} ({beside})" if beside else state_words(state, words)
