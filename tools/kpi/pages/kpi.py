"""The page of one KPI: what is measured and why, how it stands, and every figure with its marks and notes."""

from collections.abc import Iterator, Sequence

from kpi.judge.judgement import Judgement, KpiJudgement
from kpi.judge.state import SHORT, UNMET
from kpi.model.kpi import Kpi
from kpi.model.text import counted, joined
from kpi.pages import links
from kpi.pages.breaches import NO_COMMENTARY
from kpi.pages.cells import status_and_figure
from kpi.pages.charts.chart import kpi_chart_words
from kpi.pages.grid import bare_table, crossed, grid, told_together
from kpi.pages.legend import day_words, how_to_read
from kpi.pages.markdown import bullets, heading, image, inline, link, page, paragraph, table
from kpi.pages.measure import measure_name, measure_part
from kpi.pages.sources import SOURCES, sources_of
from kpi.pages.words import (
    NOTHING,
    aim_words,
    dated,
    ended,
    kpi_status,
    no_figures_words,
    reading,
    short_label,
)

Ignored = Sequence[tuple[str, str]]
"""(rule, reason) of each ignore comment in the KPI's file."""

_MOST_READ = 6
"""How many measures are told in sentences at the top; more stand in a table."""


def kpi_page(judgement: Judgement, judged: KpiJudgement, ignored: Ignored = ()) -> str:
    """The page as Markdown."""
    kpi = judged.kpi
    here = links.kpi_page(kpi.id)
    blocks = [
        heading(1, kpi.full_title),
        _way_back(judgement, kpi, here),
        f"> {paragraph(kpi.statement)}" if kpi.statement else "",
        paragraph(kpi.definition),
        f"**Status**: {inline(kpi_status(judged, judgement.plan.status.words))}. {day_words(judgement)}",
        *_opening(judgement, judged),
        _picture(judgement, judged, here),
        _aim(judged),
        f"**Owner**: {inline(judgement.plan.owners.get(kpi.owner, kpi.owner) or 'nobody is named')}.",
        paragraph(kpi.note) if kpi.note else "",
        *_commentary(judged),
        *_figures(judgement, judged, here),
        heading(2, SOURCES),
        _sources(judgement, judged, here),
        *_ignored(ignored),
    ]
    source = links.to_repository(here, links.kpi_source(kpi.priority, kpi.id))
    blocks += [
        heading(2, "Change this"),
        f"{link('Change a figure or a word of this KPI', source)}: open the file, then the pencil.",
    ]
    return page(blocks)


def _way_back(judgement: Judgement, kpi: Kpi, here: str) -> str:
    """From the front page to the objective that the KPI stands under: why it is measured."""
    plan = judgement.plan
    told = [link(plan.edition.title or plan.title, links.between(here, links.FRONT))]
    for priority in plan.priorities:
        if priority.id == kpi.priority:
            told.append(link(priority.title, links.between(here, links.priority_page(priority.id))))
            told += [inline(one.title) for one in priority.objectives if one.title and kpi.id in one.kpis]
    return " › ".join(told)


def _opening(judgement: Judgement, judged: KpiJudgement) -> Iterator[str]:
    """The KPI in words: each measure in a few sentences, or why there are none."""
    plan = judgement.plan
    if judged.kpi.no_figures is not None:
        yield paragraph(ended(no_figures_words(judged.kpi.no_figures, plan)))
    together = told_together(judged)
    told = []
    for one in judged.measures:
        if one in together:
            continue
        newest = one.latest.observation
        note = f" {inline(ended(newest.note))}" if newest is not None and newest.note else ""
        label = measure_name(judged, one)
        sentences = inline(reading(one, plan, judgement.day, labelled=False))
        told.append(f"**{inline(label)}**: {sentences}{note}")
    if len(told) == 1:
        yield told[0]
    elif len(told) <= _MOST_READ:
        yield bullets(told)


def _picture(judgement: Judgement, judged: KpiJudgement, here: str) -> str:
    """The KPI's picture, with its finding in words; empty where there is nothing to draw."""
    told = kpi_chart_words(judged, judgement.plan)
    return image(told, links.between(here, links.chart(judged.kpi.id))) if told else ""


def _aim(judged: KpiJudgement) -> str:
    """The aim of the measures without a target, or those where they differ, and how they stand to it; a target says it itself."""
    aimed = [one for one in judged.measures if not one.verdicts]
    if judged.measures and not aimed:
        return ""
    by_aim: dict[str, list[str]] = {}
    for one in aimed:
        by_aim.setdefault(one.measure.aim, []).append(measure_name(judged, one))
    if len(by_aim) > 1:
        told = "; ".join(f"{aim} ({inline(joined(names))})" for aim, names in by_aim.items())
    else:
        told = next(iter(by_aim), judged.kpi.aim)
    told = f"**Aim**: {told}."
    if judged.aim is None:
        return told
    if judged.aimed == 1:
        return f"{told} By the latest figure: {inline(aim_words(judged.aim))}."
    count = f"{judged.intended} of {judged.aimed} as intended"
    return f"{told} Measures with an aim and no target, by the latest figures: {inline(judged.aim.word)} ({count})."


def _commentary(judged: KpiJudgement) -> Iterator[str]:
    """What has been written, newest first, after the edition too. Where a target is not reached, its absence is told."""
    known = judged.kpi.commentary
    if known or judged.status in UNMET | {SHORT}:
        yield heading(2, "Commentary")
        yield bullets(f"**{written}**: {inline(text)}" for written, text in reversed(known)) or NO_COMMENTARY


def _figures(judgement: Judgement, judged: KpiJudgement, here: str) -> Iterator[str]:
    """All figures: side by side where there are many measures, then each measure that has more to say."""
    if not judged.measures:
        return
    yield heading(2, "Figures")
    yield how_to_read(judgement.plan, (one.measure for one in judged.measures))
    together = told_together(judged)
    if crossed(judged):
        yield grid(judged, judgement.plan.status.words)
    else:
        yield _overview(judgement, judged) if len(judged.measures) > _MOST_READ else ""
        yield bare_table(together) if together else ""
    for one in judged.measures:
        if one not in together:
            yield from measure_part(judgement, judged, one, here)


def _overview(judgement: Judgement, judged: KpiJudgement) -> str:
    """The measures under one another, where there are too many for sentences."""
    rows = [
        (
            inline(short_label(one.measure)),
            inline(status_and_figure(judgement, one)),
            inline("; ".join(dated(figure, one.measure) for figure in one.current) or NOTHING),
        )
        for one in judged.measures
    ]
    return table(("Measure", "Status", "Latest figure"), rows)


def _sources(judgement: Judgement, judged: KpiJudgement, here: str) -> str:
    names = list(judged.kpi.sources)
    for one in judged.measures:
        names += [*one.measure.sources, *(target.source for target in one.measure.targets)]
    return sources_of(judgement.plan, names, here)


def _ignored(ignored: Ignored) -> Iterator[str]:
    if ignored:
        yield heading(2, "Accepted as they are")
        verb = "is" if len(ignored) == 1 else "are"
        yield f"{counted(len(ignored), 'finding')} in this file {verb} answered with a reason:"
        yield bullets(f"{inline(rule)}: {inline(reason)}" for rule, reason in ignored)
