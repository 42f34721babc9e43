"""The page of one KPI: how it stands, its picture, its figures, what is measured, what to take care of, and the rest folded."""

from collections.abc import Iterable, Iterator, Sequence

from kpi.judge.direction import NEITHER
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import DIFFERENCE, Kpi, Observation
from kpi.model.period import span_words
from kpi.model.quantity import PERCENT, figure
from kpi.model.text import counted, joined
from kpi.pages import links
from kpi.pages.cells import measure_name
from kpi.pages.charts.chart import kpi_chart_words
from kpi.pages.figures import every_figure, figures_table
from kpi.pages.grid import crossed, folded, grid
from kpi.pages.legend import letters
from kpi.pages.markdown import bullets, folded_part, heading, image, inline, link, page, paragraph
from kpi.pages.peers import peers_part
from kpi.pages.sources import SOURCES, source_words, usual_source
from kpi.pages.standing import in_full, in_short
from kpi.pages.words import (
    answer_words,
    asked_words,
    capitalised,
    chance_words,
    direction_words,
    ended,
    margin_words,
    measure_label,
    no_figures_words,
    references_words,
    when,
)

Ignored = Sequence[tuple[str, str]]
"""(rule, reason) of each ignore comment in the KPI's file."""


def kpi_page(judgement: Judgement, judged: KpiJudgement, ignored: Ignored = ()) -> str:
    """The page as Markdown."""
    kpi = judged.kpi
    here = links.kpi_page(kpi.id)
    notes = list(_figure_notes(judged))
    return page(
        [
            heading(1, kpi.full_title),
            _way_back(judgement, kpi, here),
            f"> {paragraph(kpi.statement)}" if kpi.statement else "",
            opening(judgement, judged),
            letters(one.measure for one in judged.measures),
            picture(judgement, judged, here),
            *_figures(judgement, judged),
            paragraph(kpi.definition),
            _commentary(kpi),
            _facts(judgement, judged, here),
            _take_care(judged, notes),
            *_folded(judgement, judged, ignored, [each for _, each in notes]),
            _last_line(judgement, judged, here),
        ]
    )


def _way_back(judgement: Judgement, kpi: Kpi, here: str) -> str:
    """From the front page to the priority that the KPI is under."""
    plan = judgement.plan
    told = [link(plan.edition.title or plan.title, links.between(here, links.FRONT))]
    told += [
        link(priority.title, links.between(here, links.priority_page(priority.id)))
        for priority in plan.priorities
        if priority.id == kpi.priority
    ]
    return " › ".join(told)


def opening(judgement: Judgement, judged: KpiJudgement) -> str:
    """How a KPI stands, in words: its one measure in full, or several in short; or why it has no figures."""
    if judged.kpi.no_figures is not None:
        return paragraph(ended(no_figures_words(judged.kpi.no_figures, judgement.plan)))
    if len(judged.measures) == 1:
        return in_full(judgement, judged.measures[0])
    if folded(judged):
        return ""  # the grid says it
    return in_short(judgement, [(measure_name(judged, one), one) for one in judged.measures])


def picture(judgement: Judgement, judged: KpiJudgement, here: str) -> str:
    """The KPI's picture, with what it shows in words; empty where there is nothing to draw."""
    told = kpi_chart_words(judged, judgement.plan)
    return image(told, links.between(here, links.chart(judged.kpi.id))) if told else ""


def _figures(judgement: Judgement, judged: KpiJudgement) -> Iterator[str]:
    """The table of the measures; crossed ones stand in a grid instead, where that says everything of them."""
    inside = crossed(judged)
    yield grid(judged, judgement.plan.status.words)
    others = [one for one in judged.measures if one not in inside.values()]
    yield figures_table(judgement, judged, others)


def _commentary(kpi: Kpi) -> str:
    """What has been written, newest first, after the edition too."""
    return bullets(f"**{written}**: {inline(text)}" for written, text in reversed(kpi.commentary))


