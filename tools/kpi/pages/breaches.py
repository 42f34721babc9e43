"""The target-breach summary: which targets are not met now, which are near, which gains are part of the way, what has recovered."""

from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.breach import ALONE, CONTINUING, NEW, RECOVERED, Breach
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.state import IS_MET, NEAR, SHORT, UNMET
from kpi.judge.target import relative_gap
from kpi.model.kpi import Kpi, Measure, Observation
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
    direction_words,
    ended,
    short_label,
    status_cell,
    when,
)

COLUMNS = ("KPI", "Status", "Figure, target and gap")
"""Three: as many as a narrow screen holds. The rest is said in words below the table."""

TITLE = "Targets not met"
NEAR_TITLE = "Near the target"
PART_TITLE = "Part of the way"
NONE_UNMET = "Every target is met, near, not due, or can't be judged."
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
    """The measures whose target isn't met: the widest gap for its bound first, then the longest run, then the plan's order."""
    return _widest_first(judgement, UNMET)


def near(judgement: Judgement) -> list[Shown]:
    """The measures within the tolerance of a target that they don't meet, likewise."""
    return _widest_first(judgement, {NEAR})


def short(judgement: Judgement) -> list[Shown]:
    """The gains below a target that has no date, the widest gap first."""
    return _widest_first(judgement, {SHORT})


def _widest_first(judgement: Judgement, states: Collection[str]) -> list[Shown]:
    found = [one for one in _shown(judgement) if one.measure.state in states]
    return sorted(found, key=_width, reverse=True)


def _width(shown: Shown) -> tuple[tuple[bool, Fraction], int]:
    judged = shown.measure
    return relative_gap(judged.deciding, judged.measure.unit), _periods(shown)


def recovered(judgement: Judgement) -> list[Shown]:
    """The targets met again after a miss."""
    return [
        one
        for one in _shown(judgement)
        if one.measure.state in IS_MET and one.measure.breach and one.measure.breach.state == RECOVERED
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
    no_short = "No gain is part of the way to its target."
    no_recovered = "No target is met again that was not met in the period before."
    return page(
        [
            *_opening(judgement, off, here, title),
            heading(2, "Not met now"),
            *_in_full(judgement, off.missed, here, NONE_UNMET, order=ORDER),
            *((heading(2, NEAR_TITLE), *_in_full(judgement, off.near, here, "")) if off.near else ()),
            heading(2, PART_TITLE),
            *_in_full(judgement, off.short, here, no_short),
            *((heading(2, "Commentary"), commentaries(off.unmet)) if off.unmet else ()),
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
    columns = ("Priority", "Not met now", NEAR_TITLE, PART_TITLE, "Recovered")
    rest = "the pages of the priorities have all of them"
    return page(
        [
            *_opening(judgement, off, links.BREACHES, TITLE),
            heading(2, "By priority"),
            table(columns, rows, right=range(1, len(columns))),
            heading(2, "Not met now"),
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
    """How many targets are not met, of how many, counted by KPI and by measure."""
    measures = [one for one in judgement.once() if one.verdicts]
    states = [one.state for one in measures]
    told = f"{kpis_missing(judgement)}: {sum(one in UNMET for one in states):,} of {counted(len(measures), 'measure')}."
    if NEAR in states:
        told += f" {states.count(NEAR):,} more {'is' if states.count(NEAR) == 1 else 'are'} near."
    rows = [one.measure.address for one in (*off.unmet, *off.recovered)]
    return f"{told} {TWICE}" if len(set(rows)) < len(rows) else told


def kpis_missing(judgement: Judgement) -> str:
    """How many KPIs don't meet a target, of how many: "7 of 12 KPIs with a target do not meet at least one"."""
    kpis = [one for one in judgement.kpis if one.targeted]
    missing = sum(any(each.state in UNMET for each in one.measures) for one in kpis)
    verb = "does" if missing == 1 else "do"
    return f"{missing:,} of {counted(len(kpis), 'KPI')} with a target {verb} not meet at least one"


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


_BEFORE = {NEAR: "was near it", **dict.fromkeys(IS_MET, "met it"), **dict.fromkeys(UNMET, "did not meet it")}
"""What the last figure before did, by its state; in others the target was not due."""


def turn_words(judged: MeasureJudgement) -> str:
    """The same, where it is said beside it what is new: "January 2024, last met March 2023"."""
    found, measure = judged.breach, judged.measure
    assert found is not None
    since = when(found.since.period, measure)
    if found.state == RECOVERED:
        return f"met again after {counted(found.periods, 'figure')} not met, from {since}"
    last = f", last met {when(found.last_met.period, measure)}" if found.last_met else ""
    if found.state == CONTINUING:
        or_earlier = "" if found.last_met else " or earlier"
        not_met = "not met " if judged.state == NEAR else ""
        return f"{not_met}since {since}{or_earlier} ({counted(found.periods, 'figure')} in a row){last}"
    if found.state == ALONE:
        return _last_figure_words(found, measure)
    return f"{since}{last}"


def _last_figure_words(found: Breach, measure: Measure) -> str:
    """What is known of the time before, where no period before is: "the last figure (April 2021) met it"."""
    if found.before is None and _has_earlier(found.since, measure):
        return f"{when(found.since.period, measure)} is the first figure held against it"
    if found.before is None:
        return f"no earlier figure of its length before {when(found.since.period, measure)}"
    did = _BEFORE.get(found.before_state)
    if did is None:
        return f"due with {when(found.since.period, measure)}"
    return f"the last figure ({when(found.before.period, measure)}) {did}"


def _has_earlier(figure: Observation, measure: Measure) -> bool:
    """Whether there is an earlier figure of the same length, whatever it was held against."""
    period = figure.period
    return any(
        one.value is not None and one.period.end < period.end and one.period.is_as_long_as(period)
        for one in measure.observations
    )


def _trend(judged: MeasureJudgement) -> str:
    """What became of the judged figure."""
    verdict, measure = judged.deciding, judged.measure
    found = next((one for one in judged.directions if verdict and one.later == verdict.observation), None)
    return direction_words(found, measure) if found is not None else ""


def commentaries(rows: Iterable[Shown], rest: str = "") -> str:
    """The newest commentary on each KPI of some rows, once a KPI, and of which there is none; `rest` as for the table."""
    kpis = {shown.kpi.kpi.id: shown.kpi.kpi for shown in rows}
    known = {name: latest_commentary(kpi) for name, kpi in kpis.items()}
    if not any(known.values()):
        return NO_COMMENTARY
    told = [
        f"**{inline(kpi.full_title)}**: {inline(known[name] or 'no commentary is given.')}"
        for name, kpi in kpis.items()
    ]
    return short_list(told, rest) if rest else bullets(told)


def latest_commentary(kpi: Kpi) -> str:
    """The newest commentary with its date, which may be after the edition's; empty where there is none."""
    return "".join(f"{ended(text)} ({written})" for written, text in kpi.commentary[-1:])
