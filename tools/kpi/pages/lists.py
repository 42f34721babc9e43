"""Lists of measures: targets not met, clear changes, and what is new since the last edition."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

from kpi.judge.breach import ALONE, NEW, RECOVERED
from kpi.judge.changes import SinceEdition
from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.judge.state import BETTER, HIGHER, IS_MET, LOWER, NEAR, SHORT, UNMET, WORSE
from kpi.judge.target import relative_gap, relative_size
from kpi.model.kpi import Kpi
from kpi.model.period import parse_period, period_words
from kpi.model.quantity import COUNT
from kpi.model.text import counted, joined
from kpi.pages import links, standing
from kpi.pages.about import letters, near_words
from kpi.pages.figure_words import capitalised, ended, value_words, when
from kpi.pages.markdown import bullets, heading, inline, link, table, with_notes
from kpi.pages.target_words import status_cell
from kpi.pages.trend_words import change_words, direction_words, usual_range_words

BREACHES_TITLE, NEAR_TITLE, PART_TITLE = "Targets not met", "Near the target", "Part of the way"
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
    """What is off its target, once or `everywhere` it is shown: the widest gap first, then the longest run."""
    rows = standing.shown_everywhere(judgement) if everywhere else standing.shown_once(judgement)
    recovered = [row for row in rows if row.measure.breach and row.measure.breach.state == RECOVERED]
    rows.sort(key=lambda row: row.measure.breach.periods if row.measure.breach else 0, reverse=True)
    rows.sort(key=lambda row: relative_gap(row.measure.deciding, row.measure.measure.unit), reverse=True)
    unmet, near, short = ([row for row in rows if row.measure.state in at] for at in (UNMET, {NEAR}, {SHORT}))
    return OffTarget(unmet, near, short, recovered)


def breaches_page(judgement: Judgement) -> str:
    """The page as Markdown, however long."""
    off, plan = off_target(judgement), judgement.plan
    blocks = [
        inline(sentence(judgement)),
        near_words(plan, [shown.measure.measure for shown in off.near]),
        letters(shown.measure.measure for rows in off for shown in rows),
        order_words(judgement, off),
    ]
    for name, words in breach_lists(judgement, off, links.BREACHES):
        blocks += [heading(2, name), words]
    return standing.titled_page(plan, links.BREACHES, BREACHES_TITLE, blocks)


def order_words(judgement: Judgement, off: OffTarget) -> str:
    """The order of targets that aren't met; where there are none, how all stand. Empty without a target."""
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
    """Status and since when, figure, target and gap, what happened to it, owner, commentary."""
    plan, judged = judgement.plan, shown.measure
    travel = standing.latest_pair(judged, of_target=True).travel if judged.deciding else None
    trend = direction_words(travel, judged.measure) if travel is not None else ""
    status = status_cell(judged, plan.status.words, because=not trend or judged.state not in UNMET)
    sentences = (
        ("", "; ".join(filter(None, (status, since_words(judged))))),
        ("", standing.figure_and_target(judged, judgement.day)),
        ("", trend),
        ("Against the target: ", usual_range_words(judged)),
        ("Owner: ", plan.owners.get(shown.owner, shown.owner)),
        ("Commentary: ", latest_commentary(shown.kpi.kpi) if comment else ""),
    )
    line = " ".join(ended(capitalised(head + text)) for head, text in sentences if text)
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
    """Since when the target is not met: "since 2020/21 or earlier (4 figures in a row)"; empty without a breach.

    A target that is near may have been missed before, so it is "not met since 2020/21".
    """
    breach, measure = judged.breach, judged.measure
    if breach is None:
        return ""
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
_MOST_MOVES = 6  # each way on the front page


def largest(judgement: Judgement) -> dict[str, list[standing.ShownMeasure]]:
    """The measures without a target that moved clearly, the worse and the better ones, the largest moves first.

    What a control chart shows comes first, then the change as a part of the figure before; for shares as a part of the smaller
    of share and rest. Counts of which neither figure is 20 or more are left out.
    """
    sizes = []
    for shown in standing.shown_once(judgement):
        judged, unit = shown.measure, shown.measure.measure.unit
        if judged.verdicts or judged.change not in {WORSE, BETTER}:
            continue
        travel, pair = judged.directions[0], standing.latest_pair(judged)
        values = [each.value for each in (pair.now, pair.before) if each and each.value is not None]
        if unit.kind == COUNT and max(map(abs, values), default=0) < 20:  # cases
            continue
        size = False, Fraction(0)
        if pair.before and pair.before.value is not None and travel.change is not None:
            size = relative_size(abs(Fraction(travel.change)), abs(Fraction(pair.before.value)), unit)
        sizes.append(((travel.usual is not None, *size), shown))
    moves = [shown for _, shown in sorted(sizes, key=itemgetter(0), reverse=True)]
    ways = {way: [shown for shown in moves if shown.measure.change == way] for way in (WORSE, BETTER)}
    return {way: shown for way, shown in ways.items() if shown}