def _facts(judgement: Judgement, judged: KpiJudgement, here: str) -> str:
    """Further facts, a line each, with the names of the measures if a fact isn't true of all."""
    shared: dict[tuple[str, str], list[str]] = {}
    told = []
    for one in judged.measures:
        if one.kpi != judged.kpi.id:
            home = judgement.by_id()[one.kpi].kpi
            way = link(home.full_title, links.between(here, links.kpi_page(home.id)))
            told.append(f"{paragraph(measure_name(judged, one))}: from {way}, where its figures are kept.")
            continue
        for known in _facts_of(judgement, judged, one):
            shared.setdefault(known, []).append(measure_name(judged, one))
    own = sum(one.kpi == judged.kpi.id for one in judged.measures)
    for (fact, text), names in shared.items():
        of = f", {joined(names)}" if len(names) < own else ""
        told.append(f"**{inline(fact + of)}**: {inline(ended(text))}")
    return bullets(told)


def _facts_of(judgement: Judgement, judged: KpiJudgement, one: MeasureJudgement) -> Iterator[tuple[str, str]]:
    """What a measure's figures are set beside, when to act, and how they came about."""
    measure, plan = one.measure, judgement.plan
    for found in one.triggers:
        yield "Act", f"{asked_words(found.trigger, measure)}. {capitalised(answer_words(found))}"
    if measure.references:
        yield "To compare", references_words(one)
    reference = one.deciding.reference if one.deciding else None
    if one.baseline is not None and (reference is None or reference != one.baseline.earlier):
        yield "Against the baseline", direction_words(one.baseline, measure)
    if one.freshness is not None:
        late = one.freshness.days_late
        overdue = f", overdue by {counted(late, 'day')}" if late else ""
        yield "Next figure", f"due on {span_words(one.freshness.due, one.freshness.due)}{overdue}"
    if measure.area in plan.areas and plan.areas[measure.area].name != measure.title:
        yield "Area", plan.areas[measure.area].name
    if measure.since is not None:
        yield "Counted from", span_words(measure.since.start, measure.since.start)
    if measure.margin is not None:
        yield (
            "Margin of error",
            f"{margin_words(measure.margin, measure)}, where a figure has none of its own",
        )
    if measure.derived is not None:
        yield "Computed", _derived(judgement, one)
    if measure.owner and measure.owner != judged.kpi.owner:
        yield "Owner", plan.owners.get(measure.owner, measure.owner)


def _derived(judgement: Judgement, one: MeasureJudgement) -> str:
    """How a measure is computed from others."""
    derived = one.measure.derived
    assert derived is not None
    named = {measure.id: measure_label(measure) for measure in judgement.by_id()[one.kpi].kpi.measures}
    first, second = (
        " + ".join(named.get(name, name) for name in names) for names in (derived.first, derived.second)
    )
    if derived.how == DIFFERENCE:
        return f"{first} less {second}"
    told = f"{first} divided by {second}"
    return f"{told}, in per cent" if one.measure.unit.kind == PERCENT else told


_Noted = tuple[MeasureJudgement, Observation]


def _figure_notes(judged: KpiJudgement) -> Iterator[_Noted]:
    """The notes on the figures that the newest changes are between; those on older ones stand beside them, folded."""
    for one in judged.measures:
        newest = one.latest.observation
        compared = {
            each for travel in one.directions for each in (travel.later, travel.earlier) if each is not None
        } | ({newest} if newest is not None else set())
        yield from (
            (one, each) for each in reversed(one.measure.observations) if each.note and each in compared
        )


def _take_care(judged: KpiJudgement, notes: Iterable[_Noted]) -> str:
    """What to know before using the figures: the notes on the KPI, its measures and their newest figures."""
    told = [paragraph(judged.kpi.note)] if judged.kpi.note else []
    told += [_cared(judged, one, "", one.measure.note) for one in judged.measures if one.measure.note]
    told += [_cared(judged, one, when(each.period, one.measure), each.note) for one, each in notes]
    told = list(dict.fromkeys(told))
    return (
        f"**Take care**: {told[0]}"
        if len(told) == 1
        else f"**Take care**:\n\n{bullets(told)}"
        if told
        else ""
    )


