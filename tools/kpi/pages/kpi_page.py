"""The page of a priority, with a row a measure, and the page of one KPI."""

from collections.abc import Iterator, Sequence

from kpi.judge.direction import NEITHER
from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.state import IN_WORDS
from kpi.model.kpi import DIFFERENCE
from kpi.model.period import span_words
from kpi.model.plan import Priority
from kpi.model.quantity import PERCENT, change, figure
from kpi.model.text import counted, joined
from kpi.pages import figures_table, links, standing
from kpi.pages.about import SOURCES, letters, source_words, usual_source
from kpi.pages.charts.chart import kpi_chart_words
from kpi.pages.charts.layout import with_sparkline
from kpi.pages.figure_words import capitalised, ended, measure_label, measure_title, when
from kpi.pages.markdown import bullets, folded_part, heading, image, inline, link, page, paragraph, table
from kpi.pages.target_words import no_figures_words, references_words
from kpi.pages.trend_words import chance_words, direction_words, trigger_result_words, trigger_words


def priority_part(judgement: Judgement, priority: Priority, here: str) -> Iterator[str]:
    """How its measures stand, the table, and the notes; for the page and for the paper."""
    shown = judgement.of(priority.kpis)
    once = {judged.address: standing.ShownMeasure(kpi, judged) for kpi in shown for judged in kpi.measures}
    named = [(standing.list_name(each), each.measure) for each in once.values()]
    yield standing.in_short(judgement, named, most=3, only_open=True)
    yield letters(judged.measure for kpi in shown for judged in kpi.measures)
    in_rows = [judged for kpi in shown if not figures_table.grid_lines(kpi) for judged in kpi.measures]
    figures = standing.FigureColumns(in_rows)
    rows: list[tuple[str, ...]] = []
    for objective in priority.objectives:
        rows += [(f"**{inline(objective.title)}**", "", "", "")] if objective.title else []
        for kpi in judgement.of(objective.kpis):
            rows += _rows(judgement, kpi, figures, here)
    yield table(("Measure", *figures.headers, "Meaning"), rows, right=(1, 2)) if rows else ""
    yield figures.footnotes()
    yield paragraph(priority.note)
    for title, _, note in priority.objectives:
        yield f"**{inline(title)}**: {inline(note)}" if title and note else paragraph(note)


def _rows(
    judgement: Judgement, kpi: KpiJudgement, figures: standing.FigureColumns, here: str
) -> Iterator[tuple[str, ...]]:
    """The KPI as a bold row, which is its measure's where it has one; below it a row a measure."""
    title = f"**{link(kpi.kpi.full_title, links.between(here, links.kpi_page(kpi.kpi.id)))}**"
    if kpi.kpi.no_figures is not None or not kpi.measures:
        reason = kpi.kpi.no_figures and kpi.kpi.no_figures._replace(text="")
        yield title, "", "", inline(no_figures_words(reason, judgement.plan) if reason else "No measures")
        return
    folds = figures_table.grid_lines(kpi)
    if folds or len(kpi.measures) > 1:
        is_counted = kpi.targeted > 1 and kpi.status != IN_WORDS  # what no figure decides is not counted
        yield title, "", "", f"{kpi.met} of {kpi.targeted} met" if is_counted else ""
        for label, group in folds.items():
            yield inline(label), "", "", inline(figures_table.side_by_side(kpi, group))
    for judged in () if folds else kpi.measures:
        name = title if len(kpi.measures) == 1 else inline(measure_title(kpi.kpi, judged.measure))
        target = standing.target_text(judged, short=True)
        name += f" (target: {inline(target)})" if target else ""
        words = inline(standing.meaning(judgement, judged))
        yield name, *figures.cells(judged), with_sparkline(words, judged, here)


Ignored = Sequence[tuple[str, str]]  # (rule, reason) of each ignore comment in the KPI's file


