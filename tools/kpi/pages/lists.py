"""The lists of measures of all priorities: targets not met, with who answers; clear changes; and what is new since the last edition."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

from kpi.judge.breach import ALONE, NEW, RECOVERED
from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.judge.state import BETTER, HIGHER, IS_MET, LOWER, NEAR, SHORT, UNMET, WORSE
from kpi.judge.target import relative_gap
from kpi.model.kpi import Kpi
from kpi.model.period import parse_period, period_words
from kpi.model.quantity import COUNT
from kpi.model.text import counted, joined
from kpi.pages import links, standing
from kpi.pages.about import letters, near_words
from kpi.pages.figure_words import NOTHING, capitalised, ended, value_words, when
from kpi.pages.markdown import bullets, heading, inline, link, page, table, with_notes
from kpi.pages.target_words import status_cell
from kpi.pages.trend_words import change_words, direction_words, usual_range_words

BREACHES_TITLE = "Targets not met"
NEAR_TITLE = "Near the target"
PART_TITLE = "Part of the way"
_BEFORE = {NEAR: "was near it", **dict.fromkeys(IS_MET, "met it"), **dict.fromkeys(UNMET, "did not meet it")}
"""What the last figure before did, by its state; in others the target was not due."""


class OffTarget(NamedTuple):
    """What is off its target, or was before: worked out once for all that a page says of it."""

    missed: list[standing.ShownMeasure]
    near: list[standing.ShownMeasure]
    short: list[standing.ShownMeasure]
    recovered: list[standing.ShownMeasure]

    @property
    def unmet(self) -> list[standing.ShownMeasure]:
        """All that does not meet its target, in the order in which pages list it."""
        return [*self.missed, *self.near, *self.short]


def off_target(judgement: Judgement, *, everywhere: bool = False) -> OffTarget:
    """What is off its target, once or `everywhere` it is shown: the widest gap for its bound first, then the longest run."""
    rows = standing.shown_everywhere(judgement) if everywhere else standing.shown_once(judgement)
    again = [row for row in rows if row.measure.breach and row.measure.breach.state == RECOVERED]
    recovered = [row for row in again if row.measure.state in IS_MET]
    rows.sort(key=lambda row: row.measure.breach.periods if row.measure.breach else 0, reverse=True)
    rows.sort(key=lambda row: relative_gap(row.measure.deciding, row.measure.measure.unit), reverse=True)
    unmet, near, short = ([row for row in rows if row.measure.state in at] for at in (UNMET, {NEAR}, {SHORT}))
    return OffTarget(unmet, near, short, recovered)


def breaches_page(judgement: Judgement) -> str:
    """The page as Markdown, however long."""
    off = off_target(judgement)
    lists = breach_lists(judgement, off, links.BREACHES)
    return page(
        [
            heading(1, BREACHES_TITLE),
            standing.front_link(judgement.plan, links.BREACHES),
            inline(sentence(judgement)),
            near_words(judgement.plan, [shown.measure.measure for shown in off.near]),
            letters(shown.measure.measure for rows in off for shown in rows),
            order_words(judgement, off),
            *(block for name, words in lists for block in (heading(2, name), words)),
        ]
    )


def order_words(judgement: Judgement, off: OffTarget) -> str:
    """In which order targets stand that aren't met; or how targets stand, where all others do. Empty without a target."""
    if off.missed:
        return "The widest gap for its target comes first." if len(off.missed) > 1 else ""
    states = {judged.state for judged in judgement.once() if judged.verdicts}
    if states <= IS_MET:
        return "Every target is met." if states else ""
    return "Every target is met, near, not due, or can't be judged."


def breach_lists(judgement: Judgement, off: OffTarget, here: str) -> Iterator[tuple[str, str]]:
    """The lists with their names, a line a measure; the empty ones left out."""
    for name, rows in zip(("Not met now", NEAR_TITLE, PART_TITLE, "Recovered"), off, strict=True):
        if rows:
            first = {shown.kpi.kpi.id: shown for shown in reversed(rows)}  # the commentary stands once
            lines = (_line(judgement, row, here, comment=row is first[row.kpi.kpi.id]) for row in rows)
            yield name, bullets(lines)


