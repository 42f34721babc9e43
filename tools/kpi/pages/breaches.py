"""The target-breach summary: what is missed now, what is near its target, what is short without a date, what has recovered."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kpi.judge.breach import CONTINUING, NEW, RECOVERED
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.state import MET, MISSED, NEAR, SHORT
from kpi.judge.target import relative_gap
from kpi.model.kpi import Kpi
from kpi.model.plan import Priority
from kpi.model.text import counted
from kpi.pages import links
from kpi.pages.cells import figure_and_target_cell, name_cell
from kpi.pages.legend import colours, day_words, letters
from kpi.pages.markdown import bullets, heading, inline, link, page, table
from kpi.pages.room import MOST, short_list, short_table
from kpi.pages.words import (
    NOTHING,
    age_words,
    chance_of,
    direction_words,
    ended,
    short_label,
    status_cell,
    when,
)

COLUMNS = ("KPI", "Status", "Figure, target and gap")
"""Three: as many as a narrow screen holds. The rest is said in words below the table."""

TITLE = "Missed targets"
NEAR_TITLE = "Near the target"
NO_COMMENTARY = "No commentary is given."
TWICE = "A measure that stands under two KPIs is listed twice and counted once."
ORDER = "The widest gap for its target comes first; of equal gaps the one that has lasted longest."


class Shown(NamedTuple):
    """A measure where it is shown: under its own KPI, or under another that also shows it."""

    kpi: KpiJudgement
    measure: MeasureJudgement


class OffTarget(NamedTuple):
    """What is off its target, or was before: worked out once for all that a page says of it."""

    missed: list[Shown]
    near: list[Shown]
    short: list[Shown]
    recovered: list[Shown]

    @property
    def unmet(self) -> list[Shown]:
        """All that does not meet its target, in the order in which pages list it."""
        return [*self.missed, *self.near, *self.short]

    @property
    def newly_missed(self) -> list[Shown]:
        """The missed measures whose figure before was none, or met its target."""
        return [one for one in self.missed if one.measure.breach and one.measure.breach.state == NEW]

    def under(self, priority: Priority) -> "OffTarget":
        """What of it is shown under the KPIs of one priority."""
        return OffTarget(*([one for one in rows if one.kpi.kpi.priority == priority.id] for rows in self))


def off_target(judgement: Judgement) -> OffTarget:
    """What is off its target in the whole framework."""
    return OffTarget(missed(judgement), near(judgement), short(judgement), recovered(judgement))


def missed(judgement: Judgement) -> list[Shown]:
    """The missed measures: the widest gap for its bound first, then the longest run of misses, then the plan's order."""
    return _widest_first(judgement, MISSED)


def near(judgement: Judgement) -> list[Shown]:
    """The measures within the tolerance of a target that they don't meet, likewise."""
    return _widest_first(judgement, NEAR)


def short(judgement: Judgement) -> list[Shown]:
    """The gains below a target that has no date, the widest gap first."""
    return _widest_first(judgement, SHORT)


def _widest_first(judgement: Judgement, state: str) -> list[Shown]:
    found = [one for one in _shown(judgement) if one.measure.state == state]
    return sorted(found, key=lambda one: (relative_gap(one.measure.deciding), _periods(one)), reverse=True)


def recovered(judgement: Judgement) -> list[Shown]:
    """The targets met again after a miss."""
    return [
        one
        for one in _shown(judgement)
        if one.measure.state == MET and one.measure.breach and one.measure.breach.state == RECOVERED
    ]


def _shown(judgement: Judgement) -> Iterator[Shown]:
    for kpi in judgement.kpis:
        for measure in kpi.measures:
            yield Shown(kpi, measure)


def _periods(shown: Shown) -> int:
    return shown.measure.breach.periods if shown.measure.breach else 0


def breaches_pages(judgement: Judgement) -> Iterator[tuple[str, str]]:
    """The page, or where it would be too long one with the widest gaps, and one for each priority; with their paths."""
    off = off_target(judgement)
    whole = _page(judgement, off, links.BREACHES, TITLE)
    if len(whole.encode()) <= MOST:
        yield links.BREACHES, whole
        return
    yield links.BREACHES, _by_priority(judgement, off)
    for priority in judgement.plan.priorities:
        kpis = tuple(one for one in judgement.kpis if one.kpi.priority == priority.id)
        here, title = links.breaches_of(priority.id), f"{TITLE}: {priority.title}"
        yield here, _page(judgement._replace(kpis=kpis), off.under(priority), here, title)