def kpi_page(judgement: Judgement, judged: KpiJudgement, ignored: Ignored = ()) -> str:
    """The page as Markdown."""
    kpi, here = judged.kpi, links.kpi_page(judged.kpi.id)
    priorities = (priority for priority in judgement.plan.priorities if priority.id == kpi.priority)
    ways = (link(each.title, links.between(here, links.priority_page(each.id))) for each in priorities)
    blocks = [
        heading(1, kpi.full_title),
        " › ".join([standing.front_link(judgement.plan, here), *ways]),
        f"> {paragraph(kpi.statement)}" if kpi.statement else "",
        opening(judgement, judged),
        letters(each.measure for each in judged.measures),
        picture(judgement, judged, here),
        figures_table.grid(judged, judgement.plan.status.words),
        figures_table.figures_table(judgement, judged),
        paragraph(kpi.definition),
        bullets(f"**{written}**: {inline(text)}" for written, text in reversed(kpi.commentary)),
        _facts(judgement, judged, here),
        _take_care(judged),
        *_folded(judgement, judged, ignored),
        _last_line(judgement, judged, here),
    ]
    return page(blocks)


def opening(judgement: Judgement, kpi: KpiJudgement) -> str:
    """How a KPI stands, in words: its one measure in full, or several in short; or why it has no figures."""
    if kpi.kpi.no_figures is not None:
        return paragraph(ended(no_figures_words(kpi.kpi.no_figures, judgement.plan)))
    if len(kpi.measures) == 1:
        return standing.in_full(judgement, kpi.measures[0])
    if figures_table.grid_lines(kpi):
        return ""  # the grid says it
    named = [(measure_title(kpi.kpi, judged.measure), judged) for judged in kpi.measures]
    return standing.in_short(judgement, named)


def picture(judgement: Judgement, kpi: KpiJudgement, here: str) -> str:
    """The KPI's picture, with what it shows in words; empty where there is nothing to draw."""
    return image(kpi_chart_words(kpi, judgement.plan), links.between(here, links.chart(kpi.kpi.id)))


def _facts(judgement: Judgement, kpi: KpiJudgement, here: str) -> str:
    """Further facts, a line each, with the names of the measures if a fact isn't true of all."""
    shared: dict[tuple[str, str], list[str]] = {}
    parts = []
    for judged in kpi.measures:
        name = measure_title(kpi.kpi, judged.measure)
        if judged.kpi != kpi.kpi.id:
            home = judgement.by_id()[judged.kpi].kpi
            way = link(home.full_title, links.between(here, links.kpi_page(home.id)))
            parts.append(f"{paragraph(name)}: from {way}, where its figures are kept.")
        else:
            for known in _facts_of(judgement, kpi, judged):
                shared.setdefault(known, []).append(name)
    own = sum(judged.kpi == kpi.kpi.id for judged in kpi.measures)
    for (fact, text), names in shared.items():
        of = f", {joined(names)}" if len(names) < own else ""
        parts.append(f"**{inline(fact + of)}**: {inline(ended(text))}")
    return bullets(parts)


def _facts_of(judgement: Judgement, kpi: KpiJudgement, judged: MeasureJudgement) -> Iterator[tuple[str, str]]:
    measure, plan = judged.measure, judgement.plan
    for result in judged.triggers:
        yield "Act", f"{trigger_words(result.trigger, measure)}. {capitalised(trigger_result_words(result))}"
    if measure.references:
        yield "To compare", references_words(judged)
    reference = judged.deciding.reference if judged.deciding else None
    if judged.baseline is not None and (reference is None or reference != judged.baseline.earlier):
        yield "Against the baseline", direction_words(judged.baseline, measure)
    if judged.freshness is not None:
        late = judged.freshness.days_late
        overdue = f", overdue by {counted(late, 'day')}" if late else ""
        yield "Next figure", f"due on {span_words(judged.freshness.due, judged.freshness.due)}{overdue}"
    if measure.area in plan.areas and plan.areas[measure.area].name != measure.title:
        yield "Area", plan.areas[measure.area].name
    if measure.since is not None:
        yield "Counted from", span_words(measure.since.start, measure.since.start)
    if measure.margin is not None:
        margin = change(measure.margin, measure.unit)
        yield "Margin of error", f"give or take {margin}, where a figure has none of its own"
    if measure.derived is not None:
        names = {each.id: measure_label(each) for each in judgement.by_id()[judged.kpi].kpi.measures}
        inputs = (measure.derived.first, measure.derived.second)
        first, second = (" + ".join(names.get(name, name) for name in each) for each in inputs)
        way = "less" if measure.derived.how == DIFFERENCE else "divided by"
        in_percent = ", in per cent" if way == "divided by" and measure.unit.kind == PERCENT else ""
        yield "Computed", f"{first} {way} {second}{in_percent}"
    if measure.owner and measure.owner != kpi.kpi.owner:
        yield "Owner", plan.owners.get(measure.owner, measure.owner)


