"""The front page: what is off target first, then the edition, the contents, the counts, and what can't be judged."""

from collections.abc import Iterator

from kpi.judge.aim import AGAINST
from kpi.judge.aim import CANNOT_TELL as AIM_UNKNOWN
from kpi.judge.judgement import STATUSES, Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.target import IN_WORDS, MET, NO_DATA
from kpi.model.text import counted
from kpi.pages import links
from kpi.pages.breaches import (
    NO_COMMENTARY,
    Shown,
    latest_commentary,
    missed,
    recovered,
    sentence,
    short,
    since_words,
)
from kpi.pages.cells import target_cell, trend_cell
from kpi.pages.legend import colours, day_words
from kpi.pages.markdown import Anchors, bullets, heading, inline, link, page, paragraph, table
from kpi.pages.words import (
    NOTHING,
    capitalised,
    dated,
    ended,
    gap_words,
    kpi_status,
    measure_label,
    no_figures_detail,
    state_words,
    status_cell,
)

HERE = links.FRONT
_HOW_JUDGED = "Statuses and trends are worked out from the figures, by rules that are the same for every KPI."


def front_page(judgement: Judgement) -> str:
    """The page as Markdown."""
    plan = judgement.plan
    title = plan.edition.title or plan.title
    return page(
        [
            heading(1, title),
            f"{paragraph(ended(plan.organisation))} {day_words(judgement)} {inline(sentence(judgement))}",
            f"More about each: {link('missed targets in full', links.BREACHES)}. {_HOW_JUDGED}",
            heading(2, "Missed targets"),
            _off_target(judgement, missed(judgement)) or "No target is missed.",
            *_section("Short, no date set", _off_target(judgement, short(judgement))),
            heading(2, "How to read this"),
            colours(judgement),
            *_section("Met targets", _met(judgement)),
            heading(2, "About this scorecard"),
            edition_facts(judgement),
            heading(2, "Contents"),
            _contents(judgement),
            heading(2, "Counts by status"),
            counts_by_status(judgement),
            *_section("Recovered", _off_target(judgement, recovered(judgement))),
            *_section("Against the aim", _against(judgement)),
            *_section("Overdue", _overdue(judgement)),
            *_section("Triggers", _triggers(judgement)),
            heading(2, "What could not be judged"),
            _not_judged(judgement),
        ]
    )


def _section(title: str, body: str) -> tuple[str, ...]:
    """A section that is left out where it would be empty."""
    return (heading(2, title), body) if body else ()


def _off_target(judgement: Judgement, rows: list[Shown]) -> str:
    """The rows as a table; the commentary has a column where there is any."""
    if not rows:
        return ""
    columns = ("KPI", "Measure", "Status", "Figure", "Target", "Gap", "Since", "Commentary")
    cells = [_off_target_row(judgement, one) for one in rows]
    if any(row[-1] != NO_COMMENTARY for row in cells):
        return table(columns, cells)
    return f"{table(columns[:-1], [row[:-1] for row in cells])}\n\nNo commentary is given."


def _off_target_row(judgement: Judgement, shown: Shown) -> tuple[str, ...]:
    judged = shown.measure
    verdict = judged.deciding
    assert verdict is not None
    return (
        _kpi_link(shown.kpi),
        inline(measure_label(judged.measure)),
        inline(status_cell(judged.state, judged.rag, judgement.plan.status.words, queried=judged.queried)),
        inline(dated(verdict.observation, judged.measure)) if verdict.observation else NOTHING,
        target_cell(judged),
        inline(gap_words(verdict, judged.measure)),
        inline(since_words(judged)),
        inline(latest_commentary(shown.kpi, judgement)),
    )


def _met(judgement: Judgement) -> str:
    """What is on target: good news belongs to the picture."""
    rows = [
        (
            _kpi_link(kpi),
            inline(measure_label(one.measure)),
            inline(status_cell(one.state, one.rag, judgement.plan.status.words, queried=one.queried)),
            inline(dated(one.deciding.observation, one.measure))
            if one.deciding and one.deciding.observation
            else NOTHING,
            target_cell(one),
            trend_cell(one),
        )
        for kpi, one in _measures(judgement)
        if one.state == MET
    ]
    return table(("KPI", "Measure", "Status", "Figure", "Target", "Trend"), rows) if rows else ""


def _kpi_link(judged: KpiJudgement) -> str:
    return link(judged.kpi.title, links.between(HERE, links.kpi_page(judged.kpi.id)))


def edition_facts(judgement: Judgement) -> str:
    """What the scorecard is for, by whom and for which meeting."""
    edition = judgement.plan.edition
    from kpi.model.period import parse_period, period_words

    rows = [
        ("Plan", judgement.plan.title),
        ("Board", edition.board),
        ("Date", period_words(parse_period(edition.date)) if edition.date else ""),
        ("Presented by", edition.presented_by),
        ("Purpose", edition.purpose),
    ]
    return bullets(f"**{name}**: {inline(text)}" for name, text in rows if text)


