"""The front page: what is off target first, then the edition, the contents, the counts, and what can't be judged."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from kpi.judge.aim import AGAINST, AS_INTENDED, HELD
from kpi.judge.aim import CANNOT_TELL as AIM_UNKNOWN
from kpi.judge.change_class import CHANGE_CLASSES
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.reference import BESIDE
from kpi.judge.state import DUE, IN_WORDS, IS_MET, NO_DATA, STATES_WORST_FIRST
from kpi.model.text import counted
from kpi.pages import links
from kpi.pages.breaches import (
    NEAR_TITLE,
    NONE_UNMET,
    ORDER,
    PART_TITLE,
    TITLE,
    TWICE,
    OffTarget,
    breach_table,
    commentaries,
    kpis_missing,
    off_target,
    turn_words,
)
from kpi.pages.cells import figure_and_target_cell, name_cell, trend_cell
from kpi.pages.charts.targets import targets_words
from kpi.pages.legend import NOT_A_TREND, colours, day_words, letters
from kpi.pages.markdown import Anchors, bullets, heading, image, inline, link, page, paragraph, table
from kpi.pages.room import short_list, short_table
from kpi.pages.sources import SOURCES, every_source
from kpi.pages.words import (
    answer_words,
    asked_words,
    capitalised,
    ended,
    kpi_status,
    no_figures_detail,
    state_words,
    status_cell,
)

HERE = links.FRONT
_NOT_SAID = "not said"
_IN_FULL = f"{link('Targets not met', links.BREACHES)} has all of them"
_ON_THEIR_PAGES = "the pages of the priorities have the others"
_HOW_TO_READ = "How to read this"
_HOW_JUDGED = "Statuses and trends are worked out from the figures, by rules that are the same for every KPI."


def front_page(judgement: Judgement) -> str:
    """The page as Markdown."""
    plan, off = judgement.plan, off_target(judgement)
    title = plan.edition.title or plan.title
    return page(
        [
            heading(1, title),
            f"{paragraph(ended(plan.organisation))} {day_words(judgement)} {inline(headline(judgement))}",
            _where_more(),
            heading(2, TITLE),
            *_off_target(judgement, off),
            heading(2, "New and recovered"),
            new_and_recovered(off),
            heading(2, _HOW_TO_READ),
            bullets([NOT_A_TREND]),
            colours(judgement),
            letters(one.measure for _, one in _measures(judgement, _is_met)),
            *_section("Met targets", _met(judgement)),
            heading(2, "About this scorecard"),
            edition_facts(judgement),
            heading(2, "Contents"),
            _contents(judgement),
            heading(2, "Counts by status"),
            counts_by_status(judgement),
            *_section("Against the aim", _aims(judgement, AGAINST)),
            *_section("As intended", _aims(judgement, AS_INTENDED)),
            *_section("Held", _aims(judgement, HELD)),
            *_section("When to act", _triggers(judgement)),
            heading(2, "Overdue"),
            _overdue(judgement),
            heading(2, "What could not be judged"),
            _not_judged(judgement),
            *_section(SOURCES, every_source(plan)),
        ]
    )


def _where_more() -> str:
    anchor = Anchors().add(_HOW_TO_READ)
    how = link(_HOW_TO_READ, links.between(HERE, HERE, anchor))
    return f"More about each: {link('targets not met, in full', links.BREACHES)}. {how}. {_HOW_JUDGED}"


def headline(judgement: Judgement) -> str:
    """How many KPIs don't meet a target, and how every measure stands, each counted once: the numbers add up.

    All measures are counted by what became of their newest figure, and those with a target by its state.
    """
    measures, words = judgement.once(), judgement.plan.status.words
    with_target = [one.state for one in measures if one.verdicts]
    parts = [f"{kpis_missing(judgement)}."]
    if measures:
        found = {one.name: one.counted for one in CHANGE_CLASSES.values()}
        changes = _counts([one.change for one in measures], found)
        parts.append(f"Of {counted(len(measures), 'measure')}, by the newest figure: {changes}.")
    if with_target:
        of = f"{len(with_target):,} of them {'has' if len(with_target) == 1 else 'have'} a target"
        counts = _counts(with_target, {one: state_words(one, words) for one in STATES_WORST_FIRST})
        parts.append(f"{of}: {counts}.")
    beside = [one.references[0].word for one in measures if one.references]
    if beside:
        of = f"{len(beside):,} {'has' if len(beside) == 1 else 'have'} a benchmark"
        parts.append(f"{of}: {_counts(beside, {word: f'{word} it' for word in BESIDE})}.")
    if sum(len(kpi.measures) for kpi in judgement.kpis) > len(measures):
        parts.append(TWICE)
    return " ".join(parts)


def _counts(values: Sequence[str], words: Mapping[str, str]) -> str:
    """How often each value occurs, in the order of their words; those that don't are left out."""
    return "; ".join(f"{values.count(one):,} {word}" for one, word in words.items() if one in values)


def _section(title: str, body: str) -> tuple[str, ...]:
    """A section that is left out where it would be empty."""
    return (heading(2, title), body) if body else ()


def _off_target(judgement: Judgement, off: OffTarget) -> Iterator[str]:
    """The targets that aren't met, those that are near, the gains on their way, and what is said about them, once."""
    yield ORDER if off.missed else NONE_UNMET
    yield letters(one.measure.measure for one in off.unmet)
    yield breach_table(judgement, off.missed, HERE, _IN_FULL)
    yield from _section(NEAR_TITLE, breach_table(judgement, off.near, HERE, _IN_FULL))
    yield from _section(PART_TITLE, breach_table(judgement, off.short, HERE, _IN_FULL))
    told = targets_words(judgement)
    yield image(told, links.TARGETS) if told else ""
    if off.unmet:
        yield from _section("Commentary", commentaries(off.unmet, _IN_FULL))


