"""The target-breach summary: since when targets are not met, how far off they are, what happened to them, and who answers."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.breach import ALONE, NEW, RECOVERED, Breach
from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.judge.state import IS_MET, NEAR, SHORT, UNMET
from kpi.judge.target import relative_gap
from kpi.model.kpi import Kpi, Measure
from kpi.model.text import counted
from kpi.pages import links
from kpi.pages.about import letters, near_words
from kpi.pages.figure_words import NOTHING, ended, when
from kpi.pages.markdown import bullets, heading, inline, page
from kpi.pages.standing import figure_and_target
from kpi.pages.table_cells import (
    ShownMeasure,
    front_link,
    judged_pair,
    name_link,
    shown_everywhere,
    shown_once,
)
from kpi.pages.target_words import status_cell
from kpi.pages.trend_words import direction_words, usual_range_words

BREACHES_TITLE = "Targets not met"
NEAR_TITLE = "Near the target"
PART_TITLE = "Part of the way"
ORDER = "The widest gap for its target comes first."


class OffTarget(NamedTuple):
    """What is off its target, or was before: worked out once for all that a page says of it."""

    missed: list[ShownMeasure]
    near: list[ShownMeasure]
    short: list[ShownMeasure]
    recovered: list[ShownMeasure]

    @property
    def unmet(self) -> list[ShownMeasure]:
        """All that does not meet its target, in the order in which pages list it."""
        return [*self.missed, *self.near, *self.short]


def off_target(judgement: Judgement, *, everywhere: bool = False) -> OffTarget:
    """What is off its target: the widest gap for its bound first, then the longest run, then the plan's order.

    Args:
        judgement: the whole framework.
        everywhere: name a measure under each KPI that shows it, rather than once.
    """
    shown = shown_everywhere(judgement) if everywhere else shown_once(judgement)
    unmet, near, short = (
        sorted((row for row in shown if row.measure.state in states), key=_width, reverse=True)
        for states in (UNMET, {NEAR}, {SHORT})
    )
    again = [row for row in shown if row.measure.breach and row.measure.breach.state == RECOVERED]
    return OffTarget(unmet, near, short, [row for row in again if row.measure.state in IS_MET])


def _width(shown: ShownMeasure) -> tuple[tuple[bool, Fraction], int]:
    judged = shown.measure
    gap = relative_gap(judged.deciding, judged.measure.unit)
    return gap, judged.breach.periods if judged.breach else 0


def breaches_page(judgement: Judgement) -> str:
    """The page as Markdown, however long."""
    off = off_target(judgement)
    lists = breach_lists(judgement, off, links.BREACHES)
    return page(
        [
            heading(1, BREACHES_TITLE),
            front_link(judgement.plan, links.BREACHES),
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
        return ORDER if len(off.missed) > 1 else ""
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


def _line(judgement: Judgement, shown: ShownMeasure, here: str, *, comment: bool) -> str:
    """The status and since when, the figure with its age, target and gap, what happened to it, the owner, the commentary."""
    plan, judged = judgement.plan, shown.measure
    commentary = latest_commentary(shown.kpi.kpi) if comment else ""
    owner = judged.measure.owner or shown.kpi.kpi.owner
    travel = judged_pair(judged).travel if judged.deciding else None
    trend = direction_words(travel, judged.measure) if travel is not None else ""
    rag = judged.rag._replace(because="") if trend and judged.state in UNMET else judged.rag
    status = status_cell(judged.state, rag, plan.status.words, queried=judged.queried)
    since = since_words(judged)
    sentences = [
        status if since == NOTHING else f"{status}; {since}",
        figure_and_target(judged, judgement.day),
        trend,
        f"Against the target: {usual}" if (usual := usual_range_words(judged)) else "",
        f"Owner: {plan.owners.get(owner, owner)}" if owner else "",
        f"Commentary: {commentary}" if commentary else "",
    ]
    line = " ".join(ended(text[:1].upper() + text[1:]) for text in sentences if text)
    return f"**{name_link(shown, here)}**: {inline(line)}"


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
    """When the breach began and when the target was last met, as far as the figures here go.

    "since 2020/21 or earlier (4 figures in a row)", "new in January 2024, last met March 2023". A target that is near may have
    been missed before, so it is "not met since 2020/21".
    """
    breach, measure = judged.breach, judged.measure
    if breach is None:
        return NOTHING
    since = when(breach.since.period, measure)
    if breach.state == RECOVERED:
        return f"met again after {counted(breach.periods, 'figure')} not met, from {since}"
    if breach.state == ALONE:
        return _last_figure_words(breach, measure)
    last = f", last met {when(breach.last_met.period, measure)}" if breach.last_met else ""
    if breach.state == NEW:
        return f"new in {since}{last}"
    or_earlier = "" if breach.last_met else " or earlier"
    not_met = "not met " if judged.state == NEAR else ""
    return f"{not_met}since {since}{or_earlier} ({counted(breach.periods, 'figure')} in a row){last}"


_BEFORE = {NEAR: "was near it", **dict.fromkeys(IS_MET, "met it"), **dict.fromkeys(UNMET, "did not meet it")}
"""What the last figure before did, by its state; in others the target was not due."""


def _last_figure_words(breach: Breach, measure: Measure) -> str:
    """What is known of the time before, where no period before is: "the last figure (April 2021) met it"."""
    period = breach.since.period
    since = when(period, measure)
    if breach.before is not None:
        did = _BEFORE.get(breach.before_state)
        return (
            f"the last figure ({when(breach.before.period, measure)}) {did}" if did else f"due with {since}"
        )
    has_earlier = any(
        figure.value is not None and figure.period.end < period.end and figure.period.is_as_long_as(period)
        for figure in measure.observations
    )
    if has_earlier:
        return f"{since} is the first figure held against it"
    return f"no earlier figure of its length before {since}"


def latest_commentary(kpi: Kpi) -> str:
    """The newest commentary with its date, which may be after the edition's; empty where there is none."""
    return "".join(f"{ended(text)} ({written})" for written, text in kpi.commentary[-1:])