def _contents(judgement: Judgement) -> str:
    """Priorities with their objectives, each a link."""
    lines = []
    for priority in judgement.plan.priorities:
        there = links.priority_page(priority.id)
        count = counted(len(priority.kpis), "KPI")
        lines.append(f"- {link(priority.title, links.between(HERE, there))} ({count})")
        anchors = Anchors()
        anchors.add(priority.title)
        for objective in priority.objectives:
            if objective.title:
                anchor = anchors.add(objective.title)
                lines.append(f"  - {link(objective.title, links.between(HERE, there, anchor))}")
    return "\n".join(lines)


def counts_by_status(judgement: Judgement) -> str:
    """KPIs by status and priority, with totals; only statuses that occur."""
    statuses = [status for status in STATUSES if any(one.status == status for one in judgement.kpis)]
    words = judgement.plan.status.words
    by_id = judgement.by_id()
    rows = []
    for priority in judgement.plan.priorities:
        found = [by_id[name].status for name in priority.kpis if name in by_id]
        there = links.between(HERE, links.priority_page(priority.id))
        cells = [str(found.count(status)) for status in statuses]
        rows.append((link(priority.title, there), *cells, str(len(found))))
    everything = [one.status for one in judgement.kpis]
    rows.append(
        ("All priorities", *(str(everything.count(status)) for status in statuses), str(len(everything)))
    )
    headers = ["Priority", *(inline(capitalised(state_words(one, words))) for one in statuses), "All KPIs"]
    return table(headers, rows, right=range(1, len(headers)))


def _against(judgement: Judgement) -> str:
    """Measures without a target whose latest figure moved against the aim."""
    rows = [
        (
            _kpi_link(kpi),
            inline(measure_label(one.measure)),
            inline(capitalised(one.measure.aim)),
            trend_cell(one),
        )
        for kpi, one in _measures(judgement)
        if one.aim is not None and one.aim.word == AGAINST
    ]
    return table(("KPI", "Measure", "Aim", "Trend"), rows) if rows else ""


def _overdue(judgement: Judgement) -> str:
    from kpi.model.period import span_words

    rows = [
        (
            _kpi_link(kpi),
            inline(measure_label(one.measure)),
            inline(span_words(one.freshness.due, one.freshness.due)),
            counted(one.freshness.days_late, "day"),
        )
        for kpi, one in _measures(judgement)
        if one.freshness is not None and one.freshness.days_late
    ]
    return table(("KPI", "Measure", "Figure was due", "Late by"), rows) if rows else ""


def _triggers(judgement: Judgement) -> str:
    """What the plan says to act on, and whether it has come about."""
    rows = []
    for kpi, one in _measures(judgement):
        for found in one.triggers:
            what = (
                f"Significant {found.trigger.when}"
                if found.trigger.level
                else capitalised(found.trigger.when)
            )
            told = f"{capitalised(found.state)}: {found.reason}" if found.reason else capitalised(found.state)
            rows.append(
                (_kpi_link(kpi), inline(measure_label(one.measure)), what, inline(told), trend_cell(one))
            )
    return table(("KPI", "Measure", "Act on", "State", "Trend"), rows) if rows else ""


def _not_judged(judgement: Judgement) -> str:
    """KPIs and measures that have a target or an aim, or no figures, and why nothing can be said of them."""
    rows = list(_unjudged(judgement))
    if not rows:
        return paragraph("Everything with a target or an aim could be judged.")
    return table(("KPI", "Measure", "Status", "Why"), rows)


def _unjudged(judgement: Judgement) -> Iterator[tuple[str, ...]]:
    plan = judgement.plan
    for kpi in judgement.kpis:
        if kpi.kpi.no_figures is not None:
            why = inline(no_figures_detail(kpi.kpi.no_figures, plan)) or NOTHING
            yield _kpi_link(kpi), NOTHING, inline(kpi_status(kpi, plan.status.words)), why
        for one in kpi.measures:
            status, why = _why_not(one, judgement)
            if why:
                yield _kpi_link(kpi), inline(measure_label(one.measure)), inline(status), inline(why)


def _why_not(judged: MeasureJudgement, judgement: Judgement) -> tuple[str, str]:
    """The status and the reason of a measure that can't be judged; two empty texts where it is."""
    plan = judgement.plan
    verdict = judged.deciding
    status = capitalised(state_words(judged.state, plan.status.words))
    if judged.measure.no_figures is not None:
        return status, no_figures_detail(judged.measure.no_figures, plan) or NOTHING
    if verdict is not None and judged.state == NO_DATA:
        return status, capitalised(verdict.reason)
    if verdict is not None and judged.state == IN_WORDS:
        return status, f"{verdict.target.in_words}{' (figure queried)' if judged.queried else ''}"
    if judged.aim is not None and judged.aim.word == AIM_UNKNOWN:
        return f"Aim to {judged.measure.aim}: cannot tell", capitalised(judged.aim.reason)
    return "", ""


def _measures(judgement: Judgement) -> Iterator[tuple[KpiJudgement, MeasureJudgement]]:
    for kpi in judgement.kpis:
        for one in kpi.measures:
            yield kpi, one