def _cared(judged: KpiJudgement, one: MeasureJudgement, period: str, note: str) -> str:
    """A note with the measure, where there are several, and the period that it is about."""
    about = ", ".join(filter(None, (measure_name(judged, one) if len(judged.measures) > 1 else "", period)))
    return paragraph(f"{capitalised(about)}: {note}" if about else note)


def _folded(
    judgement: Judgement, judged: KpiJudgement, ignored: Ignored, notes: Sequence[Observation]
) -> Iterator[str]:
    """What stays closed until somebody opens it: every figure, variation and tests, other areas, and answered findings."""
    own = [one for one in judged.measures if one.kpi == judged.kpi.id]
    tests = [(one, inline(ended(text))) for one in own if (text := chance_words(one))]
    peers = [(one, peers_part(judgement, one)) for one in own if one.measure.peers]
    yield _part("All figures", judged, list(every_figure(judgement, judged, notes)))
    yield _part("Variation and tests", judged, tests)
    yield _part("Other areas", judged, peers)
    if ignored:
        verb = "is" if len(ignored) == 1 else "are"
        told = f"{counted(len(ignored), 'finding')} in this file {verb} answered with a reason:"
        reasons = bullets(f"{inline(rule)}: {inline(reason)}" for rule, reason in ignored)
        yield folded_part("Accepted as they are", f"{told}\n\n{reasons}")


def _part(title: str, judged: KpiJudgement, told: Sequence[tuple[MeasureJudgement, str]]) -> str:
    """A folded part about some measures, each under its name if there are several; empty without any."""
    if not told:
        return ""
    several = len(judged.measures) > 1
    blocks = [
        f"**{inline(measure_name(judged, one))}**:\n\n{text}" if several else text for one, text in told
    ]
    return folded_part(title, "\n\n".join(blocks))


def _last_line(judgement: Judgement, judged: KpiJudgement, here: str) -> str:
    """Which way is better, the sources beside the usual one, the owner, and the way to change a figure."""
    plan, kpi = judgement.plan, judged.kpi
    owner = plan.owners.get(kpi.owner, kpi.owner)
    names = [*kpi.sources, *(name for one in judged.measures for name in one.measure.sources)]
    usual = usual_source(plan, (each.kpi for each in judgement.kpis))
    sources = source_words(plan, (name for name in names if name != usual))
    asked = source_words(plan, (each.source for one in judged.measures for each in one.measure.targets))
    way = link(SOURCES, links.between(here, links.ABOUT, "sources")) if names else ""
    change = links.to_repository(here, links.kpi_source(kpi.priority, kpi.id))
    told = [
        _better(judged),
        f"{way}: {sources}." if sources else ended(way) if way else "",
        f"Targets: {ended(asked)}" if asked else "",
        inline(ended(f"Owner: {owner}")) if owner else "",
        f"{link('Change a figure', change)}.",
    ]
    return " ".join(filter(None, told))


def _better(judged: KpiJudgement) -> str:
    """Which way is better, where that is one way for all measures: "Lower is better."."""
    ways: dict[str, list[str]] = {}
    for one in judged.measures:
        better = one.measure.better
        middle = figure(better.middle, one.measure.unit) if better.middle is not None else ""
        told = {
            "higher": "Higher is better",
            "lower": "Lower is better",
            NEITHER: "Neither way is better",
        }.get(better.way, f"Nearer to {middle or 'the middle'} is better")
        ways.setdefault(told, []).append(measure_name(judged, one))
    if len(ways) == 1:
        return inline(ended(next(iter(ways))))
    return inline(" ".join(ended(f"{way}: {joined(names)}") for way, names in ways.items()))
