"""KPIs for the terminal: plain text without Markdown, safe to print."""

from collections.abc import Iterator

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import WITHOUT_VALUE, Measure
from kpi.model.period import period_words, span_words
from kpi.pages.lines import columns as _columns
from kpi.pages.lines import one_line as _line
from kpi.pages.words import (
    MARK_WORDS,
    capitalised,
    direction_words,
    gap_words,
    measure_label,
    no_figures_words,
    references_words,
    state_words,
    target_words,
    value_words,
)


def kpi_list(judgement: Judgement) -> str:
    """A line a KPI: id, status, title, grouped by priority."""
    words = judgement.plan.status.words
    by_id = judgement.by_id()
    blocks = []
    for priority in judgement.plan.priorities:
        rows = [
            (name, capitalised(state_words(by_id[name].status, words)), by_id[name].kpi.title)
            for name in priority.kpis
            if name in by_id
        ]
        blocks.append("\n".join([_line(priority.title), *_columns(rows)]))
    return "\n\n".join(blocks) + "\n"


def kpi_text(judgement: Judgement, judged: KpiJudgement) -> str:
    """One KPI: status, definition, and each measure with its target, trend and figures."""
    kpi, words = judged.kpi, judgement.plan.status.words
    status = capitalised(state_words(judged.status, words))
    if judged.targeted > 1:
        status += f" ({judged.met} of {judged.targeted} met)"
    head = f"{_line(kpi.title)}\n{_line(f'{status}, as of {span_words(judgement.day, judgement.day)}')}"
    blocks = [head, _line(kpi.definition)]
    if kpi.note:
        blocks.append(_line(kpi.note))
    if kpi.no_figures is not None:
        blocks.append(_line(no_figures_words(kpi.no_figures, judgement.plan)))
    for one in judged.measures:
        facts = [f"  {_line(fact)}" for fact in _facts(one, judgement)]
        title = _line(f"{measure_label(one.measure)} [{one.address}]")
        blocks.append("\n".join([title, *facts, *_figures(one.measure)]))
    return "\n\n".join(blocks) + "\n"


def _facts(one: MeasureJudgement, judgement: Judgement) -> Iterator[str]:
    measure, words = one.measure, judgement.plan.status.words
    status = capitalised(state_words(one.state, words))
    because = ", ".join(
        filter(None, (one.rag.colour, one.rag.because, "figure queried" if one.queried else ""))
    )
    yield f"Status: {status} ({because})" if because else f"Status: {status}"
    for verdict in one.verdicts:
        gap = f"; gap {gap_words(verdict, measure)}" if verdict.gap is not None else ""
        yield f"Target: {target_words(verdict.target, measure, verdict)}: {verdict.state}{gap}"
    for travel in one.directions:
        yield f"Trend: {direction_words(travel, measure)}"
    if measure.references:
        yield f"To compare: {references_words(one)}"
    if measure.no_figures is not None:
        yield no_figures_words(measure.no_figures, judgement.plan)


def _figures(measure: Measure) -> list[str]:
    """A line a figure, newest first: period, value, and what is to be said of it."""
    rows = []
    for figure in reversed(measure.observations):
        marks = [MARK_WORDS[mark] for mark in figure.marks if mark not in WITHOUT_VALUE]
        told = ". ".join(filter(None, (", ".join(marks), figure.note)))
        rows.append((period_words(figure.period), value_words(figure, measure), told))
    return [f"  {line}" for line in _columns(rows, align=("left", "right", "left"))]