def _take_care(kpi: KpiJudgement) -> str:
    """What to know before using the figures: the notes on the KPI, its measures and their newest figures."""
    every = [(measure_title(kpi.kpi, each.measure) * (len(kpi.measures) > 1), each) for each in kpi.measures]
    noted = [("", "", kpi.kpi.note), *((name, "", judged.measure.note) for name, judged in every)]
    for name, judged in every:
        figures = figures_table.noted_figures(judged)
        noted += ((name, when(figure.period, judged.measure), figure.note) for figure in figures)
    heads = ((capitalised(", ".join(filter(None, about))), note) for *about, note in noted if note)
    parts = list(dict.fromkeys(paragraph(": ".join(filter(None, pair))) for pair in heads))
    words = f"\n\n{bullets(parts)}" if len(parts) > 1 else f" {''.join(parts)}"
    return f"**Take care**:{words}" if parts else ""


def _folded(judgement: Judgement, kpi: KpiJudgement, ignored: Ignored) -> Iterator[str]:
    own = [judged for judged in kpi.measures if judged.kpi == kpi.kpi.id]
    tests = [(judged, inline(ended(text))) for judged in own if (text := chance_words(judged))]
    peers = [(judged, figures_table.peers_part(judgement, judged)) for judged in own if judged.measure.peers]
    every = list(figures_table.every_figure(judgement, kpi))
    name, label = measure_title, "**{}**:\n\n" if len(kpi.measures) > 1 else ""
    for title, described in (("All figures", every), ("Variation and tests", tests), ("Other areas", peers)):
        blocks = [label.format(inline(name(kpi.kpi, judged.measure))) + text for judged, text in described]
        if blocks:
            yield folded_part(title, "\n\n".join(blocks))
    if ignored:
        verb = "is" if len(ignored) == 1 else "are"
        words = f"{counted(len(ignored), 'finding')} in this file {verb} answered with a reason:"
        reasons = bullets(f"{inline(rule)}: {inline(reason)}" for rule, reason in ignored)
        yield folded_part("Accepted as they are", f"{words}\n\n{reasons}")


_BETTER = {"higher": "Higher is better", "lower": "Lower is better", NEITHER: "Neither way is better"}


def _last_line(judgement: Judgement, judged: KpiJudgement, here: str) -> str:
    plan, kpi = judgement.plan, judged.kpi
    measures = [each.measure for each in judged.measures]
    names = [*kpi.sources, *(name for measure in measures for name in measure.sources)]
    usual = usual_source(plan, (each.kpi for each in judgement.kpis))
    sources = source_words(plan, (name for name in names if name != usual))
    of_targets = source_words(plan, (target.source for measure in measures for target in measure.targets))
    way = link(SOURCES, links.between(here, links.ABOUT, "sources"))
    edit = links.between(here, f"{links.TO_ROOT}/{links.kpi_source(kpi.priority, kpi.id)}")
    ways: dict[str, list[str]] = {}
    for each in judged.measures:
        better, unit = each.measure.better, each.measure.unit
        middle = figure(better.middle, unit) if better.middle is not None else "the middle"
        words = _BETTER.get(better.way, f"Nearer to {middle} is better")
        ways.setdefault(words, []).append(measure_title(judged.kpi, each.measure))
    said = (words if len(ways) == 1 else f"{words}: {joined(named)}" for words, named in ways.items())
    parts = [
        inline(" ".join(map(ended, said))),
        ended(f"{way}: {sources}" if sources else way) if names else "",
        f"Targets: {ended(of_targets)}" if of_targets else "",
        inline(ended(f"Owner: {plan.owners.get(kpi.owner, kpi.owner)}")) if kpi.owner else "",
        f"{link('Change a figure', edit)}.",
    ]
    return " ".join(filter(None, parts))
