"""What recorded figures do to the statuses, in a line each: "target now missed, was met"."""

from collections.abc import Collection, Iterator, Mapping

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.rag import Rag
from kpi.pages.words import aim_words, dated, direction_words, state_words, target_words


def effects(before: Judgement, after: Judgement, recorded: Collection[str]) -> list[str]:
    """A line for each measure that has new figures or another status, and for each KPI likewise; or one that there is none.

    Args:
        before: the judgement as it was.
        after: the same KPIs with the figures, judged on the same day.
        recorded: the addresses of the measures that have new figures.
    """
    old = {one.address: one for kpi in before.kpis for one in kpi.measures}
    new = {one.address: one for kpi in after.kpis for one in kpi.measures}
    lines = []
    for address, one in new.items():
        line = _measure(old.get(address), one, after)
        if address in recorded or " now " in line:
            lines.append(line)
    homes = {address.partition("/")[0] for address in recorded}
    for judged in after.kpis:
        line = _kpi(before.by_id().get(judged.kpi.id), judged, after)
        if " now " in line or (judged.kpi.id in homes and len(judged.measures) > 1):
            lines.append(line)
    return lines or ["No status changes."]


def _measure(old: MeasureJudgement | None, new: MeasureJudgement, judgement: Judgement) -> str:
    parts = [_status(old, new, judgement), *_against(new)]
    told = f"{new.address}: {': '.join(parts)}."
    newest = next(iter(new.directions), None)
    if newest and newest.earlier and (old is None or newest not in old.directions):
        told += f" {direction_words(newest, new.measure)}."
    return told


def _status(old: MeasureJudgement | None, new: MeasureJudgement, judgement: Judgement) -> str:
    words = judgement.plan.status.words
    if new.verdicts or (old is not None and old.verdicts):
        return f"target {_now(old and _state(old.state, old.rag, words), _state(new.state, new.rag, words))}"
    if new.aim is not None:
        return _now(old and old.aim and aim_words(old.aim), aim_words(new.aim))
    return state_words(new.state, words)


def _against(judged: MeasureJudgement) -> Iterator[str]:
    """What decides: "91% (2024/25) against at least 90%"; or why nothing does."""
    deciding = judged.deciding
    if deciding is not None and deciding.observation is None and deciding.reason:
        yield deciding.reason
    if deciding is not None and deciding.observation is not None:
        target = target_words(deciding.target, judged.measure, deciding)
        yield f"{dated(deciding.observation, judged.measure)} against {target}"


def _kpi(old: KpiJudgement | None, new: KpiJudgement, judgement: Judgement) -> str:
    def told(judged: KpiJudgement) -> str:
        count = f"{judged.met} of {judged.targeted} met" if judged.targeted > 1 else ""
        return _state(judged.status, judged.rag, judgement.plan.status.words, count)

    return f"{new.kpi.id}: {_now(old and told(old), told(new))}."


def _state(state: str, rag: Rag, words: Mapping[str, str], count: str = "") -> str:
    beside = ", ".join(filter(None, (rag.colour, count)))
    return f"{state_words(state, words)} ({beside})" if beside else state_words(state, words)


def _now(was: str | None, now: str) -> str:
    if was == now:
        return f"still {now}"
    return f"now {now}, was {was}" if was else now
