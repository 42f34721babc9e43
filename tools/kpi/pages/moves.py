"""Clear changes of measures without a target: the largest both ways by a written rule, and the page of all of them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from kpi.judge.change_class import BETTER, HIGHER, LOWER, WORSE
from kpi.judge.judgement import Judgement
from kpi.model.quantity import COUNT
from kpi.pages import links
from kpi.pages.cells import Shown, change_text, columns, latest_pair, name_link, shown_once
from kpi.pages.legend import letters
from kpi.pages.markdown import heading, inline, link, page, table
from kpi.pages.words import capitalised, change_words

TITLE = "Clear changes"
LARGEST = "Largest clear moves without a target"
RULE = "Unusual figures first, then the largest changes for the figure before; no counts below 20."
MOST_MOVES = 6
"""The most moves each way on the front page."""

_FEWEST = 20  # cases
_ALL = 100


def largest(judgement: Judgement, outcome: str) -> list[Shown]:
    """The measures without a target that moved so, the largest move first.

    What a control chart shows comes first, then the change as a part of the figure before; for shares as a part of the smaller
    of share and rest. Counts of which neither figure is 20 or more are left out.
    """
    found = [
        shown
        for shown in shown_once(judgement)
        if not shown.measure.verdicts and shown.measure.change == outcome and not _is_few(shown)
    ]
    return sorted(found, key=_size, reverse=True)


def _is_few(shown: Shown) -> bool:
    pair = latest_pair(shown.measure)
    values = [abs(one.value) for one in (pair.now, pair.before) if one is not None and one.value is not None]
    return shown.measure.measure.unit.kind == COUNT and max(values, default=Decimal(0)) < _FEWEST


def _size(shown: Shown) -> tuple[bool, bool, Fraction]:
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


def moves_table(judgement: Judgement, here: str, most: int = MOST_MOVES) -> str:
    """The largest moves both ways, the worse ones first, with how many more there are; empty without any."""
    ways = {outcome: largest(judgement, outcome) for outcome in (WORSE, BETTER)}
    shown = [one for moves in ways.values() for one in moves[:most]]
    if not shown:
        return ""
    found = columns(latest_pair(one.measure) for one in shown)
    told = "\n\n".join(
        table(
            (capitalised(outcome), *found.headers),
            [(name_link(one, here), *found.cells(latest_pair(one.measure))) for one in moves[:most]],
            right=(1, 2),
        )
        for outcome, moves in ways.items()
        if moves
    )
    rest = [f"{len(moves) - most:,} more {outcome}" for outcome, moves in ways.items() if len(moves) > most]
    way = link("all clear changes", links.between(here, links.CHANGES))
    more = f"{', '.join(rest)}: {way}." if rest else f"{capitalised(way)}." if here != links.CHANGES else ""
    below = " ".join(filter(None, (RULE, found.marks.line(), more)))
    return f"{told}\n\n{below}"


_CLASSES = {
    WORSE: "Worse",
    BETTER: "Better",
    HIGHER: "Higher, where neither is better",
    LOWER: "Lower, where neither is better",
}


def changes_page(judgement: Judgement) -> str:
    """The page of all clear changes."""
    title = judgement.plan.edition.title or judgement.plan.title
    way = link(title, links.between(links.CHANGES, links.FRONT))
    return page([heading(1, TITLE), way, *all_changes(judgement)])


def all_changes(judgement: Judgement, level: int = 2) -> Iterator[str]:
    """All clear changes, with a target or without, in the plan's order: a table a class under its heading of this level."""
    every = shown_once(judgement)
    found = {name: [one for one in every if one.measure.change == name] for name in _CLASSES}
    yield letters(one.measure.measure for moves in found.values() for one in moves)
    if not any(found.values()):
        yield "No measure changed clearly."
    for name, moves in found.items():
        if moves:
            yield heading(level, _CLASSES[name])
            yield _all_moves(moves)


def _all_moves(moves: Sequence[Shown]) -> str:
    pairs = [latest_pair(one.measure) for one in moves]
    found = columns(pairs)
    rows = [
        (name_link(one, links.CHANGES), *found.cells(pair), inline(_size_text(one)))
        for one, pair in zip(moves, pairs, strict=True)
    ]
    told = table(("Measure", *found.headers, "Change"), rows, right=(1, 2))
    return "\n\n".join(filter(None, (told, found.marks.line())))


def _size_text(shown: Shown) -> str:
    """The size of a change: what its class says is above the table."""
    travel = shown.measure.directions[0]
    if travel.usual is not None:
        return change_text(shown.measure)
    return capitalised(change_words(travel, shown.measure.measure))
