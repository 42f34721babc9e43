"""The cells that several pages share: a measure's name, current figures, target, history and trend, as Markdown."""

from collections.abc import Iterable, Mapping
from datetime import date

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import Measure, Observation, identity
from kpi.model.period import Period
from kpi.model.plan import Plan
from kpi.model.text import joined
from kpi.pages import links
from kpi.pages.markdown import bullets, inline, link
from kpi.pages.words import (
    HARDLY,
    NOTHING,
    capitalised,
    dated,
    ended_words,
    gap_share_words,
    gap_words,
    measure_label,
    no_figures_words,
    older_words,
    reference_words,
    short_label,
    status_cell,
    target_words,
    trend_words,
    value_words,
    when,
)

Notes = Mapping[tuple[str, str], int]
"""The numbers of a page's notes on figures, by the measure's address and the period as written."""

NO_NOTES: Notes = {}


def numbered(shown: Iterable[MeasureJudgement], first: int = 1) -> Notes:
    """The notes of some measures' own figures, numbered in the order of the page, newest figure first."""
    found = {
        (one.address, figure.period.text): None
        for one in shown
        for figure in reversed(one.measure.observations)
        if figure.note
    }
    return {key: number for number, key in enumerate(found, start=first)}


def notes_list(shown: Iterable[MeasureJudgement], notes: Notes) -> str:
    """The notes with their numbers, as a list; empty where there are none."""
    told = {}
    for one in shown:
        for figure in one.measure.observations:
            number = notes.get((one.address, figure.period.text))
            if number is not None:
                name = f"{measure_label(one.measure)}, {when(figure.period, one.measure)}"
                told[number] = f"**Note {number}** ({inline(name)}): {inline(figure.note)}"
    return bullets(told[number] for number in sorted(told))


def name_cell(shown: KpiJudgement, one: MeasureJudgement | None, here: str) -> str:
    """What a row is about: the KPI as a link, and which of its measures, where it has several."""
    title = link(shown.kpi.full_title, links.between(here, links.kpi_page(shown.kpi.id)))
    if one is None or len(shown.measures) < 2:
        return title
    return f"{title}: {inline(short_label(one.measure))}"


def current_cell(judged: MeasureJudgement, plan: Plan, notes: Notes = NO_NOTES) -> str:
    """The latest figure of each length, newest first, then later periods that have no figure."""
    measure = judged.measure
    if measure.no_figures is not None:
        return inline(no_figures_words(measure.no_figures, plan))
    told = [_noted(one, judged, notes) for one in (*judged.current, *judged.latest.without_value)]
    return inline("; ".join(told) or "no figures yet")


def _noted(figure: Observation, judged: MeasureJudgement, notes: Notes) -> str:
    """The figure with its period, and the number of its note: "4,796 (2022/23) [note 1]"."""
    number = notes.get((judged.address, figure.period.text))
    told = dated(figure, judged.measure)
    return f"{told} [note {number}]" if number is not None else told


def target_cell(judged: MeasureJudgement, plan: Plan | None = None) -> str:
    """The targets in force, the deciding one first; with their sources where a plan is given to name them."""
    measure = judged.measure
    by_target = {verdict.target: verdict for verdict in judged.verdicts}
    shown = by_target or dict.fromkeys(measure.targets)
    told = []
    for target, verdict in shown.items():
        text = target_words(target, measure, verdict)
        source = plan.sources.get(target.source) if plan else None
        told.append(f"{text} ({source.title})" if source else text)
    return inline("; ".join(told) or NOTHING)


def status_and_figure(judgement: Judgement, judged: MeasureJudgement) -> str:
    """The status, and the figure that was judged where there is a newer one, as plain text.

    "Met 🟢; judged on 1,300 (2022/23), 22 months old", "No target now (ended 2022/23)".
    """
    told = status_cell(judged.state, judged.rag, judgement.plan.status.words, queried=judged.queried)
    if judged.ended is not None:
        told += f" now (ended {ended_words(judged)})"
    older = older_words(judged, judgement.day)
    return f"{told}; judged on {older}" if older else told


def figure_and_target_cell(judged: MeasureJudgement, day: date) -> str:
    """The figure that was judged, with its age where there is a newer one, what was wanted, and what is missing, if anything.

    "312 (January 2024); target: at least 464; gap 152 (33% short)".
    """
    verdict, measure = judged.deciding, judged.measure
    if verdict is None or verdict.observation is None:
        return f"No figure; target: {target_cell(judged)}"
    shown = older_words(judged, day) or dated(verdict.observation, measure)
    told = [inline(capitalised(shown)), f"target: {target_cell(judged)}"]
    if verdict.gap is not None:
        share = gap_share_words(verdict)
        gap = gap_words(verdict, measure)
        told.append(f"gap {inline(f'{gap} ({share})' if share else gap)}")
    return "; ".join([*told, HARDLY] if verdict.hardly else told)


def history_cell(judged: MeasureJudgement, plan: Plan, notes: Notes = NO_NOTES) -> str:
    """Earlier figures newest first, then references, then peers for the periods that are current."""
    measure = judged.measure
    told = [_noted(one, judged, notes) for one in judged.history]
    told += [reference_words(one, measure) for one in measure.references]
    told += [
        text
        for one in (judged.current or judged.history)[:1]
        if (text := peers_text(measure, one.period, plan))
    ]
    return inline("; ".join(told) or NOTHING)


def peers_text(measure: Measure, period: Period, plan: Plan) -> str:
    """Other areas' figures for a period: "2022/23: Greater Manchester 7%, Merseyside 7%"; empty where there are none."""
    found = []
    at = identity(period, measure.kind)
    for area, observations in measure.peers.items():
        for one in observations:
            if identity(one.period, measure.kind) == at and one.value is not None:
                name = plan.areas[area].label if area in plan.areas else area
                found.append(f"{name} {value_words(one, measure)}")
    return f"{capitalised(when(period, measure))}: {', '.join(found)}" if found else ""


def trend_cell(judged: MeasureJudgement, notes: Notes = NO_NOTES) -> str:
    """The direction of each current length, with both periods, and which notes there are on the figures compared."""
    compared = [
        figure
        for one in judged.directions
        for figure in (one.later, one.earlier)
        if figure is not None and figure.note
    ]
    found = {notes.get((judged.address, figure.period.text)) for figure in compared}
    numbers = sorted(number for number in found if number is not None)
    told = trend_words(judged)
    if numbers:
        word = "note" if len(numbers) == 1 else "notes"
        told += f"; see {word} {joined(map(str, numbers))}"
    elif compared:
        told += "; see the note on the figure"
    return inline(told)
