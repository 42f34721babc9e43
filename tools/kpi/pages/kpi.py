"""The page of one KPI: what is measured and why, how it stands, and every figure with its marks and notes."""

from collections.abc import Iterator, Sequence

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import Kpi, Observation, identity
from kpi.model.period import period_words
from kpi.model.text import counted, joined
from kpi.pages import links
from kpi.pages.cells import target_cell, trend_cell
from kpi.pages.chart import has_chart
from kpi.pages.legend import day_words, how_to_read
from kpi.pages.markdown import bullets, heading, image, inline, link, page, paragraph, table
from kpi.pages.words import (
    MARK_WORDS,
    NOTHING,
    aim_words,
    capitalised,
    chance_words,
    dated,
    direction_words,
    ended,
    kpi_status,
    measure_label,
    no_figures_words,
    reading,
    references_words,
    status_cell,
    value_words,
)

Ignored = Sequence[tuple[str, str]]
"""(rule, reason) of each ignore comment in the KPI's file."""


def kpi_page(judgement: Judgement, judged: KpiJudgement, ignored: Ignored = ()) -> str:
    """The page as Markdown."""
    kpi = judged.kpi
    here = links.kpi_page(kpi.id)
    blocks = [
        heading(1, kpi.title),
        _way_back(judgement, kpi, here),
        paragraph(kpi.definition),
        f"**Status**: {inline(kpi_status(judged, judgement.plan.status.words))}. {day_words(judgement)}",
        _aim(judged),
        paragraph(kpi.note) if kpi.note else "",
        paragraph(ended(no_figures_words(kpi.no_figures, judgement.plan))) if kpi.no_figures else "",
        *_commentary(judgement, kpi),
        *_overview(judgement, judged),
    ]
    for one in judged.measures:
        blocks += _measure(judgement, judged, one, here)
    blocks += [heading(2, "Sources"), _sources(judgement, judged)]
    blocks += _ignored(ignored)
    source = links.to_repository(here, links.kpi_source(kpi.priority, kpi.id))
    blocks += [
        heading(2, "Change this"),
        f"{link('Change a figure or a word of this KPI', source)}: open the file, then the pencil.",
    ]
    return page(blocks)


def _way_back(judgement: Judgement, kpi: Kpi, here: str) -> str:
    plan = judgement.plan
    front = link(plan.edition.title or plan.title, links.between(here, links.FRONT))
    for priority in plan.priorities:
        if priority.id == kpi.priority:
            return f"{front} › {link(priority.title, links.between(here, links.priority_page(priority.id)))}"
    return front


def _aim(judged: KpiJudgement) -> str:
    """The aim, and how the measures without a target stand to it."""
    told = f"**Aim**: {judged.kpi.aim}."
    if judged.aim is None:
        return told
    if judged.aimed == 1 and judged.kpi.aim != "monitor":
        return f"{told} By the latest figure: {inline(aim_words(judged.aim))}."
    count = f"{judged.intended} of {judged.aimed} as intended"
    return f"{told} Measures with an aim and no target, by the latest figures: {inline(judged.aim.word)} ({count})."


def _commentary(judgement: Judgement, kpi: Kpi) -> Iterator[str]:
    day = judgement.day.isoformat()
    known = [(written, text) for written, text in kpi.commentary if written <= day]
    if known:
        yield heading(2, "Commentary")
        yield bullets(f"**{written}**: {inline(text)}" for written, text in reversed(known))


def _overview(judgement: Judgement, judged: KpiJudgement) -> Iterator[str]:
    """The measures side by side, where there are several."""
    if not judged.measures:
        return
    yield heading(2, "Figures")
    yield how_to_read(one.measure for one in judged.measures)
    if len(judged.measures) == 1:
        return
    words = judgement.plan.status.words
    rows = [
        (
            inline(measure_label(one.measure)),
            inline(status_cell(one.state, one.rag, words, queried=one.queried)),
            inline("; ".join(dated(figure, one.measure) for figure in one.current) or NOTHING),
            target_cell(one),
            trend_cell(one),
        )
        for one in judged.measures
    ]
    yield table(("Measure", "Status", "Current / latest", "Target", "Trend"), rows)


def _measure(judgement: Judgement, judged: KpiJudgement, one: MeasureJudgement, here: str) -> Iterator[str]:
    """One measure: its reading, its figures, its peers."""
    measure, plan = one.measure, judgement.plan
    yield heading(3, measure_label(measure))
    if one.kpi != judged.kpi.id:
        home = judgement.by_id()[one.kpi].kpi
        yield f"From {link(home.title, links.between(here, links.kpi_page(home.id)))}, where its figures are kept."
    facts = [f"**{name}**: {text}" for name, text in _facts(judgement, one) if text]
    yield bullets(facts)
    if has_chart(one):
        yield image(reading(one, plan), links.between(here, links.chart(one.address)))
    if measure.note:
        yield paragraph(measure.note)
    if measure.observations:
        rows = [_figure_row(figure, one) for figure in reversed(measure.observations)]
        width = 3 if any(row[2] != NOTHING for row in rows) else 2
        yield table(("Period", "Figure", "Notes")[:width], [row[:width] for row in rows], right=(1,))
    if measure.peers:
        yield "Beside other areas, by period:"
        yield _peers(judgement, one)
    if measure.no_figures is not None:
        yield paragraph(ended(no_figures_words(measure.no_figures, plan)))