def moves_part(judgement: Judgement) -> Iterator[str]:
    """The largest moves both ways, the worse ones first, and how many more there are; nothing without any."""
    ways = largest(judgement)
    if not ways:
        return
    moved = (shown.measure for moves in ways.values() for shown in moves[:_MOST_MOVES])
    figures = standing.FigureColumns(moved)
    yield heading(2, "Largest clear moves without a target")
    more = []
    for outcome, moves in ways.items():
        first = moves[:_MOST_MOVES]
        rows = [(standing.name_link(each, links.FRONT), *figures.cells(each.measure)) for each in first]
        yield table((capitalised(outcome), *figures.headers), rows, right=(1, 2))
        more += [f"{len(moves) - _MOST_MOVES:,} more {outcome}"] if len(moves) > _MOST_MOVES else []
    way = link("all clear changes" if more else CHANGES_TITLE, links.CHANGES)
    rule = "Unusual figures first, then the largest changes for the figure before; no counts below 20."
    yield with_notes("", rule, figures.footnotes(), f"{', '.join(more)}: {way}." if more else f"{way}.")


def moves_sentences(judgement: Judgement, most: int) -> str:
    """The same on a line or two, so many each way, with the figures before; empty without any."""
    sentences = []
    for outcome, moves in largest(judgement).items():
        names = []
        for shown in moves:
            pair, measure = standing.latest_pair(shown.measure), shown.measure.measure
            figure = value_words(pair.now, measure) if pair.now else ""
            figure += f" (before: {value_words(pair.before, measure)})" if pair.before else ""
            names.append(f"{standing.name_link(shown, links.FRONT)} {inline(figure)}")
        sentences.append(f"**{capitalised(outcome)} without a target**: {_join_first(names, most)}.")
    return " ".join(sentences)


def all_changes(judgement: Judgement, level: int = 2) -> Iterator[str]:
    """All clear changes in the plan's order: a table a class under its heading of this level."""
    every, classes = standing.shown_once(judgement), (WORSE, BETTER, HIGHER, LOWER)
    groups = {name: [shown for shown in every if shown.measure.change == name] for name in classes}
    yield letters(shown.measure.measure for moves in groups.values() for shown in moves)
    if not any(groups.values()):
        yield "No measure changed clearly."
    for name, moves in groups.items():
        if not moves:
            continue
        figures = standing.FigureColumns(shown.measure for shown in moves)
        rows = []
        for shown in moves:
            judged, measure, travel = shown.measure, shown.measure.measure, shown.measure.directions[0]
            words = capitalised(change_words(travel, measure))  # what the class of the change says is above
            size = standing.change_text(judged) if travel.usual else words
            rows.append((standing.name_link(shown, links.CHANGES), *figures.cells(judged), inline(size)))
        yield heading(level, capitalised(name) + ", where neither is better" * (name in {HIGHER, LOWER}))
        made = table(("Measure", *figures.headers, "Change"), rows, right=(1, 2))
        yield with_notes(made, figures.footnotes())


def since_edition(judgement: Judgement, since: SinceEdition) -> str:
    """The line: "**Since the last edition** (28 November 2023): newly met: …; newly not met: …"."""
    edition = period_words(parse_period(since.edition)) if since.edition else judgement.plan.edition.last
    groups = {"newly met": since.met, "newly not met": since.unmet, "figures revised": since.revised}
    parts = []
    for title, addresses in groups.items():
        shown = (each for each in standing.shown_once(judgement) if each.measure.address in addresses)
        names = [standing.name_link(each, links.FRONT) for each in shown]
        parts += [f"{title}: {_join_first(names, 4)}"] if addresses else []
    news = "; ".join(parts) or "no target newly met or newly not met, no figure revised"
    line = f"**Since the last edition** ({inline(edition)}): {news}."
    if since.unread:
        line += f" {counted(since.unread, 'KPI')} could not be compared, because the older file can no longer be read."
    return line


def _join_first(names: Sequence[str], most: int) -> str:
    more = [f"{len(names) - most:,} more"] if len(names) > most else []
    return joined([*names[:most], *more])