def breaches_page(judgement: Judgement) -> str:
    """The page as Markdown, however long."""
    return _page(judgement, off_target(judgement), links.BREACHES, TITLE)


def _page(judgement: Judgement, off: OffTarget, here: str, title: str) -> str:
    no_missed, no_short = "No target is missed.", "No gain is short of its target."
    no_recovered = "No missed target has been met again over the same length of time."
    return page(
        [
            *_opening(judgement, off, here, title),
            heading(2, "Missed now"),
            *_in_full(judgement, off.missed, here, no_missed, order=ORDER),
            *((heading(2, NEAR_TITLE), *_in_full(judgement, off.near, here, "")) if off.near else ()),
            heading(2, "Short, no date set"),
            *_in_full(judgement, off.short, here, no_short),
            *((heading(2, "Commentary"), commentaries(judgement, off.unmet)) if off.unmet else ()),
            heading(2, "Recovered"),
            *_in_full(judgement, off.recovered, here, no_recovered),
        ]
    )


def _opening(judgement: Judgement, off: OffTarget, here: str, title: str) -> Iterator[str]:
    yield heading(1, title)
    way = link(judgement.plan.edition.title or judgement.plan.title, links.between(here, links.FRONT))
    yield way if here == links.BREACHES else f"{way} › {link(TITLE, links.between(here, links.BREACHES))}"
    yield f"{day_words(judgement)} {inline(sentence(judgement, off))}"
    yield colours(judgement)
    yield letters(one.measure.measure for rows in off for one in rows)


def _by_priority(judgement: Judgement, off: OffTarget) -> str:
    """The page where there are too many for one: how many in each priority, and the widest gaps of all."""
    rows = [
        (
            link(priority.title, links.between(links.BREACHES, links.breaches_of(priority.id))),
            *(f"{len(rows):,}" for rows in off.under(priority)),
        )
        for priority in judgement.plan.priorities
    ]
    columns = ("Priority", "Missed now", NEAR_TITLE, "Short, no date set", "Recovered")
    rest = "the pages of the priorities have all of them"
    return page(
        [
            *_opening(judgement, off, links.BREACHES, TITLE),
            heading(2, "By priority"),
            table(columns, rows, right=range(1, len(columns))),
            heading(2, "Missed now"),
            ORDER,
            breach_table(judgement, off.missed, links.BREACHES, rest),
            *(
                (heading(2, NEAR_TITLE), breach_table(judgement, off.near, links.BREACHES, rest))
                if off.near
                else ()
            ),
        ]
    )


def _in_full(
    judgement: Judgement, rows: list[Shown], here: str, without: str, order: str = ""
) -> Iterator[str]:
    """The table, and below it a line of words for each row; `without` where there is none."""
    if not rows:
        yield without
        return
    yield order
    yield breach_table(judgement, rows, here)
    once = {one.measure.address: one for one in rows}
    yield bullets(_line(judgement, one) for one in once.values())


def sentence(judgement: Judgement, off: OffTarget) -> str:
    """How many targets are missed, of how many, counted by KPI and by measure."""
    measures = [one for one in judgement.once() if one.verdicts]
    states = [one.state for one in measures]
    told = f"{kpis_missing(judgement)}: {states.count(MISSED):,} of {counted(len(measures), 'measure')}."
    if NEAR in states:
        told += f" {states.count(NEAR):,} more {'is' if states.count(NEAR) == 1 else 'are'} near."
    rows = [one.measure.address for one in (*off.unmet, *off.recovered)]
    return f"{told} {TWICE}" if len(set(rows)) < len(rows) else told


def kpis_missing(judgement: Judgement) -> str:
    """How many KPIs miss a target, of how many: "7 of 12 KPIs with a target miss at least one"."""
    kpis = [one for one in judgement.kpis if one.targeted]
    missing = sum(one.status == MISSED for one in kpis)
    verb = "misses" if missing == 1 else "miss"
    return f"{missing:,} of {counted(len(kpis), 'KPI')} with a target {verb} at least one"