def _facts(judgement: Judgement, one: MeasureJudgement) -> Iterator[tuple[str, str]]:
    measure, plan = one.measure, judgement.plan
    status = status_cell(one.state, one.rag, plan.status.words, queried=one.queried)
    reason = one.deciding.reason if one.deciding and one.deciding.reason else ""
    yield "Status", inline(f"{status} ({reason})" if reason and reason not in status else status)
    if one.verdicts or measure.targets:
        yield "Target", target_cell(one, plan)
    yield "Better", inline(_better(one))
    if one.directions:
        yield "Trend", trend_cell(one)
        yield "Chance", inline(chance_words(one))
    if one.aim is not None:
        yield "Aim without a target", inline(aim_words(one.aim))
    yield "To compare", inline(references_words(one))
    if one.baseline is not None:
        yield "Against the baseline", inline(direction_words(one.baseline, measure))
    if measure.area in plan.areas:
        yield "Area", inline(plan.areas[measure.area].name)
    if measure.derived is not None:
        yield "Computed", inline(_derived(judgement, one))
    owner = measure.owner
    yield "Owner", inline(plan.owners.get(owner, owner))
    if one.latest.without_value:
        yield (
            "No figure yet for",
            inline(joined(period_words(late.period) for late in one.latest.without_value)),
        )
    for found in one.triggers:
        told = f"{found.state}, because {found.reason}" if found.reason else found.state
        yield f"Act on a{'' if found.trigger.when != 'increase' else 'n'} {found.trigger.when}", inline(told)


def _better(one: MeasureJudgement) -> str:
    better = one.measure.better
    if better.way == "near":
        from kpi.model.quantity import figure

        return (
            f"nearer to {figure(better.middle, one.measure.unit)}" if better.middle is not None else "nearer"
        )
    return "neither way" if better.way == "neither" else better.way


def _derived(judgement: Judgement, one: MeasureJudgement) -> str:
    derived = one.measure.derived
    assert derived is not None
    home = judgement.by_id()[one.kpi].kpi
    named = {measure.id: measure_label(measure) for measure in home.measures}
    whole = " + ".join(named.get(name, name) for name in derived.of)
    return f"{named.get(derived.share, derived.share)} divided by {whole}, in per cent"


def _figure_row(figure: Observation, one: MeasureJudgement) -> tuple[str, str, str]:
    notes = [capitalised(MARK_WORDS[mark]) for mark in figure.marks if mark in MARK_WORDS]
    if one.measure.derived is None and figure.numerator is not None and figure.denominator is not None:
        notes.append(f"{figure.numerator:,f} of {figure.denominator:,f}")
    told = ". ".join([*notes, figure.note] if figure.note else notes)
    return (
        inline(period_words(figure.period)),
        inline(value_words(figure, one.measure)),
        inline(told) or NOTHING,
    )


def _peers(judgement: Judgement, one: MeasureJudgement) -> str:
    """Own and other areas' figures side by side, a row a period, newest first."""
    plan, measure = judgement.plan, one.measure
    own = plan.areas.get(measure.area or plan.area)
    names = [own.name if own else "Own"]
    names += [plan.areas[area].name if area in plan.areas else area for area in measure.peers]
    series = [
        {identity(figure.period, measure.kind): figure for figure in found}
        for found in (measure.observations, *measure.peers.values())
    ]
    periods = {at: figure.period for found in reversed(series) for at, figure in found.items()}
    rows = []
    for at, period in sorted(periods.items(), key=lambda found: found[1].order, reverse=True):
        cells = [inline(value_words(found[at], measure)) if at in found else NOTHING for found in series]
        rows.append((inline(period_words(period)), *cells))
    return table(["Period", *map(inline, names)], rows, right=range(1, len(names) + 1))


def _sources(judgement: Judgement, judged: KpiJudgement) -> str:
    plan = judgement.plan
    names = list(judged.kpi.sources)
    for one in judged.measures:
        names += [*one.measure.sources, *(target.source for target in one.measure.targets)]
    lines = []
    for name in dict.fromkeys(filter(None, names)):
        source = plan.sources.get(name)
        if source is None:
            continue
        title = ended(source.title) if source.note else source.title
        told = link(title, source.url) if source.url.startswith("https://") else paragraph(title)
        lines.append(f"{told} {inline(source.note)}" if source.note else told)
    return bullets(lines) if lines else "The paper names no source."


def _ignored(ignored: Ignored) -> Iterator[str]:
    if ignored:
        yield heading(2, "Accepted as they are")
        verb = "is" if len(ignored) == 1 else "are"
        yield f"{counted(len(ignored), 'finding')} in this file {verb} answered with a reason:"
        yield bullets(f"{inline(rule)}: {inline(reason)}" for rule, reason in ignored)
