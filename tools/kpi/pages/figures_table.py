"""The figures of a KPI: one table for all its measures, and a folded part with every figure and its notes."""

from collections.abc import Collection, Iterator, Sequence

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.series import step_at
from kpi.judge.state import MISSED, STATES
from kpi.judge.target import Verdict, judge_at
from kpi.model.kpi import Observation
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages.grid import crossed
from kpi.pages.markdown import inline, table, with_notes
from kpi.pages.table_cells import FigureColumns, latest_pair, meaning, measure_name, with_target
from kpi.pages.words.figure_words import capitalised, margin_words, value_words, when
from kpi.pages.words.statuses import state_words
from kpi.pages.words.target_words import gap_words, judged_bound_words

MOST_ACROSS = 4
"""Periods that are side by side; of more only the newest and the one before it, and all of them folded."""


def figures_table(judgement: Judgement, kpi: KpiJudgement, measures: Sequence[MeasureJudgement]) -> str:
    """The measures with their figures, and what these mean where the page's opening does not say it.

    Args:
        judgement: the whole.
        kpi: the KPI, for the names of its measures.
        measures: those that have a row.
    """
    if not any(judged.measure.observations or judged.measure.no_figures for judged in measures):
        return ""
    is_alone = len(kpi.measures) == 1
    whens = _whens(measures)
    if is_alone and len(whens) < 2:
        return ""  # the opening has said its one figure
    if len(whens) <= MOST_ACROSS:
        headers = [inline(text) for text in whens]
        beside = whens[1] if len(whens) > 1 else ""
        figures = [[inline(_at(judged, each)) for each in whens] for judged in measures]
        below = ""
    else:
        pairs = [latest_pair(judged) for judged in measures]
        if is_alone and pairs[0].before is None:
            return ""  # the opening has said its newest figure, and none is beside it
        shown, beside = FigureColumns(pairs), ""
        headers, figures = list(shown.headers), [list(shown.cells(pair)) for pair in pairs]
        below = shown.footnotes()
    rows = []
    for judged, cells in zip(measures, figures, strict=True):
        name = measure_name(kpi, judged)
        if is_alone:
            rows.append([inline(name), *cells])
        else:
            says = inline(meaning(judgement, judged, full=True, beside=beside))
            rows.append([inline(with_target(name, judged)), *cells[:2], says, *cells[2:]])
    # a telephone has room for two periods: what the figures mean stands before those that are older
    head = ["Measure", *headers] if is_alone else ["Measure", *headers[:2], "Meaning", *headers[2:]]
    right = [at for at, name in enumerate(head) if name not in {"Measure", "Meaning"}]
    return with_notes(table(head, rows, right=right), below)


def _whens(measures: Sequence[MeasureJudgement]) -> list[str]:
    """The periods of all figures in words, newest first."""
    orders = {
        capitalised(when(figure.period, judged.measure)): figure.period.order
        for judged in measures
        for figure in judged.measure.observations
    }
    return sorted(orders, key=lambda words: orders[words], reverse=True)


def _at(judged: MeasureJudgement, words: str) -> str:
    """The figure of a measure for a period; empty where it has none."""
    measure = judged.measure
    figures = (each for each in measure.observations if capitalised(when(each.period, measure)) == words)
    return "; ".join(value_words(figure, measure) for figure in figures)


_HEADERS = ("Period", "Figure", "Bound then", "Target then", "Notes")


def every_figure(
    judgement: Judgement, kpi: KpiJudgement, covered: Collection[Observation]
) -> Iterator[tuple[MeasureJudgement, str]]:
    """All figures, newest first, of each measure with more about them than the table above has.

    Args:
        judgement: the whole.
        kpi: the KPI.
        covered: the figures whose notes are on the page already.
    """
    is_short = len(_whens(kpi.measures)) <= MOST_ACROSS
    inside = crossed(kpi).values()
    for judged in kpi.measures:
        rows = [_row(judgement, figure, judged, covered) for figure in reversed(judged.measure.observations)]
        has_all = len(rows) == 1 if judged in inside else is_short  # above; the grid has the newest alone
        more = any(any(row[2:]) for row in rows[1:]) or any(row[4] for row in rows)
        if judged.kpi != kpi.kpi.id or not rows or (has_all and not more):
            continue
        bounds = {row[2] for row in rows if row[2]}
        if has_all and len(bounds) < 2:  # the newest stands above; of the others what there is more to say of
            rows = [row for at, row in enumerate(rows) if (row[4] if at == 0 else any(row[2:]))]
        shown = [*([0] if has_all else [0, 1]), *(at for at in (2, 3, 4) if any(row[at] for row in rows))]
        shown = [at for at in shown if at != 2 or len(bounds) > 1]  # what is the same for all stands above
        cells = [[row[at] for at in shown] for row in rows]
        yield judged, table([_HEADERS[at] for at in shown], cells, right=() if has_all else (1,))


def _row(
    judgement: Judgement, figure: Observation, judged: MeasureJudgement, covered: Collection[Observation]
) -> tuple[str, ...]:
    """What a figure was compared with at the time and how it stood, its marks and notes."""
    notes = [capitalised(MARKS[mark].words) for mark in figure.marks if mark not in WITHOUT_VALUE]
    if judged.measure.derived is None and figure.denominator is not None:
        part = "" if figure.numerator is None else f"{figure.numerator:,f} "
        notes.append(f"{part}of {figure.denominator:,f}")
    if figure.margin is not None:
        notes.append(capitalised(margin_words(figure.margin, judged.measure)))
    step = step_at(judged.measure, figure)
    if step:
        notes.append(f"A new level from here on: {step.removesuffix('.')}")
    if figure.note and figure not in covered:
        notes.append(figure.note)
    verdict = _verdict_then(judgement, figure, judged)
    return (
        inline(capitalised(when(figure.period, judged.measure))),
        inline(value_words(figure, judged.measure)),
        inline(judged_bound_words(verdict, judged.measure)) if verdict else "",
        inline(_target_then(judgement, verdict, judged)),
        inline(". ".join(notes)),
    )


def _verdict_then(judgement: Judgement, figure: Observation, judged: MeasureJudgement) -> Verdict | None:
    """The verdict on a figure by the target in force at its period's end; that which decided for the figure that it judged."""
    if figure.forecast or (figure.value is None and not figure.assessment):
        return None
    deciding = judged.deciding
    if deciding is not None and deciding.observation == figure:
        return deciding
    return judge_at(judged.measure, figure, judgement.plan.status.tolerance)


def _target_then(judgement: Judgement, verdict: Verdict | None, judged: MeasureJudgement) -> str:
    """How a figure stood to its target: "Missed by 152", "Not due, gap 152"."""
    if verdict is None or not STATES[verdict.state].judged:
        return ""
    word = capitalised(state_words(verdict.state, judgement.plan.status.words))
    if verdict.gap is None:
        return word
    return f"{word}{' by' if verdict.state == MISSED else ', gap'} {gap_words(verdict, judged.measure)}"
