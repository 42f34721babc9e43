"""The target-breach summary: what is missed now, what is short without a date, what has recovered."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpi.judge.bound import missed_end
from kpi.judge.breach import CONTINUING, RECOVERED
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.target import MET, MISSED, SHORT
from kpi.model.period import period_words
from kpi.model.text import counted, joined
from kpi.pages import links
from kpi.pages.cells import target_cell
from kpi.pages.legend import colours, day_words
from kpi.pages.markdown import heading, inline, link, page, table
from kpi.pages.words import (
    NOTHING,
    age_words,
    capitalised,
    dated,
    direction_words,
    gap_words,
    measure_label,
    status_cell,
)

NO_COMMENTARY = "none given"
COLUMNS = (
    "KPI",
    "Measure",
    "Status",
    "Figure",
    "Target",
    "Gap",
    "Since",
    "Trend",
    "Owner",
    "Commentary",
)
WHERE_GIVEN = 2
"""The last columns are shown only where a row has something to say in them."""


class Shown(NamedTuple):
    """A measure where it is shown: under its own KPI, or under another that also shows it."""

    kpi: KpiJudgement
    measure: MeasureJudgement


def missed(judgement: Judgement) -> list[Shown]:
    """The missed measures: red before amber, then the widest gap for its bound, then the longest run, then the plan's order."""
    found = [one for one in _shown(judgement) if one.measure.state == MISSED]
    return sorted(
        found,
        key=lambda one: (
            one.measure.rag.colour == "red",
            _relative_gap(one.measure),
            _periods(one.measure),
        ),
        reverse=True,
    )


def short(judgement: Judgement) -> list[Shown]:
    """The gains below a target that has no date."""
    return [one for one in _shown(judgement) if one.measure.state == SHORT]


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


def _relative_gap(judged: MeasureJudgement) -> tuple[bool, Fraction]:
    """The gap as a part of the end that was missed, to set gaps in different units side by side.

    Nothing is as wide as a gap to zero: the first item is True for it.
    """
    verdict = judged.deciding
    if verdict is None or not verdict.gap or verdict.bound is None or verdict.observation is None:
        return False, Fraction(0)
    end = missed_end(verdict.bound, verdict.observation.value or Decimal(0))
    gap = Fraction(verdict.gap)
    return (False, gap / abs(Fraction(end))) if end else (True, gap)


def _periods(judged: MeasureJudgement) -> int:
    return judged.breach.periods if judged.breach else 0


def breaches_page(judgement: Judgement) -> str:
    """The page as Markdown."""
    here = links.BREACHES
    return page(
        [
            heading(1, "Missed targets"),
            link(judgement.plan.edition.title or judgement.plan.title, links.between(here, links.FRONT)),
            f"{day_words(judgement)} {inline(sentence(judgement))}",
            colours(judgement),
            heading(2, "Missed now"),
            breach_table(judgement, missed(judgement), here) or "No target is missed.",
            heading(2, "Short, no date set"),
            breach_table(judgement, short(judgement), here) or "No gain is short of its target.",
            heading(2, "Recovered"),
            breach_table(judgement, recovered(judgement), here)
            or "No missed target has been met again over the same length of time.",
        ]
    )


def sentence(judgement: Judgement) -> str:
    """How many targets are missed, of how many, counted by KPI and by measure."""
    kpis = [one for one in judgement.kpis if one.targeted]
    off = [one for one in kpis if one.status == MISSED]
    measures = {one.measure.address for one in _shown(judgement) if one.measure.verdicts}
    missing = {one.measure.address for one in missed(judgement)}
    verb = "misses" if len(off) == 1 else "miss"
    told = (
        f"{len(off)} of {counted(len(kpis), 'KPI')} with a target {verb} at least one: "
        f"{len(missing)} of {counted(len(measures), 'measure')}."
    )
    twice = len(missed(judgement)) > len(missing)
    return f"{told} A measure that stands under two KPIs is listed twice and counted once." if twice else told


def breach_table(judgement: Judgement, rows: list[Shown], here: str) -> str:
    """The table of breaches, empty where there are none; what nobody has given is said below it instead of in every row."""
    if not rows:
        return ""
    cells = [_row(judgement, one, here) for one in rows]
    always = len(COLUMNS) - WHERE_GIVEN
    given = [n for n in range(always, len(COLUMNS)) if any(row[n] != NO_COMMENTARY for row in cells)]
    shown = [*range(always), *given]
    told = table([COLUMNS[n] for n in shown], [[row[n] for n in shown] for row in cells])
    absent = [COLUMNS[n].lower() for n in range(always, len(COLUMNS)) if n not in given]
    return f"{told}\n\nNo {joined(absent, 'or')} is given." if absent else told


def _row(judgement: Judgement, shown: Shown, here: str) -> tuple[str, ...]:
    plan, judged, kpi = judgement.plan, shown.measure, shown.kpi.kpi
    verdict, measure = judged.deciding, judged.measure
    assert verdict is not None
    figure = verdict.observation
    owner = measure.owner or kpi.owner
    return (
        link(kpi.title, links.between(here, links.kpi_page(kpi.id))),
        inline(measure_label(measure)),
        inline(status_cell(judged.state, judged.rag, plan.status.words, queried=judged.queried)),
        inline(f"{dated(figure, measure)}, {age_words(figure, judgement.day)} old") if figure else NOTHING,
        target_cell(judged),
        inline(gap_words(verdict, measure)),
        inline(since_words(judged)),
        inline(_trend(judged)),
        inline(plan.owners.get(owner, owner) or NO_COMMENTARY),
        inline(latest_commentary(shown.kpi, judgement)),
    )


def since_words(judged: MeasureJudgement) -> str:
    """When the breach began and when the target was last met, as far as the figures here go.

    "2020/21 or earlier (4 figures in a row)", "New: January 2024, last met March 2023".
    """
    found = judged.breach
    if found is None:
        return NOTHING
    since = period_words(found.since.period)
    if found.state == RECOVERED:
        return f"Met again after {counted(found.periods, 'missed figure')}, from {since}"
    last = f", last met {period_words(found.last_met.period)}" if found.last_met else ""
    if found.state == CONTINUING:
        or_earlier = "" if found.last_met else " or earlier"
        return f"{capitalised(since)}{or_earlier} ({counted(found.periods, 'figure')} in a row){last}"
    return f"New: {since}{last}"


def _trend(judged: MeasureJudgement) -> str:
    """The direction of the judged figure."""
    verdict = judged.deciding
    found = [one for one in judged.directions if verdict and one.later == verdict.observation]
    return direction_words(found[0], judged.measure) if found else NOTHING


def latest_commentary(kpi: KpiJudgement, judgement: Judgement) -> str:
    """The newest commentary written by the day."""
    day = judgement.day.isoformat()
    known = [text for written, text in kpi.kpi.commentary if written <= day]
    return known[-1] if known else NO_COMMENTARY
