"""How measures stand, in a few sentences: one measure in full, or several by what is not met and what changed clearly."""

from collections.abc import Iterator, Sequence
from datetime import date

from kpi.judge.benchmarks import rank_among_peers
from kpi.judge.judgement import AGAINST, AS_INTENDED, HELD, Judgement, MeasureJudgement
from kpi.judge.state import (
    AMBER,
    BETTER,
    CHANGE_CLASSES,
    DUE,
    IN_WORDS,
    IS_MET,
    NO_DATA,
    SHORT,
    STATES_WORST_FIRST,
    WORSE,
)
from kpi.model.text import joined
from kpi.pages.markdown import inline
from kpi.pages.table_cells import class_text, status_text, target_text
from kpi.pages.words.figure_words import age_words, capitalised, dated, ended, place_words, value_words
from kpi.pages.words.statuses import CIRCLES, group_words, no_figures_words, says_why
from kpi.pages.words.target_words import HARDLY, gap_share_words, gap_words
from kpi.pages.words.trends import trend_words, usual_range_words

NamedMeasure = tuple[str, MeasureJudgement]
"""A measure with what it is called here."""

_AIMS = {AS_INTENDED: "{}, as intended", AGAINST: "{}, against the aim", HELD: "{}: held, as intended"}


def figure_and_target(judged: MeasureJudgement, day: date) -> str:
    """The judged figure with its age, what was wanted, and what is missing, if anything.

    "312 (January 2024), 27 days old; target: at least 464; gap 152 (33% short)".
    """
    verdict, measure = judged.deciding, judged.measure
    target = f"target: {target_text(judged)}"
    figure = (verdict.observation if verdict else None) or judged.latest.observation
    if figure is None:
        return f"no figures yet; {target}"
    parts = [f"{dated(figure, measure)}, {age_words(figure, day)} old", target]
    if verdict is not None and verdict.gap is not None:
        share = gap_share_words(verdict)
        parts.append(f"gap {gap_words(verdict, measure)}{f' ({share})' if share else ''}")
    if verdict is not None and verdict.hardly:
        parts.append(HARDLY)
    return "; ".join(parts)


def in_full(judgement: Judgement, judged: MeasureJudgement) -> str:
    """One measure: its status, figure and target, what happened to it, and how it compares with its aim and with others."""
    plan, measure, newest = judgement.plan, judged.measure, judged.latest.observation
    if measure.no_figures is not None:
        return inline(ended(no_figures_words(measure.no_figures, plan)))
    sentences = []
    if judged.verdicts:
        status = inline(status_text(judgement, judged, because=False, older=False))
        sentences.append(f"**{status}**: {inline(ended(figure_and_target(judged, judgement.day)))}")
    elif newest is None:
        return "No figures yet."
    else:
        if judged.ended is not None:
            sentences.append(f"**{inline(status_text(judgement, judged))}**.")
        sentences.append(inline(f"{dated(newest, measure)}, {age_words(newest, judgement.day)} old."))
    return " ".join([*sentences, *(inline(ended(capitalised(text))) for text in _beside(judgement, judged))])


def _beside(judgement: Judgement, judged: MeasureJudgement) -> Iterator[str]:
    """What there is to say beside a figure and its target."""
    newest = judged.latest.observation
    if judged.latest.without_value and judged.state not in {NO_DATA, DUE}:
        yield f"no figure yet: {', '.join(dated(late, judged.measure) for late in judged.latest.without_value)}"
    change = trend_words(judged) if judged.directions else ""
    if judged.aim is not None and judged.aim.word in _AIMS:
        change = _AIMS[judged.aim.word].format(change)
    usual = usual_range_words(judged)
    yield from filter(None, (change, f"against the target: {usual}" if usual else ""))
    yield from (
        f"{place_words(rank)} areas"
        for rank in rank_among_peers(judged.measure, judgement.plan)[:1]
        if rank.figure == newest
    )
    if newest is not None and newest.queried:
        yield "this figure is doubted"


def in_short(
    judgement: Judgement, measures: Sequence[NamedMeasure], most: int = 6, *, only_open: bool = False
) -> str:
    """Several measures: those with a target by their state, the worst first, and of the others those that changed clearly.

    Args:
        judgement: the whole, for the plan's words.
        measures: the measures with what they are called here.
        most: how many names a group may have; of the rest only the number is printed.
        only_open: leave out the targets that are met, in words, or part of the way.
    """
    left_out = IS_MET | {SHORT, IN_WORDS} if only_open else ()
    targeted = [named for named in measures if named[1].verdicts and named[1].state not in left_out]
    groups: dict[str, list[str]] = {}
    for name, judged in sorted(targeted, key=_badness):
        head = group_words(judged.state, judged.rag, judgement.plan.status.words)
        circle = f" {CIRCLES[judged.rag.colour]}" if judged.rag.colour else ""
        groups.setdefault(f"{head}{circle}", []).append(_with_gap(name, judged))
    for outcome in (WORSE, BETTER):
        names = [name for name, judged in measures if not judged.verdicts and judged.change == outcome]
        if names:
            groups[CHANGE_CLASSES[outcome].head] = names
    return " ".join(
        f"**{inline(head.removesuffix(':'))}**: {inline(_few(names, most))}."
        for head, names in (groups or _unmoved(measures)).items()
    )


def _badness(named: NamedMeasure) -> tuple[int, bool]:
    """The order of a measure among others, the worst first: by its state, and amber last within a state."""
    _, judged = named
    return STATES_WORST_FIRST.index(judged.state), judged.rag.colour == AMBER


def _unmoved(measures: Sequence[NamedMeasure]) -> dict[str, list[str]]:
    """If no measure has a target or changed clearly: which did not, and for which it can't be told."""
    groups: dict[str, list[str]] = {}
    for name, judged in measures:
        if judged.measure.no_figures is None:
            groups.setdefault(class_text(judged) or "No figures yet", []).append(name)
    return groups


def _with_gap(name: str, judged: MeasureJudgement) -> str:
    """A name with its gap, and what decided its colour unless the head of its group says it: "Vehicle theft (53% above, clearly worse)"."""
    assert judged.deciding is not None
    gap = gap_words(judged.deciding, judged.measure) if judged.deciding.gap else ""
    share = gap_share_words(judged.deciding) or gap
    because = "" if says_why(judged.state, judged.rag) else judged.rag.because
    more = ", ".join(filter(None, (share, because)))
    return f"{name} ({more})" if more else name


def _few(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return f"{', '.join(names[:most])} and {rest:,} more" if rest > 1 else joined(names)


def way_words(judged: MeasureJudgement) -> str:
    """A gain that is part of the way: "256 of 450"; or the figure and its target."""
    verdict = judged.deciding
    assert verdict is not None
    assert verdict.observation is not None
    target = target_text(judged).removeprefix("at least ")
    return f"{value_words(verdict.observation, judged.measure)} of {target}"