def new_and_recovered(off: OffTarget) -> str:
    """What has crossed its target with the latest figure, either way."""
    lines = []
    for kind, rows in (("Newly not met", off.newly_missed), ("Recovered", off.recovered)):
        for shown in rows:
            since = turn_words(shown.measure)
            name = name_cell(shown.kpi, shown.measure, HERE)
            lines.append(f"**{kind}**: {name}. {inline(ended(capitalised(since)))}")
        if not rows:
            lines.append(f"**{kind}**: none.")
    return short_list(lines, _IN_FULL)


def _is_met(judged: MeasureJudgement) -> bool:
    return judged.state in IS_MET


def _met(judgement: Judgement) -> str:
    """What is on target: good news belongs to the picture."""
    words = judgement.plan.status.words
    rows = [
        (
            name_cell(kpi, one, HERE),
            f"{inline(status_cell(one.state, one.rag, words, queried=one.queried))}: {figure_and_target_cell(one, judgement.day)}",
            trend_cell(one),
        )
        for kpi, one in _measures(judgement, _is_met)
    ]
    return short_table(("KPI", "Figure and target", "Trend"), rows, _ON_THEIR_PAGES)


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
    statuses = [
        status for status in STATES_WORST_FIRST if any(one.status == status for one in judgement.kpis)
    ]
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


def _aims(judgement: Judgement, word: str) -> str:
    """Measures without a target that stand so to their aim, by the latest figure."""
    rows = [
        (name_cell(kpi, one, HERE), inline(capitalised(one.measure.aim)), trend_cell(one))
        for kpi, one in _measures(judgement, lambda one: one.aim is not None and one.aim.word == word)
    ]
    return short_table(("KPI", "Aim", "Trend"), rows, _ON_THEIR_PAGES)


def _overdue(judgement: Judgement) -> str:
    """Figures that should be there by now, or how many can't be overdue because nobody says when they come."""
    from kpi.model.period import span_words

    dated = list(_measures(judgement, lambda one: one.freshness is not None))
    rows = [
        (
            name_cell(kpi, one, HERE),
            inline(span_words(one.freshness.due, one.freshness.due)),
            counted(one.freshness.days_late, "day"),
        )
        for kpi, one in dated
        if one.freshness is not None and one.freshness.days_late
    ]
    if rows:
        return short_table(("KPI", "Figure was due", "Late by"), rows, _ON_THEIR_PAGES)
    if dated:
        return "No figure is overdue."
    return "No figure can be overdue: no measure says how often its figures come."


def _triggers(judgement: Judgement) -> str:
    """When the plan asks for action, and whether it has come about."""
    rows = [
        (
            name_cell(kpi, one, HERE),
            inline(capitalised(asked_words(found.trigger, one.measure))),
            f"{inline(ended(capitalised(answer_words(found))))} {trend_cell(one)}",
        )
        for kpi, one in _measures(judgement, lambda one: bool(one.triggers))
        for found in one.triggers
    ]
    return short_table(("KPI", "Act", "So far"), rows, _ON_THEIR_PAGES)


def _not_judged(judgement: Judgement) -> str:
    """KPIs and measures that have a target or an aim, or no figures, and why nothing can be said of them."""
    rows = list(_unjudged(judgement))
    if not rows:
        return paragraph("Everything with a target or an aim could be judged.")
    return short_table(("KPI", "Status", "Why"), rows, _ON_THEIR_PAGES)


def _unjudged(judgement: Judgement) -> Iterator[tuple[str, ...]]:
    plan = judgement.plan
    for kpi in judgement.kpis:
        if kpi.kpi.no_figures is not None:
            why = inline(no_figures_detail(kpi.kpi.no_figures, plan)) or _NOT_SAID
            yield name_cell(kpi, None, HERE), inline(kpi_status(kpi, plan.status.words)), why
        for one in kpi.measures:
            status, why = _why_not(one, judgement)
            if why:
                yield name_cell(kpi, one, HERE), inline(status), inline(why)


def _why_not(judged: MeasureJudgement, judgement: Judgement) -> tuple[str, str]:
    """The status and the reason of a measure that can't be judged; two empty texts where it is."""
    plan = judgement.plan
    verdict = judged.deciding
    status = capitalised(state_words(judged.state, plan.status.words))
    if judged.measure.no_figures is not None:
        return status, no_figures_detail(judged.measure.no_figures, plan) or _NOT_SAID
    if verdict is not None and judged.state in {NO_DATA, DUE}:
        return status, capitalised(verdict.reason)
    if verdict is not None and judged.state == IN_WORDS:
        return status, f"{verdict.target.in_words}{' (figure queried)' if judged.queried else ''}"
    if judged.aim is not None and judged.aim.word == AIM_UNKNOWN:
        return f"Aim to {judged.measure.aim}: cannot tell", capitalised(judged.aim.reason)
    return "", ""


def _measures(
    judgement: Judgement, wanted: Callable[[MeasureJudgement], bool]
) -> Iterator[tuple[KpiJudgement, MeasureJudgement]]:
    """The measures that are wanted, wherever they are shown, in the plan's order."""
    for kpi in judgement.kpis:
        for one in kpi.measures:
            if wanted(one):
                yield kpi, one