def breach_table(judgement: Judgement, rows: list[Shown], here: str, rest: str = "") -> str:
    """The table of breaches, empty where there are none; where `rest` says where all are, only as many as there is room for."""
    if not rows:
        return ""
    cells = [_row(judgement, one, here) for one in rows]
    return short_table(COLUMNS, cells, rest) if rest else table(COLUMNS, cells)


def _row(judgement: Judgement, shown: Shown, here: str) -> tuple[str, ...]:
    judged = shown.measure
    return (
        name_cell(shown.kpi, judged, here),
        inline(_status(judgement, judged)),
        figure_and_target_cell(judged, judgement.day),
    )


def _status(judgement: Judgement, judged: MeasureJudgement) -> str:
    """The status and since when: "Missed 🔴 getting worse; new in January 2024, last met April 2021"."""
    told = status_cell(judged.state, judged.rag, judgement.plan.status.words, queried=judged.queried)
    since = since_words(judged)
    return told if since == NOTHING else f"{told}; {since}"


def _line(judgement: Judgement, shown: Shown) -> str:
    """What the table has no room for: the figure's age, the trend and the owner."""
    plan, judged = judgement.plan, shown.measure
    label, title = short_label(judged.measure), shown.kpi.kpi.full_title
    figure = judged.deciding.observation if judged.deciding else None
    owner = judged.measure.owner or shown.kpi.kpi.owner
    told = [f"The figure is {age_words(figure, judgement.day)} old"] if figure else []
    told += [trend] if (trend := _trend(judged)) else []
    told += [f"Owner: {plan.owners.get(owner, owner)}"] if owner else []
    name = label if len(shown.kpi.measures) > 1 else title
    return f"**{inline(name)}**: {inline(' '.join(map(ended, told)))}"


def since_words(judged: MeasureJudgement) -> str:
    """When the breach began and when the target was last met, as far as the figures here go.

    "since 2020/21 or earlier (4 figures in a row)", "new in January 2024, last met March 2023". A target that is near may have
    been missed before, so it is "not met since 2020/21".
    """
    if judged.breach is None:
        return NOTHING
    return f"new in {turn_words(judged)}" if judged.breach.state == NEW else turn_words(judged)


def turn_words(judged: MeasureJudgement) -> str:
    """The same, where it is said beside it what is new: "January 2024, last met March 2023"."""
    found, measure = judged.breach, judged.measure
    assert found is not None
    since = when(found.since.period, measure)
    if found.state == RECOVERED:
        return f"met again after {counted(found.periods, 'missed figure')}, from {since}"
    last = f", last met {when(found.last_met.period, measure)}" if found.last_met else ""
    if found.state == CONTINUING:
        or_earlier = "" if found.last_met else " or earlier"
        not_met = "not met " if judged.state == NEAR else ""
        return f"{not_met}since {since}{or_earlier} ({counted(found.periods, 'figure')} in a row){last}"
    return f"{since}{last}"


def _trend(judged: MeasureJudgement) -> str:
    """The direction of the judged figure, and whether it could be chance."""
    verdict, measure = judged.deciding, judged.measure
    found = next((one for one in judged.directions if verdict and one.later == verdict.observation), None)
    if found is None:
        return ""
    return "; ".join(filter(None, (direction_words(found, measure), chance_of(found, measure))))


def commentaries(judgement: Judgement, rows: Iterable[Shown], rest: str = "") -> str:
    """The newest commentary on each KPI of some rows, once a KPI, and of which there is none; `rest` as for the table."""
    kpis = {shown.kpi.kpi.id: shown.kpi.kpi for shown in rows}
    known = {name: latest_commentary(kpi, judgement) for name, kpi in kpis.items()}
    if not any(known.values()):
        return NO_COMMENTARY
    told = [
        f"**{inline(kpi.full_title)}**: {inline(known[name] or 'no commentary is given.')}"
        for name, kpi in kpis.items()
    ]
    return short_list(told, rest) if rest else bullets(told)


def latest_commentary(kpi: Kpi, judgement: Judgement) -> str:
    """The newest commentary written by the day, with its date; empty where there is none."""
    day = judgement.day.isoformat()
    known = [f"{ended(text)} ({written})" for written, text in kpi.commentary if written <= day]
    return known[-1] if known else ""