def _line(judgement: Judgement, shown: standing.ShownMeasure, here: str, *, comment: bool) -> str:
    """The status and since when, the figure with its age, target and gap, what happened to it, the owner, the commentary."""
    plan, judged = judgement.plan, shown.measure
    commentary = latest_commentary(shown.kpi.kpi) if comment else ""
    owner = judged.measure.owner or shown.kpi.kpi.owner
    travel = standing.latest_pair(judged, of_target=True).travel if judged.deciding else None
    trend = direction_words(travel, judged.measure) if travel is not None else ""
    rag = judged.rag._replace(because="") if trend and judged.state in UNMET else judged.rag
    status = status_cell(judged.state, rag, plan.status.words, queried=judged.queried)
    since = since_words(judged)
    sentences = [
        status if since == NOTHING else f"{status}; {since}",
        standing.figure_and_target(judged, judgement.day),
        trend,
        f"Against the target: {usual}" if (usual := usual_range_words(judged)) else "",
        f"Owner: {plan.owners.get(owner, owner)}" if owner else "",
        f"Commentary: {commentary}" if commentary else "",
    ]
    line = " ".join(ended(text[:1].upper() + text[1:]) for text in sentences if text)
    return f"**{standing.name_link(shown, here)}**: {inline(line)}"


def sentence(judgement: Judgement) -> str:
    """How many targets are not met, of how many, counted by KPI and by measure."""
    states = [judged.state for judged in judgement.once() if judged.verdicts]
    kpis = [kpi for kpi in judgement.kpis if kpi.targeted]
    if not kpis:
        return "No measure has a target."
    missing = sum(any(judged.state in UNMET for judged in kpi.measures) for kpi in kpis)
    verb = "does" if missing == 1 else "do"
    words = f"{missing:,} of {counted(len(kpis), 'KPI')} with a target {verb} not meet at least one"
    words += f": {sum(state in UNMET for state in states):,} of {counted(len(states), 'measure')}."
    if NEAR in states:
        words += f" {states.count(NEAR):,} more {'is' if states.count(NEAR) == 1 else 'are'} near."
    return words


def since_words(judged: MeasureJudgement) -> str:
    """When the breach began and when the target was last met: "since 2020/21 or earlier (4 figures in a row)".

    A target that is near may have been missed before, so it is "not met since 2020/21".
    """
    breach, measure = judged.breach, judged.measure
    if breach is None:
        return NOTHING
    since = when(breach.since.period, measure)
    if breach.state == RECOVERED:
        return f"met again after {counted(breach.periods, 'figure')} not met, from {since}"
    if breach.state == ALONE:
        if breach.before is not None:
            did, before = _BEFORE.get(breach.before_state), when(breach.before.period, measure)
            return f"the last figure ({before}) {did}" if did else f"due with {since}"
        period = breach.since.period
        known = (each.period for each in measure.observations if each.value is not None)
        has_earlier = any(each.end < period.end and each.is_as_long_as(period) for each in known)
        first = f"{since} is the first figure held against it"
        return first if has_earlier else f"no earlier figure of its length before {since}"
    last = f", last met {when(breach.last_met.period, measure)}" if breach.last_met else ""
    if breach.state == NEW:
        return f"new in {since}{last}"
    or_earlier = "" if breach.last_met else " or earlier"
    not_met = "not met " if judged.state == NEAR else ""
    return f"{not_met}since {since}{or_earlier} ({counted(breach.periods, 'figure')} in a row){last}"


def latest_commentary(kpi: Kpi) -> str:
    """The newest commentary with its date, which may be after the edition's; empty where there is none."""
    return "".join(f"{ended(text)} ({written})" for written, text in kpi.commentary[-1:])


CHANGES_TITLE = "Clear changes"
MOST_MOVES = 6  # each way on the front page
_RULE = "Unusual figures first, then the largest changes for the figure before; no counts below 20."

_ALL = 100
_MOST_NAMED = 4
_CLASSES = {
    WORSE: "Worse",
    BETTER: "Better",
    HIGHER: "Higher, where neither is better",
    LOWER: "Lower, where neither is better",
}


def largest(judgement: Judgement, outcome: str) -> list[standing.ShownMeasure]:
    """The measures without a target that moved so, the largest move first.

    What a control chart shows comes first, then the change as a part of the figure before; for shares as a part of the smaller
    of share and rest. Counts of which neither figure is 20 or more are left out.
    """
    sizes = []
    for shown in standing.shown_once(judgement):
        if shown.measure.verdicts or shown.measure.change != outcome:
            continue
        unit, travel = shown.measure.measure.unit, shown.measure.directions[0]
        pair = standing.latest_pair(shown.measure)
        values = [each.value for each in (pair.now, pair.before) if each and each.value is not None]
        if unit.kind == COUNT and max(map(abs, values), default=0) < 20:  # cases
            continue
        before = pair.before.value if pair.before is not None else None
        size, comes_from_nothing = Fraction(0), False
        if before is not None and travel.change is not None:
            size, of = abs(Fraction(travel.change)), abs(Fraction(before))
            if unit.is_share and of <= _ALL:
                of = min(of, _ALL - of)
            size, comes_from_nothing = size / of if of else size, not of
        sizes.append(((travel.usual is not None, comes_from_nothing, size), shown))
    return [shown for _, shown in sorted(sizes, key=itemgetter(0), reverse=True)]


