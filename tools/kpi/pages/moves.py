"""Clear changes of measures without a target: the largest both ways by a written rule, and the page of all of them."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.judge.state import BETTER, HIGHER, LOWER, WORSE
from kpi.model.quantity import COUNT
from kpi.pages import links
from kpi.pages.legend import letters
from kpi.pages.markdown import heading, inline, link, page, table, with_notes
from kpi.pages.table_cells import (
    FigureColumns,
    ShownMeasure,
    change_text,
    front_link,
    join_first,
    latest_pair,
    name_link,
    shown_once,
)
from kpi.pages.words.figure_words import capitalised, value_words
from kpi.pages.words.trends import change_words

TITLE = "Clear changes"
LARGEST = "Largest clear moves without a target"
RULE = "Unusual figures first, then the largest changes for the figure before; no counts below 20."
MOST_MOVES = 6
"""The most moves each way on the front page."""

_FEWEST = 20  # cases
_ALL = 100


def largest(judgement: Judgement, outcome: str) -> list[ShownMeasure]:
    """The measures without a target that moved so, the largest move first.

    What a control chart shows comes first, then the change as a part of the figure before; for shares as a part of the smaller
    of share and rest. Counts of which neither figure is 20 or more are left out.
    """
    without_target = (shown for shown in shown_once(judgement) if not shown.measure.verdicts)
    moved = (shown for shown in without_target if shown.measure.change == outcome and not _is_few(shown))
    return sorted(moved, key=_size, reverse=True)


def _is_few(shown: ShownMeasure) -> bool:
    pair = latest_pair(shown.measure)
    figures = (figure for figure in (pair.now, pair.before) if figure is not None)
    values = (abs(figure.value) for figure in figures if figure.value is not None)
    return shown.measure.measure.unit.kind == COUNT and max(values, default=Decimal(0)) < _FEWEST


def _size(shown: ShownMeasure) -> tuple[bool, bool, Fraction]:
    """Whether a chart shows it, whether it comes from nothing, and the change as a part of the figure before."""
    pair, travel = latest_pair(shown.measure), shown.measure.directions[0]
    before = pair.before.value if pair.before is not None else None
    if before is None or travel.change is None:
        return travel.usual is not None, False, Fraction(0)
    of = abs(Fraction(before))
    if shown.measure.measure.unit.is_share and of <= _ALL:
        of = min(of, _ALL - of)
    change = abs(Fraction(travel.change))
    return travel.usual is not None, not of, change / of if of else change


def moves_part(judgement: Judgement, here: str) -> Iterator[str]:
    """The largest moves both ways under their heading, the worse ones first, with how many more there are; nothing without any."""
    ways = _largest_ways(judgement)
    if not ways:
        return
    figures = FigureColumns(
        latest_pair(shown.measure) for moves in ways.values() for shown in moves[:MOST_MOVES]
    )
    yield heading(2, LARGEST)
    more = []
    for outcome, moves in ways.items():
        first = moves[:MOST_MOVES]
        rows = [(name_link(shown, here), *figures.cells(latest_pair(shown.measure))) for shown in first]
        yield table((capitalised(outcome), *figures.headers), rows, right=(1, 2))
        more += [f"{len(moves) - MOST_MOVES:,} more {outcome}"] if len(moves) > MOST_MOVES else []
    way = link("all clear changes" if more else TITLE, links.between(here, links.CHANGES))
    others = f"{', '.join(more)}: {way}." if more else f"{way}."
    yield with_notes("", RULE, figures.footnotes(), others)


def moves_sentences(judgement: Judgement, here: str, most: int) -> str:
    """The same on a line or two, so many each way, with the figures before; empty without any."""
    sentences = []
    for outcome, moves in _largest_ways(judgement).items():
        names = [f"{name_link(shown, here)} {inline(_now_and_before(shown.measure))}" for shown in moves]
        sentences.append(f"**{capitalised(outcome)} without a target**: {join_first(names, most)}.")
    return " ".join(sentences)


def _now_and_before(judged: MeasureJudgement) -> str:
    pair = latest_pair(judged)
    both = (pair.now, pair.before)
    now, before = (value_words(figure, judged.measure) if figure else "" for figure in both)
    return f"{now} (before: {before})"


def _largest_ways(judgement: Judgement) -> dict[str, list[ShownMeasure]]:
    """The largest moves each way; without the ways in which nothing moved."""
    ways = {outcome: largest(judgement, outcome) for outcome in (WORSE, BETTER)}
    return {outcome: moves for outcome, moves in ways.items() if moves}


_CLASSES = {
    WORSE: "Worse",
    BETTER: "Better",
    HIGHER: "Higher, where neither is better",
    LOWER: "Lower, where neither is better",
}


def changes_page(judgement: Judgement) -> str:
    """The page of all clear changes."""
    way = front_link(judgement.plan, links.CHANGES)
    return page([heading(1, TITLE), way, *all_changes(judgement)])


def all_changes(judgement: Judgement, level: int = 2) -> Iterator[str]:
    """All clear changes, with a target or without, in the plan's order: a table a class under its heading of this level."""
    every = shown_once(judgement)
    groups = {name: [shown for shown in every if shown.measure.change == name] for name in _CLASSES}
    yield letters(shown.measure.measure for moves in groups.values() for shown in moves)
    if not any(groups.values()):
        yield "No measure changed clearly."
    for name, moves in groups.items():
        if not moves:
            continue
        pairs = [latest_pair(shown.measure) for shown in moves]
        figures = FigureColumns(pairs)
        rows = [
            (name_link(shown, links.CHANGES), *figures.cells(pair), inline(_size_text(shown.measure)))
            for shown, pair in zip(moves, pairs, strict=True)
        ]
        yield heading(level, _CLASSES[name])
        made = table(("Measure", *figures.headers, "Change"), rows, right=(1, 2))
        yield with_notes(made, figures.footnotes())


def _size_text(judged: MeasureJudgement) -> str:
    """The size of a change: what its class says is above the table."""
    travel = judged.directions[0]
    return change_text(judged) if travel.usual else capitalised(change_words(travel, judged.measure))