def moves_part(judgement: Judgement) -> Iterator[str]:
    """The largest moves both ways under their heading, the worse ones first, with how many more there are; nothing without any."""
    ways = _largest_ways(judgement)
    if not ways:
        return
    first = {outcome: moves[:MOST_MOVES] for outcome, moves in ways.items()}
    moved = (shown.measure for moves in first.values() for shown in moves)
    figures = standing.FigureColumns(map(standing.latest_pair, moved))
    yield heading(2, "Largest clear moves without a target")
    more = []
    for outcome, moves in ways.items():
        rows = []
        for shown in first[outcome]:
            cells = figures.cells(standing.latest_pair(shown.measure))
            rows.append((standing.name_link(shown, links.FRONT), *cells))
        yield table((capitalised(outcome), *figures.headers), rows, right=(1, 2))
        more += [f"{len(moves) - MOST_MOVES:,} more {outcome}"] if len(moves) > MOST_MOVES else []
    way = link("all clear changes" if more else CHANGES_TITLE, links.CHANGES)
    others = f"{', '.join(more)}: {way}." if more else f"{way}."
    yield with_notes("", _RULE, figures.footnotes(), others)


def moves_sentences(judgement: Judgement, most: int) -> str:
    """The same on a line or two, so many each way, with the figures before; empty without any."""
    sentences = []
    for outcome, moves in _largest_ways(judgement).items():
        names = []
        for shown in moves:
            pair, measure = standing.latest_pair(shown.measure), shown.measure.measure
            now, before = (value_words(each, measure) if each else "" for each in (pair.now, pair.before))
            names.append(f"{standing.name_link(shown, links.FRONT)} {inline(f'{now} (before: {before})')}")
        sentences.append(f"**{capitalised(outcome)} without a target**: {_join_first(names, most)}.")
    return " ".join(sentences)


def _largest_ways(judgement: Judgement) -> dict[str, list[standing.ShownMeasure]]:
    return {outcome: moves for outcome in (WORSE, BETTER) if (moves := largest(judgement, outcome))}


def changes_page(judgement: Judgement) -> str:
    """The page of all clear changes."""
    way = standing.front_link(judgement.plan, links.CHANGES)
    return page([heading(1, CHANGES_TITLE), way, *all_changes(judgement)])


def all_changes(judgement: Judgement, level: int = 2) -> Iterator[str]:
    """All clear changes, with a target or without, in the plan's order: a table a class under its heading of this level."""
    every = standing.shown_once(judgement)
    groups = {name: [shown for shown in every if shown.measure.change == name] for name in _CLASSES}
    yield letters(shown.measure.measure for moves in groups.values() for shown in moves)
    if not any(groups.values()):
        yield "No measure changed clearly."
    for name, moves in groups.items():
        if not moves:
            continue
        figures = standing.FigureColumns(standing.latest_pair(shown.measure) for shown in moves)
        rows = []
        for judged, way in ((shown.measure, standing.name_link(shown, links.CHANGES)) for shown in moves):
            travel = judged.directions[0]  # what the class of the change says is above the table
            size = standing.change_text(judged)
            if not travel.usual:
                size = capitalised(change_words(travel, judged.measure))
            rows.append((way, *figures.cells(standing.latest_pair(judged)), inline(size)))
        yield heading(level, _CLASSES[name])
        made = table(("Measure", *figures.headers, "Change"), rows, right=(1, 2))
        yield with_notes(made, figures.footnotes())


def since_edition(judgement: Judgement, since: SinceEdition) -> str:
    """The line as Markdown: "**Since the last edition** (28 November 2023): newly met: …; newly not met: …; revised: …"."""
    edition = period_words(parse_period(since.edition)) if since.edition else judgement.plan.edition.last
    groups = {"newly met": since.met, "newly not met": since.unmet, "figures revised": since.revised}
    parts = []
    for title, addresses in groups.items():
        shown = (each for each in standing.shown_once(judgement) if each.measure.address in addresses)
        names = [standing.name_link(each, links.FRONT) for each in shown]
        parts += [f"{title}: {_join_first(names, _MOST_NAMED)}"] if addresses else []
    news = "; ".join(parts) or "no target newly met or newly not met, no figure revised"
    line = f"**Since the last edition** ({inline(edition)}): {news}."
    if since.unread:
        line += f" {counted(since.unread, 'KPI')} could not be compared, because the older file can no longer be read."
    return line


def _join_first(names: Sequence[str], most: int) -> str:
    more = [f"{len(names) - most:,} more"] if len(names) > most else []
    return joined([*names[:most], *more])
